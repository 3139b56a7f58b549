"""Changes: levers of the roadmap and remedies of causes; how large each turns out, and how it grows.

The size of a change is not known beforehand. One keyed uniform of its name decides whether it works at all,
another how large its moves are, all of them together: from the least hopeful end of their ranges to the
most hopeful (triangular; FIELD.md, section 6, on documented ranges). The keys are the names of changes and
the attempt, so that leaving one out changes nothing about the others.
"""

import math
from typing import Final, NamedTuple

import numpy as np

from scenarios.changes import Change, Lever, Remedy
from scenarios.moves import Move
from sim.draws import CHANGE, counter, name_key, uniform
from sim.loop.knobs import Knob, Rows, cause_of, knob_of

DAY_S: Final = 86_400.0
OF_CONTACTS: Final = "contacts"  # what a change can be judged by
HANDLE_TIME: Final = "handle time"
OF_RETURNS: Final = "returns"
_MEASURES: Final = {
    "contacts": OF_CONTACTS,
    "deflects": OF_CONTACTS,
    "longer": HANDLE_TIME,
    "returns": OF_RETURNS,
}


class Part(NamedTuple):
    """A knob that a change moves, and by how much: at least, most likely and at most hoped for."""

    knob: Knob
    low: float
    expected: float
    high: float


class Claim(NamedTuple):
    """What a change is expected to do, if it works: to which measure of its cause, relative to before."""

    measure: str
    expected: float


class Made(NamedTuple):
    """A change, compiled: times in days, work in hours."""

    name: str
    kind: str  # lever, article, or what kind of remedy
    key: np.uint64
    parts: tuple[Part, ...]
    works: float
    ramp: float
    halves_in: float  # inf: it lasts
    cost: float
    owner: int  # row, or -1
    cause: int  # the cause that it is about: row, or -1
    effort: float
    lead: float
    claim: Claim | None  # what can be tested of it
    touches: frozenset[int] = frozenset()  # causes that it is about, or moves something of


class Size(NamedTuple):
    """How a change turns out in a replication: whether it works, and what it moves then, by part."""

    works: bool
    moved: tuple[float, ...]


def made_of(name: str, change: Change, rows: Rows, owner: str | None, cause: str | None) -> Made:
    """A change of the scenario, compiled; `owner` and `cause` are those in force."""
    moves = [move for move in change.moves if not move.parameter.endswith(".agents")]
    parts = tuple(_part(move, rows) for move in moves)
    about = rows.causes.index(cause) if cause in rows.causes else -1
    of_causes = [cause_of(part.knob, rows) for part in parts]
    return Made(
        name,
        change.kind if isinstance(change, Remedy) else "lever",
        name_key("change", name),
        parts,
        change.works,
        change.ramp_s / DAY_S,
        math.inf if change.halves_in_s is None else change.halves_in_s / DAY_S,
        change.cost,
        rows.owners.index(owner) if owner in rows.owners else -1,
        about,
        change.effort_h if isinstance(change, Remedy) else 0.0,
        change.lead_s / DAY_S if isinstance(change, Remedy | Lever) else 0.0,
        claim_of(tuple(part for part, of in zip(parts, of_causes, strict=True) if of == about >= 0)),
        frozenset({about, *of_causes} - {-1}),
    )


def _part(move: Move, rows: Rows) -> Part:
    return Part(knob_of(move.parameter, rows), move.low, move.expected, move.high)


def claim_of(parts: tuple[Part, ...]) -> Claim | None:
    """The largest thing that parts are expected to do to their cause; None if that cannot be tested."""
    found: dict[str, float] = {}
    for part in parts:
        measure = _MEASURES.get(part.knob.field)
        if measure is not None and part.knob.row > 0:
            mean = (part.low + part.expected + part.high) / 3.0
            found[measure] = found.get(measure, 0.0) + (-mean if part.knob.field == "deflects" else mean)
    if not any(found.values()):
        return None
    measure = max(found, key=lambda each: abs(found[each]))
    return Claim(measure, found[measure])


def size_of(change: Made, run: np.uint64, attempt: int) -> Size:
    """How the so-manyth attempt (from 0) at a change turns out in a replication."""
    first = counter(attempt, CHANGE)
    works = bool(uniform(run, change.key, first) < change.works)
    hope = uniform(run, change.key, first + 1)
    moved = tuple(triangular(part.low, part.expected, part.high, hope) for part in change.parts)
    return Size(works, moved if works else (0.0,) * len(moved))


def triangular(low: float, mode: float, high: float, u: float) -> float:
    """The quantile of a triangular distribution; `high` may be the smaller end (Law 2015, section 8.3.8)."""
    if low == high:
        return mode
    split = (mode - low) / (high - low)
    if u < split:
        return low + (high - low) * math.sqrt(u * split)
    return high - (high - low) * math.sqrt((1.0 - u) * (1.0 - split))


def level(change: Made, days: int) -> float:
    """Which share of its size a change has on the so-manyth day (0: the first) in force: at noon of that day.

    It grows evenly over its ramp, and then fades by half in each `halves_in`.
    """
    since = days + 0.5
    if since < change.ramp:
        return since / change.ramp
    return 1.0 if math.isinf(change.halves_in) else 0.5 ** ((since - change.ramp) / change.halves_in)


def is_steady(change: Made, days: int) -> bool:
    """Whether the change will stay as it is from that day on."""
    return days + 0.5 >= change.ramp and math.isinf(change.halves_in)
