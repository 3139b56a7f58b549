"""A plan as of a day, step by step from the plan as it was made.

One thing after the other is put in the place of what was simulated, on the same chances, so that what each
moves adds up: the inputs, where the file has changed; the days passed; the work that was open when they
ended; what the team has decided on what it saw; and the volumes learned from them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple

import numpy as np

from scenarios.case_definitions import CASE_MEASURES
from scenarios.model import Scenario
from sim.asof.cases import PUT_OFF, WAITS
from sim.asof.cautions import cautions
from sim.asof.counters import Midnights
from sim.asof.follow import Asked, Planned, follow_on, follow_plan
from sim.asof.learned import Learned, Volume, learn, volumes
from sim.asof.named import seen_of
from sim.asof.passed import Passed, first_contacts, passed
from sim.asof.refusals import Facts, day_number, refuse
from sim.asof.result import BACKLOG, DECISIONS, INPUTS, PASSED, VOLUMES, AsOf, Moved, certain, moved
from sim.asof.seen import Ints
from sim.asof.told import untold
from sim.explain.watch import Chances
from sim.loop.controller import Learned as Decided
from sim.loop.observed import AGENT_TICKS
from sim.progress import Progress, Tell, counting
from sim.roadmap.follow import Followed, follow, plan_by_day
from sim.roadmap.plan import DayTarget, PlanResult, asked_of, plan_result
from sim.roadmap.standing import Standing, standing
from sim.roadmap.versions import baseline_of

NOTHING: Final[Mapping[str, float]] = {}


class _Version(NamedTuple):
    """What was simulated after a step."""

    step: str
    followed: Followed


def run_as_of(
    scenario: Scenario,
    facts: Facts,
    day: date,
    chances: Chances,
    progress: Progress | None = None,
    then: Scenario | None = None,
) -> PlanResult:
    """A plan as of a day: what has happened before it, and the rest simulated from what stands then.

    `then` is the plan as it was made, where the file has changed since. `progress(done, total)` counts
    replications. Raises ValueError, with what to do, for facts that do not go with the scenario.
    """
    plan = plan_by_day(scenario)
    k = day_number(scenario, day)
    refuse(plan.model, facts, k)
    seen = seen_of(plan.model, facts.columns)
    return as_of_days(passed(plan, seen, k), facts, chances, progress, then)


def as_of_days(
    days: Passed, facts: Facts, chances: Chances, progress: Progress | None, then: Scenario | None
) -> PlanResult:
    """The same, once it is known what has happened on the days passed."""
    scenario = days.plan.model.scenario
    asked = Asked(*asked_of(scenario), chances)
    both = asked if then is None else _of_both(asked, then, scenario)
    tell = counting(progress, (2 + _versions(days) + (then is not None)) * chances.replications)
    made = follow(then, *both, tell) if then is not None else None
    baseline = follow(baseline_of(then or scenario), *both, tell)
    planned = follow_plan(days, asked, tell)
    learned = _learned(days, planned, chances.seed)
    after = [_Version(INPUTS, planned.followed)] if made else []
    after += [_Version(PASSED, planned.with_days), *_go_on(days, planned, learned, asked, tell)]
    first = plan_result(made or planned.followed, baseline, chances.seed)
    plain = first if made is None else plan_result(planned.followed, baseline, chances.seed)
    now = plan_result(after[-1].followed, baseline, chances.seed)
    counted = volumes_of(days, planned, learned)
    moves = tuple(_moved(days, each, first.followed, after) for each in now.targets)
    targets = tuple(map(_stands_now, now.targets, plain.targets, moves))
    found = _as_of(days, facts, first, moves, counted, targets)
    return now._replace(targets=targets, as_of=found)


def _stands_now(now: DayTarget, plain: DayTarget, moves: Moved) -> DayTarget:
    """A target as it stands now; what the plan changes is told without facts: a lucky week is no effect."""
    return now._replace(standing=moves.now, effect=plain.effect)


def _of_both(asked: Asked, then: Scenario, now: Scenario) -> Asked:
    """What is asked of a plan as it was made: its own targets, and those of the file as it is now."""
    calendars = [(each.calendar.start, each.calendar.days) for each in (then, now)]
    if calendars[0] != calendars[1]:
        told = (f"{days} days from {start} on" for start, days in calendars)
        raise ValueError(
            f"the plan as it was made has {' and this one '.join(told)}; name a plan of the same days"
        )
    keys, windows = asked_of(then)
    return Asked(
        tuple(dict.fromkeys([*asked.keys, *keys])),
        tuple(dict.fromkeys([*asked.windows, *windows])),
        asked.chances,
    )


def _versions(days: Passed) -> int:
    """How many versions go on from the day."""
    return len(_kinds(days)) if days.day else 0


def _kinds(days: Passed) -> tuple[str, ...]:
    """The steps after the days passed that change anything."""
    from scenarios.uncertain_numbers import COMMON, drawn_errors

    agreed, errors = days.plan.model.agreed, drawn_errors(days.plan.model.scenario)
    decides = agreed is not None and agreed.loop is not None
    learns = any(path == COMMON or path.endswith(".arrivals") for path in errors)
    return (BACKLOG, *((DECISIONS,) if decides else ()), *((VOLUMES,) if learns else ()))


def _go_on(
    days: Passed, planned: Planned, learned: Learned | None, asked: Asked, tell: Tell
) -> Iterator[_Version]:
    """The versions that go on from the day, each with one thing more that is as it was seen."""
    if not days.day:
        return
    seen = days.midnights._replace(counts=_as_the_engine_counts(days, planned))
    decides = DECISIONS in _kinds(days)
    for step in _kinds(days):
        what = _simulated(days, planned) if step == BACKLOG and decides else (lambda _: seen)
        also = learned.of if learned is not None and step == VOLUMES else (lambda _: NOTHING)
        yield _Version(step, follow_on(days, asked, what, also, tell))


def _simulated(days: Passed, planned: Planned) -> Callable[[int], Midnights]:
    """What the team of each replication would have seen by its own chances."""

    def seen(replication: int) -> Midnights:
        found = planned.followed.extra[replication]
        assert isinstance(found, Decided)
        none = np.zeros_like(found.seen[:1])
        return days.midnights._replace(counts=np.concatenate([none, found.seen[: days.day]]).cumsum(axis=0))

    return seen


def _as_the_engine_counts(days: Passed, planned: Planned) -> Ints:
    """The counters seen, their work brought to what the engine counts.

    An export tells of work from its answer to its end, and not at all of what no customer began: the ratio of
    the two over all replications of the plan on the same days is taken for that on the days passed.
    """
    counts = days.midnights.counts.copy()
    own, told = planned.work.sum(axis=0)
    if own and told and own != told:
        counts[:, :, AGENT_TICKS] = np.round(counts[:, :, AGENT_TICKS] * (own / told))
    return counts


def _learned(days: Passed, planned: Planned, seed: int) -> Learned | None:
    model = days.plan.model
    if not days.day:
        return None
    seen = first_contacts(days.plan, days.rows, days.tick)
    return learn(model.scenario, seed, model.names.streams, seen, planned.contacts)


def volumes_of(days: Passed, planned: Planned, learned: Learned | None) -> tuple[Volume, ...]:
    """The contacts of each stream on the days passed, beside what was expected."""
    if not days.day:
        return ()
    seen = first_contacts(days.plan, days.rows, days.tick)
    return volumes(days.plan.model.names.streams, days.day, seen, planned.contacts, learned)


def _as_of(
    days: Passed,
    facts: Facts,
    first: PlanResult,
    moves: tuple[Moved, ...],
    counted: tuple[Volume, ...],
    targets: Sequence[DayTarget],
) -> AsOf:
    keys = [target.goal[:3] for target in targets if _reaches(days, target)]
    return AsOf(
        days.plan.model.almanac.dates[days.day],
        days.day,
        facts.source,
        first,
        moves,
        counted,
        int(np.isin(days.found.state, (WAITS, PUT_OFF)).sum()),
        int((days.found.legs["ended"] < 0).sum()),
        cautions(days, facts.notes, keys, counted),
    )


def _reaches(days: Passed, target: DayTarget) -> bool:
    """Whether the window of a target reaches into the days passed."""
    return target.window.first <= days.day


def _moved(days: Passed, target: DayTarget, made: Followed, after: Sequence[_Version]) -> Moved:
    """Where a target stood as the plan was made, and after each step; its value stays what it was."""
    key, roadmap = target.goal[:3], days.plan.model.scenario.roadmap
    assert roadmap is not None
    status = roadmap.status

    def stands(followed: Followed) -> Standing:
        values = followed.values(key, target.window)
        return standing(values, target.goal.comparison, target.target, status.green, status.amber)

    over = target.window.last <= days.day and key[0] not in CASE_MEASURES
    found = [(each.step, stands(each.followed)) for each in after]
    found = [(step, certain(each) if over and step != INPUTS else each) for step, each in found]
    return moved(stands(made), found, untold(days.export, key) if _reaches(days, target) else "")
