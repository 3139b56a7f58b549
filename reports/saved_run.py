"""A run's folder read back. Nothing in it is trusted: what does not fit is told in one message."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from reports.comparison import Version
from reports.figures import COLUMNS
from reports.run_folder import MANIFEST, PROGRAM, REPLICATIONS, SCENARIO
from scenarios.model import Scenario
from scenarios.targets import Goal

if TYPE_CHECKING:
    import pandas as pd

_TEXTS: Final = ("measure", "scope", "name")
_SAMPLE_COLUMNS: Final = ("replication", *_TEXTS, "above", "below")
_MANIFEST_AT_MOST: Final = 1_000_000  # bytes
_ROWS_AT_MOST: Final = 100_000_000
_LARGEST: Final = (
    1e40  # of any value: ages of cases add up to ticks squared, of millions in a century to 1e37
)
_MEASURES: Final = "measures.parquet"
_INTERVALS: Final = "intervals.parquet"
_DAYS: Final = "days.parquet"
_TARGETS: Final = "targets.parquet"
_TARGET_TEXTS: Final = ("measure", "scope", "name", "comparison", "unit", "period")
_TARGET_SHARES: Final = ("probability", "attained", "low", "high")
_TARGET_COLUMNS: Final = (*Goal._fields, "attained", "low", "high")


class SavedRunError(ValueError):
    """A folder that is no run, or no longer one."""


def read_run(folder: Path, label: str) -> Version:
    """Read what `run --out` wrote. Raises `SavedRunError`."""
    if not folder.is_dir():
        raise SavedRunError(f"{folder}: no such folder")
    manifest = manifest_of(folder)
    scenario = scenario_of(folder)
    replications = number_of(manifest, "replications", folder)
    version = Version(
        label,
        scenario,
        number_of(manifest, "seed", folder),
        replications,
        text_of(manifest, "engine", folder),
        text_of(manifest, "version", folder),
        _figures(folder, _MEASURES),
        _figures(folder, _INTERVALS),
        _samples(folder, replications),
        _attainment(folder),
        _figures(folder, _DAYS) if (folder / _DAYS).exists() else None,
    )
    _check_agreement(folder, version)
    return version


def manifest_of(folder: Path, command: str = "run") -> dict[str, Any]:
    """What a folder says of itself; raises `SavedRunError` if that is not what a command has written."""
    path = folder / MANIFEST
    try:
        if path.stat().st_size > _MANIFEST_AT_MOST:
            raise ValueError
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        raise SavedRunError(f"{folder}: not the folder of a run (no readable {MANIFEST})") from None
    if not isinstance(content, dict) or content.get("program") != PROGRAM or "seed" not in content:
        raise SavedRunError(f"{folder}: not the folder of a run; name what careloop {command} --out wrote")
    return content


def number_of(manifest: dict[str, Any], key: str, folder: Path) -> int:
    """A whole number of a manifest that is not below 0."""
    value = manifest.get(key)
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    raise SavedRunError(f"{folder}: {MANIFEST} has no usable {key!r}")


def text_of(manifest: dict[str, Any], key: str, folder: Path) -> str:
    """A text of a manifest."""
    value = manifest.get(key)
    if isinstance(value, str):
        return value
    raise SavedRunError(f"{folder}: {MANIFEST} has no usable {key!r}")


def scenario_of(folder: Path) -> Scenario:
    """The scenario as it was resolved."""
    from scenarios import open_scenario

    loaded = open_scenario(folder / SCENARIO)
    if loaded.scenario is None:
        first = next(str(p) for p in loaded.problems if p.severity == "error")
        raise SavedRunError(f"{folder}: {SCENARIO} cannot be used: {first}")
    return loaded.scenario


def _figures(folder: Path, file: str) -> "pd.DataFrame":
    """A table of measures with its columns as they should be."""
    frame = _table(folder, file, COLUMNS)
    texts = (*_TEXTS, "unit") if file == _MEASURES else (*_TEXTS, "unit", "interval")
    _check_types(folder, file, frame, texts, ("mean", "se", "low", "high"))
    if not (frame["mean"].abs() <= _LARGEST).all() or (frame[["se", "low", "high"]].abs() > _LARGEST).any(
        axis=None
    ):
        raise _broken(folder, file, "a figure without a usable value")
    return frame


def _check_agreement(folder: Path, version: Version) -> None:
    """Refuse tables that do not belong together, and times that are none."""
    import numpy as np

    from reports.figures import figures_of
    from reports.series import views_of
    from scenarios.case_definitions import CASE_QUANTILES
    from scenarios.definitions import QUANTILES
    from sim.pairing import residuals, samples_of

    figures = figures_of(version.measures).by_key
    samples = samples_of(version.samples)
    ratios = dict(zip(samples.keys, residuals(samples.above, samples.below)[0].tolist(), strict=True))
    of_means = [key for key in figures if key in ratios and key[0] not in (*QUANTILES, *CASE_QUANTILES)]
    pairs = np.array([(figures[key].mean, ratios[key]) for key in of_means]).reshape(-1, 2)
    if not np.allclose(pairs[:, 0], pairs[:, 1], rtol=1e-6, atol=1e-9):
        raise _broken(folder, REPLICATIONS, f"it does not belong to {_MEASURES}")
    try:
        views_of(version.intervals, version.scenario.calendar.interval, version.days)
    except (ValueError, OverflowError) as error:
        raise _broken(folder, _INTERVALS, str(error)[:120]) from None


def _samples(folder: Path, replications: int) -> "pd.DataFrame":
    """The replications, one after the other, each with the same measures in the same order."""
    import numpy as np

    if not (folder / REPLICATIONS).exists():
        raise SavedRunError(f"{folder}: has no {REPLICATIONS}; run it again with this version of careloop")
    frame = _table(folder, REPLICATIONS, _SAMPLE_COLUMNS)
    _check_types(folder, REPLICATIONS, frame, _TEXTS, ("replication", "above", "below"))
    if not (frame[["above", "below"]].abs() <= _LARGEST).all(axis=None):
        raise _broken(folder, REPLICATIONS, "a value that is no number")
    each, rest = divmod(len(frame), max(replications, 1))
    expected = np.repeat(np.arange(replications), each)
    if not each or rest or not np.array_equal(frame["replication"].to_numpy(), expected):
        raise _broken(folder, REPLICATIONS, f"not the {replications} replications of {MANIFEST}")
    for column in _TEXTS:
        labels = frame[column].to_numpy(object).reshape(replications, each)
        if (labels != labels[0]).any():
            raise _broken(folder, REPLICATIONS, "replications with different measures")
    if frame.iloc[:each].duplicated(subset=list(_TEXTS)).any():
        raise _broken(folder, REPLICATIONS, "a measure twice")
    return frame


def _attainment(folder: Path) -> "pd.DataFrame":
    """The targets and the share of their periods that held; empty where the run had no target."""
    import pandas as pd

    if not (folder / _TARGETS).exists():
        return pd.DataFrame(columns=list(_TARGET_COLUMNS))
    frame = _table(folder, _TARGETS, _TARGET_COLUMNS)
    _check_types(folder, _TARGETS, frame, _TARGET_TEXTS, ("value", *_TARGET_SHARES))
    shares = frame[list(_TARGET_SHARES)]
    if ((shares < 0) | (shares > 1)).any(axis=None):
        raise _broken(folder, _TARGETS, "a share outside 0 to 1")
    return frame


def _table(folder: Path, file: str, columns: tuple[str, ...]) -> "pd.DataFrame":
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(folder / file) as opened:
            if opened.metadata.num_rows > _ROWS_AT_MOST:
                raise _broken(folder, file, "too many rows")
            missing = sorted(set(columns) - set(opened.schema_arrow.names))
            if missing:
                raise _broken(folder, file, f"no column {missing[0]!r}")
            frame: pd.DataFrame = opened.read(columns=list(columns)).to_pandas()
            return frame
    except SavedRunError:
        raise
    except (OSError, ValueError, TypeError, pa.ArrowException) as error:
        raise _broken(folder, file, " ".join(str(error).split())[:120]) from None


def _check_types(
    folder: Path, file: str, frame: "pd.DataFrame", texts: tuple[str, ...], numbers: tuple[str, ...]
) -> None:
    import pandas as pd

    for column in texts:
        if not all(isinstance(value, str) for value in frame[column].unique()):
            raise _broken(folder, file, f"{column!r} is not text")
    for column in numbers:
        if not pd.api.types.is_numeric_dtype(frame[column]) or frame[column].dtype == bool:
            raise _broken(folder, file, f"{column!r} is not a number")


def _broken(folder: Path, file: str, why: str) -> SavedRunError:
    return SavedRunError(f"{folder}: {file} cannot be used: {why}")
