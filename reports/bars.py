"""Bars beside each other as SVG: what takes which share of a whole. Pure functions.

Colours and fonts come from the page (`page.css`), by class.
"""

from collections.abc import Sequence
from html import escape
from typing import Final, NamedTuple

from reports.svg_chart import WIDTH
from reports.wording import isolated, shortened

_ROW: Final = 24.0
_THICK: Final = 15.0
_LABELS: Final = 132.0  # width that names may take
_VALUES: Final = 76.0  # room for a value right of the longest bar
_LETTERS: Final = 20  # that surely fit into it
_PAD: Final = 4.0


class Bar(NamedTuple):
    """One bar: its name, how long it is (0 or more), and what is written beside it."""

    label: str
    value: float
    words: str
    style: str = "first"


def height_of(bars: Sequence[Bar]) -> float:
    """The height of a chart of such bars, of a width of `WIDTH`."""
    return _ROW * len(bars) + 2 * _PAD


def svg(key: str, title: str, bars: Sequence[Bar]) -> str:
    """The bars as an SVG element, from 0 to the longest. All text is escaped."""
    longest = max((bar.value for bar in bars), default=0.0) or 1.0
    told = "; ".join(f"{bar.label}: {bar.words}" for bar in bars)
    rows = "".join(_bar(bar, _PAD + _ROW * n, bar.value / longest) for n, bar in enumerate(bars))
    name = escape(key)
    return (
        f'<svg class="chart" viewBox="0 0 {WIDTH:g} {height_of(bars):g}" role="img" '
        f'aria-labelledby="{name}-t {name}-d"><title id="{name}-t">{_text(title)}</title>'
        f'<desc id="{name}-d">{_text(told)}</desc>{rows}</svg>'
    )


def _bar(bar: Bar, top: float, share: float) -> str:
    wide = max(share * (WIDTH - _LABELS - _VALUES), 1.0)
    base = top + _ROW / 2 + 4.0
    name = _text(shortened(bar.label, _LETTERS))
    return (
        f'<text class="tick end" x="{_LABELS - 8:g}" y="{base:g}">{name}</text>'
        f'<rect class="bar {escape(bar.style)}" x="{_LABELS:g}" y="{top + (_ROW - _THICK) / 2:g}" '
        f'width="{wide:.1f}" height="{_THICK:g}"/>'
        f'<text class="tick" x="{_LABELS + wide + 6:.1f}" y="{base:g}">{_text(bar.words)}</text>'
    )


def _text(text: str) -> str:
    return escape(isolated(text))
