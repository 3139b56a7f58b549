"""Wrong engines, as in `faults.py`: slips in what is new with the life of cases.

Further legs of a contact, delays between legs, work that cases bring along.
"""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import simpy

from sim.arrivals import fresh_row, take_fresh
from sim.contacts import DONE, SIDE, next_spawned
from sim.layout import NOBODY
from sim.life import arrive, pass_on
from sim.log import NONE
from sim.order import ARRIVAL, RETURN, kind_of, rank
from sim.reference import Life, Reference
from sim.steps import DELAY, Step
from sim.work import stand


class StandsBeforeTheNextLeg(Reference):
    """The agent of a leg can be had, as any other, by the leg that follows."""

    def goes_on(self, c: int, step: Step, a: int) -> int:
        if a == NOBODY or self.state.contacts[c]["stage"] != DONE:
            return super().goes_on(c, step, a)
        pass_on(self.tables, self.state, c, step)
        stand(self.state, a)
        self.afterwards().callbacks.append(lambda _: self.release(a))
        return NOBODY


class ReleasesTooLate(Reference):
    """An agent is released only when all else has happened that is due at that moment."""

    def afterwards(self) -> simpy.Event:
        return self.env.timeout(0)


class KeepsTheAgent(Reference):
    """Whoever has done a leg that another follows is never free again."""

    def goes_on(self, c: int, step: Step, a: int) -> int:
        return super().goes_on(c, step, NOBODY)


class HoldsTheAgentThroughTheDelay(Reference):
    """An agent stays with the case while it waits for the customer."""

    def goes_on(self, c: int, step: Step, a: int) -> int:
        if step.verb != DELAY or a == NOBODY:
            return super().goes_on(c, step, a)
        pass_on(self.tables, self.state, c, step)
        until = self.at(int(self.env.now) + int(step.ticks), rank(RETURN, self.state.contacts[c]["key"]))
        until.callbacks.append(lambda _: self.release(a))
        return NOBODY


class StartsDelayedLegsAtOnce(Reference):
    """A further leg does not wait for the customer."""

    def __init__(self, hooks: Mapping[str, Any] | None = None) -> None:
        super().__init__(hooks)
        self.hurries = False

    def goes_on(self, c: int, step: Step, a: int) -> int:
        self.hurries = step.verb == DELAY and step.outcome != NONE
        return super().goes_on(c, step, a)

    def at(self, tick: int, order: np.uint64) -> simpy.Event:
        hurries = self.hurries and int(kind_of(np.uint64(order))) == RETURN
        if hurries:
            self.hurries = False
        return super().at(int(self.env.now) if hurries else tick, order)


class DropsSideWork(Reference):
    """Work that a case brings along is never heard of."""

    def begin_lives(self) -> None:
        while (child := int(next_spawned(self.state))) != NOBODY:
            if self.state.contacts[child]["role"] != SIDE:
                self.env.process(self.contact(child))


class LeavesSideWorkLying(Reference):
    """Work that an arrival brings along lies about until something else brings work."""

    def arrivals(self) -> Life:
        while (n := int(self.state.clock[0]["fresh"])) != NOBODY:
            row = fresh_row(self.state, n)
            yield self.at(row["tick"], rank(ARRIVAL, row["order"]))
            c = int(take_fresh(self.tables, self.state))
            arrive(self.tables, self.state, c)
            self.env.process(self.contact(c))


class StaysAsLongAsItTakes(Reference):
    """Whoever hands over stays until somebody answers, whatever the limit."""

    def done_at(self, c: int, tick: int) -> None:
        if tick != self.state.contacts[c]["gives_up"]:
            super().done_at(c, tick)


class LetsGoInTheMiddle(Reference):
    """Whoever hands over lets go when the limit is over, even of a customer who has been answered."""

    def done_at(self, c: int, tick: int) -> None:
        limits = self.__dict__.setdefault("limits", {})
        key = int(self.state.contacts[c]["key"])
        super().done_at(c, min(tick, limits.setdefault(key, tick)))


CASE_FAULTS: Final = tuple(
    fault
    for fault in globals().values()
    if isinstance(fault, type) and issubclass(fault, Reference) and fault is not Reference
)
