"""Guards: what holds for queues that have no target, so that nothing is saved by leaving them to themselves.

The share of a queue's contacts that nobody serves (given up, refused, sent away, or open at the end) may be
that with the formula's plan, which provides for all that comes, and a little more. Of a queue to which others
pass contacts on it is the share of all contacts that may come there, wherever they are lost: how many do come
there is up to the plan, and a plan that passes on ever more would lose ever more of them at the same share.
A guard is a goal that the search makes for itself; it holds if it does in half of the replications, so for
the median.
"""

from collections.abc import Sequence
from typing import Final

from scenarios.model import Scenario
from scenarios.related import is_deferred, sources_of, streams_of
from scenarios.targets import AT_MOST, Goal, goal_text

UNSERVED: Final = "unserved"
SOURCES: Final = "sources"  # scope of a guard: all streams whose contacts may come to the queue that it names
_OFTEN: Final = 0.5  # of replications
_ALLOWED: Final = 0.02  # of the contacts, more than with the formula's plan
_OF_A_WEEK: Final = 0.05  # of the contacts of a week, where work may wait: no backlog that grows
_SERVES: Final = ("service_level", "abandonment", "abandoned", "asa", "mean_wait", "delayed")


def guarded(scenario: Scenario, goals: Sequence[Goal]) -> tuple[str, ...]:
    """The queues that get contacts, of their own or passed on, and about which no target says anything."""
    return tuple(
        name
        for name in sorted(scenario.queues)
        if (streams := sources_of(scenario, name))
        and not any(_speaks_of(goal, name, streams) for goal in goals)
    )


def _speaks_of(goal: Goal, queue: str, streams: tuple[str, ...]) -> bool:
    """Whether a target is about how all contacts at a queue fare."""
    if goal.measure not in _SERVES and not goal.measure.startswith("wait_p"):
        return False
    of_streams = goal.scope == "stream" and streams == (goal.name,)
    return goal.scope == "all" or (goal.scope, goal.name) == ("queue", queue) or of_streams


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
