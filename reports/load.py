"""Work against people, in one unit: the offered load in Erlangs beside the agents on duty."""

from collections.abc import Iterable
from typing import Final

from reports.series import Key, Point, Points, View
from scenarios.model import Scenario
from scenarios.related import serving, skills

LOAD: Final = "load"  # Erlangs: agents that would be busy if nobody waited or gave up
STAFF: Final = "staff"  # agents on duty who may take it


def with_load(scenario: Scenario, view: View, lengths: "Lengths") -> View:
    """Add the load and the staff of each queue and group to a view, as means without intervals.

    A queue's load is contacts × handle time / length; its staff are all who have its skill. A group's
    load is that of all queues among its skills, whoever else may serve them.
    """
    more: dict[Key, Points] = dict(view)
    for queue in scenario.queues:
        more[LOAD, "queue", queue] = _load(view, queue, lengths)
        more[STAFF, "queue", queue] = _sum(
            view.get(("on_duty", "group", g), ()) for g in serving(scenario, queue)
        )
    for group in scenario.groups:
        more[LOAD, "group", group] = _sum(more.get((LOAD, "queue", q), ()) for q in skills(scenario, group))
        more[STAFF, "group", group] = _sum([view.get(("on_duty", "group", group), ())])
    return more


class Lengths:
    """How long each point of a view lasts (s); the first may be shorter, for a run that warms up."""

    def __init__(self, step_s: float, first_s: float | None = None) -> None:
        self.step_s, self.first_s = step_s, step_s if first_s is None else first_s

    def of(self, point: Point) -> float:
        return self.first_s if point.at_s == 0 else self.step_s


def labels(scenario: Scenario, scope: str, name: str) -> dict[str, str]:
    """What load and staff of a queue or group are called: said where people or work are shared."""
    if scope == "queue":
        shared = any(len(skills(scenario, group)) > 1 for group in serving(scenario, name))
        return {LOAD: "offered load (Erlangs)", STAFF: f"agents on duty{', for other queues too' * shared}"}
    queues = skills(scenario, name)
    shared = any(len(serving(scenario, queue)) > 1 for queue in queues)
    those = "its queue" if len(queues) == 1 else "its queues"
    return {
        LOAD: f"offered load of {those}{', shared with others' * shared} (Erlangs)",
        STAFF: "agents on duty",
    }


def _load(view: View, queue: str, lengths: Lengths) -> Points:
    """Contacts × handle time / length; where none of them was handled, by the handle time of all others."""
    handle_s = {p.at_s: p.mean for p in view.get(("aht", "queue", queue), ())}
    handled = {p.at_s: p.mean for p in view.get(("handled", "queue", queue), ())}
    weight = sum(handled.get(at_s, 0.0) for at_s in handle_s)
    usual_s = sum(s * handled.get(at_s, 0.0) for at_s, s in handle_s.items()) / weight if weight else 0.0
    if not usual_s:
        return ()
    return tuple(
        Point(p.at_s, p.mean * handle_s.get(p.at_s, usual_s) / lengths.of(p))
        for p in view.get(("offered", "queue", queue), ())
    )


def _sum(parts: Iterable[Points]) -> Points:
    """Point by point; who is left out somewhere had nothing there."""
    total: dict[float, float] = {}
    for points in parts:
        for point in points:
            total[point.at_s] = total.get(point.at_s, 0.0) + point.mean
    return tuple(Point(at_s, value) for at_s, value in sorted(total.items()))
