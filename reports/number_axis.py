"""Axes of numbers, shares and times, straight or logarithmic, with marks at round places.

On a logarithmic axis places are logarithms to base 10; `place` tells where a value is.
"""

import math
from collections.abc import Iterable
from typing import Final, Literal

from reports.svg_chart import Axis, percent_axis

Kind = Literal["number", "share", "time"]

_UP_AT_MOST: Final = 5  # steps of an upright axis
_ALONG_AT_MOST: Final = 7
_MINUTE, _HOUR, _DAY = 60.0, 3600.0, 86_400.0
_TIME_STEPS: Final = (
    *(1.0, 2.0, 5.0, 10.0, 15.0, 20.0, 30.0),
    *(n * _MINUTE for n in (1, 2, 5, 10, 15, 20, 30)),
    *(n * _HOUR for n in (1, 2, 3, 6, 12)),
)
_TIME_DECADES: Final = (
    1e-3,
    0.01,
    0.1,
    1.0,
    10.0,
    _MINUTE,
    600.0,
    _HOUR,
    _DAY,
    10 * _DAY,
    100 * _DAY,
    1000 * _DAY,
)
_TIME_PARTS: Final = tuple(
    n * unit
    for unit, numbers in (
        (0.1, (1, 2, 5)),
        (1.0, (1, 2, 5, 10, 20, 30)),
        (_MINUTE, (1, 2, 5, 10, 20, 30)),
        (_HOUR, (1, 2, 5, 12)),
        (_DAY, (1, 2, 5, 10, 20, 50, 100, 200, 500)),
    )
    for n in numbers
)  # fmt: skip
_FEW: Final = 4  # marks: with fewer, smaller steps are marked as well
_MANY: Final = 9
_LONG: Final = 2e4  # steps: from here on numbers would need more room than there is beside a chart
_EDGE: Final = 0.035  # of an axis: a label nearer to its end would be cut


def upright(low: float, high: float, kind: Kind) -> Axis:
    """An axis from 0, or from below it if there are values there, both ends at round numbers."""
    if kind == "share" and low >= 0 and 0.5 < high <= 1.0:
        return percent_axis()
    bottom, top = min(low, 0.0), max(high, 0.0)
    if top <= bottom:
        top = bottom + 1.0
    step = _step(top - bottom, kind, _UP_AT_MOST)
    first, last = math.floor(bottom / step + 1e-9), math.ceil(top / step - 1e-9)
    marks = tuple(n * step for n in range(first, last + 1))
    return Axis(marks[0], marks[-1], marks, tuple((m, _label(m, step, kind)) for m in marks))


def between(low: float, high: float, kind: Kind, steps_at_most: int = _UP_AT_MOST) -> Axis:
    """An upright axis between round numbers, which need not begin at 0: where small changes are what counts.

    Shares end at 0 and 100 %; what is never below 0 begins at 0 at the least.
    """
    wide = (high - low) or abs(high) or 1.0
    middle = (high + low) / 2
    bottom, top = min(low, middle - wide / 2), max(high, middle + wide / 2)
    step = _step(top - bottom, kind, steps_at_most - 1)
    first, last = math.floor(bottom / step + 1e-9), math.ceil(top / step - 1e-9)
    if low >= 0:
        first = max(first, 0)
    if kind == "share" and high <= 1.0:
        last = min(last, math.floor(1.0 / step + 1e-9))
    marks = tuple(n * step for n in range(first, max(last, first + 1) + 1))
    return Axis(marks[0], marks[-1], marks, tuple((m, _label(m, step, kind)) for m in marks))


def along(low: float, high: float, kind: Kind) -> Axis:
    """An axis from the least to the greatest value, or from 0 if that is near."""
    if 0 < low < 0.25 * high:
        low = 0.0
    if high <= low:
        low, high = low - 0.5, high + 0.5
    step = _step(high - low, kind, _ALONG_AT_MOST)
    steps = range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)
    labels = [(min(max(n * step, low), high), _label(n * step, step, kind)) for n in steps]
    return Axis(low, high, tuple(at for at, _ in labels), _labelled(labels, low, high))


def logarithmic(low: float, high: float, kind: Kind) -> Axis:
    """A logarithmic axis between two values above 0."""
    if high <= low:
        low, high = low / 2, high * 2
    inside = [m for m in _log_marks(low, high, kind) if low * (1 - 1e-9) <= m <= high * (1 + 1e-9)]
    marks = [(m, _label(m, m, kind)) for m in inside]
    if len(marks) < 2:  # too narrow for round powers
        step = _step(high - low, kind, _ALONG_AT_MOST)
        steps = range(max(math.ceil(low / step), 1), math.floor(high / step) + 1)
        marks = [(n * step, _label(n * step, step, kind)) for n in steps]
    first, last = math.log10(low), math.log10(high)
    labels = tuple((math.log10(m), label) for m, label in marks)
    return Axis(first, last, tuple(at for at, _ in labels), _labelled(labels, first, last))


def with_ticks(axis: Axis, ticks: Iterable[tuple[float, str]]) -> Axis:
    """The axis with labels of its own; those that lie outside of it are left out."""
    inside = tuple((at, label) for at, label in ticks if axis.low <= at <= axis.high)
    return axis._replace(grid=tuple(at for at, _ in inside), labels=inside)


def place(value: float, log: bool) -> float:
    """Where a value is on an axis; NaN if nowhere."""
    if not math.isfinite(value) or (log and value <= 0):
        return math.nan
    return math.log10(value) if log else value


def _labelled(labels: Iterable[tuple[float, str]], low: float, high: float) -> tuple[tuple[float, str], ...]:
    return tuple((at, label) for at, label in labels if at <= high - _EDGE * (high - low))


def _log_marks(low: float, high: float, kind: Kind) -> list[float]:
    """Powers of ten (of time: what people count in), and parts of them where these are few."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    coarse = list(_TIME_DECADES) if kind == "time" else [10.0**p for p in powers]
    fine = list(_TIME_PARTS) if kind == "time" else [n * 10.0**p for p in powers for n in (1, 2, 5)]
    inside = [m for m in coarse if low <= m <= high]
    if len(inside) >= _FEW:
        return inside[:: -(-len(inside) // _MANY)]
    return fine


def _step(span: float, kind: Kind, at_most: int) -> float:
    """The least round step of which at most so many make up the span."""
    rough = span / at_most
    if kind == "time" and 1.0 <= rough <= _TIME_STEPS[-1]:
        return next(s for s in _TIME_STEPS if s >= rough * (1 - 1e-9))
    unit = _DAY if kind == "time" and rough > _TIME_STEPS[-1] else 1.0
    return unit * _round_up(rough / unit)


def _round_up(value: float) -> float:
    """The next of 1, 2 or 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(value))
    return next(m * power for m in (1.0, 2.0, 5.0, 10.0) if m * power >= value * (1 - 1e-9))


def _label(value: float, step: float, kind: Kind) -> str:
    """A mark in words, to the places that its step needs."""
    if kind == "time":
        return _time_label(value, step)
    if kind == "share":
        return f"{value:.{_places(step * 100)}%}".replace("-", "−")
    unit, size = ("M", 1e6) if step >= 1e6 else ("k", 1e3) if step >= _LONG else ("", 1.0)
    text = f"{value / size:,.{_places(step / size)}f}".replace("-", "−")
    return f"{text}{unit}" if value else text


def _time_label(value: float, step: float) -> str:
    if value == 0:
        return "0"
    size, name = next(
        (size, name)
        for size, name in ((_DAY, "d"), (_HOUR, "h"), (_MINUTE, "min"), (0.0, "s"))
        if step >= size
    )
    count = value / (size or 1.0)
    return f"{count:,.{_places(step / (size or 1.0))}f} {name}".replace("-", "−")


def _places(step: float) -> int:
    """Decimals that tell multiples of a step apart."""
    if step <= 0:
        return 0
    return next((n for n in range(7) if abs(step * 10**n - round(step * 10**n)) < 1e-6 * 10**n * step), 7)
