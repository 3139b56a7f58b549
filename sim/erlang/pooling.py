"""Groups that work apart against one group of all their agents: Erlang C, Erlang A, or limited lines.

Smith and Whitt 1981 (Bell System Technical Journal 60, p. 39): with equal handle times one group never
does worse than several. With unequal ones the pooled line has the mean of all handle times, which is
exact only for lines of which nothing but the mean counts (Erlang B).
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from sim.erlang.arguments import NOT_NEGATIVE, POSITIVE, POSITIVE_OR_INF, Floats, checked, flat
from sim.erlang.goals import Goals
from sim.erlang.line import Line, whole_places
from sim.erlang.required import required_agents
from sim.erlang.steady import Steady, steady


class Pooling(NamedTuple):
    separate: Steady  # arrays [..., groups]
    pooled: Steady  # arrays [...]
    line: Line  # the pooled one, for other measures


class PooledAgents(NamedTuple):
    separate: Floats  # agents [..., groups]
    pooled: Floats  # agents [...]


def pooling(groups: Line) -> Pooling:
    """Groups [..., groups] of a line, apart and together. Patience, and places, add up as agents do.

    Patience must be the same in all groups; places are added. ValueError outside the domain of `Line`.
    """
    staff, room = checked("agents", groups.agents, NOT_NEGATIVE), whole_places(groups.places)
    per_hour, handle_s, shape = _offered(groups.per_hour, groups.handle_s, staff, room)
    agents, places = np.broadcast_to(staff, shape), np.broadcast_to(room, shape)
    line = Line(
        per_hour.sum(axis=-1),
        _mean_handle_s(per_hour, handle_s),
        agents.sum(axis=-1),
        _one_patience(groups.patience_s),
        places.sum(axis=-1),
    )
    return Pooling(steady(groups), steady(line), line)


def pooled_agents(
    per_hour: ArrayLike, handle_s: ArrayLike, goals: Goals, patience_s: ArrayLike = math.inf
) -> PooledAgents:
    """Required agents of groups [..., groups], apart and together, for the same goals."""
    offered, seconds, _ = _offered(per_hour, handle_s)
    patience = _one_patience(patience_s)
    return PooledAgents(
        required_agents(offered, seconds, goals, patience[..., None]),
        required_agents(offered.sum(axis=-1), _mean_handle_s(offered, seconds), goals, patience),
    )


def _offered(
    per_hour: ArrayLike, handle_s: ArrayLike, *others: Floats
) -> tuple[Floats, Floats, tuple[int, ...]]:
    offered, seconds = checked("per_hour", per_hour, NOT_NEGATIVE), checked("handle_s", handle_s, POSITIVE)
    shape, _ = flat(offered, seconds, *others)
    if not shape:
        raise ValueError("per_hour: one number is not allowed; give [..., groups]")
    if shape[-1] == 0:
        raise ValueError("per_hour: an empty list has no groups; give the contacts an hour of one or more")
    return np.broadcast_to(offered, shape), np.broadcast_to(seconds, shape), shape


def _mean_handle_s(per_hour: Floats, handle_s: Floats) -> Floats:
    """Weighted by contacts; the plain mean where nothing comes."""
    with np.errstate(over="ignore", invalid="ignore"):
        total = per_hour.sum(axis=-1)
        weighted = (per_hour * handle_s).sum(axis=-1) / np.where(total > 0.0, total, 1.0)
        mean_s: Floats = np.where(total > 0.0, weighted, handle_s.mean(axis=-1))
    if not np.isfinite(mean_s).all():  # sums beyond floats: of shares of the largest they are not
        shares = per_hour / np.maximum(per_hour.max(axis=-1, keepdims=True), 1.0)
        weighted = (shares * handle_s).sum(axis=-1) / np.maximum(shares.sum(axis=-1), 1.0)
        mean_s = np.where(np.isfinite(mean_s), mean_s, weighted)
    return mean_s


def _one_patience(patience_s: ArrayLike) -> Floats:
    """Patience without the axis of groups, along which it must not differ."""
    patience = np.atleast_1d(checked("patience_s", patience_s, POSITIVE_OR_INF))
    first = patience[..., :1]
    if (patience != first).any():
        raise ValueError("patience_s: groups with unequal patience are not allowed; give one for all groups")
    return first.reshape(patience.shape[:-1])
