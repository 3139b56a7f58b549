"""Quarterly commitments, the monthly review, alarms and the order of tickets. Days and hours by hand."""

from typing import Any

import pytest

from sim.compile import compile_scenario
from sim.loop.capacity import given
from sim.loop.observed import COLUMNS
from sim.loop.tickets import NOT_YET, OPEN, STOPPED
from tests.loop.small import CUT, Mapping, learn, scenario, written

CONTACTS = COLUMNS.index("contacts")
COPY, FORM, PARCEL = range(3)
WEDNESDAY = 30  # the first of April, as a day of a horizon from Monday the 2nd of March on


def remedies(**efforts: str) -> Mapping:
    """Remedies with so many hours of work; those of parcel are of support."""
    found = {name: {**each, "effort": efforts[name]} for name, each in written()["remedies"].items()}
    found["fix_parcel"]["owner"] = "support"
    return found


def spring(loop: Mapping, **changed: Any) -> Any:
    """From March to the end of April; parcel is half of all contacts."""
    streams = written(rate=120)["streams"]
    streams["letters"]["causes"] = {"copy": "30%", "form": "20%", "parcel": "50%"}
    usual: Mapping = {
        "calendar": {"start": "2026-03-02", "days": 61},
        "streams": streams,
        "owners": {
            "product": {"capacity": "40 h/week", "prevention": "10%"},
            "support": {"capacity": "40 h/week"},
        },
        "remedies": remedies(fix_copy="24 h", fix_form="24 h", fix_parcel="400 h"),
        "loop": {"owner": "support", "information_delay": "0 s", **loop},
    }
    return scenario(61, 120, **(usual | changed))


def test_a_commitment_goes_to_the_heaviest_cause_that_its_owner_can_do_something_about() -> None:
    """Parcel weighs most, and is nothing of product's. Of its 8 hours a day, 0.8 are for any ticket and 4 for
    the committed one: 24 hours are the days 30, 31, 32 and, after the weekend, 35 and 36. By calendar days
    24 hours are seven at 4.8 x 5/7 a day."""
    loop = {"quarterly": {"owner": "product", "share": "50%", "top": 1, "by": "volume"}}
    learned = learn(spring(loop))
    (ticket,) = learned.tickets
    assert (ticket.change.name, ticket.opened, ticket.in_force) == ("fix_copy", WEDNESDAY, 37)
    assert ticket.planned == WEDNESDAY + 7
    assert list(learned.noticed) == [WEDNESDAY, NOT_YET, NOT_YET]


def test_no_more_is_committed_than_is_left() -> None:
    """With 90 % for improvements only a tenth is left: 7.2 + 0.8 hours a day, three days."""
    loop = {"quarterly": {"owner": "product", "share": "50%", "top": 1, "by": "volume"}}
    owners = {"product": {"capacity": "40 h/week", "prevention": "90%"}, "support": {"capacity": "1 h/week"}}
    (ticket,) = learn(spring(loop, owners=owners)).tickets
    assert ticket.in_force == WEDNESDAY + 3


def test_a_commitment_holds_for_what_is_opened_later_in_the_quarter() -> None:
    """The second remedy of copy is opened by the review after the first (day 42, a Monday), and has the
    committed hours too: 24 hours at 4.8 are the days 42 to 46."""
    twice = remedies(fix_copy="24 h", fix_form="24 h", fix_parcel="400 h")
    twice["more_copy"] = {**twice["fix_copy"], "moves": {"causes.copy.contacts": "-10%"}}
    loop = {
        "quarterly": {"owner": "product", "share": "50%", "top": 1, "by": "volume"},
        "weekly_review": {"on": "mon", "by": "volume", "top": 3, "opens": 3, "weeks": 1},
        "from": "2026-04-01",
    }
    tickets = {t.change.name: t for t in learn(spring(loop, remedies=twice)).tickets}
    assert {name for name, t in tickets.items() if t.committed} == {"fix_copy", "more_copy"}
    # fix_form is opened on day 35 and has 0.8 hours a day, which the committed ones take first.
    assert (tickets["fix_copy"].in_force, tickets["more_copy"].opened) == (37, 42)
    assert tickets["more_copy"].in_force == 47


def test_a_new_quarter_commits_anew() -> None:
    """In April copy is the heavier of both; then it is mended, and in July it is form."""
    loop = {"quarterly": {"owner": "product", "share": "50%", "top": 1, "by": "volume"}}
    tickets = learn(spring(loop, calendar={"start": "2026-03-02", "days": 150})).tickets
    assert [(t.change.name, t.opened) for t in tickets] == [("fix_copy", 30), ("fix_form", 30 + 91)]
    assert [t.committed for t in tickets] == [False, True]


def test_no_quarter_commits_before_four_weeks_are_known() -> None:
    loop = {"quarterly": {"owner": "product", "share": "50%", "top": 1, "by": "volume"}}
    late = {"start": "2026-03-09", "days": 60}  # 23 days before the first of April
    assert learn(spring(loop, calendar=late)).tickets == ()
    # Working days of 8 hours, of which a tenth is for improvements; none is committed.
    agreed = compile_scenario(spring(loop, calendar=late)).agreed
    assert agreed is not None
    hours = given(agreed, [learn(spring(loop, calendar=late))])
    assert hours["product"] == pytest.approx(sum(agreed.workday) * 0.8)


def test_all_tickets_are_weighed_alike_and_the_monthly_review_weighs_them_anew() -> None:
    """By contacts of four weeks: on day 7, when they are opened, a week stands for four, and on the 1st of
    April they are those before it."""
    loop = {
        "weekly_review": {"on": "mon", "by": "hours", "top": 3, "opens": 3, "weeks": 1},
        "monthly_review": {"by": "volume", "stops_after": 2},
        "articles": {"owner": "support", "contacts": 1, "effort": "400 h"},
    }
    idle = {"product": {"capacity": "1 h/week"}, "support": {"capacity": "1 h/week"}}
    learned = learn(spring(loop, owners=idle, calendar={"start": "2026-03-02", "days": 60}))
    known = learned.seen[2:WEDNESDAY, :, CONTACTS].sum(axis=0)
    assert {t.change.kind for t in learned.tickets} == {"article", "product_fix"}
    assert {t.opened for t in learned.tickets} == {7}
    assert [t.weight for t in learned.tickets] == [known[t.change.cause] for t in learned.tickets]
    opened = [e for e in learned.events if e.what == "opened"]
    first = 4 * learned.seen[:7, :, CONTACTS].sum(axis=0)
    assert [e.value for e in opened] == [first[t.change.cause] for t in learned.tickets]


def test_the_monthly_review_sets_targets_anew() -> None:
    """40 % of the contacts a week: first of the week known then, and then of the four before the review."""
    loop = {"weekly_review": {"on": "mon", "by": "hours", "top": 3, "opens": 3, "weeks": 1}}
    idle = {"product": {"capacity": "1 h/week"}, "support": {"capacity": "1 h/week"}}
    april = {"start": "2026-03-02", "days": 60}
    usual = learn(spring(loop, owners=idle, calendar=april))
    anew = learn(spring({**loop, "monthly_review": {"by": "volume"}}, owners=idle, calendar=april))
    first, month = usual.seen[:7, :, CONTACTS].sum(axis=0), anew.seen[2:WEDNESDAY, :, CONTACTS].sum(axis=0)
    for learned, known in ((usual, first), (anew, month / 4)):
        assert [t.target for t in learned.tickets] == pytest.approx(
            [-CUT * known[t.change.cause] for t in learned.tickets], rel=1e-12
        )


def failing(**validation: Any) -> Mapping:
    """A loop about one remedy that does nothing, with so many contacts that two weeks show it.

    The first review is on day 14, a Monday; the week before it, on which it chooses, is not compared.
    """
    useless = {**written()["remedies"]["fix_copy"], "works": "0%"}
    return {
        "remedies": {"fix_copy": useless},
        "loop": {
            "owner": "product",
            "from": "2026-01-19",
            "information_delay": "0 s",
            "weekly_review": {"on": "mon", "by": "volume", "top": 1, "opens": 1, "weeks": 1},
            "validation": {"after": ["14 days"], **validation},
        },
    }


def test_what_failed_is_tried_again_when_the_review_meets_next() -> None:
    """Opened on a Monday, in force on Tuesday, judged two weeks later on the figures up to Monday; opened
    again on the Monday after that."""
    learned = learn(scenario(90, 1500, **failing(on_failure="iterate", attempts=3)), 1)
    attempts = [(t.opened, t.in_force, t.attempt) for t in learned.tickets]
    assert attempts == [(14, 15, 0), (35, 36, 1), (56, 57, 2)]
    assert [t.chosen for t in learned.tickets] == [(7, 14), (28, 35), (49, 56)]
    assert [j.day for t in learned.tickets for j in t.judged] == [29, 50, 71]
    assert {t.state for t in learned.tickets} == {"not validated"}


@pytest.mark.parametrize(("policy", "state"), [("stop", STOPPED), ("keep", "not validated")])
def test_what_failed_is_stopped_or_kept_as_it_is(policy: str, state: str) -> None:
    learned = learn(scenario(60, 1500, **failing(on_failure=policy)))
    assert [(t.state, t.in_force) for t in learned.tickets] == [(state, 15)]
    assert [e.what for e in learned.events].count("stopped") == (policy == "stop")


def test_the_monthly_review_stops_what_failed_twice() -> None:
    """The attempts of the days 14 and 35 have failed on the days 29 and 50: not yet both on the 1st of
    February (day 27), but on the 1st of March (day 55), and so there is none on day 56."""
    sections = failing(on_failure="iterate", attempts=9)
    sections["loop"]["monthly_review"] = {"by": "volume", "stops_after": 2}
    learned = learn(scenario(100, 1500, **sections))
    assert [(t.opened, t.state) for t in learned.tickets] == [(14, STOPPED), (35, STOPPED)]
    assert [(e.day, e.name) for e in learned.events if e.what == "stopped"] == [(55, "fix_copy")]


def test_without_validation_done_is_done() -> None:
    sections = failing()
    del sections["loop"]["validation"]
    learned = learn(scenario(90, 60, **sections))
    assert [(t.state, t.judged) for t in learned.tickets] == [("in force", [])]


def test_an_alarm_opens_a_ticket_as_a_review_does() -> None:
    """400 contacts within a week are a cluster, known a day after the last of them: those of copy, 60 a day,
    are one by and by, those of form and parcel never."""
    loop = {
        "owner": "product",
        "information_delay": "1 day",
        "detection": {"threshold": {"contacts": 400, "within": "7 days"}},
    }
    learned = learn(scenario(30, 120, loop=loop, owners={"product": {"capacity": "0.1 h/week"}}))
    copy = learned.seen[:, COPY, CONTACTS]
    last = next(d for d in range(30) if copy[max(d - 6, 0) : d + 1].sum() >= 400)
    assert 5 <= last <= 12
    assert [(t.change.name, t.state, t.opened) for t in learned.tickets] == [("fix_copy", OPEN, last + 2)]
    assert list(learned.noticed) == [last + 2, NOT_YET, NOT_YET]
