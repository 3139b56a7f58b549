"""The other way round: how many agents a goal takes, what load agents can bear, how patient callers are."""

import math
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from sim.erlang.arguments import SHARE, Floats, checked
from sim.erlang.gamma import rest_below
from sim.erlang.goals import SLACK, Goals, Limit, Limits, limit_at, limits_of, meets
from sim.erlang.line import MOST_AGENTS, Line, Scaled, scaled
from sim.erlang.solve import solve
from sim.jit import compiled, routine

_HALVINGS: Final = 100
_EXACT: Final = 1e-14
_MOST_LOAD: Final = 1e9  # Erlangs; the work of lines that wait grows with the root of the load
_LEAST_LOAD: Final = 1e-300


def required_agents(
    per_hour: ArrayLike,
    handle_s: ArrayLike,
    goals: Goals,
    patience_s: ArrayLike = math.inf,
    places: ArrayLike = math.inf,
    whole: bool = True,
) -> Floats:
    """The fewest agents with which lines meet all goals; everything broadcasts.

    Whole numbers, or with `whole=False` the continuation to fractions (to a relative 1e-13). 0 where nobody
    comes; inf where not even a million agents are enough. Where callers give up, fewer agents than the
    load in Erlangs may do. Measures are monotone in the agents, so the search is by doubling and halving,
    from the square-root rule on.
    """
    limits, factors = limits_of(goals)
    shape, lines, flat_limits = scaled(Line(per_hour, handle_s, 0.0, patience_s, places), *limits)
    out = np.empty(lines.load.size)
    _fill_required(lines, Limits(*flat_limits), factors, whole, out)
    return out.reshape(shape)


def possible_load(
    agents: ArrayLike,
    handle_s: ArrayLike,
    goals: Goals,
    patience_s: ArrayLike = math.inf,
    places: ArrayLike = math.inf,
) -> Floats:
    """The most contacts an hour with which so many agents meet all goals (to a relative 1e-13).

    inf where a billion Erlangs will do (without places, any load), 0 where none will. Goals are met to a
    relative 1e-12, so that of a share within 1e-6 of 1 the load has fewer digits; of Erlang B,
    `sim.erlang.loss.load_for_blocking` has them all.
    """
    limits, factors = limits_of(goals)
    shape, lines, flat_limits = scaled(Line(0.0, handle_s, agents, patience_s, places), *limits)
    out = np.empty(lines.load.size)
    _fill_possible(lines, Limits(*flat_limits), factors, out)
    return out.reshape(shape)


def patience_of(
    abandonment: ArrayLike, per_hour: ArrayLike, handle_s: ArrayLike, agents: ArrayLike
) -> Floats:
    """The mean patience (s) with which a share `abandonment` of the contacts gives up (Erlang A).

    inf where even endlessly patient contacts leave no less unanswered (overload); 0 where more is asked
    for than are lost when nobody waits at all (Erlang B).
    """
    shape, lines, (shares,) = scaled(
        Line(per_hour, handle_s, agents), checked("abandonment", abandonment, SHARE)
    )
    out = np.empty(shares.size)
    _fill_patience(lines.load, lines.agents, lines.handle_s, shares, out)
    return out.reshape(shape)


@compiled
def _fill_required(lines: Scaled, limits: Limits, factors: Floats, whole: bool, out: Floats) -> None:
    for k in range(len(out)):
        limit = limit_at(limits, k, lines.handle_s[k])
        a, r, places = lines.load[k], lines.impatience[k], lines.places[k]
        out[k] = required(a, r, places, limit, factors) if a > 0.0 else 0.0
        if not whole and 0.0 < out[k] < math.inf:
            out[k] = _fraction_of(a, r, places, limit, factors, out[k])


@compiled
def required(a: float, r: float, places: float, limit: Limit, factors: Floats) -> float:
    """The fewest whole agents that meet a limit; inf if a million do not."""
    if _out_of_reach(r, places, limit):
        return math.inf
    if r == 0.0 and places == math.inf and _keeps_up(limit):
        return _required_patient(a, limit)
    few, enough = -1.0, math.inf
    fluid = a * math.exp(-r * limit.within) if limit.level > 0.0 else a  # all who stay wait just so long
    agents = min(float(math.floor(min(fluid + 0.5 * math.sqrt(a), MOST_AGENTS))) + 1.0, MOST_AGENTS)
    step = math.floor(0.25 * math.sqrt(min(a, MOST_AGENTS))) + 1.0
    while enough - few > 1.0:
        if meets(a, agents, r, places, limit, factors):
            enough = agents
        else:
            few = agents
        if enough == math.inf:
            if few >= MOST_AGENTS:
                return math.inf
            agents = min(few + step, MOST_AGENTS)
            step *= 2.0
        elif few < 0.0:
            if enough == 0.0:
                return 0.0
            agents = max(enough - step, 0.0)
            step *= 2.0
        else:
            agents = math.floor(0.5 * (few + enough))
    return enough


@compiled
def _out_of_reach(r: float, places: float, limit: Limit) -> bool:
    """Whether a limit wants a chance to be 0, which it is with no number of agents, however small it gets."""
    waits = min(limit.asa, limit.mean_wait, limit.queue, limit.delayed)
    late = limit.level >= 1.0 and limit.within < math.inf
    if places > 0.0 and (waits == 0.0 or late or (r > 0.0 and limit.abandonment == 0.0)):
        return True
    return limit.occupancy == 0.0 or (places < math.inf and limit.blocked == 0.0)


@compiled
def _keeps_up(limit: Limit) -> bool:
    """Whether a limit takes more agents than there is work, where nobody gives up."""
    waits = min(limit.asa, limit.mean_wait, limit.queue)
    return limit.level > 0.0 or waits < math.inf or min(limit.occupancy, limit.delayed) < 1.0


@routine
def _required_patient(a: float, limit: Limit) -> float:
    """As `required`, for Erlang C, which is asked for most: one agent more is one step of the recursion

    1 / B(n + 1) = 1 + (n + 1)/a · 1/B(n) (Jagerman 1984, Bell System Technical Journal 63, p. 1283), and
    few are needed beyond the work: some √a.
    """
    least = a / limit.occupancy * (1.0 - SLACK) if 0.0 < limit.occupancy < 1.0 else a
    if max(a, least) > MOST_AGENTS or limit.occupancy == 0.0:
        return math.inf
    agents = max(math.floor(a) + 1.0, math.ceil(least))
    ahead, more = rest_below(agents, a), 1.0 + SLACK
    while agents <= MOST_AGENTS:
        spare = agents - a
        delayed = 1.0 / (1.0 + spare / agents * ahead)
        wait = delayed / spare
        if (
            1.0 - delayed * math.exp(-spare * limit.within) >= limit.level * (1.0 - SLACK)
            and wait <= min(limit.asa, limit.mean_wait) * more
            and a * wait <= limit.queue * more
            and delayed <= limit.delayed * more
        ):
            return agents
        agents += 1.0
        ahead = agents / a * (1.0 + ahead)
    return math.inf


@compiled
def _fraction_of(a: float, r: float, places: float, limit: Limit, factors: Floats, enough: float) -> float:
    """The fewest agents in fractions, given the fewest whole ones."""
    few = enough - 1.0
    for _ in range(_HALVINGS):
        if enough - few <= _EXACT * enough:
            break
        middle = 0.5 * (few + enough)
        if meets(a, middle, r, places, limit, factors):
            enough = middle
        else:
            few = middle
    return enough


@compiled
def _fill_possible(lines: Scaled, limits: Limits, factors: Floats, out: Floats) -> None:
    for k in range(len(out)):
        limit = limit_at(limits, k, lines.handle_s[k])
        n, r, places = lines.agents[k], lines.impatience[k], lines.places[k]
        out[k] = _most_load(n, r, places, limit, factors) * 3600.0 / lines.handle_s[k]


@compiled
def _most_load(n: float, r: float, places: float, limit: Limit, factors: Floats) -> float:
    """The largest load that so many agents bear; by doubling and halving."""
    low, high = 0.0, max(n, 1.0)
    if _out_of_reach(r, places, limit):
        return 0.0
    while meets(high, n, r, places, limit, factors):
        low, high = high, 2.0 * high
        if high > _MOST_LOAD and (places > 0.0 or high == math.inf):
            return math.inf
    while low == 0.0 and high > _LEAST_LOAD:
        if meets(0.5 * high, n, r, places, limit, factors):
            low = 0.5 * high
        else:
            high *= 0.5
    for _ in range(_HALVINGS):
        if high - low <= _EXACT * high:
            break
        middle = 0.5 * (low + high)
        if meets(middle, n, r, places, limit, factors):
            low = middle
        else:
            high = middle
    return low


@compiled
def _fill_patience(load: Floats, agents: Floats, handle_s: Floats, shares: Floats, out: Floats) -> None:
    for k in range(len(out)):
        rate = _impatience(load[k], agents[k], shares[k])
        out[k] = handle_s[k] / rate if rate > 0.0 else math.inf


@compiled
def _impatience(a: float, n: float, share: float) -> float:
    """Handle time / patience such that a share gives up; by halving its logarithm."""
    if share >= solve(a, n, 0.0, 0.0).blocked:
        return math.inf
    if share <= max(0.0, 1.0 - n / a if a > 0.0 else 0.0):
        return 0.0
    low, high = -21.0, 28.0  # natural logarithms
    if solve(a, n, math.exp(low), math.inf).abandoned >= share:
        return 0.0
    for _ in range(_HALVINGS):
        if high - low <= _EXACT:
            break
        middle = 0.5 * (low + high)
        if solve(a, n, math.exp(middle), math.inf).abandoned < share:
            low = middle
        else:
            high = middle
    return math.exp(0.5 * (low + high))
