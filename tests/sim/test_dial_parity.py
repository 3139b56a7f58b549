"""Parity where all dials are turned on the way: both engines and clocks, any chunks, stopped and resumed."""

from collections import Counter
from pathlib import Path
from typing import Final

import pytest

from sim import drive
from sim.compile import Model, begin
from sim.layout import State, Tables
from sim.log import DEFLECTED, GATE, INCIDENT, OUTCOMES, PREVENTED
from sim.reference import Reference
from tests.sim.logs import COARSE, MICROSECONDS, Keeper, first_difference, random_model, run, tiny
from tests.sim.turned import AtRandom, Followed, Nothing, difference

SCENARIOS: Final = 60
HOUR: Final = 3_600_000_000
GRAINS: Final = {"microseconds": MICROSECONDS, "minutes": COARSE}
IN_TURN: Final = {(seed, list(GRAINS)[seed // 2 % 2]) for seed in range(SCENARIOS)}
BOTH: Final = {(seed, clock) for seed in range(SCENARIOS + 300) for clock in GRAINS}


def check_parity(seed: int, grain: int) -> None:
    model = random_model(seed, grain)
    fast = Followed(model, AtRandom(model, seed))
    others = (
        Followed(model, AtRandom(model, seed), Reference()),
        Followed(tiny(model), AtRandom(model, seed), chunk=HOUR),
        Followed(model, AtRandom(model, seed), chunk=7_777_777_777),
    )
    for other in others:
        assert not difference(fast, other, first_difference)


@pytest.mark.parametrize(("seed", "clock"), sorted(IN_TURN))
def test_engines_write_the_same_log(seed: int, clock: str) -> None:
    check_parity(seed, GRAINS[clock])


@pytest.mark.verify
@pytest.mark.parametrize(("seed", "clock"), sorted(BOTH - IN_TURN))
def test_engines_write_the_same_log_at_length(seed: int, clock: str) -> None:
    check_parity(seed, GRAINS[clock])


def test_dials_reach_every_corner() -> None:
    """What dials make happen in these scenarios, often enough that a fault in it would be seen."""
    seen = Counter[str]()
    for seed in range(SCENARIOS):
        model = random_model(seed, COARSE)
        found = Followed(model, AtRandom(model, seed))
        gate = found.contacts[found.contacts["row"] == GATE]
        seen.update(OUTCOMES[outcome] for outcome in gate["outcome"])
        seen["article"] += int(found.topics["deflected"].sum())
        seen["prevented without a case"] += int((gate["outcome"] == PREVENTED).sum()) * (
            len(found.cases) == 0
        )
        seen["incidents"] += int((found.contacts["row"] == INCIDENT).sum())
        seen["better work"] += int((found.cases["quality"] > 1000).sum())
        assert found.topics["prevented"].sum() == (gate["outcome"] == PREVENTED).sum()
        assert found.topics["deflected"].sum() <= (gate["outcome"] == DEFLECTED).sum()
    for event in ("prevented", "article", "prevented without a case", "better work", "bounced"):
        assert seen[event] >= 100, event
    assert seen["incidents"] >= 20


@pytest.mark.parametrize("seed", range(30))
def test_a_course_that_turns_nothing_changes_no_byte(seed: int) -> None:
    for grain in GRAINS.values():
        model = random_model(seed, grain)
        assert not first_difference(run(model), run(model, course=Nothing(model)))
        if seed < 4:
            assert not first_difference(run(model), run(model, Reference(), 5 * HOUR, course=Nothing(model)))


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("until", [0, 9 * HOUR, 19 * HOUR + 12_345_678])
def test_a_run_stopped_saved_and_resumed(seed: int, until: int, tmp_path: Path) -> None:
    """Whoever resumes goes on with the decisions that have not been taken yet."""
    for grain in GRAINS.values():
        model = random_model(seed, grain)
        course, keeper, state = AtRandom(model, seed), Keeper(model), begin(model, 1, 0)
        while (tick := drive.next_decision(course, state)) <= until:
            state = drive.reach(model, state, tick, keeper)
            course.decide(int(state.clock[0]["decided"]), state)
            state.clock[0]["decided"] += 1
        state = drive.reach(model, state, until, keeper)
        drive.save(state, tmp_path / "state.npz")
        drive.run(model, drive.load(tmp_path / "state.npz"), keeper, course=AtRandom(model, seed))
        assert not first_difference(run(model, course=AtRandom(model, seed)), keeper.log())


class DecidesTooLate(Reference):
    """What happens at the tick of a decision happens before it."""

    def __call__(self, tables: Tables, state: State, until: int) -> int:
        return super().__call__(tables, state, until + 1)


class ForgetsWhatWasTurned(Reference):
    """Goes on with the dials that it has begun with."""

    def __call__(self, tables: Tables, state: State, until: int) -> int:
        if not self.started:
            self.dials = state.dials.copy()
        kept = state.dials.copy()
        state.dials[:] = self.dials
        lack = super().__call__(tables, state, until)
        state.dials[:] = kept
        return lack


@pytest.mark.parametrize("fault", [DecidesTooLate, ForgetsWhatWasTurned], ids=lambda fault: fault.__name__)
def test_comparison_catches_a_fault(fault: type[Reference]) -> None:
    assert fault.__doc__
    assert any(_differs(random_model(seed, COARSE), seed, fault) for seed in range(20))


def _differs(model: Model, seed: int, fault: type[Reference]) -> bool:
    one, other = (Followed(model, AtRandom(model, seed), engine) for engine in (Reference(), fault()))
    return bool(difference(one, other, first_difference))
