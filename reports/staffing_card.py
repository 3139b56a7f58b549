"""A staffing in words: what it takes, what it costs, and whether every target then holds."""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from reports.blocks import Block, Cell, Row
from reports.figures import Figure, Figures
from reports.targets import attainments, goal_words, over_text, wanted_text
from reports.wording import Words, money_text, number_text, share_text
from scenarios.targets import Goal, goals_of
from scenarios.week import HOLIDAY
from sim.staffing.answer import CURRENT, FORMULA, REPAIRED, Staffing, total_cost
from sim.staffing.cells import Floats
from sim.staffing.solve import Checked, Part

NAMES: Final = {FORMULA: "formula", REPAIRED: "repaired", CURRENT: "planned"}
_MISSING: Final = "–"


def cost_text(staffing: Staffing, amount: float) -> str:
    """An amount of money, or of paid hours where pay is not known."""
    if staffing.currency is None:
        return f"{number_text(amount, 0)} h paid"
    return money_text(amount, staffing.currency)


def headline(staffing: Staffing) -> str:
    """The answer in one or two sentences."""
    costs = {name: total_cost(staffing, plan.heads) for name, plan in staffing.plans.items()}
    best = REPAIRED if REPAIRED in costs else FORMULA
    what = "The repaired plan" if best == REPAIRED else "The plan by formula, not verified,"
    others = [
        f"{cost_text(staffing, costs[name])} {where}"
        for name, where in ((FORMULA, "by formula alone"), (CURRENT, "as planned"))
        if name in costs and name != best
    ]
    text = f"{what} costs {cost_text(staffing, costs[best])} over the horizon; {', '.join(others)}."
    if staffing.solved is None:
        return text
    return " ".join((text, *_verdicts(staffing, staffing.solved.on_fresh)))


def _verdicts(staffing: Staffing, on_fresh: tuple[Checked, ...]) -> list[str]:
    """What fresh chances say of the targets: which are missed, which cannot be judged, which hold."""
    judged = {c.goal: c for c in on_fresh if not math.isnan(c.share)}
    steered = [goal for goal in goals_of(staffing.scenario) if goal not in staffing.not_steered]
    missed = [g for g in judged if judged[g].share < g.probability - 2.0 * np.nan_to_num(judged[g].se)]
    unknown = [goal for goal in steered if goal not in judged]
    found = []
    if missed:
        found.append(f"On fresh chances it misses: {_names(staffing, missed)}.")
    if unknown:
        found.append(
            f"On fresh chances nothing came that could be judged: {_names(staffing, unknown)}; not verified."
        )
    if len(judged) > len(missed):
        which = "Every other target" if missed or unknown else "Every target"
        which += " that is steered by" if staffing.not_steered else ""
        found.append(f"{which} holds on fresh chances, within two standard errors.")
    return found


def _names(staffing: Staffing, goals: Sequence[Goal]) -> str:
    return "; ".join(goal_words(goal, staffing.scenario) for goal in goals)


def blocks(staffing: Staffing) -> tuple[Block, ...]:
    """The tables of the terminal and of the page: targets, groups, cost."""
    return _targets(staffing), _groups(staffing), _costs(staffing)


def _targets(staffing: Staffing) -> Block:
    """Of each target the share of its periods in which it holds: by plan, on the sample, on fresh chances."""
    columns = [NAMES[name] for name in staffing.plans if name != REPAIRED]
    if staffing.solved:
        columns = ["repaired, fresh", "repaired, on its sample", *columns]
    sample = _by_goal(staffing.solved.on_sample) if staffing.solved else {}
    fresh = _by_goal(staffing.solved.on_fresh) if staffing.solved else {}
    shown = {name: _attained(staffing, name) for name in staffing.plans}
    rows = []
    for goal in goals_of(staffing.scenario):
        cells = [shown[name].get(goal, Words(_MISSING)) for name in staffing.plans if name != REPAIRED]
        if staffing.solved:
            beside = shown[REPAIRED].get(goal, Words(_MISSING))
            cells = [fresh.get(goal, beside), sample.get(goal, Words(_MISSING)), *cells]
        words = f"{goal_words(goal, staffing.scenario)} {over_text(goal)}"
        rows.append(Row(words, (Cell(Words(wanted_text(goal))), *map(Cell, cells))))
    return Block("Targets: held in", ("wanted", *columns), tuple(rows))


def _by_goal(checked: tuple[Checked, ...]) -> dict[Goal, Words]:
    return {c.goal: _found_share(c) for c in checked}


def _found_share(checked: Checked) -> Words:
    """A share with two standard errors; of nothing, and of one period alone, there is none."""
    if math.isnan(checked.share):
        return Words(_MISSING)
    margin = "" if math.isnan(checked.se) else f"± {200.0 * checked.se:.1f}"
    return Words(share_text(round(checked.share, 4)), margin)


def _attained(staffing: Staffing, name: str) -> dict[Goal, Words]:
    result = staffing.plans[name].result
    found = attainments(staffing.scenario, result.attainment, Figures({}))
    return {each.goal: _share(each.share) for each in found}


def _share(figure: Figure) -> Words:
    margin = f"± {100.0 * figure.half:.1f}" if figure.has_interval else ""
    return Words(share_text(round(figure.mean, 4)), margin)


def _groups(staffing: Staffing) -> Block:
    """Hours a group is at work, and is paid for, in a standard week: one without holidays."""
    rows = []
    for g, group in enumerate(staffing.grid.groups):
        shrinkage = staffing.scenario.groups[group].shrinkage
        at_work = [float(week_hours(staffing, plan.heads)[g]) for plan in staffing.plans.values()]
        rows.append(Row(f"{group}: hours at work a week", tuple(_hours_cell(h) for h in at_work)))
        gross = tuple(_hours_cell(h * shrinkage.gross_up) for h in at_work)
        rows.append(Row(f"paid, at {share_text(shrinkage.total)} shrinkage", gross, True))
        peaks = [plan.heads[g].max() for plan in staffing.plans.values()]
        rows.append(Row("most at work at a time", tuple(Cell(Words(number_text(p, 0))) for p in peaks), True))
    return Block("Groups", tuple(NAMES[name] for name in staffing.plans), tuple(rows))


def week_hours(staffing: Staffing, heads: Floats) -> Floats:
    """Hours at work of each group in a standard week, of the kinds of day that the horizon has."""
    of_week = heads[:, :HOLIDAY] * (staffing.grid.hours[:HOLIDAY] > 0)
    found: Floats = of_week.sum(axis=(1, 2)) * staffing.grid.step_s / 3600.0
    return found


def _hours_cell(hours: float) -> Cell:
    return Cell(Words(f"{number_text(hours, 1)} h"))


def _costs(staffing: Staffing) -> Block:
    totals = [total_cost(staffing, plan.heads) for plan in staffing.plans.values()]
    row = Row("People, over the horizon", tuple(Cell(Words(cost_text(staffing, t))) for t in totals))
    return Block("Cost", tuple(NAMES[name] for name in staffing.plans), (row,))


def notes(staffing: Staffing) -> tuple[str, ...]:
    """What a reader must know: how it was found, and what was left out."""
    asked = staffing.asked
    busy = f", at most {share_text(asked.most_busy)} of the time busy" if asked.most_busy else ""
    found = [f"Requirement by formula: {asked.method}, {_least(staffing)}{busy}."]
    if staffing.solved is not None:
        found += _how(staffing)
    found += staffing.remarks
    found.append(
        "Cost is that of the hours planned; hours that people work on after them, to finish what they have "
        "in hand, are paid in a run, and not in it."
    )
    found.append(_margins(staffing))
    if staffing.against is not None and (staffing.against.at_work % 1.0 > 0).any():
        found.append("Fractions of people in the roster are rounded to whole people for the simulation.")
    found += roster_notes(staffing)
    found += [
        f"Not steered by, only shown: {goal_words(goal, staffing.scenario)} (people do not surely help it)."
        for goal in staffing.not_steered
    ]
    shifts = [name for name, group in staffing.scenario.groups.items() if group.shifts is not None]
    if shifts:
        names = ", ".join(shifts)
        found.append(
            f"{names}: the plan is seats by interval, and replaces the shifts and breaks of the file."
        )
    return tuple(found)


def _least(staffing: Staffing) -> str:
    """How many people must be at work, in words."""
    if staffing.asked.minimum > 0:
        return (
            f"at least {staffing.asked.minimum} at work where a queue that must answer at once is open and "
            "expects contacts"
        )
    queues = ", ".join(queue for queue, need in staffing.needs.items() if not need.contacts.any())
    if not queues:
        return "with no minimum of people at work"
    after = ", of whom the search keeps those who are needed" if staffing.solved else ""
    return (
        "with no minimum of people at work, but for one where a queue gets contacts only from others "
        f"({queues}), since no formula knows how many{after}"
    )


def roster_notes(staffing: Staffing) -> tuple[str, ...]:
    """How the files of a roster were read, and for which intervals they say nothing."""
    return staffing.against.roster.notes if staffing.against is not None else ()


def _how(staffing: Staffing) -> list[str]:
    """On which chances the plan was found, and on which it was checked."""
    solved = staffing.solved
    assert solved is not None  # the caller has looked
    several = len(solved.parts) > 1
    found = []
    for part in solved.parts:
        of = f" for {', '.join(part.groups)}" if several else ""
        tried = (
            _tried(staffing, part) if part.tested else "Nobody is planned, so that none could be taken away."
        )
        found.append(f"Sample{of}: {part.sample.size} replications of seed {part.sample.seed}. {tried}")
    return [*found, f"Fresh: {solved.fresh.size} replications of seed {solved.fresh.seed}."]


def _tried(staffing: Staffing, part: Part) -> str:
    """What taking agents away has shown."""
    limit = " or the limit on contacts that are not served" if part.guards else ""
    but = f", but for {part.at_minimum} held up by {_held_by(staffing)}" if part.at_minimum else ""
    return (
        f"On it, one agent fewer in any of {part.tested} staffed intervals fails a target as asked for "
        f"there{limit}{but}."
    )


def _held_by(staffing: Staffing) -> str:
    """What keeps people at work whom no target needs, in words."""
    busy = "the largest occupancy allowed"
    if staffing.asked.most_busy is None:
        return "the minimum"
    return f"the minimum or {busy}" if staffing.asked.minimum > 0 else busy


def _margins(staffing: Staffing) -> str:
    """What ± is of each column of the targets."""
    result = staffing.plans[CURRENT].result
    text = (
        "formula and planned are the longer arm of a 95 % interval (it may be cut at 0 or 100 %), "
        f"of {result.replications} replications of seed {result.seed}"
    )
    if staffing.solved is None:
        return f"± of {text}."
    left = "; so are those of the repaired plan for targets not steered by" if staffing.not_steered else ""
    return f"± of the repaired plan are two standard errors; ± of {text}{left}."
