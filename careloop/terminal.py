"""The scorecard on a terminal, or in a file that stands for one."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from careloop.cli import printable
from reports.targets import Verdict

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from reports.blocks import Block, Cell
    from reports.scorecard import Scorecard

_COLOURS: Final = {Verdict.MET: "green", Verdict.MISSED: "red", Verdict.OPEN: "yellow"}
_BETWEEN: Final = 2  # spaces between columns
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
    for columns in column_sets(block, console.width):
        console.print()
        console.print(_table(block, columns))


def column_sets(block: "Block", width: int) -> Iterator[list[int]]:
    """The columns that fit side by side; at least one at a time."""
    room = width - _label_width(block)
    chosen: list[int] = []
    for column in range(len(block.columns)):
        if chosen and sum(_width(block, c) + _BETWEEN for c in (*chosen, column)) > room:
            yield chosen
            chosen = []
        chosen.append(column)
    yield chosen


def _label_width(block: "Block") -> int:
    return max([len(block.title), *(len(row.label) + 2 * row.is_part for row in block.rows)])


def _width(block: "Block", column: int) -> int:
    return max([len(block.columns[column]), *(len(str(row.cells[column].words)) for row in block.rows)])


def _table(block: "Block", columns: list[int]) -> "Table":
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, padding=(0, _BETWEEN, 0, 0), header_style="bold")
    table.add_column(Text(printable(block.title)), no_wrap=True)
    for column in columns:
        table.add_column(Text(printable(block.columns[column])), justify="right", overflow="fold")
    for row in block.rows:
        if not any(row.cells[column].words.value for column in columns):
            continue
        label = Text(f"{'  ' * row.is_part}{printable(row.label)}", style="dim" if row.is_part else "")
        table.add_row(label, *(_cell(row.cells[column]) for column in columns))
    return table


def _cell(cell: "Cell") -> "Text":
    from rich.text import Text

    text = Text(printable(cell.words.value), style=_COLOURS[cell.verdict] if cell.verdict else "")
    if cell.words.margin:
        text.append(f" {cell.words.margin}", style="dim")
    return text
