"""Many lines that differ in little: equal ones are solved once, and most rates are read off a curve.

Where a line has more rates than `FEW`, it is solved at `NODES` of them, and all others are read between by
the cubic through the nearest four; with 8 people, that is right to a millionth.
"""

import math
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.formula.busyness import CERTAIN, Factors
from sim.formula.columns import PER_CONTACT, ROW
from sim.formula.demand import Limits
from sim.formula.grid import Floats
from sim.formula.waiting import Asked, Config, solved
from sim.jit import routine

Ints = NDArray[np.int64]
FEW: Final = 64
NODES: Final = 128
_PART: Final = 4096  # pieces of many that mostly tell of all
_SPARE: Final = 1.25  # how much further than needed a curve goes: it is asked again, with those who try again
_DIGITS: Final = 9  # of rates and handle times: those that differ by rounding alone are solved once
_WHOLE: Final = 1e-6  # people: a smaller part of one counts for nothing


class State(NamedTuple):
    """What a line looks like in each piece: all arrays [piece]."""

    per_hour: Floats
    handle_s: Floats  # alone
    people: Floats  # need not be whole: as if the next whole numbers were there for a part of the time


class _Curve(NamedTuple):
    """Answers [row, node] at evenly spaced rates."""

    nodes: Floats
    answers: Floats

    def covers(self, rates: Floats) -> bool:
        return bool(self.nodes[0] <= rates.min() and rates.max() <= self.nodes[-1])


class Curves:
    """What becomes of each contact of a line, on average over busyness."""

    def __init__(self, asked: Asked, factors: Factors = CERTAIN) -> None:
        self._asked, self._factors = asked, factors
        self._known: dict[Config, _Curve] = {}
        self._rows = len(PER_CONTACT) + len(asked.limits.others)

    def at(self, state: State, rows: Sequence[int] | None = None) -> Floats:
        """Per contact that is offered: [PER_CONTACT and other limits, piece]; 0 where nothing comes.

        `rows`: only these of them.
        """
        chosen = list(range(self._rows)) if rows is None else list(rows)
        low = np.floor(state.people + _WHOLE)
        part = state.people - low
        found = self._of_whole(state._replace(people=low), chosen)
        between = np.flatnonzero((part > _WHOLE) & (state.per_hour > 0.0))
        if len(between):
            more = State(state.per_hour[between], state.handle_s[between], low[between] + 1.0)
            weight = part[between]
            found[:, between] = (1.0 - weight) * found[:, between] + weight * self._of_whole(more, chosen)
        return found

    def answered_within(self, state: State, contacts: Floats, times: Floats) -> Floats:
        """Contacts [piece] that are answered within each of several times (s): sums over all pieces."""
        asked = self._asked._replace(limits=Limits(math.inf, 0.0, tuple(times)))
        found = np.zeros(len(times))
        for config, rates, weights in _spread(state, contacts):
            answers = _mixed(asked, self._factors, config, rates)[len(PER_CONTACT) :]
            found += np.where(weights > 0.0, answers, 0.0) @ weights
        return found

    def _of_whole(self, state: State, chosen: list[int]) -> Floats:
        """The same for whole numbers of people."""
        found = np.zeros((len(chosen), len(state.per_hour)))
        busy = np.flatnonzero(state.per_hour > 0.0)
        for config, alike in _configs(State(*(each[busy] for each in state))):
            where = busy[alike]
            per_hour = state.per_hour[where]
            if self._asked.ends and _are_many(per_hour):
                curve = self._curve(config, per_hour)
                step = (curve.nodes[-1] - curve.nodes[0]) / (NODES - 1)
                read(curve.answers[chosen], curve.nodes[0], step, per_hour, where, found)
            else:  # few; or waits without end, which have a pole at full load that no cubic follows
                rates, back = np.unique(np.round(per_hour, _DIGITS), return_inverse=True)
                found[:, where] = _mixed(self._asked, self._factors, config, rates)[chosen][:, back]
        return found

    def _curve(self, config: Config, per_hour: Floats) -> _Curve:
        """The curve of a line that covers some rates."""
        curve = self._known.get(config)
        if curve is None or not curve.covers(per_hour):
            nodes = np.linspace(per_hour.min() / _SPARE, per_hour.max() * _SPARE, NODES)
            curve = self._known[config] = _Curve(nodes, _mixed(self._asked, self._factors, config, nodes))
        return curve


def _are_many(per_hour: Floats) -> bool:
    """Whether there are more than `FEW` rates; a part of many pieces mostly tells already."""
    part = np.unique(np.round(per_hour[:_PART], _DIGITS))
    return len(part) > FEW or (len(per_hour) > _PART and len(np.unique(np.round(per_hour, _DIGITS))) > FEW)


def _mixed(asked: Asked, factors: Factors, config: Config, rates: Floats) -> Floats:
    """Averages over busyness, each factor weighed by its contacts."""
    every = solved(asked, config, np.multiply.outer(factors.factors, rates).reshape(-1))
    every = every.reshape(len(every), len(factors.factors), -1)
    every[ROW["overflowed_squared"]] *= factors.factors[:, None]  # a square, and so weighed twice
    mixed: Floats = np.tensordot(factors.weights * factors.factors, every, axes=(0, 1))
    return mixed


def _spread(state: State, contacts: Floats) -> Iterator[tuple[Config, Floats, Floats]]:
    """Contacts by line and rate: of each line the rates, or the nearest of some, and their weights."""
    low = np.floor(state.people + _WHOLE)
    part = np.where(state.people - low > _WHOLE, state.people - low, 0.0)
    for people, weight in ((low, contacts * (1.0 - part)), (low + 1.0, contacts * part)):
        some = np.flatnonzero((weight > 0.0) & (state.per_hour > 0.0))
        for config, alike in _configs(State(state.per_hour[some], state.handle_s[some], people[some])):
            chosen = some[alike]
            rates, back = np.unique(np.round(state.per_hour[chosen], _DIGITS), return_inverse=True)
            if len(rates) > FEW:
                nodes = np.linspace(rates[0], rates[-1], FEW)
                back = np.round((rates[back] - nodes[0]) / (nodes[1] - nodes[0])).astype(int)
                rates = nodes
            yield config, rates, np.bincount(back, weight[chosen], len(rates)).astype(float)


def _configs(state: State) -> Iterator[tuple[Config, Ints]]:
    """The lines among pieces, and which pieces are of each."""
    if not len(state.per_hour):
        return
    handles, which = np.unique(np.round(state.handle_s, _DIGITS), return_inverse=True)
    people = state.people.astype(int)
    codes = which * (int(people.max()) + 1) + people
    order = np.argsort(codes, kind="stable")
    for alike in np.split(order, np.flatnonzero(np.diff(codes[order])) + 1):
        yield Config(float(handles[which[alike[0]]]), int(people[alike[0]])), alike


@routine
def read(answers: Floats, first: float, step: float, at: Floats, where: Ints, found: Floats) -> None:
    """Answers [row, node] on evenly spaced nodes, read elsewhere by the cubic through the nearest four.

    What is read `at` a place goes into `found` [row, piece], at the piece that `where` says.
    """
    for i in range(len(at)):
        place = (at[i] - first) / step
        left = min(max(int(place), 1), answers.shape[1] - 3)
        u = place - left
        before = -u * (u - 1.0) * (u - 2.0) / 6.0
        here = (u + 1.0) * (u - 1.0) * (u - 2.0) / 2.0
        after = -(u + 1.0) * u * (u - 2.0) / 2.0
        beyond = (u + 1.0) * u * (u - 1.0) / 6.0
        for row in range(len(answers)):
            found[row, where[i]] = (
                before * answers[row, left - 1]
                + here * answers[row, left]
                + after * answers[row, left + 1]
                + beyond * answers[row, left + 2]
            )
