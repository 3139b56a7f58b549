"""A back-test as its page shows it."""

from typing import TYPE_CHECKING

from reports.backtest_shown import BacktestShown, Mode
from reports.backtest_verdict import verdict
from reports.calibration_shown import SourceShown
from scenarios.units import duration_text

if TYPE_CHECKING:
    from careloop.backtesting import Ready
    from sim.explain.watch import Chances


def backtest_shown(ready: "Ready", modes: tuple[Mode, ...], chances: "Chances") -> BacktestShown:
    """All that page, terminal and JSON say."""
    period = ready.tested.period
    return BacktestShown(
        f"Back-test on {period}",
        SourceShown(
            ready.files,
            ready.format,
            f"{ready.fitted.observed.period.first} to {period.last}",
            ready.rows,
            ready.set_aside,
            (("time zone", ready.meant.time_zone),),
        ),
        str(ready.fitted.observed.period),
        str(period),
        duration_text(ready.meant.within_s),
        ready.meant.service_level,
        verdict(modes),
        modes,
        (
            f"{chances.replications} replications with seed {chances.seed}; the interval of a day is from "
            "their 5% to their 95% quantile, its forecast the mean of those within (of volumes, of all).",
            "People at work are those seen working on the days of the test.",
            "Days of a stream with fewer than 10 contacts are not compared.",
            *ready.notes,
        ),
    )
