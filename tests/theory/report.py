"""The page of a full run, in Markdown: how the scores spread, and every one of them."""

from itertools import groupby
from statistics import NormalDist
from typing import Final

from .builders import Row
from .figures import Judged

LIMIT: Final = 4.0
_ONE_IN: Final = 1.0 / (2.0 * NormalDist().cdf(-LIMIT))

INTRODUCTION: Final = """\
# Theory tests

Written by `make verify` (`tests/theory`). Every figure is simulated and held against an exact value, or
against one that the ContactCenters simulator gives (then both have an error). A score z is the
difference over its standard error, put on the scale of the normal distribution by Student's law.
If all is right, 4.6 % of the scores lie beyond ±2, and one in {one_in:,.0f} beyond ±4, where a test fails.
Figures that rest on too few events to be judged are marked –.

{count} figures of {cases} cases; beyond ±2: {beyond:.1%}; largest |z|: {largest:.2f}; not judged: {rare}.
"""


def page(rows: list[Row]) -> str:
    """The whole page."""
    figures = [figure for row in rows for figure in row.figures]
    scores = [abs(figure.z) for figure in figures if figure.z is not None]
    text = INTRODUCTION.format(
        one_in=_ONE_IN,
        count=len(figures),
        cases=len(rows),
        beyond=sum(score > 2.0 for score in scores) / len(scores),
        largest=max(scores),
        rare=len(figures) - len(scores),
    )
    by_model = groupby(sorted(rows, key=_model), key=_model)
    parts = [_kind(model, list(group)) for model, group in by_model]
    return "\n".join([text, *parts])


def _model(row: Row) -> str:
    return row.model


def _kind(model: str, rows: list[Row]) -> str:
    """The table of a kind of case."""
    head = ["", f"## {model}", "", "| case | contacts | scores |", "|---|--:|---|"]
    return "\n".join(head + [f"| {row.case} | {row.contacts:,} | {_scores(row.figures)} |" for row in rows])


def _scores(figures: tuple[Judged, ...]) -> str:
    """The scores by figure; those of a list one after the other."""
    by_name = groupby(figures, key=lambda figure: figure.figure.partition("[")[0])
    return "; ".join(f"{name} {' '.join(_score(figure) for figure in group)}" for name, group in by_name)


def _score(figure: Judged) -> str:
    return "–" if figure.z is None else f"{figure.z:+.1f}".replace("-", "−")
