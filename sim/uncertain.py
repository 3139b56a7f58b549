"""Ignorance beside chance: numbers that are not known exactly, drawn anew in every replication.

A draw is keyed by the replication and by the path of the number: what else is uncertain changes nothing
about it, and versions of a scenario meet the same ignorance.
"""

import math
from typing import Final

import numpy as np
from scipy import special

from scenarios.model import Scenario
from scenarios.uncertain_numbers import Place, drawn_errors, numbers, with_factors
from sim.compile import Model, compile_numbers, run_key
from sim.draws import IGNORANCE, counter, name_key, uniform
from sim.quantiles import normal

_HUGE: Final = 1e9  # cases of either kind from which on a beta distribution is a normal one
_TINY: Final = 1e-9  # a share below which it is a gamma distribution


def drawn(model: Model, seed: int, replication: int) -> Model:
    """The model of one replication; the same model where uncertainty is off."""
    scenario = model.scenario
    if not drawn_errors(scenario):
        return model
    return compile_numbers(model, with_factors(scenario, factors(scenario, run_key(seed, replication))))


def factors(scenario: Scenario, run: np.uint64) -> dict[str, float]:
    """By path, what each uncertain number is multiplied with in a replication."""
    first, errors = counter(0, IGNORANCE), drawn_errors(scenario)
    return {
        path: factor(place, errors[path], uniform(run, name_key("uncertainty", path), first))
        for path, place in numbers(scenario).items()
        if path in errors
    }


def factor(place: Place, error: float, u: float) -> float:
    """The factor of mean 1 and standard deviation `error` at a uniform: lognormal; of a share, beta.

    A share p is drawn from the beta distribution of mean p and standard deviation p x error, which is how
    sure one is of a share that so many cases have shown (Gelman et al. 2013, "Bayesian Data Analysis",
    section 2.4). The larger u, the larger the factor.
    """
    if place.quantity.is_share:
        return _share(place.value, error, u) / place.value
    variance = math.log1p(error * error)
    return math.exp(math.sqrt(variance) * normal(u) - 0.5 * variance)


def _share(p: float, error: float, u: float) -> float:
    """The beta quantile: its two parameters add up to p (1 - p) / variance - 1."""
    ours = (1.0 - p) / (error * error) - p
    others = ours * ((1.0 - p) / p)
    if min(ours, others) > _HUGE:
        return min(max(p * (1.0 + error * normal(u)), 0.0), 1.0)
    if p < _TINY:
        return float(p * special.gammaincinv(ours, u) / ours)
    return float(special.betaincinv(ours, others, u))
