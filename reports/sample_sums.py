"""Figures made from what each replication added up to: sums of parts, and ratios that no measure is.

Means and intervals are those of every other figure: ratios of means, errors by the delta method, and
Student's t over the replications; from a single one there is no interval.
"""

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from reports.figures import NONE, Figure, Key

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]


class SampleSums:
    """Numerators and denominators of all measures, by replication (see `sim.frames.sample_frame`)."""

    def __init__(self, samples: "pd.DataFrame") -> None:
        self._place: dict[Key, int] = {}
        self._above = self._below = np.zeros((0, 0))
        if len(samples):
            pairs = len(samples) // (int(samples["replication"].iloc[-1]) + 1)
            first = samples.iloc[:pairs]
            names = (first[column].astype(object).tolist() for column in ("measure", "scope", "name"))
            self._place = {key: n for n, key in enumerate(zip(*names, strict=True))}
            self._above, self._below = (
                samples[part].to_numpy(float).reshape(-1, pairs) for part in ("above", "below")
            )

    def above(self, measure: str, scope: str = "all", name: str = "all") -> Floats:
        """What a measure has above its line, of each replication; nothing where it is not measured."""
        return self._part(self._above, (measure, scope, name))

    def below(self, measure: str, scope: str = "all", name: str = "all") -> Floats:
        """What it has below."""
        return self._part(self._below, (measure, scope, name))

    def _part(self, values: Floats, key: Key) -> Floats:
        return values[:, self._place[key]] if key in self._place else np.zeros(0)


def mean(values: Floats, unit: str) -> Figure:
    """A sum, as it is in the mean of the replications."""
    return ratio(values, np.ones(len(values)), unit)


def ratio(above: Floats, below: Floats, unit: str) -> Figure:
    """The ratio of two sums; none where either was not measured, or nothing is below the line."""
    from sim.experiment import student
    from sim.fold import Fold

    if not len(above) or len(above) != len(below):
        return NONE
    fold = Fold.empty(())
    for each in zip(above, below, strict=True):
        fold = fold.add(*map(np.asarray, each))
    value, error = (float(part) for part in fold.ratio())
    if math.isnan(value):
        return NONE
    half = student(fold.n) * error
    high = min(value + half, 1.0) if unit == "share" and not math.isnan(half) else value + half
    return Figure(value, max(value - half, 0.0) if not math.isnan(half) else half, high, unit)
