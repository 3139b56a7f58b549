"""A scenario by formulas: expected counts of every queue, group and stream, piece by piece."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Final, NamedTuple

import numpy as np

from scenarios.model import Concurrency, Scenario
from scenarios.related import is_deferred, passing_on, streams_of
from sim.formula.columns import AT, SECOND, Answered, share, times
from sim.formula.deferred import answer_deferred
from sim.formula.demand import Demand, Passed, demand_of, joined
from sim.formula.grid import Floats, Grid
from sim.formula.realtime import Between, Place, answer_line
from sim.formula.sharing import Line, People, blocks_of, is_between, is_by_turns, lines_of

_FULL: Final = 0.98  # of the people left for it: then there is always more work
_ROUNDS: Final = 30  # of contacts that come back from where they were passed on to
_CLOSE: Final = 1e-4  # shares
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
    found = _solved(grid, lines, demands, kept)
    returning = _returning(demands)
    for _ in range(_ROUNDS if returning else 0):  # who is lost at another queue comes back to the first
        before = [demands[name].lost_beyond for name in returning]
        demands |= {name: _with_lost(grid, found, demands[name]) for name in returning}
        found = _solved(grid, lines, demands, kept)
        after = [demands[name].lost_beyond for name in returning]
        if max(float(np.abs(a - b).max()) for a, b in zip(before, after, strict=True)) < _CLOSE:
            break
    again = _behind_what_must_be_finished(grid, lines, found)
    queues = found.queues | {name: kept(each) for name, each in again.items()}
    return Counts(queues, partial(_groups, grid, lines, found.people, queues))


class _Solved(NamedTuple):
    """All queues, solved one after the other."""

    queues: dict[str, Answered]
    demands: dict[str, Demand]  # with those who are passed on
    lost: dict[str, dict[str, Floats]]  # share of the contacts [piece] that gives up or finds the line full
    had: dict[int, Floats]  # people that a line could have
    people: People


def _solved(
    grid: Grid, lines: tuple[Line, ...], demands: dict[str, Demand], kept: Callable[[Answered], Answered]
) -> _Solved:
    loads = [_total(_load(grid, demands[queue]) for queue in line.queues) for line in lines]
    found = _Solved({}, dict(demands), {}, {}, People(grid, lines, loads))
    returning = bool(_returning(demands))
    for block in blocks_of(grid.scenario, lines):
        names = [queue for n in block for queue in lines[n].queues]
        for queue in names:
            passed = _passed(grid.scenario, queue, found.demands, found.queues)
            found.demands[queue] = joined(demands[queue], passed)
        found.had[block[0]] = found.people.for_line(block[0])
        asked = [found.demands[queue] for queue in names]
        tiers = [n for n in block for _ in lines[n].queues]
        answered = _line(grid, lines[block[0]], asked, found.had[block[0]], tiers)
        if returning:
            found.lost.update({name: _lost(each) for name, each in zip(names, answered, strict=True)})
        found.queues.update(dict(zip(names, map(kept, answered), strict=True)))
        del answered  # which may be much
        for n in block:
            found.people.take(n, _total(found.queues[queue].busy for queue in lines[n].queues))
    return found


def _returning(demands: dict[str, Demand]) -> list[str]:
    """Queues whose contacts may be passed on, and try again if they are lost there."""
    return [name for name, each in demands.items() if each.retry and np.isfinite(each.moves_after_s)]


def _with_lost(grid: Grid, found: _Solved, demand: Demand) -> Demand:
    of = demand.retry.of if demand.retry else ()
    return demand._replace(lost_beyond=_beyond(grid, found, demand.queue, of))


def _lost(answered: Answered) -> dict[str, Floats]:
    return {
        what: share(answered.counts[AT[what]], answered.counts[AT["offered"]])
        for what in ("abandoned", "blocked")
    }


def _beyond(grid: Grid, found: _Solved, queue: str, of: Sequence[str]) -> Floats:
    """The share of those that a queue passes on who are lost at the next, or where that passes them on."""
    overflow = grid.scenario.queues[queue].overflow
    if overflow is None:
        return np.zeros(grid.pieces)
    lost = _total(found.lost[overflow.to][what] for what in of)
    moved = share(found.queues[overflow.to].moved, found.demands[overflow.to].fresh)
    return np.minimum(lost + moved * _beyond(grid, found, overflow.to, of), 1.0)


def _behind_what_must_be_finished(grid: Grid, lines: tuple[Line, ...], found: _Solved) -> dict[str, Answered]:
    """Queues once more whose people do deferred work between contacts, which is not interrupted for them."""
    again: dict[str, Answered] = {}
    for block in blocks_of(grid.scenario, lines):
        first = lines[block[0]]
        later = [n for n, line in enumerate(lines) if is_between(grid.scenario, first, line)]
        if later and is_by_turns(grid.scenario, first):
            busy = _total(found.queues[q].busy for n in later for q in lines[n].queues)
            full = busy >= _FULL * np.maximum.reduce([found.had[n] for n in later])
            handle_s = found.demands[lines[later[0]].queues[0]].handle_s
            between = Between(busy, (full & (busy > 0.0)).astype(float), handle_s)
            names = [queue for n in block for queue in lines[n].queues]
            tiers = [n for n in block for _ in lines[n].queues]
            place = _place(grid, first, found.had[block[0]])
            answered = answer_line([found.demands[q] for q in names], place, tiers, between)
            again |= dict(zip(names, answered, strict=True))
    return again


def _passed(
    scenario: Scenario, queue: str, demands: dict[str, Demand], known: dict[str, Answered]
) -> list[Passed]:
    """Who is passed on to a queue from those that are solved already."""
    return [
        Passed(known[name].moved, known[name].uneven, demands[name])
        for name in passing_on(scenario, queue)
        if name in known
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
            part = np.divide(busy, total, out=np.full_like(busy, usual), where=total > 0)
            is_chat = grid.scenario.queues[line.queues[0]].channel == "chat"
            counts[AT["sharing" if is_chat else "working"]] += busy * grid.piece_s * SECOND
            if name in line.groups:
                _add_queues(counts, [queues[queue].counts for queue in line.queues], part, is_chat)
        heads = np.maximum(grid.heads[g], people.busy[:, g].sum(axis=0))
        used = counts[AT["working"]] + counts[AT["sharing"]]
        counts[AT["idle"]] = np.maximum(heads * grid.piece_s * SECOND - used, 0.0)
        found[name] = counts
    return found


def _add_queues(counts: Floats, queues: list[Floats], part: Floats, is_chat: bool) -> None:
    """Add what a group does of several queues; a part of nothing is nothing, also where that is unknown."""
    for its in queues:
        for column in _OF_GROUPS:
            counts[AT[column]] += times(its[AT[column]], part)
        if is_chat:
            counts[AT["chats"]] += times(its[AT["handled"]], part)
