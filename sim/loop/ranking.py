"""Reviews: root causes in the order in which they deserve attention, as far as tags tell."""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import numpy as np

from sim.clock import TICKS_PER_SECOND
from sim.loop.observed import AGENT_TICKS, ARR, CASES, CONTACTS, ESCALATED, UNHAPPY, Floats

_TICKS_PER_HOUR: Final = 3600.0 * TICKS_PER_SECOND


class Prices(NamedTuple):
    """What an hour of work costs, and by cause what a case costs in refunds."""

    hour: float
    refunds: Floats  # [cause]


def _hours(seen: Floats, _prices: Prices) -> Floats:
    found: Floats = seen[:, AGENT_TICKS] / _TICKS_PER_HOUR
    return found


def _refunds(seen: Floats, prices: Prices) -> Floats:
    found: Floats = seen[:, CASES] * prices.refunds
    return found


def _cost_to_serve(seen: Floats, prices: Prices) -> Floats:
    """Work at what an hour costs, and refunds."""
    return _hours(seen, prices) * prices.hour + _refunds(seen, prices)


def _column(column: int) -> Callable[[Floats, Prices], Floats]:
    return lambda seen, _prices: seen[:, column]


CRITERIA: Final[dict[str, Callable[[Floats, Prices], Floats]]] = {
    "volume": _column(CONTACTS),
    "hours": _hours,
    "refunds": _refunds,
    "escalations": _column(ESCALATED),
    "cost_to_serve": _cost_to_serve,
    "customer_risk": _column(ARR),
    "feedback": _column(UNHAPPY),
}


def weight(seen: Floats, by: str, prices: Prices) -> Floats:
    """How much each cause weighs by a criterion: [cause], of what was seen, [cause, column]."""
    return CRITERIA[by](seen, prices)


def top(weights: Floats, count: int) -> Sequence[int]:
    """The causes that weigh most, the heaviest first, ties by name; none that weighs nothing."""
    order = np.argsort(-weights, kind="stable")[:count]
    return [int(cause) for cause in order if weights[cause] > 0.0]
