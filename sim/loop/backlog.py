"""How many cases are open at a midnight, and how many of them are past what was promised."""

from sim.cases import promised
from sim.jit import U64, compiled
from sim.layout import State, Tables


@compiled
def open_cases(tables: Tables, state: State, now: int) -> tuple[int, int]:
    """Cases neither solved nor given up at a tick, and those of them whose resolution is past due."""
    found = 0
    late = 0
    i = state.cases[U64(0)]["next"]
    while i != 0:
        case = state.cases[U64(i)]
        if case["solved"] < 0 and case["lost"] == 0:
            found += 1
            late += 0 <= promised(tables, state, i)[1] < now
        i = case["next"]
    return found, late
