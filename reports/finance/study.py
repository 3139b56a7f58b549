"""The whole study: simulate, price, search for who can leave, and put the business case together."""

import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from reports.finance.bridge import Cash, bridge_to_cash, deflected
from reports.finance.case import HIRES, PEOPLE, CaseModel, Flows, by_search, flows, full_effect
from reports.finance.cashflow import irr, npv, payback
from reports.finance.envelope import Bridge, Envelope, bridge
from reports.finance.ledger import against_ledger
from reports.finance.lines import PEOPLE as PEOPLE_KIND
from reports.finance.lines import rate_of
from reports.finance.model import a_year, case_model
from reports.finance.money import cents_of, exact, to_cents
from reports.finance.notes import notes_of_case
from reports.finance.quantities import Quantities, quantities_of
from reports.finance.results import Case, Held, Priced, Revenue, Savings, Service, Study, Targets, priced_of
from reports.finance.searched import Searched, last_due, lever_costs, longest_ramp, searched, settled
from reports.finance.unsure import breaks_of, distribution_of, ends_of, expected_of, tornado_of
from reports.finance.warnings import warnings_of
from reports.finance.words import goal_words
from scenarios.business_case import BusinessCase, Churn, Claim
from scenarios.case_definitions import CASE_QUANTILES
from scenarios.costs import Costs, bought_groups
from scenarios.definitions import QUANTILES
from scenarios.model import Scenario
from scenarios.related import has_cases
from scenarios.targets import goals_of
from sim.explain.watch import Chances
from sim.measure import Floats
from sim.progress import Progress, Tell, counting
from sim.version import __version__

if TYPE_CHECKING:
    from sim.headcount.reached import Reached

YEAR: Final = 12
FEWEST: Final = 4
"""Replications that the search per interval needs."""
MOST: Final = 1500
"""Replications after which a search for what targets cost ends with what it has."""


class Asked(NamedTuple):
    """What a study is made of, and on which chances; `search` says whether people are searched for."""

    labels: tuple[str, ...]
    chances: Chances
    search: bool = True
    targets: bool = True


Say = Callable[[str], Progress]
"""Told what is done next; what it returns hears of each replication."""


def study_of(before: Scenario, after: Scenario | None, asked: Asked, say: Say) -> Study:
    """Price one scenario, or hold a change of it against what it costs.

    Raises ValueError where a scenario says nothing of costs, or nothing says what service is held.
    """
    costs = costs_of(before)
    other = costs_of(after) if after is not None else costs
    if after is not None and asked.search:
        refuse_case(before, after)
    found = [priced(asked.labels[0], before, costs, asked.chances, say)]
    case = None
    if after is not None:
        steady = settled(before, after)
        found.append(priced(asked.labels[1], steady, other, asked.chances, say))
        if asked.search:
            case = case_of(found[0], found[1], terms_of(before, after), asked, say)
    return Study(
        found[0],
        found[1] if len(found) > 1 else None,
        case,
        _targets(before, asked, say) if asked.targets and asked.search else None,
        against_ledger(found[0].bill, costs.ledger) if costs.ledger else None,
        asked.chances.seed,
        asked.chances.replications,
        __version__,
    )


def terms_of(before: Scenario, after: Scenario) -> BusinessCase:
    """The terms of the case: it begins when all levers of the change are in force, and grows as slowly."""
    terms, due = after.business_case or BusinessCase(), last_due(before, after)
    start = max((day for day in (terms.start, due) if day is not None), default=None)
    ramp = max(terms.ramp_months, round(longest_ramp(before, after), 2))
    once = {**terms.once, **lever_costs(before, after)}
    return terms.model_copy(update={"start": start, "ramp_months": ramp, "once": once})


def refuse_case(before: Scenario, after: Scenario) -> None:
    """Raise ValueError where no business case can be made of two scenarios."""
    from sim.headcount.service import measured

    if other := sorted(set(before.groups) ^ set(after.groups)):
        raise ValueError(
            f"group {other[0]} is in one of the two scenarios only, and who can leave is asked of groups "
            "that both have; give it to both, such as with agents: 0, or leave out the search (--no-search)"
        )
    calendars = [(each.calendar.start, each.calendar.days) for each in (before, after)]
    if calendars[0] != calendars[1]:
        told = " and ".join(f"{days} days from {start}" for start, days in calendars)
        raise ValueError(f"the two scenarios are of {told}; a case needs the same days in both")
    costs = costs_of(before)
    if not own_people(before, costs):
        raise ValueError(
            "no group of the house has pay, so that nobody's leaving saves anything; give groups pay, such "
            "as pay: $24/h, or leave out the search (--no-search)"
        )
    if costs_of(after).currency != costs.currency:
        raise ValueError(
            f"costs are in {costs.currency} before and {costs_of(after).currency} after; use one"
        )
    measured(before)


def costs_of(scenario: Scenario) -> Costs:
    """The cost model; ValueError where there is none."""
    if scenario.costs is None:
        raise ValueError(
            f"{scenario.name}: nothing says what anything costs; add a section costs, such as "
            "costs: {currency: USD, lines: {tools: {kind: tools, price: $80000 per year}}}"
        )
    return scenario.costs


def priced(label: str, scenario: Scenario, costs: Costs, chances: Chances, say: Say) -> Priced:
    """Simulate a scenario and price it."""
    tell = counting(say(f"simulating {label}"), chances.replications)
    found = quantities_of(scenario, chances, tell)
    return priced_of(label, found, costs)


def own_people(scenario: Scenario, costs: Costs) -> tuple[str, ...]:
    """The groups whose people can be fewer: paid by the house, and not on call beside other work."""
    bought = bought_groups(costs)
    groups = scenario.groups.items()
    return tuple(name for name, each in groups if each.pay and not each.on_call and name not in bought)


def case_of(before: Priced, after: Priced, terms: BusinessCase, asked: Asked, say: Say) -> Case:
    """Put a business case together."""
    from sim.headcount.response import response

    costs = costs_of(before.scenario)
    on = searched(before.scenario, after.scenario, asked.chances)
    heard = say("searching for the people who can leave, at many sizes of the change")
    groups = own_people(before.scenario, costs)
    grid = response(on.before, on.after, on.chances, on.axes, groups=groups, progress=heard)
    model = case_model(before.found, after.found, costs, terms, a_year(grid, on.years))
    notes = (*on.notes, *notes_of_case(before.scenario, after.scenario, terms, model))
    return assembled(before, after, terms, model, asked.chances.seed)._replace(notes=notes)


def assembled(before: Priced, after: Priced, terms: BusinessCase, model: CaseModel, seed: int) -> Case:
    """The case from its numbers: nothing is simulated any more."""
    costs, expected = costs_of(before.scenario), expected_of(terms)
    held = {each: held_fixed(model._replace(holds=each), expected) for each in ("service", "heads")}
    seen = deflected(before.found, after.found, before.bill)
    claim = terms.claim
    rate = rate_of(costs, claim.currency) if claim else Decimal(1)
    used = exact(claim.cost_per_contact) * rate if claim else None
    spent = exact(claim.reinvested) * rate if claim else Decimal(0)
    chosen = held[terms.holds]
    return Case(
        terms,
        model,
        seen,
        held,
        bridge_to_cash(model, Cash(chosen.flows, expected, chosen.cash), seen, claim, used, spent),
        _envelope(before, claim, costs, used, spent),
        tornado_of(model, terms),
        ends_of(model, terms),
        distribution_of(model, terms, seed),
        breaks_of(model, terms),
        warnings_of(before, after, terms, model),
        tuple(_service(before.found, after.found)),
        revenue_of(before.found, after.found, terms.churn, costs) if terms.churn else None,
        tuple(by_search(model, expected).sum(axis=1).tolist()),
    )


def _envelope(
    before: Priced, claim: Claim | None, costs: Costs, used: Decimal | None, spent: Decimal
) -> Bridge | None:
    """The claim by itself; what goes away with a contact is people's cost where nothing else is stated."""
    if claim is None or claim.about is None or used is None:
        return None
    stated, contacts = claim.about.marginal_cost, exact(before.whole.volume.contacts)
    people = before.bill.of_kind(PEOPLE_KIND) / contacts if contacts else Decimal(0)
    marginal = people if stated is None else exact(stated) * rate_of(costs, claim.about.currency)
    share, bounces, handle_time = map(
        exact, (claim.about.share, claim.about.bounces, claim.about.handle_time)
    )
    counted, away = Decimal(claim.contacts_per_year), exact(claim.deflects)
    given = (claim.counts, share, bounces, handle_time, spent)
    return bridge(Envelope(counted, away, used, marginal, costs.currency, *given))


def held_fixed(model: CaseModel, inputs: Mapping[str, float]) -> Held:
    """The case as expected, to the cent."""
    found = flows(model, inputs)
    cash = {
        name: tuple(cents_of(float(each), model.currency) for each in months[0])
        for name, months in found.lines.items()
    }
    net = tuple(sum(column, Decimal(0)) for column in zip(*cash.values(), strict=True))
    value = to_cents(npv(net, model.yearly_rate), model.currency)
    discounted = payback(net, model.yearly_rate)
    return Held(
        model.holds,
        found,
        cash,
        net,
        value,
        irr(net),
        payback(net),
        discounted,
        savings_of(model, found, cash, inputs),
    )


def savings_of(
    model: CaseModel, found: Flows, cash: dict[str, tuple[Decimal, ...]], inputs: Mapping[str, float]
) -> Savings:
    """The three savings."""
    freed, pay = full_effect(model, inputs), inputs.get("pay", 1.0)
    hires, joining = found.hires[0, :, -1], np.array([each.hire + each.taught * pay for each in model.people])
    both = freed @ model.yearly_pay(inputs), hires @ joining
    saved = [sum(pair, Decimal(0)) for pair in zip(cash[PEOPLE], cash[HIRES], strict=True)]
    cents = [to_cents(exact(float(each)), model.currency) for each in both]
    return Savings(
        float(freed @ model.yearly_h),
        cents[0],
        float(freed.sum()),
        int(hires.sum()),
        cents[1],
        float(found.cashed[0, :, -1].sum()),
        sum(saved[:YEAR], Decimal(0)),
        sum(saved[-YEAR:], Decimal(0)),
    )


def _service(before: Quantities, after: Quantities) -> list[Service]:
    """The targets' measures of both, with the same people, as far as they were counted."""
    rows = []
    for goal in dict.fromkeys(goals_of(before.scenario)):
        key = goal.measure, goal.scope, goal.name
        if before.has(key) and after.has(key):
            old, new = (mean_of(each.share(*key)) for each in (before, after))
            if not (math.isnan(old) or math.isnan(new)):
                by_month = goal.measure in QUANTILES or goal.measure in CASE_QUANTILES
                words = f"{goal_words(goal)}, mean of months" if by_month else goal_words(goal)
                rows.append(Service(words, old, new, goal.unit))
    return rows


def mean_of(values: Floats) -> float:
    """The mean of the values that there are; NaN without any."""
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else math.nan


def revenue_of(before: Quantities, after: Quantities, churn: Churn, costs: Costs) -> Revenue:
    """What revenue may do where the same people serve: points of CSAT × what is stated of each."""
    gain = (mean_of(after.share("csat")) - mean_of(before.share("csat"))) * 100.0
    points = 0.0 if math.isnan(gain) else gain
    tiers = before.scenario.tiers.values()
    yearly = sum(
        (exact(each.arr) * each.accounts * rate_of(costs, each.currency) for each in tiers), Decimal(0)
    )
    kept, won = (
        to_cents(yearly * exact(points) * exact(each), costs.currency)
        for each in (churn.per_point, churn.expands)
    )
    return Revenue(points, yearly, kept, won)


def _targets(before: Scenario, asked: Asked, say: Say) -> Targets | None:
    """What the targets cost a year; None where people steer none."""
    from sim.headcount.reach import each_alone
    from sim.headcount.service import steered

    groups = own_people(before, costs_of(before))
    if not steered(before) or not groups:
        return None
    on = searched(before, before, asked.chances)
    tell = counting(say("searching for the least cost at which the targets hold"), None)
    together = _least(on, groups, tell)
    tell = counting(say("searching for what each target costs on its own"), None)
    alone = each_alone(on.before, on.chances, groups, tell, MOST)
    return Targets(together, tuple(alone.items()), on.years)


def _least(on: Searched, groups: Sequence[str], tell: Tell) -> "Reached":
    """The least cost of all targets: interval by interval where contacts are handled once, else by blocks.

    By blocks too where that plan does not bear its targets out on fresh chances, or none reaches them.
    """
    from sim.headcount.by_interval import exact
    from sim.headcount.reach import least_cost
    from sim.staffing.answer import Asked as Staffed

    if not has_cases(on.before) and len(groups) == len(on.before.groups):
        replications = max(on.chances.replications, FEWEST)
        wanted = Staffed(replications=replications, seed=on.chances.seed, workers=on.chances.workers)
        with suppress(ValueError):  # a target that no plan reaches: blocks get as far as they can
            found = exact(on.before, wanted)
            if found.all_hold:
                return found
    return least_cost(on.before, on.chances, groups, tell, MOST)
