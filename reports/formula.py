"""The answer of formulas beside the simulated one, queue by queue, and what these formulas leave out."""

import math
from typing import TYPE_CHECKING, Final, NamedTuple

from reports.figures import Figure, Figures, figures_of
from reports.wording import Words, number_text, say
from scenarios.definitions import MEASURES

if TYPE_CHECKING:
    from sim.experiment import Result
    from sim.formula import Horizon, Remarks

MEASURED: Final = {
    "service_level": "Service level",
    "asa": "Speed of answer (ASA)",
    "abandonment": "Abandonment",
}
ENDLESS: Final = "without end"
NO_END: Final = (
    "mean waits: without end, since at times more work comes than people can do, and nobody gives up"
)
BY_FORMULA: Final = "formula"  # the engine whose results are formulas themselves


class Compared(NamedTuple):
    """A measure by formula and by simulation, in words."""

    formula: str
    simulated: Words


class Beside(NamedTuple):
    """What a formula says of a queue: its name, its figures, and what it does not know, in sentences."""

    queue: str
    name: str
    rows: tuple[Compared, ...]  # as many as `MEASURED`; none without a formula
    notes: tuple[str, ...]


def beside(result: "Result") -> tuple[Beside, ...]:
    """What formulas say of each queue; nothing where the result is their own, or there are cases."""
    from scenarios.related import has_cases

    if result.engine == BY_FORMULA or has_cases(result.scenario):
        return ()
    from sim.formula import horizon_of, remarks_of

    found, figures = horizon_of(result.scenario), figures_of(result.measures)
    return tuple(_beside(found, each, figures) for each in remarks_of(result.scenario))


def _beside(found: "Horizon", remarks: "Remarks", figures: Figures) -> Beside:
    from sim.formula import over_horizon, overloaded

    if not remarks.formula:
        return Beside(remarks.queue, "", (), sentences(remarks))
    rows = tuple(
        Compared(
            _said(over_horizon(found, remarks.queue, measure), measure),
            say(figures.get(measure, "queue", remarks.queue)),
        )
        for measure in MEASURED
    )
    return Beside(
        remarks.queue,
        remarks.formula,
        rows,
        (*sentences(remarks), *_overload(overloaded(found, remarks.queue))),
    )


def _said(value: float, measure: str) -> str:
    if math.isinf(value):
        return ENDLESS
    unit = "share" if measure == "service_level" else MEASURES[measure].unit
    return say(Figure(value, math.nan, math.nan, unit), False).value


def _overload(share: float) -> tuple[str, ...]:
    if not share:
        return ()
    return (f"{number_text(share * 100.0, 1)} % of them come to more work than people: too late for all.",)


def sentences(remarks: "Remarks") -> tuple[str, ...]:
    """What a formula approximates, leaves out and cannot say."""
    told = (
        ("Approximated", remarks.approximated),
        ("Left out", remarks.left_out),
        ("Not said", remarks.missing),
        ("May be many points off, so that no target is judged by it", remarks.rough),
    )
    return tuple(f"{head}: {'; '.join(each)}." for head, each in told if each)


def remarks_on(result: "Result") -> "tuple[Remarks, ...]":
    """What is to be said of each queue of a result by formulas, waits without end included."""
    from sim.formula import remarks_of

    figures = figures_of(result.measures)

    def grows(queue: str) -> bool:
        waits = figures.get("asa", "queue", queue)
        return bool(figures.get("handled", "queue", queue).mean > 0.0) and not waits.exists

    return tuple(
        each._replace(missing=(*each.missing, NO_END)) if grows(each.queue) else each
        for each in remarks_of(result.scenario)
    )


def formula_lines(result: "Result") -> tuple[str, ...]:
    """Of each queue of a result by formulas: which formula, and what it does not know."""
    return tuple(
        f"{each.queue}: {each.formula or 'no formula'}. {' '.join(sentences(each))}".strip()
        for each in remarks_on(result)
    )
