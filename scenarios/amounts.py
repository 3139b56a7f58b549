"""Arithmetic on values as they are written: ``{add: 2}`` people, ``{multiply: 1.1}`` of a rate."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from scenarios.problems import shown
from scenarios.units import without_thousands

OPERATIONS: Final = ("multiply", "add")
"""In the order in which they are carried out."""

_AMOUNT = re.compile(
    r"(\s*[$€£¥₹]?\s*)([+-]?(?:[0-9][0-9_]*(?:\.[0-9]+)?|\.[0-9]+))(?![0-9:.])(.*)", re.DOTALL
)
_LARGEST: Final = 1e300
_TIMES: Final = frozenset(
    {
        "exponential",
        "lognormal",
        "gamma",
        "weibull",
        "erlang",
        "hyperexponential",
        "deterministic",
        "empirical",
    }
)
_MONEY: Final = re.compile(r"[$€£¥₹]|\b[A-Z]{3}\b")
_NOT_AMOUNTS: Final = (
    *("from", "step", "per", "time", "value", "count"),  # of a profile
    *("cv", "shape", "k", "share", "balk", "measured_as", "at_concurrency"),  # of a distribution: no times
)
_OF_ONE_KIND: Final = frozenset(
    {
        *("by_interval", "history", "agents", "handle_time", "patience", "after", "months", "special_days"),
        *("lasts", "mitigation", "misrouted", "attempt", "answers", "surge"),
    }
)
_RANGE: Final = frozenset({"low", "expected", "high"})  # of a change that is not sure


def operated(value: Any, operation: Mapping[str, Any], key: object = "agents") -> Any:
    """Return a value of a key multiplied and added to, number by number; raises ValueError where it has none.

    Of a distribution the times are changed: its shape and its shares stay as they are.
    """
    if value is None and key == "multiply":
        value = 1  # what it is where nothing is said
    if value is None:
        raise ValueError("has no value here that could be changed; write the value itself")
    if isinstance(value, dict) and not (set(value) <= _RANGE or key in _OF_ONE_KIND or key in _TIMES):
        listed = ", ".join(map(str, value))
        raise ValueError(f"has amounts of several kinds; name the one to change: {listed}")
    for name in OPERATIONS:
        if name in operation:
            value = _each(value, _by(name, operation[name]), {name: operation[name]})
    return value


def _each(value: Any, change: Callable[[Any], Any], operation: Mapping[str, Any]) -> Any:
    """Change every number in a value; one that is read from a CSV file is changed when it is read."""
    if isinstance(value, dict):
        if "csv" in value:
            return {**value, **_after(value, operation)}
        return {key: v if key in _NOT_AMOUNTS else _each(v, change, operation) for key, v in value.items()}
    if isinstance(value, list):
        return [_each(each, change, operation) for each in value]
    return change(value)


def _after(file: Mapping[str, Any], operation: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is done to the numbers of a file after what is done to them already: x * m + a."""
    factor, summand = file.get("multiply", 1), file.get("add", 0)
    if "multiply" in operation:
        by = _number(operation["multiply"], "multiply")
        return {"multiply": _multiplied(factor, by), **({"add": _multiplied(summand, by)} if summand else {})}
    return {"add": _added(summand, operation["add"])}


def _by(name: str, amount: Any) -> Callable[[Any], Any]:
    if name == "multiply":
        factor = _number(amount, "multiply")
        return lambda value: _multiplied(value, factor)
    return lambda value: _added(value, amount)


def _number(value: Any, name: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= 1e9:
        raise ValueError(f"{name} takes a number, such as 1.1; {shown(value)} is none")
    return value


def _multiplied(value: Any, factor: float) -> Any:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return tidy(value * factor)
    before, amount, unit = _taken_apart(value)
    return f"{before}{tidy(amount * factor)!r}{unit}"


def _added(value: Any, summand: Any) -> Any:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return tidy(value + _number(summand, "add"))
    before, amount, unit = _taken_apart(value)
    _, more, other = _taken_apart(summand)
    if other.strip() != unit.strip():
        raise ValueError(f"{shown(value)} and {shown(summand)} have other units; write them alike")
    return f"{before}{tidy(amount + more)!r}{unit}"


def _taken_apart(value: Any) -> tuple[str, float, str]:
    """Return what stands before a number, the number, and its unit."""
    plain = without_thousands(value) if isinstance(value, str) and _MONEY.search(value) else value
    match = _AMOUNT.fullmatch(plain) if isinstance(plain, str) else None
    if match is None or " in " in match[3] or match[3].startswith(","):
        raise ValueError(f"{shown(value)} is not an amount that can be changed; write the new value itself")
    return match[1], float(match[2].replace("_", "")), match[3]


def tidy(value: float) -> int | float:
    """Return a number without the dust of binary fractions, whole where it is."""
    if not abs(value) <= _LARGEST:
        raise ValueError("gives a number that is larger than any here; write the new value itself")
    rounded = float(f"{value:.12g}")
    return int(rounded) if rounded == int(rounded) and abs(rounded) < 1e15 else rounded
