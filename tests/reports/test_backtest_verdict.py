"""The verdict of a back-test: what is said when, in words that follow from the figures."""

import math
from collections.abc import Mapping

import pytest

from reports.backtest_shown import Measure, Mode, SeriesScore
from reports.backtest_verdict import verdict

GOOD = {"last week repeated": 9.0, "Erlang A": 8.0, "Erlang C": 20.0}


def score(
    measure: Measure, error: float, errors_of: Mapping[str, float], coverage: float = 0.9, stream: str = "all"
) -> SeriesScore:
    unit = {"offered": "contacts", "abandonment": "share"}.get(measure, "s")
    return SeriesScore(stream, measure, unit, 28, 100.0, 90.0, coverage, error, errors_of, -10.0)


def made(
    error: float = 5.0, coverage: float = 0.9, weak: float = 0.9, others: Mapping[str, float] = GOOD
) -> Mode:
    scores = (
        score("offered", 20.0, {"last week repeated": 30.0}),
        score("asa", error, others),
        score("abandonment", error / 100, {name: each / 100 for name, each in others.items()}),
        score("asa", 99.0, GOOD, weak, "sales"),
    )
    return Mode("volume as forecast", coverage, scores, ())


def first(forecast: Mode, as_came: Mode | None = None) -> str:
    return verdict((forecast, (as_came or made())._replace(name="volume as it came")))[0]


def test_closer_and_honest_is_to_be_trusted() -> None:
    assert first(made()).startswith("Trust it for what-ifs: it is closer")
    assert "within its intervals" in first(made(), made(error=8.5))


@pytest.mark.parametrize("forecast", [made(coverage=0.79), made(weak=0.69), made(coverage=0.98, weak=0.5)])
def test_intervals_that_are_too_narrow(forecast: Mode) -> None:
    assert "days differ by more than its intervals say" in first(forecast)


def test_intervals_that_are_too_wide_are_not_called_narrow() -> None:
    told = first(made(coverage=0.99))
    assert "wider than they need to be" in told
    assert "more than" not in told


def test_only_the_volume_is_off() -> None:
    assert "people at a given volume" in first(made(error=8.5), made())


def test_a_simpler_way_that_is_as_close_is_said_to_be() -> None:
    assert first(made(error=8.0), made(error=8.0)).startswith("Do not trust its levels yet")


def test_an_error_that_is_not_known_does_not_win() -> None:
    """Neither that of the simulation, nor that of a baseline that was held against no day."""
    assert first(made(error=math.nan), made(error=math.nan)).startswith("Do not trust")
    without = {**GOOD, "last week repeated": math.nan}
    assert first(made(others=without)).startswith("Trust it for what-ifs")
    before = {"last week repeated": math.nan, "Erlang A": 1.0}
    assert first(made(others=before), made(others=before)).startswith("Do not trust")


def test_nothing_compared_is_nothing_to_trust() -> None:
    empty = Mode("volume as forecast", math.nan, (), ())
    told = verdict((empty, empty))
    assert told[0].startswith("Do not trust")
    assert not any("nan" in each for each in told)
    unseen = made()._replace(
        coverage=math.nan,
        scores=tuple(each._replace(days=0, error=math.nan, coverage=math.nan) for each in made().scores),
    )
    told = verdict((unseen, unseen))
    assert told[0].startswith("Do not trust")
    assert not any("nan" in each for each in told)


def test_figures_are_in_the_words() -> None:
    told = " ".join(verdict((made(weak=0.5), made()._replace(name="volume as it came", coverage=0.7))))
    for words in (
        "The volume of a day is forecast to 20% on average",
        "10% below what came",
        "speed of answer 5.0 s (last week repeated 9.0 s, Erlang A 8.0 s, Erlang C 20.0 s)",
        "abandonment 5.0 points (last week repeated 9.0 points",
        "90% of days lie in their 90% intervals: they say about what they should",
        "70% of days lie in their 90% intervals: they are too narrow",
        "outside more than 30% of the time for: sales (speed of answer)",
    ):
        assert words in told
