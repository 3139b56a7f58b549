import math

import pytest

from reports.figures import Figure, Figures
from reports.targets import (
    Attainment,
    Verdict,
    answer,
    attainments,
    goal_words,
    missed,
    standing,
    target_text,
    verdict,
)
from scenarios import Scenario
from scenarios.model import Target
from scenarios.targets import Goal
from sim.experiment import Result

LEVEL = Figure(0.85, 0.84, 0.86, "share")


def attained(queue: str, mean: float, half: float) -> Attainment:
    goal = Goal("service_level", "queue", queue, ">=", 0.8, "share")
    share = Figure(mean, mean - half, mean + half, "share")
    return Attainment(goal, queue, LEVEL, share, verdict(share, goal.probability), ())


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
    assert verdict(Figure(mean, low, high, "share"), 0.8) is expected


MET, CLOSE, MISSED = attained("a", 0.85, 0.01), attained("b", 0.80, 0.01), attained("c", 0.70, 0.01)


@pytest.mark.parametrize(
    ("found", "start"),
    [
        ([], "There is no target, or nothing to judge one by."),
        (
            [MET],
            "The target is met: a each week "
            "(held in 85.0 % of weeks, 80 % wanted; over the horizon 85.0 % ± 1.0).",
        ),
        ([MISSED], "The target is missed: c each week (held in 70.0 % of weeks"),
        ([CLOSE], "The target is too close to call: b"),
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


def test_a_target_without_periods_to_judge_it_by_is_not_judged(result: Result) -> None:
    table = result.attainment.copy()
    table.loc[table["name"] == "mail", ["attained", "low", "high"]] = math.nan
    found = attainments(result.scenario, table, Figures({}))
    assert [each.goal.name for each in found] == ["phone"]


def test_one_replication_is_a_bare_comparison_and_says_so(without_interval: Result) -> None:
    found = attainments(without_interval.scenario, without_interval.attainment, Figures({}))
    assert [each.verdict for each in found] == [Verdict.MET, Verdict.MISSED]
    assert answer(found).endswith("From one replication: another seed may differ.")


def test_a_result_that_misses_a_target(result: Result) -> None:
    assert missed(result)
    assert not missed(result._replace(attainment=result.attainment[:1]))


@pytest.mark.parametrize(
    ("goal", "words"),
    [
        (Goal("service_level", "queue", "mail", ">=", 0.8, "share"), "mail service level ≥ 80 % in 4 h"),
        (Goal("service_level", "stream", "calls", ">=", 0.9, "share"), "calls service level ≥ 90 % in 20 s"),
        (Goal("service_level", "all", "all", ">=", 0.9, "share"), "service level ≥ 90 %"),
        (Goal("wait_p90", "queue", "phone", "<=", 60.0, "s"), "phone wait p90 ≤ 60 s"),
        (Goal("asa", "all", "all", "<=", 180.0, "s"), "ASA ≤ 3 min"),
        (Goal("people_cost", "all", "all", "<=", 600_000.0, "USD"), "people cost ≤ $600,000"),
        (Goal("people_cost", "group", "callers", "<=", 9000.0, "SEK"), "callers people cost ≤ SEK 9,000"),
        (Goal("offered", "queue", "phone", ">=", 100.0, "contacts"), "phone offered ≥ 100"),
        (Goal("time_idle", "group", "callers", "<=", 7.5, "h"), "callers time idle ≤ 7.5 h"),
    ],
)
def test_a_target_in_words(scenario: Scenario, goal: Goal, words: str) -> None:
    assert goal_words(goal, scenario) == words


def test_short_targets_stay_in_seconds() -> None:
    assert target_text(Target(0.9, 60.0)) == "90 % in 60 s"
    assert target_text(Target(0.955, 14_400.0)) == "95.5 % in 4 h"


def test_what_no_definition_counts_is_told_with_the_verdict(result: Result) -> None:
    """Two thirds passed on: 100 % of the others is no service level of all."""
    exact = {"offered": 300.0, "overflowed": 200.0, "blocked": 2.9, "closed": 3.0, "service_level": 1.0}
    figures = Figures({(m, "queue", "phone"): Figure(x, x, x, "contacts") for m, x in exact.items()})
    found = attainments(result.scenario, result.attainment, figures)[0]
    assert found.left_out == ("67 % passed on", "1 % came while closed")
    assert "; not counted: 67 % passed on, 1 % came while closed)" in answer([found])
