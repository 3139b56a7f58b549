"""Tickets: improvements under way, and the hours that their owners have for them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from sim.loop.changes import Made, Size

NOT_YET: Final = 10**9  # a day later than any horizon
_NEVER: Final = -NOT_YET
ARTICLE: Final = "article"  # a kind of change: those of the loop itself, beside remedies
REVIEW: Final = "review"  # ... a look at an article
LEVER: Final = "lever"

# Where a ticket stands.
OPEN: Final = "open"  # waits for its owner, or is being worked on
LEAD: Final = "under way"  # the work is done, and it is not in force yet
IN_FORCE: Final = "in force"
VALIDATED: Final = "validated"
FAILED: Final = "not validated"
STOPPED: Final = "stopped"
NOT_RUN: Final = "does not run"


class Judged(NamedTuple):
    """What a validation has said: so many days after the change, with what it saw and could have seen."""

    after: int
    day: int
    measure: str
    verdict: str
    estimate: float  # ratio of after to before, relative to the control
    low: float
    high: float
    p: float
    detectable: (
        float  # the smallest change that could have been seen, as predicted when the ticket was opened
    )
    power: float  # ... and how likely it was to see what was expected


@dataclass(slots=True)
class Ticket:
    """One attempt at a change; days count from 0, the first day of the horizon."""

    change: Made
    size: Size
    attempt: int
    opened: int
    weight: float  # of its cause, when it was last ranked: what weighs more goes first
    left: float  # hours of work
    planned: int = NOT_YET  # the day from which it is planned to be in force: the due date
    begun: int = NOT_YET  # the day of its first hour of work
    done: int = NOT_YET
    in_force: int = NOT_YET
    reviewed: int = _NEVER  # of an article: when it was last looked at
    about: "Ticket | None" = None  # of a review: its article
    state: str = OPEN
    committed: bool = False
    target: float = float("nan")  # what it is to change a week: contacts, agents' hours, returns, as tagged
    foreseen: tuple[float, float] = (float("nan"), float("nan"))  # power, and the least that can be seen
    chosen: tuple[int, int] | None = None  # the days [first, last) that its cause was chosen on
    judged: list[Judged] = field(default_factory=list)


def in_order(tickets: Iterable[Ticket]) -> list[Ticket]:
    """Open tickets in the order in which they are worked on: articles first, then by weight, then by age."""
    waiting = (each for each in tickets if each.state == OPEN)
    return sorted(waiting, key=lambda t: (t.change.kind != ARTICLE, -t.weight, t.opened, t.change.name))


def work_a_day(tickets: Sequence[Ticket], hours: Sequence[float], extra: Sequence[float], day: int) -> None:
    """Owners work through a day: `hours` each for any ticket, `extra` for those that they have committed to.

    A ticket whose work is done comes into force when its lead time is over.
    """
    left, more = list(hours), list(extra)
    for ticket in in_order(tickets):
        owner, before = ticket.change.owner, ticket.left
        if ticket.committed:
            spent = min(ticket.left, more[owner])
            more[owner] -= spent
            ticket.left -= spent
        spent = min(ticket.left, left[owner])
        left[owner] -= spent
        ticket.left -= spent
        if ticket.left < before:
            ticket.begun = min(ticket.begun, day)
        if ticket.left <= _NOTHING:
            ticket.left, ticket.done, ticket.state = 0.0, day, LEAD
            ticket.in_force = day + 1 + round(ticket.change.lead)


_NOTHING: Final = 1e-9  # hours


def plan(tickets: Iterable[Ticket], hours_a_day: Sequence[float], extra: Sequence[float], day: int) -> None:
    """Give every open ticket a due date: when its owner will be through with it and what goes before it.

    Owners have so many hours a day, and `extra` ones for what they have committed to.
    """
    queued = [0.0] * len(hours_a_day)
    for ticket in in_order(tickets):
        owner = ticket.change.owner
        queued[owner] += ticket.left
        pace = hours_a_day[owner] + (extra[owner] if ticket.committed else 0.0)
        ahead = queued[owner] / pace if pace > 0.0 else float("inf")
        if ticket.change.kind != ARTICLE:  # to be published within the time agreed on
            ticket.planned = NOT_YET if ahead > _TOO_LONG else day + round(ahead + ticket.change.lead)


_TOO_LONG: Final = 36_500.0  # days: an owner without time for it
