"""A back-test on a terminal: the verdict, and a table of errors beside those of simpler ways."""

from pathlib import Path
from typing import TYPE_CHECKING

from careloop.terminal import show_lines

if TYPE_CHECKING:
    from reports.backtest_scores import Row
    from reports.backtest_shown import BacktestShown, Mode


def show_backtest(shown: "BacktestShown", out: Path | None) -> None:
    """Print to stdout."""
    show_lines(shown.title, f"Calibrated on {shown.train}; tested on {shown.test}.", "", *shown.verdict)
    for mode in shown.modes:
        show_lines("", f"With the {mode.name}: errors of a day")
        show_lines(*_table(mode))
    if out is not None:
        show_lines("", f"Report: {out / 'report.html'}")


def _table(mode: "Mode") -> list[str]:
    from reports.backtest_scores import scores_of

    scores = scores_of(mode.scores)
    heads = ["", "days", "actual", "simulated", *scores.errors, "in 90%"]
    rows = [heads]
    for group in scores.groups:
        rows.append([group.title, *[""] * (len(heads) - 1)])
        rows += [_cells(row) for row in group.rows]
    widths = [max(len(row[i]) for row in rows) for i in range(len(heads))]
    return [
        "  ".join(cell.ljust(width) if i == 0 else cell.rjust(width) for i, (cell, width) in enumerate(pairs))
        .rstrip()
        for pairs in (list(zip(row, widths, strict=True)) for row in rows)
    ]  # fmt: skip


def _cells(row: "Row") -> list[str]:
    errors = [cell.text + ("*" if cell.is_best else "") for cell in row.errors]
    coverage = " ".join(part for part in (row.coverage.text, row.coverage.mark) if part)
    return [f"  {row.stream}", row.days, row.actual, row.simulated, *errors, coverage]
