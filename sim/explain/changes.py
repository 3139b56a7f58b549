"""Changed scenarios: each function takes a scenario and gives another one; nothing is ever changed in place.

Parts are replaced by `model_copy`: they are frozen, and what is put into them is of the same kind as before.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any, Final

from scenarios.model import Distribution, Group, Scenario, Shift, Step, Stream, WeekSteps
from scenarios.related import heads_of
from scenarios.week import DAY_S, HOLIDAY, KINDS_OF_DAY, SUNDAY, Window, steps_on

ALL_KINDS: Final = tuple(range(KINDS_OF_DAY))


def with_streams(scenario: Scenario, names: Iterable[str], **update: Any) -> Scenario:
    """The scenario with some attributes of some streams replaced."""
    return _with(scenario, "streams", {n: scenario.streams[n].model_copy(update=update) for n in names})


def with_queues(scenario: Scenario, names: Iterable[str], **update: Any) -> Scenario:
    """The scenario with some attributes of some queues replaced."""
    return _with(scenario, "queues", {n: scenario.queues[n].model_copy(update=update) for n in names})


def with_groups(scenario: Scenario, groups: Mapping[str, Group]) -> Scenario:
    """The scenario with these groups, beside those that it has."""
    return _with(scenario, "groups", groups)


def _with(scenario: Scenario, section: str, parts: Mapping[str, Any]) -> Scenario:
    return scenario.model_copy(update={section: {**getattr(scenario, section), **parts}})


def with_arrivals(scenario: Scenario, names: Iterable[str], **update: Any) -> Scenario:
    """The scenario with some attributes of the arrivals of some streams replaced."""
    changed = {}
    for name in names:
        stream = scenario.streams[name]
        changed[name] = stream.model_copy(update={"arrivals": stream.arrivals.model_copy(update=update)})
    return _with(scenario, "streams", changed)


def with_handle_times(
    scenario: Scenario, names: Iterable[str], of: Callable[[Distribution], Distribution]
) -> Scenario:
    """The scenario with other handle times of some streams."""
    changed = {n: _handled(scenario.streams[n], of) for n in names}
    return _with(scenario, "streams", changed)


def _handled(stream: Stream, of: Callable[[Distribution], Distribution]) -> Stream:
    return stream.model_copy(update={"handle_time": of(stream.handle_time)})


def changed_steps(
    steps: WeekSteps, kinds: Collection[int], window: Window, value: Callable[[float], float]
) -> WeekSteps:
    """Weekly steps with other values within a window of some kinds of day; where no step is, the value is 0.

    Holidays that were as Sundays are written out, so that a change of either leaves the other as it was.
    """
    found = [
        step
        for kind in ALL_KINDS
        for step in _day(steps_on(steps, kind), kind, window, value if kind in kinds else None)
    ]
    if not any(step.weekday == HOLIDAY for step in found):
        found.append(Step(HOLIDAY, 0, DAY_S, 0.0))
    return tuple(sorted(found))


def _day(
    steps: Iterable[Step], kind: int, window: Window, value: Callable[[float], float] | None
) -> Iterator[Step]:
    """The steps of one kind of day; with other values within the window, if there is one."""
    at = 0
    for step in (*steps, Step(kind, DAY_S, DAY_S, 0.0)):
        for start, end, before in ((at, step.start_s, 0.0), (step.start_s, step.end_s, step.value)):
            for piece in _cut(start, end, window):
                inside = value is not None and window.start_s <= piece.start_s < window.end_s
                now = value(before) if inside and value is not None else before
                if now:
                    yield Step(kind, *piece, now)
        at = step.end_s


def _cut(start: int, end: int, window: Window) -> Iterator[Window]:
    """A span in up to three pieces: before, within and after the window."""
    edges = sorted({start, end, *(edge for edge in window if start < edge < end)})
    yield from (Window(*piece) for piece in pairwise(edges))


def with_people(group: Group, kinds: Collection[int], window: Window, least: float, more: float = 0) -> Group:
    """The group with `more` people within a window of some kinds of day, and at least `least` there.

    Where its shifts do not speak of holidays, Sundays change with them.
    """
    if group.agents is not None:
        steps = changed_steps(group.agents, kinds, window, lambda heads: max(heads + more, least))
        return group.model_copy(update={"agents": steps})
    shifts = group.shifts or ()
    extra = [
        Shift(agents=round(count), days=(kind,), start_s=start, end_s=end)
        for kind in sorted({worked_as(group, kind) for kind in kinds})
        for start, end, heads in heads_in(group, kind, window)
        if (count := max(more, least - heads)) >= 0.5
    ]
    return group.model_copy(update={"shifts": (*shifts, *extra)})


def worked_as(group: Group, kind: int) -> int:
    """The kind of day to write down: holidays that no shift of a group names are as Sundays."""
    shifts = group.shifts
    if kind != HOLIDAY or shifts is None or any(HOLIDAY in shift.days for shift in shifts):
        return kind
    return SUNDAY


def heads_in(group: Group, kind: int, window: Window) -> Iterator[tuple[int, int, float]]:
    """(from, until, people at work) of the pieces of a window of one kind of day."""
    steps = steps_on(heads_of(group), kind)
    inside = {edge for s in steps for edge in (s.start_s, s.end_s) if window.start_s < edge < window.end_s}
    edges = sorted({*window, *inside})
    for start, end in pairwise(edges):
        yield start, end, sum(s.value for s in steps if s.start_s <= start < s.end_s)


def mean_heads(group: Group, kind: int, window: Window) -> float:
    """The mean number of people at work within a window of one kind of day."""
    length = window.end_s - window.start_s
    return sum((end - start) * people for start, end, people in heads_in(group, kind, window)) / length
