"""A plan as of a day: how far each target's probability has moved, and by what."""

import datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from sim.asof.learned import Volume
from sim.roadmap.standing import Standing

if TYPE_CHECKING:
    from sim.roadmap.plan import PlanResult

# Steps from the plan as it was made to now, in the order in which they are taken.
INPUTS: Final = "inputs changed"
PASSED: Final = "days passed"
BACKLOG: Final = "open work"
DECISIONS: Final = "decisions"
VOLUMES: Final = "volumes learned"


class Source(NamedTuple):
    """Where the facts are from."""

    files: tuple[str, ...]
    format: str
    rows: int
    first: datetime.date
    last: datetime.date


class Step(NamedTuple):
    """Where a target stands after a step, and by how much that has moved its probability."""

    name: str
    standing: Standing
    change: float  # NaN where there is no probability before it, or after it


class Moved(NamedTuple):
    """A target: as the plan was made, now, and the steps between, whose changes add up."""

    then: Standing
    now: Standing
    steps: tuple[Step, ...]
    untold: (
        str  # why its past days cannot be told, as a part of a sentence; "" where they can, or need not be
    )

    @property
    def change(self) -> float:
        """By how much the probability has moved; NaN where there is none."""
        return self.now.probability - self.then.probability


class AsOf(NamedTuple):
    """What is known of a plan as of a day."""

    date: datetime.date  # the first day that is simulated
    days: int  # days passed
    source: Source
    then: "PlanResult"  # the plan as it was made
    moved: tuple[Moved, ...]  # a target each, in their order
    volumes: tuple[Volume, ...]
    open_cases: int  # at the day
    waiting: int  # legs that wait, or are being worked on
    cautions: tuple[str, ...]


def certain(known: Standing) -> Standing:
    """Of days that are over: a probability of 0 or 1 without an interval, if it is known at all."""
    return known._replace(low=known.probability, high=known.probability)


def moved(then: Standing, after: list[tuple[str, Standing]], untold: str) -> Moved:
    """A target, from where it stood as the plan was made and after each step."""
    steps, before = [], then
    for name, standing in after:
        steps.append(Step(name, standing, standing.probability - before.probability))
        before = standing
    return Moved(then, before, tuple(steps), untold)
