"""How long contacts wait: shares within a time, tails and quantiles, exactly."""

import math
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from sim.erlang.arguments import NOT_NEGATIVE_OR_INF, Domain, Floats, checked, known
from sim.erlang.line import Line, Scaled, scaled
from sim.erlang.solve import Solved, admitted_of, answered_of, moment, solve
from sim.jit import code, compiled

WHOSE: Final = {"all": 0, "answered": 1, "abandoned": 2, "virtual": 3}
_ALL, _ANSWERED, _ABANDONED = (code(WHOSE[name]) for name in ("all", "answered", "abandoned"))
_INSIDE: Final = Domain(above=0.0, below=1.0)
_HALVINGS: Final = 200


class Within(NamedTuple):
    """Shares of the offered, by what has become of them within some time of their arrival."""

    answered: Floats
    abandoned: Floats


def within(line: Line, seconds: ArrayLike) -> Within:
    """Who is answered, and who gives up, within `seconds` (0 or more, or inf), as shares of the offered."""
    shape, lines, (times,) = scaled(line, checked("seconds", seconds, NOT_NEGATIVE_OR_INF))
    out = np.empty((2, times.size))
    _fill_within(lines, times, out)
    return Within(*(row.reshape(shape) for row in out))


def wait_tail(line: Line, seconds: ArrayLike, of: str = "all") -> Floats:
    """P(wait > seconds) of those not blocked (`all`), of the answered, of the abandoned, or `virtual`.

    The virtual wait is that of somebody who never gives up. 0 where there is nobody of the kind.
    """
    shape, lines, (times,) = scaled(line, checked("seconds", seconds, NOT_NEGATIVE_OR_INF))
    out = np.empty(times.size)
    _fill_tail(lines, times, _whose(of), out)
    return out.reshape(shape)


def wait_quantile(line: Line, share: ArrayLike, of: str = "answered") -> Floats:
    """The wait (s) that a `share` (above 0, below 1) of those `of` a kind does not exceed; see `wait_tail`.

    0 where so many do not wait; inf where so many wait for ever, or nobody is ever answered; to a relative
    1e-12.
    """
    shape, lines, (shares,) = scaled(line, checked("share", share, _INSIDE))
    out = np.empty(shares.size)
    _fill_quantile(lines, shares, _whose(of), out)
    return out.reshape(shape)


def _whose(of: str) -> int:
    if not known(of, WHOSE):
        raise ValueError(f"of: {of!r} is not allowed; give one of {', '.join(WHOSE)}")
    return code(WHOSE[of])


@compiled
def answered_and_abandoned(
    a: float, n: float, r: float, places: float, one: Solved, time: float
) -> tuple[float, float]:
    """Shares of the offered answered, and abandoned, within `time` (in handle times)."""
    if time == math.inf:
        return answered_of(one), one.abandoned
    then = moment(a, n, r, places, one, time)
    return then.answered, then.abandoned


@compiled
def tail(a: float, n: float, r: float, places: float, one: Solved, time: float, whose: int) -> float:
    """P(wait > time) of those of a kind."""
    if time == math.inf:
        return 0.0
    then = moment(a, n, r, places, one, time)
    if whose == _ANSWERED:
        return then.answered_later / answered_of(one) if answered_of(one) > 0.0 else 0.0
    waiting = math.exp(-r * time) * then.waiting_virtual
    if whose == _ABANDONED:
        return (
            min(max(waiting - then.answered_later, 0.0) / one.abandoned, 1.0) if one.abandoned > 0.0 else 0.0
        )
    admitted = admitted_of(one)
    if admitted <= 0.0:
        return 0.0
    return (waiting if whose == _ALL else then.waiting_virtual) / admitted


@compiled
def quantile(a: float, n: float, r: float, places: float, share: float, whose: int) -> float:
    """The time that a share does not exceed, by halving."""
    one = solve(a, n, r, places)
    if whose == _ANSWERED and answered_of(one) == 0.0:
        return math.inf
    if tail(a, n, r, places, one, 0.0, whose) <= 1.0 - share:
        return 0.0
    low, high = 0.0, 1.0
    while tail(a, n, r, places, one, high, whose) > 1.0 - share:
        low, high = high, 2.0 * high
        if high > 1e12:
            return math.inf
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        if tail(a, n, r, places, one, middle, whose) > 1.0 - share:
            low = middle
        else:
            high = middle
        if high - low <= 1e-13 * high:
            break
    return 0.5 * (low + high)


@compiled
def _fill_within(lines: Scaled, times: Floats, out: Floats) -> None:
    for k in range(len(times)):
        a, n, r, most = lines.load[k], lines.agents[k], lines.impatience[k], lines.places[k]
        one = solve(a, n, r, most)
        answered, abandoned = answered_and_abandoned(a, n, r, most, one, times[k] / lines.handle_s[k])
        out[0, k] = answered
        out[1, k] = abandoned


@compiled
def _fill_tail(lines: Scaled, times: Floats, whose: int, out: Floats) -> None:
    for k in range(len(times)):
        a, n, r, most = lines.load[k], lines.agents[k], lines.impatience[k], lines.places[k]
        out[k] = tail(a, n, r, most, solve(a, n, r, most), times[k] / lines.handle_s[k], whose)


@compiled
def _fill_quantile(lines: Scaled, shares: Floats, whose: int, out: Floats) -> None:
    for k in range(len(shares)):
        a, n, r, most = lines.load[k], lines.agents[k], lines.impatience[k], lines.places[k]
        out[k] = quantile(a, n, r, most, shares[k], whose) * lines.handle_s[k]
