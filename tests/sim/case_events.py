"""What happened to the cases of a log, by name: what the random scenarios must make happen often."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from sim.contacts import BACK, SIDE
from sim.log import ABANDONED, CASE_OUTCOMES, CLEARED, HANDLED, OVERFLOWED
from tests.sim.logs import Log

_TRIAGE, _MISROUTED, _TWICE = 1, 2, 3  # rows of the steps without a name in the file: see `sim.draft.Names`
_SOME: Final = (
    "reopened",
    "repeated",
    "soon",
    "transfers",
    "updates",
    "late",
    "escalated",
    "confirmed",
    "csat",
)
CASE_EVENTS: Final = (
    *(f"case {outcome}" for outcome in CASE_OUTCOMES), *_SOME,
    "triaged", "misrouted", "worked twice", "wrong tag", "two flags", "further leg", "fourth leg",
    "further leg after a delay", "further leg interrupted", "further leg overflowed", "further leg abandoned",
    "further leg of somebody back", "back twice", "side work late", "work outlives the solution",
)  # fmt: skip


def times(event: str, where: np.ndarray) -> Iterator[str]:
    """The event as often as it is true."""
    return (event for _ in range(int(where.sum())))


def case_events(log: Log) -> Iterator[str]:
    """What happened to the cases of a log and to their legs, each as often as it did."""
    if not len(log.cases):
        return
    legs, cases = log.legs(), log.cases
    yield from (f"case {CASE_OUTCOMES[outcome]}" for outcome in cases["outcome"])
    for field in _SOME:
        yield from times(field, cases[field] > 0)
    yield from times("wrong tag", (cases["tag"] >= 0) & (cases["tag"] != cases["cause"]))
    yield from times("two flags", (cases["flags"] & (cases["flags"] - 1)) > 0)
    yield from times("back twice", cases["reopened"] + cases["repeated"] > 1)
    for name, step in (("triaged", _TRIAGE), ("misrouted", _MISROUTED), ("worked twice", _TWICE)):
        yield from times(name, (legs["step"] == step) & (legs["outcome"] == HANDLED))
    yield from times("side work late", (legs["role"] == SIDE) & (legs["ended"] > legs["due"]))
    solved_by_first = dict(zip(cases["key"], cases["first_solved"], strict=True))
    solved = np.array([solved_by_first.get(key, -1) for key in legs["case"]])
    yield from times(
        "work outlives the solution", (legs["role"] == SIDE) & (solved >= 0) & (legs["queued"] > solved)
    )
    yield from _further_legs(legs[legs["legs"] > 0])


def _further_legs(legs: np.ndarray) -> Iterator[str]:
    """What happened in the legs that come after the first of a contact."""
    handled = legs["outcome"] == HANDLED
    yield from times("further leg", handled)
    yield from times("fourth leg", handled & (legs["legs"] >= 3))
    yield from times("further leg after a delay", legs["orbit"] > 0)
    yield from times("further leg interrupted", handled & (legs["ended"] - legs["started"] > legs["touched"]))
    yield from times("further leg overflowed", legs["outcome"] == OVERFLOWED)
    yield from times("further leg abandoned", np.isin(legs["outcome"], (ABANDONED, CLEARED)))
    yield from times("further leg of somebody back", legs["role"] == BACK)
