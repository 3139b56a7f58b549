"""M/M/n+G: Poisson arrivals, exponential handle times, n agents, patience of any distribution. Exact.

Zeltyn and Mandelbaum 2005 (Queueing Systems 51, p. 361), section 4, with their building blocks J, J1, JH,
J(t) and E. E is 1 / B(n - 1) of Erlang B; `sim/erlang/offered_wait.py` has the integrals. All sums are
of positive terms: the share that gives up keeps its digits where it is one in a million millions.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from scenarios.distributions import Distribution
from sim.erlang import offered_wait
from sim.erlang.arguments import NOT_NEGATIVE, NOT_NEGATIVE_OR_INF, POSITIVE, Floats, checked, flat
from sim.erlang.log_erlang_b import log_inverse_b
from sim.erlang.offered_wait import (
    COLUMNS,
    GIVEN,
    GONE,
    GONE_AT,
    LEFT,
    MASS,
    OFFERED,
    ORDER,
    RULE,
    SERVED,
    SPENT,
    TOP,
)
from sim.erlang.patience import PIECES, table
from sim.patience import share_within

_FINE: Final = 1e-12  # of the shortest time that matters, below which patience need not be told apart


class GeneralPatience(NamedTuple):
    """A line in steady state; shares are of all who come, arrays of the arguments' common shape."""

    delayed: Floats  # find no agent free
    answered: Floats
    abandoned: Floats  # give up, those who balk included
    asa_s: Floats  # mean wait of the answered; inf where nobody is
    mean_wait_s: Floats  # of all, those who give up included
    wait_abandoned_s: Floats  # mean wait of those who give up; 0 where nobody does
    offered_wait_s: Floats  # what endless patience would wait; inf where nobody ever answers
    occupancy: Floats  # share of the agents' time; 0 of no agents
    queue: Floats  # mean number who wait


class GeneralWithin(NamedTuple):
    """Shares of all who come, by what has become of them within a time."""

    answered: Floats
    abandoned: Floats
    offered: Floats  # endless patience would have been answered within it


def general_patience(
    per_hour: ArrayLike, handle_s: ArrayLike, agents: ArrayLike, patience: Distribution
) -> GeneralPatience:
    """Solve lines of `per_hour` contacts with mean handle times of `handle_s`; agents need not be whole."""
    shape, (rate, handle, n) = _lines(per_hour, handle_s, agents)
    sums, delayed = _solved(rate, handle, n, np.zeros(n.size), patience)
    mass, ready = sums[:, COLUMNS + MASS], 1.0 - patience.balk
    gone, left, offered, served, spent, given = (
        delayed * sums[:, COLUMNS + column] / mass for column in (GONE, LEFT, OFFERED, SERVED, SPENT, GIVEN)
    )
    answered = 1.0 - delayed + ready * left
    abandoned = patience.balk * delayed + ready * gone
    load = rate * handle
    asa = _over(ready * served, answered)
    wait_abandoned = _over(ready * given, abandoned)
    occupancy = np.minimum(_over(load * answered, n), 1.0)
    wait = ready * spent
    found = GeneralPatience(
        delayed, answered, abandoned, asa, wait, wait_abandoned, offered, occupancy, rate * wait
    )
    nobody = (n == 0.0) & (rate > 0.0)
    never = _unanswered(rate, patience)
    return GeneralPatience(
        *(np.where(nobody, at_none, some).reshape(shape) for at_none, some in zip(never, found, strict=True))
    )


def _unanswered(rate: Floats, patience: Distribution) -> GeneralPatience:
    """Nobody answers: all who do not balk wait until they give up."""
    one, none, never = np.ones(rate.size), np.zeros(rate.size), np.full(rate.size, np.inf)
    wait = one * (1.0 - patience.balk) * patience.mean_s
    return GeneralPatience(one, none, one, never, wait, wait, never, none, rate * wait)


def _over(above: Floats, below: Floats) -> Floats:
    """The ratio; 0 where there is nothing to divide by."""
    return np.divide(above, below, out=np.zeros(above.size), where=below > 0.0)


def general_within(
    per_hour: ArrayLike, handle_s: ArrayLike, agents: ArrayLike, patience: Distribution, seconds: ArrayLike
) -> GeneralWithin:
    """What becomes of contacts within `seconds` (0 or more, or inf) of their arrival."""
    within = checked("seconds", seconds, NOT_NEGATIVE_OR_INF)
    shape, (rate, handle, n, t) = _lines(per_hour, handle_s, agents, within)
    sums, delayed = _solved(rate, handle, n, t, patience)
    mass, ready = sums[:, MASS] + sums[:, COLUMNS + MASS], 1.0 - patience.balk
    answered = 1.0 - delayed + ready * delayed * sums[:, LEFT] / mass
    # A table does not tell times apart that are far shorter than any wait; the function itself does.
    gone_at = sums[:, GONE_AT] if patience.kind in PIECES else share_within(patience)(t)
    gone = (sums[:, GONE] + gone_at * sums[:, COLUMNS + MASS]) / mass
    abandoned = delayed * (patience.balk + ready * gone)
    offered = 1.0 - delayed + delayed * sums[:, MASS] / mass
    nobody = (n == 0.0) & (rate > 0.0)
    lost = patience.balk + ready * gone_at
    found = np.where(nobody, [0.0 * lost, lost, 0.0 * lost], [answered, abandoned, offered])
    return GeneralWithin(*(row.reshape(shape) for row in found))


def _lines(
    per_hour: ArrayLike, handle_s: ArrayLike, agents: ArrayLike, *more: Floats
) -> tuple[tuple[int, ...], list[Floats]]:
    """The common shape; contacts by the second, handle times, agents and what else there is, flat."""
    rate = checked("per_hour", per_hour, NOT_NEGATIVE) / 3600.0
    handle, n = checked("handle_s", handle_s, POSITIVE), checked("agents", agents, NOT_NEGATIVE)
    return flat(rate, handle, n, *more)


def _solved(
    rate: Floats, handle: Floats, n: Floats, split_s: Floats, patience: Distribution
) -> tuple[Floats, Floats]:
    """The sums of `offered_wait.integrals`, a row a line, and the share that is delayed."""
    sums = np.zeros((n.size + 1, max(ORDER, GONE_AT + 1)))
    served = (n > 0.0) & (rate > 0.0)
    load = np.where(served, rate * handle, 1.0)
    away = np.where(served, n, 1.0) / handle
    patient = np.where(served, rate, 0.0) * (1.0 - patience.balk)
    shortest = float((1.0 / (away + patient)).min(initial=patience.mean_s))
    law = table(patience, _FINE * shortest)
    offered_wait.integrals(law, RULE, patient - away, patient, split_s, sums)
    sums = sums[:-1]
    with np.errstate(divide="ignore"):
        block = np.log(sums[:, MASS] + sums[:, COLUMNS + MASS]) + sums[:, TOP] + np.log(rate)
    delayed = special.expit(block - _log_ahead(load, np.where(served, n, 1.0)))
    return sums, np.where(served, delayed, np.where(rate > 0.0, 1.0, 0.0))


def _log_ahead(load: Floats, agents: Floats) -> Floats:
    """log E, E = 1 / B(n - 1); where both are below 1 by 1 / B(n) = 1 + n / a · 1 / B(n - 1)."""
    few = (agents < 1.0) & (load < 1.0)
    result = log_inverse_b(load, np.where(few, agents, agents - 1.0))
    result[few] = np.log(np.expm1(result[few]) * load[few] / agents[few])
    return result
