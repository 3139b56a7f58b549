"""Where work goes beside the contacts of streams: routing, steps of paths, updates, triage, side work."""

from collections.abc import Iterator
from typing import NamedTuple

from scenarios.parts import Parts
from scenarios.paths import path_text
from scenarios.problems import Place


class WorkPlace(NamedTuple):
    """A queue that some work goes to: where the file says so, which queue, and what it is in words.

    ``live`` where a customer may be waiting in person: contacts that are routed, and first steps.
    """

    place: Place
    queue: str
    what: str
    live: bool = False


def work_places(parts: Parts) -> Iterator[WorkPlace]:
    """Yield every place of a file that sends work to a queue, in the order of the sections."""
    life = parts.life
    for name, severity in life.severities.items():
        if severity.update is not None:
            place: Place = ("severities", name, "update", "queue")
            yield WorkPlace(place, severity.update.queue, f"updates of severity {name}")
    if life.tagging is not None and life.tagging.triage is not None:
        yield WorkPlace(("tagging", "triage", "queue"), life.tagging.triage.queue, "triage")
    for i, rule in life.rules.items():
        yield WorkPlace(("routing", i, "to"), rule.to, path_text(("routing", i)), live=True)
    for name, path in life.paths.items():
        for step_name, step in path.steps.items():
            if step.queue is not None:
                what = f"step {step_name} of path {name}"
                place = ("paths", name, step_name, "queue")
                yield WorkPlace(place, step.queue, what, live=step_name == path.first)
    for name, work in life.side_work.items():
        yield WorkPlace(("side_work", name, "queue"), work.queue, f"side work {name}")
