"""The stages of the loop as a funnel: what was captured, how it was triaged, what was resolved."""

from typing import Final

from reports.blocks import ALL, NO_CELL, Block, Cell, Row
from reports.figures import NONE, Figure, Figures
from reports.sample_sums import Floats, SampleSums, mean
from reports.wording import Words, say
from scenarios.case_definitions import TRIAGE
from scenarios.model import Scenario

HEADS: Final = ("count", "median time", "late")
LATE_RULE: Final = (
    "of first responses: later than promised, or still missing when that was due; of cases solved: later "
    "than promised, or given up by the customer; of cases open: past due when the run ended"
)


def stages(scenario: Scenario, figures: Figures, sums: SampleSums, tell: bool) -> Block:
    """Capture, triage and resolve, each with what became of it."""

    def of(measure: str) -> Figure:
        return figures.get(measure, ALL, ALL)

    def row(
        label: str, count: Figure, time: Words = NO_CELL, late: Figure = NONE, is_part: bool = True
    ) -> Row | None:
        if not count.exists or (is_part and not count.mean):
            return None
        past = Cell(say(late, tell) if late.exists else NO_CELL)
        return Row(label, (Cell(say(count, tell)), Cell(time), past), is_part)

    tagged, wrong = sums.below("mistagged"), sums.above("mistagged")
    missed = _missed(sums, "resolution_attainment")
    overdue = sums.above("overdue_cases")
    age = Words(f"mean age {say(of('backlog_age'), False).value}") if of("backlog_age").exists else NO_CELL
    rows = (
        row("Capture: contacts", of("case_contacts"), is_part=False),
        row("brought by incidents", of("incident_contacts")),
        row("solved by self-service, no contact", mean(sums.above("deflection"), "contacts")),
        row("tried it, came after all", mean(sums.above("bounced"), "contacts")),
        row("Triage: cases", of("cases"), is_part=False),
        row("tagged right", mean(tagged - wrong, "cases")),
        row("tagged wrong", mean(wrong, "cases")),
        row("not tagged when they came", mean(sums.above("untagged"), "cases")),
        row("tagged by a person", figures.get("work_done", "work", TRIAGE)),
        row(
            "Resolve: first responses",
            mean(sums.below("mean_first_response"), "cases"),
            say(of("frt_p50"), tell),
            _late(_missed(sums, "first_response_attainment"), sums.below("first_response_attainment")),
            is_part=False,
        ),
        row("escalated", mean(sums.above("escalation_rate"), "cases")),
        row(
            "Resolve: solved in the end",
            of("solved"),
            say(of("ttr_p50"), tell),
            _late(missed - overdue, sums.below("resolution_attainment")),
            is_part=False,
        ),
        row("confirmed by the customer", mean(sums.above("confirmed"), "cases")),
        row("reopened within 7 days", mean(sums.above("reopen_rate"), "cases")),
        row("Resolve: given up by the customer", of("lost_cases"), is_part=False),
        row(
            "Resolve: open at the end",
            of("open_cases"),
            age,
            _late(overdue, sums.below("resolution_attainment")),
            is_part=False,
        ),
    )
    return Block("Stages", HEADS, tuple(each for each in rows if each is not None))


def _missed(sums: SampleSums, attainment: str) -> Floats:
    return sums.below(attainment) - sums.above(attainment)


def _late(values: Floats, promised: Floats) -> Figure:
    """So many cases; nothing where nothing was promised."""
    return mean(values, "cases") if promised.any() else NONE
