"""Milestones of a contact's life: it comes, goes on, ends, and may come back."""

from typing import Final

import numpy as np

from sim import draws
from sim.announced import finds_line, hang_up, way_in
from sim.cases import due_of, leave_case, note_leg, open_case
from sim.clock import NEVER
from sim.contacts import (
    ARRIVED,
    BACK,
    BOUNCED,
    FRESH,
    HOLDING,
    KEPT_AWAY,
    PENDING,
    REFUSED,
    RETRYING,
    SIDE,
    SPARED,
    UNBORN,
    WITHDRAWN,
    drop_contact,
    hand_on,
    new_contact,
)
from sim.draws import SWITCH, child_key, name_key
from sim.incidents import is_brought, note_tag, number_of
from sim.jit import U64, compiled, routine
from sim.layout import NOBODY, State, Tables
from sim.log import ARRIVED as ARRIVED_ROW
from sim.log import BOUNCED as BOUNCED_ROW
from sim.log import (
    DEFLECTED,
    GATE,
    HANDLED,
    HOLDER,
    LEG,
    NONE,
    PREVENTED,
    WRAPPING,
    write_contact,
    write_leg,
)
from sim.quantiles import delay as drawn_delay
from sim.returns import back_after, back_by, come_back, comes_back, note_return
from sim.rules import retries_after
from sim.self_service import longer_by, passes_gate
from sim.shelves import unshelve
from sim.side_work import (
    OPENED,
    SOLVED,
    is_needless,
    note_side_work,
    owe_update,
    raise_side_work,
    work_twice,
)
from sim.steps import DELAY, Step
from sim.topics import count_contact, row_of
from sim.triage import draw_of, is_too_early, pick, set_off
from sim.work import assign

_RETURN: Final = name_key("role", "comes back")
_HOLD: Final = name_key("role", "stays with a contact")
_WRAP: Final = name_key("role", "wraps up")


@compiled
def is_to_come(state: State, c: int) -> bool:
    """Whether contact c has yet to come to the door, or to its queue."""
    stage = state.contacts[U64(c)]["stage"]
    return bool(stage in (FRESH, RETRYING, PENDING, BOUNCED))


@compiled
def arrive(tables: Tables, state: State, c: int) -> None:
    """Contact c comes to the door, or to its queue after a delay."""
    contact = state.contacts[U64(c)]
    contact["queued"] = state.clock[0]["now"]
    if contact["stage"] == FRESH:
        _choose_way(tables, state, c)
    simple = tables.streams[U64(contact["stream"])]["cased"] == 0 and state.clock[0]["turned"] == 0
    if not simple and not _comes(tables, state, c):
        return
    contact["stage"] = ARRIVED if finds_line(state, c) else REFUSED
    write_contact(state, c, ARRIVED_ROW, NONE)


@compiled
def _choose_way(tables: Tables, state: State, c: int) -> None:
    """A new contact comes by the stream that it belongs to, or another where a long wait is published."""
    contact = state.contacts[U64(c)]
    stream = way_in(tables, state, c)
    if stream != contact["stream"]:
        contact["stream"] = stream
        contact["queue"] = tables.streams[U64(stream)]["queue"]
        contact["home"] = contact["queue"]


@routine
def _comes(tables: Tables, state: State, c: int) -> bool:
    """Whether contact c arrives now, with its case if it has one: no work, and let through by the gate."""
    contact = state.contacts[U64(c)]
    stage = contact["stage"]
    if stage == PENDING:
        contact["stage"] = WITHDRAWN if is_needless(tables, state, c) else ARRIVED
        return False
    if contact["incident"] >= 0 and stage == FRESH:
        if not is_brought(state, c):
            contact["stage"] = UNBORN
            return False
        contact["incident"] = number_of(state, contact["incident"])
    elif stage == FRESH and tables.life[0]["emerging"] == 1 and is_too_early(tables, state, c):
        contact["stage"] = UNBORN
        return False
    if stage == FRESH and not _comes_through(tables, state, c):
        return False
    if tables.streams[U64(contact["stream"])]["cased"] == 0:
        return True
    contact["born"] = state.clock[0]["now"]
    _bring_case(tables, state, c)
    return True


@compiled
def _comes_through(tables: Tables, state: State, c: int) -> bool:
    """Whether new contact c comes through the gate; what is kept away there, or never comes, is logged."""
    contact = state.contacts[U64(c)]
    stage = passes_gate(tables, state, c)
    if stage == ARRIVED:
        return True
    contact["stage"] = stage
    outcome = BOUNCED_ROW
    if stage == KEPT_AWAY:
        outcome = DEFLECTED
    elif stage == SPARED:
        outcome = PREVENTED
    write_contact(state, c, GATE, outcome)
    return False


@compiled
def _bring_case(tables: Tables, state: State, c: int) -> None:
    """Contact c opens a case, or comes again about one; it is tagged, and sent to a queue."""
    contact = state.contacts[U64(c)]
    opens = contact["case"] == NOBODY
    if opens:
        open_case(tables, state, c)
    case = state.cases[U64(contact["case"])]
    case["contacts"] += 1
    contact["longer"] = longer_by(tables, state, c)
    if contact["role"] == BACK and contact["attempt"] == 0:
        come_back(tables, state, c)
    state.topics[row_of(state, case["cause"])]["came"] += 1
    set_off(tables, state, c)
    if case["topic"] >= 0 or contact["step"] != tables.life[0]["triage"]:
        count_contact(tables, state, c)
    if opens:
        raise_side_work(tables, state, c, OPENED)
    if opens or (contact["role"] == BACK and contact["attempt"] == 0):
        owe_update(tables, state, c)
        work_twice(tables, state, c)


@compiled
def close_leg(tables: Tables, state: State, c: int, outcome: int) -> None:
    """The last leg of contact c closes."""
    if outcome == NONE:
        return
    contact = state.contacts[U64(c)]
    write_leg(state, c, outcome)
    if contact["case"] != NOBODY:
        _note_last(tables, state, c, outcome)
    if outcome == HANDLED and contact["wrap_up"] > 0:
        _wrap_up(tables, state, c)


@routine
def _note_last(tables: Tables, state: State, c: int, outcome: int) -> None:
    """What its case makes of the last leg of contact c."""
    note_leg(tables, state, c, outcome == HANDLED)
    contact = state.contacts[U64(c)]
    case = state.cases[U64(contact["case"])]
    role = contact["role"]
    if role == SIDE:
        note_side_work(tables, state, c, outcome)
    elif outcome == HANDLED and role < HOLDER:
        _solve(tables, state, c)
    elif role < SIDE and contact["step"] == tables.life[0]["triage"] and case["topic"] == NOBODY:
        count_contact(tables, state, c)  # gone before anybody has tagged it


@routine
def _solve(tables: Tables, state: State, c: int) -> None:
    """The case of contact c is solved; the customer confirms it, or it is closed by itself later."""
    life = tables.life[0]
    clock = state.clock[0]
    contact = state.contacts[U64(c)]
    case = state.cases[U64(contact["case"])]
    key = contact["key"]
    case["solved"] = clock["now"]
    first = case["first_solved"] < 0
    if first:
        case["first_solved"] = clock["now"]
    state.topics[row_of(state, case["topic"])]["solved"] += 1
    case["closed"] = clock["now"] + life["closes_after"]
    if draw_of(state, key, draws.CONFIRM) < life["confirms"]:
        delay = drawn_delay(
            tables, life["confirms_after"], clock["run"], key, draws.counter(0, draws.CONFIRM_DELAY)
        )
        if delay < life["closes_after"]:
            case["closed"] = clock["now"] + delay
            case["confirmed"] = 1
    if first:
        raise_side_work(tables, state, c, SOLVED)


@compiled
def pass_on(tables: Tables, state: State, c: int, step: Step) -> None:
    """Contact c goes on to another queue: one leg closes, the next begins, at once or after a delay."""
    contact = state.contacts[U64(c)]
    write_contact(state, c, LEG, step.outcome)
    if step.outcome == HANDLED:
        _next_leg(tables, state, c, step)
    elif state.queues[U64(contact["queue"])]["leaves_message"]:
        contact["gives_up"] = NEVER
        hang_up(state, c)
    contact["leg"] += 1
    contact["queue"] = step.queue
    contact["queued"] = state.clock[0]["now"]
    contact["found"] = 0
    contact["stage"] = PENDING if step.verb == DELAY else ARRIVED


@routine
def _next_leg(tables: Tables, state: State, c: int, step: Step) -> None:
    """A leg of contact c has been handled, and its case needs another."""
    contact = state.contacts[U64(c)]
    case = state.cases[U64(contact["case"])]
    if contact["step"] == tables.life[0]["triage"]:
        known = case["topic"] >= 0
        case["topic"] = case["cause"]
        note_tag(tables, state, case["cause"])
        if not known:
            count_contact(tables, state, c)
    note_leg(tables, state, c, True)
    unshelve(state, contact["agent"])  # who cannot be had before this contact has found its next place
    case["transfers"] += step.queue != contact["queue"]
    stays = tables.steps[U64(step.to)]["stays"]
    if step.verb == DELAY:
        hang_up(state, c)
    if step.verb != DELAY and stays >= 0:
        _stay_with(tables, state, c, stays)
    elif contact["wrap_up"] > 0:
        _wrap_up(tables, state, c)
    contact["legs"] += 1
    contact["turns"] += contact["then"] < 0
    contact["step"] = step.to
    contact["then"] = NOBODY
    contact["agent"] = NOBODY
    contact["started"] = -1
    contact["work"] = -1
    contact["touched"] = contact["agent_time"] = contact["wrap_up"] = 0
    contact["called"] = 0  # reached, and on the line again
    contact["gives_up"] = NEVER if tables.steps[U64(step.to)]["patient"] == 1 else -1
    contact["orbit"] = step.ticks
    contact["due"] = due_of(tables, step.to, state.clock[0]["now"] + step.ticks)


@routine
def _stay_with(tables: Tables, state: State, c: int, most: int) -> None:
    """The agent who hands contact c over stays with it until somebody else has answered it.

    At most so many ticks: then the agent lets go, and the contact waits on alone. Wrap-up comes after that.
    """
    h = _after_leg(state, c, HOLDER, _HOLD)
    contact = state.contacts[U64(c)]
    holder = state.contacts[U64(h)]
    holder["wrap_up"] = contact["wrap_up"]
    holder["gives_up"] = min(state.clock[0]["now"] + most, NEVER)
    _keep_busy(tables, state, h, contact["agent"])
    holder["stage"] = HOLDING
    holder["escort"] = c
    contact["escort"] = h


@routine
def _wrap_up(tables: Tables, state: State, c: int) -> None:
    """The customer of contact c has gone; before all else, its agent does what is left to do."""
    h = _after_leg(state, c, WRAPPING, _WRAP)
    state.contacts[U64(h)]["work"] = state.contacts[U64(c)]["wrap_up"]
    _keep_busy(tables, state, h, state.contacts[U64(c)]["agent"])


@routine
def _keep_busy(tables: Tables, state: State, h: int, a: int) -> None:
    """Contact h, which has just come into being, keeps agent a."""
    assign(tables, state, h, a)
    hand_on(state, h)


@routine
def _after_leg(state: State, c: int, role: int, salt: np.uint64) -> int:
    """A contact for what keeps the agent of contact c after its leg."""
    contact = state.contacts[U64(c)]
    key = child_key(U64(contact["key"] ^ salt), contact["legs"])
    h = new_contact(state, key, np.uint64(contact["key"]), contact["stream"], contact["queue"])
    after = state.contacts[U64(h)]
    after["role"] = role
    after["step"] = contact["step"]
    after["case"] = contact["case"]
    after["born"] = contact["born"]
    after["queued"] = contact["queued"]
    if contact["case"] != NOBODY:
        state.cases[U64(contact["case"])]["threads"] += 1
    return h


@compiled
def leave(tables: Tables, state: State, c: int) -> None:
    """Contact c is gone for good; whatever is scheduled for it is void from now on."""
    case = state.contacts[U64(c)]["case"]
    hang_up(state, c)
    drop_contact(state, c)
    if case != NOBODY:
        leave_case(tables, state, case)


@compiled
def spawn(tables: Tables, state: State, c: int, outcome: int) -> None:
    """Who comes after contact c has ended so: the same customer, who tries again or comes back."""
    contact = state.contacts[U64(c)]
    delay = retries_after(tables, state, c, outcome)
    if delay >= 0:
        key = child_key(contact["key"], contact["attempt"] + 1)
        _follow(tables, state, c, key, _by_stream(tables, state, c), delay)
        return
    if contact["case"] != NOBODY and contact["role"] < SIDE:
        _returns(tables, state, c, outcome)


@compiled
def _by_stream(tables: Tables, state: State, c: int) -> int:
    """The stream by which the customer of contact c tries again: as before, or another."""
    contact = state.contacts[U64(c)]
    s = contact["stream"]
    first = state.queues[U64(tables.streams[U64(s)]["queue"])]["switch"]
    if first < 0:
        return int(s)
    u = draw_of(state, contact["key"], SWITCH)
    found = pick(tables.curves, first, tables.streams.size + 1, u)
    return int(s if found == tables.streams.size else found)


@routine
def _returns(tables: Tables, state: State, c: int, outcome: int) -> None:
    """The customer comes back about a case that contact c has solved, or never, or has given it up."""
    contact = state.contacts[U64(c)]
    if outcome != HANDLED:
        case = state.cases[U64(contact["case"])]
        if case["solved"] < 0:
            case["lost"] = outcome
            case["closed"] = state.clock[0]["now"]
        return
    way = comes_back(tables, state, c)
    by = back_by(tables, state, c, way)
    delay = back_after(tables, state, c, way, by)
    if delay >= 0 and state.clock[0]["now"] + delay >= state.clock[0]["end"]:
        note_return(state, c, way, delay)
    elif delay >= 0:
        key = child_key(U64(contact["key"] ^ _RETURN), 0)
        child = _follow(tables, state, c, key, by, delay)
        state.contacts[U64(child)]["role"] = BACK
        state.contacts[U64(child)]["attempt"] = 0
        state.contacts[U64(child)]["then"] = way


@routine
def _follow(tables: Tables, state: State, c: int, key: np.uint64, stream: int, delay: int) -> int:
    """A contact that comes after contact c, by a stream and with a delay."""
    contact = state.contacts[U64(c)]
    queue = tables.streams[U64(stream)]["queue"]
    child = new_contact(state, key, np.uint64(contact["key"]), stream, queue)
    follower = state.contacts[U64(child)]
    follower["stage"] = RETRYING
    follower["role"] = contact["role"]
    follower["attempt"] = contact["attempt"] + 1
    follower["orbit"] = delay
    follower["born"] = state.clock[0]["now"] + delay
    follower["case"] = contact["case"]
    if contact["case"] != NOBODY:
        state.cases[U64(contact["case"])]["threads"] += 1
    hand_on(state, child)
    return child
