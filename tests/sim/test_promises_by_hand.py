"""What cases are promised, in rows of weeks worked by hand; and how many updates they are owed.

`test_service_clock.py` has the clocks alone; here they are those of cases, with a lunch, a holiday, a weekend
and both nights in which clocks change.
"""

import datetime
from typing import Final
from zoneinfo import ZoneInfo

import pytest

from tests.sim.placed import SECOND, Comes, Day, ticks

AMSTERDAM: Final = ZoneInfo("Europe/Amsterdam")
UTC: Final = datetime.UTC

PROMISES: Final = """\
careloop: 1
name: promises
calendar:
  start: START
  days: 10
  time_zone: Europe/Amsterdam
  holidays: [HOLIDAY]
  hours:
    desk: {mon-fri: ["09:00-12:00", "13:00-17:00"], holidays: closed}
    nights: {daily: "22:00-06:00"}
severities:
  S1: {first_response: 15 min, resolution: 4 h}
  S2: {clock: desk, first_response: 1 h, resolution: 1 business day}
  S3: {clock: desk, first_response: same day, resolution: 3 business days}
  S4: {clock: nights, first_response: 2 h, resolution: 8 business hours}
streams:
  S1: {queue: desk, arrivals: {rate: 0 per hour}, handle_time: {deterministic: 1 min}, severities: {S1: 100%}}
  S2: {queue: desk, arrivals: {rate: 0 per hour}, handle_time: {deterministic: 1 min}, severities: {S2: 100%}}
  S3: {queue: desk, arrivals: {rate: 0 per hour}, handle_time: {deterministic: 1 min}, severities: {S3: 100%}}
  S4: {queue: desk, arrivals: {rate: 0 per hour}, handle_time: {deterministic: 1 min}, severities: {S4: 100%}}
queues: {desk: {}}
groups: {team: {skills: [desk], agents: 9}}
"""

# Thursday the 2nd of April to Saturday the 11th; Easter Monday, the 6th, is a holiday.
EASTER: Final = [
    # stream, comes, first response due, solution due
    ("S1", "Thu 02 16:50", "Thu 02 17:05", "Thu 02 20:50"),  # round the clock
    ("S2", "Thu 02 10:30", "Thu 02 11:30", "Fri 03 10:30"),
    ("S2", "Thu 02 11:30", "Thu 02 13:30", "Fri 03 11:30"),  # half an hour before lunch, half after
    ("S2", "Thu 02 16:30", "Fri 03 09:30", "Fri 03 16:30"),
    ("S2", "Fri 03 16:30", "Tue 07 09:30", "Tue 07 16:30"),  # weekend and Easter Monday do not count
    ("S2", "Sat 04 11:00", "Tue 07 10:00", "Wed 08 09:00"),  # its day is Tuesday, from nine
    ("S3", "Thu 02 12:30", "Thu 02 17:00", "Wed 08 13:00"),  # at lunch: as if it came at one
    ("S3", "Thu 02 18:00", "Fri 03 17:00", "Thu 09 09:00"),  # after closing: the next day's
    ("S3", "Mon 06 10:00", "Tue 07 17:00", "Fri 10 09:00"),  # on the holiday
    ("S4", "Thu 02 23:00", "Fri 03 01:00", "Fri 03 23:00"),  # 7 h until six, 1 h from 22:00
]
# The night to Sunday the 29th of March has seven hours: clocks go from 02:00 to 03:00.
SPRING: Final = [
    ("S1", "Sun 29 01:50", "Sun 29 03:05", "Sun 29 06:50"),  # ten minutes, then three o'clock
    ("S4", "Sat 28 22:00", "Sun 29 00:00", "Sun 29 23:00"),  # the night is an hour too short for eight
    ("S4", "Sun 29 01:00", "Sun 29 04:00", "Mon 30 02:00"),  # 4 h until six, 4 h from 22:00
    ("S2", "Fri 27 16:00", "Fri 27 17:00", "Mon 30 16:00"),
]
# The night to Sunday the 25th of October has nine: from 03:00 back to 02:00.
AUTUMN: Final = [
    ("S1", "Sun 25 01:50", "Sun 25 02:05", "Sun 25 04:50"),  # two o'clock comes twice
    ("S4", "Sat 24 22:00", "Sun 25 00:00", "Sun 25 05:00"),  # eight hours of nine
    ("S4", "Sun 25 01:00", "Sun 25 02:00 again", "Mon 26 00:00"),  # 6 h until six, 2 h from 22:00
    ("S3", "Fri 23 16:59", "Fri 23 17:00", "Wed 28 16:59"),
]
WEEKS: Final = {
    "Easter": ("2026-04-02", "2026-04-06", EASTER),
    "spring": ("2026-03-27", "2026-12-25", SPRING),
    "autumn": ("2026-10-23", "2026-12-25", AUTUMN),
}


class Clock:
    """Local times of the ten days from a date on, as "Thu 02 16:50", to ticks and back."""

    def __init__(self, start: str) -> None:
        first = datetime.date.fromisoformat(start)
        self.days = {f"{day:%a %d}": day for day in (first + datetime.timedelta(n) for n in range(12))}
        self.start = datetime.datetime.combine(first, datetime.time(), AMSTERDAM)

    def tick(self, told: str) -> int:
        day, clock = self.days[told[:6]], datetime.time.fromisoformat(told[7:])
        moment = datetime.datetime.combine(day, clock, AMSTERDAM)
        return round((moment.timestamp() - self.start.timestamp()) * SECOND)

    def told(self, tick: int) -> str:
        moment = self.start.astimezone(UTC) + datetime.timedelta(microseconds=tick)
        local = moment.astimezone(AMSTERDAM)
        return f"{local:%a %d %H:%M}" + (" again" if local.fold else "")


@pytest.mark.parametrize("engine", ["fast", "reference"])
@pytest.mark.parametrize("name", WEEKS)
def test_weeks_worked_by_hand(name: str, engine: str) -> None:
    start, holiday, rows = WEEKS[name]
    clock = Clock(start)
    text = PROMISES.replace("START", start).replace("HOLIDAY", holiday)
    day = Day(text, [Comes(clock.tick(comes), stream) for stream, comes, *_ in rows], engine)
    cases = {day.number[int(case["key"])]: case for case in day.log.cases}
    for n, (stream, comes, reply, solution) in enumerate(rows, 1):
        seen = [clock.told(int(cases[n][due])) for due in ("reply_due", "resolution_due")]
        assert seen == [reply, solution], (stream, comes)


OWED: Final = """\
careloop: 1
name: updates
calendar: {start: 2026-03-02, days: DAYS, hours: {desk: {mon-fri: "09:00-17:00"}}}
severities:
  S1:
    clock: CLOCK
    resolution: 40 h
    update: {every: 1 h, queue: updates, handle_time: {deterministic: 3 min}}
streams:
  cases:
    queue: desk
    arrivals: {rate: 0 per hour}
    handle_time: {deterministic: TOOK min}
    severities: {S1: 100%}
queues: {desk: {}, updates: {}}
groups:
  team: {skills: [desk], agents: 1}
  writers: {skills: [updates], agents: WRITERS}
"""


def owed(
    took_min: int, clock: str = "always", writers: str = "1", comes: str = "09:00:00"
) -> tuple[int, int]:
    """Updates, and those of them that were late, of a case that takes so long to solve."""
    text = OWED.replace("DAYS", "3").replace("CLOCK", clock).replace("TOOK", str(took_min))
    day = Day(text.replace("WRITERS", writers), [Comes(ticks(comes), "cases")], "fast")
    (case,) = day.log.cases
    return int(case["updates"]), int(case["late"])


@pytest.mark.parametrize(
    ("took_min", "updates"),
    [
        (30, 0),
        (45, 0),  # the update would be ready as the case is solved
        (47, 0),  # ... and is being written: struck off
        (49, 1),  # it is done after 45 min and 3, and then the case is solved
        (95, 1),
        (97, 2),  # from each on it is 48 min to the next
        (481, 10),
        (1441, 30),
    ],
)
def test_updates_owed_round_the_clock(took_min: int, updates: int) -> None:
    """Each can be written in the last quarter of its hour; the next hour starts when it is done."""
    assert owed(took_min) == (updates, 0)


def test_updates_owed_by_the_clock_of_the_desk() -> None:
    """From 16:00: 45 min of the desk are over at 16:45; from 16:48, 12 on Monday and 33 on Tuesday."""
    assert owed(16 * 60 + 48, "desk", comes="16:00:00") == (1, 0)  # until 08:48 on Tuesday
    assert owed(17 * 60 + 36, "desk", comes="16:00:00") == (2, 0)  # until 09:36: the second at 09:33


def test_updates_that_nobody_writes_are_missed_once_due() -> None:
    """Writers come at midnight only. From 09:00 on the first is owed by 10:00, and it waits for them."""
    midnight = '{"00:00-01:00": 1}'
    assert owed(30, "desk", midnight) == (0, 0)  # solved before it is ready
    assert owed(59, "desk", midnight) == (0, 0)  # ... or due
    assert owed(300, "desk", midnight) == (1, 1)  # struck off at midnight, but it was due before 14:00
    assert owed(905, "desk", midnight) == (1, 1)  # written at midnight, solved at 00:05


def test_an_unsolved_case_does_not_keep_a_run_from_ending() -> None:
    """Nobody solves it: updates are owed until the horizon ends, and not for ever."""
    text = OWED.replace("DAYS", "1").replace("CLOCK", "always").replace("TOOK", "5").replace("WRITERS", "1")
    day = Day(text.replace("agents: 1}\n  writers", "agents: 0}\n  writers"), [Comes(0, "cases")], "fast")
    (case,) = day.log.cases
    assert case["solved"] == -1
    assert case["updates"] == 30  # every 48 min from midnight to midnight; the last is ready at 23:57
