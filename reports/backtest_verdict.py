"""What a back-test comes to, in sentences that a planner can use."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from reports.backtest_shown import Mode, SeriesScore

LEAST: Final = 0.80
MOST: Final = 0.97
FEWEST: Final = 0.70
"""90 % intervals that hold 80 to 97 % of days, and of no series less than 70 %, mean what they say."""
_FEW_DAYS: Final = 10
_MEASURES: Final = ("abandonment", "asa")
_WORDS: Final = {
    "offered": "volume",
    "service_level": "service level",
    "asa": "speed of answer",
    "abandonment": "abandonment",
    "occupancy": "occupancy",
    "aht": "handle time",
}
ALL: Final = "all"


def verdict(modes: Sequence[Mode]) -> tuple[str, ...]:
    """The answer first, then what it rests on; the modes are that with a forecast volume, and as it came."""
    forecast, as_came = modes
    if not any(score.days for mode in modes for score in mode.scores):
        return ("Do not trust it: no day of the test could be compared. Look whether anybody was at work.",)
    return (
        *_short(forecast),
        _answer(forecast, as_came),
        *_volume(forecast),
        *(_errors(mode) for mode in modes),
        *(_coverage(mode) for mode in modes),
        *_weak(modes),
    )


def _short(mode: Mode) -> Iterator[str]:
    """Few days prove little."""
    days = max((score.days for score in mode.scores), default=0)
    if days < _FEW_DAYS:
        yield f"{days} days are too few for a verdict: read what follows as a first look."


def _answer(forecast: Mode, as_came: Mode) -> str:
    """How far to trust what-ifs."""
    closer, honest = _beats(forecast), _is_honest(forecast)
    if closer and honest and _beats(as_came):
        return (
            "Trust it for what-ifs: it is closer than simpler ways, and its intervals hold what they promise."
        )
    if closer and honest:
        return (
            "Trust it for what-ifs, within its intervals. At a given volume a simpler way is as close for a "
            "whole day: what it adds is streams, teams, and how far days may differ."
        )
    if closer and _is_wide(forecast):
        return (
            "Trust it for what-ifs: it is closer than simpler ways. Its intervals are wider than they need "
            "to be: days differ by less than they say."
        )
    if closer:
        return (
            "Trust the direction of what-ifs, and differences more than levels: it is closer than simpler "
            "ways, but days differ by more than its intervals say."
        )
    if _beats(as_came):
        return (
            "Trust it for what-ifs of people at a given volume, where it is closer than simpler ways. With "
            "the volume as forecast it is not: give it a range of volumes."
        )
    return "Do not trust its levels yet: a simpler way is as close. Look below for where it is off."


def _is_honest(mode: Mode) -> bool:
    """Whether its intervals hold about as many days as they should."""
    weak = any(score.coverage < FEWEST for score in mode.scores if score.days)
    return LEAST <= mode.coverage <= MOST and not weak


def _is_wide(mode: Mode) -> bool:
    """Whether its intervals hold more days than they should, and of each series enough."""
    return mode.coverage > MOST and not any(score.coverage < FEWEST for score in mode.scores if score.days)


def _beats(mode: Mode) -> bool:
    """Whether over all streams its errors of abandonment and waits are below those of every baseline.

    A baseline that could be held against no day says nothing; where nothing was compared nothing is beaten.
    """
    scores = [each for each in mode.scores if each.stream == ALL and each.measure in _MEASURES and each.days]
    return bool(scores) and all(score.error < _least(score.errors_of.values()) for score in scores)


def _least(errors: Iterable[float]) -> float:
    return min((error for error in errors if not math.isnan(error)), default=math.inf)


def _volume(mode: Mode) -> Iterator[str]:
    for score in mode.scores:
        if score.stream == ALL and score.measure == "offered" and score.actual > 0:
            off = _share(score.error / score.actual)
            bias = (score.simulated - score.actual) / score.actual
            side = "above" if bias > 0 else "below"
            yield (
                f"The volume of a day is forecast to {off} on average; over the whole test the forecast is "
                f"{_share(abs(bias))} {side} what came."
            )


def _errors(mode: Mode) -> str:
    parts = []
    for score in mode.scores:
        if score.stream == ALL and score.measure in _MEASURES:
            others = ", ".join(f"{name} {_amount(score, each)}" for name, each in score.errors_of.items())
            parts.append(f"{_WORDS[score.measure]} {_amount(score, score.error)} ({others})")
    return f"With the {mode.name} a day is off by: {'; '.join(parts)}."


def _amount(score: SeriesScore, value: float) -> str:
    if math.isnan(value):
        return "–"
    return f"{100 * value:.1f} points" if score.unit == "share" else f"{value:.1f} s"


def _share(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.0%}"


def _coverage(mode: Mode) -> str:
    inside = _share(mode.coverage)
    if mode.coverage < LEAST:
        meaning = "they are too narrow"
    elif mode.coverage > MOST:
        meaning = "they are wider than they need to be"
    else:
        meaning = "they say about what they should"
    return f"With the {mode.name}, {inside} of days lie in their 90% intervals: {meaning}."


def _weak(modes: Sequence[Mode]) -> Iterator[str]:
    """Single series that the intervals miss too often."""
    for mode in modes:
        weak: Mapping[str, list[str]] = {}
        for score in mode.scores:
            if score.days and score.coverage < FEWEST:
                weak = {**weak, score.stream: [*weak.get(score.stream, []), _WORDS[score.measure]]}
        if weak:
            told = "; ".join(f"{stream} ({', '.join(measures)})" for stream, measures in weak.items())
            yield f"With the {mode.name}, days are outside more than 30% of the time for: {told}."
