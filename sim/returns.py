"""Customers who come back about a solved case: by the same channel (reopen) or by another (repeat)."""

from typing import Final

from sim import draws
from sim.clock import to_ticks
from sim.dials import turned_for
from sim.draws import counter
from sim.jit import U64, code, compiled, routine
from sim.layout import NOBODY, State, Tables
from sim.quantiles import delay as drawn_delay
from sim.service_clock import when_open
from sim.topics import row_of
from sim.triage import draw_of, pick

STAYS: Final = code(-1)
REOPENS: Final = code(0)
REPEATS: Final = code(1)

SOON: Final = to_ticks(7 * 86_400)  # a return within seven days counts against the solution


@compiled
def comes_back(tables: Tables, state: State, c: int) -> int:
    """Whether the customer comes back after contact c has solved the case, and how."""
    life = tables.life[0]
    u = draw_of(state, state.contacts[U64(c)]["key"], draws.COMES_BACK)
    case = state.cases[U64(state.contacts[U64(c)]["case"])]
    reopens = life["reopens"] * 1000 / case["quality"]
    repeats = life["repeats"]
    if state.clock[0]["turned"]:
        by = turned_for(tables, state, state.contacts[U64(c)]["stream"], case["cause"]).returns
        reopens *= by
        repeats *= by
    if u < reopens:
        return REOPENS
    return REPEATS if u < reopens + repeats else STAYS


@compiled
def back_after(tables: Tables, state: State, c: int, way: int, by: int) -> int:
    """Ticks until the customer comes back by stream `by`, or -1: not at all.

    They know when the line is open.
    """
    if way == STAYS:
        return -1
    life = tables.life[0]
    run = state.clock[0]["run"]
    law = life["reopens_after"] if way == REOPENS else life["repeats_after"]
    delay = drawn_delay(tables, law, run, state.contacts[U64(c)]["key"], counter(0, draws.BACK_DELAY))
    return until_open(tables, state, tables.streams[U64(by)]["queue"], delay)


@compiled
def until_open(tables: Tables, state: State, q: int, delay: int) -> int:
    """Ticks until a customer joins queue q who would after `delay`: not while it is closed.

    Who would come at night comes in the course of the next day. A queue that holds what comes never is.
    """
    doors = tables.life[0]["doors"] + 2 * q
    first, last = int(tables.curves[U64(doors)]), int(tables.curves[U64(doors + 1)])
    now = state.clock[0]["now"]
    return int(when_open(tables.spans, first, last, now + delay) - now)


@compiled
def back_by(tables: Tables, state: State, c: int, way: int) -> int:
    """The stream by which the customer comes back."""
    contact = state.contacts[U64(c)]
    if way != REPEATS:
        return int(contact["stream"])
    u = draw_of(state, contact["key"], draws.BACK_BY)
    return pick(tables.curves, tables.life[0]["repeats_by"], tables.streams.size, u)


@routine
def note_return(state: State, c: int, way: int, delay: int) -> None:
    """Whoever comes back so many ticks after contact c's case was solved does so soon, or not.

    Also said of those who would come after the horizon, though they are not simulated any more: else cases
    solved in the last days would look better than others.
    """
    case = state.cases[U64(state.contacts[U64(c)]["case"])]
    soon = delay <= SOON
    case["soon"] += soon
    case["reopened_soon"] += soon and way == REOPENS


@compiled
def come_back(tables: Tables, state: State, c: int) -> None:
    """The customer is back with contact c: the case is open again."""
    contact = state.contacts[U64(c)]
    case = state.cases[U64(contact["case"])]
    if contact["then"] == REPEATS:
        case["repeated"] += 1
    else:
        case["reopened"] += 1
    state.topics[row_of(state, case["topic"])]["returned"] += 1
    note_return(state, c, contact["then"], contact["orbit"])
    contact["then"] = NOBODY  # it has told which way; from now on, the path says what comes
    case["solved"] = -1
    case["closed"] = -1
    case["confirmed"] = 0
