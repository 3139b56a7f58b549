"""Checks across costs and a business case: currencies, vendors, accounts, days that fit each other."""

import datetime
from collections.abc import Iterator

from scenarios.costs import EVERYBODY
from scenarios.money_names import unknown_names
from scenarios.parts import Parts
from scenarios.paths import path_text
from scenarios.price_check import price_findings
from scenarios.problems import Finding, Place
from scenarios.spans import months_after, months_text


def money_findings(parts: Parts) -> list[Finding]:
    """Return what is wrong across costs and a business case; with a name unknown, nothing of prices."""
    unknown = list(unknown_names(parts))
    found = [*unknown, *_without_costs(parts), *_currencies(parts), *_vendors(parts)]
    found += [*_of_vendors(parts), *_accounts(parts), *_none_of(parts), *_everybody(parts)]
    found += [*_days(parts), *_ramp(parts)]
    return found if unknown else [*found, *price_findings(parts)]


def _without_costs(parts: Parts) -> Iterator[Finding]:
    if parts.money.case_said and not parts.money.costs_said:
        message = "is missing costs beside it, in whose currency it is told; add 'costs: {currency: USD}'"
        yield Finding(("business_case",), message)


def _currencies(parts: Parts) -> Iterator[Finding]:
    """Find money in a currency that nothing says the worth of."""
    costs = parts.money.costs
    if costs is None or not parts.money.rates_known:
        return
    for place, currency in (*_prices(parts), *_amounts(parts)):
        if currency and currency != costs.currency and currency not in costs.exchange:
            message = f"is in {currency}, and costs in {costs.currency}; add {currency} to costs.exchange"
            yield Finding(place, message)


def _prices(parts: Parts) -> Iterator[tuple[Place, str]]:
    """Yield where prices stand, with their currencies."""
    money = parts.money
    for name, employment in money.people.items():
        if employment.hire is not None:
            yield ("costs", "people", name, "hire"), employment.hire.currency
    for name, line in money.lines.items():
        yield ("costs", "lines", name, "price"), line.price.currency
    for name, vendor in money.vendors.items():
        yield ("costs", "vendors", name, "price"), vendor.price.currency
        if vendor.minimum is not None:
            yield ("costs", "vendors", name, "minimum"), vendor.minimum.currency
    for name, running in money.running.items():
        yield ("business_case", "running", name, "price"), running.price.currency


def _amounts(parts: Parts) -> Iterator[tuple[Place, str]]:
    """Yield where amounts of money stand, with their currencies."""
    for name, group in parts.groups.items():
        if group.pay is not None:
            yield ("groups", name, "pay"), group.pay.currency
        if group.on_call is not None and group.on_call.standby_pay is not None:
            yield ("groups", name, "on_call", "standby_pay"), group.on_call.standby_pay.currency
    for name, cause in parts.life.causes.items():
        yield ("causes", name, "refund"), cause.currency
    for place, change in parts.plan.changes():
        yield (*place, "cost"), change.currency
    for name, once in parts.money.once.items():
        yield ("business_case", "once", name, "amount"), once.currency
    case = parts.money.case
    if case is not None and case.claim is not None:
        yield ("business_case", "claim", "cost_per_contact"), case.claim.currency
    if case is not None and case.churn is not None:
        for name, tier in parts.life.tiers.items():
            yield ("tiers", name, "arr"), tier.currency


def _vendors(parts: Parts) -> Iterator[Finding]:
    """Find what would be paid twice, and penalties that nothing is measured for."""
    told = dict[str, str]()
    for name, vendor in parts.money.vendors.items():
        place: Place = ("costs", "vendors", name)
        group = parts.groups.get(vendor.group)
        if vendor.group in told:
            message = f"is {vendor.group!r}, whose contacts vendor {told[vendor.group]!r} is paid for already"
            yield Finding((*place, "group"), f"{message}; name another group")
        elif group is not None and group.pay is not None:
            message = f"is {vendor.group!r}, which has pay of its own, so it would be paid twice"
            yield Finding((*place, "group"), f"{message}; take away the group's pay")
        told.setdefault(vendor.group, name)
        if vendor.penalty is not None:
            yield from _penalty((*place, "penalty", "queue"), parts, vendor.penalty.queue)


def _penalty(place: Place, parts: Parts, name: str) -> Iterator[Finding]:
    queue = parts.queues.get(name)
    if queue is not None and queue.target is None:
        message = f"is {name!r}, which has no target, so no service level is measured"
        yield Finding(place, f"{message}; add one to the queue, such as 'target: 80% in 20 s'")


def _of_vendors(parts: Parts) -> Iterator[Finding]:
    """Find people of groups that vendors employ."""
    vendor_of = {vendor.group: name for name, vendor in parts.money.vendors.items()}
    case = parts.money.case
    flexible = {key: getattr(case, key, {}) for key in ("contract_flex", "planned_hires")}
    places: list[Place] = [("costs", "people", group) for group in parts.money.people]
    places += [("business_case", key, group) for key, groups in flexible.items() for group in groups]
    for place in places:
        if place[-1] in vendor_of:
            vendor = vendor_of[str(place[-1])]
            yield Finding(place, f"is the group of vendor {vendor!r}, who employs these people; leave it out")


def _accounts(parts: Parts) -> Iterator[Finding]:
    """Find accounts of two cost lines; those of people are one line together."""
    money = parts.money
    people: Place = ("costs", "people")
    booked: list[tuple[Place, Place, tuple[str, ...]]] = [
        (people, (*people, name), each.ledger) for name, each in money.people.items()
    ]
    for section, each in (("lines", money.lines), ("vendors", money.vendors)):
        booked += [(("costs", section, n), ("costs", section, n), part.ledger) for n, part in each.items()]
    first = dict[str, Place]()
    for line, place, accounts in booked:
        for account in accounts:
            if first.setdefault(account, line) != line:
                message = f"has account {account!r}, which {path_text(first[account])} has too"
                yield Finding((*place, "ledger"), f"{message}; what is booked there can be of one line only")


def _none_of(parts: Parts) -> Iterator[Finding]:
    """Find kinds of cost that there are none of, and some."""
    money = parts.money
    there = {line.kind: f"costs.lines.{name}" for name, line in money.lines.items()}
    there |= dict.fromkeys(["vendor"] if money.vendors else [], "costs.vendors")
    for kind in money.costs.none_of if money.costs is not None else ():
        if kind in there:
            message = f"names {kind!r}, and {there[kind]} is there; leave {kind!r} out"
            yield Finding(("costs", "none_of"), message)


def _everybody(parts: Parts) -> Iterator[Finding]:
    """Find a group with the name that stands for every group."""
    if EVERYBODY in parts.groups_named and EVERYBODY in parts.money.people:
        message = "stands for every group in costs.people; give the group another name"
        yield Finding(("groups", EVERYBODY), message)


def _days(parts: Parts) -> Iterator[Finding]:
    """Find days that are before the first one, or after the months that are looked at."""
    case, calendar = parts.money.case, parts.calendar
    if case is None or calendar is None:
        return
    end = months_after(calendar.start.replace(day=1), case.period_months)  # its months are calendar months
    for place, day in _days_said(parts):
        if day is not None and not calendar.start <= day < end:
            period = f"the {months_text(case.period_months)} from {calendar.start} on"
            yield Finding(place, f"is {day}, not within {period}; write a day of them, or a longer period")


def _days_said(parts: Parts) -> Iterator[tuple[Place, datetime.date | None]]:
    case = parts.money.case
    if case is not None:
        yield ("business_case", "from"), case.start
    if case is not None and case.claim is not None:
        yield ("business_case", "claim", "from"), case.claim.start
    for name, once in parts.money.once.items():
        yield ("business_case", "once", name, "on"), once.on


def _ramp(parts: Parts) -> Iterator[Finding]:
    case = parts.money.case
    if case is not None and case.ramp_months > case.period_months:
        ramp, period = months_text(case.ramp_months), months_text(case.period_months)
        message = f"is {ramp}, longer than the period of {period}, so the full effect never comes"
        yield Finding(("business_case", "ramp"), f"{message}; write less, or a longer period")
