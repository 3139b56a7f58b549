"""A plan that nobody has simulated: its figures and what its team learns are given, all by hand."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from reports.plan_brief import Brief, brief_of
from scenarios import Scenario
from sim.case_measure import Key
from sim.checkpoints import Figures, Window, weeks_of
from sim.compile import compile_scenario
from sim.loop.agreed import Agreed
from sim.loop.changes import Made, size_of
from sim.loop.controller import Learned
from sim.loop.observed import COLUMNS, CONTACTS
from sim.loop.tickets import NOT_YET, Judged, Ticket
from sim.roadmap.follow import Followed
from sim.roadmap.hopes import Hoped
from sim.roadmap.plan import PlanResult, keys_of, plan_result, windows_of
from sim.roadmap.standing import AMBER, GREEN, RED, Spread, Standing, Status
from sim.roadmap.versions import End, baseline_of
from tests.roadmap.followed import followed
from tests.roadmap.planned import TEAM, team

NAN: Final = float("nan")
DAYS: Final = 40  # from 20 January on: to 28 February
LEVEL: Final = ("service_level", "queue", "phone")
AVOIDABLE: Final = ("avoidable_share", "all", "all")
FIRST, LAST = Window(24, 30), Window(34, 40)

LEVERS: Final[dict[str, Any]] = {
    "macros": {
        "owner": "product",
        "phase": "first",
        "start": "2026-01-26",
        "due": "2026-02-09",
        "lead": "10 days",
        "cost": "$4000",
        "hours": "2 h/week",
        "moves": {"handle_time": {"low": "0%", "expected": "-5%", "high": "-9%"}},
    },
    "new_forms": {
        "owner": "product",
        "due": "2026-02-02",
        "lead": "14 days",
        "cost": "$1500",
        "moves": {"causes.billing.contacts": "-10%"},
    },
}
REMEDIES: Final[dict[str, Any]] = {
    "form": {
        "cause": "billing",
        "kind": "ux_copy",
        "effort": "20 h",
        "cost": "$1000",
        "works": "75%",
        "moves": {"causes.billing.contacts": {"low": "-10%", "expected": "-20%", "high": "-40%"}},
    }
}
LOOP: Final[dict[str, Any]] = {
    **TEAM["loop"],
    "from": "2026-01-27",
    "validation": {"after": ["14 days"]},
}
TARGETS: Final = ["phone service level >= 80% by day 30", "avoidable share -15% vs baseline by day 40"]


def planned(
    levers: Mapping[str, Any] = LEVERS, targets: Sequence[str] = TARGETS, **sections: Any
) -> Scenario:
    """The team with two levers, a remedy, a loop with a test, and two targets; sections may be others."""
    roadmap = {
        "window": "7 days",
        "phases": {"first": {"from": "2026-01-20", "to": "2026-02-18"}},
        "levers": dict(levers),
        "targets": list(targets),
    }
    usual = {
        "calendar": {"start": "2026-01-20", "days": DAYS},
        "remedies": REMEDIES,
        "loop": LOOP,
        "roadmap": {key: value for key, value in roadmap.items() if value},
    }
    return team(**{**usual, **sections})


def found(plan: Scenario | None = None) -> PlanResult:
    """Four replications: 3 of 4 reach the first target, 1 of 4 the second; without the plan 4 and none."""
    scenario = plan or planned()
    with_plan = {(LEVEL, FIRST): [0.82, 0.85, 0.79, 0.90], (AVOIDABLE, LAST): [0.35, 0.36, 0.36, 0.33]}
    without = {(LEVEL, FIRST): [0.81, 0.84, 0.83, 0.88], (AVOIDABLE, LAST): [0.38, 0.42, 0.40, 0.40]}
    for n, week in enumerate(weeks_of(scenario.calendar.days)):
        with_plan[LEVEL, week] = [0.80 + n / 100, 0.82, 0.84, 0.90]
        without[LEVEL, week] = [0.80, 0.82, 0.84, 0.86]
    for n, week in enumerate(weeks_of(scenario.calendar.days)):
        with_plan[LEVEL, week] = [0.80 + n / 100, 0.82, 0.84, 0.90]
        without[LEVEL, week] = [0.80, 0.82, 0.84, 0.86]
    keys, windows = keys_of(scenario), windows_of(scenario)
    asked = [each for each in with_plan if each[0] in keys and each[1] in windows]
    followed_ = followed(scenario, {each: with_plan[each] for each in asked})
    baseline = followed(baseline_of(scenario), {each: without[each] for each in asked}, scenario)
    return plan_result(followed_, baseline, 3)


def with_volumes(result: PlanResult, given: Mapping[Key, tuple[float, float]]) -> PlanResult:
    """The same with measures over all days: in each replication so much without the plan, and with it."""
    whole = Window(1, result.scenario.calendar.days)
    keys = (*result.followed.keys, *given)
    windows = tuple(dict.fromkeys((*result.followed.windows, whole)))

    def wider(side: Followed, which: int) -> Followed:
        more = ((0, 0), (0, len(given)), (0, len(windows) - len(side.windows)))
        above, below = (np.pad(each, more) for each in side.figures)
        above[:, -len(given) :, windows.index(whole)] = [each[which] for each in given.values()]
        below[:, -len(given) :, windows.index(whole)] = 1.0
        return side._replace(keys=keys, windows=windows, figures=Figures(above, below))

    return result._replace(baseline=wider(result.baseline, 0), followed=wider(result.followed, 1))


def agreed_of(plan: Scenario) -> Agreed:
    """What is agreed on in a scenario that learns."""
    agreed = compile_scenario(plan).agreed
    assert agreed is not None
    return agreed


def ticket(made: Made, opened: int, planned: int, in_force: int = NOT_YET, *judged: Judged) -> Ticket:
    """A ticket that was opened, planned and in force on these days, with its verdicts."""
    found = Ticket(made, size_of(made, np.uint64(1), 0), 0, opened, 1.0, min(5.0, made.effort), planned)
    found.begun = opened if found.left < made.effort or not made.effort else NOT_YET
    found.in_force, found.judged = in_force, list(judged)
    found.foreseen, found.target = (0.6, -0.25), -12.4
    return found


def verdict(day: int, words: str, estimate: float = 0.8) -> Judged:
    """A verdict on a day, after 14 days."""
    return Judged(14, day, "contacts", words, estimate, 0.6, 0.95, 0.01, -0.25, 0.6)


def learned(plan: Scenario, *remedies: Ticket, contacts: tuple[int, int, int] = (6, 3, 1)) -> Learned:
    """A replication: its levers as dated, these tickets, and contacts a day by tag (the last: none)."""
    agreed = agreed_of(plan)
    levers = [ticket(each.made, each.start, each.due, each.due) for each in agreed.dated]
    seen = np.zeros((DAYS, 3, len(COLUMNS)), dtype=np.int64)
    seen[:, :, CONTACTS] = contacts
    noticed = np.array([7, NOT_YET])
    return Learned((*levers, *remedies), (), noticed, seen, 2)


def brief(plan: Scenario | None = None, extra: Sequence[Learned] = (), **parts: Any) -> Brief:
    """A plan's brief; with what each replication has learned."""
    result = found(plan)
    if extra:
        result = result._replace(followed=result.followed._replace(extra=tuple(extra)))
    return brief_of(result)._replace(**parts)


def standing(status: Status) -> Standing:
    """A standing with a status, its probability in the middle of it."""
    share = {GREEN: 0.9, AMBER: 0.6, RED: 0.1}.get(status, NAN)
    spread = Spread(0.7, 0.8, 0.9)
    met = 0 if math.isnan(share) else round(share * 60)
    return Standing(60, 60, met, spread, share, 0.0, 1.0, status)


def hoped(end: End, *statuses: Status) -> Hoped:
    """A plan at one end of its hopes, with a status for each target."""
    return Hoped(end, 60, tuple(map(standing, statuses)))
