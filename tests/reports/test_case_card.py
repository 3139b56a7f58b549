"""What the scorecard and the page say of cases: of a small team, simulated, and of figures made by hand."""

import re
from typing import Any

import numpy as np
import pandas as pd
import pytest

from reports.bars import Bar
from reports.bars import svg as bars_svg
from reports.blocks import verdicts
from reports.case_charts import case_pictures
from reports.case_sums import top_causes, work_shares
from reports.figures import Figure, Figures, figures_of
from reports.page import page
from reports.promises import limit_text, within_text
from reports.sample_sums import SampleSums, mean, ratio
from reports.scorecard import Scorecard, scorecard
from reports.targets import Attainment, Verdict, attainments, together
from reports.wording import NO_INTERVAL
from scenarios import from_dict
from scenarios.limits import read_limit
from scenarios.targets import Goal
from sim.experiment import Result, run_scenario
from tests.reports.test_page import read
from tests.sim.case_team import DOWN, TEAM

NASTY = "<b>&\"'{{ 7 * 7 }}"


def simulated(**changes: Any) -> Result:
    groups = {name: {**group, "pay": "$30/h"} for name, group in TEAM["groups"].items()}
    more = {"incidents": {"down": DOWN}, "groups": groups, "targets": ["CSAT >= 85%", "FCR >= 99%"]}
    return run_scenario(from_dict({**TEAM, **more, **changes}), 4, 1)


@pytest.fixture(scope="module")
def found() -> Result:
    return simulated()


@pytest.fixture(scope="module")
def card(found: Result) -> Scorecard:
    return scorecard(found)


def cells(card: Scorecard, title: str) -> dict[str, list[str]]:
    """The rows of a block as text; of parts with the same label, the first."""
    block = next(each for each in card.blocks if each.title == title)
    rows: dict[str, list[str]] = {}
    for row in block.rows:
        rows.setdefault(row.label, [cell.words.value for cell in row.cells])
    return rows


def number(text: str) -> float:
    """The number that a cell begins with."""
    return float(re.sub(r"[^\d.]", "", text.split(" ", maxsplit=1)[0]))


def test_tables_stand_before_those_of_queues(card: Scorecard) -> None:
    assert [block.title for block in card.blocks] == [
        "Targets", "Promises by severity", "Stages", "Cases by channel", "Cases by severity", "Cases by tier",
        "Self-service", "Top root causes", "Agents' time by kind of work", "Incidents", "Queues", "Groups",
    ]  # fmt: skip


def test_promises_are_as_written_beside_what_was_kept(found: Result, card: Scorecard) -> None:
    block = next(each for each in card.blocks if each.title == "Promises by severity")
    assert block.columns == ("S1", "S3", "all")
    promised = [row for row in block.rows if row.label == "promised"]
    assert [[cell.words.value for cell in row.cells] for row in promised] == [
        ["90 % in 15 min", "90 % on the same day", ""],
        ["90 % in 4 h", "90 % in 2 business days", ""],
        ["every 1 h", "–", ""],
    ]
    figures = figures_of(found.measures)
    solved = next(row for row in block.rows if row.label == "Solved when due")
    kept = figures.get("resolution_attainment", "severity", "S3").mean
    assert solved.cells[1].words.value == f"{kept * 100:.1f} %"
    assert solved.cells[1].words.margin.startswith("± ")
    assert solved.cells[1].verdict is not None
    assert solved.cells[2].verdict is None


def test_a_promise_of_which_nothing_is_known_is_a_row_without_figures() -> None:
    """S1 owes updates, but nobody comes with S1: what was promised does not stand below another promise."""
    causes = {**TEAM["causes"], "outage": {}}
    calls = {**TEAM["streams"]["calls"], "severities": {"S1": "0.001%", "S3": "99.999%"}}
    changed = {**TEAM, "causes": causes, "streams": {**TEAM["streams"], "calls": calls}}
    card = scorecard(run_scenario(from_dict(changed), 4, 1))
    block = next(each for each in card.blocks if each.title == "Promises by severity")
    labels = [row.label for row in block.rows]
    promised = [n for n, label in enumerate(labels) if label == "promised"]
    assert [labels[n - 1] for n in promised] == [
        "First response when due", "Solved when due", "Updates when due",
    ]  # fmt: skip
    assert [cell.words.value for cell in block.rows[promised[-1] - 1].cells] == ["–", "–", ""]


def test_quantiles_say_whose_they_are(card: Scorecard) -> None:
    block = next(each for each in card.blocks if each.title == "Promises by severity")
    labels = [row.label for row in block.rows]
    for words in ("half of the", "90 % of the"):
        assert [f"{words} {who} within" in labels for who in ("answered", "solved")] == [True, True]
    assert not any(label.startswith(("half within", "90 % within")) for label in labels)


def test_the_age_is_that_of_the_backlog_and_not_of_who_is_left(found: Result, card: Scorecard) -> None:
    rows = cells(card, "Stages")
    assert rows["Resolve: open when the run ended"][2] == ""
    figures = figures_of(found.measures)
    count, _, age, _ = rows["backlog, averaged over the run"]
    assert number(count) == pytest.approx(figures.get("backlog", "all", "all").mean, abs=0.05)
    assert age.startswith("mean age ")


def test_what_a_single_replication_knows_has_no_interval() -> None:
    """An incident every month, on five days: of four replications few have one."""
    rare = {"incidents": {"down": {**DOWN, "starts": {"every": "30 days"}}}}
    counts = list[int]()
    for seed in range(1, 40):
        result = run_scenario(from_dict({**TEAM, **rare}), 4, seed)
        started = SampleSums(result.samples).above("incidents", "incident", "down")
        counts.append(int((started > 0).sum()))
        if counts[-1] == 1:
            break
    assert counts[-1] == 1
    figures = figures_of(result.measures)
    assert figures.get("incidents", "incident", "down").has_interval
    length = figures.get("incident_length", "incident", "down")
    assert length.exists
    assert not length.has_interval
    block = next(each for each in scorecard(result).blocks if each.title == "Incidents")
    row = next(row for row in block.rows if row.label == "From start to end, mean")
    assert row.cells[0].words.margin == NO_INTERVAL
    assert "± 0" not in str(row.cells[0].words)


_ENDS = (
    "Handled", "Abandoned", "Called back, not reached", "Not needed any more", "Came while closed",
    "Refused, line full", "Passed on", "Open at the end",
)  # fmt: skip


def test_what_came_to_a_queue_is_what_became_of_it() -> None:
    """Call-backs in vain, customers that leave unseen, and work that nobody needs any more are all there."""
    queues = {
        **TEAM["queues"],
        "phone": {
            **TEAM["queues"]["phone"],
            "call_back": {"over": "1 min", "accepts": "80%", "answers": "50%"},
            "silent": {"share": "50%", "handle_time": {"deterministic": "1 min"}},
            "overflow": {"to": "tech", "after": "6 min"},
        },
    }
    groups = {**TEAM["groups"], "a": {**TEAM["groups"]["a"], "agents": 2}}
    result = simulated(queues=queues, groups=groups)
    block = next(each for each in scorecard(result).blocks if each.title == "Queues")
    rows = {row.label: row.cells for row in block.rows}
    for label in (*_ENDS[:5], "asked to be called back", "left unseen", "Passed on"):
        assert any(number(cell.words.value or "0") for cell in rows[label]), label
    for n, name in enumerate(block.columns):
        ends = sum(number(rows[label][n].words.value or "0") for label in _ENDS if label in rows)
        came = number(rows["Offered"][n].words.value)
        assert ends == pytest.approx(came, abs=0.05 * len(_ENDS) + 0.001 * came), name
    counts = result.counts[result.counts["scope"].isin(["all", "queue", "stream"])]
    ways = ["answered", "abandoned", "unreached", "struck_off", "closed", "blocked", "overflowed", "open"]
    assert (counts[ways].sum(axis=1) == counts["offered"] + counts["backlog"]).all()
    assert (counts["silent"] <= counts["abandoned"]).all()
    assert (counts["unreached"] <= counts["called_back"]).all()
    page_text = page(result)
    for term in ("Called back, not reached", "Left unseen", "Not needed any more"):
        assert f"<dt>{term}</dt>" in page_text


def test_stages_add_up(card: Scorecard) -> None:
    rows = cells(card, "Stages")
    cases = number(rows["Triage: cases"][0])
    ends = [row for label, row in rows.items() if re.search("solved in|given up|open when", label)]
    assert len(ends) == 3
    assert sum(number(row[0]) for row in ends) == pytest.approx(cases, abs=1)
    tags = [number(rows[label][0]) for label in ("tagged right", "tagged wrong", "not tagged when they came")]
    assert 0 < sum(tags) < cases  # mails have no cause
    assert number(rows["tagged right"][1]) == pytest.approx(100 * tags[0] / cases, abs=0.1)


def test_work_and_causes_are_shares_of_a_whole(found: Result, card: Scorecard) -> None:
    shares = [number(row[2]) for row in cells(card, "Agents' time by kind of work").values()]
    assert sum(shares) == pytest.approx(100, abs=0.5)
    assert shares == sorted(shares, reverse=True)
    causes = cells(card, "Top root causes")
    assert list(causes) == ["billing", "outage", "these 2 together"]
    assert [causes[name][2] for name in ("billing", "outage")] == ["yes", "no"]
    both = number(causes["these 2 together"][1])
    assert both == pytest.approx(number(causes["billing"][1]) + number(causes["outage"][1]), abs=0.2)
    figures = figures_of(found.measures)
    of = {name: figures.get("case_contacts", "root_cause", name).mean for name in ("billing", "outage")}
    assert both == pytest.approx(
        100 * sum(of.values()) / figures.get("case_contacts", "all", "all").mean, abs=0.1
    )


def test_costs_of_contacts_add_up_to_the_cost_of_people(found: Result, card: Scorecard) -> None:
    rows = cells(card, "Cases by channel")
    figures = figures_of(found.measures)
    names = next(each for each in card.blocks if each.title == "Cases by channel").columns[:-1]
    costs = [number(text) for text in rows["People cost a contact"]]
    contacts = [figures.get("case_contacts", "channel", name).mean for name in names]
    whole = figures.get("people_cost", "all", "all").mean
    total = sum(cost * count for cost, count in zip(costs, contacts, strict=False))
    assert total == pytest.approx(whole, rel=0.01)
    assert costs[-1] == pytest.approx(whole / sum(contacts), abs=0.01)
    assert "People cost a contact" not in cells(
        scorecard(simulated(groups=TEAM["groups"])), "Cases by channel"
    )


def test_self_service_has_what_is_never_added_up_beside_it(found: Result, card: Scorecard) -> None:
    shown = cells(card, "Self-service")
    assert list(shown)[-1] == "Articles looked at"
    rows = [number(row[0]) for row in list(shown.values())[:-1]]
    assert len(rows) == 4
    assert rows[1] == pytest.approx(rows[0] + rows[2], abs=0.2)  # who bounces has ended there once
    assert any("never added" in line for line in card.definitions)


def test_incidents_are_those_of_the_file(card: Scorecard) -> None:
    rows = cells(card, "Incidents")
    assert rows["Started"] == ["2"]
    assert rows["Noticed"] == ["100.0 %"]
    assert rows["time from alarm to mended, mean"] == ["1 h"]
    assert number(rows["Cases"][0]) > 20


def test_one_sentence_tells_whether_all_targets_are_met(found: Result, card: Scorecard) -> None:
    assert card.answer.startswith("The team does not meet all 6 targets together, ")
    figures = figures_of(found.measures)
    for each in attainments(found.scenario, found.attainment, figures):
        assert (f"{each.words.split(' ≥')[0]} " in card.answer) == (each.verdict is not Verdict.MET)
    assert re.search(r"FCR is [\d.]+ % instead of at least 99 %", card.answer)
    assert card.standing is Verdict.MISSED


GOALS = {
    "CSAT": Goal("csat", "all", "all", ">=", 0.9, "share"),
    "S1 first": Goal("first_response_attainment", "severity", "S1", ">=", 0.9, "share", "horizon"),
}


def judged(goal: Goal, value: float, held: float, verdict: Verdict) -> Attainment:
    share = Figure(held, held - 0.01, min(held + 0.01, 1.0), "share")
    return Attainment(goal, "", Figure(value, value, value, "share"), share, verdict, ())


@pytest.mark.parametrize(
    ("verdicts_of", "said"),
    [
        ((Verdict.MET, Verdict.MET), "The team meets both targets together."),
        (
            (Verdict.MISSED, Verdict.MET),
            "The team does not meet both targets together, 1 fails: CSAT is 80.0 % instead of at least 90 %.",
        ),
        (
            (Verdict.MET, Verdict.OPEN),
            "Whether the team meets both targets together is not sure yet, none fails for sure. Too close to "
            "call: S1 first response ≥ 90 % in 15 min; more replications would tell.",
        ),
    ],
)
def test_the_sentence(found: Result, verdicts_of: tuple[Verdict, Verdict], said: str) -> None:
    each = [judged(goal, 0.8, 0.5, v) for goal, v in zip(GOALS.values(), verdicts_of, strict=True)]
    assert together(each, found.scenario) == said


def test_the_sentence_tells_how_seldom_what_is_fine_on_the_whole_holds(found: Result) -> None:
    seldom = judged(GOALS["CSAT"], 0.92, 0.6, Verdict.MISSED)
    assert together([seldom], found.scenario) == (
        "The team does not meet its target together, 1 fails: CSAT is at least 90 % in 60.0 % of weeks, "
        "80 % wanted (over the whole run 92.0 %)."
    )


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (721.5, "at most 12 min in 60.0 % of weeks, 80 % wanted (over the whole run 12 min)"),
        (900.0, "15 min instead of at most 12 min"),
    ],
)
def test_what_is_its_limit_as_far_as_it_is_known_is_not_told_instead_of_it(
    found: Result, seconds: float, said: str
) -> None:
    goal = Goal("wait_p90", "all", "all", "<=", 720.0, "s", probability=0.8)
    missed = judged(goal, 0.0, 0.6, Verdict.MISSED)._replace(figure=Figure(seconds, 700.0, 950.0, "s"))
    assert together([missed], found.scenario).endswith(f"is {said}.")


def test_the_worst_verdict_colours_a_figure() -> None:
    both = [judged(GOALS["CSAT"], 0.8, 0.5, v) for v in (Verdict.MISSED, Verdict.MET)]
    assert verdicts(both) == {("csat", "all", "all"): Verdict.MISSED}
    assert verdicts(both[::-1]) == verdicts(both)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("4 h", "90 % in 4 h"),
        ("95% in 15 min", "95 % in 15 min"),
        ("1 business day", "90 % in 1 business day"),
        ("80% in 3 business days", "80 % in 3 business days"),
        ("same day", "90 % on the same day"),
    ],
)
def test_limits_in_words(written: str, said: str) -> None:
    limit = read_limit(written)
    assert limit_text(limit) == said
    assert said.endswith(within_text(limit))


def sums_of(*rows: tuple[str, str, str, list[float], list[float]]) -> SampleSums:
    """Sums of some measures: scope, name, above and below by replication."""
    table = [
        (n, measure, scope, name, above[n], below[n])
        for n in range(len(rows[0][3]))
        for measure, scope, name, above, below in rows
    ]
    return SampleSums(
        pd.DataFrame(table, columns=["replication", "measure", "scope", "name", "above", "below"])
    )


def test_ratios_of_sums_have_the_errors_of_ratios() -> None:
    above, below = np.array([1.9, 2.0, 2.1]), np.array([4.0, 4.0, 4.0])
    figure = ratio(above, below, "share")
    assert figure.mean == 0.5
    assert figure.half == pytest.approx(4.302652729749464 * 0.025 / np.sqrt(3))  # t(0.975, 2), sd 1/40
    assert ratio(20 * above - 39.0, below, "share").low == 0.0  # cut: there is no share below
    assert mean(above, "cases").mean == pytest.approx(2.0)
    assert not ratio(above, np.zeros(3), "share").exists
    assert not ratio(np.zeros(0), below, "share").exists
    assert not ratio(above[:1], below[:1], "share").has_interval


def test_no_more_than_five_causes_are_told(found: Result) -> None:
    names = [f"cause {n}" for n in range(7)]
    causes = dict.fromkeys(names, found.scenario.causes["billing"])
    scenario = found.scenario.model_copy(update={"causes": causes})
    rows = [("case_contacts", "root_cause", name, [10.0 * n], [1.0]) for n, name in enumerate(names)]
    sums = sums_of(("case_contacts", "all", "all", [250.0], [1.0]), *rows)
    figures = Figures({(m, s, n): Figure(above[0], 0, 0, "contacts") for m, s, n, above, _ in rows})
    top = top_causes(scenario, figures, sums)
    assert top.names == tuple(reversed(names[2:]))
    assert top.together.mean == pytest.approx((60 + 50 + 40 + 30 + 20) / 250)
    assert list(work_shares(figures, sums)) == []


def test_pictures_show_the_backlog_by_day(found: Result) -> None:
    pictures = case_pictures(found)
    assert [each.what for each in pictures] == [
        "work", "causes", "backlog-by-day", "backlog-by-severity-by-day", "backlog-age-by-day",
        "backlog-age-by-severity-by-day",
    ]  # fmt: skip
    assert pictures[1].legend == (("second", "avoidable"), ("first", "not avoidable"))
    lines = re.findall(r'class="line first" d="M([^"]+)"', pictures[2].svg)
    assert len(lines[0].split(" ")) == 2 * 5  # of every day, one point
    assert "clip" not in pictures[2].svg


def test_bars_are_as_long_as_their_values() -> None:
    drawn = bars_svg("k", "title", [Bar("a", 2.0, "two"), Bar(NASTY, 1.0, NASTY), Bar("c", 0.0, "none")])
    widths = [float(each) for each in re.findall(r'<rect[^>]* width="([\d.]+)"', drawn)]
    assert widths[0] == pytest.approx(2 * widths[1], rel=0.01)
    assert widths[2] == 1.0  # to be seen
    assert "<b>" not in drawn
    assert "&lt;b&gt;" in drawn


def renamed(result: Result, names: dict[str, str]) -> Result:
    """The result with other names of severities, causes, tiers, incidents and kinds of work."""
    parts = ("severities", "causes", "tiers", "incidents")
    scenario = result.scenario.model_copy(
        update={
            part: {names.get(n, n): each for n, each in getattr(result.scenario, part).items()}
            for part in parts
        }
    )
    tables = [
        table.assign(name=[names.get(name, name) for name in table["name"]])
        for table in (result.measures, result.samples, result.days)
        if table is not None
    ]
    return result._replace(scenario=scenario, measures=tables[0], samples=tables[1], days=tables[2])


def test_the_page_has_all_of_it_and_escapes_every_name(found: Result) -> None:
    whole = read(page(found))
    for heading in ("Promises by severity", "Stages", "Top root causes", "Cases in pictures", "Backlog"):
        assert heading in whole.words
    new = {name: f"{name}{NASTY}" for name in ("S1", "billing", "vip", "down", "tier2")}
    nasty = read(page(renamed(found, new)))
    assert nasty.tags.count("b") == whole.tags.count("b") > 0
    assert not set(nasty.tags) - set(whole.tags)
    words = "".join(nasty.words)
    for name in ("S1", "billing", "vip", "down", "tier2"):
        assert f"{name}{NASTY}" in words
    assert page(found) == page(found)


def test_without_cases_nothing_is_said_of_them(result: Result) -> None:
    assert case_pictures(result) == ()
    assert [block.title for block in scorecard(result).blocks] == ["Targets", "Queues", "Groups"]
    assert "Cases in pictures" not in page(result)
