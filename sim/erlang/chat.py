"""Chats, several at a time for an agent and each slowed down by the others: fast, for teams of any size.

New chats go to the agent with the fewest. Then the number k of chats in hand nearly says who has how
many: all agents have q or q + 1 of them, but for the few who have just finished one and are next in turn.
While k hardly moves, those h come and go by themselves, up at the rate at which agents with q chats
finish one, down at that of arrivals; so the mean rate at which k chats end is a sum over h, and k is a
birth-and-death process. Everything behind that, the queue and its waits, is exact given that all are
full: Erlang A with as many servers as chats in all.

Exact for one chat at a time, and whenever chats do not slow each other down. Else the share delayed is
within 0.001 of the exact chain's (`sim.erlang.chat_chain`), mostly within 0.3 % of itself where the team
is loaded to 90 % or more, and occupancy and durations within 0.6 %; the larger the team, the better.
tests/erlang/test_chat.py has the figures. For small teams ask the chain.
"""

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.erlang import levels, waits
from sim.erlang.arguments import NOT_NEGATIVE, POSITIVE, POSITIVE_OR_INF, Domain, Floats, checked, flat
from sim.erlang.blending import behind
from sim.erlang.chat_chain import slow_downs
from sim.erlang.goals import Goals, Limits, limits_of
from sim.erlang.levels import USUAL, USUAL_SHORT_S, VIRTUAL, factors_of
from sim.erlang.line import Line, erlangs, scaled
from sim.erlang.steady import Steady, steady
from sim.erlang.waits import Within
from sim.jit import compiled

_MOST_AGENTS: Final = 20_000.0
_AGENTS: Final = Domain(most=_MOST_AGENTS)
_WINDOWS: Final = Domain(least=1.0, most=1000.0)
_EXACT: Final = 1e-17
_LARGE: Final = 1e200
_SLACK: Final = 1e-12
_HARDLY: Final = 1e-100  # Erlangs; less is nothing


class Chat(NamedTuple):
    """A chat queue and its team; all but `slowdown` broadcast."""

    per_hour: ArrayLike
    handle_s: ArrayLike  # of a lone chat
    agents: ArrayLike  # whole, to 20,000
    slowdown: Sequence[float]  # [most chats at a time]: how much longer each takes with so many at a time
    patience_s: ArrayLike = math.inf


class ChatSteady(NamedTuple):
    """Arrays; shares are of the chats offered. Where the queue only grows, what it tends to."""

    delayed: Floats
    answered: Floats
    abandoned: Floats
    asa_s: Floats  # mean wait of the answered; inf where nobody is
    mean_wait_s: Floats  # whatever becomes of it
    queue: Floats  # chats that wait
    chats: Floats  # in hand
    at_once: Floats  # in hand of an agent who has any; 0 where nobody has
    occupancy: Floats  # share of the agents' time with a chat in hand; of no agents 1, where anything comes
    duration_s: Floats  # from an agent's first to its last moment with a chat


class FiniteSource(NamedTuple):
    """An agent with a fixed number of open chats, who all write back after a time of their own."""

    effective_concurrency: Floats  # chats done in the time of a lone one
    handle_s: Floats  # of each chat
    busy: Floats  # share of time that the agent writes


def chat(queue: Chat) -> ChatSteady:
    """Measures in steady state; ValueError outside the domain."""
    shape, one, _ = _flat(queue)
    return ChatSteady(*(field.reshape(shape) for field in _steady(one)))


def within(queue: Chat, seconds: ArrayLike) -> Within:
    """Who is answered, and who gives up, within `seconds`, as shares of the offered."""
    shape, one, times = _flat(queue, checked("seconds", seconds, NOT_NEGATIVE))
    return Within(*(part.reshape(shape) for part in _within(one, *times)))


def service_level(
    queue: Chat, within_s: ArrayLike, definition: str = USUAL, short_s: ArrayLike = USUAL_SHORT_S
) -> Floats:
    """The share that a definition counts; as `sim.erlang.levels.service_level`."""
    times = checked("within_s", within_s, NOT_NEGATIVE), checked("short_s", short_s, NOT_NEGATIVE)
    factors = factors_of(definition)
    shape, one, (soon_s, hardly_s) = _flat(queue, *times)
    if definition == VIRTUAL:
        late = 1.0 - levels.service_level(one.full, soon_s, definition)
        return (1.0 - _part(one.share, late)).reshape(shape)
    soon, hardly, found = _within(one, soon_s), _within(one, hardly_s), _steady(one)
    columns = np.array([found.answered, soon.answered, found.abandoned, soon.abandoned, hardly.abandoned])
    above, below = factors @ columns
    return np.clip(_over(above, below), 0.0, 1.0).reshape(shape)


def required_agents(
    per_hour: ArrayLike,
    handle_s: ArrayLike,
    slowdown: Sequence[float],
    goals: Goals,
    patience_s: ArrayLike = math.inf,
) -> Floats:
    """The fewest whole agents that meet all goals (of which `blocked` means nothing); goals broadcast.

    0 where nothing comes; inf where 20,000 do not meet them.
    """
    limits, _ = limits_of(goals)
    shape, one, flat_limits = _flat(Chat(per_hour, handle_s, 1.0, slowdown, patience_s), *limits)
    asked = Limits(*flat_limits)
    least, enough = np.zeros(one.load.size), np.ones(one.load.size)
    short = ~_meets(one, enough, goals, asked)
    while (short & (enough < _MOST_AGENTS)).any():
        least = np.where(short, enough, least)
        enough = np.where(short, np.minimum(2.0 * enough, _MOST_AGENTS), enough)
        short = ~_meets(one, enough, goals, asked)
    while ((enough - least > 1.0) & ~short).any():
        middle = np.where(enough - least > 1.0, np.floor(0.5 * (least + enough)), enough)
        good = _meets(one, middle, goals, asked)
        least, enough = np.where(good, least, middle), np.where(good, middle, enough)
    return np.where(one.load == 0.0, 0.0, np.where(short, math.inf, enough)).reshape(shape)


def finite_source(ratio: ArrayLike, windows: ArrayLike, lone_handle_s: ArrayLike) -> FiniteSource:
    """One agent with so many open `windows` (whole, 1 to 1,000); machine interference, M/M/1//N.

    `ratio` is a customer's mean time to write over the agent's; a lone chat of `lone_handle_s` consists of
    both. By mean value analysis (Reiser and Lavenberg 1980, Journal of the ACM 27, p. 313). All broadcast.
    """
    think = checked("ratio", ratio, NOT_NEGATIVE)
    number, lone_s = checked("windows", windows, _WINDOWS), checked("lone_handle_s", lone_handle_s, POSITIVE)
    if (number != np.floor(number)).any():
        raise ValueError("windows: fractions are not allowed; give whole numbers")
    shape, (think, number, lone_s) = flat(think, number, lone_s)
    waiting, rate = np.zeros(think.shape), np.zeros(think.shape)
    for n in range(1, int(number.max(initial=0.0)) + 1):
        answer = 1.0 + waiting
        now = np.where(n <= number, n / (think + answer), rate)
        rate, waiting = now, now * answer
    at_once = rate * (1.0 + think)
    parts = (at_once, lone_s * number / at_once, rate)
    return FiniteSource(*(part.reshape(shape) for part in parts))


class _One(NamedTuple):
    """Checked queues in one dimension, and the line that waits are those of while all are full."""

    load: Floats  # Erlangs of lone chats
    handle_s: Floats
    agents: Floats
    patience_s: Floats
    slows: Floats
    full: Line
    alone: Steady  # of that line
    delayed: Floats
    chats: Floats
    active: Floats
    ending: Floats  # chats that end in the time of a lone one
    share: Floats  # delayed over the line's


def _flat(queue: Chat, *others: Floats) -> tuple[tuple[int, ...], _One, list[Floats]]:
    """Check and solve; other arrays broadcast too."""
    agents = checked("agents", queue.agents, _AGENTS)
    if (agents != np.floor(agents)).any():
        raise ValueError("agents: fractions are not allowed here; give whole numbers")
    shape, (per_hour, handle_s, agents, patience_s, *rest) = flat(
        checked("per_hour", queue.per_hour, NOT_NEGATIVE),
        checked("handle_s", queue.handle_s, POSITIVE),
        agents,
        checked("patience_s", queue.patience_s, POSITIVE_OR_INF),
        *others,
    )
    return shape, _solved(per_hour, handle_s, agents, patience_s, slow_downs(queue.slowdown)), rest


def _solved(per_hour: Floats, handle_s: Floats, agents: Floats, patience_s: Floats, slows: Floats) -> _One:
    full = Line(per_hour, handle_s * slows[-1], agents * len(slows), patience_s)
    _, lines, _ = scaled(full)
    load, alone = erlangs(per_hour, handle_s), steady(full)
    out = np.empty((4, load.size))
    _fill(load, agents, slows, lines.load, lines.impatience, out)
    share = _over(out[0], alone.delayed)
    return _One(load, handle_s, agents, patience_s, slows, full, alone, out[0], out[1], out[2], out[3], share)


def _steady(one: _One) -> ChatSteady:
    abandoned = _part(one.share, one.alone.abandoned)
    nobody = (one.agents == 0.0) & (one.load > 0.0)
    answered = np.where(nobody, 0.0, 1.0 - abandoned)
    return ChatSteady(
        one.delayed,
        answered,
        abandoned,
        np.where(answered > 0.0, _over(_part(one.share, _waited(one.alone)), answered), math.inf),
        _part(one.share, one.alone.mean_wait_s),
        _part(one.share, one.alone.queue),
        one.chats,
        _over(one.chats, one.active),
        np.where(nobody, 1.0, _over(one.active, one.agents)),  # as `steady` has it
        one.handle_s * np.where(one.ending > 0.0, _over(one.chats, one.ending), one.slows[0]),
    )


def _waited(alone: Steady) -> Floats:
    """Seconds waited by those answered by the line of full agents, per chat offered."""
    return np.where(alone.answered > 0.0, alone.asa_s, 0.0) * alone.answered


def _within(one: _One, seconds: Floats) -> Within:
    """Those who wait do so as in the line of full agents."""
    then, at_once = waits.within(one.full, seconds), waits.within(one.full, 0.0)
    answered = 1.0 - one.delayed + _part(one.share, then.answered - at_once.answered)
    return Within(answered, _part(one.share, then.abandoned))


def _meets(one: _One, agents: Floats, goals: Goals, asked: Limits) -> NDArray[np.bool_]:
    """Whether so many agents meet what is asked for."""
    team = Chat(one.load * 3600.0 / one.handle_s, one.handle_s, agents, list(one.slows), one.patience_s)
    found, more = chat(team), 1.0 + _SLACK
    good = (found.asa_s <= asked.asa_s * more) & (found.mean_wait_s <= asked.mean_wait_s * more)
    good &= (found.occupancy <= asked.occupancy * more) & (found.abandoned <= asked.abandonment * more)
    good &= (found.delayed <= asked.delayed * more) & (found.queue <= asked.queue * more)
    if goals.service_level is None:
        return good
    level = service_level(team, asked.within_s, goals.definition, asked.short_s)
    return good & (level * more >= asked.level)


def _part(share: Floats, values: Floats) -> Floats:
    """A share of values that may be inf; 0 of nothing."""
    return np.where(share > 0.0, share * np.where(share > 0.0, values, 0.0), 0.0)


def _over(part: Floats, whole: Floats) -> Floats:
    return np.where(whole > 0.0, part / np.where(whole > 0.0, whole, 1.0), 0.0)


@compiled
def _fill(load: Floats, agents: Floats, slows: Floats, full: Floats, impatience: Floats, out: Floats) -> None:
    """Delayed, chats in hand, agents active, chats ending [4, queues]; `full` is the load of full agents."""
    slots = len(slows)
    for k in range(len(load)):
        a, n = load[k], agents[k]
        out[0, k] = out[1, k] = out[2, k] = out[3, k] = 0.0
        if a < _HARDLY:
            continue
        most = n * slots
        longer, _ = behind(full[k], most, impatience[k])
        weight, total, chats, active, ending, in_hand = 1.0, 1.0, 0.0, 0.0, 0.0, 0.0
        while in_hand < most:
            in_hand += 1.0
            ends, idle = _ending(a, n, slows, in_hand)
            weight *= a / ends
            if in_hand == most and longer == math.inf:
                weight, total, chats, active, ending = 1.0, 0.0, 0.0, 0.0, 0.0
            elif in_hand == most:
                weight *= longer
            if weight > _LARGE:
                total, chats, active, ending = (
                    total / weight,
                    chats / weight,
                    active / weight,
                    ending / weight,
                )
                weight = 1.0
            total += weight
            chats += weight * in_hand
            active += weight * (n - idle)
            ending += weight * ends
        out[0, k] = weight / total if most > 0.0 else 1.0
        out[1, k], out[2, k], out[3, k] = chats / total, active / total, ending / total


@compiled
def _ending(a: float, n: float, slows: Floats, in_hand: float) -> tuple[float, float]:
    """The mean rate at which chats end while so many are in hand, and the mean number of idle agents."""
    fewer = int(in_hand // n)  # chats of the less busy agents; `more` agents have one more
    more = in_hand - fewer * n
    rate = _rate(slows, fewer)
    ends = (n - more) * rate + more * _rate(slows, fewer + 1)
    if fewer == 0:
        return ends, n - more
    weight = total = 1.0
    mean = gone = 0.0
    while n - more - 2.0 * (gone + 1.0) >= 0.0 and weight > _EXACT * total:
        weight *= (n - more - 2.0 * gone) * rate / a
        gone += 1.0
        total += weight
        mean += gone * weight
        if total > _LARGE:
            weight, total, mean = weight / total, 1.0, mean / total
    mean /= total
    bend = _rate(slows, fewer - 1) + _rate(slows, fewer + 1) - 2.0 * rate
    if fewer == len(slows):
        return ends, 0.0
    return ends + mean * bend, mean if fewer == 1 else 0.0


@compiled
def _rate(slows: Floats, chats: int) -> float:
    """Chats that an agent with so many ends in the time of a lone one."""
    return chats / slows[chats - 1] if 0 < chats <= len(slows) else 0.0
