"""Laws made longer: the mean grows by as much, the shape stays."""

from typing import Any

import pytest

from calibration.laws import longer, mean_s
from scenarios.distributions import read_distribution
from scenarios.fields import Door

LAWS: dict[str, dict[str, Any]] = {
    "lognormal": {"lognormal": {"mean": "250 s", "cv": 0.72}},
    "gamma": {"gamma": {"mean": "4 min", "cv": 0.5}},
    "gamma by shape": {"gamma": {"mean": "4 min", "shape": 2}},
    "weibull": {"weibull": {"mean": "5 min", "shape": 1.4}},
    "weibull by scale": {"weibull": {"scale": "5 min", "shape": 1.4}},
    "erlang": {"erlang": {"mean": "5 min", "k": 3}},
    "exponential": {"exponential": "3 min"},
    "exponential by mean": {"exponential": {"mean": "3 min"}},
    "deterministic": {"deterministic": "100 s"},
    "hyperexponential": {
        "hyperexponential": [{"share": "25%", "mean": "1 min"}, {"share": "75%", "mean": "6 min"}]
    },
    "hyperexponential by cv": {"hyperexponential": {"mean": "5 min", "cv": 1.7}},
    "empirical": {"empirical": {"0%": "2 s", "50%": "100 s", "90%": "4 min", "100%": "20 min"}},
}


@pytest.mark.parametrize("law", LAWS.values(), ids=LAWS)
@pytest.mark.parametrize("seconds", [0.25, 12.0, 900.0])
def test_the_mean_grows_by_as_much(law: dict[str, Any], seconds: float) -> None:
    found = longer(law, seconds)
    assert mean_s(found) == pytest.approx(mean_s(law) + seconds, rel=1e-4)
    before, after = (read_distribution(dict(each), Door()) for each in (law, found))
    assert (before.kind, before.cv, before.shape, before.k) == (after.kind, after.cv, after.shape, after.k)
    factor = mean_s(found) / mean_s(law)
    assert [phase.share for phase in before.phases] == [phase.share for phase in after.phases]
    assert [phase.mean_s * factor for phase in before.phases] == pytest.approx(
        [phase.mean_s for phase in after.phases], rel=1e-4
    )
    assert [each.value_s + seconds for each in before.quantiles] == pytest.approx(
        [each.value_s for each in after.quantiles], rel=1e-4
    )


@pytest.mark.parametrize("law", LAWS.values(), ids=LAWS)
@pytest.mark.parametrize("seconds", [0.0, -5.0])
def test_nothing_more_changes_nothing(law: dict[str, Any], seconds: float) -> None:
    assert longer(law, seconds) == law
