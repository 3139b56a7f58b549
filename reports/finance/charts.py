"""The pictures of a business case as SVG: the bridge as a waterfall, the tornado. Pure functions.

Colours and fonts come from the page (`page.css`), by class. Rows go from top to bottom: names need room.
"""

from collections.abc import Sequence
from html import escape
from typing import Final, NamedTuple

from reports.wording import isolated, shortened

WIDE: Final = 760.0
_ROW: Final = 26.0
_THICK: Final = 16.0
_LABELS: Final = 216.0  # room for names
_VALUES: Final = 96.0  # room for a value beside the outermost bar
_LETTERS: Final = 34
_PAD: Final = 6.0


class Span(NamedTuple):
    """A row: a bar from one amount to another, and what is written beside it."""

    label: str
    first: float
    last: float
    words: str
    style: str  # first (a sum), more, less


class Scale(NamedTuple):
    """From amounts to places."""

    low: float
    high: float

    def at(self, amount: float) -> float:
        wide = WIDE - _LABELS - 2 * _VALUES
        return _LABELS + _VALUES + wide * (amount - self.low) / (self.high - self.low)


def svg(key: str, title: str, rows: Sequence[Span], zero: float = 0.0) -> str:
    """Rows of bars with a line at `zero`, as an SVG element. All text is escaped."""
    ends = [zero, *(row.first for row in rows), *(row.last for row in rows)]
    low, high = min(ends), max(ends)
    scale = Scale(low, high if high > low else low + 1.0)
    height = _ROW * len(rows) + 2 * _PAD
    told = "; ".join(f"{row.label}: {row.words}" for row in rows)
    name, x = escape(key), scale.at(zero)
    return (
        f'<svg class="chart" viewBox="0 0 {WIDE:g} {height:g}" role="img" '
        f'aria-labelledby="{name}-t {name}-d"><title id="{name}-t">{_text(title)}</title>'
        f'<desc id="{name}-d">{_text(told)}</desc>'
        f'<path class="grid" d="M{x:.1f} 0V{height:g}"/>'
        + "".join(_row(row, _PAD + _ROW * n, scale) for n, row in enumerate(rows))
        + "</svg>"
    )


def _row(row: Span, top: float, scale: Scale) -> str:
    left, right = sorted((scale.at(row.first), scale.at(row.last)))
    base, wide = top + _ROW / 2 + 4.0, max(right - left, 1.0)
    falls = row.last < row.first
    place, side = (left - 6.0, " end") if falls else (left + wide + 6.0, "")
    label = _text(shortened(row.label, _LETTERS))
    return (
        f'<text class="tick end" x="{_LABELS - 8:g}" y="{base:g}">{label}</text>'
        f'<rect class="bar {escape(row.style)}" x="{left:.1f}" y="{top + (_ROW - _THICK) / 2:g}" '
        f'width="{wide:.1f}" height="{_THICK:g}"/>'
        f'<text class="tick{side}" x="{place:.1f}" y="{base:g}">{_text(row.words)}</text>'
    )


def _text(text: str) -> str:
    return escape(isolated(text))


def waterfall(amounts: Sequence[tuple[str, float, str]], total: tuple[str, str]) -> list[Span]:
    """The rows of a bridge: steps by name, amount after each, words of its difference; and the sum."""
    rows, before = list[Span](), 0.0
    for n, (name, amount, words) in enumerate(amounts):
        style = "first" if n == 0 else "more" if amount >= before else "less"
        rows.append(Span(name, before, amount, words, style))
        before = amount
    return [*rows, Span(total[0], 0.0, before, total[1], "first")]
