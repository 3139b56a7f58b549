"""The loop as a whole is wrong no more often than it says, with remedies that do nothing."""

import math
from typing import Any, Final

import numpy as np
import pytest

from scenarios.model import Scenario
from tests.loop.small import learn_all, scenario, written

_CONFIDENCE: Final = 0.95
_SURE: Final = 3.5  # z: false alarms 1 in 4,300, one-sided
ALIKE: Final = {"copy": "34%", "form": "33%", "parcel": "33%"}
ONE: Final = {"top": 1, "weeks": 4}


def useless(
    rate: int,
    arrivals: dict[str, Any],
    mix: dict[str, str] | None = None,
    review: dict[str, Any] | None = None,
) -> Scenario:
    """One remedy a week from the fifth week on, for one cause after the other, the heaviest first; none does
    anything.

    Of all contacts half, 30 and 20 % are about them, unless another `mix` is given. Tags are right.
    """
    streams = written(rate=rate)["streams"]
    streams["letters"]["arrivals"] |= arrivals
    streams["letters"]["causes"] = mix or streams["letters"]["causes"]
    loop = {
        "owner": "product",
        "from": "2026-02-02",
        "information_delay": "1 day",
        "weekly_review": {"on": "mon", "by": "volume", "top": 3, "opens": 1, "weeks": 1, **(review or {})},
        "validation": {
            "after": ["14 days", "30 days"],
            "confidence": f"{_CONFIDENCE:.0%}",
            "on_failure": "stop",
        },
    }
    remedies = {
        name: {**each, "works": "0%", "lead": "7 days"} for name, each in written()["remedies"].items()
    }
    return scenario(120, rate, remedies=remedies, streams=streams, loop=loop)


def share_validated(ours: Scenario, replications: int) -> tuple[float, float, int]:
    """The share of last looks that say "validated", its standard error, and how many looks they are."""
    each = []
    for learned in learn_all(ours, range(replications)):
        last = [t.judged[-1].verdict for t in learned.tickets if len(t.judged) == 2]
        each.append((sum(verdict == "validated" for verdict in last), len(last)))
    above, below = np.array(each).T
    share = above.sum() / below.sum()
    error = np.std(above - share * below, ddof=1) / math.sqrt(replications) / below.mean()
    return float(share), float(error), int(below.sum())


def check(ours: Scenario, replications: int, at_least: int) -> None:
    share, error, verdicts = share_validated(ours, replications)
    level = 1.0 - _CONFIDENCE
    assert verdicts >= at_least
    chance = math.sqrt(level * (1.0 - level) / verdicts)
    assert share - level <= _SURE * max(error, chance), (share, error, verdicts)
    assert share > 0.0  # something is validated by chance


@pytest.mark.verify
def test_useless_remedies_are_validated_no_more_often_than_said() -> None:
    check(useless(40, {}), 110, 300)


@pytest.mark.verify
@pytest.mark.parametrize(
    "arrivals",
    [
        {"busyness": {"day": {"cv": "15%"}}},
        {"busyness": {"day": {"cv": "15%"}}, "trend": {"growth": "60% per year"}},
    ],
    ids=["busy days", "busy days and growth"],
)
def test_busy_days_and_growth_are_not_taken_for_effects(arrivals: dict[str, Any]) -> None:
    """At least 2,000 changes each."""
    check(useless(60, arrivals), 800, 2_000)


@pytest.mark.verify
def test_what_was_chosen_for_its_last_weeks_is_not_taken_for_mended() -> None:
    """Of causes that weigh alike, the one is chosen whose last four weeks were high by chance."""
    check(useless(60, {}, ALIKE, ONE), 900, 2_000)
