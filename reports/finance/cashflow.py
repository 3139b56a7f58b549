"""Monthly cash flows: net present value, internal rates of return, payback.

Flows are amounts by month, month 0 first: what is paid before anything comes back. Month m is discounted by m
months, at the monthly rate that compounds to the yearly one: (1 + yearly)^(1/12) - 1 (Brealey, Myers and
Allen, "Principles of Corporate Finance", chapter 2: effective annual rates).
"""

import math
from collections.abc import Sequence
from decimal import Context, Decimal, localcontext
from fractions import Fraction
from itertools import accumulate
from typing import Final, NamedTuple

from reports.finance.money import CONTEXT, exact
from reports.finance.polynomial import positive_roots, sign_changes
from reports.wording import number_text, share_text

_SHOWN: Final = Context(prec=28)
_NONE: Final = "There is no internal rate of return"
_ANY: Final = (
    "None of them says whether the case is worth it; its net present value at the discount rate does."
)


class InternalRates(NamedTuple):
    """All yearly rates above -1 at which flows are worth nothing, in order, and what is to be said of them.

    A rate at which the value touches 0 and does not change its sign is one of them.
    """

    rates: tuple[Decimal, ...]
    sentence: str

    @property
    def only(self) -> Decimal | None:
        """The rate where there is one alone."""
        return self.rates[0] if len(self.rates) == 1 else None


class Payback(NamedTuple):
    """When flows have paid for themselves.

    ``months`` is when they add up to 0 for the first time after having been below, the flow of a month taken
    as coming evenly within it (0 where they never are below). ``month`` is the first month from whose end on
    they are never below again. None where there is no such time.
    """

    months: Decimal | None
    month: int | None
    sentence: str

    @property
    def dips(self) -> bool:
        """Whether they are below 0 once more after having paid back."""
        return self.months is not None and (self.month is None or self.month > math.ceil(self.months))


def monthly_factor(yearly_rate: Decimal | float) -> Decimal:
    """What an amount in a month is worth a month before: (1 + yearly rate)^(-1/12), to 60 digits.

    ValueError for a rate of -1 or below.
    """
    rate = exact(yearly_rate)
    if rate <= -1:
        raise ValueError(f"a yearly rate of {share_text(float(rate))} is not above -100 %")
    with localcontext(CONTEXT):
        return (1 + rate) ** (Decimal(-1) / 12)


def discounted(flows: Sequence[Decimal], yearly_rate: Decimal | float) -> tuple[Decimal, ...]:
    """Each flow at its worth in month 0, unrounded (60 digits)."""
    factor = monthly_factor(yearly_rate)
    with localcontext(CONTEXT):
        return tuple(each * factor**m for m, each in enumerate(flows))


def npv(flows: Sequence[Decimal], yearly_rate: Decimal | float) -> Decimal:
    """The net present value: the sum of all flows at their worth in month 0, unrounded (60 digits).

    Month m is discounted by m months, month 0 not at all.
    """
    with localcontext(CONTEXT):
        return sum(discounted(flows, yearly_rate), Decimal(0))


def cumulative(flows: Sequence[Decimal]) -> tuple[Decimal, ...]:
    """What flows have added up to by the end of each month."""
    with localcontext(CONTEXT):
        return tuple(accumulate(flows))


def irr(flows: Sequence[Decimal]) -> InternalRates:
    """All internal rates of return: every real root, found by exact arithmetic; none is chosen by itself."""
    whole = _integers(flows)
    rates = tuple(sorted(_yearly(each) for each in positive_roots(whole)))
    return InternalRates(rates, _said(rates, whole))


def _integers(flows: Sequence[Decimal]) -> list[int]:
    """Flows times what makes them all whole."""
    exactly = [Fraction(each) for each in flows]
    below = math.lcm(*(each.denominator for each in exactly))
    return [int(each * below) for each in exactly]


def _yearly(monthly: Fraction) -> Decimal:
    """The yearly rate of a monthly discount factor: its power of -12, less 1."""
    with localcontext(CONTEXT):
        rate = (Decimal(monthly.denominator) / Decimal(monthly.numerator)) ** 12 - 1
    return _SHOWN.plus(rate)


def _said(rates: tuple[Decimal, ...], flows: Sequence[int]) -> str:
    changes = sign_changes(flows)
    if len(rates) == 1:
        return f"The internal rate of return is {rate_text(rates[0])} a year."
    if rates:
        listed = ", ".join(map(rate_text, rates[:-1]))
        listed = f"{listed} and {rate_text(rates[-1])}"
        return f"There are {len(rates)} internal rates of return: {listed} a year. {_ANY}"
    if changes:
        times = "once" if changes == 1 else f"{changes} times"
        return f"{_NONE}: flows change their sign {times}, but are worth 0 at no rate."
    if not any(flows):
        return f"{_NONE}: there is no cash flow."
    kind = "none costs anything" if max(flows) > 0 else "none brings anything"
    return f"{_NONE}: flows do not change their sign, {kind}."


def rate_text(rate: Decimal) -> str:
    """A rate in percent to a tenth, as large as it may be."""
    return f"{number_text(rate * 100, 1)} %"


def payback(flows: Sequence[Decimal], yearly_rate: Decimal | float = 0) -> Payback:
    """When flows have paid for themselves: simple payback, or discounted at a yearly rate."""
    if not flows:
        raise ValueError("there are no flows; give one a month, month 0 first")
    total = cumulative(discounted(flows, yearly_rate))
    first = _first(total)
    below = [m for m, each in enumerate(total) if each < 0]
    last = below[-1] + 1 if below else 0
    month = last if last < len(total) else None
    return Payback(first, month, _told(total, first, month))


def _first(total: Sequence[Decimal]) -> Decimal | None:
    """The time of the first way up through 0, on straight lines between the ends of months."""
    if min(total) >= 0:
        return Decimal(0)
    for m in range(1, len(total)):
        before, after = total[m - 1], total[m]
        if before < 0 <= after:
            return _SHOWN.plus(CONTEXT.add(m - 1, CONTEXT.divide(before, CONTEXT.subtract(before, after))))
    return None


def _told(total: Sequence[Decimal], first: Decimal | None, month: int | None) -> str:
    if first is None:
        return f"It does not pay back within {_months(len(total))}."
    if month == 0:
        return "It pays back at once: it is never below 0."
    start = f"It pays back after {number_text(first, 1)} months"
    again = next((m for m in range(math.ceil(first), len(total)) if total[m] < 0), None)
    if again is None:
        return f"{start}, in month {month}."
    after = f"{start}, but is below 0 again in month {again}"
    return f"{after}; from month {month} on it stays above." if month else f"{after}, and at the end."


def _months(count: int) -> str:
    return "1 month" if count == 1 else f"{count} months"
