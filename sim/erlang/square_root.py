"""The square-root rule for a service level: load + β √load agents, good for a guess and for understanding.

β is what the limit of large lines takes (Halfin and Whitt 1981, Operations Research 29, p. 567; Garnett,
Mandelbaum and Reiman 2002, M&SOM 4, p. 208; Jagerman 1974 for Erlang B). The safety staffing β √load grows
more slowly than the work: large teams need relatively fewer people.
"""

import math
from collections.abc import Callable
from typing import Final

from sim.erlang.limits import garnett, halfin_whitt

_WIDEST: Final = 30.0
_HALVINGS: Final = 200


def agents_by_rule(
    load: float, share_late: float, time: float, impatience: float = 0.0, lost: bool = False
) -> float | None:
    """Agents by the rule, not rounded, with which `share_late` (between 0 and 1) waits longer than `time`.

    None where no β between -30 and 30 is the answer: such a time has nothing to do with the root.

    Time is in handle times; `impatience` is handle time / patience (0: nobody gives up). With `lost`, nobody
    waits, and `share_late` is the share that finds all busy.
    """
    root = math.sqrt(load)

    def late(beta: float) -> float:
        if lost:
            return math.exp(_log_density(beta)) / (root * _below(beta))
        if impatience == 0.0:
            return float(halfin_whitt(beta)) * math.exp(-max(beta, 0.0) * root * time)
        return _late_impatient(beta, load, time, impatience)

    if not late(_WIDEST) < share_late < late(-_WIDEST):
        return None
    return max(load + _falling(late, share_late) * root, 0.0)


def _late_impatient(beta: float, load: float, time: float, impatience: float) -> float:
    """P(delayed) from Garnett's function; the wait of those delayed is the tail of a normal distribution."""
    delayed = float(garnett(beta, 1.0 / impatience).delayed)
    start = beta / math.sqrt(impatience)
    longer = start + math.sqrt(load * impatience) * time
    return delayed * math.exp(_log_above(longer) - _log_above(start) - impatience * time)


def _falling(function: Callable[[float], float], value: float) -> float:
    """Where a falling function has a value, by halving."""
    low, high = -_WIDEST, _WIDEST
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        if function(middle) > value:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)


def _log_density(x: float) -> float:
    return -0.5 * x * x - 0.5 * math.log(2.0 * math.pi)


def _below(x: float) -> float:
    return 0.5 * math.erfc(-x / math.sqrt(2.0))


def _log_above(x: float) -> float:
    """The logarithm of the upper tail of the normal distribution."""
    from scipy import special

    return float(special.log_ndtr(-x))
