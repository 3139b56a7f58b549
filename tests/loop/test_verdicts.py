"""What a change is held against: which days, and which causes. Counts by hand."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import scenarios
from sim.compile import compile_scenario
from sim.loop.agreed import Agreed
from sim.loop.changes import Claim, Size, made_of
from sim.loop.observed import COLUMNS, CONTACTS, History
from sim.loop.tickets import IN_FORCE, Ticket
from sim.loop.verdicts import NOT_VALIDATED, VALIDATED, compared, first_day, judge, untouched
from tests.loop.small import scenario, written
from tests.loop.test_changes import made

LIBRARY = Path(scenarios.__file__).parent / "library"
COPY, FORM, PARCEL = range(3)  # causes in the order of names


def agreed(**changed: Any) -> Agreed:
    loop = {**written()["loop"], "validation": {}}
    found = compile_scenario(scenario(120, loop=loop, **changed)).agreed
    assert found is not None
    return found


def in_force(cause: int, day: int, **given: object) -> Ticket:
    """A change of a cause that came into force on a day."""
    change = made(**{"name": f"{cause} on {day}", "cause": cause, "touches": frozenset({cause}), **given})
    ticket = Ticket(change, Size(True, (-0.2,)), 0, 0, 1.0, 0.0, in_force=day)
    ticket.state = IN_FORCE
    return ticket


def test_causes_that_something_has_changed_are_no_control() -> None:
    assert untouched(agreed(), [], COPY, 10, 70) == [FORM, PARCEL]
    assert untouched(agreed(), [in_force(FORM, 40)], COPY, 10, 70) == [PARCEL]
    assert untouched(agreed(), [in_force(FORM, 70)], COPY, 10, 70) == [FORM, PARCEL]  # after the last day


def test_what_was_in_full_force_before_makes_no_difference_between_the_days() -> None:
    assert untouched(agreed(), [in_force(FORM, 10)], COPY, 10, 70) == [FORM, PARCEL]
    assert untouched(agreed(), [in_force(FORM, 10, ramp=7.0)], COPY, 10, 70) == [PARCEL]
    assert untouched(agreed(), [in_force(FORM, 3, ramp=7.0)], COPY, 10, 70) == [FORM, PARCEL]
    assert untouched(agreed(), [in_force(FORM, 3, halves_in=90.0)], COPY, 10, 70) == [PARCEL]


@pytest.mark.parametrize("kind", ["article", "review"])
def test_articles_and_looks_at_them_leave_the_control_as_it_is(kind: str) -> None:
    assert untouched(agreed(), [in_force(FORM, 40, kind=kind)], COPY, 10, 70) == [FORM, PARCEL]


def test_a_change_of_two_causes_touches_both() -> None:
    """Though it is about neither of them in particular."""
    both = in_force(-1, 40, touches=frozenset({COPY, FORM}))
    assert untouched(agreed(), [both], COPY, 10, 70) == [PARCEL]
    assert first_day(agreed(), [both], made(cause=COPY), 60) == 40


def test_a_change_touches_what_it_moves_and_is_judged_by_its_own_cause() -> None:
    """A remedy of `copy` that moves contacts of a stream and of `form`: nothing of that can be seen in the
    ratio of `copy` to others, and its own part can."""
    moves = {
        "streams.letters.contacts": "-30%",
        "causes.form.contacts": "-50%",
        "causes.copy.contacts": "-10%",
    }
    remedies = {"wide": {"cause": "copy", "kind": "policy", "effort": "1 h", "moves": moves}}
    ours = scenario(30, remedies=remedies)
    rows = compile_scenario(ours).agreed.rows  # type: ignore[union-attr]
    wide = made_of("wide", ours.remedies["wide"], rows, "product", "copy")
    assert wide.touches == {COPY, FORM}
    assert wide.claim is not None
    assert wide.claim.measure == "contacts"
    assert wide.claim.expected == pytest.approx(-0.1)


def test_new_causes_and_those_of_incidents_are_no_control() -> None:
    late = {cause: {"owner": "product"} for cause in ("copy", "form", "parcel")}
    late["parcel"]["from"] = "2026-02-04"  # day 30
    ours = agreed(causes=late)
    assert ours.begins == (0, 0, 30)
    assert untouched(ours, [], COPY, 10, 70) == [FORM]
    assert untouched(ours, [], COPY, 30, 70) == [FORM, PARCEL]
    assert first_day(ours, [], made(cause=PARCEL), 60) == 30
    plan = compile_scenario(scenarios.load(LIBRARY / "care_loop_30_60_90.yaml")).agreed
    assert plan is not None
    assert {plan.rows.causes[c] for c in plan.surging} == {"outage"}
    assert plan.rows.causes.index("outage") not in untouched(plan, [], 0, 0, 60)


def test_what_was_before_begins_after_the_last_change_of_the_same_cause() -> None:
    """Thirteen weeks at most; from the day on which an earlier change has its whole effect."""
    ours, change = agreed(), made(cause=COPY)
    assert first_day(ours, [], change, 60) == 0
    assert first_day(ours, [], change, 100) == 9
    assert first_day(ours, [in_force(COPY, 40)], change, 100) == 40
    assert first_day(ours, [in_force(COPY, 40, ramp=6.5), in_force(FORM, 80)], change, 100) == 47
    assert first_day(ours, [in_force(COPY, 40, kind="article")], change, 100) == 9
    assert first_day(ours, [in_force(COPY, 98, ramp=14.0)], change, 100) == 100


def counted(levels: dict[int, tuple[float, ...]], days: int) -> History:
    """Contacts by tag, 3 above and below their level by turns, at a level from each third of the days on."""
    counts = np.zeros((days + 1, 4, len(COLUMNS)), np.int64)
    for cause, level in levels.items():
        for day in range(days):
            of_day = level[day * len(level) // days] + (3 if (day + cause) % 2 else -3)
            counts[day + 1, cause, CONTACTS] = counts[day, cause, CONTACTS] + of_day
    return History(counts)


@pytest.mark.parametrize(
    ("levels", "ratio", "verdict"),
    [((100, 60, 60), 1.0, NOT_VALIDATED), ((100, 60, 36), 0.6, VALIDATED)],
)
def test_what_an_earlier_change_has_done_does_not_count_for_a_later_one(
    levels: tuple[float, ...], ratio: float, verdict: str
) -> None:
    """40 % fewer from day 40 on by the first; from day 80 on the second does nothing, or as much again."""
    history = counted({COPY: levels, FORM: (80,), PARCEL: (80,)}, 120)
    claim = Claim("contacts", -0.4)
    first, second = in_force(COPY, 40, claim=claim), in_force(COPY, 80, claim=claim)
    found = judge(agreed(), history, [first, second], second, 40)
    assert found is not None
    assert found.estimate == pytest.approx(ratio, rel=0.03)
    assert found.verdict == verdict
    assert found.days == 80


def test_a_control_takes_away_what_all_causes_have_in_common() -> None:
    """All fall by a quarter on day 60, when a change of one of them comes into force that does nothing."""
    history = counted({COPY: (120, 90), FORM: (80, 60), PARCEL: (40, 30)}, 120)
    alone = in_force(COPY, 60, claim=Claim("contacts", -0.4))
    others = [in_force(FORM, 61), in_force(PARCEL, 61)]
    beside = judge(agreed(), history, [alone], alone, 60)
    without = judge(agreed(), history, [alone, *others], alone, 60)
    assert beside is not None
    assert without is not None
    assert beside.estimate == pytest.approx(1.0, abs=0.03)
    assert without.estimate == pytest.approx(0.75, abs=0.04)
    assert math.isclose(beside.days, without.days)


def test_what_cannot_be_tested_has_no_finding() -> None:
    silent = in_force(COPY, 60, claim=None)
    assert judge(agreed(), counted({COPY: (100,)}, 120), [silent], silent, 30) is None


def test_the_days_that_a_cause_was_chosen_on_are_not_compared() -> None:
    """It was chosen for four weeks of 130 contacts a day, where before and after them there are 100."""
    history = counted({COPY: (100, 130, 100, 100), FORM: (80,), PARCEL: (80,)}, 112)
    chosen, given = (
        in_force(COPY, 60, claim=Claim("contacts", -0.4)),
        in_force(COPY, 60, claim=Claim("contacts", -0.4)),
    )
    chosen.chosen = (28, 56)
    early = in_force(COPY, 60)
    early.chosen = (0, 28)
    assert compared(agreed(), [in_force(FORM, 20), early], early, 60, 90) == (28, 90, [FORM, PARCEL])
    fair, unfair = (judge(agreed(), history, [each], each, 50) for each in (chosen, given))
    assert fair is not None
    assert unfair is not None
    assert fair.estimate == pytest.approx(1.0, abs=0.03)
    assert unfair.estimate < 0.9
    assert (fair.days, unfair.days) == (110 - 28, 110)
