"""Verdicts: a change held against what was seen of its cause, beside causes that nothing has changed.

The tests are in `validation.py`, what they can see beforehand in `power.py`; here it is decided which
measure a change is judged by, on which days, and against whom.
"""

import math
from dataclasses import replace
from typing import Any, Final

from sim.loop import power, validation
from sim.loop.agreed import Agreed
from sim.loop.changes import HANDLE_TIME, OF_CONTACTS, Claim, Made
from sim.loop.observed import AGENT_TICKS, CONTACTS, RETURNED, SOLVED, History, Ints, by_day
from sim.loop.tickets import ARTICLE, REVIEW, Judged, Ticket

VALIDATED: Final = validation.VALIDATED
NOT_VALIDATED: Final = validation.NOT_VALIDATED
NOT_MEASURABLE: Final = validation.NOT_MEASURABLE

_LONGEST_PAST: Final = 91  # days before a change that still say something of it: thirteen weeks


def untouched(agreed: Agreed, tickets: list[Ticket], but: int, first: int, until: int) -> list[int]:
    """The control group of cause `but` over days first to until - 1: causes that nothing has changed then.

    Articles are on nearly all causes, and do the same to each. What was in full force before the first day
    makes no difference between the days. Causes that incidents bring surge, and new ones grow, by
    themselves.
    """
    moving = (
        t for t in tickets if _moves(t) and t.in_force < until and _settles(t.change, t.in_force) > first
    )
    touched = {cause for ticket in moving for cause in ticket.change.touches} | agreed.surging | {but}
    new = {cause for cause, begins in enumerate(agreed.begins) if first < begins < until}
    return [cause for cause in range(len(agreed.rows.causes)) if cause not in touched | new]


def first_day(agreed: Agreed, tickets: list[Ticket], made: Made, day: int) -> int:
    """The first day that says what was before a change of `day`.

    It is not before an earlier change of the same cause was in full force, or else what that one has done
    would count as done by this one.
    """
    before = (t for t in tickets if _moves(t) and t.in_force < day and made.cause in t.change.touches)
    settled = (min(math.ceil(t.in_force + t.change.ramp), day) for t in before)
    return max(day - _LONGEST_PAST, agreed.begins[made.cause], 0, *settled)


def _moves(ticket: Ticket) -> bool:
    """Whether a change moves causes by itself: articles come to all of them."""
    return ticket.change.kind not in (ARTICLE, REVIEW)


def _settles(made: Made, in_force: int) -> float:
    """The day from which on a change makes no difference any more between days."""
    return in_force + made.ramp if math.isinf(made.halves_in) else math.inf


def judge(
    agreed: Agreed, history: History, tickets: list[Ticket], ticket: Ticket, after: int
) -> validation.Finding | None:
    """What is seen of a change so many days after it came into force; None if its claim cannot be tested."""
    claim, day = ticket.change.claim, ticket.in_force
    if claim is None or agreed.loop is None or agreed.loop.validation is None:
        return None
    first = first_day(agreed, tickets, ticket.change, day)
    others = untouched(agreed, tickets, ticket.change.cause, first, day + after)
    days = by_day(history, day + after)[first:]
    about = {"confidence": agreed.loop.validation.confidence, "chosen": _since(ticket.chosen, first)}
    return _test(claim, days, ticket.change, others, day - first, about)


def _since(chosen: tuple[int, int] | None, first: int) -> tuple[int, int] | None:
    """The days that a cause was chosen on, counted from another first day."""
    return None if chosen is None else (max(chosen[0] - first, 0), max(chosen[1] - first, 0))


def judged_as(found: validation.Finding, ticket: Ticket, after: int, day: int) -> Judged:
    """A finding as it is written to the register."""
    claim = ticket.change.claim
    measure = claim.measure if claim else ""
    power_then, detectable_then = ticket.foreseen
    return Judged(
        after,
        day,
        measure,
        found.verdict,
        found.estimate,
        found.low,
        found.high,
        found.p,
        detectable_then,
        power_then,
    )


def _test(
    claim: Claim, days: Ints, made: Made, others: list[int], day: int, about: dict[str, Any]
) -> validation.Finding:
    """The test of a claim, on days [day, tag, column] of which the change came into force on `day`."""
    own = days[:, made.cause]
    control = days[:, others].sum(axis=1) if others else None
    about = {"expected": claim.expected, "ramp_days": made.ramp, **about}
    if claim.measure == OF_CONTACTS:
        other = None if control is None else control[:, CONTACTS]
        return validation.contacts(own[:, CONTACTS], other, day, **about)
    above, below = (AGENT_TICKS, CONTACTS) if claim.measure == HANDLE_TIME else (RETURNED, SOLVED)
    test = validation.handle_time if claim.measure == HANDLE_TIME else validation.returns
    pair = None if control is None else (control[:, above], control[:, below])
    return test(own[:, above], own[:, below], day, control=pair, **about)


def foresee(
    agreed: Agreed, history: History, tickets: list[Ticket], ticket: Ticket, known: int
) -> tuple[float, float]:
    """How likely the last look is to see what is expected, and the least that it can: said beforehand.

    Of looks within the horizon; beside causes that nothing planned by now will have touched by then. NaN
    where that cannot be said.
    """
    made = ticket.change
    claim, policy = made.claim, agreed.loop.validation if agreed.loop else None
    looks = [a for a in policy.after_days if ticket.planned + a <= agreed.days] if policy else []
    if claim is None or policy is None or not looks:
        return float("nan"), float("nan")
    first = first_day(agreed, tickets, made, known)
    days = by_day(history, known)[first:]
    others = untouched(agreed, _as_planned(tickets), made.cause, first, ticket.planned + looks[-1])
    own, control = days[:, made.cause], days[:, others].sum(axis=1) if others else None
    about: dict[str, Any] = {
        "expected": claim.expected,
        "confidence": policy.confidence,
        "ramp_days": made.ramp,
        "after_days": looks[-1:],
        "lead_days": max(ticket.planned - known, 0),
        "chosen": _since(ticket.chosen, first),
    }
    if claim.measure == OF_CONTACTS:
        other = None if control is None else control[:, CONTACTS]
        found = power.contacts(own[:, CONTACTS], other, **about)
    else:
        above, below = (AGENT_TICKS, CONTACTS) if claim.measure == HANDLE_TIME else (RETURNED, SOLVED)
        test = power.handle_time if claim.measure == HANDLE_TIME else power.returns
        pair = None if control is None else (control[:, above], control[:, below])
        found = test(own[:, above], own[:, below], control=pair, **about)
    told = found[-1]
    return told.power if told.days > 0 else float("nan"), told.detectable


def _as_planned(tickets: list[Ticket]) -> list[Ticket]:
    """Tickets as if all of them came into force when they are due."""
    return [replace(ticket, in_force=min(ticket.in_force, ticket.planned)) for ticket in tickets]
