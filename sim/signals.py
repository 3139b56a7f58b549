"""Signals: what a rule may read about the present and the past, kept by shared functions."""

from sim.jit import compiled
from sim.layout import State


@compiled
def is_full(state: State, q: int) -> bool:
    """Whether queue q has no waiting place left."""
    return state.queues[q]["length"] >= state.queues[q]["capacity"]


@compiled
def surplus(state: State, g: int) -> int:
    """How many of group g's agents on duty are too many, those already leaving left out."""
    group = state.groups[g]
    return group["on_duty"] - group["leaving"] - group["target"]


@compiled
def note_wait(state: State, c: int) -> None:
    """Remember the wait of the contact of its queue that was answered last."""
    contact = state.contacts[c]
    state.queues[contact["queue"]]["last_wait"] = contact["started"] - contact["queued"]
