"""Two versions of a scenario: how far their measures are apart, and how sure that is.

A measure is a ratio of means r = mean(a) / mean(b) over replications. To first order its error is the
mean of the residuals e = (a - r b) / mean(b) (delta method; Law 2015, "Simulation Modeling and
Analysis", section 9.4). Draws are keyed by names, so that replication i of one version and replication
i of another meet the same chances: their residuals are subtracted first and squared then (paired t
interval on common random numbers; Law 2015, sections 10.2.1 and 11.2). Versions that share no chances
get the interval of Welch (1947, Biometrika 34; Law 2015, section 10.2.2).
"""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import special

from sim.experiment import CONFIDENCE
from sim.measure import Floats

if TYPE_CHECKING:
    import pandas as pd

Key = tuple[str, str, str]  # measure, scope, name


class Samples(NamedTuple):
    """Numerators and denominators of measures over the horizon."""

    keys: tuple[Key, ...]
    above: Floats  # [replication, key]
    below: Floats

    def of(self, keys: list[Key], replications: int) -> "Samples":
        """The same of some measures, in their order, and of the first replications."""
        place = {key: n for n, key in enumerate(self.keys)}
        which = [place[key] for key in keys]
        return Samples(tuple(keys), self.above[:replications, which], self.below[:replications, which])


class Gap(NamedTuple):
    """Arrays over measures: values of both versions, and the standard error of their difference."""

    first: Floats
    second: Floats
    se: Floats  # NaN with fewer than two replications
    half: Floats  # of the 95 % interval
    narrower: Floats  # how many times narrower than with as many replications of other chances; NaN if 0 / 0


def samples_of(frame: "pd.DataFrame") -> Samples:
    """Read `Result.samples`: all measures of a replication stand together, in an order that never changes."""
    n = int(frame["replication"].iloc[-1]) + 1
    labels = [frame[column].iloc[: len(frame) // n].tolist() for column in ("measure", "scope", "name")]
    above, below = (frame[column].to_numpy(float).reshape(n, -1) for column in ("above", "below"))
    return Samples(tuple(zip(*labels, strict=True)), above, below)


def residuals(above: Floats, below: Floats) -> tuple[Floats, Floats]:
    """Ratios of means [key] and linearised residuals [replication, key]; NaN where nothing is below.

    Of a measure with a value in a single replication residuals are NaN: that one makes the ratio all by
    itself, and nothing tells how sure it is.

    Deviations are taken from the first replication, so that what never varies has residuals of exactly 0.
    """
    deviation = above - above[0], below - below[0]
    mean = above[0] + deviation[0].mean(axis=0), below[0] + deviation[1].mean(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(mean[1] == 0, np.nan, mean[0] / mean[1])
        a, b = (each - each.mean(axis=0) for each in deviation)
        known = (below != 0).sum(axis=0)
        return ratio, np.where(known < 2, np.nan, (a - ratio * b) / mean[1])


def paired(first: Samples, second: Samples) -> Gap:
    """The gap between versions whose replications meet the same chances, one by one."""
    n = len(first.above)
    (r, e), (q, f) = residuals(*first[1:]), residuals(*second[1:])
    se = _error(f - e)
    return Gap(r, q, se, _quantile(np.full(se.shape, n - 1.0)) * se, _times(_independent_error(e, f), se))


def independent(first: Samples, second: Samples) -> Gap:
    """The gap between versions that share no chances; replications may differ in number."""
    (r, e), (q, f) = residuals(*first[1:]), residuals(*second[1:])
    one, other = _error(e) ** 2, _error(f) ** 2
    with np.errstate(divide="ignore", invalid="ignore"):
        freedom = (one + other) ** 2 / (one**2 / (len(e) - 1) + other**2 / (len(f) - 1))
    se = _independent_error(e, f)
    half = np.where(se == 0, 0.0, _quantile(freedom) * se)
    return Gap(r, q, se, half, np.full(se.shape, np.nan))


def _error(e: Floats) -> Floats:
    """Standard error of the mean of residuals [replication, key]; NaN with fewer than two."""
    n = len(e)
    if n < 2:
        return np.full(e.shape[1], np.nan)
    found: Floats = np.sqrt((e * e).sum(axis=0) / (n - 1) / n)
    return found


def _independent_error(e: Floats, f: Floats) -> Floats:
    """The error that the difference would have if the versions met chances of their own."""
    found: Floats = np.sqrt(_error(e) ** 2 + _error(f) ** 2)
    return found


def _times(wide: Floats, narrow: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(narrow == 0, np.nan, wide / narrow)


def _quantile(freedom: Floats) -> Floats:
    """Two-sided 95 % quantile of Student's t; NaN without a degree of freedom."""
    usable = np.where(freedom >= 1, freedom, np.nan)
    found: Floats = special.stdtrit(usable, 0.5 + CONFIDENCE / 2)
    return found
