"""Small charts of bars with their figures above, side by side in one picture that stands alone."""

from collections.abc import Sequence
from html import escape
from typing import Final, NamedTuple

from docs.picture import STYLE

_WIDTH: Final = 300  # of a panel, in pixels
_HEIGHT: Final = 176
_TOP: Final = 46  # where the highest bar may begin, below its figure
_FLOOR: Final = 136
_ROW: Final = 3  # panels
_TITLE: Final = 34
_BARS: Final = """.bar{fill:#9db9d8}.bar.marked{fill:#1f5fa8}
.value{font-size:12px;fill:#1b2530;stroke:#fff;stroke-width:4px;paint-order:stroke}
.sub{font-size:12px}
"""


class Panel(NamedTuple):
    """Bars from 0; those of `marked` are dark."""

    head: str
    below: str  # what the numbers under the bars are
    ticks: tuple[str, ...]
    values: tuple[float, ...]
    figures: tuple[str, ...]  # written above the bars
    marked: tuple[int, ...] = ()
    top: float = 0.0  # what the height stands for; 0: the highest bar
    level: float | None = None  # a dashed line, such as a target
    low: tuple[float, ...] = ()  # the ends of intervals, where they are shown
    high: tuple[float, ...] = ()


def picture(title: str, panels: Sequence[Panel]) -> str:
    """The panels as one SVG document, three a row, below a title."""
    rows = -(-len(panels) // _ROW)
    width, height = _WIDTH * min(len(panels), _ROW), _TITLE + _HEIGHT * rows
    placed = "\n".join(
        f'<g transform="translate({n % _ROW * _WIDTH},{_TITLE + n // _ROW * _HEIGHT})">{_panel(panel)}</g>'
        for n, panel in enumerate(panels)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="img">\n<title>{escape(title)}</title>\n'
        f'<style>{STYLE}{_BARS}</style>\n<rect width="{width}" height="{height}" fill="#fff"/>\n'
        f'<text class="head" x="16" y="22">{escape(title)}</text>\n{placed}\n</svg>\n'
    )


def _panel(panel: Panel) -> str:
    """Bars with their intervals, then the dashed line, then the figures, so that each can be read."""
    step = (_WIDTH - 32) / len(panel.values)
    scale = (_FLOOR - _TOP) / (panel.top or max(panel.values))
    bars, words = [], [f'<text class="head" x="16" y="20">{escape(panel.head)}</text>']
    for n, (tick, value, figure) in enumerate(zip(panel.ticks, panel.values, panel.figures, strict=True)):
        left, top = 16 + n * step, _FLOOR - value * scale
        kind = "bar marked" if n in panel.marked else "bar"
        box = f'x="{left + 4:.1f}" y="{top:.1f}" width="{step - 8:.1f}" height="{_FLOOR - top:.1f}"'
        bars.append(f'<rect class="{kind}" {box}/>')
        middle = f'x="{left + step / 2:.1f}"'
        if panel.high:
            top = min(top, _FLOOR - panel.high[n] * scale)
            ends = f"{top:.1f}V{_FLOOR - panel.low[n] * scale:.1f}"
            bars.append(f'<path fill="none" stroke="#5b6876" d="M{left + step / 2:.1f} {ends}"/>')
        words.append(f'<text class="value middle" {middle} y="{top - 4:.1f}">{escape(figure)}</text>')
        words.append(f'<text class="tick middle" {middle} y="{_FLOOR + 15}">{escape(tick)}</text>')
    if panel.level is not None:
        bars.append(f'<path class="level" d="M16 {_FLOOR - panel.level * scale:.1f}H{_WIDTH - 16}"/>')
    words.append(f'<text class="sub" x="16" y="{_FLOOR + 31}">{escape(panel.below)}</text>')
    return "".join([*bars, *words])
