"""Differences as people write them: +6.3 points ± 0.4, −412 ± 20, −1 min 20 s ± 3 s."""

import math
from typing import Final

from reports.comparison import Change
from reports.figures import Figure
from reports.quantile_wording import say_measure
from reports.wording import (
    COUNTED,
    MINUS,
    MISSING,
    NO_INTERVAL,
    SYMBOLS,
    Words,
    margin_text,
    number_text,
    say,
)
from scenarios.case_definitions import POINTS

MARK: Final = "*"  # an interval that leaves out 0
_MOST_PLACES: Final = {"share": 2, **dict.fromkeys(COUNTED, 4), "h": 2}  # of money: 2
_AROUND: Final = {  # what stands before and after a number; anything else is a currency
    "share": ("", " points"),
    POINTS: ("", " points"),
    **dict.fromkeys(COUNTED, ("", "")),
    "h": ("", " h"),
    "": ("", ""),
}


def say_difference(change: Change, tell_missing: bool = True, mark: bool = True) -> Words:
    """Write a difference with its sign and margin, and a mark where its interval leaves out 0."""
    if math.isnan(change.difference):
        return Words(MISSING)
    sign = "" if change.difference == 0 else MINUS if change.difference < 0 else "+"
    words = _time(change) if change.unit == "s" else _number(change)
    margin = words.margin if change.has_interval else NO_INTERVAL if tell_missing else ""
    sign = sign if any(digit in words.value for digit in "123456789") else ""  # none before a zero
    value = "0" if change.difference == 0 else f"{sign}{words.value}"
    return Words(value, f"{margin} {MARK}" if mark and change.is_clear else margin)


def _time(change: Change) -> Words:
    """A span of time is written like the figure itself."""
    half, size = _half(change), abs(change.difference)
    return say(Figure(size, size - half, size + half, "s"), tell_missing=False)


def _number(change: Change) -> Words:
    """A number to as many places as its margin needs for a digit that is not 0."""
    is_share = change.unit == "share"
    factor = 100.0 if is_share else 1.0
    size, half = abs(change.difference) * factor, _half(change) * factor
    places = max(min(_places(half, size), _MOST_PLACES.get(change.unit, 2)), 1 if is_share else 0)
    before, after = _AROUND.get(change.unit, (SYMBOLS.get(change.unit, f"{change.unit} "), ""))
    margin = f"± {margin_text(half, places)}" if change.has_interval else ""
    return Words(f"{before}{number_text(size, places)}{after}", margin)


def _half(change: Change) -> float:
    """Half of the interval's width."""
    return change.high - change.difference


def _places(half: float, size: float) -> int:
    """Places up to the first digit of the margin; without a margin, of three digits of the value."""
    if half > 0:
        return max(0, math.ceil(-math.log10(half)))
    return max(0, 2 - math.floor(math.log10(size))) if size > 0 and size != round(size) else 0


def say_value(change: Change, against: bool = False) -> Words:
    """Write a value of one version, without its own interval: the margin that counts is the difference's."""
    value = change.value_against if against else change.value
    figure = Figure(value, float("nan"), float("nan"), change.unit)
    return say_measure(change.key[0], figure, tell_missing=False)


def narrower_text(change: Change) -> str:
    """How many times narrower than with chances of their own: 6.4×."""
    return "" if math.isnan(change.narrower) else f"{change.narrower:.1f}×"
