"""Distributions of times, each written by name: ``{lognormal: {mean: 6 min, cv: 0.9}}``.

Every kind has a mean. Beyond it: cv (lognormal, gamma), shape (gamma, weibull), k (erlang),
phases (hyperexponential) and quantiles (empirical). A new kind is one reader in ``_READERS``.
"""

import math
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Annotated, Any, Final, NamedTuple

from pydantic import AfterValidator

from scenarios.fields import Door, Model, PositiveSeconds, Share, Variation, built, number, read_map, whole
from scenarios.problems import Gather, ReadingError, findings_of, nearest, refuse, shown
from scenarios.units import (
    LONGEST_S,
    SHORTEST_S,
    duration,
    duration_text,
    positive_duration,
    share,
    share_text,
)
from scenarios.units import number as plain

Shape = Annotated[float, number(0.01, 1e4)]
_LEAST_CV: Final = 1e-4


def _varies(cv: float) -> float:
    """Refuse a variation of nothing, of which a shape would be infinite."""
    if cv < _LEAST_CV:
        raise ValueError(
            f"{cv:g} is below {_LEAST_CV:g}; for a time that does not vary write {{deterministic: 5 min}}"
        )
    return cv


PositiveVariation = Annotated[Variation, AfterValidator(_varies)]
MOST_PHASES: Final = 8


class Phase(NamedTuple):
    """One exponential phase of a mixture: its share (0-1) and its mean in seconds."""

    share: float
    mean_s: float


class Quantile(NamedTuple):
    """A point of a distribution function: a share ``p`` (0-1) of the times is at most ``value_s``."""

    p: float
    value_s: float


class Distribution(Model):
    """A distribution of times. ``mean_s`` is the mean in seconds, of those who do not balk.

    ``balk`` is the share (0-1) of contacts with no patience at all: a mass at zero, of patience only.
    ``at_concurrency`` is the number of chats at once beside which a handle time was measured by the
    clock; None once it is focus time (``chat_time.py``).
    """

    kind: str
    mean_s: float
    cv: float | None = None
    shape: float | None = None
    k: int | None = None
    phases: tuple[Phase, ...] = ()
    quantiles: tuple[Quantile, ...] = ()
    balk: float = 0.0
    at_concurrency: float | None = None


class _Mean(Model):
    mean: PositiveSeconds


class _Lognormal(_Mean):
    cv: PositiveVariation


class _Gamma(_Mean):
    cv: PositiveVariation | None = None
    shape: Shape | None = None


class _Weibull(Model):
    shape: Shape
    mean: PositiveSeconds | None = None
    scale: PositiveSeconds | None = None


class _Erlang(_Mean):
    k: Annotated[int, whole(1, 1000)]


class _Hyperexponential(_Mean):
    cv: PositiveVariation


class _Phase(Model):
    share: Share
    mean: PositiveSeconds


def _mean_alone(raw: object, door: Door) -> float:
    """Return the mean of a kind that has no other parameter: ``4 min`` or ``{mean: 4 min}``."""
    return (
        read_map(_Mean, raw, door, "{mean: 4 min}").mean
        if isinstance(raw, Mapping)
        else positive_duration(raw)
    )


def _exponential(raw: object, door: Door) -> Distribution:
    return Distribution(kind="exponential", mean_s=_mean_alone(raw, door))


def _deterministic(raw: object, door: Door) -> Distribution:
    return Distribution(kind="deterministic", mean_s=_mean_alone(raw, door))


def _lognormal(raw: object, door: Door) -> Distribution:
    given = read_map(_Lognormal, raw, door, "{lognormal: {mean: 6 min, cv: 0.9}}")
    return Distribution(kind="lognormal", mean_s=given.mean, cv=given.cv)


def _gamma(raw: object, door: Door) -> Distribution:
    """Read a gamma by cv or by shape = 1 / cv^2; both are kept."""
    given = read_map(_Gamma, raw, door, "{gamma: {mean: 6 min, cv: 0.9}}")
    if (given.cv is None) == (given.shape is None):
        raise ValueError("takes either cv or shape beside the mean (shape = 1 / cv^2)")
    cv = given.cv if given.cv is not None else 1 / math.sqrt(given.shape or 1)
    shape = given.shape if given.shape is not None else 1 / cv**2
    return Distribution(kind="gamma", mean_s=given.mean, cv=cv, shape=shape)


def _weibull(raw: object, door: Door) -> Distribution:
    """Read a Weibull by mean or by scale; mean = scale * Gamma(1 + 1 / shape)."""
    given = read_map(_Weibull, raw, door, "{weibull: {mean: 5 min, shape: 1.4}}")
    if (given.mean is None) == (given.scale is None):
        raise ValueError("takes either mean or scale beside the shape")
    if given.shape < 0.1:
        refuse(f"{given.shape!r} is below 0.1: such a tail has no usable mean", "shape")
    mean = given.mean if given.mean is not None else (given.scale or 0) * math.gamma(1 + 1 / given.shape)
    if mean > LONGEST_S:
        refuse(f"and the shape give a mean above {duration_text(LONGEST_S)}; check its unit", "scale")
    return Distribution(kind="weibull", mean_s=max(mean, SHORTEST_S), shape=given.shape)


def _erlang(raw: object, door: Door) -> Distribution:
    given = read_map(_Erlang, raw, door, "{erlang: {mean: 6 min, k: 2}}")
    return Distribution(kind="erlang", mean_s=given.mean, k=given.k)


def _hyperexponential(raw: object, door: Door) -> Distribution:
    """Read a mixture of exponentials by its phases, or two phases with balanced means by mean and cv."""
    phases = _phases(raw, door) if isinstance(raw, list) else _balanced(raw, door)
    return Distribution(kind="hyperexponential", mean_s=math.fsum(p * m for p, m in phases), phases=phases)


def _balanced(raw: object, door: Door) -> tuple[Phase, ...]:
    """Return two phases with p1 m1 = p2 m2 (W. Whitt, 1982, "Approximating a point process", eq. 3.4)."""
    given = read_map(_Hyperexponential, raw, door, "{hyperexponential: {mean: 6 min, cv: 2}}")
    if given.cv <= 1:
        refuse(f"{given.cv:g} is not above 1; with 1 it is exponential, below it use erlang or gamma", "cv")
    squared = given.cv**2
    first = (1 + math.sqrt((squared - 1) / (squared + 1))) / 2
    return tuple(Phase(p, max(given.mean / (2 * p), SHORTEST_S)) for p in (first, 1 - first))


def _phases(raw: list[object], door: Door) -> tuple[Phase, ...]:
    """Return the phases of [{share: 88.7%, mean: 34 s}, ...], their shares made to sum to 1."""
    gather, phases = Gather(), list[Phase]()
    for i, each in enumerate(raw):
        with gather.at(i):
            given = read_map(_Phase, each, door, "{share: 60%, mean: 2 min}")
            phases.append(Phase(given.share, given.mean))
    gather.finish()
    total = math.fsum(phase.share for phase in phases)
    if not 2 <= len(phases) <= MOST_PHASES:
        raise ValueError(f"has {len(phases)} phases; 2 to {MOST_PHASES} are allowed")
    if abs(total - 1) > 1e-6:
        raise ValueError(f"the shares sum to {total:.6%}; they must sum to 100%")
    # What is already exact to rounding stays as written, so that writing and reading again changes nothing.
    scale = total if abs(total - 1) > 1e-12 else 1.0
    return tuple(Phase(phase.share / scale, phase.mean_s) for phase in phases)


def _empirical(raw: object, door: Door) -> Distribution:
    """Read quantiles, straight lines between them: {0%: 10 s, 50%: 2 min, 100%: 20 min}."""
    if not isinstance(raw, Mapping):
        raise ValueError(f"{shown(raw)} is no map of quantiles; write {{0%: 10 s, 100%: 20 min}}")
    gather, points = Gather(), list[Quantile]()
    for key, each in raw.items():
        with gather.at(str(key)):
            points.append(Quantile(share(key), duration(each)))
    gather.finish()
    points.sort()
    _rising(points)
    mean = math.fsum((b.p - a.p) * (a.value_s + b.value_s) / 2 for a, b in pairwise(points))
    if mean <= 0:
        raise ValueError("has a mean of zero; give a longer time at 100%")
    return Distribution(kind="empirical", mean_s=mean, quantiles=tuple(points))


def _rising(points: list[Quantile]) -> None:
    """Refuse quantiles that do not run from 0% to 100%, or that fall."""
    if not points or points[0].p != 0 or points[-1].p != 1:
        raise ValueError("needs the shortest time (0%) and the longest (100%)")
    for a, b in pairwise(points):
        if a.p == b.p:
            raise ValueError(f"gives {share_text(a.p)} twice")
        if b.value_s < a.value_s:
            ends = f"from {a.value_s:g} s at {share_text(a.p)} to {b.value_s:g} s at {share_text(b.p)}"
            raise ValueError(f"falls {ends}; times must rise")


_READERS: Final[dict[str, Callable[[Any, Door], Distribution]]] = {
    "exponential": _exponential,
    "lognormal": _lognormal,
    "gamma": _gamma,
    "weibull": _weibull,
    "erlang": _erlang,
    "hyperexponential": _hyperexponential,
    "deterministic": _deterministic,
    "empirical": _empirical,
}
KINDS: Final = tuple(_READERS)


def read_distribution(raw: object, door: Door) -> Distribution:
    """Return the distribution of {KIND: parameters}."""
    if not isinstance(raw, Mapping):
        plain = raw if isinstance(raw, str) and len(raw) < 20 else "4 min"
        example = f"{{exponential: {plain}}}"
        kinds = ", ".join(KINDS)
        raise ValueError(f"{shown(raw)} names no distribution; write {example}, or one of {kinds}")
    keys = [str(key) for key in raw]
    unknown = [key for key in keys if key not in _READERS]
    if unknown:
        refuse(f"{unknown[0]!r} is not a distribution{nearest(unknown[0], KINDS)}", unknown[0])
    if len(keys) != 1:
        said = f"{len(keys)} distributions ({', '.join(keys)})" if keys else "no distribution"
        raise ValueError(f"names {said}; name one of {', '.join(KINDS)}")
    try:
        return _READERS[keys[0]](raw[keys[0]], door)
    except ValueError as error:
        raise ReadingError(finding.below(keys[0]) for finding in findings_of(error)) from None


def read_patience(raw: object, door: Door) -> Distribution:
    """Return a distribution that may have ``balk`` (the share that will not wait at all) beside its kind."""
    if not isinstance(raw, Mapping) or "balk" not in raw:
        return read_distribution(raw, door)
    gather, balk, patience = Gather(), 0.0, None
    with gather.at("balk"):
        balk = share(raw["balk"])
    with gather.at():
        patience = read_distribution({k: v for k, v in raw.items() if k != "balk"}, door)
    gather.finish()
    assert patience is not None  # finish() has raised otherwise
    return patience.model_copy(update={"balk": balk})


_MEASURED_AS: Final = ("focus time", "wall clock")


def read_handle_time(raw: object, door: Door) -> Distribution:
    """Return a distribution that may say beside its kind how it was ``measured_as``."""
    beside = ("measured_as", "at_concurrency")
    if not isinstance(raw, Mapping) or not any(key in raw for key in beside):
        return read_distribution(raw, door)
    gather, chats, time = Gather(), None, None
    with gather.at():
        chats = _at_concurrency(raw)
    with gather.at():
        time = read_distribution({k: v for k, v in raw.items() if k not in beside}, door)
    gather.finish()
    assert time is not None  # finish() has raised otherwise
    return time.model_copy(update={"at_concurrency": chats})


def _at_concurrency(raw: Mapping[Any, Any]) -> float | None:
    """Read how many chats went on at once while times were measured by the clock; None for focus time."""
    measured = raw.get("measured_as", _MEASURED_AS[0])
    if measured not in _MEASURED_AS:
        hint = nearest(str(measured), _MEASURED_AS)
        refuse(f"{shown(measured)} is not known{hint}", "measured_as")
    by_clock = measured == _MEASURED_AS[1]
    if by_clock and "at_concurrency" not in raw:
        refuse(
            "'wall clock' needs at_concurrency beside it: with how many chats at once it was measured",
            "measured_as",
        )
    if not by_clock and "at_concurrency" in raw:
        refuse("is for times by the clock only; write 'measured_as: wall clock' beside it", "at_concurrency")
    if not by_clock:
        return None
    try:
        return plain(raw["at_concurrency"], 1, 50)
    except ValueError as error:
        refuse(str(error), "at_concurrency")


HandleTime = Annotated[Distribution, built(Distribution, read_handle_time, {"$ref": "#/$defs/distribution"})]
"""How long contacts keep an agent: focus time, unless it says that it was measured by the clock."""
Time = Annotated[Distribution, built(Distribution, read_distribution, {"$ref": "#/$defs/distribution"})]
"""A distribution of times."""
Patience = Annotated[Distribution, built(Distribution, read_patience, {"$ref": "#/$defs/distribution"})]
"""How long contacts wait before they give up."""
