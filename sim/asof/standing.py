"""The state at a day, put into a replication: open cases, legs that wait, customers who may come back.

A leg that waits joins its line as it is, the longest first; who was being worked on is taken up again first,
and the work begins anew: how far it had come nobody has told. A case that was handled and not solved goes on
after the delay of a step of its path, and a customer may come back about a solved one. Of both it is known
that they have not come yet, so each replication draws how things went on until that agrees with it. The draws
are keyed by the contacts seen, as all are by what they are for.
"""

from typing import Final, NamedTuple

import numpy as np

from sim.asof.cases import PUT_OFF, SETTLED, SOLVED, WAITS, Stood
from sim.asof.seen import Bools, Ints, answered_before
from sim.case_layout import MILLION
from sim.cases import append_case, drop_case
from sim.clock import NEVER, to_ticks
from sim.compile import Model
from sim.contacts import ARRIVED, BACK, CUSTOMER, INTERRUPTED, PENDING, RETRYING, drop_contact, new_contact
from sim.dial_layout import is_neutral
from sim.draws import PREVENTED, STEP_DELAY, child_key, counter, name_key
from sim.jit import U64, compiled, routine
from sim.layout import CONTACT, NOBODY, State, Tables
from sim.order import RETURN, push
from sim.quantiles import delay as drawn_delay
from sim.returns import back_after, back_by, comes_back, note_return, until_open
from sim.side_work import owe_update
from sim.triage import draw_cause, draw_of, first_step, queue_of, route

_TRIES: Final = 32  # ways in which a contact may have gone on that are drawn at most
_RETURN: Final = name_key("role", "may come back after the day")
_AGAIN: Final = name_key("role", "comes back after the day")
_LONGEST: Final = 8.0  # times the mean delay: hardly anybody comes back, or goes on, later
_WEEK_S: Final = 7 * 86_400.0


class Standing(NamedTuple):
    """What is put into each replication, and the cases that need not be: nothing will become of them."""

    legs: np.ndarray  # CONTACT: legs that wait or are put off; `case` is a row of `cases`
    cases: np.ndarray  # CASE: of these
    solved: np.ndarray  # CASE: lately
    solved_by: np.ndarray  # CONTACT: the contact by which each was
    settled: np.ndarray  # CASE
    ends: Ints  # [step]: where the steps of its path end

    @property
    def rows(self) -> int:
        """How many contacts, cases and events it may take at most, updates owed among them."""
        return 2 * len(self.legs) + len(self.solved) + 4


def standing(model: Model, found: Stood, tick: int) -> Standing:
    """What stands at a tick, of a model with cases or without."""
    legs, ends = _contacts(found), _path_ends(model)
    if not len(found.cases):
        waits = legs[found.legs["ended"][found.contacts.last] < 0]
        return Standing(waits[_in_line(waits)], found.cases, found.cases, legs[:0], found.cases, ends)
    state = _lately(model, found, tick)
    goes_on, solved = np.isin(state, (WAITS, PUT_OFF)), state == SOLVED
    waits, rows = legs[found.last[goes_on]], found.cases[goes_on]
    waits["case"] = np.arange(len(waits))
    put_off = state[goes_on] == PUT_OFF
    waits["stage"] = np.where(put_off, PENDING, waits["stage"])
    waits["started"] = np.where(put_off, NOBODY, waits["started"])
    for field in ("leg", "legs", "turns"):
        waits[field] += put_off
    rows["chance"] = np.where(_tells_avoidable(found, goes_on), rows["chance"], NOBODY)
    order = _in_line(waits)
    settled = found.cases[~goes_on & ~solved]
    return Standing(waits[order], rows, found.cases[solved], legs[found.last[solved]], settled, ends)


def _in_line(waits: np.ndarray) -> Ints:
    """Who was being worked on first, then who has waited longest."""
    found: Ints = np.lexsort((waits["key"], waits["queued"], waits["stage"] != INTERRUPTED))
    return found


def _tells_avoidable(found: Stood, which: Bools) -> Bools:
    first = found.legs[found.contacts.first[found.contacts.starts]]
    known: Bools = first["avoidable"][which] >= 0
    return known


def _path_ends(model: Model) -> Ints:
    """Of each step, where the steps of its path end; those without a name stand alone."""
    steps = model.names.steps
    lengths = [len(model.scenario.paths[name].steps) for name in sorted(model.scenario.paths)]
    sides = len(model.scenario.side_work)
    before = len(steps) - sum(lengths) - sides
    ends = np.arange(1, len(steps) + 1)
    for length in lengths:
        ends[before : before + length] = before + length
        before += length
    return ends


def _contacts(found: Stood) -> np.ndarray:
    """Each contact as the pool has it, with the last leg that is known of it."""
    last = found.legs[found.contacts.last]
    rows = np.zeros(len(last), CONTACT)
    for field in ("agent", "next", "gives_up", "again", "work", "case", "then", "escort", "line", "left"):
        rows[field] = NOBODY
    rows["incident"] = NOBODY
    rows["overflows"], rows["due"], rows["longer"] = NEVER, NEVER, 1.0
    rows["key"] = last["contact"]
    for field in ("stream", "queue", "leg", "queued", "started"):
        rows[field] = last[field]
    rows["home"] = rows["queue"]
    rows["attempt"] = found.contacts.attempt
    rows["role"] = np.where(found.contacts.back & (len(found.cases) > 0), BACK, CUSTOMER)
    rows["legs"] = rows["turns"] = answered_before(found.legs)[found.contacts.last]
    rows["born"] = found.legs["queued"][found.contacts.first]
    rows["backlog"] = (rows["born"] == 0) & (rows["leg"] == 0)
    rows["orbit"] = last["ended"]  # of what is put off: since when
    rows["stage"] = np.where(rows["started"] >= 0, INTERRUPTED, ARRIVED)
    return rows


def _lately(model: Model, found: Stood, tick: int) -> Ints:
    """Where cases stand, but settled where nothing has been heard for so long that nothing will be."""
    closing = model.scenario.closing
    parts = (closing.reopens, closing.repeats) if closing else ()
    back_s = max([each.after.mean_s for each in parts if each], default=0.0)
    steps = [step for path in model.scenario.paths.values() for step in path.steps.values()]
    on_s = max([step.after.mean_s for step in steps if step.after], default=0.0)
    since = tick - found.legs["ended"][found.contacts.last[found.last]]
    state = found.state.copy()
    for which, mean_s in ((SOLVED, back_s), (PUT_OFF, on_s)):
        longest = max(_LONGEST * mean_s, _WEEK_S) if mean_s else 0.0
        state[(state == which) & (since > to_ticks(longest))] = SETTLED
    return state


def put_in(model: Model, state: State, what: Standing) -> np.ndarray:
    """Put it into a replication that has come to its tick; returns the solved cases that stay so (CASE).

    The state must have room for `what.rows` more contacts, cases and events.
    """
    state.clock[0]["turned"] = not is_neutral(state.dials, state.course)
    state.clock[0]["now"] = now = int(state.clock[0]["begins"])
    _go_on(model.tables, state, what.legs, what.cases, what.ends)
    solved, stays = what.solved.copy(), np.ones(len(what.solved), np.int64)
    _may_come_back(model.tables, state, solved, what.solved_by, stays)
    state.clock[0]["now"] = now
    found: np.ndarray = solved[stays == 1]
    return found


@routine
def _go_on(tables: Tables, state: State, legs: np.ndarray, cases: np.ndarray, ends: np.ndarray) -> None:
    """Put open cases and their legs into the state, and what is to happen to these into the heap."""
    begins = state.clock[0]["begins"]
    for n in range(legs.size):
        c = _add_contact(state, legs, n)
        contact = state.contacts[U64(c)]
        tick = begins + n  # so that lines keep their order
        if contact["case"] != NOBODY:
            contact["case"] = _add_case(state, cases, legs[U64(n)]["case"])
            _tell_cause(tables, state, c)
            _place(tables, state, c, ends)
            if contact["stage"] == PENDING:
                tick = _put_off_until(tables, state, c)
            owe_update(tables, state, c)
        push(state, tick, RETURN, contact["key"], c, contact["version"])


@compiled
def _add_contact(state: State, rows: np.ndarray, n: int) -> int:
    """A contact like row n; returns its row in the pool."""
    row = rows[U64(n)]
    c = new_contact(state, row["key"], U64(0), row["stream"], row["queue"])
    version = state.contacts[U64(c)]["version"]
    state.contacts[U64(c)] = row
    state.contacts[U64(c)]["version"] = version
    return c


@compiled
def _add_case(state: State, rows: np.ndarray, n: int) -> int:
    """A case like row n, with one thread; returns its row."""
    clock = state.clock[0]
    i = clock["free_case"]
    clock["free_case"] = state.cases[U64(i)]["next"]
    clock["spare_cases"] -= 1
    state.cases[U64(i)] = rows[U64(n)]
    case = state.cases[U64(i)]
    case["threads"] = 1
    case["outcome"] = 0
    case["closed"] = NOBODY
    case["quality"] = int(case["quality"] * state.course[0]["quality"])
    append_case(state, i)
    return int(i)


@compiled
def _tell_cause(tables: Tables, state: State, c: int) -> None:
    """What the case of contact c is about, where it bears no tag; and whether it could have been avoided."""
    case = state.cases[U64(state.contacts[U64(c)]["case"])]
    if case["topic"] == NOBODY:
        case["cause"] = draw_cause(tables, state, c)
    if case["chance"] < 0:
        case["chance"] = int(draw_of(state, case["key"], PREVENTED) * MILLION)


@routine
def _place(tables: Tables, state: State, c: int, ends: np.ndarray) -> None:
    """At which step of its path contact c is: one of its queue, or where it is put off one that is late."""
    contact = state.contacts[U64(c)]
    cause = state.cases[U64(contact["case"])]["cause"]
    start = first_step(tables, contact["stream"], cause)
    home = route(tables, state, contact["case"], contact["stream"], cause)
    contact["home"] = home
    contact["step"] = start
    if contact["legs"] > 0:
        _place_later(tables, state, c, start, ends[U64(start)])
        return
    q = queue_of(tables, start, home)
    if contact["queue"] in (q, state.queues[U64(q)]["overflow_to"]):
        return
    triage = tables.life[0]["triage"]
    sorting = triage >= 0 and queue_of(tables, triage, home) == contact["queue"]
    contact["step"] = triage if sorting else tables.life[0]["misrouted"]
    contact["then"] = start


@compiled
def _place_later(tables: Tables, state: State, c: int, start: int, end: int) -> None:
    """The same of a leg that is not the first; by default the path begins anew."""
    contact = state.contacts[U64(c)]
    for step in range(end - 1, start, -1):
        late = tables.steps[U64(step)]["after"] >= 0
        q = queue_of(tables, step, contact["home"])
        if late if contact["stage"] == PENDING else q == contact["queue"]:
            contact["step"] = step
    if contact["stage"] == PENDING:
        contact["queue"] = queue_of(tables, contact["step"], contact["home"])
    if tables.steps[U64(contact["step"])]["patient"] == 1:
        contact["gives_up"] = NEVER


@routine
def _put_off_until(tables: Tables, state: State, c: int) -> int:
    """When contact c, put off since its last leg has ended, goes on: not before the day."""
    clock = state.clock[0]
    contact = state.contacts[U64(c)]
    since, begins = contact["orbit"], clock["begins"]
    contact["orbit"] = 0
    after = tables.steps[U64(contact["step"])]["after"]
    if after < 0:
        return int(begins)
    clock["now"] = since
    tick = begins
    for n in range(_TRIES):
        first = counter(contact["turns"], STEP_DELAY)
        key = child_key(contact["key"], n)
        ticks = drawn_delay(tables, after, clock["run"], key, first)
        tick = since + until_open(tables, state, contact["queue"], ticks)
        if tick >= begins:
            break
    clock["now"] = begins
    return int(max(tick, begins))


@routine
def _may_come_back(
    tables: Tables, state: State, cases: np.ndarray, by: np.ndarray, stays: np.ndarray
) -> None:
    """Draw for each solved case whether its customer comes back after the day; put in those who do.

    Who would come back after the horizon is noted in the row, as everywhere (`note_return`).
    """
    for n in range(cases.size):
        c = _add_contact(state, by, n)
        contact = state.contacts[U64(c)]
        i = _add_case(state, cases, n)
        contact["case"] = i
        tick = _back_at(tables, state, c, cases[U64(n)]["solved"])
        if state.clock[0]["begins"] <= tick < state.clock[0]["end"]:
            stays[U64(n)] = 0
            push(state, tick, RETURN, contact["key"], c, contact["version"])
            continue
        if tick >= 0:
            cases[U64(n)]["soon"] = state.cases[U64(i)]["soon"]
            cases[U64(n)]["reopened_soon"] = state.cases[U64(i)]["reopened_soon"]
        drop_case(state, i)
        drop_contact(state, c)


@routine
def _back_at(tables: Tables, state: State, c: int, solved: int) -> int:
    """When the customer of contact c comes back, who had not before the day, or -1. c becomes it."""
    clock = state.clock[0]
    contact = state.contacts[U64(c)]
    key = contact["key"]
    clock["now"] = solved
    for n in range(_TRIES):
        contact["key"] = child_key(U64(key ^ _RETURN), n)
        way = comes_back(tables, state, c)
        by = back_by(tables, state, c, way)
        ticks = back_after(tables, state, c, way, by)
        if ticks < 0:
            return -1
        if solved + ticks < clock["begins"]:
            continue
        if solved + ticks >= clock["end"]:
            note_return(state, c, way, ticks)
        _come_again(tables, state, c, by, key)
        contact["then"] = way
        contact["orbit"] = ticks
        contact["born"] = solved + ticks
        return int(solved + ticks)
    return -1


@compiled
def _come_again(tables: Tables, state: State, c: int, by: int, parent: np.uint64) -> None:
    """Contact c becomes one that comes back by a stream."""
    case = state.contacts[U64(c)]["case"]
    key = child_key(U64(parent ^ _AGAIN), 0)
    version = state.contacts[U64(c)]["version"]
    state.contacts[U64(c)] = state.contacts[U64(state.queues.size)]  # of which nothing is known
    contact = state.contacts[U64(c)]
    contact["key"] = key
    contact["parent"] = parent
    contact["version"] = version
    contact["stream"] = by
    contact["queue"] = tables.streams[U64(by)]["queue"]
    contact["home"] = contact["queue"]
    contact["case"] = case
    contact["role"] = BACK
    contact["stage"] = RETRYING
