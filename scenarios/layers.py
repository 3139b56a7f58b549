"""Layers of a scenario: files that it extends, the file itself, named overrides, settings of a command line.

Each lies over the one before. Maps merge and lists replace; a map that is one value (a profile, a
distribution) replaces too, and so does one way of saying something another (``shifts`` after ``agents``).
What results is one document, and for every value of it where that came from.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

from scenarios.amounts import OPERATIONS, operated
from scenarios.paths import confined, place_of
from scenarios.problems import Finding, Place, findings_of, nearest, shown
from scenarios.settings import Setting
from scenarios.yaml_text import Document, read_file

SECTIONS: Final = ("streams", "queues", "groups")
LIFE: Final = (
    *("severities", "causes", "tiers", "flags", "tagging", "routing", "paths", "closing", "side_work"),
    *("incidents", "outcomes"),
)
"""The sections of the life of a case, each of which may be left out."""
PLAN: Final = ("owners", "remedies", "loop", "roadmap")
"""The sections of how a team learns and plans, each of which may be left out."""
_KIND_OF: Final = {
    "streams": "stream",
    "queues": "queue",
    "groups": "group",
    "severities": "severity",
    "causes": "cause",
    "tiers": "tier",
    "paths": "path",
    "side_work": "side work",
    "incidents": "incident",
    "owners": "owner",
    "remedies": "remedy",
}
"""Sections whose keys are names of parts, and what each of these is."""
_KIND_BELOW: Final[dict[Place, str]] = {("roadmap", "phases"): "phase", ("roadmap", "levers"): "lever"}
"""The same of maps of parts below a section."""
MOST_FILES: Final = 10
EXTENDS: Final = "extends"
OVERRIDES: Final = "overrides"
NO_OVERRIDE: Final = "base"
"""The name that stands for the file without any override."""

_ONE_VALUE: Final = frozenset(
    {
        "by_interval", "sinusoid", "history", "hours", "handle_time", "patience", "after", "agents",
        "shrinkage", "special_days", "months", "trend", "causes", "severities", "tiers", "then", "streams",
        "switch", "balk", "deflects", "starts", "lasts", "mitigation", "misrouted", "attempt", "hires",
        "answers", "deflection", "prevention",
    }
)  # fmt: skip
_OF_AMOUNTS: Final = ("moves", "balanced")
"""Keys whose map holds amounts, each of which may be a map itself: low, expected, high."""
_INSTEAD: Final = (  # what one key stands in place of, where a layer below has said it in another way
    ({"rate", "by_interval", "sinusoid", "history"}, {"rate", "by_interval", "sinusoid", "history", "hours"}),
    ({"agents", "shifts"}, {"agents", "shifts", "hours"}),
    ({"cusum", "threshold"}, {"cusum", "threshold"}),
)


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
    incomplete: bool = False
    """Whether a file that is extended could not be read, so that what is missing may be there."""

    def source(self, place: Place) -> Source:
        """Return the source of the value at ``place``, or of the nearest one above that exists."""
        for length in range(len(place), -1, -1):
            if place[:length] in self.sources:
                return self.sources[place[:length]]
        return Source("file", self.file, 1)


class _File(NamedTuple):
    """One file of a chain: its name as told, its folder from the first one's, and what is in it."""

    name: str
    folder: Path
    document: Document


def layered(
    document: Document,
    base_dir: Path,
    file: str,
    overrides: Sequence[str] = (),
    settings: Sequence[Setting] = (),
) -> Layered:
    """Return the document that results from a file, those that it extends, overrides and settings."""
    result = Layered(file)
    chain = _chain(_File(file, Path(), document), base_dir, result)
    for depth, each in reversed(list(enumerate(chain))):
        layer = "file" if depth == 0 else "base"
        _put(result, (), each.document.data, _source_in(each, layer))
    if isinstance(result.data, Mapping):
        _lay_overrides(result, overrides)
        for setting in settings:
            source = Source("--set", f"--set {setting.text}", 0)
            _lay(result, setting.place, setting.value, partial(_always, source))
    return result


def _always(source: Source, _: Place) -> Source:
    return source


def _source_in(file: _File, layer: str) -> Callable[[Place], Source]:
    return lambda place: Source(layer, file.name, file.document.line(place))


def _chain(first: _File, base_dir: Path, result: Layered) -> list[_File]:
    """Return a file and those that it extends, the first first; what is wrong goes to the findings."""
    chain, seen = [first], list[Path]()
    while True:
        last = chain[-1]
        result.found += [_told(finding, last) for finding in last.document.found]
        data = last.document.data
        if not isinstance(data, dict) or EXTENDS not in data:
            return chain
        named = data.pop(EXTENDS)
        line = last.document.line((EXTENDS,))
        try:
            seen = seen or [(base_dir / Path(first.name).name).resolve()]
            path = _extended(base_dir, last.folder, named)
            if path in seen or len(chain) >= MOST_FILES:
                raise ValueError(_round_trip(path, seen))
        except ValueError as error:
            if named is not None:  # an empty value has been found already
                result.found.append(Finding((EXTENDS,), str(error), file=last.name, line=line))
            result.incomplete = True
            return chain
        seen.append(path)
        folder = path.parent.relative_to(base_dir.resolve())
        document = read_file(path)
        if not isinstance(document.data, dict) and not document.found:
            document.note(
                (), f"{shown(document.data)} is not a map; a file that is extended has the same keys"
            )
        result.incomplete = bool(document.found)
        _rebase(document.data, folder)
        chain.append(_File(str(Path(first.name).parent / folder / path.name), folder, document))


def _told(finding: Finding, file: _File) -> Finding:
    """Return a finding of a file's text with the file and the line where it is."""
    return finding._replace(
        file=finding.file or file.name, line=finding.line or file.document.lines.get(finding.place, 0)
    )


def _extended(base_dir: Path, folder: Path, named: object) -> Path:
    if not isinstance(named, str) or not named.strip():
        raise ValueError(f"{shown(named)} is not the name of a file; write {EXTENDS}: base.yaml")
    path = confined(base_dir, folder / named)
    try:
        there = path.is_file()
    except OSError as error:
        raise ValueError(f"{shown(named)} cannot be used as a path: {error.strerror}") from None
    if not there:
        raise ValueError(f"there is no file {shown(named)}; give its path from this file's folder")
    return path


def _round_trip(path: Path, seen: Sequence[Path]) -> str:
    if path not in seen:
        return f"goes through more than {MOST_FILES} files; put some of them together"
    return "goes round: " + " -> ".join(each.name for each in (*seen, path)) + "; let one file be the last"


def _rebase(data: object, folder: Path) -> None:
    """Make the paths of CSV files that a file in another folder names count from the first file's."""
    if isinstance(data, dict):
        if isinstance(data.get("csv"), str) and folder != Path():
            data["csv"] = (folder / data["csv"]).as_posix()
        for each in data.values():
            _rebase(each, folder)
    elif isinstance(data, list):
        for each in data:
            _rebase(each, folder)


def _put(result: Layered, place: Place, value: Any, at: Callable[[Place], Source]) -> None:
    """Lay a value over what is at a place; ``at`` tells the source of any place below it."""
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
    _set(result, place, value)
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


def is_one_value(place: Place) -> bool:
    """Tell whether a map is one value: those of the parts of a section, and the hours of one name."""
    if len(place) <= 2 or (len(place) == 3 and place[0] == OVERRIDES and place[-1] in _KIND_OF):
        return False
    is_amount = place[-2] in _OF_AMOUNTS
    return is_amount or place[-1] in _ONE_VALUE or place[:2] == ("calendar", "hours")


def _superseded(current: Mapping[str, Any], value: Mapping[str, Any]) -> list[str]:
    """Return the keys of a map that a layer above says in another way."""
    gone: list[str] = []
    for keys, instead in _INSTEAD:
        if keys & set(value):
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
    return _KIND_OF.get(str(place[0])) if len(place) == 2 else _KIND_BELOW.get(place[:-1])


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
                raise ValueError(f"is not among the {len(above)} of this list, counted from [0]")
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
        raise ValueError(f"is not among the {len(last)} of this list, counted from [0]")
    if isinstance(last, dict) and isinstance(place[-1], int):
        raise ValueError(_NO_LIST)
    if not isinstance(last, dict | list):
        raise ValueError("cannot be set: what is above it is one value, not a map; set that one whole")
