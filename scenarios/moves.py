"""What a change moves: parameters by path, each by how much, least hopeful to most hopeful.

``{causes.billing.contacts: -25%}``, or ``{low: -10%, expected: -25%, high: -40%}`` where it is not sure. A
further parameter is one entry of ``PARAMETERS``, and a row in docs/scenario.md.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from typing import Annotated, Any, Final, Literal, NamedTuple

from scenarios.fields import Form, reader
from scenarios.problems import Gather, nearest, refuse, shown
from scenarios.units import duration, duration_text, plain_number, share_text

Kind = Literal["factor", "points", "seconds", "agents", "count", "switch"]
AMOUNTS: Final = ("low", "expected", "high")
NAME: Final = "NAME"
"""What stands for the name of a part in a pattern."""
_ALMOST: Final = 0.8  # how alike two words are of which one is a slip of the other
_CHANGE = re.compile(r"\s*([+-]?(?:[0-9][0-9_]*(?:\.[0-9]+)?|\.[0-9]+)(?:e-?[0-9]{1,3})?)\s*(%|)\s*")
_POINTS = re.compile(r"\s*([+-]?[0-9]+(?:\.[0-9]+)?(?:e-?[0-9]{1,2})?)\s*(?:percentage )?points?\s*")
_WHOLE = re.compile(r"\s*\+?([0-9]{1,9})\s*")


class Move(NamedTuple):
    """By how much a parameter moves: triangular between ``low`` and ``high``, most likely ``expected``.

    ``low`` is the least hopeful, ``high`` the most; all three alike are certain. In the unit of the
    parameter: a relative change (-0.25 is a quarter less), a share, seconds, people, a number, 1.0 (on).
    """

    parameter: str
    low: float
    expected: float
    high: float


class Parameter(NamedTuple):
    """A parameter that may be moved: its kind, between which bounds, and what it moves.

    Several changes of one parameter combine: factors multiply (1 + x), all others add. ``better`` is -1 where
    less is hoped for, 1 where more is, 0 where that depends.
    """

    kind: Kind
    least: float
    most: float
    said: str
    better: int = -1


def _factor(said: str, least: float, most: float, better: int = -1) -> Parameter:
    return Parameter("factor", least, most, said, better)


def _points(said: str, least: float = -1.0, better: int = 1) -> Parameter:
    return Parameter("points", least, 1.0, said, better)


def _of(tail: str, parameter: Parameter, *sections: str) -> dict[str, Parameter]:
    """Return a parameter of all, and of each part of some sections."""
    of_one = {"streams": "of a stream", "causes": "of a cause"}
    return {tail: parameter} | {
        f"{section}.{NAME}.{tail}": parameter._replace(said=f"{parameter.said}, {of_one[section]}")
        for section in sections
    }


PARAMETERS: Final[dict[str, Parameter]] = {
    **_of("contacts", _factor("contacts that come", -1.0, 0.0), "streams", "causes"),
    **_of("handle_time", _factor("handle time of contacts", -0.9, 2.0), "streams", "causes"),
    f"groups.{NAME}.handle_time": _factor("time of all that a group does, side work too", -0.9, 2.0),
    **_of("deflection", _points("contacts answered by an article instead", 0.0), "streams", "causes"),
    **_of("returns", _factor("cases that are reopened or repeated", -1.0, 2.0), "streams", "causes"),
    "tagging.accuracy": _points("share of tags that is right"),
    "tagging.untagged": _factor("contacts without a tag", -1.0, 2.0),
    "tagging.collisions": _factor("contacts worked on twice", -1.0, 2.0),
    "tagging.triage": _factor("time of triage", -1.0, 2.0),
    "tagging.handle_time": Parameter(
        "seconds", 0.0, 600.0, "more work on the first leg of each contact, as for mandatory fields"
    ),
    "routing": Parameter(
        "switch", 1.0, 1.0, "from its day on routing rules hold; before, all join their stream's queue", 1
    ),
    f"side_work.{NAME}.share": _points("share of cases that brings this side work", better=0),
    "incidents.detection_delay": _factor("time until incidents are known", -1.0, 2.0),
    "incidents.mitigation": _factor("time until incidents are mended", -1.0, 2.0),
    "incidents.starts": _factor("incidents that start", -1.0, 0.0),
    "incidents.status_page": _points(
        "share of a surge that a status page keeps away; where there was none, it is up after 15 min"
    ),
    "quality": _factor("how well work is done: QA scores rise with it, and less is reopened", -0.5, 1.0, 1),
    f"groups.{NAME}.hurry": _factor("haste and harm of a hurry", -1.0, 0.0),
    f"groups.{NAME}.agents": Parameter(
        "agents", 1.0, 1000.0, "more people from its day on; not with shifts", 0
    ),
    f"owners.{NAME}.capacity": _factor("hours a week of an owner", -1.0, 4.0, 1),
    f"owners.{NAME}.prevention": _points("share of these hours that is given to improvements"),
    "loop.information_delay": _factor("time until the loop knows what happened", -1.0, 0.0),
    "loop.bonus_weight": _points("share of managers' bonus that weighs avoidable contacts"),
    "loop.tag_audit": Parameter(
        "count", 1.0, 100_000.0, "tags looked at a week, so that it is known how many are wrong", 1
    ),
}
"""Every parameter that may be moved, by the pattern of its path."""

_SECTIONS: Final = tuple(dict.fromkeys(path.split(".")[0] for path in PARAMETERS if NAME in path))
_PREVENTION: Final = PARAMETERS[f"owners.{NAME}.prevention"]
OF_LOOP: Final[dict[str, Parameter]] = {
    "deflection": PARAMETERS["deflection"],
    "handle_time": PARAMETERS["handle_time"],
    "prevention": _PREVENTION,
    "hurry": PARAMETERS[f"groups.{NAME}.hurry"],
}
"""What parts of the loop move, by the key under which they say how much."""
ALL_AT_ONCE: Final = ("agents", "count", "switch")
"""Kinds that are certain, and come whole: half a person is none."""


class Whose(NamedTuple):
    """A parameter taken apart: its pattern, and the section and the name of the part that it is of."""

    pattern: str
    section: str
    name: str


def whose(parameter: str) -> Whose:
    """Return the pattern of a path, with section and name where it is of one part; of all, both are empty."""
    parts = parameter.split(".")
    if len(parts) == 3 and parts[1] and (pattern := f"{parts[0]}.{NAME}.{parts[2]}") in PARAMETERS:
        return Whose(pattern, parts[0], parts[1])
    return Whose(parameter, "", "")


def parameter_of(path: str) -> Parameter:
    """Return the parameter at a path; raises ValueError where there is none."""
    found = PARAMETERS.get(whose(path).pattern)
    if found is None:
        close = nearest(path, _like(path))
        hint, allowed = close.partition(" Allowed")[0], nearest("", PARAMETERS).removeprefix(";")
        raise ValueError(f"is no parameter that a change may move{hint}{allowed}")
    return found


def _like(path: str) -> Iterator[str]:
    """Yield parameters that a path may mean; its name only in its own section: it may be none of another."""
    parts = path.split(".")
    meant = get_close_matches(parts[0], _SECTIONS, n=1, cutoff=_ALMOST) if len(parts) == 3 else ()
    for pattern in PARAMETERS:
        section = pattern.split(".")[0]
        yield pattern.replace(NAME, parts[1]) if section in meant else pattern


def _relative(seen: object) -> float:
    match = _CHANGE.fullmatch(seen) if isinstance(seen, str) else None
    if isinstance(seen, int | float) and not isinstance(seen, bool):
        return _rounded(seen * 100.0)
    if match is None:
        raise ValueError(f"{shown(seen)} is not a relative change; write '-25%'")
    return _rounded(float(match[1]) * (1.0 if match[2] else 100.0))


def _rounded(percent: float) -> float:
    """Return percent as a share, to a billionth of a percent: so it can be written in percent, exactly."""
    return round(percent, 9) / 100.0


def _in_points(seen: object) -> float:
    match = _POINTS.fullmatch(seen) if isinstance(seen, str) else None
    if match is None:
        raise ValueError(f"{shown(seen)} is not a change in percentage points; write '+8 points'")
    return _rounded(float(match[1]))


def _seconds(seen: object) -> float:
    return duration(seen.strip().removeprefix("+") if isinstance(seen, str) else seen)


def _whole(seen: object) -> float:
    match = _WHOLE.fullmatch(seen) if isinstance(seen, str) else None
    number = int(match[1]) if match else seen
    if isinstance(number, bool) or not isinstance(number, int):
        raise ValueError(f"{shown(seen)} is not a whole number; write one such as 2")
    return float(number)


def _on(seen: object) -> float:
    if str(seen).lower() not in ("on", "yes", "true"):
        raise ValueError(f"{shown(seen)} is not a switch that is turned; write on, or leave it out")
    return 1.0


_READERS: Final[dict[Kind, Callable[[object], float]]] = {
    "factor": _relative,
    "points": _in_points,
    "seconds": _seconds,
    "agents": _whole,
    "count": _whole,
    "switch": _on,
}


def amount_text(kind: Kind, value: float) -> str | int:
    """Write an amount so that it reads back as exactly the same number."""
    sign = "+" if value > 0 else ""
    if kind == "factor":
        return f"{sign}{share_text(value)}"
    if kind == "points":
        return f"{sign}{plain_number(round(value * 100.0, 9))} points"
    if kind == "seconds":
        return f"{sign}{duration_text(value)}"
    return "on" if kind == "switch" else int(value)


def _one(parameter: Parameter, seen: object, in_python: bool) -> float:
    """Return one amount within the bounds of its parameter; only Python may give the bare number."""
    is_number = isinstance(seen, int | float) and not isinstance(seen, bool)
    value = float(seen) if in_python and is_number else _READERS[parameter.kind](seen)  # type: ignore[arg-type]
    if not parameter.least <= value <= parameter.most:
        least, most = (amount_text(parameter.kind, each) for each in (parameter.least, parameter.most))
        minus = "; what becomes less has a minus" if parameter.most == 0 and value > 0 else ""
        percent = (
            f"; for {seen:g} percent write '{seen:g}%'" if is_number and parameter.kind == "factor" else ""
        )
        raise ValueError(f"{shown(seen)} is outside {least} to {most}{percent or minus}")
    return value


def read_amounts(path: str, parameter: Parameter, seen: object, in_python: bool) -> Move:
    """Return the move of ``-25%``, or of ``{low: -10%, expected: -25%, high: -40%}``."""
    if not isinstance(seen, Mapping):
        value = _one(parameter, seen, in_python)
        return Move(path, value, value, value)
    if parameter.kind in ALL_AT_ONCE:
        raise ValueError(f"{shown(dict(seen))} is a range; this is decided, not hoped for: write one value")
    gather, found = Gather(), dict[str, float]()
    for key in seen:
        with gather.at(str(key)):
            if key not in AMOUNTS:
                refuse(f"is not a known key{nearest(str(key), AMOUNTS)}")
            found[str(key)] = _one(parameter, seen[key], in_python)
    for key in AMOUNTS:
        if key not in seen:
            with gather.at(key):
                refuse("is missing; add it")
    gather.finish()
    move = Move(path, *(found[key] for key in AMOUNTS))
    _refuse_disorder(parameter, move)
    return move


def _refuse_disorder(parameter: Parameter, move: Move) -> None:
    """Refuse amounts that do not go from the least to the most hopeful."""
    rising, falling = move.low <= move.expected <= move.high, move.low >= move.expected >= move.high
    if (rising and parameter.better >= 0) or (falling and parameter.better <= 0):
        return
    right = sorted(move[1:], reverse=parameter.better < 0)
    better = {-1: "less is better here", 1: "more is better here", 0: "expected is between them"}
    told = ", ".join(
        f"{key}: {amount_text(parameter.kind, each)}" for key, each in zip(AMOUNTS, right, strict=True)
    )
    raise ValueError(
        f"goes from the least hopeful (low) to the most (high), and {better[parameter.better]}; "
        f"write {{{told}}}"
    )


def moves_written(moves: tuple[Move, ...]) -> dict[str, Any]:
    """Return moves as the plain data of a file."""
    return {move.parameter: amounts_written(parameter_of(move.parameter), move) for move in moves}


def amounts_written(parameter: Parameter, move: Move) -> Any:
    """Return the amounts of a move as plain data: one value where all are alike."""
    low, expected, high = (amount_text(parameter.kind, each) for each in move[1:])
    return expected if move.low == move.high else {"low": low, "expected": expected, "high": high}


def _read_moves(seen: object, info: Any) -> tuple[Move, ...]:
    if isinstance(seen, tuple) and info.context is None:
        return seen
    if not isinstance(seen, Mapping) or not seen:
        raise ValueError(f"{shown(seen)} is not a map of parameters; write {{causes.billing.contacts: -25%}}")
    gather, found = Gather(), list[Move]()
    for path, each in seen.items():
        with gather.at(str(path)):
            found.append(read_amounts(str(path), parameter_of(str(path)), each, info.context is None))
    gather.finish()
    return tuple(found)


AMOUNT: Final[Form] = {
    "title": "amount of a change",
    "anyOf": [
        {"type": ["string", "number", "boolean"]},
        {
            "type": "object",
            "additionalProperties": False,
            "required": list(AMOUNTS),
            "properties": {key: {"type": ["string", "number"]} for key in AMOUNTS},
        },
    ],
}
MOVES: Final[Form] = {
    "title": "moves",
    "type": "object",
    "additionalProperties": False,
    "properties": {
        path: {**AMOUNT, "description": each.said} for path, each in PARAMETERS.items() if NAME not in path
    },
    "patternProperties": {
        f"^{re.escape(path).replace(NAME, '[^.]+')}$": {**AMOUNT, "description": each.said}
        for path, each in PARAMETERS.items()
        if NAME in path
    },
}

Moves = Annotated[tuple[Move, ...], reader(_read_moves, MOVES)]
"""What a change moves, and by how much."""


def amounts_of_loop(key: str) -> Any:
    """Return the reader of the amounts that a part of the loop has under a key of ``OF_LOOP``."""

    def read(seen: object, info: Any) -> Move:
        if isinstance(seen, Move):
            return seen
        return read_amounts(key, OF_LOOP[key], seen, info.context is None)

    return reader(read, AMOUNT)
