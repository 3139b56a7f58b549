"""The answer of a formula beside the simulated one, for queues that are simple enough to have one.

Interval by interval, Erlang C (nobody gives up) or Erlang A (exponential patience) gets what a planner
would put into a calculator: the expected contacts, the mean handle time and the people at work. Each
interval counts by its contacts.
"""

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, NamedTuple

from reports.figures import Figure, figures_of
from reports.load import serving, skills
from reports.steady import Answer, answer_of, patience_of, streams_of
from reports.wording import Words, number_text, say
from scenarios.model import Distribution, Queue, Scenario

if TYPE_CHECKING:
    from sim.experiment import Result

WHY: Final = (
    "They differ because the formula takes each interval as if it lasted for ever, handle times as "
    "exponential, days as equally busy, and nobody as trying again."
)
LABELS: Final = ("Service level", "Speed of answer (ASA)", "Abandonment")


class Compared(NamedTuple):
    """A measure by formula and by simulation, in words."""

    formula: str
    simulated: Words


class Beside(NamedTuple):
    """What a formula says of a queue: its name and figures; or why there is none."""

    queue: str
    name: str = ""
    rows: tuple[Compared, ...] = ()  # as many as `LABELS`
    overload: str = ""
    why_none: str = ""


class _Case(NamedTuple):
    """A queue of a scenario, with what it meets."""

    scenario: Scenario
    name: str
    queue: Queue
    groups: tuple[str, ...]


# What a formula cannot know. The first that holds is told.
_OBSTACLES: Final[tuple[tuple[Callable[[_Case], bool], str], ...]] = (
    (lambda c: not _streams(c), "no stream brings contacts to it; they come from other queues"),
    (lambda c: c.queue.channel == "chat", "chats are handled several at a time"),
    (
        lambda c: c.queue.channel == "email" or c.queue.at_closing == "hold",
        "its work waits for opening hours, and is never in steady state",
    ),
    (lambda c: len(c.groups) != 1, "several groups serve it"),
    (lambda c: len(skills(c.scenario, c.groups[0])) != 1, "its people serve other queues too"),
    (lambda c: c.queue.capacity is not None, "its line is limited"),
    (lambda c: c.queue.overflow is not None, "contacts are passed on to another queue"),
    (
        lambda c: any(q.overflow and q.overflow.to == c.name for q in c.scenario.queues.values()),
        "contacts are passed on to it from another queue",
    ),
    (
        lambda c: len({patience_of(c.scenario, s) for s in _streams(c)}) > 1,
        "its streams differ in their patience",
    ),
    (
        lambda c: (p := _patience(c)) is not None and p.kind != "exponential",
        "its patience is not exponential",
    ),
    (lambda c: (p := _patience(c)) is not None and p.balk > 0, "some leave at once where nobody is free"),
    (lambda c: any(c.scenario.streams[s].backlog for s in _streams(c)), "contacts are waiting at the start"),
)


def beside(result: "Result") -> tuple[Beside, ...]:
    """What a formula says of each queue, or why none does."""
    return tuple(_beside(result, name) for name in result.scenario.queues)


def obstacle(scenario: Scenario, queue: str) -> str:
    """Why there is no simple formula for a queue; empty if there is one."""
    case = _case(scenario, queue)
    return next((why for holds, why in _OBSTACLES if holds(case)), "")


def _case(scenario: Scenario, name: str) -> _Case:
    return _Case(scenario, name, scenario.queues[name], serving(scenario, name))


def _streams(case: _Case) -> tuple[str, ...]:
    return streams_of(case.scenario, case.name)


def _patience(case: _Case) -> Distribution | None:
    return patience_of(case.scenario, _streams(case)[0])


def _beside(result: "Result", name: str) -> Beside:
    why = obstacle(result.scenario, name)
    if why:
        return Beside(name, why_none=why)
    case = _case(result.scenario, name)
    answer = answer_of(case.scenario, name)
    if answer is None:
        return Beside(name, why_none="nobody is expected to come while it is open")
    figures = figures_of(result.measures)
    formulas = {
        "service_level": Figure(answer.service_level, math.nan, math.nan, "share"),
        "asa": Figure(answer.asa_s, math.nan, math.nan, "s"),
        "abandonment": Figure(answer.abandonment, math.nan, math.nan, "share"),
    }
    rows = tuple(
        Compared(_said(figure), say(figures.get(measure, "queue", name)))
        for measure, figure in formulas.items()
    )
    patience = _patience(case)
    kind = "Erlang A" if patience else "Erlang C"
    return Beside(name, kind, rows, _overload(answer) if not patience else "")


def _said(figure: Figure) -> str:
    return "without end" if math.isinf(figure.mean) else say(figure, False).value


def _overload(answer: Answer) -> str:
    if not answer.overloaded:
        return ""
    share = number_text(answer.overloaded * 100.0, 1)
    return f"{share} % of them come when there is more work than people: by Erlang C, too late for all."
