"""The log: the only thing that engines write and that measures read.

Contact rows: one *arrived* at its moment, one *leg* at its close for every queue that a contact
joined, and one *again* for each wait of a contact that was interrupted. Agent rows: *spans* in one
state, at their end. Legs and spans still open stay in the state, and are logged at the horizon's
end only (`open` for legs), so that the rows do not depend on how a run is cut into chunks.
"""

from typing import Final

from sim.jit import U64, code, compiled
from sim.layout import NOBODY, State

# Contact rows.
ARRIVED: Final = code(0)
LEG: Final = code(1)
AGAIN: Final = code(2)  # an interrupted contact has waited again, from `queued` to `ended`
GATE: Final = code(3)  # a contact was kept away: by self-service, for good or for a while, or it never came
HELD: Final = code(4)  # an agent has stayed with a contact that was handed over, or has done wrap-up after it
INCIDENT: Final = code(5)  # an incident is over (sim/incidents.py says which field is what)

HOLDER: Final = code(3)  # a role (sim/contacts.py): an agent who stays until somebody else has answered
WRAPPING: Final = code(4)  # ... and one who has wrap-up to do after the customer has gone

# Outcomes of a leg.
NONE: Final = code(0)  # of an arrived row
HANDLED: Final = code(1)
ABANDONED: Final = code(2)
BLOCKED: Final = code(3)  # no free agent and no waiting place
CLOSED: Final = code(4)  # arrived while the queue was closed
CLEARED: Final = code(5)  # still waiting when the queue closed, and sent away
OVERFLOWED: Final = code(6)  # went on to another queue
OPEN: Final = code(7)  # still there at the end
DEFLECTED: Final = code(8)  # solved by self-service
BOUNCED: Final = code(9)  # tried self-service and will come
STRUCK_OFF: Final = code(10)  # work that nobody needed any more when its turn came
SILENT: Final = code(11)  # the customer had left unseen
UNREACHED: Final = code(12)  # called back, and nobody answered
PREVENTED: Final = code(13)  # never came: a dial has taken it away

OUTCOMES: Final = (
    "", "handled", "abandoned", "blocked", "closed", "cleared", "overflowed", "open", "deflected", "bounced",
    "struck_off", "silent", "unreached", "prevented",
)  # fmt: skip

# Outcomes of a case.
CASE_OPEN: Final = code(0)
CASE_SOLVED: Final = code(1)
CASE_LOST: Final = code(2)  # the customer gave up

CASE_OUTCOMES: Final = ("open", "solved", "lost")

# What an event may lack room in.
ENOUGH: Final = code(0)
LOG: Final = code(1)
HEAP: Final = code(2)
POOL: Final = code(3)
CASES: Final = code(4)

# States of an agent.
OFF: Final = code(0)
IDLE: Final = code(1)
WORKING: Final = code(2)  # one contact, nothing else
SHARING: Final = code(3)  # one or more parallel contacts (chats)

AGENT_STATES: Final = ("off", "idle", "working", "sharing")


@compiled
def write_contact(state: State, c: int, kind: int, outcome: int) -> None:
    """Log a row about contact c as it stands now."""
    clock = state.clock[0]
    contact = state.contacts[U64(c)]
    row = state.contact_log[U64(clock["contact_rows"])]
    clock["contact_rows"] += 1
    agent = contact["agent"]
    row["row"] = kind
    row["outcome"] = outcome
    row["backlog"] = contact["backlog"]
    row["called"] = contact["called"] > 0
    row["attempt"] = contact["attempt"]
    row["leg"] = contact["leg"]
    row["stream"] = contact["stream"]
    row["queue"] = contact["queue"]
    row["group"] = NOBODY if agent == NOBODY else state.agents[U64(agent)]["group"]
    row["agent"] = agent
    row["found"] = contact["found"]
    row["role"] = contact["role"]
    row["legs"] = contact["legs"]
    row["step"] = contact["step"]
    row["case"] = U64(0) if contact["case"] == NOBODY else state.cases[U64(contact["case"])]["key"]
    row["due"] = contact["due"]
    row["left"] = contact["left"]
    row["key"] = contact["key"]
    row["parent"] = contact["parent"]
    row["born"] = contact["born"]
    row["orbit"] = contact["orbit"]
    row["queued"] = contact["queued"]
    row["started"] = contact["started"]
    row["ended"] = clock["now"]
    row["touched"] = contact["touched"]
    row["agent_time"] = contact["agent_time"]


@compiled
def write_leg(state: State, c: int, outcome: int) -> None:
    """Log how a leg of contact c has ended, or what has kept its agent after one."""
    write_contact(state, c, HELD if state.contacts[U64(c)]["role"] >= HOLDER else LEG, outcome)


@compiled
def close_span(state: State, a: int, after: int) -> None:
    """The span of agent a ends now; from now on the agent is in the state `after`."""
    clock = state.clock[0]
    agent = state.agents[U64(a)]
    if agent["state"] != OFF and agent["span"] < clock["now"]:
        row = state.agent_log[U64(clock["agent_rows"])]
        clock["agent_rows"] += 1
        row["agent"] = a
        row["group"] = agent["group"]
        row["state"] = agent["state"]
        row["load"] = agent["load"]
        row["start"] = agent["span"]
        row["end"] = clock["now"]
    agent["span"] = clock["now"]
    agent["state"] = after


@compiled
def lacking(state: State) -> int:
    """ENOUGH, where any one event is sure to find room, or else what there is too little of.

    The greediest events are a closing (a row and a retry for all who wait), a change of staffing
    (two spans an agent, an event for each contact that is matched), and a case that brings work along.
    """
    clock = state.clock[0]
    waiting = clock["waiting"] + 16 + clock["works"]
    if clock["contact_rows"] + 2 * waiting > state.contact_log.size:
        return LOG
    if clock["agent_rows"] + 2 * clock["agents"] + 16 > state.agent_log.size:
        return LOG
    if clock["case_rows"] + 4 > state.case_log.size:
        return LOG
    if clock["spare_cases"] < 4:
        return CASES
    if clock["heap_size"] + clock["fresh_rows"] + waiting + clock["agents"] > state.heap.size:
        return HEAP
    return POOL if waiting > clock["spare"] else ENOUGH


@compiled
def close_log(state: State) -> None:
    """At the end of a run: contacts still there are `open`, spans end. Needs room for all of them.

    In the order of the lines, then of the agents: rows of the pool are in no order that lasts.
    """
    for q in range(state.queues.size):
        c = state.contacts[U64(q)]["next"]
        while c != q:
            write_wait(state, c)
            row = state.contact_log[U64(state.clock[0]["contact_rows"])]
            write_contact(state, c, LEG, OPEN)
            row["agent"] = NOBODY  # whoever had it has laid it aside
            row["group"] = NOBODY
            c = state.contacts[U64(c)]["next"]
    for a in range(state.clock[0]["agents"]):
        c = state.agents[U64(a)]["hand"]
        while c != NOBODY:
            write_leg(state, c, OPEN)
            c = state.contacts[U64(c)]["next"]
        close_span(state, a, OFF)


@compiled
def write_wait(state: State, c: int) -> None:
    """Log the renewed wait of a contact that was interrupted, if it has one."""
    contact = state.contacts[U64(c)]
    if contact["again"] >= 0:
        clock = state.clock[0]
        row = state.contact_log[U64(clock["contact_rows"])]
        write_contact(state, c, AGAIN, NONE)
        row["queued"] = contact["again"]
        row["started"] = -1
        row["found"] = contact["found_again"]
        contact["again"] = -1
