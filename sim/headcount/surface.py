"""A response: hours that service as before takes, over three inputs, read off a grid without a simulation.

The grid is anchored at the centre, where every input is 1 (cut-HDMR; Rabitz and Alis 1999, "General
foundations of high-dimensional model representations", section 2.2). A value is that of the centre, plus what
each input does alone, plus what the pairs that interact do beyond that:

    f(x) = f0 + sum_i f_i(x_i) + sum_ij f_ij(x_i, x_j)

Between nodes the parts of one input are straight lines, those of two bilinear.
"""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import combinations, pairwise
from typing import Final, NamedTuple

import numpy as np

from sim.measure import Floats

CENTRE: Final = 1.0
INPUTS: Final = ("effect", "volume", "handle_time")
PAIRS: Final = tuple(combinations(range(len(INPUTS)), 2))
Point = tuple[float, float, float]


class Axes(NamedTuple):
    """The nodes of each input, rising, 1 among them."""

    effect: tuple[float, ...] = (0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5)
    volume: tuple[float, ...] = (0.85, 0.9, 0.95, 1.0, 1.05, 1.1, 1.15)
    handle_time: tuple[float, ...] = (0.85, 0.9, 0.95, 1.0, 1.05, 1.1, 1.15)


USUAL: Final = Axes()


class Errors(NamedTuple):
    """Points that were not used for the grid: what was searched there, and what the grid says."""

    points: tuple[Point, ...]
    searched: Floats  # [point, group] paid hours over the horizon
    told: Floats

    @property
    def largest(self) -> float:
        """The largest absolute difference, of all groups together."""
        return float(np.abs((self.told - self.searched).sum(axis=1)).max())

    @property
    def mean(self) -> float:
        """The mean absolute difference, of all groups together."""
        return float(np.abs((self.told - self.searched).sum(axis=1)).mean())

    def largest_of(self, group: int) -> float:
        """The largest absolute difference of one group."""
        return float(np.abs(self.told - self.searched)[:, group].max())


class Response(NamedTuple):
    """Paid hours by group over the horizon with which service is as before; see the formula above."""

    groups: tuple[str, ...]
    axes: Axes
    centre: Floats  # [group]
    mains: tuple[Floats, ...]  # of each input [point, group]: beyond the centre, 0 there
    pairs: dict[tuple[int, int], Floats]  # of pairs that interact [point, point, group]: beyond their mains
    interactions: dict[tuple[int, int], float]  # of each pair, the largest at its corners, all groups, hours
    margin: float  # paid hours: a pair that makes less at its corners has no table
    errors: Errors
    again: Floats  # [search, group] paid hours that the whole effect frees, each on chances of its own
    not_had: tuple[Point, ...]  # nodes at which not all service was had by more of these people
    nodes: int  # how many were searched
    simulations: int
    replications: int

    @property
    def by_chance(self) -> Floats:
        """By how many hours each search frees more than the grid says [search, group]; its own first."""
        freed = value_at(self, (0.0, CENTRE, CENTRE)) - self.centre
        found: Floats = np.concatenate([np.zeros((1, len(freed))), self.again - freed])
        return found


def check_axes(axes: Axes) -> None:
    """Raise ValueError for axes that do not rise, or do not have the centre."""
    for name, values in zip(INPUTS, axes, strict=True):
        if len(values) < 2 or CENTRE not in values or any(b <= a for a, b in pairwise(values)):
            raise ValueError(
                f"the nodes of {name} are {values}; write at least two, rising, with 1 among them"
            )


def at(
    response: Response, effect: float, volume: float = 1.0, handle_time: float = 1.0
) -> tuple[dict[str, float], bool]:
    """Paid hours by group at a point, and whether it lies within the axes; outside it is held at the edge.

    No simulation: at a node it is what was searched there, between nodes it is off by `response.errors`.
    """
    point = (effect, volume, handle_time)
    inside = all(axis[0] <= x <= axis[-1] for axis, x in zip(response.axes, point, strict=True))
    values = value_at(response, point)
    return dict(zip(response.groups, values.tolist(), strict=True)), inside


def value_at(response: Response, point: Sequence[float]) -> Floats:
    """Paid hours [group] at a point."""
    places = [place_on(axis, x) for axis, x in zip(response.axes, point, strict=True)]
    found = response.centre.copy()
    for table, place in zip(response.mains, places, strict=True):
        found += on_line(table, place)
    for (i, j), table in response.pairs.items():
        found += on_line(on_line(table, places[i]), places[j])
    return found


def place_on(axis: Sequence[float], x: float) -> tuple[int, float]:
    """The node at or before a value, and how far it is from there to the next one (0-1)."""
    x = min(max(x, axis[0]), axis[-1])
    n = min(bisect_right(axis, x) - 1, len(axis) - 2)
    return n, (x - axis[n]) / (axis[n + 1] - axis[n])


def on_line(table: Floats, place: tuple[int, float]) -> Floats:
    """The table at a place of its first axis; exactly a node's where that is one."""
    n, part = place
    if part in (0.0, 1.0):
        node: Floats = table[n + int(part)]
        return node
    between: Floats = (1.0 - part) * table[n] + part * table[n + 1]
    return between


def values_at(response: Response, effect: Floats, volume: Floats, handle_time: Floats) -> Floats:
    """Paid hours [group, ...] at many points at once: arrays that broadcast to one shape; as `value_at`."""
    points = np.broadcast_arrays(effect, volume, handle_time)
    places = [_places(axis, each) for axis, each in zip(response.axes, points, strict=True)]
    found = np.broadcast_to(response.centre, (*points[0].shape, len(response.centre))).copy()
    for table, (n, part) in zip(response.mains, places, strict=True):
        found += (1.0 - part) * table[n] + part * table[n + 1]
    for (i, j), table in response.pairs.items():
        (n, part), (m, other) = places[i], places[j]
        low = (1.0 - part) * table[n, m] + part * table[n + 1, m]
        high = (1.0 - part) * table[n, m + 1] + part * table[n + 1, m + 1]
        found += (1.0 - other) * low + other * high
    moved: Floats = np.moveaxis(found, -1, 0)
    return moved


def _places(axis: Sequence[float], x: Floats) -> tuple[np.ndarray, Floats]:
    """As `place_on`, for many values; the parts have a last axis of 1, for groups."""
    nodes = np.asarray(axis)
    held = np.clip(x, nodes[0], nodes[-1])
    n = np.minimum(np.searchsorted(nodes, held, side="right") - 1, len(nodes) - 2)
    return n, ((held - nodes[n]) / (nodes[n + 1] - nodes[n]))[..., None]


def only(response: Response, groups: Sequence[str]) -> Response:
    """The response of some groups, in this order."""
    which = [response.groups.index(name) for name in groups]
    errors = response.errors
    return response._replace(
        groups=tuple(groups),
        centre=response.centre[which],
        mains=tuple(each[:, which] for each in response.mains),
        pairs={pair: each[:, :, which] for pair, each in response.pairs.items()},
        errors=errors._replace(searched=errors.searched[:, which], told=errors.told[:, which]),
        again=response.again[:, which],
    )
