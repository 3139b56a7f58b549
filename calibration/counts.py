"""Historical interval counts -> how much busier than chance: the ``busyness`` of a scenario.

    python -m calibration.counts FILE [--interval MINUTES] [--time COLUMN] [--count COLUMN]

The model is that of the simulation: the count of an interval is Poisson with the mean of its weekday
and time of day, times a gamma factor of the day, times a gamma factor of the interval, both of mean 1
(Jongbloed and Koole 2001, "Managing uncertainty in call centres using Poisson mixtures", Applied
Stochastic Models in Business and Industry 17; Avramidis, Deslauriers and L'Ecuyer 2004, "Modeling
daily arrivals to a telephone call center", Management Science 50, section 3).

Moments tell the two factors and chance apart. For intervals i and j of day d, means m and factors
of squared coefficients of variation D (day) and V (interval),

* one day, two intervals:  E[N(d,i) N(d,j)]       = m(i) m(j) (1 + D)
* one day, one interval:   E[N(d,i) (N(d,i) - 1)] = m(i)^2 (1 + D) (1 + V)
* two days, any intervals: E[N(d,i) N(e,j)]       = m(i) m(j)

so that ratios of sums of the first and second to sums of the third are 1 + D and (1 + D) (1 + V).
The Poisson noise is gone because no count is multiplied by itself, and the means need no estimate.
"""

import argparse
import math
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import special

from scenarios.csv_door import Counts, read_counts
from scenarios.problems import Problem, ReadingError
from scenarios.week import DAY_NAMES, DAY_S

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SEED: Final = 1
RESAMPLES: Final = 2000
CONFIDENCE: Final = 0.95
USUAL_INTERVAL_S: Final = 1800  # of a scenario's calendar
_FEWEST_DAYS: Final = 3  # of a weekday
_UNUSUAL_FROM: Final = 3.0  # standard deviations of a day's total
_MOST_UNUSUAL: Final = 5


class Grid(NamedTuple):
    """Counts as a table: one row a day, one column an interval of the day."""

    interval_s: int
    days: tuple[str, ...]  # dates
    weekdays: Ints  # of each day, 0 = Monday
    counts: Floats  # [day, interval]


class Spread(NamedTuple):
    """A coefficient of variation; its standard error and 95 % interval."""

    cv: float
    se: float
    low: float
    high: float


class Busyness(NamedTuple):
    """How much days, and intervals within them, differ by more than chance."""

    day: Spread
    interval: Spread


class _Weekday(NamedTuple):
    """The products of counts on the days of one weekday, [day, day]; sums over intervals."""

    across: Floats  # of two different intervals
    along: Floats  # of the same interval; the diagonal N (N - 1)


class _Ratios(NamedTuple):
    """(1 + D) and (1 + D) (1 + V), for each set of weights of the days."""

    day: Floats
    both: Floats


def grid(counts: Counts, interval_s: int | None = None) -> Grid:
    """Counts by day and interval; intervals of the file may be joined to longer ones (seconds)."""
    step_s = interval_s or max(USUAL_INTERVAL_S, counts.step_s)
    if step_s % counts.step_s or DAY_S % step_s:
        raise ValueError(
            f"intervals of {step_s / 60:g} min cannot be made of {counts.step_s / 60:g} min; "
            "give a multiple that divides a day"
        )
    days = sorted({each.date for each in counts.observed})
    row = {day: n for n, day in enumerate(days)}
    table = np.zeros((len(days), DAY_S // step_s))
    for each in counts.observed:
        table[row[each.date], each.at_s % DAY_S // step_s] += each.contacts
    used = table.any(axis=0)
    weekdays = np.array([day.weekday() for day in days])
    return Grid(step_s, tuple(day.isoformat() for day in days), weekdays, table[:, used])


def estimate(table: Grid, resamples: int = RESAMPLES, seed: int = SEED) -> Busyness:
    """Busyness by day and by interval; standard errors by drawing days again, weekday by weekday.

    Weekdays with fewer than three days tell too little and are left out. Raises ``ValueError`` where
    that leaves none, or where there are fewer than two intervals a day, or no contacts.
    """
    parts = [_products(table.counts[table.weekdays == w]) for w in _repeated(table.weekdays)]
    if not parts or table.counts.shape[1] < 2:
        raise ValueError(
            f"{len(table.days)} days of {table.counts.shape[1]} intervals are too few: "
            f"{_FEWEST_DAYS} days of one weekday, and two intervals a day, are the least"
        )
    sizes = [len(part.along) for part in parts]
    found = _ratios(parts, [np.ones((1, n)) for n in sizes])
    drawn = _ratios(parts, _bootstrap_weights(sizes, resamples, seed))
    freedom = sum(sizes) - len(sizes)
    return Busyness(
        _spread(found.day, drawn.day, freedom, sum(sizes)),
        _spread(found.both / found.day, drawn.both / drawn.day, freedom, sum(sizes)),
    )


def _repeated(weekdays: Ints) -> list[int]:
    """The weekdays that have enough days."""
    return [w for w, n in sorted(Counter(weekdays.tolist()).items()) if n >= _FEWEST_DAYS]


def _products(counts: Floats) -> _Weekday:
    """Sums over intervals of the products of the counts of any two days of a weekday."""
    totals = counts.sum(axis=1)
    along = counts @ counts.T
    across = np.outer(totals, totals) - along
    return _Weekday(across, along - np.diag(totals))


def _ratios(parts: Sequence[_Weekday], weights: Sequence[Floats]) -> _Ratios:
    """The ratios of moments over all weekdays; `weights` [set, day] say how often each day counts.

    A day that counts twice is two days that happen to be alike. (Were such pairs left out, what stays
    would be of another level than the day itself, and the error of a small cv several times too large.)
    """
    same_day, two_days = np.zeros((2, 2, len(weights[0])))
    for part, w in zip(parts, weights, strict=True):
        others = w.shape[1] - 1
        for k, products in enumerate(part):
            own = w @ np.diag(products)
            same_day[k] += own
            two_days[k] += (np.einsum("sd,de,se->s", w, products, w) - own) / others
    with np.errstate(invalid="ignore", divide="ignore"):
        return _Ratios(*(same_day / two_days))


def _bootstrap_weights(sizes: Sequence[int], resamples: int, seed: int) -> list[Floats]:
    """How often each day of a weekday comes in each resample, [resample, day]."""
    random = np.random.default_rng(seed)
    return [random.multinomial(n, np.full(n, 1.0 / n), size=resamples).astype(float) for n in sizes]


def _spread(ratio: Floats, drawn: Floats, freedom: int, days: int) -> Spread:
    """The cv whose square is `ratio` - 1; its standard error by the delta method.

    Drawing again from n days of a weekday varies as if there were n - 1: the error is scaled up.
    """
    squared = float(ratio[0]) - 1.0
    usable = drawn[np.isfinite(drawn)]
    error = float(np.std(usable, ddof=1)) * math.sqrt(days / freedom)
    low, high = _ends(squared, error * float(special.stdtrit(freedom, 0.5 + CONFIDENCE / 2)))
    cv = math.sqrt(max(squared, 0.0))
    return Spread(cv, error / (2.0 * cv) if cv > 0 else math.nan, math.sqrt(low), math.sqrt(high))


def _ends(squared: float, half: float) -> tuple[float, float]:
    """The interval of a variance: by its logarithm where it is surely above 0, as variances are skewed."""
    if squared > half:
        factor = math.exp(half / squared)
        return squared / factor, squared * factor
    return 0.0, max(squared + half, 0.0)


def fragment(found: Busyness) -> str:
    """The estimates as a line of a scenario file, to be pasted below ``arrivals``."""
    return f"busyness: {{day: {{cv: {found.day.cv:.1%}}}, interval: {{cv: {found.interval.cv:.1%}}}}}"


def unusual_days(table: Grid) -> list[str]:
    """Days whose total is far from the median of their weekday: holidays, outages, gaps in the export.

    Far is more than 3 standard deviations, as the median distance tells them (a normal law's is
    0.6745 of them); at least four days of a weekday are needed to say so.
    """
    found: list[tuple[float, str]] = []
    totals = table.counts.sum(axis=1)
    for w in _repeated(table.weekdays):
        of_day = np.flatnonzero(table.weekdays == w)
        usual = float(np.median(totals[of_day]))
        scale = float(np.median(np.abs(totals[of_day] - usual))) / 0.6745
        for day in of_day if len(of_day) >= 4 and scale > 0 else ():
            distance = (float(totals[day]) - usual) / scale
            if abs(distance) > _UNUSUAL_FROM:
                told = f"{table.days[day]} ({DAY_NAMES[w]}): {totals[day]:,.0f}, usually {usual:,.0f}"
                found.append((-abs(distance), told))
    return [told for _, told in sorted(found)]


def _told(spread: Spread) -> str:
    if spread.cv == 0:
        return f"0 (no more than chance; at most {spread.high:.1%})"
    interval = f"{spread.low:.1%} to {spread.high:.1%}"
    return f"{spread.cv:.1%}, standard error {100 * spread.se:.1f} points, 95 % interval {interval}"


def report(table: Grid, found: Busyness) -> str:
    """The estimates as YAML: what is behind them as comments, then the fragment."""
    used = sum(int((table.weekdays == w).sum()) for w in _repeated(table.weekdays))
    minutes = f"{table.interval_s / 60:g} min"
    lines = [
        f"{used} days, {table.counts.shape[1]} intervals of {minutes} a day, "
        f"{table.counts.sum():,.0f} contacts",
        f"day:      cv {_told(found.day)}",
        f"interval: cv {_told(found.interval)}",
        f"for a calendar with 'interval: {minutes}': the interval's cv depends on its length",
    ]
    unusual = unusual_days(table)
    if unusual:
        more = f" (and {len(unusual) - _MOST_UNUSUAL} more)" if len(unusual) > _MOST_UNUSUAL else ""
        lines.append(f"unusual days{more}; leave out those that will not come again, such as holidays:")
        lines += [f"  {each}" for each in unusual[:_MOST_UNUSUAL]]
    return "\n".join([*(f"# {line}" for line in lines), fragment(found)])


def _minutes(text: str) -> int:
    minutes = int(text)
    if minutes < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of minutes above zero")
    return minutes


def _arguments(given: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m calibration.counts",
        description="Estimate a stream's busyness from historical interval counts.",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="counts, .csv or .csv.gz")
    parser.add_argument("--time", metavar="COLUMN", help="column of date and time (default: detected)")
    parser.add_argument("--count", metavar="COLUMN", help="column of counts (default: detected)")
    parser.add_argument(
        "--interval",
        type=_minutes,
        metavar="MINUTES",
        help="calendar.interval of the scenario (default: 30, or the file's if that is longer)",
    )
    return parser.parse_args(given)


def main(given: Sequence[str] | None = None) -> int:
    """Print the estimates of a file; returns 0, or 2 where it cannot be used."""
    asked = _arguments(given)
    try:
        counts = read_counts(asked.file, asked.time, asked.count)
        table = grid(counts, asked.interval * 60 if asked.interval else None)
        found = estimate(table)
    except ReadingError as error:
        problems = [Problem("error", f.file or str(asked.file), f.line, "", f.message) for f in error.found]
        print(*problems, sep="\n", file=sys.stderr)
        return 2
    except ValueError as error:
        print(f"{asked.file}: error: {error}", file=sys.stderr)
        return 2
    print(*counts.notes, sep="\n", file=sys.stderr)
    print(report(table, found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
