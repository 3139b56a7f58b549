"""Versions made by hand, so that comparisons are tested without an engine."""

import zlib
from collections.abc import Mapping

import numpy as np
import pandas as pd

from reports.comparison import Version
from scenarios import Scenario, loads
from scenarios.targets import Goal, own_goals
from sim.pairing import Key, Samples, residuals
from tests.reports.conftest import TEXT, frame

N = 20
UNITS = {
    "offered": "contacts",
    "handled": "contacts",
    "abandoned": "contacts",
    "service_level": "share",
    "abandonment": "share",
    "occupancy": "share",
    "asa": "s",
    "people_cost": "USD",
}

# measure, scope, name: mean of the first version, and its spread
FIGURES: dict[Key, tuple[float, float]] = {
    ("offered", "queue", "phone"): (1152.0, 30.0),
    ("handled", "queue", "phone"): (1100.0, 28.0),
    ("abandoned", "all", "all"): (52.0, 5.0),
    ("service_level", "queue", "phone"): (0.78, 0.01),
    ("service_level", "queue", "mail"): (0.95, 0.01),
    ("asa", "queue", "phone"): (20.0, 1.0),
    ("occupancy", "all", "all"): (0.80, 0.01),
    ("people_cost", "all", "all"): (7200.0, 0.0),
}


def version(
    label: str,
    shift: Mapping[Key, float] | None = None,
    *,
    noise: float = 0.05,
    n: int = N,
    seed: int = 1,
    scenario: Scenario | None = None,
    figures: Mapping[Key, tuple[float, float]] = FIGURES,
) -> Version:
    """A version whose replications have the chances of all others; `shift` moves means.

    `noise`, in spreads of a figure, is what this version does not share with others.
    """
    common, own = np.random.default_rng(1), np.random.default_rng(zlib.crc32(label.encode()))
    columns = []
    for key, (mean, spread) in figures.items():
        moved = mean + (shift or {}).get(key, 0.0)
        own_part = noise * own.normal(size=N) if shift else np.zeros(N)
        columns.append((moved + spread * (common.normal(size=N) + own_part))[:n])
    return from_values(label, list(figures), np.array(columns).T, seed, scenario or loads(TEXT))


def from_values(label: str, keys: list[Key], above: "np.ndarray", seed: int, scenario: Scenario) -> Version:
    """A version of plain means [replication, key]."""
    samples = Samples(tuple(keys), above, np.ones(above.shape))
    ratios, errors = residuals(samples.above, samples.below)
    se = np.sqrt((errors**2).sum(axis=0) / max(len(above) - 1, 1) / len(above))
    rows = [
        (*key, None, mean, e, mean - 2 * e, mean + 2 * e, UNITS[key[0]])
        for key, mean, e in zip(keys, ratios.tolist(), se.tolist(), strict=True)
    ]
    return Version(
        label,
        scenario,
        seed,
        len(above),
        "fast",
        "0.1.0",
        frame(list(rows)),
        frame([]),
        sample_table(samples),
        held(scenario, dict(zip(keys, ratios.tolist(), strict=True))),
    )


def held(scenario: Scenario, figures: Mapping[Key, float]) -> pd.DataFrame:
    """As `Result.attainment`: the queues' targets hold in all periods, or in none, as their means say."""
    rows = []
    for goal in own_goals(scenario).values():
        share = float(figures.get((goal.measure, goal.scope, goal.name), 0.0) >= goal.value)
        rows.append((*goal, share, share, share))
    return pd.DataFrame(rows, columns=[*Goal._fields, "attained", "low", "high"])


def sample_table(samples: Samples) -> pd.DataFrame:
    """As `Result.samples`."""
    rows = [
        (n, *key, float(a), float(b))
        for n, (above, below) in enumerate(zip(samples.above, samples.below, strict=True))
        for key, a, b in zip(samples.keys, above, below, strict=True)
    ]
    return pd.DataFrame(rows, columns=["replication", "measure", "scope", "name", "above", "below"])
