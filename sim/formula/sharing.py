"""Who works for which queue: sets of queues that share people, in the order in which these take contacts.

A set is one line as far as formulas go: a queue with all of its groups, or several queues that the same
groups take by the longest wait. Sets that come first in the order of their groups are solved first; the
others get the people whom they leave, on average.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from scenarios.model import Scenario
from scenarios.related import is_deferred, passing_on
from sim.formula.grid import Floats, Grid


class Link(NamedTuple):
    """A group that serves a set, and the place of the set among what the group takes (0 is first)."""

    group: str
    tier: int


class Line(NamedTuple):
    """Queues that are one line, and who serves them."""

    queues: tuple[str, ...]
    links: tuple[Link, ...]

    @property
    def groups(self) -> tuple[str, ...]:
        return tuple(link.group for link in self.links)


def lines_of(scenario: Scenario) -> tuple[Line, ...]:
    """All queues as lines, in the order in which they are solved."""
    links = {queue: _links(scenario, queue) for queue in sorted(scenario.queues)}
    alike: dict[tuple[object, ...], list[str]] = {}
    for queue, its in links.items():
        is_chat = scenario.queues[queue].channel == "chat"
        defers = is_deferred(scenario, queue)
        key = (its, is_chat, defers) if its else (queue,)
        alike.setdefault(key, []).append(queue)
    found = [Line(tuple(queues), links[queues[0]]) for queues in alike.values()]
    return tuple(sorted(found, key=lambda line: _turn(scenario, line)))


def _turn(scenario: Scenario, line: Line) -> tuple[object, ...]:
    """When a line is solved: queues that get what others pass on after these, and work that waits last."""
    place = max((link.tier for link in line.links), default=0)
    after = max(_passed_before(scenario, queue) for queue in line.queues)
    return after, place, is_deferred(scenario, line.queues[0]), line.queues


def _passed_before(scenario: Scenario, queue: str) -> int:
    """How many queues, one after the other, may have passed a contact on before it comes to this one."""
    return max((1 + _passed_before(scenario, name) for name in passing_on(scenario, queue)), default=0)


def _links(scenario: Scenario, queue: str) -> tuple[Link, ...]:
    return tuple(
        Link(name, tiers[queue])
        for name in sorted(scenario.groups)
        if queue in (tiers := tiers_of(scenario, name))
    )


def tiers_of(scenario: Scenario, group: str) -> dict[str, int]:
    """The place of each queue among what a group takes: by priority, then by its order of skills."""
    rows = [(q, rank) for rank, tied in enumerate(scenario.groups[group].skills) for q in tied]
    if scenario.groups[group].takes == "longest_wait":
        return dict.fromkeys((q for q, _ in rows), 0)
    key = {q: (-scenario.queues[q].priority, rank) for q, rank in rows}
    places = sorted(set(key.values()))
    return {q: places.index(each) for q, each in key.items()}


def blocks_of(scenario: Scenario, lines: Sequence[Line]) -> list[list[int]]:
    """Lines that wait for the same people in an order of priority, never interrupted: solved together.

    Numbers of lines, the first to be served first; a line that is like that with no other is alone.
    """
    blocks: dict[tuple[object, ...], list[int]] = {}
    for n, line in enumerate(lines):
        key = line.groups if line.links and is_by_turns(scenario, line) else (n,)
        blocks.setdefault((key, _turn(scenario, line)[0]), []).append(n)
    return list(blocks.values())


def is_by_turns(scenario: Scenario, line: Line) -> bool:
    """Whether contacts of a line keep people until they are done, one at a time, and wait for them now."""
    return all(
        its.channel != "chat" and not its.interruptible
        for its in (scenario.queues[queue] for queue in line.queues)
    ) and not is_deferred(scenario, line.queues[0])


def is_between(scenario: Scenario, first: Line, later: Line) -> bool:
    """Whether the people of a line do deferred work of another between contacts, and finish it first."""
    tiers = dict(first.links)
    after = bool(later.links) and all(tiers.get(group, tier) < tier for group, tier in later.links)
    gives_way = all(
        scenario.queues[q].interruptible and scenario.queues[q].priority < scenario.queues[p].priority
        for q in later.queues
        for p in first.queues
    )
    shared = after and later.groups == first.groups
    return shared and is_deferred(scenario, later.queues[0]) and not gives_way


class People:
    """Those at work in each group, less those whom the lines solved so far keep busy."""

    def __init__(self, grid: Grid, lines: Sequence[Line], loads: Sequence[Floats]) -> None:
        self._row = {name: g for g, name in enumerate(grid.names.groups)}
        self.left = grid.heads.copy()
        self.busy = np.zeros((len(lines), *grid.heads.shape))
        self._lines = list(lines)
        self._loads = list(loads)

    def for_line(self, n: int) -> Floats:
        """How many people a line may have: [piece], a mean that need not be whole."""
        total: Floats = self._parts(n).sum(axis=0)
        return total

    def take(self, n: int, busy: Floats) -> None:
        """Note how many people a line keeps busy: of each of its groups alike."""
        parts = self._parts(n)
        total = parts.sum(axis=0)
        share = np.divide(busy, total, out=np.zeros_like(total), where=total > 0)
        rows = [self._row[link.group] for link in self._lines[n].links]
        self.busy[n][rows] = parts * np.minimum(share, 1.0)
        self.left[rows] -= self.busy[n][rows]

    def _parts(self, n: int) -> Floats:
        """People of each group of a line; lines of the same place in a group divide it by their load."""
        line = self._lines[n]
        parts = np.zeros((len(line.links), self.left.shape[1]))
        for i, link in enumerate(line.links):
            tied = [m for m, other in enumerate(self._lines) if m > n and link in other.links]
            rest = sum((self._loads[m] for m in tied), np.zeros(self.left.shape[1]))
            mine = self._loads[n]
            share = np.divide(mine, mine + rest, out=np.ones_like(mine), where=rest > 0)
            parts[i] = self.left[self._row[link.group]] * share
        return parts
