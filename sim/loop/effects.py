"""What changes in force amount to on a day: the values of all knobs."""

from collections.abc import Iterable

from sim.loop.agreed import Agreed
from sim.loop.changes import level
from sim.loop.knobs import TOGETHER
from sim.loop.tickets import ARTICLE, Ticket


def values(agreed: Agreed, tickets: Iterable[Ticket], day: int) -> list[float]:
    """The value of each knob of the panel on a day, from the changes that are in force on it."""
    found = list(agreed.panel.neutral)
    for ticket in tickets:
        if ticket.change.parts and ticket.in_force <= day and ticket.size.works:
            share = strength(agreed, ticket, day)
            for part, moved in zip(ticket.change.parts, ticket.size.moved, strict=True):
                i = agreed.panel.places[part.knob]
                found[i] = TOGETHER[part.knob.how](found[i], moved * share)
    return found


def strength(agreed: Agreed, ticket: Ticket, day: int) -> float:
    """Which share of its size a change has on a day; an article that is overdue for review has less."""
    share = level(ticket.change, day - ticket.in_force)
    policy = agreed.loop.articles if agreed.loop else None
    if ticket.change.kind == ARTICLE and policy and is_stale(ticket, day, policy.review_every_days):
        return share * policy.stale
    return share


def is_stale(ticket: Ticket, day: int, review_every: int) -> bool:
    """Whether nobody has looked at an article in force for longer than agreed."""
    return day - max(ticket.in_force, ticket.reviewed) > review_every
