"""What a glance does not see is looked for in all replications: nobody comes without helping."""

from collections.abc import Sequence

import numpy as np
import pytest

from scenarios.model import Scenario
from sim.explain.watch import Chances
from sim.headcount.blocks import blocks_of
from sim.headcount.reach import least_cost
from sim.headcount.search import COMPARED, Search
from sim.headcount.service import asked_of, measured
from sim.headcount.trials import Bench, Trial
from tests.headcount.examples import erlang

SIZE = 8
ENOUGH = 17


def trial(shares: Sequence[float]) -> Trial:
    """Shares of a hundred that were served in time, by replication, held against a target of 80 %."""
    above = np.array(shares)[:, None] * 100.0
    held = np.ones((len(shares), 1, 2), np.int64)
    held[:, :, 0] = above >= 80.0
    return Trial(above, np.full_like(above, 100.0), held, np.maximum(0.8 - above / 100.0, 0.0))


class Late(Bench):
    """Only after the replications of a glance it shows that people are missing."""

    def look(self, scenarios: Sequence[Scenario], first: int, last: int) -> list[Trial]:
        self.simulations += (last - first) * len(scenarios)
        return [trial([_share(each, n) for n in range(first, last)]) for each in scenarios]


def _share(scenario: Scenario, replication: int) -> float:
    (block,) = blocks_of(scenario)
    return 0.9 if replication < COMPARED else 0.9 - 0.1 * max(0, ENOUGH - block.heads)


def test_who_helps_is_found_where_a_glance_sees_nothing_missing() -> None:
    scenario = erlang(agents=14)
    goals = measured(scenario)
    bench = Late(asked_of(goals), Chances(1, SIZE, 1))
    search = Search(scenario, blocks_of(scenario), goals, trial([0.9] * SIZE), bench)
    assert search.solve((0,)) == (ENOUGH - 14,)
    assert search.not_helped == []


def test_a_target_that_a_glance_sees_held_is_not_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.headcount.reach.Bench", Late)
    found = least_cost(erlang(agents=14), Chances(1, SIZE, 1))
    assert found.not_moved == ()
    assert [change.people for change in found.changes] == [ENOUGH - 1 - 14]
    assert found.all_hold
