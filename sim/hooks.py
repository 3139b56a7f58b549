"""Hooks: rules that a user writes in Python, for the reference engine.

A hook has the signature of the rule that it replaces (see sim/rules.py). It may look at
everything and must change nothing; its answer is checked before it is used. (Whether a contact
whose time to overflow has come finds room elsewhere is asked of the built-in `choose_agent`.)
"""

import operator
from collections.abc import Callable, Mapping
from typing import Final

from sim import rules
from sim.contacts import WAITING
from sim.layout import NOBODY, State, Tables
from sim.log import WORKING

Hook = Callable[..., int]

HOOKS: Final = ("choose_agent", "choose_victim", "choose_contact")


class HookError(ValueError):
    """A hook gave an answer that the model does not allow."""


def rule_book(hooks: Mapping[str, Hook] | None) -> dict[str, Hook]:
    """The rules by name, with the user's in place of those that they replace."""
    book: dict[str, Hook] = {name: getattr(rules, name) for name in HOOKS}
    for name, hook in (hooks or {}).items():
        if name not in HOOKS:
            raise HookError(f"there is no rule {name!r} to replace; there are {', '.join(HOOKS)}")
        book[name] = _checked(name, hook)
    return book


def _checked(name: str, hook: Hook) -> Hook:
    allowed = {"choose_agent": _may_have, "choose_victim": _may_interrupt, "choose_contact": _may_take}[name]

    def ask(tables: Tables, state: State, *about: int) -> int:
        seen = hook(tables, state, *about)
        try:
            answer = operator.index(seen)
        except TypeError:
            raise HookError(f"{name}{about} answered {seen!r}: it must answer a row number, or -1") from None
        if answer != NOBODY and not allowed(tables, state, about, answer):
            raise HookError(f"{name}{about} answered {answer}: allowed is -1 or one who is free and able")
        return answer

    return ask


def _is_agent(state: State, a: int) -> bool:
    return 0 <= a < int(state.clock[0]["agents"])


def _serving(tables: Tables, state: State, q: int) -> set[int]:
    queue = state.queues[q]
    return {int(tables.links[i]["to"]) for i in range(queue["first"], queue["last"])}


def _may_have(tables: Tables, state: State, about: tuple[int, ...], a: int) -> bool:
    """Whether contact about[0] of queue about[1] may have agent a: skilled, and on a fitting shelf."""
    q = about[1]
    if not _is_agent(state, a) or not rules.serves(state, q):
        return False
    agent = state.agents[a]
    group = state.groups[agent["group"]]
    level = agent["shelf"] - group["shelf"]
    levels = group["slots"] if state.queues[q]["shared"] else 1
    return int(agent["group"]) in _serving(tables, state, q) and 0 <= level < levels


def _may_interrupt(tables: Tables, state: State, about: tuple[int, ...], a: int) -> bool:
    """Whether agent a may lay work aside for a contact of queue about[1]."""
    q = about[1]
    if not _is_agent(state, a) or not rules.serves(state, q):
        return False
    agent = state.agents[a]
    if agent["state"] != WORKING or int(agent["group"]) not in _serving(tables, state, q):
        return False
    return bool(rules.may_be_interrupted(state, a))


def _may_take(tables: Tables, state: State, about: tuple[int, ...], c: int) -> bool:
    """Whether agent about[0] may take contact c: it waits, in a queue that the agent serves."""
    if not state.queues.size <= c < state.contacts.size or state.contacts[c]["stage"] != WAITING:
        return False
    q = int(state.contacts[c]["queue"])
    group = int(state.agents[about[0]]["group"])
    return group in _serving(tables, state, q) and bool(rules.can_take(state, about[0], q))
