"""What is to be said of a business case beside its numbers."""

from collections.abc import Iterator, Mapping

import numpy as np

from reports.finance.case import CaseModel, full_effect
from reports.finance.searched import fading, last_due
from reports.finance.unsure import expected_of
from reports.finance.words import point_words
from scenarios.business_case import BusinessCase
from scenarios.model import Scenario
from sim.headcount.surface import CENTRE, INPUTS, Response


def notes_of_case(before: Scenario, after: Scenario, terms: BusinessCase, model: CaseModel) -> Iterator[str]:
    """What the case leaves out, and how far its grid is to be believed."""
    yield from _unsaid(before, after, terms, model)
    yield from _off_the_grid(model, expected_of(terms))
    yield from _rough(model, expected_of(terms))
    yield from _not_had(model.response)
    yield from _shared(model)


def _shared(model: CaseModel) -> Iterator[str]:
    """What is to be said of lines to which the work of people comes who leave."""
    for line in model.varying:
        if line.falls_to:
            yield (
                f"Once somebody of {' or '.join(line.falls_to)} is gone, nothing is counted as saved of "
                f"{line.name}: part of their work comes to it."
            )


def _unsaid(before: Scenario, after: Scenario, terms: BusinessCase, model: CaseModel) -> Iterator[str]:
    """What is to be said of what the change is, and of what it costs."""
    due = last_due(before, after)
    if due is not None:
        day = terms.start or after.calendar.start
        yield (
            f"Levers are simulated as in force all year; the case counts them from {day} on, when all are in "
            f"force, with a ramp of {terms.ramp_months} months."
        )
    if model.begins >= model.months:
        yield f"The change is in force from {model.begins_on} on: after all months of the case."
    if names := fading(before, after):
        told = " and ".join(names)
        yield f"That the effect of {told} halves is not in the case: it counts in full for good."
    if not _costs_something(terms, model):
        yield "The change costs nothing, as far as the scenario says: write business_case.once and running."
    if after.loop is not None and after.loop.owner and after.remedies:
        yield "What remedies cost that the loop chooses is not in the case."


def _costs_something(terms: BusinessCase, model: CaseModel) -> bool:
    """Whether the case has a cost of the change, or a line that is dearer with it."""
    dearer = (each.service.mean() < 0.0 or each.heads.mean() < 0.0 for each in model.differing)
    return bool(terms.once or terms.running or any(dearer))


def _off_the_grid(model: CaseModel, inputs: Mapping[str, float]) -> Iterator[str]:
    """What is to be said where what is expected lies beyond what was searched."""
    for name, axis in zip(INPUTS, model.response.axes, strict=True):
        if not axis[0] <= inputs[name] <= axis[-1]:
            words = name.replace("_", " ")
            yield (
                f"The {words} expected, {inputs[name]:.0%}, is beyond the grid ({axis[0]:.0%} to "
                f"{axis[-1]:.0%}): people stay as at its end, and lines that vary go on."
            )


def _rough(model: CaseModel, inputs: Mapping[str, float]) -> Iterator[str]:
    """What is to be said where the grid is too rough to tell sizes of the change apart."""
    grid, freed = model.response, full_effect(model, inputs)
    hours = float(freed @ model.yearly_h)
    if grid.errors.largest >= abs(hours) > 0.0:
        does = "frees" if hours > 0.0 else "takes"
        yield (
            f"Between its points the grid is off by up to {grid.errors.largest:,.0f} hours a year, and the "
            f"change {does} {abs(hours):,.0f}: whole people in small teams move in leaps. Believe the case "
            "as expected, which is simulated, more than its tornado."
        )
    steps = np.diff(grid.mains[0].sum(axis=1))
    if (steps > 0).any() and (steps < 0).any():
        yield "More of the change does not always free more people here: near sizes differ by chance."


def _not_had(grid: Response) -> Iterator[str]:
    """What is to be said of points of the grid with too few people."""
    points = sorted(grid.not_had, key=lambda point: sum(abs(x - CENTRE) for x in point))
    if points:
        yield (
            f"At {len(points)} of the {grid.nodes} points of the grid service is not all as before, "
            f"whoever comes (nearest to what is expected: {point_words(points[0])}): who would be missed "
            "there is not counted."
        )
