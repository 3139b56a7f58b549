"""The exact course of a day: M(t)/M/c(t)+M with rates and staff constant in each interval.

Contacts come as a Poisson process, handle times and patience are exponential, service is first come, first
served. Where staff falls below the number busy, nobody is cut off: agents finish the contact in hand and
take no more. (Ingolfsson, Akhmetshina, Budge, Li and Wu 2007, INFORMS Journal on Computing 19, p. 201, call
it the exhaustive discipline, and compare ways of computing such days; here it is uniformisation, see
uniformised.py.) New agents take who waits at once.

What becomes of the contacts of an interval is found by following them until the last has left, through every
change of staff. Who is answered or gives up within T is an integral over the moment of arrival: exact
as long as no change is within T; else by Gauss-Legendre, with so many nodes that more change nothing.
"""

import itertools
import math
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from sim.erlang.arguments import NOT_NEGATIVE_OR_INF, Floats, checked
from sim.erlang.crowd import Crowd, Moved, Rates, moved, nobody, restaffed
from sim.erlang.day import Course, Day, by_interval
from sim.erlang.starts import first_crowd

_FOLLOWED: Final = 1e-25  # contacts: fewer are not followed any longer
_LIGHT: Final = 1e-19  # of a crowd: what it does without
_NODES: Final = 8  # moments of arrival at least
_NODES_ROOT: Final = 2.0  # further ones, times the root of the events: a smooth decay needs no more
_SHED: Final = 80.0  # time constants after which nobody is left who should have gone home


def transient(
    day: Day, within_s: float = 20.0, *, start: ArrayLike | str = "empty", drain: bool = True
) -> Course:
    """The exact course of a day or of several.

    `within_s` is the threshold T. `start` is "empty", "steady" (as if the first interval had lasted for
    ever), or the probabilities of 0, 1, 2, ... contacts being there (those who wait then are in no count).
    With `drain`, the last staff goes on until nobody waits; without, who still waits at the end is neither
    answered nor abandoned. ValueError for arguments outside their domains.
    """
    rows = by_interval(day)
    within_s = float(checked("within_s", within_s, NOT_NEGATIVE_OR_INF))
    shape = rows.shape[1:]
    found = Course(*np.zeros((len(Course._fields), *shape)))
    for which in np.ndindex(shape[:-1]):
        rates = [rates_of(column, day.places) for column in rows[(slice(None), *which)].T]
        plan = plan_of(rates, float(day.interval_s), within_s, drain)
        follow(plan, first_crowd(start, rates[0]), Course(*(column[which] for column in found)))
    return found


def rates_of(column: Floats, places: float) -> Rates:
    """The rates of an interval, a column of `by_interval`."""
    per_hour, agents, handle_s, patience_s, balk = column.tolist()
    arrive = per_hour / 3600.0
    return Rates(int(agents), arrive, arrive * (1.0 - balk), 1.0 / handle_s, 1.0 / patience_s, places)


class Change(NamedTuple):
    """Until when those who are there already see no change, and what holds till then."""

    until_s: float
    rates: Rates


class Plan(NamedTuple):
    """A day as it is followed."""

    rates: tuple[Rates, ...]
    interval_s: float
    within_s: float
    changes: tuple[Change, ...]  # the last has no end if the day drains


def plan_of(rates: Sequence[Rates], interval_s: float, within_s: float, drain: bool = True) -> Plan:
    """A day, and the stretches of it with one staff, handle time and patience."""
    ends = [
        Change((i + 1) * interval_s, each)
        for i, each in enumerate(rates)
        if i + 1 == len(rates) or _as_seen(each) != _as_seen(rates[i + 1])
    ]
    if drain:
        ends[-1] = ends[-1]._replace(until_s=math.inf)
    return Plan(tuple(rates), interval_s, within_s, tuple(ends))


def _as_seen(rates: Rates) -> tuple[float, ...]:
    """What matters to who waits already."""
    return rates.servers, rates.serve, rates.give_up


def follow(plan: Plan, line: Crowd, found: Course) -> Crowd:
    """Fill in the course of a day, interval by interval; the line at its end."""
    for i, rates in enumerate(plan.rates):
        line = restaffed(line, rates.servers, followed=False)
        line, new = _interval(plan, i, line, found)
        _count(found, i, _leaving(plan, new, (i + 1) * plan.interval_s, math.inf))
    if math.isinf(plan.within_s):
        found.answered_within[:], found.abandoned_within[:] = found.answered, found.abandoned
    return line


def _interval(plan: Plan, i: int, line: Crowd, found: Course) -> tuple[Crowd, Crowd]:
    """The line at the end of interval i, and those of its contacts who still wait."""
    rates = plan.rates[i]
    new, seen_s = nobody(rates.servers), nobody(rates.servers)
    for piece in _pieces(plan, i):
        step = moved(line, new, rates, piece.seconds)
        _count(found, i, _left(step, rates))
        line, new = step.line, step.followed.unanswered()
        seen_s = seen_s.plus(step.line_s)
        if piece.weight_s:
            _count_within(plan, i, piece.end_s, _joining(line, rates, piece.weight_s), found)
        elif piece.undisturbed:
            _count_within(plan, i, piece.end_s - piece.seconds, _joining(step.line_s, rates, 1.0), found)
    _seen(seen_s, plan, i, found)
    found.queue_end[i], found.busy_end[i] = line.queue, line.busy
    found.delay_end[i] = line.held(0)
    return line, new


def _seen(line_s: Crowd, plan: Plan, i: int, found: Course) -> None:
    """Count what contacts find, and the means of an interval; `line_s` is the integral of the line."""
    rates = plan.rates[i]
    refused = line_s.held(rates.places)
    delayed = line_s.held(0) - refused
    balked = (rates.arrive - rates.join) * delayed
    at_once = rates.arrive * float(line_s.mass[0, : rates.servers].sum())
    found.offered[i] = rates.arrive * plan.interval_s
    found.blocked[i] = rates.arrive * refused
    found.delayed[i] = rates.arrive * delayed
    found.answered[i] += at_once
    found.answered_within[i] += at_once
    found.abandoned[i] += balked
    found.abandoned_within[i] += balked
    found.queue[i] = line_s.queue / plan.interval_s
    found.busy[i] = line_s.busy / plan.interval_s


class Piece(NamedTuple):
    """A part of an interval, up to a moment of arrival with its weight, or with no change within T of it."""

    seconds: float
    end_s: float
    weight_s: float = 0.0
    undisturbed: bool = False


def _pieces(plan: Plan, i: int) -> Iterator[Piece]:
    """The parts of interval i, in order."""
    start, end = i * plan.interval_s, (i + 1) * plan.interval_s
    if not 0.0 < plan.within_s < math.inf:
        yield Piece(plan.interval_s, end)
        return
    reach = [change.until_s - plan.within_s for change in plan.changes if change.until_s >= end]
    edges = [start, *(each for each in reach if start < each < end), end]
    for low, high in itertools.pairwise(edges):
        if reach and reach[0] <= low:
            yield from _arrivals(low, high, plan, i)
        else:
            yield Piece(high - low, high, undisturbed=True)


def _arrivals(low: float, high: float, plan: Plan, i: int) -> Iterator[Piece]:
    """Moments of arrival by Gauss-Legendre, and what is left after the last."""
    rates = plan.rates[i]
    events = (rates.arrive + rates.servers * rates.serve) * (high - low)
    nodes, weights = np.polynomial.legendre.leggauss(_NODES + math.ceil(_NODES_ROOT * math.sqrt(events)))
    at = low + (high - low) * (nodes + 1.0) / 2.0
    before = low
    for moment, weight in zip(at.tolist(), weights.tolist(), strict=True):
        yield Piece(moment - before, moment, weight * (high - low) / 2.0)
        before = moment
    yield Piece(high - before, high)


def _joining(line: Crowd, rates: Rates, weight_s: float) -> Crowd:
    """Those who come while the line is so, and wait, each at the end of it."""
    servers = rates.servers
    mass = np.zeros((len(line.mass), line.mass.shape[1] + 1))
    held = np.arange(line.mass.shape[1] - servers)
    mass[:, servers + 1 :] = line.mass[:, servers:] * np.where(
        held < rates.places, rates.join * weight_s, 0.0
    )
    crowd = Crowd(mass, servers)
    return crowd.cut(_LIGHT * crowd.waiting)


def _count_within(plan: Plan, born: int, at_s: float, crowd: Crowd, found: Course) -> None:
    """Count those of a crowd that came at `at_s` who are answered or give up within T."""
    left = _leaving(plan, crowd, at_s, at_s + plan.within_s)
    found.answered_within[born] += left.answered
    found.abandoned_within[born] += left.abandoned


class Left(NamedTuple):
    """How many of those followed left, and all that they waited meanwhile, with those who wait on."""

    answered: float = 0.0
    abandoned: float = 0.0
    wait_s: float = 0.0

    def plus(self, other: "Left") -> "Left":
        return Left(*(a + b for a, b in zip(self, other, strict=True)))


def _count(found: Course, born: int, left: Left) -> None:
    found.answered[born] += left.answered
    found.abandoned[born] += left.abandoned
    found.wait_s[born] += left.wait_s


def _left(step: Moved, rates: Rates) -> Left:
    wait_s = step.followed_s.waiting
    return Left(step.followed.answered, wait_s * rates.give_up, wait_s)


def _leaving(plan: Plan, crowd: Crowd, at_s: float, end_s: float) -> Left:
    """What becomes of those who wait at `at_s`, until `end_s`, through every change of staff."""
    left = Left()
    for change in plan.changes:
        if change.until_s <= at_s:
            continue
        if at_s >= end_s:
            break
        crowd = restaffed(crowd, change.rates.servers, followed=True)
        left = left._replace(answered=left.answered + crowd.answered)
        crowd = crowd.unanswered()
        until_s = min(change.until_s, end_s)
        if crowd.waiting <= _FOLLOWED:
            break
        if math.isinf(until_s):
            return left.plus(_drained(crowd, change.rates))
        step = moved(nobody(crowd.servers), crowd, change.rates, until_s - at_s)
        left = left.plus(_left(step, change.rates))
        crowd, at_s = step.followed.unanswered(), until_s
    return left


def _drained(crowd: Crowd, rates: Rates) -> Left:
    """What becomes of those who wait if nothing changes any more.

    With q places to go, cμ the rate of the agents and θ that of giving up, the chance of being answered is
    the product of (cμ + (k-1)θ) / (cμ + kθ) over k = 1 to q, which is cμ / (cμ + qθ); the mean wait is q /
    (cμ + qθ) likewise.
    """
    if len(crowd.mass) > 1:  # some agents must go home first
        step = moved(nobody(rates.servers), crowd, rates, _SHED / ((rates.servers + 1) * rates.serve))
        return _left(step, rates).plus(
            _drained(Crowd(step.followed.unanswered().mass[:1], rates.servers), rates)
        )
    waiting = crowd.mass[0, rates.servers + 1 :]
    place = np.arange(1.0, len(waiting) + 1.0)
    pace = rates.servers * rates.serve + place * rates.give_up
    if not pace.all():  # nobody at work, and nobody gives up
        return Left(wait_s=math.inf if waiting.any() else 0.0)
    wait_s = float((waiting * place / pace).sum())
    return Left(float((waiting / pace).sum()) * rates.servers * rates.serve, wait_s * rates.give_up, wait_s)
