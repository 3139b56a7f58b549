"""Charts of two versions over one axis of time: the first version and one that is held against it."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from reports.charts import JOINED_DAYS, MOST_CHARTED, Panel, Picture, description, to_middles
from reports.comparison import Against, Comparison, Version
from reports.series import DAY_S, View, Views, views_of
from reports.svg_chart import Axis, Chart, Trace, nice_axis, percent_axis, svg
from reports.targets import target_text
from reports.time_axis import horizon_axis, span_of, week_axis
from reports.wording import duration_text

MOST_OTHERS: Final = 3  # versions that are drawn: what keeps the page short


class _Kind(NamedTuple):
    """A chart: its measure, whose figures it shows, and whether that is a share."""

    title: str
    measure: str
    scope: str
    is_share: bool = False


_KINDS: Final = (
    _Kind("Contacts offered", "offered", "queue"),
    _Kind("Service level", "service_level", "queue", True),
    _Kind("Contacts waiting", "mean_queue", "queue"),
    _Kind("Occupancy", "occupancy", "group", True),
)


_DRAWN: Final = frozenset(kind.measure for kind in _KINDS)


class _Scene(NamedTuple):
    """Both versions over one axis: their rows, the gap that breaks a line (s), a key and words for it."""

    views: tuple[View, View]
    axis: Axis
    gap_s: float
    key: str
    over: str


def draw_both(found: Comparison) -> list[tuple[str, list[Panel]]]:
    """For each version that can be drawn over the axis of the first: a title, and its panels."""
    first = found.versions[0]
    drawn = []
    for n, other in enumerate(found.others[:MOST_OTHERS]):
        if _same_axis(first, other.version):
            panels = list(_panels(first, other, n))
            drawn.append((f"{first.label} and {other.version.label}", [p for p in panels if p.pictures]))
    return drawn


def _same_axis(first: Version, other: Version) -> bool:
    """Whether both have the same days in the same intervals."""
    one, two = first.scenario.calendar, other.scenario.calendar
    return (one.start, one.days, one.time_zone, one.interval) == (
        two.start,
        two.days,
        two.time_zone,
        two.interval,
    )


def _panels(first: Version, other: Against, n: int) -> Iterator[Panel]:
    interval_s = first.scenario.calendar.interval
    scenes = _scenes(*(views_of(each.intervals, interval_s, each.days) for each in (first, other.version)))
    for scope, names in (("queue", _largest(first, other)), ("group", list(first.scenario.groups))):
        for place, name in enumerate(names[:MOST_CHARTED]):
            kinds = [kind for kind in _KINDS if kind.scope == scope]
            labels = first.label, other.version.label
            found = [
                _picture(first, kind, scene, (name, f"v{n}-{scope}{place}"), labels)
                for kind in kinds
                for scene in scenes
            ]
            yield Panel(scope, name, tuple(each for each in found if each is not None))


def _largest(first: Version, other: Against) -> list[str]:
    """The queues with most contacts, in the order of the file."""
    names = list(first.scenario.queues)
    offered = {
        name: change.value_against
        for name in names
        if (change := other.changes.get(("offered", "queue", name))) is not None
    }
    chosen = sorted(offered, key=lambda name: -offered[name])[:MOST_CHARTED]
    return [name for name in names if name in chosen]


def _scenes(one: Views, two: Views) -> list[_Scene]:
    """Single intervals, or days and the average week; where the two are shown in one way."""
    interval_s, day_s = one.interval_s, float(one.days_a_point * DAY_S)
    each = duration_text(interval_s)
    return [
        scene
        for views, step_s, gap_s, key, over in (
            ((one.intervals, two.intervals), interval_s, 1.5 * interval_s, "interval", f"in {each}"),
            ((one.days, two.days), day_s, JOINED_DAYS * day_s, "day", "by day over the horizon"),
            ((one.week, two.week), interval_s, 1.5 * interval_s, "week", f"in {each} of an average week"),
        )
        if (scene := _scene(one, views, step_s, gap_s, key, over)) is not None
    ]


def _scene(
    one: Views, views: tuple[View, View], step_s: float, gap_s: float, key: str, over: str
) -> _Scene | None:
    if not (views[0] and views[1]):
        return None
    moved = to_middles(views[0], step_s, _DRAWN), to_middles(views[1], step_s, _DRAWN)
    span = span_of([points for view in moved for points in view.values()], step_s)
    axis = week_axis() if key == "week" else horizon_axis(one.first, *span)
    return _Scene(moved, axis, gap_s, key, over)


def _picture(
    first: Version, kind: _Kind, scene: _Scene, of: tuple[str, str], labels: tuple[str, str]
) -> Picture | None:
    """Both lines in one chart; nothing where either version has none."""
    name, key = of
    found = [view.get((kind.measure, kind.scope, name), ()) for view in scene.views]
    if not all(found):
        return None
    traces = tuple(
        Trace(label, style, points, scene.gap_s, has_band=False)
        for label, style, points in zip(labels, ("first", "second"), found, strict=True)
    )
    target = first.scenario.queues[name].target if kind.measure == "service_level" else None
    highest = max(p.mean for points in found for p in points)
    chart = Chart(
        f"{key}-{kind.measure}-{scene.key}",
        f"{name}: {kind.title}, {scene.over}",
        description(traces, kind.is_share),
        traces,
        scene.axis,
        percent_axis() if kind.is_share else nice_axis(highest),
        target.share if target else None,
    )
    legend = [(trace.style, trace.label) for trace in traces]
    legend += [("level", f"target {target_text(target)}")] if target else []
    return Picture(kind.measure.replace("_", "-"), kind.title, scene.over, tuple(legend), svg(chart))
