"""Templates of pages: everything that is printed is escaped, and turns no words around it."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from reports.time_axis import MONTHS
from reports.wording import isolated

FOLDER: Final = Path(__file__).parent
_MONTHS: Final = "|".join(MONTHS)


def rendered(template: str, content: Mapping[str, Any]) -> str:
    """The page of a template of this folder, with its style sheet; markup in `content` stays as it is."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=in_order,
    )
    environment.filters["unbroken"] = unbroken
    css = Markup((FOLDER / "page.css").read_text(encoding="utf-8"))
    return environment.get_template(template).render(css=css, svg=Markup, **content)


def in_order(value: object) -> object:
    """What a template prints: text that turns no words around it; markup as it is."""
    return isolated(value) if type(value) is str else value


def unbroken(text: str) -> str:
    """Keep a number, its sign, its unit (or the month of a day) and its margin on one line."""
    text = re.sub("−(?=[^\\d\\s])", "−\u2060", text)  # a minus before a currency; a word joiner has no width
    return re.sub(rf" (?=%)|(?<=±) |(?<=\d) (?=(?:s|min|h|days|{_MONTHS})\b)", "\u00a0", text)
