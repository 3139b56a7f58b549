"""A plan as of a day keeps its word: what happens lies between its P10 and P90 four times in five."""

import os
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from sim.roadmap.plan import keys_of
from tests.asof.centre import centre
from tests.asof.coverage import DAY, SHARE, WINDOWS, Outcome, batches, error, names, outcomes

PAGE: Final = Path(__file__).parents[2] / "docs" / "plan_coverage.md"
_SURE: Final = 4.0  # |z|: false alarms 1 in 16,000 of each
POINTS: Final = 0.04


def judge(found: Outcome, histories: int, of_each: int, replications: int) -> None:
    """Shares inside are 80 %, and ranks a half on average, but for chance; what is passed is known."""
    share, se = found.share(), error(histories, of_each, replications)
    for m, name in enumerate(names(keys_of(centre()))):
        for w, window in enumerate(WINDOWS):
            if name == "calls service_level" and window.last <= DAY:
                assert share[m, w] == 1.0  # nothing of it is left to chance
            else:
                assert abs(share[m, w] - SHARE) <= _SURE * se, (name, window, share[m, w])
    ranks = np.nanmean(found.ranks, axis=0)
    spread = se / np.sqrt(SHARE * (1.0 - SHARE)) / np.sqrt(12.0)  # of a mean of ranks that are uniform
    assert (np.abs(ranks - 0.5) <= _SURE * spread).all(), ranks


@pytest.mark.verify
def test_few_histories_of_a_small_centre() -> None:
    judge(outcomes(batches(12, 2, 19), 1), 12, 2, 19)


@pytest.mark.verify
def test_coverage_of_five_hundred_histories() -> None:
    """Day 90 as of day 30: 80 ± 4 % of the histories, over all targets; each of them but for chance."""
    histories, of_each, replications = 500, 10, 40
    found = outcomes(batches(histories, of_each, replications), 2)
    judge(found, histories, of_each, replications)
    assert abs(np.nanmean(found.share()[:, 0]) - SHARE) <= POINTS
    if os.environ.get("CARELOOP_WRITE_DOCS"):
        PAGE.write_text(page(found, histories, of_each, replications), encoding="utf-8")


def page(found: Outcome, histories: int, of_each: int, replications: int) -> str:
    """The table of docs/plan_coverage.md."""
    share, se = found.share(), error(histories, of_each, replications)
    head = " | ".join(f"days {window.first}–{window.last}" for window in WINDOWS)
    rows = [
        f"| {name} | {' | '.join(f'{each:.1%}' for each in row)} |"
        for name, row in zip(names(keys_of(centre())), share, strict=True)
    ]
    return "\n".join(
        [
            "# Coverage of a plan as of a day",
            "",
            "Written by `make verify` (`tests/asof/test_coverage.py`). How often, of",
            f"{histories} simulated histories, a figure lay between P10 and P90 of a plan as of day {DAY}:",
            "of days to come, of days of which half are passed, and of days passed (where customers may yet",
            "come back). The centre has levers of uncertain size, a loop, wrong tags, busy days and volumes",
            f"that nobody knows exactly; the plan has {replications} replications. 80 % are right; chance",
            f"alone moves a share by {se * 100:.1f} points (one standard deviation). Service levels of days",
            "passed are known exactly.",
            "",
            f"| measure | {head} |",
            f"|---|{'--:|' * len(WINDOWS)}",
            *rows,
            "",
        ]
    )
