"""The calendar on the clock: days of 23 and 25 hours, shifts across midnight, profiles, labels."""

import datetime
from itertools import combinations, pairwise
from typing import Any

import numpy as np
import pytest

import scenarios
from scenarios.model import Calendar
from scenarios.week import Step
from sim.almanac import Almanac, almanac, local_start, means, moment, stretches
from sim.arrivals import within
from sim.compile import compile_scenario
from sim.experiment import Result, run_scenario
from tests.sim.logs import run

SPRING = datetime.date(2026, 3, 29)  # Amsterdam: 02:00 becomes 03:00
AUTUMN = datetime.date(2026, 10, 25)  # Amsterdam: 03:00 becomes 02:00
HOUR = 3600
SUNDAY = 6


def of(start: datetime.date, days: int = 1, zone: str = "Europe/Amsterdam") -> Almanac:
    return almanac(Calendar(start=start, days=days, time_zone=zone, interval=1800.0))


def hours(start: datetime.date, first: float, last: float) -> list[tuple[float, float]]:
    """The real time (h since midnight) of a step of wall-clock hours on a Sunday."""
    step = Step(SUNDAY, int(first * HOUR), int(last * HOUR), 1.0)
    return [(s.start_s / HOUR, s.end_s / HOUR) for s in stretches(of(start), (step,))]


def test_days_have_their_length() -> None:
    assert of(SPRING).end == 23 * HOUR
    assert of(AUTUMN).end == 25 * HOUR
    assert of(SPRING).intervals == 46
    assert of(AUTUMN).intervals == 50
    week = of(datetime.date(2026, 3, 23), days=14)
    assert np.diff(week.midnights).tolist() == [24 * HOUR] * 6 + [23 * HOUR] + [24 * HOUR] * 7


def test_day_that_begins_with_the_missing_hour() -> None:
    """In Chile the clocks go forward at midnight: the day begins at 01:00."""
    day = of(datetime.date(2026, 9, 6), zone="America/Santiago")
    assert day.end == 23 * HOUR
    assert local_start(day, 0).isoformat() == "2026-09-06T01:00:00-03:00"
    assert moment(day, 0, 8 * HOUR) == 7 * HOUR


def test_clocks_that_change_by_half_an_hour() -> None:
    """Lord Howe Island: 02:00 becomes 02:30 on the 4th of October."""
    assert of(datetime.date(2026, 10, 4), zone="Australia/Lord_Howe").end == 23.5 * HOUR


@pytest.mark.parametrize(
    ("first", "last", "spring", "autumn"),
    [
        (0, 24, [(0, 23)], [(0, 25)]),
        (0, 2, [(0, 2)], [(0, 2)]),
        (1, 4, [(1, 3)], [(1, 5)]),
        (2, 3, [], [(2, 4)]),  # falls into the missing hour; lasts through both
        (3, 5, [(2, 4)], [(4, 6)]),
        (8, 20, [(7, 19)], [(9, 21)]),
        (1, 2.5, [(1, 2)], [(1, 2.5)]),  # ends within the missing hour: when the clocks change
        (2.5, 4, [(2, 3)], [(2.5, 5)]),  # begins within it
        (2.25, 2.75, [], [(2.25, 2.75)]),
    ],
)
def test_steps_on_days_when_clocks_change(
    first: float, last: float, spring: list[Any], autumn: list[Any]
) -> None:
    assert hours(SPRING, first, last) == spring
    assert hours(AUTUMN, first, last) == autumn


def test_steps_never_overlap_on_the_clock() -> None:
    """Two steps that do not overlap on the wall do not overlap in time."""
    edges = [1, 2, 2.25, 2.5, 3, 3.5, 4]
    for start in (SPRING, AUTUMN):
        for first, last in combinations(edges, 2):
            spans = hours(start, 0, first) + hours(start, first, last) + hours(start, last, 24)
            assert spans == sorted(spans)
            assert all(one[1] == other[0] for one, other in pairwise(spans))


def test_profile_means_by_interval() -> None:
    """12 an hour from 08:10 to 08:40: 8 an hour on the mean from 08:00, and 4 from 08:30."""
    step = Step(0, 8 * HOUR + 600, 8 * HOUR + 2400, 12.0)
    mean = means(of(datetime.date(2026, 3, 2)), (step,))
    assert mean[15:19].tolist() == [0.0, 8.0, 4.0, 0.0]
    assert mean.sum() == 12.0


@pytest.mark.parametrize(
    "start",
    [SPRING, AUTUMN, datetime.date(2026, 3, 1)]
    # Chile and Lord Howe Island change their clocks on these.
    + [datetime.date(2026, month, day) for month, day in ((4, 4), (4, 5), (9, 6), (10, 4))],
)
def test_profile_means_when_clocks_change(start: datetime.date) -> None:
    """Every half hour of the wall has its own rate: each interval has the rate of its own label."""
    steps = tuple(Step(start.weekday(), h * 1800, (h + 1) * 1800, float(h + 1)) for h in range(48))
    for zone in ("Europe/Amsterdam", "America/Santiago", "Australia/Lord_Howe"):
        day = of(start, zone=zone)
        labels = [local_start(day, i * 1800) for i in range(day.intervals)]
        expected = [float(2 * label.hour + label.minute // 30 + 1) for label in labels]
        assert means(day, steps).tolist() == expected


def test_sinusoid_is_integrated_exactly() -> None:
    """Over a quarter of a period from its zero: mean x t + amplitude x period / (2 pi) contacts."""
    wave = {"mean": "10 per hour", "amplitude": "10 per hour", "period": "4 h"}
    raw = _raw("2026-03-02", {"sinusoid": wave})
    model = compile_scenario(scenarios.from_dict(raw))
    at = int(model.tables.streams[0]["rates"])
    expected = model.tables.curves[at : at + 48]
    assert expected[:2].sum() == pytest.approx(10 + 40 / (2 * np.pi))
    assert expected[:8].sum() == pytest.approx(40.0)
    assert expected.sum() == pytest.approx(240.0)


def test_contacts_come_when_their_step_says() -> None:
    """Steps need not fit the intervals: nobody comes before 08:10, nor between 08:40 and 08:50."""
    daily = {"08:10-08:40": 1200, "08:50-08:51": 6000}
    raw = _raw("2026-03-02", {"by_interval": {"per": "hour", "daily": daily}})
    raw["calendar"]["days"] = 20
    rows = run(compile_scenario(scenarios.from_dict(raw))).contacts
    minute = rows[rows["row"] == 0]["born"] / 6e7 % 1440.0
    counts = np.histogram(minute, [0, 490, 500, 510, 520, 530, 531, 1440])[0]
    assert counts[[0, 4, 6]].tolist() == [0, 0, 0]
    z = (counts[[1, 2, 3, 5]] - [4000, 4000, 4000, 2000]) / np.sqrt([4000, 4000, 4000, 2000])
    assert np.abs(z).max() < 4.0


@pytest.mark.parametrize("slices", [1, 2, 7, 64])
def test_places_within_an_interval(slices: int) -> None:
    """The inverse of a running share made of straight lines; slices where nobody comes are never hit."""
    rng = np.random.default_rng(slices)
    parts = rng.gamma(1.0, size=slices) * (rng.uniform(size=slices) < 0.7)
    parts[-1] = 1.0
    curve = np.cumsum(parts) / parts.sum()
    edges = np.arange(slices + 1) / slices
    for u in rng.uniform(size=200):
        found = within(curve, 0, slices, u)
        assert np.interp(found, edges, [0.0, *curve]) == pytest.approx(u, abs=1e-12)
    assert within(curve, 0, slices, 1.0 - 2.0**-53) < 1.0


# Through the whole engine.


def _raw(start: str, arrivals: dict[str, Any], **group: Any) -> dict[str, Any]:
    return {
        "careloop": 1,
        "name": "calendar",
        "calendar": {"start": start, "days": 1, "time_zone": "Europe/Amsterdam"},
        "streams": {
            "calls": {"queue": "phone", "arrivals": arrivals, "handle_time": {"deterministic": "1 s"}}
        },
        "queues": {"phone": {"channel": "email"}},
        "groups": {"team": {"skills": ["phone"], **(group or {"agents": 3})}},
        "run": {"replications": 1},
    }


def _run(raw: dict[str, Any]) -> Result:
    return run_scenario(scenarios.from_dict(raw))


def _on_duty(start: str, days: int = 1, **group: Any) -> list[float]:
    """Agents on duty by hour of real time."""
    raw = _raw(start, {"rate": "0 per hour"}, **group)
    raw["calendar"] |= {"interval": "60 min", "days": days}
    table = _run(raw).intervals
    return [float(x) for x in table[(table["measure"] == "on_duty") & (table["scope"] == "group")]["mean"]]


def test_interval_labels() -> None:
    """Local time with its offset: an hour is missing, or there twice."""
    label = {day: _labels(day) for day in ("2026-03-29", "2026-10-25")}
    spring, autumn = label["2026-03-29"], label["2026-10-25"]
    assert spring[3:5] == ["2026-03-29T01:30:00+01:00", "2026-03-29T03:00:00+02:00"]
    assert autumn[4:8] == [f"2026-10-25T02:{m}:00+0{offset}:00" for offset in (2, 1) for m in ("00", "30")]
    assert (len(spring), len(autumn)) == (46, 50)
    assert len(set(autumn)) == 50


def _labels(day: str) -> list[str]:
    table = _run(_raw(day, {"rate": "5 per hour"})).intervals
    return list(table[(table["measure"] == "offered") & (table["scope"] == "all")]["interval"])


@pytest.mark.parametrize(("day", "length"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-03-30", 24)])
def test_contacts_come_in_every_hour_of_the_day(day: str, length: int) -> None:
    """600 an hour: each hour's count is within 5 standard deviations, and none comes outside."""
    rows = run(compile_scenario(scenarios.from_dict(_raw(day, {"rate": "600 per hour"})))).contacts
    came = rows[rows["row"] == 0]["born"] // 3_600_000_000
    counts = np.bincount(came)
    assert len(counts) == length
    assert (np.abs(counts - 600) < 5 * np.sqrt(600)).all()


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-03-02", [1] * 6 + [0] * 16 + [1] * 2),
        ("2026-03-29", [1] * 5 + [0] * 16 + [1] * 2),  # the night before has one hour less
        ("2026-10-25", [1] * 7 + [0] * 16 + [1] * 2),
    ],
)
def test_night_shift(day: str, expected: list[int]) -> None:
    """22:00 to 06:00 every night: the shift of the day before is there when the horizon starts."""
    assert _on_duty(day, shifts=[{"agents": 1, "hours": "22:00-06:00"}]) == expected


def test_night_shift_of_some_days() -> None:
    """On Mondays only: it is there on Tuesday morning, even if the horizon starts on Tuesday."""
    shifts = [{"agents": 1, "days": "mon", "hours": "22:00-06:00"}]
    assert _on_duty("2026-03-02", shifts=shifts) == [0] * 22 + [1] * 2
    assert _on_duty("2026-03-03", shifts=shifts) == [1] * 6 + [0] * 18
    assert _on_duty("2026-03-04", shifts=shifts) == [0] * 24
    assert _on_duty("2026-03-02", days=2, shifts=shifts) == [0] * 22 + [1] * 8 + [0] * 18


def test_shifts_back_to_back() -> None:
    """One leaves as the next comes; nobody is missing and nobody doubled."""
    spans = ("06:00-14:00", "14:00-22:00", "22:00-06:00")
    shifts = [{"agents": 1, "hours": span} for span in spans]
    for day, length in (("2026-03-02", 24), ("2026-03-29", 23), ("2026-10-25", 25)):
        assert _on_duty(day, shifts=shifts) == [1] * length


def test_shift_around_the_clock() -> None:
    assert _on_duty("2026-03-02", days=2, shifts=[{"agents": 2, "hours": "00:00-24:00"}]) == [2] * 48


def test_staffing_by_windows() -> None:
    """A window across midnight goes on the next morning, of the first day too."""
    assert _on_duty("2026-03-02", agents={"20:00-02:00": 2, "08:00-10:00": 1}) == (
        [2] * 2 + [0] * 6 + [1] * 2 + [0] * 10 + [2] * 4
    )
    assert _on_duty("2026-03-29", agents={"mon-sat": 5, "sun": {"01:00-04:00": 2}}) == [0, 2, 2] + [0] * 20


def test_hours_across_midnight_do_not_close_at_midnight() -> None:
    raw = _raw("2026-03-02", {"rate": "60 per hour"})
    raw["calendar"]["days"] = 2
    raw["queues"]["phone"] = {"hours": {"daily": "22:00-02:00"}}
    legs = run(compile_scenario(scenarios.from_dict(raw))).legs()
    hour = legs["queued"] // 3_600_000_000 % 24
    closed = legs["outcome"] == 4
    assert sorted(set(hour[~closed].tolist())) == [0, 1, 22, 23]
    assert not set(hour[closed].tolist()) & {0, 1, 22, 23}


@pytest.mark.parametrize("hours", ["24x7", {"daily": "00:00-24:00"}])
def test_open_around_the_clock_is_open(hours: Any) -> None:
    """However it is written: the end of the horizon closes nothing."""
    raw = _raw("2026-03-02", {"rate": "60 per hour"}, agents=1)
    raw["streams"]["calls"]["handle_time"] = {"deterministic": "62 s"}
    raw["queues"]["phone"] = {"channel": "email", "at_closing": "clear"}
    always = run(compile_scenario(scenarios.from_dict(raw)))
    raw["queues"]["phone"]["hours"] = hours
    assert run(compile_scenario(scenarios.from_dict(raw))).digest() == always.digest()


def test_long_horizons_are_labelled_by_day_and_by_interval_of_the_week() -> None:
    raw = _raw("2026-03-02", {"rate": "2 per hour"})
    raw["calendar"] |= {"days": 100, "interval": "60 min"}
    table = _run(raw).intervals
    labels = list(table[(table["measure"] == "offered") & (table["scope"] == "all")]["interval"])
    assert labels[:2] == ["2026-03-02", "2026-03-03"]
    assert labels[99:102] == ["2026-06-09", "Mon 00:00", "Mon 01:00"]
    assert labels[-1] == "Sun 23:00"
    assert len(labels) == 100 + 168
    # An average week: each hour weighs as often as it came, and the one that was missing once, once less.
    rows = table[(table["measure"] == "offered") & (table["scope"] == "all")].set_index("interval")["mean"]
    total = rows.iloc[:100].sum()
    times = np.repeat([15, 15, 14, 14, 14, 14, 14], 24)
    times[6 * 24 + 2] -= 1
    assert (rows.iloc[100:].to_numpy() * times).sum() == pytest.approx(total)
    assert total == pytest.approx(4800, abs=5 * np.sqrt(4800))
