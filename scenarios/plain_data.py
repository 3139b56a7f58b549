"""A Python mapping -> the same plain data that a YAML text gives, for scenarios built in code."""

import math
from collections.abc import Mapping
from datetime import date

from scenarios.problems import Place, shown
from scenarios.yaml_text import DEEPEST, MOST_VALUES, Document, Null, is_printable

_LARGEST_WHOLE = 10**18  # above it, a whole number of a YAML text is read as a fraction


def from_mapping(mapping: Mapping[str, object]) -> Document:
    """Return a mapping as plain data; what no YAML file could say is in ``found``."""
    document = Document()
    document.data = _plain(document, mapping, ())
    if document.values > MOST_VALUES:  # of what is cut short, nothing else is worth telling
        document.data, document.found = None, [each for each in document.found if each.place == ()]
    return document


def _plain(document: Document, value: object, place: Place) -> object:
    """Return a value with text keys and dates as text, or None and a finding for what cannot be used."""
    document.values += 1
    if document.values > MOST_VALUES:  # a map that holds itself twice would go on for ever
        if document.values == MOST_VALUES + 1:
            document.note((), f"has more than {MOST_VALUES} values")
        return None
    if len(place) > DEEPEST:
        document.note(place[:DEEPEST], f"is nested more than {DEEPEST} levels deep")
        return None
    if isinstance(value, Mapping):
        keys = _keys(document, value, place)
        return {key: _plain(document, each, (*place, key)) for key, each in keys.items()}
    if isinstance(value, list | tuple):
        return [_plain(document, each, (*place, i)) for i, each in enumerate(value)]
    return _scalar(document, value, place)


def _keys(document: Document, value: Mapping[object, object], place: Place) -> dict[str, object]:
    """Return a mapping with its keys as text; those that no file could have are findings."""
    texts = {str(key): each for key, each in value.items()}
    good = {key: each for key, each in texts.items() if key.isprintable() and key.strip()}
    if len(good) < len(value):
        document.note(place, "has keys that are no text, or alike; a key must be one line of plain text")
    return good


def _scalar(document: Document, value: object, place: Place) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        document.note(place, f"{value!r} is not a number that can be used; write a plain one")
    elif isinstance(value, int) and abs(value) >= _LARGEST_WHOLE:
        document.note(place, f"is a number above {_LARGEST_WHOLE:.0e}, larger than any here")
    elif isinstance(value, str) and not is_printable(value):
        document.note(place, f"{shown(value)} has a character that cannot be printed; remove it")
    elif isinstance(value, str | bool | int | float):
        return value
    elif value is None:
        return Null.NULL
    else:
        document.note(place, f"{shown(value)} is not text, a number, a list or a map")
    return None
