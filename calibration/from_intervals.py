"""Counts by interval -> the same fits, as far as such an export goes: totals have means, and no laws.

Handle times have the mean that is reported and an assumed variation. Patience is exponential, with the mean
that is most likely if every contact gives up at a constant rate: time waited by all, over those who gave up
(the law's maximum-likelihood estimate with censoring; W. Nelson, 1982, "Applied life data analysis", section
8.2). People at work are those that the export says.
"""

import datetime
import math
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np

from calibration.facts.facts import Facts
from calibration.facts.local_time import day_number
from calibration.facts.sql import DAY_US, SECOND_US
from calibration.fits.agents import Agents
from calibration.fits.arrivals import fit_all_arrivals
from calibration.fits.cells import Cells, Waits
from calibration.fits.count_grid import CountGrid, Floats
from calibration.fits.fit import Caution, Fit, Parameter, Plot
from calibration.fits.intervals import Z95, rate_interval
from calibration.fits.length_by_day import LongDays
from calibration.fitted import Fitted, StreamFits
from calibration.observe.cases import CasesSeen, Share
from calibration.observe.counts import opened
from calibration.observe.presence import STEP_S, Rule
from calibration.observe.streams import Rows, Stream, stream_of, streams_of
from calibration.observe.teams import Takes, Team
from calibration.observed import Observed, Period, Staff

ASSUMED_CV: Final = 1.0
_SUMS: Final = ("offered", "handled", "abandoned", "work_us", "waited_us")


def fit_intervals(
    facts: Facts,
    by: Sequence[str],
    period: Period,
    ahead: tuple[int, int],
    country: str | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> Fitted:
    """Fit what counts by interval tell.

    Raises ``ValueError`` where they have no contacts, or intervals that do not divide an hour.
    """
    tell("counts by interval")
    table, streams = _by_stream(facts.intervals, by)
    step_s = _step_s(table)
    cells = _cells(table, period, step_s)
    names = tuple(stream.name for stream in streams)
    grid = _grid(cells, names, period, step_s)
    tell("arrivals")
    arrivals = fit_all_arrivals(grid, country, ahead=ahead)
    nothing = LongDays(Parameter("day_cv", 0.0, math.nan, math.nan, math.nan, ""), 0.0, 0)
    found = []
    for stream, arrival in zip(streams, arrivals, strict=True):
        sums = _sums(cells, stream.name)
        found.append(
            StreamFits(stream, arrival, _handle_time(stream, sums), nothing, _patience(stream, sums), 0)
        )
    return Fitted(_observed(table, streams, cells, grid, period), tuple(found), None, ahead, {})


def _by_stream(intervals: Any, by: Sequence[str]) -> tuple[Any, tuple[Stream, ...]]:
    """The relation with `stream`, and the streams; told apart by queue, channel or both."""
    wrong = [name for name in by if name not in ("queue", "channel")]
    if wrong:
        raise ValueError(f"--by: counts by interval do not tell {wrong[0]!r}; allowed: queue, channel")
    table = intervals.mutate(
        kind=intervals[by[0]] if len(by) == 1 else intervals["queue"] + " " + intervals["channel"]
    )
    counts = table.group_by("kind", "channel").agg(n=table["offered"].sum()).order_by("kind", "channel")
    rows = [{**row, "n": round(row["n"])} for row in counts.to_pyarrow().to_pylist()]
    streams = streams_of(rows)
    return table.mutate(stream=table["kind"].substitute(stream_of(streams))), streams


def _step_s(table: Any) -> int:
    lengths = sorted(set(table.select("length_us").distinct().to_pyarrow()["length_us"].to_pylist()))
    step_s = lengths[0] // SECOND_US if lengths else 0
    if len(lengths) != 1 or step_s < 60 or 3600 % step_s:
        told = ", ".join(f"{length / 60 / SECOND_US:g} min" for length in lengths[:4])
        raise ValueError(f"intervals of {told} cannot be used together; export 15, 30 or 60 min")
    return int(step_s)


def _cells(table: Any, period: Period, step_s: int) -> list[dict[str, Any]]:
    """Sums of each stream, day and interval of the period, and the people that are said to be at work."""
    first = day_number(period.first)
    mean_us = table["handle_us"]
    work = (table["talk_us"].coalesce(0) + table["hold_us"].coalesce(0) + table["acw_us"].coalesce(0)).nullif(
        0
    )
    rows = table.select(
        stream=table["stream"],
        day=(table["local_us"] // DAY_US).cast("int64") - first,
        slot=((table["local_us"] % DAY_US) // (step_s * SECOND_US)).cast("int64"),
        offered=table["offered"].round().cast("int64"),
        handled=table["handled"].coalesce(0).round().cast("int64"),
        abandoned=table["abandoned"].coalesce(0).round().cast("int64"),
        work_us=(mean_us.cast("float64") * table["handled"].coalesce(table["offered"])).round().cast("int64")
        .coalesce(work).coalesce(0),
        waited_us=(table["wait_answered_us"] + table["wait_abandoned_us"]).coalesce(0),
        staffed=table["staffed"].coalesce(0.0),
    )  # fmt: skip
    rows = rows.filter((rows["day"] >= 0) & (rows["day"] < period.days))
    sums = {name: rows[name].sum().cast("int64") for name in _SUMS}
    found = rows.group_by("stream", "day", "slot").agg(**sums, staffed=rows["staffed"].max())
    cells: list[dict[str, Any]] = found.order_by("stream", "day", "slot").to_pyarrow().to_pylist()
    if not sum(cell["offered"] for cell in cells):
        raise ValueError("no contact came in this period; check the dates")
    return cells


def _grid(cells: list[dict[str, Any]], names: tuple[str, ...], period: Period, step_s: int) -> CountGrid:
    counts = np.zeros((len(names), period.days, 86_400 // step_s), np.int64)
    for cell in cells:
        counts[names.index(cell["stream"]), cell["day"], cell["slot"]] = cell["offered"]
    dates = tuple(period.first + datetime.timedelta(i) for i in range(period.days))
    return CountGrid(step_s, dates, opened(counts.sum(axis=0), dates), names, counts)


def _sums(cells: list[dict[str, Any]], name: str) -> dict[str, int]:
    return {key: sum(cell[key] for cell in cells if cell["stream"] == name) for key in _SUMS}


def _handle_time(stream: Stream, sums: dict[str, int]) -> Fit | None:
    """The mean as reported; its error is that of so many contacts with the assumed variation."""
    n = sums["handled"] or sums["offered"]
    if not n or not sums["work_us"]:
        return None
    mean = sums["work_us"] / n / SECOND_US
    se = mean * ASSUMED_CV / math.sqrt(n)
    return Fit(
        f"handle time of {stream.name}",
        "lognormal with an ASSUMED variation",
        n,
        (Parameter("mean", mean, mean - Z95 * se, mean + Z95 * se, se, "s"),),
        (),
        (Caution("no_variation", "totals by interval have a mean, and tell nothing of how times vary"),),
        {"lognormal": {"mean": f"{mean:.5g} s", "cv": ASSUMED_CV}},
        Plot(f"handle time of {stream.name}", "", "", ()),
    )


def _patience(stream: Stream, sums: dict[str, int]) -> Fit | None:
    gave_up, waited_s = sums["abandoned"], sums["waited_us"] / SECOND_US
    if not gave_up or not waited_s:
        return None
    rate, low, high = rate_interval(gave_up, waited_s)
    mean = Parameter("mean", 1.0 / rate, 1.0 / high, 1.0 / low, 1.0 / rate / math.sqrt(gave_up), "s")
    return Fit(
        f"patience of {stream.name}",
        "exponential",
        sums["offered"],
        (mean,),
        (("gave up", float(gave_up)),),
        (Caution("tail_guessed", "totals tell how many gave up, and nothing of when"),),
        {"exponential": f"{mean.value:.5g} s"},
        Plot(f"patience of {stream.name}", "", "", ()),
    )


def _observed(
    table: Any, streams: tuple[Stream, ...], cells: list[dict[str, Any]], grid: CountGrid, period: Period
) -> Observed:
    """What such an export has of all that contacts would tell."""
    none, few = np.zeros(0), np.zeros(0, np.int64)
    handle, waits = {}, {}
    for stream in streams:
        sums = _sums(cells, stream.name)
        n = sums["handled"] or sums["offered"]
        has_work = bool(n and sums["work_us"])
        mean = np.array([sums["work_us"] / n / SECOND_US]) if has_work else none
        handle[stream.name] = Cells(mean, np.array([n], np.int64) if has_work else few)
        waited = np.array([sums["waited_us"] / max(sums["offered"], 1) / SECOND_US])
        waits[stream.name] = Waits(
            waited,
            np.array([sums["abandoned"]], np.int64),
            np.array([sums["offered"] - sums["abandoned"]], np.int64),
        )
    return Observed(
        period,
        Rows(table, streams),
        grid,
        handle,
        waits,
        {},
        Takes((), np.zeros((0, len(streams)), np.int64)),
        Agents(few, none, none),
        None,
        None,
        _staff(streams, cells, grid),
        None,
        CasesSeen((), (), Share(0, 0), Share(0, 0), {}),
    )


def _staff(streams: tuple[Stream, ...], cells: list[dict[str, Any]], grid: CountGrid) -> Staff | None:
    """A team a stream, as many as its rows say; None where none does."""
    heads: Floats = np.zeros(grid.counts.shape)
    for cell in cells:
        heads[grid.streams.index(cell["stream"]), cell["day"], cell["slot"]] = cell["staffed"]
    if not heads.any():
        return None
    teams = tuple(Team((stream.name,), ()) for stream in streams)
    return Staff(teams, np.repeat(heads, grid.interval_s // STEP_S, axis=2), 0.0, Rule())
