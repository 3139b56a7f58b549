"""Places in a scenario as people write them, ``groups.team.shifts[0].agents``, and files beside it."""

import re
from pathlib import Path
from typing import Final

from scenarios.problems import Place, shown

UNCERTAINTY: Final = "uncertainty"
"""The section whose keys are paths themselves."""
MOVES: Final = "moves"
"""The key of a change whose keys are paths themselves."""
_CHANGES_AT: Final = {"remedies": 2, "roadmap": 3}
"""How deep that key stands in the sections of changes: ``remedies.NAME.moves``."""
_OF_AMOUNT: Final = ("low", "expected", "high")
_PART = re.compile(r"\s*([^\[\]]*[^\[\]\s])\s*((?:\[[0-9]{1,6}\])*)\s*")


def place_of(path: str) -> Place:
    """Return the place that a path names; raises ValueError for what is none.

    ``uncertainty.streams.calls.arrivals`` has two parts: what follows the section is one key of it. So is
    what follows the ``moves`` of a change, but for a last ``low``, ``expected`` or ``high``.
    """
    parts: list[str | int] = []
    for part in path.split("."):
        match = _PART.fullmatch(part)
        if match is None or not part.isprintable():
            raise ValueError(
                f"{shown(path)} is not a path; write keys with points between, such as groups.team.agents"
            )
        parts += [match[1], *map(int, re.findall("[0-9]+", match[2]))]
    if parts[0] == UNCERTAINTY and len(parts) > 1:
        return UNCERTAINTY, path_text(tuple(parts[1:]))
    at = _CHANGES_AT.get(str(parts[0]), len(parts))
    return _with_parameter(parts, at) if parts[at : at + 1] == [MOVES] else tuple(parts)


def _with_parameter(parts: list[str | int], at: int) -> Place:
    """Return a place with the path of a parameter, which follows the key at ``at``, as one key."""
    above, rest = parts[: at + 1], parts[at + 1 :]
    amount = [rest.pop()] if len(rest) > 1 and rest[-1] in _OF_AMOUNT else []
    return (*above, *([path_text(tuple(rest))] if rest else []), *amount)


def path_text(place: Place) -> str:
    """Write a place as a path: ``streams.calls.arrivals.by_interval.mon-fri[3]``."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place)
    return text.removeprefix(".")


def confined(folder: Path, path: str | Path) -> Path:
    """Return the whole path of a file in a folder or below it; one that leads outside is refused."""
    # A path with a drive or a root is not even looked up: on Windows it may name another computer.
    rooted = bool(Path(path).anchor)
    try:
        inside, whole = folder.resolve(), folder if rooted else (folder / path).resolve()
    except (OSError, RuntimeError, ValueError) as error:
        raise ValueError(f"{shown(str(path))} cannot be used as a path: {error}") from None
    if rooted or not whole.is_relative_to(inside):
        raise ValueError(
            f"{str(path)!r} is outside the folder of the scenario; put the file there, or in a folder in it"
        )
    return whole
