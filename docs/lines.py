"""A chart of a few lines with their intervals, each named at its end, in one picture that stands alone."""

from collections.abc import Callable, Sequence
from html import escape
from typing import Final, NamedTuple

from docs.picture import STYLE

_WIDTH: Final = 900
_HEIGHT: Final = 400
_LEFT, _RIGHT = 70, 640  # of the plot; names stand right of it
_TOP, _FLOOR = 84, 340
_INSET: Final = 44  # of the first and the last point
_APART: Final = 34  # between names, in pixels
_LINES: Final = """.line{stroke-width:2.4}.line.third{stroke:#3f8f5f}
.whisker{fill:none;stroke-width:1.4}.first{stroke:#1f5fa8}.second{stroke:#d9822b}.third{stroke:#3f8f5f}
.dot{stroke:#fff;stroke-width:1.5}.dot.first,.name.first{fill:#1f5fa8}.dot.second,.name.second{fill:#b3661b}
.dot.third,.name.third{fill:#3f8f5f}.name{font-size:13px;font-weight:600;stroke:none}
.title{font-size:17px;font-weight:600;fill:#1b2530}.sub{font-size:13px}
"""


class Line(NamedTuple):
    """Values at the places of x with their intervals; `style` is its colour: first, second or third."""

    name: str  # may have a second row after a newline
    style: str
    values: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]


class Lines(NamedTuple):
    """A chart: places of x with their names, the grid of y, and how its values are written."""

    title: str
    sub: str
    x_label: str
    ticks: tuple[str, ...]
    lines: tuple[Line, ...]
    grid: tuple[float, ...]  # ascending; its ends are those of the axis
    write: Callable[[float], str]


def drawn(chart: Lines) -> str:
    """The chart as an SVG document."""
    parts = [*_frame(chart), *(text for line in chart.lines for text in _line(chart, line)), *_names(chart)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        f'width="{_WIDTH}" height="{_HEIGHT}" role="img">\n<title>{escape(chart.title)}</title>\n'
        f"<style>{STYLE}{_LINES}</style>\n"
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>\n' + "\n".join(parts) + "\n</svg>\n"
    )


def _x(chart: Lines, n: int) -> float:
    return _LEFT + _INSET + n * (_RIGHT - _LEFT - 2 * _INSET) / (len(chart.ticks) - 1)


def _y(chart: Lines, value: float) -> float:
    low, high = chart.grid[0], chart.grid[-1]
    return _FLOOR - (value - low) / (high - low) * (_FLOOR - _TOP)


def _frame(chart: Lines) -> list[str]:
    found = [
        f'<text class="title" x="24" y="32">{escape(chart.title)}</text>',
        f'<text class="sub" x="24" y="56">{escape(chart.sub)}</text>',
    ]
    for value in chart.grid:
        y = _y(chart, value)
        found.append(f'<path class="grid" d="M{_LEFT} {y:.1f}H{_RIGHT}"/>')
        found.append(
            f'<text class="tick end" x="{_LEFT - 8}" y="{y + 4:.1f}">{escape(chart.write(value))}</text>'
        )
    for n, tick in enumerate(chart.ticks):
        at = f'x="{_x(chart, n):.1f}" y="{_FLOOR + 20}"'
        found.append(f'<text class="tick middle" {at}>{escape(tick)}</text>')
    middle = (_LEFT + _RIGHT) / 2
    found.append(
        f'<text class="sub middle" x="{middle:.1f}" y="{_FLOOR + 44}">{escape(chart.x_label)}</text>'
    )
    return found


def _line(chart: Lines, line: Line) -> list[str]:
    """Whiskers, then the line, then its dots."""
    places = [(_x(chart, n), _y(chart, value)) for n, value in enumerate(line.values)]
    found = [
        f'<path class="whisker {line.style}" d="M{x:.1f} {_y(chart, low):.1f}V{_y(chart, high):.1f}"/>'
        for (x, _), low, high in zip(places, line.low, line.high, strict=True)
    ]
    course = "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
    found.append(f'<path class="line {line.style}" d="M{course}"/>')
    found += [f'<circle class="dot {line.style}" cx="{x:.1f}" cy="{y:.1f}" r="4"/>' for x, y in places]
    x, y = places[0]
    first = escape(chart.write(line.values[0]))
    return [*found, f'<text class="name {line.style} middle" x="{x:.1f}" y="{y - 9:.1f}">{first}</text>']


def _names(chart: Lines) -> list[str]:
    """The names at the right ends of their lines, not on each other."""
    ends = sorted(chart.lines, key=lambda line: _y(chart, line.values[-1]))
    wanted = [_y(chart, line.values[-1]) for line in ends]
    found = []
    for line, y in zip(ends, spread_out(wanted, _APART), strict=True):
        for row, words in enumerate(line.name.split("\n")):
            at = f'x="{_RIGHT + 6}" y="{y + 15 * row:.1f}"'
            found.append(f'<text class="name {line.style}" {at}>{escape(words)}</text>')
    return found


def spread_out(places: Sequence[float], apart: float) -> list[float]:
    """Ascending places moved as little as they must to be so far apart, around their middle."""
    if not places:
        return []
    found = list(places)
    for i in range(1, len(found)):
        found[i] = max(found[i], found[i - 1] + apart)
    moved = sum(found) / len(found) - sum(places) / len(places)
    return [place - moved for place in found]
