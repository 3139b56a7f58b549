"""The tables of docs/facts.md, made from the columns and formats of ``calibration/facts``.

    python -m docs.facts [--write]

A table stands between two comments, ``<!-- made: NAME -->`` and ``<!-- end -->``.
"""

import argparse
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from calibration.facts.columns import CONTACT_FACTS, CONTACTS, INTERVAL_FACTS, INTERVALS, Column, Fact
from calibration.facts.formats import FORMATS
from calibration.facts.formats.format import Format

PAGE: Final = Path(__file__).parent / "facts.md"
MARK: Final = re.compile(r"(<!-- made: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
_KINDS: Final = {
    "id": "text (hashed)",
    "time": "time, ISO 8601",
    "seconds": "number",
    "whole": "whole number",
    "share": "number",
    "flag": "true or false",
}


def made() -> dict[str, str]:
    """Every table by its name."""
    return {
        "contacts": columns(CONTACTS),
        "intervals": columns(INTERVALS),
        "contact_facts": facts(CONTACT_FACTS),
        "interval_facts": facts(INTERVAL_FACTS),
        "formats": "\n".join(map(about, FORMATS.values())),
    }


def columns(of: Sequence[Column]) -> str:
    """The table of the columns of a file."""
    rows = (
        f"| `{each.name}` | {_KINDS.get(each.kind, each.kind)} | {each.unit} | {each.need} | {each.meaning} "
        f"| {each.contract} |"
        for each in of
    )
    head = "| column | written as | unit | needed | what it says | what must hold |"
    return "\n".join([head, "|---|---|---|---|---|---|", *rows])


def facts(of: Sequence[Fact]) -> str:
    """The table of the columns of a relation."""
    rows = (f"| `{each.name}` | {each.dtype} | {each.meaning} |" for each in of)
    return "\n".join(["| column | type | what it says |", "|---|---|---|", *rows])


def about(form: Format) -> str:
    """The section of a format."""
    zone = form.time_zone or "the one that is given; else UTC, which is told"
    lines = [
        f"### `{form.name}`",
        "",
        f"{_sentence(form.what)}.",
        "",
        f"- Needs the columns {', '.join(f'`{name}`' for name in form.needed)}"
        + "".join(f" and one of {', '.join(f'`{name}`' for name in each)}" for each in form.one_of)
        + ".",
        f"- Units: {form.units}. Time zone: {zone}.",
        *(f"- {_sentence(trap)}." for trap in form.traps),
        f"- Cannot tell: {'; '.join(form.silent)}.",
        "",
    ]
    return "\n".join(lines)


def _sentence(said: str) -> str:
    """What is said with a capital letter, but for the name of a column."""
    first, _, rest = said.partition(" ")
    if "_" in first:
        return f"`{first.rstrip(',')}`{',' if first.endswith(',') else ''} {rest}"
    return f"{said[0].upper()}{said[1:]}"


def replaced(page: str) -> str:
    """A page with its tables made again."""
    tables = made()
    return MARK.sub(lambda found: f"{found[1]}{tables[found[2]]}\n{found[3]}", page)


def main() -> None:
    parser = argparse.ArgumentParser(description="The tables of docs/facts.md.")
    parser.add_argument("--write", action="store_true", help="put them into the page")
    if parser.parse_args().write:
        PAGE.write_text(replaced(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
        return
    for name, table in made().items():
        print(f"{name}\n\n{table}\n")


if __name__ == "__main__":
    main()
