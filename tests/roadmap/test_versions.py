"""Versions of a plan: what each leaves out, what it keeps, and that nothing is changed in place."""

from typing import Any

import pytest

from scenarios import Scenario
from scenarios.moves import Move
from sim.roadmap.versions import LOOP, at, baseline_of, only, parts_of, without
from tests.roadmap.planned import TEAM, roadmap, team

ROUTED = roadmap(
    levers={
        **TEAM["roadmap"]["levers"],
        "triage": {"owner": "product", "due": "2026-03-09", "moves": {"routing": "on"}},
    }
)


def levers(scenario: Scenario) -> list[str]:
    return list(scenario.roadmap.levers) if scenario.roadmap else []


def test_a_plan_is_made_of_its_levers_and_the_loop() -> None:
    assert parts_of(team()) == ("macros", "copy", LOOP)
    assert parts_of(team(loop=None)) == ("macros", "copy")
    assert parts_of(team(loop=None, roadmap=None)) == ()


def test_the_baseline_has_neither_roadmap_nor_loop_and_all_else() -> None:
    plain = baseline_of(team())
    assert (plain.roadmap, plain.loop) == (None, None)
    assert plain == team(roadmap=None, loop=None)
    assert baseline_of(plain) == plain


def test_one_lever_left_out() -> None:
    found = without(team(), "copy")
    assert (levers(found), found.loop) == (["macros"], team().loop)
    assert found == team(roadmap=roadmap(levers={"macros": TEAM["roadmap"]["levers"]["macros"]}))


def test_one_lever_alone() -> None:
    found = only(team(), "copy")
    assert (levers(found), found.loop) == (["copy"], None)


def test_the_loop_is_a_part_as_levers_are() -> None:
    assert (levers(without(team(), LOOP)), without(team(), LOOP).loop) == (["macros", "copy"], None)
    assert (levers(only(team(), LOOP)), only(team(), LOOP).loop) == ([], team().loop)


def test_without_all_parts_there_is_the_baseline() -> None:
    assert without(without(without(team(), "copy"), LOOP), "macros") == baseline_of(team())


@pytest.mark.parametrize("version", [without, only])
def test_a_lever_that_is_not_there_is_refused_with_the_nearest(version: Any) -> None:
    with pytest.raises(ValueError, match=r"no lever 'macro'; did you mean 'macros'\?"):
        version(team(), "macro")


def test_routing_rules_that_a_lever_brings_hold_only_with_it() -> None:
    scenario = team(roadmap=ROUTED)
    rules = scenario.routing
    assert rules
    assert baseline_of(scenario).routing == ()
    assert without(scenario, "triage").routing == only(scenario, "copy").routing == ()
    assert without(scenario, "copy").routing == only(scenario, "triage").routing == rules
    assert baseline_of(team()).routing == rules  # no lever brings them, so they hold from the first day on


def test_routing_rules_that_a_remedy_may_bring_need_the_loop() -> None:
    form = {**TEAM["remedies"]["form"], "moves": {"routing": "on"}}
    scenario = team(remedies={"form": form})
    assert baseline_of(scenario).routing == only(scenario, "copy").routing == ()
    assert only(scenario, LOOP).routing == without(scenario, "copy").routing == scenario.routing


def moves(scenario: Scenario) -> dict[str, Move]:
    assert scenario.roadmap
    assert scenario.loop
    assert scenario.loop.articles
    return {
        "lever": scenario.roadmap.levers["macros"].moves[0],
        "certain": scenario.roadmap.levers["copy"].moves[0],
        "remedy": scenario.remedies["form"].moves[0],
        "article": scenario.loop.articles.deflection,
    }


@pytest.mark.parametrize(
    ("end", "sizes"),
    [
        ("low", [-0.01, -0.1, -0.1, 0.01]),
        ("expected", [-0.05, -0.1, -0.2, 0.02]),
        ("high", [-0.09, -0.1, -0.4, 0.06]),
    ],
)
def test_all_moves_are_certain_at_an_end(end: Any, sizes: list[float]) -> None:
    before = team()
    found = moves(at(before, end))
    for size, move, was in zip(sizes, found.values(), moves(before).values(), strict=True):
        assert move == Move(was.parameter, size, size, size)
    assert before == team()  # nothing is changed in place


def test_an_end_leaves_all_else_as_it_is() -> None:
    plain = team(roadmap=None, loop=None, remedies=None)
    assert at(plain, "high") is plain
    changed = at(team(), "expected")
    assert baseline_of(changed).model_copy(update={"remedies": team().remedies}) == baseline_of(team())
    assert changed.roadmap
    assert changed.roadmap.targets == team().roadmap.targets  # type: ignore[union-attr]
    assert at(changed, "expected") == changed
