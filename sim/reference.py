"""The reference engine: the same model as SimPy processes, to be read and to be hooked into.

A contact is a process that asks `next_step` what to do and does it; the calendar and the arrivals
are processes too. What is decided, drawn, counted and logged stands in the files that the fast
engine (`fast.py`) shares; written here for the second time is the flow of control only, so that
each engine is the other's test.
"""

from collections.abc import Generator, Mapping
from typing import Any

import numpy as np
import simpy
from simpy.events import EventPriority

from sim.arrivals import draw_if_due, fresh_row, take_fresh
from sim.clock import NEVER
from sim.contacts import (
    DONE,
    INTERRUPTED,
    SENT_AWAY,
    WAITING,
    front,
    join_line,
    leave_line,
    next_spawned,
    rejoin_line,
)
from sim.hooks import Hook, rule_book
from sim.layout import NOBODY, State, Tables
from sim.life import arrive, close_leg, leave, pass_on, spawn
from sim.log import ENOUGH, NONE, lacking
from sim.order import (
    AFTERWARDS,
    ARRIVAL,
    CHAT,
    CLOSE,
    FINISH,
    INTERVAL,
    OPEN,
    RETURN,
    SHIFT_OFF,
    SHIFT_ON,
    TARGET,
    TIMEOUT,
    kind_of,
    priority,
    rank,
)
from sim.rules import next_sent_away, on_timeout, on_waiting
from sim.steps import DELAY, SHARE, WAIT, WORK, Step, next_step
from sim.work import (
    assign,
    begin,
    come_on,
    has_room,
    mark_if_surplus,
    mark_leaving,
    next_comer,
    next_end,
    next_leaver,
    stand,
    take_back,
    take_over,
)

Life = Generator[simpy.Event, Any, None]


class Reference:
    """One replication on SimPy; call it, again and again, like the fast engine's `advance`."""

    def __init__(self, hooks: Mapping[str, Hook] | None = None) -> None:
        self.env = simpy.Environment(initial_time=0)
        self.rules = rule_book(hooks)
        self.woken: dict[int, simpy.Event] = {}  # by contact: what ends its wait or its work early
        self.started = False
        self.lack = ENOUGH

    def __call__(self, tables: Tables, state: State, until: int) -> int:
        """Run all events before `until`; returns ENOUGH, or what must grow before it can go on."""
        self.tables, self.state = tables, state
        if not self.started:
            self.started = True
            self.env.process(self.calendar())
        self.lack = ENOUGH
        while self.lack == ENOUGH and self.env.peek() < until and not self.is_over(until):
            self.lack = lacking(self.state)
            if self.lack == ENOUGH:
                self.env.step()
        return self.lack

    def is_over(self, until: int) -> bool:
        """Past the end of the horizon the run stops as soon as nobody is left in the system."""
        clock = self.state.clock[0]
        return bool(until > clock["end"] and clock["now"] >= clock["end"] and clock["live"] == 0)

    def at(self, tick: int, order: np.uint64) -> simpy.Event:
        """An event at a tick, in its order among those of the same tick."""
        event = simpy.Event(self.env)
        event._ok, event._value = True, None
        self.env.schedule(event, EventPriority(priority(order)), int(tick) - self.env.now)
        return event

    def afterwards(self) -> simpy.Event:
        """An event at this tick, when all that is going on now has come to rest, and before the next."""
        event = simpy.Event(self.env)
        event._ok, event._value = True, None
        self.env.schedule(event, EventPriority(AFTERWARDS), 0)
        return event

    def tick(self) -> None:
        """Something happens: set the model's clock."""
        self.state.clock[0]["now"] = self.env.now

    # What the calendar knows.

    def calendar(self) -> Life:
        """Intervals, opening hours and staffing."""
        for entry in self.tables.plan:
            yield self.at(entry["tick"], entry["order"])
            self.tick()
            kind, ref = kind_of(entry["order"]), int(entry["ref"])
            if kind == INTERVAL:
                yield from self.draw()
            elif kind in (CLOSE, OPEN, TARGET):
                # One at a time: what that brings about at this tick may come before the next.
                while self.moves(kind, ref, int(entry["value"])):
                    yield self.at(entry["tick"], entry["order"])
            elif kind == SHIFT_OFF:
                mark_leaving(self.state, ref)
            elif kind == SHIFT_ON:
                come_on(self.state, ref)
                self.release(ref)
            self.state.clock[0]["plan_next"] += 1

    def draw(self) -> Life:
        """Draw the contacts of an interval, as soon as there is room for them."""
        while (lack := draw_if_due(self.tables, self.state)) != ENOUGH:
            self.lack = lack
            yield self.env.timeout(0)
        self.begin_lives()
        self.env.process(self.arrivals())

    def arrivals(self) -> Life:
        """The contacts of an interval arrive one after the other."""
        while (n := int(self.state.clock[0]["fresh"])) != NOBODY:
            row = fresh_row(self.state, n)
            yield self.at(row["tick"], rank(ARRIVAL, row["order"]))
            c = int(take_fresh(self.tables, self.state))
            arrive(self.tables, self.state, c)
            self.env.process(self.contact(c))
            self.begin_lives()

    def moves(self, kind: int, ref: int, value: int) -> bool:
        """Do what the calendar says of queue or group `ref`, for one contact or agent, if there is one."""
        if kind == CLOSE:
            return self.close_queue(ref)
        if kind == OPEN:
            return self.open_queue(ref)
        return self.set_target(ref, value)

    def close_queue(self, q: int) -> bool:
        """Queue q closes; those who wait are sent away, where its rule says so."""
        self.state.queues[q]["open"] = 0
        c = int(next_sent_away(self.state, q))
        if c == NOBODY:
            return False
        leave_line(self.state, c, SENT_AWAY)
        self.woken[c].succeed()
        return True

    def open_queue(self, q: int) -> bool:
        """Queue q opens; those held until now go to whoever can be had."""
        self.state.queues[q]["open"] = 1
        c = int(front(self.state, q))
        if c == NOBODY or not self.find_agent(c):
            return False
        self.woken[c].succeed()
        return True

    def set_target(self, g: int, target: int) -> bool:
        """Group g is to have `target` agents on duty: send off who is free, or call more in."""
        self.state.groups[g]["target"] = target
        while (a := int(next_leaver(self.state, g))) != NOBODY:
            mark_leaving(self.state, a)
        a = int(next_comer(self.state, g))
        if a == NOBODY:
            return False
        come_on(self.state, a)
        self.release(a)
        return True

    # What contacts and agents do.

    def contact(self, c: int) -> Life:
        """A contact's life, step by step."""
        a = NOBODY
        while True:
            step = next_step(self.tables, self.state, c)
            if step.verb == WAIT:
                a = self.goes_on(c, step, a)
                yield from self.wait(c)
            elif step.verb in (WORK, SHARE):
                a = int(self.state.contacts[c]["agent"])
                yield from self.serve(c, a, step)
            elif step.verb == DELAY:
                a = self.goes_on(c, step, a)
                tick = int(self.env.now) + int(step.ticks)
                yield self.at(tick, rank(RETURN, self.state.contacts[c]["key"]))
                self.tick()
                arrive(self.tables, self.state, c)
                self.begin_lives()
            else:
                self.end(c, step.outcome)
                break
        if a != NOBODY:
            self.release(a)

    def goes_on(self, c: int, step: Step, a: int) -> int:
        """Contact c goes on from where it was; agent a, if it still had one, is released thereafter."""
        if self.state.contacts[c]["stage"] != DONE:
            a = NOBODY  # whoever had it before has lost it
        if step.outcome != NONE:
            pass_on(self.tables, self.state, c, step)
            self.begin_lives()
        if a != NOBODY:
            self.afterwards().callbacks.append(lambda _: self.release(a))
        return NOBODY

    def begin_lives(self) -> None:
        """Whoever has just come into being begins its life."""
        while (child := int(next_spawned(self.state))) != NOBODY:
            self.env.process(self.contact(child))

    def wait(self, c: int) -> Life:
        """Find contact c an agent or a place in the line, and stand there."""
        if self.find_agent(c):
            return
        contact = self.state.contacts[c]
        stage = on_waiting(self.tables, self.state, c)
        if stage != WAITING:
            contact["stage"] = stage
        elif contact["stage"] == INTERRUPTED:
            rejoin_line(self.state, c)
            yield self.wake(c)
        else:
            join_line(self.state, c)
            yield from self.stand_in_line(c)

    def stand_in_line(self, c: int) -> Life:
        """Wait until matched or sent away, or until the contact gives up or overflows."""
        woken = self.wake(c)
        while self.state.contacts[c]["stage"] == WAITING:
            contact = self.state.contacts[c]
            rings = min(int(contact["gives_up"]), int(contact["overflows"]))
            yield woken | self.at(rings, rank(TIMEOUT, contact["key"])) if rings < NEVER else woken
            if self.state.contacts[c]["stage"] == WAITING:
                self.tick()
                stage = on_timeout(self.tables, self.state, c)
                if stage != WAITING:
                    leave_line(self.state, c, stage)

    def wake(self, c: int) -> simpy.Event:
        """What whoever ends the wait or the work of contact c triggers."""
        self.woken[c] = self.env.event()
        return self.woken[c]

    def wakes(self, c: int, version: int) -> None:
        """Contact c is woken: its process goes on, unless things have changed."""
        if self.state.contacts[c]["version"] == version:
            self.woken[c].succeed()

    def find_agent(self, c: int) -> bool:
        """Give contact c an agent who is free, or one who lays other work aside; whether there was one."""
        q = int(self.state.contacts[c]["queue"])
        a = int(self.rules["choose_agent"](self.tables, self.state, c, q))
        if a != NOBODY:
            assign(self.tables, self.state, c, a)
            return True
        a = int(self.rules["choose_victim"](self.tables, self.state, c, q))
        if a == NOBODY:
            return False
        loser = int(self.state.agents[a]["hand"])
        take_back(self.tables, self.state, loser, INTERRUPTED)
        assign(self.tables, self.state, c, a)
        self.release(a)  # for a chat, there may be room for more
        self.woken[loser].succeed()
        return True

    def serve(self, c: int, a: int, step: Step) -> Life:
        """Agent a works on contact c, or stays with somebody whom it hands over."""
        if step.ticks < 0:
            woken = self.wake(c)
            self.done_at(c, int(self.state.contacts[c]["gives_up"]))
            yield woken
            self.tick()
            take_back(self.tables, self.state, c, DONE)
            if self.state.agents[a]["load"] > 0:
                self.share_on(a)
            return
        end = begin(self.tables, self.state, c, step.ticks)
        self.let_go(c)
        yield from self.share(c, a) if step.verb == SHARE else self.work(c, end)

    def let_go(self, c: int) -> None:
        """Contact c is answered, or gone: who stayed with it may go, after what they have to say."""
        holder = int(take_over(self.state, c))
        if holder != NOBODY:
            self.done_at(holder, int(self.env.now) + int(self.state.contacts[c]["lead"]))

    def done_at(self, c: int, tick: int) -> None:
        """Contact c, with which an agent stays, is done at a tick (or never), unless things change before."""
        if tick < NEVER:
            version = int(self.state.contacts[c]["version"])
            event = self.at(tick, rank(FINISH, self.state.contacts[c]["key"]))
            event.callbacks.append(lambda _: self.wakes(c, version))

    def work(self, c: int, end: int) -> Life:
        """Work on contact c alone, until that is done or interrupted."""
        yield self.wake(c) | self.at(end, rank(FINISH, self.state.contacts[c]["key"]))
        if self.state.contacts[c]["stage"] != INTERRUPTED:
            self.tick()
            take_back(self.tables, self.state, c, DONE)

    def share(self, c: int, a: int) -> Life:
        """Work on contact c beside others, until it is done."""
        woken = self.wake(c)
        self.share_on(a)
        yield woken
        self.tick()
        take_back(self.tables, self.state, c, DONE)
        if self.state.agents[a]["load"] > 0:
            self.share_on(a)

    def share_on(self, a: int) -> None:
        """Agent a has other chats in hand than before: schedule the one that ends next."""
        end = next_end(self.tables, self.state, a)
        if end >= 0:
            version = int(self.state.agents[a]["version"])
            event = self.at(end, rank(CHAT, self.state.agents[a]["key"]))
            event.callbacks.append(lambda _: self.chat_ends(a, version))

    def chat_ends(self, a: int, version: int) -> None:
        """The chat of agent a that was to end next does so, unless things have changed."""
        if self.state.agents[a]["version"] == version:
            self.woken[int(self.state.agents[a]["finishing"])].succeed()

    def end(self, c: int, outcome: int) -> None:
        """Contact c ends; it may try again."""
        self.let_go(c)
        close_leg(self.tables, self.state, c, outcome)
        spawn(self.tables, self.state, c, outcome)
        leave(self.tables, self.state, c)
        self.begin_lives()

    def release(self, a: int) -> None:
        """Agent a has room: let it take what it may, then stand where it can be had."""
        mark_if_surplus(self.state, a)
        while has_room(self.state, a):
            c = self.rules["choose_contact"](self.tables, self.state, a)
            if c == NOBODY:
                break
            assign(self.tables, self.state, c, a)
            self.woken[int(c)].succeed()
        stand(self.state, a)
