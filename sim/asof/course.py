"""The course of a replication that goes on from a day: what the team decided before it, once more.

Until then nobody comes, and at each midnight the counters are those that were seen: so the loop takes the
decisions to which they lead. At the day, what stands there is put in; from then on the simulator counts.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sim.asof.counters import Midnights
from sim.asof.standing import Standing, put_in
from sim.compile import Model
from sim.layout import State, Tables
from sim.loop.agreed import Agreed
from sim.loop.controller import Controller, Learned


class Past(NamedTuple):
    """What a replication goes on from: the day (0: the first), what was seen up to it, what stands there."""

    day: int
    midnights: Midnights
    standing: Standing


class _Again(Controller):
    """The loop, whose open cases of past midnights are those that were seen."""

    def __init__(self, agreed: Agreed, tables: Tables, run: np.uint64, past: Past) -> None:
        super().__init__(agreed, tables, run)
        self.past = past

    def open_cases(self, day: int, state: State) -> tuple[int, int]:
        if day > self.past.day:
            return super().open_cases(day, state)
        seen = self.past.midnights
        return int(seen.open_cases[day]), int(seen.overdue[day])


class GoingOn:
    """The course of one replication, with a loop or without."""

    def __init__(self, model: Model, state: State, past: Past) -> None:
        self.model, self.past = model, past
        run = np.uint64(state.clock[0]["run"])
        self.loop = _Again(model.agreed, model.tables, run, past) if model.agreed else None
        self.stay: np.ndarray | None = None  # cases (CASE) solved lately that stay so

    @property
    def ticks(self) -> Sequence[int]:
        """The moments of decisions."""
        return self.loop.ticks if self.loop else (self._begins(),)

    def _begins(self) -> int:
        return int(self.model.almanac.midnights[self.past.day]) * 1_000_000

    def decide(self, n: int, state: State) -> None:
        """What happens at the midnight before day n, or, without a loop, at that before the day itself."""
        day = n if self.loop else self.past.day
        if day <= self.past.day:
            counts = self.past.midnights.counts[day]
            state.topics.view(np.int64).reshape(counts.shape)[:] = counts
        if self.loop:
            self.loop.decide(n, state)
        if day == self.past.day:
            self.stay = put_in(self.model, state, self.past.standing)

    def learned(self) -> Learned | None:
        """What the loop tells when the horizon is over."""
        return self.loop.learned() if self.loop else None
