"""Service clocks: weeks worked by hand, with a holiday, lunches and nights on which clocks change."""

import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from scenarios.model import Calendar
from scenarios.week import opening_hours
from sim.clock import NEVER
from sim.service_clock import (
    DAYS,
    SAME_DAY,
    TIME,
    after_open,
    business_days,
    due_after,
    end_of_day,
    open_ticks,
    when_open,
)
from sim.service_hours import BEYOND_DAYS, ServiceHours, service_hours

HOUR = 3_600_000_000
LUNCHES = {"mon-fri": ["09:00-12:00", "13:00-17:00"], "holidays": "closed"}


class Desk(NamedTuple):
    """Clocks in a time zone, asked and answering in local time."""

    hours: ServiceHours
    start: datetime.datetime

    def at(self, told: str, fold: int = 0) -> int:
        """The tick of a local time "2026-03-29 02:30"; `fold` 1 is the second time that clocks show it."""
        local = datetime.datetime.fromisoformat(told).replace(tzinfo=self.start.tzinfo, fold=fold)
        return round((local.timestamp() - self.start.timestamp()) * 1_000_000)

    def told(self, tick: int) -> str:
        """A tick as local time, with its offset from UTC."""
        moment = self.start.astimezone(datetime.UTC) + datetime.timedelta(microseconds=tick)
        return moment.astimezone(self.start.tzinfo).strftime("%a %d %H:%M:%S %z")[:-2]

    def due(self, kind: int, start: int, amount: int = 0) -> str:
        """When a promise of the first clock is due."""
        return self.told(due_after(self.hours.spans, *self.hours.clock(0), kind, start, amount))


def desk(
    week: object, start: str, days: int = 14, zone: str = "Europe/Amsterdam", holidays: tuple[str, ...] = ()
) -> Desk:
    closed = tuple(datetime.date.fromisoformat(day) for day in holidays)
    first = datetime.date.fromisoformat(start)
    calendar = Calendar(start=first, days=days, time_zone=zone, holidays=closed)
    midnight = datetime.datetime(first.year, first.month, first.day, tzinfo=ZoneInfo(zone))
    return Desk(service_hours(calendar, [opening_hours(week)]), midnight)


def rows(asked: Desk, count: int) -> list[tuple[float, ...]]:
    """The first spans, in hours: start, end, open before, number of the day, on the wall."""
    found = asked.hours.spans[:count]
    return [
        (s["start"] / HOUR, s["end"] / HOUR, s["before"] / HOUR, s["day"], s["wall"] / HOUR) for s in found
    ]


# Easter 2026 in Amsterdam, summer time throughout. Monday the 6th of April is a holiday.
EASTER = desk(LUNCHES, "2026-03-30", holidays=("2026-04-06",))


@pytest.mark.parametrize(
    ("start", "hours", "answer"),
    [
        ("2026-04-02 16:00", 1, "Thu 02 17:00"),  # just at closing: then, not the next morning
        ("2026-04-02 16:00", 4, "Fri 03 12:00"),  # 1 h on Thursday, 3 h before lunch
        ("2026-04-02 16:00", 5, "Fri 03 14:00"),  # ... and 1 h after it
        ("2026-04-02 16:00", 8, "Fri 03 17:00"),  # 1 h, and all 7 h of Friday
        ("2026-04-03 16:30", 2, "Tue 07 10:30"),  # 0.5 h on Friday; weekend, Easter Monday; 1.5 h from 9:00
        ("2026-04-03 12:30", 1, "Fri 03 14:00"),  # starts within lunch
        ("2026-04-04 11:00", 7, "Tue 07 17:00"),  # starts on a Saturday: all of Tuesday
        ("2026-03-30 00:00", 35, "Fri 03 17:00"),  # a whole week of 5 * 7 h
    ],
)
def test_hours_through_easter(start: str, hours: int, answer: str) -> None:
    assert EASTER.due(TIME, EASTER.at(start), hours * HOUR) == f"{answer}:00 +02"


def test_hours_that_have_run_through_easter() -> None:
    """Thursday 16-17 and Friday's 7 h and Tuesday 9-10: 9 h of the 138 h from Thursday 16:00."""
    start, end = EASTER.at("2026-04-02 16:00"), EASTER.at("2026-04-07 10:00")
    spans = EASTER.hours.spans
    assert open_ticks(spans, 0, len(spans), start, end) == 9 * HOUR
    assert open_ticks(spans, 0, len(spans), EASTER.at("2026-04-03 12:15"), EASTER.at("2026-04-03 12:45")) == 0
    assert open_ticks(spans, 0, len(spans), EASTER.at("2026-04-03 17:00"), EASTER.at("2026-04-07 09:00")) == 0
    assert open_ticks(spans, 0, len(spans), end, end) == 0


@pytest.mark.parametrize(
    ("tick", "answer"),
    [
        ("2026-04-02 09:00", "Thu 02 09:00"),  # open: then
        ("2026-04-02 16:59", "Thu 02 16:59"),
        ("2026-04-02 12:00", "Thu 02 13:00"),  # lunch, 12-13, over 13-17
        ("2026-04-02 12:45", "Thu 02 16:00"),
        ("2026-04-01 17:00", "Thu 02 09:00"),  # a night of 16 h over the 3 h before lunch
        ("2026-04-02 01:00", "Thu 02 10:30"),
        ("2026-04-05 13:00", "Tue 07 10:30"),  # 44 h after closing on Friday, of 88 h
        ("2026-03-30 03:00", "Mon 30 10:00"),  # before the first opening: of the time since the start
    ],
)
def test_what_falls_into_closed_hours_is_spread_over_the_next_open_ones(tick: str, answer: str) -> None:
    spans, clock = EASTER.hours.spans, EASTER.hours.clock(0)
    assert EASTER.told(when_open(spans, *clock, EASTER.at(tick))) == f"{answer}:00 +02"


def test_nothing_is_moved_round_the_clock_or_after_the_last_opening() -> None:
    spans, clock = EASTER.hours.spans, EASTER.hours.clock(0)
    late = int(spans["end"][-1]) + 1
    assert when_open(spans, -1, -1, 7) == 7
    assert when_open(spans, *clock, late) == late


@pytest.mark.parametrize(
    ("start", "answer"),
    [
        ("2026-04-03 07:00", "Fri 03"),  # before the first opening of that day
        ("2026-04-03 10:00", "Fri 03"),
        ("2026-04-03 12:00", "Fri 03"),  # lunch begins
        ("2026-04-03 12:30", "Fri 03"),
        ("2026-04-03 16:59:59", "Fri 03"),
        ("2026-04-03 17:00", "Tue 07"),  # closed: not over Easter
        ("2026-04-05 12:00", "Tue 07"),
        ("2026-04-06 10:00", "Tue 07"),  # on the holiday
        ("2026-04-07 00:00", "Tue 07"),
    ],
)
def test_same_day_through_easter(start: str, answer: str) -> None:
    assert EASTER.due(SAME_DAY, EASTER.at(start)) == f"{answer} 17:00:00 +02"


@pytest.mark.parametrize(
    ("start", "days", "answer"),
    [
        ("2026-04-02 16:00", 1, "Fri 03 16:00"),
        ("2026-04-02 16:00", 2, "Tue 07 16:00"),
        ("2026-04-02 16:00", 3, "Wed 08 16:00"),
        ("2026-04-03 12:30", 1, "Tue 07 13:00"),  # within lunch: from 13:00
        ("2026-04-03 17:00", 1, "Wed 08 09:00"),  # closed: from Tuesday 9:00
        ("2026-04-06 10:00", 1, "Wed 08 09:00"),
    ],
)
def test_business_days_through_easter(start: str, days: int, answer: str) -> None:
    assert EASTER.due(DAYS, EASTER.at(start), days) == f"{answer}:00 +02"


@pytest.mark.parametrize(
    ("start", "days", "answer"),
    [
        ("2026-06-04 16:30", 1, "Fri 05 16:00"),  # Friday is over: when it closed
        ("2026-06-04 13:30", 1, "Fri 05 12:00"),  # Friday's lunch: when it began
        ("2026-06-04 15:59:59", 1, "Fri 05 15:59:59"),
        ("2026-06-04 09:15", 2, "Sat 06 10:00"),  # Saturday has not begun: when it opens
        ("2026-06-06 13:00", 1, "Mon 08 13:00"),
    ],
)
def test_business_days_where_days_differ(start: str, days: int, answer: str) -> None:
    week = {"mon-thu": "09:00-17:00", "fri": ["09:00-12:00", "14:00-16:00"], "sat": "10:00-14:00"}
    asked = desk(week, "2026-06-01")
    seconds = "" if answer.count(":") == 2 else ":00"
    assert asked.due(DAYS, asked.at(start), days) == f"{answer}{seconds} +02"


def test_spans_with_lunch_and_a_holiday() -> None:
    """From Friday the 3rd of April: hours of Friday, and of Tuesday after 96 h."""
    assert rows(desk(LUNCHES, "2026-04-03", holidays=("2026-04-06",)), 3) == [
        (9, 12, 0, 0, 9),
        (13, 17, 3, 0, 13),
        (105, 108, 7, 1, 9),
    ]


# Saturday the 28th of March, then the night in which clocks go from 02:00 to 03:00: Sunday has 23 hours.
SPRING = desk("00:00-06:00", "2026-03-28")
# Saturday the 24th of October, then the night in which they go from 03:00 back to 02:00: 25 hours.
AUTUMN = desk("00:00-06:00", "2026-10-24")


def test_spans_where_clocks_change() -> None:
    assert rows(SPRING, 4) == [(0, 6, 0, 0, 0), (24, 26, 6, 1, 0), (26, 29, 8, 1, 3), (47, 53, 11, 2, 0)]
    assert rows(AUTUMN, 4) == [(0, 6, 0, 0, 0), (24, 27, 6, 1, 0), (27, 31, 9, 1, 2), (49, 55, 13, 2, 0)]


def test_hours_through_the_short_night() -> None:
    start = SPRING.at("2026-03-29 01:00")
    assert SPRING.due(TIME, start, HOUR) == "Sun 29 03:00:00 +02"  # 01-02, which is 03:00
    assert SPRING.due(TIME, start, 2 * HOUR) == "Sun 29 04:00:00 +02"
    assert SPRING.due(TIME, start, 5 * HOUR) == "Mon 30 01:00:00 +02"  # 4 h are left of Sunday's 5
    assert SPRING.due(SAME_DAY, start) == "Sun 29 06:00:00 +02"
    assert SPRING.due(DAYS, SPRING.at("2026-03-28 01:30"), 1) == "Sun 29 01:30:00 +01"
    assert SPRING.due(DAYS, SPRING.at("2026-03-28 02:30"), 1) == "Sun 29 03:00:00 +02"  # there is no 02:30
    assert SPRING.due(DAYS, SPRING.at("2026-03-28 03:30"), 1) == "Sun 29 03:30:00 +02"
    assert SPRING.due(DAYS, SPRING.at("2026-03-29 03:30"), 1) == "Mon 30 03:30:00 +02"


def test_hours_through_the_long_night() -> None:
    start = AUTUMN.at("2026-10-25 01:00")
    assert AUTUMN.due(TIME, start, 2 * HOUR) == "Sun 25 02:00:00 +01"  # 01-03, which is 02:00 again
    assert AUTUMN.due(TIME, start, 3 * HOUR) == "Sun 25 03:00:00 +01"
    assert AUTUMN.due(TIME, start, 7 * HOUR) == "Mon 26 01:00:00 +01"  # 6 h are left of Sunday's 7
    assert AUTUMN.due(SAME_DAY, start) == "Sun 25 06:00:00 +01"
    assert AUTUMN.due(DAYS, AUTUMN.at("2026-10-24 02:30"), 1) == "Sun 25 02:30:00 +02"  # the first time
    assert AUTUMN.due(DAYS, AUTUMN.at("2026-10-24 03:30"), 1) == "Sun 25 03:30:00 +01"
    assert AUTUMN.due(DAYS, AUTUMN.at("2026-10-25 02:30", fold=1), 1) == "Mon 26 02:30:00 +01"


def test_evenings_that_go_on_after_midnight() -> None:
    """18:00-02:00 each day: a local day has 00-02 and 18-24, also the one on which clocks change at 02:00."""
    asked = desk("18:00-02:00", "2026-03-28")
    assert rows(asked, 4) == [(0, 2, 0, 0, 0), (18, 24, 2, 0, 18), (24, 26, 8, 1, 0), (41, 47, 10, 1, 18)]
    late = asked.at("2026-03-28 23:00")
    assert asked.due(TIME, late, 4 * HOUR) == "Sun 29 19:00:00 +02"  # 23-24, 00-02, 18-19
    assert asked.due(SAME_DAY, late) == "Sun 29 00:00:00 +01"  # local days end at midnight
    assert asked.due(SAME_DAY, asked.at("2026-03-29 01:00")) == "Mon 30 00:00:00 +02"
    assert asked.due(DAYS, late, 1) == "Sun 29 23:00:00 +02"
    assert asked.due(DAYS, asked.at("2026-03-28 12:00"), 1) == "Sun 29 18:00:00 +02"
    assert asked.due(DAYS, asked.at("2026-03-28 01:30"), 1) == "Sun 29 01:30:00 +01"


def test_evenings_that_go_on_into_the_long_night() -> None:
    """22:00-03:00: the night from Saturday lasts until clocks first show 03:00, 6 h with 02-03 twice."""
    asked = desk("22:00-03:00", "2026-10-24")
    assert rows(asked, 4) == [(0, 3, 0, 0, 0), (22, 24, 3, 0, 22), (24, 27, 5, 1, 0), (27, 28, 8, 1, 2)]
    assert asked.due(TIME, asked.at("2026-10-24 22:00"), 6 * HOUR) == "Sun 25 03:00:00 +01"


def test_new_york_round_the_clock_by_name() -> None:
    """Clocks change on the 8th of March (02:00 to 03:00) and the 1st of November (02:00 to 01:00)."""
    asked = desk("24x7", "2026-03-07", zone="America/New_York")
    noon = asked.at("2026-03-07 12:00")
    assert asked.due(DAYS, noon, 1) == "Sun 08 12:00:00 -04"  # 23 hours later
    assert asked.due(TIME, noon, 24 * HOUR) == "Sun 08 13:00:00 -04"
    assert asked.due(DAYS, asked.at("2026-03-07 02:30"), 1) == "Sun 08 03:00:00 -04"
    asked = desk("24x7", "2026-10-31", zone="America/New_York")
    assert asked.due(DAYS, asked.at("2026-10-31 12:00"), 1) == "Sun 01 12:00:00 -05"  # 25 hours later
    assert asked.due(DAYS, asked.at("2026-10-31 01:30"), 1) == "Sun 01 01:30:00 -04"
    assert asked.due(DAYS, asked.at("2026-11-01 01:30", fold=1), 1) == "Mon 02 01:30:00 -05"
    assert asked.due(SAME_DAY, asked.at("2026-11-01 01:30")) == "Mon 02 00:00:00 -05"


def test_clock_that_never_stops() -> None:
    """There a day is 24 hours, and clocks on the wall do not matter."""
    spans = SPRING.hours.spans
    start = SPRING.at("2026-03-28 12:00")
    assert due_after(spans, -1, -1, TIME, start, 4 * HOUR) == start + 4 * HOUR
    assert due_after(spans, -1, -1, DAYS, start, 3) == start + 72 * HOUR
    assert due_after(spans, -1, -1, SAME_DAY, start, 0) == start + 24 * HOUR
    none = service_hours(Calendar(start=datetime.date(2026, 1, 1), days=1), [])
    assert due_after(none.spans, -1, -1, TIME, 5, 6) == 11
    assert due_after(none.spans, -1, -1, -1, 5, 6) == -1  # nothing is promised


def test_clocks_side_by_side() -> None:
    """Each has rows of its own, and what lies before and after them is not its time."""
    weeks = [opening_hours(week) for week in ("08:00-09:00", {"mon": "10:00-12:00"}, "20:00-24:00")]
    hours = service_hours(Calendar(start=datetime.date(2026, 3, 2), days=3), weeks)  # a Monday
    assert hours.clockworks["last"].tolist()[-1] == len(hours.spans) == 63 + 9 + 63  # 9 Mondays in 63 days
    start, clocks = 11 * HOUR, [hours.clock(number) for number in range(3)]

    def found(kind: int, amount: int) -> list[int]:
        return [due_after(hours.spans, *clock, kind, start, amount) // HOUR for clock in clocks]

    assert found(TIME, 2 * HOUR) == [57, 179, 22]
    assert found(SAME_DAY, 0) == [33, 12, 24]
    assert found(DAYS, 1) == [56, 179, 44]


def test_beyond_what_is_known() -> None:
    """Hours are known for 60 days after a horizon of one day: 61 h of one hour a day."""
    spans = desk("08:00-09:00", "2026-04-01", days=1).hours.spans
    known, all_hours = len(spans), (BEYOND_DAYS + 1) * HOUR
    closing = int(spans[-1]["end"])
    assert closing == (60 * 24 + 9) * HOUR
    assert after_open(spans, 0, known, 0, all_hours) == closing
    assert after_open(spans, 0, known, 0, all_hours + 1) == NEVER
    assert after_open(spans, 0, known, closing, 1) == NEVER
    assert after_open(spans, 0, known, closing + HOUR, 0) == closing + HOUR
    assert end_of_day(spans, 0, known, closing - 1) == closing
    assert end_of_day(spans, 0, known, closing) == NEVER
    assert business_days(spans, 0, known, 0, 60) == closing - HOUR
    assert business_days(spans, 0, known, 0, 61) == NEVER
    assert business_days(spans, 0, known, closing, 1) == NEVER
    assert open_ticks(spans, 0, known, closing - HOUR, closing + 99 * HOUR) == HOUR


def test_holiday_just_after_the_horizon_is_known() -> None:
    asked = desk(LUNCHES, "2026-04-03", days=3, holidays=("2026-04-06",))
    assert asked.due(DAYS, asked.at("2026-04-03 10:00"), 1) == "Tue 07 10:00:00 +02"


def test_hours_that_never_come() -> None:
    """Open on holidays only, of which there is none."""
    hours = desk({"holidays": "08:00-20:00"}, "2026-04-01").hours
    assert len(hours.spans) == 0
    assert open_ticks(hours.spans, 0, 0, 0, HOUR) == 0
    assert after_open(hours.spans, 0, 0, 7, 0) == 7
    assert [due_after(hours.spans, *hours.clock(0), kind, HOUR, 1) for kind in (TIME, SAME_DAY, DAYS)] == [
        NEVER
    ] * 3


def test_fields_fit_each_other() -> None:
    """Open time adds up from span to span, and opening days have numbers without gaps."""
    spans = EASTER.hours.spans
    length = spans["end"] - spans["start"]
    assert np.array_equal(spans["before"][1:], np.cumsum(length)[:-1])
    assert set(np.diff(spans["day"]).tolist()) == {0, 1}
    assert np.all(spans["start"][1:] >= spans["end"][:-1])
