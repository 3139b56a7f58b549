"""Maps from names to shares or factors, and lists of names: how mixes and conditions are written."""

import math
from collections.abc import Callable, Mapping
from typing import Annotated, Final

from scenarios.day_factors import factor_of
from scenarios.fields import SHARE, Form, quantity, text, value
from scenarios.problems import Gather, ReadingError, findings_of, refuse, shown
from scenarios.units import share, share_text

_CLOSE: Final = 1e-6  # of a sum to 1, for people who write 33.3333%
_EXACT: Final = 1e-12  # sums this close are left as written, so that writing and reading change nothing
LEAST_FACTOR: Final = 0.01
MOST_FACTOR: Final = 100.0

FACTOR: Final = {
    "title": "factor",
    "anyOf": [
        {"type": "string", "pattern": r"^[\d.]+ *%$"},
        {"type": "number", "minimum": LEAST_FACTOR, "maximum": MOST_FACTOR},
    ],
    "examples": ["110%", 1.1],
}
MIX: Final = {"title": "mix", "type": "object", "additionalProperties": SHARE}
SHARES: Final = {"title": "shares by name", "type": "object", "additionalProperties": SHARE}
FACTORS: Final = {"title": "factors by name", "type": "object", "additionalProperties": FACTOR}
SOME_NAMES: Final = {
    "title": "a name or names",
    "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}],
}


def by_name(seen: object, read: Callable[[object], float], example: str) -> dict[str, float]:
    """Return a map from names to numbers, each read by itself; the example says what to write."""
    if not isinstance(seen, Mapping) or not seen:
        raise ValueError(f"{shown(seen)} is not a map from names; write {example}")
    gather, numbers = Gather(), dict[str, float]()
    for name, each in seen.items():
        with gather.at(str(name)):
            numbers[str(name)] = read(each)
    gather.finish()
    return numbers


def read_mix(seen: object) -> dict[str, float]:
    """Return the shares (0-1) of a mix by name; they add up to 1."""
    shares = by_name(seen, share, "{billing: 30%, how_to: 70%}")
    total = math.fsum(shares.values())
    if abs(total - 1) > _CLOSE:
        raise ValueError(f"the shares sum to {share_text(round(total, 6))}; they must sum to 100%")
    return shares if abs(total - 1) <= _EXACT else {name: each / total for name, each in shares.items()}


def read_shares(seen: object) -> dict[str, float]:
    """Return shares (0-1) by name, each for itself."""
    return by_name(seen, share, "{fraud: 0.5%}")


def read_some(seen: object) -> dict[str, float]:
    """Return shares (0-1) by name that add up to at most 1: the rest does something else."""
    shares = by_name(seen, share, "{calls: 30%}")
    total = math.fsum(shares.values())
    if total > 1 + _CLOSE:
        raise ValueError(f"the shares sum to {share_text(round(total, 6))}; more than 100% cannot be")
    return shares


def factor(seen: object) -> float:
    """Return a factor written as a number or as a percentage."""
    found = factor_of(seen, "110%, or 1.1")
    if not LEAST_FACTOR <= found <= MOST_FACTOR:
        raise ValueError(f"{shown(seen)} is outside {LEAST_FACTOR:g} to {MOST_FACTOR:g}")
    return found


def read_factors(seen: object) -> dict[str, float]:
    """Return factors by name."""
    return by_name(seen, factor, "{phone: 110%}")


def read_names(seen: object) -> tuple[str, ...]:
    """Return one name or a list of them, each once."""
    gather, names = Gather(), list[str]()
    if not isinstance(seen, list | tuple):
        return (text(seen),)
    for i, each in enumerate(seen):
        with gather.at(i):
            name = text(each)
            if name in names:
                refuse(f"names {name!r} twice; name it once")
            names.append(name)
    gather.finish()
    if not names:
        raise ValueError("is an empty list; name at least one, or leave the key out")
    return tuple(names)


def python_names(seen: object) -> tuple[str, ...]:
    """Return names as in a file; in Python no name at all (any) may be given as an empty tuple."""
    return () if seen == () else read_names(seen)


def placed_below(error: ValueError, *place: str | int) -> ReadingError:
    """Return what an error has found, seen from further up."""
    return ReadingError(finding.below(*place) for finding in findings_of(error))


def mix_form(title: str) -> Form:
    """Return the form of a mix that has a name of its own."""
    return {**MIX, "title": title}


Mix = Annotated[dict[str, float], value(read_mix, MIX)]
"""Shares by name that add up to 1."""
Shares = Annotated[dict[str, float], value(read_shares, SHARES)]
"""Shares by name, each for itself."""
SomeShares = Annotated[dict[str, float], value(read_some, SHARES)]
"""Shares by name that add up to at most 1."""
Factor = Annotated[float, quantity(factor, FACTOR)]
"""A factor: 1.1, or 110%."""
Factors = Annotated[dict[str, float], value(read_factors, FACTORS)]
"""Factors by name."""
SomeNames = Annotated[tuple[str, ...], value(python_names, SOME_NAMES)]
"""Some names, of which any will do; empty: all."""
