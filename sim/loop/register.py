"""The register of improvements: all tickets of a replication, and what was told of them on which day."""

from typing import Final, NamedTuple

import numpy as np

from scenarios.learning import Validation
from sim.loop.agreed import Agreed, Dated
from sim.loop.changes import Made, Size, size_of
from sim.loop.tickets import (
    ARTICLE,
    FAILED,
    IN_FORCE,
    LEAD,
    LEVER,
    OPEN,
    REVIEW,
    STOPPED,
    VALIDATED,
    Judged,
    Ticket,
)
from sim.loop.verdicts import NOT_VALIDATED
from sim.loop.verdicts import VALIDATED as SEEN

_NO_SIZE: Final = Size(True, ())
_NOT_OF_THE_LOOP: Final = (ARTICLE, REVIEW, LEVER)


class Event(NamedTuple):
    """Something that the loop did or noticed; days count from 0."""

    day: int
    what: str
    name: str  # of a ticket or a cause
    value: float = float("nan")


class Register:
    """Tickets, in the order in which they were opened, and events."""

    def __init__(self, agreed: Agreed, run: np.uint64) -> None:
        self.run = run
        self.validation: Validation | None = agreed.loop.validation if agreed.loop else None
        self.tickets = [self._dated(lever) for lever in agreed.dated]
        self.closed: set[str] = set()  # remedies that are not to be tried again
        self.events: list[Event] = []

    def tell(self, day: int, what: str, name: str, value: float = float("nan")) -> None:
        """Note what has happened."""
        self.events.append(Event(day, what, name, value))

    def _dated(self, lever: Dated) -> Ticket:
        """A lever has its days from the roadmap, whoever works on it."""
        ticket = Ticket(lever.made, size_of(lever.made, self.run, 0), 0, lever.start, 0.0, 0.0, lever.due)
        ticket.begun, ticket.done, ticket.in_force, ticket.state = lever.start, lever.due, lever.due, LEAD
        return ticket

    def come_into_force(self, day: int) -> None:
        """Changes whose lead time is over."""
        for ticket in self.tickets:
            if ticket.state == LEAD and ticket.in_force <= day:
                ticket.state = IN_FORCE
                self.tell(day, "in force", ticket.change.name)

    def open(self, made: Made, day: int, weight: float) -> Ticket:
        """A ticket for a change; the first attempt at it, or another."""
        attempt = sum(ticket.change is made for ticket in self.tickets)
        ticket = Ticket(made, size_of(made, self.run, attempt), attempt, day, weight, made.effort)
        self.tickets.append(ticket)
        self.tell(day, "opened", made.name, weight)
        return ticket

    def open_review(self, article: Ticket, day: int, effort_h: float) -> None:
        """A look at an article before it grows stale."""
        name = f"review of {article.change.name}"
        made = article.change._replace(name=name, kind=REVIEW, parts=(), effort=effort_h)
        self.tickets.append(Ticket(made, _NO_SIZE, 0, day, article.weight, effort_h, about=article))

    def next_remedy(self, remedies: tuple[Made, ...], cause: int) -> Made | None:
        """What to try next about a cause: nothing while something is under way, or where nothing is left."""
        if any(self._is_under_way(ticket) for ticket in self.tickets if ticket.change.cause == cause):
            return None
        return next((made for made in remedies if self._may_be_tried(made)), None)

    def has_more(self, remedies: tuple[Made, ...]) -> bool:
        """Whether one of them may still be tried."""
        return any(self._may_be_tried(made) for made in remedies)

    def _is_under_way(self, ticket: Ticket) -> bool:
        """Whether a ticket of the loop is being worked on, or waits for its verdict."""
        if ticket.change.kind in _NOT_OF_THE_LOOP:
            return False
        return ticket.state in (OPEN, LEAD) or (ticket.state == IN_FORCE and not self.is_through(ticket))

    def _may_be_tried(self, made: Made) -> bool:
        """Whether a remedy was not tried yet, or was seen to have failed and may be tried again."""
        tried = [ticket for ticket in self.tickets if ticket.change is made]
        if made.name in self.closed or not tried:
            return made.name not in self.closed
        policy = self.validation
        again = policy is not None and policy.on_failure == "iterate" and len(tried) < policy.attempts
        return again and all(ticket.state == FAILED for ticket in tried)

    def is_through(self, ticket: Ticket) -> bool:
        """Whether no verdict on a ticket is to come; nobody knows what was before the first day."""
        if self.validation is None or ticket.change.claim is None or ticket.in_force <= 0:
            return True
        return len(ticket.judged) >= len(self.validation.after_days)

    def take(self, ticket: Ticket, found: Judged) -> None:
        """A verdict on a ticket; the last look decides what becomes of it."""
        ticket.judged.append(found)
        self.tell(found.day, found.verdict, ticket.change.name, found.estimate)
        if not self.is_through(ticket):
            return
        if found.verdict == SEEN:
            ticket.state = VALIDATED
        elif found.verdict == NOT_VALIDATED:
            ticket.state = FAILED
            if self.validation is not None and self.validation.on_failure == "stop":
                self.stop(ticket.change.name, found.day)

    def stop(self, name: str, day: int) -> None:
        """No further attempt at a remedy; what is in force stays so."""
        self.closed.add(name)
        for ticket in self.tickets:
            if ticket.change.name == name and ticket.state in (OPEN, FAILED):
                ticket.state = STOPPED
        self.tell(day, "stopped", name)

    def stop_what_failed(self, times: int, day: int) -> None:
        """No further attempt at what was seen to have failed so often."""
        failed = [ticket.change.name for ticket in self.tickets if ticket.state == FAILED]
        for name in sorted(set(failed)):
            if failed.count(name) >= times:
                self.stop(name, day)

    def articles(self) -> list[Ticket]:
        """Articles, those that are still being written too."""
        return [ticket for ticket in self.tickets if ticket.change.kind == ARTICLE]

    def review_of(self, article: Ticket) -> Ticket | None:
        """The review of an article that waits for its owner."""
        waiting = (t for t in self.tickets if t.about is article and t.state == OPEN)
        return next(waiting, None)

    def note_reviews(self, day: int) -> None:
        """Articles whose review was done on a day have been looked at since."""
        for ticket in self.tickets:
            if ticket.about is not None and ticket.done == day and ticket.state == LEAD:
                ticket.about.reviewed = day + 1
