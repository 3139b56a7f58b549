"""Verdicts: a change held against what was seen of its cause, beside causes that nothing has changed.

The tests are in `validation.py`, what they can see beforehand in `power.py`; here it is decided which
measure a change is judged by, on which days, and against whom.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, NamedTuple, Protocol

from sim.clock import to_ticks
from sim.loop import power, validation
from sim.loop.agreed import Agreed
from sim.loop.changes import HANDLE_TIME, OF_CONTACTS, OF_RETURNS, Claim, Made
from sim.loop.knobs import COURSE
from sim.loop.observed import (
    AGENT_TICKS,
    CONTACTS,
    RETURNED,
    SOLVED,
    History,
    Ints,
    between,
    by_day,
    in_tags,
)
from sim.loop.series import FEWEST_AFTER, FEWEST_BEFORE, Span, Spans
from sim.loop.tickets import ARTICLE, NOT_YET, REVIEW, Judged, Ticket

VALIDATED: Final = validation.VALIDATED
NOT_VALIDATED: Final = validation.NOT_VALIDATED
NOT_MEASURABLE: Final = validation.NOT_MEASURABLE

_LONGEST_PAST: Final = 91  # days before a change that still say something of it: thirteen weeks
_LATELY: Final = 28  # days that say how much of a cause there is
_RIGHT_TAGS: Final = frozenset({"accuracy"})  # what moves tags from one cause to another,
_ALL_TAGS: Final = frozenset({"accuracy", "untagged"})  # ... or gives all causes more of them
# What a measure is of: what is counted, and, but for contacts, what that is a share of.
_COLUMNS: Final = {
    OF_CONTACTS: (CONTACTS,),
    HANDLE_TIME: (AGENT_TICKS, CONTACTS),
    OF_RETURNS: (RETURNED, SOLVED),
}
_TESTS: Final[dict[str, Callable[..., validation.Finding]]] = {
    OF_CONTACTS: validation.contacts,
    HANDLE_TIME: validation.handle_time,
    OF_RETURNS: validation.returns,
}
_OUTLOOKS: Final[dict[str, Callable[..., tuple[power.Outlook, ...]]]] = {
    OF_CONTACTS: power.contacts,
    HANDLE_TIME: power.handle_time,
    OF_RETURNS: power.returns,
}


class Begun(Protocol):
    """A change and the day from which on it is in force: a ticket, or what is planned."""

    @property
    def change(self) -> Made: ...

    @property
    def in_force(self) -> int: ...


class Planned(NamedTuple):
    """A change as if it came into force when it is due."""

    change: Made
    in_force: int


class Compared(NamedTuple):
    """Days first to until - 1, and the causes beside which a change is judged on them."""

    first: int
    until: int
    others: list[int]


def compared(agreed: Agreed, tickets: Sequence[Begun], ticket: Ticket, day: int, until: int) -> Compared:
    """What a change of `day` is compared on, of the days before it and those up to `until` - 1.

    Only days on which contacts were tagged alike: with a better tagger a cause falls or rises by tag alone.
    More tags for all make no difference beside other causes. What changed other causes while this one was
    chosen makes none either: those days are not compared.
    """
    first = first_day(agreed, tickets, ticket.change, day)
    first, until = _tagged_alike(tickets, _RIGHT_TAGS, day, (first, until))
    if ticket.chosen is not None and ticket.chosen[0] <= first < ticket.chosen[1]:
        first = ticket.chosen[1]
    others = untouched(agreed, tickets, ticket.change.cause, first, until)
    if not others:
        first, until = _tagged_alike(tickets, _ALL_TAGS, day, (first, until))
    return Compared(first, until, others)


def _tagged_alike(
    tickets: Sequence[Begun], fields: frozenset[str], day: int, span: tuple[int, int]
) -> tuple[int, int]:
    """The part of some days around `day` on which no change was moving how contacts are tagged."""
    first, until = span
    for ticket in tickets:
        knobs = (part.knob for part in ticket.change.parts)
        if not any(knob.table == COURSE and knob.field in fields for knob in knobs):
            continue
        if ticket.in_force >= day:
            until = min(until, ticket.in_force)
        else:
            first = max(first, math.ceil(min(_settles(ticket.change, ticket.in_force), day)))
    return first, until


def untouched(agreed: Agreed, tickets: Sequence[Begun], but: int, first: int, until: int) -> list[int]:
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


def first_day(agreed: Agreed, tickets: Sequence[Begun], made: Made, day: int) -> int:
    """The first day that says what was before a change of `day`.

    It is not before an earlier change of the same cause was in full force, or else what that one has done
    would count as done by this one.
    """
    before = (t for t in tickets if _moves(t) and t.in_force < day and made.cause in t.change.touches)
    settled = (min(math.ceil(t.in_force + t.change.ramp), day) for t in before)
    return max(day - _LONGEST_PAST, agreed.begins[made.cause], 0, *settled)


def _moves(ticket: Begun) -> bool:
    """Whether a change moves causes by itself: articles come to all of them."""
    return ticket.change.kind not in (ARTICLE, REVIEW)


def _settles(made: Made, in_force: int) -> float:
    """The day from which on a change makes no difference any more between days."""
    return in_force + made.ramp if math.isinf(made.halves_in) else math.inf


def judge(
    agreed: Agreed,
    history: History,
    tickets: list[Ticket],
    ticket: Ticket,
    after: int,
    accuracy: float | None = None,
) -> validation.Finding | None:
    """What is seen of a change so many days after it came into force; None if its claim cannot be tested.

    `accuracy` of tags, where an audit has found it, says how much of an effect tags leave to be seen.
    """
    claim, day = ticket.change.claim, ticket.in_force
    if claim is None or agreed.loop is None or agreed.loop.validation is None:
        return None
    found = compared(agreed, tickets, ticket, day, day + after)
    if found.until <= day:
        return validation.NOTHING
    claim = _as_tagged(claim, history, ticket.change.cause, (found.first, day), found.others, accuracy)
    days = by_day(history, found.first, found.until)
    left_out = _left_out([ticket.chosen], found.first)
    about = {"confidence": agreed.loop.validation.confidence, "left_out": left_out}
    return _test(claim, days, ticket.change, found.others, day - found.first, about)


def _as_tagged(
    claim: Claim,
    history: History,
    cause: int,
    days: tuple[int, int],
    others: list[int],
    accuracy: float | None,
) -> Claim:
    """A claim as wrong tags leave it to be seen, by what was counted on some days."""
    if accuracy is None:
        return claim
    counted = between(history, *days)[:-1, _COLUMNS[claim.measure][0]].astype(float)
    return claim._replace(expected=in_tags(claim.expected, counted, cause, others, accuracy))


def _left_out(spans: Iterable[Span | None], first: int) -> Spans:
    """Spans of days, such as those that a cause was chosen on, counted from another first day."""
    known = (span for span in spans if span is not None)
    return tuple((max(begin - first, 0), end - first) for begin, end in known if end > max(begin, first))


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
    own, control = _counts(claim, days, made.cause, others)
    about = {"expected": claim.expected, "ramp_days": made.ramp, **about}
    return _TESTS[claim.measure](*own, day=day, control=control, **about)


def _counts(claim: Claim, days: Ints, cause: int, others: list[int]) -> tuple[list[Ints], Any]:
    """What a claim is tested on, by day: columns of a cause, and of its control; None without others."""
    columns = _COLUMNS[claim.measure]
    own = [days[:, cause, column] for column in columns]
    if not others:
        return own, None
    control = tuple(days[:, others, column].sum(axis=1) for column in columns)
    return own, control if len(control) > 1 else control[0]


def foresee(
    agreed: Agreed,
    history: History,
    tickets: list[Ticket],
    ticket: Ticket,
    known: int,
    accuracy: float | None = None,
) -> tuple[float, float]:
    """How likely the last look is to see what is expected, and the least that it can: said beforehand.

    Of looks within the horizon; beside causes that nothing planned by now will have touched by then, on days
    that are tagged alike. NaN where that cannot be said.
    """
    made, planned = ticket.change, _begins(ticket)
    claim, policy = made.claim, agreed.loop.validation if agreed.loop else None
    looks = [a for a in policy.after_days if planned + a <= agreed.days] if policy else []
    if claim is None or policy is None or not looks:
        return float("nan"), float("nan")
    day = max(planned, known)
    found = compared(agreed, _as_planned(tickets), ticket, day, planned + looks[-1])
    if found.until - day < FEWEST_AFTER or day - found.first < FEWEST_BEFORE:
        return 0.0, float("nan")
    # What is known says how the days to come will be, also where they alone are going to be compared.
    first = min(found.first, first_day(agreed, tickets, made, known))
    claim = _as_tagged(claim, history, made.cause, (first, known), found.others, accuracy)
    own, control = _counts(claim, by_day(history, first, known), made.cause, found.others)
    about: dict[str, Any] = {
        "expected": claim.expected,
        "confidence": policy.confidence,
        "ramp_days": made.ramp,
        "after_days": (found.until - day,),
        "lead_days": day - known,
        "left_out": _left_out([(first, found.first), ticket.chosen], first),
    }
    told = _OUTLOOKS[claim.measure](*own, control=control, **about)[-1]
    return told.power if told.days > 0 else float("nan"), told.detectable


def target(history: History, ticket: Ticket, known: int) -> float:
    """What a change is to save or cost a week, as tagged over the last four weeks known: contacts, agents'
    hours or returns; NaN for one that claims nothing."""
    claim, days = ticket.change.claim, min(_LATELY, known)
    if claim is None or days == 0:
        return float("nan")
    counted = float(between(history, known - days, known)[ticket.change.cause, _COLUMNS[claim.measure][0]])
    in_units = counted / to_ticks(3600.0) if claim.measure == HANDLE_TIME else counted
    return claim.expected * in_units * 7.0 / days


def _as_planned(tickets: Sequence[Ticket]) -> list[Planned]:
    """The changes that move causes, as if all of them came into force when they are due."""
    return [Planned(ticket.change, _begins(ticket)) for ticket in tickets if _moves(ticket)]


def _begins(ticket: Ticket) -> int:
    """The day on which a ticket is in force as far as is known: once its work is done, that is certain."""
    return ticket.planned if ticket.in_force == NOT_YET else ticket.in_force
