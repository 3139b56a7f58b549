"""Hooks: a rule written again in Python gives the same log; nonsense is refused.

The rules are written here from the scenario alone, slowly and without shelves or tiers, so they are
also an oracle for the rule book that both engines share.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from scenarios.model import Group, Queue
from sim import rules
from sim.compile import Model
from sim.draws import WHICH_AGENT, counter, uniform
from sim.experiment import run_scenario
from sim.hooks import Hook, HookError
from sim.layout import State, Tables
from sim.log import IDLE, SHARING, WORKING
from sim.reference import Reference
from tests.sim import random_scenarios
from tests.sim.hand import Call, scenario
from tests.sim.logs import COARSE, first_difference, random_model, run

HOUR = 3_600_000_000  # ticks


class Naive:
    """The three rules, by looking at everybody and choosing the best."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.queues = [model.scenario.queues[name] for name in model.names.queues]
        self.groups = [model.scenario.groups[name] for name in model.names.groups]

    def hooks(self) -> dict[str, Hook]:
        return {name: getattr(self, name) for name in ("choose_agent", "choose_victim", "choose_contact")}

    def choose_agent(self, tables: Tables, state: State, c: int, q: int) -> int:
        if not self.answers(state, q):
            return -1
        found = []
        for g, group in enumerate(self.groups):
            free = list(self.free(state, g, q))
            if free and (rank := self.rank(g, q)) is not None:
                most = group.concurrency is not None and group.concurrency.route == "most_loaded"
                free.sort(key=lambda a: (self.load(state, a) * (-1 if most else 1), *self.turn(state, a)))
                a = self.any_of(state, free, c) if group.idle == "random" else free[0]
                agent = state.agents[a]
                found.append((rank, int(agent["shelved"]), int(agent["key"]), a))
        return min(found)[-1] if found else -1

    def choose_victim(self, tables: Tables, state: State, c: int, q: int) -> int:
        if not self.answers(state, q):
            return -1
        found = []
        for g in range(len(self.groups)):
            if (rank := self.rank(g, q)) is None or not self.may_lose(state, g):
                continue
            for a in self.agents(state, g):
                if state.agents[a]["shelf"] < 0:
                    continue  # is called, or talks with a colleague, or has just done a leg
                if state.agents[a]["state"] == WORKING and not state.agents[a]["leaving"]:
                    work = self.queues[int(state.contacts[state.agents[a]["hand"]]["queue"])]
                    if work.interruptible and work.priority < self.queues[q].priority:
                        found.append((rank, g, *self.turn(state, a), a))
        return min(found)[-1] if found else -1

    def choose_contact(self, tables: Tables, state: State, a: int) -> int:
        group = self.groups[int(state.agents[a]["group"])]
        found = []
        for q, queue in enumerate(self.queues):
            skill = _skill(group, self.model.names.queues[q])
            if skill is None or not self.may_take(state, a, q):
                continue
            for c in _line(state, q):
                contact = state.contacts[c]
                wait = int(state.clock[0]["now"] - contact["queued"])
                place = _place(group, queue, skill, wait)
                found.append((*place, int(contact["queued"]), int(contact["key"]), c))
                break  # who stands first goes first, even if interrupted and back
        return min(found)[-1] if found else -1

    def answers(self, state: State, q: int) -> bool:
        return bool(state.queues[q]["open"]) or self.queues[q].at_closing != "hold"

    def agents(self, state: State, g: int) -> Iterator[int]:
        return (a for a in range(int(state.clock[0]["agents"])) if state.agents[a]["group"] == g)

    def free(self, state: State, g: int, q: int) -> Iterator[int]:
        """Agents of group g who could take a contact of queue q now."""
        chats = self.groups[g].concurrency
        slots = chats.chats if chats else 1
        for a in self.agents(state, g):
            agent = state.agents[a]
            room = self.queues[q].channel == "chat" and agent["state"] == SHARING and agent["load"] < slots
            if agent["shelf"] < 0:
                continue  # has just done a leg, and the next has not found its place yet
            if not agent["leaving"] and (agent["state"] == IDLE or room):
                yield a

    def load(self, state: State, a: int) -> int:
        return int(state.agents[a]["load"])

    def turn(self, state: State, a: int) -> tuple[int, int]:
        """Whose turn it is within a group, the least first."""
        fixed = self.groups[int(state.agents[a]["group"])].idle == "fixed_order"
        return (0 if fixed else int(state.agents[a]["shelved"]), a)

    def any_of(self, state: State, free: list[int], c: int) -> int:
        """One of those with as much in hand as the first, as chance has it."""
        alike = [a for a in free if self.load(state, a) == self.load(state, free[0])]
        key = state.contacts[c]["key"]
        u = uniform(state.clock[0]["run"], key, counter(0, WHICH_AGENT))
        return alike[int(u * len(alike))]

    def rank(self, g: int, q: int) -> int | None:
        """How early a contact of queue q tries group g, or None: never."""
        queue, group = self.queues[q], self.model.names.groups[g]
        if queue.prefers is None:
            return _skill(self.groups[g], self.model.names.queues[q])
        return next((n for n, tie in enumerate(queue.prefers) if group in tie), None)

    def may_lose(self, state: State, g: int) -> bool:
        """Whether group g is not about to lose agents anyway."""
        on_duty = [a for a in self.agents(state, g) if state.agents[a]["state"] > 0]
        staying = sum(1 for a in on_duty if not state.agents[a]["leaving"])
        return bool(staying <= state.groups[g]["target"])

    def may_take(self, state: State, a: int, q: int) -> bool:
        agent, queue = state.agents[a], self.queues[q]
        if agent["load"] > 0 and queue.channel != "chat":
            return False
        ends_a_line = not state.queues[q]["open"] and queue.at_closing == "serve"
        return self.answers(state, q) and (not agent["leaving"] or ends_a_line)


def _place(group: Group, queue: Queue, skill: int, wait: int) -> tuple[float, float]:
    """Where who has waited so long (ticks) in a queue comes for an agent, the least first."""
    if group.takes == "weighted_wait":
        return (-queue.weight * wait, 0)
    if group.takes == "ageing":
        return (-(queue.priority + queue.gains_per_hour / HOUR * wait), 0)
    return (0, 0) if group.takes == "longest_wait" else (-queue.priority, skill)


def _skill(group: Group, queue: str) -> int | None:
    return next((n for n, tie in enumerate(group.skills) if queue in tie), None)


def _line(state: State, q: int) -> Iterator[int]:
    c = int(state.contacts[q]["next"])
    while c != q:
        yield c
        c = int(state.contacts[c]["next"])


@pytest.mark.parametrize("seed", range(40))
def test_rules_written_again_give_the_same_log(seed: int) -> None:
    model = random_model(seed, COARSE, 150)
    assert not first_difference(run(model), run(model, Reference(Naive(model).hooks())))


@pytest.mark.parametrize("name", ["choose_agent", "choose_victim", "choose_contact"])
def test_one_hook_alone(name: str) -> None:
    model = random_model(3, 1, 150)
    hook = {name: Naive(model).hooks()[name]}
    assert not first_difference(run(model), run(model, Reference(hook)))


# What a hook may not answer.

TWO_CALLS = scenario(
    [Call("phone", 0, 5), Call("phone", 1, 5), Call("mail", 0, 5)],
    {"phone": {"priority": "high"}, "mail": {"channel": "email"}},
    {"team": {"skills": ["phone"], "agents": 1}, "others": {"skills": ["mail"], "agents": 1}},
)


def played(hooks: Mapping[str, Callable[..., Any]]) -> None:
    run_scenario(TWO_CALLS, engine="reference", hooks=hooks)


def busy_agent(tables: Tables, state: State, c: int, q: int) -> int:
    """An agent with the skill, though at work; while nobody is, as usual."""
    usual = int(rules.choose_agent(tables, state, c, q))
    return next((a for a in range(2) if state.agents[a]["state"] == WORKING), usual)


def busy_victim(tables: Tables, state: State, c: int, q: int) -> int:
    """Whoever is at work, on whatever."""
    return next((a for a in range(2) if state.agents[a]["state"] == WORKING), -1)


def half_an_agent(tables: Tables, state: State, c: int, q: int) -> float:
    """The usual one and a half."""
    return rules.choose_agent(tables, state, c, q) + 0.5


def unskilled_agent(tables: Tables, state: State, c: int, q: int) -> int:
    """Any idle agent, whatever the skills."""
    mine = {int(tables.links[n]["to"]) for n in range(state.queues[q]["first"], state.queues[q]["last"])}
    return next((a for a in range(2) if int(state.agents[a]["group"]) not in mine), -1)


NONSENSE: dict[str, tuple[str, Callable[..., Any]]] = {
    "no such agent": ("choose_agent", lambda tables, state, c, q: 1000),
    "a sentinel": ("choose_agent", lambda tables, state, c, q: int(state.clock[0]["agents"])),
    "less than nobody": ("choose_agent", lambda tables, state, c, q: -2),
    "a busy agent": ("choose_agent", busy_agent),
    "an agent without the skill": ("choose_agent", unskilled_agent),
    "a victim who is not interruptible": ("choose_victim", busy_victim),
    "a victim who is idle": ("choose_victim", lambda tables, state, c, q: 1),
    "no such contact": ("choose_contact", lambda tables, state, a: 10**6),
    "the head of a line": ("choose_contact", lambda tables, state, a: 0),
    "a contact in hand": ("choose_contact", lambda tables, state, a: len(state.queues)),
    "nothing": ("choose_agent", lambda tables, state, c, q: None),
    "a word": ("choose_agent", lambda tables, state, c, q: "agent 1"),
    "half an agent": ("choose_agent", half_an_agent),
}


@pytest.mark.parametrize("name", NONSENSE)
def test_nonsense_is_refused(name: str) -> None:
    rule, hook = NONSENSE[name]
    with pytest.raises(HookError, match=rule):
        played({rule: hook})


def test_hook_may_answer_nobody() -> None:
    """Whoever is refused an agent waits; freed agents look for themselves."""
    nobody = {"choose_agent": lambda tables, state, c, q: -1}
    result = run_scenario(TWO_CALLS, engine="reference", hooks=nobody, keep_contacts=True)
    assert result.contacts is not None
    assert set(result.contacts[result.contacts["queue"] == "phone"]["outcome"]) == {"open"}


def test_unknown_rule() -> None:
    with pytest.raises(HookError, match=r"choose_agents.*choose_agent, choose_victim, choose_contact"):
        played({"choose_agents": lambda *args: -1})


def test_hooks_need_the_reference_engine() -> None:
    with pytest.raises(ValueError, match="reference"):
        run_scenario(random_scenarios.scenario(0), hooks={"choose_agent": lambda *args: -1})
