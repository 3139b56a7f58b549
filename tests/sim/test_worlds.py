"""Minimally different worlds: what one change leaves alone, it leaves alone to the tick.

Draws are keyed by names. So one more stream, agent, group or contact changes nobody else's draws, and
the order in which a file lists things changes nothing at all.
"""

from collections.abc import Callable
from random import Random
from typing import Any, Final

import numpy as np
import pytest

import scenarios
from sim.compile import compile_scenario
from sim.contacts import CUSTOMER
from sim.experiment import run_scenario
from tests.sim import random_scenarios
from tests.sim.logs import COARSE, Log, random_model, run

Raw = dict[str, Any]
Change = Callable[[Raw], Any]

HANDLED: Final = 1
ABANDONED: Final = 2


def world() -> Raw:
    """A little care team whose lines `dead` and `busy` tell of patience and of handle time alone.

    Nobody is ever on duty for `dead`: all give up in the end. In `busy` there is always somebody, so
    everybody is answered at once.
    """
    busyness = {"day": {"cv": "30%", "correlation": "50%"}, "interval": {"cv": "20%", "correlation": "50%"}}
    arrivals = {"rate": "8 per hour", "busyness": busyness}
    return {
        "careloop": 1,
        "name": "world",
        "calendar": {"start": "2026-03-02", "days": 2, "time_zone": "Europe/Amsterdam"},
        "streams": {
            "hopeless": {"queue": "dead", "arrivals": arrivals, "handle_time": {"exponential": "5 min"}},
            "served": {
                "queue": "busy",
                "arrivals": arrivals,
                "handle_time": {"lognormal": {"mean": "5 min", "cv": 0.9}},
                "backlog": 3,
            },
            "tired": {
                "queue": "dead",
                "arrivals": arrivals,
                "handle_time": {"erlang": {"mean": "5 min", "k": 3}},
                "patience": {"gamma": {"mean": "9 min", "cv": 1.5}},
            },
        },
        "queues": {
            "dead": {
                "patience": {"weibull": {"mean": "6 min", "shape": 1.4}, "balk": "10%"},
                "retry": {"share": "50%", "after": {"exponential": "10 min"}},
            },
            "busy": {},
        },
        "groups": {
            "ghosts": {"skills": ["dead"], "agents": 0},
            "crowd": {"skills": ["busy"], "agents": 60},
        },
        "run": {"replications": 3},
    }


def log_of(raw: Raw, grain: int = 1) -> Log:
    return run(compile_scenario(scenarios.from_dict(raw), grain))


def facts(log: Log) -> dict[int, tuple[int, ...]]:
    """Of each contact: when it came, how long it waited and was worked on, and how it ended."""
    return {
        int(leg["key"]): (
            int(leg["born"]),
            int(leg["ended"] - leg["queued"]),
            int(leg["touched"]),
            int(leg["outcome"]),
            int(leg["attempt"]),
        )
        for leg in log.legs()
    }


def more_of(part: str, name: str, **values: Any) -> Change:
    return lambda raw: raw[part].setdefault(name, {}).update(values)


NEW_STREAM: Final = {"arrivals": {"rate": "30 per hour"}, "handle_time": {"deterministic": "3 min"}}
ADDITIONS: Final[dict[str, Change]] = {
    "a stream in the same line": more_of("streams", "another", queue="dead", **NEW_STREAM),
    "a stream that sorts first": more_of("streams", "aaa", queue="busy", **NEW_STREAM),
    "an agent": more_of("groups", "crowd", agents=61),
    "a group": more_of("groups", "aaa", skills=["busy", "dead"], agents=0),
    "a group at work": more_of("groups", "zzz", skills=["busy"], agents=5),
    "a queue": lambda raw: (
        raw["queues"].update(aaa={}),
        raw["groups"]["crowd"].update(skills=["busy", "aaa"]),
        more_of("streams", "new", queue="aaa", **NEW_STREAM)(raw),
    ),
    "a contact in the backlog": more_of("streams", "served", backlog=4),
    "a higher rate": lambda raw: raw["streams"]["tired"]["arrivals"].update(multiply=1.2),
}


@pytest.mark.parametrize("name", ADDITIONS)
@pytest.mark.parametrize("grain", [1, COARSE], ids=["microseconds", "minutes"])
def test_an_addition_changes_nobody_else(name: str, grain: int) -> None:
    """Everybody of the old world is in the new one, and nothing about them has changed."""
    raw = world()
    before = facts(log_of(raw, grain))
    ADDITIONS[name](raw)
    after = facts(log_of(raw, grain))
    assert len(before) > 900
    assert before.items() <= after.items()
    assert len(after) > len(before) or name in ("an agent", "a group", "a group at work")


def test_a_longer_horizon_changes_nobody_else() -> None:
    """But those who would have tried again after the old end now do."""
    raw = world()
    before = facts(log_of(raw))
    raw["calendar"]["days"] = 3
    after = facts(log_of(raw))
    assert before.items() <= after.items()
    assert any(fact[4] and key not in before for key, fact in after.items())


def test_other_seeds_and_replications_are_other_worlds() -> None:
    model = compile_scenario(scenarios.from_dict(world()))
    one, other = (run(model, seed=seed) for seed in (1, 2))
    assert not {leg[0] for leg in facts(one).values()} & {leg[0] for leg in facts(other).values() if leg[0]}


def test_day_that_both_horizons_have_is_the_same() -> None:
    """Intervals are named by their date and time, not by their place in the horizon."""
    raw = world()
    whole = log_of(raw).contacts
    raw["calendar"] |= {"start": "2026-03-03", "days": 1}
    raw["streams"]["served"]["backlog"] = 0
    second = log_of(raw).contacts
    day = 86_400_000_000
    fresh = whole[(whole["row"] == 0) & (whole["attempt"] == 0) & (whole["born"] >= day)]
    again = second[(second["row"] == 0) & (second["attempt"] == 0)]
    assert np.array_equal(fresh["key"], again["key"])
    assert np.array_equal(fresh["born"] - day, again["born"])


def test_handle_time_and_patience_have_draws_of_their_own() -> None:
    """Another patience changes no handle time, and the other way round."""
    raw = world()
    before = facts(log_of(raw))
    raw["streams"]["served"]["patience"] = {"deterministic": "1 min"}
    raw["streams"]["hopeless"]["handle_time"] = {"deterministic": "1 min"}
    assert facts(log_of(raw)) == before


def test_simultaneous_arrivals_go_by_key() -> None:
    """Not by stream, nor by how many others there are. (Who comes back or after all comes before them.)"""
    for seed in range(40):
        rows = run(random_model(seed, COARSE)).contacts
        rows = rows[(rows["row"] == 0) & (rows["attempt"] == 0) & (rows["role"] == CUSTOMER)]
        rows = rows[rows["orbit"] == 0]
        order = [(int(row["born"]), int(row["key"])) for row in rows]
        assert order == sorted(order), seed


def reordered(part: Any, rng: Random, of: str = "") -> Any:
    """The same file, written in another order: keys of maps, and names that tie.

    But for the steps of a path, of which the first is where a case starts.
    """
    if isinstance(part, dict):
        keys = list(part) if of == "a path" else rng.sample(list(part), len(part))
        return {key: reordered(part[key], rng, "a path" if of == "paths" else key) for key in keys}
    if isinstance(part, list) and all(isinstance(each, str | list) for each in part):
        return [rng.sample(tie, len(tie)) if isinstance(tie, list) else tie for tie in part]
    return part


@pytest.mark.parametrize("seed", range(25))
def test_order_in_the_file_changes_no_byte_of_the_log(seed: int) -> None:
    raw = random_scenarios.mapping(seed)
    other = reordered(raw, Random(seed))
    assert list(raw["queues"]) != list(other["queues"]) or len(raw["queues"]) < 3 or list(raw) != list(other)
    for grain in (1, COARSE):
        assert log_of(raw, grain).digest() == log_of(other, grain).digest()


@pytest.mark.parametrize("seed", range(4))
def test_order_in_the_file_changes_no_byte_of_the_measures(seed: int) -> None:
    raw = random_scenarios.mapping(seed)
    one = run_scenario(scenarios.from_dict(raw))
    other = run_scenario(scenarios.from_dict(reordered(raw, Random(seed))))
    for name in ("measures", "intervals", "counts", "after"):
        assert getattr(one, name).equals(getattr(other, name)), name
