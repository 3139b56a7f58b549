"""What went in, in words: days that differ, holidays, shrinkage, seats wanted and hours paid."""

from reports.assumptions import horizon, tables
from scenarios import Scenario, loads
from tests.reports.conftest import TEXT
from tests.scenarios.life_text import LIFE


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


LIFE_TABLES = (
    *("What contacts bear", "Severities", "Causes", "Tiers of accounts", "Flags", "Tagging"),
    *("Routing: the first rule that matches decides", "Paths", "After a case is solved", "Side work"),
    *("Incidents", "Outcomes of closed cases"),
)


def test_nothing_is_said_of_the_life_of_a_case_where_there_is_none() -> None:
    assert not {each.title for each in tables(loads(TEXT))} & set(LIFE_TABLES)


def test_each_part_of_the_life_of_a_case_has_a_table() -> None:
    assert [each.title for each in tables(loads(LIFE))][3:] == list(LIFE_TABLES)


def cells(title: str, row: int) -> tuple[str, ...]:
    """The words of a row, without its name."""
    return tuple(table(loads(LIFE), title)[row].values())[1:]


def test_what_contacts_bear_is_told() -> None:
    assert cells("What contacts bear", 0) == (
        "billing 30 %, how_to 70 %",
        "S1 1 %, S2 9 %, S3 90 %",
        "small 90 %, vip 10 %",
        "fraud 0.5 %",
        "standard",
        "deflects 20 %; 25 % of them come after 1 h, taking × 1.2; "
        "those who stay away would have taken × 0.6; 4 articles viewed by each who tries",
    )


def test_promises_are_told() -> None:
    assert cells("Severities", 0) == (
        "round the clock",
        "95 % in 15 min",
        "90 % in 4 h",
        "every 1 h in updates, 4 min (exponential) each",
    )
    assert cells("Severities", 2) == ("50 h a week", "90 % on the same day", "90 % in 3 business days", "–")


def test_rules_and_steps_are_told() -> None:
    routing = "Routing: the first rule that matches decides"
    assert cells(routing, 2) == ("channel phone or chat, tier vip", "vip")
    assert cells(routing, 4) == ("cause how_to, no VIP", "phone")
    assert cells("Paths", 1) == (
        "tier2",
        "tier2",
        "20 min (exponential)",
        "handed over warm, whoever does so waits 3 min at most; both talk 2 min",
        "solved 90 %, engineering 10 %",
    )


def test_what_comes_after_and_beside_is_told() -> None:
    assert cells("After a case is solved", 3) == (
        "8 %, after 3 days (exponential), by calls 70 %, chats 30 %",
    )
    assert cells("Side work", 0) == (
        "duty",
        "5 min (exponential)",
        "when a case is opened",
        "all; only with $50,000 a year or flag pci or flag pii",
        "90 % in 10 min",
    )
    assert cells("Incidents", 0) == (
        "outage, S1",
        "every 30 days on average",
        "4 h (lognormal)",
        "calls 60 an hour, chats 40 an hour, fading within 30 min",
        "10 contacts within 30 min, 5 min later",
        "1 h (lognormal)",
        "15 min later, 60 % stay away",
    )


def test_outcomes_are_told() -> None:
    rows = [tuple(row.values()) for row in table(loads(LIFE), "Outcomes of closed cases")]
    assert rows[:3] == [
        ("Surveys that are answered", "20 %"),
        ("Satisfied", "90 %, -10 points for each further contact"),
        ("Promoters, detractors", "60 %, 12 %"),
    ]


def test_queues_and_groups_say_what_they_do_beside() -> None:
    phone = table(loads(LIFE), "Queues")[0]["Rules"]
    for words in ("40 lines", "40 % leave at 5 min", "60 % are called back", "leaves a message"):
        assert words in phone
    rules = [each["Rules"] for each in table(loads(LIFE), "Groups")]
    assert "Takes who has waited longest, by weight" in rules[0]
    assert "From 10 waiting on 10 % faster, 20 % more reopened" in rules[0]
    assert "what it has gained by waiting" in rules[1]
    assert "On call, there after 5 min (lognormal)" in rules[2]
