"""The learning loop: at each midnight, what the team decides on what it has seen.

Once a day: owners have worked, changes come into force, articles are written and looked after, new clusters
are noticed and get a ticket, changes are judged. On their days: the weekly review opens tickets, the monthly
one ranks them anew and stops what has failed too often, the quarterly commitment gives a part of an owner's
time to the heaviest causes that it can do something about. What all of it amounts to on the day that begins
is then written to the dials. The policies are pure functions (`ranking.py`, `detection.py`, `tickets.py`,
`verdicts.py`); this file is their order.
"""

from collections.abc import Sequence
from math import isnan
from typing import Final, NamedTuple

import numpy as np

from scenarios.learning import Articles, Daily, Detection, Loop, MonthlyReview, Quarterly, WeeklyReview
from sim.draws import AUDIT_RESULT, counter, name_key, uniform
from sim.layout import State, Tables
from sim.loop import capacity, knobs, observed
from sim.loop.agreed import Agreed
from sim.loop.backlog import open_cases
from sim.loop.changes import DAY_S, Made, is_steady
from sim.loop.detection import Watched, nothing_yet, watch
from sim.loop.effects import is_stale, values
from sim.loop.observed import CONTACTS, Floats, Ints
from sim.loop.ranking import top, weight
from sim.loop.register import Event, Register
from sim.loop.tickets import IN_FORCE, NOT_YET, OPEN, Ticket, plan, work_a_day
from sim.loop.verdicts import foresee, judge, judged_as, target

_AUDIT: Final = name_key("loop", "tag audit")
_WEEK: Final = 7
_MONTH: Final = 28  # days that monthly and quarterly reviews look at
_WORKING: Final = 5.0 / 7.0  # days of a week


class Learned(NamedTuple):
    """What a replication tells of its learning."""

    tickets: tuple[Ticket, ...]  # levers, remedies and articles, in the order in which they were opened
    events: tuple[Event, ...]
    noticed: Ints  # [cause]: the day of the first alarm, review or article that named it, or NOT_YET
    seen: Ints  # [day, tag, column]: what was tagged, by day
    alarm_days: int  # on which backlog or promises past due were above their limits
    reviews: tuple[Ticket, ...] = ()  # of articles


class Controller:
    """The loop of one replication: called at each midnight with the state of the engine."""

    def __init__(self, agreed: Agreed, tables: Tables, run: np.uint64) -> None:
        self.agreed, self.tables, self.run = agreed, tables, run
        self.ticks = agreed.ticks
        self.history = observed.new_history(agreed.days, len(agreed.rows.causes))
        self.watched: Watched = nothing_yet(len(agreed.rows.causes))
        self.noticed = np.full(len(agreed.rows.causes), NOT_YET)
        self.register = Register(agreed, run)
        self.accuracy: float | None = None  # of tags, as an audit has found it
        self.values = dict.fromkeys(agreed.panel.knobs, float("nan"))
        self.by_place = {(knob.table, knob.row, knob.field): knob for knob in agreed.panel.knobs}
        self.alarm_days = 0
        self.committed: tuple[int, Sequence[int]] = (-1, ())  # an owner, and the causes of the quarter

    def decide(self, day: int, state: State) -> None:
        """What happens at the midnight before a day."""
        observed.note(self.history, day, state)
        if day == self.agreed.days:
            return
        loop = self.agreed.loop
        if loop is not None and self._is_on(loop, day - 1):
            self._work(loop, day - 1)
        self.register.come_into_force(day)
        if loop is not None and self._is_on(loop, day):
            self._think(loop, day, state)
        self._turn(day, state)

    def learned(self) -> Learned:
        """What is to be told when the horizon is over."""
        seen = np.diff(self.history.counts, axis=0)
        tickets = tuple(ticket for ticket in self.register.tickets if ticket.about is None)
        reviews = tuple(ticket for ticket in self.register.tickets if ticket.about is not None)
        return Learned(tickets, tuple(self.register.events), self.noticed, seen, self.alarm_days, reviews)

    def _is_on(self, loop: Loop, day: int) -> bool:
        """Whether the loop has begun by a day of the horizon."""
        return day >= 0 and (loop.start is None or self.agreed.dates[day] >= loop.start)

    # Every day.

    def _work(self, loop: Loop, day: int) -> None:
        """Owners have worked through a day."""
        if self.agreed.workday[day]:
            work_a_day(self.register.tickets, *self._hours(loop, day), day)
            self.register.note_reviews(day)

    def _hours(self, loop: Loop, day: int) -> tuple[list[float], list[float]]:
        """Hours that each owner has on a working day for any ticket, and for those it has committed to."""
        hours, extra = [], []
        for o, each in enumerate(capacity.a_day(self.agreed, self._own)):
            used = sum(d.hours for d in self.agreed.dated if d.made.owner == o and d.busy_from <= day)
            commits = loop.quarterly is not None and loop.quarterly.owner == self.agreed.rows.owners[o]
            hours.append(max(each.hours * each.share - used, 0.0))
            extra.append(each.committed(loop.quarterly.share) if loop.quarterly and commits else 0.0)
        return hours, extra

    def _own(self, table: str, row: int, otherwise: float, field: str = "") -> float:
        """The value of one of the loop's own knobs, or of one of the whole team's."""
        knob = self.by_place.get((table, row, field))
        return otherwise if knob is None or isnan(self.values[knob]) else self.values[knob]

    def _think(self, loop: Loop, day: int, state: State) -> None:
        """All policies that have their day."""
        delay = loop.information_delay_s / DAY_S * self._own(knobs.DELAY, 0, 1.0)
        known, today = observed.known_days(day, delay), self.agreed.dates[day]
        if loop.daily is not None:
            self._check_the_day(loop.daily, day, state)
        if loop.detection is not None and known > 0:
            self._detect(loop, loop.detection, day, known)
        if loop.articles is not None and known >= _WEEK:
            self._look_after_articles(loop.articles, day, known)
        self._judge(loop, day, known)
        if loop.weekly_review is not None and today.weekday() == loop.weekly_review.on and known >= _WEEK:
            self._weekly(loop, loop.weekly_review, day, known)
        if loop.monthly_review is not None and today.day == 1 and known >= _MONTH:
            self._monthly(loop, loop.monthly_review, day, known)
        if loop.quarterly is not None and capacity.commits(self.agreed, day, known):
            self._quarterly(loop, loop.quarterly, day, known)
        for ticket in self.register.tickets:
            if ticket.done == day - 1:  # by now it is known when, and what else is under way
                self._foresee(loop, ticket, known)

    def _check_the_day(self, daily: Daily, day: int, state: State) -> None:
        backlog, overdue = self.open_cases(day, state)
        over = daily.backlog is not None and backlog > daily.backlog
        late = daily.overdue is not None and overdue > daily.overdue
        self.alarm_days += over or late
        if over:
            self.register.tell(day, "backlog", "", backlog)
        if late:
            self.register.tell(day, "overdue", "", overdue)

    def open_cases(self, day: int, state: State) -> tuple[int, int]:
        """How many cases are open at the midnight before a day, and how many of them are past due."""
        return open_cases(self.tables, state, self.ticks[day])

    def _detect(self, loop: Loop, policy: Detection, day: int, known: int) -> None:
        days = np.diff(self.history.counts[: known + 1, :-1, CONTACTS], axis=0)
        before = self.watched.alarms
        self.watched = watch(policy, self.watched, days, day)
        for cause in np.flatnonzero((before < 0) & (self.watched.alarms >= 0)):
            self._notice(day, int(cause), "alarm")
            if self._open_for(int(cause), day, known, _WEEK):
                self._plan(loop, day, known)

    def _notice(self, day: int, cause: int, what: str) -> None:
        if self.noticed[cause] == NOT_YET:
            self.noticed[cause] = day
        self.register.tell(day, what, self.agreed.rows.causes[cause])

    def _look_after_articles(self, policy: Articles, day: int, known: int) -> None:
        """Recurring issues get an article; articles are looked at again before they grow stale."""
        recent = observed.between(self.history, known - _WEEK, known)[:-1, CONTACTS]
        have = {ticket.change.cause for ticket in self.register.articles()}
        for cause in np.flatnonzero(recent >= policy.contacts):
            if int(cause) not in have:
                self._notice(day, int(cause), "recurs")
                article = self._open(self.agreed.articles[cause], day, known)
                article.planned = day + round(policy.publish_s / DAY_S)
        for article in self.register.articles():
            old = article.in_force <= day and is_stale(article, day + _WEEK, policy.review_every_days)
            if old and self.register.review_of(article) is None:
                self.register.open_review(article, day, policy.review_effort_h)

    def _judge(self, loop: Loop, day: int, known: int) -> None:
        """Changes that have been in force for long enough are held against what was seen."""
        for ticket in self.register.tickets:
            if ticket.state == IN_FORCE and loop.validation and not self.register.is_through(ticket):
                after = loop.validation.after_days[len(ticket.judged)]
                if known >= ticket.in_force + after:
                    found = judge(
                        self.agreed, self.history, self.register.tickets, ticket, after, self.accuracy
                    )
                    if found is not None:
                        self.register.take(ticket, judged_as(found, ticket, after, day))

    # Reviews.

    def _weights(self, by: str, known: int, days: int) -> Floats:
        """How much each cause weighs, as tagged over the last known days; audited tags allow for errors."""
        seen = observed.between(self.history, known - days, known)[:-1].astype(float)
        if self.accuracy is not None:
            seen = observed.allowing_for_errors(seen, self.accuracy)
        return weight(seen, by, self.agreed.prices)

    def _order(self, known: int) -> Floats:
        """By what all tickets are worked on: what the monthly review ranks by, or else the weekly one.

        Of as many days, whenever a ticket is opened: where fewer are known yet, they stand for the others.
        """
        loop = self.agreed.loop or Loop()
        policy = loop.monthly_review or loop.weekly_review or loop.quarterly
        days = _WEEK * policy.weeks if isinstance(policy, WeeklyReview) else _MONTH
        by = policy.by if policy else "volume"
        return self._weights(by, known, days) * (days / min(max(known, 1), days))

    def _weekly(self, loop: Loop, policy: WeeklyReview, day: int, known: int) -> None:
        self._audit(day)
        weights = self._weights(policy.by, known, _WEEK * policy.weeks)
        left = policy.opens
        for cause in top(weights, policy.top):
            self._notice(day, cause, "reviewed")
            if left > 0:
                left -= self._open_for(cause, day, known, _WEEK * policy.weeks)
        self._plan(loop, day, known)

    def _audit(self, day: int) -> None:
        """Some of the week's tags are looked at: how many are right."""
        tags = round(self._own(knobs.AUDIT, 0, 0.0))
        if tags > 0:
            moved = self._own(knobs.COURSE, 0, 0.0, "accuracy")
            true = min(max(self.agreed.accuracy + moved, 0.0), 1.0)
            u = uniform(self.run, _AUDIT, counter(day, AUDIT_RESULT))
            self.accuracy = observed.audited_accuracy(true, tags, u)
            self.register.tell(day, "tag audit", "", self.accuracy)

    def _monthly(self, loop: Loop, policy: MonthlyReview, day: int, known: int) -> None:
        """Open tickets get new ranks, dates and targets; what has failed too often is stopped."""
        weights = self._order(known)
        for ticket in self.register.tickets:
            if ticket.change.cause >= 0:
                ticket.weight = float(weights[ticket.change.cause])
        self.register.stop_what_failed(policy.stops_after, day)
        self._plan(loop, day, known, anew=True)

    def _quarterly(self, loop: Loop, policy: Quarterly, day: int, known: int) -> None:
        """For a quarter, a part of an owner's time goes to the heaviest causes that it has remedies for."""
        owner = self.agreed.rows.owners.index(policy.owner)
        own = [tuple(m for m in remedies if m.owner == owner) for remedies in self.agreed.remedies]
        open_now = {
            t.change.cause for t in self.register.tickets if t.state == OPEN and t.change.owner == owner
        }
        can = [c in open_now or self.register.has_more(remedies) for c, remedies in enumerate(own)]
        chosen = top(np.where(can, self._weights(policy.by, known, _MONTH), 0.0), policy.top)
        self.committed = owner, chosen
        for cause in chosen:
            self._notice(day, cause, "committed")
            self._open_for(cause, day, known, _MONTH, own[cause])
        for ticket in self.register.tickets:
            ticket.committed = self._is_committed(ticket)
        self._plan(loop, day, known)

    def _is_committed(self, ticket: Ticket) -> bool:
        """Whether a ticket is of this quarter's commitment."""
        owner, causes = self.committed
        return ticket.change.owner == owner and ticket.change.cause in causes

    def _plan(self, loop: Loop, day: int, known: int, anew: bool = False) -> None:
        """Due dates by the hours that owners have; targets of new tickets (`anew`: of all open ones).

        And what will be seen of the new ones.
        """
        hours, extra = ([h * _WORKING for h in each] for each in self._hours(loop, day))
        tickets = self.register.tickets
        plan(tickets, hours, extra, day)
        for ticket in tickets:
            if ticket.opened == day or (anew and ticket.state == OPEN):
                ticket.target = target(self.history, ticket, known)
            if ticket.opened == day:
                self._foresee(loop, ticket, known)

    def _foresee(self, loop: Loop, ticket: Ticket, known: int) -> None:
        """Say what will be seen of a ticket that has a date."""
        if ticket.planned != NOT_YET and loop.validation is not None:
            tickets, accuracy = self.register.tickets, self.accuracy
            ticket.foreseen = foresee(self.agreed, self.history, tickets, ticket, known, accuracy)

    def _open_for(
        self, cause: int, day: int, known: int, days: int, of: tuple[Made, ...] | None = None
    ) -> bool:
        """Open a ticket for the next remedy of a cause (of some of them), if there is one to be tried.

        The cause was chosen on the last so many days.
        """
        made = self.register.next_remedy(self.agreed.remedies[cause] if of is None else of, cause)
        if made is not None:
            self._open(made, day, known, (max(known - days, 0), known))
        return made is not None

    def _open(self, made: Made, day: int, known: int, chosen: tuple[int, int] | None = None) -> Ticket:
        ticket = self.register.open(made, day, float(self._order(known)[made.cause]))
        ticket.chosen = chosen
        ticket.committed = self._is_committed(ticket)
        return ticket

    # What it amounts to.

    def _turn(self, day: int, state: State) -> None:
        """Write to the engine what is different from yesterday."""
        if self._is_steady(day):
            return
        now = values(self.agreed, self.register.tickets, day)
        for knob, value in zip(self.agreed.panel.knobs, now, strict=True):
            if value != self.values[knob]:
                knobs.turn(state, knob, value)
                self.values[knob] = value

    def _is_steady(self, day: int) -> bool:
        """Whether nothing is different today from yesterday."""
        forced = [ticket for ticket in self.register.tickets if ticket.in_force <= day]
        ages = all(is_steady(t.change, day - 1 - t.in_force) and t.about is None for t in forced)
        return day > 0 and ages and not self.register.articles()
