"""Arrivals of streams: profile, special days, level and busyness, as a fit and as a part of a scenario.

The model is that of the simulation: the count of an interval is Poisson with the mean of its weekday and time
of day, times a gamma factor of the day, times one of the interval, both of mean 1 (Jongbloed and Koole 2001,
"Managing uncertainty in call centres using Poisson mixtures", Applied Stochastic Models in Business and
Industry 17; Avramidis, Deslauriers and L'Ecuyer 2004, "Modeling daily arrivals to a telephone call center",
Management Science 50, section 3). Beside it a level wanders from day to day.
"""

import math
from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from calibration.fits.arrival_fragment import arrival_fragment
from calibration.fits.arrival_plots import days_plot, profile_plot
from calibration.fits.arrival_words import cautions, parameters
from calibration.fits.count_grid import CountGrid
from calibration.fits.dispersion_index import DispersionIndex, dispersion_index
from calibration.fits.fit import Fit, Plot
from calibration.fits.level_ahead import Ahead
from calibration.fits.loadings import Loading
from calibration.fits.shared_busyness import fit_shared
from calibration.fits.stream_fit import StreamFit, fit_stream


class ArrivalFit(NamedTuple):
    """The arrivals of a stream: a fit for people, its parts, and the ``arrivals`` of a scenario."""

    fit: Fit
    parts: StreamFit
    dispersion: DispersionIndex  # of the counts in the intervals of the grid
    days: Plot  # days over time, with the level
    ahead: Ahead | None  # of the days that `arrivals` is meant for; None where those are like the period's
    arrivals: dict[str, Any]
    loadings: "Loadings | None"  # None where there is one stream only


class Loadings(NamedTuple):
    """What a stream has in common with the others, at both levels."""

    day: Loading
    interval: Loading


def fit_arrivals(
    what: str,
    grid: CountGrid,
    stream: str,
    country: str | None = None,
    also: Mapping[date, str] | None = None,
    ahead: tuple[int, int] | None = None,
) -> ArrivalFit:
    """The arrivals of one stream; `what` names it for people.

    `country` is a code of public holidays (``NL``, ``US-CA``), `also` names further special days by date.
    With `ahead` the scenario is meant for days after the last one, from and to (1 is the next); without, for
    days like those of the period. What the stream has in common with others takes all of them:
    ``fit_all_arrivals``.

    Raises ``KeyError`` for a stream that is not in the grid, ``ValueError`` for a code that is not known.
    """
    return _bundled(what, grid, fit_stream(grid, stream, country, also), None, ahead)


def fit_all_arrivals(
    grid: CountGrid,
    country: str | None = None,
    also: Mapping[date, str] | None = None,
    ahead: tuple[int, int] | None = None,
) -> tuple[ArrivalFit, ...]:
    """The arrivals of all streams of a grid, with their correlations where there are several."""
    fits = tuple(fit_stream(grid, stream, country, also) for stream in grid.streams)
    if len(fits) < 2:
        return tuple(_bundled(each.stream, grid, each, None, ahead) for each in fits)
    shared = fit_shared(grid, fits)
    return tuple(
        _bundled(each.stream, grid, each, Loadings(day, interval), ahead)
        for each, day, interval in zip(fits, shared.day, shared.interval, strict=True)
    )


def _bundled(
    what: str, grid: CountGrid, parts: StreamFit, loadings: Loadings | None, ahead: tuple[int, int] | None
) -> ArrivalFit:
    index = dispersion_index(grid, parts)
    later = parts.levels.level.over(*ahead) if ahead and parts.levels else None
    day, interval = loadings or (None, None)
    arrivals = arrival_fragment(grid, parts, day, interval, later)
    told = {
        "variance/mean": index.before,
        "around the profile": index.profile,
        "with days": index.days,
        "with days and intervals": index.days_and_intervals,
    }
    fit = Fit(
        what,
        "weekly profile, gamma factors of days and intervals",
        int(grid.of(parts.stream)[parts.usual].sum()),
        parameters(parts, day, interval),
        tuple((name, value) for name, value in told.items() if not math.isnan(value)),
        cautions(grid, parts),
        arrivals,
        profile_plot(what, grid, parts),
    )
    return ArrivalFit(fit, parts, index, days_plot(what, grid, parts), later, arrivals, loadings)
