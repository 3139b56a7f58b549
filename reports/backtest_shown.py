"""What the page of a back-test is made of: plain tuples of text and arrays.

Who calls puts what was simulated into these. All text may be hostile (it is escaped where it is written);
all numbers may be NaN (they are written as a dash, and null in JSON).
"""

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from reports.calibration_shown import SourceShown

Floats = NDArray[np.float64]
Measure = Literal["offered", "service_level", "asa", "abandonment", "occupancy", "aht"]

MEASURES: Final = {  # in the order of the page; words and unit
    "offered": ("Contacts offered", "contacts"),
    "service_level": ("Service level", "share"),
    "asa": ("Average speed of answer", "s"),
    "abandonment": ("Abandonment", "share"),
    "occupancy": ("Occupancy", "share"),
    "aht": ("Average handle time", "s"),
}


class Series(NamedTuple):
    """A measure of a stream day by day: four arrays as long as `days` (ISO dates), in `unit`.

    `unit` is "contacts", "share" (0-1) or "s"; `low` to `high` is the 90 % prediction interval, NaN where
    there is none.
    """

    stream: str
    measure: Measure
    unit: str
    days: tuple[str, ...]
    actual: Floats
    mean: Floats
    low: Floats
    high: Floats


class Profile(NamedTuple):
    """The same by interval of the day ("08:30", ...), over all days of the test."""

    stream: str
    measure: Measure
    unit: str
    times: tuple[str, ...]
    actual: Floats
    mean: Floats
    low: Floats
    high: Floats


class SeriesScore(NamedTuple):
    """How close a series is, in its unit.

    `days` counts what is compared (of scores by interval: intervals). `actual` and `simulated` are over the
    whole test. `coverage` is the share (0-1) of days in their prediction intervals, `error` the mean
    absolute error of a day, `bias` the mean of simulated less actual; `errors_of` has the same error of
    each baseline by its name ("last week repeated", "Erlang A", "Erlang C").
    """

    stream: str
    measure: Measure
    unit: str
    days: int
    actual: float
    simulated: float
    coverage: float
    error: float
    errors_of: Mapping[str, float]
    bias: float


class Mode(NamedTuple):
    """One way of simulating the test period: "volume as forecast", or "volume as it came".

    `coverage` is pooled over all series and days.
    """

    name: str
    coverage: float
    scores: tuple[SeriesScore, ...]
    series: tuple[Series, ...]
    interval_scores: tuple[SeriesScore, ...] = ()
    profiles: tuple[Profile, ...] = ()


class BacktestShown(NamedTuple):
    """A back-test as it is shown; `verdict` are whole sentences, the first of them the answer.

    `train` and `test` are periods in words; `threshold` is the time of the service level in words ("20 s"),
    `service_level` its definition.
    """

    title: str
    source: SourceShown
    train: str
    test: str
    threshold: str
    service_level: str
    verdict: tuple[str, ...]
    modes: tuple[Mode, ...]
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
