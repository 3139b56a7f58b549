"""From a plan to what is required: moves within a day first, then extra hours, then hours to give back.

A move takes an agent from an interval with too many to one of the same group and day with too few; it
costs nothing. Of all pairs those that lie closest together move first. Each step's effect is simulated as
that of one agent more, or fewer, in its interval, all else as planned.
"""

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np

from scenarios.model import Scenario
from scenarios.targets import Goal
from sim.staffing.cells import Floats, Grid, Ints
from sim.staffing.sampling import Ask, Sample
from sim.staffing.solve import Wish, tasks_of

MOVE: Final = "move"
ADD: Final = "add"
GIVE_BACK: Final = "give back"
_EFFECTS_ON: Final = 6  # replications


class Effect(NamedTuple):
    """How much better each target's value is, mean over its periods: [group, kind, interval, target]."""

    goals: tuple[Goal, ...]
    more: Floats
    fewer: Floats


class Step(NamedTuple):
    """A change of the plan: `agents` from one interval to another of a day, or one of the two alone."""

    what: str
    group: int
    kind: int
    source: int | None  # interval of the day
    target: int | None
    agents: float
    hours: float  # over the horizon
    cost: float  # over the horizon; below 0 for what is given back
    effects: tuple[float, ...]  # of one agent, on each target


def steps_between(
    grid: Grid, planned: Floats, required: Floats, cost: Floats, effect: Effect | None
) -> list[Step]:
    """What leads from `planned` to `required` [group, kind, interval], the cheapest first."""
    gap = np.where(grid.hours > 0, planned - required, 0.0)
    found = []
    for group, kind in np.ndindex(gap.shape[:2]):
        pairs, rest = _pairs(gap[group, kind])
        for source, target, agents in pairs:
            found.append(_step(grid, (MOVE, group, kind), (source, target), agents, cost, effect))
        for i in np.flatnonzero(np.abs(rest) > _NOTHING).tolist():
            what = ADD if rest[i] < 0 else GIVE_BACK
            places = (None, i) if what == ADD else (i, None)
            found.append(_step(grid, (what, group, kind), places, abs(float(rest[i])), cost, effect))
    order = (MOVE, ADD, GIVE_BACK)
    return sorted(found, key=lambda step: (order.index(step.what), _worth(step)))


_NOTHING: Final = 1e-9


def _worth(step: Step) -> float:
    """What comes first: the largest gain for what it costs; of hours given back, the largest saving."""
    gain = sum(step.effects)
    return step.cost if step.what == GIVE_BACK else -gain * step.agents / max(step.cost, 1.0)


def _pairs(gap: Floats) -> tuple[list[tuple[int, int, float]], Floats]:
    """Moves (from, to, agents) of a day by their distance, and the gaps that are left."""
    rest = gap.copy()
    pairs = [(abs(i - j), i, j) for i in np.flatnonzero(gap > 0) for j in np.flatnonzero(gap < 0)]
    found = []
    for _, i, j in sorted(pairs):
        agents = float(min(rest[i], -rest[j]))
        if agents > _NOTHING:
            found.append((int(i), int(j), agents))
            rest[i] -= agents
            rest[j] += agents
    return found, rest


def _step(
    grid: Grid,
    what: tuple[str, int, int],
    places: tuple[int | None, int | None],
    agents: float,
    cost: Floats,
    effect: Effect | None,
) -> Step:
    name, group, kind = what
    source, target = places
    at = group, kind, target if target is not None else source
    hours = agents * float(grid.hours[at[1:]])
    price = {MOVE: 0.0, ADD: 1.0, GIVE_BACK: -1.0}[name] * agents * float(cost[at])
    effects = np.zeros(len(effect.goals) if effect else 0)
    if effect and target is not None:
        effects = effects + effect.more[group, kind, target]
    if effect and source is not None:
        effects = effects + effect.fewer[group, kind, source]
    return Step(name, group, kind, source, target, agents, hours, price, tuple(effects.tolist()))


def effect_of(
    scenario: Scenario, grid: Grid, planned: Ints, cost: Floats, wish: Wish, tell: Callable[[str], None]
) -> Effect:
    """Simulate one agent more, and one fewer, in every cell of a plan."""
    tasks = tasks_of(scenario, grid, planned, cost, wish, tell)
    goals = tuple(ruler.goal for task in tasks for ruler in task.bench.stage.rulers)
    more, fewer = np.zeros((2, *planned.shape, len(goals)))
    at = 0
    sample = Sample(wish.seed, 0, min(_EFFECTS_ON, wish.replications))
    for task in tasks:
        stage = task.bench.stage
        mine = slice(at, at + len(stage.rulers))
        ask = Ask(np.ones(len(stage.cells), bool), np.array([(-np.inf, np.inf)] * len(stage.rulers)))
        for out, delta in ((more, 1), (fewer, -1)):
            task.tell("what one agent changes")
            shift = task.bench.effects(stage.of(planned), sample, delta, ask).shift
            out[(*stage.cells.T, mine)] = shift
        at += len(stage.rulers)
    return Effect(goals, more, fewer)
