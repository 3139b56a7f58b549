"""A rate that changes within the reporting interval: held against the Kolmogorov equations."""

from typing import Any, Final

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

import scenarios
from sim.experiment import run_scenario

from .days import one_line

Floats = NDArray[np.float64]

AGENTS: Final = 5
MOST: Final = 150  # in the system; the chance of more is nil
SERVICE_S: Final = 150.0
PATIENCE_S: Final = 200.0
INTERVAL_S: Final = 1800.0
INTERVALS: Final = 8


def wave_per_s(t: float) -> float:
    """200 an hour on the mean, 150 up and down, every two hours."""
    return float(200.0 + 150.0 * np.sin(2.0 * np.pi * t / 7200.0)) / 3600.0


def steps_per_s(t: float) -> float:
    """300 an hour from 10 to 40 minutes after each even hour, 100 else: edges within intervals."""
    return (300.0 if 600.0 <= t % 7200.0 < 2400.0 else 100.0) / 3600.0


def exact(rate: Any) -> tuple[Floats, Floats]:
    """Mean occupancy and mean queue of each interval of M(t)/M/5+M, started empty."""
    n = np.arange(MOST + 1)
    busy, queue = np.minimum(n, AGENTS), np.maximum(n - AGENTS, 0)
    leave = busy / SERVICE_S + queue / PATIENCE_S

    def flow(t: float, y: Floats) -> Floats:
        p = y[: MOST + 1]
        up, down = rate(t) * p, leave * p
        up[-1] = 0.0
        change = -up - down
        change[1:] += up[:-1]
        change[:-1] += down[1:]
        return np.concatenate([change, [busy @ p, queue @ p]])

    y = np.zeros(MOST + 3)
    y[0] = 1.0
    found = []
    for start in np.arange(0.0, INTERVALS * INTERVAL_S, 300.0):  # the steps have their edges at these
        ends = (start, start + 300.0)
        y = solve_ivp(flow, ends, y, method="LSODA", rtol=1e-9, atol=1e-12, max_step=60.0).y[:, -1]
        found.append(y[-2:])
    sums = np.diff(np.array([np.zeros(2), *found])[:: int(INTERVAL_S // 300)], axis=0) / INTERVAL_S
    return sums[:, 0] / AGENTS, sums[:, 1]


STEPS = {
    f"{h:02d}:{a}-{g:02d}:{b}": n
    for h in range(0, 24, 2)
    for a, g, b, n in (("00", h, "10", 100), ("10", h, "40", 300), ("40", h + 2, "00", 100))
}
CASES: Final[dict[str, tuple[Any, Any]]] = {
    "wave": (
        wave_per_s,
        {"sinusoid": {"mean": "200 per hour", "amplitude": "150 per hour", "period": "2 h"}},
    ),
    "steps": (steps_per_s, {"by_interval": {"per": "hour", "daily": STEPS}}),
}


@pytest.mark.parametrize("name", CASES)
def test_rates_that_change_within_an_interval(name: str) -> None:
    """16 figures a case; with |z| <= 4.5, one right engine in 6,000 would fail here."""
    rate, arrivals = CASES[name]
    handle_time, patience = ({"exponential": f"{mean_s} s"} for mean_s in (SERVICE_S, PATIENCE_S))
    spec = one_line({"interval": "30 min"}, arrivals, AGENTS, handle_time, {"patience": patience})
    scenario = scenarios.from_dict({"careloop": 1, "name": name, **spec})
    table = run_scenario(scenario, replications=300).intervals
    for measure, scope, values in zip(
        ("occupancy", "mean_queue"), ("group", "queue"), exact(rate), strict=True
    ):
        rows = table[(table["measure"] == measure) & (table["scope"] == scope)].head(INTERVALS)
        z = (rows["mean"].to_numpy() - values) / rows["se"].to_numpy()
        assert np.abs(z).max() <= 4.5, (measure, z.round(1))
