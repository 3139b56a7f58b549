import math

import pytest

from reports.figures import Figure, Figures
from reports.targets import Attainment, Verdict, answer, attainments, standing, target_text, verdict
from scenarios import Scenario
from scenarios.model import Target

TARGET = Target(0.8, 20.0)


def attained(queue: str, mean: float, half: float) -> Attainment:
    figure = Figure(mean, mean - half, mean + half, "share")
    return Attainment(queue, figure, TARGET, verdict(figure, TARGET), ())


@pytest.mark.parametrize(
    ("mean", "low", "high", "expected"),
    [
        (0.81, 0.80, 0.82, Verdict.MET),
        (0.81, 0.79, 0.83, Verdict.OPEN),
        (0.79, 0.77, 0.81, Verdict.OPEN),
        (0.78, 0.77, 0.79, Verdict.MISSED),
        (0.80, math.nan, math.nan, Verdict.MET),
        (0.79, math.nan, math.nan, Verdict.MISSED),
    ],
)
def test_a_target_is_judged_by_the_whole_interval(
    mean: float, low: float, high: float, expected: Verdict
) -> None:
    assert verdict(Figure(mean, low, high, "share"), TARGET) is expected


MET, CLOSE, MISSED = attained("a", 0.85, 0.01), attained("b", 0.80, 0.01), attained("c", 0.70, 0.01)


@pytest.mark.parametrize(
    ("found", "start"),
    [
        ([], "No queue has a service-level target"),
        ([MET], "The service-level target is met: a 85.0 % ± 1.0 (target 80 % in 20 s)."),
        ([MISSED], "The service-level target is missed: c 70.0 %"),
        ([CLOSE], "The service-level target is too close to call: b"),
        ([MET, MET], "Both targets are met: a"),
        ([MET, MET, MISSED], "1 of 3 targets is missed: c"),
        ([MISSED, MISSED, MET], "2 of 3 targets are missed: c"),
        ([MISSED, MISSED, MISSED], "All 3 targets are missed: c"),
        ([MET, CLOSE], "No target is missed for sure. Too close to call: b"),
    ],
)
def test_one_sentence_answers(found: list[Attainment], start: str) -> None:
    assert answer(found).startswith(start)


def test_all_parts_of_a_mixed_answer_are_told() -> None:
    text = answer([MET, CLOSE, MISSED])
    assert text.index("missed: c") < text.index("Too close to call: b") < text.index("Met: a")
    assert standing([MET, CLOSE, MISSED]) is Verdict.MISSED
    assert standing([MET, CLOSE]) is Verdict.OPEN
    assert standing([]) is None


def test_a_queue_without_contacts_is_not_judged(scenario: Scenario) -> None:
    figures = Figures({("service_level", "queue", "phone"): Figure(0.9, 0.8, 1.0, "share")})
    assert [each.queue for each in attainments(scenario, figures)] == ["phone"]


def test_short_targets_stay_in_seconds() -> None:
    assert target_text(Target(0.9, 60.0)) == "90 % in 60 s"
    assert target_text(Target(0.955, 14_400.0)) == "95.5 % in 4 h"


def test_what_no_definition_counts_is_told_with_the_verdict(scenario: Scenario) -> None:
    """Two thirds passed on: 100 % of the others is no service level of all."""
    queue = next(name for name, each in scenario.queues.items() if each.target is not None)
    exact = {"offered": 300.0, "overflowed": 200.0, "blocked": 2.9, "closed": 3.0, "service_level": 1.0}
    figures = Figures({(m, "queue", queue): Figure(x, x, x, "contacts") for m, x in exact.items()})
    (found,) = attainments(scenario, figures)
    assert found.left_out == ("67 % passed on", "1 % came while closed")
    assert "; not counted: 67 % passed on, 1 % came while closed)" in answer([found])
