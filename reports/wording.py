"""Numbers as people write them: 82.4 % ± 0.6, 1 min 20 s ± 3 s, $600,414 ± 52.

A margin is written to as many places as its value; one that would round to nothing is rounded up
to the last place shown: a report may be a little too modest, never too sure.
"""

import re
import unicodedata
from decimal import Decimal
from typing import Final, NamedTuple

from reports.figures import Figure
from scenarios.case_definitions import POINTS

SYMBOLS: Final = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "INR": "₹"}
COUNTED: Final = (
    "contacts",
    "agents",
    "cases",
    "legs",
    "transfers",
    "updates",
    "pieces",
    "views",
    "incidents",
)  # units
MISSING: Final = "–"
MINUS: Final = "−"
NO_INTERVAL: Final = "no interval"
_MINUTE: Final = 60.0
_HOUR: Final = 3600.0
_DAY: Final = 86_400.0


class Words(NamedTuple):
    """A figure in words: its value, and its margin ("± 0.6", "no interval" or nothing)."""

    value: str
    margin: str = ""

    def __str__(self) -> str:
        return " ".join(filter(None, self))


_STEERING: Final = re.compile(  # marks that turn text around, and what no XML may have
    "[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]"
)
_PLAIN: Final = re.compile(r"[\t\n\r\x20-\x7e]*")
_OPEN, _CLOSE = "\u2068", "\u2069"  # first strong isolate, and its end


def isolated(text: str) -> str:
    """Text whose parts from right to left, and marks of direction, leave the words around them in order.

    Marks are written out (`\\u202e`), and so are control characters; a run of such letters is put between
    isolates.
    """
    if _PLAIN.fullmatch(text):
        return text
    plain_text = _STEERING.sub(lambda mark: f"\\u{ord(mark[0]):04x}", text)
    places = [n for n, c in enumerate(plain_text) if unicodedata.bidirectional(c) in ("R", "AL")]
    found, done = [], 0
    for first, last in _runs(plain_text, places):
        found += [plain_text[done:first], _OPEN, plain_text[first:last], _CLOSE]
        done = last
    return "".join([*found, plain_text[done:]])


def shortened(text: str, at_most: int) -> str:
    """Text of at most so many characters."""
    return text if len(text) <= at_most else f"{text[: at_most - 1]}…"


def _runs(text: str, places: list[int]) -> list[tuple[int, int]]:
    """Join places between which no letter from left to right stands: [first, last) of each run."""
    runs: list[tuple[int, int]] = []
    for n in places:
        if runs and not any(unicodedata.bidirectional(c) == "L" for c in text[runs[-1][1] : n]):
            runs[-1] = runs[-1][0], n + 1
        else:
            runs.append((n, n + 1))
    return runs


def say(figure: Figure, tell_missing: bool = True) -> Words:
    """Write a figure; `tell_missing` says where it has no interval."""
    if not figure.exists:
        return Words(MISSING)
    value, margin = _WRITERS.get(figure.unit, _money_or_plain)(figure)
    if figure.has_interval:
        return Words(value, f"± {margin}")
    return Words(value, NO_INTERVAL if tell_missing else "")


def share_text(share: float) -> str:
    """A share as asked for: 80 %, 82.5 %."""
    return f"{plain(share * 100.0)} %"


def plain(value: float) -> str:
    """A number without needless zeros: 80, 82.5."""
    return f"{value:,.3f}".rstrip("0").rstrip(".")


def margin_text(half: float, places: int) -> str:
    """A margin to so many places, never zero unless it is."""
    least = 10.0**-places
    shown = half if half == 0 or half >= least / 2 else least
    return "0" if half == 0 else f"{shown:,.{places}f}"


def number_text(value: float | Decimal, places: int) -> str:
    """A number to so many places with thousands separated; no minus before a zero."""
    text = f"{abs(value):,.{places}f}"
    return f"{MINUS}{text}" if value < 0 and float(text.replace(",", "")) != 0 else text


def signed_text(value: float, places: int) -> str:
    """A number with its sign, none before a zero: +0.31, −4.0."""
    text = number_text(value, places)
    return f"+{text}" if value > 0 and number_text(-value, places) != text else text


def places_of(value: float) -> int:
    """Places that a plain number of this size is shown to."""
    if value == 0:
        return 0
    return 0 if abs(value) >= 1000 else 1 if abs(value) >= 10 else 2


def duration_text(seconds: float) -> str:
    """A duration in at most two units: 8.7 s, 1 min 20 s, 3 h 9 min, 2 days 3 h."""
    if abs(seconds) < 59.95:
        return f"{plain(round(seconds, 1))} s"
    if abs(seconds) < _HOUR - 0.5:
        return _two_units(seconds, _MINUTE, "min", 1.0, "s")
    if abs(seconds) < 2 * _DAY - 30:
        return _two_units(seconds, _HOUR, "h", _MINUTE, "min")
    return _two_units(seconds, _DAY, "days", _HOUR, "h")


def _two_units(seconds: float, large: float, large_name: str, small: float, small_name: str) -> str:
    """Write seconds as so many large units and a rest in small ones."""
    whole, rest = divmod(round(seconds / small), round(large / small))
    return f"{whole:,} {large_name}" + (f" {rest} {small_name}" if rest else "")


def money_text(amount: float | Decimal, currency: str, places: int | None = None) -> str:
    """An amount with its symbol, or the ISO code of its currency; no cents from 1,000 on, unless asked."""
    text = number_text(amount, money_places(amount) if places is None else places)
    sign, size = (MINUS, text[1:]) if text.startswith(MINUS) else ("", text)
    return f"{sign}{SYMBOLS[currency]}{size}" if currency in SYMBOLS else f"{currency} {text}"


def money_places(amount: float | Decimal) -> int:
    return 0 if amount >= 1000 or amount <= -1000 else 2


def _percent(figure: Figure) -> tuple[str, str]:
    return f"{number_text(figure.mean * 100.0, 1)} %", margin_text(figure.half * 100.0, 1)


def _duration(figure: Figure) -> tuple[str, str]:
    short = 0 < figure.mean < 59.95
    value = f"{figure.mean:.1f} s" if short else duration_text(figure.mean)
    return value, _span_text(figure.half) if figure.has_interval else ""


def _span_text(seconds: float) -> str:
    """A margin of time in one unit: 0.4 s, 70 s, 10 min, 3 h."""
    for size, name in ((1.0, "s"), (_MINUTE, "min"), (_HOUR, "h"), (_DAY, "days")):
        count = seconds / size
        if count < 120 or name == "days":
            break
    least = 0.1 if seconds else 0.0
    return f"{plain(max(round(count, 1 if count < 10 else 0), least))} {name}"


def _number(figure: Figure) -> tuple[str, str]:
    places = places_of(figure.mean)
    if not figure.half > 0 and figure.mean == round(figure.mean):
        places = 0
    return number_text(figure.mean, places), margin_text(figure.half, places)


def _points(figure: Figure) -> tuple[str, str]:
    return signed_text(figure.mean, 1), margin_text(figure.half, 1)


def _hours(figure: Figure) -> tuple[str, str]:
    value, margin = _number(figure)
    return f"{value} h", margin


def _money_or_plain(figure: Figure) -> tuple[str, str]:
    """Any unit that is not known is the ISO code of a currency; none at all is a plain number."""
    if not figure.unit:
        return _number(figure)
    return money_text(figure.mean, figure.unit), margin_text(figure.half, money_places(figure.mean))


_WRITERS: Final = {
    "share": _percent,
    "s": _duration,
    **dict.fromkeys(COUNTED, _number),
    "h": _hours,
    POINTS: _points,
}
