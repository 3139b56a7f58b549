"""Shrinkage: the share of paid time that people are not at work, in one number or by component."""

import math
from collections.abc import Mapping
from typing import Final, NamedTuple

from scenarios.fields import SHARE, Door
from scenarios.problems import Gather, nearest, refuse, shown
from scenarios.units import share

MOST: Final = 0.95
COMBINE: Final = ("multiply", "add")
_KEY: Final = "combine"


FORM: Final = {
    "title": "shrinkage",
    "anyOf": [
        SHARE,
        {
            "type": "object",
            "properties": {_KEY: {"enum": list(COMBINE)}},
            "additionalProperties": SHARE,
        },
    ],
    "examples": ["30%"],
}


class Component(NamedTuple):
    """One reason why people are paid and not at work: its name and its share (0-1)."""

    name: str
    share: float


class Shrinkage(NamedTuple):
    """``total`` (0-1) of paid time; its components, if given, and how they combine to it.

    ``multiply``: 1 - product of (1 - share), each of what the others leave. ``add``: their sum, each of all
    paid time. Paid = wanted / (1 - total), never wanted x (1 + total).
    """

    total: float = 0.0
    components: tuple[Component, ...] = ()
    combine: str = ""

    @property
    def gross_up(self) -> float:
        """Paid time for an hour at work."""
        return 1.0 / (1.0 - self.total)


def read_shrinkage(raw: object, _door: Door) -> Shrinkage:
    """Return the shrinkage of ``30%`` or ``{leave: 8%, sick: 5%, meetings: 6%, combine: multiply}``."""
    if not isinstance(raw, Mapping):
        return _bounded(Shrinkage(share(raw)))
    gather, parts = Gather(), list[Component]()
    for name, each in raw.items():
        if name != _KEY:
            with gather.at(name):
                parts.append(Component(str(name), share(each)))
    with gather.at():
        combine = _combination(raw, len(parts))
    gather.finish()
    return _bounded(Shrinkage(combined(parts, combine), tuple(parts), combine))


def combined(parts: list[Component], combine: str) -> float:
    """Return the total of components by the rule of that name."""
    if combine == "add":
        return math.fsum(part.share for part in parts)
    return 1.0 - math.prod(1.0 - part.share for part in parts)


def _combination(raw: Mapping[str, object], count: int) -> str:
    combine = raw.get(_KEY, "multiply" if count == 1 else None)
    if count == 0:
        refuse("has no component; write 30%, or {leave: 8%, sick: 5%, combine: multiply}")
    if combine is None:
        refuse(
            "does not say how its components combine; add 'combine: multiply' (each is a share of what the "
            "others leave) or 'combine: add' (each is a share of all paid time)"
        )
    if combine not in COMBINE:
        refuse(f"{shown(combine)} is not known{nearest(str(combine), COMBINE)}", _KEY)
    return str(combine)


def _bounded(shrinkage: Shrinkage) -> Shrinkage:
    if shrinkage.total > MOST:
        refuse(f"is {shrinkage.total:.0%}, above {MOST:.0%}: hardly anybody would be at work")
    return shrinkage
