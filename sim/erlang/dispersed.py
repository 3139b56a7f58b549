"""Days that are busier or quieter than expected: the rate of a line times a gamma factor of mean 1.

A factor of coefficient of variation cv multiplies all contacts of a day or interval, which is long enough to
be steady (Avramidis, Deslauriers and L'Ecuyer 2004, Management Science 50, p. 896). A busy day has more
contacts, so that shares and waits are ratios of means over days, each weighing by its contacts; occupancy,
queue and busy agents are means over time. Weighed so, the factor is gamma with a shape larger by 1. Means are
integrals by Gauss and Legendre on pieces that grow outward from where the line is just full, and from the
middle of the factor, exact to 1e-10. Days so busy that one comes in 10^17 or more are left out: without an
end to patience and places, all waits would be endless.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from sim.erlang.arguments import NOT_NEGATIVE_OR_INF, Domain, Floats, checked
from sim.erlang.levels import USUAL, USUAL_SHORT_S, VIRTUAL, factors_of, service_level
from sim.erlang.line import Line, erlangs
from sim.erlang.log_erlang_b import log_poisson
from sim.erlang.steady import Steady, steady
from sim.erlang.waits import Within, within

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(12)
_AWAY: Final = 2.0 ** np.arange(-26.0, 3.0)  # from the full line, as a share of its load
_SCORES: Final = np.array(
    [-8.8, -8.0, -7.2, -6.4, -5.6, -4.9, -4.2, -3.6, -3.1, -2.6, -2.1, -1.7, -1.3, -0.9, -0.45, 0.0]
)
_STEADY: Final = 1e-8  # a cv that is none
_CV: Final = Domain(most=100.0)  # beyond it the pieces would be too long for all digits
_NARROW: Final = 0.05  # up to which the factor is as good as normal when pieces are chosen


class _Days(NamedTuple):
    """A line on days of each factor, along a last axis that is added, and the weights of days by contacts."""

    line: Line
    factors: Floats
    weights: Floats


def dispersed_steady(line: Line, cv: ArrayLike) -> Steady:
    """`steady` over days whose factor has the coefficient of variation `cv`, 0 to 100."""
    days = _days(line, cv)
    each, weights = steady(days.line), days.weights
    by_time = weights / days.factors
    return Steady(
        blocked=_mean(each.blocked, weights),
        delayed=_mean(each.delayed, weights),
        answered=_mean(each.answered, weights),
        abandoned=_mean(each.abandoned, weights),
        asa_s=_mean(each.asa_s, weights * each.answered, ratio=True),
        mean_wait_s=_mean(each.mean_wait_s, weights * (1.0 - each.blocked), ratio=True),
        wait_abandoned_s=_mean(each.wait_abandoned_s, weights * each.abandoned, ratio=True),
        occupancy=_mean(each.occupancy, by_time),
        queue=_mean(each.queue, by_time),
        busy=_mean(each.busy, by_time),
    )


def dispersed_within(line: Line, seconds: ArrayLike, cv: ArrayLike) -> Within:
    """`within` over days: shares of all contacts of all days."""
    days = _days(line, cv, seconds)
    each = within(days.line, _last_axis("seconds", seconds))
    return Within(*(_mean(share, days.weights) for share in each))


def dispersed_service_level(
    line: Line,
    within_s: ArrayLike,
    cv: ArrayLike,
    definition: str = USUAL,
    short_s: ArrayLike = USUAL_SHORT_S,
) -> Floats:
    """`service_level` over days: what a definition counts above and below the line, each over all days."""
    days = _days(line, cv, within_s, short_s)
    times = _last_axis("within_s", within_s), _last_axis("short_s", short_s)
    factors = factors_of(definition)
    one = steady(days.line)
    if definition == VIRTUAL:
        level = service_level(days.line, times[0], definition)
        return _mean(level, days.weights * (1.0 - one.blocked), ratio=True)
    late, short = within(days.line, times[0]), within(days.line, times[1])
    columns = (one.answered, late.answered, one.abandoned, late.abandoned, short.abandoned)
    above, below = factors @ np.array([_mean(column, days.weights).ravel() for column in columns])
    shape = _mean(one.answered, days.weights + 0.0 * late.answered).shape
    share = np.divide(above, below, out=np.zeros(above.size), where=below > 0.0)
    return np.asarray(np.clip(share, 0.0, 1.0).reshape(shape))


def _mean(values: Floats, weights: Floats, ratio: bool = False) -> Floats:
    """The mean over the last axis; what has no weight does not count, even if it is inf."""
    values, weights = np.broadcast_arrays(values, weights)
    total = np.where(weights > 0.0, values, 0.0) * np.where(weights > 0.0, weights, 0.0)
    above = total.sum(axis=-1)
    if not ratio:
        return np.asarray(above)
    below = weights.sum(axis=-1)
    empty = values.max(axis=-1)  # nobody on any day: as on each of them
    return np.asarray(np.where(below > 0.0, above / np.where(below > 0.0, below, 1.0), empty))


def _last_axis(name: str, values: ArrayLike) -> Floats:
    return checked(name, values, NOT_NEGATIVE_OR_INF)[..., None]


def _days(line: Line, cv: ArrayLike, *others: ArrayLike) -> _Days:
    """The factors of days for lines of the common shape."""
    spread = checked("cv", cv, _CV)
    steady(line)  # refuses what is outside the domain
    fields = [np.asarray(field, float) for field in line]
    shape = np.broadcast_shapes(spread.shape, *(np.shape(array) for array in (*fields, *others)))
    spread, *fields = (np.broadcast_to(array, shape) for array in (spread, *fields))
    load, agents = erlangs(*fields[:2]), fields[2]
    full = np.divide(agents, load, out=np.ones(shape), where=load > 0.0)
    factors, weights = _factors(np.maximum(spread, _STEADY), np.minimum(full, 1e9))
    rate, *rest = (field[..., None] for field in fields)
    return _Days(Line(rate * factors, *rest), factors, weights)


def _factors(cv: Floats, full: Floats) -> tuple[Floats, Floats]:
    """Nodes and weights of the mean by contacts, along a last axis, where a factor `full` fills the line."""
    variance = cv * cv
    shape, ends = 1.0 + 1.0 / variance, special.ndtr(_SCORES)
    with np.errstate(over="ignore"):
        low = special.gammaincinv(shape[..., None], ends) * variance[..., None]
        high = special.gammainccinv(shape[..., None], ends[::-1]) * variance[..., None]
    scores = np.concatenate([_SCORES, -_SCORES[-2::-1]])
    middle = np.concatenate([low, high[..., 1:]], axis=-1)
    narrow = 1.0 + cv[..., None] * scores
    middle = np.where(cv[..., None] < _NARROW, narrow, middle)
    around = full[..., None] * np.concatenate([1.0 - _AWAY[_AWAY < 1.0], [1.0], 1.0 + _AWAY])
    edges = np.concatenate([middle, np.clip(around, middle[..., :1], middle[..., -1:])], axis=-1)
    edges = np.sort(edges, axis=-1)
    half = np.diff(edges)[..., None] / 2.0
    nodes = (edges[..., :-1, None] + half * (1.0 + _NODES)).reshape(*cv.shape, -1)
    weights = (half * _WEIGHTS).reshape(*cv.shape, -1)
    index = np.broadcast_to(1.0 / variance[..., None], nodes.shape)
    chance = log_poisson(index, nodes * index, (1.0 - nodes) * index)
    weights = weights * np.exp(chance) * index
    return nodes, weights / weights.sum(axis=-1, keepdims=True)
