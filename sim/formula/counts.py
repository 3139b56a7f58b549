"""A scenario by formulas: expected counts of every queue, group and stream, piece by piece."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Final, NamedTuple

import numpy as np

from scenarios.model import Concurrency, Scenario
from scenarios.related import is_deferred, streams_of
from sim.formula.columns import AT, SECOND, Answered, times
from sim.formula.deferred import answer_deferred
from sim.formula.demand import Demand, Passed, demand_of, joined
from sim.formula.grid import Floats, Grid
from sim.formula.realtime import Between, Place, answer_line
from sim.formula.sharing import Line, People, blocks_of, is_between, is_by_turns, lines_of

_FULL: Final = 0.98  # of the people left for it: then there is always more work
_OF_GROUPS: Final = ("answered", "handled", "wait_answered")


class Counts(NamedTuple):
    """Expected counts by name: [column of the tally, piece], times in ticks."""

    queues: dict[str, Answered]
    groups: Callable[[], dict[str, Floats]]  # made when they are asked for: reports show none


def counts_of(grid: Grid, kept: Callable[[Answered], Answered] = lambda answered: answered) -> Counts:
    """Solve all lines of a scenario, those first that others wait for.

    `kept`: what to keep of a queue that is solved, where not all of it is wanted.
    """
    lines = lines_of(grid.scenario)
    demands = {queue: demand_of(grid, queue) for line in lines for queue in line.queues}
    loads = [_total(_load(grid, demands[queue]) for queue in line.queues) for line in lines]
    people = People(grid, lines, loads)
    queues: dict[str, Answered] = {}
    had: dict[int, Floats] = {}  # people that a line could have
    for block in blocks_of(grid.scenario, lines):
        names = [queue for n in block for queue in lines[n].queues]
        for queue in names:
            demands[queue] = joined(demands[queue], _passed(grid.scenario, queue, demands, queues))
        had[block[0]] = people.for_line(block[0])
        asked = [demands[queue] for queue in names]
        tiers = [n for n in block for _ in lines[n].queues]
        found = _line(grid, lines[block[0]], asked, had[block[0]], tiers)
        queues |= dict(zip(names, map(kept, found), strict=True))
        del found  # which may be much
        for n in block:
            people.take(n, _total(queues[queue].busy for queue in lines[n].queues))
    again = _behind_what_must_be_finished(grid, lines, demands, queues, had)
    queues |= {name: kept(each) for name, each in again.items()}
    return Counts(queues, partial(_groups, grid, lines, people, queues))


def _behind_what_must_be_finished(
    grid: Grid,
    lines: tuple[Line, ...],
    demands: dict[str, Demand],
    queues: dict[str, Answered],
    had: dict[int, Floats],
) -> dict[str, Answered]:
    """Queues once more whose people do deferred work between contacts, which is not interrupted for them."""
    again: dict[str, Answered] = {}
    for block in blocks_of(grid.scenario, lines):
        first = lines[block[0]]
        later = [n for n, line in enumerate(lines) if is_between(grid.scenario, first, line)]
        if later and is_by_turns(grid.scenario, first):
            busy = _total(queues[q].busy for n in later for q in lines[n].queues)
            full = busy >= _FULL * np.maximum.reduce([had[n] for n in later])
            handle_s = demands[lines[later[0]].queues[0]].handle_s
            between = Between(busy, (full & (busy > 0.0)).astype(float), handle_s)
            names = [queue for n in block for queue in lines[n].queues]
            tiers = [n for n in block for _ in lines[n].queues]
            place = _place(grid, first, had[block[0]])
            found = answer_line([demands[q] for q in names], place, tiers, between)
            again |= dict(zip(names, found, strict=True))
    return again


def _passed(
    scenario: Scenario, queue: str, demands: dict[str, Demand], known: dict[str, Answered]
) -> list[Passed]:
    """Who is passed on to a queue from those that are solved already."""
    return [
        Passed(known[name].moved, known[name].uneven, demands[name])
        for name, each in scenario.queues.items()
        if each.overflow and each.overflow.to == queue and name in known
    ]


def _total(rows: Iterable[Floats]) -> Floats:
    total: Floats = np.sum(list(rows), axis=0)
    return total


def _load(grid: Grid, demand: Demand) -> Floats:
    """Agents that a queue would keep busy in each piece, if nobody waited (Erlangs)."""
    load: Floats = demand.fresh * demand.is_open * demand.handle_s / grid.piece_s
    return load


def _line(grid: Grid, line: Line, demands: list[Demand], people: Floats, tiers: list[int]) -> list[Answered]:
    scenario = grid.scenario
    place = _place(grid, line, people)
    if not is_deferred(scenario, line.queues[0]):
        return answer_line(demands, place, tiers)
    drains = scenario.run.end == "drain"
    found = []
    for demand in demands:
        backlog = sum(scenario.streams[s].backlog for s in streams_of(scenario, demand.queue))
        holds = scenario.queues[demand.queue].at_closing == "hold"
        found.append(answer_deferred(demand, place, float(backlog), holds, drains))
        place = place._replace(people=np.maximum(place.people - found[-1].busy, 0.0))
    return found


def _place(grid: Grid, line: Line, people: Floats) -> Place:
    """Who serves a line: their mean speed, and for chats how many at once."""
    rows = [grid.names.groups.index(name) for name in line.groups]
    speeds = np.array([grid.scenario.groups[name].speed for name in line.groups])
    heads = grid.heads[rows]
    total = heads.sum(axis=0)
    usual = speeds.mean() if len(speeds) else 1.0
    speed = np.divide(speeds @ heads, total, out=np.full(grid.pieces, usual), where=total > 0)
    chats = chats_at_once(grid.scenario, line)
    if chats is None:
        return Place(people, speed, grid.piece_s)
    return Place(people, speed, grid.piece_s, chats.slowdown, chats.route == "most_loaded")


def chats_at_once(scenario: Scenario, line: Line) -> Concurrency | None:
    """How many chats those who serve a line handle at once: of several groups, the fewest."""
    if scenario.queues[line.queues[0]].channel != "chat":
        return None
    found = [scenario.groups[name].concurrency for name in line.groups]
    if any(each is None for each in found):
        return None
    return min((each for each in found if each is not None), key=lambda each: each.chats)


def _groups(
    grid: Grid, lines: tuple[Line, ...], people: People, queues: dict[str, Answered]
) -> dict[str, Floats]:
    """Agents' time of each group, and what it answers: of each queue as much as it works on it."""
    found = {}
    for g, name in enumerate(grid.names.groups):
        counts = np.zeros((len(AT), grid.pieces))
        for n, line in enumerate(lines):
            busy = people.busy[n][g]
            total = people.busy[n].sum(axis=0)
            usual = busy.sum() / total.sum() if total.sum() > 0 else 0.0
            share = np.divide(busy, total, out=np.full_like(busy, usual), where=total > 0)
            is_chat = grid.scenario.queues[line.queues[0]].channel == "chat"
            counts[AT["sharing" if is_chat else "working"]] += busy * grid.piece_s * SECOND
            if name in line.groups:
                _add_queues(counts, [queues[queue].counts for queue in line.queues], share, is_chat)
        heads = np.maximum(grid.heads[g], people.busy[:, g].sum(axis=0))
        used = counts[AT["working"]] + counts[AT["sharing"]]
        counts[AT["idle"]] = np.maximum(heads * grid.piece_s * SECOND - used, 0.0)
        found[name] = counts
    return found


def _add_queues(counts: Floats, queues: list[Floats], share: Floats, is_chat: bool) -> None:
    """Add what a group does of several queues; a part of nothing is nothing, also where that is unknown."""
    for its in queues:
        for column in _OF_GROUPS:
            counts[AT[column]] += times(its[AT[column]], share)
        if is_chat:
            counts[AT["chats"]] += times(its[AT["handled"]], share)
