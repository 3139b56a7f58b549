"""The scorecard of cases: what was promised, how good it was, where they stand, what they took.

Only for scenarios with cases. Every figure is a measure of `scenarios/case_definitions.py`, or a ratio
of what these add up (`reports/case_sums.py`).
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from reports.blocks import ALL, NO_CELL, Block, Cell, Columns, Line, Row, verdicts
from reports.case_stages import stages
from reports.case_sums import top_causes, work_shares
from reports.figures import Figures, Key
from reports.promises import limit_text
from reports.sample_sums import SampleSums
from reports.targets import Attainment, Verdict
from reports.wording import MISSING, Words, duration_text, say
from scenarios.causes import avoidable_text
from scenarios.model import Scenario
from scenarios.related import has_cases

if TYPE_CHECKING:
    from sim.experiment import Result

_SCOPES: Final = (
    ("channel", "Cases by channel"), ("severity", "Cases by severity"), ("tier", "Cases by tier"),
)  # fmt: skip
_VOLUME: Final = (
    Line("Cases opened", "cases"),
    Line("Contacts", "case_contacts"),
    Line("Contacts a case", "contacts_per_case"),
    Line("Transfers a case", "transfers_per_case"),
    Line("Escalated", "escalation_rate", when_not_zero=True),
    Line("Agents' time a case", "agent_time_per_case"),
)
_QUALITY: Final = (
    Line("Solved by the first contact (FCR)", "fcr"),
    Line("Reopened within 7 days", "reopen_rate"),
    Line("Contacts again within 7 days", "repeat_rate"),
    Line("Satisfied (CSAT)", "csat"),
    Line("Promoters less detractors (NPS)", "nps"),
    Line("Found it easy (CES)", "effort"),
    Line("surveys answered", "response_rate", is_part=True),
    Line("QA score", "qa"),
    Line("Avoidable contacts", "avoidable_share", when_not_zero=True),
    Line("as tagged", "avoidable_share_tagged", when_not_zero=True, is_part=True),
    Line("Backlog, mean open cases", "backlog"),
    Line("their mean age", "backlog_age", is_part=True),
)
_COST: Final = Line("People cost a contact", "cost_per_contact")
_FIRST: Final = (
    Line("mean time past due", "first_response_lateness", is_part=True),
    Line("half of the answered within", "frt_p50", is_part=True),
    Line("90 % of the answered within", "frt_p90", is_part=True),
)
_SOLVED: Final = (
    Line("mean time past due", "resolution_lateness", is_part=True),
    Line("half of the solved within", "ttr_p50", is_part=True),
    Line("90 % of the solved within", "ttr_p90", is_part=True),
)
_SELF_SERVICE: Final = (
    Line("Solved there (deflection)", "deflection"),
    Line("ended there, solved or not (contained)", "contained", is_part=True),
    Line("came after all (bounced)", "bounced", is_part=True),
    Line("came again by another channel (shifted)", "shifted", is_part=True),
    Line("Articles looked at", "article_views"),
)
_INCIDENTS: Final = (
    Line("Started", "incidents"),
    Line("Noticed", "incidents_detected"),
    Line("time to detection, mean", "time_to_detection", is_part=True),
    Line("Mended", "incidents_mended"),
    Line("time from alarm to mended, mean", "time_to_mitigation", is_part=True),
    Line("From start to end, mean", "incident_length"),
    Line("Cases", "incident_cases"),
    Line("Contacts", "incident_contacts"),
)


def case_blocks(result: "Result", figures: Figures, found: list[Attainment], tell: bool) -> tuple[Block, ...]:
    """All tables of cases; none for a scenario without cases."""
    scenario = result.scenario
    if not has_cases(scenario) or not figures.get("cases", ALL, ALL).exists:
        return ()
    sums, judged = SampleSums(result.samples), verdicts(found)
    return (
        _promises(scenario, figures, judged, tell),
        stages(scenario, figures, sums, tell),
        *_by_scope(scenario, figures, judged, tell),
        _self_service(scenario, figures, judged, tell),
        _causes(scenario, figures, sums, tell),
        _work(figures, sums, judged, tell),
        _incidents(scenario, figures, judged, tell),
    )


def _promises(scenario: Scenario, figures: Figures, judged: Mapping[Key, Verdict], tell: bool) -> Block:
    """What each severity was promised, beside what it got."""
    promised = {n: s for n, s in scenario.severities.items() if s.first_response or s.resolution or s.update}
    columns = Columns(figures, "severity", tuple(promised), tell, judged)
    updates = {
        name: f"every {duration_text(each.update.every_s)}" if each.update else MISSING
        for name, each in promised.items()
    }
    parts = (
        ("First response when due", "first_response", _FIRST),
        ("Solved when due", "resolution", _SOLVED),
    )
    rows = list[Row]()
    for label, key, lines in parts:
        said = {name: limit_text(getattr(each, key)) for name, each in promised.items()}
        rows += _promise(columns, Line(label, f"{key}_attainment"), said, lines)
    rows += _promise(columns, Line("Updates when due", "update_attainment"), updates, ())
    return Block("Promises by severity", columns.titles, tuple(rows))


def _promise(columns: Columns, line: Line, said: dict[str, str], lines: tuple[Line, ...]) -> Iterator[Row]:
    """A promise as it was kept, as it is written, and how far off what missed it was."""
    if all(words == MISSING for words in said.values()):
        return
    kept = columns.rows((line,))
    yield from kept or [columns.filled(line.label, lambda _: Cell(Words(MISSING)))]
    yield columns.filled("promised", lambda name: Cell(Words(said[name])), is_part=True)
    yield from columns.rows(lines)


def _by_scope(
    scenario: Scenario, figures: Figures, judged: Mapping[Key, Verdict], tell: bool
) -> Iterator[Block]:
    """The same rows by channel, and where there are several, by severity and by tier."""
    for scope, title in _SCOPES:
        names = tuple(dict.fromkeys(n for m, s, n in figures.by_key if m == "cases" and s == scope))
        ordered = {"severity": tuple(scenario.severities), "tier": tuple(scenario.tiers)}.get(scope, names)
        names = tuple(name for name in ordered if name in names)
        if not names or (len(names) == 1 and scope != "channel"):
            continue
        columns = Columns(figures, scope, names, tell, judged)
        rows = columns.rows(_VOLUME)
        if scope == "channel":
            rows += columns.rows((_COST,))
        yield Block(title, columns.titles, (*rows, *columns.rows(_QUALITY)))


def _self_service(scenario: Scenario, figures: Figures, judged: Mapping[Key, Verdict], tell: bool) -> Block:
    names = tuple(name for name, stream in scenario.streams.items() if stream.self_service)
    columns = Columns(figures, "stream", names, tell, judged)
    return Block("Self-service", columns.titles, tuple(columns.rows(_SELF_SERVICE) if names else ()))


def _causes(scenario: Scenario, figures: Figures, sums: SampleSums, tell: bool) -> Block:
    """The causes with most contacts, and what they make up together."""
    top = top_causes(scenario, figures, sums)
    rows = [
        Row(
            name,
            (
                Cell(say(figures.get("case_contacts", "root_cause", name), tell)),
                Cell(say(top.share[name], tell)),
                Cell(Words(avoidable_text(scenario.causes[name].avoidable))),
                Cell(say(figures.get("agent_time_per_case", "root_cause", name), tell)),
                Cell(say(figures.get("reopen_rate", "root_cause", name), tell)),
            ),
        )
        for name in top.names
    ]
    if top.together.exists:
        empty = (Cell(NO_CELL),)
        words = f"these {len(top.names)} together" if len(top.names) > 1 else "this alone"
        rows.append(Row(words, (*empty, Cell(say(top.together, tell)), *empty * 3), is_part=True))
    heads = ("contacts", "of all contacts", "avoidable", "agents' time a case", "reopened")
    return Block("Top root causes", heads, tuple(rows))


def _work(figures: Figures, sums: SampleSums, judged: Mapping[Key, Verdict], tell: bool) -> Block:
    """Agents' time by kind of work, the longest first."""
    rows = [
        Row(
            kind,
            (
                Cell(say(figures.get("work_done", "work", kind), tell)),
                Cell(say(figures.get("work_time", "work", kind), tell)),
                Cell(say(share, tell)),
                Cell(
                    say(figures.get("work_on_time", "work", kind), tell),
                    judged.get(("work_on_time", "work", kind)),
                ),
                Cell(say(figures.get("work_lateness", "work", kind), tell)),
            ),
        )
        for kind, share in work_shares(figures, sums)
    ]
    heads = ("done", "agents' time", "of all work", "when due", "mean past due")
    return Block("Agents' time by kind of work", heads, tuple(rows))


def _incidents(scenario: Scenario, figures: Figures, judged: Mapping[Key, Verdict], tell: bool) -> Block:
    columns = Columns(figures, "incident", tuple(scenario.incidents), tell, judged)
    return Block("Incidents", columns.titles, tuple(columns.rows(_INCIDENTS) if scenario.incidents else ()))
