"""The page of a back-test: the verdict, scores beside those of simpler ways, and what happened day by day."""

from typing import Any, NamedTuple

from reports.backtest_charts import Panel, charted, day_panels, time_panels
from reports.backtest_scores import Scores, coverage_cell, coverage_text, scores_of, wins
from reports.backtest_shown import BacktestShown, Mode
from reports.template import rendered
from sim.version import __version__


class _Shown(NamedTuple):
    """A mode in words and pictures."""

    name: str
    coverage: str
    mark: str
    scores: Scores
    wins: str
    interval_scores: Scores
    by_day: tuple[Panel, ...]
    by_time: tuple[Panel, ...]
    left_out: tuple[str, ...]


def backtest_page(shown: BacktestShown) -> str:
    """The page as HTML. Every text of the export is escaped."""
    return rendered("backtest.html.j2", _content(shown))


def _content(shown: BacktestShown) -> dict[str, Any]:
    return {
        "shown": shown,
        "modes": [_mode(mode, f"m{n}") for n, mode in enumerate(shown.modes)],
        "read": f"{shown.source.read:,}",
        "set_aside": f"{shown.source.set_aside:,}",
        "version": __version__,
    }


def _mode(mode: Mode, key: str) -> _Shown:
    drawn = charted(mode)
    streams = dict.fromkeys(each.stream for each in mode.series)
    return _Shown(
        mode.name,
        coverage_text(mode.coverage),
        coverage_cell(mode.coverage).mark,
        scores_of(mode.scores),
        _wins_text(*wins(mode.scores)),
        scores_of(mode.interval_scores),
        day_panels(mode, f"{key}-day"),
        time_panels(mode, f"{key}-time"),
        tuple(name for name in streams if name not in drawn),
    )


def _wins_text(won: int, of: int) -> str:
    return f"The error of the simulation is the smallest in {won} of {of} rows." if of else ""
