"""Articles on what recurs, and incentives: days, hours and shares by hand."""

import math
from datetime import date
from typing import Any

import numpy as np

from sim.compile import compile_scenario, run_key
from sim.loop.effects import values
from sim.loop.knobs import DIALS
from sim.loop.observed import COLUMNS
from sim.loop.register import Register
from sim.loop.summary import summarise
from tests.loop.small import Mapping, learn, learn_all, scenario, written

_SURE = 4.0  # |z|: false alarms 1 in 16,000
CAME, DEFLECTED = COLUMNS.index("came"), COLUMNS.index("deflected")
COPY, FORM, PARCEL = range(3)


def writing(**articles: Any) -> Mapping:
    """A loop that only writes articles; their owner has two hours a working day. Causes recur within days."""
    return {
        "owners": {"product": {"capacity": "40 h/week"}, "support": {"capacity": "10 h/week"}},
        "loop": {
            "owner": "product",
            "information_delay": "0 s",
            "articles": {
                "owner": "support",
                "contacts": 100,
                "publish": "48 h",
                "effort": "3 h",
                "review_every": "14 days",
                "review_effort": "2 h",
                "deflection": "20 points",
                **articles,
            },
        },
    }


def test_articles_are_due_in_48_hours_and_published_when_their_owner_gets_to_it() -> None:
    """All three recur in the first week, and are opened on day 7, a Monday; those with most contacts first.
    Three hours each at two a day: Monday and Tuesday, Tuesday and Wednesday, Thursday and Friday."""
    tickets = {t.change.cause: t for t in learn(scenario(21, 120, **writing())).tickets}
    assert {t.opened for t in tickets.values()} == {7}
    assert {t.planned for t in tickets.values()} == {9}
    assert [tickets[c].in_force for c in (COPY, FORM, PARCEL)] == [9, 10, 12]


def test_what_does_not_recur_gets_no_article() -> None:
    """Of 120 contacts a day 60, 36 and 24 are about each cause: 420, 252 and 168 a week."""
    learned = learn(scenario(14, 120, **writing(contacts=340)))
    assert [t.change.name for t in learned.tickets] == ["article on copy"]


def test_an_article_that_nobody_looks_at_again_grows_stale() -> None:
    """It answers a fifth of what would have come from day 9 on. Fourteen days later a review is overdue,
    for which nobody has the hours: from day 24 on half of that is left."""
    loop = writing(contacts=340, review_effort="1000 h", stale="50%")
    seen = np.array([each.seen for each in learn_all(scenario(40, 120, **loop), range(25))])
    for first, last, share in ((0, 9, 0.0), (9, 24, 0.2), (24, 40, 0.1)):
        came, kept = (seen[:, first:last, COPY, column].sum() for column in (CAME, DEFLECTED))
        n = came + kept
        assert abs(n - 25 * (last - first) * 60) <= _SURE * math.sqrt(n)
        assert abs(kept - n * share) <= _SURE * math.sqrt(n * share * (1.0 - share))


def test_a_review_in_time_keeps_an_article_fresh() -> None:
    """In force on day 9, it is stale from day 24 on, so a review is opened a week before; two hours, done on
    day 17. Then again 15 days after day 18, less a week; day 26 is a Saturday, so it is day 28."""
    learned = learn(scenario(40, 120, **writing(contacts=340)))
    reviews = [(t.opened, t.done) for t in learned.reviews]
    assert reviews == [(17, 17), (26, 28), (37, 37)]
    assert learned.tickets[0].reviewed == 38


def test_articles_shorten_what_they_do_not_answer() -> None:
    """By what is said of handle time, with the same ramp: at noon of the third of ten days, a quarter."""
    loop = writing(contacts=340, handle_time="-10%", ramp="10 days")
    model = compile_scenario(scenario(40, 120, **loop))
    assert model.agreed is not None
    register = Register(model.agreed, run_key(1, 0))
    article = register.open(model.agreed.articles[COPY], 7, 1.0)
    article.in_force = 9
    at_noon = dict(zip(model.agreed.panel.knobs, values(model.agreed, register.tickets, 11), strict=True))
    moved = {k.field: v for k, v in at_noon.items() if k.table == DIALS and v != k.neutral}
    assert {field: round(value, 9) for field, value in moved.items()} == {"deflects": 0.05, "longer": 0.975}


def test_a_bonus_gives_improvements_more_of_owners_hours() -> None:
    """Eight hours a day of which half, and with the bonus 70 %, are for improvements. 28 hours from Monday,
    day 7, on: seven days of 4 hours, five of 5.6. Half of its weight moves half as much: six days of 4.8."""
    effort = {name: {**each, "effort": "28 h"} for name, each in written()["remedies"].items()}
    one = {**written()["loop"], "weekly_review": {"on": "mon", "by": "volume", "top": 1, "weeks": 1}}
    owners = {"product": {"capacity": "40 h/week", "prevention": "50%"}}
    bonus = {"weight": "20%", "prevention": "+10 points"}  # for each ten points of weight
    half = {**bonus, "weight": "10%"}
    lever = {"more": {"owner": "product", "due": "2026-01-05", "moves": {"loop.bonus_weight": "+10 points"}}}
    plain = learn(scenario(30, 60, remedies=effort, owners=owners, loop=one))
    paid = learn(scenario(30, 60, remedies=effort, owners=owners, loop={**one, "bonus": bonus}))
    nothing = learn(
        scenario(30, 60, remedies=effort, owners=owners, loop={**one, "bonus": {"weight": "20%"}})
    )
    less = learn(scenario(30, 60, remedies=effort, owners=owners, loop={**one, "bonus": half}))
    raised = learn(
        scenario(
            30,
            60,
            remedies=effort,
            owners=owners,
            loop={**one, "bonus": half},
            roadmap={"levers": lever},
        )
    )
    # Seven working days from the 12th are the 12th to the 16th, the 19th and the 20th of January.
    assert [each.tickets[0].change.name for each in (plain, paid)] == ["fix_copy", "bonus"]
    assert [t.in_force for t in plain.tickets if t.change.name == "fix_copy"] == [16]
    assert [t.in_force for t in paid.tickets if t.change.name == "fix_copy"] == [12]
    assert [t.in_force for t in less.tickets if t.change.name == "fix_copy"] == [15]
    assert [t.in_force for t in raised.tickets if t.change.name == "fix_copy"] == [12]
    assert [t.in_force for t in nothing.tickets if t.change.name == "fix_copy"] == [16]


def hurried(**loop: Any) -> Any:
    groups = {
        "team": {
            "skills": ["desk"],
            "agents": 6,
            "hurry": {"from_waiting": 1, "speeds_up": "10%", "reopens": "50%"},
        }
    }
    balanced = {"balanced": {"hurry": {"low": "-20%", "expected": "-50%", "high": "-80%"}}}
    return scenario(30, 60, groups=groups, loop={**written()["loop"], **balanced, **loop})


def test_incentives_hold_from_the_first_day_of_the_loop_on() -> None:
    for begins, start in ((0, {}), (10, {"from": date(2026, 1, 15)})):
        agreed = compile_scenario(hurried(**start)).agreed
        assert agreed is not None
        register = Register(agreed, run_key(1, 0))
        (knob,) = (k for k in agreed.panel.knobs if k.field == "hurry")
        (balanced,) = (t for t in register.tickets if t.change.name == "balanced incentives")
        at = agreed.panel.knobs.index(knob)
        left = [values(agreed, register.tickets, day)[at] for day in range(30)]
        assert left[:begins] == [1.0] * begins
        assert left[begins:] == [1.0 + balanced.size.moved[0]] * (30 - begins)
        assert 0.2 <= left[-1] <= 0.8


def test_a_bonus_moves_all_owners() -> None:
    """Seven hours each from Monday, day 7, on: of an hour a day half is given, and with the bonus all."""
    half = {"capacity": "5 h/week", "prevention": "50%"}
    causes = {"copy": {"owner": "product"}, "form": {"owner": "support"}, "parcel": {"owner": "support"}}
    effort = {name: {**written()["remedies"][name], "effort": "3 h"} for name in ("fix_copy", "fix_form")}
    loop = {**written()["loop"], "bonus": {"weight": "50%", "prevention": "+10 points"}}
    ours = scenario(30, owners={"product": half, "support": half}, causes=causes, remedies=effort, loop=loop)
    assert [t.in_force for t in learn(ours).tickets if t.change.kind == "product_fix"] == [10, 10]


def test_what_has_an_article_is_noticed_and_mended_by_it() -> None:
    """Copy has 30 a day and an article after the first week; a lever of form is in force before that."""
    loop = {
        "owner": "product",
        "information_delay": "0 s",
        "articles": {"owner": "product", "contacts": 115, "effort": "1 h", "deflection": "+5 points"},
    }
    levers = {"early": {"owner": "product", "due": "2026-01-07", "moves": {"causes.form.contacts": "-10%"}}}
    ours = scenario(30, 60, loop=loop, roadmap={"levers": levers})
    agreed = compile_scenario(ours).agreed
    assert agreed is not None
    copy, form, parcel = summarise(ours, agreed, [learn(ours)]).clocks
    assert (copy.detection, copy.correction, copy.shares[:2]) == (7.0, 1.0, (1.0, 1.0))
    assert (form.detection, form.correction, form.shares[:2]) == (7.0, 0.0, (1.0, 1.0))
    assert parcel.shares == (0.0, 0.0, 0.0)
