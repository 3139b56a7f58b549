"""The workbook of a business case, sheet by sheet."""

import os
import secrets
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from reports.finance.book import Book
from reports.finance.book_cash import Cash, write_cash
from reports.finance.book_costs import write_costs, write_reconciliation
from reports.finance.book_inputs import write_inputs
from reports.finance.book_response import write_response
from reports.finance.book_views import write_bridge, write_definitions, write_summary, write_tornado
from reports.finance.results import Case, Study
from reports.finance.unsure import expected_of
from reports.run_folder import FolderError


def write_workbook(path: Path, study: Study) -> Path:
    """Write the workbook, or nothing: what was there stays if it cannot be written. Raises `FolderError`."""
    if study.case is None:
        raise FolderError(
            f"{path}: the workbook is of a business case; name the change, and search for people"
        )
    from xlsxwriter.exceptions import XlsxFileError

    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(fresh, study, study.case)
        os.replace(fresh, path)
    except (OSError, XlsxFileError) as error:
        told = getattr(error, "strerror", None) or error
        raise FolderError(f"{path} cannot be written: {told}") from error
    finally:
        with suppress(OSError):
            fresh.unlink()
    return path


def _write(path: Path, study: Study, case: Case) -> None:
    book = Book(path, case.model.currency, case.model.inflation)
    start = study.before.scenario.calendar.start
    made = datetime(start.year, start.month, start.day)  # the same bytes for the same study
    book.file.set_properties({"title": study.before.scenario.name, "author": "careloop", "created": made})
    summary = book.sheet("Summary", (44, 18, 18, 18, 18))
    inputs = write_inputs(book, case)
    others, tables = write_response(book, case.model, expected_of(case.terms))
    cash: Cash = write_cash(book, case, case.headline, inputs, (others, tables))
    write_bridge(book, case, cash)
    write_tornado(book, case)
    write_costs(book, study)
    write_reconciliation(book, study)
    write_definitions(book, study)
    write_summary(book, summary, study, case, cash)
    book.close()
