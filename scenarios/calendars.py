"""The days that are simulated, and opening hours with names."""

import datetime
from bisect import bisect_left
from collections.abc import Mapping
from typing import Annotated, Final
from zoneinfo import ZoneInfo, available_timezones

from pydantic import Field, ValidationInfo

from scenarios.fields import (
    ALWAYS,
    DATE,
    WEEKLY_HOURS,
    Model,
    door_of,
    quantity,
    reader,
    said,
    text_form,
    whole,
)
from scenarios.problems import Gather, nearest, refuse, shown
from scenarios.public_holidays import read_holidays
from scenarios.units import date, duration
from scenarios.week import (
    HOLIDAY,
    WeekSteps,
    opening_hours,
)


def _time_zone(seen: object) -> str:
    """Return the name of a time zone; all names are listed only for a wrong one, which takes a while."""
    try:
        return ZoneInfo(str(seen)).key
    except (KeyError, ValueError, OSError):
        near = nearest(str(seen), sorted(available_timezones())).partition("Allowed")[0].strip()
        near += " Write" if near.endswith("?") else " write"
        message = f"{shown(seen)} is not a time zone{near} one such as Europe/Amsterdam or UTC"
        raise ValueError(message) from None


def _interval(seen: object) -> float:
    seconds = duration(seen, 60.0, 3600.0)
    if seconds != int(seconds) or 3600 % int(seconds):
        raise ValueError(f"{seen!r} does not divide an hour; write 15 min, 30 min or 60 min")
    return seconds


def _hours_table(seen: object) -> dict[str, WeekSteps]:
    """Read the named opening hours; ``always`` needs no definition."""
    if not isinstance(seen, Mapping):
        raise ValueError(f'{shown(seen)} is not a map; write {{desk: {{mon-fri: "08:00-20:00"}}}}')
    gather, table = Gather(), dict[str, WeekSteps]()
    for name, each in seen.items():
        with gather.at(str(name)):
            if name == ALWAYS and each != "24x7":
                refuse("always means round the clock; choose another name for these hours")
            if ":" in str(name) or name == "24x7":
                refuse("is no usable name; start it with a letter")
            if name != ALWAYS:
                table[str(name)] = each if isinstance(each, tuple) else opening_hours(each)
    gather.finish()
    return table


def _holidays(seen: object, info: ValidationInfo) -> tuple[datetime.date, ...]:
    """Read the holidays among the days; those are known by now, or are wrong themselves."""
    if isinstance(seen, tuple):
        return seen
    start, days = info.data.get("start", datetime.date(2000, 1, 1)), info.data.get("days", 1)
    return read_holidays(seen, start, days, door_of(info))


HOLIDAYS_FORM: Final = {
    "title": "holidays",
    "anyOf": [
        {"type": "string", "examples": ["NL", "US-CA"]},
        {"type": "array", "items": DATE},
        {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "of": {"type": "string"},
                "also": {"type": "array", "items": DATE},
                "not": {"type": "array", "items": DATE},
            },
        },
    ],
}


class Calendar(Model):
    """The days that are simulated; ``interval`` is the reporting interval in seconds."""

    start: Annotated[datetime.date, reader(date, DATE), said("first day", "2026-03-02")]
    days: Annotated[
        int,
        whole(1, 36_600),
        said("how many local days; one on which the clocks change has 23 or 25 hours", 28),
    ]
    holidays: Annotated[
        tuple[datetime.date, ...],
        reader(_holidays, HOLIDAYS_FORM),
        said(
            "a country, dates, or both; such days are as Sundays, unless they are named",
            "NL",
            "{of: US-CA, also: [2026-12-24], not: [2026-10-12]}",
            absent="none",
        ),
    ] = ()
    time_zone: Annotated[
        str,
        reader(_time_zone, text_form("time zone", "Europe/Amsterdam")),
        said("time zone of all times of day", "Europe/Amsterdam"),
    ] = "UTC"
    interval: Annotated[
        float,
        quantity(_interval, text_form("duration", "15 min", "30 min", "60 min")),
        said(
            "reporting interval, a divisor of the hour; `busyness.interval` draws one factor for each",
            "15 min",
        ),
    ] = 1800.0
    hours: Annotated[
        dict[str, WeekSteps],
        reader(
            _hours_table, {"title": "hours by name", "type": "object", "additionalProperties": WEEKLY_HOURS}
        ),
        said(
            "opening hours with names; `always` is known",
            '{desk: {mon-fri: "08:00-20:00", sat: ["09:00-12:00", "13:00-17:00"], holidays: closed}}',
            absent="none",
        ),
    ] = Field(default_factory=dict)

    def kind_of(self, day: datetime.date) -> int:
        """Return the kind of a day: its weekday (0 = Monday), or 7 for a holiday."""
        at = bisect_left(self.holidays, day)
        return HOLIDAY if at < len(self.holidays) and self.holidays[at] == day else day.weekday()
