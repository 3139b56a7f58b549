"""The stages of the loop as a funnel: what was captured, how it was triaged, what was resolved."""

from typing import Final

from reports.blocks import ALL, NO_CELL, Block, Cell, Row
from reports.figures import NONE, Figure, Figures
from reports.quantile_wording import say_measure
from reports.sample_sums import Floats, SampleSums, mean, ratio
from reports.wording import Words, say
from scenarios.case_definitions import TRIAGE
from scenarios.model import Scenario

HEADS: Final = ("count", "share", "median time", "late")
LATE_RULE: Final = (
    "of first responses: later than promised, or still missing when that was due; of cases solved: later "
    "than promised, or given up by the customer; of cases open: past due when the run ended"
)


def stages(scenario: Scenario, figures: Figures, sums: SampleSums, tell: bool) -> Block:
    """Capture, triage and resolve, each with what became of it."""

    def of(measure: str) -> Figure:
        return figures.get(measure, ALL, ALL)

    def row(
        label: str,
        count: Figure,
        share: Figure = NONE,
        time: Words = NO_CELL,
        late: Figure = NONE,
        is_part: bool = True,
    ) -> Row | None:
        if not count.exists or (is_part and not count.mean):
            return None
        cells = (Cell(say(each, tell) if each.exists else NO_CELL) for each in (count, share, late))
        first, second, last = cells
        return Row(label, (first, second, Cell(time), last), is_part)

    def part(label: str, values: Floats, whole: Floats) -> Row | None:
        """So many cases, and their share of those of the stage."""
        return row(label, mean(values, "cases"), ratio(values, whole, "share"))

    tagged, wrong = sums.below("mistagged"), sums.above("mistagged")
    missed = _missed(sums, "resolution_attainment")
    overdue = sums.above("overdue_cases")
    cases, replied = sums.above("cases"), sums.below("mean_first_response")
    age = Words(f"mean age {say(of('backlog_age'), False).value}") if of("backlog_age").exists else NO_CELL
    rows = (
        row("Capture: contacts", of("case_contacts"), is_part=False),
        row("brought by incidents", of("incident_contacts")),
        row("solved by self-service, no contact", mean(sums.above("deflection"), "contacts")),
        row("tried it, came after all", mean(sums.above("bounced"), "contacts")),
        row("Triage: cases", of("cases"), is_part=False),
        part("tagged right", tagged - wrong, cases),
        part("tagged wrong", wrong, cases),
        part("not tagged when they came", sums.above("untagged"), cases),
        row("tagged by a person", figures.get("work_done", "work", TRIAGE)),
        row(
            "Resolve: first responses",
            mean(replied, "cases"),
            ratio(replied, cases, "share"),
            say_measure("frt_p50", of("frt_p50"), tell),
            _late(_missed(sums, "first_response_attainment"), sums.below("first_response_attainment")),
            is_part=False,
        ),
        part("escalated", sums.above("escalation_rate"), cases),
        row(
            "Resolve: solved in the end",
            of("solved"),
            ratio(sums.above("solved"), cases, "share"),
            say_measure("ttr_p50", of("ttr_p50"), tell),
            _late(missed - overdue, sums.below("resolution_attainment")),
            is_part=False,
        ),
        part("confirmed by the customer", sums.above("confirmed"), sums.below("confirmed")),
        part("reopened within 7 days", sums.above("reopen_rate"), sums.below("reopen_rate")),
        row(
            "Resolve: given up by the customer",
            of("lost_cases"),
            ratio(sums.above("lost_cases"), cases, "share"),
            is_part=False,
        ),
        row(
            "Resolve: open when the run ended",
            of("open_cases"),
            ratio(sums.above("open_cases"), cases, "share"),
            NO_CELL,
            _late(overdue, sums.below("resolution_attainment")),
            is_part=False,
        ),
        row("backlog, averaged over the run", of("backlog"), time=age),
    )
    return Block("Stages", HEADS, tuple(each for each in rows if each is not None))


def _missed(sums: SampleSums, attainment: str) -> Floats:
    return sums.below(attainment) - sums.above(attainment)


def _late(values: Floats, promised: Floats) -> Figure:
    """So many cases; nothing where nothing was promised."""
    return mean(values, "cases") if promised.any() else NONE
