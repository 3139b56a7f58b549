"""Volumes learned from the days passed, against arithmetic and against a posterior by brute force."""

import math

import numpy as np
import pytest

from scenarios import from_dict
from scenarios.model import Scenario
from sim.asof.learned import Learned, learn, volumes
from sim.compile import run_key
from sim.uncertain import factors

_SURE = 4.0  # |z|: false alarms 1 in 16,000


def scenario(**uncertainty: str) -> Scenario:
    streams = {
        name: {"queue": "q", "arrivals": {"rate": "6 per h"}, "handle_time": {"exponential": "1 min"}}
        for name in ("a", "b")
    }
    errors = {
        ("arrivals" if path == "common" else f"streams.{path}.arrivals"): e for path, e in uncertainty.items()
    }
    return from_dict(
        {
            "careloop": 1,
            "name": "Two streams",
            "service_level": "offered",
            "calendar": {"start": "2026-01-05", "days": 1},
            "streams": streams,
            "queues": {"q": {}},
            "groups": {"g": {"skills": ["q"], "agents": 2}},
            "uncertainty": errors,
            "run": {"uncertainty": "on", "replications": 2},
        }
    )


def counted(of: Scenario, n: int, expected: float, chance: float, seed: int = 1) -> np.ndarray:
    """Contacts [replication, stream]: what is expected, times the replication's own volume, times chance."""
    rng = np.random.default_rng(seed)
    rows = []
    for replication in range(n):
        drawn = factors(of, run_key(1, replication))
        whole = drawn.get("arrivals", 1.0)
        rows.append([expected * whole * drawn.get(f"streams.{name}.arrivals", 1.0) for name in ("a", "b")])
    return np.round(np.array(rows) * np.exp(rng.normal(0.0, chance, (n, 2)))).astype(np.int64)


def learned(of: Scenario, seen: tuple[int, int], counts: np.ndarray) -> Learned:
    found = learn(of, 1, ("a", "b"), np.array(seen), counts)
    assert found is not None
    return found


def test_a_volume_is_between_what_was_believed_and_what_came() -> None:
    """Prior error 20 %, chance 10 %, so that the weight of what came is v / (v + w) with v = log 1.04 and
    w = 0.01; 30 % more contacts than expected came. The posterior mean by hand, within the error of 4,000
    replications of which the chance is estimated."""
    of = scenario(a="20%")
    found = learned(of, (13_000, 10_000), counted(of, 4_000, 10_000.0, 0.1))
    v, w = math.log1p(0.04), 0.01
    weight = v / (v + w)
    middle = -v / 2 + weight * (math.log(1.3) + v / 2)
    left = v * w / (v + w)
    assert found.of_streams["a"].mean == pytest.approx(math.exp(middle + left / 2), rel=0.01)
    assert found.of_streams["a"].high == pytest.approx(math.exp(middle + 1.96 * math.sqrt(left)), rel=0.01)
    assert found.of_streams["a"].low == pytest.approx(math.exp(middle - 1.96 * math.sqrt(left)), rel=0.01)
    assert set(found.of_streams) == {"a"}


def test_draws_of_the_replications_are_draws_of_the_posterior() -> None:
    """Their logarithms have its mean and its variance."""
    of, n = scenario(a="20%"), 4_000
    found = learned(of, (13_000, 10_000), counted(of, n, 10_000.0, 0.1))
    path = "streams.a.arrivals"
    after = np.array([math.log(factors(of, run_key(1, r))[path] * found.of(r)[path]) for r in range(n)])
    v, w = math.log1p(0.04), 0.01
    left = v * w / (v + w)
    middle = -v / 2 + v / (v + w) * (math.log(1.3) + v / 2)
    assert abs(after.mean() - middle) <= _SURE * math.sqrt(left / n) + 0.005  # the weight has an error too
    assert after.var(ddof=1) == pytest.approx(left, rel=_SURE * math.sqrt(2 / n) + 0.02)


def test_a_common_level_and_two_of_their_own_against_a_sum_over_a_grid() -> None:
    """Streams that both had more contacts say that all may; the posterior by brute force on three axes."""
    of = scenario(a="10%", b="20%", common="15%")
    chance = 0.08
    found = learned(of, (12_000, 11_000), counted(of, 8_000, 10_000.0, chance))
    variances = [math.log1p(e * e) for e in (0.10, 0.20, 0.15)]
    axes = [np.linspace(-v / 2 - 6 * math.sqrt(v), -v / 2 + 6 * math.sqrt(v), 121) for v in variances]
    a, b, whole = np.meshgrid(*axes, indexing="ij")
    log = sum(-((x + v / 2) ** 2) / (2 * v) for x, v in zip((a, b, whole), variances, strict=True))
    # Contacts of the counted are rounded; chance is normal on logarithms, and the same for both streams.
    log = (
        log
        - (math.log(1.2) - a - whole) ** 2 / (2 * chance**2)
        - (math.log(1.1) - b - whole) ** 2 / (2 * chance**2)
    )
    weight = np.exp(log - log.max())
    for name, own in (("a", a), ("b", b)):
        mean = float((np.exp(own + whole) * weight).sum() / weight.sum())
        assert found.of_streams[name].mean == pytest.approx(mean, rel=0.01)


def test_where_nothing_is_uncertain_nothing_is_learned() -> None:
    of = scenario(a="20%")
    off = of.model_copy(update={"run": of.run.model_copy(update={"uncertainty": False})})
    counts = counted(of, 20, 1_000.0, 0.1)
    assert learn(off, 1, ("a", "b"), np.array([1_300, 1_000]), counts) is None


def test_what_chance_alone_may_do_teaches_little() -> None:
    """Where chance is ten times what is unknown of a volume, twice the contacts move it by a hundredth."""
    of = scenario(a="2%")
    found = learned(of, (200, 100), counted(of, 2_000, 100.0, 0.2))
    assert found.of_streams["a"].mean == pytest.approx(1.0, abs=0.015)


def test_no_contact_at_all_is_a_count_too() -> None:
    found = learned(scenario(a="20%"), (0, 100), counted(scenario(a="20%"), 200, 100.0, 0.1))
    assert 0.0 < found.of_streams["a"].mean < 0.2


def test_volumes_beside_what_was_planned() -> None:
    """Of 39 replications the first and the last are the bounds of 95 %: k / (n + 1) = 2.5 %."""
    counts = np.array([[100 + n, 50] for n in range(39)])
    a, b = volumes(("a", "b"), 30, np.array([139, 50]), counts, None)
    assert (a.expected, a.low, a.high, a.is_outside) == (119.0, 100.0, 138.0, True)
    assert (b.seen, b.low, b.high, b.is_outside, b.learned) == (50, 50.0, 50.0, False, None)
