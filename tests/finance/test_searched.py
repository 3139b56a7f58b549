"""On which days people are searched for, and at which sizes of a change."""

import datetime

import pytest

from reports.finance.searched import fading, has_seasons, last_due, lever_costs, searched, settled
from reports.finance.study import refuse_case, terms_of
from scenarios import Scenario, loads
from scenarios.business_case import BusinessCase
from sim.explain.watch import Chances
from sim.headcount.surface import USUAL
from tests.finance.desk_text import DESK


def desk(changed: str = "", override: str = "") -> Scenario:
    text = DESK.replace("days: 28", "days: 365").replace(
        "rate: 120 per h, hours: desk", f"rate: 120 per h, hours: desk{changed}"
    )
    return loads(text, overrides=[override] if override else [])


def test_weeks_that_are_alike_stand_for_the_year() -> None:
    on = searched(desk(), desk(override="fewer"), Chances(1, 30, 2))
    assert (on.before.calendar.days, on.after.calendar.days, on.chances.replications) == (49, 49, 8)
    assert on.years == 49 / 365
    assert (on.axes, on.notes) == (USUAL, ())
    assert on.before.streams == desk().streams


def test_a_year_with_seasons_is_searched_whole() -> None:
    for seasons in (", months: {dec: 150%}", ", trend: 10% per year", ", special_days: {2026-12-24: 20%}"):
        one = desk(seasons)
        assert has_seasons(one)
        on = searched(one, one, Chances(1, 30, 2))
        assert (on.before.calendar.days, on.chances.replications) == (365, 1)
    assert not has_seasons(desk())


def test_what_cannot_happen_in_part_is_known_at_its_ends_alone() -> None:
    other = desk().model_copy(update={"queues": {
        "phone": desk().queues["phone"].model_copy(update={"at_closing": "hold"}),
    }})  # fmt: skip
    on = searched(desk(), other, Chances(1, 2, 2))
    assert on.axes.effect == (0.0, 1.0)
    (note,) = on.notes
    assert "at_closing" in note
    assert on.chances.replications == 8


ROADMAP = """
owners: {care: {capacity: 8 h/week}}
roadmap:
  levers:
    macros:
      owner: care
      start: 2026-05-01
      due: 2026-06-01
      ramp: 30 days
      cost: $5000
      moves: {handle_time: {low: 0%, expected: -3%, high: -6%}}
"""


def test_levers_of_the_change_are_in_force_all_year_and_their_dates_and_costs_are_the_case() -> None:
    before, after = desk(), loads(DESK.replace("days: 28", "days: 365") + ROADMAP)
    roadmap = settled(before, after).roadmap
    assert roadmap is not None
    (lever,) = roadmap.levers.values()
    assert (lever.due, lever.ramp_s) == (datetime.date(2026, 1, 5), 0.0)
    due = datetime.date(2026, 6, 1)
    assert last_due(before, after) == due
    (cost,) = lever_costs(before, after).values()
    assert (cost.amount, cost.on) == (5000.0, due)
    terms = terms_of(before, after)
    assert terms.start == due
    assert terms.ramp_months == pytest.approx(30 / (365 / 12), abs=0.01)
    assert set(terms.once) == {"build", "lever macros"}
    assert settled(after, after) == after  # what both have stays as it is
    assert lever_costs(after, after) == {}


def test_a_case_is_of_the_same_days_in_both() -> None:
    with pytest.raises(ValueError, match="365 days from 2026-01-05 and 28 days from 2026-01-05"):
        refuse_case(desk(), loads(DESK))


def test_a_case_begins_when_all_of_its_levers_are_there() -> None:
    """The later of two, the slower ramp; an earlier day of the case's own does not count."""
    lever = ROADMAP.partition("levers:\n")[2]
    tips = lever.replace("macros", "tips").replace("2026-06-01", "2026-07-01").replace("30 days", "60 days")
    faded = ROADMAP.replace("moves:", "halves_in: 90 days\n      moves:")
    before, after = desk(), loads(DESK.replace("days: 28", "days: 365") + faded + tips)
    terms = terms_of(before, after)
    assert terms.start == datetime.date(2026, 7, 1)
    assert terms.ramp_months == pytest.approx(60 / (365 / 12), abs=0.01)
    assert fading(before, after) == ("macros",)
    own = BusinessCase(start=datetime.date(2026, 3, 1), ramp_months=3)
    terms = terms_of(before, after.model_copy(update={"business_case": own}))
    assert (terms.start, terms.ramp_months) == (datetime.date(2026, 7, 1), 3)
