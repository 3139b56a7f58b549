"""The exact course of a day against reference cases, dense matrices, closed forms and steady states."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.erlang.busy_days import over_busyness
from sim.erlang.day import Course, Day
from sim.erlang.smooth_rates import smooth_course
from sim.erlang.transient import transient
from tests.oracles import day_chain
from tests.oracles.day_chain import SmallDay

Floats = NDArray[np.float64]
CASES: dict[str, dict[str, Any]] = {
    case["id"]: case
    for case in json.loads(
        (Path(__file__).parents[1] / "theory" / "exact_cases.json").read_text(encoding="utf-8")
    )
}
EXACT = 1e-10  # relative


def of_model(text: str) -> list[str]:
    return [name for name, case in CASES.items() if text in case["model"]]


def relative(found: Any, expected: Any) -> float:
    return float(np.max(np.abs(np.asarray(found) / np.asarray(expected) - 1.0)))


@pytest.mark.parametrize("name", of_model("piecewise constant"))
def test_reference_days(name: str) -> None:
    """All outputs of all intervals."""
    p, expected = CASES[name]["params"], CASES[name]["outputs"]
    length_s = 60.0 * p["interval_min"]
    patience_s = 60.0 / p["patience_rate_per_min"] if p["patience_rate_per_min"] else math.inf
    rates = 60.0 * np.array(p["arrival_rates_per_min"])
    day = Day(rates, p["staff"], 60.0 / p["service_rate_per_min"], length_s, patience_s)
    course = transient(day, 60.0 * p["threshold_min"])
    gave_up = course.queue * length_s / patience_s  # by the clock
    found = {
        "mean_queue": course.queue,
        "mean_busy": course.busy,
        "abandoned": gave_up,
        "served_within_T": course.answered_within,
        "service_level": course.service_level("offered"),
        "prob_wait_arrivals": course.delayed / course.offered,
        "completed": course.busy * length_s / day.handle_s,
        "mean_queue_end": course.queue_end,
        "prob_wait_end": course.delay_end,
        "day_offered": course.offered.sum(),
        "day_service_level": course.answered_within.sum() / course.offered.sum(),
        "day_abandon_fraction": gave_up.sum() / course.offered.sum(),
        "in_system_end": course.queue_end[-1] + course.busy_end[-1],
    }
    assert set(found) == set(expected)
    for output, value in found.items():
        if np.any(expected[output]):
            assert relative(value, expected[output]) < EXACT, output
        else:
            assert not np.any(value), output


def centre(p: dict[str, Any], busyness: float) -> Day:
    return Day(
        busyness * np.array(p["arrival_rate_per_hour"], float),
        p["staff"],
        p["service_mean_s"],
        3600.0,
        p["patience_mean_s"],
        balk=p["balk_prob_if_delayed"],
    )


def of_1660(course: Course) -> list[float]:
    """Mean wait, share within T, share lost, over the contacts of a usual day."""
    within = course.answered_within + course.abandoned_within
    return [float(column.sum()) / 1660.0 for column in (course.wait_s, within, course.abandoned)]


@pytest.mark.parametrize("name", of_model("fixed busyness"))
def test_reference_days_with_balking(name: str) -> None:
    p, expected = CASES[name]["params"], CASES[name]["outputs"]
    course = transient(centre(p, p["busyness"]), p["threshold_s"])
    assert relative(course.offered.sum(), expected["expected_arrivals"]) < EXACT
    outputs = ("mean_wait_s_over_1660", "fraction_within_T_over_1660", "fraction_lost_over_1660")
    assert relative(of_1660(course), [expected[output] for output in outputs]) < EXACT


def test_reference_day_of_random_busyness() -> None:
    """The case was itself computed with 20 nodes, and differs from one with 26 by 7e-7."""
    p, expected = CASES["cc-CallCC"]["params"], CASES["cc-CallCC"]["outputs"]
    course = over_busyness(centre(p, 1.0), 10.0**-0.5, p["threshold_s"], nodes=20)
    outputs = ("mean_wait_s", "fraction_within_T", "fraction_lost")
    assert relative(course.offered.sum(), expected["expected_arrivals"]) < EXACT
    assert relative(of_1660(course), [expected[output] for output in outputs]) < EXACT


@pytest.mark.parametrize("name", of_model("sinusoidal arrivals, constant staff"))
def test_reference_waves(name: str) -> None:
    """At eight phases of the fourth period."""
    p, expected = CASES[name]["params"], CASES[name]["outputs"]
    period_s = 2.0 * math.pi / p["angular_frequency"]
    turn = 2.0 * math.pi / period_s

    def rate(at_s: Floats) -> Floats:
        return np.asarray(3600.0 * (p["mean_rate"] + p["amplitude"] * np.sin(turn * at_s)))

    day = Day(0.0, p["agents"], 1.0 / p["service_rate"], patience_s=1.0 / p["patience_rate"])
    seen = smooth_course(rate, day, 31, period_s / 8.0)
    at = np.arange(24, 32) - 1
    assert relative(seen.delayed[at], expected["prob_delay"]) < EXACT
    assert relative(seen.queue[at], expected["mean_queue"]) < EXACT
    assert relative((seen.queue + seen.busy)[at], expected["mean_number"]) < EXACT


SMALL = [
    SmallDay([2.0, 5.0, 3.0, 0.0, 1.0], [3, 2, 4, 1, 1], 0.7, 1.0, 0.8, 6, 0.15),
    SmallDay([6.0, 6.0, 1.0], [1, 4, 2], 0.5, 1.3, 0.0, 5, 0.0),
    SmallDay([3.0, 2.0, 4.0], [4, 0, 2], 1.1, 0.6, 1.7, 4, 0.3),
]


@pytest.mark.parametrize("day", SMALL)
@pytest.mark.parametrize("within", [0.1, 0.4, 1.6])
def test_small_days_by_dense_matrices(day: SmallDay, within: float) -> None:
    """Staff up and down, few places, balking, an interval without arrivals, a threshold over several."""
    course = transient(of_small(day), within)
    for i in range(len(day.rates)):
        queue, busy = day_chain.means(day, i)
        share = day_chain.of_arrivals(day, i, within)
        found = [
            course.answered_within[i], course.abandoned_within[i], course.delayed[i], course.blocked[i],
            course.queue[i], course.busy[i],
        ]  # fmt: skip
        np.testing.assert_allclose(found, [*share, queue, busy], rtol=1e-10, atol=1e-13)


def of_small(day: SmallDay) -> Day:
    patience_s = 1.0 / day.give_up if day.give_up else math.inf
    rates = 3600.0 * np.array(day.rates)
    return Day(rates, day.staff, 1.0 / day.serve, day.length, patience_s, day.places, day.balk)


@pytest.mark.parametrize("day", SMALL)
def test_everybody_leaves_somehow(day: SmallDay) -> None:
    """Contacts are conserved, waits too: all time waited is the queue's, after the end included (Little)."""
    course = transient(of_small(day), 0.4)
    gone = course.answered + course.abandoned + course.blocked
    np.testing.assert_allclose(gone, course.offered, rtol=1e-12)
    rates, staff = [*day.rates, *[0.0] * 40], [*day.staff, *[day.staff[-1]] * 40]
    long = transient(of_small(day._replace(rates=rates, staff=staff)), 0.4)
    assert long.queue.sum() * day.length == pytest.approx(course.wait_s.sum(), rel=1e-9)
    assert long.wait_s.sum() == pytest.approx(course.wait_s.sum(), rel=1e-12)


def test_all_wait_for_ever_counts_as_answered_or_abandoned() -> None:
    """A threshold without end, and one that is longer than anybody waits."""
    day = of_small(SMALL[0])
    without_end, long = transient(day, math.inf), transient(day, 60.0)
    np.testing.assert_allclose(long.answered_within, without_end.answered_within, rtol=1e-10)
    np.testing.assert_allclose(long.abandoned_within, without_end.abandoned, rtol=1e-10, atol=1e-14)


def test_constant_rates_come_to_rest() -> None:
    """After many hours a day is in the steady state that it can also be started in."""
    day = Day(np.full(6, 200.0), 12, 200.0, 7200.0, 90.0, 9, 0.05)
    late, settled = transient(day, 15.0), transient(day, 15.0, start="steady")
    for name in Course._fields:
        column = getattr(settled, name)
        np.testing.assert_allclose(column, column[0], rtol=1e-11, err_msg=name)
        np.testing.assert_allclose(getattr(late, name)[-1], column[-1], rtol=1e-9, err_msg=name)


@pytest.mark.parametrize(("load", "agents"), [(0.5, 1), (6.0, 8), (45.0, 50)])
def test_erlang_c_is_where_it_starts_and_stays(load: float, agents: int) -> None:
    """Erlang's formulas, summed plainly."""
    course = transient(Day([load * 20.0] * 2, agents, 180.0), 20.0, start="steady")
    terms = np.cumprod([1.0, *(load / k for k in range(1, agents + 1))])
    last = terms[-1] * agents / (agents - load)
    delayed = last / (terms[:-1].sum() + last)
    late = delayed * math.exp(-(agents - load) * 20.0 / 180.0)
    np.testing.assert_allclose(course.delayed / course.offered, delayed, rtol=1e-10)
    np.testing.assert_allclose(course.service_level("offered"), 1.0 - late, rtol=1e-10)
    wait_s = delayed * 180.0 / (agents - load)
    np.testing.assert_allclose(course.wait_s / course.offered, wait_s, rtol=1e-10)


def test_nobody_at_work() -> None:
    """Contacts wait until someone comes; those who come when nobody ever will wait for ever."""
    course = transient(Day([60.0, 60.0, 0.0], [0, 30, 0], 60.0, 600.0), 600.0)
    assert course.answered_within[0] == pytest.approx(course.offered[0], rel=1e-9)
    assert course.wait_s[0] == pytest.approx(10.0 * 300.0, rel=1e-9)
    assert course.busy[0] == 0.0
    none = transient(Day([60.0], 0, 60.0, 600.0))
    assert none.wait_s[0] == math.inf
    assert none.answered[0] == none.abandoned[0] == 0.0
    gone = transient(Day([60.0], 0, 60.0, 600.0, 50.0), 20.0)
    assert gone.abandoned[0] == pytest.approx(10.0, rel=1e-12)
    assert gone.abandoned_within[0] == pytest.approx(10.0 * (1.0 - math.exp(-0.4)), rel=1e-10)


def test_three_times_the_load_all_day() -> None:
    """The queue grows as a fluid does; what waits at the end is served."""
    course = transient(Day(np.full(8, 900.0), 15, 180.0))
    ends = (900.0 - 300.0) * 0.5 * np.arange(1, 9)
    np.testing.assert_allclose(course.queue_end, ends - 15.0, rtol=0.02)
    np.testing.assert_allclose(course.answered, 450.0, rtol=1e-10)


def test_cut_at_the_end() -> None:
    """Without draining, who waits at the end is neither answered nor abandoned."""
    day = Day([300.0, 300.0], 10, 180.0, 900.0, 400.0)
    cut, drained = transient(day, drain=False), transient(day)
    still = cut.offered - cut.answered - cut.abandoned
    assert still.sum() == pytest.approx(cut.queue_end[-1], rel=1e-10)
    np.testing.assert_allclose(cut.queue, drained.queue, rtol=1e-12)
    assert (cut.answered_within[-1] < drained.answered_within[-1]).all()


def test_many_days_and_starts() -> None:
    """Days side by side; and a start with three contacts waiting for one agent who stays."""
    rates = np.array([[30.0, 90.0], [60.0, 10.0]])
    both = transient(Day(rates, [[2, 3], [3, 1]], 120.0, 900.0, 80.0))
    for k in range(2):
        one = transient(Day(rates[k], [[2, 3], [3, 1]][k], 120.0, 900.0, 80.0))
        for column, single in zip(both, one, strict=True):
            np.testing.assert_array_equal(column[k], single)
    started = transient(Day([0.0], 1, 60.0, 1e5), start=[0.0, 0.0, 0.0, 0.0, 1.0])
    assert started.queue[0] * 1e5 == pytest.approx(60.0 * (1 + 2 + 3), rel=1e-10)
    assert started.answered[0] == 0.0


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"per_hour": [-1.0]}, "per_hour: -1 is not allowed"),
        ({"per_hour": 20.0, "agents": 2}, "at least one interval"),
        ({"agents": [1.5]}, "give whole numbers"),
        ({"handle_s": 0.0}, "handle_s: 0 is not allowed"),
        ({"patience_s": math.nan}, "patience_s: nan is not allowed"),
        ({"interval_s": 0.0}, "interval_s: 0 is not allowed"),
        ({"places": -1.0}, "places: -1 is not allowed"),
        ({"balk": 1.2}, "balk: 1.2 is not allowed"),
    ],
)
def test_bad_days(change: dict[str, Any], says: str) -> None:
    given: dict[str, Any] = {"per_hour": [20.0], "agents": [2], "handle_s": 60.0, **change}
    with pytest.raises(ValueError, match=says):
        transient(Day(**given))


@pytest.mark.parametrize(
    ("start", "says"),
    [("full", "'full' is not known"), ([0.4, 0.4], "adds up to 1"), ("steady", "no steady state")],
)
def test_bad_starts(start: Any, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        transient(Day([200.0], [2], 60.0), start=start)


def test_bad_definitions() -> None:
    course = transient(Day([20.0], [2], 60.0))
    with pytest.raises(ValueError, match="'best' is not known; give one of answered_plus"):
        course.service_level("best")
    with pytest.raises(ValueError, match="needs the course with the short limit"):
        course.service_level("short_abandon_credit")
