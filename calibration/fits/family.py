"""What a family of laws is made of.

Times are in units of their mean, `x` [cell]; parameters stand on the whole line: `theta` [parameter, point],
read as columns, so that every function answers [point, cell]. The parameters that people and scenarios use
are functions of these.
"""

from collections.abc import Callable
from typing import Any, Final, Literal, NamedTuple

import numpy as np

from calibration.fits.cells import Floats

Link = Literal["log", "logit", "log_above_1"]
LEAST: Final = -690.0  # logarithm of the smallest number that is one


class Natural(NamedTuple):
    """A parameter as a scenario has it: `of` takes theta to it; `link` is the scale of its interval."""

    name: str
    unit: str
    of: Callable[[Floats], Floats]
    link: Link = "log"


class Family(NamedTuple):
    """A law: where to start looking, log-density and log-survival, parameters, and how it is written."""

    name: str
    starts: Floats  # [parameter, start]
    log_density: Callable[[Floats, Floats], Floats]
    log_survival: Callable[[Floats, Floats], Floats]
    naturals: tuple[Natural, ...]
    written: Callable[[dict[str, float]], dict[str, Any]]
    tidy: Callable[[Floats], Floats] = lambda theta: theta  # of several names for one law, the usual one


def columns(theta: Floats) -> Floats:
    """Each parameter as a column, [parameter, point, 1]."""
    columns: Floats = np.asarray(theta, float)[:, :, None]
    return columns


def time_named(name: str, of: Callable[[Floats], Floats]) -> Natural:
    return Natural(name, "s", of)
