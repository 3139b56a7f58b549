"""What is drawn for some cases, for tests; and the same from a process without compilation.

NUMBA_DISABLE_JIT=1 python -m tests.sim.outcomes_drawn
"""

import json
from typing import Any, Final, NamedTuple

import numpy as np

from scenarios.outcomes import Csat, Effort, Outcomes
from sim import outcomes
from sim.clock import TICKS_PER_SECOND
from sim.draws import child_key, name_key
from sim.jit import U64, UNCOMPILED, routine

HOUR: Final = 3600 * TICKS_PER_SECOND
DAY: Final = 24 * HOUR
RUN: Final = name_key("seed", "1")
ROOT: Final = name_key("case", "any")

STEEP: Final = Outcomes(
    csat=Csat(
        base=0.95,
        per_contact=-0.10,
        per_transfer=-0.05,
        per_hour_waiting=-0.08,
        not_first_contact=-0.07,
        per_reopen=-0.06,
        per_day=-0.03,
    ),
    effort=Effort(base=0.9, follows=0.5, per_contact=-0.04, per_transfer=-0.06),
)
"""Every fact counts."""


class Facts(NamedTuple):
    """What has happened in a case, in the order of `satisfied`."""

    contacts: int = 1
    transfers: int = 0
    waited: int = 0
    reopened: int = 0
    first_contact: int = 1
    resolution: int = 0


FLAWLESS: Final = Facts()
TROUBLE: Final = Facts(2, 1, HOUR // 2, 1, 0, 2 * DAY)
LOST: Final = Facts(9, 4, 5 * HOUR, 2, 0, 20 * DAY)


class Drawn(NamedTuple):
    """All that is drawn for one case."""

    answers: bool
    csat: int
    nps: int
    effort: int
    sentiment: int
    accuracy: int
    empathy: int
    policy: int


def key_of(n: int) -> np.uint64:
    """The key of the n-th case: outside compiled code it comes back as a plain integer."""
    return U64(child_key(ROOT, n))


def drawn(row: np.void, key: np.uint64, facts: Facts = FLAWLESS, quality: int = 1000) -> Drawn:
    """All that is drawn for one case."""
    share = outcomes.satisfied(row, *facts)
    return Drawn(
        outcomes.answers(row, RUN, key),
        outcomes.csat(row, RUN, key, share),
        outcomes.nps(row, RUN, key, share),
        outcomes.effort(row, RUN, key, share, facts.contacts, facts.transfers),
        outcomes.sentiment(row, RUN, key, share),
        *outcomes.qa(row, RUN, key, quality),
    )


def sample(model: Outcomes, n: int, facts: Facts = FLAWLESS, quality: int = 1000) -> dict[str, Any]:
    """What is drawn for n cases alike, as an array for each name of `Drawn`."""
    rows, table = outcomes.outcome_row(model), np.empty((n, len(Drawn._fields)), np.int64)
    share = outcomes.satisfied(rows[0], *facts)
    _draw(rows, share, facts.contacts, facts.transfers, quality, table)
    return dict(zip(Drawn._fields, table.T, strict=True))


@routine
def _draw(
    rows: np.ndarray, share: float, contacts: int, transfers: int, quality: int, table: np.ndarray
) -> None:
    """`drawn` for as many cases as the table has rows; compiled, since samples are large."""
    row = rows[0]
    for n in range(len(table)):
        key = child_key(ROOT, n)
        table[n, 0] = outcomes.answers(row, RUN, key)
        table[n, 1] = outcomes.csat(row, RUN, key, share)
        table[n, 2] = outcomes.nps(row, RUN, key, share)
        table[n, 3] = outcomes.effort(row, RUN, key, share, contacts, transfers)
        table[n, 4] = outcomes.sentiment(row, RUN, key, share)
        table[n, 5], table[n, 6], table[n, 7] = outcomes.qa(row, RUN, key, quality)


def many() -> list[Any]:
    """What is drawn of two models in three kinds of cases, and the exact shares of satisfied customers."""
    found: list[Any] = []
    for model in (Outcomes(), STEEP):
        row = outcomes.outcome_row(model)[0]
        for facts in (FLAWLESS, TROUBLE, LOST):
            found.append(float(outcomes.satisfied(row, *facts)).hex())
            found += [drawn(row, key_of(n), facts, 500 + n) for n in range(0, 600, 3)]
    return json.loads(json.dumps(found, default=bool))  # type: ignore[no-any-return]  # tuples are lists there


if __name__ == "__main__":
    with np.errstate(over="ignore"):
        print(json.dumps({"uncompiled": UNCOMPILED, "found": many()}))
