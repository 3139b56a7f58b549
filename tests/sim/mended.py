"""Random scenarios as a person would leave them: what `careloop check` finds is mended, or left out."""

import re
from collections.abc import Iterable
from typing import Any, Final

import scenarios
from scenarios import Problem, ScenarioError

Mapping = dict[str, Any]
_ROUNDS: Final = 40
_THROWN_AWAY: Final = re.compile(r"queue '(.*?)' sends away at closing")
_PART: Final = re.compile(r"[^.\[\]]+")


def mended(mapping: Mapping) -> Mapping:
    """The mapping of a random scenario without what is found wrong with the life of its cases."""
    for _ in range(_ROUNDS):
        try:
            scenarios.from_dict(mapping)
            return mapping
        except ScenarioError as error:
            _mend(mapping, [problem for problem in error.problems if problem.severity == "error"])
    raise AssertionError("a random scenario cannot be mended")


def _mend(mapping: Mapping, problems: Iterable[Problem]) -> None:
    places = {problem.path: problem.message for problem in problems}
    # The last of a list first, so that those before it keep their places.
    for path in sorted(places, key=lambda each: [int(n) for n in re.findall(r"\d+", each)], reverse=True):
        if found := _THROWN_AWAY.search(places[path]):
            mapping["queues"][found[1]]["at_closing"] = "hold"
        elif "promises nothing" in places[path]:
            _set(mapping, f"{path}.resolution", "4 h")
        elif "no stream has tiers" in places[path]:
            _remove(mapping, path.removesuffix(".arr"))
        elif "would never be done" in places[path] and not path.startswith("paths."):
            _remove(mapping, re.sub(r"\.\w+$", "", path))
        elif path.endswith(".when.arr"):
            _set(mapping, path, "$50")
        else:
            _remove(mapping, path)


def _around(mapping: Mapping, path: str) -> tuple[Any, Any]:
    """The map or list that holds a path's last part, and that part."""
    *parts, last = _PART.findall(path)
    holder: Any = mapping
    for part in parts:
        holder = holder[int(part) if isinstance(holder, list) else part]
    return holder, int(last) if isinstance(holder, list) else last


def _set(mapping: Mapping, path: str, value: str) -> None:
    holder, last = _around(mapping, path)
    holder[last] = value


def _remove(mapping: Mapping, path: str) -> None:
    """Leave a part out, and the section that it was in if nothing else is."""
    holder, last = _around(mapping, path)
    if isinstance(holder, list) or last in holder:  # what is wrong in two ways is gone already
        del holder[last]
    for section in [name for name, part in mapping.items() if part in ({}, [])]:
        del mapping[section]
