"""Scenarios between two: numbers, mixes, levers, what is refused, and volumes and handle times."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import scenarios
from scenarios import Scenario
from scenarios.moves import Move
from sim.headcount.blend import TAKEN, blended
from tests.headcount.examples import erlang, with_cases
from tests.roadmap.planned import roadmap, team

LIBRARY = "scenarios/library/care_loop_baseline.yaml"
BASE = scenarios.load(LIBRARY)
DEFLECT = scenarios.load(LIBRARY, ["deflect_20"])


def taken(like: Scenario) -> dict[str, Any]:
    return {name: getattr(like, name) for name in TAKEN if name in Scenario.model_fields}


@pytest.mark.parametrize(("before", "after"), [(BASE, DEFLECT), (erlang(), with_cases()), (team(), BASE)])
def test_no_effect_is_before_and_the_whole_effect_is_after(before: Scenario, after: Scenario) -> None:
    assert blended(before, after, 0.0) == before.model_copy(update=taken(after))
    assert blended(before, after, 1.0) == after


@given(st.floats(0.0, 1.5))
@settings(max_examples=25, deadline=None)
def test_a_scenario_is_between_itself_and_itself(effect: float) -> None:
    assert blended(BASE, BASE, effect) == BASE


@given(st.floats(0.0, 1.5))
@settings(max_examples=50, deadline=None)
def test_numbers_lie_on_a_line(effect: float) -> None:
    found = blended(BASE, DEFLECT, effect).streams["calls"].self_service
    assert found is not None
    assert found.deflects[0].share == pytest.approx(0.12 + effect * 0.20)


def test_shares_stay_shares_and_nothing_falls_below_zero() -> None:
    sure = blended(erlang(**silent("40%")), erlang(**silent("95%")), 1.5).queues["phone"].silent
    none = blended(erlang(**silent("40%")), erlang(**silent("5%")), 1.5).queues["phone"].silent
    assert (sure and sure.share, none and none.share) == (1.0, 0.0)


def silent(share: str) -> dict[str, Any]:
    unseen = {"share": share, "handle_time": {"deterministic": "1 min"}}
    queue = {"target": "80% in 20 s", "channel": "chat", "patience": {"exponential": "4 min"}}
    return {"queues": {"phone": queue | {"silent": unseen}}}


def test_self_service_that_was_not_there_is_there_by_half() -> None:
    gate = {"deflects": "20%", "ease": "50%"}
    found = blended(with_cases(), with_cases(self_service=gate), 0.5).streams["calls"].self_service
    assert found is not None
    assert (found.deflects[0].share, found.ease) == (0.1, 0.5)


def test_deflection_by_date_has_the_days_of_both() -> None:
    steps = [{"from": "2026-03-04", "share": "20%"}, {"from": "2026-03-09", "share": "40%"}]
    one, other = ({"deflects": each, "ease": "50%"} for each in ("10%", steps))
    found = blended(with_cases(self_service=one), with_cases(self_service=other), 0.5)
    gate = found.streams["calls"].self_service
    assert gate is not None
    assert [each.share for each in gate.deflects] == pytest.approx([0.05, 0.15, 0.25])


def test_mixes_add_up_and_have_the_names_of_both() -> None:
    found = blended(caused({"a": "100%"}), caused({"a": "50%", "b": "50%"}), 0.5)
    assert found.streams["calls"].causes == {"a": 0.75, "b": 0.25}
    assert blended(flagged("40%"), flagged("95%"), 1.5).streams["calls"].flags == {"fraud": 1.0}
    beyond = blended(caused({"a": "20%", "b": "80%"}), caused({"a": "90%", "b": "10%"}), 1.5)
    assert beyond.streams["calls"].causes == {"a": 1.0, "b": 0.0}


def caused(mix: dict[str, str]) -> Scenario:
    calls = {"queue": "phone", "arrivals": {"rate": "60 per h"}, "handle_time": {"exponential": "300 s"}}
    return erlang(causes={"a": {}, "b": {}}, streams={"calls": calls | {"causes": mix}})


def flagged(share: str) -> Scenario:
    found = caused({"a": "100%"})
    calls = found.streams["calls"].model_copy(update={"flags": {"fraud": float(share.strip("%")) / 100.0}})
    return found.model_copy(update={"streams": {"calls": calls}})


def test_distributions_keep_their_kind() -> None:
    pairs: list[tuple[Any, Any]] = [
        ({"gamma": {"mean": "4 min", "cv": 1.0}}, {"gamma": {"mean": "8 min", "cv": 0.5}}),
        ({"lognormal": {"mean": "4 min", "cv": 1.0}}, {"lognormal": {"mean": "8 min", "cv": 0.5}}),
    ]
    for before, after in pairs:
        one, other = (with_cases(handle_time=each) for each in (before, after))
        found = blended(one, other, 0.5).streams["calls"].handle_time
        assert (found.mean_s, found.cv) == (360.0, 0.75)
        assert found.shape in (None, pytest.approx(1 / 0.75**2))
    with pytest.raises(ValueError, match=r"streams.calls.handle_time cannot be told half: it is exponential"):
        blended(with_cases(), with_cases(handle_time=pairs[0][0]), 0.5)


def test_shrinkage_is_blended_by_its_components() -> None:
    def some(leave: str) -> Scenario:
        parts = {"leave": leave, "sick": "10%", "combine": "multiply"}
        return erlang(groups={"team": {"skills": ["phone"], "agents": 14, "shrinkage": parts}})

    found = blended(some("10%"), some("30%"), 0.5).groups["team"].shrinkage
    assert found.total == pytest.approx(1 - 0.8 * 0.9)


def test_levers_of_after_alone_bring_a_part_of_what_they_move() -> None:
    plain, half = team(roadmap=None, loop=None), blended(team(roadmap=None, loop=None), team(loop=None), 0.5)
    assert half.roadmap is not None
    for name, lever in half.roadmap.levers.items():
        whole = team().roadmap
        assert whole is not None
        assert lever.moves == tuple(
            Move(each.parameter, *(size * 0.5 for size in each[1:])) for each in whole.levers[name].moves
        )
    assert blended(plain, team(loop=None), 0.0).roadmap is None
    with pytest.raises(ValueError, match="loop cannot be told half: only the scenario after has it"):
        blended(plain, team(), 0.5)


def test_people_and_switches_come_whole() -> None:
    hire = {"hire": {"owner": "product", "due": "2026-03-09", "moves": {"groups.team.agents": 1}}}
    after = team(loop=None, roadmap=roadmap(levers=hire))
    with pytest.raises(ValueError, match=r"roadmap.levers.hire.moves.groups.team.agents cannot be told half"):
        blended(team(roadmap=None, loop=None), after, 0.5)


@pytest.mark.parametrize(
    ("more", "path"),
    [
        ({"agents": 15}, r"groups.team.agents"),
        ({"queues": {"phone": {"target": "80% in 20 s", "lines": 9}}}, "queues.phone.lines"),
        (
            {"queues": {"phone": {"target": "80% in 20 s", "interruptible": True}}},
            "queues.phone.interruptible",
        ),
        ({"queues": {"phone": {"target": "80% in 20 s"}, "mail": {}}}, "queues.mail"),
        ({"calendar": {"start": "2026-03-02", "days": 7}}, "calendar.days"),
        ({"service_level": "offered"}, "service_level"),
    ],
)
def test_what_cannot_be_told_half_is_named(more: dict[str, Any], path: str) -> None:
    before, after = erlang(), with_more(**more)
    with pytest.raises(ValueError, match=rf"^{path}\S* cannot be told half"):
        blended(before, after, 0.5)
    assert blended(before, after, 1.0) == after


def with_more(**more: Any) -> Scenario:
    if "mail" in more.get("queues", {}):
        more["groups"] = {"team": {"skills": [["phone", "mail"]], "agents": 14}}
        found = erlang(**more)
        group = erlang().groups["team"]
        return found.model_copy(update={"groups": {"team": group}})
    return erlang(**more)


@pytest.mark.parametrize(
    ("given_", "said"),
    [((1.6,), "effect 1.6 is outside 0 to 1.5"), ((-0.1,), "effect"), ((1.0, 0.0), "volume 0 is no factor")],
)
def test_inputs_out_of_bounds_are_refused(given_: tuple[float, ...], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        blended(BASE, DEFLECT, *given_)


def works(scenario: Scenario) -> list[float]:
    """The mean of everything that keeps an agent."""
    life = [step.handle_time for path in scenario.paths.values() for step in path.steps.values()]
    life += [work.handle_time for work in scenario.side_work.values()]
    life += [each.update.handle_time for each in scenario.severities.values() if each.update]
    life += [each.silent.handle_time for each in scenario.queues.values() if each.silent]
    tagging = scenario.tagging
    assert tagging is not None
    assert tagging.triage is not None
    life += [tagging.triage.handle_time, tagging.misrouted]
    return [each.mean_s for each in life if each] + [s.handle_time.mean_s for s in scenario.streams.values()]


@given(st.floats(0.5, 2.0), st.floats(0.5, 2.0))
@settings(max_examples=20, deadline=None)
def test_work_scales_exactly(volume: float, handle_time: float) -> None:
    found = blended(BASE, BASE, 1.0, volume, handle_time)
    assert works(found) == pytest.approx([each * handle_time for each in works(BASE)], rel=1e-12)
    for name, stream in found.streams.items():
        rates = [step.value for step in BASE.streams[name].arrivals.steps]
        assert [step.value for step in stream.arrivals.steps] == [rate * volume for rate in rates]
    assert found.incidents["outage"].surge["calls"] == 30.0 * volume
    same = {name: getattr(found, name) for name in ("groups", "closing", "causes", "calendar")}
    assert same == {name: getattr(BASE, name) for name in same}
    assert found.groups["engineers"].on_call == BASE.groups["engineers"].on_call


def test_a_blend_is_written_and_read_back() -> None:
    found = blended(BASE, DEFLECT, 0.7, 1.1, 0.9)
    assert scenarios.loads(scenarios.resolved(found)).streams.keys() == found.streams.keys()
