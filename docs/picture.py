"""Put four charts of a report side by side, for README.md.

    careloop run scenarios/library/care_loop_baseline.yaml --out out/baseline
    python docs/picture.py out/baseline/report.html docs/baseline.svg

What the page's style sheet says is written into the picture, which must stand alone.
"""

import re
import sys
from html import escape
from pathlib import Path
from typing import Final, NamedTuple

WIDTH: Final = 480
HEIGHT: Final = 190
HEAD: Final = 26
GAP: Final = 24
STYLE: Final = """
text{font-family:system-ui,"Segoe UI",Roboto,Helvetica,Arial,sans-serif;fill:#5b6876}
.head{font-size:14px;fill:#1b2530;font-weight:600}.tick{font-size:12px}
.end{text-anchor:end}.middle{text-anchor:middle}
.grid{fill:none;stroke:#e6eaee}.line{fill:none;stroke-width:1.6;stroke-linejoin:round;stroke-linecap:round}
.line.first{stroke:#1f5fa8}.line.second{stroke:#d9822b}.band{fill:#1f5fa8;fill-opacity:.22}
.level{fill:none;stroke:#b3261e;stroke-width:1.4;stroke-dasharray:5 4}
"""


class Part(NamedTuple):
    """A chart of the report: its id, and what is written above it."""

    key: str
    head: str


PARTS: Final = (
    Part("queue0-contacts-week", "Phone: calls in 30 min (blue: offered, orange: handled)"),
    Part("queue0-service-level-week", "Phone: service level (dashed: target, 80% in 20 s)"),
    Part("queue3-backlog-week", "E-mail: waiting"),
    Part("group0-occupancy-week", "Generalists: occupancy"),
)


def chart(page: str, part: Part, place: int) -> str:
    """A chart of the page with its heading, at its place: two a row."""
    found = re.search(rf'<svg class="chart"[^>]*aria-labelledby="{part.key}-t.*?</svg>', page, re.DOTALL)
    if found is None:
        sys.exit(f"the page has no chart {part.key}")
    x, y = place % 2 * (WIDTH + GAP), place // 2 * (HEAD + HEIGHT + GAP) + GAP // 2
    at = f'<svg x="{x}" y="{y + HEAD}" width="{WIDTH}" height="{HEIGHT}"'
    head = f'<text class="head" x="{x + 46}" y="{y + 16}">{escape(part.head)}</text>'
    return head + found[0].replace("<svg", at, 1)


def picture(page: str) -> str:
    """All charts as one SVG document."""
    width, height = 2 * WIDTH + GAP, 2 * (HEAD + HEIGHT + GAP)
    charts = "\n".join(chart(page, part, place) for place, part in enumerate(PARTS))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="img">\n<title>An average week of the baseline</title>\n'
        f'<style>{STYLE}</style>\n<rect width="{width}" height="{height}" fill="#fff"/>\n{charts}\n</svg>\n'
    )


if __name__ == "__main__":
    source, target = map(Path, sys.argv[1:])
    target.write_text(picture(source.read_text(encoding="utf-8")), encoding="utf-8")
