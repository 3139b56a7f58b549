"""What the waits tell of patience: the table, figures beside the law, and what to beware of."""

import math
from typing import Final, NamedTuple

import numpy as np

from calibration.fits.cells import Cells, Floats, Waits, rows_of, usable_waits
from calibration.fits.fit import Caution
from calibration.fits.kaplan_meier import Curve, median_s
from calibration.fits.law_check import Law
from calibration.fits.steps import step_s
from calibration.fits.wording import seconds_words, share_words

FEW: Final = 10
SMALL: Final = 50
_HEAVY: Final = 0.8  # of those who waited were answered
_TOLD: Final = 0.9  # of the law is seen: what is beyond hardly matters
_LEAST_AT_RISK: Final = 20  # with fewer the curve's end is chance
_MOST_ERROR: Final = 0.05


class Table(NamedTuple):
    """What was seen: those who left at once, the waits above zero of all others, and both in one.

    Waits recorded in steps, and as zero below half a step, begin there (`from_s`).
    """

    at_once: int
    waits: Waits
    whole: Waits
    from_s: float

    @property
    def n(self) -> int:
        return int((self.waits.gave_up + self.waits.answered).sum())

    @property
    def gave_up(self) -> int:
        return int(self.waits.gave_up.sum())

    @property
    def waited_s(self) -> float:
        return float(self.waits.values_s @ (self.waits.gave_up + self.waits.answered))

    @property
    def naive_mean_s(self) -> float:
        """The mean wait of those who gave up, which is not patience; NaN without any."""
        return float(self.waits.values_s @ self.waits.gave_up) / max(self.gave_up, 1) or math.nan


def table_of(waits: Waits) -> Table:
    """The waits taken apart. Raises ``ValueError`` for what is no table of waits."""
    used = usable_waits(waits)
    later = used.values_s > 0
    step = step_s(Cells(used.values_s, used.gave_up + used.answered))
    return Table(int(used.gave_up[~later].sum()), rows_of(used, later), used, 0.5 * step)


def left_after(law: Law, time_s: float) -> float:
    """The share that the law still has after some time."""
    return float(law.survival(np.array([time_s]))[0])


def away(law: Law, curve: Curve, from_s: float) -> Floats:
    """How far law and curve are apart among those who waited at all, [step]."""
    found: Floats = np.abs(law.survival(curve.seconds) / left_after(law, from_s) - curve.left)
    return found


def informative(curve: Curve) -> Curve:
    """The curve as far as 20 still wait and its standard error is 5 points at most; all of it if none is."""
    enough = (curve.at_risk >= _LEAST_AT_RISK) & (np.maximum.accumulate(curve.se) <= _MOST_ERROR)
    return curve.until(int(enough.sum())) if enough.any() else curve


def goodness(table: Table, curve: Curve, law: Law) -> tuple[tuple[str, float], ...]:
    """Figures beside the law; `fit_patience` says which."""
    told = informative(curve)
    distances = away(law, told, table.from_s)
    return (
        ("gave_up", float(table.gave_up)),
        ("naive_mean_s", table.naive_mean_s),
        ("law_mean_s", law.mean_s),
        ("distance", float(distances.max(initial=0.0))),
        ("seen", _seen(curve)),
        ("seen_until_s", _until_s(curve)),
        ("censored", 1.0 - table.gave_up / table.n if table.n else math.nan),
        ("survival_at_60s", _at_60_s(table, curve)),
        ("median_s", median_s(curve)[0]),
    )


def _at_60_s(table: Table, curve: Curve) -> float:
    longest = float(table.waits.values_s[-1]) if table.n else 0.0
    return float(curve.at(60.0)) if longest >= 60.0 else math.nan


def _seen(curve: Curve) -> float:
    return 1.0 - float(informative(curve).left[-1]) if len(curve.left) else 0.0


def _until_s(curve: Curve) -> float:
    return float(informative(curve).seconds[-1]) if len(curve.left) else 0.0


def remarks(table: Table, curve: Curve, law: Law) -> list[Caution]:
    """What the waits cannot tell, and why their plain mean is wrong."""
    if table.gave_up == 0:
        return []
    found, censored = list[Caution](), 1.0 - table.gave_up / table.n
    if FEW <= table.gave_up < SMALL:
        text = f"only {table.gave_up} gave up: intervals are rough below {SMALL}"
        found.append(Caution("small_sample", text))
    if censored >= _HEAVY:
        text = (
            f"{share_words(censored)} were answered before they gave up: the law rests on {table.gave_up:,}"
        )
        found.append(Caution("heavy_censoring", text))
    seen, until = _seen(curve), seconds_words(_until_s(curve))
    if seen < _TOLD:
        text = f"waits tell the first {share_words(seen)} of patience, up to {until}; the rest is a guess"
        found.append(Caution("tail_guessed", text))
    if censored > 0.0:
        found.append(_naive(table, law.mean_s))
    return found


def _naive(table: Table, mean_s: float) -> Caution:
    words = seconds_words(table.naive_mean_s)
    return Caution(
        "naive_mean",
        f"who gave up had waited {words} on average; that is not the mean patience ({seconds_words(mean_s)} "
        "by this law): the patient are missing from it, because they were answered first",
    )
