"""What was done, by month and replication: the quantities that costs are priced by.

A quantity is the sum above the line of a measure: of `aht` seconds handled, of `deflection` contacts that
self-service has solved. Sums of months are those of their days (see `sim/checkpoints.py`).
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np

from reports.finance.months import Month, months_of
from scenarios.by_day import not_by_day
from scenarios.model import Scenario
from scenarios.targets import goals_of
from sim.case_measure import Key
from sim.explain.watch import Chances
from sim.measure import Floats, Plan, all_names
from sim.progress import Tell
from sim.roadmap.follow import Followed, follow, plan_by_day

ALL: Final = ("all", "all")
_OF_CONTACTS: Final = ("offered", "handled", "abandoned", "blocked", "aht")
_OF_PEOPLE: Final = (
    "paid_hours",
    "people_cost",
    "time_idle",
    "time_working",
    "time_sharing",
    "handled",
    "aht",
)
_OF_CASES: Final = (
    *("cases", "solved", "case_contacts", "agent_time_per_case", "first_response_attainment"),
    *("resolution_attainment", "update_attainment", "csat"),
)
_OF_GATES: Final = ("deflection", "bounced", "prevented")
_LEVEL: Final = "service_level"


class Quantities(NamedTuple):
    """Sums above and below the line by [replication, key, month]; absent keys are nothing."""

    scenario: Scenario
    months: tuple[Month, ...]
    keys: tuple[Key, ...]
    above: Floats
    below: Floats

    def has(self, key: Key) -> bool:
        """Whether it was counted."""
        return key in self.keys

    def sums(self, measure: str, scope: str = "all", name: str = "all") -> Floats:
        """The sum above the line, by [replication, month]; zeros where there is no such measure."""
        return self._part(self.above, (measure, scope, name))

    def missed(self, measure: str, scope: str, name: str) -> Floats:
        """How often a promise was broken, of an attainment: due, less those that were met."""
        key = (measure, scope, name)
        return self._part(self.below, key) - self._part(self.above, key)

    def share(self, measure: str, scope: str = "all", name: str = "all") -> Floats:
        """The quotient over the horizon by replication; NaN where there is nothing below the line."""
        key = (measure, scope, name)
        above, below = (self._part(part, key).sum(axis=1) for part in (self.above, self.below))
        none = np.full(above.shape, np.nan)
        found: Floats = np.divide(above, below, out=none, where=below != 0)
        return found

    def names(self, measure: str, scope: str) -> tuple[str, ...]:
        """The names of a scope that a measure was counted for."""
        return tuple(key[2] for key in self.keys if key[:2] == (measure, scope))

    def _part(self, part: Floats, key: Key) -> Floats:
        if key in self.keys:
            found: Floats = part[:, self.keys.index(key)]
            return found
        return np.zeros((part.shape[0], part.shape[2]))


def quantities_of(scenario: Scenario, chances: Chances, tell: Tell = lambda: None) -> Quantities:
    """Simulate a scenario, and count by calendar month all that costs may be priced by.

    Versions of a scenario with the same seed meet the same chances. `tell` hears of each replication.
    """
    months = months_of(scenario.calendar)
    keys = tuple(keys_of(plan_by_day(scenario)))
    found = follow(scenario, keys, [month.window for month in months], chances, tell)
    return of_followed(found, months)


def of_followed(found: Followed, months: tuple[Month, ...]) -> Quantities:
    """What was followed over months."""
    return Quantities(found.scenario, months, found.keys, found.figures.above, found.figures.below)


def keys_of(plan: Plan) -> Iterator[Key]:
    """The keys that are counted of a scenario."""
    names = all_names()
    contacts = ((names[m], *plan.scopes[s]) for m, s in zip(*plan.pairs, strict=True))
    of_cases = plan.cases.keys() if plan.cases is not None else []
    known = list(filter(is_wanted, [*contacts, *of_cases]))
    of_goals = (goal[:3] for goal in goals_of(plan.model.scenario) if not not_by_day(goal.measure))
    yield from dict.fromkeys((*known, *of_goals))


def is_wanted(key: Key) -> bool:
    """Whether a measure of a scope is one that costs may be priced by."""
    measure, scope, _ = key
    if measure in (*_OF_CASES, *_OF_GATES):
        return True
    if measure == _LEVEL:
        return scope == "queue"
    of_people = measure in _OF_PEOPLE and scope in ("all", "group")
    return of_people or (measure in _OF_CONTACTS and scope != "group")
