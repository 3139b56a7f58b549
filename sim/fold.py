"""Means over replications, and how sure they are: one replication added after the other."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Fold(NamedTuple):
    """Means and co-moments of numerators and denominators, updated in the order of replications.

    `known` counts the replications that have a value, which is those whose denominator is not 0.
    """

    n: int
    above: Floats
    below: Floats
    aa: Floats
    ab: Floats
    bb: Floats
    known: Floats

    @classmethod
    def empty(cls, shape: tuple[int, ...]) -> "Fold":
        return cls(0, *(np.zeros(shape) for _ in range(6)))

    def add(self, above: Floats, below: Floats) -> "Fold":
        """One more replication (Welford 1962, Technometrics 4, with the cross term)."""
        known = self.known + (below != 0)
        if self.n == 0:
            return self._replace(n=1, above=above, below=below, known=known)
        n = self.n + 1
        da, db = above - self.above, below - self.below
        shrink = (n - 1) / n
        return Fold(
            n,
            self.above + da / n,
            self.below + db / n,
            self.aa + da * da * shrink,
            self.ab + da * db * shrink,
            self.bb + db * db * shrink,
            known,
        )

    def ratio(self) -> tuple[Floats, Floats]:
        """Ratio of means and its standard error by the delta method; NaN where the denominator is 0.

        With fewer than two values there is no error: the only replication that has one makes the ratio
        all by itself, and no residual is left to tell how sure that is.
        """
        with np.errstate(divide="ignore", invalid="ignore"):
            r = np.where(self.below == 0, np.nan, self.above / self.below)
            spread = np.maximum(self.aa - 2.0 * r * self.ab + r * r * self.bb, 0.0)
            se = np.sqrt(spread / max(self.n - 1, 1) / max(self.n, 1)) / np.abs(self.below)
        return r, np.where(np.isnan(r) | (self.known < 2), np.nan, se)
