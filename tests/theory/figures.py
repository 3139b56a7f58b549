"""How a figure is read off a simulation, and how far it is from what theory says.

A figure is a ratio of sums of count columns, written as text: `"wait_answered / answered"`. Columns
that are sums of time are converted to the case's unit, so that the figure comes out in units, in
shares or per unit, as its columns say. Beside the columns of `Result.counts` there are

* `horizon`: the time that counts (the horizon without the warm-up), `days`: 1 a replication;
* from the legs, `fresh`, `fresh_blocked`, `again`, `again_blocked`, ...: first attempts and retries;
  `by_0`, `by_1`, ...: what each agent handled.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from scenarios.model import DAY_S, Scenario
from sim.experiment import Result, run_scenario

Floats = NDArray[np.float64]
Table = dict[str, pd.DataFrame]  # name of a queue, group, stream or "all" -> columns by replication
Rows = dict[tuple[str, str, str | None], tuple[float, float]]  # (measure, name, interval) -> mean, se

TIMES: Final = (
    "wait_answered", "wait_abandoned", "handled", "orbit", "waiting", "idle", "working", "sharing", "chats",
    "horizon",
)  # fmt: skip
RARE: Final = 25.0  # events: a share of fewer is judged by the Poisson law, not by its spread
SEEN_IN: Final = 0.7  # of the replications: what is nonzero in fewer may be too skewed to be judged
ENOUGH: Final = 2000.0  # events: however they cluster, they must have been seen in most replications
ENOUGH_IN_INTERVAL: Final = 400.0  # the same, where the replications cannot be looked at
_TERM: Final = re.compile(r"([+-]?)\s*(?:([\d.]+)\s*\*\s*)?([a-z]\w*)")
_SECOND: Final = 1e6  # ticks


class Figure(NamedTuple):
    """A figure of a case: what it should be, and how it is computed.

    `formula` is a ratio of columns `of` a queue, group or stream; with an `interval` it is the name
    of a measure, whose mean in that interval is multiplied by `scale`.
    """

    name: str
    expected: float
    formula: str
    of: str = "all"
    interval: str | None = None
    scale: float = 1.0
    rests_on: float = 1.0  # share of the contacts of an interval that make up the figure
    expected_se: float = 0.0  # of an expected value that is itself simulated


class Setup(NamedTuple):
    """A scenario to simulate, and the figures to read off it."""

    scenario: Scenario
    replications: int
    seed: int
    unit_s: float  # seconds in the case's unit of time
    figures: tuple[Figure, ...]
    legs: bool = False  # whether a formula needs columns made from legs
    overtime: bool = False  # whether the time after the horizon counts too
    weeks: int = 1  # in the average week, of which the intervals are those of the figures


class Judged(NamedTuple):
    """A figure beside its expected value. `z` is None where there is too little to judge by."""

    figure: str
    expected: float
    seen: float
    se: float
    z: float | None


class Verdict(NamedTuple):
    """What a simulation says about the figures of a setup."""

    contacts: int
    figures: tuple[Judged, ...]


class Estimate(NamedTuple):
    """A ratio of means with its delta-method standard error, and what it rests on."""

    mean: float
    se: float
    below: float  # sum of the denominator
    seen_in: float  # share of the replications in which the ratio is neither 0 nor 1


def simulate(setup: Setup) -> Result:
    """Run a setup, on both cores."""
    return run_scenario(
        setup.scenario, setup.replications, seed=setup.seed, workers=2, keep_contacts=setup.legs
    )


def table(setup: Setup, result: Result) -> Table:
    """The count columns of each queue, group and stream, with the columns of our own."""
    counts = result.counts
    if setup.overtime:
        keys = ["replication", "scope", "name"]
        counts = (counts.set_index(keys) + result.after.set_index(keys)).reset_index()
    calendar, run = setup.scenario.calendar, setup.scenario.run
    columns: dict[str, float | Floats] = {
        "horizon": (calendar.days * DAY_S - run.warm_up_s) * _SECOND,
        "days": 1,
    }
    if result.contacts is not None:
        columns.update(_attempts(result.contacts, run.warm_up_s, result.replications))
    by_name = counts.groupby("name")
    return {str(name): rows.set_index("replication").assign(**columns) for name, rows in by_name}


def _attempts(legs: pd.DataFrame, warm_up_s: float, replications: int) -> dict[str, Floats]:
    """Counts of first attempts and of retries: all, blocked, delayed, handled; and contacts by agent."""
    legs = legs[legs["born_s"] >= warm_up_s]
    waited = (legs["outcome"] == "abandoned") | (legs["started_s"] > legs["queued_s"])
    kinds = {"": waited | True, "_delayed": waited}
    kinds |= {f"_{end}": legs["outcome"] == end for end in ("blocked", "handled")}
    out = {}
    for name, chosen in (("fresh", legs["attempt"] == 0), ("again", legs["attempt"] > 0)):
        for kind, holds in kinds.items():
            which = legs["replication"][chosen & holds].to_numpy()
            out[name + kind] = np.bincount(which, minlength=replications).astype(float)
    handled = legs[kinds["_handled"]]
    for agent in range(handled["agent"].max() + 1):
        which = handled["replication"][handled["agent"] == agent].to_numpy()
        out[f"by_{agent}"] = np.bincount(which, minlength=replications).astype(float)
    return out


def terms(text: str) -> Iterator[tuple[float, str]]:
    """The terms of a sum of columns: "answered - 2*abandoned" -> (1, answered), (-2, abandoned)."""
    for sign, factor, column in _TERM.findall(text):
        yield (-1.0 if sign == "-" else 1.0) * float(factor or 1.0), column


def _sum(text: str, columns: pd.DataFrame, unit_s: float) -> Floats:
    total = np.zeros(len(columns))
    for factor, column in terms(text):
        value = columns[column].to_numpy(float)
        total += factor * (value / (unit_s * _SECOND) if column in TIMES else value)
    return total


def is_share(formula: str) -> bool:
    """Whether a formula is a number of contacts over a number of contacts."""
    columns = [column for _, column in terms(formula)]
    return "days" not in columns and not set(columns) & set(TIMES)


def estimate(formula: str, columns: pd.DataFrame, unit_s: float) -> Estimate:
    """A ratio of means over the replications (Law 2015, section 9.4)."""
    above, below = (_sum(part, columns, unit_s) for part in formula.split("/"))
    n, mean = len(above), above.sum() / below.sum()
    se = np.sqrt(np.sum((above - mean * below) ** 2) / (n * (n - 1))) / below.mean()
    return Estimate(
        float(mean), float(se), float(below.sum()), float(np.mean((above != 0) & (above != below)))
    )


def score(difference: float, se: float, freedom: float) -> float:
    """The normal score that is as improbable as this difference is by Student's law."""
    if se == 0.0:
        return 0.0 if difference == 0.0 else float(np.copysign(np.inf, difference))
    tail = special.stdtr(freedom, -abs(difference) / se)
    return float(np.copysign(-special.ndtri(tail), difference))


def judge_ratio(figure: Figure, columns: pd.DataFrame, unit_s: float) -> Judged:
    """Hold a ratio of counts against its expected value."""
    found = estimate(figure.formula, columns, unit_s)
    se, p = found.se, figure.expected
    events = _events(figure, found, columns)
    rare = is_share(figure.formula) and events < RARE
    if rare:
        se = max(se, np.sqrt(max(events, 1.0)) / found.below)
    difference = _difference(found.mean, p)
    z = score(difference, *_joint(se, figure.expected_se, len(columns)))
    too_little = not rare and difference != 0.0 and found.seen_in < SEEN_IN and events < ENOUGH
    return Judged(figure.name, p, found.mean, se, None if too_little else z)


def _events(figure: Figure, found: Estimate, columns: pd.DataFrame) -> float:
    """How many contacts make up the figure, or keep it from being 1."""
    if is_share(figure.formula):
        return found.below * figure.expected * (1.0 - figure.expected)
    delayed = float(columns["delayed"].sum())
    return float(columns["answered"].sum()) - delayed if 0.5 < figure.expected < 1.0 else delayed


def _difference(seen: float, expected: float) -> float:
    """Seen less expected; 0 where only the rounding of times to ticks tells them apart."""
    return 0.0 if abs(seen - expected) <= 1e-6 * abs(expected) else seen - expected


def _joint(se: float, other: float, replications: int) -> tuple[float, float]:
    """Standard error of a difference, and its degrees of freedom (Welch 1947; the other has many)."""
    both = float(np.hypot(se, other))
    freedom = replications - 1.0
    return both, freedom if se == 0.0 else freedom * (both / se) ** 4


def judge_interval(figure: Figure, rows: Rows, replications: int, weeks: int) -> Judged:
    """Hold a measure in an interval against its expected value."""
    mean, se = (figure.scale * value for value in rows[figure.formula, figure.of, figure.interval])
    z = score(_difference(mean, figure.expected), *_joint(se, figure.expected_se, replications))
    contacts = rows["offered", "all", figure.interval][0] * replications * weeks
    too_little = contacts * figure.rests_on < ENOUGH_IN_INTERVAL
    return Judged(figure.name, figure.expected, mean, se, None if too_little else z)


def interval_rows(result: Result) -> Rows:
    """Mean and standard error by (measure, name, interval)."""
    columns = ("measure", "name", "interval", "mean", "se")
    measure, name, interval, mean, se = (result.intervals[column].tolist() for column in columns)
    return dict(zip(zip(measure, name, interval, strict=True), zip(mean, se, strict=True), strict=True))


def judge(setup: Setup) -> Verdict:
    """Simulate a setup and judge all its figures."""
    result = simulate(setup)
    columns = table(setup, result)
    rows = interval_rows(result) if any(figure.interval for figure in setup.figures) else {}
    judged = tuple(
        judge_interval(f, rows, result.replications, setup.weeks)
        if f.interval
        else judge_ratio(f, columns[f.of], setup.unit_s)
        for f in setup.figures
    )
    return Verdict(int(columns["all"]["offered"].sum()), judged)
