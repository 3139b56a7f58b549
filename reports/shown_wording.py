"""Numbers of a calibration or a back-test in words: as many places as their intervals deserve."""

import math
import re
from decimal import Decimal
from typing import Final

from reports.wording import MISSING, number_text

_TIMES: Final = (("days", 86_400.0, 259_200.0), ("h", 3600.0, 10_800.0), ("min", 60.0, 600.0))
_BARE: Final = ("contacts", "agents", "")  # units that a table leaves to its heads
_CODE: Final = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_QUANTILE: Final = re.compile(r"p\d+")
_CAPITALS: Final = ("aht", "cv", "sd")
_DIGITS: Final = 3
_MOST_PLACES: Final = 6


def name_words(name: str, unit: str = "") -> tuple[str, str]:
    """A name of code and its unit as people read them: `p90_fitted_s` is "P90 fitted", in seconds."""
    if not _CODE.fullmatch(name):
        return name, unit
    if name.endswith("_s") and unit in ("", "s"):
        name, unit = name.removesuffix("_s"), "s"
    words = name.split("_")
    return " ".join(w.upper() if w in _CAPITALS or _QUANTILE.fullmatch(w) else w for w in words), unit


def amount(value: float | str | None, unit: str, low: float = math.nan, high: float = math.nan) -> str:
    """A number with its unit, to the places of its interval, or to three digits; words as they are."""
    if isinstance(value, str):
        return value
    if value is None or math.isnan(value):
        return MISSING
    scale, name = _scale(value, unit)
    return _with_unit(_number(value * scale, low * scale, high * scale), name)


def interval(value: float | str | None, unit: str, low: float, high: float) -> str:
    """The ends of an interval, in the unit of its value: "246 to 254 s"; nothing where there is none."""
    if math.isnan(low) or math.isnan(high):
        return ""
    about = value if isinstance(value, float | int) and not math.isnan(value) else (low + high) / 2
    scale, name = _scale(about, unit)
    ends = low * scale, high * scale
    return _with_unit(" to ".join(_number(end, *ends) for end in ends), name)


def cell(value: float | str | None, unit: str = "") -> str:
    """A cell of a table: contacts and agents without their unit."""
    if isinstance(value, int) and unit in _BARE:
        return f"{value:,}".replace("-", "−")
    return amount(value, "" if unit in _BARE else unit)


def _scale(value: float, unit: str) -> tuple[float, str]:
    """The factor and the name of the unit that a value of this size is written in."""
    if unit == "share":
        return 100.0, "%"
    if unit != "s":
        return 1.0, unit
    return next(((1.0 / size, name) for name, size, from_s in _TIMES if abs(value) >= from_s), (1.0, "s"))


def _with_unit(number: str, unit: str) -> str:
    return f"{number} {unit}" if unit else number


def _number(value: float, low: float, high: float) -> str:
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    width = high - low
    if not math.isfinite(width) or width <= 0:
        return digits(value)
    places = min(max(0, -math.floor(math.log10(width / 4))), _MOST_PLACES)
    return number_text(value, places)


def digits(value: float) -> str:
    """A pure number to three digits, all of those before the point: 1,234, 25.3, 0.00117."""
    if value == 0 or abs(value) >= 10.0**_DIGITS - 0.5:
        return number_text(value, 0)
    text = f"{Decimal(f'{value:.{_DIGITS}g}'):f}" if abs(value) >= 1e-6 else f"{value:.{_DIGITS}g}"
    return text.replace("-", "−")
