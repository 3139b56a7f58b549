"""Laws of times as a scenario writes them, made longer."""

from collections.abc import Mapping
from typing import Any

from scenarios.distributions import read_distribution
from scenarios.fields import Door
from scenarios.units import duration


def mean_s(law: Mapping[str, Any]) -> float:
    """The mean of a law in seconds."""
    beside = ("measured_as", "at_concurrency")
    return read_distribution({key: law[key] for key in law if key not in beside}, Door()).mean_s


def longer(law: Mapping[str, Any], seconds: float) -> dict[str, Any]:
    """The law with a mean that is so many seconds longer.

    Quantiles all move by as much; a family keeps its shape and is stretched.
    """
    if seconds <= 0:
        return dict(law)
    (kind, given), *_ = law.items()
    if kind == "empirical":
        return {kind: {p: _text(duration(time) + seconds) for p, time in given.items()}}
    return times(law, 1.0 + seconds / mean_s(law))


def times(law: Mapping[str, Any], factor: float) -> dict[str, Any]:
    """The law with all its times multiplied."""
    (kind, given), *_ = law.items()
    if kind == "empirical":
        return {kind: {p: _text(duration(time) * factor) for p, time in given.items()}}
    return {kind: _stretched(given, factor)}


def _stretched(given: Any, factor: float) -> Any:
    """Every duration in it times the factor; numbers and shares stay."""
    if isinstance(given, Mapping):
        times = ("mean", "scale")
        return {key: _stretched(each, factor) if key in times else each for key, each in given.items()}
    if isinstance(given, list):
        return [_stretched(each, factor) for each in given]
    return _text(duration(given) * factor)


def _text(seconds: float) -> str:
    return f"{seconds:.6g} s"
