"""How fast and how well an agent works on a contact: skill by queue, tenure, hurry; and who is on call."""

from typing import Final

from sim.clock import NEVER
from sim.dials import hurry_left, row_of_group
from sim.draws import ANSWER_DELAY, counter
from sim.jit import U64, compiled, routine
from sim.layout import State, Tables
from sim.log import HOLDER
from sim.quantiles import delay

_STEP: Final = 3  # numbers in `curves` of a step of a ramp


@compiled
def is_plain(state: State, g: int) -> bool:
    """Whether the agents of group g always work alike."""
    group = state.groups[U64(g)]
    by_itself = (
        group["by_queue"] < 0 and group["ramp"] < 0 and group["hurry_from"] < 0 and group["answers"] < 0
    )
    return bool(by_itself and state.clock[0]["turned"] == 0)


@compiled
def pace(tables: Tables, state: State, c: int) -> float:
    """The factor of the work of contact c by who has it and how many wait."""
    contact = state.contacts[U64(c)]
    agent = state.agents[U64(contact["agent"])]
    group = state.groups[U64(agent["group"])]
    row = row_of_group(tables, agent["group"])
    by = state.dials[U64(row)]["longer"]
    if group["by_queue"] >= 0:
        by *= tables.curves[U64(group["by_queue"] + contact["queue"])]
    step = _tenure(tables, state, contact["agent"])
    if step >= 0:
        by /= tables.curves[U64(step + 1)]
    if contact["hurried"]:
        by *= hurry_left(state, row, group["hurry_speed"])
    return float(by)


@compiled
def is_hurried(state: State, c: int) -> bool:
    """Whether so many still wait when contact c gets its agent that this one hurries with it.

    To be noted at that moment: an agent may take several chats at once, and work on them begins after that.
    """
    contact = state.contacts[U64(c)]
    hurry = state.groups[U64(state.agents[U64(contact["agent"])]["group"])]["hurry_from"]
    return bool(0 <= hurry <= state.queues[U64(contact["queue"])]["length"])


@routine
def note_quality(tables: Tables, state: State, c: int) -> None:
    """The case of contact c learns how well it is worked on: the newly hired and the hurried do worse."""
    contact = state.contacts[U64(c)]
    g = state.agents[U64(contact["agent"])]["group"]
    returns = 1.0
    step = _tenure(tables, state, contact["agent"])
    if step >= 0:
        returns *= tables.curves[U64(step + 2)]
    if contact["hurried"]:
        returns *= hurry_left(state, row_of_group(tables, g), state.groups[U64(g)]["hurry_returns"])
    case = state.cases[U64(contact["case"])]
    case["quality"] = int(case["quality"] / returns)


@compiled
def _tenure(tables: Tables, state: State, a: int) -> int:
    """Where in `curves` the step of its group's ramp stands that agent a has come to; -1 if it is not new."""
    group = state.groups[U64(state.agents[U64(a)]["group"])]
    hired = state.agents[U64(a)]["hired"]
    served = state.clock[0]["now"] - hired
    if group["ramp"] < 0 or hired == -NEVER or served < 0:
        return -1
    step = group["ramp"]
    last = group["ramp"] + _STEP * (group["ramp_steps"] - 1)
    while step < last and tables.curves[U64(step + _STEP)] <= served:
        step += _STEP
    return int(step)


@routine
def set_lead(tables: Tables, state: State, c: int) -> None:
    """Whoever is on call has been called for contact c: the customer is answered when they begin."""
    contact = state.contacts[U64(c)]
    group = state.groups[U64(state.agents[U64(contact["agent"])]["group"])]
    if group["answers"] < 0 or contact["role"] >= HOLDER:
        return
    first = counter(contact["legs"], ANSWER_DELAY)
    wait = delay(tables, group["answers"], state.clock[0]["run"], contact["key"], first)
    contact["started"] = state.clock[0]["now"] + wait
    contact["lead"] = wait
    contact["touched"] = contact["agent_time"] = -wait  # no work on the contact yet
