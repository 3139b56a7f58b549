"""Newton's method for a weighted log-linear fit, compiled: sums in one order, the same on every machine.

Rows of days are [day, 7]: what was counted, the total of cause and control (below 0: there is no control),
the weight, the offset, and then, as filled in here, logs, mean and information. Matrices are symmetric and
positive, and solved by Cholesky's factor in place.
"""

from math import exp, log, log1p, sqrt
from typing import Final

import numpy as np

from sim.jit import code, compiled, routine

COUNT, TOTAL, WEIGHT, OFFSET, LOGS, MEAN, INFORMATION = range(7)
WIDTH: Final = 7
_STEPS: Final = code(25)  # at most
_ENOUGH: Final = 1e-7  # quasi-likelihood still to be gained: of no account beside a scale near 1
_LONGEST: Final = 3.0  # a step in any coefficient, which is a logarithm
_RIDGE: Final = 1e-10  # where a level is at minus infinity, its information vanishes
_FARTHEST: Final = 30.0  # a logarithm of a mean or of odds


@routine
def fill(rows: np.ndarray, columns: np.ndarray, at: np.ndarray) -> None:
    """Logs, means and information of all days at some coefficients."""
    for t in range(rows.shape[0]):
        logs = rows[t, OFFSET]
        for k in range(at.size):
            logs += columns[t, k] * at[k]
        logs = min(max(logs, -_FARTHEST), _FARTHEST)
        rows[t, LOGS] = logs
        if rows[t, TOTAL] < 0.0:
            rows[t, MEAN] = rows[t, INFORMATION] = exp(logs)
        else:
            share = 1.0 / (1.0 + exp(-logs))
            rows[t, MEAN] = rows[t, TOTAL] * share
            rows[t, INFORMATION] = rows[t, MEAN] * (1.0 - share)


@routine
def bend(rows: np.ndarray, columns: np.ndarray, curvature: np.ndarray) -> None:
    """The curvature of the quasi-likelihood: [column, column]."""
    n = curvature.shape[0]
    for i in range(n):
        for j in range(i + 1):
            found = 0.0
            for t in range(rows.shape[0]):
                found += rows[t, WEIGHT] * rows[t, INFORMATION] * columns[t, i] * columns[t, j]
            curvature[i, j] = curvature[j, i] = found
        curvature[i, i] += _RIDGE


@routine
def factor(matrix: np.ndarray, lower: np.ndarray) -> None:
    """Cholesky's factor of a matrix, in the lower half of `lower`."""
    for i in range(matrix.shape[0]):
        for j in range(i + 1):
            found = matrix[i, j]
            for k in range(j):
                found -= lower[i, k] * lower[j, k]
            lower[i, j] = sqrt(max(found, 1e-300)) if i == j else found / lower[j, j]


@routine
def solve_with(lower: np.ndarray, right: np.ndarray) -> None:
    """Solve for one right side, in its place."""
    n = right.size
    for i in range(n):
        found = right[i]
        for k in range(i):
            found -= lower[i, k] * right[k]
        right[i] = found / lower[i, i]
    for back in range(n):
        i = n - 1 - back
        found = right[i]
        for k in range(i + 1, n):
            found -= lower[k, i] * right[k]
        right[i] = found / lower[i, i]


@compiled
def climb(
    rows: np.ndarray, columns: np.ndarray, at: np.ndarray, curvature: np.ndarray, room: np.ndarray
) -> None:
    """Move the coefficients `at` to the top of the hill; rows and curvature are those of the top.

    `room` is [column + 2, column]: the factor, then the step, then the slope.
    """
    n = at.size
    fill(rows, columns, at)
    bend(rows, columns, curvature)
    for _ in range(_STEPS):
        step = room[n]
        for k in range(n):
            found = 0.0
            for t in range(rows.shape[0]):
                found += rows[t, WEIGHT] * (rows[t, COUNT] - rows[t, MEAN]) * columns[t, k]
            step[k] = found
            room[n + 1, k] = found
        factor(curvature, room)
        solve_with(room, step)
        gain = 0.0
        for k in range(n):
            gain += step[k] * room[n + 1, k]
        for k in range(n):
            at[k] += min(max(step[k], -_LONGEST), _LONGEST)
        fill(rows, columns, at)
        bend(rows, columns, curvature)
        if gain < _ENOUGH:
            return


@compiled
def height_of(rows: np.ndarray) -> float:
    """The weighted quasi-likelihood, but for what does not depend on coefficients."""
    found = 0.0
    for t in range(rows.shape[0]):
        logs = rows[t, LOGS]
        if rows[t, TOTAL] < 0.0:
            found += rows[t, WEIGHT] * (rows[t, COUNT] * logs - rows[t, MEAN])
        else:
            spread = logs + log1p(exp(-logs)) if logs > 0.0 else log1p(exp(logs))
            found += rows[t, WEIGHT] * (rows[t, COUNT] * logs - rows[t, TOTAL] * spread)
    return found


@compiled
def solve(matrix: np.ndarray, right: np.ndarray, lower: np.ndarray) -> float:
    """Solve for each row of `right`, in its place; returns the logarithm of the determinant."""
    factor(matrix, lower)
    for i in range(right.shape[0]):
        solve_with(lower, right[i])
    found = 0.0
    for k in range(matrix.shape[0]):
        found += 2.0 * log(lower[k, k])
    return found
