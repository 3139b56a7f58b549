"""Replications one by one: they add up to the measures, and are the same on any number of workers."""

import numpy as np
import pytest

from scenarios.case_definitions import CASE_QUANTILES
from scenarios.definitions import QUANTILES
from sim.experiment import Result, run_scenario, run_together
from sim.pairing import samples_of
from tests.sim import random_scenarios

KEY = ["measure", "scope", "name"]


@pytest.mark.parametrize("seed", range(4))
def test_samples_add_up_to_the_measures(seed: int) -> None:
    result = run_scenario(random_scenarios.scenario(seed), replications=5)
    usual = result.samples[~result.samples["measure"].isin([*QUANTILES, *CASE_QUANTILES])]
    usual = usual.astype(dict.fromkeys(KEY, str))
    sums = usual.groupby(KEY)[["above", "below"]].sum()
    ratios = (sums["above"] / sums["below"].where(sums["below"] != 0)).dropna()
    means = result.measures.astype(dict.fromkeys(KEY, str)).set_index(KEY)["mean"]
    means = means[~means.index.get_level_values(0).isin([*QUANTILES, *CASE_QUANTILES])]
    assert set(means.index) == set(ratios.index)
    assert np.allclose(means, ratios[means.index], rtol=1e-9, atol=1e-12)
    assert len(means) > 30


def test_counts_are_their_own_samples() -> None:
    result = run_scenario(random_scenarios.scenario(1), replications=4)
    offered = result.samples.query("measure == 'offered' and scope == 'queue'")
    counts = result.counts[result.counts["scope"] == "queue"]
    assert offered["above"].tolist() == counts["offered"].tolist()
    assert offered["name"].tolist() == counts["name"].tolist()
    assert set(offered["below"]) == {1.0}


def test_quantiles_are_values_over_one_or_nothing_over_nothing() -> None:
    result = run_scenario(random_scenarios.scenario(2), replications=4)
    found = result.samples[result.samples["measure"].isin(list(QUANTILES))]
    assert set(found["below"]) <= {0.0, 1.0}
    assert (found.loc[found["below"] == 0, "above"] == 0).all()
    where = ["replication", "scope", "name"]
    both = found.astype(dict.fromkeys(KEY, str)).merge(result.counts, on=where)
    assert len(both) == len(found)
    assert ((both["answered"] > 0) == (both["below"] == 1)).all()


def test_every_replication_has_the_same_rows() -> None:
    result = run_scenario(random_scenarios.scenario(3), replications=3)
    assert list(result.samples.columns) == ["replication", *KEY, "above", "below"]
    parts = [part[KEY].astype(str).to_numpy() for _, part in result.samples.groupby("replication")]
    assert len(parts) == 3
    assert all((part == parts[0]).all() for part in parts)
    samples = samples_of(result.samples)
    assert samples.above.shape == (3, len(parts[0]))
    assert samples.keys[5] == tuple(parts[0][5])


def test_the_first_replications_do_not_depend_on_how_many_follow() -> None:
    scenario = random_scenarios.scenario(4)
    few, many = (run_scenario(scenario, replications=n, workers=w) for n, w in ((2, 1), (5, 3)))
    assert few.samples.equals(many.samples.iloc[: len(few.samples)])


def together(workers: int) -> list[Result]:
    pair = [random_scenarios.scenario(5), random_scenarios.scenario(6)]
    auto = [
        each.model_copy(
            update={"run": each.run.model_copy(update={"max_replications": n, "half_width": 1e-9})}
        )
        for each, n in zip(pair, (12, 15), strict=True)
    ]
    return run_together(auto, "auto", 3, workers)


def test_auto_ends_with_the_same_number_for_all() -> None:
    """The first stops at 12, the second at 15: the first goes on to 15, as if it had been asked for 15."""
    for found, alone in zip(together(1), together(3), strict=True):
        assert found.replications == 15
        again = run_scenario(found.scenario, replications=15, seed=3)
        for table in ("measures", "intervals", "counts", "samples"):
            assert getattr(found, table).equals(getattr(again, table))
            assert getattr(found, table).equals(getattr(alone, table))
