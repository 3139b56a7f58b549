"""New clusters: days on which a tag comes more often than it used to.

Both ways look at counts by day alone. An alarm stands until counts are usual again; only then can there be
another one of the same cause.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from scenarios.learning import Detection
from sim.loop.observed import Floats, Ints

Bools = NDArray[np.bool_]

_WEEK: Final = 7
_LEAST_DEVIATION: Final = 1.0  # contacts: of a tag that never comes, one contact is no alarm


class Watched(NamedTuple):
    """Where detection stands: by cause, what has piled up, and the day of its alarm (-1: none)."""

    piled: Floats
    alarms: Ints  # of those that stand
    days: int = 0  # so many have been looked at
    usual: "Usual | None" = None  # once there are days enough to say


class Usual(NamedTuple):
    """What days have in the reference: means by weekday (from the first day on), and their deviation."""

    means: Floats  # [weekday, cause]
    spread: Floats  # [cause]


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
        return _alarmed(watched, over, ~over, day)
    if len(days) <= policy.reference_days:
        return watched
    if watched.usual is None:
        watched = watched._replace(usual=usual_of(days[: policy.reference_days]))
    piled = _pile(policy, watched, days[-1], len(days) - 1)
    held = watched._replace(
        piled=np.minimum(piled, policy.alarm)
    )  # no higher, or it would take as long to fall
    return _alarmed(held, piled > policy.alarm, piled <= 0.0, day)


def usual_of(reference: Ints) -> Usual:
    """What is usual, by days [day, cause]; their deviation is at least that of chance (Poisson)."""
    weekday = np.arange(len(reference)) % _WEEK
    means = np.array([_mean(reference[weekday == w]) for w in range(_WEEK)])
    left = max(len(reference) - _WEEK, 1)  # degrees of freedom
    spread = np.sqrt(np.sum((reference - means[weekday]) ** 2, axis=0) / left)
    chance = np.sqrt(means.mean(axis=0))
    return Usual(means, np.maximum(np.maximum(spread, chance), _LEAST_DEVIATION))


def _mean(days: Ints) -> Floats:
    found: Floats = days.mean(axis=0) if len(days) else np.zeros(days.shape[1])
    return found


def _pile(policy: Detection, watched: Watched, today: Ints, index: int) -> Floats:
    """CUSUM (Page 1954, Biometrika 41, 100-115) of counts against the same weekday of the reference."""
    assert watched.usual is not None
    above = (today - watched.usual.means[index % _WEEK]) / watched.usual.spread
    found: Floats = np.maximum(watched.piled + above - policy.slack, 0.0)
    return found


def _alarmed(watched: Watched, over: Bools, usual: Bools, day: int) -> Watched:
    """New alarms of causes that are over the limit now; where all is usual again, none stands."""
    alarms = np.where(over & (watched.alarms < 0), day, watched.alarms)
    return watched._replace(alarms=np.where(usual, -1, alarms))
