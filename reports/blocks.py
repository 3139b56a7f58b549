"""Tables of a scorecard: rows of words, and how figures become them."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final, NamedTuple

from reports.figures import Figures, Key
from reports.quantile_wording import say_measure
from reports.targets import Attainment, Verdict
from reports.wording import Words

ALL: Final = "all"
NO_CELL: Final = Words("")


class Cell(NamedTuple):
    """A figure in words; `verdict` colours those that a target judges."""

    words: Words
    verdict: Verdict | None = None


class Row(NamedTuple):
    """A measure: its label, and one cell a column; `is_part` if it explains the row above."""

    label: str
    cells: tuple[Cell, ...]
    is_part: bool = False


class Block(NamedTuple):
    """A table of the scorecard; `columns` are names from the scenario, and perhaps "all"."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


class Line(NamedTuple):
    """A row to be: shown only where a figure of it is not 0, if `when_not_zero`."""

    label: str
    measure: str
    totals: bool = True
    when_not_zero: bool = False
    is_part: bool = False


class Columns:
    """The columns of a block: each name of a scope, and all together where there are several.

    `judged` has the verdicts that colour figures.
    """

    def __init__(
        self,
        figures: Figures,
        scope: str,
        names: tuple[str, ...],
        tell: bool,
        judged: Mapping[Key, Verdict] | None = None,
    ) -> None:
        self.figures, self.scope, self.names, self.tell = figures, scope, names, tell
        self.judged = judged or {}
        self.has_total = len(names) > 1
        self.titles = (*names, ALL) if self.has_total else names

    def rows(self, lines: Iterable[Line]) -> list[Row]:
        return [row for row in map(self._row, lines) if row is not None]

    def filled(self, label: str, cell_of: Callable[[str], Cell], is_part: bool = False) -> Row:
        """A row with nothing in its total."""
        empty = (Cell(NO_CELL),) if self.has_total else ()
        return Row(label, (*map(cell_of, self.names), *empty), is_part)

    def _row(self, line: Line) -> Row | None:
        found = [self.figures.get(line.measure, self.scope, name) for name in self.names]
        if line.when_not_zero and not any(figure.exists and figure.mean for figure in found):
            return None
        if not any(figure.exists for figure in found):
            return None
        cells = [self._cell(line, self.scope, name) for name in self.names]
        if self.has_total:
            cells.append(self._total(line))
        return Row(line.label, tuple(cells), line.is_part)

    def _cell(self, line: Line, scope: str, name: str) -> Cell:
        figure = self.figures.get(line.measure, scope, name)
        words = say_measure(line.measure, figure, self.tell)
        return Cell(words, self.judged.get((line.measure, scope, name)))

    def _total(self, line: Line) -> Cell:
        total = self.figures.get(line.measure, ALL, ALL)
        return self._cell(line, ALL, ALL) if line.totals and total.exists else Cell(NO_CELL)


def verdicts(found: Iterable[Attainment]) -> dict[Key, Verdict]:
    """The verdict on each measure that targets judge; of several, the worst."""
    worst_last = (Verdict.MET, Verdict.OPEN, Verdict.MISSED)
    judged = dict[Key, Verdict]()
    for each in sorted(found, key=lambda a: worst_last.index(a.verdict)):
        judged[each.goal.measure, each.goal.scope, each.goal.name] = each.verdict
    return judged
