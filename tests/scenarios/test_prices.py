"""Prices: what is read, how it is written, how it behaves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenarios.prices import DRIVERS, FIXED, MONTHS_IN, PEOPLE_DRIVERS, Price, price, price_text


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("$80000 per year", Price(80000.0, "USD", months=12)),
        ("$80,000/year", Price(80000.0, "USD", months=12)),
        ("1500 EUR a month", Price(1500.0, "EUR", months=1)),
        ("£9 per quarter", Price(9.0, "GBP", months=3)),
        ("$0.10 per contact", Price(0.1, "USD", "contact")),
        ("$0.02/min", Price(0.02, "USD", "minute")),
        ("EUR 5 per 1_000 deflected contacts", Price(5.0, "EUR", "deflected contact", 1000.0)),
        ("$95 per seat per month", Price(95.0, "USD", "seat", months=1)),
        ("$95 per month per seat", Price(95.0, "USD", "seat", months=1)),
        ("$95 per 10 seats / month", Price(95.0, "USD", "seat", 10.0, 1)),
        ("$20 per fte per year", Price(20.0, "USD", "FTE", months=12)),
        ("$4000 per hire", Price(4000.0, "USD", "hire")),
        ("$0 per late first response", Price(0.0, "USD", "late first response")),
    ],
)
def test_prices_as_they_are_written(text: str, found: Price) -> None:
    assert price(text) == found
    assert price(price_text(found)) == found


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (5, "is not a price"),
        (None, "is not a price"),
        ("", "is not money"),
        ("-$5 per year", "is negative"),
        ("$-5 per year", "is negative"),
        ("5 per year", "is not money"),
        ("$5", "does not say what it is for"),
        ("$5 per", "is nothing that a price may be for"),
        ("$5 per contact per minute", "is for two things at once"),
        ("$5 per month per year", "is for two things at once"),
        ("$5 per seat per month per year", "does not say what it is for"),
        ("$5 per kontact", "did you mean 'contact'"),
        ("$5 per -3 contacts", "is nothing that a price may be for"),
        ("$5 per 0 contacts", "above 0"),
        ("$5 per 9e99 contacts", "not above 1e"),
        ("$5 per FTE", "for how long"),
        ("$5 per hire per month", "is for each hire and for a time"),
        ("$5 per case per month", "is for each case and for a time"),
        ("5,5 EUR per contact", "decimals take a point"),
        ("9e99 EUR per contact", "above 1e"),
    ],
)
def test_what_is_no_price_is_refused(seen: object, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        price(seen)


AMOUNTS = st.floats(0, 1e9)
TIMES = st.sampled_from(sorted(set(MONTHS_IN.values())))


@given(amount=AMOUNTS, months=TIMES)
def test_what_is_for_a_time_reads_back(amount: float, months: int) -> None:
    written = Price(amount, "EUR", FIXED, 1.0, months)
    assert price(price_text(written)) == written
    assert written.behaves == "fixed"


@given(
    amount=AMOUNTS,
    driver=st.sampled_from(list(DRIVERS)),
    each=st.floats(1e-9, 1e9),
    months=TIMES,
)
def test_what_is_for_something_reads_back(amount: float, driver: str, each: float, months: int) -> None:
    written = Price(amount, "EUR", driver, each, months if driver in ("seat", "FTE") else 0)
    assert price(price_text(written)) == written
    assert written.behaves == ("step" if driver in PEOPLE_DRIVERS else "variable")
