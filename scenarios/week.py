"""A standard week as steps: one structure for opening hours, rates of arrival and people at work.

Times are local wall-clock times in whole seconds since midnight; Monday is weekday 0. A holiday is an
eighth kind of day: what does not say what holds on holidays is taken as on a Sunday (``steps_on``).
"""

import datetime
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from scenarios.problems import Gather, nearest, refuse, shown
from scenarios.units import duration

DAY_S: Final = 86400
DAY_NAMES: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HOLIDAY: Final = 7
SUNDAY: Final = 6
KINDS_OF_DAY: Final = 8
HOLIDAYS: Final = "holidays"
CLOSED: Final = "closed"
_NEVER_OPEN: Final = 'is open at no time; write 24x7 or {mon-fri: "08:00-20:00"}'
_LONG_NAMES: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NUMBER_OF_DAY: Final = {name: i for names in (DAY_NAMES, _LONG_NAMES) for i, name in enumerate(names)}
_CLOCK = re.compile(r"\s*([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?\s*")
_DASH = re.compile("[-\u2013\u2014]")
_WINDOW_KEY = re.compile(r"\s*[0-9]{1,2}:")


class Step(NamedTuple):
    """A piece of one weekday (0 = Monday, 7 = holidays) on which a value holds; [start_s, end_s)."""

    weekday: int
    start_s: int
    end_s: int
    value: float


WeekSteps = tuple[Step, ...]
"""Sorted steps that do not overlap; where there is none, the value is zero."""


class Window(NamedTuple):
    """From one time of day to another; ``end_s`` is above 86400 where it crosses midnight."""

    start_s: int
    end_s: int


ALL_DAY: Final = Window(0, DAY_S)
Piece = tuple[Window, float]


def clock_time(value: object) -> int:
    """Return the seconds since midnight of "08:00", "8:30" or "24:00"."""
    match = _CLOCK.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise ValueError(f'{shown(value)} is not a time of day; write "08:00" (24-hour clock, in quotes)')
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    total = hours * 3600 + minutes * 60 + seconds
    if minutes > 59 or seconds > 59 or total > DAY_S:
        raise ValueError(f"{shown(value)} is not a time of day; the last is 24:00")
    return total


def clock_seconds(at: datetime.datetime) -> int:
    """Return the seconds since midnight that clocks show."""
    return at.hour * 3600 + at.minute * 60 + at.second


def clock_text(seconds: int) -> str:
    """Write seconds since midnight as a time of day; times after midnight start again at 00:00."""
    within = seconds if seconds <= DAY_S else seconds - DAY_S
    text = f"{within // 3600:02d}:{within // 60 % 60:02d}"
    return f"{text}:{within % 60:02d}" if within % 60 else text


def window(value: object) -> Window:
    """Return the window of "08:00-20:00"; "22:00-06:00" ends on the next day."""
    parts = _DASH.split(value) if isinstance(value, str) else []
    if len(parts) != 2:
        raise ValueError(f'{shown(value)} is not a time window; write "08:00-20:00"')
    start, end = clock_time(parts[0]), clock_time(parts[1])
    if start in (end, DAY_S):
        raise ValueError(f'{shown(value)} is no time at all; the whole day is "00:00-24:00"')
    return Window(start, end if end > start else end + DAY_S)


def window_text(piece: Window) -> str:
    """Write a window so that ``window`` reads it back."""
    return f"{clock_text(piece.start_s)}-{clock_text(piece.end_s)}"


def weekdays(value: object) -> tuple[int, ...]:
    """Return the weekdays of "mon", "mon-fri", "mon, wed-fri" or "daily", in order."""
    if not isinstance(value, str):
        raise ValueError(f"{shown(value)} is not a day; write mon-fri, sat or daily")
    found: list[int] = []
    for part in value.split(","):
        found += _day_range(part.strip().lower())
    if len(set(found)) < len(found):
        raise ValueError(f"{value!r} names a day twice; name it once")
    return tuple(sorted(found))


def _day_range(text: str) -> list[int]:
    """Return the weekdays of one part: a day, a range (fri-mon goes round), ``daily`` or ``holidays``."""
    if text == "daily":
        return list(range(7))
    if text in (HOLIDAYS, "holiday"):
        return [HOLIDAY]
    first, dash, last = text.partition("-")
    start = _day(first.strip())
    length = (_day(last.strip()) - start) % 7 if dash else 0
    return [(start + i) % 7 for i in range(length + 1)]


def _day(name: str) -> int:
    if name not in _NUMBER_OF_DAY:
        hint = nearest(name, (*DAY_NAMES, "daily", HOLIDAYS))
        raise ValueError(f"{name!r} is not a day{hint}, or a range such as mon-fri")
    return _NUMBER_OF_DAY[name]


def day_name(weekday: int) -> str:
    """Return the name of a weekday, as it is written in files."""
    return HOLIDAYS if weekday == HOLIDAY else DAY_NAMES[weekday]


def steps_on(steps: Iterable[Step], kind: int) -> list[Step]:
    """Return the steps of one kind of day; holidays that are not spoken of are as Sundays."""
    found = [step for step in steps if step.weekday == kind]
    return found if found or kind != HOLIDAY else steps_on(steps, SUNDAY)


def placed(weekday: int, piece: Window, value: float) -> Iterator[Step]:
    """Yield the steps of a window that starts on a weekday, cut at midnight."""
    if weekday == HOLIDAY and piece.end_s > DAY_S:
        refuse("goes on after midnight, and the day after a holiday may be any; let it end at 24:00")
    if piece.start_s < DAY_S:
        yield Step(weekday, piece.start_s, min(piece.end_s, DAY_S), value)
    if piece.end_s > DAY_S:
        yield Step((weekday + 1) % 7, max(piece.start_s - DAY_S, 0), piece.end_s - DAY_S, value)


def ordered(steps: Iterable[Step]) -> WeekSteps:
    """Return steps sorted; two that overlap are refused."""
    in_order = sorted(steps)
    for one, other in pairwise(in_order):
        if one.weekday == other.weekday and other.start_s < one.end_s:
            refuse(f"{_told(one)} and {_told(other)} overlap; let one end where the other starts")
    return tuple(in_order)


def _told(step: Step) -> str:
    return f"{day_name(step.weekday)} {window_text(Window(step.start_s, step.end_s))}"


def merged(steps: WeekSteps) -> WeekSteps:
    """Return the same steps with neighbours of one day and one value joined."""
    joined: list[Step] = []
    for step in steps:
        last = joined[-1] if joined else None
        if last and (last.weekday, last.end_s, last.value) == (step.weekday, step.start_s, step.value):
            joined[-1] = last._replace(end_s=step.end_s)
        else:
            joined.append(step)
    return tuple(joined)


def all_week(value: float) -> WeekSteps:
    """Return seven whole days of one value."""
    return tuple(Step(weekday, 0, DAY_S, value) for weekday in range(7))


def constant(value: float, hours: WeekSteps | None) -> WeekSteps:
    """Return one value during opening hours (None = always); a day that is closed has none of it."""
    return tuple(step._replace(value=value * step.value) for step in hours or all_week(1.0))


def week_total(steps: WeekSteps) -> float:
    """Return the sum of value x hours over a standard week, one without holidays."""
    return sum(step.value * (step.end_s - step.start_s) for step in steps if step.weekday < HOLIDAY) / 3600.0


def by_day(raw: Mapping[str, object], read: Callable[[object], Iterable[Piece]]) -> WeekSteps:
    """Return the steps of a map from days to what ``read`` understands, all findings at once."""
    gather, steps = Gather(), list[Step]()
    named: dict[int, str] = {}
    for key, value in raw.items():
        with gather.at(key):
            for day in weekdays(key):
                if day in named:
                    refuse(f"{day_name(day)} is in {named[day]!r} already; name each day once")
                named[day] = key
            steps += [s for piece, v in read(value) for day in weekdays(key) for s in placed(day, piece, v)]
    gather.finish()
    if HOLIDAY in named and not any(step.weekday == HOLIDAY for step in steps):
        steps.append(Step(HOLIDAY, 0, DAY_S, 0.0))  # nothing, where silence would mean: as on Sundays
    return ordered(steps)


def opening_hours(value: object) -> WeekSteps:
    """Return opening hours from "24x7", "08:00-20:00" or {mon-fri: "08:00-20:00", sat: ["09:00-12:00"]}."""
    if isinstance(value, str):
        return all_week(1.0) if value == "24x7" else opening_hours({"daily": value})
    if not isinstance(value, Mapping):
        raise ValueError(f'{shown(value)} is not opening hours; write 24x7 or {{mon-fri: "08:00-20:00"}}')
    if not value:
        raise ValueError(_NEVER_OPEN)
    steps = merged(by_day(value, _open_windows))
    if not any(step.value for step in steps):
        raise ValueError(_NEVER_OPEN)
    return steps


def _open_windows(value: object) -> Iterator[Piece]:
    for each in value if isinstance(value, list) else [value]:
        if value != CLOSED:
            yield window(each), 1.0


class Grid(NamedTuple):
    """How the lists of a profile are spread over a day: the first value's time and each one's length.

    ``amount(value, seconds)`` turns what a person wrote for that many seconds into the value that is kept.
    """

    amount: Callable[[object, int], float]
    step_s: int
    from_s: int | None = None


_OF_LISTS: Final = ("step", "from")  # keys of a profile that only its lists are read with


def profile(raw: Mapping[str, object], grid: Grid) -> WeekSteps:
    """Return the steps of {"08:00-12:00": 5, ...} or {from: "08:00", step: 60 min, mon-fri: [4, 6]}."""
    if raw and all(_WINDOW_KEY.match(key) for key in raw):
        pieces = list(_windows(raw, grid))
        return ordered(s for piece, v in pieces for day in range(7) for s in placed(day, piece, v))
    per_day = {key: value for key, value in raw.items() if key not in _OF_LISTS}
    _refuse_mixture(tuple(per_day))
    gather = Gather()
    with gather.at("step"):
        grid = grid._replace(step_s=_step(raw.get("step"), grid.step_s))
    with gather.at("from"):
        grid = grid._replace(from_s=clock_time(raw["from"]) if "from" in raw else None)
    with gather.at():
        if not per_day:
            refuse("says nothing for any day; add mon-fri: [...] or daily: [...]")
        unread = next((key for key in _OF_LISTS if key in raw), None)
        if unread and not any(isinstance(value, list) for value in per_day.values()):
            refuse("is for lists; here every value says itself when it holds", unread)
        steps = by_day(per_day, lambda value: _day_values(value, grid))
    gather.finish()
    return steps


def _refuse_mixture(keys: Sequence[str]) -> None:
    """Refuse windows beside days: nobody can say whether a window is of all days or of the others."""
    windows = [key for key in keys if _WINDOW_KEY.match(key)]
    other = next((key for key in keys if key not in windows), None)
    if windows and other is not None:
        raise ValueError(
            f"has the window {windows[0]!r} beside {other!r}; write windows alone (for all days), or days "
            f'with windows in them: {{mon-fri: {{"{windows[0]}": 3}}}}'
        )


def _step(value: object, default_s: int) -> int:
    """Return the step of a profile in whole seconds."""
    if value is None:
        return default_s
    seconds = duration(value, 60.0, float(DAY_S))
    if seconds != int(seconds) or DAY_S % int(seconds):
        raise ValueError(f"{value!r} does not divide a day; write 15 min, 30 min or 60 min")
    return int(seconds)


def _day_values(value: object, grid: Grid) -> Iterable[Piece]:
    """Return the pieces of one day: a list on the grid, a map of windows, or one value for all day."""
    if isinstance(value, Mapping):
        return list(_windows(value, grid))
    if not isinstance(value, list):
        return [(ALL_DAY, grid.amount(value, DAY_S))]
    _fits_a_day(len(value), grid)
    gather, pieces = Gather(), list[Piece]()
    for i, each in enumerate(value):
        with gather.at(i):
            start = (grid.from_s or 0) + i * grid.step_s
            pieces.append((Window(start, start + grid.step_s), grid.amount(each, grid.step_s)))
    gather.finish()
    return pieces


def _fits_a_day(count: int, grid: Grid) -> None:
    """Refuse a list that is longer than a day, or that does not say when it starts."""
    minutes = grid.step_s / 60
    if count == 0:
        raise ValueError("is an empty list; give one number for each step")
    if count * grid.step_s > DAY_S:
        raise ValueError(f"{count} values of {minutes:g} min are more than a day ({DAY_S // grid.step_s})")
    if grid.from_s is None and count * grid.step_s != DAY_S:
        raise ValueError(
            f'{count} values of {minutes:g} min are no whole day; add from: "08:00" (their start)'
        )


def _windows(value: object, grid: Grid) -> Iterator[Piece]:
    """Yield the pieces of {"08:00-12:00": 5, "12:00-20:00": 4}."""
    gather, pieces = Gather(), list[Piece]()
    for key, each in value.items() if isinstance(value, Mapping) else ():
        with gather.at(key):
            piece = window(key)
            pieces.append((piece, grid.amount(each, piece.end_s - piece.start_s)))
    gather.finish()
    yield from pieces
