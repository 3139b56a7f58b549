"""Plots of numbers against numbers: fitted laws beside what was seen."""

from typing import Literal, NamedTuple

Style = Literal["line", "step", "points"]


class PlotTrace(NamedTuple):
    """What is drawn at (x, y), with a band from `low` to `high` where these are given.

    A value of a step holds from its x to the next one. NaN breaks a line.
    """

    label: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()
    style: Style = "line"


class Plot(NamedTuple):
    """A plot as data.

    A `x_label` or `y_label` that begins with "second" makes an axis of time, in words; a `y_label` that
    begins with "share", one of per cents; an `x_label` "hour of the day", one of clock times; "days since
    2026-01-31", one of dates. `ticks` are labels of x at their places, where numbers say little. A trace
    whose label is that of another one, a comma and a word ("Mon, counted") has its colour.
    """

    title: str
    x_label: str
    y_label: str
    traces: tuple[PlotTrace, ...]
    log_x: bool = False
    ticks: tuple[tuple[float, str], ...] = ()
