"""Shelves: which agents can be had, by group and level, longest there first.

Level 0 holds idle agents, level k those with k chats who can take one more, and the level after
the last those whose work may be interrupted. An agent stands on one shelf or on none.
"""

from typing import Final

from sim.jit import U64, code, compiled, routine
from sim.layout import NOBODY, State

IDLE_LEVEL: Final = code(0)

# Who of several is next.
LONGEST_IDLE: Final = code(0)
FIXED_ORDER: Final = code(1)
AT_RANDOM: Final = code(2)


@compiled
def _goes_after(state: State, a: int, other: int) -> bool:
    """Whether agent a stands behind `other`: longer there first, then the lower number.

    In a group of fixed order the lower number always comes first. Rows of a group are in the
    order of its agents' numbers.
    """
    agents = state.agents
    if (
        state.groups[U64(agents[U64(a)]["group"])]["idle"] != FIXED_ORDER
        and agents[U64(a)]["shelved"] != agents[U64(other)]["shelved"]
    ):
        return bool(agents[U64(a)]["shelved"] > agents[U64(other)]["shelved"])
    return a > other


@compiled
def shelve(state: State, a: int, level: int) -> None:
    """Put agent a on its group's shelf of this level, from now on."""
    agents = state.agents
    agent = agents[U64(a)]
    head = state.groups[U64(agent["group"])]["shelf"] + level
    agent["shelved"] = state.clock[0]["now"]
    after = agents[U64(head)]["prev"]
    while after != head and not _goes_after(state, a, after):
        after = agents[U64(after)]["prev"]
    follower = agents[U64(after)]["next"]
    agent["prev"] = after
    agent["next"] = follower
    agent["shelf"] = head
    agents[U64(after)]["next"] = a
    agents[U64(follower)]["prev"] = a


@compiled
def unshelve(state: State, a: int) -> None:
    """Take agent a off its shelf, if it stands on one."""
    agents = state.agents
    agent = agents[U64(a)]
    if agent["shelf"] != NOBODY:
        agents[U64(agent["prev"])]["next"] = agent["next"]
        agents[U64(agent["next"])]["prev"] = agent["prev"]
        agent["shelf"] = NOBODY


@routine
def any_on(state: State, g: int, level: int, u: float) -> int:
    """One of the agents on a shelf of group g, as a uniform says, or -1."""
    head = state.groups[U64(g)]["shelf"] + level
    count = 0
    a = state.agents[U64(head)]["next"]
    while a != head:
        count += 1
        a = state.agents[U64(a)]["next"]
    if count == 0:
        return NOBODY
    a = state.agents[U64(head)]["next"]
    for _ in range(int(u * count)):
        a = state.agents[U64(a)]["next"]
    return int(a)


@compiled
def first_on(state: State, g: int, level: int) -> int:
    """The first agent on a shelf of group g, or -1."""
    head = state.groups[U64(g)]["shelf"] + level
    a = state.agents[U64(head)]["next"]
    return NOBODY if a == head else a
