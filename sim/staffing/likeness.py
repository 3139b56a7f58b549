"""Whether two states of one replication are alike: will everything that they log from now on be equal?

A state is boiled down to 64 bits of all that the engine reads: lines, agents at work with what they have
in hand, and the events that are still to come. Dials are the same in both. Left out is what does not matter:
agents off duty, void events, and where in an array something stands. Agents of one group are alike, so that
their numbers may be exchanged, as long as a number never decides between two who can be had since the same
tick (`exchangeable`).
"""

from typing import Final

import numpy as np

from scenarios.model import Scenario
from sim.draws import GOLDEN, mix
from sim.jit import U64, code, compiled
from sim.layout import NOBODY, State
from sim.log import OFF
from sim.order import CHAT, RETURN, kind_of

BY_NUMBER: Final = code(1)
WITH_SPANS: Final = code(2)
_ODD_1: Final = U64(0xD6E8FEB86659FD93)
_ODD_2: Final = U64(0xC2B2AE3D27D4EB4F)
_ODD_3: Final = U64(0x165667B19E3779F9)
_ODD_4: Final = U64(0x27D4EB2F165667C5)
_START: Final = U64(0x85EBCA77C2B2AE63)


@compiled
def likeness(state: State, mode: int) -> np.uint64:
    """64 bits that are equal for two states at the same tick if, and practically only if, they are alike.

    `mode` is a sum of `BY_NUMBER`, where it matters which number an agent has, and `WITH_SPANS`, where it
    matters since when agents have been in their states.
    """
    found = mix(U64(_START ^ U64(state.clock[0]["live"])))
    for q in range(state.queues.size):
        found = _line(state, q, found)
    for g in range(state.groups.size):
        group = state.groups[U64(g)]
        found = mix(U64(found ^ U64(U64(group["target"]) * _ODD_1 + U64(group["on_duty"]) * _ODD_2)))
        if mode & BY_NUMBER == 0:
            found = _shelves(state, g, mode, found)
    for a in range(state.clock[0]["agents"]):
        agent = state.agents[U64(a)]
        if agent["state"] != OFF:
            if mode & BY_NUMBER:
                since = agent["shelved"] if agent["shelf"] != NOBODY else NOBODY
                found = mix(
                    U64(found ^ U64(U64(a) * _ODD_1 + U64(since) * _ODD_3 + _in_hand(state, a, mode)))
                )
            elif agent["shelf"] == NOBODY:
                number = (
                    a + 1 if agent["leaving"] else 0
                )  # of those who leave the lower number is called back
                found = U64(found + mix(U64(U64(number) + _in_hand(state, a, mode))))
    return U64(found + _to_come(state))


@compiled
def _shelves(state: State, g: int, mode: int, found: np.uint64) -> np.uint64:
    """Who can be had in a group, in the order in which they are; the idle are all alike."""
    group = state.groups[U64(g)]
    for level in range(group["slots"] + 1):
        head = group["shelf"] + level
        a = state.agents[U64(head)]["next"]
        while a != head:
            found = U64(U64(found * GOLDEN) + _in_hand(state, a, mode))
            a = state.agents[U64(a)]["next"]
        found = mix(found)
    return found


@compiled
def _line(state: State, q: int, found: np.uint64) -> np.uint64:
    """A queue, and who waits in it, in their order."""
    queue = state.queues[U64(q)]
    found = mix(U64(found ^ U64(U64(queue["open"]) * _ODD_1 + U64(queue["last_wait"]) * _ODD_2)))
    c = state.contacts[U64(q)]["next"]
    while c != q:
        found = U64(U64(found * GOLDEN) + _contact(state, c))
        c = state.contacts[U64(c)]["next"]
    return mix(found)


@compiled
def _contact(state: State, c: int) -> np.uint64:
    """All of a contact that a rule or the log will read again."""
    contact = state.contacts[U64(c)]
    found = U64(U64(contact["key"]) * _ODD_1 + U64(contact["queued"]) * _ODD_2)
    found = U64(found + U64(contact["started"]) * _ODD_3 + U64(contact["touched"]) * _ODD_4)
    found = mix(found)
    found = U64(found + U64(contact["work"]) * _ODD_1 + U64(contact["gives_up"]) * _ODD_2)
    found = U64(found + U64(contact["overflows"]) * _ODD_3 + U64(contact["again"]) * _ODD_4)
    found = mix(found)
    small = (contact["leg"] * 64 + contact["stage"]) * 4096 + contact["queue"]
    found = U64(found + U64(small) * _ODD_1 + U64(contact["born"]) * _ODD_2)
    found = mix(U64(found + U64(contact["orbit"]) * _ODD_3 + U64(contact["attempt"]) * _ODD_4))
    small = contact["called"] * 4096 + contact["line"]
    found = mix(
        U64(found + U64(contact["lead"]) * _ODD_1 + U64(contact["left"]) * _ODD_2 + U64(small) * _ODD_3)
    )
    return found if contact["case"] == NOBODY else _of_case(state, c, found)


@compiled
def _of_case(state: State, c: int, found: np.uint64) -> np.uint64:
    """What else decides about a contact that belongs to a case."""
    contact = state.contacts[U64(c)]
    case = state.cases[U64(contact["case"])]
    small = ((contact["legs"] * 64 + contact["role"]) * 4096 + contact["step"]) * 4096 + contact["then"]
    found = mix(
        U64(found + U64(small) * _ODD_1 + U64(contact["home"]) * _ODD_2 + U64(contact["due"]) * _ODD_3)
    )
    found = U64(found + U64(case["key"]) * _ODD_1 + U64(case["solved"]) * _ODD_2)
    found = mix(U64(found + U64(case["quality"]) * _ODD_4))
    small = (case["threads"] * 4096 + case["updates"]) * 4096 + case["reopened"] * 64 + case["repeated"]
    return mix(U64(found + U64(small) * _ODD_3 + U64(case["contacts"]) * _ODD_4))


@compiled
def _in_hand(state: State, a: int, mode: int) -> np.uint64:
    """What an agent has in hand; 1 for the idle, unless it matters since when they are."""
    agent = state.agents[U64(a)]
    found = U64(1)
    if mode & WITH_SPANS:
        found = mix(U64(agent["span"]))
    if agent["load"] > 0:
        found = mix(U64(found + U64(agent["settled"]) * _ODD_1 + U64(agent["leaving"]) * _ODD_2))
    c = agent["hand"]
    while c != NOBODY:
        found = U64(U64(found * GOLDEN) + _contact(state, c))
        c = state.contacts[U64(c)]["next"]
    return found


@compiled
def _to_come(state: State) -> np.uint64:
    """The events of the heap that are not void, in whatever order they lie there."""
    found = U64(0)
    for n in range(state.clock[0]["heap_size"]):
        event = state.heap[U64(n)]
        kind = kind_of(event["order"])
        ref = U64(event["ref"])
        version = state.agents[ref]["version"] if kind == CHAT else state.contacts[ref]["version"]
        if version == event["version"]:
            one = mix(U64(U64(event["tick"]) * _ODD_1 + U64(event["order"])))
            if kind == RETURN:
                one = mix(U64(one + _contact(state, event["ref"])))
            found = U64(found + one)
    return found


def mode_of(scenario: Scenario, by_span: bool, opens_at_work: bool) -> int:
    """The mode for a part of a scenario; `opens_at_work`: a queue opens while people are on duty already."""
    number = opens_at_work or not exchangeable(scenario)
    return int(BY_NUMBER) * number + int(WITH_SPANS) * by_span


def exchangeable(scenario: Scenario) -> bool:
    """Whether agents of a group may exchange numbers: no two of them ever become free at one tick.

    That is so for one group that goes by the longest idle, and handle times without atoms.
    """
    fluid = all(stream.handle_time.kind in _FLUID for stream in scenario.streams.values())
    by_turn = all(group.idle == "longest_idle" for group in scenario.groups.values())
    return fluid and by_turn and len(scenario.groups) == 1


_FLUID: Final = ("exponential", "lognormal", "gamma", "weibull", "erlang", "hyperexponential")
