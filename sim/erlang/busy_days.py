"""Days some of which are busier than others: the exact course on average over a gamma busyness."""

import numpy as np
from scipy import special

from sim.erlang.arguments import POSITIVE, checked
from sim.erlang.day import Course, Day
from sim.erlang.transient import transient

# The figures bend where a day becomes too busy for its staff, so the error of n nodes falls slowly there: of
# the mean wait of an overloaded day, 7e-7 with 20 and 1e-8 with 40; elsewhere far less.
NODES = 20


def over_busyness(day: Day, cv: float, within_s: float = 20.0, *, nodes: int = NODES) -> Course:
    """The course of a day whose rates are all multiplied by one gamma factor of mean 1, on average over it.

    `cv` is the coefficient of variation of the factor. Gauss-Laguerre with the weight x^(1/cv² - 1) exp(-x)
    (Golub and Welsch 1969); every column of a course is an expectation and so may be averaged, and ratios
    are to be taken of the averages. ValueError for arguments outside their domains.
    """
    shape = float(checked("cv", cv, POSITIVE)) ** -2
    if nodes < 1:
        raise ValueError(f"nodes: {nodes} is not allowed; give at least 1")
    factors, weights = special.roots_genlaguerre(nodes, shape - 1.0)
    per_hour = np.asarray(day.per_hour, float)
    courses = [transient(day._replace(per_hour=per_hour * f / shape), within_s) for f in factors]
    shares = weights / weights.sum()
    return Course(*(np.tensordot(shares, np.stack(column), 1) for column in zip(*courses, strict=True)))
