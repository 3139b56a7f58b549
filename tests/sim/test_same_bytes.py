"""The same bytes, whatever the workers, the chunks, or a stop on the way; and from either engine."""

from pathlib import Path
from typing import Any

import pytest

import scenarios
from scenarios import Scenario
from sim import drive, experiment
from sim.compile import begin
from sim.experiment import Result, run_scenario
from tests.sim import random_scenarios
from tests.sim.logs import COARSE, MICROSECONDS, Keeper, Log, first_difference, random_model, run

TABLES = ("measures", "intervals", "counts", "after", "attainment")
HOUR = 3_600_000_000


def assert_same(one: Result, other: Result) -> None:
    """All tables are equal, to the last bit."""
    assert one.replications == other.replications
    for name in TABLES:
        assert getattr(one, name).equals(getattr(other, name)), name


@pytest.mark.parametrize("seed", range(6))
def test_any_number_of_workers(seed: int) -> None:
    scenario = random_scenarios.scenario(seed)
    one = run_scenario(scenario, replications=7, workers=1)
    for workers in (2, 5):
        assert_same(one, run_scenario(scenario, replications=7, workers=workers))


def test_contacts_come_in_the_order_of_replications() -> None:
    scenario = random_scenarios.scenario(2)
    one, other = (run_scenario(scenario, workers=n, keep_contacts=True).contacts for n in (1, 3))
    assert one is not None
    assert other is not None
    assert one.equals(other)
    assert list(one["replication"].unique()) == [0, 1, 2]


@pytest.mark.parametrize("seed", range(6))
def test_any_chunk_length(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunk length moves nothing, not even with logs emptied at the end of each."""
    scenario = random_scenarios.scenario(seed)
    whole = run_scenario(scenario, workers=1)
    for chunk in (HOUR, 5 * HOUR + 1):
        monkeypatch.setattr(experiment, "CHUNK", chunk)
        assert_same(whole, run_scenario(scenario, workers=1))


@pytest.mark.parametrize("seed", range(6))
def test_reference_engine_has_the_same_measures(seed: int) -> None:
    scenario = random_scenarios.scenario(seed)
    fast = run_scenario(scenario, replications=2)
    assert_same(fast, run_scenario(scenario, replications=2, engine="reference"))


def stopped_and_resumed(seed: int, grain: int, until: int, path: Path) -> tuple[Log, Log]:
    """The log of a run, and of the same run stopped at `until`, saved, loaded and resumed."""
    model = random_model(seed, grain)
    keeper = Keeper(model)
    state = drive.reach(model, begin(model, 1, 0), until, keeper)
    drive.save(state, path)
    resumed = drive.run(model, drive.load(path), keeper)
    assert resumed.clock[0]["live"] >= 0
    return run(model), keeper.log()


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("until", [0, 1, 7 * HOUR, 20 * HOUR + 12_345_678])
def test_run_stopped_saved_and_resumed(seed: int, until: int, tmp_path: Path) -> None:
    for grain in (MICROSECONDS, COARSE):
        whole, pieces = stopped_and_resumed(seed, grain, until, tmp_path / "state.npz")
        assert not first_difference(whole, pieces)


def test_state_file_holds_no_code(tmp_path: Path) -> None:
    """A state is arrays of numbers, and loading one that is not is refused."""
    import numpy as np

    path = tmp_path / "state.npz"
    model = random_model(0)
    drive.save(begin(model, 1, 0), path)
    assert all(not array.dtype.hasobject for array in drive.load(path))
    np.savez(path, **{name: np.array([object()]) for name in model.start._fields}, allow_pickle=True)
    with pytest.raises(ValueError, match="pickle"):
        drive.load(path)


# The stopping rule.


def auto(half_width: str, most: int = 1000) -> Scenario:
    raw: dict[str, Any] = {
        "careloop": 1,
        "name": "auto",
        "service_level": "offered",
        "calendar": {"start": "2026-03-02", "days": 1},
        "streams": {
            "calls": {
                "queue": "phone",
                "arrivals": {"rate": "30 per hour"},
                "handle_time": {"exponential": "5 min"},
            }
        },
        "queues": {"phone": {"target": "80% in 20 s", "patience": {"exponential": "3 min"}}},
        "groups": {"team": {"skills": ["phone"], "agents": 4}},
        "run": {"replications": "auto", "half_width": half_width, "max_replications": most},
    }
    return scenarios.from_dict(raw)


@pytest.mark.parametrize("half_width", ["3 points", "0.6 points", "0.4 points"])
def test_auto_does_not_depend_on_the_workers(half_width: str) -> None:
    scenario = auto(half_width)
    one = run_scenario(scenario, workers=1)
    assert one.replications in experiment.LOOKS
    for workers in (2, 7):
        assert_same(one, run_scenario(scenario, workers=workers))


def test_auto_gives_what_that_many_replications_give() -> None:
    """What was in flight beyond the last look leaves no trace."""
    found = run_scenario(auto("0.6 points"), workers=3)
    assert_same(found, run_scenario(auto("0.6 points"), replications=found.replications, workers=2))
