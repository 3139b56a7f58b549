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
from calibration.fits.cells import Cells, Floats, Waits, quantiles_s
from calibration.fits.families import FAMILIES
from calibration.fits.family_fit import FamilyFit, fit_censored
from calibration.fits.fit import Caution, Fit, Parameter
from calibration.fits.intervals import rate_interval, share_interval
from calibration.fits.kaplan_meier import Curve, median_s, survival
from calibration.fits.law_check import Law, of_family, of_points
from calibration.fits.patience_plot import waiting_plot
from calibration.fits.patience_seen import (
    FEW,
    Table,
    away,
    goodness,
    informative,
    left_after,
    remarks,
    table_of,
)
from calibration.fits.quantile_points import empirical
from calibration.fits.readable import is_readable
from calibration.fits.wording import seconds_text, seconds_words, share_words
from scenarios.units import plain_number

_WITHIN: Final = 0.05  # of what the curve has fallen
_ERRORS: Final = 2.5
_STEPS: Final = 30
_TAIL_SHARE: Final = 0.1  # of those who gave up, the last ones, say how fast the others will
_TAIL_LEAST: Final = 30


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
    table = table_of(waits)
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
        goodness(table, curve, chosen.law),
        (*chosen.cautions, *remarks(table, curve, chosen.law)),
        distribution,
        waiting_plot(what, curve, chosen.name, chosen.law),
    )


def _balk(table: Table, law: Law) -> Parameter:
    """The share that leaves at once beyond those whom the law loses by half a step, by Wilson's interval."""
    of, left = table.at_once + table.n, left_after(law, table.from_s)
    share, low, high = (1.0 - (1.0 - each) / left for each in share_interval(table.at_once, of))
    error = math.sqrt(max(share * (1.0 - share), 0.0) / max(of, 1))
    value = max(share, 0.0) if of else math.nan
    return Parameter("balk", value, max(low, 0.0), max(high, 0.0), error, "share")


def families_by_merit(waits: Waits) -> list[FamilyFit]:
    """All families that have a most likely member which a scenario takes, the best first."""
    found = list[FamilyFit]()
    for name in FAMILIES:
        try:
            found.append(fit_censored(name, waits))
        except ValueError:
            continue  # two phases that are one, and the like
    return sorted((each for each in found if is_readable(each.distribution)), key=lambda e: e.bic(e.events))


def _choose(table: Table) -> _Chosen:
    """The best family of those near to the curve; the curve itself if none is."""
    families, curve = families_by_merit(table.whole), informative(survival(table.waits))
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
    beyond: Floats = np.maximum(away(of_family(family), curve, from_s) - allowed, 0.0)
    return beyond


def _curve_itself(table: Table, why: str) -> _Chosen:
    """The product-limit curve as quantiles, and beyond it the rate of those who had waited long."""
    from_s = _tail_from_s(table)
    curve = survival(table.waits)
    found = waiting_curve.patience(table.waits, from_s, _STEPS, informative(curve))
    tail = waiting_curve.tail_of(table.waits, from_s)
    rate = 1.0 / math.sqrt(max(int(table.waits.gave_up[table.waits.values_s > tail.from_s].sum()), 1))
    parameters = [Parameter("tail_mean", tail.mean_s, tail.low_s, tail.high_s, tail.mean_s * rate, "s")]
    median, low, high = median_s(curve)
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


def _tail_from_s(table: Table) -> float:
    """The wait beyond which the last tenth gave up, or the last 30 if that is more."""
    late = max(_TAIL_SHARE, _TAIL_LEAST / table.gave_up)
    if late >= 1.0:
        return 0.0
    return float(quantiles_s(Cells(table.waits.values_s, table.waits.gave_up), 1.0 - late))


def _few(table: Table) -> _Chosen:
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
