"""Warnings by name about a business case: what usually makes such sums too large.

Each is told only where it is seen, with the figures, and with what to do about it.
"""

from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np

from reports.finance.bridge import came_in
from reports.finance.case import CaseModel, full_effect, whole
from reports.finance.cost_to_serve import CONTACT
from reports.finance.lines import PEOPLE, counted, rate_of
from reports.finance.lint import Lint
from reports.finance.money import cents_text, exact, to_cents
from reports.finance.results import Priced
from reports.finance.unsure import expected_of
from reports.wording import number_text, share_text
from scenarios.business_case import BusinessCase, Claim
from scenarios.costs import Costs
from scenarios.model import Scenario

TWICE: Final = "the same contact counted by two levers"
AVERAGE: Final = "average cost used as marginal"
EARLY: Final = "benefit before the change date"
SEASON: Final = "a low-season month annualised"
VIEWS: Final = "deflection base that is page views"
UNHANDLED: Final = "savings on contacts never handled"
FRACTIONS: Final = "whole-FTE rounding ignored"
SPREAD: Final = "fixed cost spread over fewer contacts"
_NEAR: Final = 0.02  # relative: a claim that is so near to twelve times a month is that
_FAR: Final = 0.05  # relative: ... while it is so far from the year
_TAKING: Final = ("contacts", "deflection")  # parameters of levers that take contacts away


def warnings_of(before: Priced, after: Priced, terms: BusinessCase, model: CaseModel) -> tuple[Lint, ...]:
    """All warnings, in a fixed order."""
    costs = before.scenario.costs
    assert costs is not None  # it has been priced
    claim = terms.claim
    return (
        *_twice(after.scenario, before.scenario),
        *(_of_claim(before, terms, claim, costs) if claim else ()),
        *_fractions(model, expected_of(terms)),
        *_lost(before, after),
        *_spread(before, after),
    )


def _of_claim(before: Priced, terms: BusinessCase, claim: Claim, costs: Costs) -> Iterator[Lint]:
    yield from _average(before, claim, costs)
    yield from _early(before, terms, claim)
    yield from _season(before, claim)
    yield from _views(before, claim)
    yield from _unhandled(before, claim)


def _twice(after: Scenario, before: Scenario) -> Iterator[Lint]:
    """Levers that take contacts away from the same place."""
    takers = dict[str, list[str]]()
    for name, lever in (after.roadmap.levers if after.roadmap else {}).items():
        for move in lever.moves:
            place, _, what = move.parameter.rpartition(".")
            if what in _TAKING:
                takers.setdefault(place or "all contacts", []).append(f"lever {name}")
    for name, stream in after.streams.items():
        own, old = stream.self_service, before.streams.get(name)
        if own and own != (old.self_service if old else None):
            takers.setdefault(f"streams.{name}", []).append("self-service")
    everywhere = takers.get("all contacts", [])
    for place, names in takers.items():
        both = list(dict.fromkeys(names if place == "all contacts" else [*names, *everywhere]))
        if len(both) > 1:
            yield Lint(
                TWICE,
                f"{' and '.join(both)} take contacts away from {place}: each finds only those that the "
                "other leaves. They are simulated together; do not add up what each would save alone.",
            )


def _average(before: Priced, claim: Claim, costs: Costs) -> Iterator[Lint]:
    used = exact(claim.cost_per_contact) * rate_of(costs, claim.currency)
    contacts = before.whole.volume.contacts
    if contacts <= 0:
        return
    people = to_cents(before.bill.of_kind(PEOPLE) / exact(contacts), costs.currency)
    if used > people * exact(1.01):
        told = cents_text(to_cents(used, costs.currency), costs.currency)
        yield Lint(
            AVERAGE,
            f"the claim saves {told} a contact, and people cost {cents_text(people, costs.currency)} of it; "
            "what is fixed stays when contacts go. Claim the marginal cost.",
        )


def _early(before: Priced, terms: BusinessCase, claim: Claim) -> Iterator[Lint]:
    change = terms.start or before.scenario.calendar.start
    if claim.start is not None and claim.start < change:
        yield Lint(
            EARLY,
            f"the claim counts from {claim.start} on, and the change is in force from {change} on; nothing "
            "is saved before. Count from that day, and let the effect grow.",
        )


def _season(before: Priced, claim: Claim) -> Iterator[Lint]:
    """A yearly number that is twelve times one month, and not the year."""
    found = before.found
    year = counted(found, CONTACT, "all", "all").mean(axis=0)
    months = [month for month in found.months if month.part == 1]
    whole_year = float(year.sum()) * 365.0 / found.scenario.calendar.days
    claimed = float(claim.contacts_per_year)
    if not claimed or abs(claimed / whole_year - 1.0) <= _FAR if whole_year else True:
        return
    for month in months:
        rate = float(year[found.months.index(month)]) * 12.0
        if rate and abs(claimed / rate - 1.0) <= _NEAR:
            kind = "low" if rate < whole_year else "high"
            yield Lint(
                SEASON,
                f"the claim of {number_text(claimed, 0)} contacts a year is twelve times {month.label}, a "
                f"{kind} month; the simulated year has {number_text(whole_year, 0)}. Use the year.",
            )
            return


def _views(before: Priced, claim: Claim) -> Iterator[Lint]:
    if claim.counts in ("page_views", "attempts"):
        what = "page views" if claim.counts == "page_views" else "people who try self-service"
        contacts = number_text(before.whole.volume.contacts * 365.0 / before.scenario.calendar.days, 0)
        yield Lint(
            VIEWS,
            f"the claim counts {number_text(claim.contacts_per_year, 0)} {what}, most of which would never "
            f"have been contacts; the simulated year has {contacts} contacts. Count those.",
        )


def _unhandled(before: Priced, claim: Claim) -> Iterator[Lint]:
    lost = before.waiting.abandoned
    if claim.counts == "offered" and lost > 0:
        yield Lint(
            UNHANDLED,
            f"the claim counts contacts offered, of which {number_text(lost, 0)} were never handled; nobody "
            "was paid for these. Count contacts handled.",
        )


def _lost(before: Priced, after: Priced) -> Iterator[Lint]:
    """A change with which more give up, or are turned away: their work falls, and nothing is won by it."""
    old, new = (each.waiting.abandoned for each in (before, after))
    came = came_in(before.found)
    if new - old > max(_NEAR * came, 1.0):
        yield Lint(
            UNHANDLED,
            f"with the change {number_text(new - old, 0)} contacts more are not handled, of "
            f"{number_text(came, 0)}: that their work falls is no saving, and those who got in were served "
            "better for it.",
        )


def _fractions(model: CaseModel, inputs: Mapping[str, float]) -> Iterator[Lint]:
    freed = np.maximum(full_effect(model, inputs), 0.0)
    lost = freed - whole(freed)
    if np.abs(lost).sum() >= 0.05:
        amount = to_cents(exact(float(lost @ model.yearly_pay(inputs))), model.currency)
        yield Lint(
            FRACTIONS,
            f"{number_text(float(freed.sum()), 2)} full-time people are freed, "
            f"{int(whole(freed).sum())} whole ones; {cents_text(amount, model.currency)} a year of parts of "
            "people is capacity, not cash.",
        )


def _spread(before: Priced, after: Priced) -> Iterator[Lint]:
    old, new = before.whole, after.whole
    if old.per_contact is None or new.per_contact is None:
        return
    fewer = came_in(after.found) < came_in(before.found)  # not just more that are lost
    if fewer and new.volume.contacts < old.volume.contacts and new.per_contact > old.per_contact:
        currency = before.bill.currency
        fixed = sum(float(line.total) for line in before.bill.lines if line.told.behaves == "fixed")
        part = share_text(round(fixed / float(old.cost), 3)) if old.cost else "0 %"
        yield Lint(
            SPREAD,
            f"a contact costs {cents_text(new.per_contact, currency)} after the change, "
            f"{cents_text(old.per_contact, currency)} before, since fewer share what does not fall with "
            f"them ({part} is fixed, and people are paid on). Look at the total, and at the cost of a case.",
        )
