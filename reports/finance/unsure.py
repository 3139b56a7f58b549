"""How sure a business case is: one input at a time, all of them together, and where each would break it even.

Ranges are triangular: between their least and their most hopeful end, most likely as expected (Law 2015,
"Simulation Modeling and Analysis", section 6.11).
"""

import math
from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np

from reports.finance.case import EXPECTED, CaseModel, Chance, flows
from scenarios.business_case import SIMULATED, UNSURE, BusinessCase, Range
from sim.loop.changes import triangular
from sim.measure import Floats

DRAWS: Final = 4000
P10, P50, P90 = 0.10, 0.50, 0.90
_STEPS: Final = 120  # values tried between the ends where a case may break even
_HALVINGS: Final = 40
_MOST: Final = 4.0  # factors are looked at up to this


class Swing(NamedTuple):
    """What one input does to the net present value, all others as expected."""

    name: str
    low: float  # the input at P10, counted from its least hopeful end
    high: float
    at_low: float  # the value there
    at_high: float

    @property
    def swing(self) -> float:
        return abs(self.at_high - self.at_low)

    @property
    def decides(self) -> bool:
        """Whether the case is worth it at one end, and not at the other."""
        return (self.at_low < 0.0) != (self.at_high < 0.0)


class Break(NamedTuple):
    """Where an input makes the case worth nothing, all others as expected; none, one or several places."""

    name: str
    expected: float
    at: tuple[float, ...]
    looked: tuple[float, float]  # between which values


class Distribution(NamedTuple):
    """The net present value over all that is unsure, chance included.

    `shares` is the squared rank correlation of each input with it, as shares of their sum.
    """

    draws: int
    p10: float
    p50: float
    p90: float
    mean: float
    pays_back: float  # probability that cash is not below zero at the end of the period
    se: float  # of that, from the number of draws
    shares: tuple[tuple[str, float], ...]


def quantile(given: Range, share: float) -> float:
    """The value of which a range is on the less hopeful side with this probability."""
    return triangular(given.low, given.expected, given.high, share)


def expected_of(terms: BusinessCase) -> dict[str, float]:
    """All inputs as they are expected."""
    return EXPECTED | {name: given.expected for name, given in terms.ranges.items()}


def worth(model: CaseModel, inputs: Mapping[str, Floats | float], chance: Chance | None = None) -> Floats:
    """The net present value [draw]."""
    return _present(model, flows(model, inputs, chance).net)


def _present(model: CaseModel, net: Floats) -> Floats:
    """What cash by [draw, month] is worth at the start."""
    found: Floats = net @ (1.0 + model.yearly_rate) ** (-np.arange(model.months) / 12.0)
    return found


def tornado_of(model: CaseModel, terms: BusinessCase) -> tuple[Swing, ...]:
    """One input at a time at P10 and P90, what moves the value most first."""
    usual = expected_of(terms)
    found = []
    for name, given in terms.ranges.items():
        ends = quantile(given, P10), quantile(given, P90)
        values = worth(model, {**usual, name: np.array(ends)})
        found.append(Swing(name, *ends, float(values[0]), float(values[1])))
    return tuple(sorted(found, key=lambda each: (-each.swing, UNSURE.index(each.name))))


def ends_of(model: CaseModel, terms: BusinessCase) -> tuple[float, float]:
    """The value with every input at its least, and at its most hopeful end; the worse first."""
    usual, ranges = expected_of(terms), terms.ranges.items()
    low, high = ({name: getattr(given, end) for name, given in ranges} for end in ("low", "high"))
    ends = sorted(float(worth(model, {**usual, **each})[0]) for each in (low, high))
    return ends[0], ends[1]


def distribution_of(model: CaseModel, terms: BusinessCase, seed: int, draws: int = DRAWS) -> Distribution:
    """All inputs drawn at once, each case on the chances of one replication, and of one search for people."""
    generator = np.random.Generator(np.random.PCG64(seed))
    inputs: dict[str, Floats | float] = dict(expected_of(terms))
    drawn = dict[str, Floats]()
    for name in UNSURE:  # in the order of the list, so that a range more changes no other draws
        uniform = generator.random(draws)
        if name in terms.ranges:
            drawn[name] = np.array([quantile(terms.ranges[name], u) for u in uniform.tolist()])
    seen = [len(each.saved) for each in model.varying] + [len(each.service) for each in model.differing]
    replications = min(seen, default=1)
    chance = Chance(
        generator.integers(0, replications, draws),
        generator.integers(0, len(model.response.by_chance), draws),
    )
    net = flows(model, {**inputs, **drawn}, chance).net
    values = _present(model, net)
    share = float((net.sum(axis=1) >= 0.0).mean())
    low, middle, high = np.quantile(values, [P10, P50, P90]).tolist()
    se = math.sqrt(share * (1.0 - share) / draws)
    return Distribution(draws, low, middle, high, float(values.mean()), share, se, _shares(drawn, values))


def _shares(drawn: Mapping[str, Floats], values: Floats) -> tuple[tuple[str, float], ...]:
    """How much of the spread each input makes, by squared rank correlation; the largest first."""
    ranks = _ranks(values)
    if not drawn or ranks.std() == 0.0:
        return ()
    squares = {
        name: float(np.corrcoef(_ranks(each), ranks)[0, 1] ** 2) if each.std() > 0 else 0.0
        for name, each in drawn.items()
    }
    whole = sum(squares.values()) or 1.0
    shares = [(name, square / whole) for name, square in squares.items()]
    return tuple(sorted(shares, key=lambda each: (-each[1], UNSURE.index(each[0]))))


def _ranks(values: Floats) -> Floats:
    """Ranks; equal values share the mean of theirs."""
    _, which, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts).astype(float)
    found: Floats = (last - (counts - 1) / 2.0)[which.reshape(-1)]
    return found


def breaks_of(model: CaseModel, terms: BusinessCase) -> tuple[Break, ...]:
    """Where each input alone would make the case worth nothing."""
    usual = expected_of(terms)
    return tuple(_break(model, usual, name) for name in UNSURE)


def _looked(model: CaseModel, name: str) -> tuple[float, float]:
    """Between which values of an input a case may break even: those of its grid, or likely ones."""
    if name in SIMULATED:
        axis = model.response.axes[SIMULATED.index(name)]
        return float(axis[0]), float(axis[-1])
    return (0.0, float(model.months)) if name == "delay_months" else (0.0, _MOST)


def _break(model: CaseModel, usual: Mapping[str, float], name: str) -> Break:
    ends = _looked(model, name)
    tried = np.linspace(*ends, _STEPS + 1)
    values = worth(model, {**usual, name: tried})
    places = np.flatnonzero((values[:-1] < 0) != (values[1:] < 0)).tolist()
    found = [_halved(model, usual, name, (float(tried[n]), float(tried[n + 1]))) for n in places]
    return Break(name, usual[name], tuple(found), ends)


def _halved(model: CaseModel, usual: Mapping[str, float], name: str, between: tuple[float, float]) -> float:
    """The place where the value changes its sign; whole people may make it jump there."""
    low, high = between
    first = float(worth(model, {**usual, name: low})[0]) < 0.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2.0
        if (float(worth(model, {**usual, name: middle})[0]) < 0.0) == first:
            low = middle
        else:
            high = middle
    return (low + high) / 2.0
