"""Versions that nobody has simulated: their figures are given."""

from collections.abc import Mapping, Sequence

import numpy as np

from scenarios import Scenario
from sim.case_measure import Key
from sim.checkpoints import Figures, Window
from sim.roadmap.follow import Followed
from sim.roadmap.plan import keys_of, windows_of

NONE = float("nan")


def followed(
    scenario: Scenario, given: Mapping[tuple[Key, Window], Sequence[float]], like: Scenario | None = None
) -> Followed:
    """A version with these values by measure and window, in each replication; NaN where nothing is given.

    Measures and windows are those of the scenario's roadmap, or of another one's.
    """
    keys, windows = keys_of(like or scenario), windows_of(like or scenario)
    n = len(next(iter(given.values())))
    values = np.full((n, len(keys), len(windows)), NONE)
    for (key, window), each in given.items():
        values[:, keys.index(key), windows.index(window)] = each
    has = ~np.isnan(values)
    figures = Figures(np.where(has, values, 0.0), has.astype(float))
    return Followed(scenario, keys, windows, figures, (None,) * n)
