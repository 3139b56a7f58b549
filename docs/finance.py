"""The playbook's case by simulation: the table of docs/finance.md.

    python -m docs.finance [--write]

Simulates the two versions of ``scenarios/library/deflection_case.yaml`` over a year and searches for the
people who can leave, for some minutes; with ``--write`` the table goes into the page, between its marks. The
words of the page are written by hand.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import careloop
from docs.real_day import replaced
from reports.blocks import Block
from reports.finance.card import blocks_of
from reports.finance.results import Study
from reports.finance.words import answer_of

PAGE: Final = Path(__file__).with_name("finance.md")
SCENARIO: Final = Path(__file__).parents[1] / "scenarios" / "library" / "deflection_case.yaml"
CHANGE: Final = "how_to_articles"
_SHOWN: Final = (
    "The business case",
    "From the sum on the back of an envelope to cash",
    "What decides",
    "What the targets cost a year",
)


def study() -> Study:
    """The case, simulated."""
    return careloop.finance(SCENARIO, against=CHANGE)


def table(found: Study) -> str:
    """The case as Markdown."""
    blocks = [block for block in blocks_of(found) if block.title in _SHOWN]
    return "\n\n".join([answer_of(found), *map(_markdown, blocks)])


def _markdown(block: Block) -> str:
    return "\n".join(_lines(block))


def _lines(block: Block) -> Iterator[str]:
    yield f"*{block.title}*\n"
    yield f"| | {' | '.join(block.columns)} |"
    yield f"|---|{'---|' * len(block.columns)}"
    for row in block.rows:
        yield f"| {row.label} | {' | '.join(str(cell.words) for cell in row.cells)} |"


def write(text: str) -> None:
    """Put the table into the page."""
    PAGE.write_text(replaced(PAGE.read_text(encoding="utf-8"), {"case": text}), encoding="utf-8")


def main() -> None:
    """Print the table, or write it into the page."""
    parser = argparse.ArgumentParser(description="The playbook's case by simulation.")
    parser.add_argument("--write", action="store_true")
    asked, text = parser.parse_args(), table(study())
    if asked.write:
        write(text)
    else:
        print(text)


if __name__ == "__main__":
    main()
