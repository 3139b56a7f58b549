"""A made-up calibration and back-test of a helpline, as the pages take them."""

import math
from datetime import date, timedelta

import numpy as np

from reports.backtest_shown import (
    MEASURES,
    BacktestShown,
    Floats,
    Measure,
    Mode,
    Profile,
    Series,
    SeriesScore,
)
from reports.calibration_shown import (
    CalibrationShown,
    FitShown,
    ParameterShown,
    Section,
    SourceShown,
    Table,
)
from reports.plots import Plot, PlotTrace

STREAMS = ("Orders", "Faults")
LEVELS: dict[Measure, float] = {
    "offered": 940.0,
    "service_level": 0.74,
    "asa": 41.0,
    "abandonment": 0.083,
    "occupancy": 0.81,
    "aht": 262.0,
}
NAN = math.nan


def source() -> SourceShown:
    return SourceShown(
        ("helpline_2026-01.csv.gz", "helpline_2026-02.csv.gz"),
        "canonical, CSV",
        "Thu 1 Jan to Sat 28 Feb 2026, local time of Europe/London",
        48_211,
        37,
        (("Streams", "Orders, Faults; 3 small ones are left out"),),
    )


def numbers(values: Floats) -> tuple[float, ...]:
    return tuple(float(value) for value in values)


def handle_plot() -> Plot:
    """A histogram over a logarithmic axis that begins at 0, and the law beside it."""
    edges = np.concatenate([[0.0], np.geomspace(4.0, 4000.0, 49)])
    logs = np.log(edges[1:])
    law = np.exp(-0.5 * ((logs - 5.25) / 0.72) ** 2) * 0.078
    seen = law * (1 + 0.06 * np.sin(np.arange(49) * 1.7))
    seen[0] = 0.034
    seen = np.append(seen, 0.0)
    return Plot(
        "Handle time",
        "seconds",
        "share of contacts in the bin",
        (
            PlotTrace("observed", numbers(edges), numbers(seen), style="step"),
            PlotTrace("lognormal", numbers(edges[1:]), numbers(law)),
        ),
        log_x=True,
    )


def patience_plots() -> tuple[Plot, Plot]:
    """Steps with a band beside a line; points with whiskers beside a line."""
    at = np.linspace(0.0, 600.0, 90) ** 1.02
    left = np.exp(-at / 480.0) * 0.97
    wide = 0.004 + at / 9000.0
    grid = np.linspace(0.0, 680.0, 60)
    waiting = Plot(
        "Who is still waiting",
        "seconds waited",
        "share still waiting",
        (
            PlotTrace(
                "observed (Kaplan–Meier)",
                numbers(at),
                numbers(left),
                numbers(left - wide),
                numbers(np.minimum(left + wide, 1.0)),
                "step",
            ),
            PlotTrace("hyperexponential", numbers(grid), numbers(np.exp(-grid / 470.0) * 0.972)),
        ),
    )
    middles = np.arange(15.0, 600.0, 30.0)
    rate = 11.0 + 6.0 * np.exp(-middles / 60.0) + np.cos(middles)
    giving_up = Plot(
        "Giving up",
        "seconds waited",
        "% giving up per minute",
        (
            PlotTrace(
                "observed",
                numbers(middles),
                numbers(rate),
                numbers(rate - 1.5 - middles / 300),
                numbers(rate + 1.5 + middles / 300),
                "points",
            ),
            PlotTrace("hyperexponential", numbers(grid), numbers(11.0 + 6.0 * np.exp(-grid / 60.0))),
        ),
    )
    return waiting, giving_up


def profile_plot() -> Plot:
    hours = np.arange(8.0, 20.0, 0.5)
    traces = tuple(
        PlotTrace(day, numbers(hours), numbers(scale * (8 + 30 * np.sin((hours - 7.5) / 13 * np.pi) ** 2)))
        for day, scale in (
            ("Mon", 1.3),
            ("Tue", 1.1),
            ("Wed", 1.05),
            ("Thu", 1.0),
            ("Fri", 0.9),
            ("Sat", 0.4),
        )
    )
    ticks = tuple((float(hour), f"{hour:02d}:00") for hour in range(8, 20, 2))
    return Plot("Contacts by time of day", "time of day", "contacts per 30 min", traces, ticks=ticks)


def fits() -> tuple[Section, ...]:
    arrivals = FitShown(
        "Arrivals of Orders",
        "profile by weekday and interval, with gamma factors",
        27_310,
        (
            ParameterShown("level", 941.2, 902.8, 979.6, "contacts a day"),
            ParameterShown("day factor, CV", 0.112, 0.083, 0.151, ""),
            ParameterShown("interval factor, CV", 0.061, 0.048, 0.074, ""),
            ParameterShown("trend", 0.004, -0.011, 0.019, "a week"),
        ),
        (("variance / mean before", 14.2), ("after", 1.04)),
        (),
        (profile_plot(),),
        "Mondays are 30 % above the average day. Days differ by more than chance explains.",
    )
    handle = FitShown(
        "Handle time of Orders",
        "lognormal, with a spike",
        22_904,
        (
            ParameterShown("mean", 262.4, 259.6, 265.2, "s"),
            ParameterShown("CV", 0.818, 0.801, 0.836, ""),
            ParameterShown("spike below 10 s", 0.034, 0.0317, 0.0364, "share"),
            ParameterShown("longest 1 %", 1130.0, 1094.0, 1167.0, "s"),
        ),
        (
            ("Kolmogorov distance", 0.0113),
            ("mean, fitted / observed", 0.998),
            ("P99, fitted / observed", 1.03),
        ),
        (
            (
                "spike",
                "3.4 % of contacts took less than 10 s: mostly agents who hang up. They are kept apart.",
            ),
        ),
        (handle_plot(),),
        "",
    )
    patience = FitShown(
        "Patience of Orders",
        "hyperexponential, right-censored",
        13_377,
        (
            ParameterShown("balk", 0.028, 0.025, 0.031, "share"),
            ParameterShown("mean", 7.82 * 60, 7.31 * 60, 8.33 * 60, "s"),
            ParameterShown("median", 325.0, 309.0, 342.0, "s"),
            ParameterShown("gave up", "2,251 of 13,377 who queued"),
        ),
        (("greatest distance from Kaplan–Meier", 0.014),),
        (
            ("heavy_censoring", "83 % were answered before they would have given up."),
            (
                "naive_mean",
                "Those who gave up did so after 66 s on average; patience is seven times as long.",
            ),
        ),
        patience_plots(),
        "Half of the callers would hold the line for more than 5 minutes.",
    )
    return (
        Section("Arrivals", (arrivals,)),
        Section("Handle times", (handle, handle._replace(heading="Handle time of Faults"))),
        Section("Patience", (patience,)),
    )


def calibration(nasty: str = "") -> CalibrationShown:
    """A calibration; `nasty` is put into every text that may come from data."""
    sections = tuple(Section(s.heading + nasty, tuple(_spoilt(fit, nasty) for fit in s.fits)) for s in fits())
    summary = Table(
        "Streams" + nasty,
        (
            "Stream",
            "Contacts",
            "A day",
            "AHT",
            "Patience, median",
            "Abandonment",
            "Agents at most",
            "Handle time" + nasty,
        ),
        (
            ("Orders" + nasty, 27_310, 941.2, 262.4, 325.0, 0.0824, 31, "lognormal + spike"),
            ("Faults", 12_455, 429.5, 401.7, 318.0, 0.1167, 22, "gamma" + nasty),
            ("Sales", 610, 21.0, 188.0, NAN, None, 3, "as observed"),
        ),
        ("", "contacts", "contacts", "s", "s", "share", "agents", ""),
    )
    return CalibrationShown(
        "Calibration of the helpline" + nasty,
        source()._replace(files=("helpline_2026-01.csv.gz" + nasty, "helpline_2026-02.csv.gz")),
        ("Times are local; the file names no time zone, Europe/London was given." + nasty,),
        (
            "After-call work: the export ends with the call." + nasty,
            "Skills: who could have taken which queue; what each agent was seen to take stands for it.",
        ),
        ("shrinkage: 30 % (no states of agents in the export)" + nasty, "callers who give up try again: 0 %"),
        (
            "Mon 12 and Tue 13 Jan have no rows: they are left out, not counted as days without contacts."
            + nasty,
            "Patience beyond 10 minutes is a guess: nobody was seen to wait longer.",
        ),
        sections,
        "helpline.yaml",
        (summary,),
    )


def _spoilt(fit: FitShown, nasty: str) -> FitShown:
    return fit._replace(
        heading=fit.heading + nasty,
        family=fit.family + nasty,
        parameters=tuple(p._replace(name=p.name + nasty) for p in fit.parameters),
        goodness=tuple((name + nasty, value) for name, value in fit.goodness),
        cautions=tuple((kind + nasty, text + nasty) for kind, text in fit.cautions),
        plots=tuple(spoilt_plot(plot, nasty) for plot in fit.plots),
        summary=fit.summary + nasty,
    )


def spoilt_plot(plot: Plot, nasty: str) -> Plot:
    return plot._replace(
        title=plot.title + nasty,
        x_label=plot.x_label + nasty,
        y_label=plot.y_label + nasty,
        traces=tuple(t._replace(label=t.label + nasty) for t in plot.traces),
        ticks=tuple((at, label + nasty) for at, label in plot.ticks),
    )


def days() -> tuple[str, ...]:
    """Four weeks of working days."""
    first = date(2026, 3, 2)
    every = [first + timedelta(days=n) for n in range(28)]
    return tuple(day.isoformat() for day in every if day.weekday() < 5)


def _values(measure: Measure, count: int, seed: int, wide: float) -> tuple[Floats, Floats, Floats, Floats]:
    """What was, and its mean and 90 % interval, of a measure: some of it outside."""
    rng = np.random.default_rng(seed)
    level = LEVELS[measure]
    mean = level * (1 + 0.1 * np.sin(np.arange(count) * 1.3))
    spread = wide * level * (1 + 0.3 * rng.random(count))
    actual = mean + spread * rng.normal(0.0, 0.62, count)
    low, high = mean - spread, mean + spread
    if MEASURES[measure][1] == "share":
        actual, low, high = (np.clip(each, 0.0, 1.0) for each in (actual, low, high))
    return np.maximum(actual, 0.0), mean, np.maximum(low, 0.0), high


WIDE: dict[Measure, float] = {
    "offered": 0.14, "service_level": 0.16, "asa": 0.7, "abandonment": 0.5, "occupancy": 0.07, "aht": 0.05,
}  # fmt: skip


def mode(name: str, nasty: str = "", wide: float = 1.0) -> Mode:
    series, profiles, scores, by_interval = [], [], [], []
    times = tuple(f"{h:02d}:{m:02d}" for h in range(8, 20) for m in (0, 30))
    for s, stream in enumerate(STREAMS):
        for m, measure in enumerate(LEVELS):
            unit = MEASURES[measure][1]
            values = _values(measure, len(days()), 10 * s + m, wide * WIDE[measure])
            series.append(Series(stream + nasty, measure, unit, days(), *values))
            by_time = _values(measure, len(times), 10 * s + m + 50, wide * WIDE[measure])
            profiles.append(Profile(stream + nasty, measure, unit, times, *by_time))
            scores.append(_score(stream + nasty, measure, unit, values, nasty))
            by_interval.append(_score(stream + nasty, measure, unit, by_time, nasty)._replace(days=480))
    coverage = float(np.mean([score.coverage for score in scores]))
    return Mode(name + nasty, coverage, tuple(scores), tuple(series), tuple(by_interval), tuple(profiles))


def _score(
    stream: str, measure: Measure, unit: str, values: tuple[Floats, Floats, Floats, Floats], nasty: str
) -> SeriesScore:
    actual, mean, low, high = values
    error = float(np.abs(mean - actual).mean())
    others = {"last week repeated" + nasty: 1.31 * error}
    if measure in ("asa", "abandonment", "service_level"):
        others |= {
            "Erlang A": 0.93 * error if measure == "service_level" else 1.4 * error,
            "Erlang C": 6.2 * error,
        }
    inside = float(((actual >= low) & (actual <= high)).mean())
    bias = float((mean - actual).mean())
    return SeriesScore(
        stream,
        measure,
        unit,
        len(actual),
        float(actual.mean()),
        float(mean.mean()),
        inside,
        error,
        others,
        bias,
    )


def backtest(nasty: str = "") -> BacktestShown:
    """A back-test; `nasty` is put into every text that may come from data."""
    return BacktestShown(
        "Back-test of the helpline" + nasty,
        source(),
        "1 Jan to 28 Feb 2026, 50 working days" + nasty,
        "2 to 27 Mar 2026, 20 working days",
        "20 s",
        "answered within 20 s, of answered and abandoned",
        (
            "Trust it for daily volume, abandonment and waits of both streams: the error of a day is smaller "
            "than that of any baseline." + nasty,
            "Service level of Faults is as good from Erlang A.",
            "17 of 20 days lie in their 90 % intervals.",
        ),
        (mode("volume as forecast", nasty), mode("volume as it came", nasty, 0.8)),
        ("Staffing is that of the agents seen at work in March." + nasty,),
        ("Fri 13 Mar: half of the agents are not seen after 14:00." + nasty,),
    )
