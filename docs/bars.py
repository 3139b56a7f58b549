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
_BARS: Final = """.bar{fill:#9db9d8}.bar.marked{fill:#1f5fa8}.value{font-size:12px;fill:#1b2530}
.sub{font-size:12px}
"""


class Panel(NamedTuple):
    """Bars from 0; those of `marked` are dark. `top` is what the height of a panel stands for, `level` a dashed line."""

    head: str
    below: str  # what the numbers under the bars are
    ticks: tuple[str, ...]
    values: tuple[float, ...]
    figures: tuple[str, ...]  # written above the bars
    marked: tuple[int, ...] = ()
    top: float = 0.0  # the highest bar if 0
    level: float | None = None


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
    step = (_WIDTH - 32) / len(panel.values)
    top = panel.top or max(panel.values)
    parts = [f'<text class="head" x="16" y="20">{escape(panel.head)}</text>']
    for n, (tick, value, figure) in enumerate(zip(panel.ticks, panel.values, panel.figures, strict=True)):
        left, high = 16 + n * step, value / top * (_FLOOR - _TOP)
        kind = "bar marked" if n in panel.marked else "bar"
        box = f'x="{left + 4:.1f}" y="{_FLOOR - high:.1f}" width="{step - 8:.1f}" height="{high:.1f}"'
        middle = f'x="{left + step / 2:.1f}"'
        parts += [
            f'<rect class="{kind}" {box}/>',
            f'<text class="value middle" {middle} y="{_FLOOR - high - 4:.1f}">{escape(figure)}</text>',
            f'<text class="tick middle" {middle} y="{_FLOOR + 15}">{escape(tick)}</text>',
        ]
    if panel.level is not None:
        at = _FLOOR - panel.level / top * (_FLOOR - _TOP)
        parts.append(f'<path class="level" d="M16 {at:.1f}H{_WIDTH - 16}"/>')
    parts.append(f'<text class="sub" x="16" y="{_FLOOR + 31}">{escape(panel.below)}</text>')
    return "".join(parts)
