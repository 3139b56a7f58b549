"""How long callers wait before they give up, from waits that mostly ended with an answer.

Who was answered after 40 s had a patience of more than 40 s: the wait is censored. The product-limit estimate
uses both (Kaplan and Meier 1958, "Nonparametric estimation from incomplete observations", Journal of the
American Statistical Association 53). It ends at the longest wait, with callers left who would have waited on;
from there the curve goes on with a constant rate of giving up, the one observed among waits of a minute and
more: events over time waited, beyond the minute (the exponential law's maximum-likelihood estimate).
"""

import math
from collections import Counter
from collections.abc import Sequence
from typing import Final, NamedTuple

TAIL_FROM_S: Final = 60.0
_SHARES: Final = tuple(i / 20 for i in range(1, 20))
_TAIL_SHARES: Final = (0.25, 0.5, 0.75, 0.9, 0.99)


class Wait(NamedTuple):
    """A wait in the queue in seconds, and whether it ended because the caller gave up."""

    seconds: float
    gave_up: bool


class Step(NamedTuple):
    """A share `left` (0-1) of all callers has more patience than `seconds`."""

    seconds: float
    left: float


class Patience(NamedTuple):
    """Quantiles (share, seconds) of those who wait at all, and the share that does not (`balk`).

    `seen` is the share of callers whose patience the observations tell; beyond, the rate of giving up
    is constant, with mean `tail_s`.
    """

    balk: float
    quantiles: tuple[tuple[float, float], ...]
    seen: float
    tail_s: float


def survival(waits: Sequence[Wait]) -> list[Step]:
    """The product-limit estimate: one step for every wait at which somebody gave up.

    Who was answered after the very wait at which another gave up counts as still waiting then.
    """
    events = Counter(wait.seconds for wait in waits if wait.gave_up)
    left, steps = 1.0, list[Step]()
    for seconds in sorted(events):
        at_risk = sum(wait.seconds >= seconds for wait in waits)
        left *= 1.0 - events[seconds] / at_risk
        steps.append(Step(seconds, left))
    return steps


def patience(waits: Sequence[Wait]) -> Patience:
    """The estimate as quantiles. Raises ``ValueError`` where nobody gave up after having waited."""
    steps = survival(waits)
    if not any(step.seconds > 0 for step in steps):
        raise ValueError("nobody gave up after having waited: there is no patience to be seen")
    balk = 1.0 - steps[0].left if steps[0].seconds == 0 else 0.0
    curve = [(1.0 - step.left / (1.0 - balk), step.seconds) for step in steps if step.seconds > 0]
    seen, last_s = curve[-1]
    points = [(0.0, 0.0), *((p, _at(curve, p)) for p in _SHARES if p < seen - 0.01), (seen, last_s)]
    tail_s = _tail_mean(waits)
    if seen < 1.0 - 1e-9:
        points += [(seen + (1.0 - seen) * p, last_s - tail_s * math.log1p(-p)) for p in _TAIL_SHARES]
        points.append((1.0, last_s + tail_s * (math.log(100.0) + 2.0)))  # keeps the exponential's mean
    return Patience(
        balk, tuple((p if p == 1.0 else round(p, 4), round(s, 1)) for p, s in points), seen, tail_s
    )


def _at(curve: Sequence[tuple[float, float]], share: float) -> float:
    """The first wait by which that share has given up."""
    return next(seconds for p, seconds in curve if p >= share)


def _tail_mean(waits: Sequence[Wait]) -> float:
    """Time waited beyond the tail's beginning by one who gave up then, seconds; all waits where none did."""
    start = TAIL_FROM_S if any(w.gave_up and w.seconds > TAIL_FROM_S for w in waits) else 0.0
    waited = sum(max(wait.seconds - start, 0.0) for wait in waits)
    return waited / sum(wait.gave_up and wait.seconds > start for wait in waits)
