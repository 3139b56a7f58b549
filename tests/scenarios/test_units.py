"""Quantities as people write them."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios import units


@pytest.mark.parametrize(
    ("read", "text", "expected"),
    [
        (units.duration, "20 s", 20.0),
        (units.duration, "20s", 20.0),
        (units.duration, " 1.5 min ", 90.0),
        (units.duration, ".5 h", 1800.0),
        (units.duration, "2 h 30 min", 9000.0),
        (units.duration, "1 day", 86400.0),
        (units.duration, "2 weeks", 1209600.0),
        (units.duration, "250 ms", 0.25),
        (units.duration, "1_000 s", 1000.0),
        (units.duration, "0 s", 0.0),
        (units.share, "40%", 0.4),
        (units.share, " 12.5 % ", 0.125),
        (units.share, 0.4, 0.4),
        (units.share, "0.4", 0.4),
        (units.share, 1, 1.0),
        (units.variation, "90%", 0.9),
        (units.variation, 1.7, 1.7),
        (units.rate, "120 per 30 min", 240.0),
        (units.rate, "100/h", 100.0),
        (units.rate, "100 per hour", 100.0),
        (units.rate, "1680 per week", 10.0),
        (units.rate, "48 per day", 2.0),
        (units.rate, "8760 per year", 1.0),
        (units.rate, "1 per s", 3600.0),
        (units.target, "80% in 20 s", (0.8, 20.0)),
        (units.target, "95% within 4 h", (0.95, 14400.0)),
        (units.points, "0.5 points", 0.005),
        (units.points, "1 point", 0.01),
        (units.money_per_hour, "$24/h", (24.0, "USD")),
        (units.money_per_hour, "24 EUR/h", (24.0, "EUR")),
        (units.money_per_hour, "eur 24 per hour", (24.0, "EUR")),
        (units.money_per_hour, "£19.50/h", (19.5, "GBP")),
        (units.money_per_hour, "24 €/h", (24.0, "EUR")),
        (units.whole, 7, 7),
        (units.number, 7, 7.0),
    ],
)
def test_reads(read: Callable[[object], object], text: object, expected: object) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("read", "text", "words"),
    [
        (units.duration, 20, "20 has no unit; write '20 s'"),
        (units.duration, 1.5, "1.5 has no unit"),
        (units.duration, True, "True is not a duration"),
        (units.duration, "-5 s", "'-5 s' is negative"),
        (units.duration, "5 m", "minutes or months"),
        (units.duration, "5 mins and a bit", "is not a duration"),
        (units.duration, "1,5 min", "decimals take a point"),
        (units.duration, "5 secnds", "'secnds' is not a unit of time"),
        (units.duration, "4 business hours", "business hours are not read here"),
        (units.duration, "1 month", "has no fixed length"),
        (units.duration, "1e999 s", "too large"),
        (units.duration, "101000 days", "outside"),
        (units.duration, "", "is not a duration"),
        (units.duration, [20], "is not a duration"),
        (units.positive_duration, "0 s", "longer than zero"),
        (units.share, "140%", "outside 0% to 100%"),
        (units.share, 40, "for 40 percent write '40%'"),
        (units.share, "-1%", "outside 0% to 100%"),
        (units.share, "many", "is not a share"),
        (units.share, "12,5%", "decimals take a point"),
        (units.share, False, "is not a share"),
        (units.variation, -0.1, "outside"),
        (units.variation, "wide", "coefficient of variation"),
        (units.rate, 120, "write '120 per 30 min'"),
        (units.rate, "120", "is not a rate"),
        (units.rate, "120 per 0 min", "no time at all"),
        (units.rate, "120 per month", "no fixed length"),
        (units.rate, "120,000 per year", "thousands no separator"),
        (units.rate, "-3 per hour", "is not a rate"),
        (units.rate, "1e12 per hour", "more than"),
        (units.target, "80/20", "write '80% in 20 s'"),
        (units.target, "0% in 20 s", "asks for nothing"),
        (units.target, "80% in 20", "is not a duration"),
        (units.target, 80, "is not a target"),
        (units.points, 0.5, "percentage points"),
        (units.points, "0 points", "outside 0 to 50"),
        (units.money_per_hour, 24, "no currency"),
        (units.money_per_hour, "24/h", "is not money"),
        (units.money_per_hour, "$24", "pay for an hour"),
        (units.money_per_hour, "$24/week", "pay for an hour"),
        (units.money_per_hour, "24 EUX/h", "did you mean 'EUR'"),
        (units.money_per_hour, "$-24/h", "is negative"),
        (units.whole, 4.5, "not a whole number"),
        (units.whole, True, "not a whole number"),
        (units.whole, -1, "outside 0"),
        (units.number, "1,5", "decimals take a point"),
        (units.number, -1, "outside 0"),
    ],
)
def test_refuses(read: Callable[[object], object], text: object, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        read(text)


AMOUNTS = st.floats(min_value=1e-6, max_value=1e9, allow_nan=False)


@settings(derandomize=True, max_examples=300)
@given(AMOUNTS)
def test_what_is_written_reads_back_exactly(amount: float) -> None:
    assert units.duration(units.duration_text(amount)) == amount
    assert units.rate(units.rate_text(amount)) == amount
    assert units.share(units.share_text(amount % 1.0)) == amount % 1.0


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.0, "0 s"),
        (20.0, "20 s"),
        (90.0, "1.5 min"),
        (3600.0, "1 h"),
        (86400.0, "1 day"),
        (172800.0, "2 days"),
    ],
)
def test_durations_are_written_with_the_largest_unit(seconds: float, text: str) -> None:
    assert units.duration_text(seconds) == text
