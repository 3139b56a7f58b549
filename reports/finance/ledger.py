"""The model against what was booked: cost lines by account, over the months that both know."""

from decimal import Decimal
from typing import NamedTuple

from reports.finance.lines import Bill
from reports.finance.money import exact, to_cents
from scenarios.costs import LedgerRow


class Booked(NamedTuple):
    """Lines with the accounts on which they are booked, and both amounts."""

    accounts: tuple[str, ...]
    lines: tuple[str, ...]
    model: Decimal
    booked: Decimal

    @property
    def difference(self) -> Decimal:
        """The model, less what was booked."""
        return self.model - self.booked


class Ledger(NamedTuple):
    """The model held against a ledger, over whole months of both."""

    months: tuple[str, ...]
    rows: tuple[Booked, ...]
    unmapped: tuple[tuple[str, Decimal], ...]  # accounts that no line has
    unbooked: tuple[tuple[str, Decimal], ...]  # lines without an account
    left_out: tuple[str, ...]  # months of the ledger that are not simulated whole


def against_ledger(bill: Bill, ledger: tuple[LedgerRow, ...]) -> Ledger:
    """Hold the baseline against booked actuals, line by line; only whole months that both have count."""
    whole = {month.label for month in bill.months if month.part == 1}
    booked_in = sorted({label_of(row) for row in ledger})
    both = [label for label in booked_in if label in whole]
    sums = dict[str, Decimal]()
    for row in ledger:
        if label_of(row) in both:
            sums[row.account] = sums.get(row.account, Decimal(0)) + exact(row.amount)
    places = [n for n, month in enumerate(bill.months) if month.label in both]
    model = {line.name: sum((line.months[n] for n in places), Decimal(0)) for line in bill.lines}
    mapped = dict[tuple[str, ...], list[str]]()
    for line in bill.lines:
        if line.told.ledger:
            mapped.setdefault(line.told.ledger, []).append(line.name)
    rows = tuple(
        Booked(
            accounts,
            tuple(names),
            sum((model[name] for name in names), Decimal(0)),
            to_cents(sum((sums.get(each, Decimal(0)) for each in accounts), Decimal(0)), bill.currency),
        )
        for accounts, names in mapped.items()
    )
    known = {account for accounts in mapped for account in accounts}
    unmapped = tuple(
        (each, to_cents(sums[each], bill.currency)) for each in sorted(sums) if each not in known
    )
    unbooked = tuple((line.name, model[line.name]) for line in bill.lines if not line.told.ledger)
    return Ledger(tuple(both), rows, unmapped, unbooked, tuple(e for e in booked_in if e not in both))


def label_of(row: LedgerRow) -> str:
    """The month of a row."""
    return f"{row.year}-{row.month:02d}"
