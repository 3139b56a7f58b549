"""The service level of a line, by every definition that has a name."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from scenarios.definitions import SERVICE_LEVELS
from sim.erlang.arguments import NOT_NEGATIVE_OR_INF, Floats, checked, known
from sim.erlang.line import Line, Scaled, scaled
from sim.erlang.solve import Solved, admitted_of, answered_of, moment, solve
from sim.erlang.waits import answered_and_abandoned
from sim.jit import compiled

VIRTUAL: Final = "virtual_wait"  # P(who never gives up would be answered within T), of those not blocked
DEFINITIONS: Final = (*SERVICE_LEVELS, VIRTUAL)
USUAL: Final = "answered_plus_abandoned_within"
USUAL_SHORT_S: Final = 5.0

# What a definition adds, above and below the line, in this order.
_COLUMNS: Final = ("answered", "answered_within", "abandoned", "abandoned_within", "abandoned_short")


def service_level(
    line: Line, within_s: ArrayLike, definition: str = USUAL, short_s: ArrayLike = USUAL_SHORT_S
) -> Floats:
    """The share (0-1) that a definition of `scenarios.definitions.SERVICE_LEVELS` counts, or `virtual_wait`.

    `within_s` is T; `short_s` is what some count as hardly having waited. NaN never: where a definition
    divides nothing by nothing, because nobody is answered and everybody left early, it is 0.
    """
    times = (
        checked("within_s", within_s, NOT_NEGATIVE_OR_INF),
        checked("short_s", short_s, NOT_NEGATIVE_OR_INF),
    )
    shape, lines, (within, short) = scaled(line, *times)
    out = np.empty(within.size)
    _fill(lines, within, short, factors_of(definition), out)
    return out.reshape(shape)


def factors_of(definition: str) -> Floats:
    """A definition as factors of the columns, above and below [2, 5]; all 0 for `virtual_wait`."""
    if not known(definition, DEFINITIONS):
        raise ValueError(f"definition: {definition!r} is not allowed; give one of {', '.join(DEFINITIONS)}")
    if definition == VIRTUAL:
        return np.zeros((2, len(_COLUMNS)))
    level = SERVICE_LEVELS[definition]
    return np.array([[part.get(name, 0) for name in _COLUMNS] for part in (level.above, level.below)], float)


class Times(NamedTuple):
    """T and s of a service level, in handle times."""

    within: float
    short: float


@compiled
def level(a: float, n: float, r: float, places: float, one: Solved, times: Times, factors: Floats) -> float:
    """The service level of a solved line."""
    if factors[1, 0] == 0.0:
        late = 0.0
        if times.within < np.inf:
            late = moment(a, n, r, places, one, times.within).waiting_virtual
        return max(1.0 - late / admitted_of(one), 0.0) if admitted_of(one) > 0.0 else 0.0
    answered, abandoned = answered_and_abandoned(a, n, r, places, one, times.within)
    early = 0.0
    if factors[0, 4] != 0.0 or factors[1, 4] != 0.0:
        early = answered_and_abandoned(a, n, r, places, one, times.short)[1]
    above = factors[0, 1] * answered + factors[0, 3] * abandoned + factors[0, 4] * early
    below = (
        factors[1, 0] * answered_of(one)
        + factors[1, 2] * one.abandoned
        + factors[1, 3] * abandoned
        + factors[1, 4] * early
    )
    return min(max(above / below, 0.0), 1.0) if below > 0.0 else 0.0


@compiled
def _fill(lines: Scaled, within: Floats, short: Floats, factors: Floats, out: Floats) -> None:
    for k in range(len(out)):
        a, n, r, most = lines.load[k], lines.agents[k], lines.impatience[k], lines.places[k]
        times = Times(within[k] / lines.handle_s[k], short[k] / lines.handle_s[k])
        out[k] = level(a, n, r, most, solve(a, n, r, most), times, factors)
