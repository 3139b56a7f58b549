"""Decisions that a plan needs, each with the latest day on which it can be made: due less lead time."""

import math
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final, NamedTuple

from reports.plan_words import cost_text, listed, spoken
from reports.wording import MISSING, share_text
from scenarios.changes import Change, Lever
from scenarios.model import Scenario
from scenarios.units import duration_text
from sim.roadmap.plan import PlanResult

_DAY_S: Final = 86_400.0
_QUARTERS: Final = (1, 4, 7, 10)  # months in which a quarter begins


class Decision(NamedTuple):
    """What is to be decided, for whom, and until when; `is_past` of what is too late by then."""

    what: str
    brief: str  # the same in a word or two
    owner: str
    latest: date | None  # None: now, since it does not run before
    lead: str
    due: date | None  # from when it is in force
    cost: str
    is_past: bool = False


def decisions(scenario: Scenario, today: date | None = None) -> tuple[Decision, ...]:
    """All of them: what has no day first, then by their day. `today` is the first day if nothing is said."""
    now = today or scenario.calendar.start
    found = [*_levers(scenario, now), *_loop(scenario, now), *_remedies(scenario)]
    return tuple(sorted(found, key=lambda each: (each.latest is not None, each.latest or now, each.what)))


def still_needed(found: PlanResult) -> tuple[Decision, ...]:
    """Those of a plan; as of a day without those that are in force by then."""
    if found.as_of is None:
        return decisions(found.scenario)
    today = found.as_of.date
    ahead = decisions(found.scenario, today)
    return tuple(each for each in ahead if each.due is None or each.due >= today)


def _levers(scenario: Scenario, now: date) -> Iterator[Decision]:
    for name, lever in (scenario.roadmap.levers if scenario.roadmap else {}).items():
        if lever.due is None or not lever.owner:
            yield _missing(scenario, name, lever, lever.owner)
            continue
        latest = latest_of(lever)
        lead = duration_text(lever.lead_s) if lever.lead_s else ""
        owner, cost = spoken(lever.owner), cost_text(scenario, lever.cost)
        yield Decision(
            f"Go ahead with {spoken(name)}", spoken(name), owner, latest, lead, lever.due, cost, latest < now
        )


def latest_of(lever: Lever) -> date:
    """The latest day on which a lever that has a date can be decided."""
    assert lever.due is not None
    return lever.due - timedelta(days=math.ceil(lever.lead_s / _DAY_S))


def _missing(scenario: Scenario, name: str, change: Change, owner: str | None) -> Decision:
    """A change that nobody owns, or that has no date."""
    due = change.due if isinstance(change, Lever) else None
    wanted = [] if owner else ["an owner"]
    wanted += ["a date"] if isinstance(change, Lever) and due is None else []
    what = f"Name {listed(wanted)} for {spoken(name)}, or drop it"
    return Decision(what, spoken(name), spoken(owner or ""), None, "", due, cost_text(scenario, change.cost))


def _remedies(scenario: Scenario) -> Iterator[Decision]:
    for name, remedy in scenario.remedies.items() if scenario.loop else ():
        cause = scenario.causes.get(remedy.cause)
        if not remedy.owner and not (cause and cause.owner):
            yield _missing(scenario, name, remedy, None)


def _loop(scenario: Scenario, now: date) -> Iterator[Decision]:
    """That the loop begins, and what of an owner's capacity is committed each quarter."""
    loop = scenario.loop
    if loop is None:
        return
    if not loop.owner:
        what = "Name an owner for the loop, or nothing is learned"
        yield Decision(what, "the loop", "", None, "", None, MISSING)
        return
    start, owner = loop.start or scenario.calendar.start, spoken(loop.owner)
    yield Decision("Begin the loop", "the loop", owner, start, "", start, MISSING, start < now)
    if loop.quarterly is not None:
        whose, share = spoken(loop.quarterly.owner), share_text(loop.quarterly.share)
        what = f"Commit {share} of {whose} to the top {loop.quarterly.top} causes"
        for day in _quarters(start, scenario):
            yield Decision(what, "the commitment", whose, day, "", day, MISSING, day < now)


def _quarters(start: date, scenario: Scenario) -> Iterator[date]:
    """First days of quarters within the horizon, from the start of the loop on."""
    for n in range(scenario.calendar.days):
        day = scenario.calendar.start + timedelta(days=n)
        if day >= start and day.day == 1 and day.month in _QUARTERS:
            yield day
