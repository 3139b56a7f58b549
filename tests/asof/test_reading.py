"""Exports read as legs: what careloop writes, and what others may."""

import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import careloop
from careloop.as_of import NoContactsError
from careloop.as_of_columns import read_columns
from scenarios import Scenario, from_dict
from sim.asof.named import FactsError, seen_of
from sim.asof.refusals import Facts, day_number, expected_by_day, refuse
from sim.asof.result import Source
from sim.asof.seen import as_it_stood
from sim.compile import compile_scenario
from sim.log import ABANDONED, BLOCKED, CLEARED, CLOSED, DEFLECTED, HANDLED, OPEN, OVERFLOWED, SILENT
from sim.roadmap.follow import plan_by_day
from tests.asof.centre import CENTRE
from tests.asof.histories import history
from tests.asof.test_same_figures import lasting
from tests.sim.case_team import DOWN, TEAM

HOUR = 3_600_000_000


@pytest.mark.parametrize("ending", ["csv", "parquet"])
@pytest.mark.parametrize("raw", [CENTRE, TEAM], ids=["centre", "team"])
def test_what_careloop_writes_is_read_as_its_log_says(
    raw: dict[str, Any], ending: str, tmp_path: Path
) -> None:
    """Both clocks that change, incidents, wrong tags and answers to surveys."""
    more = {"incidents": {"down": DOWN}} if raw is TEAM else {}
    scenario = lasting(7, raw, **more)
    path = tmp_path / f"contacts.{ending}"
    careloop.export_contacts(scenario, path, seed=5)
    plan = plan_by_day(scenario)
    read = read_columns([path], "canonical", scenario.calendar.time_zone)
    seen, own = seen_of(plan.model, read.columns), history(plan, (), (), 5).seen
    assert len(seen.legs) == len(own.legs) > 300
    for field in own.legs.dtype.names or ():
        if field == "arr" or (field == "outcome" and raw is TEAM):
            continue
        np.testing.assert_array_equal(seen.legs[field], own.legs[field], err_msg=field)
    has = own.legs["tier"] >= 0
    np.testing.assert_array_equal(seen.legs["arr"][has], own.legs["arr"][has])
    assert read.rows >= len(seen.legs)
    assert seen.columns >= {"case_id", "cause", "csat", "resolved_at"}


SHOP: dict[str, Any] = {
    "careloop": 1,
    "name": "Two lines",
    "service_level": "offered",
    "calendar": {"start": "2026-01-05", "days": 10, "time_zone": "Europe/Amsterdam"},
    "streams": {
        "calls": {"queue": "phone", "arrivals": {"rate": "4 per h"}, "handle_time": {"exponential": "5 min"}},
        "gold": {"queue": "vip", "arrivals": {"rate": "1 per h"}, "handle_time": {"exponential": "5 min"}},
        "mails": {"queue": "mail", "arrivals": {"rate": "1 per h"}, "handle_time": {"exponential": "5 min"}},
        "forms": {"queue": "mail", "arrivals": {"rate": "1 per h"}, "handle_time": {"exponential": "5 min"}},
    },
    "queues": {
        "phone": {"hours": "08:00-18:00", "capacity": 3, "overflow": {"to": "vip", "after": "5 min"}},
        "vip": {"patience": {"exponential": "5 min"}, "target": "80% in 20 s"},
        "mail": {"channel": "email"},
    },
    "groups": {"team": {"skills": ["vip", "phone"], "agents": 2}, "desk": {"skills": ["mail"], "agents": 1}},
    "roadmap": {"window": "5 days", "targets": ["vip service level >= 80% by day 10"]},
    "run": {"replications": 2},
}


def shop(**sections: Any) -> Scenario:
    return from_dict({**SHOP, **sections})


def read(tmp_path: Path, lines: str, scenario: Scenario | None = None) -> np.ndarray:
    """The legs of an export of a few rows, in the order of their arrivals."""
    path = tmp_path / "facts.csv"
    path.write_text(lines, encoding="utf-8")
    model = compile_scenario(scenario or shop())
    legs = seen_of(model, read_columns([path], "canonical", "Europe/Amsterdam").columns).legs
    return legs[np.argsort(legs["queued"], kind="stable")]


def test_what_was_dropped_is_told_apart(tmp_path: Path) -> None:
    """Passed on; sent away after a wait; found closed; found full; left without being seen; open."""
    legs = read(
        tmp_path,
        "queue,arrived_at,answered_at,ended_at,transferred_at,left_at,outcome\n"
        "phone,2026-01-05 09:00,,2026-01-05 09:05,2026-01-05 09:05,,dropped\n"
        "phone,2026-01-05 10:00,,2026-01-05 10:30,,,dropped\n"
        "phone,2026-01-05 12:00,,2026-01-05 12:00,,,dropped\n"
        "vip,2026-01-05 13:00,,2026-01-05 13:01,,,abandoned\n"
        "vip,2026-01-05 14:00,2026-01-05 14:05,2026-01-05 14:06,,2026-01-05 14:03,handled\n"
        "vip,2026-01-05 15:00,2026-01-05 15:00,2026-01-05 15:04,,,handled\n"
        "phone,2026-01-05 19:00,,2026-01-05 19:00,,,dropped\n"
        "vip,2026-01-05 20:00,,,,,open\n"
        "vip,2026-01-05 21:00,,,,,self_service\n",
    )
    assert legs["outcome"].tolist() == [
        *(OVERFLOWED, CLEARED, BLOCKED, ABANDONED, SILENT, HANDLED, CLOSED, OPEN, DEFLECTED),
    ]
    assert legs["queued"][0] == 9 * HOUR
    assert (legs["ended"][-2], legs["started"][-2]) == (-1, -1)
    assert legs["ended"][-1] == legs["queued"][-1]


def test_streams_and_groups_are_found(tmp_path: Path) -> None:
    """By the segment, by the only stream of a queue, by the leg before; agents by name, or by their queue."""
    legs = read(
        tmp_path,
        "contact_id,leg,queue,segment,agent_id,arrived_at,answered_at,ended_at\n"
        "a,1,phone,,Ann,2026-01-05 09:00,2026-01-05 09:01,2026-01-05 09:02\n"
        "a,2,mail,,team 2,2026-01-05 09:02,2026-01-05 09:03,2026-01-05 09:04\n"
        "b,1,mail,forms,,2026-01-05 10:00,2026-01-05 10:01,2026-01-05 10:02\n"
        "c,1,vip,platinum,Ben,2026-01-05 11:00,2026-01-05 11:01,2026-01-05 11:02\n",
    )
    names = sorted(SHOP["streams"])
    assert [names[s] for s in legs["stream"]] == ["calls", "calls", "forms", "gold"]
    groups = sorted(SHOP["groups"])
    assert [groups[g] for g in legs["group"]] == ["team", "team", "desk", "team"]


def test_what_waited_when_the_plan_began_has_come_then(tmp_path: Path) -> None:
    """And what was over before is none of its days; nor is what comes after it."""
    legs = read(
        tmp_path,
        "channel,queue,segment,arrived_at,answered_at,ended_at\n"
        "email,mail,mails,2026-01-03 09:00,2026-01-03 10:00,2026-01-03 11:00\n"
        "email,mail,mails,2026-01-04 09:00,2026-01-05 10:00,2026-01-05 11:00\n"
        "email,mail,mails,2026-01-14 23:00,2026-01-15 10:00,2026-01-15 11:00\n"
        "email,mail,mails,2026-01-15 09:00,2026-01-15 10:00,2026-01-15 11:00\n",
    )
    assert legs["queued"].tolist() == [0, 9 * 24 * HOUR + 23 * HOUR]
    assert legs["started"][0] == 10 * HOUR


def test_what_has_happened_since_is_taken_away_again(tmp_path: Path) -> None:
    """An export of the 8th tells as of the 6th what one of the 6th would have told."""
    legs = read(
        tmp_path,
        "channel,queue,segment,arrived_at,answered_at,ended_at,resolved_at,csat\n"
        "email,mail,mails,2026-01-05 09:00,2026-01-05 10:00,2026-01-05 11:00,2026-01-05 11:00,5\n"
        "email,mail,mails,2026-01-05 10:00,2026-01-05 23:00,2026-01-06 11:00,2026-01-06 11:00,4\n"
        "email,mail,mails,2026-01-05 11:00,2026-01-07 10:00,2026-01-07 11:00,2026-01-07 11:00,3\n"
        "email,mail,mails,2026-01-06 00:00,2026-01-07 10:00,2026-01-07 11:00,2026-01-07 11:00,2\n",
    )
    then = as_it_stood(legs, 24 * HOUR)
    assert then["queued"].tolist() == [9 * HOUR, 10 * HOUR, 11 * HOUR]
    assert then["started"].tolist() == [10 * HOUR, 23 * HOUR, -1]
    assert then["ended"].tolist() == [11 * HOUR, -1, -1]
    assert then["outcome"].tolist() == [HANDLED, OPEN, OPEN]
    assert then["csat"].tolist() == [5, 0, 0]
    assert legs["ended"][1] == 35 * HOUR  # and the export itself is left as it was


def test_names_of_nothing_are_listed_with_their_counts(tmp_path: Path) -> None:
    lines = "queue,segment,arrived_at\n" + "mail,letters,2026-01-05 09:00\n" * 3
    lines += "fax,,2026-01-05 09:00\nmail,mail,2026-01-05 09:00\nmail,,2026-01-05 09:00\n"
    with pytest.raises(FactsError) as told:
        read(tmp_path, lines)
    for words in (
        "queue 'fax' (1 row)",
        "stream 'letters' (3 rows), none (1 row), 'mail' (1 row)",
        "the stream that its segment names, or else to the only stream of its queue",
    ):
        assert words in str(told.value)
    causes = "case_id,queue,segment,cause,arrived_at\n1,mail,mails,outtage,2026-01-05 09:00\n"
    caused = shop(causes={"outage": {}, "billing": {}})
    with pytest.raises(FactsError, match=r"cause 'outtage' \(1 row\).*did you mean 'outage'"):
        read(tmp_path, causes, caused)


def test_counts_by_interval_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "intervals.csv"
    path.write_text(
        "interval_start,queue,offered,aht_s\n2026-01-05 09:00,phone,4,200\n2026-01-05 09:30,phone,4,200\n"
    )
    with pytest.raises(NoContactsError, match="counts by interval"):
        read_columns([path], "intervals", "Europe/Amsterdam")


# Days.


def facts(first: str, last: str, *columns: str) -> Facts:
    """An export of nothing, from a day to another."""
    from sim.asof.named import Columns

    days = [datetime.date.fromisoformat(day) for day in (first, last)]
    numbers = dict.fromkeys(columns, np.zeros(1, np.int64))
    return Facts(Columns({}, numbers), Source(("f.csv",), "canonical", 10, days[0], days[1]), ())


def test_a_day_is_one_of_the_plans() -> None:
    scenario = shop()
    assert day_number(scenario, datetime.date(2026, 1, 5)) == 0
    assert day_number(scenario, datetime.date(2026, 1, 14)) == 9
    for day in (datetime.date(2026, 1, 4), datetime.date(2026, 1, 15), datetime.date(2025, 1, 7)):
        with pytest.raises(
            ValueError, match="is no day of the plan, which goes from 2026-01-05 to 2026-01-14"
        ):
            day_number(scenario, day)


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        ("2025-01-05", "2025-12-31", "goes from 2025-01-05 to 2025-12-31.*give an export of these days"),
        ("2027-01-05", "2027-01-31", "goes from 2027-01-05 to 2027-01-31"),
        ("2026-01-05", "2026-01-07", "ends on 2026-01-07.*336 contacts.*as of 2026-01-08"),
        ("2026-01-07", "2026-01-12", "begins on 2026-01-07.*336 contacts"),
    ],
)
def test_facts_of_other_days_are_refused(first: str, last: str, told: str) -> None:
    """Seven contacts an hour: 168 a day. As of the 10th, the 5th to the 9th are asked for."""
    model = compile_scenario(shop())
    assert expected_by_day(model) == pytest.approx(np.full(10, 168.0))
    with pytest.raises(FactsError, match=told):
        refuse(model, facts(first, last), 5)


def test_days_on_which_hardly_anybody_comes_may_be_missing() -> None:
    weekdays = {
        name: {**each, "arrivals": {"rate": "10 per h", "hours": {"mon-fri": "09:00-17:00"}}}
        for name, each in SHOP["streams"].items()
    }
    model = compile_scenario(shop(streams=weekdays))
    refuse(model, facts("2026-01-05", "2026-01-09"), 7)  # the 10th and 11th are a weekend
    with pytest.raises(FactsError, match="ends on 2026-01-09"):
        refuse(model, facts("2026-01-05", "2026-01-09"), 8)


def test_cases_are_asked_for_where_there_are_some() -> None:
    cased = compile_scenario(shop(causes={"outage": {}}))
    with pytest.raises(FactsError, match="has no cases: the column case_id"):
        refuse(cased, facts("2026-01-05", "2026-01-14"), 5)
    refuse(cased, facts("2026-01-05", "2026-01-14", "case_id"), 5)
