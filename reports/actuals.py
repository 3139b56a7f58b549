"""What happened, interval by interval, against what a scenario says: pure comparing, no simulation.

One real day is one draw of chance. So it is held against the *prediction band*, between the 2.5 % and the
97.5 % quantile of single replications; the interval of their mean is many times narrower and says
nothing about a day. Where the model is right, an observation lies in its band 95 times in 100, and the
days of the model differ from its own mean, too: `Fit.expected_error` says by how much.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]

LOW: Final = 0.025
HIGH: Final = 0.975
MEASURES: Final = {  # by column of the observed file
    "offered": "calls",
    "answered": "calls",
    "abandoned": "calls",
    "mean_wait_answered_s": "s",
    "mean_wait_s": "s",
    "answered_within_20_s": "share",
    "mean_service_s": "s",
    "busy_hours": "h",
}
COUNTED: Final = ("offered", "answered", "abandoned", "busy_hours")
_THRESHOLD_S: Final = 20.0


class Grid(NamedTuple):
    """The intervals that are compared, in seconds since the horizon's start, and their labels."""

    start_s: int
    interval_s: int
    labels: tuple[str, ...]

    @property
    def ends(self) -> tuple[float, float]:
        return float(self.start_s), float(self.start_s + self.interval_s * len(self.labels))


class Judged(NamedTuple):
    """A figure of an interval or of a day; `low` to `high` is the prediction band.

    `rank` is the share (0-1) of replications below the observation, those equal counted half; `z` the
    distance from the mean in standard deviations of a replication.
    """

    observed: float
    mean: float
    low: float
    high: float
    z: float
    rank: float

    @property
    def inside(self) -> bool:
        return self.low <= self.observed <= self.high


class Fit(NamedTuple):
    """How close the intervals of a measure are.

    `error` is the mean distance between observation and simulated mean, weighted by offered calls;
    `expected_error` the mean, and `error_limit` the 95 % quantile, of what a replication has in the place
    of the real day. `inside` counts bands that hold the observation, `fewest` is the 5 % quantile of that.
    """

    intervals: int
    inside: int
    fewest: int
    error: float
    expected_error: float
    error_limit: float


def simulated(
    contacts: "pd.DataFrame", grid: Grid, after_call_s: float = 0.0, replications: int | None = None
) -> dict[str, Floats]:
    """Each measure by [replication, interval] from the rows of a run with ``contacts=True``.

    `replications` is their number, if the last ones may be without contacts.

    Contacts count in the interval in which they came; `busy_hours` goes by the clock. `after_call_s` is
    taken off the agent time for the mean service, which an export records without it.
    """
    n = replications or int(contacts["replication"].max()) + 1
    came = contacts["queued_s"].to_numpy(float)
    place = ((came - grid.start_s) // grid.interval_s).astype(np.int64)
    inside = (place >= 0) & (place < len(grid.labels))
    answered = (contacts["outcome"] == "handled").to_numpy()
    started, ended = (contacts[name].to_numpy(float) for name in ("started_s", "ended_s"))
    wait = np.where(answered, started, ended) - came
    cell = contacts["replication"].to_numpy(np.int64) * len(grid.labels) + place

    def total(weights: NDArray[np.generic]) -> Floats:
        size = n * len(grid.labels)
        sums = np.bincount(cell[inside], weights[inside].astype(float), size).astype(float)
        return sums.reshape(n, -1)

    offered, handled = total(np.ones(len(came))), total(answered)
    with np.errstate(invalid="ignore", divide="ignore"):
        return {
            "offered": offered,
            "answered": handled,
            "abandoned": offered - handled,
            "mean_wait_answered_s": total(np.where(answered, wait, 0.0)) / handled,
            "mean_wait_s": total(wait) / offered,
            "answered_within_20_s": total(answered & (wait <= _THRESHOLD_S)) / offered,
            "mean_service_s": total(np.where(answered, ended - started, 0.0)) / handled - after_call_s,
            "busy_hours": _busy_hours(contacts, answered, grid, n),
        }


def _busy_hours(contacts: "pd.DataFrame", answered: NDArray[np.bool_], grid: Grid, n: int) -> Floats:
    """Hours of agents with a contact in hand, [replication, interval], by the clock."""
    rows = contacts[answered]
    replication = rows["replication"].to_numpy(np.int64)
    found = np.zeros((n, len(grid.labels)))
    for i in range(len(grid.labels)):
        start = grid.start_s + i * grid.interval_s
        to = np.minimum(rows["ended_s"].to_numpy(float), start + grid.interval_s)
        time = np.maximum(to - np.maximum(rows["started_s"].to_numpy(float), start), 0.0)
        found[:, i] = np.bincount(replication, time, n) / 3600.0
    return found


def day_totals(by_interval: Mapping[str, Floats], agent_hours: float) -> dict[str, Floats]:
    """Figures of the whole day from those of its intervals (the last axis)."""
    offered, answered = by_interval["offered"], by_interval["answered"]

    def mean(name: str, weights: Floats) -> Floats:
        found: Floats = np.nansum(by_interval[name] * weights, axis=-1) / weights.sum(axis=-1)
        return found

    return {
        "offered": offered.sum(axis=-1),
        "answered": answered.sum(axis=-1),
        "abandoned": by_interval["abandoned"].sum(axis=-1),
        "abandonment": by_interval["abandoned"].sum(axis=-1) / offered.sum(axis=-1),
        "mean_wait_answered_s": mean("mean_wait_answered_s", answered),
        "mean_wait_s": mean("mean_wait_s", offered),
        "answered_within_20_s": mean("answered_within_20_s", offered),
        "mean_service_s": mean("mean_service_s", answered),
        "busy_hours": by_interval["busy_hours"].sum(axis=-1),
        "occupancy": by_interval["busy_hours"].sum(axis=-1) / agent_hours,
    }


def judge(observed: float, replications: Floats) -> Judged:
    """One observation against the replications of the same figure; NaNs among them are left out."""
    values = replications[~np.isnan(replications)]
    if np.isnan(observed) or len(values) < 2:
        return Judged(observed, *([float("nan")] * 5))
    low, high = np.quantile(values, [LOW, HIGH])
    below = float((values < observed).mean() + (values == observed).mean() / 2)
    spread = float(values.std(ddof=1))
    mean = float(values.mean())
    z = (observed - mean) / spread if spread > 0 else 0.0
    return Judged(float(observed), mean, float(low), float(high), z, below)


def judge_intervals(observed: Floats, replications: Floats) -> list[Judged]:
    """Each interval of a measure: [interval] against [replication, interval]."""
    return [judge(float(seen), column) for seen, column in zip(observed, replications.T, strict=True)]


def fit(observed: Floats, replications: Floats, offered: Floats) -> Fit:
    """How close all intervals of a measure are, and how close a replication would be."""
    low, high = np.nanquantile(replications, [LOW, HIGH], axis=0)
    mean = np.nanmean(replications, axis=0)
    days = np.vstack([observed, replications])
    held = ((days >= low) & (days <= high)) | np.isnan(days)
    away = np.nan_to_num(np.abs(days - mean)) @ offered / offered.sum()
    inside = held.sum(axis=1)
    fewest = int(np.quantile(inside[1:], 0.05, method="lower"))
    limit = float(np.quantile(away[1:], 0.95))
    return Fit(len(observed), int(inside[0]), fewest, float(away[0]), float(away[1:].mean()), limit)
