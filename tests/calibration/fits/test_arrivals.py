"""The whole fit of arrivals: what it says, what a scenario takes of it, and inputs with little in them."""

import datetime
import math
from typing import Any

import numpy as np
import pytest

import scenarios
from calibration.fits.arrival_fragment import rounded_keeping_total
from calibration.fits.arrivals import ArrivalFit, fit_all_arrivals, fit_arrivals
from calibration.fits.count_grid import CountGrid
from scenarios.model import Arrivals
from scenarios.yaml_out import yaml_text
from tests.calibration.fits.arrival_worlds import FIRST, Stream, World, world

BUSY = Stream(40.0, 0.12, 0.06, 0.6, 0.4)


def loaded(arrivals: dict[str, Any]) -> Arrivals:
    """The arrivals as a scenario reads them back from its file."""
    text = yaml_text(
        {
            "careloop": 1,
            "name": "Fitted",
            "calendar": {"start": "2026-06-01", "days": 7},
            "streams": {
                "calls": {"queue": "phone", "arrivals": arrivals, "handle_time": {"exponential": "3 min"}}
            },
            "queues": {"phone": {"channel": "other"}},
            "groups": {"team": {"skills": ["phone"], "agents": 2}},
        }
    )
    return scenarios.loads(text).streams["calls"].arrivals


def by_weekday(arrivals: Arrivals) -> np.ndarray:
    found = np.zeros(7)
    for step in arrivals.steps:
        found[step.weekday] += step.value * (step.end_s - step.start_s) / 3600.0
    return found


def with_special_days(made: World) -> CountGrid:
    counts = made.grid.counts.copy()
    counts[:, 9] //= 4
    return made.grid._replace(counts=counts)


def test_a_scenario_takes_what_was_fitted() -> None:
    made = world(1, (BUSY, BUSY), weeks=16)
    found = fit_all_arrivals(with_special_days(made))[0]
    arrivals = loaded(found.arrivals)
    assert by_weekday(arrivals) == pytest.approx(found.parts.profile().sum(axis=1), abs=0.05)
    assert by_weekday(arrivals)[:5] == pytest.approx(made.means[0].sum(axis=1)[:5], rel=0.15)
    assert arrivals.busyness.day.cv == pytest.approx(found.parts.scatter.cv, rel=0.006)
    assert arrivals.busyness.interval.cv == pytest.approx(found.parts.interval.cv, rel=0.006)
    assert arrivals.busyness.day.correlation == pytest.approx(
        found.fit.parameter("correlation of days").value, abs=0.006
    )
    (special,) = [each for each in arrivals.day_factors.special_days if each.first.day == 14]
    assert special.first == FIRST + datetime.timedelta(days=9)
    assert special.factor == pytest.approx(0.25, abs=0.1)


def test_days_ahead_are_at_their_level() -> None:
    grid = world(2, (BUSY._replace(drift=0.03),), weeks=16).grid
    period, ahead = (fit_arrivals("Calls", grid, "s0", ahead=days) for days in (None, (1, 28)))
    assert period.parts.levels is not None
    later = period.parts.levels.level.over(1, 28)
    scaled = by_weekday(loaded(ahead.arrivals)) / np.where(period.parts.profile().any(axis=1), 1, np.inf)
    expected = period.parts.profile().sum(axis=1) * later.factor
    assert scaled == pytest.approx(expected, rel=1e-3)
    assert period.ahead is None
    assert ahead.ahead == later
    cv = loaded(ahead.arrivals).busyness.day.cv
    parts = ahead.parts
    assert parts.weekday_error() > 0
    scatter = (parts.day.cv, later.within, parts.month.error, parts.weekday_error())
    assert cv == pytest.approx(math.hypot(*scatter), rel=0.006)


def test_the_fit_speaks_for_itself() -> None:
    found = fit_all_arrivals(with_special_days(world(3, (BUSY, BUSY), weeks=12)))[0]
    text = found.fit.summary()
    for words in ("contacts on mon", "level at the end", "cv of days", "cv of intervals", "2026-01-14"):
        assert words in text
    assert found.fit.distribution == found.arrivals
    names = [each.label for each in found.fit.plot.traces]
    assert "mon" in names
    assert "mon, counted" in names
    assert {each.label for each in found.days.traces} == {"level", "usual days", "special days"}
    assert sum(len(each.x) for each in found.days.traces if each.style == "points") == 60
    for trace in (*found.fit.plot.traces, *found.days.traces):
        assert len(trace.x) == len(trace.y) > 0
        assert np.isfinite(trace.y).all()


def test_the_same_counts_give_the_same_fit() -> None:
    grid = world(4, (BUSY, BUSY), weeks=8).grid
    one, other = (fit_all_arrivals(grid) for _ in range(2))
    assert [each.arrivals for each in one] == [each.arrivals for each in other]
    assert one[0].fit.summary() == other[0].fit.summary()


def first_days(grid: CountGrid, days: int) -> CountGrid:
    return grid._replace(days=grid.days[:days], open=grid.open[:days], counts=grid.counts[:, :days])


def kinds(found: ArrivalFit) -> set[str]:
    return {each.kind for each in found.fit.cautions}


@pytest.mark.parametrize("days", [1, 2, 7, 14])
def test_few_days_give_their_profile_and_say_that_it_is_little(days: int) -> None:
    grid = first_days(world(5, (BUSY, BUSY), weeks=2).grid, days)
    found = fit_all_arrivals(grid)[0]
    total = grid.of("s0").sum()
    rows = found.parts.usual
    assert found.parts.expected(grid)[rows].sum() == pytest.approx(total, rel=1e-6)
    assert "small_sample" in kinds(found)
    read = by_weekday(loaded(found.arrivals))
    assert (read[: min(days, 5)] > 0).all()
    if days <= 7:
        assert loaded(found.arrivals).busyness.day.cv == 0.0
        assert math.isnan(found.parts.day.low)


def test_one_day_names_the_weekdays_that_it_does_not_know() -> None:
    found = fit_arrivals("Calls", first_days(world(5, (BUSY,), weeks=1).grid, 1), "s0")
    assert any("no tue, wed" in each.text for each in found.fit.cautions)


def test_an_empty_stream_has_no_contacts() -> None:
    grid = world(6, (BUSY, BUSY), weeks=4).grid
    counts = grid.counts.copy()
    counts[1] = 0
    full, empty = fit_all_arrivals(grid._replace(counts=counts))
    assert by_weekday(loaded(full.arrivals)).sum() > 0
    assert by_weekday(loaded(empty.arrivals)).sum() == 0
    assert "nothing_seen" in kinds(empty)
    assert "no contacts" in empty.fit.summary()
    assert empty.days.traces == ()


def test_a_single_interval_and_closed_days_are_no_trouble() -> None:
    made = world(7, (BUSY,), weeks=8, intervals=1)
    found = fit_arrivals("Calls", made.grid, "s0")
    assert by_weekday(loaded(found.arrivals))[0] == pytest.approx(found.parts.profile()[0].sum(), rel=1e-3)
    assert loaded(found.arrivals).busyness.interval.cv == 0.0
    opened = made.grid.open.copy()
    opened[7:21] = False
    gaps = fit_arrivals("Calls", made.grid._replace(open=opened), "s0")
    assert len(gaps.parts.gaps) == 10
    assert any("no counts on 2026-01-12" in each.text for each in gaps.fit.cautions)


def test_nothing_open_at_all_is_nothing_seen() -> None:
    grid = world(8, (BUSY,), weeks=2).grid
    found = fit_arrivals("Calls", grid._replace(open=np.zeros_like(grid.open)), "s0")
    assert found.arrivals == {"rate": "0 per hour"}


def test_wrong_names_are_told() -> None:
    grid = world(9, (BUSY,), weeks=2).grid
    with pytest.raises(KeyError, match="'nobody' is none of s0"):
        fit_arrivals("Calls", grid, "nobody")
    with pytest.raises(ValueError, match="'Holland' is not a country's code"):
        fit_arrivals("Calls", grid, "s0", country="Holland")


def test_rounding_keeps_the_sum() -> None:
    random = np.random.default_rng(10)
    for _ in range(50):
        values = random.gamma(0.5, 40.0, 48) * (random.random(48) < 0.8)
        found = np.array(rounded_keeping_total(values))
        assert found.sum() == pytest.approx(values.sum(), abs=0.01)
        assert (found[values == 0] == 0).all()
        assert np.abs(found - values).max() <= max(values) * 0.02
        assert (np.abs(found - values)[values > 0] <= 0.05 * values[values > 0] + 0.3).all()
    assert rounded_keeping_total(np.array([1000.0, 0.01])) == [1000, 0.01]
    assert rounded_keeping_total(np.array([1.0 / 3] * 3)) == [0.333, 0.334, 0.333]
    assert rounded_keeping_total(np.zeros(2)) == [0, 0]


def odd_grid(seed: int) -> CountGrid:
    """Any number of days and intervals, open now and then, from no contacts to millions."""
    random = np.random.default_rng(seed)
    days, intervals, streams = (int(random.choice(each)) for each in ([1, 3, 8, 30], [1, 2, 24, 48], [1, 3]))
    opened = random.random((days, intervals)) < random.choice([1.0, 0.95, 0.5, 0.05])
    means = 10.0 ** random.uniform(-3, 5, (streams, 1, 1)) * random.gamma(0.5, 2.0, (streams, 1, intervals))
    cv = float(random.choice([0.01, 0.3, 2.0]))
    busy = random.gamma(cv**-2, cv**2, (streams, days, 1))
    counts = random.poisson(np.minimum(means * busy, 1e9))
    dates = tuple(FIRST + datetime.timedelta(days=n) for n in range(days))
    return CountGrid(86_400 // intervals, dates, opened, ("a", "b", "c")[:streams], counts)


@pytest.mark.parametrize("seed", range(30))
def test_odd_counts_end_in_a_scenario_with_their_totals(seed: int) -> None:
    grid = odd_grid(seed)
    for found in fit_all_arrivals(grid, ahead=(1, 30) if seed % 2 else None):
        usual = found.parts.usual
        total = grid.of(found.parts.stream)[usual].sum()
        if total > 0:
            assert found.parts.expected(grid)[usual].sum() == pytest.approx(total, rel=1e-6)
        assert found.fit.n == total
        assert found.fit.summary()
        assert (by_weekday(loaded(found.arrivals)).sum() > 0) == (total > 0)
