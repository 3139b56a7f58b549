"""Figures: one value with its interval, looked up by measure, scope and name."""

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    import pandas as pd

COLUMNS: Final = ("measure", "scope", "name", "interval", "mean", "se", "low", "high", "unit")


class Figure(NamedTuple):
    """A mean and its 95 % interval, in `unit`; NaN where there is none."""

    mean: float
    low: float
    high: float
    unit: str

    @property
    def half(self) -> float:
        """Half the width of the interval, NaN without one.

        An end may be cut at 0 or 100 %; the other one then still tells the width.
        """
        return max(self.high - self.mean, self.mean - self.low) if self.has_interval else math.nan

    @property
    def has_interval(self) -> bool:
        return not (math.isnan(self.low) or math.isnan(self.high))

    @property
    def exists(self) -> bool:
        return not math.isnan(self.mean)

    def times(self, factor: float, unit: str) -> "Figure":
        """The figure in another unit."""
        return Figure(self.mean * factor, self.low * factor, self.high * factor, unit)


NONE: Final = Figure(math.nan, math.nan, math.nan, "")
Key = tuple[str, str, str]  # measure, scope, name


class Figures:
    """The figures over the horizon."""

    def __init__(self, by_key: Mapping[Key, Figure]) -> None:
        self.by_key = by_key

    def get(self, measure: str, scope: str, name: str) -> Figure:
        """The figure, or one that does not exist."""
        return self.by_key.get((measure, scope, name), NONE)

    def __iter__(self) -> Iterator[Figure]:
        return iter(self.by_key.values())


def figures_of(measures: "pd.DataFrame") -> Figures:
    """Read a frame of measures over the horizon (see `sim.experiment.Result`)."""
    columns = [measures[c].tolist() for c in ("measure", "scope", "name", "mean", "low", "high", "unit")]
    return Figures({(m, s, n): Figure(*values) for m, s, n, *values in zip(*columns, strict=True)})
