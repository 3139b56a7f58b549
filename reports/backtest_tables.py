"""A back-test as tables and as JSON."""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from reports.backtest_shown import BacktestShown, Floats, Mode, Profile, Series, SeriesScore
from reports.calibration_folder import source_data
from scenarios.safe_text import safe_cell
from sim.version import __version__

if TYPE_CHECKING:
    import pandas as pd

LABELS: Final = ("mode", "by", "stream", "measure", "unit", "day", "time")  # columns of text
_BY_DAY: Final = "day"
_BY_INTERVAL: Final = "interval"


def scores_table(shown: BacktestShown) -> "pd.DataFrame":
    """A row a score: mode, by (day or interval), stream, measure, unit, and the fields of `SeriesScore`.

    Each baseline has a column `error of NAME`; NaN where it has no such error.
    """
    import pandas as pd

    scores = [
        (mode.name, by, score)
        for mode in shown.modes
        for by, of in ((_BY_DAY, mode.scores), (_BY_INTERVAL, mode.interval_scores))
        for score in of
    ]
    baselines = dict.fromkeys(name for _, _, score in scores for name in score.errors_of)
    rows = [
        (*(name, by, s.stream, s.measure, s.unit, s.days, s.actual, s.simulated, s.coverage, s.bias, s.error),
         *(s.errors_of.get(baseline, math.nan) for baseline in baselines))
        for name, by, s in scores
    ]  # fmt: skip
    heads = [str(safe_cell(f"error of {name}")) for name in baselines]
    columns = ["mode", "by", "stream", "measure", "unit", "days", "actual", "simulated", "coverage", "bias"]
    return pd.DataFrame(rows, columns=[*columns, "error", *heads])


def series_table(shown: BacktestShown) -> "pd.DataFrame":
    """A row a day of a series: mode, stream, measure, unit, day, actual, mean, low, high."""
    return _long("day", ((mode.name, each, each.days) for mode in shown.modes for each in mode.series))


def profiles_table(shown: BacktestShown) -> "pd.DataFrame":
    """A row an interval of the day: mode, stream, measure, unit, time, actual, mean, low, high."""
    return _long("time", ((mode.name, each, each.times) for mode in shown.modes for each in mode.profiles))


def _long(place: str, given: Iterable[tuple[str, Series | Profile, tuple[str, ...]]]) -> "pd.DataFrame":
    import pandas as pd

    rows = [
        (mode, each.stream, each.measure, each.unit, *row)
        for mode, each, places in given
        for row in zip(places, *(column.tolist() for column in _columns(each).values()), strict=True)
    ]
    columns = ["mode", "stream", "measure", "unit", place, "actual", "mean", "low", "high"]
    return pd.DataFrame(rows, columns=columns)


def _columns(series: Series | Profile) -> dict[str, Floats]:
    return {"actual": series.actual, "mean": series.mean, "low": series.low, "high": series.high}


def backtest_json(shown: BacktestShown) -> str:
    """The back-test as one JSON object, in ASCII; NaN and infinity are null.

    - `title`, `version` (of careloop), `train`, `test`, `threshold`, `service_level`: text;
    - `source`: `files`, `format`, `period`, `rows_read`, `rows_set_aside`;
    - `verdict`, `warnings`, `notes`: lists of sentences;
    - `modes`: a list of `name`, `coverage` (pooled, 0-1), `scores`, `interval_scores`, `series`, `profiles`;
    - a score: `stream`, `measure`, `unit` (contacts, share 0-1, s), `days` (how many; of interval scores:
      intervals), `actual`, `simulated`, `coverage` (0-1), `error` (mean absolute), `bias` (simulated less
      actual), `errors_of` (the error of each baseline, by name);
    - a series: `stream`, `measure`, `unit`, and as lists of the same length `days` (ISO dates), `actual`,
      `mean`, `low`, `high` (90 % prediction interval); a profile has `times` ("08:30") for `days`.
    """
    whole = {
        "title": shown.title,
        "version": __version__,
        "source": source_data(shown.source),
        "train": shown.train,
        "test": shown.test,
        "threshold": shown.threshold,
        "service_level": shown.service_level,
        "verdict": shown.verdict,
        "warnings": shown.warnings,
        "notes": shown.notes,
        "modes": [_mode_data(mode) for mode in shown.modes],
    }
    return json.dumps(_without_nan(whole), allow_nan=False)


def _mode_data(mode: Mode) -> dict[str, Any]:
    return {
        "name": mode.name,
        "coverage": mode.coverage,
        "scores": _score_data(mode.scores),
        "interval_scores": _score_data(mode.interval_scores),
        "series": [_series_data(each, "days", each.days) for each in mode.series],
        "profiles": [_series_data(each, "times", each.times) for each in mode.profiles],
    }


def _score_data(scores: Sequence[SeriesScore]) -> list[dict[str, Any]]:
    return [{**score._asdict(), "errors_of": dict(score.errors_of)} for score in scores]


def _series_data(series: Series | Profile, place: str, places: tuple[str, ...]) -> dict[str, Any]:
    about = {"stream": series.stream, "measure": series.measure, "unit": series.unit, place: places}
    return {**about, **{name: column.tolist() for name, column in _columns(series).items()}}


def _without_nan(value: Any) -> Any:
    """The same with None for every number that JSON cannot write."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {key: _without_nan(each) for key, each in value.items()}
    return [_without_nan(each) for each in value] if isinstance(value, list | tuple) else value
