"""How long contacts wait before they give up -> a law with its errors, though most are answered first.

Who was answered would have waited longer: the wait is censored, and both likelihood and product-limit curve
take it so. The families are compared by Schwarz's criterion over the number of those who gave up (C. T.
Volinsky and A. E. Raftery, 2000, "Bayesian information criterion for censored survival models", Biometrics
56), and the best of those is taken which are near to the curve as far as that reaches: nowhere further away
than 5 % of what the curve has fallen, or than 2.5 of its standard errors. If none is, the scenario gets the
curve itself as quantiles, with a told tail (`waiting_curve.py`).

Who left at once, after no wait at all, is no part of the law but a share of its own (`balk`); who was
answered at once tells nothing. In whole seconds some leave within half of one by the law: no balkers.
"""

import math
from typing import Any, Final, NamedTuple

import numpy as np

from calibration.fits import waiting_curve
from calibration.fits.cells import Cells, Floats, Waits, quantiles_s, rows_of, usable_waits
from calibration.fits.families import FAMILIES
from calibration.fits.family_fit import FamilyFit, fit_censored
from calibration.fits.fit import Caution, Fit, Parameter
from calibration.fits.intervals import rate_interval, share_interval
from calibration.fits.kaplan_meier import Curve, median_s, survival
from calibration.fits.law_check import Law, of_family, of_points
from calibration.fits.patience_plot import waiting_plot
from calibration.fits.quantile_points import empirical
from calibration.fits.readable import is_readable
from calibration.fits.steps import step_s
from calibration.fits.wording import in_unit, seconds_text, seconds_words, share_words
from scenarios.units import plain_number

FEW: Final = 10
SMALL: Final = 50
_HEAVY: Final = 0.8  # of those who waited were answered
_TOLD: Final = 0.9  # of the law is seen: what is beyond hardly matters
_WITHIN: Final = 0.05  # of what the curve has fallen
_ERRORS: Final = 2.5
_LEAST_AT_RISK: Final = 20  # with fewer the curve's end is chance
_STEPS: Final = 30
_TAIL_SHARE: Final = 0.1  # of those who gave up, the last ones, say how fast the others will
_TAIL_LEAST: Final = 30


class _Table(NamedTuple):
    """What was seen: those who left at once, and the waits above zero of all others.

    Waits recorded in steps, and as zero below half a step, begin there (`from_s`).
    """

    at_once: int
    waits: Waits
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


class _Chosen(NamedTuple):
    """The law, how it is written, its parameters, and what there is to say of the choice."""

    name: str
    law: Law
    distribution: dict[str, Any]
    parameters: tuple[Parameter, ...]
    cautions: tuple[Caution, ...]


def fit_patience(what: str, waits: Waits) -> Fit:
    """A law of patience, chosen as the head of this file says; `what` names it in words.

    `n` counts who waited or left at once. Where nobody gave up the distribution is empty: a scenario without
    patience is one in which nobody gives up. Goodness: how many gave up, their mean wait (`naive_mean_s`, not
    patience), the law's mean, how far law and curve are apart, the share of the law that the waits tell and
    up to which wait, the share of the censored, and the curve's S(60 s) and median (infinite if not reached).
    Raises ``ValueError`` for what is no table of waits.
    """
    used = usable_waits(waits)
    later = used.values_s > 0
    from_s = 0.5 * step_s(Cells(used.values_s, used.gave_up + used.answered))
    table = _Table(int(used.gave_up[~later].sum()), rows_of(used, later), from_s)
    chosen = _few(table) if table.gave_up < FEW else _choose(table)
    balk, distribution = _balk(table, chosen.law), chosen.distribution
    if distribution and balk.low > 0.0:
        distribution = {**distribution, "balk": f"{plain_number(round(100.0 * balk.value, 4))}%"}
    curve = survival(table.waits)
    return Fit(
        what,
        chosen.name,
        table.at_once + table.n,
        (balk, *chosen.parameters),
        tuple(_goodness(table, curve, chosen.law)),
        (*chosen.cautions, *_cautions(table, curve, chosen)),
        distribution,
        waiting_plot(what, curve, chosen.name, chosen.law),
    )


def _balk(table: _Table, law: Law) -> Parameter:
    """The share that leaves at once beyond those whom the law loses by half a step, by Wilson's interval."""
    of, left = table.at_once + table.n, _left(law, table.from_s)
    share, low, high = (1.0 - (1.0 - each) / left for each in share_interval(table.at_once, of))
    error = math.sqrt(max(share * (1.0 - share), 0.0) / max(of, 1))
    value = max(share, 0.0) if of else math.nan
    return Parameter("balk", value, max(low, 0.0), max(high, 0.0), error, "share")


def _left(law: Law, time_s: float) -> float:
    return float(law.survival(np.array([time_s]))[0])


def families_by_merit(waits: Waits) -> list[FamilyFit]:
    """All families that have a most likely member which a scenario takes, the best first."""
    found = list[FamilyFit]()
    for name in FAMILIES:
        try:
            found.append(fit_censored(name, waits))
        except ValueError:
            continue  # two phases that are one, and the like
    return sorted((each for each in found if is_readable(each.distribution)), key=lambda e: e.bic(e.events))


def _choose(table: _Table) -> _Chosen:
    """The best family of those near to the curve; the curve itself if none is."""
    families, curve = families_by_merit(table.waits), informative(survival(table.waits))
    for each in families:
        if not _too_far(each, curve, table.from_s).any():
            return _Chosen(each.name, of_family(each), each.distribution, each.parameters, ())
    if not families:
        return _curve_itself(table, "no family has a most likely member")
    best = families[0]
    at = int(np.argmax(_too_far(best, curve, table.from_s)))
    after, seen = seconds_words(float(curve.seconds[at])), share_words(float(curve.left[at]))
    by_law = share_words(float(best.survival(curve.seconds[at])[0]))
    text = f"no family fits, {best.name} is nearest: after {after} {seen} still wait, {by_law} by the law"
    return _curve_itself(table, text)


def _too_far(family: FamilyFit, curve: Curve, from_s: float) -> Floats:
    """By how much the law is further from the curve than a part of its fall or chance may be, [step]."""
    allowed = np.maximum(_WITHIN * (1.0 - curve.left[-1]), _ERRORS * curve.se)
    beyond: Floats = np.maximum(_away(of_family(family), curve, from_s) - allowed, 0.0)
    return beyond


def _away(law: Law, curve: Curve, from_s: float) -> Floats:
    """How far law and curve are apart among those who waited at all, [step]."""
    away: Floats = np.abs(law.survival(curve.seconds) / _left(law, from_s) - curve.left)
    return away


def _curve_itself(table: _Table, why: str) -> _Chosen:
    """The product-limit curve as quantiles, and beyond it the rate of those who had waited long."""
    from_s = _tail_from_s(table)
    found = waiting_curve.patience(table.waits, from_s, _STEPS)
    tail = waiting_curve.tail_of(table.waits, from_s)
    rate = 1.0 / math.sqrt(max(int(table.waits.gave_up[table.waits.values_s > tail.from_s].sum()), 1))
    parameters = [Parameter("tail_mean", tail.mean_s, tail.low_s, tail.high_s, tail.mean_s * rate, "s")]
    median, low, high = median_s(survival(table.waits))
    if math.isfinite(median):
        parameters.append(Parameter("median", median, low, high, math.nan, "s"))
    caution = Caution("no_family", f"{why}; the curve as observed instead")
    return _Chosen(
        "empirical",
        of_points(found.quantiles),
        empirical(found.quantiles),
        tuple(parameters),
        (caution,),
    )


def _tail_from_s(table: _Table) -> float:
    """The wait beyond which the last tenth gave up, or the last 30 if that is more."""
    late = max(_TAIL_SHARE, _TAIL_LEAST / table.gave_up)
    if late >= 1.0:
        return 0.0
    return float(quantiles_s(Cells(table.waits.values_s, table.waits.gave_up), 1.0 - late))


def _few(table: _Table) -> _Chosen:
    """Next to nobody gave up after having waited: a constant rate, with its exact interval."""
    d, waited = table.gave_up, table.waited_s
    if waited <= 0.0:
        text = f"nobody waited ({table.at_once} left at once): nothing is seen of patience"
        return _nobody("nothing_seen", text, math.nan, 0.0)
    rate, low, high = rate_interval(d, waited)
    if d == 0:
        text = (
            f"nobody of {table.n:,} gave up in {seconds_words(waited)} of waiting: if at a constant rate, "
            f"after {seconds_words(1.0 / high)} on average or more; without patience nobody does"
        )
        found = _nobody("nobody_gave_up", text, math.inf, 1.0 / high)
        return _with_balkers(found, waited / math.log(2.0)) if table.at_once else found
    text = (
        f"only {d} of {table.n:,} gave up: a constant rate is all that can be told, "
        f"{seconds_words(1.0 / high)} to {seconds_words(1.0 / low)} on average"
    )
    mean = Parameter("mean", 1.0 / rate, 1.0 / high, 1.0 / low, 1.0 / rate / math.sqrt(d), "s")
    return _exponential(1.0 / rate, (mean,), (Caution("few_events", text),))


def _nobody(kind: Any, text: str, mean_s: float, low_s: float) -> _Chosen:
    mean = Parameter("mean", mean_s, low_s, math.inf, math.nan, "s")
    law = Law(lambda times_s: np.ones_like(np.asarray(times_s, float)), math.inf, lambda share: math.inf)
    return _Chosen("none", law, {}, (mean,), (Caution(kind, text),))


def _with_balkers(found: _Chosen, mean_s: float) -> _Chosen:
    """Beside those who leave at once a scenario needs a law: the one that makes nobody an even chance."""
    text = f"the mean of {seconds_words(mean_s)} is not seen: with it, nobody giving up is an even chance"
    return _exponential(mean_s, found.parameters, (*found.cautions, Caution("tail_guessed", text)))


def _exponential(mean_s: float, parameters: tuple[Parameter, ...], cautions: tuple[Caution, ...]) -> _Chosen:
    law = Law(
        lambda times_s: np.exp(-np.asarray(times_s, float) / mean_s),
        mean_s,
        lambda share: -mean_s * math.log1p(-share),
    )
    return _Chosen("exponential", law, {"exponential": seconds_text(mean_s)}, parameters, cautions)


def informative(curve: Curve) -> Curve:
    """The curve as far as at least 20 were still waiting; all of it where there never were."""
    enough = curve.at_risk >= _LEAST_AT_RISK
    return curve.until(int(enough.sum())) if enough.any() else curve


def _goodness(table: _Table, curve: Curve, law: Law) -> list[tuple[str, float]]:
    told = informative(curve)
    away = _away(law, told, table.from_s)
    return [
        ("gave_up", float(table.gave_up)),
        ("naive_mean_s", table.naive_mean_s),
        ("law_mean_s", law.mean_s),
        ("distance", float(away.max(initial=0.0))),
        ("seen", _seen(curve)),
        ("seen_until_s", _until_s(curve)),
        ("censored", 1.0 - table.gave_up / table.n if table.n else math.nan),
        ("survival_60_s", float(curve.at(60.0))),
        ("median_s", median_s(curve)[0]),
    ]


def _seen(curve: Curve) -> float:
    return 1.0 - float(informative(curve).left[-1]) if len(curve.left) else 0.0


def _until_s(curve: Curve) -> float:
    return float(informative(curve).seconds[-1]) if len(curve.left) else 0.0


def _cautions(table: _Table, curve: Curve, chosen: _Chosen) -> list[Caution]:
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
        found.append(_naive(table, chosen.law.mean_s))
    return found


def _naive(table: _Table, mean_s: float) -> Caution:
    words = in_unit(table.naive_mean_s, "s")
    return Caution(
        "naive_mean",
        f"who gave up had waited {words} on average; that is not the mean patience ({seconds_words(mean_s)} "
        "by this law): the patient are missing from it, because they were answered first",
    )
