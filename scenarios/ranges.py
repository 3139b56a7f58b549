"""How sure a business case is: of some inputs low, expected and high, the least hopeful end first."""

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any, Final, NamedTuple

from scenarios.day_factors import factor_of
from scenarios.fields import Form
from scenarios.problems import Gather, nearest, shown
from scenarios.units import number, share_text

UNSURE: Final = ("effect", "volume", "handle_time", "pay", "attrition", "once", "running", "delay_months")
"""What may be unsure. All but ``delay_months`` (months by which it comes later) are factors of what is
expected: how much of the change happens, contacts that come, handle time, pay, people who leave, costs paid
once, costs that run."""
SIMULATED: Final = UNSURE[:3]
"""Those of which only a simulation knows what they do to staffing."""
DELAY: Final = "delay_months"
_LESS_IS_HOPED: Final = ("once", "running", DELAY)
_MORE_IS_HOPED: Final = ("effect", "attrition")
_ENDS: Final = ("low", "expected", "high")
_MOST_FACTOR: Final = 100.0
_MOST_MONTHS: Final = 120.0
FACTOR: Final = {
    "title": "factor",
    "anyOf": [
        {"type": "string", "pattern": r"^[\d.]+ *%$"},
        {"type": "number", "minimum": 0, "maximum": _MOST_FACTOR},
    ],
}
_MONTHS: Final = {"type": "number", "minimum": 0, "maximum": _MOST_MONTHS}


class Range(NamedTuple):
    """Triangular between ``low`` and ``high``, most likely ``expected``; low is the least hopeful end."""

    low: float
    expected: float
    high: float


def _form_of(name: str) -> Form:
    each = _MONTHS if name == DELAY else FACTOR
    ends = dict.fromkeys(_ENDS, each)
    return {"type": "object", "additionalProperties": False, "required": list(_ENDS), "properties": ends}


FORM: Final[Form] = {
    "title": "ranges by name",
    "type": "object",
    "additionalProperties": False,
    "properties": {name: _form_of(name) for name in UNSURE},
}


def read_ranges(seen: object) -> dict[str, Range]:
    """Return the ranges of ``{effect: {low: 50%, expected: 100%, high: 120%}}``."""
    if not isinstance(seen, Mapping) or not seen:
        example = "{effect: {low: 50%, expected: 100%, high: 120%}}"
        raise ValueError(f"{shown(seen)} is not a map of ranges; write {example}")
    gather, found = Gather(), dict[str, Range]()
    for name, each in seen.items():
        with gather.at(str(name)):
            if name not in UNSURE:
                raise ValueError(f"is nothing that may be unsure here{nearest(str(name), UNSURE)}")
            found[str(name)] = each if isinstance(each, Range) else _range(str(name), each)
    gather.finish()
    return found


def _range(name: str, seen: object) -> Range:
    """Return one range; its three ends are told each at its own place."""
    example = "{low: 3, expected: 0, high: 0}" if name == DELAY else "{low: 50%, expected: 100%, high: 120%}"
    if not isinstance(seen, Mapping):
        raise ValueError(f"{shown(seen)} is not a range; write {example}")
    read = _months if name == DELAY else factor
    gather, ends = Gather(), dict[str, float]()
    for end in (*_ENDS, *(key for key in seen if key not in _ENDS)):
        with gather.at(str(end)):
            ends[str(end)] = _end(seen, end, read)
    gather.finish()
    found = Range(*(ends[end] for end in _ENDS))
    _in_order(name, found)
    return found


def _end(seen: Mapping[Any, object], end: object, read: Callable[[object], float]) -> float:
    if end not in _ENDS:
        raise ValueError(f"is not a known key{nearest(str(end), _ENDS)}")
    if end not in seen:
        raise ValueError("is missing; add it")
    return read(seen[end])


def factor(seen: object, most: float = _MOST_FACTOR) -> float:
    """Return a factor from 0 on, written as a number or as a percentage."""
    found = factor_of(seen, "120%, or 1.2")
    if not 0 <= found <= most:
        raise ValueError(f"{shown(seen)} is outside 0% to {share_text(most)}")
    return found


def _months(seen: object) -> float:
    return number(seen, 0.0, _MOST_MONTHS)


def _in_order(name: str, found: Range) -> None:
    """Refuse ends that are out of order: low is the least hopeful one."""
    rises = all(a <= b for a, b in pairwise(found))
    falls = all(a >= b for a, b in pairwise(found))
    if name in _LESS_IS_HOPED and not falls:
        raise ValueError("has its ends out of order: low is the least hopeful, so the most of it")
    if name in _MORE_IS_HOPED and not rises:
        raise ValueError("has its ends out of order: low is the least hopeful, so the least of it")
    if not (rises or falls):
        raise ValueError("has its ends out of order: expected lies between low and high")


def range_written(name: str, found: Range) -> dict[str, Any]:
    """Write a range as it is written in a file."""
    return {end: _end_text(name, each) for end, each in zip(_ENDS, found, strict=True)}


def _end_text(name: str, each: float) -> Any:
    if name != DELAY:
        return share_text(each)
    return int(each) if each == int(each) else each
