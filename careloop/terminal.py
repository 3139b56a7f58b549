"""The scorecard on a terminal, or in a file that stands for one."""

import os
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Final

from careloop.cli import printable
from reports.targets import Verdict

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from reports.blocks import Block, Cell, Row
    from reports.scorecard import Scorecard

_COLOURS: Final = {Verdict.MET: "green", Verdict.MISSED: "red", Verdict.OPEN: "yellow"}
_BETWEEN: Final = 2  # spaces between columns
_NARROWEST: Final = 10  # places for a column, however little is left of a line
_WIDTH_OF_A_FILE: Final = 100


def show(card: "Scorecard", report: Path | None, notes: Sequence[str] = ()) -> None:
    """Print a scorecard to stdout; `notes` are lines below its answer."""
    from rich.text import Text

    console = _console()
    console.print(Text(printable(card.title), style="bold"))
    console.print(Text(printable(card.answer), style=_COLOURS[card.standing] if card.standing else ""))
    for note in notes:
        console.print(Text(printable(note)))
    for block in card.blocks:
        _print_block(console, block)
    console.print()
    for line in (*card.definitions, card.precision):
        console.print(Text(printable(line), style="dim"))
    if report is not None:
        console.print(Text(printable(f"Report: {report}")), soft_wrap=True)


def show_lines(*lines: str) -> None:
    """Print lines to stdout."""
    console = _console()
    for line in lines:
        console.print(printable(line), soft_wrap=True)


def show_block(block: "Block", *below: str) -> None:
    """Print one table to stdout, and lines below it."""
    console = _console()
    _print_block(console, block)
    for line in below:
        console.print(printable(line), style="dim", soft_wrap=True)


def _console() -> "Console":
    from rich.console import Console

    console = Console(highlight=False, markup=False, emoji=False)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = _WIDTH_OF_A_FILE
    return console


def _print_block(console: "Console", block: "Block") -> None:
    """Print a table, in as many parts as its columns need."""
    from rich.text import Text

    for columns in column_sets(block, console.width):
        console.print()
        lines = Text("\n").join(_lines(block, columns, console))
        console.print(lines, soft_wrap=True)


def column_sets(block: "Block", width: int) -> Iterator[list[int]]:
    """The columns that fit side by side; at least one at a time."""
    room = width - _label_width(block)
    chosen: list[int] = []
    taken = 0
    for column in range(len(block.columns)):
        more = _width(block, column) + _BETWEEN
        if chosen and taken + more > room:
            yield chosen
            chosen, taken = [], 0
        chosen.append(column)
        taken += more
    yield chosen


def _label_width(block: "Block") -> int:
    return max(map(_length, [block.title, *map(_label, block.rows)]))


def _width(block: "Block", column: int) -> int:
    return max(map(_length, [block.columns[column], *(str(row.cells[column].words) for row in block.rows)]))


def _length(text: str) -> int:
    """How many places of a terminal a text takes."""
    from rich.cells import cell_len

    return cell_len(printable(text))


def _label(row: "Row") -> str:
    return "  " * row.is_part + row.label


def _lines(block: "Block", columns: list[int], console: "Console") -> Iterator["Text"]:
    """The lines of a table: labels to the left, cells to the right, folded where one alone is too wide.

    The library's own table would do, but it lays out each cell as if it were a page: that took longer than
    to simulate a week.
    """
    from rich.text import Text

    edge = _label_width(block)
    room = max(console.width - edge - _BETWEEN, _NARROWEST)
    widths = [min(_width(block, column), room) for column in columns]
    for label, cells in _rows(block, columns):
        folded = [_folded(cell, width, console) for cell, width in zip(cells, widths, strict=True)]
        for n, parts in enumerate(zip_longest(*folded, fillvalue=Text())):
            line = Text() if n else label.copy()
            line.pad_right(edge - line.cell_len)
            for part, width in zip(parts, widths, strict=True):
                line.append(" " * (_BETWEEN + width - part.cell_len)).append_text(part)
            yield line


def _rows(block: "Block", columns: list[int]) -> Iterator[tuple["Text", list["Text"]]]:
    """The label and the cells of the head, and of each row that says anything."""
    from rich.text import Text

    heads = [Text(printable(block.columns[column]), "bold") for column in columns]
    yield Text(printable(block.title), "bold"), heads
    for row in block.rows:
        if any(row.cells[column].words.value for column in columns):
            label = Text(printable(_label(row)), "dim" if row.is_part else "")
            yield label, [_cell(row.cells[column]) for column in columns]


def _folded(cell: "Text", width: int, console: "Console") -> list["Text"]:
    """The lines of a cell: nearly always one."""
    if cell.cell_len <= width:
        return [cell]
    lines = list(cell.wrap(console, width, overflow="fold"))
    for line in lines:
        line.rstrip()
    return lines


def _cell(cell: "Cell") -> "Text":
    from rich.text import Text

    text = Text(printable(cell.words.value), style=_COLOURS[cell.verdict] if cell.verdict else "")
    if cell.words.margin:
        text.append(f" {cell.words.margin}", style="dim")
    return text
