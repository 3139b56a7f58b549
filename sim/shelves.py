"""Shelves: which agents can be had, by group and level, longest there first.

Level 0 holds idle agents, level k those with k chats who can take one more, and the level after
the last those whose work may be interrupted. An agent stands on one shelf or on none.
"""

from sim.jit import compiled
from sim.layout import NOBODY, State


@compiled
def _goes_after(state: State, a: int, other: int) -> bool:
    """Whether agent a stands behind `other`: longer there first, then the lower number.

    In a group of fixed order the lower number always comes first. Rows of a group are in the
    order of its agents' numbers.
    """
    agents = state.agents
    if state.groups[agents[a]["group"]]["fixed_order"] == 0 and agents[a]["shelved"] != agents[other]["shelved"]:
        return agents[a]["shelved"] > agents[other]["shelved"]
    return a > other


@compiled
def shelve(state: State, a: int, level: int) -> None:
    """Put agent a on its group's shelf of this level, from now on."""
    agents = state.agents
    agent = agents[a]
    head = state.groups[agent["group"]]["shelf"] + level
    agent["shelved"] = state.clock[0]["now"]
    after = agents[head]["prev"]
    while after != head and not _goes_after(state, a, after):
        after = agents[after]["prev"]
    follower = agents[after]["next"]
    agent["prev"] = after
    agent["next"] = follower
    agent["shelf"] = head
    agents[after]["next"] = a
    agents[follower]["prev"] = a


@compiled
def unshelve(state: State, a: int) -> None:
    """Take agent a off its shelf, if it stands on one."""
    agents = state.agents
    agent = agents[a]
    if agent["shelf"] != NOBODY:
        agents[agent["prev"]]["next"] = agent["next"]
        agents[agent["next"]]["prev"] = agent["prev"]
        agent["shelf"] = NOBODY


@compiled
def first_on(state: State, g: int, level: int) -> int:
    """The first agent on a shelf of group g, or -1."""
    head = state.groups[g]["shelf"] + level
    a = state.agents[head]["next"]
    return NOBODY if a == head else a
