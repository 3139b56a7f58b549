"""Charts of cases: how many are open and how old they are, by day; where agents' time goes; causes."""

import math
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Final

from reports import bars
from reports.case_sums import top_causes, work_shares
from reports.charts import JOINED_DAYS, Picture, description
from reports.figures import Key, figures_of
from reports.sample_sums import SampleSums
from reports.series import DAY_S, DAYS_AT_MOST, Point, Points
from reports.svg_chart import Chart, Trace, nice_axis, svg
from reports.time_axis import horizon_axis, span_of
from reports.wording import say
from scenarios.model import Scenario
from scenarios.related import has_cases

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment import Result

_BACKLOG, _AGE = "backlog", "backlog_age"
_STYLES: Final = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
_HOUR_S: Final = 3600.0
_AGES_IN_DAYS: Final = 3 * 86_400.0  # from such ages on
_KINDS_AT_MOST: Final = 12


def case_pictures(result: "Result") -> tuple[Picture, ...]:
    """All pictures of cases; the backlog has none in a run of a single day."""
    if not has_cases(result.scenario):
        return ()
    return (*_of_work_and_causes(result), *_pictures(result.scenario, *_by_day(result)))


def _of_work_and_causes(result: "Result") -> tuple[Picture, ...]:
    """Agents' time by kind of work, and contacts by root cause, as bars."""
    figures, sums = figures_of(result.measures), SampleSums(result.samples)
    kinds = list(work_shares(figures, sums))
    top = top_causes(result.scenario, figures, sums)
    found = (
        ("work", "Agents' time by kind of work", "share of all work", kinds[:_KINDS_AT_MOST]),
        ("causes", "Top root causes", "share of all contacts", list(top.share.items())),
    )
    return tuple(
        _bars(what, title, over, [bars.Bar(n, f.mean, say(f, False).value, _style(result.scenario, what, n))
                                  for n, f in shares if f.exists])
        for what, title, over, shares in found
        if any(figure.exists for _, figure in shares)
    )  # fmt: skip


def _style(scenario: Scenario, what: str, name: str) -> str:
    """Avoidable causes stand out."""
    return "second" if what == "causes" and scenario.causes[name].avoidable else "first"


def _bars(what: str, title: str, over: str, each: list[bars.Bar]) -> Picture:
    legend = (
        (("second", "avoidable"), ("first", "not avoidable"))
        if any(b.style == "second" for b in each)
        else ()
    )
    return Picture(what, title, over, legend, bars.svg(f"cases-{what}", title, each), bars.height_of(each))


def _by_day(result: "Result") -> tuple[date, dict[Key, Points]]:
    """The backlog and its age by day: in the table of days, or of the intervals where these are days."""
    for table in (result.days, result.intervals):
        if table is not None and len(table):
            first, lines = _rows(table)
            if lines:
                return first, lines
    return date.min, {}


def _rows(table: "pd.DataFrame") -> tuple[date, dict[Key, Points]]:
    rows = table[table["measure"].isin((_BACKLOG, _AGE)) & table["scope"].isin(("all", "severity"))]
    columns = [rows[c].tolist() for c in ("measure", "scope", "name", "interval", "mean", "low", "high")]
    found: dict[Key, list[tuple[date, float, float, float]]] = defaultdict(list)
    for measure, scope, name, label, *values in zip(*columns, strict=True):
        found[measure, scope, name].append((date.fromisoformat(label), *values))
    if not found:
        return date.min, {}
    first = min(each[0][0] for each in found.values())
    return first, {key: _points(first, each) for key, each in found.items()}


def _points(first: date, rows: list[tuple[date, float, float, float]]) -> Points:
    """Days at their middles; of very long horizons, averages over whole weeks, without intervals."""
    points = [Point((day - first).days * DAY_S + DAY_S / 2, *values) for day, *values in rows]
    each = 7 * math.ceil(len(points) / DAYS_AT_MOST / 7)
    if len(points) <= DAYS_AT_MOST:
        return tuple(points)
    pieces = [points[n : n + each] for n in range(0, len(points), each)]
    return tuple(
        Point(piece[0].at_s + (len(piece) - 1) * DAY_S / 2, sum(p.mean for p in piece) / len(piece))
        for piece in pieces
    )


def _pictures(scenario: Scenario, first: date, lines: dict[Key, Points]) -> Iterator[Picture]:
    names = [name for name in scenario.severities if (_BACKLOG, "severity", name) in lines]
    for measure, title in ((_BACKLOG, "Open cases"), (_AGE, "Mean age of open cases")):
        whole = lines.get((measure, "all", "all"), ())
        if len(whole) < 2:
            continue
        what = measure.replace("_", "-")
        unit, size = _unit(whole) if measure == _AGE else ("", 1.0)
        yield _picture(first, what, f"{title}{unit}", [("all", _scaled(whole, size))], True)
        if len(names) > 1:
            each = [(n, _scaled(lines.get((measure, "severity", n), ()), size)) for n in names]
            shown = [(name, points) for name, points in each if points][: len(_STYLES)]
            yield _picture(first, f"{what}-by-severity", f"{title} by severity{unit}", shown, False)


def _unit(points: Points) -> tuple[str, float]:
    """What ages are counted in, and how many seconds that is."""
    days = max(p.mean for p in points) >= _AGES_IN_DAYS
    return (", days", float(DAY_S)) if days else (", hours", _HOUR_S)


def _scaled(points: Points, size: float) -> Points:
    return tuple(Point(p.at_s, p.mean / size, p.low / size, p.high / size) for p in points)


def _picture(first: date, what: str, title: str, named: list[tuple[str, Points]], has_band: bool) -> Picture:
    """A chart of one line with its band, or of several without."""
    step_s = min((b.at_s - a.at_s for a, b in zip(named[0][1], named[0][1][1:], strict=False)), default=DAY_S)
    traces = tuple(
        Trace(label, style, points, JOINED_DAYS * step_s, has_band)
        for (label, points), style in zip(named, _STYLES, strict=False)
    )
    span = span_of([trace.points for trace in traces], step_s)
    highest = max(p.mean for trace in traces for p in trace.points)
    ends = [p.high for trace in traces for p in trace.points if has_band and not math.isnan(p.high)]
    chart = Chart(
        f"cases-{what}",
        f"{title}, by day",
        description(traces, False),
        traces,
        horizon_axis(first, *span, True),
        nice_axis(min(max([highest, *ends]), 1.5 * highest)),
    )
    with_band = any(p.low < p.high for trace in traces for p in trace.points) and has_band
    legend = tuple((f"{t.style} with-band", "mean and 95 % interval") if with_band else
                   (t.style, t.label if not has_band else "mean") for t in traces)  # fmt: skip
    return Picture(f"{what}-by-day", title, "by day", legend, svg(chart))
