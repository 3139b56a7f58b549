import math

import pytest

from reports.shown_wording import amount, cell, digits, interval, name_words

NAN = math.nan


@pytest.mark.parametrize(
    ("value", "unit", "low", "high", "words", "between"),
    [
        (262.4, "s", 259.6, 265.2, "262 s", "260 to 265 s"),
        (8.72, "s", 8.61, 8.83, "8.72 s", "8.61 to 8.83 s"),
        (262.4, "s", 262.1, 262.7, "262.4 s", "262.1 to 262.7 s"),
        (1130.0, "s", 1094.0, 1167.0, "18.8 min", "18.2 to 19.4 min"),
        (4 * 3600.0, "s", 3 * 3600.0, 5 * 3600.0, "4.0 h", "3.0 to 5.0 h"),
        (5 * 86_400.0, "s", NAN, NAN, "5 days", ""),
        (0.0824, "share", 0.0731, 0.0917, "8.2 %", "7.3 to 9.2 %"),
        (0.112, "", 0.083, 0.151, "0.11", "0.08 to 0.15"),
        (-0.004, "a week", -0.019, 0.011, "−0.004 a week", "−0.019 to 0.011 a week"),
        (12_345.6, "contacts", 12_000.0, 12_700.0, "12,346 contacts", "12,000 to 12,700 contacts"),
        (NAN, "s", NAN, NAN, "–", ""),
        (math.inf, "", 2.0, math.inf, "∞", "2 to ∞"),
        ("lognormal", "", NAN, NAN, "lognormal", ""),
        (0.5, "", 0.5, 0.5, "0.5", "0.5 to 0.5"),
    ],
)
def test_a_number_is_written_to_the_places_of_its_interval(
    value: float | str, unit: str, low: float, high: float, words: str, between: str
) -> None:
    assert amount(value, unit, low, high) == words
    assert interval(value, unit, low, high) == between


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.0, "0"),
        (0.00117, "0.00117"),
        (25.34, "25.3"),
        (999.4, "999"),
        (999.9, "1,000"),
        (1_234_567.0, "1,234,567"),
        (-0.25, "−0.25"),
        (3.2e-9, "3.2e−09"),
    ],
)
def test_pure_numbers_have_three_digits(value: float, words: str) -> None:
    assert digits(value) == words


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (27_310, "contacts", "27,310"),
        (31, "agents", "31"),
        (1999, "", "1,999"),
        (-5, "", "−5"),
        (401.7, "s", "402 s"),
        (30, "s", "30 s"),
        (None, "s", "–"),
        ("Orders", "s", "Orders"),
    ],
)
def test_cells_leave_contacts_and_agents_to_their_heads(
    value: float | str | None, unit: str, words: str
) -> None:
    assert cell(value, unit) == words


@pytest.mark.parametrize(
    ("name", "unit", "words"),
    [
        ("p90_fitted_s", "", ("P90 fitted", "s")),
        ("rest_cv", "", ("rest CV", "")),
        ("mean", "s", ("mean", "s")),
        ("Mean of all_s", "", ("Mean of all_s", "")),
        ("spike_share", "share", ("spike share", "share")),
        ("", "", ("", "")),
    ],
)
def test_names_of_code_become_words(name: str, unit: str, words: tuple[str, str]) -> None:
    assert name_words(name, unit) == words
