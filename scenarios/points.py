"""Changes for the worse in percentage points: ``-15 points`` of satisfaction for every further contact."""

import re
from typing import Annotated

from pydantic import ValidationInfo

from scenarios.fields import POINTS, reader
from scenarios.problems import shown
from scenarios.units import plain_number

_CHANGE = re.compile(r"\s*([+-]?[0-9]+(?:\.[0-9]+)?(?:e-?[0-9]{1,2})?)\s*(?:percentage )?points?\s*")


def points_lost(seen: object) -> float:
    """Return a change for the worse as a share: "-15 points" is -0.15."""
    match = _CHANGE.fullmatch(seen) if isinstance(seen, str) else None
    if match is None:
        raise ValueError(f"{shown(seen)} is not a change in percentage points; write '-15 points'")
    points = float(match[1])
    if not -100 <= points <= 0:
        raise ValueError(f"{seen!r} is outside -100 to 0 points; what is lost has a minus")
    return _to_a_billionth(points)


def _to_a_billionth(points: float) -> float:
    """Return points as a share, to a billionth of a point: so it can be written in points, exactly."""
    return round(points, 9) / 100.0


def points_text(change: float) -> str:
    """Write a change that ``points_lost`` has read."""
    return f"{plain_number(round(change * 100.0, 9))} points"


def _read(seen: object, info: ValidationInfo) -> float:
    """Read points; only Python may give the share, -1 to 0."""
    if info.context is not None or isinstance(seen, bool) or not isinstance(seen, int | float):
        return points_lost(seen)
    if not -1 <= seen <= 0:
        raise ValueError(f"{seen!r} is outside -1 to 0; what is lost is negative")
    return _to_a_billionth(seen * 100.0)


PointsLost = Annotated[float, reader(_read, POINTS)]
"""How much a probability changes, for the worse: a share, -1 to 0."""
