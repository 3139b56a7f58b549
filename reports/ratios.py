"""Figures as ratios by day and interval: what happened, what was simulated, what others would say."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Ratio(NamedTuple):
    """A figure as numerators and denominators, [..., day, interval]; a count has a denominator of 1 a day."""

    above: Floats
    below: Floats | None = None

    def by_day(self) -> Floats:
        """[..., day]; NaN where the denominator is 0."""
        return _ratio(self.above.sum(axis=-1), None if self.below is None else self.below.sum(axis=-1))

    def by_cell(self) -> Floats:
        """[..., day, interval]; NaN where the denominator is 0."""
        return _ratio(self.above, self.below)

    def by_time(self, days: NDArray[np.bool_]) -> Floats:
        """[..., interval], over some of the days; counts are means of a day."""
        above = self.above[..., days, :].sum(axis=-2)
        if self.below is None:
            return np.asarray(above / max(int(days.sum()), 1), float)
        return _ratio(above, self.below[..., days, :].sum(axis=-2))

    def over(self, days: NDArray[np.bool_]) -> Floats:
        """[...], over some of the days together; counts are means of a day."""
        above = self.above[..., days, :].sum(axis=(-2, -1))
        if self.below is None:
            return np.asarray(above / max(int(days.sum()), 1), float)
        return _ratio(above, self.below[..., days, :].sum(axis=(-2, -1)))


def _ratio(above: Floats, below: Floats | None) -> Floats:
    if below is None:
        return np.asarray(above, float)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(below > 0, above / np.where(below > 0, below, 1.0), np.nan)
