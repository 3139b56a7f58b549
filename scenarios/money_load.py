"""The sections of money, each part read alone, so that one mistake hides no other."""

from collections.abc import Mapping
from typing import Any, Final, TypeVar

from scenarios.business_case import BusinessCase, Once, Running
from scenarios.costs import Costs, Employment, Line, Vendor
from scenarios.fields import Model
from scenarios.money_parts import MoneyParts
from scenarios.problems import Place
from scenarios.section_reading import SectionReading

M = TypeVar("M", bound=Model)
COSTS: Final = "costs"
CASE: Final = "business_case"
_NAMED: Final[dict[Place, type[Model]]] = {
    (COSTS, "people"): Employment,
    (COSTS, "lines"): Line,
    (COSTS, "vendors"): Vendor,
    (CASE, "once"): Once,
    (CASE, "running"): Running,
}
"""The maps from names to parts."""


class MoneyReading(SectionReading):
    """One pass over these sections that collects findings instead of stopping."""

    named = _NAMED

    def parts(self) -> MoneyParts:
        """Return what could be read."""
        read: dict[str, Any] = {str(place[-1]): self.section(place) for place in _NAMED}
        return MoneyParts(
            **read,
            costs=self._beside(Costs, COSTS),
            costs_said=self.data.get(COSTS) is not None,
            case=self._beside(BusinessCase, CASE),
            case_said=self.data.get(CASE) is not None,
            rates_known=not any(each.place[:2] == (COSTS, "exchange") for each in self.found),
            whole=self.whole,
        )

    def _beside(self, model: type[M], section: str) -> M | None:
        """Read what stands in a section beside the parts that have names."""
        raw = self.data.get(section)
        if raw is None:
            return None
        if not isinstance(raw, Mapping):
            return self.what_can_be(model, raw, section)
        apart = {str(place[-1]) for place in _NAMED if place[0] == section}
        return self.what_can_be(model, {key: each for key, each in raw.items() if key not in apart}, section)
