"""Signals: what a rule may read about the present and the past, kept by shared functions."""

from sim.jit import U64, compiled
from sim.layout import State


@compiled
def is_full(state: State, q: int) -> bool:
    """Whether queue q has no waiting place left."""
    return bool(state.queues[U64(q)]["length"] >= state.queues[U64(q)]["capacity"])


@compiled
def surplus(state: State, g: int) -> int:
    """How many of group g's agents on duty are too many, those already leaving left out."""
    group = state.groups[U64(g)]
    return int(group["on_duty"] - group["leaving"] - group["target"])


@compiled
def note_wait(state: State, c: int) -> None:
    """Remember the wait of the contact of its queue that was answered last."""
    contact = state.contacts[U64(c)]
    state.queues[U64(contact["queue"])]["last_wait"] = contact["started"] - contact["queued"]


@compiled
def moment(state: State, tick: int) -> int:
    """An interval's start in seconds since 1970: its name, whatever day the horizon starts on."""
    return int(state.clock[0]["origin"] + tick // 1_000_000)
