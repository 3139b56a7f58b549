"""Service: the measures of a scenario's targets that people steer, and when one version serves no worse.

A measure is worse if its mean over the replications is worse than before by more than a margin: half a
percentage point of a share, 2 % of anything else. What few cases show can differ by more than that by chance
alone, so the margin is never less than what the paired difference of versions that are alike exceeds once in
160 times (Student's t with its standard error; 2.5 standard errors where there are many replications).
"""

import math
from collections.abc import Collection, Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
from scipy import special

from scenarios.by_day import not_by_day
from scenarios.case_definitions import CASE_QUANTILES
from scenarios.definitions import QUANTILES
from scenarios.model import Scenario
from scenarios.related import skills, sources_of
from scenarios.targets import AT_LEAST, AT_MOST, Goal, goals_of
from sim.headcount.trials import Asked, Trial
from sim.pairing import Samples, paired

SHARES: Final = 0.005  # margin of a share
TIMES: Final = 0.02  # ... of anything else, as a share of what it was
SURE: Final = 1.0 - 1.0 / 160.0
PLAINLY: Final = 4.0  # margins, and standard errors, by which a measure is worse beyond doubt
STEERED: Final = {  # what more people make better, and which way
    AT_LEAST: (
        "service_level", "first_response_attainment", "resolution_attainment", "update_attainment",
        "work_on_time",
    ),
    AT_MOST: (
        "asa", "mean_wait", "delayed", "abandonment", *QUANTILES, "mean_first_response", "mean_resolution",
        "first_response_lateness", "resolution_lateness", "work_lateness", "backlog", "backlog_age",
        *CASE_QUANTILES,
    ),
}  # fmt: skip


class Row(NamedTuple):
    """A measure before and after; `worse` is by how much it is worse (below 0: better), in its own unit."""

    goal: Goal  # by which it is measured
    before: float
    after: float
    worse: float
    margin: float  # by how much it may be worse
    se: float  # of the difference, paired; NaN with a single replication
    replications: int

    @property
    def allowed(self) -> float:
        """The margin, or what chance alone makes where that is more."""
        if np.isnan(self.se):
            return self.margin
        return max(self.margin, float(special.stdtrit(self.replications - 1, SURE)) * self.se)

    @property
    def holds(self) -> bool:
        """Whether it is no worse; a measure that there was, and is not any more, is worse."""
        return bool(np.isnan(self.before) or self.worse <= self.allowed)

    @property
    def excess(self) -> float:
        """How many times as much worse it is as it may be, above 1 where it does not hold; at least 0."""
        if self.holds:
            return 0.0
        return float("inf") if np.isnan(self.worse) else self.worse / self.allowed


def is_steered(goal: Goal) -> bool:
    """Whether people steer a target: more of them make its measure better."""
    return goal.measure in STEERED[goal.comparison] and not not_by_day(goal.measure)


def steered(scenario: Scenario) -> tuple[Goal, ...]:
    """The targets of a scenario that people steer: its queues', its severities', its own."""
    return tuple(goal for goal in goals_of(scenario) if is_steered(goal))


def measured(scenario: Scenario) -> tuple[Goal, ...]:
    """A target for each measure by which service is judged, each measure once.

    Raises ValueError where no target says what service is.
    """
    found = {goal[:3]: goal for goal in reversed(steered(scenario))}
    if not found:
        raise ValueError(
            f"{scenario.name}: nothing says what service is wanted that people steer; give a queue a target, "
            "such as target: 80% in 20 s"
        )
    return tuple(reversed(found.values()))


def in_both(goals: Sequence[Goal], other: Scenario) -> tuple[Goal, ...]:
    """Those whose measure another scenario has too: a queue that is gone has no service."""
    sections: dict[str, Mapping[str, object]] = {
        "queue": other.queues,
        "group": other.groups,
        "stream": other.streams,
        "severity": other.severities,
        "root_cause": other.causes,
        "tier": other.tiers,
    }
    return tuple(goal for goal in goals if goal.name in sections.get(goal.scope, {goal.name: None}))


def service_of(before: Scenario, after: Scenario, groups: Collection[str] | None = None) -> tuple[Goal, ...]:
    """By what the service of two versions is compared, where people of some groups (None: of all) change.

    These are the measures of targets, and the mean waits of queues that no target speaks of: nobody leaves
    because nothing says what he is good for. Raises ValueError where there is nothing to compare.
    """
    goals = measured(before)
    found = in_both(goals, after)
    if not found:
        raise ValueError(f"{after.name} has nothing of what {before.name} has targets for")
    guards = guards_of(before, goals, [each for each in groups or before.groups if each in before.groups])
    waits = (goal for goal in guards if goal.measure == "mean_wait")
    mine = {goal[:3] for goal in found}
    return (*found, *(goal for goal in in_both(tuple(waits), after) if goal[:3] not in mine))


def helped_by(scenario: Scenario, goals: Sequence[Goal], groups: Collection[str]) -> tuple[Goal, ...]:
    """Those that people of some groups can help: without queues that none of them serves.

    Raises ValueError where none is left.
    """
    served = {queue for group in groups if group in scenario.groups for queue in skills(scenario, group)}
    found = tuple(goal for goal in goals if goal.scope != "queue" or goal.name in served)
    if not found:
        raise ValueError(f"{scenario.name}: these groups serve no queue that a target speaks of")
    return found


def guards_of(scenario: Scenario, goals: Sequence[Goal], groups: Collection[str]) -> tuple[Goal, ...]:
    """What must not become worse beside targets, as goals without a bound, in queues that groups serve.

    As many contacts are to be handled; and where no target speaks of a queue, nobody is to wait longer.
    Targets of cases speak of every queue in which cases wait; those of a stream, of the queues that it joins.
    """
    told = {name for goal in goals for name in _queues_of(scenario, goal)}
    served = dict.fromkeys(queue for group in sorted(groups) for queue in skills(scenario, group))
    waits = [Goal("mean_wait", "queue", q, AT_MOST, math.inf, "s") for q in served if q not in told]
    return (*waits, *(Goal("handled", "queue", q, AT_LEAST, 0.0, "contacts") for q in served))


def _queues_of(scenario: Scenario, goal: Goal) -> set[str]:
    if goal.scope == "queue":
        return {goal.name}
    if goal.scope == "stream" and goal.measure in ("service_level", "asa", "mean_wait", "abandonment"):
        return {queue for queue in scenario.queues if goal.name in sources_of(scenario, queue)}
    if goal.scope == "work":
        return {scenario.side_work[goal.name].queue} if goal.name in scenario.side_work else set()
    return _queues_of_cases(scenario)


def _queues_of_cases(scenario: Scenario) -> set[str]:
    """Where contacts and cases wait, but for work beside cases."""
    steps = [step for path in scenario.paths.values() for step in path.steps.values()]
    updates = [each.update for each in scenario.severities.values() if each.update]
    found = {stream.queue for stream in scenario.streams.values()} | {rule.to for rule in scenario.routing}
    found |= {step.queue for step in steps if step.queue} | {update.queue for update in updates}
    triage = scenario.tagging.triage if scenario.tagging else None
    return found | ({triage.queue} if triage else set())


def asked_of(goals: Sequence[Goal], targets: Sequence[Goal] = ()) -> Asked:
    """What to look at to judge service by these measures, and perhaps targets."""
    return Asked(tuple(goal[:3] for goal in goals), tuple(targets))


def rows(goals: Sequence[Goal], before: Trial, after: Trial) -> tuple[Row, ...]:
    """Every measure before and after, on the same chances; goals in the order of the trials' measures."""
    keys = tuple(goal[:3] for goal in goals)
    gap = paired(Samples(keys, before.above, before.below), Samples(keys, after.above, after.below))
    n = len(before.above)
    values = zip(goals, gap.first.tolist(), gap.second.tolist(), gap.se.tolist(), strict=True)
    return tuple(_row(goal, first, second, se, n) for goal, first, second, se in values)


def _row(goal: Goal, before: float, after: float, se: float, replications: int) -> Row:
    worse = before - after if goal.comparison == AT_LEAST else after - before
    margin = SHARES if goal.unit == "share" else TIMES * abs(before)
    return Row(goal, before, after, worse, margin, se, replications)


def is_plain(row: Row) -> bool:
    """Whether a measure is so much worse that few replications are enough to say so."""
    se = 0.0 if np.isnan(row.se) else row.se
    return not row.worse <= PLAINLY * max(row.margin, se)


def shares_held(trial: Trial, like: Trial | None = None) -> np.ndarray:
    """In which share of their periods targets hold [target], all replications together; NaN without any.

    Periods that have a value in a trial on the same chances, and none here, are missed: nobody was answered.
    """
    held, pairs = trial.held.sum(axis=0).T
    if like is not None:
        pairs = np.maximum(trial.held, like.held[: len(trial.held)])[:, :, 1].sum(axis=0)
    found: np.ndarray = np.divide(held, pairs, out=np.full(len(held), np.nan), where=pairs != 0)
    return found


def reached(goals: Sequence[Goal], trial: Trial, like: Trial | None = None) -> tuple[bool, ...]:
    """Whether each target holds in at least the share of periods that it asks for, as verdicts of runs do.

    One without any value, here and in the trial that this one is `like`, is reached: there is nothing that
    it could be held against.
    """
    shares = shares_held(trial, like)
    return tuple(
        bool(np.isnan(share) or share >= goal.probability) for goal, share in zip(goals, shares, strict=True)
    )


def miss(trial: Trial, n: int) -> float:
    """By how much target n is missed: its relative shortfall, the mean over all periods with a value."""
    pairs = trial.held[:, n, 1].sum()
    return float(trial.short[:, n].sum() / pairs) if pairs else 0.0
