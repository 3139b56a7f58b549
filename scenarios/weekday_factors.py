"""Factors by weekday: how a day of the week differs from the others, whatever its date."""

from collections.abc import Mapping
from typing import Final

from scenarios.day_factors import factor_of
from scenarios.fields import Door
from scenarios.problems import Gather, refuse, shown
from scenarios.units import share_text
from scenarios.week import DAY_NAMES, HOLIDAY, day_name, weekdays

LEAST: Final = 0.01
MOST: Final = 100.0
ALIKE: Final = (1.0,) * len(DAY_NAMES)
FORM: Final = {
    "title": "factors by weekday",
    "type": "object",
    "additionalProperties": {
        "anyOf": [{"type": "number", "minimum": LEAST}, {"type": "string", "pattern": "%$"}]
    },
}


def read_weekday_factors(raw: object, _door: Door) -> tuple[float, ...]:
    """Return seven factors of ``{mon: 104%, sat-sun: 0.85}``; days that are not named have 1."""
    if not isinstance(raw, Mapping) or not raw:
        raise ValueError(f"{shown(raw)} is not a map of weekdays; write {{sat: 85%}}")
    gather, factors, named = Gather(), list(ALIKE), dict[int, str]()
    for key, each in raw.items():
        with gather.at(key):
            days = weekdays(key)
            if HOLIDAY in days:
                refuse("is no weekday; holidays have the factor of their weekday")
            for day in days:
                if day in named:
                    refuse(f"{day_name(day)} is in {named[day]!r} already; name each day once")
                named[day], factors[day] = key, _factor(each)
    gather.finish()
    return tuple(factors)


def _factor(seen: object) -> float:
    """Return a factor written as a number or as a percentage."""
    value = factor_of(seen, "0.85, or 85% of what it is otherwise")
    if not LEAST <= value <= MOST:
        raise ValueError(f"{shown(seen)} is outside {LEAST:g} to {MOST:g} ({share_text(MOST)})")
    return value


def written(factors: tuple[float, ...]) -> dict[str, float]:
    """Return the factors that are not 1, by the names of their days."""
    return {name: each for name, each in zip(DAY_NAMES, factors, strict=True) if each != 1.0}
