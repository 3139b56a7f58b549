"""What all replications learned: the register of improvements, and the clocks of root causes."""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import numpy as np

from scenarios.changes import Lever, Remedy
from scenarios.learning import ARTICLE_ON, BALANCED, BONUS
from scenarios.model import Scenario
from sim.loop.agreed import Agreed, owner_of, runs
from sim.loop.capacity import given
from sim.loop.changes import Claim
from sim.loop.controller import Learned
from sim.loop.tickets import LEVER, NOT_RUN, NOT_YET, Judged, Ticket
from sim.loop.verdicts import NOT_MEASURABLE, NOT_VALIDATED, VALIDATED

NAN: Final = float("nan")
_INCENTIVES: Final = (BONUS, BALANCED)


class Days(NamedTuple):
    """Days of a change, from 0, the first of the horizon: of its last attempt, medians over replications.

    NaN where it never came to that.
    """

    opened: float
    begun: float  # the first hour of work
    due: float
    in_force: float


class Entry(NamedTuple):
    """A change over all replications."""

    name: str
    kind: str
    owner: str
    cause: str  # "" where it is about none, or about several
    runs: bool  # False: nobody owns it, or it has no date
    share: float  # of the replications in which it was opened
    attempts: float  # mean of these
    days: Days
    cost: float
    effort_h: float
    claim: Claim | None
    works: float
    observed: tuple[float, float, float]  # P10, median and P90 of what the last look saw: after / before
    verdicts: dict[str, float]  # of the changes that were judged: the share of each verdict at the last look
    false_validated: float  # of those validated: the share that did nothing
    missed: float  # of those that worked and could be measured: the share that was not validated
    power: float  # as said beforehand: a mean, as verdicts are shares
    detectable: float
    target: float  # a week: contacts, agents' hours or returns, as last set; NaN where nothing is claimed


class Clocks(NamedTuple):
    """Of a root cause: days from its start to its detection, from there to correction, and to prevention.

    Correction is the first change of the cause in force, prevention the first verdict "validated" that no
    later look takes back. Each is the median over the replications in which it happened, and `shares` of how
    many that are.
    """

    cause: str
    detection: float
    correction: float
    prevention: float
    shares: tuple[float, float, float]


class Summary(NamedTuple):
    """What the team is expected to have done and learned."""

    entries: tuple[Entry, ...]
    clocks: tuple[Clocks, ...]
    alarm_days: float  # mean
    hours: dict[str, float]  # mean hours of work on tickets, reviews and levers, by owner
    given: dict[str, float]  # ... that they have for it over the horizon


def summarise(scenario: Scenario, agreed: Agreed, learned: Sequence[Learned]) -> Summary:
    """All replications of a scenario put together."""
    tickets = [each.tickets for each in learned]
    names = dict.fromkeys(t.change.name for of in tickets for t in of if t.change.name not in _INCENTIVES)
    entries = [_entry(agreed, name, tickets) for name in (*_named(scenario, names), *_articles(names))]
    return Summary(
        (*entries, *_idle(scenario, agreed)),
        tuple(_clocks(agreed, cause, learned) for cause in range(len(agreed.rows.causes))),
        float(np.mean([each.alarm_days for each in learned])),
        _hours(agreed, learned),
        given(agreed, learned),
    )


def _named(scenario: Scenario, known: Iterable[str]) -> list[str]:
    """Levers in the order of their dates, then remedies, as far as they were begun in any replication."""
    levers = scenario.roadmap.levers if scenario.roadmap else {}
    dated = sorted((lever.due, name) for name, lever in levers.items() if lever.due is not None)
    in_order = [name for _, name in dated] + sorted(scenario.remedies)
    return [name for name in in_order if name in set(known)]


def _articles(names: Iterable[str]) -> list[str]:
    return [name for name in sorted(names) if name.startswith(ARTICLE_ON)]


def _entry(agreed: Agreed, name: str, tickets: Sequence[Sequence[Ticket]]) -> Entry:
    """A change that was begun in at least one replication."""
    of_name = [[t for t in of if t.change.name == name] for of in tickets]
    found = [t for of in of_name for t in of]
    last = [max(of, key=lambda t: t.attempt) for of in of_name if of]
    made = found[0].change
    judged = [t for t in found if t.judged]
    seen = [t.judged[-1] for t in judged]
    validated = [t for t in judged if t.judged[-1].verdict == VALIDATED]
    worked = [t for t in judged if _did_something(t) and t.judged[-1].verdict != NOT_MEASURABLE]
    rows = agreed.rows
    return Entry(
        name,
        made.kind,
        rows.owners[made.owner] if made.owner >= 0 else "",
        rows.causes[made.cause] if made.cause >= 0 else "",
        True,
        len(last) / len(tickets),
        len(found) / len(last),
        _days(last),
        made.cost,
        made.effort,
        made.claim,
        made.works,
        _spread(seen),
        _shares(seen),
        _share(not _did_something(t) for t in validated),
        _share(t.judged[-1].verdict != VALIDATED for t in worked),
        _mean(t.foreseen[0] for t in found),
        _median(t.foreseen[1] for t in found),
        _median(t.target for t in last),
    )


def _days(last: Sequence[Ticket]) -> Days:
    dates = ((t.opened, t.begun, t.planned, t.in_force) for t in last)
    return Days(*(_median(day for day in each if day != NOT_YET) for each in zip(*dates, strict=True)))


def _did_something(ticket: Ticket) -> bool:
    """Whether a change has truly had an effect: the simulator knows."""
    return ticket.size.works and any(ticket.size.moved)


def _mean(values: Iterable[float]) -> float:
    known = [value for value in values if not np.isnan(value)]
    return float(np.mean(known)) if known else NAN


def _median(values: Iterable[float]) -> float:
    known = [value for value in values if not np.isnan(value)]
    return float(np.median(known)) if known else NAN


def _share(holds: Iterable[bool]) -> float:
    found = list(holds)
    return sum(found) / len(found) if found else NAN


def _spread(judged: Sequence[Judged]) -> tuple[float, float, float]:
    seen = [each.estimate for each in judged if not np.isnan(each.estimate)]
    if not seen:
        return NAN, NAN, NAN
    low, middle, high = np.quantile(seen, (0.1, 0.5, 0.9))
    return float(low), float(middle), float(high)


def _shares(judged: Sequence[Judged]) -> dict[str, float]:
    kinds = (VALIDATED, NOT_VALIDATED, *(each.verdict for each in judged))
    return {kind: _share(each.verdict == kind for each in judged) for kind in dict.fromkeys(kinds) if judged}


def _idle(scenario: Scenario, agreed: Agreed) -> list[Entry]:
    """What does not run, for want of an owner or a date."""
    changes: dict[str, Lever | Remedy] = dict(scenario.roadmap.levers) if scenario.roadmap else {}
    if agreed.loop is not None:
        changes |= scenario.remedies
    none, never = (NAN, NAN, NAN), Days(NAN, NAN, NAN, NAN)
    found = []
    for name, change in sorted(changes.items()):
        if not runs(change, scenario):
            kind = change.kind if isinstance(change, Remedy) else LEVER
            effort = change.effort_h if isinstance(change, Remedy) else 0.0
            cause = change.cause if isinstance(change, Remedy) else ""
            about = (owner_of(change, scenario) or "", cause, False, 0.0, 0.0, never, change.cost, effort)
            found.append(
                Entry(name, kind, *about, None, change.works, none, {NOT_RUN: 1.0}, NAN, NAN, NAN, NAN, NAN)
            )
    return found


def _clocks(agreed: Agreed, cause: int, learned: Sequence[Learned]) -> Clocks:
    noticed = [int(each.noticed[cause]) for each in learned]
    begins = agreed.begins[cause]
    detected = [day - begins for day in noticed if day != NOT_YET]
    corrected, prevented = [], []
    for day, each in zip(noticed, learned, strict=True):
        mine = [t for t in each.tickets if t.change.cause == cause and 0 <= t.in_force < agreed.days]
        if day != NOT_YET and mine:  # a lever may be in force before anybody has looked
            corrected.append(max(min(t.in_force for t in mine) - day, 0))
        held = [t for t in mine if t.judged and t.judged[-1].verdict == VALIDATED]
        seen = [j.day for t in held for j in t.judged if j.verdict == VALIDATED]
        if day != NOT_YET and seen:
            prevented.append(max(min(seen) - day, 0))
    n = len(learned)
    return Clocks(
        agreed.rows.causes[cause],
        _median(detected),
        _median(corrected),
        _median(prevented),
        (len(detected) / n, len(corrected) / n, len(prevented) / n),
    )


def _hours(agreed: Agreed, learned: Sequence[Learned]) -> dict[str, float]:
    """Hours spent on tickets, reviews of articles, and levers that go on, by owner: means."""
    spent = dict.fromkeys(agreed.rows.owners, 0.0)
    for each in learned:
        for ticket in (*each.tickets, *each.reviews):
            if ticket.change.owner >= 0:
                worked = ticket.change.effort - ticket.left
                spent[agreed.rows.owners[ticket.change.owner]] += worked / len(learned)
    for lever in agreed.dated:
        if lever.made.owner >= 0:
            days = sum(agreed.workday[max(lever.busy_from, 0) :])
            spent[agreed.rows.owners[lever.made.owner]] += lever.hours * days
    return spent
