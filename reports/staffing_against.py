"""A roster held against what is required: the gap by interval, and what closes it, the cheapest first."""

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from reports.blocks import Block, Cell, Row
from reports.staffing_card import cost_text, week_hours
from reports.targets import goal_words
from reports.wording import MINUS, MISSING, Words, number_text, plain, signed_text
from scenarios.targets import goal_text
from scenarios.week import clock_text, day_name
from sim.staffing.answer import Staffing
from sim.staffing.moves import ADD, GIVE_BACK, MOVE, Step

if TYPE_CHECKING:
    import pandas as pd

_NOTHING: Final = 1e-9  # people
SHOWN: Final = 12  # steps on a terminal and a page, and intervals on a terminal; all are in the tables
LABELS: Final = ("group", "day", "from", "until", "step", "to", "target")
_WORDS: Final = {MOVE: "move", ADD: "add", GIVE_BACK: "give back"}


def gap_table(staffing: Staffing) -> "pd.DataFrame":
    """Required, planned and gap by group, kind of day and interval, net (at work) and gross (paid)."""
    import pandas as pd

    against = staffing.against
    assert against is not None  # the caller has looked
    grid, required = staffing.grid, staffing.best.heads
    seen = (required > 0) | (against.at_work > 0)
    rows = []
    for g, kind, i in np.argwhere(seen & (grid.hours > 0)):
        if g in against.roster.groups:
            gross_up = staffing.scenario.groups[grid.groups[g]].shrinkage.gross_up
            wanted, has = float(required[g, kind, i]), float(against.at_work[g, kind, i])
            net = (wanted, has, has - wanted)
            span = clock_text(int(i) * grid.step_s), clock_text(int(i + 1) * grid.step_s)
            where = (grid.groups[g], day_name(int(kind)), *span)
            rows.append((*where, *net, *(value * gross_up for value in net)))
    names = ("required", "planned", "gap")
    columns = ["group", "day", "from", "until", *(f"{n}_{how}" for how in ("net", "gross") for n in names)]
    return pd.DataFrame(rows, columns=columns)


def steps_table(staffing: Staffing) -> "pd.DataFrame":
    """The steps that close the gap, the cheapest first; effects are of one agent, in the target's unit."""
    import pandas as pd

    against = staffing.against
    assert against is not None  # the caller has looked
    rows = []
    for step in against.steps:
        source, target = (_time(staffing, i) for i in (step.source, step.target))
        where = staffing.grid.groups[step.group], day_name(step.kind), source, target
        gains = dict(zip(map(goal_text, against.goals), step.effects, strict=True))
        rows.append((_WORDS[step.what], *where, step.agents, step.hours, step.cost, *gains.values()))
    effects = [f"effect on: {goal_text(goal)}" for goal in against.goals]
    columns = ["step", "group", "day", "from", "to", "agents", "hours", "cost", *effects]
    return pd.DataFrame(rows, columns=columns)


def _time(staffing: Staffing, i: int | None) -> str | None:
    return None if i is None else clock_text(i * staffing.grid.step_s)


def against_blocks(staffing: Staffing) -> tuple[Block, ...]:
    """The gap of each group, and the first steps that close it."""
    against = staffing.against
    if against is None:
        return ()
    return _gaps(staffing), _steps(staffing)


def gap_blocks(staffing: Staffing) -> tuple[Block, ...]:
    """Of each group of the roster: planned − required in every interval of the week with a gap somewhere."""
    if staffing.against is None:
        return ()
    found = (_by_interval(staffing, g) for g in staffing.against.roster.groups)
    return tuple(block for block in found if block.rows)


def worst_block(staffing: Staffing) -> Block:
    """The intervals with the largest gaps, of equal ones first those in which people are missing."""
    places = _with_a_gap(staffing)
    shown = places[:SHOWN]
    which = "the largest, " if len(shown) < len(places) else ""
    title = f"Gap by interval, at work ({which}{len(shown)} of {len(places)})"
    return Block(title, ("required", "planned", "gap"), tuple(_worst_row(staffing, *at) for at in shown))


def where_all_gaps_are(staffing: Staffing, folder: str | None) -> tuple[str, ...]:
    """Where those are that `worst_block` leaves out, if it does."""
    if len(_with_a_gap(staffing)) <= SHOWN:
        return ()
    if folder is None:
        return ("Gaps of all intervals and all steps: --out FOLDER writes against.csv and steps.csv.",)
    return (f"Gaps of all intervals and all steps: against.csv and steps.csv in {folder}.",)


def _with_a_gap(staffing: Staffing) -> list[tuple[int, int, int]]:
    """Each (group, kind of day, interval) of the roster with a gap, the largest first."""
    against = staffing.against
    assert against is not None  # the caller has looked
    gap = (against.at_work - staffing.best.heads) * (staffing.grid.hours > 0)
    found = [
        (int(g), int(kind), int(i))
        for g, kind, i in np.argwhere(np.abs(gap) > _NOTHING)
        if g in against.roster.groups
    ]
    return sorted(found, key=lambda at: (-round(abs(float(gap[at])), 6), float(gap[at]) > 0, at))


def _worst_row(staffing: Staffing, g: int, kind: int, i: int) -> Row:
    against, grid = staffing.against, staffing.grid
    assert against is not None  # the caller has looked
    planned, required = float(against.at_work[g, kind, i]), float(staffing.best.heads[g, kind, i])
    span = f"{clock_text(i * grid.step_s)}–{clock_text((i + 1) * grid.step_s)}"
    texts = plain(required), plain(planned), _gap(planned, required).value
    return Row(f"{grid.groups[g]}, {day_name(kind)} {span}", tuple(Cell(Words(text)) for text in texts))


def _by_interval(staffing: Staffing, g: int) -> Block:
    against, grid = staffing.against, staffing.grid
    assert against is not None  # the caller has looked
    at_work = against.at_work[g] * (grid.hours > 0)
    has_people = (at_work + staffing.best.heads[g] > 0).any(axis=1)
    kinds = np.flatnonzero((grid.days > 0) & has_people).tolist()
    planned, required = at_work[kinds], staffing.best.heads[g, kinds]
    rows = []
    for i in np.flatnonzero((np.abs(planned - required) > _NOTHING).any(axis=0)).tolist():
        cells = (_gap(*pair) for pair in zip(planned[:, i].tolist(), required[:, i].tolist(), strict=True))
        span = f"{clock_text(i * grid.step_s)}–{clock_text((i + 1) * grid.step_s)}"
        rows.append(Row(span, tuple(map(Cell, cells))))
    title = f"{grid.groups[g]}: gap by interval (planned of required, at work)"
    return Block(title, tuple(map(day_name, kinds)), tuple(rows))


def _gap(planned: float, required: float) -> Words:
    if not planned and not required:
        return Words("")
    gap = plain(planned - required).replace("-", MINUS)
    return Words(f"+{gap}" if planned > required else gap, f"{plain(planned)} of {plain(required)}")


def _gaps(staffing: Staffing) -> Block:
    """Hours in a standard week, at work and paid."""
    against = staffing.against
    assert against is not None  # the caller has looked
    wanted, has = staffing.best.heads, against.at_work
    required, planned, short, over = (
        week_hours(staffing, heads)
        for heads in (wanted, has, np.maximum(wanted - has, 0.0), np.maximum(has - wanted, 0.0))
    )
    rows = []
    for g in against.roster.groups:
        name = staffing.grid.groups[g]
        gross_up = staffing.scenario.groups[name].shrinkage.gross_up
        net = required[g], planned[g], planned[g] - required[g], short[g], over[g]
        rows.append(Row(f"{name}: at work", tuple(_hours(h) for h in net)))
        rows.append(Row("paid", tuple(_hours(h * gross_up) for h in net), True))
    columns = ("required", "planned", "gap", "missing", "too many")
    return Block("Hours a week", columns, tuple(rows))


def _hours(value: float) -> Cell:
    return Cell(Words(f"{number_text(float(value), 1)} h"))


def _steps(staffing: Staffing) -> Block:
    against = staffing.against
    assert against is not None  # the caller has looked
    shown = [s for what in (MOVE, ADD, GIVE_BACK) for s in against.steps if s.what == what][:SHOWN]
    title = f"Cheapest steps first, {len(shown)} of {len(against.steps)}"
    columns = ("people", "hours", "cost", "effect of one of them")
    return Block(title, columns, tuple(_row(staffing, step) for step in shown))


def _row(staffing: Staffing, step: Step) -> Row:
    source, target = _time(staffing, step.source), _time(staffing, step.target)
    place = f"{source} to {target}" if source and target else source or target
    label = f"{_WORDS[step.what]}: {staffing.grid.groups[step.group]}, {day_name(step.kind)} {place}"
    cost = cost_text(staffing, step.cost)
    cells = plain(step.agents), f"{number_text(step.hours, 1)} h", cost, _effect(staffing, step)
    return Row(label, tuple(Cell(Words(text)) for text in cells))


def _effect(staffing: Staffing, step: Step) -> str:
    """On the target that it moves most, for one agent: phone service level +0.31 points."""
    against = staffing.against
    assert against is not None  # the caller has looked
    if not step.effects:
        return MISSING
    sizes = [abs(e) / max(abs(g.value), 1e-9) for e, g in zip(step.effects, against.goals, strict=True)]
    n = int(np.argmax(sizes))
    goal, effect = against.goals[n], step.effects[n]
    share = goal.unit == "share" or goal.measure.startswith("wait_p")
    places = max(2 - math.floor(math.log10(abs(effect))), 0) if effect else 0
    amount = f"{signed_text(effect * 100.0, 2)} points"
    if not share:
        amount = f"{signed_text(effect, places)} {goal.unit} better"
    return f"{goal_words(goal, staffing.scenario).split(' ≥ ')[0].split(' ≤ ')[0]} {amount}"
