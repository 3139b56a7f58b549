"""The leaders' page: what it says, in which order, and that nothing of a scenario can do anything in it."""

import re
from collections.abc import Callable

import pytest

from reports.plan_brief import Brief
from reports.plan_page import plan_page
from reports.plan_scorecard import by_day
from scenarios import Scenario
from scenarios.roadmap import DayGoal
from sim.checkpoints import Window
from sim.loop.validation import VALIDATED
from sim.roadmap.contributions import Contribution, Part
from sim.roadmap.standing import AMBER, GREEN, NOT_YET, RED, Effect
from tests.reports.plans import (
    AVOIDABLE,
    TARGETS,
    agreed_of,
    brief,
    found,
    hoped,
    learned,
    planned,
    standing,
    ticket,
    verdict,
    with_volumes,
)
from tests.reports.test_harmless import NAMES
from tests.reports.test_page import read, text_of
from tests.roadmap.planned import with_goals

HOPES = (hoped("low", GREEN, RED), hoped("expected", GREEN, RED), hoped("high", GREEN, AMBER))


def whole(plan: Scenario | None = None) -> Brief:
    """A plan with all that a page can have, but an earlier version."""
    scenario = plan or planned()
    made = agreed_of(scenario).remedies[0][0]
    seen = [learned(scenario, ticket(made, 10, 15, 16, verdict(31, VALIDATED)))] * 4
    return brief(scenario, seen, hopes=HOPES)


def test_the_page_asks_first_and_explains_later() -> None:
    text = text_of(plan_page(whole()))
    order = [
        "A team with a plan",
        "Plan on a page · 20 Jan to 28 Feb 2026 · 4 simulated courses · version ",
        "The ask",
        "We ask for $6,500 and 25 h of owners' time, for 2 levers and about 1 ticket of the learning loop.",
        "Our recommendation",
        "Scorecard",
        "Trends",
        "In force from 2 Feb: new forms; 9 Feb: macros.",
        "What doing nothing costs",
        "Decisions needed",
        "19 Jan 2026 (passed)",
        "Register of improvements",
        "Assumptions",
        "0 by default: no evidence",
        "How sure, and how counted",
        "SHA-256 of the scenario",
    ]
    places = [text.find(words) for words in order]
    assert -1 not in places, order[places.index(-1)]
    assert places == sorted(places)


def test_the_scorecard_tells_each_status_by_sign_word_and_colour() -> None:
    """Three of four reach 80 %; 15 % less than the baseline's 40 % is 34 %, which one of four reaches."""
    (table,) = by_day(found())
    assert table.days == ("Day 30, 18 Feb 2026", "Day 40, 28 Feb 2026")
    level, avoidable = table.rows
    assert (level.label, avoidable.label) == ("phone service level", "avoidable share")
    assert level.cells[1] is avoidable.cells[0] is None
    first, second = level.cells[0], avoidable.cells[1]
    assert first is not None
    assert (first.sign, first.status, first.probability) == ("▲", AMBER, "75 % (19–99)")
    assert (first.asked, first.baseline) == ("≥ 80 % in 20 s", "84.0 % (n = 4)")
    assert first.plan == "83.5 % (79.0–90.0 %)"
    assert second is not None
    assert (second.sign, second.status, second.asked) == ("■", RED, "≤ 34.0 % (−15 %)")
    assert second.baseline == "40.0 % (n = 4)"
    html = plan_page(whole())
    assert 'class="status open">▲ amber' in html
    assert 'class="status missed">■ red' in html


def test_what_cannot_be_measured_is_a_state_of_its_own() -> None:
    far = DayGoal("csat", "all", "all", ">=", 0.9, "share", 400)
    plan = with_goals(planned(), (*planned(targets=TARGETS[:1]).roadmap.targets, far))  # type: ignore[union-attr]
    result = found(plan)
    assert result.targets[1].standing.status == NOT_YET
    (table,) = by_day(result)
    cell = table.rows[1].cells[1]
    assert cell is not None
    assert (cell.sign, cell.status, cell.probability, cell.verdict) == ("○", NOT_YET, "", None)
    assert table.days[1] == "Day 400"  # beyond the horizon
    text = text_of(plan_page(brief(plan)))
    assert "○ not measurable yet target ≥ 90 %" in text


def test_two_targets_of_a_measure_by_one_day_have_two_rows_and_many_days_several_tables() -> None:
    asked = [f"phone service level >= 80% by day {day}" for day in (10, 20, 30, 40)]
    asked.insert(3, "phone service level +1 points vs baseline by day 30")
    first, second = by_day(found(planned(targets=asked)))
    assert [len(each.cells) for each in first.rows] == [3, 3]
    assert [cell is not None for cell in first.rows[1].cells] == [False, False, True]
    assert (second.days, len(second.rows)) == (("Day 40, 28 Feb 2026",), 1)


def test_the_three_cases_and_the_one_that_is_chosen() -> None:
    """A case is chosen where the first target is green on the scorecard too; else no case is recommended."""
    pattern = r'<li class="chosen"><b>(\w+)'
    first, second = found().targets
    good = first._replace(standing=standing(GREEN), without=standing(RED))
    likely = brief(found=found()._replace(targets=(good, second)), hopes=HOPES)
    assert re.findall(pattern, plan_page(likely)) == ["low"]
    html = plan_page(whole())
    assert re.findall(pattern, html) == []
    close = "Too close to promise: phone service level (day 30)."  # amber, and green in that case
    assert close in text_of(html)


def test_contributions_add_up_on_the_page() -> None:
    def effect(mean: float) -> Effect:
        return Effect(mean, 0.01, 4)

    parts = (Part("macros", effect(-0.03), effect(-0.02)), Part("(the loop)", effect(-0.05), effect(-0.04)))
    one = Contribution(AVOIDABLE, Window(34, 40), parts, effect(-0.08), effect(-0.07), effect(-0.01))
    text = text_of(plan_page(brief(found=found()._replace(contributions=(one,)))))
    for words in (
        "avoidable share, day 40, points",
        "macros −3 ± 1 * −2 ± 1 *",
        "the learning loop −5 ± 1 *",
        "sum of separate effects −8 ± 1 *",
        "all together −7 ± 1 *",
    ):
        assert words in text.replace(".0", "")
    assert "What each lever contributes" not in text_of(plan_page(brief()))


def test_an_empty_loop_and_no_levers_still_make_a_page() -> None:
    text = text_of(plan_page(brief(planned({}, loop=None, remedies=None))))
    assert "Nothing is asked: no lever has an owner and a date, and nobody runs a loop." in text
    assert "None: no lever is planned, and there is no loop." in text
    assert "There is no loop: nobody looks at what contacts are about" in text
    assert "Nothing is improved." in text
    assert "No lever comes into force within these days." in text
    empty = planned({}, loop={"owner": "product"}, remedies=None)
    text = text_of(plan_page(brief(empty, [learned(empty)] * 4)))
    assert "We ask for a go-ahead without money, for a learning loop." in text
    assert "a learning loop run by product" in text
    assert "Begin the loop" in text


def test_a_loop_that_nobody_owns_is_told() -> None:
    loop = {"weekly_review": {"by": "volume"}}
    text = text_of(plan_page(brief(planned(loop=loop))))
    assert "Nobody owns the loop, so it does not run: nothing is learned." in text
    assert "form ux copy nobody runs the loop" in text
    assert "the loop loop no owner" in text


def test_every_range_is_on_the_page() -> None:
    text = text_of(plan_page(whole()))
    assert "macros handle_time 0 % −5 % −9 % – may come to nothing" in text
    assert "new forms causes. billing. contacts – −10 % – – no range: taken as certain" in text
    assert "form causes. billing. contacts −10 % −20 % −40 % works with 75 % –" in text
    assert "articles deflection +1 points +2 points +6 points" in text
    assert "articles handle_time – 0 % – – 0 by default: no evidence" in text


def named(plan: Scenario, name: str) -> Scenario:
    """The scenario with the name wherever one can stand."""
    assert plan.roadmap is not None
    lever = plan.roadmap.levers["macros"].model_copy(update={"owner": name, "phase": name})
    roadmap = plan.roadmap.model_copy(update={"levers": {name: lever}, "phases": {}})
    owners = {name: plan.owners["product"], **plan.owners}
    return plan.model_copy(update={"name": name, "description": name, "roadmap": roadmap, "owners": owners})


@pytest.mark.parametrize("name", NAMES)
def test_names_are_text_alone(name: str) -> None:
    html = plan_page(brief(named(planned(), name)))
    assert "<script" not in html
    assert "<img" not in html
    assert "\u202e" not in html
    assert "\x1b" not in html
    reader = read(html)
    assert not any(key.startswith("on") for key, _ in reader.attributes)
    assert "49" not in re.findall(r"<h1>(.*?)</h1>", html)


@pytest.mark.parametrize("part", [lambda b: b, lambda b: b._replace(hopes=())])
def test_the_page_is_the_same_bytes_and_needs_nothing(part: Callable[[Brief], Brief]) -> None:
    html = plan_page(part(whole()))
    assert html == plan_page(part(whole()))
    assert not re.search(r"https?://(?!www\.w3\.org)", html)
    assert "src=" not in html
    assert "default-src 'none'" in html
    assert len(html) < 200_000


def test_ids_of_charts_are_unique() -> None:
    ids = re.findall(r' id="([^"]+)"', plan_page(whole()))
    assert len(ids) == len(set(ids)) > 0


def test_volumes_stand_beside_doing_nothing() -> None:
    """1,000 contacts without the plan and 900 with it, in each replication."""
    result = with_volumes(found(), {("case_contacts", "all", "all"): (1000.0, 900.0)})
    text = text_of(plan_page(brief(found=result)))
    heads = "Over all 40 days without the plan with it the plan changes it by"
    assert f"{heads} contacts 1,000 900 −100 ± 0" in text
