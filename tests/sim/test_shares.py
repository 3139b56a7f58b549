"""Shares of a formula's assumptions: they add up, and the one that is wrong gets the whole of it."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import scenarios
from scenarios import Scenario
from sim.experiment import run_scenario
from sim.explain.assumptions import ASSUMPTIONS, switched
from sim.explain.shares import MEASURES, Shares, shares
from sim.explain.watch import Chances, horizon_bins, observe
from sim.pairing import Samples, samples_of

CHANCES = Chances(11, 20)
FEW = Chances(11, 4)
_CASES = Path(__file__).parents[1] / "theory" / "exact_cases.json"
Z_OF_HALF = 1.6  # half of a 95 % interval is 2.1 standard errors with 20 replications: z = 3.3
Raw = dict[str, Any]


def exact() -> dict[str, float]:
    """Erlang A with 100 contacts an hour of 4 min, 7 people, patience of 2 min, and T = 20 s."""
    outputs = next(c["outputs"] for c in json.loads(_CASES.read_text()) if c["id"] == "erla-mz-2")
    values = outputs["prob_served_within_T"], outputs["mean_wait_served"] * 60.0, outputs["prob_abandon"]
    return dict(zip(MEASURES, values, strict=True))


def world(
    streams: Raw | None = None, queues: Raw | None = None, groups: Raw | None = None, **calls: Any
) -> Scenario:
    """The formula's own world for six days, the first of them to warm up; and what is different in it."""
    queue = {"target": "80% in 20 s", "patience": {"exponential": "2 min"}, **calls.pop("queue", {})}
    stream: Raw = {
        "queue": "phone",
        "arrivals": {"rate": "100 per h"},
        "handle_time": {"exponential": "4 min"},
        **calls,
    }
    return scenarios.from_dict(
        {
            "careloop": 1,
            "name": "a line for ever",
            "service_level": "offered",
            "calendar": {"start": "2026-03-02", "days": 6},
            "streams": {"calls": stream, **(streams or {})},
            "queues": {"phone": queue, **(queues or {})},
            "groups": {"team": {"skills": ["phone"], "agents": 7}, **(groups or {})},
            "run": {"warm_up": "1 day"},
        }
    )


def vague(scenario: Scenario) -> Scenario:
    """The scenario with patience of which little is known: more is given up by those who have less of it."""
    run = scenario.run.model_copy(update={"uncertainty": True})
    return scenario.model_copy(update={"uncertainty": {"queues.phone.patience": 1.0}, "run": run})


def other(rate: str, queue: str = "other") -> Raw:
    return {"queue": queue, "arrivals": {"rate": rate}, "handle_time": {"exponential": "4 min"}}


ONE: dict[str, Scenario] = {
    "others": world(
        {"mails": other("10 per h")},
        {"other": {}},
        {"team": {"skills": ["phone", "other"], "agents": 7}},
    ),
    "passed_on": world(
        {"sales": other("20 per h")},
        {"other": {"overflow": {"to": "phone", "after": "10 s"}}},
        {"sellers": {"skills": ["other"], "agents": 1}},
    ),
    "passing_on": world(
        queue={"overflow": {"to": "backup", "after": "30 s"}},
        queues={"backup": {}},
        groups={"helpers": {"skills": ["backup"], "agents": 2}},
    ),
    "places": world(queue={"capacity": 2}),
    "retries": world(queue={"retry": {"share": "60%", "after": {"exponential": "5 min"}}}),
    "busyness": world(arrivals={"rate": "100 per h", "busyness": {"interval": {"cv": 0.6}}}),
    "uncertainty": vague(world()),
    "handle_time": world(handle_time={"hyperexponential": {"mean": "4 min", "cv": 3}}),
    "alike": world(
        {"longer": {**other("50 per h", "phone"), "handle_time": {"exponential": "430 s"}}},
        arrivals={"rate": "50 per h"},
        handle_time={"exponential": "50 s"},
    ),
    "patience": world(queue={"patience": {"deterministic": "2 min"}}),
    "balking": world(queue={"patience": {"exponential": "2 min", "balk": 0.2}}),
}


def explained(scenario: Scenario, chances: Chances = CHANCES) -> Shares:
    """By a formula that knows of nothing but Erlang A."""
    base = base_of(scenario, chances)
    return shares(scenario, "phone", base, lambda changed: exact(), chances)


def base_of(scenario: Scenario, chances: Chances) -> Samples:
    result = run_scenario(scenario, replications=chances.replications, seed=chances.seed)
    return samples_of(result.samples).of([(m, "queue", "phone") for m in MEASURES], chances.replications)


@pytest.mark.parametrize("name", ONE)
def test_the_one_assumption_that_is_wrong_gets_the_whole_share(name: str) -> None:
    """What is left is chance; what the assumption gets is not."""
    found = explained(ONE[name])
    assert [each.assumption for each in found.shares] == [name]
    (share,) = found.shares
    for measure in MEASURES:
        assert abs(found.rest[measure].mean) <= Z_OF_HALF * found.rest[measure].half
        total = share.effects[measure].mean + found.rest[measure].mean
        assert total == pytest.approx(found.gap[measure].mean, abs=1e-12)
    effects = share.effects.values()
    assert any(abs(each.mean) > Z_OF_HALF * each.half for each in effects)


def test_nothing_is_wrong_in_the_formulas_own_world() -> None:
    found = explained(world())
    assert found.shares == ()
    assert found.gap == found.rest
    for each in found.rest.values():
        assert abs(each.mean) <= Z_OF_HALF * each.half


def everything() -> Scenario:
    """A scenario in which every assumption is wrong."""
    return vague(_everything_certain())


def _everything_certain() -> Scenario:
    hours = {"daily": "00:00-23:00"}
    queue: Raw = {
        "hours": hours,
        "at_closing": "clear",
        "capacity": 30,
        "patience": {"weibull": {"mean": "2 min", "shape": 2}, "balk": 0.1},
        "retry": {"share": "30%", "after": {"exponential": "5 min"}},
        "overflow": {"to": "backup", "after": "60 s"},
    }
    return world(
        {
            "longer": {**other("5 per h", "phone"), "patience": {"deterministic": "1 min"}},
            "mails": other("5 per h"),
            "letters": other("3 per h", "mail"),
        },
        {"other": {"overflow": {"to": "phone", "after": "5 min"}}, "backup": {}, "mail": {}},
        {
            "team": {"skills": ["phone", "mail"], "agents": 7},
            "helpers": {"skills": ["backup", "other"], "agents": 1},
        },
        queue=queue,
        handle_time={"lognormal": {"mean": "3 min", "cv": 1}},
        arrivals={"rate": "90 per h", "busyness": {"interval": {"cv": 0.2}}},
        handle_time_by_day={"cv": 0.1},
        backlog=10,
    ).model_copy(update={"run": scenarios.model.Run()})


def test_shares_add_up_where_everything_is_wrong() -> None:
    found = explained(everything(), FEW)
    assert [each.assumption for each in found.shares] == [each.name for each in ASSUMPTIONS]
    for measure in MEASURES:
        total = math.fsum([*(s.effects[measure].mean for s in found.shares), found.rest[measure].mean])
        assert total == pytest.approx(found.gap[measure].mean, abs=1e-9)


def test_the_last_scenario_is_the_formulas_world_but_for_time() -> None:
    *_, last = switched(everything(), "phone")
    queue = last.scenario.queues["phone"]
    assert (queue.capacity, queue.retry, queue.overflow, queue.at_closing) == (None, None, None, "serve")
    times = [each.handle_time for each in last.scenario.streams.values() if each.queue == "phone"]
    assert {each.kind for each in times} == {"exponential"}
    assert len({each.mean_s for each in times}) == 1
    assert queue.patience is not None
    assert (queue.patience.kind, queue.patience.mean_s, queue.patience.balk) == ("exponential", 120.0, 0.0)


def test_a_formula_that_knows_of_it_takes_the_share_away() -> None:
    """A formula that is right about busyness loses as much as the simulation when there is none."""
    scenario = ONE["busyness"]
    base = base_of(scenario, FEW)
    known = dict[bool, dict[str, float]]()
    for busy, each in ((True, scenario), (False, next(switched(scenario, "phone")).scenario)):
        seen = observe(each, horizon_bins(each), FEW)
        known[busy] = {m: seen.estimate(m, "queue", ("phone",), 0).mean for m in MEASURES}
    found = shares(
        scenario, "phone", base, lambda s: known[s.streams["calls"].arrivals.busyness.interval.cv > 0], FEW
    )
    for measure in MEASURES:
        assert found.shares[0].effects[measure].mean == pytest.approx(0, abs=1e-12)
        assert found.rest[measure].mean == pytest.approx(0, abs=1e-12)


def test_a_figure_that_no_formula_has_has_no_shares() -> None:
    base = base_of(ONE["places"], FEW)
    found = shares(ONE["places"], "phone", base, lambda _: {**exact(), "asa": math.inf}, FEW)
    assert math.isnan(found.gap["asa"].mean)
    assert math.isnan(found.shares[0].effects["asa"].mean)
    assert not math.isnan(found.gap["service_level"].mean)


def test_the_base_is_the_run_itself() -> None:
    """What the run has found is what the component is observed to do on the same chances."""
    scenario = everything()
    seen = observe(scenario, horizon_bins(scenario), FEW)
    base = base_of(scenario, FEW)
    for n, measure in enumerate(MEASURES):
        own = seen.samples(measure, "queue", ("phone",), 0)
        np.testing.assert_array_equal(own.above[:, 0], base.above[:, n])
        np.testing.assert_array_equal(own.below[:, 0], base.below[:, n])
