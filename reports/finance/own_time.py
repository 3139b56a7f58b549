"""Which group worked for which queue: time that was counted by group and by queue, put together.

Contacts that are handled once are worked on in the queue that they joined, by groups with that skill. What is
counted is the time of each group and of each queue; between them time is spread as evenly as both allow
(iterative proportional fitting: Deming and Stephan 1940, "On a least squares adjustment of a sampled
frequency table"). Where each queue has a team of its own, that is exact.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np

from reports.finance.quantities import Quantities
from scenarios.related import has_cases, skills
from sim.measure import Floats

_ROUNDS: Final = 200
_NEAR: Final = 1e-12


Times = Mapping[str, Mapping[str, float]]
"""Seconds of work by group, and by queue of each."""


def times_by_queue(found: Quantities) -> Times | None:
    """Whose time went where; None where contacts become cases, whose work goes on elsewhere."""
    scenario = found.scenario
    if has_cases(scenario):
        return None
    groups, queues = list(scenario.groups), list(scenario.queues)
    table = np.array([[float(queue in skills(scenario, name)) for queue in queues] for name in groups])
    fitted = fit(table, _busy(found, groups), _handled(found, queues))
    rows = zip(groups, fitted.tolist(), strict=True)
    return {name: dict(zip(queues, row, strict=True)) for name, row in rows}


def _busy(found: Quantities, groups: list[str]) -> Floats:
    """Seconds handled by each group."""
    return np.array([float(found.sums("aht", "group", name).mean(axis=0).sum()) for name in groups])


def _handled(found: Quantities, queues: list[str]) -> Floats:
    return np.array([float(found.sums("aht", "queue", name).mean(axis=0).sum()) for name in queues])


def fit(table: Floats, rows: Floats, columns: Floats) -> Floats:
    """A table with the sums of these rows, and as nearly as can be of these columns; zeros stay zeros."""
    found = table.astype(float)
    for _ in range(_ROUNDS):
        found = _scaled(found, columns, 0)
        after = _scaled(found, rows, 1)
        if np.abs(after - found).max(initial=0.0) <= _NEAR * max(float(rows.sum()), 1.0):
            return after
        found = after
    return found


def _scaled(table: Floats, wanted: Floats, axis: int) -> Floats:
    sums = table.sum(axis=axis)
    factors = np.divide(wanted, sums, out=np.zeros_like(sums), where=sums > 0)
    scaled: Floats = table * (factors[None, :] if axis == 0 else factors[:, None])
    return scaled
