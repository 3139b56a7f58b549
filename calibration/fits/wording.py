"""How numbers of fits are written: to the digits that they deserve, with a unit that people can picture."""

import math
from typing import Final

from scenarios.units import duration_text, plain_number

_UNITS: Final = (("days", 86_400.0), ("h", 3600.0), ("min", 60.0))


def rounded(value: float, digits: int = 4) -> float:
    """The number to so many significant digits."""
    return float(f"{value:.{digits}g}")


def number_words(value: float, digits: int = 3) -> str:
    """A pure number for people; "unknown" if it is not one."""
    if math.isfinite(value):
        return plain_number(rounded(value, digits))
    return "unknown" if math.isnan(value) else "∞"


def seconds_words(value: float, digits: int = 3) -> str:
    """A time for people: seconds up to ten minutes, then minutes; from three on hours, and days."""
    if not math.isfinite(value):
        return number_words(value)
    for unit, size in _UNITS:
        if abs(value) >= (600.0 if unit == "min" else 3.0 * size):
            return f"{number_words(value / size, digits)} {unit}"
    return f"{number_words(value, digits)} s"


def share_words(value: float) -> str:
    """A share as a percentage for people."""
    return f"{number_words(100.0 * value)}%" if math.isfinite(value) else number_words(value)


def in_unit(value: float, unit: str) -> str:
    """A number with its unit: "s" is time, "share" a percentage, "" a pure number."""
    words = {"s": seconds_words, "share": share_words}
    return words[unit](value) if unit in words else f"{number_words(value)} {unit}".rstrip()


def interval_words(value: float, low: float, high: float, unit: str) -> str:
    """A number with its 95 % interval, where it has one."""
    if math.isnan(low) or math.isnan(high):
        return in_unit(value, unit)
    return f"{in_unit(value, unit)} (95 %: {in_unit(low, unit)} to {in_unit(high, unit)})"


def seconds_text(value: float) -> str:
    """Seconds as a scenario has them, to five digits."""
    return duration_text(rounded(value, 5))
