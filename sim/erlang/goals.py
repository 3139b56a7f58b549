"""What a line is to achieve: one measure, or several at once, and whether so many agents do."""

import math
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from sim.erlang.arguments import NOT_NEGATIVE_OR_INF, SHARE, Floats, checked
from sim.erlang.levels import USUAL, USUAL_SHORT_S, Times, factors_of, level
from sim.erlang.solve import admitted_of, answered_of, solve
from sim.jit import compiled, routine

SLACK: Final = 1e-12  # relative: a value that misses by less stands on its limit


class Goals(NamedTuple):
    """Limits, numbers or arrays; None is none. All that are given must hold at once."""

    service_level: ArrayLike | None = None  # at least this share (0-1) ...
    within_s: ArrayLike = 20.0  # ... within so long
    definition: str = USUAL  # ... by this definition of `sim.erlang.levels`
    short_s: ArrayLike = USUAL_SHORT_S
    asa_s: ArrayLike | None = None  # at most, as all that follow
    mean_wait_s: ArrayLike | None = None
    occupancy: ArrayLike | None = None
    abandonment: ArrayLike | None = None
    delayed: ArrayLike | None = None
    blocked: ArrayLike | None = None
    queue: ArrayLike | None = None


_SHARES: Final = ("occupancy", "abandonment", "delayed", "blocked")
_LIMITS: Final = ("asa_s", "mean_wait_s", *_SHARES, "queue")


class Limits(NamedTuple):
    """Goals in one dimension; what is not asked for is a limit that everything meets. Times in seconds."""

    level: Floats
    within_s: Floats
    short_s: Floats
    asa_s: Floats
    mean_wait_s: Floats
    occupancy: Floats
    abandonment: Floats
    delayed: Floats
    blocked: Floats
    queue: Floats


def limits_of(goals: Goals) -> tuple[Limits, Floats]:
    """The checked limits, still to be broadcast, and the factors of the definition. ValueError if none."""
    given = [name for name in ("service_level", *_LIMITS) if getattr(goals, name) is not None]
    if not given:
        raise ValueError(
            f"goals: nothing is asked for; give at least one of service_level, {', '.join(_LIMITS)}"
        )
    level = np.array(-math.inf)
    if goals.service_level is not None:
        level = checked("service_level", goals.service_level, SHARE)
    within_s = checked("within_s", goals.within_s, NOT_NEGATIVE_OR_INF)
    short_s = checked("short_s", goals.short_s, NOT_NEGATIVE_OR_INF)
    rest = [_limit(name, getattr(goals, name)) for name in _LIMITS]
    return Limits(level, within_s, short_s, *rest), factors_of(goals.definition)


def _limit(name: str, value: ArrayLike | None) -> Floats:
    if value is None:
        return np.array(math.inf)
    return checked(name, value, SHARE if name in _SHARES else NOT_NEGATIVE_OR_INF)


class Limit(NamedTuple):
    """The limits of one line; times in handle times."""

    level: float
    within: float
    short: float
    asa: float
    mean_wait: float
    occupancy: float
    abandonment: float
    delayed: float
    blocked: float
    queue: float


@compiled
def limit_at(limits: Limits, k: int, handle_s: float) -> Limit:
    """The limits of line `k`."""
    return Limit(
        limits.level[k],
        limits.within_s[k] / handle_s,
        limits.short_s[k] / handle_s,
        limits.asa_s[k] / handle_s,
        limits.mean_wait_s[k] / handle_s,
        limits.occupancy[k],
        limits.abandonment[k],
        limits.delayed[k],
        limits.blocked[k],
        limits.queue[k],
    )


@routine
def meets(a: float, n: float, r: float, places: float, limit: Limit, factors: Floats) -> bool:
    """Whether a line meets all limits; who is not there answers nobody in time."""
    one = solve(a, n, r, places)
    more = 1.0 + SLACK
    if one.blocked > limit.blocked * more or one.delayed > limit.delayed * more:
        return False
    if one.abandoned > limit.abandonment * more or one.queue > limit.queue * more:
        return False
    if (min(a * answered_of(one), n) / n if n > 0.0 else 1.0) > limit.occupancy * more:
        return False
    if limit.asa < math.inf and not one.waited_answered <= answered_of(one) * limit.asa * more:
        return False
    if limit.asa < math.inf and answered_of(one) == 0.0:
        return False
    admitted = admitted_of(one)
    if limit.mean_wait < math.inf and (
        one.waited_answered + one.waited_abandoned > admitted * limit.mean_wait * more
        or answered_of(one) + one.abandoned == 0.0
    ):
        return False
    if limit.level == -math.inf:
        return True
    return level(a, n, r, places, one, Times(limit.within, limit.short), factors) >= limit.level * (
        1.0 - SLACK
    )
