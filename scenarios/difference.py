"""What differs between two scenarios, as lines for people.

``streams.calls.arrivals: all 66 rates × 0.8``, ``groups.team.agents mon-fri 08:00-12:00: 5 → 7``,
``queues.mail.interruptible: true → false``, ``queues.chat: added``. Numbers that all change by one factor
or one summand make one line.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, pairwise
from math import isclose
from typing import Any, Final, NamedTuple

from scenarios.model import DAY_NAMES, Scenario
from scenarios.paths import UNCERTAINTY
from scenarios.resolved import plain_data
from scenarios.sections import LIFE, PARTS_BELOW, PLAN, SECTIONS
from scenarios.units import plain_number
from scenarios.week import ALL_DAY, Step, WeekSteps, Window, window_text
from scenarios.yaml_out import one_line

MOST_LINES: Final = 40
_LONGEST: Final = 70  # characters of a value
_FEW: Final = 2  # changes that are listed even where one factor would tell them
_ROUNDING: Final = 1e-12  # a rate that was scaled to a volume is rarely the same to the last bit
_NONE: Final = "none"
_EVERY_DAY: Final = 7
_NAMED: Final = (
    *SECTIONS,
    *LIFE,
    *PLAN,
    *PARTS_BELOW,
    "calendar.hours",
)  # maps whose keys are names of parts
_LINES: Final = ("roadmap.targets",)  # lists that are told line by line


class _Week(NamedTuple):
    """A weekly profile in the place of its text; ``what`` its numbers are."""

    steps: WeekSteps
    what: str


class _Piece(NamedTuple):
    """A piece of a weekday on which both profiles are constant."""

    weekday: int
    window: Window
    old: float
    new: float


def difference(first: Scenario, second: Scenario, most: int = MOST_LINES) -> list[str]:
    """Return a line for each thing in which the second scenario differs; beyond ``most`` only how many."""
    lines = list(_of_maps("", _data(first), _data(second)))
    if len(lines) <= most:
        return lines
    return [*lines[:most], f"and {len(lines) - most} more"]


def _data(scenario: Scenario) -> dict[str, Any]:
    """Return the plain data of a scenario with its profiles as steps."""
    data = {"uncertainty": {}, **plain_data(scenario)}
    data["run"].setdefault("uncertainty", scenario.run.uncertainty)
    for name, stream in scenario.streams.items():
        if stream.arrivals.sinusoid is None:
            arrivals = data["streams"][name]["arrivals"]
            arrivals["by_interval"] = _Week(stream.arrivals.steps, "rates")
    for name, group in scenario.groups.items():
        if group.agents is not None:
            data["groups"][name]["agents"] = _Week(group.agents, "numbers")
    return data


def _of(path: str, old: Any, new: Any) -> Iterator[str]:
    """Yield the lines of two values at one place."""
    if old == new:
        return
    if isinstance(old, _Week) and isinstance(new, _Week):
        yield from _of_weeks(path.removesuffix(".by_interval"), old, new)
    elif _are_parts(path, old, new):
        yield from _of_maps(path, old, new)
    elif path in _LINES and isinstance(old, list) and isinstance(new, list):
        yield from (f"{path}: removed: {line}" for line in old if line not in new)
        yield from (f"{path}: added: {line}" for line in new if line not in old)
    elif _are_numbers(old) and _are_numbers(new) and len(old) == len(new):
        yield from _of_numbers(path, old, new)
    elif _are_maps(old) and _are_maps(new) and len(old) == len(new):
        for i, pair in enumerate(zip(old, new, strict=True)):
            yield from _of(f"{path}[{i}]", *pair)
    else:
        yield f"{path}: {_shown(old)} → {_shown(new)}"


def _are_parts(path: str, old: Any, new: Any) -> bool:
    """Tell whether two maps are told key by key: those with a key in common, and uncertain numbers."""
    are_maps = isinstance(old, Mapping) and isinstance(new, Mapping)
    return are_maps and (path == UNCERTAINTY or bool(old.keys() & new.keys()))


def _of_maps(path: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines of two maps, in the order of their keys; new ones come last."""
    for key in (*old, *(key for key in new if key not in old)):
        place = f"{path}.{key}" if path else key
        named = path in _NAMED
        if named and key not in new:
            yield f"{place}: removed"
        elif named and key not in old:
            yield f"{place}: added"
        else:
            yield from _of(place, old.get(key), new.get(key))


def _are_numbers(value: object) -> bool:
    return isinstance(value, list) and len(value) > _FEW and all(_is_number(each) for each in value)


def _are_maps(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, Mapping) for each in value)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _of_numbers(path: str, old: Sequence[float], new: Sequence[float]) -> Iterator[str]:
    changed = [(a, b) for a, b in zip(old, new, strict=True) if a != b]
    step = _one_step(changed) if len(changed) > _FEW else None
    if step is None:
        yield f"{path}: {_shown(old)} → {_shown(new)}"
    else:
        yield f"{path}: {_how_many(len(changed), len(old), 'numbers')} {step}"


def _of_weeks(path: str, old: _Week, new: _Week) -> Iterator[str]:
    """Yield one line for a factor or a summand, else one for each window that differs."""
    pieces = list(_pieces(old.steps, new.steps))
    changed = [piece for piece in pieces if not isclose(piece.old, piece.new, rel_tol=_ROUNDING)]
    windows = list(_windows(changed))
    step = _one_step([(p.old, p.new) for p in changed])
    if step is not None and len(windows) > _FEW:
        alive = [piece for piece in pieces if piece.old or piece.new]
        yield f"{path}: {_how_many(len(changed), len(alive), old.what)} {step}"
        return
    unit = " per hour" if old.what == "rates" else ""
    for when, a, b in windows:
        yield f"{path}{when}: {_short(a)} → {_short(b)}{unit}"


def _how_many(changed: int, total: int, what: str) -> str:
    return f"all {total} {what}" if changed == total else f"{changed} of {total} {what}"


def _one_step(changed: Sequence[tuple[float, float]]) -> str | None:
    """Return the one factor or summand that leads from all old numbers to the new ones, if there is one."""
    for sign, of in (("×", _quotient), ("+", _summand)):
        found = [of(a, b) for a, b in changed]
        first = found[0] if found else None
        if first is not None and all(f is not None and isclose(f, first, rel_tol=1e-9) for f in found):
            return f"{'−' if first < 0 else sign} {_short(abs(first))}"
    return None


def _short(value: float) -> str:
    return plain_number(float(f"{value:.6g}"))


def _quotient(old: float, new: float) -> float | None:
    return new / old if old > 0 else None


def _summand(old: float, new: float) -> float:
    return new - old


def _pieces(old: WeekSteps, new: WeekSteps) -> Iterator[_Piece]:
    """Cut both profiles at the edges of either; where one has no step, its value is zero."""
    for weekday in range(7):
        one, other = (tuple(s for s in steps if s.weekday == weekday) for steps in (old, new))
        edges = sorted({edge for step in (*one, *other) for edge in (step.start_s, step.end_s)})
        for start, end in pairwise(edges):
            yield _Piece(weekday, Window(start, end), _value(one, start), _value(other, start))


def _value(steps: Sequence[Step], at_s: int) -> float:
    return next((step.value for step in steps if step.start_s <= at_s < step.end_s), 0.0)


def _windows(changed: Sequence[_Piece]) -> Iterator[tuple[str, float, float]]:
    """Yield when (days and times, nothing for always), old and new: alike neighbours and days together."""
    of_days: dict[tuple[Window, float, float], list[int]] = {}
    for weekday, each in groupby(changed, key=_weekday):
        for window, old, new in _joined(list(each)):
            of_days.setdefault((window, old, new), []).append(weekday)
    for (window, old, new), days in of_days.items():
        text = "" if len(days) == _EVERY_DAY else f" {_days_text(days)}"
        yield f"{text}{'' if window == ALL_DAY else f' {window_text(window)}'}", old, new


def _weekday(piece: _Piece) -> int:
    return piece.weekday


def _joined(pieces: Sequence[_Piece]) -> Iterator[tuple[Window, float, float]]:
    """Yield the pieces of a day, neighbours with the same change as one."""
    start = 0
    for n, piece in enumerate(pieces, 1):
        follower = pieces[n] if n < len(pieces) else None
        alike = follower and (follower.window.start_s, *follower[2:]) == (piece.window.end_s, *piece[2:])
        if not alike:
            yield Window(pieces[start].window.start_s, piece.window.end_s), piece.old, piece.new
            start = n


def _days_text(days: Sequence[int]) -> str:
    """Write weekdays as in files: ``mon-fri, sun``."""
    runs: list[list[int]] = []
    for day in days:
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ", ".join("-".join(dict.fromkeys((DAY_NAMES[run[0]], DAY_NAMES[run[-1]]))) for run in runs)


def _shown(value: Any) -> str:
    """Write a value on one line that is not too long."""
    if value is None:
        return _NONE
    text = value if isinstance(value, str) else _written(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."


def _written(value: Any) -> str:
    if isinstance(value, _Week):
        return f"{len(value.steps)} {value.what} of a week"
    return one_line({k: _plain(v) for k, v in value.items()} if isinstance(value, Mapping) else value)


def _plain(value: Any) -> Any:
    return _written(value) if isinstance(value, _Week) else value
