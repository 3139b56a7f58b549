"""What is measured of incidents: rows made by hand, and the log of a team with two of them."""

import numpy as np
import pytest

from sim import drive
from sim.case_layout import NUMBERS_APART
from sim.case_measure import CasePlan, case_sums, count_cases, new_case_tally, plan_cases
from sim.compile import Model, begin, compile_scenario
from sim.incident_tally import INCIDENT_COLUMNS
from sim.log import INCIDENT
from tests.sim.case_team import DOWN, team

MIN = 60_000_000
HOUR = 60 * MIN
SLOW = {**DOWN, "starts": {"at": ["2026-03-31 20:00"]}, "surge": {"calls": "3 per h"}}  # nobody tags so many
SLOW |= {"detection": {"contacts": 9, "within": "30 min"}}


@pytest.fixture(scope="module")
def model() -> Model:
    return compile_scenario(team(incidents={"down": DOWN, "slow": SLOW}))


@pytest.fixture(scope="module")
def plan(model: Model) -> CasePlan:
    found = plan_cases(model)
    assert found is not None
    return found


def measured(plan: CasePlan, tally: object, name: str, scope: str, which: str) -> float:
    sums = case_sums(plan, tally, np.zeros((0, 0, 2), np.int64))  # type: ignore[arg-type]
    row = plan.keys().index((name, scope, which))
    below = sums.below[row, -1]
    return float(sums.above[row, -1] / below) if below else float("nan")


def incident(model: Model, which: int, born: int, alarm: int, mended: int, ended: int) -> np.ndarray:
    row = np.zeros(1, model.start.contact_log.dtype)
    row["row"], row["stream"], row["born"] = INCIDENT, which, born
    row["orbit"], row["started"], row["ended"] = alarm, mended, ended
    return row


def test_rows_by_hand(model: Model, plan: CasePlan) -> None:
    """Mended after 50 min; gone by itself before it was mended; never noticed."""
    rows = np.concatenate(
        [
            incident(model, 0, HOUR, HOUR + 10 * MIN, HOUR + 50 * MIN, HOUR + 50 * MIN),
            incident(model, 0, 30 * HOUR, 30 * HOUR + 20 * MIN, 33 * HOUR, 31 * HOUR),
            incident(model, 1, 50 * HOUR, -1, -1, 52 * HOUR),
        ]
    )
    cases = np.zeros(3, model.start.case_log.dtype)
    cases["incident"], cases["born"] = (-1, 0, NUMBERS_APART + 1), HOUR
    cases["severity"] = cases["cause"] = cases["tier"] = cases["reply_due"] = cases["resolution_due"] = -1
    cases["replied"] = cases["solved"] = cases["closed"] = cases["first_solved"] = -1
    cases["contacts"] = 1, 2, 3
    tally = new_case_tally(plan)
    count_cases(plan, tally, rows, cases)

    def of(name: str, scope: str = "incident", which: str = "down") -> float:
        return measured(plan, tally, name, scope, which)

    assert of("incidents") == 2
    assert of("incidents", "all", "all") == 3
    assert of("incidents_detected") == 1.0
    assert of("incidents_detected", "all", "all") == pytest.approx(2 / 3)
    assert of("incidents_mended") == 0.5
    assert of("time_to_detection") == 15 * 60
    assert of("time_to_mitigation") == 40 * 60
    assert of("incident_length") == (50 + 60) / 2 * 60
    assert np.isnan(of("time_to_detection", which="slow"))
    assert of("incident_cases") == 1
    assert of("incident_contacts") == 2
    assert of("incident_contacts", which="slow") == 3
    assert of("incident_contacts", "all", "all") == 5


def test_a_log(model: Model, plan: CasePlan) -> None:
    """In chunks of a day; each incident on the day on which it began."""
    tally = new_case_tally(plan)
    cases = list[np.ndarray]()

    def sink(contacts: np.ndarray, _agents: np.ndarray, closed: np.ndarray) -> None:
        cases.append(closed.copy())
        count_cases(plan, tally, contacts, closed)

    drive.run(model, begin(model, 1, 0), sink, 24 * HOUR)
    column = INCIDENT_COLUMNS.index
    assert tally.incidents[0, :, column("started")].tolist() == [0, 1, 0, 1, 0, 0]
    assert tally.incidents[1, :, column("started")].tolist() == [0, 0, 0, 0, 1, 0]
    assert tally.incidents[0, :, column("mended")].sum() == 2
    assert tally.incidents[0, :, column("until_mended")].sum() == 2 * HOUR
    assert tally.incidents[1, :, column("detected")].sum() == 0
    assert tally.incidents[1, :, column("until_over")].sum() == 2 * HOUR
    brought = np.concatenate(cases)
    brought = brought[brought["incident"] >= 0]
    assert tally.incidents[:, :, column("brought_cases")].sum() == len(brought) > 50
    assert tally.incidents[:, :, column("brought_contacts")].sum() == brought["contacts"].sum()


def test_without_incidents_there_is_no_such_measure() -> None:
    found = plan_cases(compile_scenario(team()))
    assert found is not None
    keys = found.keys()
    assert not [key for key in keys if "incident" in key[0]]
