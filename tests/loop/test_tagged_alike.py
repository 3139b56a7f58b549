"""Tags change, and are wrong: what a verdict then compares, and how much of an effect it expects to see."""

import math

import numpy as np
import pytest

from sim.loop.changes import Claim, Part
from sim.loop.knobs import ADD, COURSE, MULTIPLY, Knob
from sim.loop.observed import Floats, in_tags
from sim.loop.tickets import NOT_YET, Ticket
from sim.loop.verdicts import Compared, compared, foresee, judge
from tests.loop.small import learn_all, scenario, written
from tests.loop.test_verdicts import COPY, FORM, PARCEL, agreed, counted, in_force

ACCURACY = Knob(COURSE, 0, "accuracy", ADD)
UNTAGGED = Knob(COURSE, 0, "untagged", MULTIPLY)


def tags(knob: Knob, day: int, **given: float) -> Ticket:
    """A lever of tags that comes into force on a day."""
    return in_force(-1, day, parts=(Part(knob, 0.0, 0.1, 0.2),), touches=frozenset(), **given)


def on(*tickets: Ticket, day: int = 60, until: int = 90) -> Compared:
    return compared(agreed(), list(tickets), in_force(COPY, day), day, until)


def test_days_are_compared_that_were_tagged_alike() -> None:
    assert on() == Compared(0, 90, [FORM, PARCEL])
    assert on(tags(ACCURACY, 20)).first == 20
    assert on(tags(ACCURACY, 20, ramp=6.5)).first == 27
    assert on(tags(ACCURACY, 70)) == Compared(0, 70, [FORM, PARCEL])
    assert on(tags(ACCURACY, 20), tags(ACCURACY, 75), tags(ACCURACY, 80)) == Compared(20, 75, [FORM, PARCEL])
    assert on(tags(ACCURACY, 90)).until == 90  # after the last day


def test_no_day_is_left_where_tags_change_with_the_change() -> None:
    assert on(tags(ACCURACY, 60)).until == 60
    assert on(tags(ACCURACY, 55, ramp=14.0)).first == 60
    assert on(tags(ACCURACY, 5, halves_in=90.0)).first == 60  # it never comes to rest


def test_more_tags_for_all_causes_matter_only_where_there_is_no_other_cause() -> None:
    alone = [in_force(FORM, 61), in_force(PARCEL, 61)]
    assert on(tags(UNTAGGED, 20), tags(UNTAGGED, 75)) == Compared(0, 90, [FORM, PARCEL])
    assert on(tags(UNTAGGED, 20), tags(UNTAGGED, 75), *alone) == Compared(20, 75, [])


def test_a_better_tagger_is_not_taken_for_an_effect() -> None:
    """From day 60 on a tenth fewer contacts bear the tag, since tags are better: nothing is said of a change
    of the same day, and one of day 30 is judged by the days up to it."""
    history = counted({COPY: (100, 100, 90, 90), FORM: (80,), PARCEL: (60, 60, 70, 70)}, 120)
    claim, better = Claim("contacts", -0.4), tags(ACCURACY, 60)
    same, before = in_force(COPY, 60, claim=claim), in_force(COPY, 30, claim=claim)
    unseen = judge(agreed(), history, [same, better], same, 30)
    seen = judge(agreed(), history, [before, better], before, 60)
    assert unseen is not None
    assert seen is not None
    assert (unseen.verdict, unseen.days) == ("not measurable yet", 0)
    assert (seen.verdict, seen.days) == ("not validated", 60)
    assert seen.estimate == pytest.approx(1.0, abs=0.03)


@pytest.mark.parametrize("effect", [-0.4, -0.1, 0.3])
@pytest.mark.parametrize("accuracy", [1.0, 0.9, 0.6])
def test_wrong_tags_leave_less_of_an_effect_to_be_seen(effect: float, accuracy: float) -> None:
    """Of contacts of five causes, expected by tag before and after an effect on the first."""

    def by_tag(true: Floats) -> Floats:
        found: Floats = accuracy * true + (1.0 - accuracy) * (true.sum() - true) / 4
        return found

    before = np.array([100.0, 70.0, 60.0, 20.0, 300.0])
    after = before * np.array([1.0 + effect, 1.0, 1.0, 1.0, 1.0])
    others = [1, 3]
    (cause, beside), (was, was_beside) = (
        (found[0], found[others].sum()) for found in (by_tag(after), by_tag(before))
    )
    expected = (cause / was) / (beside / was_beside) - 1.0
    assert in_tags(effect, by_tag(before), 0, others, accuracy) == pytest.approx(expected, rel=1e-9)
    assert in_tags(effect, by_tag(before), 0, [], accuracy) == pytest.approx(cause / was - 1.0, rel=1e-9)


def test_with_right_tags_all_of_an_effect_is_to_be_seen() -> None:
    assert in_tags(-0.25, np.array([0.0, 5.0]), 0, [1], 1.0) == -0.25
    assert in_tags(-0.25, np.array([9.0]), 0, [], 0.7) == -0.25  # no other cause's contacts bear its tag


def test_power_said_beforehand_knows_what_tags_leave_of_an_effect() -> None:
    history = counted({COPY: (60,), FORM: (80,), PARCEL: (90,)}, 60)
    ticket = in_force(COPY, NOT_YET, claim=Claim("contacts", -0.12))
    ticket.planned, ticket.chosen = 65, (0, 7)
    right, wrong = (foresee(agreed(), history, [ticket], ticket, 60, share) for share in (None, 0.7))
    assert 0.0 < wrong[0] < right[0]
    assert wrong[1] == pytest.approx(right[1], rel=1e-3)  # the least that is seen, by tag, is the same


def test_power_said_beforehand_counts_on_days_tagged_alike() -> None:
    history = counted({COPY: (60,), FORM: (80,), PARCEL: (90,)}, 60)
    ticket = in_force(COPY, NOT_YET, claim=Claim("contacts", -0.05))
    ticket.planned = 84

    def seen(*levers: Ticket) -> tuple[float, float]:
        return foresee(agreed(), history, [ticket, *levers], ticket, 60)

    plain, cut, late, none = (
        seen(),
        seen(tags(ACCURACY, 100)),
        seen(tags(ACCURACY, 66)),
        seen(tags(ACCURACY, 84)),
    )
    assert 0.0 < cut[0] < plain[0]
    assert 0.0 < late[0] < plain[0]
    assert none[0] == 0.0
    assert math.isnan(none[1])


def test_useless_remedies_beside_better_tags_are_validated_no_more_often_than_said() -> None:
    """Of all contacts 60 % bear their tag, and then 90 %: a fifth fewer bear that of `parcel` from day 58 on.
    It has a remedy from about day 57 on, the others sooner."""
    remedies = {
        name: {**each, "works": "0%", "lead": "14 days" if name == "fix_parcel" else "7 days"}
        for name, each in written()["remedies"].items()
    }
    better = {"tags": {"owner": "product", "due": "2026-03-04", "moves": {"tagging.accuracy": "+30 points"}}}
    loop = {
        "owner": "product",
        "from": "2026-02-02",
        "information_delay": "1 day",
        "weekly_review": {"on": "mon", "by": "volume", "top": 3, "opens": 1, "weeks": 1},
        "validation": {"after": ["14 days", "30 days"], "on_failure": "stop"},
    }
    ours = scenario(
        120, 60, remedies=remedies, loop=loop, tagging={"accuracy": "60%"}, roadmap={"levers": better}
    )
    found = [
        judged.verdict
        for learned in learn_all(ours, range(120))
        for ticket in learned.tickets
        for judged in ticket.judged[-1:]
    ]
    validated = sum(verdict == "validated" for verdict in found)
    assert len(found) > 300
    assert found.count("not measurable yet") < len(found)
    # 5 % of them, and 3.5 standard errors of so many (false alarms 1 in 4,300)
    assert validated <= 0.05 * len(found) + 3.5 * math.sqrt(0.05 * 0.95 * len(found))
