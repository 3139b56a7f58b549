"""What the team has seen: counters by tag, one row a day, as old as its information is.

The simulator counts all that is tagged as it happens (`sim/dial_layout.py`, TOPIC); the team looks at the
counters of past midnights only, and of those only at what its data pipeline has delivered.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.dial_layout import TOPIC
from sim.layout import State

COLUMNS: Final[tuple[str, ...]] = TOPIC.names or ()
CONTACTS: Final = COLUMNS.index("contacts")
CASES: Final = COLUMNS.index("cases")
AVOIDABLE: Final = COLUMNS.index("avoidable")
AGENT_TICKS: Final = COLUMNS.index("agent_ticks")
ESCALATED: Final = COLUMNS.index("escalated")
RETURNED: Final = COLUMNS.index("returned")
SOLVED: Final = COLUMNS.index("solved")
RATED: Final = COLUMNS.index("rated")
UNHAPPY: Final = COLUMNS.index("unhappy")
ARR: Final = COLUMNS.index("arr")

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class History(NamedTuple):
    """Counters at the start of each day, as they stood then."""

    counts: (
        Ints  # [day, tag, column], tags are causes and, last, untagged; row d is the midnight before day d
    )


def new_history(days: int, causes: int) -> History:
    """A history of which nothing is known yet."""
    return History(np.zeros((days + 1, causes + 1, len(COLUMNS)), np.int64))


def note(history: History, day: int, state: State) -> None:
    """Write down how the counters stand at the midnight before a day."""
    history.counts[day] = state.topics.view(np.int64).reshape(len(state.topics), -1)


def known_days(day: int, delay_days: float) -> int:
    """How many days from the first the team knows of at the midnight before a day.

    The counters of a midnight are delivered after the delay of information: with one day, those of a day are
    known at the end of the next.
    """
    return max(0, day - int(np.ceil(delay_days)))


def between(history: History, first: int, last: int) -> Ints:
    """What was counted on days first to last - 1: [tag, column]."""
    counted: Ints = history.counts[max(last, 0)] - history.counts[max(first, 0)]
    return counted


def by_day(history: History, first: int, last: int) -> Ints:
    """What was counted on each of the days first to last - 1: [day, tag, column]."""
    days: Ints = np.diff(history.counts[first : last + 1], axis=0)
    return days


def allowing_for_errors(counted: Floats, accuracy: float) -> Floats:
    """Counts by tag as they would be if all tags were right, given the share that is: [cause, ...].

    A wrong tag is any of the other causes with equal chances, so that of n contacts of a cause a n + (N -
    n) (1 - a) / (K - 1) are expected to bear its tag, with N contacts of K causes in all; solved for n, and
    no less than 0 (the matrix method for misclassified counts: Barron 1977, Biometrics 33, 414-418).
    """
    causes = len(counted)
    astray = (1.0 - accuracy) / (causes - 1) if causes > 1 else 0.0
    if accuracy - astray < _TELLING:
        return counted
    found: Floats = np.maximum((counted - astray * counted.sum(axis=0)) / (accuracy - astray), 0.0)
    return found


def in_tags(effect: float, counted: Floats, cause: int, others: Sequence[int], accuracy: float) -> float:
    """What is to be seen by tag of a relative effect on all that is truly of a cause, beside other causes.

    Of what bears its tag a share is not of it, and does not move; of what bears the tags of the `others` a
    share is, and does. `counted` is by tag, before the effect.
    """
    true = float(allowing_for_errors(counted, accuracy)[cause])
    astray = (1.0 - accuracy) / (len(counted) - 1) if len(counted) > 1 else 0.0
    beside = float(counted[list(others)].sum())
    own = min(accuracy * true / counted[cause], 1.0) if counted[cause] > 0.0 else 1.0
    strays = min(astray * true * len(others) / beside, 1.0) if beside > 0.0 else 0.0
    return (1.0 + effect * own) / (1.0 + effect * strays) - 1.0


_TELLING: Final = 0.05  # tags that are hardly better than chance tell nothing that could be allowed for


def audited_accuracy(accuracy: float, tags: int, u: float) -> float:
    """What an audit of so many tags says of the share that is right: binomial, at a uniform."""
    from sim.quantiles import normal

    error = np.sqrt(accuracy * (1.0 - accuracy) / max(tags, 1))
    return float(np.clip(np.round(tags * (accuracy + error * normal(u))) / max(tags, 1), 0.0, 1.0))
