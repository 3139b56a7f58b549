"""How money is told: amounts, inputs, periods."""

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from reports.blocks import Cell, Row
from reports.finance.money import cents_text
from reports.finance.results import Case, Priced, Study, Targets
from reports.finance.target_costs import pay_of
from reports.finance.unsure import Break, Swing
from reports.wording import MISSING, Words, money_text, number_text, plain, share_text
from scenarios.business_case import SIMULATED
from scenarios.model import Scenario
from scenarios.targets import Goal, goal_text

if TYPE_CHECKING:
    from sim.headcount.reached import Reached

DIMENSION_WORDS: Final = {
    "channel": "By channel",
    "stream": "By stream",
    "severity": "By severity",
    "tier": "By segment",
    "root_cause": "By root cause",
    "group": "By group",
}
INPUT_WORDS: Final = {
    "effect": "Effect of the change",
    "volume": "Volume",
    "handle_time": "Handle time",
    "pay": "Pay",
    "attrition": "Attrition",
    "once": "Costs paid once",
    "running": "Costs that run",
    "delay_months": "Delay",
}
HOLDS_WORDS: Final = {"service": "Service held", "heads": "Heads held"}
_PLACES: Final = 3  # at which a case breaks even, that are told one by one
STEP_WORDS: Final = {
    "claimed": "Claimed",
    "deflection base": "What it is about",
    "bounce-back": "Less those who come after all",
    "never handled": "Less those never handled",
    "mix": "Those take shorter or longer",
    "average cost used as marginal": "Only what falls with a contact",
    "queue": "People at the same service",
    "whole people": "Whole people",
    "who can leave": "Who can leave in a year",
    "start and ramp": "Start and ramp",
    "other costs that fall": "Other costs that fall",
    "what it costs": "What it costs",
}


def row_of(label: str, *cells: str) -> Row:
    """A row of words."""
    return Row(label, tuple(Cell(Words(each)) for each in cells))


def whole_money(amount: Decimal | float, currency: str) -> str:
    """An amount for people, without cents where it is large."""
    return money_text(float(amount), currency)


def exact_money(amount: Decimal | None, currency: str) -> str:
    """An amount with its cents; a dash where there is none."""
    return MISSING if amount is None else cents_text(amount, currency)


def input_value(name: str, value: float) -> str:
    """A value of an input: a factor in per cent, or months."""
    if name == "delay_months":
        return f"{plain(round(value, 1))} months"
    return share_text(round(value, 3))


def point_words(point: Sequence[float]) -> str:
    """A point of the grid by what differs from what is expected."""
    told = [
        f"{INPUT_WORDS[name].lower()} {input_value(name, x)}"
        for name, x in zip(SIMULATED, point, strict=True)
        if x != 1.0
    ]
    return ", ".join(told) or "all as expected"


def swing_words(each: Swing) -> str:
    """From which value to which."""
    return f"{input_value(each.name, each.low)} to {input_value(each.name, each.high)}"


def break_words(each: Break) -> str:
    """Where a case breaks even, or that it does not."""
    if not each.at:
        low, high = (input_value(each.name, value) for value in each.looked)
        return f"nowhere from {low} to {high}"
    told = list(dict.fromkeys(input_value(each.name, value) for value in each.at))
    if len(told) > _PLACES:
        return f"{len(each.at)} places from {told[0]} to {told[-1]}: near sizes differ by chance"
    return " and ".join(told)


def year_words(scenario: Scenario) -> str:
    """The time that costs are of: the year from 2026-01-05."""
    from reports.finance.months import years_in

    years, start = years_in(scenario.calendar), scenario.calendar.start
    if years is None:
        return f"the {scenario.calendar.days} days from {start}"
    return f"the year from {start}" if years == 1 else f"the {years} years from {start}"


def goal_words(goal: Goal) -> str:
    """A target without its probability, which its definition has, and without the usual period."""
    return goal_text(goal).partition(", with ")[0].removesuffix(" over the horizon")


def answer_of(study: Study) -> str:
    """The whole study in a few sentences."""
    told = [_costs(study.before)]
    if study.case is not None and study.after is not None:
        told += [_freed(study.case, study.after.label), _worth(study.case)]
    elif study.after is not None:
        told.append(_without_case(study))
    if study.targets is not None:
        told.append(_targets(study.targets, study.before))
    return " ".join(told)


def _costs(each: Priced) -> str:
    currency, whole = each.bill.currency, each.whole
    parts = [f"{exact_money(whole.per_contact, currency)} a contact"] if whole.per_contact is not None else []
    if whole.per_solved is not None:
        parts.append(f"{exact_money(whole.per_solved, currency)} a solved case")
    told = f": {' and '.join(parts)}" if parts else ""
    return f"Care costs {whole_money(whole.cost, currency)} in {year_words(each.scenario)}{told}."


def _freed(case: Case, label: str) -> str:
    saved, currency = case.headline.savings, case.model.currency
    if saved.freed < 0:
        more, worth = number_text(-saved.freed, 1), whole_money(-saved.capacity, currency)
        between = _by_chance([-each for each in case.searches])
        return f"{label} takes {more} full-time people more{between} for the same service ({worth} a year)."
    freed = number_text(saved.freed, 1)
    worth = f"{whole_money(saved.capacity, currency)} a year of capacity"
    between = _by_chance(case.searches)
    told = f"{label} frees {freed} full-time people{between} at the same service ({worth})"
    if case.terms.holds == "heads":
        return f"{told}; nobody leaves, and service is better."
    at_the_end = case.headline.flows.cashed[0, :, -1]
    gone, missed = (float(at_the_end[which].sum()) for which in (at_the_end > 0.0, at_the_end < 0.0))
    leave = f"{people_text(gone)} can be gone" if gone else "nobody can be gone"
    come = f", and {number_text(-missed, 2)} must come," if round(missed, 2) else ""
    return f"{told}; {leave}{come} within {case.terms.period_months} months."


def people_text(people: float) -> str:
    """A number of people: whole where they are."""
    return number_text(people, 0 if people == round(people) else 2)


def _by_chance(searches: Sequence[float]) -> str:
    """Between which numbers of people searches are that differ in their chances alone."""
    low, high = (number_text(round(end, 1), 1) for end in (min(searches), max(searches)))
    return f" ({low} to {high} by chance)" if low != high else ""


def _worth(case: Case) -> str:
    held, currency, spread = case.headline, case.model.currency, case.distribution
    value = whole_money(held.npv, currency)
    chance = share_text(round(spread.pays_back, 2))
    over = f"net present value over {case.terms.period_months} months"
    middle = whole_money(spread.p50, currency)
    return (
        f"It is worth {value} as expected ({over}), and {middle} or more in half of all draws; it pays back "
        f"within the period in {chance} of them."
    )


def _targets(targets: Targets, side: Priced) -> str:
    """The least that it costs until all targets hold that people can reach."""
    together, currency = targets.together, side.bill.currency
    cost = pay_of(together, side.scenario, targets.years)
    money = f"for {whole_money(abs(cost), currency)} {'more' if cost >= 0 else 'less'} a year of people's pay"
    if not together.changes:
        money = "with the people who are there"
    held, steered = targets.counted
    counted, holds = count_words(held, steered), "holds" if held == 1 else "hold"
    beyond, times = len(together.out_of_reach), together.plenty
    if not held:
        told = "does not hold" if steered == 1 else "holds"
        why = "whoever comes in today's hours" if beyond == steered else "with the people that were found"
        return f"{counted} {told}, {why}."
    missed = (
        f"; {beyond} {'is' if beyond == 1 else 'are'} missed with {times} times the people in today's hours"
    )
    return f"{counted} {holds} {money}{got_words(together)}{missed if beyond else ''}."


def got_words(each: "Reached") -> str:
    """That a search ended before it was through."""
    return ", as far as the search got" if each.stopped else ""


def count_words(held: int, steered: int) -> str:
    """How many of the targets that people steer hold."""
    if steered == 1:
        return "The target that people steer"
    count = {0: f"None of the {steered}", steered: f"All {steered}"}.get(held, f"{held} of the {steered}")
    return f"{count} targets that people steer"


def _without_case(study: Study) -> str:
    assert study.after is not None  # the caller has looked
    currency = study.before.bill.currency
    change = study.after.whole.cost - study.before.whole.cost
    more = "more" if change >= 0 else "less"
    return f"{study.after.label} costs {whole_money(abs(change), currency)} {more} with the same people."
