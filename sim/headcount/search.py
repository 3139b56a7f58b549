"""Plans of a version of a scenario whose service is held against that of another one, on the same chances.

People are added in the block that makes the worst measure better by most for its cost, until service is no
worse (`service.py`). Then they are taken away, the dearest first: a removal is kept if service is still no
worse, and a block from which somebody could not go is left alone from then on, since with fewer people
around he is missed even more.
"""

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from scenarios.model import Scenario
from scenarios.targets import Goal
from sim.headcount.blocks import Block, Plan, blocks_of, costs_of, planned
from sim.headcount.service import Row, is_plain, rows
from sim.headcount.trials import Bench, SpentError, Trial, joined, some

GLANCE: Final = 2  # replications after which a plan that is plainly worse is given up
COMPARED: Final = 3  # replications by which blocks are compared
KEPT: Final = 4  # blocks that are tried again, when another person is added for the same measure
_AT_ONCE: Final = 4  # a quarter of a block's people come at once, at most, and one
_LEAST_GAIN: Final = 0.01  # of what a measure is worse: who makes less of a difference does not help


def nothing_known(_: Plan) -> bool | None:
    """What is known of a plan before it is tried."""
    return None


class Search:
    """A search for the people of a version; `before` is what was seen of the service that is to be had.

    `known` may tell of a plan whether it serves, without a simulation, and `helping` in which blocks people
    are tried first to help a measure.
    """

    def __init__(
        self,
        version: Scenario,
        blocks: Sequence[Block],
        goals: Sequence[Goal],
        before: Trial,
        bench: Bench,
        known: Callable[[Plan], bool | None] = nothing_known,
        helping: Mapping[Goal, list[int]] = MappingProxyType({}),
    ) -> None:
        self.version, self.blocks, self.goals = version, tuple(blocks), tuple(goals)
        self.before, self.bench, self.known = before, bench, known
        self.costs = costs_of(version, blocks)
        self.verdicts = dict[Plan, bool]()  # whether plans that were tried serve
        self.not_helped: list[Goal] = []  # measures that no more people in these blocks make as they were
        self.stopped = False  # whether the limit of simulations came first
        self.plan: Plan = (0,) * len(self.blocks)  # the best so far
        self.helping = dict(helping)
        self._seen = dict[Plan, Trial]()

    def scenario(self, plan: Plan) -> Scenario:
        """The version with a plan."""
        return planned(self.version, self.blocks, plan)

    def solve(self, plan: Plan) -> Plan:
        """From a plan to one that serves no worse, and from which nobody can go."""
        self.plan = plan
        try:
            added = self._fill()
            self._trim(added[-1:])  # who was added last was needed
        except SpentError:
            self.stopped = True
        return self.plan

    def serves(self, plan: Plan) -> bool:
        """Whether a plan serves no worse; one that is plainly worse is given up early."""
        if plan not in self.verdicts:
            known = self.known(plan)
            self.verdicts[plan] = self._tried(plan) if known is None else known
        return self.verdicts[plan]

    def _tried(self, plan: Plan) -> bool:
        size = self.bench.size
        if size <= GLANCE:
            return self._is_good(self.see(plan))
        scenario = self.scenario(plan)
        glance = self.bench.look([scenario], 0, GLANCE)[0]
        if any(map(is_plain, self._rows(glance))):
            return False
        self._seen[plan] = joined(glance, self.bench.look([scenario], GLANCE, size)[0])
        return self._is_good(self._seen[plan])

    def see(self, plan: Plan) -> Trial:
        """A plan in all replications."""
        if plan not in self._seen:
            self._seen[plan] = self.bench.see(self.scenario(plan))
        return self._seen[plan]

    def _rows(self, trial: Trial) -> list[Row]:
        """The measures of a trial that count, against before."""
        found = rows(self.goals, some(self.before, len(trial.above)), trial)
        return [row for row in found if row.goal not in self.not_helped]

    def _is_good(self, trial: Trial) -> bool:
        return all(row.holds for row in self._rows(trial))

    def _fill(self) -> list[int]:
        """Add people until the plan serves no worse; returns in which blocks they were, in order.

        Half of those who are missed come at once. A measure that nobody helps any more is left aside.
        """
        added = list[int]()
        while not self._is_enough(self.plan):
            row = max(self._rows(self.see(self.plan)), key=lambda row: row.excess)
            found = self._helping(row.goal, self.helping.get(row.goal, []))
            found = found or self._helping(row.goal, range(len(self.plan)))
            self.helping[row.goal] = [n for n, _ in found]
            if found:
                added.append(found[0][0])
                self.plan = more(self.plan, found[0][0], self._missing(row, *found[0]))
            else:
                self.not_helped.append(row.goal)
                self.verdicts.clear()
                self.known = nothing_known
        return added

    def _missing(self, row: Row, n: int, gain: float) -> int:
        """Half of the people who are missing in block n, by what one of them helps; not many at a time."""
        most = 1 + (self.blocks[n].heads + self.plan[n]) // _AT_ONCE
        if not math.isfinite(row.worse) or not math.isfinite(gain):
            return 1
        return max(1, min(most, int((row.worse - row.allowed) / gain / 2.0)))

    def _is_enough(self, plan: Plan) -> bool:
        """Whether a plan serves no worse; where it may not, what it lacks is to be seen in full anyway."""
        if not self.verdicts.get(plan, bool(self.known(plan))):
            self.verdicts[plan] = self._is_good(self.see(plan))
        return self.verdicts.get(plan, True)

    def _helping(self, goal: Goal, among: Sequence[int]) -> list[tuple[int, float]]:
        """The few blocks in which one more helps a measure most for its cost, and how much, by a glance.

        Where a glance does not see what is lacking, nothing short of all replications tells who helps.
        """
        if not among:
            return []
        size, at = max(1, min(COMPARED, self.bench.size // 2)), self.goals.index(goal)
        if not _worse(rows(self.goals, some(self.before, size), some(self.see(self.plan), size))[at]) > 0.0:
            size = self.bench.size
        tried = self.bench.look([self.scenario(more(self.plan, n, 1)) for n in among], 0, size)
        worse, *others = (
            _worse(rows(self.goals, some(self.before, size), trial)[at])
            for trial in (some(self.see(self.plan), size), *tried)
        )
        gains = {n: worse - each for n, each in zip(among, others, strict=True)}
        good = [n for n in gains if gains[n] > _LEAST_GAIN * max(worse, 0.0) or gains[n] == math.inf]
        best = sorted(good, key=lambda n: (-gains[n] / self.costs[n], n))
        return [(n, gains[n]) for n in best[:KEPT]]

    def _trim(self, refused: Collection[int]) -> None:
        """Take away who can go, each block until somebody is missed in it."""
        for n in sorted(range(len(self.plan)), key=lambda n: (-self.costs[n], n)):
            while n not in refused and self.blocks[n].heads + self.plan[n] > 0:
                fewer = more(self.plan, n, -1)
                if not self.serves(fewer):
                    break
                self.plan = fewer


def _worse(row: Row) -> float:
    """By how much a measure is worse; without a value it could not be worse."""
    return math.inf if math.isnan(row.worse) else row.worse


def more(plan: Plan, n: int, people: int) -> Plan:
    """The plan with so many people more in block n."""
    return (*plan[:n], plan[n] + people, *plan[n + 1 :])


def some_blocks(scenario: Scenario, groups: Collection[str] | None) -> tuple[Block, ...]:
    """The blocks of some groups; raises ValueError where there are none."""
    blocks = blocks_of(scenario, groups)
    if not blocks:
        raise ValueError(f"{scenario.name}: nobody is planned in these groups within the horizon")
    return blocks
