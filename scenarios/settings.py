"""Settings of a command line: ``groups.team.agents=8``, and ranges ``groups.team.agents=8..16 by 2``."""

import itertools
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from scenarios.amounts import tidy
from scenarios.paths import place_of
from scenarios.problems import Place, shown
from scenarios.units import LARGEST
from scenarios.yaml_text import read_text

MOST_VALUES: Final = 100
_NUMBER: Final = r"([$€£¥₹]?-?[0-9]+(?:\.[0-9]+)?)"
_UNIT: Final = r"\s*([^0-9.\s][^0-9]*?)?\s*"
_RANGE = re.compile(rf"\s*{_NUMBER}{_UNIT}\.\.\s*{_NUMBER}{_UNIT}(?:\s+by\s+{_NUMBER}{_UNIT})?")


class Setting(NamedTuple):
    """One value to be set: where, what, and as it was written."""

    place: Place
    value: Any
    text: str


def settings_of(text: str) -> list[Setting]:
    """Return the settings that ``PATH=VALUE`` means: one, or one for each value of a range."""
    path, sign, written = text.partition("=")
    if not sign or not path.strip() or not written.strip():
        raise ValueError(f"{shown(text)} is not a setting; write PATH=VALUE, such as groups.team.agents=8")
    place = place_of(path.strip())
    return [Setting(place, _value(each), f"{path.strip()}={each}") for each in _values(written.strip())]


def combinations(texts: Sequence[str]) -> list[tuple[Setting, ...]]:
    """Return every combination of the settings that texts with ranges mean, the first varying slowest."""
    found = [settings_of(text) for text in texts]
    many = 1
    for each in found:
        many *= len(each)
    if many > MOST_VALUES:
        raise ValueError(f"the ranges have {many} combinations; at most {MOST_VALUES} are run")
    return list(itertools.product(*found))


def _value(text: str) -> Any:
    """Return what a value means, written as in a file."""
    document = read_text(f"value: {text}" if "\n" not in text else text)
    data = document.data
    if document.found or not isinstance(data, dict) or set(data) != {"value"}:
        why = f": {document.found[0].message}" if document.found else ""
        raise ValueError(f"{shown(text)} is no value{why}; write it as in the file")
    return data["value"]


def _values(text: str) -> Iterator[str]:
    """Yield the values of a range, or the text itself."""
    match = _RANGE.fullmatch(text)
    if match is None:
        yield text
        return
    first, unit, last, last_unit, step, step_unit = match.groups()
    units = {each for each in (unit, last_unit, step_unit) if each}
    if len(units) > 1:
        raise ValueError(f"{shown(text)} has more than one unit; write a range in one")
    yield from _steps(text, (first, last, step or "1"), (unit or last_unit or step_unit or ""))


def _steps(text: str, numbers: tuple[str, str, str], unit: str) -> Iterator[str]:
    sign = numbers[0][0] if not numbers[0][0].lstrip("-").isdigit() and numbers[0][0] != "-" else ""
    low, high, by = (float(each.lstrip("$€£¥₹")) for each in numbers)
    if by <= 0 or high < low or high > LARGEST:
        raise ValueError(
            f"{shown(text)} is no range; write LOW..HIGH, or LOW..HIGH by STEP, upwards to {LARGEST:g}"
        )
    count = int((high - low) / by + 1e-9) + 1
    if count > MOST_VALUES:
        raise ValueError(f"{shown(text)} has {count} values; at most {MOST_VALUES} are run. Add 'by STEP'")
    space = "" if unit in ("", "%") or unit.startswith("/") else " "
    for i in range(count):
        yield f"{sign}{tidy(low + i * by)}{space}{unit}"
