"""A workbook under construction: sheets, formats by kind of cell, names, addresses.

Each number is of one kind, and looks like it: *input*, to be changed; *formula*, live; *simulated*, which
only the engine knows. Text is always written as text, so that no cell runs what data says.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from reports.finance.money import places_in
from scenarios.safe_text import on_one_line

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

INPUT: Final = "input"
FORMULA: Final = "formula"
SIMULATED: Final = "simulated"
_LOOKS: Final[dict[str, dict[str, object]]] = {
    INPUT: {"font_color": "#1f3fa8", "bg_color": "#fff6d6", "border": 1, "border_color": "#e3d7a3"},
    FORMULA: {"font_color": "#1b2530"},
    SIMULATED: {"font_color": "#1a6b45", "bg_color": "#eaf5ee"},
}
_NO_LETTER: Final = re.compile(r"[^A-Za-z0-9]+")
_ONE_LINE: Final = 14  # letters of a head that fit beside numbers
_LINE: Final = 14.0  # points
_EARLIEST: Final = 1990  # the year before which a day is a slip
_LONGEST: Final = 40  # characters of a name that come from data

Number = float | int | Decimal
PLAIN: Final[Mapping[str, object]] = MappingProxyType({})
SOFT: Final[Mapping[str, object]] = MappingProxyType({"font_color": "#5b6876"})
BOLD: Final[Mapping[str, object]] = MappingProxyType({"bold": True})
"""Looks of text and numbers."""


class Place(NamedTuple):
    """A cell of a sheet, counted from 0."""

    sheet: str
    row: int
    column: int

    @property
    def here(self) -> str:
        """Its address within its sheet, fixed: $B$3."""
        return f"${letters(self.column)}${self.row + 1}"

    @property
    def address(self) -> str:
        """Its address from any sheet."""
        return f"{quoted(self.sheet)}!{self.here}"


def letters(column: int) -> str:
    """The letters of a column counted from 0: A, Z, AA."""
    found, n = "", column + 1
    while n:
        n, rest = divmod(n - 1, 26)
        found = chr(65 + rest) + found
    return found


def quoted(sheet: str) -> str:
    """The name of a sheet as it stands in a formula."""
    return f"'{sheet}'" if " " in sheet else sheet


class Book:
    """A workbook; close it to write it. Names of cells are given once."""

    def __init__(self, path: Path, currency: str, inflation: float) -> None:
        import xlsxwriter

        options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        self.file: Any = xlsxwriter.Workbook(str(path), options)
        self.file.set_calc_mode("auto")
        self.currency, self.inflation = currency, inflation
        self.names: dict[str, Place] = {}
        self._formats: dict[tuple[tuple[str, object], ...], Format] = {}
        places = places_in(currency)
        amount = f"#,##0.{'0' * places}".rstrip(".")
        self.money = f"{amount};[Red]-{amount}"

    def sheet(self, name: str, widths: Sequence[float] = (), landscape: bool = True) -> "Worksheet":
        """A new sheet that prints on the width of one page."""
        sheet = self.file.add_worksheet(name)
        for n, width in enumerate(widths):
            sheet.set_column(n, n, width)
        sheet.hide_gridlines(2)
        if landscape:
            sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(0.5, 0.5, 0.6, 0.6)
        sheet.set_footer("&L&A&RPage &P of &N")
        return sheet

    def look(self, given: Mapping[str, object]) -> "Format":
        """A format, made once."""
        key = tuple(sorted(given.items(), key=lambda each: each[0]))
        if key not in self._formats:
            usual = {"font_name": "Arial", "font_size": 10, "valign": "top"}
            self._formats[key] = self.file.add_format({**usual, **given})
        return self._formats[key]

    def of_kind(self, kind: str, form: str = "", look: Mapping[str, object] = PLAIN) -> "Format":
        """The format of a number: its kind gives its colours."""
        return self.look({**_LOOKS[kind], **({"num_format": form} if form else {}), **look})

    def text(
        self, sheet: "Worksheet", row: int, column: int, words: str, look: Mapping[str, object] = PLAIN
    ) -> None:
        """Write text as text, whatever it looks like."""
        sheet.write_string(row, column, on_one_line(words), self.look(look))

    def title(self, sheet: "Worksheet", words: str, below: str = "") -> None:
        """The heading of a sheet."""
        self.text(sheet, 0, 0, words, {"bold": True, "font_size": 15})
        if below:
            self.text(sheet, 1, 0, below, SOFT)

    def head(self, sheet: "Worksheet", row: int, words: Sequence[str], left: Sequence[int] = (0,)) -> None:
        """A row of column heads; those of `left` stand over text."""
        for n, each in enumerate(words):
            align = "left" if n in left else "right"
            look = {"bold": True, "bottom": 1, "align": align, "valign": "bottom", "text_wrap": n > 0}
            self.text(sheet, row, n, each, look)
        if any(len(each) > _ONE_LINE for each in words[1:]):
            sheet.set_row(row, 2 * _LINE)

    def number(
        self,
        sheet: "Worksheet",
        row: int,
        column: int,
        value: Number,
        kind: str,
        form: str = "",
        name: str = "",
        least: float = 0.0,
    ) -> Place:
        """A number: an input of at least so much, or simulated; with a name, formulas find it by that."""
        sheet.write_number(row, column, float(value), self.of_kind(kind, form))
        if kind == INPUT:
            _refuse_typos(sheet, row, column, min(float(value), least), form)
        return self._named(Place(sheet.get_name(), row, column), name)

    def day(self, sheet: "Worksheet", row: int, column: int, day: date, name: str) -> Place:
        """A day that is an input."""
        sheet.write_datetime(
            row, column, datetime(day.year, day.month, day.day), self.of_kind(INPUT, "yyyy-mm-dd")
        )
        told = {"error_title": "A day", "error_message": "Write a day, such as 2026-03-01."}
        rule = {"validate": "date", "criteria": ">=", "value": date(_EARLIEST, 1, 1), **told}
        sheet.data_validation(row, column, row, column, rule)
        return self._named(Place(sheet.get_name(), row, column), name)

    def formula(
        self, sheet: "Worksheet", row: int, column: int, text: str, value: Number | str, form: str = "",
        name: str = "", look: Mapping[str, object] = PLAIN,
    ) -> Place:  # fmt: skip
        """A formula, with the value that the engine has for it, for readers that do not compute."""
        shown = value if isinstance(value, str) else float(value)
        sheet.write_formula(row, column, text, self.of_kind(FORMULA, form, look), shown)
        return self._named(Place(sheet.get_name(), row, column), name)

    def _named(self, place: Place, name: str) -> Place:
        if name:
            assert name not in self.names, name
            self.names[name] = place
            self.file.define_name(name, f"={place.address}")
        return place

    def name_range(self, name: str, first: Place, last: Place) -> None:
        """Give a name to a block of cells."""
        self.file.define_name(name, f"={first.address}:{last.here}")

    def close(self) -> None:
        """Write the file."""
        self.file.close()


def _refuse_typos(sheet: "Worksheet", row: int, column: int, least: float, form: str) -> None:
    """Have the spreadsheet refuse text, and what is too little."""
    words = (
        f"a share of at least {least:.0%}, such as 3%"
        if form.endswith("%")
        else f"a number of at least {least:g}"
    )
    told = {"error_title": "A number", "error_message": f"Write {words}."}
    rule = {"validate": "decimal", "criteria": ">=", "value": least, **told}
    sheet.data_validation(row, column, row, column, rule)


def name_of(prefix: str, label: str, taken: Sequence[str]) -> str:
    """A name of a cell made of a word of ours and one of the data: letters, digits and _, none twice."""
    plain = _NO_LETTER.sub("_", label).strip("_")[:_LONGEST] or "x"
    found, n = f"{prefix}__{plain}", 2
    while found.lower() in {each.lower() for each in taken}:
        found, n = f"{prefix}__{plain}_{n}", n + 1
    return found
