"""Counts, durations, waits, days, cases and repeats of small worlds, against loops over the same rows."""

import datetime
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from calibration.fits.cells import Cells
from calibration.observe.actual import COLUMNS, actual
from calibration.observe.cases import Share, cases_of
from calibration.observe.counts import count_grid
from calibration.observe.durations import daily_handle_times, handle_cells, waits_of
from calibration.observe.repeats import repeats_of
from calibration.observe.streams import rows_of
from tests.calibration.observe.worlds import Contact, at_random, clock, facts_of

DAYS = (datetime.date(2026, 3, 2), datetime.date(2026, 3, 5))


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("zone", ["UTC", "Pacific/Auckland"])
def test_counts_are_those_of_pandas(tmp_path: Path, seed: int, zone: str) -> None:
    world = at_random(seed, days=3)
    with facts_of(tmp_path, world, zone) as facts:
        rows = rows_of(facts.contacts)
        grid = count_grid(rows, *DAYS, 900)
    local = pd.to_datetime([c.local(zone) for c in world])
    keys = [np.array([c.queue for c in world]), local.date, local.hour * 4 + local.minute // 15]
    expected: dict[Any, int] = pd.Series(1, range(len(world))).groupby(keys).sum().to_dict()
    assert grid.counts.sum() == sum(c.local(zone).date() <= DAYS[1] for c in world)
    for (stream, day, slot), n in expected.items():
        if day <= DAYS[1]:
            at = rows.names.index(stream), (day - DAYS[0]).days, slot
            assert grid.counts[at] == n
    assert grid.days == tuple(DAYS[0] + datetime.timedelta(i) for i in range(4))


def test_a_day_of_23_and_one_of_25_hours(tmp_path: Path) -> None:
    """Clocks go forward on 29 March 2026 at 01:00 UTC, and back on 25 October: all counts are kept."""
    spring = [Contact("q", clock("00:00", 27) + 1800 * i) for i in range(48)]  # 29 March, a row a half hour
    autumn = [Contact("q", clock("22:00", 236) + 1800 * i) for i in range(50)]  # 25 October, all of it
    with facts_of(tmp_path, [*spring, *autumn], "Europe/Amsterdam") as facts:
        rows = rows_of(facts.contacts)
        short = count_grid(rows, datetime.date(2026, 3, 29), datetime.date(2026, 3, 30), 3600).counts[0]
        long = count_grid(rows, datetime.date(2026, 10, 25), datetime.date(2026, 10, 25), 3600).counts[0]
    assert short[0].tolist() == [0, 2, 0, *[2] * 21]  # 00:00 was before the first row; 02:00 never was
    assert short.sum() == 48
    assert long[0].tolist() == [2, 2, 4, *[2] * 21]


def test_open_from_the_first_to_the_last_interval_of_the_weekday(tmp_path: Path) -> None:
    """Two Mondays and a Tuesday; the second Tuesday has nothing, and was not counted."""
    times = [(0, "09:00"), (0, "17:00"), (7, "08:00"), (1, "10:00")]
    with facts_of(tmp_path, [Contact("q", clock(time, day)) for day, time in times]) as facts:
        grid = count_grid(rows_of(facts.contacts), DAYS[0], datetime.date(2026, 3, 10), 3600)
    is_open = {str(day): np.flatnonzero(row).tolist() for day, row in zip(grid.days, grid.open, strict=True)}
    assert is_open["2026-03-02"] == is_open["2026-03-09"] == list(range(8, 18))
    assert is_open["2026-03-03"] == [10]
    assert not any(is_open[f"2026-03-{day:02}"] for day in (4, 5, 6, 7, 8, 10))


@pytest.mark.parametrize("seed", [3, 4])
def test_durations_are_kept_in_sum_and_number(tmp_path: Path, seed: int) -> None:
    world = at_random(seed)
    with facts_of(tmp_path, world) as facts:
        rows = rows_of(facts.contacts)
        cells, waits, days = handle_cells(rows), waits_of(rows), daily_handle_times(rows)
    for name in rows.names:
        own = [c for c in world if c.queue == name]
        handled = np.array([c.handle_s for c in own if c.is_handled])
        assert cells[name].counts.sum() == len(handled)
        assert float(cells[name].values_s @ cells[name].counts) == pytest.approx(handled.sum())
        for value, n in zip(*cells[name], strict=True):  # each cell has those within half a percent
            assert n <= np.sum(np.abs(handled - value) <= 0.005 * value + 1e-9)
        for value in (1, 333):  # a spike stays one
            assert cells[name].counts[np.abs(cells[name].values_s - value) < 0.005 * value].sum() >= np.sum(
                handled == value
            )
        line = [c for c in own if c.queued]
        left, taken = (sum(c.is_handled is each for c in line) for each in (False, True))
        assert (waits[name].gave_up.sum(), waits[name].answered.sum()) == (left, taken)
        total = float(waits[name].values_s @ (waits[name].gave_up + waits[name].answered))
        assert total == pytest.approx(sum(c.left_line - c.came for c in line))
        for i, day in enumerate(days[name].day):
            its = [c for c in own if c.answered is not None and c.came // 86_400 == day - days[name].day[0]]
            times = np.array([c.handle_s for c in its], float)
            assert days[name].n[i] == len(times)
            assert days[name].mean_s[i] == pytest.approx(times.mean())
            assert days[name].variance[i] == pytest.approx(times.var(ddof=1) if len(times) > 1 else 0.0)


def test_who_was_put_through_at_once_says_nothing_of_patience(tmp_path: Path) -> None:
    world = [Contact("q", 0, 0, 60, "a", queued=False), Contact("q", 5, 65, 90, "a")]
    with facts_of(tmp_path, world) as facts:
        waits = waits_of(rows_of(facts.contacts))["q"]
    assert (waits.values_s.tolist(), waits.gave_up.tolist(), waits.answered.tolist()) == ([60.0], [0], [1])


def test_a_day_that_happened_by_hand(tmp_path: Path) -> None:
    """Threshold 20 s, short abandons 5 s; over midnight a contact counts where it came."""
    world = [
        Contact("q", clock("09:00"), clock("09:00:20"), clock("09:02"), "a"),  # within
        Contact("q", clock("09:10"), clock("09:10:21"), clock("09:11:21"), "a"),  # a second late
        Contact("q", clock("09:20"), None, clock("09:20:05")),  # short
        Contact("q", clock("09:29:59"), None, clock("09:31")),  # gave up after 61 s
        Contact("q", clock("23:59:50"), clock("00:00:10", 1), clock("00:05:10", 1), "a"),
        Contact("q", clock("12:00"), outcome="dropped"),
        Contact("q", clock("12:00"), outcome="self_service"),
    ]
    with facts_of(tmp_path, world) as facts:
        found = actual(rows_of(facts.contacts), DAYS[0], DAYS[1], 1800, 20.0, 5.0)
    assert found.counts.shape == (1, 4, 48, len(COLUMNS))
    nine = dict(zip(COLUMNS, found.counts[0, 0, 18].tolist(), strict=True))
    assert nine == {
        "offered": 4, "answered": 2, "answered_within": 1, "abandoned": 2, "abandoned_within": 1,
        "abandoned_short": 1, "wait_answered": 41_000_000, "handled": 160_000_000,
    }  # fmt: skip
    last = dict(zip(COLUMNS, found.counts[0, 0, 47].tolist(), strict=True))
    assert (last["offered"], last["answered_within"], last["handled"]) == (1, 1, 300_000_000)
    assert found.counts[..., 0].sum() == 5
    assert not found.counts[0, 1:].any()


@pytest.mark.parametrize("seed", [5, 6])
def test_what_happened_is_what_a_loop_counts(tmp_path: Path, seed: int) -> None:
    world = at_random(seed, days=5)
    with facts_of(tmp_path, world, "America/New_York") as facts:
        rows = rows_of(facts.contacts)
        found = actual(rows, *DAYS, 3600, 30.0, 5.0)
    expected = np.zeros_like(found.counts)
    for c in world:
        at, wait = c.local("America/New_York"), c.left_line - c.came
        day = (at.date() - DAYS[0]).days
        if 0 <= day < 4:
            lost = not c.is_handled
            expected[rows.names.index(c.queue), day, at.hour] += np.array([
                1, not lost, not lost and wait <= 30, lost, lost and wait <= 30, lost and wait <= 5,
                0 if lost else wait * 1_000_000,
                c.handle_s * 1_000_000,
            ], np.int64)  # fmt: skip
    assert np.array_equal(found.counts, expected)


def test_no_day_of_the_test_has_a_contact(tmp_path: Path) -> None:
    with facts_of(tmp_path, [Contact("q", 0)]) as facts:
        rows = rows_of(facts.contacts)
        later = datetime.date(2027, 1, 4), datetime.date(2027, 1, 10)
        assert not actual(rows, *later, 1800, 20.0, 5.0).counts.any()
        grid = count_grid(rows, *later, 1800)
        assert not grid.counts.any()
        assert not grid.open.any()


@pytest.mark.parametrize("seed", [7, 8])
def test_who_came_again_is_who_a_loop_finds(tmp_path: Path, seed: int) -> None:
    world = at_random(seed, contacts=500, days=12)
    with facts_of(tmp_path, world) as facts:
        found = repeats_of(rows_of(facts.contacts))
    assert found is not None
    last, contacts = max(c.came for c in world), Counter[bool]()
    gaps = {True: Counter[int](), False: Counter[int]()}
    for c in world:
        window = 7 * 86_400 if c.is_handled else 3600
        end = c.ended if c.ended is not None else c.came
        if end > last - window:
            continue
        contacts[c.is_handled] += 1
        after = sorted((o.came, o.ended or 0) for o in world if o.user == c.user)
        following = [came for came, ended in after if (came, ended) > (c.came, end)]
        if following and 0 <= following[0] - end <= window:
            gaps[c.is_handled][following[0] - end] += 1
    for again, handled in ((found.retries, False), (found.repeats, True)):
        assert (again.contacts, again.again) == (contacts[handled], gaps[handled].total())
        found_gaps = dict(zip(again.after.values_s.tolist(), again.after.counts.tolist(), strict=True))
        assert found_gaps == gaps[handled]


def test_without_ids_nothing_is_known_of_repeats(tmp_path: Path) -> None:
    with facts_of(tmp_path, [Contact("q", 0), Contact("q", 60)]) as facts:
        assert repeats_of(rows_of(facts.contacts)) is None


def test_cases_by_hand(tmp_path: Path) -> None:
    world = [
        Contact("q", 0, severity="high", cause="b", transfers=0, reopens=0, resolved=3600),
        Contact("q", 9, severity="high", cause="a", transfers=2, reopens=1, resolved=9 + 7200),
        Contact("q", 10, severity="low", cause="a", transfers=1, resolved=10),
        Contact("q", 11, resolved=11 + 60),
        Contact("q", 12),
    ]
    with facts_of(tmp_path, world) as facts:
        found = cases_of(facts.contacts)
    assert found.severities == (("high", 2), ("low", 1))
    assert found.causes == (("a", 2), ("b", 1))
    assert (found.transferred, found.reopened) == (Share(2, 3), Share(1, 2))
    assert list(found.resolution) == ["", "high", "low"]
    assert found.resolution["high"].values_s.tolist() == [3600.0, 7200.0]
    assert (found.resolution["low"].values_s.tolist(), found.resolution[""].counts.tolist()) == ([0.0], [1])


def test_what_no_column_tells_is_empty(tmp_path: Path) -> None:
    with facts_of(tmp_path, [Contact("q", 0)]) as facts:
        found = cases_of(facts.contacts)
        cells = handle_cells(rows_of(facts.contacts))["q"]
        days = daily_handle_times(rows_of(facts.contacts))["q"]
    assert (found.severities, found.causes, found.resolution) == ((), (), {})
    assert (found.transferred, found.reopened) == (Share(0, 0), Share(0, 0))
    assert isinstance(cells, Cells)
    assert not len(cells.counts)
    assert not len(days.n)
