"""What is said of every queue: by which formula, what that approximates, what it leaves out, what is missing.

Each row of the tables below is a feature of scenarios, in the words in which it is told.
"""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from scenarios.model import DAY_S, Distribution, Queue, Scenario, Stream, WeekSteps
from scenarios.related import heads_of, is_deferred, patience_of, streams_of
from scenarios.targets import Goal
from sim.formula.counts import chats_at_once
from sim.formula.sharing import Line, blocks_of, is_between, is_by_turns, lines_of


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


class _Case(NamedTuple):
    """A queue with what it meets."""

    scenario: Scenario
    name: str
    line: Line
    lines: tuple[Line, ...]
    block: tuple[str, ...]  # other queues that are solved together with it, in an order of priority

    @property
    def queue(self) -> Queue:
        return self.scenario.queues[self.name]

    @property
    def sources(self) -> list[str]:
        """Queues from which contacts are passed on to it."""
        queues = self.scenario.queues
        return sorted(
            name for name, each in queues.items() if each.overflow and each.overflow.to == self.name
        )

    @property
    def _names(self) -> list[str]:
        """The streams of which contacts may come here."""
        return [s for name in (self.name, *self.sources) for s in streams_of(self.scenario, name)]

    @property
    def streams(self) -> tuple[Stream, ...]:
        return tuple(self.scenario.streams[name] for name in self._names)

    @property
    def patiences(self) -> list[Distribution | None]:
        return [patience_of(self.scenario, name) for name in self._names]

    @property
    def patience(self) -> Distribution | None:
        """The patience that the formula takes; those passed on have an exponential rest."""
        found = self.patiences
        if any(each is not None for each in found) and (self.sources or _differ(found)):
            means = [each.mean_s for each in found if each is not None]
            return Distribution(kind="exponential", mean_s=sum(means) / len(means))
        return found[0] if found else None

    def line_of(self, queue: str) -> Line:
        """The line that a queue is in."""
        return next(line for line in self.lines if queue in line.queues)

    @property
    def waits_for_hours(self) -> bool:
        return is_deferred(self.scenario, self.name)

    @property
    def at_once(self) -> int:
        """How many contacts an agent has in hand at most."""
        chats = chats_at_once(self.scenario, self.line)
        return chats.chats if chats else 1


class _Row(NamedTuple):
    holds: Callable[[_Case], bool]
    words: Callable[[_Case], str]


def remarks_of(scenario: Scenario) -> tuple[Remarks, ...]:
    """What is to be said of each queue, in the order of the file."""
    lines = lines_of(scenario)
    own = {queue: line for line in lines for queue in line.queues}
    ordered = dict[str, tuple[str, ...]]()
    for block in blocks_of(scenario, lines):
        names = [queue for n in block for queue in lines[n].queues]
        ordered |= {q: tuple(n for n in names if own[n] != own[q]) for q in names}
    return tuple(_remarks(_Case(scenario, n, own[n], lines, ordered[n])) for n in scenario.queues)


def is_rough(scenario: Scenario, goals: Sequence[Goal]) -> list[bool]:
    """Of each target, whether it is about a queue whose figures may be many points off: it is not judged."""
    queues = {each.queue for each in remarks_of(scenario) if each.rough}
    if not queues:
        return [False] * len(goals)
    streams = {s for queue in queues for s in streams_of(scenario, queue)}
    groups = {name for name, its in scenario.groups.items() if not queues.isdisjoint(sum(its.skills, ()))}
    known = {"all": {"all"}, "queue": queues, "stream": streams, "group": groups}
    return [goal.name in known[goal.scope] for goal in goals]


def _remarks(case: _Case) -> Remarks:
    if not case.streams:
        return Remarks(case.name, "", (), (), ("nobody ever comes",))
    told = (
        tuple(row.words(case) for row in rows if row.holds(case))
        for rows in (_APPROXIMATED, _LEFT_OUT, _MISSING, _ROUGH)
    )
    return Remarks(case.name, formula_of(case), *told)


def formula_of(case: _Case) -> str:
    """The name of the formula."""
    if case.waits_for_hours:
        return "Backlog recursion"
    balk = " with balking" if case.patience and case.patience.balk and not _is_limited(case) else ""
    return _base(case) + balk


def _base(case: _Case) -> str:
    patience = case.patience
    general = patience is not None and patience.kind != "exponential" and not _is_limited(case)
    if case.at_once > 1:
        return f"Chat chain{f' with {_named(patience)} patience' if general and patience else ''}"
    if case.queue.capacity == 0:
        return "Erlang B, with retries" if _retries(case) else "Erlang B"
    if _is_limited(case):
        return f"M/M/n/K{'+M' if patience else ''}{', with retries' if _retries(case) else ''}"
    if general and patience:
        return f"M/M/n+G with {_named(patience)} patience{' and retries' if _retries(case) else ''}"
    return "Erlang C" if patience is None else "Erlang X" if _retries(case) else "Erlang A"


def _named(patience: Distribution) -> str:
    return {"weibull": "Weibull", "erlang": "Erlang"}.get(patience.kind, patience.kind)


def _retries(case: _Case) -> bool:
    return case.queue.retry is not None


def _is_limited(case: _Case) -> bool:
    """Whether its places are counted (`sim.formula.waiting.Asked.is_limited`)."""
    goes_on = case.queue.overflow is not None and case.queue.capacity != 0
    return case.queue.capacity is not None and case.at_once == 1 and not goes_on


def _above(case: _Case) -> list[str]:
    """Queues that people take before this one."""
    return _sharing(case, lambda mine, other: other < mine)


def _beside(case: _Case) -> list[str]:
    """Queues of other lines that people take as readily as this one."""
    return _sharing(case, lambda mine, other: other == mine)


def _below(case: _Case) -> list[str]:
    """Queues that people take after this one and finish before they take another of this one."""
    after = _sharing(case, lambda mine, other: other > mine)
    return [name for name in after if not _gives_way(case, name) and name not in _between(case)]


def _between(case: _Case) -> list[str]:
    """Queues whose work people do between its contacts, and finish first."""
    if not is_by_turns(case.scenario, case.line):
        return []
    return [q for line in case.lines if is_between(case.scenario, case.line, line) for q in line.queues]


def _gives_way(case: _Case, other: str) -> bool:
    """Whether work of another queue is interrupted for this one."""
    its = case.scenario.queues[other]
    return its.interruptible and its.priority < case.queue.priority


def _in_hand(case: _Case) -> list[str]:
    """Queues of other lines, work on which its people finish before they take one of this queue."""
    if not is_by_turns(case.scenario, case.line):
        return []
    mine = set(case.line.groups)
    lines = [line for line in case.lines if line != case.line and mine & set(line.groups)]
    return sorted(q for line in lines for q in line.queues if not _gives_way(case, q))


def _sharing(case: _Case, chosen: Callable[[int, int], bool]) -> list[str]:
    tiers = dict(case.line.links)
    found = [
        queue
        for line in case.lines
        if line != case.line and any(g in tiers and chosen(tiers[g], tier) for g, tier in line.links)
        for queue in line.queues
        if queue not in case.block
    ]
    return sorted(set(found))


def _is_interrupted(case: _Case) -> bool:
    above = _above(case)
    return case.queue.interruptible and any(
        case.scenario.queues[name].priority > case.queue.priority for name in above
    )


def _varies(case: _Case) -> bool:
    """Whether rates or people change over the horizon."""
    groups = [case.scenario.groups[name] for name in case.line.groups]
    steps = [*(each.arrivals.steps for each in case.streams), *(heads_of(each) for each in groups)]
    factors = [each.arrivals.day_factors for each in case.streams]
    waves = any(each.arrivals.sinusoid is not None for each in case.streams)
    return waves or any(map(any, factors)) or not all(map(_is_constant, steps))


def _is_constant(steps: WeekSteps) -> bool:
    """Whether one value holds all week."""
    whole = {step.weekday for step in steps if (step.start_s, step.end_s) == (0, DAY_S)}
    return whole >= set(range(7)) and len({step.value for step in steps}) == 1


def _differ(values: Sequence[object]) -> bool:
    return any(value != values[0] for value in values)


def _busy(case: _Case) -> bool:
    levels = [(s.arrivals.busyness.day.cv, s.arrivals.busyness.interval.cv) for s in case.streams]
    return any(day or interval for day, interval in levels)


def _names(names: list[str]) -> str:
    return ", ".join(names)


_APPROXIMATED: Final = (
    _Row(
        lambda c: _varies(c) and not c.waits_for_hours,
        lambda c: "time: each interval is taken as if it lasted for ever, at its modified offered load",
    ),
    _Row(
        lambda c: not c.waits_for_hours and any(s.handle_time.kind != "exponential" for s in c.streams),
        lambda c: "handle times: as exponential with their mean",
    ),
    _Row(
        lambda c: _differ([s.handle_time.mean_s for s in c.streams]),
        lambda c: "streams with other handle times: all with the mean of those who come",
    ),
    _Row(
        lambda c: not c.waits_for_hours and _differ(list(c.patiences)),
        lambda c: "streams with other patience: all exponential, giving up as often on average",
    ),
    _Row(
        lambda c: _is_limited(c) and any(p is not None and p.kind != "exponential" for p in c.patiences),
        lambda c: (
            "patience: as exponential with its mean, where one in a thousand or more finds the line full"
        ),
    ),
    _Row(
        lambda c: _busy(c) and not c.waits_for_hours,
        lambda c: "busyness: one gamma factor for days and intervals together, each interval by itself",
    ),
    _Row(
        lambda c: _retries(c) and not c.waits_for_hours,
        lambda c: "retries: a part of the rate when they come back, after an exponential time",
    ),
    _Row(
        lambda c: c.queue.overflow is not None and not c.waits_for_hours,
        lambda c: (
            f"overflow: {c.queue.overflow.to if c.queue.overflow else ''} always takes who is passed on"
        ),
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
        lambda c: _differ([c.scenario.groups[g].speed for g in c.line.groups]),
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
        lambda c: bool(_between(c)),
        lambda c: f"work in hand: people are at {_names(_between(c))} whenever free, and finish that first",
    ),
    _Row(
        lambda c: bool(_above(c)),
        lambda c: f"people shared with {_names(_above(c))}: it gets as many as those leave on average",
    ),
    _Row(
        lambda c: bool(_beside(c)),
        lambda c: f"people shared with {_names(_beside(c))}: divided by the work that comes",
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
    _Row(
        lambda c: c.queue.overflow is not None and c.waits_for_hours,
        lambda c: "overflow: nobody is passed on",
    ),
    _Row(
        lambda c: c.queue.overflow is not None and _retries(c),
        lambda c: "retries: nobody tries again who was passed on",
    ),
    _Row(
        lambda c: bool(_below(c)) and not c.waits_for_hours,
        lambda c: f"work in hand: nobody has to finish {_names(_below(c))} first",
    ),
    _Row(_is_interrupted, lambda c: "interruptions: what is interrupted loses no time"),
    _Row(
        lambda c: c.queue.at_closing == "clear" and not c.waits_for_hours,
        lambda c: "closing: nobody is sent away",
    ),
    _Row(_varies, lambda c: "leaving: nobody finishes after the shift what is in hand at its end"),
    _Row(
        lambda c: any(s.backlog for s in c.streams) and not c.waits_for_hours,
        lambda c: "backlog: nobody waits at the start",
    ),
    _Row(
        lambda c: _is_limited(c) and any(p is not None and p.balk for p in c.patiences),
        lambda c: "balking: everybody is ready to wait, where one in a thousand or more finds the line full",
    ),
    _Row(
        lambda c: c.queue.capacity is not None and (c.waits_for_hours or not _is_limited(c)),
        lambda c: "waiting places: without limit",
    ),
    _Row(
        lambda c: c.waits_for_hours and any(c.patiences),
        lambda c: "patience: nobody gives up",
    ),
    _Row(lambda c: c.waits_for_hours and _retries(c), lambda c: "retries: nobody tries again"),
    _Row(lambda c: c.waits_for_hours and _busy(c), lambda c: "busyness: all days and intervals are usual"),
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
    _Row(lambda c: True, lambda c: "waits by interval that a share of the contacts does not exceed"),
)

_ROUGH: Final = (
    _Row(
        lambda c: bool(_between(c)),
        lambda c: f"people finish {_names(_between(c))} first, whenever they have begun it",
    ),
    _Row(
        lambda c: not _between(c) and len({c.line_of(q) for q in _in_hand(c)}) > 1,
        lambda c: (
            f"people finish what they have in hand of {_names(_in_hand(c))} first, in an order of priority"
        ),
    ),
)
