"""Which numbers of a scenario may be uncertain, and the scenario with others in their places.

A number has a path, such as ``streams.calls.handle_time``; a further one that may be uncertain is one entry
of ``OF_STREAM`` or ``OF_QUEUE``, and a row in docs/scenario.md.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from scenarios.arrivals import Arrivals
from scenarios.chat_time import divided
from scenarios.distributions import Distribution
from scenarios.model import Scenario

COMMON: Final = "arrivals"
"""The path of the level that the arrivals of all streams have in common, beside their own."""
_LEAST_CV: Final = 1e-4
_MOST_CV: Final = 100.0
_LEAST_SHAPE: Final = 0.1
_MOST_SHAPE: Final = 1e4
_OF_CV: Final = "is nothing that this distribution has: cv goes with lognormal and gamma, shape with weibull"
_NO_SPREAD: Final = "is 0: there is nothing to be uncertain about"


Sections = Mapping[str, Mapping[str, Any]]
"""Streams and queues by name."""


class Quantity(NamedTuple):
    """A number of a stream or of a queue that may be uncertain."""

    says: str
    value: Callable[[Any], float | None]  # the number in a part; None, or 0, where there is none
    times: Callable[[Any, float], Any]  # the part with the number multiplied by a factor
    lacking: str = _NO_SPREAD  # what is said where there is none
    is_share: bool = False  # whether it stays within 0 and 1


def _arrivals(stream: Any, factor: float) -> Any:
    """Return a stream with all its arrivals multiplied by a factor."""
    given: Arrivals = stream.arrivals
    steps = tuple(step._replace(value=step.value * factor) for step in given.steps)
    sine = given.sinusoid and given.sinusoid.model_copy(
        update={
            "mean_per_hour": given.sinusoid.mean_per_hour * factor,
            "amplitude_per_hour": given.sinusoid.amplitude_per_hour * factor,
        }
    )
    changed = given.model_copy(update={"steps": steps, "sinusoid": sine})
    return stream.model_copy(update={"arrivals": changed})


def _largest_rate(stream: Any) -> float:
    """Return the largest number of contacts an hour; 0 where none ever comes."""
    given: Arrivals = stream.arrivals
    sine = given.sinusoid
    return sine.mean_per_hour if sine else max((step.value for step in given.steps), default=0.0)


def _busyness(level: str) -> Quantity:
    """How much days, or intervals, differ."""

    def times(stream: Any, factor: float) -> Any:
        busyness = stream.arrivals.busyness
        old = getattr(busyness, level)
        new = old.model_copy(update={"cv": min(max(old.cv * factor, _LEAST_CV), _MOST_CV)})
        arrivals = stream.arrivals.model_copy(update={"busyness": busyness.model_copy(update={level: new})})
        return stream.model_copy(update={"arrivals": arrivals})

    said = {"day": "how much days differ", "interval": "how much intervals differ"}[level]
    return Quantity(said, lambda stream: getattr(stream.arrivals.busyness, level).cv, times)


def _mean(given: Distribution, factor: float) -> Distribution:
    return divided(given, 1.0 / factor)


def _cv(given: Distribution, factor: float) -> Distribution:
    """Return a lognormal or a gamma that is wider or narrower around the same mean."""
    cv = min(max((given.cv or 0.0) * factor, _LEAST_CV), _MOST_CV)
    shape = None if given.shape is None else 1.0 / cv**2
    return given.model_copy(update={"cv": cv, "shape": shape})


def _shape(given: Distribution, factor: float) -> Distribution:
    """Return a Weibull of another shape and the same mean."""
    shape = min(max((given.shape or 0.0) * factor, _LEAST_SHAPE), _MOST_SHAPE)
    return given.model_copy(update={"shape": shape})


def _balk(given: Distribution, factor: float) -> Distribution:
    return given.model_copy(update={"balk": min(given.balk * factor, 1.0)})


def _cv_of(given: Distribution) -> float | None:
    return given.cv if given.kind in ("lognormal", "gamma") else None


def _shape_of(given: Distribution) -> float | None:
    return given.shape if given.kind == "weibull" else None


def _of_distribution(
    key: str,
    says: str,
    value: Callable[[Distribution], float | None],
    times: Callable[[Distribution, float], Distribution],
    lacking: str = _NO_SPREAD,
    is_share: bool = False,
) -> Quantity:
    """A number of the distribution that a part has under a key, if it has one."""

    def found(part: Any) -> float | None:
        given = getattr(part, key)
        return None if given is None else value(given)

    def changed(part: Any, factor: float) -> Any:
        return part.model_copy(update={key: times(getattr(part, key), factor)})

    return Quantity(says, found, changed, lacking, is_share)


def _of_time(key: str, what: str, none: str) -> dict[str, Quantity]:
    """What may be uncertain of times: how long they are altogether, and how much they vary."""
    whole = f"{what}: all of them longer or shorter"
    return {
        key: _of_distribution(key, whole, lambda given: given.mean_s, _mean, none),
        f"{key}.cv": _of_distribution(key, f"of {what}, if lognormal or gamma", _cv_of, _cv, _OF_CV),
        f"{key}.shape": _of_distribution(key, f"of {what}, if Weibull", _shape_of, _shape, _OF_CV),
    }


_BALK: Final = {
    "patience.balk": _of_distribution(
        "patience", "the share that will not wait at all", lambda given: given.balk, _balk, is_share=True
    )
}


def _retry_share(queue: Any, factor: float) -> Any:
    share_now = min(queue.retry.share * factor, 1.0)
    return queue.model_copy(update={"retry": queue.retry.model_copy(update={"share": share_now})})


OF_STREAM: Final[dict[str, Quantity]] = {
    "arrivals": Quantity("its level: all arrivals, more or fewer", _largest_rate, _arrivals),
    "arrivals.busyness.day.cv": _busyness("day"),
    "arrivals.busyness.interval.cv": _busyness("interval"),
    **_of_time("handle_time", "handle times", ""),
    **_of_time("patience", "patience", "is not given here; perhaps it is that of the queue"),
    **_BALK,
}
OF_QUEUE: Final[dict[str, Quantity]] = {
    **_of_time("patience", "patience", "is not given here; perhaps it is that of the streams"),
    **_BALK,
    "retry.share": Quantity(
        "the share of the lost that tries again",
        lambda queue: queue.retry and queue.retry.share,
        _retry_share,
        "is not given here, or 0: nobody tries again",
        is_share=True,
    ),
}
OF: Final = {"streams": OF_STREAM, "queues": OF_QUEUE}


def forms() -> dict[str, str]:
    """Return every form of a path with what it stands for, as docs/scenario.md has them."""
    whole = {COMMON: "the level of all streams' arrivals in common, on top of their own"}
    return whole | {
        f"{section}.NAME.{tail}": quantity.says
        for section, its in OF.items()
        for tail, quantity in its.items()
    }


def says_of(path: str) -> str:
    """Return what the number at a path is."""
    section, _, rest = path.partition(".")
    return forms()[f"{section}.NAME.{rest.partition('.')[2]}" if rest else path]


class Place(NamedTuple):
    """Where a path leads: what kind of number it is, and the number."""

    quantity: Quantity
    value: float


def place_of_number(sections: Sections, path: str) -> Place | None:
    """Return where a path leads in streams and queues by name; None where there is no such number."""
    section, _, rest = path.partition(".")
    name, _, tail = rest.partition(".")
    quantity = OF.get(section, {}).get(tail)
    part = sections.get(section, {}).get(name)
    value = quantity.value(part) if quantity is not None and part is not None else None
    return Place(quantity, value) if quantity is not None and value else None


def paths(sections: Sections) -> Iterator[str]:
    """Yield every path that leads to a number of these streams and queues."""
    yield COMMON
    for section, quantities in OF.items():
        for name, part in sections[section].items():
            yield from (f"{section}.{name}.{t}" for t, each in quantities.items() if each.value(part))


def numbers(scenario: Scenario) -> dict[str, Place]:
    """Return where each path of a scenario's ``uncertainty`` leads; those that lead nowhere are left out.

    A scenario that was changed may have lost a number; the common level of arrivals is there always.
    """
    sections: Sections = {"streams": scenario.streams, "queues": scenario.queues}
    places = {path: place_of_number(sections, path) for path in scenario.uncertainty}
    whole = {COMMON: Place(OF_STREAM["arrivals"], 1.0)} if COMMON in places else {}
    return whole | {path: place for path, place in places.items() if place is not None}


def drawn_errors(scenario: Scenario) -> dict[str, float]:
    """Return the relative standard errors of what each replication draws anew; nothing where that is off."""
    errors = scenario.uncertainty if scenario.run.uncertainty else {}
    return {path: error for path, error in errors.items() if error}


def with_factors(scenario: Scenario, factors: Mapping[str, float]) -> Scenario:
    """Return a scenario whose numbers at some paths are multiplied by factors; all else stays as it is."""
    streams = {name: _times("streams", name, each, factors) for name, each in scenario.streams.items()}
    queues = {name: _times("queues", name, each, factors) for name, each in scenario.queues.items()}
    return scenario.model_copy(update={"streams": streams, "queues": queues})


def _times(section: str, name: str, part: Any, factors: Mapping[str, float]) -> Any:
    for tail, quantity in OF[section].items():
        factor = factors.get(f"{section}.{name}.{tail}", 1.0)
        if section == "streams" and tail == "arrivals":
            factor *= factors.get(COMMON, 1.0)
        if factor != 1.0 and quantity.value(part):
            part = quantity.times(part, factor)
    return part
