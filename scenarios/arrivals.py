"""When contacts come: a weekly profile of rates (or a sine, for tests), and how much days differ.

A file gives exactly one source of rates - ``rate``, ``by_interval``, ``sinusoid`` or ``history`` - and
may scale it; what is kept is the scaled profile in contacts per hour.
"""

from collections.abc import Mapping
from typing import Annotated, Final

from pydantic import ValidationInfo, model_validator

from scenarios.csv_door import History, read_history
from scenarios.csv_week import read_week, week_steps
from scenarios.day_factors import (
    DAYS_FORM,
    MONTHS_FORM,
    TREND_FORM,
    DayFactors,
    SpecialDay,
    Trend,
    read_months,
    read_special_days,
    read_trend,
)
from scenarios.fields import (
    Door,
    Hours,
    Model,
    PerHour,
    PositiveSeconds,
    Seconds,
    Share,
    Text,
    Variation,
    built,
    door_of,
    named_file,
    number,
    one_of,
    read_map,
    reader,
    said,
)
from scenarios.problems import nearest, refuse, shown
from scenarios.units import LARGEST
from scenarios.units import number as plain_number
from scenarios.week import Grid, Step, WeekSteps, constant, profile, week_total

SOURCES: Final = ("rate", "by_interval", "sinusoid", "history")
_HOURS_COUNTED: Final = {"hour": 1.0, "day": 24.0}
_WEEK_H: Final = 168.0
_LEAST_WEEK: Final = 1e-9  # contacts of a week that can still be scaled to a volume


class Sinusoid(Model):
    """A rate of mean + amplitude * sin(2 pi (t + phase) / period), t from the start of the horizon."""

    mean_per_hour: PerHour = said("rate around which it swings", "60 per h", validation_alias="mean")
    amplitude_per_hour: PerHour = said(
        "rate by which it swings, at most the mean", "30 per h", validation_alias="amplitude"
    )
    period_s: PositiveSeconds = said("duration of a swing", "1 day", validation_alias="period")
    phase_s: Seconds = said(
        "how far the first swing is already", "6 h", default=0.0, validation_alias="phase"
    )

    @model_validator(mode="after")
    def _never_negative(self) -> "Sinusoid":
        if self.amplitude_per_hour > self.mean_per_hour:
            refuse("is more than the mean: the rate would fall below zero", "amplitude")
        return self


class Level(Model):
    """How much one level (days, or intervals) differs from its profile: a gamma factor of mean 1.

    ``cv`` is the factor's coefficient of variation; ``correlation`` its loading on the factor that is
    common to all streams (0 = independent, 1 = all streams are busy together).
    """

    cv: Annotated[Variation, said("coefficient of variation of the factor", "12%")] = 0.0
    correlation: Annotated[
        Share,
        said("how much of it all streams have in common, of the normal score behind the factor", "60%"),
    ] = 0.0


class Busyness(Model):
    """Why real counts vary more than a Poisson process with a fixed rate."""

    day: Annotated[Level, said("a factor for each day", "{cv: 12%}", absent="none")] = Level()
    interval: Annotated[
        Level, said("a factor for each interval of the calendar", "{cv: 5%}", absent="none")
    ] = Level()


class Arrivals(Model):
    """The arrivals of one stream, scaled: steps in contacts per hour (empty with a sinusoid)."""

    steps: WeekSteps = ()
    sinusoid: Sinusoid | None = None
    busyness: Busyness = Busyness()
    day_factors: DayFactors = DayFactors()


def _by_interval(seen: object, info: ValidationInfo) -> WeekSteps:
    """Read {from: "08:00", step: 60 min, per: hour, mon-fri: [100, 150, ...], sat: [...]}."""
    if not isinstance(seen, Mapping):
        raise ValueError(f'{shown(seen)} is not a profile; write {{from: "08:00", mon-fri: [10, 12, 9]}}')
    if "csv" in seen:
        return _from_file(seen, door_of(info))
    per = seen.get("per", "step")
    if per not in ("step", *_HOURS_COUNTED):
        refuse(f"{shown(per)} is not known{nearest(str(per), ('step', *_HOURS_COUNTED))}", "per")

    def amount(count: object, seconds: int) -> float:
        return plain_number(count) / _HOURS_COUNTED.get(str(per), seconds / 3600.0)

    rest = {key: each for key, each in seen.items() if key != "per"}
    return profile(rest, Grid(amount, door_of(info).interval_s))


_Path = Annotated[Text, said("path of the file, in the folder of the scenario or below", "calls.csv")]
_TimeColumn = Annotated[Text, said("column of dates and times", "DateTime", absent="detected")]
_CountColumn = Annotated[Text, said("column of counts", "calls", absent="detected")]
_Factor = Annotated[float, number(0.0, LARGEST), said("factor of all numbers of the file", 1.1)]
_Summand = Annotated[
    float, number(-LARGEST, LARGEST), said("added to all numbers of the file, after that", 2)
]


class HistoryFile(Model):
    csv: _Path
    time: _TimeColumn | None = None
    count: _CountColumn | None = None
    multiply: _Factor = 1.0
    add: _Summand = 0.0


class WeekFile(Model):
    csv: _Path
    time: _TimeColumn | None = None
    value: _CountColumn | None = None
    per: Annotated[
        str,
        one_of("step", *_HOURS_COUNTED),
        said("what a number counts: contacts in the step, an hour or a day", "hour"),
    ] = "step"
    multiply: _Factor = 1.0
    add: _Summand = 0.0


def _history(seen: object, info: ValidationInfo) -> WeekSteps:
    """Read {csv: FILE, time: COLUMN, count: COLUMN}: the mean count per weekday and interval."""
    door = door_of(info)
    raw = dict(seen) if isinstance(seen, Mapping) else {"csv": seen}
    given = read_map(HistoryFile, raw, door, "{csv: FILE}")
    history = read_history(named_file(door, given.csv), given.time, given.count, door.time_zone)
    door.notes.extend(history.notes)
    changed = {key: value * given.multiply + given.add for key, value in history.means.items()}
    return _not_negative(history_steps(history._replace(means=changed)))


def _from_file(seen: Mapping[str, object], door: Door) -> WeekSteps:
    """Read {csv: FILE, per: hour}: a profile that is kept in a CSV file."""
    given = read_map(WeekFile, seen, door, "{csv: FILE}")
    week = read_week(named_file(door, given.csv), given.time, given.value, door.time_zone)
    door.notes.extend(week.notes)
    scale = 1.0 / _HOURS_COUNTED.get(given.per, week.step_s / 3600.0)
    return _not_negative(week_steps(week, scale, {"multiply": given.multiply, "add": given.add}))


def _not_negative(steps: WeekSteps) -> WeekSteps:
    if any(step.value < 0 for step in steps):
        refuse("takes away more than there is in some interval", "add")
    return steps


def history_steps(history: History) -> WeekSteps:
    """Return a history's mean counts as contacts per hour."""
    per_hour = 3600.0 / history.step_s
    means = history.means.items()
    return tuple(Step(day, at, at + history.step_s, mean * per_hour) for (day, at), mean in means)


class Written(Model):
    """Arrivals as a file gives them."""

    rate: Annotated[
        PerHour | None, said("the same all the time", "120 per 30 min", absent="one of the four")
    ] = None
    hours: Annotated[
        Hours,
        said(
            "with `rate` only: when they come",
            "desk",
            absent="always",
        ),
    ] = None
    by_interval: Annotated[
        WeekSteps | None,
        reader(_by_interval, {"$ref": "#/$defs/profile"}),
        said(
            "a profile by weekday and time of day, or `{csv: FILE}`",
            '{from: "08:00", step: 60 min, mon-fri: [10, 15, 12]}',
            absent="one of the four",
        ),
    ] = None
    sinusoid: Annotated[
        Sinusoid | None,
        said(
            "a sine wave, for tests; constant within a 256th of its period",
            "{mean: 60 per h, amplitude: 30 per h, period: 1 day}",
            absent="one of the four",
        ),
    ] = None
    history: Annotated[
        WeekSteps | None,
        reader(_history, {"$ref": "#/$defs/history"}),
        said(
            "a file of dated counts, as the mean of each weekday and interval",
            "{csv: calls.csv}",
            absent="one of the four",
        ),
    ] = None
    volume: Annotated[
        PerHour | None,
        said(
            "scales all of it to this total of a standard week; a year has 365 days",
            "900 per week",
            absent="as it is",
        ),
    ] = None
    multiply: Annotated[float, number(0.0, LARGEST), said("factor of all of it, after `volume`", 1.1)] = 1.0
    trend: (
        Annotated[
            Trend,
            built(Trend, read_trend, TREND_FORM),
            said(
                "growth, day by day, from the first day on, or from `since`",
                "10% per year",
                "{growth: -2% per month, since: 2026-01-01}",
                absent="none",
            ),
        ]
        | None
    ) = None
    months: Annotated[
        tuple[float, ...],
        built(tuple, read_months, MONTHS_FORM),
        said("factors of months; 1 for those not named", "{jan: 1.1, dec: 130%}", absent="none"),
    ] = ()
    special_days: Annotated[
        tuple[SpecialDay, ...],
        built(tuple, read_special_days, DAYS_FORM),
        said(
            "factors of single days, or of spans of days",
            "{2026-11-27: 180%, 2026-12-24 to 2026-12-26: 0.5}",
            absent="none",
        ),
    ] = ()
    busyness: Annotated[
        Busyness,
        said(
            "how much busier or calmer days are than chance makes them: gamma factors of mean 1",
            "{day: {cv: 12%}}",
            absent="none",
        ),
    ] = Busyness()

    @model_validator(mode="after")
    def _one_source(self) -> "Written":
        given = [source for source in SOURCES if source in self.model_fields_set]
        if len(given) != 1:
            said = " and ".join(given) if given else "none"
            refuse(f"needs exactly one of {', '.join(SOURCES)}; it has {said}")
        if "hours" in self.model_fields_set and given != ["rate"]:
            refuse(f"goes only with a constant rate; {given[0]} says itself when contacts come", "hours")
        return self


def read_arrivals(raw: object, door: Door) -> Arrivals:
    """Return the scaled arrivals of a file's ``arrivals``."""
    given = read_map(Written, raw, door, "{rate: 120 per 30 min}")
    factors = DayFactors(given.trend, given.months, given.special_days)
    if given.sinusoid is not None:
        sine = _scaled_sine(given.sinusoid, given)
        return Arrivals(sinusoid=sine, busyness=given.busyness, day_factors=factors)
    constant_steps = constant(given.rate, given.hours) if given.rate is not None else ()
    steps = given.by_interval or given.history or constant_steps
    factor = _factor(week_total(steps), given)
    scaled = tuple(step._replace(value=step.value * factor) for step in steps)
    return Arrivals(steps=scaled, busyness=given.busyness, day_factors=factors)


def _factor(week: float, given: Written) -> float:
    """Return the factor that brings a standard week's contacts to the volume, times ``multiply``."""
    if given.volume is None:
        return given.multiply
    if week <= 0:
        refuse("cannot be spread: the profile is zero all week", "volume")
    if week < _LEAST_WEEK:
        refuse(f"cannot be spread: the profile has {week:g} contacts a week; write larger numbers", "volume")
    return given.volume * _WEEK_H / week * given.multiply


def _scaled_sine(sine: Sinusoid, given: Written) -> Sinusoid:
    factor = _factor(sine.mean_per_hour * _WEEK_H, given)
    scaled = {
        "mean_per_hour": sine.mean_per_hour * factor,
        "amplitude_per_hour": sine.amplitude_per_hour * factor,
    }
    return sine.model_copy(update=scaled)


ReadArrivals = Annotated[Arrivals, built(Arrivals, read_arrivals, {"$ref": "#/$defs/arrivals"})]
"""The arrivals of a stream."""
