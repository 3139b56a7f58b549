"""Courses of the tests' choosing: dials turned once, or all of them at random, again and again."""

from collections.abc import Callable, Sequence
from random import Random
from typing import Final

import numpy as np

from sim import drive
from sim.compile import Model, begin
from sim.fast import advance
from sim.layout import State
from tests.sim.logs import Keeper, Log

SECOND: Final = 1_000_000  # ticks
_HOUR: Final = 3_600 * SECOND
Dials = dict[str, dict[str, float]]

_OF_DIALS: Final[dict[str, tuple[float, ...]]] = {
    "contacts": (1.0, 1.0, 0.9, 0.5),
    "longer": (1.0, 0.7, 1.5),
    "deflects": (0.0, 0.0, 0.1, 0.4),
    "returns": (1.0, 0.0, 0.5, 1.8),
    "share": (0.0, 0.4, -0.3, -1.0),
    "hurry": (1.0, 0.5, 0.0),
}
_OF_COURSE: Final[dict[str, tuple[float, ...]]] = {
    "accuracy": (0.0, -0.4, 0.3, 1.0),
    "untagged": (1.0, 0.0, 2.0),
    "collisions": (1.0, 0.0, 3.0),
    "triage": (1.0, 0.5, 2.0),
    "tag_ticks": (0, 5 * SECOND, 60 * SECOND),
    "routed": (1, 0),
    "alarm_delay": (1.0, 0.0, 0.3, 3.0),
    "mitigation": (1.0, 0.1, 2.0),
    "starts": (1.0, 0.6, 0.0),
    "page_cuts": (0.0, 0.5, -0.2),
    "quality": (1.0, 0.6, 1.5),
}


def rows(model: Model) -> dict[str, int]:
    """Rows of dials by what they are of: all, streams.calls, causes.billing, side_work.duty, groups.ones."""
    names = ["all"]
    for section in ("streams", "causes", "side_work", "groups"):
        names += [f"{section}.{name}" for name in sorted(getattr(model.scenario, section))]
    return {name: row for row, name in enumerate(names)}


def turn(model: Model, state: State, dials: Dials, **course: float) -> None:
    """Turn dials, by what they are of and by their fields, and those of the course."""
    where = rows(model)
    for name, fields in dials.items():
        for field, value in fields.items():
            state.dials[where[name]][field] = value
    for field, value in course.items():
        state.course[0][field] = value


class Once:
    """Dials that are turned at one tick, by default before anything happens."""

    def __init__(self, model: Model, dials: Dials, at: int = 0, **course: float) -> None:
        self.ticks: Sequence[int] = (at,)
        self.turned = model, dials, course

    def decide(self, _n: int, state: State) -> None:
        model, dials, course = self.turned
        turn(model, state, dials, **course)


class Nothing:
    """A course that decides often, and never anything."""

    def __init__(self, model: Model) -> None:
        self.ticks: Sequence[int] = moments(model)

    def decide(self, n: int, _state: State) -> None:
        assert 0 <= n < len(self.ticks)


class AtRandom:
    """Turns all dials at random at each of its ticks, as a seed says; at some of them to neutral."""

    def __init__(self, model: Model, seed: int) -> None:
        self.ticks: Sequence[int] = moments(model)
        self.seed = seed

    def decide(self, n: int, state: State) -> None:
        rng = Random(f"dials of {self.seed} at {n}")
        first = rng.random() < 0.15
        for array, fields in ((state.dials, _OF_DIALS), (state.course, _OF_COURSE)):
            for row in array:
                for field, values in fields.items():
                    row[field] = values[0] if first else rng.choice(values)


def moments(model: Model) -> tuple[int, ...]:
    """Midnights, and odd hours between them: on the grain of the clock, some at the start of intervals."""
    midnights = [second * SECOND for second in model.almanac.midnights]
    return tuple(sorted({*midnights, *range(7 * _HOUR, midnights[-1], 5 * _HOUR), 9 * _HOUR + 60 * SECOND}))


class Followed:
    """A replication that was run to its end: its log, and the counters by tag."""

    def __init__(
        self,
        model: Model,
        course: drive.Course | None = None,
        engine: drive.Advance = advance,
        chunk: int | None = None,
        seed: int = 1,
    ) -> None:
        keeper = Keeper(model)
        state = drive.run(model, begin(model, seed, 0), keeper, chunk, engine, course)
        self.model, self.log, self.state = model, keeper.log(), state
        self.topics: np.ndarray = state.topics

    @property
    def contacts(self) -> np.ndarray:
        """The rows of contacts."""
        return self.log.contacts

    @property
    def cases(self) -> np.ndarray:
        """The rows of cases."""
        return self.log.cases


def difference(one: Followed, other: Followed, find: Callable[[Log, Log], str]) -> str:
    """Where two replications part: in their logs, or in what was counted by tag."""
    found = find(one.log, other.log)
    if not found and one.topics.tobytes() != other.topics.tobytes():
        return f"topics: {one.topics}\n  but {other.topics}"
    return found
