"""Two kinds of contacts and two pools of agents, exactly: the N-model.

Pool 1 serves kind 1 only; pool 2 serves both. Kind 1 goes to pool 1 first, then to pool 2. Handle times
belong to the pools, and are exponential, as patience is. Garnett and Mandelbaum 2000 ("An introduction to
skills-based routing and its operational complexities", section 2) name such designs by their letters.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Final, NamedTuple

import numpy as np

from sim.erlang.arguments import (
    NOT_NEGATIVE,
    POSITIVE,
    POSITIVE_OR_INF,
    Domain,
    Floats,
    checked,
    checked_whole,
)
from sim.erlang.chain import Moves, Offset, on_growing_grid, stationary

_ROOM: Final = 15  # waiting places to begin with, and standard deviations of their use
_WIDTHS: Final = 5.0
_MOST_PLACES: Final = 10
_MOST_PAIRS: Final = 10_000


class NModel(NamedTuple):
    """What the pair is; every field has two values: by kind 1 and 2, or by pool 1 and 2."""

    per_hour: Sequence[float]
    handle_s: Sequence[float]
    agents: Sequence[int]
    patience_s: Sequence[float]


class Pair(NamedTuple):
    """Means in steady state, arrays [2]: by kind, occupancy by pool."""

    delayed: Floats  # share of the offered that has to wait
    blocked: Floats  # share of the offered that finds no place
    abandoned: Floats  # share of the offered
    mean_wait_s: Floats  # of the offered, whatever becomes of them
    queue: Floats  # contacts that wait
    occupancy: Floats
    out_per_hour: float  # contacts that leave in one way or another


class _Rates(NamedTuple):
    """By the second; [2] each."""

    arrive: Floats
    finish: Floats
    leave: Floats
    agents: tuple[int, int]


def n_model(model: NModel, first: int = 2) -> Pair:
    """Solve the chain with static priority: a freed agent of pool 2 takes kind `first` first.

    Within a kind the first come is served first; there is no end of waiting places. ValueError for what is
    outside the domain, and where there are too many states: some 200 agents and
    contacts waiting in each pool.
    """
    if first not in (1, 2):
        raise ValueError(f"first: {first!r} is not a kind; give 1 or 2")
    rates = _rates(model, POSITIVE)
    one, two = rates.agents
    found = on_growing_grid(
        lambda shape: _priority_steps(rates, shape, first),
        (one + _room(rates, 0), two + _room(rates, 1)),
        (True, True),
        "give fewer agents, or use the simulator",
    )
    first_pool, second_pool = found.sum(axis=1), found.sum(axis=0)
    in_one, in_two = np.arange(len(first_pool)), np.arange(len(second_pool))
    queue = [first_pool @ np.maximum(in_one - one, 0), second_pool @ np.maximum(in_two - two, 0)]
    busy = [first_pool @ np.minimum(in_one, one), second_pool @ np.minimum(in_two, two)]
    return _measured(rates, [found[one:, two:].sum(), second_pool[two:].sum()], [0.0, 0.0], queue, busy)


def longest_waiting_first(model: NModel, places: int) -> Pair:
    """Solve the chain in which a freed agent takes whom it may serve that has waited longest.

    Both kinds share `places` waiting places; who finds them full, and no agent, is lost. `patience_s` may
    be inf. ValueError for what is outside the domain, and for more than 10 places: the order of the queue
    makes 2^places states.
    """
    rates = _rates(model, POSITIVE_OR_INF)
    places = checked_whole("places", places)
    if places > _MOST_PLACES:
        raise ValueError(
            f"places: {places} is not allowed, for the order of kinds in the queue makes 2^{places} states; "
            f"give at most {_MOST_PLACES}, or use n_model (static priority) or the simulator"
        )
    pairs = (rates.agents[0] + 1) * (rates.agents[1] + 1)
    if pairs > _MOST_PAIRS:
        raise ValueError(
            f"agents: {rates.agents[0]} and {rates.agents[1]} agents can be at work in {pairs} ways, and at "
            f"most {_MOST_PAIRS} are possible here; use n_model (static priority) or the simulator"
        )
    states = _ordered_states(rates.agents, places)
    found = stationary(np.array([s.contacts for s in states]), _ordered_moves(rates, states, places))
    return _ordered_measures(rates, states, found, places)


def _rates(model: NModel, patience: Domain) -> _Rates:
    pool_1, pool_2 = checked_pair("agents", model.agents, NOT_NEGATIVE)
    return _Rates(
        checked_pair("per_hour", model.per_hour, NOT_NEGATIVE) / 3600.0,
        1.0 / checked_pair("handle_s", model.handle_s, POSITIVE),
        1.0 / checked_pair("patience_s", model.patience_s, patience),
        (checked_whole("agents[0]", pool_1), checked_whole("agents[1]", pool_2, 1)),
    )


def checked_pair(name: str, values: Sequence[float], domain: Domain) -> Floats:
    """Two numbers, one for each kind or pool."""
    pair = checked(name, values, domain)
    if pair.shape != (2,):
        raise ValueError(f"{name}: an array of shape {pair.shape} is not allowed; give two numbers")
    return pair


def _priority_steps(rates: _Rates, shape: tuple[int, int], first: int) -> Mapping[Offset, Floats]:
    """Steps of (in pool 1 and waiting for it, in pool 2 and kind 2 waiting), in each cell.

    Kind 1 waits only while both pools are busy, so cells with kind 1 waiting beside a free pool 2 are
    never seen.
    """
    (one, two), (finish_1, finish_2) = rates.agents, rates.finish
    a, b = (axis.astype(float) for axis in np.indices(shape))
    busy_2 = np.minimum(b, two) * finish_2
    first_waits = (a > one) & (b >= two)
    helped = first_waits if first == 1 else first_waits & (b == two)  # pool 2 takes a waiting kind 1
    spills = (a >= one) & (b < two)
    return {
        (+1, 0): np.where(spills, 0.0, rates.arrive[0]),
        (0, +1): np.where(spills, rates.arrive[0], 0.0) + rates.arrive[1],
        (-1, 0): np.minimum(a, one) * finish_1
        + np.maximum(a - one, 0.0) * rates.leave[0]
        + np.where(helped, busy_2, 0.0),
        (0, -1): np.where(helped, 0.0, busy_2) + np.maximum(b - two, 0.0) * rates.leave[1],
    }


def _room(rates: _Rates, kind: int) -> int:
    """Places that are hardly ever taken, if none of a kind is served from the queue by the other pool."""
    arrive, finish, leave = (float(rate[kind]) for rate in (rates.arrive, rates.finish, rates.leave))
    ahead = max(0.0, arrive - (rates.agents[kind] - 1) * finish) / leave
    return math.ceil(ahead + _WIDTHS * math.sqrt(arrive / leave)) + _ROOM


def _measured(
    rates: _Rates, delayed: list[float], blocked: list[float], queue: list[float], busy: list[float]
) -> Pair:
    """Measures by kind and pool, from shares of time and means."""
    waiting, agents = np.array(queue), np.array(rates.agents)
    wait_s = waiting / np.where(rates.arrive > 0.0, rates.arrive, 1.0)
    out = busy @ rates.finish + waiting @ rates.leave + blocked @ rates.arrive
    return Pair(
        np.array(delayed),
        np.array(blocked),
        wait_s * rates.leave,
        wait_s,
        waiting,
        np.array(busy) / np.maximum(agents, 1),
        float(out * 3600.0),
    )


class _State(NamedTuple):
    """Agents at work by pool, and the kinds of those who wait, in their order."""

    one: int
    two: int
    queue: tuple[int, ...]

    @property
    def contacts(self) -> int:
        return self.one + self.two + len(self.queue)


def _ordered_states(agents: tuple[int, int], places: int) -> list[_State]:
    """All states; kind 2 alone may wait beside a free agent of pool 1."""
    one, two = agents
    states = [_State(a, b, ()) for a in range(one + 1) for b in range(two + 1)]
    for length in range(1, places + 1):
        states += [_State(a, two, (2,) * length) for a in range(one)]
        states += [_State(one, two, queue) for queue in product((1, 2), repeat=length)]
    return sorted(states, key=lambda s: s.contacts)


def _ordered_moves(rates: _Rates, states: list[_State], places: int) -> Moves:
    number = {state: i for i, state in enumerate(states)}
    rows = [
        (i, number[to], rate)
        for i, state in enumerate(states)
        for to, rate in (*_arrivals(rates, state, places), *_ends(rates, state))
    ]
    source, target, rate = zip(*rows, strict=True)
    return Moves(np.array(source), np.array(target), np.array(rate))


def _arrivals(rates: _Rates, state: _State, places: int) -> Iterator[tuple[_State, float]]:
    one, two, queue = state
    for kind in (1, 2):
        rate = float(rates.arrive[kind - 1])
        if kind == 1 and one < rates.agents[0]:
            yield _State(one + 1, two, queue), rate
        elif two < rates.agents[1]:
            yield _State(one, two + 1, queue), rate
        elif len(queue) < places:
            yield _State(one, two, (*queue, kind)), rate


def _ends(rates: _Rates, state: _State) -> Iterator[tuple[_State, float]]:
    """An agent becomes free and takes whom it may; somebody gives up."""
    one, two, queue = state
    if 1 in queue:
        yield _State(one, two, _without(queue, queue.index(1))), one * rates.finish[0]
    elif one:
        yield _State(one - 1, two, queue), one * rates.finish[0]
    if queue:
        yield _State(one, two, queue[1:]), two * rates.finish[1]
    elif two:
        yield _State(one, two - 1, queue), two * rates.finish[1]
    for place, kind in enumerate(queue):
        yield _State(one, two, _without(queue, place)), rates.leave[kind - 1]


def _without(queue: tuple[int, ...], place: int) -> tuple[int, ...]:
    return queue[:place] + queue[place + 1 :]


def _ordered_measures(rates: _Rates, states: list[_State], found: Floats, places: int) -> Pair:
    one = np.array([s.one for s in states])
    two = np.array([s.two for s in states])
    waiting = np.array([len(s.queue) for s in states])
    kind_1 = np.array([s.queue.count(1) for s in states])
    busy_2 = two == rates.agents[1]
    busy = busy_2 & (one == rates.agents[0])
    full = waiting == places
    return _measured(
        rates,
        [found[busy & ~full].sum(), found[busy_2 & ~full].sum()],
        [found[busy & full].sum(), found[busy_2 & full].sum()],
        [found @ kind_1, found @ (waiting - kind_1)],
        [found @ one, found @ two],
    )
