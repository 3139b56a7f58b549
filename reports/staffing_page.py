"""The page of a staffing: one file, no network, no time stamps."""

from typing import Any, Final, NamedTuple

import numpy as np

from reports import assumptions, glossary
from reports.series import DAY_S, Point, Points
from reports.staffing_against import against_blocks, gap_blocks
from reports.staffing_card import NAMES, blocks, headline, notes
from reports.staffing_tables import by_cell
from reports.svg_chart import Axis, Chart, Trace, nice_axis, percent_axis, svg
from reports.template import rendered
from reports.time_axis import week_axis
from scenarios.week import HOLIDAY
from sim.staffing.answer import CURRENT, FORMULA, REPAIRED, Staffing
from sim.staffing.cells import Floats
from sim.version import __version__

_STYLES: Final = {FORMULA: "first", REPAIRED: "second", CURRENT: "third"}


class Picture(NamedTuple):
    """A chart with its title and legend."""

    title: str
    over: str
    legend: tuple[tuple[str, str], ...]
    svg: str


class Panel(NamedTuple):
    """The charts of a group or queue."""

    title: str
    pictures: tuple[Picture, ...]


def staffing_page(staffing: Staffing) -> str:
    """The page as HTML. Every label and text from a scenario is escaped."""
    return rendered("staffing.html.j2", _content(staffing))


def _content(staffing: Staffing) -> dict[str, Any]:
    scenario = staffing.scenario
    return {
        "scenario": scenario,
        "answer": headline(staffing),
        "notes": notes(staffing),
        "blocks": (*blocks(staffing), *against_blocks(staffing), *gap_blocks(staffing)),
        "panels": _panels(staffing),
        "horizon": assumptions.horizon(scenario),
        "tables": assumptions.tables(scenario),
        "definitions": glossary.definitions(scenario),
        "version": __version__,
    }


def _panels(staffing: Staffing) -> list[Panel]:
    lines = (FORMULA, REPAIRED, *([CURRENT] if staffing.against else []))
    plans: list[str] = [name for name in lines if name in staffing.plans]
    found = []
    for g, group in enumerate(staffing.grid.groups):
        heads = {
            name: _week(staffing, of, staffing.grid.works[g] | (of > 0))
            for name, of in ((name, staffing.plans[name].heads[g]) for name in plans)
        }
        heads = {name: _steps(points, staffing.grid.step_s) for name, points in heads.items()}
        pictures = [_picture(f"agents-{g}", "People at work", heads, staffing)]
        busy = {name: by_cell(staffing, staffing.plans[name], "occupancy", "group") for name in plans}
        works = staffing.grid.works[g]
        shown = {name: np.where(works, of[group], np.nan) for name, of in busy.items() if group in of}
        pictures += _shares(f"busy-{g}", "Occupancy", shown, staffing)
        found.append(Panel(f"Group {group}", tuple(pictures)))
    levels = {name: by_cell(staffing, staffing.plans[name], "service_level", "queue") for name in plans}
    for n, queue in enumerate(staffing.scenario.queues):
        of = {name: level[queue] for name, level in levels.items() if queue in level}
        target = staffing.scenario.queues[queue].target
        level = target.share if target else None
        if of:
            found.append(
                Panel(f"Queue {queue}", tuple(_shares(f"sl-{n}", "Service level", of, staffing, level)))
            )
    return found


def _shares(
    key: str, title: str, values: dict[str, Floats], staffing: Staffing, level: float | None = None
) -> list[Picture]:
    points = {name: _week(staffing, of, ~np.isnan(of)) for name, of in values.items()}
    return [_picture(key, title, points, staffing, percent_axis(), level)] if any(points.values()) else []


def _picture(
    key: str,
    title: str,
    points: dict[str, Points],
    staffing: Staffing,
    y: Axis | None = None,
    level: float | None = None,
) -> Picture:
    axis = y or nice_axis(max((p.mean for of in points.values() for p in of), default=1.0))
    traces = tuple(
        Trace(NAMES[name], _STYLES[name], of, staffing.grid.step_s * 1.5, False)
        for name, of in points.items()
    )
    description = f"{title} in each interval of the week, {' and '.join(NAMES[name] for name in points)}."
    chart = Chart(key, title, description, traces, week_axis(), axis, level)
    legend = tuple((trace.style, trace.label) for trace in traces)
    if level is not None:
        legend = (*legend, ("level", "target"))
    return Picture(title, "by interval of the week", legend, svg(chart))


def _steps(points: Points, step_s: int) -> Points:
    """Each point as the two ends of its interval: people come and go at once."""
    half = step_s / 2
    return tuple(p._replace(at_s=p.at_s + side) for p in points for side in (-half, half))


def _week(staffing: Staffing, values: Floats, shown: "np.ndarray") -> Points:
    """The intervals of Monday to Sunday as points; holidays are in the tables alone."""
    step_s = staffing.grid.step_s
    return tuple(
        Point(float(kind * DAY_S + i * step_s + step_s / 2), float(values[kind, i]), np.nan, np.nan)
        for kind, i in np.argwhere(shown)
        if kind < HOLIDAY
    )
