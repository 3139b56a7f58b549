"""The sheets of what care costs: lines as price × quantity, and their reconciliation by every dimension."""

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from reports.finance.book import BOLD, INPUT, SIMULATED, SOFT, Book, Place, name_of
from reports.finance.cost_blocks import NOT_ASSIGNED
from reports.finance.ledger import Ledger
from reports.finance.money import places_in
from reports.finance.results import Priced, Study
from reports.finance.words import DIMENSION_WORDS, year_words

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

COSTS: Final = "Costs"


def write_costs(book: Book, study: Study) -> None:
    """Every line: quantity, which is simulated, × price, which is an input."""
    sheet = book.sheet(COSTS, (36, 14, 12, 18, 16, 16, 18))
    book.text(sheet, 2, 0, "Prices here are of these costs alone; the case has its own on Assumptions", SOFT)
    side = study.before
    book.title(sheet, "What it costs", f"{side.label}, {year_words(side.scenario)}, {side.bill.currency}")
    book.head(sheet, 3, ("Line", "Kind", "Behaves", "Quantity", "of", "Price of one", "Amount"), (0, 4))
    places, row = places_in(side.bill.currency), 4
    for line in side.bill.lines:
        told = line.told
        book.text(sheet, row, 0, told.name)
        book.text(sheet, row, 1, told.kind.replace("_", " "), {"align": "right"})
        book.text(sheet, row, 2, told.behaves, {"align": "right"})
        if told.price:
            book.number(sheet, row, 3, line.quantity, SIMULATED, "#,##0.00")
            book.number(
                sheet,
                row,
                5,
                line.mean_price,
                INPUT,
                "#,##0.00####",
                name_of("line", told.name, list(book.names)),
            )
            text = f"=ROUND(D{row + 1}*F{row + 1},{places})"
            book.formula(sheet, row, 6, text, line.total, book.money)
        else:
            book.number(sheet, row, 6, line.total, SIMULATED, book.money)
        book.text(sheet, row, 4, told.unit, SOFT)
        row += 1
    book.text(sheet, row, 0, "Total", BOLD)
    total = {"bold": True, "top": 1}
    book.formula(sheet, row, 6, f"=SUM(G5:G{row})", side.bill.total, book.money, "total_cost", total)
    _units(book, sheet, row + 2, side)
    row += 7
    for each in side.bill.missing:
        book.text(sheet, row, 0, f"Not in these costs: {each}", SOFT)
        row += 1
    sheet.freeze_panes(4, 1)


def _units(book: Book, sheet: "Worksheet", row: int, side: Priced) -> None:
    """What a contact, a minute and a solved case cost."""
    volume, places = side.whole.volume, places_in(side.bill.currency)
    book.head(sheet, row, ("Cost to serve", "", "", "How many", "", "", "Cost of one"))
    units = zip(
        ("contacts", "minutes of work", "solved cases"),
        volume,
        (side.whole.per_contact, side.whole.per_minute, side.whole.per_solved),
        strict=True,
    )
    for n, (words, count, cost) in enumerate(units, 1):
        book.text(sheet, row + n, 0, words.capitalize())
        at = book.number(sheet, row + n, 3, count, SIMULATED, "#,##0")
        if cost is not None:
            book.formula(sheet, row + n, 6, f"=ROUND(total_cost/{at.here},{places})", cost, book.money)


def write_reconciliation(book: Book, study: Study) -> None:
    """Costs by the parts of every dimension; each adds up to the same total, which a check tells."""
    sheet = book.sheet("Reconciliation", (36, 18, 14, 16, 18, 18))
    side, places = study.before, places_in(study.before.bill.currency)
    book.title(sheet, "Reconciliation", "However costs are split, the parts add up to the total, to the cent")
    total = book.number(sheet, 3, 1, side.bill.total, SIMULATED, book.money)
    book.text(sheet, 3, 0, "Total, as simulated and priced", BOLD)
    text = f'=IF(ROUND(total_cost-{total.here},2)=0,"as on {COSTS}","{COSTS} has other prices: not these")'
    book.formula(sheet, 3, 2, text, f"as on {COSTS}")
    row = 5
    for dimension, rows in side.parts.items():
        book.head(
            sheet,
            row,
            (DIMENSION_WORDS[dimension], "Cost", "Contacts", "Solved cases", "A contact", "A solved case"),
        )
        first = row + 2
        for each in rows:
            row += 1
            book.text(sheet, row, 0, each.name or NOT_ASSIGNED)
            cost = book.number(sheet, row, 1, each.cost, SIMULATED, book.money)
            counts = (each.volume.contacts, each.volume.solved)
            for n, (count, unit) in enumerate(zip(counts, (each.per_contact, each.per_solved), strict=True)):
                if unit is not None:
                    at = book.number(sheet, row, 2 + n, count, SIMULATED, "#,##0")
                    text = f"=ROUND({cost.here}/{at.here},{places})"
                    book.formula(sheet, row, 4 + n, text, unit, book.money)
        row += 1
        _check(book, sheet, row, first, total, side.bill.total)
        row += 2
    if study.ledger is not None:
        _ledger(book, sheet, row, study.ledger)


def _check(book: Book, sheet: "Worksheet", row: int, first: int, total: Place, amount: Decimal) -> None:
    book.text(sheet, row, 0, "Adds up to", BOLD)
    here = book.formula(
        sheet, row, 1, f"=SUM(B{first}:B{row})", amount, book.money, look={"bold": True, "top": 1}
    )
    text = f'=IF(ROUND({here.here}-{total.here},2)=0,"reconciles","does not reconcile")'
    book.formula(sheet, row, 2, text, "reconciles")


def _ledger(book: Book, sheet: "Worksheet", row: int, found: Ledger) -> None:
    """The model against what was booked."""
    months = f"{found.months[0]} to {found.months[-1]}" if found.months else "no whole month of both"
    book.head(sheet, row, (f"Against what was booked, {months}", "Model", "Booked", "Difference"))
    for each in found.rows:
        row += 1
        book.text(sheet, row, 0, f"{', '.join(each.accounts)}: {', '.join(each.lines)}")
        book.number(sheet, row, 1, each.model, SIMULATED, book.money)
        book.number(sheet, row, 2, each.booked, INPUT, book.money)
        book.formula(sheet, row, 3, f"=B{row + 1}-C{row + 1}", each.difference, book.money)
    for account, amount in found.unmapped:
        row += 1
        book.text(sheet, row, 0, f"{account}: no line")
        book.number(sheet, row, 2, amount, INPUT, book.money)
    for name, amount in found.unbooked:
        row += 1
        book.text(sheet, row, 0, f"{name}: no account")
        book.number(sheet, row, 1, amount, SIMULATED, book.money)
