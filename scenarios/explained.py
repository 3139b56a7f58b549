"""The resolved scenario with the origin of every value: a default, a file, an override, the command line."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any, Final, NamedTuple

from scenarios.layers import Layered, Source, is_one_value
from scenarios.model import Scenario
from scenarios.paths import path_text
from scenarios.problems import Place, nearest
from scenarios.resolved import plain_data
from scenarios.yaml_out import Line, yaml_lines

DEFAULT: Final = "default"
# What a resolved value is made from, where it is written in another way: by the last key of its place.
_MADE_FROM: Final = {
    "by_interval": ("rate", "hours", "by_interval", "history", "volume", "multiply"),
    "sinusoid": ("sinusoid", "volume", "multiply"),
}
_FROM_THE_TOP: Final = ("service_level",)


class Explained(NamedTuple):
    """A line of the resolved scenario, and where what it says comes from."""

    text: str
    origin: str


def explained(scenario: Scenario, layers: Layered, place: Place = ()) -> list[Explained]:
    """Return the resolved scenario, or the part of it at a place; raises ValueError where there is none."""
    data: Any = plain_data(scenario)
    for length, key in enumerate(place):
        if not isinstance(data, Mapping) or key not in data:
            known = tuple(map(str, data)) if isinstance(data, Mapping) else ()
            raise ValueError(f"{path_text(place[: length + 1])} is not there{nearest(str(key), known)}")
        data = data[key]
    if place and not isinstance(data, Mapping):
        data, place = {str(place[-1]): data}, place[:-1]
    lines = list(yaml_lines(data, place))
    ends = [one.place != other.place for one, other in pairwise(lines)] + [True]
    return [
        Explained(line.text[2 * len(place) :], _origin(layers, line, data, len(place)) if is_end else "")
        for line, is_end in zip(lines, ends, strict=True)
    ]


def _origin(layers: Layered, line: Line, data: Any, depth: int) -> str:
    """Return the origins of all values on a line; the heading of a block has none of its own."""
    value = data
    for key in line.place[depth:]:
        value = value[key]
    if isinstance(value, Mapping) and line.text.endswith(":"):
        return ""
    found = dict.fromkeys(text for leaf in _leaves(value, line.place) for text in _origins(layers, leaf))
    return "; ".join(each for each in found if each != DEFAULT or len(found) == 1)


def _leaves(value: Any, place: Place) -> Iterator[Place]:
    """Yield the places of the values in a map, or its own place; a list is one value."""
    if not isinstance(value, Mapping) or not value:
        yield place
        return
    for key, each in value.items():
        yield from _leaves(each, (*place, key))


def _origins(layers: Layered, place: Place) -> Iterator[str]:
    """Yield where the value at a place comes from, in words."""
    for length in range(len(place), 0, -1):
        above = place[:length]
        made_from = [(*above[:-1], key) for key in _MADE_FROM.get(str(above[-1]), ())]
        written = [each for each in made_from if each in layers.sources]
        if written:
            yield from (_words(layers, layers.sources[each]) for each in written)
            return
        if above in layers.sources:
            if length < len(place) and _is_part(layers.data, above) and not is_one_value(above):
                break  # a map that does not have this key
            of_value = [key for key in layers.sources if key[:length] == above and is_one_value(above)]
            yield from dict.fromkeys(_words(layers, layers.sources[key]) for key in of_value or [above])
            return
    if place[-1] in _FROM_THE_TOP and place[-1:] in layers.sources and len(place) > 1:
        yield _words(layers, layers.sources[place[-1:]])
    else:
        yield DEFAULT


def _is_part(data: Any, place: Place) -> bool:
    """Tell whether there is a map at a place."""
    for key in place:
        data = data[key]
    return isinstance(data, Mapping)


def _words(layers: Layered, source: Source) -> str:
    """Write a source: the line of the file itself, file and line of another, what was set."""
    if not source.line:
        return source.file
    where = f"line {source.line}" if source.file == layers.file else f"{source.file}:{source.line}"
    return f"{source.layer} ({where})" if source.layer.startswith("override") else where
