"""Blocks: the pieces of a group's week in which a constant number of people is planned.

A block is as coarse as a plan is made: the same hours on weekdays that follow each other and are alike, or
a shift. To take somebody out of a block is to plan one person less on all of these days.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import groupby
from typing import Final, NamedTuple

from scenarios.model import Group, Scenario, Shift, WeekSteps
from scenarios.shifts import works_on
from scenarios.week import DAY_S, KINDS_OF_DAY, Window, merged, steps_on
from sim.almanac import Almanac, almanac, moment, stretches
from sim.explain.changes import changed_steps, with_groups
from sim.hires import grown, hires
from sim.measure import currency

NO_SHIFT: Final = -1
_LEAST_PAY: Final = 1e-9  # an hour; people who are paid nothing are still no reason to keep them


class Block(NamedTuple):
    """So many people of a group on some kinds of day (0 = Monday, 7 = holidays), from one time to another.

    `window` is in seconds since midnight; its end is above 86,400 where a shift crosses it. `hours` is how
    long one of them is at work over the horizon: in real time, breaks left out.
    """

    group: str
    kinds: tuple[int, ...]
    window: Window
    heads: int
    hours: float
    shift: int = NO_SHIFT  # its place among the shifts of its group; of a profile -1


Plan = tuple[int, ...]
"""By block, how many people are planned more (or, below 0, fewer) than in the scenario of the blocks."""


def blocks_of(scenario: Scenario, groups: Collection[str] | None = None) -> tuple[Block, ...]:
    """The blocks of a scenario, or of some of its groups; those that the horizon never sees are left out.

    Raises ValueError for a group that there is not.
    """
    unknown = sorted(set(groups or ()) - set(scenario.groups))
    if unknown:
        from scenarios.problems import nearest

        raise ValueError(f"there is no group {unknown[0]!r}{nearest(unknown[0], scenario.groups)}")
    days = almanac(scenario.calendar)
    wanted = sorted(scenario.groups if groups is None else groups)
    found = (block for name in wanted for block in _of_group(scenario, name, days))
    return tuple(block for block in found if block.hours > 0.0)


def _of_group(scenario: Scenario, name: str, days: Almanac) -> Iterator[Block]:
    group = scenario.groups[name]
    if group.agents is not None:
        for piece in runs(group.agents):
            yield Block(name, *piece, _hours_of_profile(days, piece[0], piece[1]))
        return
    shifts = group.shifts or ()
    for n, shift in enumerate(shifts):
        hours = _hours_of_shift(scenario, days, shift, shifts)
        yield Block(name, shift.days, Window(shift.start_s, shift.end_s), shift.agents, hours, n)


def runs(steps: WeekSteps) -> list[tuple[tuple[int, ...], Window, int]]:
    """Kinds of day that follow each other, the hours, and a value that holds over these on all of them.

    Holidays that the steps do not speak of are as Sundays, and belong to their run.
    """
    found = dict[tuple[Window, int], list[int]]()
    for kind in range(KINDS_OF_DAY):
        for step in merged(tuple(sorted(steps_on(steps, kind)))):
            if round(step.value):
                found.setdefault((Window(step.start_s, step.end_s), round(step.value)), []).append(kind)
    return sorted((kinds, *piece) for piece, days in found.items() for kinds in _in_a_row(days))


def _in_a_row(days: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Kinds of day, cut where one is missing between them."""
    for _, each in groupby(enumerate(days), lambda pair: pair[1] - pair[0]):
        yield tuple(day for _, day in each)


def _hours_of_profile(days: Almanac, kinds: Collection[int], window: Window) -> float:
    spans = (
        moment(days, n, window.end_s) - moment(days, n, window.start_s)
        for n, kind in enumerate(days.kinds)
        if kind in kinds
    )
    return sum(spans) / 3600.0


def _hours_of_shift(scenario: Scenario, days: Almanac, shift: Shift, shifts: Sequence[Shift]) -> float:
    """Of the first of a shift's people; a night shift may have begun the day before the horizon."""
    before = scenario.calendar.kind_of(days.dates[0] - timedelta(days=1))
    worked = [n for n, kind in enumerate(days.kinds) if works_on(shift, kind, shifts)]
    pieces = [(n, piece) for n in worked for piece in shift.at_work(0)]
    if works_on(shift, before, shifts):
        pieces += [(0, Window(*(s - DAY_S for s in piece))) for piece in shift.at_work(0)]
    return sum(_within(days, n, piece) for n, piece in pieces) / 3600.0


def _within(days: Almanac, n: int, piece: Window) -> int:
    """Seconds of the horizon from one time of day number n to another."""
    start, end = (moment(days, n, each) if each > 0 else 0 for each in piece)
    return max(min(end, days.end) - min(start, days.end), 0)


def without_one(scenario: Scenario, block: Block) -> Scenario:
    """The scenario with one person less in a block; raises ValueError where nobody is left in it."""
    if block.heads < 1:
        raise ValueError(f"nobody of {block.group} is planned there any more")
    return changed(scenario, block, -1)


def with_one_more(scenario: Scenario, block: Block) -> Scenario:
    """The scenario with one person more in a block."""
    return changed(scenario, block, 1)


def changed(scenario: Scenario, block: Block, more: int) -> Scenario:
    """The scenario with so many people more in a block, fewer where it is below 0."""
    group = scenario.groups[block.group]
    return with_groups(scenario, {block.group: _changed_group(group, block, more)}) if more else scenario


def _changed_group(group: Group, block: Block, more: int) -> Group:
    if group.agents is not None:
        steps = changed_steps(group.agents, block.kinds, block.window, lambda heads: max(heads + more, 0.0))
        return group.model_copy(update={"agents": merged(steps)})
    shifts = list(group.shifts or ())
    shift = shifts[block.shift]
    shifts[block.shift] = shift.model_copy(update={"agents": max(shift.agents + more, 0)})
    return group.model_copy(update={"shifts": tuple(shifts)})


def planned(scenario: Scenario, blocks: Sequence[Block], plan: Plan) -> Scenario:
    """The scenario with the people of a plan."""
    for block, more in zip(blocks, plan, strict=True):
        scenario = changed(scenario, block, more)
    return scenario


def rates_of(scenario: Scenario) -> dict[str, float]:
    """By group, what an hour at work costs: paid time, times pay; paid time alone without a currency."""
    paid = currency(scenario) is not None
    found = {}
    for name, group in scenario.groups.items():
        pay = group.pay.amount_per_hour if group.pay and paid else 1.0
        found[name] = group.shrinkage.gross_up * max(pay, _LEAST_PAY)
    return found


def costs_of(scenario: Scenario, blocks: Iterable[Block]) -> tuple[float, ...]:
    """What one person in each block costs over the horizon, as `rates_of` has it."""
    rates = rates_of(scenario)
    return tuple(block.hours * rates[block.group] for block in blocks)


def hours_at_work(scenario: Scenario) -> dict[str, float]:
    """By group, hours of people at work over the horizon as planned, with those whom the roadmap hires."""
    days, hired = almanac(scenario.calendar), hires(scenario)
    return {name: _at_work(scenario, name, days, hired.get(name, ())) for name in scenario.groups}


def _at_work(scenario: Scenario, name: str, days: Almanac, more: Sequence[tuple[int, int]]) -> float:
    group = scenario.groups[name]
    if group.agents is None:
        return float(sum(block.heads * block.hours for block in _of_group(scenario, name, days)))
    spans = grown(days, list(stretches(days, group.agents)), more)
    return sum(round(s.value) * (s.end_s - s.start_s) for s in spans) / 3600.0


def paid_hours(scenario: Scenario, at_work: dict[str, float]) -> dict[str, float]:
    """Hours at work by group as paid hours: divided by what shrinkage leaves."""
    return {name: hours * scenario.groups[name].shrinkage.gross_up for name, hours in at_work.items()}


def weeks_in(scenario: Scenario) -> float:
    """The length of the horizon in weeks."""
    return scenario.calendar.days / 7.0
