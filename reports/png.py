"""Charts as PNG: each a picture that stands alone in a mail or on a slide.

The SVG of the page is put under its title and legend, with the page's colours written out, and drawn
by resvg with a font that comes as a package: no browser, nothing of the system, the same bytes anywhere.
"""

import re
from collections.abc import Iterator
from html import escape
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from reports.case_charts import case_pictures
from reports.charts import Panel, Picture, draw
from reports.svg_chart import WIDTH
from reports.wording import isolated, shortened

if TYPE_CHECKING:
    from sim.experiment import Result

FOLDER: Final = "charts"

_STYLES: Final = Path(__file__).parent / "page.css"
_ZOOM: Final = 2.0  # pixels for one of the drawing, as on a screen of high resolution
_WIDE: Final = 800.0
_MARGIN: Final = 20.0
_LINE: Final = 22.0  # height of a line of text
_NAME_AT_MOST: Final = 48  # characters of a file's name that are taken from a queue's or group's
_TITLE_AT_MOST: Final = 66  # characters that surely fit
_TEXT_AT_MOST: Final = 100
_LETTER: Final = 7.4  # mean width of a letter of a legend: room for it need not be exact


class PngFile(NamedTuple):
    """A file's name, and what is in it."""

    name: str
    content: bytes


def png_files(result: "Result") -> Iterator[PngFile]:
    """All charts of the report, as `queue-phone-load-by-day.png` or `cases-work.png`.

    Needs resvg-py and ttf-opensans.
    """
    styles, taken = page_styles(), set[str]()
    for panel in (*_of_cases(result), *draw(result).panels):
        stem = free_name(f"{panel.scope}-{safe_name(panel.name)}" if panel.name else panel.scope, taken)
        for picture in panel.pictures:
            content = png_of(alone(panel, picture, result.scenario.name, styles))
            yield PngFile(f"{stem}-{picture.what}.png", content)


def _of_cases(result: "Result") -> tuple[Panel, ...]:
    """The pictures of cases, which belong to no queue and no group."""
    pictures = case_pictures(result)
    return (Panel("cases", "", pictures),) if pictures else ()


def page_styles(more: str = "") -> str:
    """The rules of the page's style sheet for charts, for `standing`; and more that use its variables."""
    return chart_styles(_STYLES.read_text(encoding="utf-8"), more)


def png_of(drawing: str) -> bytes:
    """The picture of an SVG document. Needs resvg-py and ttf-opensans."""
    import resvg_py
    from ttf_opensans import OPENSANS_REGULAR, OPENSANS_SEMIBOLD

    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=drawing,
            zoom=_ZOOM,
            skip_system_fonts=True,
            font_files=[str(font.path) for font in (OPENSANS_REGULAR, OPENSANS_SEMIBOLD)],
            font_family="Open Sans",
        )
    )


def safe_name(name: str) -> str:
    """A part of a file's name that every system takes: letters and digits of ASCII, and dashes."""
    return re.sub(r"[^A-Za-z0-9]+", "-", name)[:_NAME_AT_MOST].strip("-").lower() or "unnamed"


def free_name(stem: str, taken: set[str]) -> str:
    """The stem, or the first with a number that nobody has taken."""
    found = next(s for n in count(1) if (s := stem if n == 1 else f"{stem}-{n}") not in taken)
    taken.add(found)
    return found


def chart_styles(css: str, more: str = "") -> str:
    """The page's rules for charts (lines that begin with .chart), and more; its variables written out."""
    values = dict(re.findall(r"(--[a-z]+): ([^;]+);", css))
    rules = "\n".join([*re.findall(r"^\.chart .*$", css, re.MULTILINE), *more.splitlines()])
    return re.sub(r"var\((--[a-z]+)\)", lambda found: values[found[1]], rules)


def alone(panel: Panel, picture: Picture, scenario: str, styles: str) -> str:
    """An SVG of title, legend and chart. All text is escaped."""
    whose = panel.name or panel.scope.title()
    return standing(f"{whose}: {picture.title}", f"{picture.over}. {scenario}", picture, styles)


def standing(title: str, over: str, picture: Picture, styles: str) -> str:
    """An SVG document of a picture under its title, a line about it, and its legend. All text is escaped."""
    keys, below = _legend(picture.legend, _MARGIN + 3.2 * _LINE)
    wide = _WIDE - 2 * _MARGIN
    high = wide * picture.height / WIDTH
    chart = picture.svg.replace(
        '<svg class="chart"',
        f'<svg class="chart" x="{_MARGIN:g}" y="{below:g}" width="{wide:g}" height="{high:g}"',
        1,
    )
    return "".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDE:g}" height="{below + high + _MARGIN:g}">',
            f"<style>{styles}\n{_TEXTS}</style>",
            '<rect width="100%" height="100%" fill="#ffffff"/>',
            _text("title", _MARGIN + _LINE, shortened(title, _TITLE_AT_MOST)),
            _text("over", _MARGIN + 2.1 * _LINE, shortened(over[:1].upper() + over[1:], _TEXT_AT_MOST)),
            *keys,
            chart,
            "</svg>",
        ]
    )


_TEXTS: Final = (
    'text { font-family: "Open Sans", system-ui, sans-serif; } '
    ".title { font-size: 20px; font-weight: 600; fill: #1b2530; } "
    ".over, .label { font-size: 14px; fill: #5b6876; }"
)


def _text(style: str, y: float, text: str, x: float = _MARGIN) -> str:
    return f'<text class="{style}" x="{x:g}" y="{y:g}">{escape(isolated(text))}</text>'


def _legend(legend: tuple[tuple[str, str], ...], y: float) -> tuple[list[str], float]:
    """Keys with their labels, side by side while there is room; and where the chart may begin."""
    found: list[str] = []
    x = _MARGIN
    for style, label in legend:
        shown = shortened(label, _TEXT_AT_MOST)
        wide = 40.0 + _LETTER * len(shown)
        if x > _MARGIN and x + wide > _WIDE:
            x, y = _MARGIN, y + _LINE
        found += [key_of(style, x, y - 5.0), _text("label", y, shown, x + 30.0)]
        x += wide + 16.0
    return found, y + 0.6 * _LINE


def key_of(style: str, x: float, y: float) -> str:
    """A piece of the line that a label stands for, with its band if it has one; 22 wide, its middle at y."""
    colour = style.partition(" ")[0]
    if colour == "mark":
        return f'<g class="chart"><path class="mark" d="M{x + 11:g} {y - 5:g}v10"/></g>'
    if "dotted" in style:
        return f'<g class="chart"><path class="dots {colour}" d="M{x + 11:g} {y:g}h0"/></g>'
    band = f'<path class="band {colour}" d="M{x:g} {y - 4:g}h22v8h-22z"/>' if "with-band" in style else ""
    kind = "level" if colour == "level" else f"line {colour}"
    return f'<g class="chart">{band}<path class="{kind}" d="M{x:g} {y:g}h22"/></g>'
