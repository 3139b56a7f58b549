"""The tables of a business case: savings, bridge, what decides, service."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from reports.blocks import Block, Row
from reports.finance.cost_blocks import signed
from reports.finance.envelope import Bridge
from reports.finance.results import Case, Held
from reports.finance.words import (
    HOLDS_WORDS,
    INPUT_WORDS,
    STEP_WORDS,
    break_words,
    exact_money,
    people_text,
    row_of,
    swing_words,
    whole_money,
)
from reports.wording import duration_text, number_text, places_of, plain, share_text

CASE: Final = "The business case"
_STEEP: Final = Decimal(10)  # a yearly rate beyond which its size says nothing


def savings_block(case: Case) -> Block:
    """The three savings and what the case is worth, with service held and with heads held."""
    held, currency = list(case.held.values()), case.model.currency
    first = [sum(each.net[:12], Decimal(0)) for each in held]
    rows = [
        row_of("Capacity: hours a year that are not needed", *(_capacity(each, currency) for each in held)),
        row_of("Avoided: people who need not be hired", *(_avoided(each, currency) for each in held)),
        row_of("Cashable: people gone at the end", *(people_text(each.savings.people) for each in held)),
        row_of(
            "of pay and hiring, first 12 months",
            *(whole_money(e.savings.cash_first_year, currency) for e in held),
        ),
        row_of(
            "of pay and hiring, last 12 months",
            *(whole_money(e.savings.cash_last_year, currency) for e in held),
        ),
        row_of("Net cash, first 12 months", *(whole_money(each, currency) for each in first)),
        row_of(
            f"Net cash, {case.terms.period_months} months",
            *(whole_money(sum(e.net, Decimal(0)), currency) for e in held),
        ),
        row_of("Net present value", *(whole_money(each.npv, currency) for each in held)),
        row_of("Internal rate of return", *(_rate(each) for each in held)),
        row_of("Pays back after", *(_months(each.payback.months) for each in held)),
        row_of("discounted", *(_months(each.discounted.months) for each in held)),
    ]
    rows += [_in_its_column(case, label, words) for label, words in _how_sure(case)]
    if case.revenue is not None:
        told = whole_money(case.revenue.kept + case.revenue.won, currency)
        rows.append(row_of("Revenue, if elasticities hold: not in the case", "", f"{told} a year"))
    return Block(CASE, tuple(HOLDS_WORDS[each.holds] for each in held), tuple(rows))


def _how_sure(case: Case) -> Iterator[tuple[str, str]]:
    """What is told of the headline alone: its ends, its distribution, how probable it is to pay back."""
    spread, currency = case.distribution, case.model.currency
    low, high = (whole_money(each, currency) for each in case.ends)
    people = [number_text(end, 2) for end in (min(case.searches), max(case.searches))]
    p10, p90 = (whole_money(each, currency) for each in (spread.p10, spread.p90))
    if len(case.searches) > 1:
        told = people[0] if people[0] == people[1] else " to ".join(people)
        yield f"People freed, in {len(case.searches)} searches on different chances", told
    yield "All at its least, and most hopeful", f"{low} to {high}"
    yield "P10 to P90 of its value", f"{p10} to {p90}"
    yield "Pays back within the period", f"{share_text(round(spread.pays_back, 3))} of draws"


def _in_its_column(case: Case, label: str, words: str) -> Row:
    """A row with words in the column of what is held fixed."""
    return row_of(label, *(words if name == case.terms.holds else "" for name in case.held))


def _capacity(each: Held, currency: str) -> str:
    return f"{number_text(each.savings.capacity_hours, 0)} h ({whole_money(each.savings.capacity, currency)})"


def _avoided(each: Held, currency: str) -> str:
    return (
        f"{each.savings.not_hired} ({whole_money(each.savings.not_hired_value, currency)} to hire and teach)"
    )


def _rate(each: Held) -> str:
    """The internal rate of return where there is one; else that there is none, or several."""
    rates = each.rates.rates
    if len(rates) != 1:
        return "several" if rates else "none"
    if rates[0] > _STEEP:
        return f"above {share_text(float(_STEEP))} a year"
    return f"{share_text(round(float(rates[0]), 3))} a year"


def _months(months: Decimal | None) -> str:
    return "not within the period" if months is None else f"{plain(round(float(months), 1))} months"


def bridge_block(title: str, bridge: Bridge) -> Block:
    """A bridge: how many are left of what, what they come to, and the difference of each step."""
    rows = []
    for n, step in enumerate(bridge.steps):
        places = 0 if abs(step.quantity) >= 100 or step.quantity == round(step.quantity) else 2
        count = f"{number_text(float(step.quantity), places)} {step.unit}" if step.unit else ""
        change = "" if n == 0 else signed(step.difference, bridge.currency)
        rows.append(row_of(STEP_WORDS[step.name], count, exact_money(step.amount, bridge.currency), change))
    return Block(title, ("left", "amount", "difference"), tuple(rows))


def envelope_block(bridge: Bridge) -> Block:
    """The claim by itself, and both ends of it less what is reinvested."""
    found, spent = bridge_block("The claim by itself", bridge), bridge.reinvested
    if not spent:
        return found
    told, currency = whole_money(spent, bridge.currency), bridge.currency
    more = (
        row_of(f"Claimed, after {told} are reinvested", "", exact_money(bridge.claimed_net, currency), ""),
        row_of(f"What is left, after {told}", "", exact_money(bridge.honest_net, currency), ""),
    )
    return found._replace(rows=(*found.rows, *more))


def tornado_block(case: Case) -> Block:
    currency, shares = case.model.currency, dict(case.distribution.shares)
    rows = [
        row_of(
            f"{INPUT_WORDS[each.name]}{', decides' if each.decides else ''}",
            swing_words(each),
            whole_money(each.at_low, currency),
            whole_money(each.at_high, currency),
            share_text(round(shares.get(each.name, 0.0), 2)),
        )
        for each in case.tornado
    ]
    return Block("What decides", ("P10 to P90", "value at P10", "at P90", "of the spread"), tuple(rows))


def breaks_block(case: Case) -> Block:
    rows = tuple(row_of(INPUT_WORDS[each.name], break_words(each)) for each in case.breaks)
    return Block("Where the case breaks even", ("one input alone",), rows)


def service_block(case: Case) -> Block:
    """Service with the same people: what is bought if nobody leaves."""
    rows = tuple(
        row_of(each.words, *(_figure(value, each.unit) for value in (each.before, each.after)))
        for each in case.service
    )
    return Block("Service if nobody leaves", ("before", "after"), rows)


def _figure(value: float, unit: str) -> str:
    """A value of a measure: a share, a time, a number of something."""
    if unit == "share":
        return share_text(round(value, 3))
    return duration_text(value) if unit == "s" else number_text(value, places_of(value))
