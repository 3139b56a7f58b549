"""Times within which something is promised: ``95% in 15 min``, ``1 business day``, ``same day``.

A time runs on the clock beside it: where the clock is opening hours, four hours are four open hours.
"""

import re
from typing import Annotated, Any, Final, Literal, NamedTuple

from scenarios.fields import reader, text_form
from scenarios.problems import shown
from scenarios.units import duration, duration_text, positive_duration, share, share_text

Kind = Literal["time", "days", "same_day"]
USUAL_SHARE: Final = 0.9
_MOST_DAYS: Final = 400
_WITHIN = re.compile(r"(.+?)\s*\b(?:in|within)\b\s*(.+)")
_OF_SAME_DAY = re.compile(r"(\S+\s*%?)\s+(same day)")
_BUSINESS = re.compile(r"\s*([0-9]+)\s*(?:business|working)\s*days?\s*")
_OPEN_TIME = re.compile(r"\s*([0-9.]+)\s*(?:business|working)\s*(hours?|h|minutes?|min)\s*")
_EXAMPLES: Final = ("95% in 15 min", "4 h", "90% in 3 business days", "same day")
LIMIT: Final = text_form("time limit", *_EXAMPLES)


class Limit(NamedTuple):
    """What is promised: this share (0-1) within a time, some business days, or the day it came.

    ``amount_s`` counts while the clock runs (kind ``time``); ``days`` are business days (kind ``days``).
    """

    share: float = USUAL_SHARE
    kind: Kind = "time"
    amount_s: float = 0.0
    days: int = 0


def read_limit(seen: object) -> Limit:
    """Return the limit of ``15 min``, ``95% in 15 min``, ``1 business day`` or ``90% same day``."""
    if isinstance(seen, Limit):
        return seen
    if not isinstance(seen, str):
        raise ValueError(f"{shown(seen)} is not a time limit; write {_listed()}")
    found = _WITHIN.fullmatch(seen) or _OF_SAME_DAY.fullmatch(seen.strip())
    asked, amount = (share(found[1]), found[2]) if found else (USUAL_SHARE, seen)
    if not 0 < asked <= 1:
        raise ValueError(f"{shown(seen)} asks for nothing; write a share above 0%")
    return _limit(asked, amount.strip())


def _limit(asked: float, amount: str) -> Limit:
    if amount == "same day":
        return Limit(asked, "same_day")
    if match := _BUSINESS.fullmatch(amount):
        days = int(match[1])
        if not 1 <= days <= _MOST_DAYS:
            raise ValueError(f"{amount!r} is outside 1 to {_MOST_DAYS} business days")
        return Limit(asked, "days", 0.0, days)
    if match := _OPEN_TIME.fullmatch(amount):
        return Limit(asked, "time", positive_duration(f"{match[1]} {match[2]}"))
    if "business" in amount or "working" in amount or "same" in amount:
        raise ValueError(f"{amount!r} is not a time limit; write {_listed()}")
    duration(amount)  # for its message, which knows of slips of the unit
    return Limit(asked, "time", positive_duration(amount))


def _listed() -> str:
    return f"{', '.join(_EXAMPLES[:-1])} or {_EXAMPLES[-1]}"


def runs_on_business_time(seen: object) -> bool:
    """Tell whether a limit as written speaks of business hours, which only a clock with hours has."""
    return isinstance(seen, str) and _OPEN_TIME.fullmatch(_WITHIN.sub(r"\2", seen)) is not None


def limit_text(limit: Limit) -> str:
    """Write a limit so that ``read_limit`` reads it back."""
    if limit.kind == "same_day":
        return f"{share_text(limit.share)} same day"
    if limit.kind == "days":
        return f"{share_text(limit.share)} in {limit.days} business day{'s' if limit.days > 1 else ''}"
    return f"{share_text(limit.share)} in {duration_text(limit.amount_s)}"


def without_business_time(raw: Any, clock_key: str, keys: tuple[str, ...]) -> str | None:
    """Return the key of a limit in business hours beside which no clock with hours is named."""
    if raw.get(clock_key, "always") not in ("always", "24x7"):
        return None
    return next((key for key in keys if runs_on_business_time(raw.get(key))), None)


TimeLimit = Annotated[Limit, reader(read_limit, LIMIT)]
"""A time limit with the share that is to keep it."""
