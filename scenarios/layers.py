"""Layers of a scenario: files that it extends, the file itself, named overrides, settings of a command line.

Each lies over the one before. Maps merge and lists replace; a map that is one value (a profile, a
distribution) replaces too, and so does one way of saying something another (``shifts`` after ``agents``).
``null`` takes away what is there.
What results is one document, and for every value of it where that came from.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

from scenarios.amounts import OPERATIONS, operated
from scenarios.chain import EXTENDS, File, chain_of
from scenarios.paths import place_of
from scenarios.problems import Finding, Place, findings_of, nearest, shown
from scenarios.sections import KIND_BELOW, KIND_OF
from scenarios.settings import Setting
from scenarios.yaml_text import Document, Null

OVERRIDES: Final = "overrides"
NO_OVERRIDE: Final = "base"
"""The name that stands for the file without any override."""

_ONE_VALUE: Final = frozenset(
    {
        "by_interval", "sinusoid", "history", "hours", "handle_time", "patience", "after", "agents",
        "shrinkage", "special_days", "months", "trend", "causes", "severities", "tiers", "then", "streams",
        "switch", "balk", "deflects", "starts", "lasts", "mitigation", "misrouted", "attempt", "hires",
        "answers", "deflection", "prevention", "only",
    }
)  # fmt: skip
_OF_AMOUNTS: Final = ("moves", "balanced", "ranges")
"""Keys whose map holds amounts, each of which may be a map itself: low, expected, high."""
_INSTEAD: Final = (  # what one key stands in place of, where a layer below has said it in another way
    ({"rate", "by_interval", "sinusoid", "history"}, {"rate", "by_interval", "sinusoid", "history", "hours"}),
    ({"agents", "shifts"}, {"agents", "shifts", "hours"}),
    ({"cusum", "threshold"}, {"cusum", "threshold"}),
)


_NOT_AMONG: Final = "is not among the {} of this list, counted from [0]"
_NO_LIST: Final = "is in no list but in a map; write its name after a point, without brackets"


class Source(NamedTuple):
    """Where a value comes from: ``layer`` in words, its file and line (0 = unknown)."""

    layer: str
    file: str
    line: int


@dataclass
class Layered:
    """A document made of layers: its plain data, the source of each place, and what was found on the way."""

    file: str = ""
    data: Any = None
    sources: dict[Place, Source] = field(default_factory=dict)
    found: list[Finding] = field(default_factory=list)
    overrides: tuple[str, ...] = ()
    thinned: set[Place] = field(default_factory=set)
    """Maps and lists of which something has been taken away."""
    incomplete: bool = False
    """Whether a file that is extended could not be read, so that what is missing may be there."""

    def source(self, place: Place) -> Source:
        """Return the source of the value at ``place``, or of the nearest one above that exists."""
        for length in range(len(place), -1, -1):
            if place[:length] in self.sources:
                return self.sources[place[:length]]
        return Source("file", self.file, 1)


def layered(
    document: Document,
    base_dir: Path,
    file: str,
    overrides: Sequence[str] = (),
    settings: Sequence[Setting] = (),
) -> Layered:
    """Return the document that results from a file, those that it extends, overrides and settings."""
    result = Layered(file)
    chain = chain_of(File(file, Path(), document), base_dir)
    result.found, result.incomplete = chain.found, chain.incomplete
    for depth, each in reversed(list(enumerate(chain.files))):
        layer = "file" if depth == 0 else "base"
        _put(result, (), each.document.data, _source_in(each, layer))
    if isinstance(result.data, Mapping):
        _lay_overrides(result, overrides)
        for setting in settings:
            source = Source("--set", f"--set {setting.text}", 0)
            _lay(result, setting.place, setting.value, partial(_always, source))
    _close_up(result)
    return result


def _always(source: Source, _: Place) -> Source:
    return source


def _source_in(file: File, layer: str) -> Callable[[Place], Source]:
    return lambda place: Source(layer, file.name, file.document.line(place))


def _put(result: Layered, place: Place, value: Any, at: Callable[[Place], Source]) -> None:
    """Lay a value over what is at a place; ``at`` tells the source of any place below it."""
    if value is Null.NULL and place and not _is_kept(place):
        _take_out(result, place, at(place))
        return
    current = _get(result.data, place)
    if current is not None and _is_operation(place, value):
        value = _changed(result, place, value, at(place))
    if isinstance(value, dict) and isinstance(current, dict) and not is_one_value(place):
        for key in _superseded(current, value):
            _forget(result, (*place, key))
            del current[key]
        for key, each in value.items():
            _put(result, (*place, key), each, at)
        return
    _forget(result, place)
    _set(result, place, _without_nulls(result, place, value, at))
    for below in _places(value, place):
        result.sources[below] = at(below)


def _changed(result: Layered, place: Place, operation: Any, source: Source) -> Any:
    """Return a value of the files below changed by a file that extends them; or as it was, and a finding."""
    value = _get(result.data, place)
    try:
        return operated(value, operation, place[-1])
    except ValueError as error:
        result.found.append(Finding(place, str(error), file=source.file, line=source.line))
        return value


def _is_kept(place: Place) -> bool:
    """Tell whether ``null`` is part of an override, and takes something away where that is laid."""
    return place[0] == OVERRIDES and len(place) > 2


def _without_nulls(result: Layered, place: Place, value: Any, at: Callable[[Place], Source]) -> Any:
    """Return a value that is new at a place; each ``null`` in it takes away nothing, and is a finding."""
    if value is Null.NULL and not (place and _is_kept(place)):
        source, message = at(place), "is empty; give it a value or remove the line"
        result.found.append(Finding(place, message, file=source.file, line=source.line))
        return None
    if isinstance(value, dict):
        return {key: _without_nulls(result, (*place, key), each, at) for key, each in value.items()}
    if isinstance(value, list):
        return [_without_nulls(result, (*place, i), each, at) for i, each in enumerate(value)]
    return value


def _take_out(result: Layered, place: Place, source: Source) -> None:
    """Take away what is at a place; what is not there is a finding, unless it may be in a file unread."""
    for length in range(1, len(place) + 1):
        above, key = _get(result.data, place[: length - 1]), place[length - 1]
        holds = isinstance(above, dict | list)  # a text has letters, and they are no entries
        if not holds or _get(above, (key,)) in (None, Null.NULL):
            kind, hint = _kind_of(place[:length]) or "entry", ""
            if isinstance(above, dict):
                hint = nearest(str(key), above)
            message = f"there is no {kind} {key!r} to remove{hint}"
            if isinstance(above, list):
                message = _NOT_AMONG.format(len(above))
            if not result.incomplete:
                told = Finding(place[:length], message, file=source.file, line=source.line)
                result.found.append(told)
            return
    _forget(result, place)
    above = _get(result.data, place[:-1])
    if isinstance(above, list):
        above[int(place[-1])] = Null.NULL  # so that the others keep their places until all is laid
    else:
        del above[place[-1]]
    result.thinned.add(place[:-1])


def _close_up(result: Layered) -> None:
    """Close up lists of which something was taken away; a section or list of which nothing is left goes."""
    for place in sorted(result.thinned, key=len, reverse=True):
        value = _get(result.data, place)
        if isinstance(value, list):
            _close_up_list(result, place, value)
        _drop_if_empty(result, place)


def _close_up_list(result: Layered, place: Place, value: list[Any]) -> None:
    own = result.source(place)
    kept = [i for i, each in enumerate(value) if each is not Null.NULL]
    sources = {
        (*place, n, *below): result.source((*place, i, *below))
        for n, i in enumerate(kept)
        for below in _places(value[i], ())
    }
    _forget(result, place)
    value[:] = [value[i] for i in kept]
    result.sources |= {place: own, **sources}


def _drop_if_empty(result: Layered, place: Place) -> None:
    value = _get(result.data, place)
    has_parts = place in (("roadmap",), *KIND_BELOW) or (len(place) == 1 and place[0] in KIND_OF)
    if value == [] or (value == {} and has_parts):
        _forget(result, place)
        del _get(result.data, place[:-1])[place[-1]]
        _drop_if_empty(result, place[:-1])


def is_one_value(place: Place) -> bool:
    """Tell whether a map is one value: those of the parts of a section, and the hours of one name."""
    if len(place) <= 2 or (len(place) == 3 and place[0] == OVERRIDES and place[-1] in KIND_OF):
        return False
    if place[:-1] in KIND_BELOW:  # whatever its name
        return False
    is_amount = place[-2] in _OF_AMOUNTS
    return is_amount or place[-1] in _ONE_VALUE or place[:2] == ("calendar", "hours")


def _superseded(current: Mapping[str, Any], value: Mapping[str, Any]) -> list[str]:
    """Return the keys of a map that a layer above says in another way."""
    gone: list[str] = []
    said = {key for key, each in value.items() if each is not Null.NULL}
    for keys, instead in _INSTEAD:
        if keys & said:
            gone += [key for key in current if key in instead and key not in value]
    return gone


def _get(data: Any, place: Place) -> Any:
    for key in place:
        try:
            data = data[key]
        except (KeyError, IndexError, TypeError):
            return None
    return data


def _set(result: Layered, place: Place, value: Any) -> None:
    if not place:
        result.data = value
    else:
        _get(result.data, place[:-1])[place[-1]] = value


def _forget(result: Layered, place: Place) -> None:
    for below in _places(_get(result.data, place), place):
        result.sources.pop(below, None)


def _places(value: Any, place: Place) -> Iterator[Place]:
    """Yield the place of a value and of everything in it."""
    yield place
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in items:
        yield from _places(each, (*place, key))


def _lay_overrides(result: Layered, chosen: Sequence[str]) -> None:
    """Take the named overrides out of the data, and lay the chosen ones over it, in order."""
    named = result.data.pop(OVERRIDES, None)
    if named is not None and not _all_maps(named):
        what = f"{shown(named)} is not a map of overrides"
        message = f"{what}; write each one's name, and below it what it changes"
        result.found.append(Finding((OVERRIDES,), message))
        named = None
    named = named or {}
    result.overrides = tuple(named)
    for name in named:
        if name == NO_OVERRIDE:
            message = "stands for the file without overrides; choose another name"
            result.found.append(Finding((OVERRIDES, name), message))
    for name in chosen:
        if name in named:
            _lay_override(result, name, named[name])
        elif name != NO_OVERRIDE:
            message = f"there is no override {name!r}{nearest(name, (*named, NO_OVERRIDE))}"
            result.found.append(Finding((), message, file=f"--scenario {name}"))


def _all_maps(named: object) -> bool:
    return isinstance(named, dict) and all(isinstance(each, dict) for each in named.values())


def _lay_override(result: Layered, name: str, changes: Mapping[str, Any]) -> None:
    for path, value in changes.items():
        written: Place = (OVERRIDES, name, path)
        source = result.source(written)
        layer = f"override {name}"
        try:
            place = place_of(path)
        except ValueError as error:
            result.found.append(Finding(written, str(error), file=source.file, line=source.line))
            continue

        _lay(result, place, value, partial(_source_of_change, result, layer, place, written))


def _source_of_change(result: Layered, layer: str, place: Place, written: Place, below: Place) -> Source:
    """Return where an override has written what it lays below a place."""
    return result.source((*written, *below[len(place) :]))._replace(layer=layer)


def _lay(result: Layered, place: Place, value: Any, at: Callable[[Place], Source]) -> None:
    """Lay one change over the data; what cannot be changed is a finding at the change's own line.

    The value is copied: a later change may go into it, and the same setting is laid over several versions.
    """
    source, value = at(place), deepcopy(value)
    try:
        if place[0] in (EXTENDS, OVERRIDES):
            raise ValueError("says what the file is made of, and cannot be changed from outside it")
        if value is Null.NULL:
            _take_out(result, place, source)
            return
        _make_way(result, place, source)
        if _is_operation(place, value):
            value = operated(_get(result.data, place), value, place[-1])
    except ValueError as error:
        said = [finding.below(*place) for finding in findings_of(error)]
        result.found += [each._replace(file=source.file, line=source.line) for each in said]
        return
    _supersede_beside(result, place)
    _put(result, place, value, at)


def _kind_of(place: Place) -> str | None:
    """Return what kind of part is at a place; None where none is."""
    return KIND_OF.get(str(place[0])) if len(place) == 2 else KIND_BELOW.get(place[:-1])


def _is_operation(place: Place, value: Any) -> bool:
    """Tell whether a value changes another (``{add: 2}``); arrivals have a key ``multiply`` of their own."""
    is_one = isinstance(value, dict) and bool(value) and set(value) <= set(OPERATIONS)
    is_part = len(place) == 1 or _kind_of(place) is not None  # whose keys are names
    return is_one and not is_part and place[-1] != "arrivals"


def _supersede_beside(result: Layered, place: Place) -> None:
    """Drop the other ways of saying what a path sets: ``--set ...arrivals.rate=...`` over a profile."""
    beside = _get(result.data, place[:-1])
    if isinstance(beside, dict) and len(place) > 2 and place[-1] not in beside:
        for key in _superseded(beside, {str(place[-1]): None}):
            _forget(result, (*place[:-1], key))
            del beside[key]


def _make_way(result: Layered, place: Place, source: Source) -> None:
    """Add the maps above a place that are not there; names of parts and lists must be there already."""
    for length in range(1, len(place)):
        above, key = _get(result.data, place[: length - 1]), place[length - 1]
        if isinstance(above, list):
            if not isinstance(key, int) or key >= len(above):
                raise ValueError(_NOT_AMONG.format(len(above)))
        elif not isinstance(above, dict):
            raise ValueError("cannot be set: what is above it is no map")
        elif isinstance(key, int):
            raise ValueError(_NO_LIST)
        elif key not in above:
            kind = _kind_of(place[:length])
            if kind is not None:
                raise ValueError(f"there is no {kind} {key!r}{nearest(str(key), above)}")
            above[key] = {}
            result.sources[place[:length]] = source
    last = _get(result.data, place[:-1])
    if isinstance(last, list) and (not isinstance(place[-1], int) or place[-1] >= len(last)):
        raise ValueError(_NOT_AMONG.format(len(last)))
    if isinstance(last, dict) and isinstance(place[-1], int):
        raise ValueError(_NO_LIST)
    if not isinstance(last, dict | list):
        raise ValueError("cannot be set: what is above it is one value, not a map; set that one whole")
