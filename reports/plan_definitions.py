"""What the measures of a plan's targets mean: the formulas by which they are counted."""

from collections.abc import Iterator

from reports.glossary import Definition, formula, service_levels
from reports.targets import subject
from scenarios.case_definitions import CASE_MEASURES, CASE_QUANTILES
from scenarios.definitions import MEASURES, QUANTILES
from scenarios.model import Scenario
from scenarios.targets import Goal
from sim.roadmap.plan import PlanResult, keys_of


def defined(found: PlanResult) -> list[Definition]:
    """Each measure that a target names, once; the service level as the queues define it."""
    scenario = found.scenario
    measures = dict.fromkeys(key[0] for key in keys_of(scenario))
    return [each for measure in measures for each in _definitions(measure, scenario)]


def _definitions(measure: str, scenario: Scenario) -> Iterator[Definition]:
    if measure == "service_level":
        yield from service_levels(scenario)
        return
    words = subject(Goal(measure, "all", "all", "", 0.0, ""), scenario)
    term = words[:1].upper() + words[1:]
    share = {**QUANTILES, **CASE_QUANTILES}.get(measure)
    if share is not None:
        yield Definition(term, f"the time that {share:.0%} did not exceed, exact over all single times")
    elif measure in MEASURES:
        known = MEASURES[measure]
        yield Definition(term, known.label, formula(known.above, known.below) if known.below else "")
    elif measure in CASE_MEASURES:
        yield Definition(term, CASE_MEASURES[measure].label)
