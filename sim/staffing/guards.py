"""Guards: what holds for queues that have no target, so that nothing is saved by leaving them to themselves.

The share of a queue's contacts that nobody serves (given up, refused, sent away, or open at the end) may be
that with the formula's plan, which provides for all that comes, and a little more. A guard is a goal that the
search makes for itself; it holds if it does in half of the replications, so for the median.
"""

from collections.abc import Sequence
from typing import Final

from scenarios.model import Scenario
from scenarios.related import is_deferred, sources_of
from scenarios.targets import AT_MOST, Goal, goal_text
from scenarios.units import share_text

UNSERVED: Final = "unserved"
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


def guard_of(queue: str, bound: float = 1.0) -> Goal:
    """The guard of a queue: at most this share of its contacts is not served."""
    return Goal(UNSERVED, "queue", queue, AT_MOST, bound, "share", "horizon", _OFTEN)


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
    return f"queue {goal.name}: at most {share_text(round(goal.value, 4))} of its contacts not served"
