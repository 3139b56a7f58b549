"""The steps in which times were recorded: whole seconds as a rule, minutes or quarter hours at times."""

from typing import Final

import numpy as np

from calibration.fits.cells import Cells

_STEPS_S: Final = (86_400.0, 3600.0, 1800.0, 900.0, 600.0, 300.0, 60.0, 30.0, 10.0, 5.0, 1.0)
_EXACT_STEPS: Final = 100  # cells are exact below so many steps of a file, and joined above


def step_s(cells: Cells) -> float:
    """The largest usual step of which nearly all exact durations above zero are multiples; 0 without one."""
    above = int(cells.counts[cells.values_s > 0].sum())
    for step in _STEPS_S:
        exact = (cells.values_s > 0) & (cells.values_s <= _EXACT_STEPS * step)
        steps = np.round(cells.values_s / step)
        near = (steps >= 1) & (np.abs(cells.values_s / step - steps) < 1e-6)
        counted, even = cells.counts[exact].sum(), cells.counts[exact & near].sum()
        if counted and counted >= 0.1 * above and even >= 0.99 * counted:
            return step
    return 0.0
