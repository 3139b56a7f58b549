"""Random changes to plain data and to text that keep most of the rest as it should be."""

import random
import re
import string
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, Final

from tests.scenarios.fuzz_material import ODD_TEXT, ODD_VALUES, SCENARIOS

_CHARACTERS: Final = (
    *string.printable,
    *"\u2028\u202e\ud800\x00²１é€≥",
    "9" * 30,
    "<<: ",
    "!!x ",
    "&a ",
    "*a",
)


class At:
    """A place in plain data: a container and a key in it."""

    def __init__(self, holder: Any, key: Any) -> None:
        self.holder, self.key = holder, key

    @property
    def value(self) -> Any:
        """What is there."""
        return self.holder[self.key]

    @value.setter
    def value(self, value: Any) -> None:
        self.holder[self.key] = value


def copied(value: Any) -> Any:
    """Return a copy of plain data down to its leaves."""
    if isinstance(value, dict):
        return {key: copied(each) for key, each in value.items()}
    return [copied(each) for each in value] if isinstance(value, list) else value


def places(data: Any) -> Iterator[At]:
    """Yield every place below plain data."""
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in items:
        yield At(data, key)
        yield from places(value)


@cache
def _stock() -> tuple[tuple[Any, ...], tuple[str, ...]]:
    """Return all values of all scenarios, and all keys."""
    found = [at for data in SCENARIOS for at in places(data)]
    keys = dict.fromkeys(at.key for at in found if isinstance(at.key, str))
    return tuple(at.value for at in found), tuple(keys)


@cache
def _by_key() -> dict[Any, list[Any]]:
    """Return the values of all scenarios by their key."""
    found: dict[Any, list[Any]] = {}
    for data in SCENARIOS:
        for at in places(data):
            found.setdefault(at.key, []).append(at.value)
    return found


def odd_value(rng: random.Random) -> Any:
    """Return a value that may be anything."""
    some = rng.choice((ODD_TEXT, ODD_VALUES, _stock()[0]))
    return copied(rng.choice(some))


def odd_text(text: str, rng: random.Random) -> str:
    """Return a text with one of its numbers, words or characters changed."""
    at = rng.randrange(len(text) + 1)
    match rng.randrange(4):
        case 0 if re.search(r"\d", text):
            number = rng.choice(("0", "-1", "1.5", "1e9", "100", "9" * 25, "007", "1e-320", ".5"))
            found = rng.choice([*re.finditer(r"[\d.]+", text)])
            return f"{text[: found.start()]}{number}{text[found.end() :]}"
        case 1:
            return text[:at] + text[at + rng.randint(1, 4) :]
        case 2:
            beside = rng.choice(ODD_TEXT)
            return f"{text} {beside}" if rng.random() < 0.5 else f"{beside} {text}"
        case _:
            return f"{text[:at]}{rng.choice(_CHARACTERS)}{text[at:]}"


def _delete(data: Any, at: At, rng: random.Random) -> None:
    del at.holder[at.key]


def _replace(data: Any, at: At, rng: random.Random) -> None:
    at.value = odd_value(rng)


def _spoil(data: Any, at: At, rng: random.Random) -> None:
    seen = at.value
    if isinstance(seen, str):
        at.value = odd_text(seen, rng)
    elif isinstance(seen, int | float):
        at.value = rng.choice(
            (-seen, seen * 1000, seen // 3, str(seen), f"{seen}%", f"{seen} s", [seen], bool(seen))
        )
    elif isinstance(seen, list):
        seen.insert(rng.randint(0, len(seen)), odd_value(rng))
    elif isinstance(seen, dict):
        seen[rng.choice(_stock()[1])] = odd_value(rng)
    else:
        at.value = odd_value(rng)


def _graft(data: Any, at: At, rng: random.Random) -> None:
    """Put what another scenario has under the same key."""
    at.value = copied(rng.choice(_by_key().get(at.key, (at.value,))))


def _duplicate(data: Any, at: At, rng: random.Random) -> None:
    if isinstance(at.holder, list):
        at.holder.append(copied(at.value))
    else:
        at.holder[rng.choice((f"{at.key}2", str(at.key).upper(), odd_text(str(at.key), rng)))] = copied(
            at.value
        )


def _rename(data: Any, at: At, rng: random.Random) -> None:
    if isinstance(at.holder, dict):
        value = at.holder.pop(at.key)
        at.holder[rng.choice((odd_text(str(at.key), rng), rng.choice(_stock()[1]), rng.choice(ODD_TEXT)))] = (
            value
        )


def _swap(data: Any, at: At, rng: random.Random) -> None:
    other = rng.choice(list(places(data)))
    at.value, other.value = copied(other.value), copied(at.value)


def _wrap(data: Any, at: At, rng: random.Random) -> None:
    at.value = rng.choice(([at.value], {"csv": at.value}, {rng.choice(_stock()[1]): at.value}))


_CHANGES: Final[tuple[Callable[[Any, At, random.Random], None], ...]] = (
    _delete,
    *[_replace] * 2,
    *[_spoil] * 4,
    *[_graft] * 6,
    _duplicate,
    _rename,
    _swap,
    _wrap,
)


def mutated_data(data: Any, rng: random.Random, most: int = 3) -> Any:
    """Return plain data with one to ``most`` changes."""
    data = copied(data)
    for _ in range(rng.randint(1, most)):
        found = list(places(data))
        if found:
            rng.choice(_CHANGES)(data, rng.choice(found), rng)
    return data


def mutated_text(text: str, rng: random.Random) -> str:
    """Return a text with one to four changes of a line, a word or a character."""
    for _ in range(rng.randint(1, 4)):
        lines = text.split("\n")
        i = rng.randrange(len(lines))
        match rng.randrange(6):
            case 0:
                del lines[i]
            case 1:
                lines.insert(i, lines[rng.randrange(len(lines))])
            case 2:
                words = lines[i].split(" ")
                words[rng.randrange(len(words))] = rng.choice(ODD_TEXT)
                lines[i] = " ".join(words)
            case 3:
                lines[i] = lines[i][: rng.randrange(len(lines[i]) + 1)]
            case 4:
                lines[i] = odd_text(lines[i], rng)
            case _:
                lines[i] = rng.choice(("  ", " ", "", "\t")) + lines[i].lstrip(" ")
        text = "\n".join(lines) or "x"
    return text
