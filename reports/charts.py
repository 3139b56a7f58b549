"""Which charts a report shows: of each queue and each group, by interval, by day and as an average week."""

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from reports.load import LOAD, STAFF, Lengths, labels, with_load
from reports.series import DAY_S, Point, Points, View, Views, views_of
from reports.svg_chart import HEIGHT, Axis, Chart, Trace, nice_axis, percent_axis, svg
from reports.targets import target_text
from reports.time_axis import horizon_axis, span_of, week_axis
from reports.wording import duration_text, plain
from scenarios.model import Queue, Scenario

if TYPE_CHECKING:
    from sim.experiment import Result

MOST_CHARTED: Final = 6  # queues, and groups: what keeps the page below a megabyte

_FEW: Final = 0.05  # of the most people on duty: below, occupancy says nothing
JOINED_DAYS: Final = 1.5  # a line breaks where a day is closed


class Picture(NamedTuple):
    """A chart with what is written above it; `legend` pairs a class with its meaning.

    `what` names it within its panel, in letters and dashes.
    """

    what: str
    title: str
    over: str
    legend: tuple[tuple[str, str], ...]
    svg: str
    height: float = HEIGHT


class Panel(NamedTuple):
    """The charts of one queue or group."""

    scope: str
    name: str
    pictures: tuple[Picture, ...]


class Drawn(NamedTuple):
    """All panels, the names left out of them, and how their values came about."""

    panels: tuple[Panel, ...]
    left_out: tuple[str, ...]
    note: str


class _Kind(NamedTuple):
    """A chart: the measures drawn in it, and their classes and labels (or, of load, those of `labels`)."""

    what: str
    title: str
    lines: tuple[tuple[str, str, str], ...]  # measure, class, label
    is_share: bool = False


_LOAD: Final = _Kind("load", "Load and staff", ((LOAD, "first", ""), (STAFF, "second", "")))
_WAITING: Final = _Kind("waiting", "Contacts waiting", (("mean_queue", "first", "mean"),))
_BACKLOG: Final = _Kind("backlog", "Backlog: contacts waiting", (("mean_queue", "first", "mean"),))
_QUEUE_KINDS: Final = (
    _LOAD,
    _Kind("service-level", "Service level", (("service_level", "first", "mean"),), True),
    _WAITING,
    _Kind("contacts", "Contacts", (("offered", "first", "offered"), ("handled", "second", "handled"))),
)
_GROUP_KINDS: Final = (_LOAD, _Kind("occupancy", "Occupancy", (("occupancy", "first", "mean"),), True))
_DRAWN: Final = {measure for kind in (*_QUEUE_KINDS, *_GROUP_KINDS) for measure, _, _ in kind.lines}


def _kinds(queue: Queue) -> tuple[_Kind, ...]:
    """The charts of a queue; where work is kept for later, who waits is a backlog."""
    deferred = queue.at_closing == "hold" or queue.channel == "email"
    return tuple(_BACKLOG if deferred and kind is _WAITING else kind for kind in _QUEUE_KINDS)


class _Scene(NamedTuple):
    """One view of the horizon: its rows, its axis, the gap that breaks a line (s), its name."""

    view: View
    axis: Axis
    gap_s: float
    key: str
    over: str
    per: str


def draw(result: "Result") -> Drawn:
    """All charts of a result."""
    scenario = result.scenario
    views = views_of(result.intervals, scenario.calendar.interval, result.days)
    scenes = list(_scenes(views, scenario))
    queues = _largest(scenario, scenes)
    groups = tuple(scenario.groups)[:MOST_CHARTED]
    panels = [_panel(scenario, "queue", name, _kinds(scenario.queues[name]), scenes) for name in queues]
    panels += [_panel(scenario, "group", name, _GROUP_KINDS, scenes) for name in groups]
    left_out = [n for n in (*scenario.queues, *scenario.groups) if n not in (*queues, *groups)]
    return Drawn(tuple(p for p in panels if p.pictures), tuple(left_out), _note(views, scenario))


def _largest(scenario: Scenario, scenes: list[_Scene]) -> tuple[str, ...]:
    """The queues with most contacts, in the order of the file."""
    names = tuple(scenario.queues)
    if not scenes or len(names) <= MOST_CHARTED:
        return names

    def offered(name: str) -> float:
        return sum(p.mean for p in scenes[0].view.get(("offered", "queue", name), ()))

    chosen = sorted(names, key=offered, reverse=True)[:MOST_CHARTED]
    return tuple(name for name in names if name in chosen)


def _note(views: Views, scenario: Scenario) -> str:
    """What a reader has to know about the way from the tables to the charts."""
    parts = ["Load is contacts × handle time / length: the agents that would be busy if nobody waited."]
    if any(queue.channel == "chat" for queue in scenario.queues.values()):
        parts.append("A chat's handle time passes beside other chats, so an agent may carry several Erlangs.")
    parts.append("Occupancy is drawn while more than a few people who finish late are on duty.")
    if views.averaged:
        parts.append("The average week is an average of the intervals, and so without bands.")
    if views.days_a_point > 1:
        parts.append(f"Each point over the horizon is the average day of {views.days_a_point} days.")
    return " ".join(parts)


def _scenes(views: Views, scenario: Scenario) -> Iterator[_Scene]:
    """Single intervals and days, or days and the average week."""
    each = duration_text(views.interval_s)
    interval_s, day_s = views.interval_s, float(views.days_a_point * DAY_S)
    first_s = DAY_S - scenario.run.warm_up_s % DAY_S if views.days_a_point == 1 else float(DAY_S)
    for view, step_s, gap_s, key, over, per, lengths in (
        (
            views.intervals, interval_s, 1.5 * interval_s, "interval",
            f"by interval of {each}", f"in {each}", Lengths(interval_s),
        ),
        (views.days, day_s, JOINED_DAYS * day_s, "day", "by day", "a day", Lengths(DAY_S, first_s)),
    ):  # fmt: skip
        if view:
            moved = to_middles(with_load(scenario, view, lengths), step_s, _DRAWN)
            span = span_of(list(moved.values()), step_s)
            yield _Scene(moved, horizon_axis(views.first, *span, key == "day"), gap_s, key, over, per)
    if views.week:
        moved = to_middles(with_load(scenario, views.week, Lengths(interval_s)), interval_s, _DRAWN)
        yield _Scene(moved, week_axis(), 1.5 * interval_s, "week", "in an average week", f"in {each}")


def to_middles(view: View, step_s: float, drawn: Collection[str]) -> View:
    """Move the points of the measures that are drawn from the start of their interval to its middle."""
    half_s = step_s / 2
    return {
        key: tuple(
            Point(at_s + half_s, mean, low, high)
            for at_s, mean, low, high in while_staffed(key, points, view)
        )
        for key, points in view.items()
        if key[0] in drawn
    }


def while_staffed(key: tuple[str, str, str], points: Points, view: View) -> Points:
    """Leave out the occupancy of those who finish a contact after closing: 100 %, of next to nobody."""
    if key[0] != "occupancy":
        return points
    people = {p.at_s: p.mean for p in view.get(("on_duty", *key[1:]), ())}
    enough = _FEW * max(people.values(), default=0.0)
    return tuple(p for p in points if people.get(p.at_s, 0.0) >= enough)


def _panel(
    scenario: Scenario, scope: str, name: str, kinds: tuple[_Kind, ...], scenes: list[_Scene]
) -> Panel:
    pictures = [
        picture
        for kind in kinds
        for scene in scenes
        if (picture := _picture(scenario, (scope, name), kind, scene)) is not None
    ]
    return Panel(scope, name, tuple(pictures))


def _picture(scenario: Scenario, of: tuple[str, str], kind: _Kind, scene: _Scene) -> Picture | None:
    """A chart, unless there is nothing to draw."""
    named = labels(scenario, *of)
    traces = tuple(
        Trace(named.get(measure, label), style, points, scene.gap_s, has_band=len(kind.lines) == 1)
        for measure, style, label in kind.lines
        if (points := scene.view.get((measure, *of), ()))
    )
    if not traces:
        return None
    target = scenario.queues[of[1]].target if kind.what == "service-level" else None
    title = f"{kind.title} {scene.per}" if kind.what == "contacts" else kind.title
    chart = Chart(
        _key(scenario, of, kind, scene),
        f"{of[1]}: {title}, {scene.over}",
        description(traces, kind.is_share),
        traces,
        scene.axis,
        percent_axis() if kind.is_share else nice_axis(_highest(traces)),
        target.share if target else None,
    )
    legend = [_legend(trace) for trace in traces]
    legend += [("level", f"target {target_text(target)}")] if target else []
    return Picture(f"{kind.what}-by-{scene.key}", title, scene.over, tuple(legend), svg(chart))


def _legend(trace: Trace) -> tuple[str, str]:
    """The class and the meaning of a line, and of the band around it if there is one."""
    if trace.has_band and any(p.low < p.high for p in trace.points):
        return f"{trace.style} with-band", f"{trace.label} and 95 % interval"
    return trace.style, trace.label


def _key(scenario: Scenario, of: tuple[str, str], kind: _Kind, scene: _Scene) -> str:
    """An id: names may hold anything, so their places stand for them."""
    scope, name = of
    place = list(scenario.queues if scope == "queue" else scenario.groups).index(name)
    return f"{scope}{place}-{kind.what}-{scene.key}"


def _highest(traces: tuple[Trace, ...]) -> float:
    """The top of what is drawn; an interval counts for at most half again its highest mean."""
    means = max(p.mean for t in traces for p in t.points)
    ends = max((p.high for t in traces if t.has_band for p in t.points if p.high == p.high), default=means)
    return min(max(means, ends), 1.5 * means)


def description(traces: tuple[Trace, ...], is_share: bool) -> str:
    """Say what the eye would see first: from where to where each line goes."""
    factor, unit = (100.0, " %") if is_share else (1.0, "")
    return "; ".join(
        f"{t.label}: from {plain(round(min(p.mean for p in t.points) * factor, 1))}{unit} "
        f"to {plain(round(max(p.mean for p in t.points) * factor, 1))}{unit}"
        for t in traces
    )
