"""Shares with their intervals: severities and causes, transfers and reopens; and how long each kind takes."""

import math
from collections.abc import Mapping
from typing import Final

import numpy as np

from calibration.fits.cells import Cells, total
from calibration.fits.durations import fit_duration
from calibration.fits.fit import Caution, Fit, Parameter, Plot, Trace
from calibration.fits.intervals import share_interval
from scenarios.problems import refuse
from scenarios.units import plain_number

SMALL: Final = 100
_PARTS: Final = 10_000  # shares are written to a hundredth of a percent


def fit_share(what: str, hits: int, of: int) -> Fit:
    """A probability, such as that of a transfer or a reopen: parameter `share`, with Wilson's interval.

    Raises ``ReadingError`` where there is nothing to count or more hits than cases.
    """
    if not 0 <= hits <= of or of == 0:
        refuse(f"{what}: {hits:,} of {of:,} is no share; count those that did among all that could")
    found = _share("share", hits, of)
    return Fit(what, "share", of, (found,), (), tuple(_small(of)), {}, _plot(what, (found,)))


def fit_shares(what: str, counts: Mapping[str, int]) -> Fit:
    """How contacts are divided among categories: a parameter each, with Wilson's interval, in their order.

    The distribution has each share as a scenario writes it; they sum to 100 %. Raises ``ReadingError`` where
    nothing was counted or a count is below zero.
    """
    n = sum(counts.values())
    if n <= 0 or min(counts.values()) < 0:
        refuse(f"{what}: counts {dict(list(counts.items())[:5])} make no shares; give numbers of contacts")
    parameters = tuple(_share(name, k, n) for name, k in counts.items())
    written = {name: f"{plain_number(part * 100 / _PARTS)}%" for name, part in _parts(counts).items() if part}
    return Fit(what, "shares", n, parameters, (), tuple(_small(n)), written, _plot(what, parameters))


def fit_times(what: str, cells: Mapping[str, Cells]) -> dict[str, Fit]:
    """Durations by category, such as the time to resolution by severity; those without any have no fit."""
    return {
        name: fit_duration(f"{what}, {name}", each)
        for name, each in cells.items()
        if total(each) and float(np.max(each.values_s)) > 0.0
    }


def _share(name: str, hits: int, of: int) -> Parameter:
    share, low, high = share_interval(hits, of)
    return Parameter(name, share, low, high, math.sqrt(share * (1.0 - share) / of), "share")


def _parts(counts: Mapping[str, int]) -> dict[str, int]:
    """Hundredths of a percent that sum to all of them: rounded down, the largest remainders up."""
    n = sum(counts.values())
    parts = {name: k * _PARTS // n for name, k in counts.items()}
    lacking = _PARTS - sum(parts.values())
    for name in sorted(counts, key=lambda each: (-(counts[each] * _PARTS % n), each))[:lacking]:
        parts[name] += 1
    return parts


def _small(n: int) -> list[Caution]:
    return [Caution("small_sample", f"only {n:,} were counted: shares are rough")] if n < SMALL else []


def _plot(what: str, parameters: tuple[Parameter, ...]) -> Plot:
    x = tuple(float(k) for k in range(len(parameters)))
    y, low, high = zip(*((p.value, p.low, p.high) for p in parameters), strict=True)
    return Plot(what, "category, in their order", "share", (Trace("observed", x, y, low, high, "points"),))
