"""Days, hours and profiles of a standard week."""

from collections.abc import Callable

import pytest

from scenarios import week
from scenarios.problems import ReadingError
from scenarios.week import Grid, Step

H = 3600


def heads(value: object, _seconds: int) -> float:
    """Take a number for what it is."""
    assert isinstance(value, int | float)
    return float(value)


GRID = Grid(heads, 1800)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mon", (0,)),
        ("Monday", (0,)),
        ("mon-fri", (0, 1, 2, 3, 4)),
        ("mon, wed-fri", (0, 2, 3, 4)),
        ("sat-mon", (0, 5, 6)),
        ("daily", (0, 1, 2, 3, 4, 5, 6)),
    ],
)
def test_weekdays(text: str, expected: tuple[int, ...]) -> None:
    assert week.weekdays(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("08:00-20:00", (8 * H, 20 * H)),
        ("8:30 - 17:00", (8 * H + 1800, 17 * H)),
        ("22:00-06:00", (22 * H, 30 * H)),
        ("20:00-24:00", (20 * H, 24 * H)),
        ("20:00-00:00", (20 * H, 24 * H)),
        ("08:00\u201320:00", (8 * H, 20 * H)),
        ("08:00:15-08:00:45", (8 * H + 15, 8 * H + 45)),
    ],
)
def test_windows(text: str, expected: tuple[int, int]) -> None:
    assert week.window(text) == expected


@pytest.mark.parametrize(
    ("read", "text", "words"),
    [
        (week.weekdays, "mon-fry", "did you mean 'fri'"),
        (week.weekdays, "mon, mon", "twice"),
        (week.weekdays, "", "is not a day"),
        (week.weekdays, 1, "is not a day"),
        (week.window, "8-17", "is not a time of day"),
        (week.window, "08:00-08:00", "no time at all"),
        (week.window, "24:00-08:00", "no time at all"),
        (week.window, "08:00-24:30", "the last is 24:00"),
        (week.window, "08:60-09:00", "is not a time of day"),
        (week.window, "08:00", "is not a time window"),
        (week.window, 8, "is not a time window"),
        (week.opening_hours, {}, "open at no time"),
        (week.opening_hours, 5, "is not opening hours"),
        (week.opening_hours, {"mon-fri": "08:00-12:00", "wed": "13:00-14:00"}, "already"),
        (week.opening_hours, {"mon": ["08:00-12:00", "11:00-14:00"]}, "overlap"),
        (week.opening_hours, {"mon": "20:00-06:00", "tue": "05:00-08:00"}, "overlap"),
    ],
)
def test_refuses(read: Callable[[object], object], text: object, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        read(text)


def test_a_window_across_midnight_ends_on_the_next_weekday() -> None:
    steps = week.opening_hours({"sun": "22:00-06:00"})
    assert steps == (Step(0, 0, 6 * H, 1.0), Step(6, 22 * H, 24 * H, 1.0))


def test_hours_that_touch_are_one() -> None:
    assert week.opening_hours({"tue": ["08:00-12:00", "12:00-17:00"]}) == (Step(1, 8 * H, 17 * H, 1.0),)


def test_round_the_clock_is_the_same_however_written() -> None:
    assert week.opening_hours("24x7") == week.opening_hours({"daily": "00:00-24:00"}) == week.all_week(1.0)


def test_a_profile_of_lists() -> None:
    steps = week.profile({"from": "08:00", "step": "60 min", "mon": [4, 6], "sat": [1]}, GRID)
    assert steps == (
        Step(0, 8 * H, 9 * H, 4.0),
        Step(0, 9 * H, 10 * H, 6.0),
        Step(5, 8 * H, 9 * H, 1.0),
    )


def test_a_profile_of_windows_holds_every_day() -> None:
    steps = week.profile({"08:00-12:00": 5, "12:00-20:00": 4}, GRID)
    assert len(steps) == 14
    assert steps[:2] == (Step(0, 8 * H, 12 * H, 5.0), Step(0, 12 * H, 20 * H, 4.0))


def test_a_profile_may_mix_windows_lists_and_numbers() -> None:
    steps = week.profile({"from": "23:30", "mon": [1, 2], "wed": {"22:00-02:00": 3}, "sat": 4}, GRID)
    assert steps == (
        Step(0, 23 * H + 1800, 24 * H, 1.0),
        Step(1, 0, 1800, 2.0),
        Step(2, 22 * H, 24 * H, 3.0),
        Step(3, 0, 2 * H, 3.0),
        Step(5, 0, 24 * H, 4.0),
    )


def test_a_list_of_a_whole_day_needs_no_start() -> None:
    steps = week.profile({"sun": list(range(48))}, GRID)
    assert steps[-1] == Step(6, 84600, 86400, 47.0)


@pytest.mark.parametrize(
    ("raw", "place", "words"),
    [
        ({}, (), "says nothing"),
        ({"mon": [1, 2]}, ("mon",), 'add from: "08:00"'),
        ({"from": "08:00", "mon": []}, ("mon",), "empty list"),
        ({"from": "08:00", "mon": [1] * 49}, ("mon",), "more than a day"),
        ({"from": "8", "mon": [1]}, ("from",), "is not a time of day"),
        ({"from": "08:00", "step": "7 min", "mon": [1]}, ("step",), "does not divide a day"),
        ({"from": "08:00", "step": 30, "mon": [1]}, ("step",), "has no unit"),
        ({"from": "08:00", "step": "30 s", "mon": [1]}, ("step",), "outside"),
        ({"mon": {"8-9": 1}}, ("mon", "8-9"), "is not a time of day"),
        ({"08:00-12:00": 1, "12:00-12:00": 2}, ("12:00-12:00",), "no time at all"),
    ],
)
def test_a_wrong_profile_is_told_at_its_place(
    raw: dict[str, object], place: tuple[str, ...], words: str
) -> None:
    with pytest.raises(ReadingError, match=words) as caught:
        week.profile(raw, GRID)
    assert place in [finding.place for finding in caught.value.found]
