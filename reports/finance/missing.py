"""What a cost model lacks: costs that care usually has, of which a scenario says nothing. They are told."""

from collections.abc import Callable, Iterator
from typing import Final

from scenarios.costs import KINDS, Costs, Employment, bought_groups, employment_of
from scenarios.model import Scenario

_KIND_WORDS: Final = {
    "tools": "tools and licences",
    "telephony": "telephony",
    "platform": "platform",
    "self_service": "self-service (licence, maintenance, content)",
    "training": "training",
    "hiring": "hiring",
    "facilities": "facilities",
    "vendor": "vendors",
    "credits": "SLA credits and refunds",
}
"""Kinds in words; a model need not have what is ``other``."""


def missing_of(scenario: Scenario, costs: Costs) -> tuple[str, ...]:
    """Costs without a number, in words, people first."""
    return (*_of_people(scenario, costs), *_of_kinds(scenario, costs))


def _of_people(scenario: Scenario, costs: Costs) -> Iterator[str]:
    bought = bought_groups(costs)
    own = [name for name in scenario.groups if name not in bought]
    paid = [name for name in own if scenario.groups[name].pay is not None]
    yield from _named("pay", [name for name in own if name not in paid])
    terms = {name: employment_of(costs, name) for name in paid}
    for what, lacks in _LACKS.items():
        yield from _named(what, [name for name, each in terms.items() if lacks(each)])


_LACKS: Final[dict[str, Callable[[Employment], bool]]] = {
    "on-costs": lambda each: each.on_costs is None,
    "attrition": lambda each: each.attrition is None,
    "cost of hiring": lambda each: bool(each.attrition) and each.hire is None,
}


def _named(what: str, names: list[str]) -> Iterator[str]:
    if names:
        yield f"{what} of {', '.join(names)}"


def _of_kinds(scenario: Scenario, costs: Costs) -> Iterator[str]:
    has = (
        {line.kind for line in costs.lines.values()}
        | set(costs.none_of)
        | set(_said_elsewhere(scenario, costs))
    )
    yield from (_KIND_WORDS[kind] for kind in KINDS if kind in _KIND_WORDS and kind not in has)


def _said_elsewhere(scenario: Scenario, costs: Costs) -> Iterator[str]:
    """Kinds that other parts of a scenario speak of."""
    terms = costs.people.values()
    if costs.vendors:
        yield "vendor"
    if any(each.training_h or each.ramp_h for each in terms):
        yield "training"
    if any(each.hire for each in terms):
        yield "hiring"
    drivers = {line.price.driver for line in costs.lines.values()}
    if any(each.refund for each in scenario.causes.values()) or any(d.startswith("late ") for d in drivers):
        yield "credits"
