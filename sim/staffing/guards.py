"""Guards: what holds where no target counts the lost, so that nothing is saved by leaving contacts alone.

The share of a queue's contacts that nobody serves (given up, refused, sent away, or open at the end) may be
that with the formula's plan, which provides for all that comes, and a little more. Of a queue to which others
pass contacts on it is the share of all contacts that may come there, wherever they are lost: how many do come
there is up to the plan, and a plan that passes on ever more would lose ever more of them at the same share.
A guard is a goal that the search makes for itself; it holds if it does in half of the replications, so for
the median.
"""

from collections.abc import Sequence
from typing import Final

from scenarios.definitions import SERVICE_LEVELS
from scenarios.model import Scenario
from scenarios.related import is_deferred, sources_of, streams_of
from scenarios.targets import AT_MOST, Goal, goal_text
from sim.measure import Scope, service_level_of

UNSERVED: Final = "unserved"
SOURCES: Final = "sources"  # scope of a guard: all streams whose contacts may come to the queue that it names
_OFTEN: Final = 0.5  # of replications
_ALLOWED: Final = 0.02  # of the contacts, more than with the formula's plan
_OF_A_WEEK: Final = 0.05  # of the contacts of a week, where work may wait: no backlog that grows
_ABANDONED: Final = "abandoned"
_BLOCKED: Final = "blocked"
_COUNTS: Final = {
    "abandonment": (_ABANDONED,),
    "abandoned": (_ABANDONED,),
    "delayed": (_ABANDONED,),  # who gave up was not answered at once
    "blocked": (_BLOCKED,),
}


def guarded(scenario: Scenario, goals: Sequence[Goal]) -> tuple[str, ...]:
    """The queues that get contacts, of their own or passed on, and may lose some that no target counts."""
    return tuple(
        name
        for name in sorted(scenario.queues)
        if sources_of(scenario, name) and not _may_lose(scenario, name) <= _counted(scenario, name, goals)
    )


def _may_lose(scenario: Scenario, queue: str) -> set[str]:
    """The ways in which contacts are lost at a queue."""
    return {_ABANDONED} if scenario.queues[queue].capacity is None else {_ABANDONED, _BLOCKED}


def _counted(scenario: Scenario, queue: str, goals: Sequence[Goal]) -> set[str]:
    """The ways of losing contacts at a queue of which its targets take account."""
    return {way for goal in goals if is_about(scenario, goal, queue) for way in _ways(scenario, goal)}


def is_about(scenario: Scenario, goal: Goal, queue: str) -> bool:
    """Whether a target is about all contacts of a queue."""
    of_streams = goal.scope == "stream" and sources_of(scenario, queue) == (goal.name,)
    return goal.scope == "all" or (goal.scope, goal.name) == ("queue", queue) or of_streams


def _ways(scenario: Scenario, goal: Goal) -> tuple[str, ...]:
    """The ways of losing contacts that a target counts: the waits of the answered alone count none."""
    if goal.measure != "service_level":
        return _COUNTS.get(goal.measure, ())
    name = service_level_of(scenario, Scope(goal.scope, goal.name))
    return (_ABANDONED,) if name is not None and SERVICE_LEVELS[name].counts_the_lost else ()


def guards_at(scenario: Scenario, queue: str) -> tuple[Goal, ...]:
    """The guards of a queue, not bound yet: of its own contacts, and of all that may come to it."""
    own = streams_of(scenario, queue)
    scopes = ("queue",) * bool(own) + (SOURCES,) * (sources_of(scenario, queue) != own)
    return tuple(Goal(UNSERVED, scope, queue, AT_MOST, 1.0, "share", "horizon", _OFTEN) for scope in scopes)


def is_guard(goal: Goal) -> bool:
    """Whether a goal is one that the search has made for itself."""
    return goal.measure == UNSERVED


def allowance(scenario: Scenario, queue: str) -> float:
    """By how much the share that is not served may be above that with the formula's plan."""
    if is_deferred(scenario, queue):
        return _OF_A_WEEK * min(7.0 / scenario.calendar.days, 1.0)
    return _ALLOWED


def text_of(goal: Goal) -> str:
    """A target or a guard in words."""
    if not is_guard(goal):
        return goal_text(goal)
    which = "the contacts that may come to it" if goal.scope == SOURCES else "its contacts"
    return f"queue {goal.name}: at most {goal.value:.1%} of {which} not served"
