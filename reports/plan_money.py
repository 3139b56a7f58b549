"""What hours and contacts cost, as far as a scenario says: by the pay of groups, and refunds by cause."""

from collections.abc import Iterator

from reports.plan_words import listed
from reports.wording import money_text
from scenarios.model import Scenario


def currency_of_money(scenario: Scenario) -> str:
    """The one currency of pay and refunds; nothing where there is none, or several."""
    found = {each for each in _currencies(scenario) if each}
    return found.pop() if len(found) == 1 else ""


def _currencies(scenario: Scenario) -> Iterator[str]:
    yield from (group.pay.currency for group in scenario.groups.values() if group.pay)
    yield from (cause.currency for cause in scenario.causes.values() if cause.refund)


def price_of_hour(scenario: Scenario) -> float | None:
    """What an hour at work costs: the mean over groups that are not on call of their pay, absence paid too.

    So people cost counts hours. None where nobody is paid, or in several currencies.
    """
    groups = [each for each in scenario.groups.values() if not each.on_call]
    paid = [each.pay.amount_per_hour * each.shrinkage.gross_up for each in groups if each.pay]
    return sum(paid) / len(paid) if paid and currency_of_money(scenario) else None


def has_refunds(scenario: Scenario) -> bool:
    """Whether anything is paid back, in a currency that can be added up."""
    return any(each.refund for each in scenario.causes.values()) and bool(currency_of_money(scenario))


def priced_words(scenario: Scenario) -> str:
    """How money comes about, and what has no price."""
    price, unit = price_of_hour(scenario), currency_of_money(scenario)
    told = []
    if price is not None:
        absent = any(each.shrinkage.total for each in scenario.groups.values())
        also = ", with the absence that is paid too (shrinkage)" if absent else ""
        told.append(
            f"an hour costs {money_text(price, unit)}, the mean pay of groups that are not on call{also}"
        )
    if has_refunds(scenario):
        told.append("refunds are the mean of a case of each root cause")
    unpriced = ["an hour (pay of groups)"] if price is None else []
    unpriced += ["a refund (refund of causes)"] if not has_refunds(scenario) else []
    has = f"Money: {'; '.join(told)}." if told else "No money:"
    lacks = f"the scenario gives no price of {listed(unpriced, 'or')}"
    if not unpriced:
        return has
    return f"{has} {lacks[0].upper()}{lacks[1:]}." if told else f"{has} {lacks}."
