"""How long something takes: handle times, times to resolution, delays -> a law with its errors.

All families are fitted by maximum likelihood and compared by Schwarz's criterion (BIC). The best is taken if
it is near to the times in mean, 90 % and 99 % quantile and distance (`law_check.py`) and they have no spike
of very short ones (`defects.py`); otherwise the scenario gets observed quantiles, which keep mean and tail.
"""

import math
from typing import Final, NamedTuple

import numpy as np

from calibration.fits.cells import Cells, central_moment, mean_s, quantiles_s, share_up_to, total, usable
from calibration.fits.defects import Spike, find_spike, record_cautions, spike_caution, without_absurd
from calibration.fits.family_fit import KINDS, FamilyFit, fit_family
from calibration.fits.fit import Caution, Fit, Parameter, Plot, Trace
from calibration.fits.intervals import Z95, share_interval
from calibration.fits.law_check import Check, Law, checks, distances, of_family, of_points
from calibration.fits.quantile_points import empirical, near_points
from calibration.fits.readable import is_readable
from calibration.fits.steps import step_s
from calibration.fits.wording import seconds_text, seconds_words
from scenarios.problems import refuse

SMALL: Final = 200
_BINS: Final = 40
_INSTEAD: Final = "quantiles as observed instead"
_EARLY: Final = 0.25  # of the median: where a spike would be
_EARLY_WITHIN: Final = 0.01


class _Choice(NamedTuple):
    """What was chosen: a family, or observed quantiles because of something."""

    family: FamilyFit | None
    spike: Spike | None
    cautions: tuple[Caution, ...]


def fit_duration(what: str, cells: Cells) -> Fit:
    """A law of durations, chosen as the head of this file says; `what` names it ("handle time of calls").

    Goodness has the observed and the fitted mean, 90 % and 99 % quantile in seconds, and `distance`, the
    largest one between the distribution functions (0-1). Raises ``ReadingError`` where there are no
    durations, or none above zero, and ``ValueError`` for cells that are none.
    """
    used = usable(cells)
    if not total(used) or used.values_s[-1] <= 0.0:
        refuse(f"{what}: no duration above zero among {total(used):,}; there is nothing to fit")
    if len(used.values_s) == 1:
        return _constant(what, used)
    used, absurd = without_absurd(used)
    step = step_s(used)
    choice = _chosen(used, step)
    law, distribution = _law(choice, used)
    return Fit(
        what,
        choice.family.name if choice.family else "empirical",
        total(used),
        _parameters(choice, used),
        tuple(_goodness(checks(law, used))),
        (*record_cautions(used, step), *absurd, *_small(used), *choice.cautions),
        distribution,
        _plot(what, law, used, choice.family.name if choice.family else "empirical"),
    )


def families_by_merit(cells: Cells) -> list[FamilyFit]:
    """All families that have a most likely member a scenario takes, the best first."""
    found = list[FamilyFit]()
    for name in KINDS:
        try:
            found.append(fit_family(name, cells))
        except ValueError:
            continue  # two phases that are one, and the like
    return sorted(
        (each for each in found if is_readable(each.distribution)), key=lambda e: e.bic(total(cells))
    )


def _chosen(cells: Cells, step: float) -> _Choice:
    """The best family if it passes; else a spike and the rest, or no family at all."""
    best = next(iter(families_by_merit(cells)), None)
    failed = [] if best is None else [c for c in checks(of_family(best), cells, best, step) if not c.passed]
    if best is not None and not failed and _starts_well(best, cells):
        return _Choice(best, None, ())
    spike = find_spike(cells)
    if spike is not None:
        return _Choice(None, spike, (spike_caution(spike, total(cells)),))
    if best is not None and not failed:
        return _Choice(best, None, ())
    return _Choice(None, None, (_no_family(best, failed),))


def _starts_well(family: FamilyFit, cells: Cells) -> bool:
    """Whether there are not many more short times than the law says: a hundredth of all, and chance."""
    early = cells.values_s <= _EARLY * float(quantiles_s(cells, 0.5))
    if not early.any():
        return True
    share = share_up_to(cells, float(cells.values_s[early][-1]))
    allowed = _EARLY_WITHIN + 2.0 * math.sqrt(share * (1.0 - share) / total(cells))
    return float(distances(of_family(family), cells)[early].max()) <= allowed


def _no_family(best: FamilyFit | None, failed: list[Check]) -> Caution:
    if best is None:
        return Caution("no_family", f"no family has a most likely member; {_INSTEAD}")
    why = "; ".join(each.told() for each in failed)
    return Caution("no_family", f"no family fits, {best.name} is nearest: {why}; {_INSTEAD}")


def _law(choice: _Choice, cells: Cells) -> tuple[Law, dict[str, object]]:
    if choice.family is not None:
        return of_family(choice.family), choice.family.distribution
    points = near_points(cells)
    return of_points(points), empirical(points)


def _parameters(choice: _Choice, cells: Cells) -> tuple[Parameter, ...]:
    if choice.family is not None:
        return choice.family.parameters
    whole = moments(cells)
    if choice.spike is None:
        return whole
    names = {each.name for each in whole}
    n, spike = total(cells), choice.spike
    share, low, high = share_interval(spike.excess, n)
    error = math.sqrt(share * (1.0 - share) / n)
    rest = [
        each._replace(name=f"rest_{each.name}" if each.name in names else each.name)
        for each in spike.rest.parameters
    ]
    return (*whole, Parameter("spike_share", share, low, high, error, "share"), *rest)


def moments(cells: Cells) -> tuple[Parameter, ...]:
    """Mean and coefficient of variation as observed, with intervals on the scale of their logarithms.

    The error of the coefficient of variation is from the first four moments (M. Kendall and A. Stuart, 1977,
    The Advanced Theory of Statistics 1, section 10.5-10.6).
    """
    n, mean = total(cells), mean_s(cells)
    second, third, fourth = (central_moment(cells, power) for power in (2, 3, 4))
    cv = math.sqrt(second) / mean
    of_mean = cv / math.sqrt(n)
    square = (fourth / second**2 - 1.0) / 4.0 - third / (second * mean) + cv**2
    of_cv = math.sqrt(max(square, 0.0) / n)
    return (_on_log("mean", mean, of_mean, "s"), _on_log("cv", cv, of_cv, ""))


def _on_log(name: str, value: float, error: float, unit: str) -> Parameter:
    """A parameter from its relative standard error."""
    low, high = (value * math.exp(sign * Z95 * error) for sign in (-1.0, 1.0))
    return Parameter(name, value, low, high, value * error, unit)


def _goodness(figures: tuple[Check, ...]) -> list[tuple[str, float]]:
    found = list[tuple[str, float]]()
    for each, name in zip(figures, ("mean", "p90", "p99"), strict=False):
        found += [(f"{name}_observed_s", each.seen), (f"{name}_fitted_s", each.fitted)]
    return [*found, ("distance", figures[-1].fitted)]


def _small(cells: Cells) -> list[Caution]:
    n = total(cells)
    if n >= SMALL:
        return []
    return [Caution("small_sample", f"only {n:,} times: intervals are rough below {SMALL}")]


def _constant(what: str, cells: Cells) -> Fit:
    """All times are the same."""
    value, n = float(cells.values_s[0]), total(cells)
    text = f"all {n:,} times are {seconds_words(value)}: look whether they were measured at all"
    return Fit(
        what,
        "deterministic",
        n,
        (Parameter("mean", value, math.nan, math.nan, math.nan, "s"),),
        (),
        (*_small(cells), Caution("no_variation", text)),
        {"deterministic": seconds_text(value)},
        Plot(what, "seconds", "share of times", (Trace("observed", (value,), (1.0,), style="points"),)),
    )


def _plot(what: str, law: Law, cells: Cells, name: str) -> Plot:
    """The share of times in each of 40 bins up to the 99 % quantile, observed and by the law."""
    median, most = (float(each) for each in quantiles_s(cells, [0.5, 0.99]))
    wide = median > 0.0 and most > 20.0 * median
    edges = np.geomspace(median / 100.0, most, _BINS + 1) if wide else np.linspace(0.0, most, _BINS + 1)
    edges = edges if most > 0.0 else np.linspace(0.0, float(cells.values_s[-1]), _BINS + 1)
    upto, left = np.searchsorted(cells.values_s, edges, side="right"), law.survival(edges)
    upto[0], left[0] = 0, 1.0  # what is shorter than the first bin is counted there
    seen = np.diff(np.concatenate([[0], np.cumsum(cells.counts)])[upto]) / total(cells)
    fitted = -np.diff(left)
    middle = np.sqrt(edges[:-1] * edges[1:]) if wide else 0.5 * (edges[:-1] + edges[1:])
    observed = Trace("observed", tuple(edges[:-1].tolist()), tuple(seen.tolist()), style="step")
    drawn = Trace(name, tuple(middle.tolist()), tuple(fitted.tolist()))
    return Plot(what, "seconds", "share of times in the bin", (observed, drawn), wide)
