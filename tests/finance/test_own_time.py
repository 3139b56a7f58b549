"""Which group worked for which queue."""

import numpy as np
import pytest

from reports.finance.own_time import fit
from tests.seeds import seeds


def test_where_each_queue_has_its_team_time_is_theirs() -> None:
    assert fit(np.eye(2), np.array([30.0, 70.0]), np.array([30.0, 70.0])) == pytest.approx(
        np.diag([30.0, 70.0])
    )


def test_who_works_for_one_queue_alone_leaves_the_rest_to_the_others() -> None:
    """One group has both skills, the other the first alone: all of the second queue's time is the first's."""
    skills = np.array([[1.0, 1.0], [1.0, 0.0]])
    found = fit(skills, np.array([50.0, 40.0]), np.array([60.0, 30.0]))
    assert found == pytest.approx(np.array([[20.0, 30.0], [40.0, 0.0]]), abs=1e-6)


@pytest.mark.parametrize("seed", seeds(1, 6))
def test_sums_of_groups_and_queues_are_kept_and_nobody_works_without_a_skill(seed: int) -> None:
    random = np.random.default_rng(seed)
    skills = (random.random((4, 3)) < 0.6).astype(float)
    skills[np.arange(4), random.integers(0, 3, 4)] = 1.0
    truth = skills * random.random((4, 3))  # there is a table with these sums
    found = fit(skills, truth.sum(axis=1), truth.sum(axis=0))
    assert found.sum(axis=1) == pytest.approx(truth.sum(axis=1), abs=1e-9)
    assert found.sum(axis=0) == pytest.approx(truth.sum(axis=0), abs=1e-3)
    assert (found[skills == 0.0] == 0.0).all()


def test_nobody_at_work_is_no_time() -> None:
    assert (fit(np.ones((2, 2)), np.zeros(2), np.zeros(2)) == 0.0).all()
