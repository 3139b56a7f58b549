"""The scores of a back-test as a table in words: errors beside those of simpler ways, coverage marked."""

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

from reports.backtest_shown import MEASURES, SeriesScore
from reports.shown_wording import amount
from reports.wording import MISSING, number_text, share_text

OURS: Final = "simulation"  # the heading of the simulator's error
FEWEST: Final = 0.70  # coverage that no single series may stay below
LEAST: Final = 0.80  # between this and the next, a 90 % interval is about as wide as it says
MOST: Final = 0.97
_TIE: Final = 1e-9  # relative: errors that are the same


class Cell(NamedTuple):
    """What stands in a cell; `style` is a class of the style sheet, `mark` a word beside the figure."""

    text: str
    is_best: bool = False
    style: str = ""
    mark: str = ""


class Row(NamedTuple):
    """One stream: how many days, what was, what was simulated, errors in the order of the heads, coverage."""

    stream: str
    days: str
    actual: str
    simulated: str
    errors: tuple[Cell, ...]
    coverage: Cell


class Group(NamedTuple):
    """The rows of one measure."""

    title: str
    rows: tuple[Row, ...]


class Scores(NamedTuple):
    """A whole table; `errors` are the heads of its errors, ours first."""

    errors: tuple[str, ...]
    groups: tuple[Group, ...]


def scores_of(scores: Sequence[SeriesScore]) -> Scores:
    """The table of scores: measures in their order, in each the streams in theirs."""
    baselines = tuple(dict.fromkeys(name for score in scores for name in score.errors_of))
    groups = []
    for measure, (title, _) in MEASURES.items():
        rows = tuple(_row(score, baselines) for score in scores if score.measure == measure)
        if rows:
            groups.append(Group(title, rows))
    return Scores((OURS, *baselines), tuple(groups))


def _row(score: SeriesScore, baselines: Sequence[str]) -> Row:
    errors = [score.error, *(score.errors_of.get(name, math.nan) for name in baselines)]
    best = best_of(errors)
    return Row(
        score.stream,
        f"{score.days:,}",
        _figure(score.actual, score.unit),
        _figure(score.simulated, score.unit),
        tuple(Cell(error_text(e, score.unit), is_best=n in best) for n, e in enumerate(errors)),
        coverage_cell(score.coverage),
    )


def best_of(errors: Sequence[float]) -> set[int]:
    """The places of the smallest error; none where there is nothing to compare with."""
    known = [each for each in errors if not math.isnan(each)]
    if len(known) < 2:
        return set()
    limit = min(known) * (1 + _TIE)
    return {n for n, each in enumerate(errors) if each <= limit}


def coverage_cell(share: float) -> Cell:
    """A coverage with a word where it is out of bounds: too few, few, or an interval that is too wide."""
    if math.isnan(share):
        return Cell(MISSING)
    text = coverage_text(share)
    if share < FEWEST:
        return Cell(text, style="missed", mark="too low")
    if share < LEAST:
        return Cell(text, style="open", mark="low")
    return Cell(text, style="open", mark="wide") if share > MOST else Cell(text)


def error_text(error: float, unit: str) -> str:
    """An error in its unit; of a share, in percentage points."""
    if math.isnan(error):
        return MISSING
    if unit == "share":
        return f"{number_text(error * 100.0, 2 if error < 0.1 else 1)} pp"
    return _figure(error, unit)


def _figure(value: float, unit: str) -> str:
    """A figure to the same places as others of its size, so that a column is easy to compare."""
    if math.isnan(value):
        return MISSING
    if unit == "share":
        return f"{number_text(value * 100.0, 1)} %"
    if unit == "s":
        return f"{number_text(value, 1)} s" if abs(value) < 100.0 else amount(value, unit)
    return number_text(value, 0 if abs(value) >= 100.0 else 1)


def coverage_text(share: float) -> str:
    """A coverage, down to a tenth of a per cent: what is below a bound never looks as if it reached it."""
    return MISSING if math.isnan(share) else share_text(math.floor(share * 1000.0 + 1e-9) / 1000.0)


def wins(scores: Sequence[SeriesScore]) -> tuple[int, int]:
    """In how many series our error is the smallest, of how many with a baseline."""
    best = [best_of([score.error, *score.errors_of.values()]) for score in scores]
    return sum(0 in each for each in best), sum(bool(each) for each in best)
