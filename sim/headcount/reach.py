"""What targets cost: the least people with whom all hold that people steer, or one of them alone.

People are added in the block that makes the target that is missed by most better by most for its cost; then
whoever is not needed goes, the dearest first. Nobody goes at the expense of what is not counted: a target
that is missed may not be missed by more, in a queue that no target speaks of nobody waits longer, and none
is left unserved.
"""

from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from scenarios.model import Scenario, Step, WeekSteps
from scenarios.related import heads_of
from scenarios.targets import Goal, goals_of
from scenarios.week import KINDS_OF_DAY, Window, steps_on
from sim.explain.watch import Chances
from sim.headcount.blocks import (
    Block,
    Plan,
    costs_of,
    hours_at_work,
    paid_hours,
    planned,
    rates_of,
    runs,
)
from sim.headcount.search import COMPARED, KEPT, more, some_blocks
from sim.headcount.service import (
    asked_of,
    guards_of,
    is_steered,
    miss,
    no_worse,
    reached,
    shares_held,
    steered,
)
from sim.headcount.trials import Bench, SpentError, Trial, joined, some
from sim.measure import currency
from sim.progress import Tell

if TYPE_CHECKING:
    from sim.experiment import Result
    from sim.staffing.answer import Asked as AskedStaffing

BY_BLOCK: Final = "by simulation, in blocks of a week"
EXACT: Final = "by simulation, interval by interval"
_FAR: Final = 0.3  # below what is asked for, in shares of periods: a glance that is so far off is enough
_MORE: Final = 0.005  # by how much more, relative, a target may be missed that is missed anyway
_LEAST_GAIN: Final = 1e-3  # of a miss: who makes less of a difference does not help


class Change(NamedTuple):
    """So many people more (below 0: fewer) of a group on some kinds of day, from one time to another."""

    group: str
    kinds: tuple[int, ...]
    window: Window
    people: int


class Stands(NamedTuple):
    """A target before and after: in which share of its periods it holds, and whether that is enough."""

    goal: Goal
    before: float
    after: float
    held_before: bool
    held_after: bool
    steered: bool  # whether it is of a kind that people steer


class Reached(NamedTuple):
    """The people with whom targets hold, and what they cost beside those of the scenario."""

    how: str
    scenario: Scenario  # with the plan that was found
    changes: tuple[Change, ...]
    cost: float  # over the horizon: paid hours x pay of those who come less those who go
    currency: str | None  # None: the cost is in paid hours
    paid: dict[str, float]  # paid hours by group, more or fewer, over the horizon
    targets: tuple[Stands, ...]
    not_moved: tuple[Goal, ...]  # missed, and no more people in these blocks make them hold
    simulations: int  # replications; 0 where the search counts them otherwise
    stopped: str  # why it ended before it was through; empty where it did not

    @property
    def all_hold(self) -> bool:
        """Whether every target holds that people steer."""
        return all(each.held_after for each in self.targets if each.steered)


class _Search:
    """Plans of a scenario against targets; `goals` are those that are to hold."""

    def __init__(
        self,
        scenario: Scenario,
        blocks: Sequence[Block],
        goals: Sequence[Goal],
        guards: Sequence[Goal],
        bench: Bench,
    ) -> None:
        self.version, self.blocks, self.bench = scenario, tuple(blocks), bench
        self.all, self.guards = bench.asked.goals, tuple(guards)
        self.wanted = [self.all.index(goal) for goal in goals]
        self.costs = costs_of(scenario, blocks)
        self.trial = bench.see(scenario)
        self.start = self.trial
        self.plan: Plan = (0,) * len(self.blocks)
        self.stuck: list[int] = []  # targets that nobody helps
        self.stopped = ""

    def scenario(self, plan: Plan) -> Scenario:
        return planned(self.version, self.blocks, plan)

    def run(self, trim: Collection[int] | None) -> None:
        """Add people until all that is wanted holds, then take away who is not needed in these blocks.

        `trim` None: only among those who were added.
        """
        try:
            added = self._fill()
            self._trim(trim, added)
        except SpentError:
            self.stopped = f"the limit of {self.bench.most} simulations was reached"

    def _fill(self) -> list[int]:
        helping, added = dict[int, list[int]](), list[int]()
        while open_ := self._missed():
            n = max(open_, key=lambda n: (miss(self.trial, n), -n))
            kept = helping.get(n, [])
            helping[n] = self._helping(n, kept) or self._helping(n, range(len(self.plan)))
            if not helping[n]:
                self.stuck.append(n)
                continue
            added.append(helping[n][0])
            self.plan = more(self.plan, added[-1], 1)
            self.trial = self.bench.see(self.scenario(self.plan))
        return added

    def _missed(self) -> list[int]:
        holds = reached(self.all, self.trial, self.start)
        return [n for n in self.wanted if not holds[n] and n not in self.stuck]

    def _helping(self, n: int, among: Sequence[int]) -> list[int]:
        """The few blocks in which one more helps target n most for the cost, the best first, by a glance.

        Where a glance does not see the target missed, nothing short of all replications tells who helps.
        """
        if not among:
            return []
        size = min(COMPARED, self.bench.size)
        if not miss(some(self.trial, size), n) > 0.0:
            size = self.bench.size
        plans = [self.plan, *(more(self.plan, block, 1) for block in among)]
        tried = self.bench.look([self.scenario(each) for each in plans], 0, size)
        base = miss(tried[0], n)
        gains = {
            block: (base - miss(trial, n)) / self.costs[block]
            for block, trial in zip(among, tried[1:], strict=True)
        }
        least = _LEAST_GAIN * base
        good = [block for block in gains if gains[block] * self.costs[block] > least]
        return sorted(good, key=lambda block: (-gains[block], block))[:KEPT]

    def _trim(self, trim: Collection[int] | None, added: Sequence[int]) -> None:
        for n in sorted(range(len(self.plan)), key=lambda n: (-self.costs[n], n)):
            while self._may_go(n, trim, added):
                fewer = more(self.plan, n, -1)
                trial = self._good(fewer)
                if trial is None:
                    break
                self.plan, self.trial = fewer, trial

    def _may_go(self, n: int, trim: Collection[int] | None, added: Sequence[int]) -> bool:
        if trim is None:
            return self.plan[n] > 0 and n != added[-1]
        return n in trim and self.blocks[n].heads + self.plan[n] > 0

    def _good(self, plan: Plan) -> Trial | None:
        """What is seen of a plan with which all still holds that held; None where something does not."""
        scenario, size = self.scenario(plan), self.bench.size
        first = min(COMPARED, size)
        trial = self.bench.look([scenario], 0, first)[0]
        if first < size and self._is_far(trial):
            return None
        if first < size:
            trial = joined(trial, self.bench.look([scenario], first, size)[0])
        return trial if self._holds(trial) else None

    def _is_far(self, glance: Trial) -> bool:
        shares = shares_held(glance, self.start)
        kept = (n for n in self.wanted if n not in self.stuck)
        return any(shares[n] < self.all[n].probability - _FAR for n in kept)

    def _holds(self, trial: Trial) -> bool:
        """Whether what is wanted holds, what is missed is missed by no more, and nobody waits longer."""
        holds = reached(self.all, trial, self.start)
        kept = all(holds[n] for n in self.wanted if n not in self.stuck)
        lost = any(miss(trial, n) > miss(self.start, n) + _MORE for n in self.stuck)
        return kept and not lost and (not self.guards or no_worse(self.guards, self.start, trial))


def least_cost(
    scenario: Scenario,
    chances: Chances,
    groups: Collection[str] | None = None,
    tell: Tell = lambda: None,
    most: int | None = None,
) -> Reached:
    """The least that it costs until all targets hold that people steer, from the scenario's own staffing.

    The search changes the people of `groups` (None: of all); `most` limits its replications, and `tell` is
    called after each. Raises ValueError where no target is of a kind that people steer, or nobody is planned.
    """
    goals = steered(scenario)
    if not goals:
        raise ValueError(f"{scenario.name}: none of its targets is of a kind that people steer")
    blocks = some_blocks(scenario, groups)
    guards = guards_of(scenario, goals, {block.group for block in blocks})
    bench = Bench(asked_of(guards, goals_of(scenario)), chances, tell, most)
    search = _Search(scenario, blocks, goals, guards, bench)
    search.run(range(len(blocks)))
    return _found(search)


def each_alone(
    scenario: Scenario,
    chances: Chances,
    groups: Collection[str] | None = None,
    tell: Tell = lambda: None,
    most: int | None = None,
) -> dict[Goal, Reached]:
    """For each missed target that people steer, the least that it costs until that one holds.

    Nobody is taken away, and all others may stay missed: it is what this target costs on its own. `most`
    limits the replications of each.
    """
    goals, blocks = goals_of(scenario), some_blocks(scenario, groups)
    found = {}
    start = Bench(asked_of((), goals), chances, tell).see(scenario)
    for goal, holds in zip(goals, reached(goals, start), strict=True):
        if is_steered(goal) and not holds:
            search = _Search(scenario, blocks, [goal], (), Bench(asked_of((), goals), chances, tell, most))
            search.run(None)
            found[goal] = _found(search)
    return found


def _found(search: _Search) -> Reached:
    scenario, plan = search.version, search.plan
    changes = [
        Change(*block[:3], people) for block, people in zip(search.blocks, plan, strict=True) if people
    ]
    missed = [search.all[n] for n in search.stuck]
    by_kind = [
        goal
        for goal, holds in zip(search.all, reached(search.all, search.trial, search.start), strict=True)
        if not holds and not is_steered(goal)
    ]
    cost = sum(people * each for people, each in zip(plan, search.costs, strict=True))
    return Reached(
        BY_BLOCK,
        search.scenario(plan),
        tuple(changes),
        cost,
        currency(scenario),
        _paid(scenario, search.scenario(plan)),
        _stands(search.all, search.start, search.trial),
        (*missed, *by_kind),
        search.bench.simulations,
        search.stopped,
    )


def _paid(before: Scenario, after: Scenario) -> dict[str, float]:
    old, new = (paid_hours(each, hours_at_work(each)) for each in (before, after))
    return {name: new[name] - old[name] for name in old}


def _stands(goals: Sequence[Goal], before: Trial, after: Trial) -> tuple[Stands, ...]:
    shares = zip(shares_held(before).tolist(), shares_held(after, before).tolist(), strict=True)
    holds = zip(reached(goals, before), reached(goals, after, before), strict=True)
    return tuple(
        Stands(goal, *share, *held, is_steered(goal))
        for goal, share, held in zip(goals, shares, holds, strict=True)
    )


def exact(scenario: Scenario, asked: "AskedStaffing") -> Reached:
    """The same by the search per interval of `sim/staffing`, where nothing makes cases of contacts.

    Plans are whole people in each interval instead of blocks; its targets are those that this search steers.
    What holds is seen on fresh chances, with the tolerance of that search for chance.
    Raises ValueError, or `UnreachableError`, as `staffing_of` does.
    """
    from sim.staffing.answer import CURRENT, planned_scenario, staffing_of
    from sim.staffing.solve import Checked, is_short, steerable

    answer = staffing_of(scenario, asked)
    found = planned_scenario(answer)
    current, best = answer.plans[CURRENT].result, answer.best.result
    steers, goals = steerable(scenario), goals_of(scenario)
    old, new = (
        [Checked(goal, *pair) for goal, pair in zip(goals, _attained(each), strict=True)]
        for each in (current, best)
    )
    targets = tuple(
        Stands(goal, was.share, now.share, not is_short(was), not is_short(now), goal in steers)
        for goal, was, now in zip(goals, old, new, strict=True)
    )
    paid = _paid(scenario, found)
    rates = rates_of(scenario)
    gross = paid_hours(scenario, dict.fromkeys(scenario.groups, 1.0))
    return Reached(
        EXACT,
        found,
        _between(scenario, found),
        sum(hours / gross[name] * rates[name] for name, hours in paid.items()),
        answer.currency,
        paid,
        targets,
        tuple(each.goal for each in targets if not each.held_after),
        0,
        "",
    )


def _attained(result: "Result") -> list[tuple[float, float]]:
    """Of each target the share of its periods in which it holds, and the standard error of that."""
    frame = result.attainment
    return list(zip(frame["attained"].tolist(), frame["se"].tolist(), strict=True))


def _between(before: Scenario, after: Scenario) -> tuple[Change, ...]:
    """Who comes and who goes, as runs of equal numbers."""
    found = []
    for name, group in before.groups.items():
        steps = _differences(heads_of(group), heads_of(after.groups[name]))
        found += [Change(name, *piece) for piece in runs(tuple(steps))]
    return tuple(found)


def _differences(old: WeekSteps, new: WeekSteps) -> Iterator[Step]:
    """How many people more are at work in each piece of each kind of day; steps may overlap."""
    for kind in range(KINDS_OF_DAY):
        sides = steps_on(old, kind), steps_on(new, kind)
        edges = sorted({edge for steps in sides for step in steps for edge in (step.start_s, step.end_s)})
        for start, end in pairwise(edges):
            one, other = (sum(s.value for s in side if s.start_s <= start < s.end_s) for side in sides)
            yield Step(kind, start, end, other - one)
