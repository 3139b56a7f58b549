"""Costs and a business case as plain data of a resolved scenario; what is absent is not written."""

from typing import Any, Final

from scenarios.business_case import About, BusinessCase, Claim, Once
from scenarios.costs import Costs, Employment, Line, Overtime, Penalty, Vendor
from scenarios.ledger import ledger_written
from scenarios.model import Scenario
from scenarios.prices import Price, price_text
from scenarios.ranges import range_written
from scenarios.resolved_values import Written, bare, money_written, without_absent
from scenarios.spans import hours_text, months_text
from scenarios.units import share_text


def money_sections(scenario: Scenario) -> Written:
    """Return the sections of money; None for those that are not there."""
    return {
        "costs": scenario.costs and _costs(scenario.costs),
        "business_case": scenario.business_case and _case(scenario.business_case),
    }


def _costs(costs: Costs) -> Written:
    return without_absent(
        {
            "currency": costs.currency,
            "exchange": {code: bare(rate) for code, rate in costs.exchange.items()} or None,
            "price_year": costs.price_year,
            "inflation": share_text(costs.inflation),
            "fiscal_year_starts": costs.fiscal_year_starts,
            "people": {name: _employment(each) for name, each in costs.people.items()} or None,
            "lines": {name: _line(each) for name, each in costs.lines.items()} or None,
            "vendors": {name: _vendor(each) for name, each in costs.vendors.items()} or None,
            "none_of": list(costs.none_of) or None,
            "ledger": ledger_written(costs.ledger) or None,
        }
    )


def _employment(given: Employment) -> Written:
    """Write what is said of people, and only that: what is not said of a group holds as for all."""
    said = {_KEYS.get(key, key): _WRITTEN[key](getattr(given, key)) for key in _in_order(given)}
    return without_absent(said)


def _in_order(given: Employment) -> list[str]:
    return [key for key in Employment.model_fields if key in given.model_fields_set]


def _hours(hours: float | None) -> str | None:
    return None if hours is None else hours_text(hours)


def _share(share: float | None) -> str | None:
    return None if share is None else share_text(share)


def _price(price: Price | None) -> str | None:
    return None if price is None else price_text(price)


def _overtime(given: Overtime | None) -> Written | None:
    if given is None:
        return None
    return {"share": share_text(given.share), "premium": share_text(given.premium)}


def _names(names: tuple[str, ...]) -> list[str]:
    return list(names)


_KEYS: Final = {"contract_h_per_week": "contract", "training_h": "training", "ramp_h": "ramp"}
_WRITTEN: Final[dict[str, Any]] = {
    "contract_h_per_week": lambda hours: f"{hours_text(hours)}/week",
    "on_costs": _share,
    "overtime": _overtime,
    "attrition": _share,
    "hire": _price,
    "training_h": _hours,
    "ramp_h": _hours,
    "ledger": _names,
}
"""How each key of people is written."""


def _line(line: Line) -> Written:
    return without_absent(
        {
            "price": price_text(line.price),
            "kind": line.kind,
            "only": line.only and {line.only.scope: list(line.only.names)},
            "escalates": _share(line.escalates),
            "ledger": list(line.ledger) or None,
        }
    )


def _vendor(vendor: Vendor) -> Written:
    return without_absent(
        {
            "group": vendor.group,
            "price": price_text(vendor.price),
            "minimum": _price(vendor.minimum),
            "penalty": vendor.penalty and _penalty(vendor.penalty),
            "notice": months_text(vendor.notice_months),
            "ledger": list(vendor.ledger) or None,
        }
    )


def _penalty(penalty: Penalty) -> Written:
    return {
        "queue": penalty.queue,
        "below": share_text(penalty.below),
        "credit": share_text(penalty.credit),
    }


def _case(case: BusinessCase) -> Written:
    churn = case.churn
    return without_absent(
        {
            "period": months_text(case.period_months),
            "discount_rate": share_text(case.discount_rate),
            "from": case.start and case.start.isoformat(),
            "ramp": months_text(case.ramp_months),
            "holds": case.holds,
            "once": {name: _once(each) for name, each in case.once.items()} or None,
            "running": {name: {"price": price_text(each.price)} for name, each in case.running.items()}
            or None,
            "contract_flex": dict(case.contract_flex) or None,
            "planned_hires": dict(case.planned_hires) or None,
            "ranges": {name: range_written(name, each) for name, each in case.ranges.items()} or None,
            "churn": churn
            and {"per_point": share_text(churn.per_point), "expands": share_text(churn.expands)},
            "claim": case.claim and _claim(case.claim),
        }
    )


def _once(once: Once) -> Written:
    day = once.on and once.on.isoformat()
    return without_absent({"amount": money_written(once.amount, once.currency), "on": day})


def _claim(claim: Claim) -> Written:
    return without_absent(
        {
            "contacts": claim.contacts_per_year,
            "counts": claim.counts,
            "deflects": share_text(claim.deflects),
            "cost_per_contact": money_written(claim.cost_per_contact, claim.currency),
            "reinvested": money_written(claim.reinvested, claim.currency),
            "from": claim.start and claim.start.isoformat(),
            "about": claim.about and _about(claim.about),
        }
    )


def _about(about: About) -> Written:
    cost = about.marginal_cost
    return without_absent(
        {
            "share": share_text(about.share),
            "bounces": share_text(about.bounces),
            "handle_time": share_text(about.handle_time),
            "marginal_cost": None if cost is None else money_written(cost, about.currency),
        }
    )
