"""The page of a calibration: what was read, what was fitted, and what is only assumed."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from reports.calibration_shown import CalibrationShown, Cell, FitShown, ParameterShown, Table
from reports.charts import Picture
from reports.plot_drawing import picture
from reports.shown_wording import amount, cell, interval, name_words
from reports.template import rendered
from sim.version import __version__

_WARNINGS_FIRST: Final = 6  # of them stand at the top; the others below
_SHORT: Final = 32  # characters: cells of words that are longer are set as text


class _Row(NamedTuple):
    name: str
    value: str
    interval: str


class _Fit(NamedTuple):
    """A fit in words, with its pictures."""

    shown: FitShown
    rows: tuple[_Row, ...]
    goodness: str
    cautions: tuple[tuple[str, str], ...]
    pictures: tuple[Picture, ...]


class WordTable(NamedTuple):
    """A table in words; `numeric` tells which columns are set as numbers."""

    heading: str
    columns: tuple[str, ...]
    numeric: tuple[bool, ...]
    rows: tuple[tuple[str, ...], ...]


def calibration_page(shown: CalibrationShown) -> str:
    """The page as HTML. Every text of the export is escaped."""
    return rendered("calibration.html.j2", _content(shown))


def _content(shown: CalibrationShown) -> dict[str, Any]:
    return {
        "shown": shown,
        "first_warnings": shown.warnings[:_WARNINGS_FIRST],
        "more_warnings": shown.warnings[_WARNINGS_FIRST:],
        "read": f"{shown.source.read:,}",
        "set_aside": f"{shown.source.set_aside:,}",
        "tables": [worded(table) for table in shown.tables],
        "sections": [
            (each.heading, [_fit(fit, f"s{s}f{f}") for f, fit in enumerate(each.fits)])
            for s, each in enumerate(shown.sections)
        ],
        "version": __version__,
    }


def _fit(fit: FitShown, key: str) -> _Fit:
    return _Fit(
        fit,
        tuple(map(_row, fit.parameters)),
        "; ".join(
            f"{words} {amount(value, unit)}"
            for name, value in fit.goodness
            for words, unit in [name_words(name)]
        ),
        tuple((_kind_words(kind), text) for kind, text in fit.cautions),
        tuple(picture(plot, f"{key}p{n}") for n, plot in enumerate(fit.plots)),
    )


def _row(given: ParameterShown) -> _Row:
    name, unit = name_words(given.name, given.unit)
    value = amount(given.value, unit, given.low, given.high)
    return _Row(name, value, interval(given.value, unit, given.low, given.high))


def _kind_words(kind: str) -> str:
    """A code of a caution as people write it: `heavy_censoring` is "Heavy censoring"."""
    words = kind.replace("_", " ")
    return words[:1].upper() + words[1:]


def worded(table: Table) -> WordTable:
    """The cells of a table in words."""
    units = (*table.units, *[""] * len(table.columns))
    return WordTable(
        table.heading,
        table.columns,
        tuple(_is_numeric([row[n] for row in table.rows]) for n in range(len(table.columns))),
        tuple(
            tuple(cell(value, unit) for value, unit in zip(row, units, strict=False)) for row in table.rows
        ),
    )


def _is_numeric(values: Sequence[Cell]) -> bool:
    """Whether a column is set as one of figures, rather than as text that may be long."""
    return all(not isinstance(value, str) or len(value) <= _SHORT for value in values)
