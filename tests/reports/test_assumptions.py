"""What went in, in words: days that differ, holidays, shrinkage, seats wanted and hours paid."""

from reports.assumptions import horizon, tables
from scenarios import Scenario, loads
from tests.reports.conftest import TEXT


def table(scenario: Scenario, title: str) -> list[dict[str, str]]:
    found = next(each for each in tables(scenario) if each.title == title)
    return [dict(zip(found.heads, row, strict=True)) for row in found.rows]


def test_holidays_are_named_where_there_are_any() -> None:
    assert "Holidays" not in horizon(loads(TEXT))
    text = TEXT.replace("days: 2", "days: 2, holidays: [2026-03-03, 2026-05-01]")
    assert " Holidays: 2026-03-03; as Sundays where nothing is said of them." in horizon(loads(text))


def test_days_that_differ_are_named() -> None:
    more = (
        "trend: {growth: 10% per year, since: 2026-01-01}, months: {mar: 1.2}, "
        "special_days: {2026-03-02: 2, 2026-03-03 to 2026-03-05: 50%}, "
    )
    text = TEXT.replace("arrivals: {", f"arrivals: {{{more}", 1)
    calls, mails = table(loads(text), "Streams")
    assert calls["Days that differ"] == (
        "+10 % a year since 2026-01-01; mar × 1.2; 2026-03-02 × 2, 2026-03-03 to 2026-03-05 × 0.5"
    )
    assert mails["Days that differ"] == "–"


def test_seats_wanted_and_hours_paid_are_both_there() -> None:
    text = TEXT.replace("shrinkage: 20%", "shrinkage: {leave: 10%, sick: 10%, combine: multiply}")
    assert text != TEXT
    group = table(loads(text), "Groups")[0]
    assert group["Seats wanted, a week"] == "840 h"
    assert group["Paid hours, a week"] == "1,037 h"
    assert (
        "19 % of paid time not at work (leave 10 %, sick 10 %; each of what the others leave)"
        in group["Rules"]
    )
