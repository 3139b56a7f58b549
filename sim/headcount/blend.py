"""Scenarios between two others: as much of a change as an effect says, at other volumes and handle times.

Effect 0 is the scenario before, 1 the one after; what lies between, or up to half as far beyond, is made
number by number. A number keeps its sign and its bounds, a share stays within 0 and 1. What cannot be told
half (a text, a date, a switch, a whole number such as people, a queue that only one of them has) is refused
by its path.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from pydantic import BaseModel

from scenarios.chat_time import divided
from scenarios.distributions import Distribution
from scenarios.fields import Reader
from scenarios.learning import Loop
from scenarios.mixes import LEAST_FACTOR, MOST_FACTOR
from scenarios.model import Scenario
from scenarios.moves import ALL_AT_ONCE, Move, parameter_of
from scenarios.self_service import MOST as MOST_DEFLECTED
from scenarios.self_service import Deflection, SelfService
from scenarios.shrinkage import MOST as MOST_SHRINKAGE
from scenarios.shrinkage import Shrinkage, combined
from scenarios.uncertain_numbers import OF_STREAM
from scenarios.units import SHORTEST_S

TAKEN: Final[tuple[str, ...]] = ("run", "costs", "business_case", "name", "description", "targets")
"""What is not blended, but taken from the scenario after."""
MOST_EFFECT: Final = 1.5
_FREE: Final = ("owners", "remedies")  # who or what only one of them has does nothing by itself
_SHARES: Final = ("share", "p", "probability")  # names of shares in tuples
_ALIKE: Final = 1e-9
_NO_FACTOR: Final = ("handle_time_by_queue",)  # maps from names to factors: who is not named has 1
_EACH_A_SHARE: Final = ("flags", "switch")  # maps from names to shares that are no mix
_PEOPLE: Final = ("agents", "shifts")


def blended(
    before: Scenario, after: Scenario, effect: float, volume: float = 1.0, handle_time: float = 1.0
) -> Scenario:
    """The scenario with so much of a change, so many times the contacts, and handle times so much longer.

    `volume` multiplies all arrivals, those of incidents too; `handle_time` all that keeps an agent. How often
    to run, prices, names and targets are those of `after`. Raises ValueError, with the path, for what cannot
    be told half, and for an effect outside 0 to 1.5, or a factor that is not above 0.
    """
    if not 0.0 <= effect <= MOST_EFFECT:
        raise ValueError(f"effect {effect:g} is outside 0 to {MOST_EFFECT:g}: 0 is before, 1 is after")
    for name, factor in (("volume", volume), ("handle_time", handle_time)):
        if not (factor > 0.0 and math.isfinite(factor)):
            raise ValueError(f"{name} {factor:g} is no factor; write one above 0, such as 1.1")
    found = _between(before, after, effect)
    found = found if volume == 1.0 else _with_volume(found, volume)
    return found if handle_time == 1.0 else _with_handle_time(found, handle_time)


def _between(before: Scenario, after: Scenario, effect: float) -> Scenario:
    taken = {name: getattr(after, name) for name in TAKEN if name in Scenario.model_fields}
    if effect in (0.0, 1.0):
        return after if effect else before.model_copy(update=taken)
    update = {
        name: _section(name, getattr(before, name), getattr(after, name), effect)
        for name in Scenario.model_fields
        if name not in TAKEN
    }
    return before.model_copy(update={**update, **taken})


def _section(name: str, old: Any, new: Any, effect: float) -> Any:
    """A section of a scenario; levers, and who does them, may be those of one alone."""
    if name in _FREE:
        both = {key: _blend(f"{name}.{key}", old[key], new[key], effect) for key in old if key in new}
        return {**old, **new, **both}
    if name == "roadmap":
        return _roadmap(old, new, effect)
    if isinstance(old, Loop) is not isinstance(new, Loop):
        _refuse(name, old, new)
    return _blend(name, old, new, effect)


def _roadmap(old: Any, new: Any, effect: float) -> Any:
    """The roadmap of both: levers of one alone bring as much as the effect says of them."""
    shown = new or old
    if shown is None:
        return None
    levers = [dict(each.levers) if each else {} for each in (old, new)]
    found = {}
    for name in dict.fromkeys([*levers[1], *levers[0]]):
        path = f"roadmap.levers.{name}"
        if name in levers[0] and name in levers[1]:
            found[name] = _blend(path, levers[0][name], levers[1][name], effect)
        else:
            mine, size = (levers[1], effect) if name in levers[1] else (levers[0], max(1.0 - effect, 0.0))
            moves = tuple(_scaled(path, move, size) for move in mine[name].moves)
            found[name] = mine[name].model_copy(update={"moves": moves})
    return shown.model_copy(update={"levers": found})


def _scaled(path: str, move: Move, size: float) -> Move:
    """A move so many times as large, within the bounds of its parameter."""
    parameter = parameter_of(move.parameter)
    if parameter.kind in ALL_AT_ONCE:
        raise ValueError(
            f"{path}.moves.{move.parameter} cannot be told half: it comes whole; leave it out of the change, "
            "or ask for effects of 0 and 1 only"
        )
    least, most = parameter.least, parameter.most
    return Move(move.parameter, *(min(max(each * size, least), most) for each in move[1:]))


def _refuse(path: str, old: Any, new: Any) -> Any:
    raise ValueError(
        f"{path} cannot be told half: {_told(old, new)}; make it the same in both, or ask for effects of 0 "
        "and 1 only"
    )


def _told(old: Any, new: Any) -> str:
    """How two values differ, in words."""
    for value, who in ((old, "after"), (new, "before")):
        if value is None or value in ((), {}):
            return f"only the scenario {who} has it"
    texts = [f"{each}" for each in (old, new)]
    if any(isinstance(each, BaseModel | Mapping | tuple) for each in (old, new)) or max(map(len, texts)) > 40:
        return "it is not made alike before and after"
    return f"it is {texts[0]} before and {texts[1]} after"


def _blend(path: str, old: Any, new: Any, effect: float, bounds: tuple[float, float] | None = None) -> Any:
    """A part between two; the same object where they are equal."""
    if old == new and type(old) is type(new):
        return new
    for types, blend in _KINDS:
        if isinstance(old, types) and isinstance(new, types):
            return blend(path, old, new, effect)
    if isinstance(old, SelfService | None) and isinstance(new, SelfService | None):
        return _self_service(path, old, new, effect)
    if type(old) is float and type(new) is float:
        return _number(old, new, effect, bounds)
    return _refuse(path, old, new)


def _number(old: float, new: float, effect: float, bounds: tuple[float, float] | None) -> float:
    """A number between two or beyond; it changes no sign that both have, and keeps its bounds."""
    low = 0.0 if min(old, new) >= 0.0 else -math.inf
    high = 0.0 if max(old, new) <= 0.0 else math.inf
    if bounds is not None:
        low, high = max(low, bounds[0]), min(high, bounds[1])
    found = old + effect * (new - old)
    return min(max(found, low), high)


def _model(path: str, old: BaseModel, new: BaseModel, effect: float) -> Any:
    if type(old) is not type(new):
        return _refuse(path, old, new)
    update = {}
    for name, field in type(old).model_fields.items():
        one, other, bounds = getattr(old, name), getattr(new, name), _bounds(field.metadata)
        if name in _PEOPLE and one != other:
            raise ValueError(
                f"{path}.{name} cannot be told half: people come whole; plan the same people in both, or ask "
                "for effects of 0 and 1 only"
            )
        update[name] = _blend(f"{path}.{name}", one, other, effect, bounds)
    return old.model_copy(update=update)


def _bounds(metadata: Sequence[Any]) -> tuple[float, float] | None:
    """Between which numbers a field lies, as its reader says."""
    for each in metadata:
        if isinstance(each, Reader):
            form = each.form
            if form.get("title") == "share":
                return 0.0, 1.0
            if form.get("title") == "factor":
                return LEAST_FACTOR, MOST_FACTOR
            if "minimum" in form or "maximum" in form:
                return form.get("minimum", -math.inf), form.get("maximum", math.inf)
    return None


def _distribution(path: str, old: Distribution, new: Distribution, effect: float) -> Distribution:
    """A distribution of one kind: its mean and what shapes it; a gamma stays consistent by its cv."""
    if old.kind != new.kind or old.k != new.k:
        _refuse(path, old.kind, new.kind) if old.kind != new.kind else _refuse(f"{path}.k", old.k, new.k)
    found: Distribution = _model(path, old, new, effect)
    shape = 1.0 / found.cv**2 if old.kind == "gamma" and found.cv else found.shape
    return found.model_copy(update={"mean_s": max(found.mean_s, SHORTEST_S), "shape": shape})


def _shrinkage(path: str, old: Shrinkage, new: Shrinkage, effect: float) -> Shrinkage:
    """Shrinkage by its components where both have the same; else by its total."""
    if [part.name for part in old.components] == [part.name for part in new.components] and (
        old.components and old.combine == new.combine
    ):
        pairs = zip(old.components, new.components, strict=True)
        parts = [a._replace(share=_number(a.share, b.share, effect, (0.0, 1.0))) for a, b in pairs]
        total = combined(parts, old.combine)
        if total <= MOST_SHRINKAGE:
            return Shrinkage(total, tuple(parts), old.combine)
    return Shrinkage(_number(old.total, new.total, effect, (0.0, MOST_SHRINKAGE)))


def _self_service(path: str, old: SelfService | None, new: SelfService | None, effect: float) -> SelfService:
    """Self-service between two: none is one that deflects nobody; shares by date on the days of both."""
    known = new or old
    assert known is not None
    nobody = known.model_copy(update={"deflects": (Deflection(None, 0.0),)})
    one, other = old or nobody, new or nobody
    rest = _model(path, one.model_copy(update={"deflects": other.deflects}), other, effect)
    days = {each.since for each in (*one.deflects, *other.deflects)}
    in_order = sorted(days, key=lambda day: (day is not None, day and day.toordinal()))
    steps = tuple(
        Deflection(day, _number(_share_on(one, day), _share_on(other, day), effect, (0.0, MOST_DEFLECTED)))
        for day in in_order
    )
    found: SelfService = rest.model_copy(update={"deflects": steps})
    return found


def _share_on(part: SelfService, day: Any) -> float:
    """The share that stays away from a day on; None is before all days that are named."""
    if day is not None:
        return part.share_on(day)
    return next((each.share for each in part.deflects if each.since is None), 0.0)


def _tuple(path: str, old: tuple[Any, ...], new: tuple[Any, ...], effect: float) -> Any:
    if len(old) != len(new) or type(old) is not type(new):
        return _refuse(path, old, new)
    names = getattr(old, "_fields", None)
    parts = [
        _blend(
            f"{path}.{names[n]}" if names else f"{path}[{n}]",
            *pair,
            effect,
            (0.0, 1.0) if names and names[n] in _SHARES else None,
        )
        for n, pair in enumerate(zip(old, new, strict=True))
    ]
    return type(old)(*parts) if names else tuple(parts)


def _mapping(path: str, old: Mapping[str, Any], new: Mapping[str, Any], effect: float) -> Any:
    """Numbers by name, where who is not named has none; or parts by name, the same in both."""
    if all(type(each) is float for each in (*old.values(), *new.values())):
        return _numbers(path, old, new, effect)
    for name in dict.fromkeys([*old, *new]):
        if (name in old) is not (name in new):
            _refuse(f"{path}.{name}", old.get(name), new.get(name))
    return {name: _blend(f"{path}.{name}", old[name], new[name], effect) for name in old}


def _numbers(
    path: str, old: Mapping[str, float], new: Mapping[str, float], effect: float
) -> dict[str, float]:
    """Shares of a mix add up to 1 again; a mix that only one has cannot be told half."""
    usual = 1.0 if path.endswith(_NO_FACTOR) else 0.0
    bounds = (0.0, 1.0) if path.endswith(_EACH_A_SHARE) else None
    names = dict.fromkeys([*old, *new])
    found = {n: _number(old.get(n, usual), new.get(n, usual), effect, bounds) for n in names}
    mixes = [_is_mix(each) for each in (old, new)]
    if not all(mixes):
        if any(mixes) and not all((old, new)):
            _refuse(path, old, new)
        return found
    total = math.fsum(found.values())
    return {name: each / total for name, each in found.items()}


def _is_mix(shares: Mapping[str, float]) -> bool:
    return abs(math.fsum(shares.values()) - 1.0) <= _ALIKE


Blend = Callable[[str, Any, Any, float], Any]
_KINDS: Final[tuple[tuple[type, Blend], ...]] = (
    (Distribution, _distribution),
    (SelfService, _self_service),
    (BaseModel, _model),
    (Shrinkage, _shrinkage),
    (tuple, _tuple),
    (dict, _mapping),
)


def _with_volume(scenario: Scenario, factor: float) -> Scenario:
    """The scenario with so many times the contacts; who waits when the horizon begins stays."""
    times = OF_STREAM["arrivals"].times
    streams = {name: times(each, factor) for name, each in scenario.streams.items()}
    incidents = {
        name: each.model_copy(update={"surge": {n: rate * factor for n, rate in each.surge.items()}})
        for name, each in scenario.incidents.items()
    }
    return scenario.model_copy(update={"streams": streams, "incidents": incidents})


def _with_handle_time(scenario: Scenario, factor: float) -> Scenario:
    """The scenario in which all that keeps an agent takes so many times as long."""
    update: dict[str, Any] = {
        name: _longer(getattr(scenario, name), factor)
        for name in ("streams", "queues", "severities", "paths", "side_work", "tagging")
    }
    return scenario.model_copy(update=update)


_WORKS: Final = ("handle_time", "misrouted", "attempt", "conference_s")


def _longer(part: Any, factor: float) -> Any:
    """A part of a scenario whose times of agents' work are multiplied."""
    if isinstance(part, Mapping):
        return {name: _longer(each, factor) for name, each in part.items()}
    if not isinstance(part, BaseModel):
        return part
    return part.model_copy(update=dict(_changed(part, factor)))


def _changed(part: BaseModel, factor: float) -> Iterator[tuple[str, Any]]:
    for name in type(part).model_fields:
        value = getattr(part, name)
        if name in _WORKS and isinstance(value, Distribution):
            yield name, divided(value, 1.0 / factor)
        elif name in _WORKS and isinstance(value, float):
            yield name, value * factor
        elif isinstance(value, BaseModel | Mapping) and not isinstance(value, Distribution):
            yield name, _longer(value, factor)
