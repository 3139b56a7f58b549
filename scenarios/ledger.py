"""What was booked, by account and month: rows of a CSV file, or written out.

Delimiter, decimal mark, date order and columns are detected and told in notes; amounts in other currencies
count at their rate.
"""

import datetime
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Final, NamedTuple

from scenarios.csv_dates import Order, date_order, day_of, is_stamp, taken_apart
from scenarios.csv_numbers import DecimalMark, amount_of, decimal_mark, is_amount, unsigned
from scenarios.csv_table import DELIMITERS, Row, Table, column_of, read_table, refuse_rows, told_by
from scenarios.fields import Door, Form, Model, Text, named_file, number, one_of, read_map, said, whole
from scenarios.problems import Gather, nearest, refuse, shown
from scenarios.units import CURRENCIES, FIRST_YEAR, LARGEST, LAST_YEAR

_ACCOUNTS: Final = ("account", "accounts", "gl", "konto")
_MONTHS: Final = ("month", "period", "date", "posted", "posting")
_AMOUNTS: Final = ("amount", "value", "booked", "balance", "actual", "actuals", "net")
_CURRENCIES: Final = ("currency", "ccy")
_YEAR_MONTH = re.compile(r"\s*([0-9]{4})[-/.]([0-9]{1,2})\s*")
FORM: Final[Form] = {
    "title": "booked amounts",
    "anyOf": [{"$ref": "#/$defs/ledger"}, {"type": "array", "items": {"type": "object"}}],
}
EXAMPLE: Final = "{csv: FILE}, or a list of {account: 6000, month: 2026-01, amount: 1200.50}"


class LedgerRow(NamedTuple):
    """What was booked: an amount on an account, in a month (1 is January)."""

    account: str
    year: int
    month: int
    amount: float
    line: int  # of its file; 0 where it is in none


class Rates(NamedTuple):
    """The currency in which everything is told, and what one unit of others is worth in it."""

    currency: str
    exchange: Mapping[str, float]

    def of(self, code: str) -> float:
        """Return what one unit is worth; raises ValueError for a currency without a rate."""
        if code == self.currency:
            return 1.0
        if code not in CURRENCIES:
            raise ValueError(f"{code!r} is not a currency{nearest(code, CURRENCIES)}")
        if code not in self.exchange:
            raise ValueError(f"is in {code}, and costs in {self.currency}; add {code} to costs.exchange")
        return self.exchange[code]


class Written(Model):
    """The keys of ``{csv: FILE}``."""

    csv: Annotated[Text, said("path of the file, in the folder of the scenario or below", "ledger.csv")]
    account: Annotated[Text, said("column of accounts", "Account", absent="detected")] | None = None
    month: (
        Annotated[Text, said("column of months (2026-01), or of dates", "Period", absent="detected")] | None
    ) = None
    amount: (
        Annotated[Text, said("column of amounts; credits are negative", "Amount", absent="detected")] | None
    ) = None


class _WrittenOut(Model):
    """A row that is written in the scenario itself."""

    account: Text
    month: Text
    amount: Annotated[float, number(-LARGEST, LARGEST)]
    currency: Annotated[str, one_of(*CURRENCIES, title="currency")] | None = None
    line: Annotated[int, whole(0, 1_000_000_000)] = 0


class _Columns(NamedTuple):
    """The columns that are read, by number (``currency`` None: there is none), and how cells are written."""

    account: int
    month: int
    amount: int
    currency: int | None
    order: Order | None
    mark: DecimalMark


def read_ledger(seen: object, door: Door, rates: Rates) -> tuple[LedgerRow, ...]:
    """Return the rows of ``{csv: FILE, account: COLUMN, month: COLUMN, amount: COLUMN}`` or of a list.

    Raises ValueError with what is wrong, each wrong row of a file at its own line.
    """
    if isinstance(seen, list | tuple) and seen:
        return _rows_written(seen, door, rates)
    if not isinstance(seen, Mapping):
        raise ValueError(f"{shown(seen)} is no ledger; write {EXAMPLE}")
    given = read_map(Written, seen, door, "{csv: FILE}")
    table = read_table(named_file(door, given.csv), least=1)
    columns = _columns(table, given)
    rows, wrong = list[LedgerRow](), list[tuple[int, str]]()
    for row in table.rows:
        try:
            rows.append(_row(row, columns, rates))
        except ValueError as error:
            wrong.append((row.line, str(error)))
    refuse_rows(table.file, wrong)
    door.notes += [_detected(table, columns, rates), _spans(table, rows)]
    return tuple(rows)


def _columns(table: Table, given: Written) -> _Columns:
    account = column_of(table, given.account, "account", _ACCOUNTS)
    month = column_of(table, given.month, "month", _MONTHS, _is_month)
    amount = column_of(table, given.amount, "amount", _AMOUNTS, is_amount)
    others = [i for i, title in enumerate(table.header) if title.lower() in _CURRENCIES]
    if len(others) > 1:
        refuse(f"{table.file!r} has two columns of currencies; keep one", "csv")
    mark = told_by(table, amount, decimal_mark, [unsigned(row.cells[amount]) for row in table.rows])
    order = told_by(table, month, _order, [row.cells[month] for row in table.rows])
    return _Columns(account, month, amount, others[0] if others else None, order, mark)


def _is_month(text: str) -> bool:
    return _YEAR_MONTH.fullmatch(text) is not None or is_stamp(text)


def _order(cells: Sequence[str]) -> Order | None:
    """Return the order of the dates of a column; None where all cells are months."""
    dates = [taken_apart(cell) for cell in cells if not _YEAR_MONTH.fullmatch(cell) and is_stamp(cell)]
    return date_order(dates) if dates else None


def _row(row: Row, columns: _Columns, rates: Rates) -> LedgerRow:
    account = row.cells[columns.account].strip()
    if not account:
        raise ValueError("has no account; write one, or leave the row out")
    year, month = _month(row.cells[columns.month], columns.order)
    amount = amount_of(row.cells[columns.amount], columns.mark)
    code = rates.currency if columns.currency is None else row.cells[columns.currency].strip().upper()
    return LedgerRow(account, year, month, converted(amount, rates.of(code or rates.currency)), row.line)


def _month(cell: str, order: Order | None) -> tuple[int, int]:
    """Return year and month of ``2026-01``, or of a date."""
    match = _YEAR_MONTH.fullmatch(cell)
    if match is None:
        if order is None or not is_stamp(cell):
            raise ValueError(f"{cell.strip()[:40]!r} is not a month; write year-month, such as 2026-01")
        day = day_of(taken_apart(cell).numbers, order)
        return day.year, day.month
    try:
        day = datetime.date(int(match[1]), int(match[2]), 1)
    except ValueError:
        raise ValueError(f"{cell.strip()!r} is not a month of the calendar; they go from 01 to 12") from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"{cell.strip()!r} is outside the years {FIRST_YEAR} to {LAST_YEAR}")
    return day.year, day.month


def converted(amount: float, rate: float) -> float:
    """Return an amount at a rate, without the dust of binary fractions."""
    return amount if rate == 1 else float(Decimal(str(amount)) * Decimal(str(rate)))


def _detected(table: Table, columns: _Columns, rates: Rates) -> str:
    name = table.header.__getitem__
    other = "comma" if columns.mark == "," else "point"
    dates = f" ({columns.order})" if columns.order else ""
    of = rates.currency if columns.currency is None else f"the currencies of {name(columns.currency)!r}"
    return (
        f"{table.file}: delimiter {DELIMITERS[table.delimiter]}, decimal {other}, "
        f"accounts from {name(columns.account)!r}, months from {name(columns.month)!r}{dates}, "
        f"amounts from {name(columns.amount)!r} in {of}"
    )


def _spans(table: Table, rows: Sequence[LedgerRow]) -> str:
    months = sorted({(row.year, row.month) for row in rows})
    first, last = (f"{year}-{month:02d}" for year, month in (months[0], months[-1]))
    accounts = len({row.account for row in rows})
    booked = "1 row" if len(rows) == 1 else f"{len(rows)} rows"
    on = "1 account" if accounts == 1 else f"{accounts} accounts"
    when = first if first == last else f"{first} to {last}"
    return f"{table.file}: {booked} of {when} on {on}"


def _rows_written(seen: Sequence[object], door: Door, rates: Rates) -> tuple[LedgerRow, ...]:
    gather, rows = Gather(), list[LedgerRow]()
    for i, each in enumerate(seen):
        with gather.at(i):
            rows.append(each if isinstance(each, LedgerRow) else _row_written(each, door, rates))
    gather.finish()
    return tuple(rows)


def _row_written(seen: object, door: Door, rates: Rates) -> LedgerRow:
    given = read_map(_WrittenOut, seen, door, "{account: 6000, month: 2026-01, amount: 1200.50}")
    gather, found = Gather(), list[tuple[int, int]]()
    with gather.at("month"):
        found.append(_month(given.month, None))
    with gather.at("currency"):
        rate = rates.of(given.currency or rates.currency)
    gather.finish()
    return LedgerRow(given.account, *found[0], converted(given.amount, rate), given.line)


def ledger_written(rows: Sequence[LedgerRow]) -> list[dict[str, object]]:
    """Write rows in the scenario itself, which then needs no file."""
    return [
        {
            "account": row.account,
            "month": f"{row.year:04d}-{row.month:02d}",
            "amount": int(row.amount) if row.amount == int(row.amount) else row.amount,
            **({"line": row.line} if row.line else {}),
        }
        for row in rows
    ]
