"""The ask, its decisions and the recommendation, against sums and dates by hand."""

from datetime import date
from typing import Any, Final

import pytest

from reports.plan_advice import recommendation
from reports.plan_ask import ask
from reports.plan_decisions import Decision, decisions
from reports.targets import Verdict
from scenarios import Scenario
from sim.loop.tickets import NOT_YET as NOT_YET_DAY
from sim.roadmap.hopes import ENDS
from sim.roadmap.standing import AMBER, GREEN, NOT_YET, RED, Status
from tests.reports.plans import (
    LEVERS,
    LOOP,
    agreed_of,
    brief,
    found,
    hoped,
    learned,
    planned,
    standing,
    ticket,
    with_volumes,
)
from tests.roadmap.planned import TEAM


def facts(scenario: Scenario, **parts: Any) -> dict[str, str]:
    return {fact.term: fact.words for fact in ask(brief(scenario, **parts)).facts}


def test_money_and_hours_are_those_of_levers_and_of_expected_tickets() -> None:
    """Levers of $4,000 and $1,500; in half of the replications a ticket of $1,000 and 20 h, 5 of them left.

    Macros take 2 h a week from 26 January on: five weeks. Product has 8 h on each of 29 working days.
    """
    plan = planned()
    form = ticket(agreed_of(plan).remedies[0][0], 10, 15)
    asked = ask(brief(plan, [learned(plan, form), learned(plan)] * 2))
    assert asked.sentence == (
        "We ask for $6,000 and 18 h of owners' time, for 2 levers and about 1 ticket of the learning loop."
    )
    told = {fact.term: fact.words for fact in asked.facts}
    assert told["Cost"] == "$6,000: $5,500 for levers and $500 expected for tickets; once, beside hours."
    assert told["Owners"] == "product 18 of 232 h that they have for it."
    assert (
        told["What"] == "1 lever in first; 1 in no phase; a learning loop run by product from 27 Jan 2026 on."
    )
    assert (
        told["By when"] == "In force by 9 Feb 2026; judged by day 30 (18 Feb 2026) and day 40 (28 Feb 2026)."
    )


AFTER: Final = {**{k: v for k, v in LEVERS["macros"].items() if k != "phase"}, "due": "2026-03-01"}


def test_only_what_is_spent_within_the_plan_is_asked() -> None:
    """Nobody works on the form, and macros of $4,000 come into force a day after the last."""
    plan = planned({**LEVERS, "macros": AFTER})
    waits = ticket(agreed_of(plan).remedies[0][0], 10, NOT_YET_DAY)
    waits.left, waits.begun = 20.0, NOT_YET_DAY
    asked = ask(brief(plan, [learned(plan, waits)] * 2))
    assert asked.sentence == ("We ask for $1,500 and 10 h of owners' time, for 1 lever and a learning loop.")
    told = {fact.term: fact.words for fact in asked.facts}
    assert told["Cost"] == "$1,500 for levers; once, beside hours."
    assert told["What"] == "1 lever; a learning loop run by product from 27 Jan 2026 on."
    assert told["By when"].startswith("In force by 2 Feb 2026;")
    assert told["Later"] == (
        "$1,000 for about 1 ticket opened and not begun by 28 Feb 2026; "
        "$4,000 for 1 lever in force after 28 Feb 2026: not in the sum."
    )


def test_where_all_comes_later_nothing_is_asked_yet() -> None:
    asked = ask(brief(planned({"macros": AFTER}, loop=None, remedies=None)))
    assert asked.sentence == "Nothing is asked by 28 Feb 2026: all levers come into force later."
    assert [fact.words for fact in asked.facts] == [
        "$4,000 for 1 lever in force after 28 Feb 2026: not in the sum."
    ]


def test_hours_that_the_plan_itself_brings_are_among_those_that_owners_have() -> None:
    """Half of 8 h on 29 working days; from 16 February on, for the last ten of them, all of it."""
    owners = {**TEAM["owners"], "product": {"capacity": "40 h/week", "prevention": "50%"}}
    sprint = {"owner": "product", "due": "2026-02-16", "moves": {"owners.product.prevention": "+50 points"}}
    plan = planned({"sprint": sprint, "macros": LEVERS["macros"]}, owners=owners)
    told = {fact.term: fact.words for fact in ask(brief(plan, [learned(plan)] * 2)).facts}
    assert told["Owners"] == "product 10 of 156 h that they have for it."


def test_hours_of_a_quarter_are_had_from_its_first_review_on() -> None:
    """Half of 8 h on 30 working days; and 20 % of 8 h on the eight of them from 1 April on."""
    owners = {**TEAM["owners"], "product": {"capacity": "40 h/week", "prevention": "50%"}}
    loop = {**LOOP, "from": "2026-03-05", "quarterly": {"owner": "product", "share": "20%", "top": 2}}
    plan = planned({}, owners=owners, loop=loop, calendar={"start": "2026-03-02", "days": 40})
    given = brief(plan, [learned(plan)]).summary
    assert given is not None
    assert given.given["product"] == pytest.approx(120.0 + 12.8)


def test_decisions_are_due_a_lead_time_before_they_are_in_force() -> None:
    """9 February less 10 days is 30 January; 2 February less 14 days is the day before the plan begins."""
    plan = planned()
    late, begin, macros = decisions(plan)
    assert late == Decision(
        "Go ahead with new forms", "new forms", "product", date(2026, 1, 19), "14 days",
        date(2026, 2, 2), "$1,500", True,
    )  # fmt: skip
    assert (begin.what, begin.latest, begin.is_past) == ("Begin the loop", date(2026, 1, 27), False)
    assert (macros.what, macros.latest, macros.is_past) == ("Go ahead with macros", date(2026, 1, 30), False)
    assert facts(plan)["Decide"] == "the loop by 27 Jan 2026; macros by 30 Jan 2026; 1 already late."
    assert [each.is_past for each in decisions(plan, date(2026, 1, 31))] == [True, True, True]
    assert [each.is_past for each in decisions(plan, date(2026, 1, 19))] == [False] * 3


def test_what_nobody_owns_or_has_no_date_is_decided_first() -> None:
    levers = {
        "macros": {**LEVERS["macros"], "owner": None},
        "new_forms": {**LEVERS["new_forms"], "due": None},
    }
    causes = {**TEAM["causes"], "billing": {"avoidable": True}}
    loop = {**LOOP, "owner": None}
    plan = planned({name: {k: v for k, v in each.items() if v} for name, each in levers.items()},
                   causes=causes, loop={k: v for k, v in loop.items() if v})  # fmt: skip
    assert [(each.what, each.latest) for each in decisions(plan)] == [
        ("Name a date for new forms, or drop it", None),
        ("Name an owner for form, or drop it", None),
        ("Name an owner for macros, or drop it", None),
        ("Name an owner for the loop, or nothing is learned", None),
    ]
    assert ask(brief(plan)).sentence.startswith("Nothing is asked: no lever has an owner and a date")


def test_a_quarter_that_begins_within_the_plan_asks_for_a_commitment() -> None:
    loop = {**LOOP, "quarterly": {"owner": "product", "share": "20%", "top": 2}}
    calendar = {"start": "2026-03-02", "days": 40}
    plan = planned({}, loop={**loop, "from": "2026-03-05"}, calendar=calendar)
    assert [(each.what, each.latest) for each in decisions(plan)] == [
        ("Begin the loop", date(2026, 3, 5)),
        ("Commit 20 % of product to the top 2 causes", date(2026, 4, 1)),
    ]


def test_people_and_plans_without_money_are_told() -> None:
    hire = {"owner": "product", "due": "2026-02-02", "moves": {"groups.team.agents": "+2"}}
    plan = planned({"hire": hire}, loop=None, remedies=None)
    told = facts(plan)
    assert told["People"] == "+2 in team from 2 Feb 2026 on; their pay comes on top."
    assert told["Cost"] == "No money, as far as the scenario says."
    assert ask(brief(plan)).sentence == "We ask for a go-ahead without money, for 1 lever."


def test_who_is_hired_is_paid_until_the_last_day() -> None:
    """People cost rises from $10,000 to $12,000 in the days of the plan: that is asked, beside the lever."""
    hire = {"owner": "product", "due": "2026-02-02", "cost": "$500", "moves": {"groups.team.agents": "+2"}}
    plan = planned({"hire": hire}, loop=None, remedies=None)
    paid = {("people_cost", "all", "all"): (10_000.0, 12_000.0)}
    seen = brief(plan)._replace(found=with_volumes(found(plan), paid))
    told = {fact.term: fact.words for fact in ask(seen).facts}
    assert ask(seen).sentence == "We ask for $2,500, for 1 lever."
    assert told["Cost"] == "$2,500: $500 for levers and $2,000 of pay until 28 Feb 2026, which goes on."
    assert told["People"] == "+2 in team from 2 Feb 2026 on; their pay is in the sum."
    assert told["Brings"].replace("\u2060", "") == "In 40 days: people cost +$2,000 ± 0 *."
    less = {("people_cost", "all", "all"): (12_000.0, 10_000.0)}
    seen = brief(plan)._replace(found=with_volumes(found(plan), less))
    told = {fact.term: fact.words for fact in ask(seen).facts}
    assert told["Cost"] == "$500 for levers; once, beside hours."
    assert "people cost falls by $2,000 until 28 Feb 2026" in told["People"]


def test_what_is_asked_stands_beside_what_it_brings() -> None:
    """From 120 to 90 h of agents, at $20; without a price the hours alone."""
    hours = {("time_working", "all", "all"): (120.0, 90.0), ("time_sharing", "all", "all"): (0.0, 0.0)}
    seen = brief()._replace(found=with_volumes(found(), hours))
    (told,) = (fact.words for fact in ask(seen).facts if fact.term == "Brings")
    assert told.replace("\u2060", "") == (
        "In 40 days: agents' hours −30 h ± 0 * (−$600 ± 0 *: capacity, not cash unless people leave)."
    )


STATUSES: Final[dict[str, Status]] = {"g": GREEN, "a": AMBER, "r": RED, "n": NOT_YET}


def advised(now: str, without: str, *ends: str) -> Any:
    """The recommendation on two targets with these statuses: of the plan, without it, at the three ends."""
    result = found()
    pairs = zip(result.targets, now, without, strict=True)
    targets = tuple(
        each._replace(standing=standing(STATUSES[a]), without=standing(STATUSES[b])) for each, a, b in pairs
    )
    hopes = tuple(
        hoped(end, *(STATUSES[s] for s in statuses)) for end, statuses in zip(ENDS, ends, strict=False)
    )
    return recommendation(brief(found=result._replace(targets=targets), hopes=hopes))


GO = "Go ahead, and"
BOTH = "both targets are likely to be met"
LEAST = "even if every change brings the least that is hoped for"
EXPECTED = "if changes bring what is expected of them"
MOST = "if every change brings the most that is hoped for"
PROMISE = "Go ahead, plan with the {} case, and promise 1 of 2 targets."
DO_NOT = "Do not promise these targets"
NO_PLAN = "These targets need no plan"
MISSED = "the plan reaches no target that would be missed without it"


@pytest.mark.parametrize(
    ("now", "without", "ends", "headline", "verdict"),
    [
        ("gg", "rr", "gg gg gg", f"{GO} plan with the low case: {BOTH} {LEAST}.", Verdict.MET),
        (
            "gg",
            "rr",
            "gr gg gg",
            f"{GO} plan with the expected case: {BOTH} {EXPECTED}.",
            Verdict.MET,
        ),
        ("gg", "rr", "gr ga gg", f"Do not promise yet: {BOTH} only {MOST}.", Verdict.MISSED),
        ("gr", "rr", "gr gr ga", PROMISE.format("low"), Verdict.OPEN),
        ("ra", "rr", "rr ra ra", f"{DO_NOT}: none is likely to be met, even {MOST}.", Verdict.MISSED),
        ("ga", "gr", "gr gr gr", f"Not yet: {MISSED}.", Verdict.OPEN),
        ("gg", "gg", "gg gg gg", f"{NO_PLAN}: both targets would be met without it.", Verdict.MET),
        ("aa", "rr", "rr gr gr", f"{DO_NOT}: none is likely enough.", Verdict.MISSED),
        ("nn", "nn", "nn nn nn", "Measure longer: no target can be judged yet.", None),
        ("gr", "rr", "", PROMISE.format("expected"), Verdict.OPEN),
    ],
)
def test_one_recommendation(
    now: str, without: str, ends: str, headline: str, verdict: Verdict | None
) -> None:
    one = advised(now, without, *ends.split())
    assert (one.headline, one.verdict) == (headline, verdict)


def test_the_reasons_name_the_targets() -> None:
    one = advised("gr", "rr", "rr", "gr", "gr")
    assert one.reasons[:2] == (
        "In the low case it would miss phone service level (day 30).",
        "Out of reach even in the high case: avoidable share (day 40); ask less, or add levers.",
    )
    assert one.reasons[2] == "What it brings towards them: avoidable share −5.0 points by day 40."
    assert [(case.end, case.words, case.chosen) for case in one.cases] == [
        ("low", "0 of 2", False),
        ("expected", "1 of 2", True),
        ("high", "1 of 2", False),
    ]
    assert "Likely = in at least 80 % of 60 simulated courses of each." in one.note
    close = advised("ga", "gr", "gr", "gg", "gg")
    assert "Too close to promise: avoidable share (day 40)." in close.reasons
    assert "Met without the plan too: phone service level (day 30)." in close.reasons


def test_too_few_replications_to_say_are_told() -> None:
    """By the interval of the first, 43 to 99 %, it may be green or not; the second is red either way."""
    result = found()
    first, second = result.targets
    judged = (
        first._replace(standing=standing(GREEN)._replace(low=0.43, high=0.99)),
        second._replace(standing=standing(RED)._replace(low=0.01, high=0.4)),
    )
    told = "4 replications are too few to say whether green or not: phone service level (day 30)."
    assert told in recommendation(brief(found=result._replace(targets=judged))).reasons
    many = result._replace(targets=judged, replications=100)
    assert told not in recommendation(brief(found=many)).reasons


def test_what_is_amber_in_the_high_case_is_not_out_of_reach() -> None:
    one = advised("gr", "rr", "gr", "gr", "ga")
    assert "At risk even in the high case: avoidable share (day 40)." in one.reasons
    assert not any("Out of reach" in each for each in one.reasons)


def test_what_is_hoped_for_beyond_the_advice_is_told() -> None:
    """Three targets, of which the third is green at no end, the second in the high case alone."""
    more = ("avoidable share <= 40% by day 40", "CSAT >= 90% by day 40")
    result = found(planned(targets=["phone service level >= 80% by day 30", *more]))
    now: tuple[Status, ...] = (GREEN, RED, RED)
    judged = tuple(
        each._replace(standing=standing(status), without=standing(RED))
        for each, status in zip(result.targets, now, strict=True)
    )
    hopes = (*(hoped(end, *now) for end in ENDS[:2]), hoped("high", GREEN, GREEN, RED))
    one = recommendation(brief(found=result._replace(targets=judged), hopes=hopes))
    assert one.headline == "Go ahead, plan with the low case, and promise 1 of 3 targets."
    assert one.reasons[:2] == (
        "Only if changes bring more: avoidable share (day 40).",
        "Out of reach even in the high case: CSAT (day 40); ask less, or add levers.",
    )
