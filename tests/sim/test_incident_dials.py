"""Dials of incidents: alarms, mending, pages and starts, exactly or by shares (four standard errors)."""

from typing import Any, Final

import numpy as np
import pytest

from sim.compile import Model, compile_scenario
from sim.log import ARRIVED, INCIDENT
from tests.sim.case_team import DOWN, team
from tests.sim.test_dials import assert_share
from tests.sim.turned import Followed, Once

MINUTE: Final = 60_000_000  # ticks
NUMBERS_APART: Final = 64


def model_of(**changes: Any) -> Model:
    """The team with an incident, noticed 20 min after its third tagged contact and mended in an hour."""
    detection = {"contacts": 3, "within": "30 min", "delay": "20 min"}
    down = {**DOWN, "detection": detection, "surge": {"calls": "400 per h"}, **changes}
    return compile_scenario(team(incidents={"down": down}))


def turned(model: Model, at: int = 0, **course: float) -> Followed:
    return Followed(model, Once(model, {}, at, **course))


def incidents(found: Followed) -> np.ndarray:
    """Rows of incidents; which field is what, says sim/incidents.py."""
    rows: np.ndarray = found.contacts[found.contacts["row"] == INCIDENT]
    return rows


def first_of(found: Followed) -> np.void:
    row: np.void = incidents(found)[0]
    return row


def test_the_alarm_comes_sooner_and_mending_takes_less() -> None:
    """20 min until the alarm become 5, 60 min until it is mended become 30."""
    model = model_of()
    before, after = first_of(Followed(model)), first_of(turned(model, alarm_delay=0.25, mitigation=0.5))
    seen = int(before["orbit"]) - 20 * MINUTE
    assert seen > int(before["born"])
    assert int(before["started"]) == seen + 80 * MINUTE
    assert int(after["orbit"]) == seen + 5 * MINUTE
    assert int(after["started"]) == int(after["ended"]) == seen + 35 * MINUTE


def test_dials_that_are_turned_after_the_alarm_are_too_late() -> None:
    model = model_of()
    before = first_of(Followed(model))
    late = turned(model, int(before["orbit"]) + MINUTE, alarm_delay=0.0, mitigation=0.0)
    assert first_of(late)["started"] == before["started"]


def test_a_page_comes_where_there_was_none() -> None:
    """It is up 15 min after the alarm, and keeps away the share that the dial says."""
    model = model_of(mitigation={"deterministic": "90 min"})
    before, after = Followed(model), turned(model, page_cuts=0.6)
    posted = int(first_of(before)["orbit"]) + 15 * MINUTE
    assert first_of(before)["queued"] == -1
    assert first_of(after)["queued"] == posted
    early, late = (_brought(before, posted), _brought(after, posted))
    assert early[0] == late[0]
    assert late[1] <= early[1]
    assert_share(len(late[1]), len(early[1]), 0.4)


def test_a_page_keeps_more_away_by_points() -> None:
    model = model_of(mitigation={"deterministic": "90 min"}, status_page={"after": "5 min", "cuts": "30%"})
    before, after = Followed(model), turned(model, page_cuts=0.2)
    posted = int(first_of(before)["orbit"]) + 5 * MINUTE
    assert first_of(before)["queued"] == first_of(after)["queued"] == posted
    early, late = _brought(before, posted), _brought(after, posted)
    assert early[0] == late[0]
    assert late[1] <= early[1]
    assert_share(len(late[1]), len(early[1]), 0.5 / 0.7)
    none = _brought(turned(model, page_cuts=0.9), posted)
    assert none[0] == early[0]
    assert not none[1]


def _brought(found: Followed, posted: int) -> tuple[set[int], set[int]]:
    """Keys of the first incident's contacts that have come before the page was up, and after that."""
    cases = found.cases[(found.cases["incident"] >= 0) & (found.cases["incident"] < NUMBERS_APART)]
    arrived = found.contacts[(found.contacts["row"] == ARRIVED) & (found.contacts["attempt"] == 0)]
    mine = arrived[np.isin(arrived["key"], cases["key"]) & (arrived["orbit"] == 0)]
    later = mine["born"] >= posted
    return set(mine["key"][~later].tolist()), set(mine["key"][later].tolist())


def _often() -> Model:
    """An incident every other hour for 40 days, which is over within minutes, before the next could start."""
    calendar = {"start": "2026-01-05", "days": 40, "hours": {"desk": "08:00-18:00"}}
    short = {**DOWN, "starts": {"every": "2 h"}, "lasts": {"deterministic": "1 s"}}
    short["surge"] = {"calls": "8 per h"}
    short["detection"] = {"contacts": 1, "within": "30 min"}
    return compile_scenario(team(incidents={"down": short}, calendar=calendar))


def test_fewer_incidents_start() -> None:
    """Those that still start would have started anyway."""
    model = _often()
    before, after = incidents(Followed(model))["born"], incidents(turned(model, starts=0.35))["born"]
    assert set(after.tolist()) <= set(before.tolist())
    assert_share(len(after), len(before), 0.35)


@pytest.mark.parametrize("planned", [True, False])
def test_no_incident_starts(planned: bool) -> None:
    model = model_of() if planned else _often()
    assert len(incidents(Followed(model)))
    assert not len(incidents(turned(model, starts=0.0)))
