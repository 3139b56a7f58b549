"""What targets cost: the least people with whom all hold that people steer, or one of them alone.

People are added in the block that makes the target that is missed by most better by most for its cost; then
whoever is not needed goes, the dearest first. Nobody goes at the expense of what is not counted: a target
that is missed may not be missed by more, in a queue that no target speaks of nobody waits longer, and none
is left unserved.

What several times the people of every block do not reach is out of reach, and nobody is added for it. Where
no person helps by himself, the search goes on from plenty, and takes away who is not needed.
"""

from collections.abc import Collection, Sequence
from typing import Final, NamedTuple

from scenarios.model import Scenario
from scenarios.targets import Goal, goals_of
from sim.explain.watch import Chances
from sim.headcount.blocks import Block, Plan, costs_of, planned
from sim.headcount.reached import Change, Reached, Stands, paid_beside
from sim.headcount.search import COMPARED, KEPT, more, some_blocks
from sim.headcount.service import (
    asked_of,
    guards_of,
    is_steered,
    miss,
    reached,
    rows,
    shares_held,
    steered,
)
from sim.headcount.trials import Bench, SpentError, Trial, joined, some
from sim.measure import currency
from sim.progress import Tell

BY_BLOCK: Final = "by simulation, in blocks of a week"
_FAR: Final = 0.3  # below what is asked for, in shares of periods: a glance that is so far off is enough
_MORE: Final = 0.005  # by how much more, relative, a target may be missed that is missed anyway
_LEAST_GAIN: Final = 1e-3  # of a miss: who makes less of a difference does not help
PLENTY: Final = (2, 4)  # times the people of every block


class _Plenty(NamedTuple):
    """A plan with several times the people of every block, and which targets hold with it."""

    plan: Plan
    holds: tuple[bool, ...]


class _Known(NamedTuple):
    """What is known of a scenario before a search: how it stands today, and with plenty of people."""

    start: Trial
    plenty: tuple[_Plenty, ...]


def _known(scenario: Scenario, blocks: Sequence[Block], bench: Bench, start: Trial) -> _Known:
    goals = bench.asked.goals
    plans = [tuple((times - 1) * max(block.heads, 1) for block in blocks) for times in PLENTY]
    trials = bench.look([planned(scenario, blocks, plan) for plan in plans], 0, bench.size)
    holds = [reached(goals, trial, start) for trial in trials]
    return _Known(start, tuple(map(_Plenty, plans, holds)))


class _Search:
    """Plans of a scenario against targets; `goals` are those that are to hold."""

    def __init__(
        self,
        scenario: Scenario,
        blocks: Sequence[Block],
        goals: Sequence[Goal],
        guards: Sequence[Goal],
        bench: Bench,
        known: _Known,
    ) -> None:
        self.version, self.blocks, self.bench = scenario, tuple(blocks), bench
        self.all, self.guards = bench.asked.goals, tuple(guards)
        self.wanted = [self.all.index(goal) for goal in goals]
        self.costs = costs_of(scenario, blocks)
        self.start, self.plenty = known
        self.trial = self.filled = self.start  # of the plan so far, and before anybody was taken away
        self.plan: Plan = (0,) * len(self.blocks)
        today = reached(self.all, self.start)
        self.out_of_reach = [
            n for n in self.wanted if not today[n] and not any(each.holds[n] for each in self.plenty)
        ]
        self.stuck = list(self.out_of_reach)  # targets that nobody helps
        self.stopped = ""

    def scenario(self, plan: Plan) -> Scenario:
        return planned(self.version, self.blocks, plan)

    def run(self, trim: Collection[int] | None) -> None:
        """Add people until all that is wanted holds, then take away who is not needed in these blocks.

        `trim` None: only among those who were added.
        """
        try:
            added = self._fill()
            self.filled = self.trial
            self._trim(trim, added)
        except SpentError:
            self.stopped = f"the limit of {self.bench.most} simulations was reached"

    def _fill(self) -> list[int]:
        helping, added = dict[int, list[int]](), list[int]()
        while open_ := self._missed():
            n = max(open_, key=lambda n: (miss(self.trial, n), -n))
            kept = helping.get(n, [])
            helping[n] = self._helping(n, kept) or self._helping(n, range(len(self.plan)))
            if helping[n]:
                added.append(helping[n][0])
                self._go_on_from(more(self.plan, added[-1], 1))
            elif (plan := self._with_plenty(n)) != self.plan:
                added = []  # whom of all these it takes is not known
                self._go_on_from(plan)
            else:
                self.stuck.append(n)
        return added

    def _go_on_from(self, plan: Plan) -> None:
        self.plan, self.trial = plan, self.bench.see(self.scenario(plan))

    def _with_plenty(self, n: int) -> Plan:
        """The plan with at least the fewest people with whom target n holds; as it is where there are none.

        A target that holds today may be missed when others have more people.
        """
        enough = next((each.plan for each in self.plenty if each.holds[n]), self.plan)
        return tuple(map(max, self.plan, enough))

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
            return self.plan[n] > 0 and n not in added[-1:]
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
        lost = any(miss(trial, n) > max(self._was_missed(n)) + _MORE for n in self.stuck)
        return kept and not lost and self._is_guarded(trial)

    def _is_guarded(self, trial: Trial) -> bool:
        """Whether nobody waits longer, or is left unserved, who was not when the last person had been added.

        More people in front may make those wait who are behind, whom this search gives nobody.
        """
        each = zip(rows(self.guards, self.start, trial), rows(self.guards, self.filled, trial), strict=True)
        return all(today.holds or filled.holds for today, filled in each)

    def _was_missed(self, n: int) -> tuple[float, float]:
        """By how much target n was missed at the start, and when the last person had been added."""
        return miss(self.start, n), miss(self.filled, n)


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
    known = _known(scenario, blocks, bench, bench.see(scenario))
    search = _Search(scenario, blocks, goals, guards, bench, known)
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
    asked = asked_of((), goals)
    bench = Bench(asked, chances, tell)
    start = bench.see(scenario)
    missed = [g for g, holds in zip(goals, reached(goals, start), strict=True) if is_steered(g) and not holds]
    if not missed:
        return {}
    known, found = _known(scenario, blocks, bench, start), {}
    for goal in missed:
        search = _Search(scenario, blocks, [goal], (), Bench(asked, chances, tell, most), known)
        search.run(None)
        found[goal] = _found(search)
    return found


def _found(search: _Search) -> Reached:
    scenario, plan = search.version, search.plan
    changes = [
        Change(*block[:3], people) for block, people in zip(search.blocks, plan, strict=True) if people
    ]
    holds = reached(search.all, search.trial, search.start)
    missed = [search.all[n] for n in search.stuck if not holds[n]]
    by_kind = [
        goal for goal, held in zip(search.all, holds, strict=True) if not held and not is_steered(goal)
    ]
    cost = sum(people * each for people, each in zip(plan, search.costs, strict=True))
    return Reached(
        BY_BLOCK,
        search.scenario(plan),
        tuple(changes),
        cost,
        currency(scenario),
        paid_beside(scenario, search.scenario(plan)),
        _stands(search.all, search.start, search.trial),
        (*missed, *by_kind),
        tuple(search.all[n] for n in search.out_of_reach if not holds[n]),
        PLENTY[-1],
        search.bench.simulations,
        search.stopped,
    )


def _stands(goals: Sequence[Goal], before: Trial, after: Trial) -> tuple[Stands, ...]:
    shares = zip(shares_held(before).tolist(), shares_held(after, before).tolist(), strict=True)
    holds = zip(reached(goals, before), reached(goals, after, before), strict=True)
    return tuple(
        Stands(goal, *share, *held, is_steered(goal))
        for goal, share, held in zip(goals, shares, holds, strict=True)
    )
