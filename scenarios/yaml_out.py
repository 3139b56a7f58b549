"""Plain data -> YAML text for people: blocks at the top, small maps and lists on one line.

Only text, numbers, true/false, lists and maps with text keys; ``yaml_text.read_text`` reads them back.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from scenarios.problems import Place

WIDTH: Final = 110
_SAFE = re.compile(r"[A-Za-z_][A-Za-z0-9_ ./%-]*|[0-9]+(\.[0-9]+)?(%|%? [A-Za-z][A-Za-z0-9 ./%-]*)")
_RESERVED: Final = {"null", "true", "false", "nan", "inf", "yes", "no", "on", "off", "y", "n"}


class Line(NamedTuple):
    """A line of text, and the place of the entry that it shows (all of it, or the first line of it)."""

    text: str
    place: Place


def yaml_text(data: Mapping[str, object]) -> str:
    """Return the YAML text of a map."""
    return "".join(f"{line.text}\n" for line in yaml_lines(data))


def yaml_lines(data: Mapping[str, object], place: Place = ()) -> Iterator[Line]:
    """Yield the lines of a map that is found at a place, one entry each.

    What does not fit on a line becomes a block below.
    """
    indent = 2 * len(place)
    for key, value in data.items():
        here = (*place, key)
        start = " " * indent + f"{_scalar(key)}:"
        line = f"{start} {one_line(value)}"
        if isinstance(value, Mapping) and value and (indent < 4 or len(line) > WIDTH):
            yield Line(start, here)
            yield from yaml_lines(value, here)
        elif isinstance(value, list) and len(line) > WIDTH:
            yield Line(start, here)
            yield from (Line(text, here) for text in _long_list(value, indent + 2))
        else:
            yield Line(line, here)


def _long_list(values: list[object], indent: int) -> Iterator[str]:
    """Yield a list as lines of at most the usual width, in brackets."""
    line = " " * indent + "["
    for i, value in enumerate(values):
        item = one_line(value) + ("]" if i == len(values) - 1 else ",")
        if len(line) + len(item) > WIDTH:
            yield line.rstrip()
            line = " " * (indent + 1)
        line += item + " "
    yield line.rstrip()


def one_line(value: object) -> str:
    """Return the YAML text of a value on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_scalar(key)}: {one_line(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(one_line(each) for each in value) + "]"
    return _scalar(value)


def _scalar(value: object) -> str:
    """Return a scalar; text in quotes unless it can be taken for nothing else."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return repr(value)
    safe = _SAFE.fullmatch(value) and value == value.rstrip() and value.lower() not in _RESERVED
    return value if safe else json.dumps(value, ensure_ascii=False)
