"""A plan in words and as rows, from figures that are given."""

import json
import math
from collections.abc import Sequence
from typing import Any

import pytest

from reports.day_targets import asked_words, effect_words, probability_text, range_text
from reports.plan_card import from_least, missed, plan_card
from reports.plan_tables import plan_json, replications_frame, target_rows
from reports.targets import Verdict
from sim.checkpoints import window_of
from sim.roadmap.contributions import Contribution, Part
from sim.roadmap.plan import PlanResult, key_of, plan_result
from sim.roadmap.sensitivity import Sensitivity, Swing
from sim.roadmap.standing import NOT_YET, RED, Effect, Spread, Standing, interval
from sim.roadmap.versions import LOOP, baseline_of
from tests.roadmap.followed import NONE, followed
from tests.roadmap.planned import roadmap, team

LEVEL = "phone service level >= 80% by day 7"
HIGH, LOW = [0.9] * 5, [0.5] * 5
HALF = [0.9, 0.9, 0.9, 0.5, 0.5]
NOTHING = [NONE] * 5


def plan_of(*lines: tuple[str, Sequence[float], Sequence[float]], **keys: Any) -> PlanResult:
    """A plan with these targets by day, each with its values by replication, with and without the plan."""
    scenario = team(roadmap=roadmap(targets=[line for line, *_ in lines], **keys))
    assert scenario.roadmap
    places = [
        (key_of(goal), window_of(goal.day, scenario.roadmap.window_days)) for goal in scenario.roadmap.targets
    ]
    values = {place: each for place, (_, each, _) in zip(places, lines, strict=True)}
    nothing = {place: each for place, (_, _, each) in zip(places, lines, strict=True)}
    with_plan, without = (
        followed(scenario, values),
        followed(baseline_of(scenario), nothing, scenario),
    )
    return plan_result(with_plan, without, 3)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (LEVEL, "phone service level ≥ 80 % in 20 s"),
        (
            "phone service level +5 points vs baseline by day 7",
            "phone service level ≥ 55.0 % in 20 s (+5 points)",
        ),
        ("CSAT +2.5 points vs baseline by day 7", "CSAT ≥ 52.5 % (+2.5 points)"),
        ("avoidable share -15% vs baseline by day 7", "avoidable share ≤ 42.5 % (−15 %)"),
        ("avoidable share <= +0% vs baseline by day 7", "avoidable share ≤ 50.0 % (0 %)"),
    ],
)
def test_what_is_asked_in_words(line: str, words: str) -> None:
    found = plan_of((line, HIGH, LOW))
    assert asked_words(found.targets[0], found.scenario) == words


def test_a_change_from_what_is_not_known_is_told_as_one() -> None:
    found = plan_of(("avoidable share -15% vs baseline by day 7", HIGH, NOTHING))
    assert asked_words(found.targets[0], found.scenario) == "avoidable share −15 % against the baseline"


@pytest.mark.parametrize(
    ("values", "words", "standing"),
    [
        ([HIGH], "The plan is likely to meet its target.", Verdict.MET),
        ([HIGH, HIGH], "The plan is likely to meet both targets.", Verdict.MET),
        ([HIGH, HIGH, HIGH], "The plan is likely to meet all 3 targets.", Verdict.MET),
        ([HALF], "The plan may well miss its target. At risk: {0} by day 7 (60 %).", Verdict.OPEN),
        (
            [HIGH, HALF, LOW],
            "The plan is likely to meet 1 of 3 targets. At risk: {1} by day 14 (60 %). "
            "Unlikely: {2} by day 21 (0 %).",
            Verdict.MISSED,
        ),
        (
            [LOW, LOW],
            "The plan is likely to meet none of 2 targets. "
            "Unlikely: {0} by day 7 (0 %); {1} by day 14 (0 %).",
            Verdict.MISSED,
        ),
        (
            [HIGH, NOTHING],
            "The plan is likely to meet its target. Not measurable yet: {1} by day 14.",
            Verdict.MET,
        ),
        ([NOTHING], "No target can be measured yet.", None),
    ],
)
def test_one_line_of_verdict(values: list[list[float]], words: str, standing: Verdict | None) -> None:
    targets = [f"phone service level >= 80% by day {7 * n + 7}" for n in range(len(values))]
    found = plan_of(*((line, each, each) for line, each in zip(targets, values, strict=True)))
    card = plan_card(found)
    level = "phone service level ≥ 80 % in 20 s"
    assert (card.answer, card.standing) == (words.format(level, level, level), standing)
    assert missed(found) == (standing is Verdict.MISSED)


def test_the_table_says_where_the_plan_stands_and_what_nothing_comes_to() -> None:
    """In 64ths, which are exact: the plan adds four to each replication. P10 of five is the first of them."""
    values = [each / 64 for each in (56, 53, 44, 53, 49)]
    found = plan_of((LEVEL, values, [value - 4 / 64 for value in values]))
    stands, nothing = plan_card(found).blocks
    assert [str(cell.words) for cell in stands.rows[0].cells] == [
        *("7", "amber", "60 % (15–95)", "82.8 %", "68.8–87.5 %"),
    ]
    assert [cell.verdict for cell in stands.rows[0].cells[1:3]] == [Verdict.OPEN, Verdict.OPEN]
    assert [str(cell.words) for cell in nothing.rows[0].cells] == [
        *("7", "73.4 %", "20 % (1–72)", "+6.25 points ± 0 *"),
    ]
    assert nothing.rows[0].cells[2].verdict is Verdict.MISSED


def test_what_cannot_be_measured_has_dashes_and_is_explained() -> None:
    card = plan_card(plan_of((LEVEL, NOTHING, NOTHING)))
    assert [str(cell.words) for cell in card.blocks[0].rows[0].cells] == ["7", "not yet", "–", "–", "–"]
    assert any(term.startswith("Not yet = not measurable yet") for term in card.definitions)
    assert not any(term.startswith("Not yet") for term in plan_card(plan_of((LEVEL, HIGH, HIGH))).definitions)


def test_contributions_add_up_on_the_page_and_those_without_a_value_are_left_out() -> None:
    found = plan_of((LEVEL, HIGH, LOW), ("CSAT >= 80% by day 7", NOTHING, NOTHING))
    of_two = (Part("macros", Effect(0.3, 0.01, 5), Effect(0.1, 0.02, 5)),)
    none = Effect(math.nan, math.nan, 0)
    level, csat = found.followed.keys
    effects = Effect(0.3, 0.01, 5), Effect(0.25, 0.01, 5), Effect(0.05, 0.01, 5)
    known = Contribution(level, window_of(7, 7), of_two, *effects)
    unknown = Contribution(csat, window_of(7, 7), (Part("macros", none, none),), none, none, none)
    *_, block = plan_card(found._replace(contributions=(known, unknown))).blocks
    assert block.title == "phone service level, days 1 to 7"
    assert [(row.label, str(row.cells[0].words)) for row in block.rows] == [
        ("macros", "+30.0 points ± 1.0 *"),
        ("sum of separate effects", "+30.0 points ± 1.0 *"),
        ("overlap", "+5.0 points ± 1.0 *"),
        ("all together", "+25.0 points ± 1.0 *"),
    ]


def test_the_terminal_has_the_words_of_the_page() -> None:
    """Names of changes without underscores, the loop as what it is, uncertain numbers by their paths."""
    found = plan_of((LEVEL, HIGH, LOW))
    (level,) = found.followed.keys
    effect = Effect(0.3, 0.01, 5)
    parts = tuple(Part(name, effect, effect) for name in ("new_forms", LOOP))
    moved = Contribution(level, window_of(7, 7), parts, effect, effect, effect)
    names = ("new_forms", "streams.calls.arrivals")
    swings = tuple(Swing(name, -0.1, 0.0, effect, 0.5) for name in names)
    decides = Sensitivity(level, window_of(7, 7), swings)
    *_, deciding, block = plan_card(found._replace(contributions=(moved,), sensitivities=(decides,))).blocks
    assert [row.label for row in block.rows][:2] == ["new forms", "the learning loop"]
    assert [row.label for row in deciding.rows] == [
        "phone service level, days 1 to 7: new forms",
        "calls arrivals",
    ]


def test_what_decides_goes_from_the_least_to_the_most_of_a_change() -> None:
    """Twenty percent less contacts are more than none: what that brings is not to look like harm."""
    down = Effect(-0.1, 0.01, 5)
    scenario = plan_of((LEVEL, HIGH, LOW)).scenario
    change, number = (Swing(name, -0.2, 0.0, down, 0.5) for name in ("macros", "streams.calls.arrivals"))
    assert from_least(scenario, change) == Effect(0.1, 0.01, 5)
    assert from_least(scenario, number) == down
    assert from_least(scenario, change._replace(low=0.0, high=0.2)) == down


def test_what_decides_is_explained_where_it_is_shown() -> None:
    """A swing that may be chance is not shown, and neither is what the table would mean."""
    found = plan_of((LEVEL, HIGH, LOW))
    (level,) = found.followed.keys
    for half, shown in ((0.2, False), (0.01, True)):
        swings = (Swing("macros", -0.1, 0.0, Effect(0.1, half, 5), 0.1),)
        card = plan_card(found._replace(sensitivities=(Sensitivity(level, window_of(7, 7), swings),)))
        assert any(block.title == "What decides" for block in card.blocks) == shown
        assert any(term.startswith("What decides") for term in card.definitions) == shown


def test_a_plan_of_nothing_has_no_table_of_what_levers_bring() -> None:
    found = plan_of((LEVEL, HIGH, HIGH))
    (level,) = found.followed.keys
    nothing = Effect(0.0, 0.0, 5)
    empty = Contribution(level, window_of(7, 7), (), nothing, nothing, nothing)
    card = plan_card(found._replace(contributions=(empty,)))
    assert [block.title for block in card.blocks] == ["Target", "Without the plan"]
    assert "The plan has no levers and no loop: there is nothing that could contribute." in card.definitions
    assert not any(term.startswith("Alone") for term in card.definitions)


def standing(met: int, n: int) -> Standing:
    return Standing(n, n, met, Spread(0.1, 0.2, 0.3), met / n, *interval(met, n), RED)


@pytest.mark.parametrize(
    ("met", "n", "words"),
    [
        (164, 200, "82 % (76–87)"),
        (200, 200, "100 % (98–100)"),
        (199, 200, "99.5 % (97–99.9)"),
        (0, 200, "0 % (0–2)"),
    ],
)
def test_nothing_is_sure_that_is_not(met: int, n: int, words: str) -> None:
    """Wilson: 164 of 200 are 76.1 to 86.7 %; all of 200 are at least 98.2 % by Clopper and Pearson."""
    assert probability_text(standing(met, n)) == words
    assert probability_text(standing(met, n), brief=True) == words.partition(" (")[0]


def test_ranges_write_a_unit_once() -> None:
    (share,) = plan_of((LEVEL, HIGH, HIGH)).targets
    assert range_text(share, Spread(0.71, 0.8, 0.842)) == "71.0–84.2 %"
    wait = share._replace(unit="s", goal=share.goal._replace(measure="asa"))
    assert range_text(wait, Spread(30.0, 60.0, 7320.0)) == "30.0 s – 2 h 2 min"
    money = share._replace(unit="USD", goal=share.goal._replace(measure="cost_per_contact"))
    assert range_text(money, Spread(5.5, 6.0, 6.25)) == "$5.50–$6.25"
    assert range_text(share, Spread(NONE, NONE, NONE)) == "–"


def test_effects_have_a_sign_a_margin_and_a_mark() -> None:
    assert str(effect_words("csat", "share", Effect(0.031, 0.012, 9))) == "+3.1 points ± 1.2 *"
    assert str(effect_words("csat", "share", Effect(-0.001, 0.012, 9))) == "−0.1 points ± 1.2"
    assert str(effect_words("csat", "share", Effect(0.0, 0.0, 9))) == "0 ± 0"
    assert str(effect_words("csat", "share", Effect(0.02, NONE, 1))) == "+2.0 points"


@pytest.mark.parametrize(("with_plan", "without"), [(HIGH, LOW), (LOW, HIGH), (HALF, HIGH)])
def test_rows_tell_the_plan_from_doing_nothing(with_plan: list[float], without: list[float]) -> None:
    found = plan_of((LEVEL, with_plan, without))
    whole = json.loads(plan_json(found))
    (target,), (nothing,) = whole["targets"], whole["baseline"]
    for row, values in ((target, with_plan), (nothing, without)):
        met = sum(value >= 0.8 for value in values)
        low, high = interval(met, 5)
        assert (row["median"], row["probability"]) == (sorted(values)[2], met / 5)
        assert (row["low"], row["high"]) == (low, high)
    assert missed(found) == (with_plan is LOW)
    assert nothing["difference"] == pytest.approx(sum(with_plan) / 5 - sum(without) / 5)


def test_rows_have_no_nan() -> None:
    found = plan_of((LEVEL, NOTHING, HIGH), ("avoidable share -15% vs baseline by day 7", HIGH, NOTHING))
    assert [row["status"] for row in target_rows(found)] == [NOT_YET, NOT_YET]
    whole = json.loads(plan_json(found))
    assert whole["targets"][1]["target"] is None
    assert whole["baseline"][0]["baseline"] == 0.9
    assert whole["baseline"][1]["difference"] is None
    assert [row["n"] for row in whole["baseline"]] == [5, 0]


def test_trends_have_the_week_and_of_which_version_they_are() -> None:
    rows = json.loads(plan_json(plan_of((LEVEL, HIGH, LOW))))["trends"]
    assert [(row["of"], row["week"], row["median"]) for row in rows] == [
        *(("plan", "2026-03-02", 0.9), ("plan", "2026-03-09", None), ("plan", "2026-03-16", None)),
        *(
            ("baseline", "2026-03-02", 0.5),
            ("baseline", "2026-03-09", None),
            ("baseline", "2026-03-16", None),
        ),
    ]


def test_replications_are_kept_one_by_one() -> None:
    """Two versions, five replications, one measure, three weeks; the first is the target's window."""
    frame = replications_frame(plan_of((LEVEL, HALF, LOW)))
    assert len(frame) == 2 * 5 * 1 * 3
    first = frame[(frame["first_day"] == 1) & (frame["last_day"] == 7)]
    assert first["above"].tolist() == [*HALF, *LOW]
    assert first["of"].tolist() == ["plan"] * 5 + ["baseline"] * 5
    assert set(frame[frame["first_day"] > 1]["below"]) == {0.0}
