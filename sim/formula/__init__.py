"""A scenario evaluated by formulas alone: what is to be expected of it, and what the formulas leave out."""

from sim.formula.horizon import Horizon, horizon_of, over_horizon, overloaded
from sim.formula.remarks import Remarks, remarks_of
from sim.formula.run import ENGINE, Evaluated, evaluated, result_of, run_formula

__all__ = [
    "ENGINE",
    "Evaluated",
    "Horizon",
    "Remarks",
    "evaluated",
    "horizon_of",
    "over_horizon",
    "overloaded",
    "remarks_of",
    "result_of",
    "run_formula",
]
