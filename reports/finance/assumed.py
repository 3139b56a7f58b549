"""What a study assumes, as tables: cost lines as price × quantity, and the terms of the business case."""

from collections.abc import Iterator
from typing import Final

from reports.blocks import Block, Row
from reports.finance.case import CaseModel
from reports.finance.results import Case, Priced
from reports.finance.unsure import P10, P90, quantile
from reports.finance.words import HOLDS_WORDS, INPUT_WORDS, exact_money, input_value, row_of, whole_money
from reports.wording import MISSING, number_text, plain, share_text

_MANY: Final = 100  # of what it takes no decimals


def lines_block(side: Priced) -> Block:
    """Every line of the costs: how it behaves, how much of what, at which price."""
    currency = side.bill.currency
    rows = []
    for line in side.bill.lines:
        told = line.told
        is_priced = bool(told.price) and told.unit != currency  # a contract's bill is no price × quantity
        places = 0 if line.quantity >= _MANY or line.quantity == round(line.quantity) else 2
        count = f"{number_text(line.quantity, places)} {told.unit}" if is_priced else MISSING
        price = f"{plain(round(line.mean_price, 4))} {currency}" if is_priced else MISSING
        rows.append(row_of(told.name, told.behaves, count, price, exact_money(line.total, currency)))
    return Block("Line by line", ("behaves", "quantity", "price of one", "amount"), tuple(rows))


def assumed_block(case: Case) -> Block:
    """The terms of the business case."""
    return Block("What is assumed", ("",), tuple(_terms(case)))


def _terms(case: Case) -> Iterator[Row]:
    model, currency = case.model, case.model.currency
    yield row_of("Held fixed", HOLDS_WORDS[case.terms.holds].lower())
    yield row_of("Period", f"{model.months} months from {model.labels[0]}")
    yield row_of("In force", f"from {model.begins_on}, in full after {plain(model.ramp)} months")
    rates = f"{share_text(model.yearly_rate)} discount, {share_text(model.inflation)} inflation a year"
    yield row_of("Rates", rates)
    for each in model.spent:
        amount = whole_money(each.amount, currency)
        yield row_of(each.name, f"{amount} a month" if each.on is None else f"{amount} once, on {each.on}")
    yield from _people(model)
    for name, given in case.terms.ranges.items():
        ends = [input_value(name, quantile(given, share)) for share in (P10, P90)]
        told = f"{input_value(name, given.expected)} expected, {ends[0]} to {ends[1]} (P10 to P90)"
        yield row_of(INPUT_WORDS[name], told)


def _people(model: CaseModel) -> Iterator[Row]:
    """Groups whose people can leave: how many, who leave by themselves, and what a month of one costs."""
    for each in model.people:
        if each.monthly:
            month = whole_money(each.monthly, model.currency)
            leave = f"{share_text(each.attrition)} leave in a year, {each.flex} by contract"
            yield row_of(each.name, f"{number_text(each.employed, 1)} FTE at {month} a month; {leave}")
