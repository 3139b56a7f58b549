"""Cash flows: against numpy-financial, by hand, and where there are several internal rates or none."""

import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import numpy_financial as npf
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from reports.finance.cashflow import cumulative, discounted, irr, monthly_factor, npv, payback

AMOUNT = st.integers(-(10**8), 10**8).map(lambda cents: Decimal(cents).scaleb(-2))
FLOWS = st.lists(AMOUNT, min_size=1, max_size=121)
RATE = st.decimals("-0.5", 2, places=4)


def yearly(monthly: str) -> Decimal:
    return (1 + Decimal(monthly)) ** 12 - 1


def amounts(*flows: float) -> list[Decimal]:
    return [Decimal(str(each)) for each in flows]


@settings(derandomize=True, max_examples=200, deadline=None)
@given(FLOWS, RATE)
def test_present_value_is_that_of_numpy_financial(flows: list[Decimal], rate: Decimal) -> None:
    monthly = (1 + float(rate)) ** (1 / 12) - 1
    theirs = npf.npv(monthly, [float(each) for each in flows])
    size = sum(abs(float(each)) for each in discounted(flows, rate))
    assert float(npv(flows, rate)) == pytest.approx(theirs, abs=1e-9 * size + 1e-9)


def test_a_year_compounds_to_its_rate() -> None:
    flows = [Decimal(0)] * 12 + [Decimal(108)]
    assert abs(npv(flows, Decimal("0.08")) - 100) < Decimal("1e-25")
    assert npv(flows, 0) == 108
    assert monthly_factor(Decimal("0.21")) ** 6 == pytest.approx(1 / Decimal("1.1"))
    assert npv([Decimal("-5.05")], 0.08) == Decimal("-5.05")
    with pytest.raises(ValueError, match=r"a yearly rate of -100 % is not above -100 %"):
        npv(flows, -1)


def test_cents_add_up() -> None:
    assert cumulative(amounts(-0.3, 0.1, 0.1, 0.1)) == tuple(amounts(-0.3, -0.2, -0.1, 0))


@settings(derandomize=True, max_examples=300, deadline=None)
@given(st.lists(st.integers(-1000, 1000), min_size=2, max_size=12))
def test_internal_rates_are_those_of_numpy_financial(flows: list[int]) -> None:
    """Theirs is the one nearest to 0, or NaN; ours are all. Roots nearly alike are tested elsewhere."""
    roots = np.roots(flows)
    apart = np.abs(roots[:, None] - roots[None, :]) + np.eye(len(roots))
    assume(apart.min(initial=1.0) > 1e-3)
    found = [
        float((1 + each) ** (Decimal(1) / 12) - 1) for each in irr([Decimal(each) for each in flows]).rates
    ]
    real = [each.real - 1 for each in roots if each.imag == 0 and each.real > 0]
    assert found == pytest.approx(sorted(real), rel=1e-6, abs=1e-9)
    theirs = npf.irr(np.array(flows, float)) if any(flows) else math.nan
    assert (math.nan if not found else min(found, key=abs)) == pytest.approx(theirs, abs=1e-7, nan_ok=True)


@settings(derandomize=True, max_examples=60, deadline=None)
@given(st.integers(1, 10**8), st.lists(st.integers(0, 10**7), min_size=24, max_size=120).filter(any))
def test_one_outlay_has_one_rate(outlay: int, gains: list[int]) -> None:
    flows = [Decimal(each).scaleb(-2) for each in (-outlay, *gains)]
    found = irr(flows)
    assert found.only is not None
    assert found.sentence.startswith("The internal rate of return is ")
    if -0.9 < found.only < 100:
        theirs = npf.irr(np.array(flows, float))
        assert (1 + float(found.only)) ** (1 / 12) - 1 == pytest.approx(theirs, abs=1e-7)


@settings(derandomize=True, max_examples=60, deadline=None)
@given(st.lists(AMOUNT, min_size=2, max_size=40))
def test_at_each_rate_flows_are_worth_nothing(flows: list[Decimal]) -> None:
    for rate in irr(flows).rates:
        if -0.9 < rate < 1000:
            size = sum(map(abs, discounted(flows, rate)))
            assert abs(npv(flows, rate)) <= size * Decimal("1e-20")


def test_two_rates_are_both_told() -> None:
    found = irr(amounts(-1000, 2300, -1320))
    assert [round(each, 20) for each in found.rates] == [yearly("0.1"), yearly("0.2")]
    assert found.only is None
    assert found.sentence == (
        "There are 2 internal rates of return: 213.8 % and 791.6 % a year. None of them says whether the "
        "case is worth it; its net present value at the discount rate does."
    )


def test_rates_by_the_year() -> None:
    """The same two as rates of a year: flows that are twelve months apart."""
    flows = [Decimal(0)] * 25
    flows[0], flows[12], flows[24] = amounts(-1000, 2300, -1320)
    assert [round(each, 20) for each in irr(flows).rates] == amounts(0.1, 0.2)


def test_three_rates() -> None:
    """Of 0, 10 % and 30 % a month: as many as there are changes of sign."""
    found = irr(amounts(-1000, 3400, -3830, 1430))
    assert [round(each, 18) for each in found.rates] == [0, yearly("0.1"), yearly("0.3")]


@pytest.mark.parametrize(
    ("flows", "told"),
    [
        ((0, 0), "there is no cash flow."),
        ((), "there is no cash flow."),
        ((10, 20), "flows do not change their sign, none costs anything."),
        ((-10, 0, -20), "flows do not change their sign, none brings anything."),
        ((1000, -3000, 2500), "flows change their sign 2 times, but are worth 0 at no rate."),
    ],
)
def test_without_a_rate(flows: tuple[float, ...], told: str) -> None:
    found = irr(amounts(*flows))
    assert found.rates == ()
    assert found.sentence == f"There is no internal rate of return: {told}"


def test_a_rate_where_the_value_only_touches_zero() -> None:
    assert [round(each, 20) for each in irr(amounts(-100, 220, -121)).rates] == [yearly("0.1")]


def test_years_of_changing_signs() -> None:
    """121 flows, once a year a cost and the last of them one: two rates, as a fine grid shows."""
    flows = [Decimal(-90_000 if m % 12 == 0 else 7_100 + 37 * m) for m in range(121)]
    rates = irr(flows).rates
    grid = np.linspace(0.5, 1.5, 200_001)
    signs = np.sign(np.polyval([float(each) for each in reversed(flows)], grid))
    assert len(rates) == np.count_nonzero(signs[1:] != signs[:-1]) == 2
    assert all(abs(npv(flows, rate)) < Decimal("1e-12") for rate in rates)


@settings(derandomize=True, max_examples=200, deadline=None)
@given(FLOWS, st.sampled_from([Decimal(0), Decimal("0.08")]))
def test_paid_back_when_all_is_back(flows: list[Decimal], rate: Decimal) -> None:
    total = cumulative(discounted(flows, rate))
    found = payback(flows, rate)
    last = max((m for m, each in enumerate(total) if each < 0), default=-1)
    assert found.month == (last + 1 if last + 1 < len(total) else None)
    crossings = [m for m in range(1, len(total)) if total[m - 1] < 0 <= total[m]]
    if min(total) >= 0:
        assert found.months == found.month == 0
    elif not crossings:
        assert found.months is None
        assert found.month is None
        assert found.sentence == f"It does not pay back within {len(flows)} month{'s' * (len(flows) != 1)}."
    else:
        assert found.months is not None
        assert crossings[0] - 1 < found.months <= crossings[0]
        there = np.interp(float(found.months), range(len(total)), [float(each) for each in total])
        assert there == pytest.approx(0.0, abs=1e-6)
        assert found.dips == (found.month != crossings[0])
        assert found.dips == ("below 0 again" in found.sentence)


def test_payback_by_hand() -> None:
    found = payback(amounts(-100, 40, 40, 40))
    assert (found.months, found.month, found.dips) == (Decimal("2.5"), 3, False)
    assert found.sentence == "It pays back after 2.5 months, in month 3."
    later = payback(amounts(-100, 40, 40, 40), Decimal("0.5"))
    v = Fraction(float(monthly_factor(0.5)))
    assert later.months is not None
    assert float(later.months) == pytest.approx(float(2 + (100 - 40 * v - 40 * v**2) / (40 * v**3)))


def test_payback_to_the_cent() -> None:
    found = payback(amounts(-100, 99.99, 0.01, 0))
    assert found.months == found.month == 2
    assert payback(amounts(-100, 99.99)).month is None


def test_a_later_dip_is_told() -> None:
    found = payback(amounts(-100, 60, 60, -50, 40))
    assert (round(found.months or 0, 6), found.month, found.dips) == (Decimal("1.666667"), 4, True)
    assert found.sentence == (
        "It pays back after 1.7 months, but is below 0 again in month 3; from month 4 on it stays above."
    )
    lost = payback(amounts(-100, 120, -50))
    assert (lost.month, lost.dips) == (None, True)
    assert lost.sentence.endswith("but is below 0 again in month 2, and at the end.")


def test_what_never_costs_pays_back_at_once() -> None:
    assert payback(amounts(0, 5, -5)).sentence == "It pays back at once: it is never below 0."
    with pytest.raises(ValueError, match="there are no flows"):
        payback([])
