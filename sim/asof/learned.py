"""What the days passed say of volumes: how many contacts came, beside what the plan expected.

Where a scenario says how sure it is of its volumes (`uncertainty`), the volumes to come are those of the
posterior. On logarithms all is normal: a volume is exp(theta) times the scenario's, with theta of the prior's
variance log(1 + error^2) (`sim/uncertain.py`), its own of a stream and one common to all; and the log of the
contacts seen is theta plus chance, e. The covariance of e is that of the plan's own replications: of their
counts on these days, without their own theta. So it has the busy days, incidents, and changes in force of
which nobody knows how large they are. With the prior's covariance P, that of chance V, and H for which
volumes make which counts, the posterior is normal, and its mean moves by K (y - H mean) with the gain

    K = P H' (H P H' + V)^-1

(normal data and a normal prior; Gelman et al. 2013, "Bayesian Data Analysis", sections 2.5 and 3.5). A draw
of it is had from each draw of the prior: theta_r + K (y - y_r), where y_r is what replication r has counted
(Matheron's rule: Journel and Huijbregts 1978, "Mining Geostatistics"; Evensen 1994, Journal of Geophysical
Research 99, with the observations drawn as in Burgers, van Leeuwen and Evensen 1998, Monthly Weather Review
126). What is simulated stays paired with the plan, and since what has happened is one more draw like them,
the spread of what comes is right on average even where K is only nearly so.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
from scipy import special

from scenarios.model import Scenario
from scenarios.uncertain_numbers import COMMON, drawn_errors
from sim.asof.seen import Ints
from sim.compile import run_key
from sim.experiment import CONFIDENCE
from sim.measure import Floats
from sim.uncertain import factors

_NONE: Final = 0.5  # in the place of no contact at all, whose logarithm there is not
_FEWEST: Final = 8  # replications for each stream: with fewer, streams are taken to be independent


class Factor(NamedTuple):
    """By how much a volume is to be multiplied: its mean, and where 95 % of it lies."""

    mean: float
    low: float
    high: float


class Volume(NamedTuple):
    """The contacts of a stream on the days passed, beside what the plan expected."""

    stream: str
    days: int
    seen: int
    expected: float  # the mean over replications
    low: float  # where 95 % of the replications lie
    high: float
    learned: Factor | None  # of its volume to come; None where nothing is estimated anew

    @property
    def is_outside(self) -> bool:
        """Whether so many, or so few, were not expected."""
        return not self.low <= self.seen <= self.high


class Learned(NamedTuple):
    """What is learned of volumes."""

    paths: tuple[str, ...]  # of `uncertainty`
    shifts: Floats  # [replication, path]: by how much the logarithm of each factor moves
    of_streams: Mapping[str, Factor]

    def of(self, replication: int) -> dict[str, float]:
        """By path, what the draw of a replication is to be multiplied with."""
        return {path: math.exp(each) for path, each in zip(self.paths, self.shifts[replication], strict=True)}


def volumes(
    names: Sequence[str], days: int, seen: Ints, counted: Ints, learned: Learned | None
) -> tuple[Volume, ...]:
    """Streams by name, contacts `seen` [stream] beside those `counted` [replication, stream]."""
    tail = (1.0 - CONFIDENCE) / 2
    low, high = np.quantile(counted, (tail, 1.0 - tail), axis=0, method="weibull")
    return tuple(
        Volume(
            name,
            days,
            int(seen[s]),
            float(counted[:, s].mean()),
            float(low[s]),
            float(high[s]),
            learned.of_streams.get(name) if learned else None,
        )
        for s, name in enumerate(names)
    )


def learn(scenario: Scenario, seed: int, names: Sequence[str], seen: Ints, counted: Ints) -> Learned | None:
    """What is learned of the volumes that are said to be uncertain; None where none is."""
    errors = drawn_errors(scenario)
    paths = [path for path in errors if path == COMMON or path in {_path(name) for name in names}]
    streams = [s for s, name in enumerate(names) if COMMON in paths or _path(name) in paths]
    if not paths or not streams:
        return None
    variance = np.array([math.log1p(errors[path] ** 2) for path in paths])
    makes = np.array([[path in (COMMON, _path(names[s])) for path in paths] for s in streams], float)
    n = len(counted)
    drawn = [factors(scenario, run_key(seed, replication)) for replication in range(n)]
    theta = np.log(np.array([[each[path] for path in paths] for each in drawn]))
    logs = np.log(np.maximum(counted[:, streams], _NONE))
    gain = _gain(variance, makes, _chance(logs - theta @ makes.T))
    shifts = (np.log(np.maximum(seen[streams], _NONE)) - logs) @ gain.T
    after = theta + shifts
    left = np.diag(variance) - gain @ makes @ np.diag(variance)
    return Learned(tuple(paths), shifts, _of_streams(names, streams, makes, after.mean(axis=0), left))


def _path(stream: str) -> str:
    return f"streams.{stream}.arrivals"


def _chance(rest: Floats) -> Floats:
    """The covariance of chance over replications; of too few of them, that of independent streams."""
    n, streams = rest.shape
    if n < 2:
        return np.zeros((streams, streams))
    found = np.atleast_2d(np.cov(rest, rowvar=False))
    return found if n >= _FEWEST * streams else np.diag(np.diag(found))


def _gain(variance: Floats, makes: Floats, chance: Floats) -> Floats:
    """K = P H' (H P H' + V)^-1."""
    both = variance[:, None] * makes.T
    found: Floats = both @ np.linalg.pinv(makes @ both + chance)
    return found


def _of_streams(
    names: Sequence[str], streams: Sequence[int], makes: Floats, mean: Floats, left: Floats
) -> dict[str, Factor]:
    """The posterior of each stream's volume, which is lognormal."""
    z = float(special.ndtri(0.5 + CONFIDENCE / 2))
    found = {}
    for row, s in zip(makes, streams, strict=True):
        middle, spread = float(row @ mean), max(float(row @ left @ row), 0.0)
        width = z * math.sqrt(spread)
        found[names[s]] = Factor(
            math.exp(middle + spread / 2), math.exp(middle - width), math.exp(middle + width)
        )
    return found
