"""Knobs: what changes may move, each a number with a neutral value.

A parameter of the scenario language (`scenarios/moves.py`) is a knob of the engine's state (its dials, or
what holds for the whole team), or one of the loop's own: hours of owners, how old its information is, how
many tags it audits. Several changes of one knob go together: factors multiply, amounts add up, and of what
an article keeps away a second one finds only the rest.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from scenarios.moves import whose
from sim.clock import to_ticks
from sim.layout import State

if TYPE_CHECKING:
    from sim.compile import Model

MULTIPLY: Final = "multiply"
ADD: Final = "add"
KEEP_AWAY: Final = "keep away"
SWITCH: Final = "switch"

# Where a knob is.
DIALS: Final = "dials"
COURSE: Final = "course"
CAPACITY: Final = "capacity"  # of an owner
PREVENTION: Final = "prevention"
DELAY: Final = "delay"  # of information
AUDIT: Final = "audit"
BONUS: Final = "bonus"  # how much more owners give to prevention, for each ten points of its weight
WEIGHT: Final = "weight"  # ... and what is added to that weight
COMPILED: Final = "compiled"  # known beforehand, and in the tables

_OF_CONTACTS: Final = {
    "contacts": ("contacts", MULTIPLY),
    "handle_time": ("longer", MULTIPLY),
    "deflection": ("deflects", KEEP_AWAY),
    "returns": ("returns", MULTIPLY),
}
_OF_TEAM: Final = {
    "tagging.accuracy": ("accuracy", ADD),
    "tagging.untagged": ("untagged", MULTIPLY),
    "tagging.collisions": ("collisions", MULTIPLY),
    "tagging.triage": ("triage", MULTIPLY),
    "tagging.handle_time": ("tag_ticks", ADD),
    "routing": ("routed", SWITCH),
    "incidents.detection_delay": ("alarm_delay", MULTIPLY),
    "incidents.mitigation": ("mitigation", MULTIPLY),
    "incidents.starts": ("starts", MULTIPLY),
    "incidents.status_page": ("page_cuts", ADD),
    "quality": ("quality", MULTIPLY),
}
_OF_LOOP: Final = {
    "loop.information_delay": (DELAY, MULTIPLY),
    "loop.tag_audit": (AUDIT, ADD),
    "loop.bonus_weight": (WEIGHT, ADD),
    "loop.bonus": (BONUS, ADD),  # moved by the bonus itself
}
_IN_TICKS: Final = ("tag_ticks",)


class Knob(NamedTuple):
    """A number that changes may move: in which table, row and field, and how changes go together."""

    table: str
    row: int
    field: str
    how: str

    @property
    def neutral(self) -> float:
        """Its value where nothing has moved it; what is switched on by a change is off before."""
        return 1.0 if self.how == MULTIPLY else 0.0


class Rows(NamedTuple):
    """The names behind the rows of dials, in their order, and owners."""

    streams: Sequence[str]
    causes: Sequence[str]
    sides: Sequence[str]
    groups: Sequence[str]
    owners: Sequence[str]


def rows_of(model: "Model") -> Rows:
    """The names of a model by kind."""
    names, scenario = model.names, model.scenario
    sides, owners = tuple(sorted(scenario.side_work)), tuple(sorted(scenario.owners))
    return Rows(names.streams, names.causes, sides, names.groups, owners)


def knob_of(parameter: str, rows: Rows) -> Knob:
    """The knob of a parameter; raises ValueError for one that is none."""
    if parameter in _OF_CONTACTS:
        return Knob(DIALS, 0, *_OF_CONTACTS[parameter])
    if parameter in _OF_TEAM:
        return Knob(COURSE, 0, *_OF_TEAM[parameter])
    if parameter in _OF_LOOP:
        table, how = _OF_LOOP[parameter]
        return Knob(table, 0, "", how)
    found = whose(parameter)
    section, name, field = found.section, found.name, found.pattern.rpartition(".")[2]
    if section == "owners":
        table, how = {"capacity": (CAPACITY, MULTIPLY), "prevention": (PREVENTION, ADD)}[field]
        return Knob(table, rows.owners.index(name), "", how)
    return _of_row(section, name, field, rows)


def _of_row(section: str, name: str, field: str, rows: Rows) -> Knob:
    before = 1
    for kind, names, fields in (
        ("streams", rows.streams, _OF_CONTACTS),
        ("causes", rows.causes, _OF_CONTACTS),
        ("side_work", rows.sides, {"share": ("share", ADD)}),
        ("groups", rows.groups, {"handle_time": ("longer", MULTIPLY), "hurry": ("hurry", MULTIPLY)}),
    ):
        if section == kind and field in fields and name in names:
            return Knob(DIALS, before + names.index(name), *fields[field])
        if section == kind == "groups" and field == "agents":
            return Knob(COMPILED, names.index(name), field, ADD)
        before += len(names)
    raise ValueError(f"'{section}.{name}.{field}' is nothing that a change can move")


def cause_of(knob: Knob, rows: Rows) -> int:
    """The cause that a knob is of, as its row in `rows`; -1 for a knob of anything else."""
    cause = knob.row - 1 - len(rows.streams)
    return cause if knob.table == DIALS and 0 <= cause < len(rows.causes) else -1


class Panel(NamedTuple):
    """All knobs that the changes of a plan may move, and where each belongs."""

    knobs: tuple[Knob, ...]
    neutral: tuple[float, ...]
    places: dict[Knob, int]


def panel_of(knobs: Iterable[Knob]) -> Panel:
    """A panel of different knobs, in the order of their first appearance."""
    found = tuple(dict.fromkeys(knobs))
    return Panel(found, tuple(knob.neutral for knob in found), {knob: i for i, knob in enumerate(found)})


def _multiply(value: float, moved: float) -> float:
    return value * (1.0 + moved)


def _add(value: float, moved: float) -> float:
    return value + moved


def _keep_away(value: float, moved: float) -> float:
    return 1.0 - (1.0 - value) * (1.0 - moved)


def _switch(value: float, moved: float) -> float:
    return 1.0 if moved > 0.0 else value


TOGETHER: Final[dict[str, Callable[[float, float], float]]] = {
    MULTIPLY: _multiply,
    ADD: _add,
    KEEP_AWAY: _keep_away,
    SWITCH: _switch,
}


def turn(state: State, knob: Knob, value: float) -> None:
    """Write the value of a knob of the engine into its state; the loop's own are not there."""
    if knob.table == DIALS:
        state.dials[knob.row][knob.field] = value
    elif knob.table == COURSE:
        in_ticks = knob.field in _IN_TICKS
        state.course[0][knob.field] = to_ticks(value) if in_ticks else np.float64(value)
