"""Quantiles in words are as sharp as the buckets that they come from, and no sharper."""

import math

import numpy as np
import pytest

from reports.figures import NONE, Figure
from reports.quantile_wording import bucket_s, say_measure, to_buckets
from sim.tally import FINE, bucket, bucket_middle

NAN = math.nan


@pytest.mark.parametrize("seconds", [0.001, 0.066, 0.13, 0.14, 0.2, 5.0, 59.0, 720.0, 3600.0, 45_240.0, 1e6])
def test_buckets_are_those_of_the_tally(seconds: float) -> None:
    """From the middle of one to that of the next; not at the first of an octave, where the width changes."""
    place = bucket(round(seconds * 1e6), FINE)
    assert (place + 1) % FINE
    low, high = bucket_middle(np.array([place, place + 1]), FINE) / 1e6
    assert bucket_s(seconds) == pytest.approx(high - low)


@pytest.mark.parametrize("seconds", [1, 30, 45, 60, 90, 300, 720, 900, 5400, 3600, 36_000, 86_400, 259_200])
@pytest.mark.parametrize("measure", ["wait_p95", "frt_p50", "ttr_p90"])
def test_times_that_people_write_come_out_as_written(seconds: int, measure: str) -> None:
    middle = float(bucket_middle(np.array([bucket(seconds * 1_000_000, FINE)]), FINE)[0]) / 1e6
    assert to_buckets(Figure(middle, NAN, NAN, "s")).mean == pytest.approx(seconds)
    exact = say_measure("asa", Figure(seconds, NAN, NAN, "s"))
    assert say_measure(measure, Figure(middle, NAN, NAN, "s")) == exact


def test_means_stay_as_they_are_and_intervals_as_wide() -> None:
    figure = Figure(719.06, 700.0, 738.12, "s")
    assert say_measure("asa", figure).value == "11 min 59 s"
    said = say_measure("ttr_p90", figure)
    assert (said.value, said.margin) == ("12 min", say_measure("asa", figure).margin)
    assert say_measure("ttr_p90", NONE) == say_measure("asa", NONE)
    assert to_buckets(Figure(0.0, NAN, NAN, "s")).mean == 0.0


@pytest.mark.parametrize("seconds", np.geomspace(0.01, 3e6, 200).tolist())
def test_rounding_moves_a_time_by_no_more_than_a_few_of_its_buckets(seconds: float) -> None:
    moved = abs(to_buckets(Figure(seconds, NAN, NAN, "s")).mean - seconds)
    assert moved <= max(0.05, 1.25 * bucket_s(seconds)) * 1.0001
