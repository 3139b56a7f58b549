"""New clusters: days on which a tag comes more often than it used to.

Both ways look at counts by day alone, and raise an alarm once until it is taken down again.
"""

from typing import Final, NamedTuple

import numpy as np

from scenarios.learning import Detection
from sim.loop.observed import Floats, Ints

_WEEK: Final = 7
_LEAST_DEVIATION: Final = 1.0  # contacts: of a tag that never comes, one contact is no alarm


class Watched(NamedTuple):
    """Where detection stands: by cause, what has piled up, and the day of its alarm (-1: none)."""

    piled: Floats
    alarms: Ints
    days: int = 0  # so many have been looked at


def nothing_yet(causes: int) -> Watched:
    """Detection before the first day."""
    return Watched(np.zeros(causes), np.full(causes, -1))


def watch(policy: Detection, watched: Watched, days: Ints, day: int) -> Watched:
    """Detection on a day, by all days that are known: `days` has their counts, [day, cause]."""
    for known in range(watched.days + 1, len(days) + 1):
        watched = _look(policy, watched, days[:known], day)._replace(days=known)
    return watched


def _look(policy: Detection, watched: Watched, days: Ints, day: int) -> Watched:
    """Detection after one more day, the last of `days`."""
    if policy.method == "threshold":
        over = days[-policy.within_days :].sum(axis=0) >= policy.contacts
        return _alarmed(watched, watched.piled, over, day)
    reference = policy.reference_days
    if len(days) <= reference:
        return watched
    piled = _pile(policy, watched.piled, days[:reference], days[-1], len(days) - 1)
    return _alarmed(watched, piled, piled > policy.alarm, day)


def _pile(policy: Detection, piled: Floats, reference: Ints, today: Ints, index: int) -> Floats:
    """CUSUM (Page 1954, Biometrika 41, 100-115) of counts against the same weekday of the reference.

    In standard deviations of a day: those of the reference about its weekday means, at least a Poisson's.
    """
    weekday = np.arange(len(reference)) % _WEEK
    usual = np.array([reference[weekday == w].mean(axis=0) for w in range(_WEEK)])
    spread = np.sqrt(np.mean((reference - usual[weekday]) ** 2, axis=0) * len(reference) / _left(reference))
    mean = usual[index % _WEEK]
    spread = np.maximum(np.maximum(spread, np.sqrt(mean)), _LEAST_DEVIATION)
    found: Floats = np.maximum(piled + (today - mean) / spread - policy.slack, 0.0)
    return found


def _left(reference: Ints) -> int:
    """Degrees of freedom that weekday means leave."""
    return max(len(reference) - _WEEK, 1)


def _alarmed(watched: Watched, piled: Floats, over: np.ndarray, day: int) -> Watched:
    """Alarms of the causes that are over the limit now and had none; what has piled up is taken down then."""
    fresh = over & (watched.alarms < 0)
    return Watched(np.where(fresh, 0.0, piled), np.where(fresh, day, watched.alarms), watched.days)
