"""Parity: two flows of control, written apart, write the same log byte for byte.

On two clocks, microseconds and a coarse one on which most events are simultaneous. The same
comparison must also tell when one thing in the flow of control is wrong: see `faults.py`.
"""

from collections import Counter
from collections.abc import Iterator

import numpy as np
import pytest

from scenarios.related import has_cases
from sim.log import GATE, HANDLED, OUTCOMES, SHARING
from sim.reference import Reference
from tests.seeds import every_other
from tests.sim import random_scenarios
from tests.sim.case_events import CASE_EVENTS, case_events, times
from tests.sim.case_faults import CASE_FAULTS
from tests.sim.faults import FAULTS
from tests.sim.logs import COARSE, MICROSECONDS, Log, first_difference, random_model, run, tiny
from tests.sim.waiting_events import WAITING_EVENTS, waiting_events

SCENARIOS = 100
HOUR = 3_600_000_000
GRAINS = {"microseconds": MICROSECONDS, "minutes": COARSE}
IN_TURN = {(seed, list(GRAINS)[seed // 2 % 2]) for seed in range(SCENARIOS)}  # in `make test`
BOTH = {(seed, clock) for seed in range(SCENARIOS + 500) for clock in GRAINS}  # in `make verify`


def check_parity(seed: int, grain: int) -> None:
    model = random_model(seed, grain)
    log = run(model)
    assert not first_difference(log, run(model, Reference()))
    assert not first_difference(log, run(tiny(model), chunk=HOUR))
    assert not first_difference(log, run(model, chunk=7_777_777_777))


@pytest.mark.parametrize(("seed", "clock"), sorted(IN_TURN))
def test_engines_write_the_same_log(seed: int, clock: str) -> None:
    check_parity(seed, GRAINS[clock])


@pytest.mark.verify
@pytest.mark.parametrize(("seed", "clock"), sorted(BOTH - IN_TURN))
def test_engines_write_the_same_log_at_length(seed: int, clock: str) -> None:
    check_parity(seed, GRAINS[clock])


def test_reference_engine_in_chunks_and_with_small_arrays() -> None:
    """The reference engine too can stop anywhere and let arrays grow."""
    for seed in range(8):
        model = random_model(seed, COARSE)
        assert not first_difference(run(model), run(tiny(model), Reference(), chunk=HOUR))


@pytest.mark.parametrize("fault", every_other([*FAULTS, *CASE_FAULTS]), ids=lambda fault: fault.__name__)
def test_comparison_catches_a_fault(fault: type[Reference]) -> None:
    """A wrong flow of control shows in one of the first scenarios of the same set."""
    assert fault.__doc__
    assert any(_differs(seed, grain, fault) for seed in range(40) for grain in (COARSE, MICROSECONDS))


def _differs(seed: int, grain: int, fault: type[Reference]) -> bool:
    model = random_model(seed, grain)
    return bool(first_difference(run(model), run(model, fault())))


def test_scenarios_reach_every_corner() -> None:
    """What the random scenarios make happen, often enough that a fault in it would be seen."""
    seen = Counter[str]()
    for seed in range(SCENARIOS):
        log = run(random_model(seed, COARSE))
        seen.update(_events(log))
        seen.update(case_events(log))
        seen.update(waiting_events(log))
    for outcome in set(OUTCOMES[1:]) - {"prevented"}:  # which takes a course: test_dial_parity.py
        assert seen[outcome] >= 50, outcome
    for event in ("interrupted", "third attempt", "second overflow", "three chats at once", "backlog", "tie"):
        assert seen[event] >= 50, event
    for event in (*CASE_EVENTS, *WAITING_EVENTS):
        assert seen[event] >= 50, event


def test_half_of_the_scenarios_have_cases() -> None:
    """... and the others none, so that both kinds of run are seen."""
    cased = sum(has_cases(random_scenarios.scenario(seed)) for seed in range(SCENARIOS))
    assert 0.4 * SCENARIOS <= cased <= 0.6 * SCENARIOS


def _events(log: Log) -> Iterator[str]:
    """What happened in a log, each as often as it did."""
    legs = log.legs()
    gates = log.contacts[log.contacts["row"] == GATE]
    yield from (OUTCOMES[outcome] for rows in (legs, gates) for outcome in rows["outcome"])
    yield from times("interrupted", (legs["outcome"] == HANDLED) & _laid_aside(legs))
    yield from times("third attempt", legs["attempt"] >= 2)
    yield from times("second overflow", legs["leg"] - legs["legs"] >= 2)
    yield from times("three chats at once", (log.agents["state"] == SHARING) & (log.agents["load"] >= 3))
    yield from times("backlog", legs["backlog"] == 1)
    yield from times("tie", np.diff(np.sort(legs["born"])) == 0)


def _laid_aside(legs: np.ndarray) -> np.ndarray:
    found: np.ndarray = legs["ended"] - legs["started"] > legs["touched"]
    return found


def test_scenarios_use_the_whole_language() -> None:
    """Every key that a scenario may have, and every value of those with a few, is somewhere."""
    said = Counter[str]()
    for seed in range(SCENARIOS):
        said.update(set(_words(random_scenarios.mapping(seed))))
    wanted = (
        "busyness backlog volume multiply sinusoid by_interval patience balk retry of attempts capacity "
        "overflow prefers hours interruptible concurrency shifts agents warm_up serve clear hold drain cut "
        "chat longest_wait fixed_order most_loaded least_loaded Europe/Amsterdam deterministic exponential "
        "lognormal gamma weibull erlang hyperexponential empirical severities first_response resolution "
        "update every clock causes avoidable tiers arr vip flags compliance fraud other tagging accuracy "
        "untagged collisions triage misrouted routing stream channel severity cause tier flag to paths path "
        "then after due patient handle_time closing confirms closes_after reopens repeats side_work on "
        "opened solved share when self_service deflects bounces ease views outcomes response "
        "lines announces diverts over call_back accepts answers attempt silent leaves_message switch weight "
        "gains weighted_wait ageing random handle_times ramp hires weeks hurry speeds_up on_call "
        "standby_pay handover warm conference wrap_up incidents starts at lasts surge detection within delay "
        "mitigation fades status_page cuts incident once"
    )
    for word in wanted.split():
        assert said[word] >= 5, word


def _words(part: object) -> Iterator[str]:
    if isinstance(part, dict):
        for key, value in part.items():
            yield key
            yield from _words(value)
    elif isinstance(part, list):
        for value in part:
            yield from _words(value)
    elif isinstance(part, str):
        yield part
