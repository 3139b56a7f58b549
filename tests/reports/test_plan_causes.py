"""Root causes and money of doing nothing, against sums by hand."""

from typing import Any, Final

import pytest

from reports.plan_brief import Brief
from reports.plan_causes import root_causes
from reports.plan_nothing import nothing_done
from reports.plan_page import plan_page
from sim.case_measure import Key
from sim.loop.validation import VALIDATED
from tests.reports.plans import agreed_of, brief, found, learned, planned, ticket, verdict, with_volumes
from tests.reports.test_page import text_of
from tests.roadmap.planned import TEAM

WEEKS: Final = 40 / 7
CAUSES: Final[dict[str, Any]] = {
    "billing": {**TEAM["causes"]["billing"], "refund": "$2"},
    "login": TEAM["causes"]["login"],
}


def of(cause: str, contacts: float, cases: float, avoidable: float, minutes: float) -> dict[Key, Any]:
    """What a cause comes to without the plan over all days, minutes of agents a case; with it 20 % less."""
    sums = {"case_contacts": contacts, "cases": cases, "avoidable_volume": avoidable}
    volumes: dict[Key, Any] = {(m, "root_cause", cause): (n, 0.8 * n) for m, n in sums.items()}
    return {**volumes, ("agent_time_per_case", "root_cause", cause): (minutes * 60.0, minutes * 60.0)}


BILLING: Final = of("billing", 100 * WEEKS, 80 * WEEKS, 75 * WEEKS, 15.0)
LOGIN: Final = of("login", 200 * WEEKS, 200 * WEEKS, 0.0, 3.0)
HOURS: Final[dict[Key, Any]] = {
    ("time_working", "all", "all"): (120.0, 90.0),
    ("time_sharing", "all", "all"): (0.0, 0.0),
}


def shown(*replications: Any, **sections: Any) -> Brief:
    plan = planned(**{"causes": CAUSES, **sections})
    return brief(plan, replications)._replace(found=with_volumes(found(plan), {**BILLING, **LOGIN, **HOURS}))


def rows(seen: Brief) -> list[list[tuple[str, str]]]:
    return [[cell[:2] for cell in row] for row in root_causes(seen).rows]


def test_each_cause_has_what_it_brings_costs_and_could_be_done() -> None:
    """80 cases of 15 min for 100 contacts are 12 min each: at $20 an hour $4.00, and $1.60 of refunds.

    Login takes 3 min, $1.00 a contact: $200 a week, beside $560 of billing.
    """
    billing, login = rows(shown())
    assert billing == [
        ("billing", "owner product"),
        ("100", "75 % avoidable"),
        ("$4.00", "refund $1.60"),
        ("form (product, 20 h); new forms (product, lever of 2 Feb 2026)", ""),
    ]
    assert login == [
        ("login", "no owner; S1 30 %, S2 70 %"),
        ("200", "0 % avoidable"),
        ("$1.00", "no refund"),
        ("nothing yet", ""),
    ]


def test_without_pay_the_time_is_told_and_most_contacts_come_first() -> None:
    unpaid = {"team": {**TEAM["groups"]["team"], "pay": None}}
    groups = {"team": {key: value for key, value in unpaid["team"].items() if value}}
    seen = rows(shown(groups=groups, causes=TEAM["causes"]))
    assert [row[0][0] for row in seen] == ["login", "billing"]
    assert seen[1][2] == ("12 min", "no refund")


def test_clocks_stand_in_the_row_of_their_cause() -> None:
    plan = planned(causes=CAUSES)
    made = agreed_of(plan).remedies[0][0]
    seen = [learned(plan, ticket(made, 10, 15, 16, verdict(31, VALIDATED)))]
    found = root_causes(shown(*seen))
    assert found.heads[-3:] == ("Noticed after", "To a change in force", "To one validated")
    billing, login = (tuple(cell.text for cell in row[-3:]) for row in found.rows)
    assert billing == ("7 days, in 100 %", "6 days, in 100 %", "24 days, in 100 %")
    assert login == ("never", "–", "–")
    assert "Clocks = medians" in text_of(plan_page(shown(*seen)))
    assert "Clocks = medians" not in text_of(plan_page(shown()))


def test_where_causes_were_not_followed_or_bring_nothing() -> None:
    assert root_causes(brief()).rows == ()
    assert "<h2>Root causes</h2>" not in plan_page(brief())
    plan = planned(causes=CAUSES)
    none = with_volumes(found(plan), {**of("billing", 0.0, 0.0, 0.0, 0.0), **LOGIN})
    (_, billing) = rows(brief(plan)._replace(found=none))
    assert billing[1:3] == [("0.0", "–"), ("–", "")]


def test_doing_nothing_has_its_price() -> None:
    """120 h at $20 are $2,400, 90 h $1,800; 80 cases of billing a week of $2 in 40 / 7 weeks are $914."""
    nothing = nothing_done(shown())
    assert [each[:3] for each in nothing.volumes] == [
        ("hours of agents at work on them", "120 h", "90 h"),
        ("cost of these hours", "$2,400", "$1,800"),
        ("refunds", "$914.29", "$731.43"),
        ("cost and refunds together", "$3,314", "$2,531"),
    ]
    assert nothing.volumes[1].change.replace("\u2060", "") == "−$600 ± 0 *"
    assert nothing.note.endswith(
        "Money: an hour costs $20.00, the mean pay of groups that are not on call; "
        "refunds are the mean of a case of each root cause."
    )


def test_an_hour_costs_what_people_cost_counts() -> None:
    """With 20 % of absence paid, $20 are $25 an hour at work; people cost has a row of its own."""
    team = {"team": {**TEAM["groups"]["team"], "shrinkage": "20%"}}
    seen = shown(groups=team)
    paid = {("people_cost", "all", "all"): (9_000.0, 9_000.0), **HOURS}
    nothing = nothing_done(seen._replace(found=with_volumes(found(seen.found.scenario), paid)))
    costs = {each.what: (each.without, each.plan) for each in nothing.volumes}
    assert costs["cost of these hours"] == ("$3,000", "$2,250")
    assert costs["people cost"] == ("$9,000", "$9,000")
    assert (
        "an hour costs $25.00, the mean pay of groups that are not on call, with the absence" in nothing.note
    )
    assert rows(seen)[0][2] == ("$5.00", "refund $1.60")


@pytest.mark.parametrize(
    ("paid", "refunded", "words"),
    [
        (True, False, "not on call. The scenario gives no price of a refund (refund of causes)."),
        (False, True, "of each root cause. The scenario gives no price of an hour (pay of groups)."),
        (
            False,
            False,
            "No money: the scenario gives no price of an hour (pay of groups) "
            "or a refund (refund of causes).",
        ),
    ],
)
def test_what_has_no_price_is_told(paid: bool, refunded: bool, words: str) -> None:
    team = {key: value for key, value in TEAM["groups"]["team"].items() if paid or key != "pay"}
    seen = nothing_done(shown(groups={"team": team}, causes=CAUSES if refunded else TEAM["causes"]))
    assert seen.note.endswith(words)
    assert len(seen.volumes) == 1 + paid + refunded
