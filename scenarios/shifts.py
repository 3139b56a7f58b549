"""Shifts with their breaks: who is at work when, written as people plan it."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Annotated, Any, Final, NamedTuple

from scenarios.fields import (
    CLOCK,
    DAYS,
    WINDOW,
    Door,
    Model,
    PositiveSeconds,
    YesNo,
    read_map,
    reader,
    said,
    whole,
)
from scenarios.problems import Gather, refuse, shown
from scenarios.units import duration_text
from scenarios.week import (
    DAY_S,
    HOLIDAY,
    SUNDAY,
    Step,
    Window,
    clock_text,
    clock_time,
    placed,
    weekdays,
    window,
    window_text,
)

MOST_AGENTS: Final = 100_000
_SHORTEST_BREAK_S: Final = 60.0
_GRAIN_S: Final = 60  # breaks of a staggered row start on whole minutes
_EXAMPLE: Final = '"12:00-12:30", or {between: "11:30-13:30", for: 30 min, paid: no}'


class Break(NamedTuple):
    """A break: the first of a shift's people starts it at ``first_s``, the last at ``last_s`` (equal: all
    at once), the others evenly between; seconds since midnight, above 86400 after the next one.
    """

    first_s: int
    last_s: int
    length_s: int
    paid: bool = True

    def start_of(self, n: int, agents: int) -> int:
        """Return when agent n (from 0) of a shift starts it, on a whole minute."""
        between = self.last_s - self.first_s
        return self.first_s + (n * between // max(agents - 1, 1)) // _GRAIN_S * _GRAIN_S


class Shift(Model):
    """So many agents at work on some weekdays (0 = Monday, 7 = holidays).

    Times are seconds since midnight; ``end_s`` is above 86400 across midnight.
    """

    agents: int
    days: tuple[int, ...]
    start_s: int
    end_s: int
    breaks: tuple[Break, ...] = ()

    def at_work(self, n: int) -> list[Window]:
        """Return when agent n (from 0) is at work: the shift without the breaks."""
        starts = sorted((each.start_of(n, self.agents), each.length_s) for each in self.breaks)
        edges = [self.start_s, *(at for start, s in starts for at in (start, start + s)), self.end_s]
        return [Window(start, end) for start, end in zip(edges[::2], edges[1::2], strict=True)]

    def paid_breaks(self, n: int) -> list[Window]:
        """Return when agent n (from 0) has a break that is paid."""
        starts = ((each.start_of(n, self.agents), each) for each in self.breaks if each.paid)
        return [Window(start, start + each.length_s) for start, each in starts]


def works_on(shift: Shift, kind: int, shifts: Sequence[Shift]) -> bool:
    """Tell whether a shift of a group is worked on a kind of day.

    On holidays the shifts that name them are; where none of the group does, those of Sundays.
    """
    if kind == HOLIDAY and not any(HOLIDAY in each.days for each in shifts):
        return SUNDAY in shift.days
    return kind in shift.days


def duty_steps(shifts: Sequence[Shift]) -> list[Step]:
    """Return a standard week of people at work, as steps to be added up: they overlap."""
    return _weekly(shifts, lambda shift, n: shift.at_work(n))


def paid_break_steps(shifts: Sequence[Shift]) -> list[Step]:
    """Return a standard week of people at breaks that are paid, as steps to be added up."""
    return _weekly(shifts, lambda shift, n: shift.paid_breaks(n))


def _alike(shift: Shift) -> list[tuple[int, int]]:
    """Return (how many, the first of them) for the people of a shift who have the same breaks."""
    staggered = [each for each in shift.breaks if each.first_s != each.last_s]
    if not staggered:
        return [(shift.agents, 0)] if shift.agents else []
    first = dict[tuple[int, ...], int]()
    counts = Counter[tuple[int, ...]]()
    for n in range(shift.agents):
        starts = tuple(each.start_of(n, shift.agents) for each in staggered)
        first.setdefault(starts, n)
        counts[starts] += 1
    return [(counts[starts], n) for starts, n in first.items()]


def _weekly(shifts: Sequence[Shift], pieces: Callable[[Shift, int], Iterable[Window]]) -> list[Step]:
    found = [
        step
        for shift in shifts
        for many, n in _alike(shift)
        for piece in pieces(shift, n)
        for day in shift.days
        for step in placed(day, piece, float(many))
    ]
    named = any(HOLIDAY in shift.days for shift in shifts)
    if named and not any(step.weekday == HOLIDAY for step in found):
        found.append(Step(HOLIDAY, 0, DAY_S, 0.0))  # nobody, where silence would mean: as on Sundays
    return found


def _breaks(seen: object) -> object:
    if not isinstance(seen, list | tuple):
        raise ValueError(f"{shown(seen)} is not a list of breaks; write [{_EXAMPLE}]")
    return seen


class Written(Model):
    agents: Annotated[int, whole(0, MOST_AGENTS), said("how many people work it", 3)]
    days: Annotated[
        tuple[int, ...], reader(weekdays, DAYS), said("on which days it begins", "mon-fri", absent="`daily`")
    ] = tuple(range(7))
    hours: Annotated[
        tuple[int, int],
        reader(window, WINDOW),
        said("from and until; `22:00-06:00` ends on the next day", '"08:00-16:30"'),
    ]
    breaks: Annotated[
        Any,
        reader(_breaks, {"title": "breaks", "type": "array", "items": {"$ref": "#/$defs/break"}}),
        said(
            "when its people are away; they finish what they have in hand",
            '["10:00-10:15", {between: "11:30-13:30", for: 30 min, paid: no}]',
            absent="none",
        ),
    ] = ()


class BreakWritten(Model):
    at: (
        Annotated[
            int,
            reader(clock_time, CLOCK),
            said("when all of them begin it", '"12:00"', absent="either this or `between`"),
        ]
        | None
    ) = None
    between: (
        Annotated[
            tuple[int, int],
            reader(window, WINDOW),
            said(
                "one after the other, evenly, within this window",
                '"11:30-13:30"',
                absent="either this or `at`",
            ),
        ]
        | None
    ) = None
    length: PositiveSeconds | None = said(
        "how long it is", "30 min", default=None, absent="**needed**", validation_alias="for"
    )
    paid: Annotated[YesNo, said("whether it is paid", "no")] = True


def read_shift(raw: object, door: Door) -> Shift:
    """Return the shift of ``{agents: 3, days: mon-fri, hours: "08:00-16:30", breaks: ["12:00-12:30"]}``."""
    given = read_map(Written, raw, door, '{agents: 3, days: mon-fri, hours: "08:00-16:30"}')
    start, end = given.hours
    gather, breaks = Gather(), list[Break]()
    for i, each in enumerate(given.breaks):
        with gather.at("breaks", i):
            breaks.append(_within(Window(start, end), _break(each, door)))
    gather.finish()
    shift = Shift(agents=given.agents, days=given.days, start_s=start, end_s=end, breaks=tuple(breaks))
    _refuse_overlaps(shift)
    if HOLIDAY in given.days and end > DAY_S:
        refuse("goes on after midnight, and the day after a holiday may be any; let it end at 24:00", "hours")
    return shift


def _break(raw: object, door: Door) -> Break:
    if isinstance(raw, str):
        start, end = window(raw)
        return Break(start, start, end - start)
    if not isinstance(raw, Mapping):
        raise ValueError(f"{shown(raw)} is not a break; write {_EXAMPLE}")
    given = read_map(BreakWritten, raw, door, _EXAMPLE)
    if (given.at is None) == (given.between is None) or given.length is None:
        refuse(f"takes 'for' and either 'at' or 'between'; write {_EXAMPLE}")
    length = int(given.length)
    if length != given.length or length < _SHORTEST_BREAK_S:
        refuse("is not a whole number of seconds, at least 1 min", "for")
    if given.at is not None:
        return Break(given.at, given.at, length, given.paid)
    assert given.between is not None  # one of the two is there
    first, until = given.between
    if until - first < length:
        refuse(f"is shorter than the break of {duration_text(length)}", "between")
    return Break(first, until - length, length, given.paid)


def _within(shift: Window, each: Break) -> Break:
    """Return a break on the clock of its shift; one that is not wholly within it is refused."""
    if each.first_s < shift.start_s:
        each = each._replace(first_s=each.first_s + DAY_S, last_s=each.last_s + DAY_S)
    if not shift.start_s < each.first_s or not each.last_s + each.length_s < shift.end_s:
        span = window_text(shift)
        refuse(
            f"does not lie within the shift {span}; a break begins after its start and ends before its end"
        )
    return each


def _refuse_overlaps(shift: Shift) -> None:
    """Refuse breaks of which somebody would have to begin one before another is over."""
    for _, n in _alike(shift) or [(1, 0)]:
        for piece in shift.at_work(n):
            if piece.end_s <= piece.start_s:
                at = clock_text(piece.end_s)
                refuse(f"overlap, or leave no time between: one begins at {at} while another lasts", "breaks")
