"""Who can leave: people taken out of a version, block by block, until service is as it was before.

Where the version serves worse with all of its people, some must come instead (`search.py`).
"""

from collections.abc import Collection
from typing import Final, NamedTuple

from scenarios.model import Scenario
from scenarios.targets import Goal
from sim.explain.watch import Chances
from sim.headcount.blocks import Block, Plan, hours_at_work, paid_hours, weeks_in
from sim.headcount.search import Search, some_blocks
from sim.headcount.service import Row, asked_of, rows, service_of
from sim.headcount.trials import Bench
from sim.progress import Tell
from sim.staffing.solve import FRESH_SEED

CHECKED: Final = 3  # times as many replications check what was found


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
    fresh: tuple[Row, ...]  # ... on chances that nobody has searched on, and more of them
    simulations: int  # replications altogether
    stopped: bool  # whether the limit of simulations came first; the plan is then not the best
    not_helped: tuple[Goal, ...]  # what no number of people in these blocks makes as it was: left aside

    @property
    def borne_out(self) -> bool:
        """Whether service is no worse on fresh chances either, but for what people do not help."""
        return all(row.holds for row in self.fresh if row.goal not in self.not_helped)

    def per_week(self, group: str) -> float:
        """Hours at work of a group that are freed in a week."""
        return self.hours[group].freed / self.weeks

    def paid_per_week(self, group: str) -> float:
        """Paid hours of a group that are freed in a week."""
        return self.paid[group].freed / self.weeks


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
    is called after each replication; `most` limits those of the search. Hours freed are those of `before`
    less those of the plan; where it takes more people they are below 0. What few replications show of rare
    cases may hide that somebody is missed: ask for 20 or more, and see `borne_out`.

    Raises ValueError where no target says what service is, or nobody is planned in these groups.
    """
    goals, blocks = service_of(before, after, groups), some_blocks(after, groups)
    bench = Bench(asked_of(goals), chances, tell, most)
    old = bench.see(before)
    search = Search(after, blocks, goals, old, bench)
    plan = search.solve(search.plan)
    found = search.scenario(plan)
    check = Bench(bench.asked, chances, tell)
    whole = check.look([after, found], 0, check.size)
    other = Chances(chances.seed + FRESH_SEED, CHECKED * chances.replications, chances.workers)
    fresh = Bench(bench.asked, other, tell)
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
        rows(goals, *fresh.look([before, found], 0, fresh.size)),
        bench.simulations + check.simulations + fresh.simulations,
        search.stopped,
        tuple(search.not_helped),
    )


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
