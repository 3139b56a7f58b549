"""One interval of the day, on some days of a horizon: the spot that is to be explained."""

import datetime
import re
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from scenarios.model import DAY_NAMES, Scenario
from scenarios.related import streams_of
from scenarios.week import DAY_S, HOLIDAY, Window, clock_seconds, clock_time, steps_on, weekdays, window_text
from sim.almanac import Almanac, almanac, local_start, means, moment
from sim.explain.parts import serving_best_first
from sim.rates import rates

HOW: Final = 'write a time such as 10:30, "mon 10:30" or 2026-03-03T10:30'
_WHEN: Final = re.compile(r"(?:(?P<date>\d{4}-\d\d-\d\d)[T ]|(?P<day>[A-Za-z]+) )?(?P<clock>\d{1,2}:\d\d)")


class When(NamedTuple):
    """A time of day as asked for: on one date, on one weekday (0 = Monday), or on all days."""

    clock_s: int
    weekday: int | None = None
    date: datetime.date | None = None


class Spot(NamedTuple):
    """An interval of a queue on some days of a scenario; times are seconds after local midnight."""

    scenario: Scenario
    queue: str
    window: Window
    days: tuple[int, ...]  # numbers of the days, from 0
    kinds: tuple[int, ...]  # the kinds of these days (see `scenarios.week`)
    groups: tuple[str, ...]  # that serve the queue, those that rank it best first

    @property
    def length_s(self) -> int:
        return self.window.end_s - self.window.start_s

    def earlier(self, seconds: int) -> int:
        """A time of day so much before the interval; midnight if that would be before it."""
        return max(self.window.start_s - seconds, 0)


def read_when(text: str) -> When:
    """Read "10:30", "mon 10:30" or "2026-03-03T10:30". Raises `ValueError`."""
    found = _WHEN.fullmatch(" ".join(text.split()))
    if found is None:
        raise ValueError(f"{text!r} is not a time; {HOW}")
    clock_s = clock_time(found["clock"])
    if clock_s == DAY_S:
        raise ValueError("24:00 begins no interval; write 00:00 of the next day")
    if found["date"]:
        try:
            return When(clock_s, date=datetime.date.fromisoformat(found["date"]))
        except ValueError:
            raise ValueError(f"{found['date']} is not a date; {HOW}") from None
    if found["day"]:
        named = weekdays(found["day"])
        if len(named) > 1 or HOLIDAY in named:
            raise ValueError(f"{found['day']!r} is not one day of the week; {HOW}")
        return When(clock_s, named[0])
    return When(clock_s)


def when_text(when: When, window: Window) -> str:
    """The interval in words: 10:30-11:00, Mon 10:30-11:00, 2026-03-03 10:30-11:00."""
    day = when.date.isoformat() if when.date else ""
    if when.weekday is not None:
        day = DAY_NAMES[when.weekday].capitalize()
    return f"{day} {window_text(window)}".strip()


def find_spot(scenario: Scenario, queue: str, when: When) -> Spot:
    """The interval of a queue that holds a time, on all days asked for on which it is open then.

    Days on which nobody is expected to come then are left out, and so is what the run warms up with.
    Raises `ValueError` where nothing is left.
    """
    days = almanac(scenario.calendar)
    start = when.clock_s // days.interval_s * days.interval_s
    window = Window(start, start + days.interval_s)
    counted = _days_counted(days, scenario, when, window)
    is_open = _at(days, counted, start, open_share(days, scenario, queue)) > 0
    if not is_open.any():
        raise ValueError(f"queue {queue} is closed at {when_text(when, window)}")
    comes = is_open & (_at(days, counted, start, expected(days, scenario, queue)) > 0)
    if streams_of(scenario, queue) and not comes.any():
        raise ValueError(f"nobody is expected to come to queue {queue} at {when_text(when, window)}")
    chosen = comes if comes.any() else is_open
    kept = tuple(n for n, here in zip(counted, chosen, strict=True) if here)
    kinds = tuple(sorted({days.kinds[n] for n in kept}))
    return Spot(scenario, queue, window, kept, kinds, serving_best_first(scenario, queue))


def _days_counted(days: Almanac, scenario: Scenario, when: When, window: Window) -> list[int]:
    """Numbers of the days asked for that have the interval, after the warm-up. Raises `ValueError`."""
    having = [n for n in _days_asked(days, when) if places(days, n, window.start_s)]
    if not having:
        none_has = f"{when.date} has no" if when.date else "no day that is asked for has"
        zone = scenario.calendar.time_zone
        raise ValueError(f"{none_has} {window_text(window)}: the clocks of {zone} go forward then")
    counted = [n for n in having if moment(days, n, window.start_s) >= scenario.run.warm_up_s]
    if not counted:
        raise ValueError(f"{when_text(when, window)} is within the time with which the run warms up")
    return counted


def _days_asked(days: Almanac, when: When) -> list[int]:
    """Numbers of the days that were asked for. Raises `ValueError` if the horizon has none of them."""
    span = f"{days.dates[0]} to {days.dates[-1]}"
    if when.date is not None:
        if when.date not in days.dates:
            raise ValueError(f"{when.date} is not simulated; the days are {span}")
        return [days.dates.index(when.date)]
    found = [n for n, day in enumerate(days.dates) if when.weekday in (None, day.weekday())]
    if not found:
        raise ValueError(f"no {DAY_NAMES[when.weekday or 0]} is simulated; the days are {span}")
    return found


def places(days: Almanac, day: int, clock_s: int) -> tuple[int, ...]:
    """The numbers of the intervals of a day that begin when its clocks show a time.

    None where they leave it out, two where they show it twice: what is measured then is the mean of both.
    """
    start, end = days.midnights[day], days.midnights[day + 1]
    if end - start == DAY_S:
        return ((start + clock_s) // days.interval_s,)
    moments = range(start, end, days.interval_s)
    return tuple(at // days.interval_s for at in moments if clock_seconds(local_start(days, at)) == clock_s)


def _at(days: Almanac, chosen: list[int], clock_s: int, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Values of intervals, at a time of some days; added up where a day has it twice."""
    return np.array([values[list(places(days, n, clock_s))].sum() for n in chosen])


def shown_twice(spot: Spot) -> tuple[datetime.date, ...]:
    """The dates of the spot on which the clocks go back, and show its interval twice."""
    days = almanac(spot.scenario.calendar)
    return tuple(days.dates[n] for n in spot.days if len(places(days, n, spot.window.start_s)) > 1)


def beside(spot: Spot, step_s: int) -> Window | None:
    """The interval so much before or after this one; the one beyond it if no day of the spot has that.

    None where the day ends before.
    """
    days = almanac(spot.scenario.calendar)
    start = spot.window.start_s + step_s
    while 0 <= start < DAY_S:
        if any(places(days, n, start) for n in spot.days):
            return Window(start, start + spot.length_s)
        start += step_s
    return None


def open_windows(spot: Spot, kind: int, window: Window) -> list[Window]:
    """The pieces of a window of a kind of day in which the queue is open."""
    hours = spot.scenario.queues[spot.queue].hours
    if hours is None:
        return [window]
    pieces = [
        Window(max(s.start_s, window.start_s), min(s.end_s, window.end_s))
        for s in steps_on(hours, kind)
        if s.value
    ]
    return [piece for piece in pieces if piece.start_s < piece.end_s]


def open_share(days: Almanac, scenario: Scenario, queue: str) -> NDArray[np.float64]:
    """The share of each interval of the horizon in which a queue is open."""
    hours = scenario.queues[queue].hours
    return np.ones(days.intervals) if hours is None else means(days, hours)


def expected(days: Almanac, scenario: Scenario, queue: str) -> NDArray[np.float64]:
    """The contacts that a queue's streams expect in each interval of the horizon."""
    found = np.zeros(days.intervals)
    for name in streams_of(scenario, queue):
        found += rates(days, scenario.streams[name].arrivals).expected
    return found
