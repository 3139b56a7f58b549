"""The long tables of a plan's page as rows of words: on narrow screens each row becomes a list."""

from typing import Final, NamedTuple

from reports.plan_against import Since
from reports.plan_assumptions import ranges
from reports.plan_brief import Brief
from reports.plan_decisions import Decision, still_needed
from reports.plan_register import Idle, Improvement, idle, improvements
from reports.plan_words import day_text, spoken
from scenarios.model import Scenario
from sim.roadmap.plan import PlanResult


class Cell(NamedTuple):
    """A text, a smaller one below it, and the class that colours or sets it."""

    text: str
    below: str = ""
    style: str = ""


class Listing(NamedTuple):
    """A table of words."""

    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def _cells(*texts: str) -> tuple[Cell, ...]:
    return tuple(map(Cell, texts))


_DECISIONS: Final = ("Latest day", "Decision", "Owner", "Lead time", "In force", "Cost")
_REGISTER: Final = (
    *("Improvement", "Owner", "Opened", "Due", "Cost"),
    *("Expected", "Power before", "Observed", "Verdict"),
)
_SINCE: Final = ("Target", "Probability then", "Now", "Moved by")


def needed(found: PlanResult) -> Listing:
    """Decisions with their latest day."""
    return Listing(_DECISIONS, tuple(map(_decision, still_needed(found))))


def _decision(each: Decision) -> tuple[Cell, ...]:
    if each.latest is None:
        latest = Cell("now", "it does not run", "past")
    else:
        day = day_text(each.latest, True)
        latest = Cell(f"{day} (passed)", "", "past") if each.is_past else Cell(day)
    force = "" if each.due is None else day_text(each.due, True)
    return (latest, *_cells(each.what, each.owner or "nobody", each.lead, force, each.cost))


def register(brief: Brief) -> Listing:
    """The register of improvements."""
    return Listing(_REGISTER, tuple(map(_improvement, improvements(brief))))


def _improvement(each: Improvement) -> tuple[Cell, ...]:
    return (
        Cell(each.name, each.about),
        Cell(each.owner),
        Cell(each.opened, each.begun),
        Cell(each.due, each.force),
        Cell(each.cost, each.effort),
        Cell(each.expected, each.target),
        Cell(each.power, each.least),
        *_cells(each.observed),
        Cell(each.verdict, each.truth),
    )


def not_running(scenario: Scenario) -> Listing:
    """What does not run, and why."""
    return Listing(("Change", "Kind", "Why not"), tuple(map(_idle, idle(scenario))))


def _idle(each: Idle) -> tuple[Cell, ...]:
    return _cells(spoken(each.name), spoken(each.kind), each.why)


def assumed(scenario: Scenario) -> Listing:
    """Every range; the path of what is moved is code."""
    table = ranges(scenario)
    return Listing(
        table.heads, tuple((Cell(row[0]), Cell(row[1], "", "code"), *_cells(*row[2:])) for row in table.rows)
    )


def moved(since: Since) -> Listing:
    """Targets then and now."""
    return Listing(_SINCE, tuple(_cells(*each) for each in since.targets))
