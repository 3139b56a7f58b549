"""Known defects of recorded times: zeros, coarse steps, a spike of very short ones, absurdly long ones."""

import math
from typing import Final, NamedTuple

import numpy as np

from calibration.fits.cells import Cells, longer_than, mean_s, quantiles_s, total
from calibration.fits.families import FAMILIES
from calibration.fits.family_fit import FamilyFit, fit_seen
from calibration.fits.fit import Caution
from calibration.fits.law_check import distance_allowed
from calibration.fits.seen import durations_from
from calibration.fits.wording import seconds_words, share_words

_SPIKE_SEARCH: Final = 0.25  # of the median: what is longer is no spike
_SPIKE_LEAST: Final = 0.01  # of all times
_SPIKE_MOST: Final = 0.25  # what is more is no defect but another kind of work
_SPIKE_TIMES: Final = 2.0  # as many as the law of the rest says
_FAR_OUT_LEAST_N: Final = 100


class Spike(NamedTuple):
    """Times below `below_s` make up `share` of all more than `rest` says, the law of those from there on."""

    below_s: float
    excess: int
    share: float
    rest: FamilyFit


def record_cautions(cells: Cells, step: float) -> list[Caution]:
    """What the times themselves say of how they were recorded."""
    median, found = float(quantiles_s(cells, 0.5)), list[Caution]()
    zeros = int(cells.counts[cells.values_s == 0].sum())
    if zeros:
        share = share_words(zeros / total(cells))
        found.append(Caution("zeros", f"{zeros:,} of {total(cells):,} ({share}) last no time at all"))
    if step >= 0.1 * median:
        text = f"times are in steps of {seconds_words(step)}, and half of them below {seconds_words(median)}"
        found.append(Caution("rounded", text))
    return found


def without_absurd(cells: Cells) -> tuple[Cells, list[Caution]]:
    """The times without those beyond p99 (p99 / median)², and what there is to say of these.

    Of an exponential law that is one in 10^88, of a lognormal one in 10^12: they are of another making. With
    them a single record may be most of the mean.
    """
    median, most = (float(each) for each in quantiles_s(cells, [0.5, 0.99]))
    if total(cells) < _FAR_OUT_LEAST_N or median <= 0.0 or most <= median:
        return cells, []
    limit = most * (most / median) ** 2
    far = longer_than(cells, limit)
    if not total(far):
        return cells, []
    kept = cells.values_s <= limit
    near = Cells(cells.values_s[kept], cells.counts[kept])
    text = (
        f"{total(far):,} absurdly long, up to {seconds_words(float(far.values_s[-1]))} (99 % are below "
        f"{seconds_words(most)}), left out: with them the mean is {seconds_words(mean_s(cells))} and not "
        f"{seconds_words(mean_s(near))}; look whether they are real"
    )
    return near, [Caution("far_out", text)]


def find_spike(cells: Cells) -> Spike | None:
    """A spike of very short times, if the rest is near to a family and the spike is not part of it.

    A family is fitted to what is longer than a quarter of the median, as a law cut off below; where the
    excess over it is nearly complete the spike ends, and the family is fitted again from there on.
    """
    top = _SPIKE_SEARCH * float(quantiles_s(cells, 0.5))
    rest = _rest(cells, top)
    if rest is None:
        return None
    ends = np.unique(np.append(cells.values_s[(cells.values_s > 0) & (cells.values_s < top)], top))
    excess = np.array([_excess(cells, rest, float(end)) for end in ends])
    if excess.max() <= 0.0:
        return None
    below_s = float(ends[np.flatnonzero(excess >= 0.95 * excess.max())[0]])
    after = _rest(cells, below_s)
    return None if after is None else _judged(cells, after, below_s)


def _judged(cells: Cells, rest: FamilyFit, below_s: float) -> Spike | None:
    """The spike below a time, if it is one: large, beyond chance, and denser than what comes next."""
    n = total(cells)
    extra = _excess(cells, rest, below_s)
    expected = _below(cells, below_s) - extra
    large = extra >= max(_SPIKE_LEAST * n, (_SPIKE_TIMES - 1.0) * expected, 4.0 * math.sqrt(expected))
    falls = _below(cells, below_s) >= _below(cells, 2.0 * below_s) - _below(cells, below_s)
    found = large and falls and extra <= _SPIKE_MOST * n
    return Spike(below_s, round(extra), extra / n, rest) if found else None


def _below(cells: Cells, end_s: float) -> int:
    return int(cells.counts[cells.values_s < end_s].sum())


def _excess(cells: Cells, rest: FamilyFit, end_s: float) -> float:
    """How many more times below `end_s` were seen than the law of the rest says."""
    left = float(rest.survival(end_s)[0])
    below = _below(cells, end_s)
    return below - (total(cells) - below) * (1.0 - left) / left


def _rest(cells: Cells, from_s: float) -> FamilyFit | None:
    """The best family of the times from `from_s` on; None where none is near to them."""
    seen = durations_from(cells, from_s)
    found = [each for name in FAMILIES if (each := fit_seen(name, seen)) is not None]
    if not found:
        return None
    best = min(found, key=lambda each: each.bic(seen.n))
    upto = (np.cumsum(seen.ended) - 0.5 * seen.ended) / seen.n
    away = np.abs(upto - 1.0 + best.survival(seen.ended_s) / best.survival(from_s))
    return best if away.max() <= distance_allowed(seen.n) else None


def spike_caution(spike: Spike, n: int) -> Caution:
    """The spike in words."""
    return Caution(
        "spike",
        f"{spike.excess:,} of {n:,} ({share_words(spike.share)}) below {seconds_words(spike.below_s)} more "
        f"than the {spike.rest.name} law of the others says: a known sign of calls cut off or thrown away",
    )
