"""What is said of every queue: by which formula, what that approximates, what it leaves out, what is missing.

Each row of the tables below is a feature of scenarios, in the words in which it is told.
"""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from scenarios.case_targets import is_of_cases
from scenarios.model import Distribution, Scenario
from scenarios.related import streams_of
from scenarios.targets import Goal
from scenarios.uncertain_numbers import drawn_errors
from sim.formula.cases import (
    Case,
    above,
    below,
    beside,
    between,
    busy,
    differ,
    in_hand,
    in_vain,
    is_interrupted,
    is_limited,
    retries,
    varies,
)
from sim.formula.sharing import blocks_of, lines_of
from sim.formula.unknown import unknown


class Remarks(NamedTuple):
    """Of one queue; `formula` is empty where there is none, and then all its figures but the offered miss."""

    queue: str
    formula: str
    approximated: tuple[str, ...]
    left_out: tuple[str, ...]
    missing: tuple[str, ...]
    rough: tuple[str, ...] = ()  # why its figures may be many points off, so that no target is judged by them

    @property
    def is_exact(self) -> bool:
        """Whether the formula assumes nothing that the scenario does not say."""
        return bool(self.formula) and not self.approximated and not self.left_out


_SOME: Final = 10.0  # handle times


class _Row(NamedTuple):
    holds: Callable[[Case], bool]
    words: Callable[[Case], str]


def remarks_of(scenario: Scenario) -> tuple[Remarks, ...]:
    """What is to be said of each queue, in the order of the file."""
    lines = lines_of(scenario)
    own = {queue: line for line in lines for queue in line.queues}
    ordered = dict[str, tuple[str, ...]]()
    for block in blocks_of(scenario, lines):
        names = [queue for n in block for queue in lines[n].queues]
        ordered |= {q: tuple(n for n in names if own[n] != own[q]) for q in names}
    return tuple(_remarks(Case(scenario, n, own[n], lines, ordered[n])) for n in scenario.queues)


def is_rough(scenario: Scenario, goals: Sequence[Goal]) -> list[bool]:
    """Of each target, whether it is about a queue whose figures may be many points off: it is not judged."""
    queues = {each.queue for each in remarks_of(scenario) if each.rough}
    if not queues:
        return [False] * len(goals)
    streams = {s for queue in queues for s in streams_of(scenario, queue)}
    groups = {name for name, its in scenario.groups.items() if not queues.isdisjoint(sum(its.skills, ()))}
    known = {"all": {"all"}, "queue": queues, "stream": streams, "group": groups}
    return [goal.name in known.get(goal.scope, ()) and not is_of_cases(goal.measure) for goal in goals]


def _remarks(case: Case) -> Remarks:
    if not case.streams:
        return Remarks(case.name, "", (), (), ("nobody ever comes",))
    told = (
        tuple(row.words(case) for row in rows if row.holds(case))
        for rows in (_APPROXIMATED, _LEFT_OUT, _MISSING, _ROUGH)
    )
    return Remarks(case.name, formula_of(case), *told)


def formula_of(case: Case) -> str:
    """The name of the formula."""
    if case.waits_for_hours:
        return "Backlog recursion"
    balk = " with balking" if case.patience and case.patience.balk and not is_limited(case) else ""
    return _base(case) + balk


def _base(case: Case) -> str:
    patience = case.patience
    general = patience is not None and patience.kind != "exponential" and not is_limited(case)
    if case.at_once > 1:
        return f"Chat chain{f' with {_named(patience)} patience' if general and patience else ''}"
    if case.queue.capacity == 0:
        return "Erlang B, with retries" if retries(case) else "Erlang B"
    if is_limited(case):
        return f"M/M/n/K{'+M' if patience else ''}{', with retries' if retries(case) else ''}"
    if general and patience:
        return f"M/M/n+G with {_named(patience)} patience{' and retries' if retries(case) else ''}"
    return "Erlang C" if patience is None else "Erlang X" if retries(case) else "Erlang A"


def _named(patience: Distribution) -> str:
    return {"weibull": "Weibull", "erlang": "Erlang"}.get(patience.kind, patience.kind)


def _names(names: list[str]) -> str:
    return ", ".join(names)


def _target(case: Case) -> str:
    """The queue to which it passes contacts on."""
    return case.queue.overflow.to if case.queue.overflow else ""


def _is_soon(case: Case) -> bool:
    """Whether a target asks for an answer within some handle times."""
    longest_s = max(each.longest_s for each in case.streams)
    return case.queue.target is not None and case.queue.target.within_s < _SOME * longest_s


_APPROXIMATED: Final = (
    _Row(
        lambda c: varies(c) and not c.waits_for_hours,
        lambda c: "time: each interval is taken as if it lasted for ever, at its modified offered load",
    ),
    _Row(
        lambda c: not c.waits_for_hours and any(s.handle_time.kind != "exponential" for s in c.streams),
        lambda c: "handle times: as exponential with their mean",
    ),
    _Row(
        lambda c: differ([s.handle_time.mean_s for s in c.streams]),
        lambda c: "streams with other handle times: all with the mean of those who come",
    ),
    _Row(
        lambda c: not c.waits_for_hours and differ(list(c.patiences)),
        lambda c: "streams with other patience: all exponential, giving up as often on average",
    ),
    _Row(
        lambda c: is_limited(c) and any(p is not None and p.kind != "exponential" for p in c.patiences),
        lambda c: (
            "patience: as exponential with its mean, where one in a thousand or more finds the line full"
        ),
    ),
    _Row(
        lambda c: busy(c) and not c.waits_for_hours,
        lambda c: "busyness: one gamma factor for days and intervals together, each interval by itself",
    ),
    _Row(
        lambda c: retries(c) and not c.waits_for_hours,
        lambda c: "retries: a part of the rate when they come back, after an exponential time",
    ),
    _Row(
        lambda c: c.queue.overflow is not None and not c.waits_for_hours,
        lambda c: f"overflow: {_target(c)} always takes who is passed on",
    ),
    _Row(
        lambda c: bool(c.sources),
        lambda c: (
            f"overflow: bursts from {_names(c.sources)} as a part of the busyness; who comes so waits on "
            "for an exponential time"
        ),
    ),
    _Row(
        lambda c: len(c.line.queues) > 1,
        lambda c: (
            f"one line with {_names([q for q in c.line.queues if q != c.name])}: all as if they waited alike"
        ),
    ),
    _Row(
        lambda c: differ([c.scenario.groups[g].speed for g in c.line.groups]),
        lambda c: "people of different speed: all with their mean",
    ),
    _Row(
        lambda c: len(c.line.groups) > 1,
        lambda c: "several groups: one team, each busy to the same share",
    ),
    _Row(
        lambda c: bool(c.block),
        lambda c: (
            f"priority: waits as if without {_names(list(c.block))} once all are busy, which those make too"
        ),
    ),
    _Row(
        lambda c: bool(between(c)),
        lambda c: f"work in hand: people are at {_names(between(c))} whenever free, and finish that first",
    ),
    _Row(
        lambda c: bool(above(c)),
        lambda c: f"people shared with {_names(above(c))}: it gets as many as those leave on average",
    ),
    _Row(
        lambda c: bool(beside(c)),
        lambda c: f"people shared with {_names(beside(c))}: divided by the work that comes",
    ),
    _Row(
        lambda c: c.at_once > 1,
        lambda c: "chats: spread over the people as their routing wants it at all times",
    ),
    _Row(
        lambda c: c.waits_for_hours,
        lambda c: "its work: a flow, of means alone",
    ),
)

_LEFT_OUT: Final = (
    _Row(lambda c: bool(unknown(c)), lambda c: f"{_names(unknown(c))}: as if nothing were said of it"),
    _Row(
        lambda c: c.queue.overflow is not None and c.waits_for_hours,
        lambda c: "overflow: nobody is passed on",
    ),
    _Row(
        lambda c: bool(below(c)) and not c.waits_for_hours,
        lambda c: f"work in hand: nobody has to finish {_names(below(c))} first",
    ),
    _Row(is_interrupted, lambda c: "interruptions: what is interrupted loses no time"),
    _Row(
        lambda c: c.queue.at_closing == "clear" and not c.waits_for_hours,
        lambda c: "closing: nobody is sent away",
    ),
    _Row(varies, lambda c: "leaving: nobody finishes after the shift what is in hand at its end"),
    _Row(
        lambda c: any(s.backlog for s in c.streams) and not c.waits_for_hours,
        lambda c: "backlog: nobody waits at the start",
    ),
    _Row(
        lambda c: is_limited(c) and any(p is not None and p.balk for p in c.patiences),
        lambda c: "balking: everybody is ready to wait, where one in a thousand or more finds the line full",
    ),
    _Row(
        lambda c: c.queue.capacity is not None and (c.waits_for_hours or not is_limited(c)),
        lambda c: "waiting places: without limit",
    ),
    _Row(
        lambda c: c.waits_for_hours and any(c.patiences),
        lambda c: "patience: nobody gives up",
    ),
    _Row(lambda c: c.waits_for_hours and retries(c), lambda c: "retries: nobody tries again"),
    _Row(lambda c: c.waits_for_hours and busy(c), lambda c: "busyness: all days and intervals are usual"),
    _Row(
        lambda c: any(s.handle_time_by_day.cv for s in c.streams),
        lambda c: "handle time by day: contacts take as long on all days",
    ),
    _Row(
        lambda c: bool(drawn_errors(c.scenario)),
        lambda c: "uncertain numbers: all are as they are written",
    ),
)

_MISSING: Final = (
    _Row(lambda c: True, lambda c: "largest queue: a formula knows means"),
    _Row(
        lambda c: c.waits_for_hours,
        lambda c: "share delayed: a flow has no single contacts that might find somebody free",
    ),
    _Row(
        lambda c: c.queue.overflow is not None,
        lambda c: "its streams, and waits of all queues together: they go on at another queue",
    ),
    _Row(
        lambda c: bool(c.sources and streams_of(c.scenario, c.name)),
        lambda c: "its streams: how they fare apart from those who are passed on to it in bursts",
    ),
    _Row(lambda c: True, lambda c: "waits by interval that a share of the contacts does not exceed"),
)

_ROUGH: Final = (
    _Row(lambda c: bool(unknown(c)), lambda c: f"no formula knows of {_names(unknown(c))}"),
    _Row(
        lambda c: in_vain(c.scenario, c.name),
        lambda c: f"{_target(c)} is closed or full at times, and takes nobody then",
    ),
    _Row(
        lambda c: any(in_vain(c.scenario, source) for source in c.sources),
        lambda c: f"more is passed on from {_names(c.sources)} than it takes",
    ),
    _Row(
        lambda c: bool(c.sources) and not any(c.patiences),
        lambda c: f"nobody gives up of those who come in bursts from {_names(c.sources)}",
    ),
    _Row(
        lambda c: c.waits_for_hours and any(c.patiences),
        lambda c: "who waits gives up, of which a flow knows nothing",
    ),
    _Row(
        lambda c: c.waits_for_hours and _is_soon(c),
        lambda c: "its target is a matter of some handle times, where chance decides, and a flow has none",
    ),
    _Row(
        lambda c: bool(between(c)),
        lambda c: f"people finish {_names(between(c))} first, whenever they have begun it",
    ),
    _Row(
        lambda c: not between(c) and len({c.line_of(q) for q in in_hand(c)}) > 1,
        lambda c: (
            f"people finish what they have in hand of {_names(in_hand(c))} first, in an order of priority"
        ),
    ),
)
