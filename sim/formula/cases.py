"""A queue as a formula meets it: who comes, who serves it, and what is about it that formulas care for."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from scenarios.model import DAY_S, Distribution, Queue, Scenario, Stream, WeekSteps
from scenarios.related import heads_of, is_deferred, passing_on, patience_of, sources_of
from scenarios.week import KINDS_OF_DAY, Step, all_week, steps_on
from sim.formula.counts import chats_at_once
from sim.formula.sharing import Line, is_between, is_by_turns


class Case(NamedTuple):
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
        return sorted(passing_on(self.scenario, self.name))

    @property
    def streams(self) -> tuple[Stream, ...]:
        """Those whose contacts may come here."""
        return tuple(self.scenario.streams[name] for name in sources_of(self.scenario, self.name))

    @property
    def patiences(self) -> list[Distribution | None]:
        return [patience_of(self.scenario, name) for name in sources_of(self.scenario, self.name)]

    @property
    def patience(self) -> Distribution | None:
        """The patience that the formula takes; those passed on have an exponential rest."""
        found = self.patiences
        if any(each is not None for each in found) and (self.sources or differ(found)):
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


def retries(case: Case) -> bool:
    return case.queue.retry is not None


def is_limited(case: Case) -> bool:
    """Whether its places are counted (`sim.formula.waiting.Asked.is_limited`)."""
    goes_on = case.queue.overflow is not None and case.queue.capacity != 0
    return case.queue.capacity is not None and case.at_once == 1 and not goes_on


def above(case: Case) -> list[str]:
    """Queues that people take before this one."""
    return _sharing(case, lambda mine, other: other < mine)


def beside(case: Case) -> list[str]:
    """Queues of other lines that people take as readily as this one."""
    return _sharing(case, lambda mine, other: other == mine)


def below(case: Case) -> list[str]:
    """Queues that people take after this one and finish before they take another of this one."""
    after = _sharing(case, lambda mine, other: other > mine)
    return [name for name in after if not gives_way(case, name) and name not in between(case)]


def between(case: Case) -> list[str]:
    """Queues whose work people do between its contacts, and finish first."""
    if not is_by_turns(case.scenario, case.line):
        return []
    return [q for line in case.lines if is_between(case.scenario, case.line, line) for q in line.queues]


def gives_way(case: Case, other: str) -> bool:
    """Whether work of another queue is interrupted for this one."""
    its = case.scenario.queues[other]
    return its.interruptible and its.priority < case.queue.priority


def in_hand(case: Case) -> list[str]:
    """Queues of other lines, work on which its people finish before they take one of this queue."""
    if not is_by_turns(case.scenario, case.line):
        return []
    mine = set(case.line.groups)
    lines = [line for line in case.lines if line != case.line and mine & set(line.groups)]
    return sorted(q for line in lines for q in line.queues if not gives_way(case, q))


def _sharing(case: Case, chosen: Callable[[int, int], bool]) -> list[str]:
    tiers = dict(case.line.links)
    found = [
        queue
        for line in case.lines
        if line != case.line and any(g in tiers and chosen(tiers[g], tier) for g, tier in line.links)
        for queue in line.queues
        if queue not in case.block
    ]
    return sorted(set(found))


def is_interrupted(case: Case) -> bool:
    first = any(case.scenario.queues[name].priority > case.queue.priority for name in above(case))
    return case.queue.interruptible and first


def varies(case: Case) -> bool:
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


def differ(values: Sequence[object]) -> bool:
    return any(value != values[0] for value in values)


def busy(case: Case) -> bool:
    levels = [(s.arrivals.busyness.day.cv, s.arrivals.busyness.interval.cv) for s in case.streams]
    return any(day or interval for day, interval in levels)


def in_vain(scenario: Scenario, queue: str) -> bool:
    """Whether the queue to which another passes contacts on may not take them: closed at times, or full."""
    its = scenario.queues[queue]
    if its.overflow is None:
        return False
    other = scenario.queues[its.overflow.to]
    return other.capacity is not None or not _covers(other.hours, its.hours)


def _covers(hours: WeekSteps | None, others: WeekSteps | None) -> bool:
    """Whether somebody of these hours is there in all of those (None: always)."""
    if hours is None:
        return True
    return all(
        _lasts(steps_on(hours, kind), each)
        for kind in range(KINDS_OF_DAY)
        for each in steps_on(all_week(1.0) if others is None else others, kind)
        if each.value
    )


def _lasts(steps: Sequence[Step], all_of: Step) -> bool:
    """Whether steps of a day hold without a gap for as long as another."""
    at = all_of.start_s
    for step in sorted(each for each in steps if each.value):
        if step.start_s <= at:
            at = max(at, step.end_s)
    return at >= all_of.end_s
