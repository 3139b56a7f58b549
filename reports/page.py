"""The report page: one file, no network, no time stamps; the same bytes for the same result."""

import hashlib
import re
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from reports import assumptions, formula, glossary
from reports.asked import asked
from reports.charts import draw
from reports.scorecard import Block, scorecard
from reports.wording import isolated
from scenarios import resolved

if TYPE_CHECKING:
    from sim.experiment import Result

_FOLDER: Final = Path(__file__).parent
COLUMNS_AT_MOST: Final = 6  # of a table of figures: as many as fit on a sheet of paper
_TEXT_AT_MOST: Final = 150_000  # characters of the scenario that are repeated in the page


def page(result: "Result") -> str:
    """The page of a result as HTML. Every name and text from a scenario is escaped."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=in_order,
    )
    environment.filters["unbroken"] = unbroken
    return environment.get_template("page.html.j2").render(_content(result))


def in_order(value: object) -> object:
    """What a template prints: text that turns no words around it; markup as it is."""
    return isolated(value) if type(value) is str else value


def split(block: Block) -> tuple[Block, ...]:
    """A table of many columns as several, of nearly the same number of columns each."""
    parts = -(-len(block.columns) // COLUMNS_AT_MOST)
    edges = [len(block.columns) * n // parts for n in range(parts + 1)]
    return tuple(
        Block(
            block.title,
            block.columns[first:last],
            tuple(row._replace(cells=row.cells[first:last]) for row in block.rows),
        )
        for first, last in pairwise(edges)
    )


def unbroken(text: str) -> str:
    """Keep a number, its unit and its margin on one line."""
    return re.sub(r" (?=%)|(?<=±) |(?<=\d) (?=(?:s|min|h|days)\b)", "\u00a0", text)


def _content(result: "Result") -> dict[str, Any]:
    from markupsafe import Markup

    scenario = result.scenario
    text = resolved(scenario)
    card = scorecard(result)
    return {
        "css": Markup((_FOLDER / "page.css").read_text(encoding="utf-8")),
        "scenario": scenario,
        "card": card,
        "blocks": [split(block) for block in card.blocks],
        "asked": asked(scenario),
        "beside": formula.beside(result),
        "measures_beside": formula.LABELS,
        "why_beside": formula.WHY,
        "drawn": draw(result),
        "svg": Markup,
        "horizon": assumptions.horizon(scenario),
        "tables": assumptions.tables(scenario),
        "definitions": glossary.definitions(scenario),
        "counting_rule": glossary.COUNTING_RULE,
        "result": result,
        "digest": hashlib.sha256(text.encode()).hexdigest(),
        "scenario_text": text if len(text) <= _TEXT_AT_MOST else "",
    }
