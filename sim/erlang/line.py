"""A waiting line as the formulas see it, and the numbers that `sim.erlang.solve` takes for it."""

import math
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from sim.erlang.arguments import NOT_NEGATIVE, POSITIVE, Domain, Floats, checked, flat

MOST_AGENTS: Final = 1e6
MOST_PLACES: Final = 1e6
_LONGEST_PATIENCE: Final = 1e9  # handle times; who waits longer waits for ever
_AGENTS: Final = Domain(most=MOST_AGENTS)
_NOBODY: Final = 1e-9  # fewer agents are none
_MOST_LOAD: Final = 1e290  # Erlangs; more are as many: sums and products of them are still numbers
_PATIENCE: Final = Domain(above=0.0, finite=False)
_PLACES: Final = Domain(finite=False)


class Line(NamedTuple):
    """Poisson arrivals, exponential handle times, equal agents, first come first served: M/M/n/(n+places)+M.

    Numbers or arrays, which broadcast against each other. Without an end to patience and places this is
    Erlang C, with patience Erlang A, with no places Erlang B.
    """

    per_hour: ArrayLike  # contacts an hour, 0 or more; loads beyond 1e290 Erlangs are taken as that
    handle_s: ArrayLike  # mean handle time, above 0
    agents: ArrayLike  # 0 to a million; fractions are the continuation of Erlang B's (Jagerman 1974)
    patience_s: ArrayLike = math.inf  # mean of the exponential time after which a contact gives up waiting
    places: ArrayLike = math.inf  # how many may wait: a whole number, or inf


class Scaled(NamedTuple):
    """Lines in one dimension, with time counted in handle times (see `sim.erlang.solve`)."""

    load: Floats  # Erlangs
    agents: Floats
    impatience: Floats  # handle time / patience
    places: Floats
    handle_s: Floats


def scaled(line: Line, *others: Floats) -> tuple[tuple[int, ...], Scaled, list[Floats]]:
    """The common shape of a line and of other arrays; all of them flat. ValueError if out of a domain."""
    handle_s = checked("handle_s", line.handle_s, POSITIVE)
    patience_s = checked("patience_s", line.patience_s, _PATIENCE)
    shape, (per_hour, handle_s, agents, patience_s, places, *rest) = flat(
        checked("per_hour", line.per_hour, NOT_NEGATIVE),
        handle_s,
        checked("agents", line.agents, _AGENTS),
        patience_s,
        whole_places(line.places),
        *others,
    )
    agents[agents < _NOBODY] = 0.0
    load, rate = erlangs(per_hour, handle_s), impatience(handle_s, patience_s)
    return shape, Scaled(load, agents, rate, places, handle_s), rest


def erlangs(per_hour: Floats, handle_s: Floats) -> Floats:
    """The load, at most 1e290 Erlangs: what is beyond all floats is as good as that."""
    with np.errstate(over="ignore"):
        return np.minimum(per_hour * handle_s / 3600.0, _MOST_LOAD)


def impatience(handle_s: Floats, patience_s: Floats) -> Floats:
    """Handle time / patience, and 0 where patience is as good as endless."""
    rate: Floats = np.where(patience_s < handle_s * _LONGEST_PATIENCE, handle_s / patience_s, 0.0)
    return rate


def whole_places(places: ArrayLike) -> Floats:
    """Waiting places as floats; ValueError unless whole, and at most a million or without limit."""
    array = checked("places", places, _PLACES)
    limited = array[np.isfinite(array)]
    if (limited != np.floor(limited)).any() or (limited > MOST_PLACES).any():
        raise ValueError(f"places: give whole numbers of 0 to {MOST_PLACES:,.0f}, or inf for no limit")
    return array
