"""The model against what was booked: by account, over the whole months that both have."""

from decimal import Decimal

from reports.finance.ledger import against_ledger
from scenarios.costs import LedgerRow
from tests.finance.made_up import study

D = Decimal


def test_lines_stand_beside_what_was_booked() -> None:
    """Only whole months of both count; 2027-03 is not simulated at all."""
    bill = study().before.bill
    rows = (
        LedgerRow("6300", 2026, 4, 7000.25, 2),
        LedgerRow("6300", 2026, 4, -100.0, 3),
        LedgerRow("6300", 2026, 5, 6500.0, 4),
        LedgerRow("6999", 2026, 5, 12.34, 5),
        LedgerRow("6300", 2027, 3, 1.0, 6),
    )
    found = against_ledger(bill, rows)
    assert found.months == ("2026-04", "2026-05")
    assert found.left_out == ("2027-03",)
    (desk,) = [each for each in found.rows if each.accounts == ("6300",)]
    (line,) = [each for each in bill.lines if each.name == "desk"]
    places = [n for n, month in enumerate(bill.months) if month.label in found.months]
    assert desk.model == sum((line.months[n] for n in places), D(0))
    assert desk.booked == D("13400.25")
    assert desk.difference == desk.model - desk.booked
    assert found.unmapped == (("6999", D("12.34")),)
    assert {name for name, _ in found.unbooked} == {each.name for each in bill.lines if not each.told.ledger}


def test_lines_of_one_account_are_held_against_it_together() -> None:
    bill = study().before.bill
    found = against_ledger(bill, (LedgerRow("6000", 2026, 6, 50_000.0, 2),))
    (team,) = [each for each in found.rows if each.accounts == ("6000",)]
    assert set(team.lines) == {each.name for each in bill.lines if each.told.ledger == ("6000",)}
    assert len(team.lines) > 1
