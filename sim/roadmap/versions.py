"""Versions of a scenario with a plan: without it, without a lever, with one alone, at one end of its hopes.

Pure functions from a scenario to another one. The loop is a part of a plan as a lever is (`LOOP`).

Where a change brings in the routing rules, nothing else tells that they do not hold before: without all such
changes a scenario has no routing rules.
"""

from collections.abc import Iterable
from typing import Any, Final, Literal

from pydantic import BaseModel

from scenarios.model import Scenario
from scenarios.moves import Move
from scenarios.roadmap import Roadmap

LOOP: Final = "(the loop)"  # as a part of a plan: no lever can have that name
_ROUTING: Final = "routing"  # the parameter by which a change brings in the routing rules

End = Literal["low", "expected", "high"]


def parts_of(scenario: Scenario) -> tuple[str, ...]:
    """What a plan is made of: its levers by name, and the loop if there is one."""
    levers = scenario.roadmap.levers if scenario.roadmap else {}
    return (*levers, *((LOOP,) if scenario.loop is not None else ()))


def baseline_of(scenario: Scenario) -> Scenario:
    """The scenario without its roadmap and its loop."""
    return _with(scenario, (), keep_loop=False)


def without(scenario: Scenario, part: str) -> Scenario:
    """The scenario without one lever, or without the loop."""
    _check(scenario, part)
    levers = [name for name in parts_of(scenario) if name not in (part, LOOP)]
    return _with(scenario, levers, keep_loop=part != LOOP)


def only(scenario: Scenario, part: str) -> Scenario:
    """The scenario with one lever alone, or with the loop alone."""
    _check(scenario, part)
    return _with(scenario, () if part == LOOP else (part,), keep_loop=part == LOOP)


def at(scenario: Scenario, end: End) -> Scenario:
    """The scenario whose changes all move by the least that is hoped for, what is expected, or the most.

    What is left to chance is whether a change works at all.
    """
    found: Scenario = _certain(scenario, end)
    return found


def _check(scenario: Scenario, part: str) -> None:
    from scenarios.problems import nearest

    if part not in parts_of(scenario):
        raise ValueError(f"the plan has no lever {part!r}{nearest(part, parts_of(scenario))}")


def _with(scenario: Scenario, levers: Iterable[str], keep_loop: bool) -> Scenario:
    """The scenario with these levers alone, and with or without its loop."""
    kept = set(levers)
    roadmap: Roadmap | None = scenario.roadmap
    if roadmap is not None:
        some = {name: lever for name, lever in roadmap.levers.items() if name in kept}
        roadmap = roadmap.model_copy(update={"levers": some}) if some else None
    update = {"roadmap": roadmap, "loop": scenario.loop if keep_loop else None}
    found = scenario.model_copy(update=update)
    if _brings_routing(scenario) and not _brings_routing(found):
        return found.model_copy(update={"routing": ()})
    return found


def _brings_routing(scenario: Scenario) -> bool:
    """Whether a lever, or a remedy that the loop may choose, is what brings in the routing rules."""
    levers = scenario.roadmap.levers.values() if scenario.roadmap else ()
    remedies = scenario.remedies.values() if scenario.loop and scenario.loop.owner else ()
    return any(move.parameter == _ROUTING for each in (*levers, *remedies) for move in each.moves)


def _certain(value: Any, end: End) -> Any:
    """A part of a scenario whose moves are all as large as at one end; the same object where it has none."""
    if isinstance(value, Move):
        size = getattr(value, end)
        return value._replace(low=size, expected=size, high=size)
    if isinstance(value, BaseModel):
        held = {name: getattr(value, name) for name in type(value).model_fields}
        changed = {name: new for name, old in held.items() if (new := _certain(old, end)) is not old}
        return value.model_copy(update=changed) if changed else value
    if isinstance(value, dict):
        new_items = {key: _certain(each, end) for key, each in value.items()}
        return new_items if any(new_items[key] is not value[key] for key in value) else value
    if type(value) is tuple:
        parts = tuple(_certain(each, end) for each in value)
        return parts if any(a is not b for a, b in zip(parts, value, strict=True)) else value
    return value
