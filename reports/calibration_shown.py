"""What the page of a calibration is made of: plain tuples of text, numbers and plots.

This folder knows nothing of exports or fits; who calls it puts what was found into these. All text may be
hostile (it is escaped where it is written); all numbers may be NaN (they are written as a dash).
"""

import math
from typing import NamedTuple

from reports.plots import Plot

Cell = str | float | None


class ParameterShown(NamedTuple):
    """A number of a law, with its 95 % interval (NaN: none); `value` may be words.

    `unit` is "s", "share" (0-1), "contacts", "agents", "h", "per hour" or any other word; "" for a pure
    number.
    """

    name: str
    value: float | str
    low: float = math.nan
    high: float = math.nan
    unit: str = ""


class Table(NamedTuple):
    """A table; the first column names its rows.

    Numbers are written by the unit of their column ("s", "share", ...; none given: pure numbers), NaN and
    None as a dash; text stays as it is.
    """

    heading: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    units: tuple[str, ...] = ()


class SourceShown(NamedTuple):
    """The export: names of its files, its format, the period (words), rows read and rows set aside."""

    files: tuple[str, ...]
    format: str
    period: str
    read: int
    set_aside: int
    others: tuple[tuple[str, str], ...] = ()  # more to tell of it: (term, words)


class FitShown(NamedTuple):
    """One fit: `family` in words, `goodness` as (name, value), `cautions` as (kind, text)."""

    heading: str
    family: str
    n: int
    parameters: tuple[ParameterShown, ...]
    goodness: tuple[tuple[str, str | float], ...]
    cautions: tuple[tuple[str, str], ...]
    plots: tuple[Plot, ...]
    summary: str  # a sentence or two; "" for none


class Section(NamedTuple):
    """Fits of one kind, such as those of handle times."""

    heading: str
    fits: tuple[FitShown, ...]


class CalibrationShown(NamedTuple):
    """A calibration as it is shown.

    `warnings` come most serious first; `cannot_tell` is what the export does not say, `assumed` what the
    scenario has instead, by nobody's data; `tables` come before all fits.
    """

    title: str
    source: SourceShown
    notes: tuple[str, ...]
    cannot_tell: tuple[str, ...]
    assumed: tuple[str, ...]
    warnings: tuple[str, ...]
    sections: tuple[Section, ...]
    scenario_file: str
    tables: tuple[Table, ...]
