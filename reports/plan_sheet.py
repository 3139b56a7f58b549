"""The first sheet of a plan's page as one picture: the ask, the recommendation, the scorecard, the trends.

Drawn without a browser and with a font that comes as a package: the same bytes anywhere. It says what the
page says (`plan_page.py`); only where things stand is decided here.
"""

from collections.abc import Sequence
from html import escape
from typing import Final

from reports.charts import Picture
from reports.letter_widths import lines_of, widths
from reports.plan_advice import CASES, Recommendation, recommendation
from reports.plan_against import digest_of, short
from reports.plan_ask import Ask, ask
from reports.plan_brief import Brief
from reports.plan_charts import (
    HIGH,
    WIDE,
    legend,
    marks_told,
    not_drawn_told,
    trend_pictures,
    weeks_told,
)
from reports.plan_scorecard import ByDay, Target, by_day, signs_told
from reports.plan_words import kicker
from reports.png import key_of, page_styles, png_of
from reports.targets import Verdict
from reports.template import unbroken
from reports.wording import isolated, shortened
from sim.roadmap.standing import AMBER, GREEN, RED

_PAGE: Final = 794.0  # A4 at 96 to the inch
_LONG: Final = 1123.0
_LONGER: Final = 1.3  # so much more is made smaller to fit; beyond that it could not be read
_EDGE: Final = 40.0
_ROOM: Final = _PAGE - 2 * _EDGE
_GAP: Final = 14.0
_CHARTS: Final = 3  # side by side
_MOST_CHARTS: Final = 6
_LETTERS: Final = 400  # of a text: what is longer is cut
_COLOURS: Final = {Verdict.MET: "met", Verdict.OPEN: "open", Verdict.MISSED: "missed", None: "none"}
_STYLES: Final = """\
text { font-family: "Open Sans", system-ui, sans-serif; fill: var(--ink); }
.bold { font-weight: 600; } .soft { fill: var(--soft); }
.met { fill: var(--met); } .open { fill: var(--open); }
.missed { fill: var(--missed); } .none { fill: var(--soft); }
.wash { fill: var(--wash); } .paper { fill: var(--ground); } .rule { stroke: var(--rule); stroke-width: 1; }
.frame { fill: var(--ground); stroke: var(--rule); }
.chosen { fill: var(--ground); stroke: var(--ink); stroke-width: 1.6; }
"""


class Drawing:
    """A sheet that is filled from its top; `y` is where the next thing may begin."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.y = _EDGE

    def text(self, x: float, y: float, words: str, size: float, style: str = "") -> None:
        """A line of text, its foot at y."""
        shown = escape(isolated(words))
        self.parts.append(
            f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" class="{style}">{shown}</text>'
        )

    def lines(self, x: float, y: float, words: str, size: float, wide: float, style: str = "") -> float:
        """Text in as many lines as it takes, the first of them below y; returns where they end."""
        for line in lines_of(unbroken(shortened(words, _LETTERS)), wide, size, "bold" in style):
            y += 1.3 * size
            self.text(x, y, line, size, style)
        return y

    def box(self, x: float, y: float, wide: float, high: float, style: str, round_: float = 0.0) -> None:
        size = f'width="{wide:.1f}" height="{high:.1f}" rx="{round_:g}"'
        self.parts.append(f'<rect x="{x:.1f}" y="{y:.1f}" {size} class="{style}"/>')

    def rule(self) -> None:
        """A line across, and some room below it."""
        self.parts.append(f'<path class="rule" d="M{_EDGE:g} {self.y:.1f}H{_PAGE - _EDGE:g}"/>')
        self.y += 4.0

    def heading(self, words: str) -> None:
        self.y += 8.0
        self.rule()
        self.text(_EDGE, self.y + 15.0, words, 14.0, "bold")
        self.y += 20.0


def plan_svg(brief: Brief) -> str:
    """The sheet as an SVG document. All text is escaped."""
    drawing = Drawing()
    _title(drawing, brief)
    _boxes(drawing, ask(brief), recommendation(brief))
    drawing.heading("Scorecard")
    for table in by_day(brief.found):
        _table(drawing, table)
    drawing.y = drawing.lines(_EDGE, drawing.y, _foot(brief), 9.5, _ROOM, "soft")
    drawing.heading("Trends")
    pictures = trend_pictures(brief.found)[:_MOST_CHARTS]
    if pictures:
        _charts(drawing, pictures, legend(brief.found))
    parts = (weeks_told(brief.found) if pictures else "", marks_told(brief.found.scenario))
    told = " ".join(filter(None, (*parts, not_drawn_told(brief.found))))
    drawing.y = drawing.lines(_EDGE, drawing.y, told, 9.5, _ROOM, "soft")
    return _document(drawing, _LONG if pictures else 0.0)


def plan_png(brief: Brief) -> bytes:
    """The sheet as a picture."""
    return png_of(plan_svg(brief))


def _document(drawing: Drawing, at_least: float) -> str:
    """All of it; a sheet of A4, or without charts as much of one as it takes."""
    high = max(at_least, drawing.y + _EDGE)
    wide = max(_PAGE, high * _PAGE / _LONG) if high <= _LONGER * _LONG else _PAGE  # it stays a sheet of A4
    seen = f"{(_PAGE - wide) / 2:.1f} 0 {wide:.1f} {high:.1f}"
    size = f'width="{_PAGE:g}" height="{high * _PAGE / wide:.0f}"'
    return "".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="{seen}">',
            f"<style>{page_styles(_STYLES)}</style>",
            f'<rect x="{(_PAGE - wide) / 2:.1f}" width="{wide:.1f}" height="{high:.1f}" class="paper"/>',
            *drawing.parts,
            "</svg>",
        ]
    )


def _title(drawing: Drawing, brief: Brief) -> None:
    scenario = brief.found.scenario
    drawing.y = drawing.lines(_EDGE, drawing.y - 8.0, shortened(scenario.name, 100), 22.0, _ROOM, "bold")
    drawing.y = drawing.lines(_EDGE, drawing.y + 2.0, _kicker(brief), 10.5, _ROOM, "soft")
    if scenario.description:
        drawing.y = drawing.lines(_EDGE, drawing.y, shortened(scenario.description, 220), 10.5, _ROOM, "soft")


def _kicker(brief: Brief) -> str:
    found = brief.found
    digest, as_of = short(digest_of(found.scenario)), found.as_of
    return kicker(found.scenario, found.replications, digest, as_of and as_of.date)


def _boxes(drawing: Drawing, asked: Ask, advised: Recommendation) -> None:
    """The ask and the recommendation side by side; as high as the higher of them."""
    top, left, right = drawing.y + 10.0, (_ROOM - _GAP) * 0.52, (_ROOM - _GAP) * 0.48
    middle = _EDGE + left + _GAP
    above = Drawing()  # what stands on the grounds, which are as high as it is
    ends = (
        _ask(above, asked, _EDGE + 16.0, top + 4.0, left - 28.0),
        _advice(above, advised, middle + 16.0, top + 4.0, right - 28.0),
    )
    high = max(ends) + 10.0 - top
    for x, wide, style in ((_EDGE, left, "none"), (middle, right, _COLOURS[advised.verdict])):
        drawing.box(x, top, wide, high, "wash")
        drawing.box(x, top, 4.0, high, style)
    drawing.parts += above.parts
    drawing.y = top + high


def _ask(drawing: Drawing, asked: Ask, x: float, y: float, wide: float) -> float:
    y = drawing.lines(x, y, "The ask", 10.0, wide, "bold soft")
    y = drawing.lines(x, y + 3.0, asked.sentence, 13.0, wide, "bold") + 3.0
    for fact in asked.facts:
        drawing.text(x, y + 13.65, fact.term, 10.5, "soft")
        y = drawing.lines(x + 58.0, y, fact.words, 10.5, wide - 58.0) + 3.0
    return y


def _advice(drawing: Drawing, advised: Recommendation, x: float, y: float, wide: float) -> float:
    y = drawing.lines(x, y, "Our recommendation", 10.0, wide, "bold soft")
    y = drawing.lines(x, y + 3.0, advised.headline, 13.0, wide, "bold") + 3.0
    if advised.cases:
        y = drawing.lines(x, y, CASES, 9.5, wide, "soft") + 6.0
        each = (wide - 2 * 8.0) / len(advised.cases)
        for n, case in enumerate(advised.cases):
            left = x + n * (each + 8.0)
            drawing.box(left, y, each, 32.0, "chosen" if case.chosen else "frame", 3.0)
            drawing.text(left + 7.0, y + 13.0, case.end.capitalize(), 10.5, "bold")
            drawing.text(left + 7.0, y + 26.0, case.words, 10.5)
            if case.chosen:
                _tick(drawing, left + each - 18.0, y + 9.0)
        y += 34.0
    for reason in advised.reasons:
        y = drawing.lines(x, y, reason, 10.5, wide) + 3.0
    return y


def _tick(drawing: Drawing, x: float, y: float) -> None:
    drawing.parts.append(
        f'<path d="M{x:.1f} {y:.1f}l3.5 4l6 -8" fill="none" stroke="#1b2530" stroke-width="1.8"/>'
    )


def _table(drawing: Drawing, table: ByDay) -> None:
    """Measures by day; a row is as high as its highest cell."""
    names = 136.0
    wide = (_ROOM - names) / max(len(table.days), 3)
    for n, day in enumerate(("Measure", *table.days)):
        drawing.text(_EDGE + (names + (n - 1) * wide if n else 0.0), drawing.y + 12.0, day, 10.5, "bold soft")
    drawing.y += 18.0
    for row in table.rows:
        drawing.rule()
        end = drawing.lines(_EDGE, drawing.y, shortened(row.label, 90), 11.0, names - 10.0, "bold")
        if row.moved_by:
            end = drawing.lines(_EDGE, end, shortened(row.moved_by, 160), 9.5, names - 10.0, "soft")
        ends = [end]
        for n, cell in enumerate(row.cells):
            if cell is not None:
                ends.append(_cell(drawing, cell, _EDGE + names + n * wide, wide - 8.0))
        drawing.y = max(ends) + 7.0


def _cell(drawing: Drawing, cell: Target, x: float, wide: float) -> float:
    words = " ".join(filter(None, (cell.status, cell.probability)))
    style = _COLOURS[cell.verdict]
    broad = widths(bold=True).of(words) * 11.0 + 26.0
    drawing.parts.append(
        f'<rect x="{x:.1f}" y="{drawing.y + 1:.1f}" width="{broad:.1f}" height="16" rx="3" '
        f'class="{style}" fill-opacity="0.1"/>'
    )
    drawing.parts.append(_sign(cell.status, x + 10.0, drawing.y + 9.0, style))
    drawing.text(x + 20.0, drawing.y + 13.0, words, 11.0, f"bold {style}")
    y = drawing.y + 18.0
    told = (f"target {cell.asked}", f"plan {cell.plan}", f"baseline {cell.baseline}")
    for line in filter(None, (cell.made, *told)):
        y = drawing.lines(x, y, line, 9.5, wide, "soft")
    return y


def _sign(status: str, x: float, y: float, style: str) -> str:
    """The sign of a status: a dot, a triangle, a square, a ring."""
    if status == GREEN:
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5" class="{style}"/>'
    if status == AMBER:
        return f'<path d="M{x:.1f} {y - 5:.1f}l5 9h-10z" class="{style}"/>'
    if status == RED:
        return f'<rect x="{x - 4:.1f}" y="{y - 4:.1f}" width="8" height="8" class="{style}"/>'
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="none" stroke="#5b6876" stroke-width="1.5"/>'


def _foot(brief: Brief) -> str:
    """How to read the scorecard: the signs stand beside their words."""
    words = signs_told(brief.found)
    for sign in "●▲■○":
        words = words.replace(f"{sign} ", "")
    return (
        f"{words[:1].upper()}{words[1:]}. Behind it the probability of meeting the target and its 95 % "
        "interval; plan = median (P10–P90); baseline = mean of the n simulated courses without the plan."
    )


def _charts(drawing: Drawing, pictures: Sequence[Picture], keys: Sequence[tuple[str, str]]) -> None:
    """Trends in rows of three under their legend."""
    x = _EDGE
    for style, label in keys:
        drawing.parts.append(key_of(style, x, drawing.y + 7.0))
        drawing.text(x + 28.0, drawing.y + 10.0, label, 9.5, "soft")
        x += 28.0 + widths().of(label) * 9.5 + 16.0
    drawing.y += 16.0
    wide = (_ROOM - (_CHARTS - 1) * _GAP) / _CHARTS
    high = wide * HIGH / WIDE
    for n in range(0, len(pictures), _CHARTS):
        for m, picture in enumerate(pictures[n : n + _CHARTS]):
            _chart(drawing, picture, _EDGE + m * (wide + _GAP), wide, high)
        drawing.y += high + 22.0


def _chart(drawing: Drawing, picture: Picture, x: float, wide: float, high: float) -> None:
    title = f"{picture.title}, {picture.over}" if picture.over else picture.title
    drawing.text(x, drawing.y + 13.0, shortened(title, 40), 10.5, "bold")
    at = f'x="{x:.1f}" y="{drawing.y + 18:.1f}" width="{wide:.1f}" height="{high:.1f}"'
    drawing.parts.append(picture.svg.replace('<svg class="chart"', f'<svg class="chart" {at}', 1))
