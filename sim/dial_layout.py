"""What a team that learns has turned, and what it has seen: dials, the course, and counters by tag.

Dials are numbers that rules multiply by or add when they use them (`sim/dials.py`). Between events, whoever
follows a plan turns them (`sim/drive.py`); as long as nobody does, they are neutral and change nothing. The
rows of `dials` are: all contacts, then streams, causes, side works and groups, each in the order of names.
"""

from typing import Final

import numpy as np

DIAL: Final = np.dtype(
    [
        ("contacts", "f8"),  # factor of contacts; those that it takes away never come (all, streams, causes)
        ("longer", "f8"),  # factor of handle times (all, streams, causes; of groups: of all that they do)
        ("deflects", "f8"),  # share of contacts that an article answers instead (all, streams, causes)
        ("returns", "f8"),  # factor of the shares that come back (all, streams, causes)
        ("share", "f8"),  # added to the share of cases that bring a side work along
        ("hurry", "f8"),  # how much of hurry's haste and harm is left (groups)
    ],
    align=True,
)

COURSE: Final = np.dtype(
    [
        ("accuracy", "f8"),  # added to the share of tags that are right
        ("untagged", "f8"),  # factors: of the share without a tag,
        ("collisions", "f8"),  # ... of the share that is worked on twice,
        ("triage", "f8"),  # ... of the time that sorting takes
        ("tag_ticks", "i8"),  # work added to the first leg of each contact, ticks at speed 1
        ("routed", "i8"),  # whether routing rules hold; else contacts join their stream's queue
        ("alarm_delay", "f8"),  # factors: of the time from what is seen of an incident to the alarm,
        ("mitigation", "f8"),  # ... of the time from the alarm until it is mended,
        ("starts", "f8"),  # ... of how often incidents start, 0-1
        ("page_cuts", "f8"),  # added to the share of a surge that the status page keeps away
        ("quality", "f8"),  # factor of how well a case is worked on
    ],
    align=True,
)

# Counters by the tag that a case bears at that moment, a row a cause and one for cases without a tag. They
# only grow, and no rule reads them. The last three go by the true cause, which nobody in the team knows.
TOPIC: Final = np.dtype(
    [
        ("contacts", "i8"),  # by customers
        ("cases", "i8"),
        ("avoidable", "i8"),  # of the contacts: those of cases that the tag's share makes avoidable
        ("agent_ticks", "i8"),
        ("escalated", "i8"),
        ("returned", "i8"),  # customers who came back
        ("solved", "i8"),  # solutions, those after a return too
        ("rated", "i8"),
        ("unhappy", "i8"),  # ... of these, with a negative tone
        ("arr", "i8"),  # of the accounts of the cases, in whole units of the currency
        ("came", "i8"),  # contacts that came
        ("prevented", "i8"),  # ... that never came, since a dial has taken them away
        ("deflected", "i8"),  # ... that an article has answered
    ],
    align=True,
)

_ONE: Final = ("contacts", "longer", "returns", "hurry")
_UNCHANGED: Final = (
    *("untagged", "collisions", "triage", "routed", "alarm_delay", "mitigation", "starts", "quality"),
)


def neutral_dials(rows: int) -> np.ndarray:
    """So many rows DIAL that change nothing."""
    dials = np.zeros(rows, DIAL)
    for field in _ONE:
        dials[field] = 1.0
    return dials


def neutral_course() -> np.ndarray:
    """One row COURSE that changes nothing, as an array of shape (1,)."""
    course = np.zeros(1, COURSE)
    for field in _UNCHANGED:
        course[field] = 1
    return course


def is_neutral(dials: np.ndarray, course: np.ndarray) -> bool:
    """Whether neither dials nor the course change anything."""
    usual = neutral_dials(len(dials)).tobytes(), neutral_course().tobytes()
    return (dials.tobytes(), course.tobytes()) == usual
