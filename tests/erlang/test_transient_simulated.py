"""The exact course of a day against its simulation, by z-scores.

Of some 110 figures with |z| <= 4, one in 140 suites of right programs would fail (each with a probability
of 6e-5).
"""

from typing import Any, Final

import numpy as np

from sim.erlang.day import Day
from sim.erlang.transient import transient
from tests.theory.days import Per, by_interval, day_setup, label, one_line, profile
from tests.theory.figures import judge

RATES: Final = [150.0, 300.0, 420.0, 360.0, 420.0, 120.0, 240.0, 60.0]  # an hour
STAFF: Final[list[Any]] = [6, 12, 16, 10, 22, 9, 9, 3]  # falls by more than are idle, twice
STEP: Final = 15  # minutes
CONTACTS: Final = 150_000
LIMIT: Final = 4.0


def test_simulated_day() -> None:
    """Staff up and down, ten waiting places, balking; every count of every interval."""
    day = Day(RATES, STAFF, 170.0, 60.0 * STEP, 110.0, 10, 0.08)
    course = transient(day, 25.0)
    first = 1440 - STEP * len(RATES)
    spec = one_line(
        {"interval": f"{STEP} min"},
        {"by_interval": profile(first, STEP, RATES, per="hour")},
        profile(first, STEP, STAFF),
        {"exponential": "170 s"},
        {
            "patience": {"exponential": "110 s", "balk": "8%"},
            "capacity": 10,
            "target": "80% in 25 s",
            "service_level": "exclude_abandoned_within",
        },
    )
    taken = course.offered - course.blocked
    outputs = {
        "blocked": course.blocked,
        "refused": course.blocked / course.offered,
        "delayed": course.delayed / taken,
        "level": course.service_level("exclude_abandoned_within"),
        "lost": course.abandoned / course.offered,
        "wait_s": course.wait_s / taken,
        "answered": course.answered,
        "queue": course.queue,
        "busy": course.busy,
    }
    pers = [
        Per("blocked", "blocked", "line", 1.0, "refused"),
        Per("delayed", "delayed", "line", 1.0, "delayed"),
        Per("level", "service_level", "line", 1.0, "level"),
        Per("lost", "abandonment", "line", 1.0, "lost"),
        Per("wait_s", "mean_wait", "line", 1.0, "delayed"),
        Per("answered", "handled", "line"),
        Per("queue", "mean_queue", "line", 1.0, "delayed"),
        Per("busy", "time_working", "team", 60.0 / STEP),
    ]
    labels = [label(first + i * STEP) for i in range(len(RATES))]
    lists = {name: list(np.asarray(column, float)) for name, column in outputs.items()}
    figures = [figure for per in pers for figure in by_interval(per, lists, labels)]
    found = judge(day_setup("transient", spec, figures, CONTACTS, float(course.offered.sum())))
    scores = {each.figure: each.z for each in found.figures if each.z is not None}
    assert len(scores) >= len(figures) - len(RATES) + 1  # in most intervals hardly anybody is blocked
    assert {name: z for name, z in scores.items() if abs(z) > LIMIT} == {}
