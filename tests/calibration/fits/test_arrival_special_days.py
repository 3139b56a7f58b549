"""Days unlike the others: those that are there are found, and hardly any that are not."""

import datetime

import numpy as np
import pytest

from calibration.fits.count_grid import some
from calibration.fits.special_days import far_off, named_holidays, scores
from calibration.fits.stream_fit import fit_stream
from tests.calibration.fits.arrival_worlds import FIRST, Stream, world

USUAL = Stream(30.0, day_cv=0.1, interval_cv=0.05)


def day(n: int) -> datetime.date:
    return FIRST + datetime.timedelta(days=n)


def with_factor(counts: np.ndarray, n: int, factor: float) -> None:
    counts[0, n] = np.round(counts[0, n] * factor)


def test_special_days_are_found_and_their_factors_told() -> None:
    for seed in range(5):
        made = world(seed, (USUAL._replace(drift=0.01),), weeks=10)
        counts = made.grid.counts.copy()
        planted = {8: 0.3, 30: 2.0, 52: 0.0}
        for n, factor in planted.items():
            with_factor(counts, n, factor)
        fit = fit_stream(made.grid._replace(counts=counts), "s0")
        assert {each.date for each in fit.special} >= {day(n) for n in planted}
        assert len(fit.special) <= 4
        for each in fit.special:
            if each.date in map(day, planted):
                truth = planted[(each.date - FIRST).days]
                assert each.factor == pytest.approx(truth, rel=0.4, abs=0.01)
        assert not fit.usual[list(planted)].any()
        clean = fit_stream(made.grid, "s0")
        assert fit.scatter.cv == pytest.approx(clean.scatter.cv, rel=0.2)


def test_false_alarms_are_rare() -> None:
    """Of series without special days; simulations found one to four in a hundred with one."""
    for stream, weeks in ((USUAL, 12), (Stream(1.0, day_cv=0.2), 12), (USUAL, 4)):
        named = 0
        for seed in range(80):
            grid = world(seed, (stream,), weeks, intervals=12).grid
            seen = some(grid.open, 1)
            off, _ = far_off(grid.of("s0").sum(axis=1), grid.weekdays, seen, np.zeros_like(seen))
            named += bool(off.any())
        assert named <= 9  # four standard errors above one in thirty


def test_holidays_go_by_their_names() -> None:
    days = tuple(datetime.date(2026, 4, 1) + datetime.timedelta(days=n) for n in range(30))
    named = named_holidays("NL", days)
    assert named[datetime.date(2026, 4, 6)] == "Easter Monday"
    for wrong in ("XX", "NL-ZZ", ""):
        with pytest.raises(ValueError, match="is not a country's code such as NL"):
            named_holidays(wrong, days)


@pytest.mark.parametrize("language", ["nl", "en_US", "C"])
def test_names_do_not_depend_on_the_machine(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", language)
    easter = datetime.date(2026, 4, 6)
    assert named_holidays("NL", (easter,)) == {easter: "Easter Monday"}


def test_a_named_day_is_left_out_and_a_closed_one_is_zero() -> None:
    made = world(1, (USUAL,), weeks=6)
    opened = made.grid.open.copy()
    opened[[2, 9]] = False
    fit = fit_stream(made.grid._replace(open=opened), "s0", also={day(2): "Closed", day(3): "Fair"})
    special = {each.date: each for each in fit.special}
    assert special[day(2)].factor == 0.0
    assert special[day(2)].name == "Closed"
    assert special[day(3)].factor == pytest.approx(1.0, abs=0.4)
    assert fit.gaps == (day(9),)
    assert not fit.usual[[2, 3, 9]].any()
    assert day(5) not in special  # a Saturday, when it is closed anyway


def test_scores_are_normal_for_usual_days() -> None:
    made = world(2, (Stream(3.0, day_cv=0.1),), weeks=100, intervals=8)
    grid = made.grid
    found = scores(grid.of("s0").sum(axis=1), grid.weekdays, some(grid.open, 1))
    told = found[np.isfinite(found)]
    assert len(told) == 500
    assert told.mean() == pytest.approx(0.0, abs=0.15)
    assert told.std() == pytest.approx(1.0, abs=0.12)
    assert np.isnan(found[grid.weekdays >= 5]).all()
