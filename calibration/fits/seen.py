"""What was seen of times, and how likely a law makes it.

Three things keep times from being seen as they are. Some are cut short by something else (an answer ends a
wait that would have lasted longer). Records come in steps, so that what is below half a step is written as
zero. And zeros may have other causes: calls cut off, callers who leave at once. So the share of zeros is that
of the law below half a step, or more: a law pays for what it puts there beyond the zeros, not up to them.
"""

from typing import NamedTuple

import numpy as np

from calibration.fits.cells import Cells, Floats, Ints, Waits, rows_of
from calibration.fits.family import Family
from calibration.fits.steps import step_s


class Seen(NamedTuple):
    """Times that ended, and times that were cut short, with how often; all above `from_s`.

    `zeros` is the number of those below, from whatever cause; None where nothing is known of them.
    """

    ended_s: Floats
    ended: Ints
    cut_s: Floats
    cut: Ints
    from_s: float = 0.0
    zeros: float | None = 0.0

    @property
    def n(self) -> int:
        """How many times above `from_s`."""
        return int(self.ended.sum() + self.cut.sum())

    @property
    def events(self) -> int:
        """How many of them ended by themselves."""
        return int(self.ended.sum())

    @property
    def scale_s(self) -> float:
        """Time in all by one that ended: the most likely mean if times were exponential."""
        time = self.ended_s @ self.ended + self.cut_s @ self.cut - self.n * self.from_s
        return max(float(time), 1e-9) / max(self.events, 1)


def durations_seen(cells: Cells) -> Seen:
    """Durations, all ended; those of zero and those lost below half a step are told by their number."""
    positive = cells.values_s > 0
    values, counts = cells.values_s[positive], cells.counts[positive]
    from_s = 0.5 * step_s(cells)
    zeros = _zeros(int(cells.counts[~positive].sum()), values, counts, from_s)
    return Seen(values, counts, np.zeros(0), np.zeros(0, np.int64), from_s, zeros)


def durations_from(cells: Cells, from_s: float) -> Seen:
    """The durations from some time on, as a law cut off there."""
    kept = cells.values_s >= max(from_s, 1e-9)
    nothing = np.zeros(0)
    return Seen(cells.values_s[kept], cells.counts[kept], nothing, nothing.astype(np.int64), from_s, None)


def waits_seen(waits: Waits) -> Seen:
    """Patience: who gave up has shown it, who was answered has more; answered at once, nothing is shown."""
    from_s = 0.5 * step_s(Cells(waits.values_s, waits.gave_up + waits.answered))
    positive = waits.values_s > 0
    values, left, answered = rows_of(waits, positive)
    gone, stayed = left > 0, answered > 0
    zeros = _zeros(int(waits.gave_up[~positive].sum()), values, left, from_s)
    return Seen(values[gone], left[gone], values[stayed], answered[stayed], from_s, zeros)


def _zeros(zeros: int, values_s: Floats, counts: Ints, from_s: float) -> float:
    """The zeros, or half of those at the first step: a file may have been cleared of its zeros."""
    return max(float(zeros), 0.5 * float(counts[values_s <= 2.0 * from_s].sum()))


def mean_log_likelihood(family: Family, seen: Seen, theta: Floats) -> Floats:
    """By observation and in units of the scale, [point]; not a number where a point is impossible."""
    scale_s = seen.scale_s
    with np.errstate(over="ignore", invalid="ignore", under="ignore", divide="ignore"):
        found: Floats = family.log_density(theta, seen.ended_s / scale_s) @ seen.ended.astype(float)
        if len(seen.cut):
            found = found + family.log_survival(theta, seen.cut_s / scale_s) @ seen.cut.astype(float)
        if seen.from_s > 0:
            above = family.log_survival(theta, np.array([seen.from_s / scale_s]))[:, 0]
            found = found - seen.n * above + _of_zeros(seen, above)
    return found / seen.n


def _of_zeros(seen: Seen, above: Floats) -> Floats | float:
    """The log-likelihood of the zeros: their share is the law's or, by other causes, the one seen."""
    if seen.zeros is None:
        return 0.0
    share = np.maximum(-np.expm1(above), seen.zeros / (seen.zeros + seen.n))
    found: Floats = seen.n * np.log1p(-share)
    return found + seen.zeros * np.log(share) if seen.zeros else found
