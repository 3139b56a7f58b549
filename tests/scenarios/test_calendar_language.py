"""Holidays, trend, months, special days, shrinkage by component, and shifts with breaks, as read."""

import datetime
import re
from collections.abc import Callable
from typing import Any

import pytest

from scenarios import Problem, Scenario, ScenarioError, from_dict, loads, open_scenario, resolved
from scenarios.load_check import Horizon, contacts, people_hours
from scenarios.model import Calendar
from scenarios.resolved import plain_data
from scenarios.shifts import Break, works_on
from scenarios.week import HOLIDAY, Step, opening_hours, steps_on

H = 3600
Look = Callable[[str], list[Problem]]


def team(**parts: Any) -> Scenario:
    """A scenario of Christmas week 2026 in the Netherlands; parts replace those of the raw data."""
    raw: dict[str, Any] = {
        "careloop": 1,
        "name": "Christmas",
        "calendar": {"start": "2026-12-21", "days": 7, "holidays": "NL", **parts.pop("calendar", {})},
        "streams": {
            "calls": {
                "queue": "phone",
                "arrivals": {"by_interval": {"daily": {"08:00-18:00": 100}}, **parts.pop("arrivals", {})},
                "handle_time": {"exponential": "3 min"},
            }
        },
        "queues": {"phone": {"patience": {"exponential": "3 min"}, **parts.pop("queue", {})}},
        "groups": {"team": {"skills": ["phone"], **parts.pop("group", {"agents": 5})}},
    }
    assert not parts
    return from_dict(raw)


def told(**parts: Any) -> str:
    with pytest.raises(ScenarioError) as caught:
        team(**parts)
    return " / ".join(map(str, caught.value.problems))


def test_holidays_of_a_country_and_ones_own() -> None:
    christmas = [datetime.date(2026, 12, 25), datetime.date(2026, 12, 26)]
    calendar = team().calendar
    assert [d for d in calendar.holidays if d.month == 12] == christmas
    assert [calendar.kind_of(datetime.date(2026, 12, d)) for d in (24, 25, 26, 27)] == [
        3,
        HOLIDAY,
        HOLIDAY,
        6,
    ]
    own = team(calendar={"holidays": {"of": "NL", "also": ["2026-12-24"], "not": ["2026-12-26"]}}).calendar
    assert own.kind_of(datetime.date(2026, 12, 24)) == HOLIDAY
    assert own.kind_of(datetime.date(2026, 12, 26)) == 5
    assert team(calendar={"holidays": ["2026-12-22"]}).calendar.holidays == (datetime.date(2026, 12, 22),)
    part = Calendar(start=datetime.date(2026, 1, 1), days=5).model_copy(
        update={"holidays": team(calendar={"holidays": "DE-BY", "start": "2026-01-01"}).calendar.holidays}
    )
    assert part.kind_of(datetime.date(2026, 1, 6)) == HOLIDAY  # Epiphany, in Bavaria


@pytest.mark.parametrize(
    ("holidays", "words"),
    [
        ("XX", "no code of a country|not a country's code"),
        ("NL-ZZ", "not a part of NL"),
        ({"of": "NL", "alo": []}, "did you mean 'also'"),
        (["2026-12-25", "2026-13-25"], "not a day of the calendar"),
        (["2026-12-25", "2026-12-25"], "twice"),
        (7, "neither a country's code nor dates"),
    ],
)
def test_holidays_that_cannot_be_read(holidays: object, words: str) -> None:
    found = told(calendar={"holidays": holidays})
    assert "calendar.holidays" in found
    assert any(word in found for word in words.split("|"))


def test_what_keeps_to_opening_hours_stays_away_where_holidays_are_closed() -> None:
    calendar = {"hours": {"desk": {"mon-fri": "09:00-13:00", "holidays": "closed"}}}
    raw = plain_data(team(calendar=calendar, queue={"hours": "desk"}))
    raw["streams"]["calls"]["arrivals"] = {"rate": "15 per hour", "hours": "desk"}
    raw["groups"]["team"] |= {"agents": 4, "hours": "desk"}
    scenario = from_dict(raw)
    for steps, value in (
        (scenario.groups["team"].agents, 4.0),
        (scenario.streams["calls"].arrivals.steps, 15.0),
    ):
        assert steps is not None
        assert [(s.weekday, s.value) for s in steps] == [(d, value) for d in range(5)] + [(HOLIDAY, 0.0)]
    assert people_hours(scenario.groups["team"], Horizon.of(scenario.calendar)) == 64.0


def test_the_holidays_found_are_told(tmp_path: Any) -> None:
    path = tmp_path / "s.yaml"
    text = re.sub(r"holidays:.*?\]\n", "holidays: NL\n", resolved(team()), flags=re.DOTALL)
    path.write_text(text, encoding="utf-8")
    notes = " ".join(open_scenario(path).notes)
    assert "calendar.holidays: NL has 2026-12-25" in notes
    assert "2026-12-24" not in notes


def test_a_holiday_is_as_a_sunday_unless_it_is_named() -> None:
    hours = opening_hours({"mon-fri": "08:00-20:00", "sun": "10:00-12:00"})
    assert steps_on(hours, HOLIDAY) == [Step(6, 10 * H, 12 * H, 1.0)]
    shut = opening_hours({"daily": "08:00-20:00", "holidays": "closed"})
    assert steps_on(shut, HOLIDAY) == [Step(HOLIDAY, 0, 24 * H, 0.0)]
    own = opening_hours({"mon-fri": "08:00-20:00", "holidays": ["09:00-10:00", "11:00-12:00"]})
    assert [step.start_s for step in steps_on(own, HOLIDAY)] == [9 * H, 11 * H]
    assert opening_hours({"mon": "closed", "tue": "08:00-09:00"}) == (Step(1, 8 * H, 9 * H, 1.0),)


def test_a_window_of_a_holiday_ends_at_midnight() -> None:
    with pytest.raises(ValueError, match="let it end at 24:00"):
        opening_hours({"mon-fri": "08:00-20:00", "holidays": "22:00-02:00"})


def test_factors_of_days() -> None:
    arrivals = {
        "trend": {"growth": "10% per year", "since": "2026-01-01"},
        "months": {"dec": "120%"},
        "special_days": {"2026-12-24 to 2026-12-25": 0.5, "2026-12-27": "300%"},
    }
    factors = team(arrivals=arrivals).streams["calls"].arrivals.day_factors
    start = datetime.date(2026, 12, 21)
    assert factors.on(datetime.date(2027, 1, 1), start) == pytest.approx(1.1)
    assert factors.on(datetime.date(2026, 12, 25), start) == pytest.approx(1.1 ** (358 / 365) * 1.2 * 0.5)
    assert factors.on(datetime.date(2026, 12, 27), start) == pytest.approx(1.1 ** (360 / 365) * 1.2 * 3)
    monthly = team(arrivals={"trend": "-2% per month"}).streams["calls"].arrivals.day_factors
    assert monthly.on(start + datetime.timedelta(days=365), start) == pytest.approx(0.98**12)


def test_totals_know_holidays_and_factors() -> None:
    special = {"special_days": {"2026-12-23": 2}, "by_interval": {"mon-fri": {"08:00-18:00": 100}}}
    scenario = team(arrivals=special)
    horizon = Horizon.of(scenario.calendar)
    assert horizon.counts == [1, 1, 1, 1, 0, 0, 1, 2]
    assert contacts(scenario.streams["calls"], horizon) == pytest.approx(500)
    assert people_hours(scenario.groups["team"], horizon) == 5 * 7 * 24


@pytest.mark.parametrize(
    ("arrivals", "words"),
    [
        ({"trend": "10%"}, "is not a growth"),
        ({"trend": "10% per decade"}, "is not a period"),
        ({"trend": "-100% per year"}, "allowed are 0.01 to 100"),
        ({"trend": {"since": "2026-01-01"}}, "either growth or the factor"),
        ({"months": {"jann": 1}}, "did you mean 'jan'"),
        ({"months": {"jan": -1}}, "outside 0 to 100"),
        ({"months": {}}, "is not a map of months"),
        ({"special_days": {"2026-12-24": "lots"}}, "is not a factor"),
        ({"special_days": {"24-12-2026": 2}}, "is not a date"),
        ({"special_days": {"2026-12-25 to 2026-12-24": 2}}, "ends before it begins"),
        ({"special_days": {"2026-12-24 to 2026-12-26": 2, "2026-12-25": 1}}, "2026-12-25 twice"),
    ],
)
def test_day_factors_that_cannot_be_read(arrivals: Any, words: str) -> None:
    assert words in told(arrivals=arrivals)


def test_a_special_day_outside_the_horizon_is_a_warning(problems: Look, valid: str) -> None:
    text = valid.replace("      hours: desk\n", "      hours: desk\n      special_days: {2025-12-24: 2}\n", 1)
    (warning,) = problems(text)
    assert warning.severity == "warning"
    assert "is not among the days" in warning.message
    assert warning.line == text[: text.index("2025-12-24")].count("\n") + 1


def test_shrinkage_by_component() -> None:
    parts = {"leave": "10%", "sick": "8%", "meetings": "5%", "training": "7%"}
    both = {
        rule: team(group={"agents": 5, "shrinkage": {**parts, "combine": rule}}).groups["team"].shrinkage
        for rule in ("multiply", "add")
    }
    assert both["multiply"].total == pytest.approx(0.268, abs=0.0005)  # as in ccplanning.net's calculator
    assert both["add"].total == pytest.approx(0.30)
    assert both["add"].gross_up == pytest.approx(1 / 0.7)
    assert [part.name for part in both["add"].components] == list(parts)
    assert team(group={"agents": 5, "shrinkage": "30%"}).groups["team"].shrinkage.total == 0.3


@pytest.mark.parametrize(
    ("shrinkage", "words"),
    [
        ({"leave": "8%", "sick": "5%"}, "does not say how its components combine"),
        ({"leave": "8%", "sick": "5%", "combine": "sum"}, "'sum' is not known"),
        ({"leave": "8%", "sick": "120%", "combine": "add"}, "outside"),
        ({"combine": "add"}, "has no component"),
        ("96%", "hardly anybody"),
        ({"a": "60%", "b": "50%", "combine": "add"}, "hardly anybody"),
        ([8, 5], "is not a share"),
    ],
)
def test_shrinkage_that_cannot_be_read(shrinkage: object, words: str) -> None:
    assert words in told(group={"agents": 5, "shrinkage": shrinkage})


def shifts(*breaks: object, agents: int = 3, **more: str) -> Any:
    shift = {"agents": agents, "days": "mon-fri", "hours": "08:00-16:30", "breaks": list(breaks), **more}
    return {"shifts": [shift]}


def test_breaks_are_staggered_over_their_window() -> None:
    group = team(
        group=shifts("10:00-10:15", {"between": "11:30-13:30", "for": "30 min", "paid": "no"})
    ).groups
    (shift,) = group["team"].shifts or ()
    assert shift.breaks == (
        Break(36000, 36000, 900, True),
        Break(41400, 46800, 1800, False),
    )
    assert [piece.start_s / H for piece in shift.at_work(0)] == [8, 10.25, 12]
    assert [piece.start_s / H for piece in shift.at_work(1)] == [8, 10.25, 12.75]
    assert [piece.end_s / H for piece in shift.at_work(2)] == [10, 13, 16.5]
    assert shift.paid_breaks(2) == [(36000, 36900)]


def test_breaks_of_a_night() -> None:
    group = team(group=shifts({"at": "02:00", "for": "1 h"}, hours="22:00-06:00")).groups["team"]
    (shift,) = group.shifts or ()
    assert shift.at_work(0) == [(22 * H, 26 * H), (27 * H, 30 * H)]


@pytest.mark.parametrize(
    ("breaks", "words"),
    [
        (["07:00-07:30"], "is not within the shift|not lie within"),
        (["16:15-16:30"], "is not within the shift|not lie within"),
        (["12:00-12:30", "12:15-12:45"], "overlap"),
        ([{"between": "11:00-13:00", "for": "30 min"}, {"at": "12:30", "for": "15 min"}], "overlap"),
        ([{"between": "11:00-11:15", "for": "30 min"}], "shorter than the break"),
        ([{"at": "12:00"}], "takes 'for'"),
        ([{"for": "30 min"}], "either 'at' or 'between'"),
        ([{"at": "12:00", "for": "30"}], "is not a duration"),
        ([{"at": "12:00", "for": "30 min", "payed": "no"}], "did you mean 'paid'"),
        ([12], "is not a break"),
    ],
)
def test_breaks_that_cannot_be_read(breaks: list[object], words: str) -> None:
    found = told(group=shifts(*breaks))
    assert "groups.team.shifts[0]" in found
    assert any(word in found for word in words.split("|")), found


def test_shifts_on_holidays() -> None:
    every_day = {"agents": 3, "days": "daily", "hours": "08:00-16:00"}
    few = {"agents": 1, "days": "holidays", "hours": "10:00-14:00"}
    alone, named = (
        team(group={"shifts": s}).groups["team"].shifts or () for s in ([every_day], [every_day, few])
    )
    assert [works_on(shift, HOLIDAY, alone) for shift in alone] == [True]
    assert [works_on(shift, HOLIDAY, named) for shift in named] == [False, True]
    weekdays = team(group=shifts()).groups["team"].shifts or ()
    assert not works_on(weekdays[0], HOLIDAY, weekdays)
    horizon = Horizon.of(team().calendar)
    assert people_hours(team(group={"shifts": [every_day, few]}).groups["team"], horizon) == 5 * 24 + 2 * 4


def test_all_of_it_is_written_back() -> None:
    scenario = team(
        calendar={"hours": {"desk": {"daily": "08:00-20:00", "holidays": "closed"}}},
        arrivals={"trend": "3% per quarter", "months": {"dec": 1.2}, "special_days": {"2026-12-24": 0.5}},
        group={
            **shifts("10:00-10:15", {"between": "11:30-13:30", "for": "30 min", "paid": "no"}),
            "shrinkage": {"leave": "8%", "sick": "5%", "combine": "multiply"},
        },
        queue={"hours": "desk"},
    )
    assert loads(resolved(scenario)) == scenario


@pytest.mark.parametrize("hours", [{"mon": "closed"}, {"holidays": "closed"}, {"daily": "closed"}])
def test_hours_that_open_at_no_time_are_none(hours: object) -> None:
    with pytest.raises(ValueError, match="open at no time"):
        opening_hours(hours)
