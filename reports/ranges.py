"""The runs of a range of settings in one table: a row for each value, and the figures that answer it."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from reports.blocks import Block, Cell, Row
from reports.comparison_cases import ATTAINMENTS
from reports.figures import figures_of
from reports.formula import BY_FORMULA
from reports.wording import say
from scenarios.related import has_cases

if TYPE_CHECKING:
    from scenarios.model import Scenario
    from sim.experiment import Result


class Tried(NamedTuple):
    """What was set in words, and what a run with it found."""

    label: str
    result: "Result"


class _Column(NamedTuple):
    title: str
    measure: str
    scope: str
    name: str


def range_table(tried: Sequence[Tried]) -> Block:
    """One row a run: what became of cases, service, abandonment and waits of each queue, occupancy, cost."""
    columns = list(dict.fromkeys(column for each in tried for column in _columns(each.result.scenario)))
    figures = [figures_of(each.result.measures) for each in tried]
    shown = [c for c in columns if any(f.get(c.measure, c.scope, c.name).exists for f in figures)]
    rows = (
        Row(each.label, tuple(Cell(say(f.get(c.measure, c.scope, c.name), _tells(each))) for c in shown))
        for each, f in zip(tried, figures, strict=True)
    )
    return Block("With", tuple(column.title for column in shown), tuple(rows))


def _tells(each: Tried) -> bool:
    """Whether it is to be said that a figure has no interval: those of formulas never have."""
    return each.result.engine != BY_FORMULA


_CASES: Final = (
    ("contacts a case", "contacts_per_case"),
    ("FCR", "fcr"),
    ("reopened", "reopen_rate"),
    ("CSAT", "csat"),
    ("agents' time a case", "agent_time_per_case"),
    ("backlog", "backlog"),
    ("cost a contact", "cost_per_contact"),
)


def _columns(scenario: "Scenario") -> Iterator[_Column]:
    for name in scenario.severities:
        for measure, words in ATTAINMENTS.items():
            yield _Column(f"{name}: {words.removesuffix(' when due')}", measure, "severity", name)
    if has_cases(scenario):
        for title, measure in _CASES:
            yield _Column(title, measure, "all", "all")
    for name, queue in scenario.queues.items():
        if queue.target is not None:
            yield _Column(f"{name}: SL", "service_level", "queue", name)
        yield _Column(f"{name}: abandoned", "abandonment", "queue", name)
        yield _Column(f"{name}: ASA", "asa", "queue", name)
    for name in scenario.groups:
        yield _Column(f"{name}: occupancy", "occupancy", "group", name)
    yield _Column("people cost", "people_cost", "all", "all")
