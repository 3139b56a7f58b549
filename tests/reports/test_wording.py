import math

import pytest

from reports.figures import NONE, Figure
from reports.template import unbroken
from reports.wording import (
    Words,
    duration_text,
    isolated,
    money_text,
    number_text,
    plain,
    say,
    share_text,
    signed_text,
)


def figure(mean: float, half: float, unit: str) -> Figure:
    return Figure(mean, mean - half, mean + half, unit)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.0, "0 s"),
        (8.74, "8.7 s"),
        (20.0, "20 s"),
        (59.94, "59.9 s"),
        (59.96, "1 min"),
        (80.0, "1 min 20 s"),
        (3599.4, "59 min 59 s"),
        (3599.6, "1 h"),
        (11_340.0, "3 h 9 min"),
        (86_400.0, "24 h"),
        (2 * 86_400.0 - 1, "2 days"),
        (183_600.0, "2 days 3 h"),
    ],
)
def test_durations_read_as_people_say_them(seconds: float, text: str) -> None:
    assert duration_text(seconds) == text


@pytest.mark.parametrize(
    ("shown", "text"),
    [
        (figure(0.824, 0.006, "share"), "82.4 % ± 0.6"),
        (figure(0.9999, 0.00004, "share"), "100.0 % ± 0.1"),  # a margin is never rounded away
        (figure(0.0, 0.0, "share"), "0.0 % ± 0"),
        (figure(51_159.2, 158.3, "contacts"), "51,159 ± 158"),
        (figure(100.4, 2.36, "contacts"), "100.4 ± 2.4"),
        (figure(6.6, 0.27, "contacts"), "6.60 ± 0.27"),
        (figure(8.0, 0.0, "agents"), "8 ± 0"),
        (figure(9.7, 0.44, "s"), "9.7 s ± 0.4 s"),
        (figure(80.2, 3.1, "s"), "1 min 20 s ± 3.1 s"),
        (figure(11_340.0, 612.0, "s"), "3 h 9 min ± 10 min"),
        (figure(240.0, 0.4, "h"), "240.0 h ± 0.4"),
        (figure(600_414.3, 52.2, "USD"), "$600,414 ± 52"),
        (figure(12.5, 0.25, "CHF"), "CHF 12.50 ± 0.25"),
        (figure(3.0, 0.004, ""), "3.00 ± 0.01"),
        (NONE, "–"),
    ],
)
def test_a_figure_carries_its_unit_and_its_margin(shown: Figure, text: str) -> None:
    assert str(say(shown)) == text


def test_a_figure_without_an_interval_says_so_or_keeps_quiet() -> None:
    alone = Figure(0.82, math.nan, math.nan, "share")
    assert say(alone) == Words("82.0 %", "no interval")
    assert say(alone, tell_missing=False) == Words("82.0 %")
    assert str(say(Figure(9.0, math.nan, math.nan, "contacts"), False)) == "9"


def test_the_margin_is_that_of_the_end_that_was_not_cut() -> None:
    assert Figure(0.99, 0.96, 1.0, "share").half == pytest.approx(0.03)


def test_plain_numbers() -> None:
    assert [plain(80.0), plain(82.5), plain(1234.0)] == ["80", "82.5", "1,234"]
    assert share_text(0.825) == "82.5 %"
    assert money_text(24.0, "USD") == "$24.00"
    assert money_text(-0.001, "EUR") == "€0.00"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain, 80 %", "plain, 80 %"),
        ("Über – 20 s", "Über – 20 s"),
        ("abc\u202edef", "abc\\u202edef"),
        ("a\x1b[31mb\x00", "a\\u001b[31mb\\u0000"),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
        ("שלום 82.4 %", "\u2068שלום\u2069 82.4 %"),
        ("a שלום עולם b עוד", "a \u2068שלום עולם\u2069 b \u2068עוד\u2069"),
    ],
)
def test_text_from_right_to_left_is_isolated(text: str, shown: str) -> None:
    assert isolated(text) == shown


def test_losses() -> None:
    assert money_text(-228.571, "EUR") == "−€228.57"
    assert money_text(-1228.571, "CHF") == "CHF −1,229"
    assert number_text(-0.04, 1) == "0.0"
    assert [signed_text(value, 1) for value in (-4.0, 0.04, -0.04, 1.5)] == ["−4.0", "0.0", "0.0", "+1.5"]
    assert unbroken("−€228.57") == "−\u2060€228.57"
