"""Historical interval counts -> how much busier than chance: the ``busyness`` of a scenario.

    python -m calibration.counts FILE [--interval MINUTES] [--time COLUMN] [--count COLUMN]

The model and how its factors are told apart are in `fits/pair_moments.py`. Whole exports, with special days,
level, smoothed profiles and what streams have in common, are fitted by `fits/arrivals.py`.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from calibration.fits.dispersion import Spread
from calibration.fits.pair_moments import Busyness, Grid, estimate, repeated
from scenarios.csv_door import Counts, read_counts
from scenarios.problems import Problem, ReadingError
from scenarios.week import DAY_NAMES, DAY_S

USUAL_INTERVAL_S: Final = 1800  # of a scenario's calendar
_UNUSUAL_FROM: Final = 3.0  # standard deviations of a day's total
_MOST_UNUSUAL: Final = 5


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
    for w in repeated(table.weekdays):
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
    used = sum(int((table.weekdays == w).sum()) for w in repeated(table.weekdays))
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
