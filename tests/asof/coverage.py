"""How often a plan as of a day covers what then happens: histories of a small centre, forecast from a day.

Histories are replications of the centre on other chances than the plan's: they have volumes, lever sizes
and busy days of their own. All that a forecast is given is what an export of the history tells of the days
before.
Several histories share one set of replications of the plan, so that it is simulated once for them; how often
they lie within its P10 to P90 then varies together, with the variance p (1 - p) / (n + 2) of the share that n
replications hold (a beta distribution).
"""

import math
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Final, NamedTuple

import numpy as np

from sim.asof.follow import Asked, Planned, follow_on, follow_plan
from sim.asof.learned import learn
from sim.asof.passed import Passed, first_contacts, passed
from sim.checkpoints import Window
from sim.explain.watch import Chances
from sim.measure import Floats, Plan
from sim.roadmap.follow import plan_by_day
from sim.roadmap.plan import keys_of
from sim.roadmap.standing import spread
from tests.asof.centre import centre
from tests.asof.histories import history

DAY: Final = 30
WINDOWS: Final = (Window(63, 90), Window(24, 51), Window(3, 30))  # to come, half of it passed, passed
SHARE: Final = 0.8  # that lies between P10 and P90
_OTHER_CHANCES: Final = 500_000


class Outcome(NamedTuple):
    """Of each history [history, measure, window]: whether it lay between P10 and P90, and its rank (0-1)."""

    inside: Floats
    ranks: Floats

    def share(self) -> Floats:
        """The share of histories inside: [measure, window]; NaN where fewer than half had a value."""
        known = ~np.isnan(self.inside)
        return np.where(known.mean(axis=0) > 0.5, np.nanmean(self.inside, axis=0), np.nan)


class Batch(NamedTuple):
    """Histories that are forecast with the same replications of the plan."""

    seed: int
    histories: tuple[int, ...]
    replications: int


def batches(histories: int, of_each: int, replications: int) -> list[Batch]:
    """So many histories, `of_each` of them on the same chances of the plan."""
    numbers = range(0, histories, of_each)
    return [Batch(1_000 + n, tuple(range(n, min(n + of_each, histories))), replications) for n in numbers]


def error(histories: int, of_each: int, replications: int) -> float:
    """The standard error of the share inside."""
    alone = SHARE * (1.0 - SHARE)
    return math.sqrt(alone / histories + (of_each - 1) / histories * alone / (replications + 2))


def outcomes(wanted: Sequence[Batch], workers: int) -> Outcome:
    """All of them, on so many processes."""
    if workers == 1:
        found = [one(each) for each in wanted]
    else:
        with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
            found = list(pool.map(one, wanted))
    return Outcome(*(np.concatenate(part) for part in zip(*found, strict=True)))


def one(batch: Batch) -> Outcome:
    """The histories of a batch."""
    plan = plan_by_day(centre())
    asked = Asked(keys_of(plan.model.scenario), WINDOWS, Chances(batch.seed, batch.replications, 1))
    planned: Planned | None = None
    found = []
    for number in batch.histories:
        happened = history(plan, asked.keys, WINDOWS, _OTHER_CHANCES, number)
        days = passed(plan, happened.seen, DAY)
        planned = planned or follow_plan(days, asked, _nothing)
        values = _forecast(plan, days, planned, asked)
        found.append(_judged(values, happened.figures.values()))
    return Outcome(*(np.array(part) for part in zip(*found, strict=True)))


def _nothing() -> None:
    """Progress that nobody wants to hear of."""


def _forecast(plan: Plan, days: Passed, planned: Planned, asked: Asked) -> Floats:
    """What the replications of the plan come to as of the day: [replication, measure, window]."""
    seen = first_contacts(plan, days.rows, days.tick)
    learned = learn(plan.model.scenario, asked.chances.seed, plan.model.names.streams, seen, planned.contacts)
    assert learned is not None
    return follow_on(days, asked, lambda _: days.midnights, learned.of, _nothing).figures.values()


def _judged(values: Floats, truth: Floats) -> tuple[Floats, Floats]:
    """Whether each figure lies between P10 and P90, and its rank among replications; NaN without a value."""
    inside, ranks = np.full((2, *truth.shape), np.nan)
    for at in np.ndindex(truth.shape):
        found = spread(values[:, at[0], at[1]])
        if math.isnan(found.p10) or math.isnan(truth[at]):
            continue
        known = values[:, at[0], at[1]]
        known = known[~np.isnan(known)]
        slack = 1e-9 * abs(truth[at])  # the same figure, added up in another order
        inside[at] = found.p10 - slack <= truth[at] <= found.p90 + slack
        below, equal = (known < truth[at] - slack).sum(), (np.abs(known - truth[at]) <= slack).sum()
        ranks[at] = (below + 0.5 * equal + 0.5) / (len(known) + 1)
    return inside, ranks


def names(of: Iterable[tuple[str, str, str]]) -> list[str]:
    """Measures as they are called in a table."""
    return [" ".join(part for part in (key[2] if key[1] != "all" else "", key[0]) if part) for key in of]
