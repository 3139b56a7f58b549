"""Arrivals of two real centres, whose records are not part of this repository."""

import csv
import datetime
import gzip
from collections import Counter
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from calibration.fits.arrivals import fit_all_arrivals, fit_arrivals
from calibration.fits.count_grid import CountGrid
from calibration.fits.dispersion_index import dispersion_index
from calibration.fits.level_ahead import widened
from calibration.fits.special_days import holidays_among
from calibration.fits.stream_fit import fit_stream

pytestmark = pytest.mark.verify  # minutes, on data that a clone has not

DATA = Path(__file__).parents[4] / "shared" / "data"
VANAD = DATA / "vanad_2014-01_to_04_calls.csv.gz"
BANK = DATA / "bank_calls_5min_2003-03_to_07.csv.gz"
WEEKDAYS = (0, 1, 2, 3, 4)


def rows(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        pytest.skip(f"{path.name} is not here: it is not part of this repository")
    with gzip.open(path, "rt", encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def grid_of(counted: Counter[tuple[str, str, int]], step_s: int, hours: tuple[int, int]) -> CountGrid:
    """Counts by (stream, date, interval); weekdays that come at all are open within the hours."""
    dates = sorted({datetime.date.fromisoformat(day) for _, day, _ in counted})
    days = tuple(dates[0] + datetime.timedelta(days=n) for n in range((dates[-1] - dates[0]).days + 1))
    streams = tuple(sorted({stream for stream, _, _ in counted}))
    counts = np.zeros((len(streams), len(days), 86_400 // step_s), np.int64)
    for (stream, day, interval), n in counted.items():
        at = (datetime.date.fromisoformat(day) - dates[0]).days
        counts[streams.index(stream), at, interval] += n
    opened = np.zeros(counts.shape[1:], bool)
    known = {day.weekday() for day in dates}
    served = [n for n, day in enumerate(days) if day.weekday() in known]
    opened[served, hours[0] * 3600 // step_s : hours[1] * 3600 // step_s] = True
    return CountGrid(step_s, days, opened, streams, counts)


@cache
def vanad(step_s: int = 1800, main: int = 3) -> CountGrid:
    calls = [(row["queue_name"], row["date_received"]) for row in rows(VANAD)]
    largest = {name for name, _ in Counter(name for name, _ in calls).most_common(main)}
    counted: Counter[tuple[str, str, int]] = Counter()
    for queue, at in calls:
        seconds = int(at[11:13]) * 3600 + int(at[14:16]) * 60 + int(at[17:19])
        for name in ("all", *([queue] if queue in largest else [])):
            counted[name, at[:10], seconds // step_s] += 1
    return grid_of(counted, step_s, (8, 20))


def bank(step_s: int) -> CountGrid:
    counted: Counter[tuple[str, str, int]] = Counter()
    for row in rows(BANK):
        at = row["DateTime"]
        counted["all", at[:10], (int(at[11:13]) * 3600 + int(at[14:16]) * 60) // step_s] += int(row["Calls"])
    grid = grid_of(counted, step_s, (7, 21))
    return grid._replace(open=grid.open & (grid.counts[0].sum(axis=1) > 0)[:, None])


def test_vanad_is_far_from_chance_before_and_near_it_after() -> None:
    grid = vanad().joined(3600)
    for stream in grid.streams:
        found = dispersion_index(grid, fit_stream(grid, stream, country="NL"), WEEKDAYS)
        assert found.before > 5.0
        assert found.days_and_intervals == pytest.approx(1.0, abs=0.35 if stream == "all" else 0.2)
    everything = fit_stream(grid, "all")
    assert dispersion_index(grid, everything, WEEKDAYS).before > 15.0


def test_vanad_volumes_and_holidays() -> None:
    found = fit_stream(vanad(), "all", country="NL")
    assert found.levels is not None
    volumes = [each.contacts for each in found.levels.volumes]
    assert volumes[:5] == sorted(volumes[:5], reverse=True)
    assert volumes[0] == pytest.approx(7200, rel=0.05)
    assert volumes[4] == pytest.approx(5100, rel=0.05)
    special = {each.date: each for each in found.special}
    monday = special[datetime.date(2014, 4, 21)]
    assert monday.factor == 0.0
    assert "Easter" in monday.name
    assert datetime.date(2014, 4, 18) in special
    assert len(special) <= 10


def test_vanad_streams_hang_together() -> None:
    everything = vanad()
    own = [n for n, name in enumerate(everything.streams) if name != "all"]  # else each would be in it twice
    grid = everything._replace(
        streams=tuple(everything.streams[n] for n in own), counts=everything.counts[own]
    )
    found = {each.parts.stream: each for each in fit_all_arrivals(grid, country="NL")}
    # What their days have in common is the end of the month; around it little is left to share.
    month = found["30175"].parts.month
    assert month.months == 4
    assert month.effects[-1] == max(month.effects) > 2.0 * month.error
    assert found["30175"].fit.parameter("correlation of days").high > 0.2
    for stream in ("30175", "30560"):
        assert found[stream].fit.parameter("correlation of intervals").low > 0.05


def first_days(grid: CountGrid, days: int) -> CountGrid:
    return grid._replace(days=grid.days[:days], open=grid.open[:days], counts=grid.counts[:, :days])


def held(grid: CountGrid, stream: str, until: datetime.date, country: str | None = None) -> list[bool]:
    """Whether the totals of the days from a date on lie in their 90 % intervals, fitted to the days before.

    Week by week, as a back-test asks. Days that are named holidays, or without calls, are not asked for.
    """
    random = np.random.default_rng(1)
    start = grid.days.index(until)
    past = first_days(grid, start)
    found = fit_arrivals(stream, past, stream, country, ahead=(1, len(grid.days) - start)).parts
    assert found.levels is not None
    profile, cv = found.profile(), found.interval.cv
    names = holidays_among(grid.days, country, {})
    month = np.exp(found.month.log_factor(grid.days))
    inside = []
    for d in range(start, len(grid.days)):
        row, total = profile[grid.weekdays[d]] * month[d], grid.of(stream)[d].sum()
        if names[d] or not row.any() or total == 0:
            continue
        first = (d - start) // 7 * 7 + 1
        ahead = found.levels.level.over(first, first + 6)
        error = widened(ahead.cv, len(past.days))
        levels = ahead.factor * np.exp(np.sqrt(np.log1p(error**2)) * random.normal(size=2000))
        variance = found.day.cv**2 + ahead.within**2 + found.month.error**2
        variance += cv**2 * (row**2).sum() / row.sum() ** 2
        means = row.sum() * levels * random.gamma(1.0 / variance, variance, 2000)
        low, high = np.quantile(random.poisson(means), [0.05, 0.95])
        inside.append(bool(low <= total <= high))
    return inside


def test_the_next_month_lies_in_its_prediction_intervals() -> None:
    """VANAD, January to March, then April: pooled over streams, and none of them badly; the bank's July."""
    own = [name for name in vanad().streams if name != "all"]
    april = {name: held(vanad(), name, datetime.date(2014, 4, 1), "NL") for name in own}
    july = held(bank(1800), "all", datetime.date(2003, 7, 1))
    pooled = [each for series in (*april.values(), july) for each in series]
    assert len(pooled) > 80
    assert 0.80 <= np.mean(pooled) <= 0.97
    for series in (*april.values(), july):
        assert np.mean(series) >= 0.70


def test_the_bank_has_the_scatter_that_pairs_of_counts_tell() -> None:
    """Of five minutes and of half hours alike; docs/real_counts.md has 6.0% and 4.1%."""
    half_hours = fit_arrivals("Bank", bank(1800), "all")
    assert half_hours.parts.scatter.cv == pytest.approx(0.060, abs=0.006)
    assert half_hours.parts.interval.cv == pytest.approx(0.041, abs=0.006)
    assert half_hours.dispersion.days_and_intervals == pytest.approx(1.0, abs=0.2)
    assert half_hours.parts.levels is not None
    volumes = [each.contacts for each in half_hours.parts.levels.volumes]
    assert volumes[:2] == pytest.approx([36_700, 32_500], rel=0.03)
    fine = fit_stream(bank(300), "all")
    assert fine.scatter.cv == pytest.approx(half_hours.parts.scatter.cv, rel=0.1)
    gaps = {datetime.date(2003, 5, 26), datetime.date(2003, 7, 4)}
    assert gaps <= set(half_hours.parts.gaps)
