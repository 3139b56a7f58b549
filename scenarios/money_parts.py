"""What care costs and a change brings, while a scenario is read: what could be read, and all names given."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from scenarios.business_case import BusinessCase, Once, Running
from scenarios.costs import Costs, Employment, Line, Vendor


@dataclass(frozen=True)
class MoneyParts:
    """``costs`` and ``case`` hold what stands beside their parts that have names.

    ``costs_said`` and ``case_said`` tell whether the file has them, read or not; ``rates_known`` whether the
    rates of other currencies could be read, ``whole`` whether all could.
    """

    costs: Costs | None = None
    costs_said: bool = False
    case: BusinessCase | None = None
    case_said: bool = False
    people: Mapping[str, Employment] = field(default_factory=dict)
    lines: Mapping[str, Line] = field(default_factory=dict)
    vendors: Mapping[str, Vendor] = field(default_factory=dict)
    once: Mapping[str, Once] = field(default_factory=dict)
    running: Mapping[str, Running] = field(default_factory=dict)
    rates_known: bool = True
    whole: bool = True

    def of_scenario(self) -> dict[str, Any]:
        """Return the parts by the names of the attributes of a scenario."""
        of_costs = {"people": self.people, "lines": self.lines, "vendors": self.vendors}
        of_case = {"once": self.once, "running": self.running}
        return {
            "costs": self.costs and self.costs.model_copy(update=_plain(of_costs)),
            "business_case": self.case and self.case.model_copy(update=_plain(of_case)),
        }


def _plain(maps: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    return {name: dict(each) for name, each in maps.items()}
