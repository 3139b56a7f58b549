"""Chats, several at a time for an agent and each slowed down by the others, exactly.

The Markov chain of (agents by number of chats), whose levels are the chats in hand. A chat in hand takes
an exponential time: `handle_s` alone, `handle_s * slowdown[k - 1]` while its agent has k. While all
agents have as many as they may, chats wait as in Erlang A with so many servers, so the queue needs no
states: its law is that line's, given that one waits. `sim.erlang.chat` approximates what is too large.
"""

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from sim.erlang.arguments import (
    NOT_NEGATIVE,
    POSITIVE,
    POSITIVE_OR_INF,
    Floats,
    checked,
    checked_number,
    checked_whole,
    known,
)
from sim.erlang.chain import Ints, Moves, affordable, joined, largest, stationary

_WIDTHS: Final = 12.0  # standard deviations of the queue's length beyond which it weighs nothing
_MOST_CHATS: Final = 50
_ODD: Final = 0x9E3779B97F4A7C15  # the golden ratio's bits: products spread over all numbers
_MORE: Final = 64.0
ROUTING: Final = ("least_loaded", "most_loaded")


class Chats(NamedTuple):
    """Means in steady state."""

    delayed: float  # share of the chats that does not get an agent at once
    abandoned: float  # share of the chats
    mean_wait_s: float  # whatever becomes of it
    queue: float  # chats that wait
    chats: float  # chats in hand
    active: float  # agents that have at least one
    occupancy: float  # active of all agents
    slots: float  # chats in hand of all that may be in hand at a time
    at_once: float  # chats in hand of an active agent
    duration_s: float  # from an agent's first to its last moment with a chat
    answered_per_hour: float


def chat_chain(
    per_hour: float,
    handle_s: float,
    slowdown: Sequence[float],
    agents: int,
    patience_s: float = math.inf,
    routing: str = "least_loaded",
) -> Chats:
    """Solve the chain; `slowdown` [most chats at a time] has 1 for a lone chat. Numbers, no other arrays.

    `routing`: a new chat goes to the agent with the fewest, or with the most, of those that may take one
    more. Overload without end of patience: queue and wait are inf. ValueError outside the domain, and
    where there are too many states: about 500 agents with two chats, 50 with three, 20 with four.
    """
    slows = slow_downs(slowdown)
    if not known(routing, ROUTING):
        raise ValueError(f"routing: {routing!r} is not known; give {' or '.join(ROUTING)}")
    arrive = checked_number("per_hour", per_hour, NOT_NEGATIVE) / 3600.0
    leave = 1.0 / checked_number("patience_s", patience_s, POSITIVE_OR_INF)
    handle_s, agents = checked_number("handle_s", handle_s, POSITIVE), checked_whole("agents", agents, 1)
    rates = np.arange(len(slows) + 1) / (handle_s * np.concatenate([[1.0], slows]))
    loads, found = _in_hand(arrive, rates, agents, routing == "most_loaded")
    return _measured(arrive, leave, rates, loads, found)


def slow_downs(slowdown: Sequence[float]) -> Floats:
    """How much longer a chat takes with 1, 2, ... at a time."""
    slows = checked("slowdown", slowdown, POSITIVE)
    if slows.ndim != 1 or not 0 < len(slows) <= _MOST_CHATS:
        raise ValueError(
            f"slowdown: an array of shape {slows.shape} is not allowed; give one number for each chat, "
            f"at most {_MOST_CHATS}"
        )
    return slows


def _in_hand(arrive: float, rates: Floats, agents: int, most: bool) -> tuple[Ints, Floats]:
    """States (agents by number of chats) [states, chats], and their probabilities while nobody waits."""
    _refuse_too_large(agents, len(rates) - 1)
    loads = _states(agents, len(rates) - 1)
    return loads, stationary(loads @ np.arange(len(rates)), _moves(arrive, rates, loads, most))


def _states(agents: int, slots: int) -> Ints:
    """All ways to have so many agents with 0, ..., `slots` chats, by the number of chats in hand."""
    free = np.array([[agents]])
    for _ in range(slots):  # split those whose number is still open, the last column
        rest = free[:, -1]
        rows = np.repeat(np.arange(len(free)), rest + 1)
        more = np.arange(len(rows)) - np.repeat(np.cumsum(rest + 1) - rest - 1, rest + 1)
        free = np.column_stack([free[rows, :-1], rest[rows] - more, more])
    return free[np.argsort(free @ np.arange(slots + 1), kind="stable")]


def _moves(arrive: float, rates: Floats, loads: Ints, most: bool) -> Moves:
    """A chat comes to the agent whose turn it is; one ends at any agent."""
    numbers = _Numbers(loads)
    room = loads[:, :-1] > 0
    slots = room.shape[1]
    to = slots - 1 - np.argmax(room[:, ::-1], axis=1) if most else np.argmax(room, axis=1)
    open_ = np.flatnonzero(room.any(axis=1))
    parts = [Moves(open_, numbers.moved(open_, to[open_], to[open_] + 1), np.full(len(open_), arrive))]
    for chats in range(1, slots + 1):
        some = np.flatnonzero(loads[:, chats])
        ends = numbers.moved(some, np.full(len(some), chats), np.full(len(some), chats - 1))
        parts.append(Moves(some, ends, loads[some, chats] * rates[chats]))
    return joined(parts)


class _Numbers:
    """Finds states again, by a number of 64 bits that is another for each (looked after)."""

    def __init__(self, loads: Ints) -> None:
        powers = np.cumprod(np.full(loads.shape[1], _ODD, np.uint64))
        self._weights = powers.astype(np.int64)  # overflows go round
        self._keys = loads @ self._weights
        self._order = np.argsort(self._keys)
        self._sorted = self._keys[self._order]
        if (self._sorted[1:] == self._sorted[:-1]).any():
            raise RuntimeError("two states have the same number")

    def moved(self, states: Ints, source: Ints, target: Ints) -> Ints:
        """The states in which one agent has gone from `source` chats to `target`."""
        keys = self._keys[states] - self._weights[source] + self._weights[target]
        return self._order[np.searchsorted(self._sorted, keys)]


def _measured(arrive: float, leave: float, rates: Floats, loads: Ints, found: Floats) -> Chats:
    """Measures, with the queue behind the full state put back."""
    agents, slots = int(loads[0].sum()), len(rates) - 1
    behind, waiting = _behind(arrive, float(agents * rates[-1]), leave)
    found[:-1] *= math.exp(-behind)  # the last state, all full, stands for all lengths of the queue
    found /= found.sum()
    delayed = float(found[-1])
    queue = delayed * waiting if delayed else 0.0
    chats, active = float(found @ (loads @ np.arange(slots + 1))), float(found @ loads[:, 1:].sum(axis=1))
    answered = float(found @ (loads @ rates))
    wait_s = queue / arrive if arrive else 0.0
    return Chats(
        delayed,
        leave * wait_s if leave else 0.0,
        wait_s,
        queue,
        chats,
        active,
        active / agents,
        chats / (agents * slots),
        chats / active if active else 0.0,
        chats / answered if answered else float(1.0 / rates[1]),
        answered * 3600.0,
    )


def _behind(arrive: float, served: float, leave: float) -> tuple[float, float]:
    """While all are full: the logarithm of 1 / P(nobody waits), and the mean number who wait.

    Of lengths q of the queue, weights are the products of arrive / (served + i leave), i = 1, ..., q.
    """
    if leave == 0.0:
        used = arrive / served
        return (-math.log1p(-used), used / (1.0 - used)) if used < 1.0 else (math.inf, math.inf)
    longest = max(0.0, (arrive - served) / leave) + _WIDTHS * math.sqrt(arrive / leave) + _MORE
    lengths = np.arange(math.ceil(longest))
    with np.errstate(divide="ignore"):
        logs = np.cumsum(np.log(np.append(1.0, arrive / (served + leave * lengths[1:]))))
    weights = np.exp(logs - logs.max())
    return float(np.log(weights.sum()) + logs.max()), float(weights @ lengths / weights.sum())


def _refuse_too_large(agents: int, slots: int) -> None:
    if _fits(agents, slots):
        return
    most = largest(lambda n: _fits(n, slots))
    raise ValueError(
        f"agents: the exact chain of {agents} agents with up to {slots} chats each has too many states; "
        f"at most {most} agents are possible with so many chats. Use chat.chat instead"
    )


def _fits(agents: int, slots: int) -> bool:
    return affordable(np.zeros(agents * slots)) and affordable(_sizes(agents, slots))


def _sizes(agents: int, slots: int) -> Floats:
    """How many states have 0, 1, ... chats in hand: the coefficients of a Gaussian binomial."""
    found = np.zeros(agents * slots + 1)
    found[0] = 1.0
    for chats in range(1, slots + 1):  # times (1 - x^(agents + chats)) / (1 - x^chats)
        found[agents + chats :] -= found[: max(0, len(found) - agents - chats)].copy()
        for start in range(chats):
            found[start::chats] = np.cumsum(found[start::chats])
    return found
