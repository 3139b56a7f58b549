"""Integer programmes, by HiGHS: the cheapest choice, or nearly so."""

from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike

from sim.staffing.cells import Floats

_GAP: Final = 1e-3  # share of the cost by which a choice may be dearer than the cheapest
_NODES: Final = 300  # looked at, at most: good choices are found soon; the proof that none is better is not


def cheapest_choice(
    cost: Floats, whole: ArrayLike, most: ArrayLike, factors: Any, least: Floats
) -> Floats | None:
    """The values from 0 to `most` with the lowest sum of `cost` x value, or None where there are none.

    Those of `whole` 1 are whole numbers; `factors` [row, value], dense or sparse, times the values must be at
    least `least` [row]. The limit is on nodes, not on time, so that every machine finds the same.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    found = milp(
        cost,
        integrality=np.asarray(whole, int),
        bounds=Bounds(0.0, most),
        constraints=LinearConstraint(factors, least, np.inf),
        options={"mip_rel_gap": _GAP, "node_limit": _NODES},
    )
    solution: Floats | None = found.x
    return solution
