"""careloop: simulation and capacity planning for customer care.

    import careloop

    result = careloop.simulate("scenario.yaml")
    result.measures        # a pandas frame: measure, scope, name, mean, low, high, unit

Whatever is heavy is imported by the function that needs it: importing this package costs next to nothing.
"""

from typing import TYPE_CHECKING

from careloop.api import check, load, simulate
from careloop.comparing import compare
from careloop.explaining import why
from careloop.exporting import export_contacts
from careloop.financing import finance
from careloop.formulas import erlang
from careloop.planning import plan
from careloop.staffing import staff
from sim.version import __version__

if TYPE_CHECKING:
    from reports.comparison import Comparison
    from reports.finance.results import Study
    from scenarios import Problem, Scenario, ScenarioError
    from sim.experiment import Result
    from sim.roadmap.plan import PlanResult
    from sim.staffing.answer import Staffing

__all__ = [
    "Comparison",
    "PlanResult",
    "Problem",
    "Result",
    "Scenario",
    "ScenarioError",
    "Staffing",
    "Study",
    "__version__",
    "check",
    "compare",
    "erlang",
    "export_contacts",
    "finance",
    "load",
    "plan",
    "simulate",
    "staff",
    "why",
]

_ELSEWHERE = {
    "Comparison": "reports.comparison",
    "PlanResult": "sim.roadmap.plan",
    "Problem": "scenarios",
    "Result": "sim.experiment",
    "Scenario": "scenarios",
    "ScenarioError": "scenarios",
    "Staffing": "sim.staffing.answer",
    "Study": "reports.finance.results",
}

if not TYPE_CHECKING:  # a type checker sees the imports above; with this it would let any name pass

    def __getattr__(name: str) -> object:
        """Import a type when it is asked for."""
        if name not in _ELSEWHERE:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        return getattr(import_module(_ELSEWHERE[name]), name)


def __dir__() -> list[str]:
    return __all__
