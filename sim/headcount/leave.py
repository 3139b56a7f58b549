"""Who can leave: people taken out of a version, block by block, until service is as it was before.

The dearest go first. A removal is kept if service is still no worse than before (`service.py`); a block from
which somebody could not go is left alone from then on, since with fewer people around he is missed even more.
Where the version serves worse with all of its people, people are added first: in the block that makes the
worst measure better by most for its cost.
"""

from collections.abc import Collection, Sequence
from typing import Final, NamedTuple

from scenarios.model import Scenario
from scenarios.targets import Goal
from sim.case_measure import Key
from sim.explain.watch import Chances
from sim.headcount.blocks import (
    Block,
    Plan,
    blocks_of,
    costs_of,
    hours_at_work,
    paid_hours,
    planned,
    weeks_in,
)
from sim.headcount.service import Row, asked_of, in_both, measured, no_worse, rows, worst
from sim.headcount.trials import Bench, SpentError, Trial, joined, some
from sim.progress import Tell
from sim.staffing.solve import FRESH_SEED

GLANCE: Final = 4  # replications after which a plan that is plainly worse is given up
_FEW: Final = 2 * GLANCE  # replications from which on a glance is worth it
_PLAINLY: Final = 4.0  # times of what a measure may be worse
_KEPT: Final = 4  # blocks that are tried again, when another person is added for the same measure


class Hours(NamedTuple):
    """Hours of a group over the horizon: with the people before, of the version, and of the plan found."""

    before: float
    after: float
    found: float

    @property
    def freed(self) -> float:
        """How many fewer than before; below 0 where it takes more."""
        return self.before - self.found


class Freed(NamedTuple):
    """How many people can leave, or must come, for service as it was before."""

    scenario: Scenario  # the version with the plan that was found
    blocks: tuple[Block, ...]  # of the version
    plan: Plan  # people more or less in each of them
    hours: dict[str, Hours]  # at work, by group
    paid: dict[str, Hours]
    weeks: float  # of the horizon
    after: tuple[Row, ...]  # service of the version with all of its people, against before
    found: tuple[Row, ...]  # ... with those of the plan
    fresh: tuple[Row, ...]  # ... on chances that nobody has searched on
    simulations: int  # replications altogether
    stopped: bool  # whether the limit of simulations came first; the plan is then not the best
    short: bool  # whether no number of people in these blocks makes service as it was

    @property
    def borne_out(self) -> bool:
        """Whether service is no worse on fresh chances either."""
        return all(row.holds for row in self.fresh)

    def per_week(self, group: str) -> float:
        """Hours at work of a group that are freed in a week."""
        return self.hours[group].freed / self.weeks

    def paid_per_week(self, group: str) -> float:
        """Paid hours of a group that are freed in a week."""
        return self.paid[group].freed / self.weeks


class Search:
    """Plans of a version against the service of another, on the same chances."""

    def __init__(
        self,
        version: Scenario,
        blocks: Sequence[Block],
        goals: Sequence[Goal],
        before: Trial,
        bench: Bench,
    ) -> None:
        self.version, self.blocks, self.goals = version, tuple(blocks), tuple(goals)
        self.before, self.bench = before, bench
        self.costs = costs_of(version, blocks)
        self.stopped = False  # whether the limit of simulations came first
        self.short = False  # whether no more people in these blocks make service as it was
        self.last = self.start()

    def start(self) -> Plan:
        """The plan of the version itself."""
        return (0,) * len(self.blocks)

    def scenario(self, plan: Plan) -> Scenario:
        return planned(self.version, self.blocks, plan)

    def see(self, plan: Plan) -> Trial:
        return self.bench.see(self.scenario(plan))

    def serves(self, plan: Plan) -> bool:
        """Whether a plan serves no worse; one that is plainly worse is given up early."""
        scenario, size = self.scenario(plan), self.bench.size
        if size < _FEW:
            return no_worse(self.goals, self.before, self.bench.see(scenario))
        glance = self.bench.look([scenario], 0, GLANCE)[0]
        if worst(self.goals, some(self.before, GLANCE), glance).excess > _PLAINLY:
            return False
        rest = self.bench.look([scenario], GLANCE, size)[0]
        return no_worse(self.goals, self.before, joined(glance, rest))

    def solve(self, plan: Plan) -> Plan:
        """A plan that serves no worse, and from which nobody can go; `stopped` where that was not reached."""
        try:
            full, added = self.filled(plan)
            return self.trimmed(full, added[-1:])  # who was added last was needed
        except SpentError:
            self.stopped = True
            return self.last

    def filled(self, plan: Plan) -> tuple[Plan, list[int]]:
        """The plan with people added until it serves no worse, and the blocks in which they were, in order.

        It ends too where nobody helps any more; `short` says so.
        """
        self.last, added = plan, list[int]()
        helping = dict[Key, list[int]]()
        trial = self.see(plan)
        while not no_worse(self.goals, self.before, trial):
            row = worst(self.goals, self.before, trial)
            key = row.goal[:3]
            kept = helping.get(key, [])
            helping[key] = self._helping(plan, row, kept) or self._helping(plan, row, range(len(plan)))
            if not helping[key]:
                self.short = True
                break
            added.append(helping[key][0])
            plan = self.last = more(plan, added[-1], 1)
            trial = self.see(plan)
        return plan, added

    def _helping(self, plan: Plan, row: Row, among: Sequence[int]) -> list[int]:
        """The few blocks in which one more helps a measure most for its cost, the best first, by a glance."""
        if not among:
            return []
        size = min(GLANCE, self.bench.size)
        tried = self.bench.look(
            [self.scenario(p) for p in (plan, *(more(plan, n, 1) for n in among))], 0, size
        )
        at = self.goals.index(row.goal)
        base = rows(self.goals, some(self.before, size), tried[0])[at].worse
        gains = {
            n: (base - rows(self.goals, some(self.before, size), trial)[at].worse) / self.costs[n]
            for n, trial in zip(among, tried[1:], strict=True)
        }
        return sorted((n for n in gains if gains[n] > 0.0), key=lambda n: (-gains[n], n))[:_KEPT]

    def trimmed(self, plan: Plan, refused: Collection[int] = ()) -> Plan:
        """The plan without those who can go: the dearest first, each block until somebody is missed in it."""
        self.last = plan
        for n in sorted(range(len(plan)), key=lambda n: (-self.costs[n], n)):
            while n not in refused and self.blocks[n].heads + plan[n] > 0:
                fewer = more(plan, n, -1)
                if not self.serves(fewer):
                    break
                plan = self.last = fewer
        return plan


def more(plan: Plan, n: int, people: int) -> Plan:
    """The plan with so many people more in block n."""
    return (*plan[:n], plan[n] + people, *plan[n + 1 :])


def freed(
    before: Scenario,
    after: Scenario,
    chances: Chances,
    groups: Collection[str] | None = None,
    tell: Tell = lambda: None,
    most: int | None = None,
) -> Freed:
    """How many people can leave once `after` holds, so that service is no worse than `before`.

    The search starts from the staffing of `after`, and changes the people of `groups` (None: of all). `tell`
    is called after each replication; `most` limits how many there are. Hours freed are those of `before` less
    those of the plan; where it takes more people they are below 0.

    Raises ValueError where no target says what service is, or nobody is planned in these groups.
    """
    goals = in_both(measured(before), after)
    bench = Bench(asked_of(goals), chances, tell, most)
    old = bench.see(before)
    blocks = some_blocks(after, groups)
    search = Search(after, blocks, goals, old, bench)
    plan = search.solve(search.start())
    found = search.scenario(plan)
    fresh = Bench(bench.asked, chances._replace(seed=chances.seed + FRESH_SEED), tell)
    new = fresh.look([before, found], 0, fresh.size)
    again = Bench(bench.asked, chances, tell)
    whole = again.look([after, found], 0, again.size)
    at_work = _by_group(before, after, found)
    return Freed(
        found,
        blocks,
        plan,
        at_work,
        {name: _paid(name, hours, before, after) for name, hours in at_work.items()},
        weeks_in(after),
        rows(goals, old, whole[0]),
        rows(goals, old, whole[1]),
        rows(goals, *new),
        bench.simulations + fresh.simulations + again.simulations,
        search.stopped,
        search.short,
    )


def some_blocks(scenario: Scenario, groups: Collection[str] | None) -> tuple[Block, ...]:
    """The blocks of some groups; raises ValueError where there are none."""
    blocks = blocks_of(scenario, groups)
    if not blocks:
        raise ValueError(f"{scenario.name}: nobody is planned in these groups within the horizon")
    return blocks


def _by_group(before: Scenario, after: Scenario, found: Scenario) -> dict[str, Hours]:
    each = [hours_at_work(scenario) for scenario in (before, after, found)]
    return {name: Hours(*(of.get(name, 0.0) for of in each)) for name in sorted({*each[0], *each[1]})}


def _paid(name: str, at_work: Hours, before: Scenario, after: Scenario) -> Hours:
    """Paid hours of a group, each by the shrinkage of its own version."""
    old, new = (
        paid_hours(scenario, {name: 1.0})[name] if name in scenario.groups else 1.0
        for scenario in (before, after)
    )
    return Hours(at_work.before * old, at_work.after * new, at_work.found * new)
