"""Work against people: Erlangs beside heads."""

import pytest

from reports.load import LOAD, STAFF, Lengths, labels, with_load
from reports.series import DAY_S, Key, Point, Points
from scenarios import Scenario, loads
from tests.reports.conftest import TEXT

SHARED = TEXT.replace("{skills: [mail], agents: 3}", "{skills: [mail, phone], agents: 3}")


def view(**of_phone: tuple[float, ...]) -> dict[Key, Points]:
    of_phone = {"handled": of_phone["offered"]} | of_phone
    return {
        (measure, "queue", "phone"): tuple(Point(1800.0 * n, v) for n, v in enumerate(values) if v >= 0)
        for measure, values in of_phone.items()
    }


def on_duty(**heads: float) -> dict[Key, Points]:
    return {("on_duty", "group", name): (Point(0.0, n), Point(1800.0, n)) for name, n in heads.items()}


def test_load_is_contacts_times_handle_time_by_length(scenario: Scenario) -> None:
    """12 calls of 300 s in half an hour keep two people busy."""
    made = with_load(scenario, view(offered=(12.0, 6.0), aht=(300.0, 600.0)), Lengths(1800.0))
    assert [p.mean for p in made[LOAD, "queue", "phone"]] == [2.0, 2.0]


def test_where_nobody_was_handled_the_usual_handle_time_counts(scenario: Scenario) -> None:
    known = view(offered=(12.0, 6.0, 3.0), aht=(300.0, 600.0, -1.0), handled=(10.0, 5.0, 0.0))
    made = with_load(scenario, known, Lengths(1800.0))[LOAD, "queue", "phone"]
    assert made[2].mean == pytest.approx(3 * 400 / 1800)
    assert with_load(scenario, view(offered=(1.0,)), Lengths(1800.0))[LOAD, "queue", "phone"] == ()


def test_a_first_day_that_warms_up_is_shorter(scenario: Scenario) -> None:
    days = {key: tuple(Point(n * DAY_S, p.mean) for n, p in enumerate(points))
            for key, points in view(offered=(72.0, 144.0), aht=(600.0, 600.0)).items()}  # fmt: skip
    made = with_load(scenario, days, Lengths(DAY_S, DAY_S / 2))
    assert [p.mean for p in made[LOAD, "queue", "phone"]] == [1.0, 1.0]


def test_all_who_may_take_a_queue_are_its_staff() -> None:
    made = with_load(loads(SHARED), on_duty(callers=5.0, writers=3.0), Lengths(1800.0))
    assert [p.mean for p in made[STAFF, "queue", "phone"]] == [8.0, 8.0]
    assert [p.mean for p in made[STAFF, "queue", "mail"]] == [3.0, 3.0]
    assert [p.mean for p in made[STAFF, "group", "writers"]] == [3.0, 3.0]


def test_a_group_faces_the_load_of_all_its_queues() -> None:
    known = view(offered=(12.0,), aht=(300.0,))
    known |= {
        (m, "queue", "mail"): points for (m, _, _), points in view(offered=(6.0,), aht=(600.0,)).items()
    }
    made = with_load(loads(SHARED), known, Lengths(1800.0))
    assert [p.mean for p in made[LOAD, "group", "callers"]] == [2.0]
    assert [p.mean for p in made[LOAD, "group", "writers"]] == [4.0]


def test_shared_people_and_shared_work_are_called_so(scenario: Scenario) -> None:
    assert labels(scenario, "queue", "phone")[STAFF] == "agents on duty"
    shared = loads(SHARED)
    assert labels(shared, "queue", "phone")[STAFF] == "agents on duty, for other queues too"
    assert (
        labels(shared, "group", "callers")[LOAD] == "offered load of its queue, shared with others (Erlangs)"
    )
