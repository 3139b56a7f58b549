"""A staffing: what is required, by formula and as verified, what it costs, and how well it serves."""

from collections.abc import Callable
from os import cpu_count
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from scenarios.model import Scenario
from scenarios.related import heads_of, serving
from scenarios.targets import Goal, goal_text, goals_of
from sim.measure import currency
from sim.staffing.allotment import Terms, allot
from sim.staffing.cells import Floats, Grid, Ints, grid_of, present, with_plan
from sim.staffing.guards import guarded, is_about, text_of
from sim.staffing.moves import Step, effect_of, steps_between
from sim.staffing.requirement import Need, needs_of
from sim.staffing.solve import FRESH_SEED, Part, Solved, Starts, Wish, is_short, solve, steerable

if TYPE_CHECKING:
    from sim.experiment import Result

FORMULA: Final = "formula"
REPAIRED: Final = "repaired"
CURRENT: Final = "current"
_BESIDE: Final = 20  # replications that show the plans side by side
_USUAL: Final = 30


class Asked(NamedTuple):
    """What is asked of a staffing; None is as the scenario says, or no limit."""

    method: str = "mol"
    most_busy: float | None = None
    minimum: int = 1
    repair: bool = True
    replications: int | None = None
    seed: int | None = None
    workers: int | None = None


class Plan(NamedTuple):
    """One staffing: agents at work by [group, kind of day, interval], and what a simulation says of it."""

    heads: Floats
    result: "Result"


class Roster(NamedTuple):
    """People that somebody has planned: [group, kind, interval]; with `gross`, those paid, not at work."""

    heads: Floats
    groups: tuple[int, ...]  # those it speaks of
    gross: bool
    notes: tuple[str, ...] = ()  # how its files were read, and for which intervals they say nothing


class Against(NamedTuple):
    """A roster held against what is required."""

    roster: Roster
    at_work: Floats  # [group, kind, interval]
    steps: tuple[Step, ...]
    goals: tuple[Goal, ...]  # of the steps' effects


class Staffing(NamedTuple):
    """The answer; `plans` are by name: formula, repaired (if it was), current."""

    scenario: Scenario
    asked: Asked
    grid: Grid
    needs: dict[str, Need]
    cost: Floats  # [group, kind, interval] of one agent over the horizon
    currency: str | None  # None: costs are paid hours
    plans: dict[str, Plan]
    solved: Solved | None
    not_steered: tuple[Goal, ...]  # targets that the search does not go by
    remarks: tuple[str, ...] = ()  # what else a reader must know, one sentence or two each
    against: Against | None = None

    @property
    def best(self) -> Plan:
        return self.plans[REPAIRED if REPAIRED in self.plans else FORMULA]


def staffing_of(
    scenario: Scenario,
    asked: Asked,
    tell: Callable[[str], None] = lambda _: None,
    roster: Roster | None = None,
) -> Staffing:
    """Find how many people it takes, perhaps against a roster; `tell` hears what is being done.

    Raises `UnreachableError` for a target that no number of people reaches, and ValueError where nothing
    says what is to be reached.
    """
    goals = steerable(scenario)
    if not goals:
        raise ValueError(
            "nothing says what service is wanted; give a queue a target, such as target: 80% in 20 s"
        )
    grid, money = grid_of(scenario), currency(scenario)
    cost = costs_of(scenario, grid, money is not None)
    tell("requirement by formula")
    needs = needs_of(scenario, asked.method, asked.most_busy)
    floor = floor_of(scenario, grid, cost, asked)
    terms = Terms(asked.most_busy, asked.minimum, passed_on=1)
    formula = np.maximum(allot(scenario, grid, needs, cost, terms), floor)
    wish = _wish(scenario, asked)
    current = np.array([present(heads_of(scenario.groups[name]), grid.step_s) for name in grid.groups])
    if roster is not None:
        current[list(roster.groups)] = _at_work(scenario, grid, roster)[list(roster.groups)]
    starts = Starts(formula, np.round(current).astype(np.int64), floor, _largest_load(needs))
    solved = solve(scenario, grid, starts, cost, wish, tell) if asked.repair else None
    heads = {FORMULA: formula, **({REPAIRED: solved.plan} if solved else {}), CURRENT: current}
    plans = {}
    for name, plan in heads.items():
        tell(f"simulating the {name} plan")
        as_file = name == CURRENT and roster is None
        shown = _shown(scenario, grid, None if as_file else np.round(plan).astype(np.int64), wish)
        plans[name] = Plan(plan.astype(float), shown)
    left = tuple(goal for goal in goals_of(scenario) if goal not in goals)
    said = remarks_of(scenario, goals, solved)
    found = Staffing(scenario, asked, grid, needs, cost, money, plans, solved, left, said)
    return found if roster is None else found._replace(against=_against(found, roster, wish, tell))


def floor_of(scenario: Scenario, grid: Grid, cost: Floats, asked: Asked) -> Ints:
    """The fewest people with whom, by formula, nobody is busier than is allowed; [group, kind, interval]."""
    if asked.most_busy is None:
        return np.zeros(grid.works.shape, np.int64)
    queues = {name: queue.model_copy(update={"target": None}) for name, queue in scenario.queues.items()}
    plain = scenario.model_copy(update={"queues": queues, "targets": ()})
    needs = needs_of(plain, asked.method, asked.most_busy)
    return allot(plain, grid, needs, cost, Terms(asked.most_busy, 0))


def _largest_load(needs: dict[str, Need]) -> float:
    """Of an interval, all queues together, Erlangs."""
    return float(np.sum([need.load for need in needs.values()], axis=0).max())


def remarks_of(scenario: Scenario, goals: tuple[Goal, ...], solved: Solved | None) -> tuple[str, ...]:
    """What holds for each queue of which no target counts who is lost."""
    found = []
    for queue in guarded(scenario, goals):
        guards = [each.goal for each in solved.guards if each.goal.name == queue] if solved else []
        if guards:
            what = " and ".join(text_of(goal).partition(": ")[2] for goal in guards)
            held = f"the search keeps to {what}, a little more than with the plan by formula"
        elif serving(scenario, queue):
            held = "its people are those of the plan by formula"
        else:
            held = "nobody serves it"
        has = any(is_about(scenario, goal, queue) for goal in goals)
        found.append(f"Queue {queue} has no target{' that counts all who are lost' if has else ''}: {held}.")
    return (*found, *(said for part in (solved.parts if solved else ()) for said in _of_search(part)))


def _of_search(part: Part) -> list[str]:
    """Where the search had to ask for more than is wanted, and where even that was not enough."""
    found = [
        f"Target '{goal_text(checked.goal)}': on the sample {asked:.1%} of the periods were asked for, so "
        "that fresh chances bear it out; one agent fewer fails that."
        for checked, asked in zip(part.on_sample, part.asked, strict=True)
        if asked > checked.goal.probability
    ]
    found += [
        f"On fresh chances '{text_of(checked.goal)}' holds in {checked.share:.1%} ± {2.0 * checked.se:.1%} "
        f"of the periods even so, {checked.goal.probability:.0%} wanted: search on a larger sample, "
        f"--replications {2 * part.sample.size}."
        for checked in (*part.on_fresh, *part.guards)
        if is_short(checked)
    ]
    return found


def _at_work(scenario: Scenario, grid: Grid, roster: Roster) -> Floats:
    """People at work of a roster: of those paid, what shrinkage leaves."""
    if not roster.gross:
        return roster.heads
    left = np.array([1.0 - scenario.groups[name].shrinkage.total for name in grid.groups])
    at_work: Floats = roster.heads * left[:, None, None]
    return at_work


def _against(found: Staffing, roster: Roster, wish: Wish, tell: Callable[[str], None]) -> Against:
    at_work = found.plans[CURRENT].heads
    mine = np.isin(np.arange(len(found.grid.groups)), roster.groups)[:, None, None]
    planned = np.round(at_work).astype(np.int64) * found.grid.works
    effect = effect_of(found.scenario, found.grid, planned, found.cost, wish, tell)
    required = np.where(mine, found.best.heads, at_work)
    steps = steps_between(found.grid, at_work, required, found.cost, effect)
    return Against(roster, at_work, tuple(steps), effect.goals)


def _wish(scenario: Scenario, asked: Asked) -> Wish:
    usual = scenario.run.replications if isinstance(scenario.run.replications, int) else _USUAL
    return Wish(
        asked.replications or usual,
        scenario.run.seed if asked.seed is None else asked.seed,
        asked.workers or cpu_count() or 1,
        asked.minimum,
    )


def _shown(scenario: Scenario, grid: Grid, plan: Ints | None, wish: Wish) -> "Result":
    """Simulate a plan as `careloop run` does, on fresh chances; None is the file's own staffing."""
    from sim.experiment import run_scenario

    chosen = scenario if plan is None else with_plan(scenario, grid, plan)
    return run_scenario(chosen, replications=_BESIDE, seed=wish.seed + FRESH_SEED, workers=wish.workers)


def costs_of(scenario: Scenario, grid: Grid, paid: bool) -> Floats:
    """What one agent in a cell costs over the horizon: paid hours × pay, or hours where pay is not known.

    Of kinds of day that the horizon has not, what he costs on one such day.
    """
    rates = []
    for name in grid.groups:
        group = scenario.groups[name]
        pay = group.pay.amount_per_hour if group.pay and paid else 1.0
        rates.append(group.shrinkage.gross_up * max(pay, 1e-9))
    hours = np.where(grid.days[:, None] > 0, grid.hours, grid.step_s / 3600.0)
    found: Floats = np.array(rates)[:, None, None] * hours
    return found


def total_cost(staffing: Staffing, heads: Floats) -> float:
    """The cost of a plan over the real hours of the horizon."""
    return float((staffing.cost * heads * (staffing.grid.days > 0)[None, :, None]).sum())


def planned_scenario(staffing: Staffing) -> Scenario:
    """The scenario with the best plan as its staffing."""
    return with_plan(staffing.scenario, staffing.grid, np.round(staffing.best.heads).astype(np.int64))
