"""The report page: one file, no network, no time stamps; the same bytes for the same result."""

import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from reports import assumptions, glossary
from reports.charts import draw
from reports.scorecard import scorecard
from scenarios import resolved

if TYPE_CHECKING:
    from sim.experiment import Result

_FOLDER: Final = Path(__file__).parent
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
    )
    environment.filters["unbroken"] = unbroken
    return environment.get_template("page.html.j2").render(_content(result))


def unbroken(text: str) -> str:
    """Keep a number, its unit and its margin on one line."""
    return re.sub(r" (?=%)|(?<=±) |(?<=\d) (?=(?:s|min|h|days)\b)", "\u00a0", text)


def _content(result: "Result") -> dict[str, Any]:
    from markupsafe import Markup

    scenario = result.scenario
    text = resolved(scenario)
    return {
        "css": Markup((_FOLDER / "page.css").read_text(encoding="utf-8")),
        "scenario": scenario,
        "card": scorecard(result),
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
