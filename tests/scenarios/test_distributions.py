"""Each kind of distribution, in each of its forms."""

import math

import pytest

from scenarios.distributions import KINDS, Distribution, read_distribution, read_patience
from scenarios.fields import Door
from scenarios.problems import findings_of


def read(raw: object) -> Distribution:
    """Read a distribution as a file gives it."""
    return read_distribution(raw, Door())


@pytest.mark.parametrize(
    ("raw", "kind", "expected"),
    [
        ({"exponential": "4 min"}, "exponential", {"mean_s": 240.0}),
        ({"exponential": {"mean": "4 min"}}, "exponential", {"mean_s": 240.0}),
        ({"deterministic": "3 min"}, "deterministic", {"mean_s": 180.0}),
        ({"lognormal": {"mean": "6 min", "cv": 0.9}}, "lognormal", {"mean_s": 360.0, "cv": 0.9}),
        ({"lognormal": {"mean": "6 min", "cv": "90%"}}, "lognormal", {"mean_s": 360.0, "cv": 0.9}),
        ({"gamma": {"mean": "6 min", "cv": 0.5}}, "gamma", {"mean_s": 360.0, "cv": 0.5, "shape": 4.0}),
        ({"gamma": {"mean": "6 min", "shape": 4}}, "gamma", {"mean_s": 360.0, "cv": 0.5, "shape": 4.0}),
        ({"weibull": {"mean": "5 min", "shape": 1.4}}, "weibull", {"mean_s": 300.0, "shape": 1.4}),
        ({"weibull": {"scale": "100 s", "shape": 0.5}}, "weibull", {"mean_s": 200.0, "shape": 0.5}),
        ({"erlang": {"mean": "6 min", "k": 2}}, "erlang", {"mean_s": 360.0, "k": 2}),
    ],
)
def test_forms(raw: object, kind: str, expected: dict[str, float]) -> None:
    distribution = read(raw)
    assert distribution.kind == kind
    assert {key: getattr(distribution, key) for key in expected} == pytest.approx(expected)


def test_balanced_means_have_the_mean_and_the_variation_asked_for() -> None:
    distribution = read({"hyperexponential": {"mean": "6 min", "cv": 2}})
    (p1, m1), (p2, m2) = distribution.phases
    second_moment = 2 * (p1 * m1**2 + p2 * m2**2)
    assert p1 * m1 == pytest.approx(p2 * m2)
    assert distribution.mean_s == pytest.approx(360.0)
    assert math.sqrt(second_moment - 360.0**2) / 360.0 == pytest.approx(2.0)


def test_phases_as_written() -> None:
    distribution = read(
        {"hyperexponential": [{"share": "75%", "mean": "20 s"}, {"share": "25%", "mean": "100 s"}]}
    )
    assert distribution.phases == ((0.75, 20.0), (0.25, 100.0))
    assert distribution.mean_s == pytest.approx(40.0)


def test_shares_that_miss_one_by_rounding_are_made_to_sum_to_one() -> None:
    third = {"share": 0.3333333, "mean": "1 min"}
    distribution = read({"hyperexponential": [third, third, third]})
    assert math.fsum(phase.share for phase in distribution.phases) == pytest.approx(1.0, abs=1e-15)
    assert distribution.mean_s == pytest.approx(60.0, rel=1e-12)


def test_empirical_mean_is_the_area_under_straight_lines() -> None:
    distribution = read({"empirical": {"100%": "20 s", "0%": "10 s", "50%": "12 s"}})
    assert distribution.quantiles == ((0.0, 10.0), (0.5, 12.0), (1.0, 20.0))
    assert distribution.mean_s == pytest.approx(0.5 * 11 + 0.5 * 16)


def test_balk_stands_beside_the_kind_of_patience() -> None:
    patience = read_patience({"exponential": "4 min", "balk": "2%"}, Door())
    assert (patience.kind, patience.mean_s, patience.balk) == ("exponential", 240.0, 0.02)


@pytest.mark.parametrize(
    ("raw", "place", "words"),
    [
        ("6 min", (), "write {exponential: 6 min}"),
        (6, (), "names no distribution"),
        ({}, (), "names no distribution; name one of exponential"),
        ({"lognorml": {}}, ("lognorml",), "did you mean 'lognormal'"),
        ({"exponential": "4 min", "gamma": {}}, (), "names 2 distributions"),
        ({"exponential": "4 min", "balk": "2%"}, ("balk",), "is not a distribution"),
        ({"exponential": 4}, ("exponential",), "has no unit"),
        ({"exponential": "0 s"}, ("exponential",), "longer than zero"),
        ({"exponential": {"men": "4 s"}}, ("exponential", "men"), "did you mean 'mean'"),
        ({"lognormal": "6 min"}, ("lognormal",), "write {lognormal: {mean: 6 min, cv: 0.9}}"),
        ({"lognormal": {"mean": "6 min"}}, ("lognormal", "cv"), "is missing"),
        ({"lognormal": {"mean": "6 min", "cv": 0}}, ("lognormal", "cv"), "is below 0.0001"),
        ({"gamma": {"mean": "6 min"}}, ("gamma",), "either cv or shape"),
        ({"gamma": {"mean": "6 min", "cv": 1, "shape": 1}}, ("gamma",), "either cv or shape"),
        ({"weibull": {"mean": "6 min", "shape": 0.05}}, ("weibull", "shape"), "below 0.1"),
        ({"weibull": {"shape": 1}}, ("weibull",), "either mean or scale"),
        ({"erlang": {"mean": "6 min", "k": 2.5}}, ("erlang", "k"), "not a whole number"),
        ({"erlang": {"mean": "6 min", "k": 0}}, ("erlang", "k"), "outside 1 to 1000"),
        ({"hyperexponential": {"mean": "6 min", "cv": 1}}, ("hyperexponential", "cv"), "not above 1"),
        ({"hyperexponential": []}, ("hyperexponential",), "has 0 phases"),
        (
            {"hyperexponential": [{"share": 0.5, "mean": "1 s"}, {"share": 0.4, "mean": "1 s"}]},
            ("hyperexponential",),
            "sum to 90",
        ),
        ({"hyperexponential": [{"share": 2, "mean": "1 s"}]}, ("hyperexponential", 0, "share"), "outside"),
        ({"empirical": "6 min"}, ("empirical",), "map of quantiles"),
        ({"empirical": {"0%": "1 s", "50%": "2 s"}}, ("empirical",), "needs the shortest"),
        ({"empirical": {"0%": "1 s", "50%": "5 s", "100%": "2 s"}}, ("empirical",), "times must rise"),
        ({"empirical": {"0%": "1 s", "0.0": "1 s", "100%": "2 s"}}, ("empirical",), "gives 0% twice"),
        ({"empirical": {"0%": "0 s", "100%": "0 s"}}, ("empirical",), "mean of zero"),
        ({"empirical": {"0%": "x", "100%": "2 s"}}, ("empirical", "0%"), "is not a duration"),
    ],
)
def test_refuses(raw: object, place: tuple[str | int, ...], words: str) -> None:
    with pytest.raises(ValueError, match=words) as caught:
        read(raw)
    assert place in [finding.place for finding in findings_of(caught.value)]


def test_every_kind_has_a_mean() -> None:
    examples: dict[str, object] = {
        "exponential": "1 min",
        "lognormal": {"mean": "1 min", "cv": 1},
        "gamma": {"mean": "1 min", "cv": 1},
        "weibull": {"mean": "1 min", "shape": 2},
        "erlang": {"mean": "1 min", "k": 3},
        "hyperexponential": {"mean": "1 min", "cv": 2},
        "deterministic": "1 min",
        "empirical": {"0%": "0 s", "100%": "2 min"},
    }
    assert set(examples) == set(KINDS)
    assert {kind: read({kind: raw}).mean_s for kind, raw in examples.items()} == pytest.approx(
        dict.fromkeys(KINDS, 60.0)
    )
