"""Busyness from counts: known values come back, and errors are as large as they say."""

import datetime
from collections.abc import Iterable
from itertools import product
from pathlib import Path

import numpy as np
import pytest

import scenarios
from calibration import counts
from calibration.counts import fragment, grid, unusual_days
from calibration.fits.pair_moments import Busyness, Grid, estimate
from scenarios.csv_door import read_counts

BANK = Path(__file__).parents[3] / "shared" / "data" / "bank_calls_5min_2003-03_to_07.csv.gz"
LIMIT = 4.0


def synthetic(
    seed: int, day_cv: float, interval_cv: float, mean: float, weeks: int = 12, interval_s: int = 1800
) -> Grid:
    """Counts of weekdays, 24 intervals each, with known cvs."""
    random = np.random.default_rng(seed)
    days = 5 * weeks
    weekdays = np.tile(np.arange(5), weeks)
    of_day = np.array([1.3, 1.0, 0.9, 0.9, 1.0])[weekdays][:, None]
    profile = mean * of_day * (0.5 + np.sin(np.linspace(0.1, 3.0, 24)))
    busy = gammas(random, day_cv, (days, 1)) * gammas(random, interval_cv, (days, 24))
    start = datetime.date(2026, 3, 2)
    dates = [start + datetime.timedelta(days=n // 5 * 7 + n % 5) for n in range(days)]
    return Grid(interval_s, tuple(map(str, dates)), weekdays, random.poisson(profile * busy).astype(float))


def gammas(random: np.random.Generator, cv: float, shape: tuple[int, int]) -> np.ndarray:
    return random.gamma(cv**-2, cv**2, shape) if cv > 0 else np.ones(shape)


@pytest.mark.parametrize(
    ("day_cv", "interval_cv", "mean"), [(0.12, 0.05, 40.0), (0.06, 0.04, 1000.0), (0.2, 0.3, 5.0)]
)
def test_known_cvs_come_back(day_cv: float, interval_cv: float, mean: float) -> None:
    """Squares are what is estimated without bias, up to the ratio; their mean is held against the truth."""
    found = [estimate(synthetic(seed, day_cv, interval_cv, mean), resamples=200) for seed in range(60)]
    for level, truth in (("day", day_cv), ("interval", interval_cv)):
        spreads = [getattr(each, level) for each in found]
        squares = np.array([each.cv**2 for each in spreads])
        noise = squares.std(ddof=1)
        bias = 3.0 * truth**4 / 60  # of a ratio of means, at most
        assert abs(squares.mean() - truth**2) <= LIMIT * noise / np.sqrt(len(squares)) + bias
        told = np.array([2.0 * each.cv * each.se for each in spreads])
        assert np.nanmean(told) == pytest.approx(noise, rel=0.4)
        inside = np.mean([each.low <= truth <= each.high for each in spreads])
        assert inside >= 0.8


def test_pure_chance_has_no_busyness() -> None:
    found = [estimate(synthetic(seed, 0.0, 0.0, 40.0), resamples=200) for seed in range(40)]
    for level in ("day", "interval"):
        spreads = [getattr(each, level) for each in found]
        assert np.mean([each.low == 0.0 for each in spreads]) >= 0.85
        assert np.mean([each.cv for each in spreads]) < 0.02
        assert any(each.cv == 0.0 and np.isnan(each.se) for each in spreads)


def test_moments_are_those_of_the_definition() -> None:
    """The matrix products against sums over pairs, written out."""
    table = synthetic(1, 0.2, 0.2, 5.0, weeks=3)
    same, two, same_cell, two_cells = 0.0, 0.0, 0.0, 0.0
    for w in range(5):
        days = table.counts[table.weekdays == w]
        n, cells = len(days), range(days.shape[1])
        for d, e, i, j in product(range(n), range(n), cells, cells):
            pair = days[d, i] * days[e, j]
            if d == e and i != j:
                same += pair
            elif d == e:
                same_cell += days[d, i] * (days[d, i] - 1)
            elif i != j:
                two += pair / (n - 1)
            else:
                two_cells += pair / (n - 1)
    found = estimate(table, resamples=10)
    assert found.day.cv**2 == pytest.approx(same / two - 1)
    assert found.interval.cv**2 == pytest.approx(same_cell / two_cells / (same / two) - 1)


def test_the_same_file_gives_the_same_answer() -> None:
    table = synthetic(2, 0.1, 0.1, 20.0)
    assert estimate(table) == estimate(table)


def test_unequal_and_single_weekdays() -> None:
    """A weekday with one or two days is left out; the others may differ in number."""
    table = synthetic(3, 0.1, 0.05, 200.0)
    more = table._replace(
        days=(*table.days, "2026-06-06", "2026-06-13"),
        weekdays=np.append(table.weekdays, [5, 5]),
        counts=np.vstack([table.counts, np.full((2, 24), 7.0)]),
    )
    assert estimate(more) == estimate(table)
    fewer = table._replace(days=table.days[7:], weekdays=table.weekdays[7:], counts=table.counts[7:])
    assert estimate(fewer).day.cv == pytest.approx(0.1, abs=0.03)


def test_fragment_is_part_of_a_scenario() -> None:
    found = estimate(synthetic(4, 0.1, 0.05, 100.0))
    text = f"""
careloop: 1
name: Pasted
calendar: {{start: 2026-03-02, days: 1}}
streams:
  calls:
    queue: phone
    arrivals:
      rate: 10 per hour
      {fragment(found)}
    handle_time: {{exponential: 3 min}}
queues: {{phone: {{channel: other}}}}
groups: {{team: {{skills: [phone], agents: 2}}}}
"""
    busyness = scenarios.loads(text).streams["calls"].arrivals.busyness
    assert busyness.day.cv == pytest.approx(found.day.cv, abs=0.0005)
    assert busyness.interval.cv == pytest.approx(found.interval.cv, abs=0.0005)


SIMULATED = """
careloop: 1
name: Counts of a simulation
calendar: {start: 2026-03-02, days: 70, interval: 60 min}
streams:
  calls:
    queue: phone
    arrivals:
      by_interval: {from: "08:00", step: 60 min, daily: [30, 50, 70, 60, 50, 40, 30, 20]}
      busyness: {day: {cv: 15%}, interval: {cv: 10%}}
    handle_time: {deterministic: 1 s}
queues: {phone: {channel: other}}
groups: {team: {skills: [phone], agents: 5}}
"""


def test_what_the_simulation_does_with_a_cv_is_what_is_estimated() -> None:
    """The other way round: a simulated history gives back the busyness of its scenario."""
    from sim.experiment import run_scenario

    result = run_scenario(scenarios.loads(SIMULATED), replications=12, keep_contacts=True)
    assert result.contacts is not None
    squares = np.array(
        [_squares(each["born_s"].to_numpy()) for _, each in result.contacts.groupby("replication")]
    )
    error = squares.std(axis=0, ddof=1) / np.sqrt(len(squares))
    assert np.all(np.abs(squares.mean(axis=0) - [0.15**2, 0.10**2]) <= LIMIT * error + [0.0005, 0.0002])


def _squares(born_s: np.ndarray) -> tuple[float, float]:
    table = np.histogram(born_s // 3600, bins=np.arange(70 * 24 + 1))[0].reshape(70, 24).astype(float)
    days = tuple(map(str, range(70)))
    found = estimate(Grid(3600, days, np.arange(70) % 7, table[:, table.any(axis=0)]), resamples=10)
    return found.day.cv**2, found.interval.cv**2


def write(path: Path, rows: Iterable[tuple[str, float]]) -> Path:
    path.write_text("when,calls\n" + "".join(f"{when},{calls:g}\n" for when, calls in rows), encoding="utf-8")
    return path


def history(path: Path, table: Grid) -> Path:
    """A file of quarter hours of a table of half hours, each count cut in two."""
    rows = []
    for day, of_day in zip(table.days, table.counts, strict=True):
        for i, n in enumerate(of_day):
            hour, minute = divmod(480 + 30 * i, 60)
            rows.append((f"{day} {hour:02d}:{minute:02d}", n // 2))
            rows.append((f"{day} {hour:02d}:{minute + 15:02d}", n - n // 2))
    return write(path, rows)


def test_a_file_is_read_and_its_intervals_are_joined(tmp_path: Path) -> None:
    table = synthetic(5, 0.1, 0.05, 60.0)
    read = read_counts(history(tmp_path / "h.csv", table))
    joined = grid(read)
    assert (joined.interval_s, joined.days) == (1800, table.days)
    assert np.array_equal(joined.counts, table.counts)
    assert np.array_equal(joined.weekdays, table.weekdays)
    assert grid(read, 3600).counts.sum() == table.counts.sum()
    with pytest.raises(ValueError, match="cannot be made of 15 min"):
        grid(read, 1200)


def test_command_prints_a_fragment(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = history(tmp_path / "h.csv", synthetic(6, 0.1, 0.05, 60.0))
    assert counts.main([str(path)]) == 0
    said = capsys.readouterr()
    *remarks, last = said.out.splitlines()
    assert last.startswith("busyness: {day: {cv: ")
    assert all(line.startswith("# ") for line in remarks)
    assert "comma-separated" in said.err


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([("2026-03-02 08:00", 5), ("2026-03-02 08:30", 6), ("2026-03-09 08:00", 5)], "too few"),
        ([(f"2026-03-{d:02d} 08:00", 5) for d in (2, 9, 16)], "10080 min"),
        ([(f"2026-03-{d:02d} {t}", 0) for d in (2, 9, 16) for t in ("08:00", "08:30")], "too few"),
        ([("2026-03-02 08:00", -6), *((f"2026-03-{d:02d} 08:00", 5) for d in range(3, 9))], "negative"),
    ],
)
def test_what_cannot_be_used_is_told(
    rows: list[tuple[str, float]], told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert counts.main([str(write(tmp_path / "h.csv", rows))]) == 2
    assert told in capsys.readouterr().err
    assert counts.main([str(tmp_path / "absent.csv")]) == 2


def test_unusual_days_are_named() -> None:
    table = synthetic(7, 0.05, 0.0, 200.0)
    table.counts[12] *= 0.1
    assert unusual_days(table)[0].startswith(table.days[12])
    assert table.days[12] in counts.report(table, estimate(table))


def test_bank_days_are_busier_than_chance(capsys: pytest.CaptureFixture[str]) -> None:
    if not BANK.exists():
        pytest.skip(f"the bank's counts are not here: {BANK.name} is not part of this repository")
    assert counts.main([str(BANK)]) == 0
    assert "105 days, 29 intervals of 30 min a day" in capsys.readouterr().out
    found: Busyness = estimate(grid(read_counts(BANK)))
    assert 0.02 < found.day.low < found.day.cv < 0.15
    assert found.interval.low > 0.0
    # Regression on the weekday alone: what is left of the totals, less their Poisson noise.
    table = grid(read_counts(BANK))
    totals = table.counts.sum(axis=1)
    means = np.array([totals[table.weekdays == w].mean() for w in table.weekdays])
    left = np.sum(((totals - means) ** 2 / means - 1) / means) / (len(totals) - 5)
    assert found.day.cv == pytest.approx(np.sqrt(left), rel=0.1)
