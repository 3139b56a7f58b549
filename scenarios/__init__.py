"""What a user writes: scenario files, read into a ``Scenario`` with every problem told at once."""

from scenarios.load import Loaded, check, check_with_notes, from_dict, load, loads, notes, open_scenario
from scenarios.model import Scenario
from scenarios.problems import Problem, ScenarioError
from scenarios.resolved import resolved

__all__ = [
    "Loaded",
    "Problem",
    "Scenario",
    "ScenarioError",
    "check",
    "check_with_notes",
    "from_dict",
    "load",
    "loads",
    "notes",
    "open_scenario",
    "resolved",
]
