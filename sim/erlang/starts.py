"""How many contacts are there when a day begins."""

import math
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from sim.erlang.arguments import SHARE, Floats, checked
from sim.erlang.crowd import Crowd, Rates

_WEIGHTLESS: Final = 90.0  # e to minus so much, of the likeliest number
_ROUNDING: Final = 1e-9


def first_crowd(start: ArrayLike | str, rates: Rates) -> Crowd:
    """The line before the first interval: "empty", "steady", or probabilities of 0, 1, 2, ... contacts."""
    if isinstance(start, str):
        return _named(start, rates)
    number = checked("start", start, SHARE)
    if number.ndim != 1 or abs(number.sum() - 1.0) > _ROUNDING:
        raise ValueError("start: probabilities of 0, 1, 2, ... contacts must be a list that adds up to 1")
    return _crowd(number, rates.servers)


def _named(start: str, rates: Rates) -> Crowd:
    if start == "steady":
        return _crowd(_settled(rates), rates.servers)
    if start == "empty":
        return _crowd(np.ones(1), rates.servers)
    raise ValueError(
        f"start: {start!r} is not known; give 'empty', 'steady' or probabilities of 0, 1, 2, ..."
    )


def _crowd(number: Floats, servers: int) -> Crowd:
    mass = np.zeros((1, max(len(number), servers + 1)))
    mass[0, : len(number)] = number
    return Crowd(mass, servers)


def _settled(rates: Rates) -> Floats:
    """The steady state of a birth-and-death process, by logarithms (Cooper 1981, section 2.3)."""
    if (
        not rates.give_up
        and math.isinf(rates.places)
        and rates.join >= rates.servers * rates.serve
        and rates.join
    ):
        raise ValueError("start: a line that grows for ever has no steady state; start it empty")
    logs, n, best = [0.0], 0, 0.0
    while n < rates.servers + rates.places:
        up = rates.arrive if n < rates.servers else rates.join
        n += 1
        down = min(n, rates.servers) * rates.serve + max(n - rates.servers, 0) * rates.give_up
        if up == 0.0 or (n > rates.servers and logs[-1] < best - _WEIGHTLESS):
            break
        logs.append(logs[-1] + (math.log(up / down) if down else math.inf))
        best = max(best, logs[-1])
    mass = np.exp(np.array(logs) - best)
    return np.asarray(mass / mass.sum())
