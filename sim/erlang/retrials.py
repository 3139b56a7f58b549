"""Erlang X: lines whose lost contacts try again, as a fixed point; and how many agents that takes.

Attempts are taken for a Poisson stream of a higher rate, r: of its contacts a share q = share * lost(r)
tries again, at most `attempts` times each, so that

    r = fresh (1 + q + ... + q^attempts)

(Cohen 1957, Philips Telecommunication Review 18, p. 49; Koole 2013, "Call Center Optimization", chapter 9,
gives it the name). Whatever `Line` answers holds at that rate, per attempt. What is lost rises with r
more slowly than r itself, so there is one solution. It is exact for long times between attempts, and too
favourable for short ones, when those who try again find the line as busy as they left it:
`sim.erlang.retrial_chain` is exact, for smaller lines.
"""

import math
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from sim.erlang import required
from sim.erlang.arguments import NOT_NEGATIVE, SHARE, Domain, Floats, checked
from sim.erlang.goals import Goals, Limit, Limits, limit_at, limits_of, meets
from sim.erlang.line import Line, Scaled, scaled
from sim.erlang.solve import Solved, answered_of, solve
from sim.erlang.steady import Steady, steady
from sim.jit import compiled

OF: Final = ("abandoned", "blocked")
_ATTEMPTS: Final = Domain(least=0.0, finite=False)
_TURNS: Final = 500
_EXACT: Final = 4e-16  # relative
_FLOOD: Final = 1e3  # times the work and the agents: the line while retries grow without end
_MOST_AGENTS: Final = 1e6


class Retry(NamedTuple):
    """Who tries again: numbers or arrays, which broadcast with the line's."""

    share: ArrayLike  # of those lost
    attempts: ArrayLike | None = None  # most retries of one contact; None or inf: no limit
    of: tuple[str, ...] = OF  # which losses


class Retrials(NamedTuple):
    """A line with retries, arrays; rates are inf where retries grow without end."""

    attempts_per_hour: Floats  # fresh contacts and retries
    retries_per_hour: Floats
    per_contact: Floats  # attempts of a fresh contact
    lost: Floats  # share of the fresh contacts that is never answered
    line: Line  # at the rate of the attempts (of a flood, where they grow without end)
    steady: Steady  # per attempt


def with_retries(line: Line, retry: Retry) -> Retrials:
    """The line at the rate of all attempts; `line.per_hour` are fresh contacts. Everything broadcasts.

    For other measures ask `service_level`, `within` and so on about the `line` of the answer. Where more
    comes than can be answered, and everybody tries again without limit, the rates are inf.
    """
    shape, lines, (share, tries) = scaled(line, *_checked(retry))
    out = np.empty((3, share.size))
    _fill(lines, share, tries, _of(retry), out)
    load, per_contact, lost = out
    fresh = np.broadcast_to(checked("per_hour", line.per_hour, NOT_NEGATIVE), shape)
    again = ((load - lines.load) * 3600.0 / lines.handle_s).reshape(shape)
    swamped = np.isinf(per_contact).reshape(shape) & (fresh > 0.0)
    retries = np.where(swamped, math.inf, again)
    busier = line._replace(per_hour=fresh + again)
    return Retrials(
        fresh + retries, retries, per_contact.reshape(shape), lost.reshape(shape), busier, steady(busier)
    )


def required_agents(
    per_hour: ArrayLike,
    handle_s: ArrayLike,
    goals: Goals,
    retry: Retry,
    patience_s: ArrayLike = math.inf,
    places: ArrayLike = math.inf,
) -> Floats:
    """The fewest whole agents with which the line with retries meets all goals (of attempts).

    0 where nothing comes; inf where a million do not. See `sim.erlang.required.required_agents`.
    """
    limits, factors = limits_of(goals)
    line = Line(per_hour, handle_s, 0.0, patience_s, places)
    shape, lines, (share, tries, *flat) = scaled(line, *_checked(retry), *limits)
    least = required.required_agents(per_hour, handle_s, goals, patience_s, places)
    out = np.array(np.broadcast_to(least, shape)).reshape(-1)
    _fill_required(lines, share, tries, _of(retry), Limits(*flat), factors, out)
    return out.reshape(shape)


def _checked(retry: Retry) -> tuple[Floats, Floats]:
    """The share, and the most attempts: retries and one more."""
    attempts = checked("attempts", math.inf if retry.attempts is None else retry.attempts, _ATTEMPTS)
    if (attempts != np.floor(attempts)).any():
        raise ValueError("attempts: fractions are not allowed; give whole numbers of retries, or None")
    return checked("share", retry.share, SHARE), attempts + 1.0


def _of(retry: Retry) -> Floats:
    """Which losses try again, as factors [2] of the abandoned and the blocked."""
    for name in retry.of:
        if name not in OF:
            raise ValueError(f"of: {name!r} is not known; give some of {', '.join(OF)}")
    return np.array([name in retry.of for name in OF], float)


class _Again(NamedTuple):
    """Who tries again, of one line."""

    share: float
    tries: float
    abandoned: float  # 1 or 0
    blocked: float


class _Losses(NamedTuple):
    """What becomes of a fresh contact at one rate of attempts."""

    per_contact: float
    lost: float


@compiled
def _losses(one: Solved, again: _Again) -> _Losses:
    """Attempts of a contact, 1 + q + ... + q^(tries - 1), and its chance to give up for good.

    Sums of what is positive, without 1 - q: a million attempts may hang on its last digits.
    """
    lost = again.abandoned * one.abandoned + again.blocked * one.blocked
    other = (1.0 - again.abandoned) * one.abandoned + (1.0 - again.blocked) * one.blocked
    stays = (1.0 - again.share) + again.share * (answered_of(one) + other)  # 1 - q
    if stays <= 0.0:
        return _Losses(again.tries, 1.0)
    logarithm = math.log1p(-stays) if stays < 1.0 else -math.inf
    after_all = math.exp(again.tries * logarithm)  # q^tries
    total = -math.expm1(again.tries * logarithm) / stays
    return _Losses(total, min(total * ((1.0 - again.share) * lost + other) + after_all, 1.0))


@compiled
def _borne(n: float, r: float, places: float, again: _Again) -> float:
    """The load that is answered, or lost without trying again, however much comes."""
    if places == math.inf:
        return n if r > 0.0 and again.abandoned > 0.0 else math.inf
    return n + (1.0 - again.abandoned) * r * places if again.blocked > 0.0 else math.inf


@compiled
def _attempts(fresh: float, n: float, r: float, places: float, again: _Again) -> float:
    """The load of all attempts, less what comes of it rises with it: by false position (Illinois); or inf."""
    if again.share == 1.0 and again.tries == math.inf and fresh >= _borne(n, r, places, again):
        return math.inf if fresh > 0.0 else 0.0
    low = high = load = fresh
    below = above = side = 0.0
    for turn in range(_TURNS):
        value = load - fresh * _losses(solve(load, n, r, places), again).per_contact
        if value <= 0.0:
            above = above * 0.5 if side < 0.0 else above
            low, below, side = load, value, -1.0
        else:
            below = below * 0.5 if side > 0.0 else below
            high, above, side = load, value, 1.0
        if above == 0.0 and value < 0.0:  # nothing above is known yet
            load, high, side = 2.0 * load, math.inf, 0.0
            continue
        if value == 0.0 or high - low <= _EXACT * high:
            return load
        load = low - below * (high - low) / (above - below)
        if turn % 4 == 0 or not low < load < high:  # false positions may come from one side for long
            load = 0.5 * (low + high)
    return load


@compiled
def _fill(lines: Scaled, share: Floats, tries: Floats, of: Floats, out: Floats) -> None:
    for k in range(len(share)):
        again = _Again(share[k], tries[k], of[0], of[1])
        a, n, r, places = lines.load[k], lines.agents[k], lines.impatience[k], lines.places[k]
        load = _attempts(a, n, r, places, again)
        if load < math.inf:
            out[0, k] = load
            losses = _losses(solve(load, n, r, places), again)
            out[1, k], out[2, k] = losses.per_contact, losses.lost
        else:
            out[0, k], out[1, k], out[2, k] = _FLOOD * (a + n), math.inf, max(1.0 - n / a, 0.0)


@compiled
def _fill_required(
    lines: Scaled, share: Floats, tries: Floats, of: Floats, limits: Limits, factors: Floats, out: Floats
) -> None:
    for k in range(len(out)):
        again = _Again(share[k], tries[k], of[0], of[1])
        limit = limit_at(limits, k, lines.handle_s[k])
        out[k] = _required(out[k], lines.load[k], lines.impatience[k], lines.places[k], again, limit, factors)


@compiled
def _required(
    least: float, a: float, r: float, places: float, again: _Again, limit: Limit, factors: Floats
) -> float:
    """The fewest agents from the `least` that do without retries: doubling the distance, then halving it."""
    few, enough, agents, step = least - 1.0, math.inf, least, 1.0
    while a > 0.0 and enough - few > 1.0:
        if agents > _MOST_AGENTS:
            return math.inf
        if _meets(a, agents, r, places, again, limit, factors):
            enough = agents
        else:
            few = agents
        agents, step = (
            (few + step, 2.0 * step) if enough == math.inf else (math.floor(0.5 * (few + enough)), step)
        )
    return enough if a > 0.0 else 0.0


@compiled
def _meets(a: float, n: float, r: float, places: float, again: _Again, limit: Limit, factors: Floats) -> bool:
    load = _attempts(a, n, r, places, again)
    return load < math.inf and bool(meets(load, n, r, places, limit, factors))
