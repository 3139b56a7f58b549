"""Business cases made up for tests: random numbers in the shape of a model, with a grid of their own."""

from datetime import date

import numpy as np

from reports.finance.case import ByPerson, CaseModel, Differing, People, Spent, Varying
from reports.finance.months import months_later
from sim.headcount.surface import USUAL, Errors, Response

GROUPS = ("calls", "mails")


def response(rng: np.random.Generator, scale: float = 4000.0) -> Response:
    """A grid in which more effect takes fewer hours, and more work takes more, with pairs that interact."""
    groups = len(GROUPS)
    fall = -np.linspace(-0.5, 0.25, 7)[:, None] * scale * rng.uniform(0.2, 1.0, groups)
    rise = np.linspace(-0.15, 0.15, 7)[:, None] * 4 * scale * rng.uniform(0.5, 1.0, groups)
    pairs = {pair: rng.normal(0.0, 60.0, (7, 7, groups)) for pair in ((0, 1), (0, 2), (1, 2))}
    for (i, j), table in pairs.items():
        at = [axis.index(1.0) for axis in USUAL]
        table[at[i], :] = 0.0
        table[:, at[j]] = 0.0
    effect = fall - fall[4] + rng.normal(0, 20.0, (7, groups))
    effect[4] = 0.0
    none = np.zeros((1, groups))
    errors = Errors(((0.1, 1.0, 1.0),), none + 10.0, none)
    return Response(
        GROUPS, USUAL, np.full(groups, 3 * scale), (effect, rise, rise * 0.9), pairs,
        {}, 100.0, errors, none[:0], (), 10, 10, 2,
    )  # fmt: skip


def model(seed: int, months: int = 24, holds: str = "service") -> CaseModel:
    """A random case of two groups, with every kind of line."""
    rng = np.random.default_rng(seed)
    start = date(2026, 1, 1)
    people = tuple(
        People(
            name, float(rng.uniform(2, 12)), 38.0, float(rng.integers(15, 40)), float(rng.uniform(0, 0.4)),
            float(rng.uniform(0, 0.1)), float(rng.uniform(0, 0.6)), int(rng.integers(0, 2)),
            int(rng.integers(0, 3)), float(rng.integers(0, 5000)), float(rng.integers(0, 300)),
        )
        for name in GROUPS
    )  # fmt: skip
    varying = (
        Varying("telephony", rng.uniform(100, 500, (3, months)), 0.117, "minute", False, 0.03),
        Varying("late", rng.uniform(1, 5, (3, months)), 20.0, "late resolution", True, 0.0),
        Varying(
            "vendor: partner", rng.uniform(10, 50, (3, months)), 5.5, "contact", False, 0.025, 3, (GROUPS[0],)
        ),
    )
    spent = (
        Spent("build", float(rng.integers(1000, 60000)), date(2026, 2, 10)),
        Spent("licence", float(rng.integers(100, 3000)), None),
    )
    labels = [months_later(start, n) for n in range(months)]
    return CaseModel(
        "USD", tuple(f"{day.year}-{day.month:02d}" for day in labels), start, date(2026, 3, 11),
        float(rng.integers(0, 6)), holds, people, response(rng), varying,
        (Differing("bot", rng.uniform(-500, -100, (3, months)), rng.uniform(-900, -500, (3, months)), None),),
        (ByPerson("desks", 190.0, 2.0, 0.02, GROUPS[:1]),), spent,
        np.array([float(day.year - 2026) for day in labels]), 0.025, 0.08,
    )  # fmt: skip
