"""Lines whose lost contacts try again, exactly: the Markov chain of (in the system, about to try again).

Every contact that gives up or finds the line full tries again with one probability, after an exponential
time. With no waiting places that is the M/M/c retrial queue (Falin and Templeton 1997, "Retrial Queues",
chapter 2), with impatient contacts Erlang A with redials (Phung-Duc and Kawanishi 2014, Performance
Evaluation 71, p. 1). `sim.erlang.retrials` has the approximation for lines that are too large, or whose
contacts try again a bounded number of times.
"""

import math
from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np

from sim.erlang.arguments import (
    NOT_NEGATIVE,
    NOT_NEGATIVE_OR_INF,
    POSITIVE,
    POSITIVE_OR_INF,
    SHARE,
    Floats,
    checked_number,
    checked_whole,
)
from sim.erlang.chain import Offset, on_growing_grid

_ROOM: Final = 30  # states that a side without end has to begin with
_WIDTHS: Final = 8.0  # standard deviations that are hardly ever exceeded
_DIGITS: Final = 36.0  # as many powers of e are all digits of a float


class Orbit(NamedTuple):
    """Means in steady state. An attempt is a contact's first call or any of its later ones."""

    busy: float  # agents at work
    queue: float  # contacts that wait
    orbit: float  # contacts that will try again
    all_busy: float  # share of time, and of the fresh contacts, that finds no agent free
    all_busy_at_retry: float  # share of the later attempts
    full: float  # share of the fresh contacts that finds no place either
    full_at_retry: float  # share of the later attempts
    attempts_per_hour: float
    retries_per_hour: float
    abandoned: float  # share of the attempts
    blocked: float  # share of the attempts
    mean_wait_s: float  # of an attempt, whatever becomes of it
    lost: float  # share of the fresh contacts that is never answered
    empty: float  # share of time that nobody is in the system nor will try again


_EMPTY: Final = Orbit(0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0)  # no agents


class _Rates(NamedTuple):
    """What moves the chain, by the second."""

    arrive: float
    finish: float
    leave: float
    retry: float
    agents: int
    places: float
    share: float


def retrial_chain(
    per_hour: float,
    handle_s: float,
    agents: int,
    after_s: float,
    share: float,
    patience_s: float = math.inf,
    places: float = math.inf,
) -> Orbit:
    """Solve M/M/n/(n+places)+M whose lost contacts try again with probability `share` after a mean `after_s`.

    Numbers, no arrays. Where more comes than can be answered and everybody tries again, retries grow
    without end (inf); with no agents, nobody is ever answered. ValueError for what is outside the domain,
    and where the chain would be too large: for some 300 agents, or 0.998 of their load where everybody
    tries again.
    """
    rates = _Rates(
        checked_number("per_hour", per_hour, NOT_NEGATIVE) / 3600.0,
        1.0 / checked_number("handle_s", handle_s, POSITIVE),
        1.0 / checked_number("patience_s", patience_s, POSITIVE_OR_INF),
        1.0 / checked_number("after_s", after_s, POSITIVE),
        checked_whole("agents", agents),
        checked_number("places", places, NOT_NEGATIVE_OR_INF),
        checked_number("share", share, SHARE),
    )
    if rates.places != math.inf:
        checked_whole("places", places, 0)
    if not rates.agents and not rates.arrive:
        return _EMPTY._replace(full=float(rates.places == 0.0))
    if rates.arrive >= rates.agents * rates.finish and (
        share == 1.0 or (rates.leave == 0.0 and rates.places == math.inf)
    ):
        return _swamped(rates)
    if not rates.agents and not rates.leave:  # who has a place keeps it, and all others are as without places
        crowded = rates._replace(places=0.0)
        return _measured(crowded, _solved(crowded))._replace(queue=rates.places, empty=0.0)
    return _measured(rates, _solved(rates))


def _solved(rates: _Rates) -> Floats:
    """Probabilities [in the system, in orbit], cut where nobody ever is."""
    endless = rates.places == math.inf
    nobody_lost = endless and rates.leave == 0.0
    used = rates.arrive / (rates.agents * rates.finish) if rates.agents else math.inf  # and none does any
    tail = _DIGITS / -math.log(used) if 0.0 < used < 1.0 else 0.0  # of a geometric law
    lost = max(0.0, rates.arrive - rates.agents * rates.finish)
    again = rates.share * lost / (1.0 - rates.share) if lost else 0.0  # as a fluid
    if rates.leave:
        queue = _reach((lost + again) / rates.leave, (rates.arrive + again) / rates.leave)
    else:
        queue = tail
    orbit = tail if rates.share == 1.0 else _reach(again / rates.retry, again / rates.retry)
    return on_growing_grid(
        lambda shape: _steps(rates, shape),
        (
            rates.agents
            + 1
            + (_ROOM + math.ceil(min(queue, tail or queue)) if endless else int(rates.places)),
            1 if nobody_lost else _ROOM + math.ceil(orbit),
        ),
        (endless, not nobody_lost),
        "give fewer agents or a shorter time between attempts, or use retrials.with_retries",
    )


def _reach(mean: float, variance: float) -> float:
    return mean + _WIDTHS * math.sqrt(variance)


def _steps(rates: _Rates, shape: tuple[int, int]) -> Mapping[Offset, Floats]:
    """The rate of every step (in the system, in orbit), in each cell."""
    inside, orbit = (axis.astype(float) for axis in np.indices(shape))
    full = inside == rates.agents + rates.places
    served = np.minimum(inside, rates.agents) * rates.finish
    gone = np.maximum(inside - rates.agents, 0.0) * rates.leave
    retry = orbit * rates.retry
    return {
        (+1, 0): np.where(full, 0.0, rates.arrive),
        (-1, 0): served + gone * (1.0 - rates.share),
        (-1, +1): gone * rates.share,
        (0, +1): np.where(full, rates.arrive * rates.share, 0.0),
        (+1, -1): np.where(full, 0.0, retry),
        (0, -1): np.where(full, retry * (1.0 - rates.share), 0.0),
    }


def _measured(rates: _Rates, found: Floats) -> Orbit:
    """Measures of the chain; shares of later attempts weigh its states by who is in orbit."""
    inside = found.sum(axis=1)
    states, orbits = np.arange(len(inside)), np.arange(found.shape[1])
    at_retry = found @ orbits
    orbit = float(at_retry.sum())
    full = states == rates.agents + rates.places
    queue = float(inside @ np.maximum(states - rates.agents, 0))
    retries, fresh = rates.retry * orbit, rates.arrive
    attempts = fresh + retries
    gone, refused = rates.leave * queue, fresh * inside[full].sum() + rates.retry * at_retry[full].sum()
    busy = float(inside @ np.minimum(states, rates.agents))
    return Orbit(
        busy,
        queue,
        orbit,
        float(inside[rates.agents :].sum()),
        _share(at_retry[rates.agents :].sum(), orbit),
        float(inside[full].sum()),
        _share(at_retry[full].sum(), orbit),
        attempts * 3600.0,
        retries * 3600.0,
        _share(gone, attempts),
        _share(refused, attempts),
        _share(queue, attempts),
        _share((gone + refused) * (1.0 - rates.share), fresh),
        float(found[0, 0]),
    )


def _share(part: float, whole: float) -> float:
    return float(part / whole) if whole > 0.0 else 0.0


def _swamped(rates: _Rates) -> Orbit:
    """What a line tends to that cannot answer all, while nobody is lost for good."""
    endless, retried = (
        rates.places == math.inf,
        rates.share == 1.0 and (rates.leave or rates.places < math.inf),
    )
    again = math.inf if retried else 0.0
    queue, full = (math.inf, 0.0) if endless else (rates.places, 1.0)
    lost = 1.0 - rates.agents * rates.finish / rates.arrive
    attempts = rates.arrive * 3600.0 + again
    abandoned, wait = (
        (float(bool(retried)), 1.0 / rates.leave if rates.leave else math.inf) if endless else (0.0, 0.0)
    )
    return Orbit(
        float(rates.agents),
        queue,
        again,
        1.0,
        1.0,
        full,
        full,
        attempts,
        again,
        abandoned,
        full,
        wait,
        lost,
        0.0,
    )
