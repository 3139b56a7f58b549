"""The letter to customers: only what is expected to be validated was fixed, and nothing in it is markup."""

import re
from typing import Any

import pytest

from reports.plan_brief import Brief
from reports.plan_letter import letter, months
from sim.loop.tickets import NOT_YET
from sim.loop.validation import NOT_VALIDATED, VALIDATED
from tests.reports.plans import LOOP, agreed_of, brief, learned, planned, ticket, verdict


def written(*seen: Any, **sections: Any) -> Brief:
    """A brief of so many replications; of each the day in force and the verdicts of the form (or nothing)."""
    plan = planned({}, **sections)
    made = agreed_of(plan).remedies[0][0]
    tickets = [[ticket(made, 8, 18, *each)] if each else [] for each in seen]
    return brief(plan, [learned(plan, *each) for each in tickets])


def part(text: str, month: str, title: str) -> str:
    """What stands below a title in a month's letter."""
    whole = text.partition(f"## {month}\n")[2].partition("\n## ")[0]
    return whole.partition(f"**{title}**\n\n")[2].partition("\n\n**")[0].strip()


def test_there_is_a_letter_for_each_month_of_the_horizon() -> None:
    """From 20 January on 40 days: 12 of January, all 28 of February."""
    assert [each[:] for each in months(planned())] == [("January 2026", 0, 12), ("February 2026", 12, 40)]
    text = letter(written(()))
    assert text.count("\n## ") == 2
    assert "4 simulated courses of the plan lead us to expect" in text


def test_what_was_told_is_not_told_again() -> None:
    """The form is in place from day 9 on, and neither it nor what contacts are about is news in February."""
    text = letter(written((9,), (9,)))
    assert text.count("- Form (billing): in place; we are checking whether it helps.") == 1
    assert text.count("We expect most contacts to be about") == 1
    assert text.endswith("\n## February 2026\n\nNothing new.\n")
    assert text.count("Dear customers,") == 1


def test_a_letter_has_the_parts_alone_in_which_something_is_new() -> None:
    text = letter(written((NOT_YET,), (NOT_YET,)))
    assert part(text, "January 2026", "What is next") == "- Form (billing): due 7 Feb 2026."
    late = letter(written((19,), (19,)))
    february = late.partition("## February 2026")[2]
    assert february == (
        "\n\nDear customers,\n\n**What is next**\n\n"
        "- Form (billing): in place; we are checking whether it helps.\n"
    )


def test_other_causes_on_top_are_news_and_other_shares_of_the_same_are_not() -> None:
    plan = planned({})
    seen = learned(plan)
    seen.seen[12:, :, 0] = (3, 6, 1)  # February: the other way round
    assert letter(brief(plan, [seen] * 2)).count("We expect most contacts") == 1
    seen.seen[12:, 0, 0] = 0  # nobody asks about billing any more
    text = letter(brief(plan, [seen] * 2))
    assert part(text, "February 2026", "What you told us").startswith(
        "We expect most contacts to be about login"
    )


def test_what_they_told_us_is_what_was_tagged() -> None:
    """Of ten contacts a day one has no tag; six of the others are about billing, three about login."""
    told = part(letter(written(())), "January 2026", "What you told us")
    assert told == (
        "We expect most contacts to be about billing (67 %) and login (33 %), "
        "of those whose reason we can tell."
    )


def test_only_what_at_least_half_have_validated_is_told_as_fixed() -> None:
    """Validated on day 31, which is in February, in three of four replications; then in one of four."""
    works, not_yet = (19, verdict(31, VALIDATED)), (19,)
    february = part(letter(written(works, works, works, not_yet)), "February 2026", "What we fixed")
    assert february == (
        "- Form (billing): we expect to have shown that it helps (75 % of the simulated courses)."
    )
    seldom = letter(written(works, not_yet, not_yet, not_yet))
    assert "shown that it helps" not in seldom
    assert part(seldom, "February 2026", "What is next") == (
        "- Form (billing): in place; we are checking whether it helps."
    )


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        ((NOT_YET,), "- Form (billing): due 7 Feb 2026."),  # as planned
        ((21,), "- Form (billing): due 10 Feb 2026."),  # as it will be
    ],
)
def test_what_is_next_has_its_day(seen: Any, words: str) -> None:
    assert part(letter(written(seen, seen)), "January 2026", "What is next") == words


def test_what_has_failed_is_neither_fixed_nor_watched() -> None:
    failed = (19, verdict(31, NOT_VALIDATED))
    text = letter(written(failed, failed))
    assert "shown that it helps" not in text
    assert part(text, "February 2026", "What is next") == "Nothing is planned yet that concerns you."


def test_articles_are_told_in_the_month_they_come() -> None:
    plan = planned({})
    made = agreed_of(plan).articles
    tickets = [ticket(each, 9, 11, 13) for each in made]
    text = letter(brief(plan, [learned(plan, *tickets)] * 2))
    assert part(text, "February 2026", "New on our help pages") == "- billing and login."
    assert "help pages" not in part(text, "February 2026", "What is next")


def test_no_article_is_promised_against_what_breaks() -> None:
    down = {
        "cause": "login",
        "starts": {"every": "30 days"},
        "lasts": {"exponential": "2 h"},
        "surge": {"calls": "6 per h"},
        "detection": {"contacts": 5, "within": "10 min"},
        "mitigation": {"exponential": "1 h"},
    }
    plan = planned({}, incidents={"down": down})
    tickets = [ticket(each, 9, 11, 13) for each in agreed_of(plan).articles]
    text = letter(brief(plan, [learned(plan, *tickets)] * 2))
    assert part(text, "February 2026", "New on our help pages") == "- billing."


def test_without_a_test_nothing_is_said_to_be_checked() -> None:
    loop = {key: value for key, value in LOOP.items() if key != "validation"}
    text = letter(written((9,), (9,), loop=loop))
    assert part(text, "January 2026", "What is next") == (
        "- Form (billing): in place; whether it helps is not checked."
    )


def test_without_a_loop_the_letter_says_that_nobody_looks() -> None:
    text = letter(brief(planned({}, loop=None, remedies=None)))
    assert part(text, "January 2026", "What you told us") == "Nobody looks yet at what contacts are about."


NASTY = ("<script>alert(1)</script>", "[x](http://x)", "*a* `b` # c", "a\n## b", "a\u202eb")


@pytest.mark.parametrize("name", NASTY)
def test_nothing_in_the_letter_is_markup(name: str) -> None:
    found = written((9,), (9,))
    scenario = found.found.scenario.model_copy(update={"name": name})
    text = letter(found._replace(found=found.found._replace(scenario=scenario)))
    first = text.splitlines()[0]
    assert first.startswith("# Letters to customers: ")
    bare = re.sub(r"\\.", "", first.removeprefix("# "))  # without what a backslash takes its meaning from
    assert not set("<[]*`#") & set(bare)
    assert text.count("\n## ") == 2
    assert "\u202e" not in text
