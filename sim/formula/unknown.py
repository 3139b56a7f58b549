"""What queues and people do of which no formula knows: its figures may be far off, and that is told."""

from collections.abc import Callable, Iterator
from typing import Final

from scenarios.model import Group, Queue
from sim.formula.cases import Case

_OF_QUEUES: Final[dict[str, Callable[[Queue], object]]] = {
    "lines": lambda q: q.lines,
    "announced waits": lambda q: q.announces,
    "calls back": lambda q: q.call_back,
    "who leaves unseen": lambda q: q.silent,
    "messages": lambda q: q.overflow is not None and q.overflow.leaves_message,
    "retries another way": lambda q: q.retry is not None and q.retry.switch,
}
_OF_GROUPS: Final[dict[str, Callable[[Group], object]]] = {
    "people on call": lambda g: g.on_call,
    "new agents": lambda g: g.ramp,
    "hurry": lambda g: g.hurry,
    "handle times by queue": lambda g: g.handle_time_by_queue,
    "waits that are weighed": lambda g: g.takes in ("weighted_wait", "ageing") and len(g.skills) > 1,
}


def unknown(case: Case) -> list[str]:
    """What the file says of a queue, or of those who serve it, of which its formula takes no notice."""
    return list(_unknown(case))


def _unknown(case: Case) -> Iterator[str]:
    for what, given in _OF_QUEUES.items():
        if given(case.queue):
            yield what
    groups = [case.scenario.groups[name] for name in case.line.groups]
    for what, of in _OF_GROUPS.items():
        if any(of(group) for group in groups):
            yield what
