"""Wrong engines: each gets one thing wrong in the flow of control, as a slip of the pen might.

Rules, draws and the log are shared by both engines, so these are the mistakes that parity is there
to find. `test_parity.py` checks that it does.
"""

from collections.abc import Mapping
from typing import Any, ClassVar, Final

import numpy as np
import simpy

from sim.clock import NEVER
from sim.contacts import DONE, INTERRUPTED, MATCHED, WAITING, join_line, leave_line, next_spawned
from sim.layout import NOBODY
from sim.life import close_leg, leave, spawn
from sim.order import (
    CHAT,
    CLOSE,
    FINISH,
    INTERVAL,
    NOTHING,
    RETURN,
    SHIFT_ON,
    TIMEOUT,
    kind_of,
    rank,
)
from sim.reference import Life, Reference
from sim.rules import on_timeout, on_waiting
from sim.work import assign, has_room, mark_if_surplus, stand, take_back


class KeepsSurplusAgents(Reference):
    """Whoever is freed takes the next contact even where there are too many on duty."""

    def release(self, a: int) -> None:
        self.take_all(a)
        stand(self.state, a)

    def take_all(self, a: int) -> None:
        while has_room(self.state, a) and (c := self.chosen(a)) != NOBODY:
            assign(self.tables, self.state, c, a)
            self.woken[c].succeed()

    def chosen(self, a: int) -> int:
        return int(self.rules["choose_contact"](self.tables, self.state, a))


class StandsBeforeTaking(KeepsSurplusAgents):
    """A freed agent stands first, and so goes home before the end of a closed line."""

    def release(self, a: int) -> None:
        mark_if_surplus(self.state, a)
        stand(self.state, a)
        super().release(a)


class TakesOneOnly(KeepsSurplusAgents):
    """An agent with room for several takes one and does not look again."""

    def release(self, a: int) -> None:
        mark_if_surplus(self.state, a)
        if has_room(self.state, a) and (c := self.chosen(a)) != NOBODY:
            assign(self.tables, self.state, c, a)
            self.woken[c].succeed()
        stand(self.state, a)


class NeverReleases(Reference):
    """A freed agent takes what waits, but then stands nowhere."""

    def release(self, a: int) -> None:
        mark_if_surplus(self.state, a)


class ForgetsRefusedTimer(Reference):
    """Whoever could not go on to the other queue never gives up either."""

    def stand_in_line(self, c: int) -> Life:
        woken = self.wake(c)
        contact = self.state.contacts[c]
        rings = min(int(contact["gives_up"]), int(contact["overflows"]))
        yield woken | self.at(rings, rank(TIMEOUT, contact["key"])) if rings < NEVER else woken
        if self.state.contacts[c]["stage"] == WAITING:
            self.tick()
            stage = on_timeout(self.tables, self.state, c)
            if stage == WAITING:
                yield woken
            else:
                leave_line(self.state, c, stage)


class NeverOverflows(Reference):
    """Sets the timer for giving up only."""

    def stand_in_line(self, c: int) -> Life:
        self.state.contacts[c]["overflows"] = NEVER
        yield from super().stand_in_line(c)


class RetriesAtOnce(Reference):
    """A retry comes back without its delay."""

    def at(self, tick: int, order: np.uint64) -> simpy.Event:
        return super().at(int(self.env.now) if _kind(order) == RETURN else tick, order)


class DropsChildren(Reference):
    """Those who try again are never heard of."""

    def end(self, c: int, outcome: int) -> None:
        close_leg(self.tables, self.state, c, outcome)
        spawn(self.tables, self.state, c, outcome)
        leave(self.tables, self.state, c)
        while next_spawned(self.state) != NOBODY:
            pass


class ForgetsToShareOn(Reference):
    """When a chat ends, the next end of the same agent is not scheduled anew."""

    def share(self, c: int, a: int) -> Life:
        woken = self.wake(c)
        self.share_on(a)
        yield woken
        self.tick()
        take_back(self.tables, self.state, c, DONE)


class EndsVoidChats(Reference):
    """An end of a chat counts even if it was scheduled before things changed."""

    def chat_ends(self, a: int, version: int) -> None:
        c = int(self.state.agents[a]["finishing"])
        contact = self.state.contacts[c]
        if c != NOBODY and contact["agent"] == a and contact["stage"] == MATCHED:
            self.woken[c].succeed()


class LosesTheInterrupted(Reference):
    """Interrupted work is never taken up again."""

    def wait(self, c: int) -> Life:
        if self.state.contacts[c]["stage"] == INTERRUPTED:
            self.state.contacts[c]["stage"] = WAITING
            yield self.wake(c)
        yield from super().wait(c)


class InterruptedGoToTheEnd(Reference):
    """Interrupted contacts join the line at its end, with those who came later before them."""

    def wait(self, c: int) -> Life:
        waits_again = self.state.contacts[c]["stage"] == INTERRUPTED
        life = super().wait(c)
        for event in life:
            if waits_again:
                leave_line(self.state, c, INTERRUPTED)
                join_line(self.state, c)
            yield event


class NeverInterrupts(Reference):
    """Nobody lays work aside."""

    def __init__(self, hooks: Mapping[str, Any] | None = None) -> None:
        super().__init__(hooks)
        self.rules = {**self.rules, "choose_victim": lambda tables, state, c, q: NOBODY}


class WaitsBeforeLooking(Reference):
    """A contact is refused for want of a waiting place before it has looked for an agent."""

    def wait(self, c: int) -> Life:
        contact = self.state.contacts[c]
        if contact["stage"] != INTERRUPTED and self.state.queues[contact["queue"]]["capacity"] == 0:
            contact["stage"] = on_waiting(self.tables, self.state, c)
            return
        yield from super().wait(c)


class KeepsHeld(Reference):
    """A queue that opens hands nobody out: they wait until an agent becomes free."""

    def open_queue(self, q: int) -> bool:
        self.state.queues[q]["open"] = 1
        return False


class NeverClears(Reference):
    """A queue that closes sends nobody away."""

    def close_queue(self, q: int) -> bool:
        self.state.queues[q]["open"] = 0
        return False


class MovesAllAtOnce(Reference):
    """All agents whom a calendar entry calls in come before work of no length ends that the first takes."""

    def moves(self, kind: int, ref: int, value: int) -> bool:
        while super().moves(kind, ref, value):
            pass
        return False


class StopsAtTheEnd(Reference):
    """Does not drain what is left at the end of the horizon."""

    def is_over(self, until: int) -> bool:
        return bool(until > self.state.clock[0]["end"])


class _Reorders(Reference):
    """Takes simultaneous events in another order."""

    instead: ClassVar[Mapping[int, int]] = {}

    def at(self, tick: int, order: np.uint64) -> simpy.Event:
        kind = _kind(order)
        wrong = (int(order) & (2**60 - 1)) + (self.instead.get(kind, kind) << 60)
        return super().at(tick, np.uint64(wrong))


class FinishesAfterTheCalendar(_Reorders):
    """Work that ends as a queue opens or a shift begins comes after it, not before."""

    instead: ClassVar[Mapping[int, int]] = {FINISH: INTERVAL, CHAT: INTERVAL}


class GivesUpBeforeAnswers(_Reorders):
    """Who gives up as an agent becomes free is gone."""

    instead: ClassVar[Mapping[int, int]] = {FINISH: RETURN, CHAT: RETURN}


class ReturnsAfterArrivals(_Reorders):
    """Who tries again comes after those who arrive at that tick."""

    instead: ClassVar[Mapping[int, int]] = {RETURN: NOTHING}


class ArrivesBeforeGivingUp(_Reorders):
    """Who arrives as another gives up comes first."""

    instead: ClassVar[Mapping[int, int]] = {TIMEOUT: NOTHING, RETURN: NOTHING}


class ComesOnFirst(_Reorders):
    """Those whose shift begins come before all else that happens at that tick."""

    instead: ClassVar[Mapping[int, int]] = {SHIFT_ON: CLOSE, FINISH: CLOSE}


class ForgetsKeys(Reference):
    """Simultaneous events of one kind come in the order in which they were scheduled."""

    def at(self, tick: int, order: np.uint64) -> simpy.Event:
        return super().at(tick, rank(_kind(order), np.uint64(0)))


def _kind(order: np.uint64) -> int:
    return int(kind_of(np.uint64(order)))  # compiled code hands back plain integers


FAULTS: Final = tuple(
    fault
    for fault in globals().values()
    if isinstance(fault, type) and issubclass(fault, Reference) and fault.__doc__ and fault.__name__[0] != "_"
    if fault is not Reference
)
