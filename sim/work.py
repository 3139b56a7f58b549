"""Agents at work: taking contacts, counting work on an integer clock, coming and going.

Work is counted in ticks at speed 1. An agent of speed v (per mille) with k chats, each slowed
down to s(k) per mille, does `elapsed * v // s(k)` ticks of work on each of them in `elapsed`
ticks; a phone call or a mail is the case of one contact and s = 1000. Ends are rounded up to
the run's grain, so that no work is left when they come.
"""

from typing import Final

from sim.clock import NEVER
from sim.contacts import HOLDING, MATCHED, WAITING, leave_line
from sim.jit import U64, compiled
from sim.layout import NOBODY, State, Tables
from sim.log import HOLDER, IDLE, OFF, SHARING, WORKING, close_span
from sim.pace import is_hurried, is_plain, note_quality, set_lead
from sim.rules import may_be_interrupted
from sim.shelves import first_on, shelve, unshelve
from sim.signals import note_wait, surplus
from sim.steps import wrap_up_of

PER_MILLE: Final = 1000


@compiled
def slow_down(tables: Tables, state: State, a: int) -> int:
    """How much agent a's contacts are slowed down by each other, per mille."""
    agent = state.agents[U64(a)]
    if agent["state"] != SHARING:
        return PER_MILLE
    return int(tables.curves[U64(state.groups[agent["group"]]["slow"] + agent["load"])])


@compiled
def settle(tables: Tables, state: State, a: int) -> None:
    """Count the work done since the last time; to be called before anything about a changes."""
    clock = state.clock[0]
    agent = state.agents[U64(a)]
    elapsed = clock["now"] - agent["settled"]
    agent["settled"] = clock["now"]
    if elapsed == 0 or agent["load"] == 0:
        return
    slow = slow_down(tables, state, a)
    speed = state.groups[U64(agent["group"])]["speed"]
    done = elapsed if slow == speed else elapsed * speed // slow  # a division costs more than the rest
    each = elapsed if agent["load"] == 1 else elapsed // agent["load"]
    rest = elapsed - each * agent["load"]
    c = agent["hand"]
    while c != NOBODY:
        contact = state.contacts[U64(c)]
        ticks = done
        if contact["lead"] > 0:
            ticks = _after_lead(state, c, elapsed) * speed // slow
        contact["work"] = max(contact["work"] - ticks, 0)
        contact["touched"] += elapsed
        contact["agent_time"] += each + (rest > 0)  # no tick of the agent is lost
        rest -= 1
        c = contact["next"]


@compiled
def settle_all(tables: Tables, state: State) -> None:
    """At the end of a run: count the work that is still in hand."""
    for a in range(state.clock[0]["agents"]):
        settle(tables, state, a)


@compiled
def _after_lead(state: State, c: int, elapsed: int) -> int:
    """What is left of a time when that before the work proper on contact c has been counted."""
    contact = state.contacts[U64(c)]
    used = min(contact["lead"], elapsed)
    contact["lead"] -= used
    return int(elapsed - used)


@compiled
def ends_at(tables: Tables, state: State, a: int, c: int) -> int:
    """When contact c, in agent a's hands, is done if nothing changes before."""
    clock = state.clock[0]
    slow = slow_down(tables, state, a)
    speed = state.groups[U64(state.agents[U64(a)]["group"])]["speed"]
    span = max(state.contacts[U64(c)]["work"], 0)  # -1 where work has not begun
    if slow != speed:
        span = -(-span * slow // speed)
    if clock["grain"] > 1:
        span = -(-span // clock["grain"]) * clock["grain"]
    return int(clock["now"] + state.contacts[U64(c)]["lead"] + span)


@compiled
def level_of(state: State, a: int) -> int:
    """The shelf on which agent a belongs, or -1: nobody can have this agent now."""
    agent = state.agents[U64(a)]
    group = state.groups[U64(agent["group"])]
    if agent["state"] == OFF or agent["leaving"]:
        return NOBODY
    if agent["state"] == WORKING:
        return group["slots"] if may_be_interrupted(state, a) else NOBODY
    return agent["load"] if agent["load"] < group["slots"] else NOBODY


@compiled
def stand(state: State, a: int) -> None:
    """Put agent a where it can be had; send it off duty if it is due to leave and done."""
    agent = state.agents[U64(a)]
    if agent["leaving"] and agent["load"] == 0:
        go_off(state, a)
        return
    level = level_of(state, a)
    if level == NOBODY:
        unshelve(state, a)
    elif agent["shelf"] != state.groups[U64(agent["group"])]["shelf"] + level:
        unshelve(state, a)
        shelve(state, a, level)


@compiled
def assign(tables: Tables, state: State, c: int, a: int) -> None:
    """Give contact c to agent a."""
    contact = state.contacts[U64(c)]
    agent = state.agents[U64(a)]
    shared = state.queues[U64(contact["queue"])]["shared"] == 1
    settle(tables, state, a)
    close_span(state, a, SHARING if shared else WORKING)
    if contact["stage"] == WAITING:
        leave_line(state, c, MATCHED)
    contact["stage"] = MATCHED
    contact["agent"] = a
    contact["hurried"] = is_hurried(state, c)
    if contact["started"] < 0:
        contact["started"] = state.clock[0]["now"]
        if state.groups[U64(agent["group"])]["answers"] >= 0:
            set_lead(tables, state, c)
        if contact["escort"] != NOBODY:  # before the agent stands somewhere: a conference is not interrupted
            contact["lead"] += _conference(tables, state, c)
        if contact["role"] < HOLDER:
            note_wait(state, c)
    contact["next"] = agent["hand"]
    agent["hand"] = c
    agent["load"] += 1
    stand(state, a)


@compiled
def _still_stays(state: State, c: int) -> bool:
    """Whether the agent who stays with contact c does so until it is answered, if that moment is known.

    It is known, and may lie ahead, where somebody on call has taken the contact and is on the way.
    """
    contact = state.contacts[U64(c)]
    return bool(contact["started"] <= state.contacts[U64(contact["escort"])]["gives_up"])


@compiled
def _conference(tables: Tables, state: State, c: int) -> int:
    """How long both agents talk with contact c before the work proper, ticks."""
    steps = tables.steps
    return int(steps[U64(state.contacts[U64(c)]["step"])]["conference"] if _still_stays(state, c) else 0)


@compiled
def begin(tables: Tables, state: State, c: int, ticks: int) -> int:
    """Start to work on contact c, alone or beside others: the tick at which that ends, as things stand.

    Wrap-up is set apart at first: it is the work of another (`sim/life.py`), after the customer has gone.
    """
    contact = state.contacts[U64(c)]
    if contact["work"] < 0:
        if contact["case"] != NOBODY and not is_plain(state, state.agents[U64(contact["agent"])]["group"]):
            note_quality(tables, state, c)
        contact["wrap_up"] = int(ticks * wrap_up_of(tables, state, c))
        ticks -= contact["wrap_up"]
    contact["work"] = ticks
    return ends_at(tables, state, state.contacts[U64(c)]["agent"], c)


@compiled
def take_over(state: State, c: int) -> int:
    """Contact c and who stayed with it have done with each other, since one of the two is answered or gone.

    Returns the contact by which an agent stays who may go now, after what they have to say, or -1. Whenever
    else that was to end is void then.
    """
    contact = state.contacts[U64(c)]
    holder = contact["escort"]
    if holder == NOBODY:
        return NOBODY
    in_time = contact["role"] < HOLDER and _still_stays(state, c)
    contact["escort"] = NOBODY
    stays = state.contacts[U64(holder)]
    stays["escort"] = NOBODY
    if not in_time:
        return NOBODY
    stays["gives_up"] = NEVER
    stays["version"] += 1
    return int(holder)


@compiled
def next_end(tables: Tables, state: State, a: int) -> int:
    """When the chat of agent a that ends next does so (it is then `finishing`), or -1.

    Whatever end was scheduled for agent a before is void.
    """
    agent = state.agents[U64(a)]
    agent["version"] += 1
    agent["finishing"] = NOBODY
    best = -1
    c = agent["hand"]
    while c != NOBODY:
        end = ends_at(tables, state, a, c)
        sooner = best < 0 or end < best or (end == best and _key_before(state, c, agent["finishing"]))
        if sooner and state.contacts[U64(c)]["stage"] != HOLDING:
            best = end
            agent["finishing"] = c
        c = state.contacts[U64(c)]["next"]
    return best


@compiled
def _key_before(state: State, c: int, d: int) -> bool:
    return bool(state.contacts[U64(c)]["key"] < state.contacts[U64(d)]["key"])


@compiled
def take_back(tables: Tables, state: State, c: int, stage: int) -> None:
    """Contact c leaves its agent's hands, for the reason `stage`."""
    contact = state.contacts[U64(c)]
    a = contact["agent"]
    agent = state.agents[U64(a)]
    settle(tables, state, a)
    close_span(state, a, SHARING if agent["load"] > 1 else IDLE)
    if agent["hand"] == c:
        agent["hand"] = contact["next"]
    else:
        other = agent["hand"]
        while state.contacts[U64(other)]["next"] != c:
            other = state.contacts[U64(other)]["next"]
        state.contacts[U64(other)]["next"] = contact["next"]
    agent["load"] -= 1
    contact["stage"] = stage
    contact["version"] += 1


@compiled
def has_room(state: State, a: int) -> bool:
    """Whether agent a, on duty, could take one more contact of some kind."""
    agent = state.agents[U64(a)]
    slots = state.groups[U64(agent["group"])]["slots"]
    return bool(agent["state"] == IDLE or (agent["state"] == SHARING and agent["load"] < slots))


@compiled
def mark_leaving(state: State, a: int) -> None:
    """Agent a takes no new contacts and leaves when done; at once, if idle."""
    agent = state.agents[U64(a)]
    if agent["state"] == OFF:
        return
    if agent["leaving"] == 0:
        agent["leaving"] = 1
        state.groups[U64(agent["group"])]["leaving"] += 1
    stand(state, a)


@compiled
def mark_if_surplus(state: State, a: int) -> None:
    """A freed agent is the next to leave, if there are too many."""
    if state.agents[U64(a)]["leaving"] == 0 and surplus(state, state.agents[U64(a)]["group"]) > 0:
        state.agents[U64(a)]["leaving"] = 1
        state.groups[U64(state.agents[U64(a)]["group"])]["leaving"] += 1


@compiled
def go_off(state: State, a: int) -> None:
    """Agent a, with nothing in hand, leaves."""
    agent = state.agents[U64(a)]
    group = state.groups[U64(agent["group"])]
    unshelve(state, a)
    close_span(state, a, OFF)
    group["on_duty"] -= 1
    group["leaving"] -= agent["leaving"]
    agent["leaving"] = 0


@compiled
def come_on(state: State, a: int) -> None:
    """Agent a comes on duty, or stays on if it was about to leave."""
    agent = state.agents[U64(a)]
    group = state.groups[U64(agent["group"])]
    if agent["state"] == OFF:
        close_span(state, a, IDLE)
        group["on_duty"] += 1
    group["leaving"] -= agent["leaving"]
    agent["leaving"] = 0


@compiled
def next_leaver(state: State, g: int) -> int:
    """Who leaves group g at once when there are too many: idle, or else with the fewest chats; or -1."""
    if surplus(state, g) > 0:
        for level in range(state.groups[U64(g)]["slots"]):
            a = first_on(state, g, level)
            if a != NOBODY:
                return a
    return NOBODY


@compiled
def next_comer(state: State, g: int) -> int:
    """Who comes on duty in group g when there are too few: whoever was about to leave, then by number."""
    if surplus(state, g) >= 0:
        return NOBODY
    group = state.groups[U64(g)]
    for a in range(group["from_agent"], group["to_agent"]):
        if state.agents[U64(a)]["leaving"]:
            return a
    for a in range(group["from_agent"], group["to_agent"]):
        if state.agents[U64(a)]["state"] == OFF:
            return a
    return NOBODY
