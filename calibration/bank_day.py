"""One day of a bank's call centre: what happened by interval, and the scenario that it makes.

    python -m calibration.bank_day EXPORT                               the days, and which one is ordinary
    python -m calibration.bank_day EXPORT --date 1999-01-19 --out FOLDER

writes ``scenario.yaml`` (the day's own counts, handle times, patience and staffing) and
``observed.csv`` (what happened, by half hour). Which rows of the export count:

* calls that waited for an agent or came to one; those that ended in the menu never asked for anybody;
* PHANTOM, a drop by the system, is left out of all counts, but whoever is in the queue is waiting there;
* AGENT without the name of one was answered: it counts, and its few seconds with it;
* a call comes when it leaves the menu, and counts in that interval, even where it was answered later.
"""

import argparse
import csv
import datetime
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from calibration.bank_days import days_table, working_days
from calibration.bank_export import Call, read_calls
from calibration.bank_seen import (
    CLOSE_S,
    OPEN_S,
    STREAMS,
    USUAL,
    Choices,
    Seen,
    WhileWaited,
    in_hand,
    is_open,
    seen_on,
    takes_of,
    while_waited,
)
from calibration.fits.cells import Waits, cells_of, waits_of
from calibration.fits.quantile_points import Points, quantile_points
from calibration.fits.waiting_curve import Patience, patience
from calibration.presence import Floats, window_means
from calibration.staffing import whole_agents
from scenarios.problems import Problem, ReadingError

INTERVAL_S: Final = 1800  # of what is compared
THRESHOLD_S: Final = 20


class Stream(NamedTuple):
    """Calls of a kind: how many in each window, and their agent time."""

    name: str
    counts: tuple[int, ...]
    handle_time: Points
    service_s: float  # mean, as recorded


class Team(NamedTuple):
    """Agents alike in what they take: the streams, and how many are at work in each window."""

    name: str
    streams: tuple[str, ...]
    agents: tuple[int, ...]


class Interval(NamedTuple):
    """What happened to the calls that came in an interval; the last three go by the clock."""

    interval: str  # "07:30"
    offered: int
    answered: int
    abandoned: int
    mean_wait_answered_s: float | None
    mean_wait_s: float | None
    answered_within_20_s: float | None  # share of the answered and abandoned
    mean_service_s: float | None
    agents_seen: float
    busy_hours: float


class Day(NamedTuple):
    """What a day says: the numbers of its scenario, and what happened."""

    date: datetime.date
    choices: Choices
    streams: tuple[Stream, ...]
    patience: Patience
    teams: tuple[Team, ...]
    after_call_s: float  # mean
    while_waited: WhileWaited
    left_out: tuple[tuple[str, int], ...]
    intervals: tuple[Interval, ...]


def day(calls: Sequence[Call], date: datetime.date, choices: Choices = USUAL) -> Day:
    """What one date says. Raises ``ValueError`` where it has no records, or too few to say anything."""
    of_date = [call for call in calls if call.date == date]
    if not of_date:
        raise ValueError(f"has no records of {date}")
    used = [call for call in of_date if call.reached_queue and is_open(call)]
    if not any(call.answered and call.service_s and call.agent for call in used):
        raise ValueError(f"has no call of {date} between 07:00 and 24:00 that an agent answered")
    seen = seen_on(of_date, choices, takes_of(calls, choices))
    after = seen.after_call if choices.after_call and seen.after_call else [0]
    return Day(
        date,
        choices,
        tuple(_streams(used, choices, np.array(after, float))),
        patience(waits_seen(call for call in used if call.queued)),
        tuple(_teams(seen, choices.window_s)),
        float(np.mean(after)),
        while_waited(used, seen),
        _left_out(of_date),
        tuple(_intervals(used, seen)),
    )


def waits_seen(calls: Iterable[Call]) -> Waits:
    """How long calls waited in the queue, and which of them gave up."""
    queued = list(calls)
    return waits_of([call.wait_s for call in queued], [not call.answered for call in queued])


def _left_out(calls: Sequence[Call]) -> tuple[tuple[str, int], ...]:
    """Why rows of a date are not counted, and how many."""
    reasons = {
        "ended in the menu": sum(call.outcome == "HANG" and not call.queued for call in calls),
        "dropped by the system (PHANTOM)": sum(call.outcome == "PHANTOM" for call in calls),
        "came before 07:00 or after midnight": sum(c.reached_queue and not is_open(c) for c in calls),
    }
    return tuple(reasons.items())


def _teams(seen: Seen, window_s: int) -> Iterable[Team]:
    for n, (streams, at_work) in enumerate(seen.teams.items()):
        agents = whole_agents(window_means(at_work, OPEN_S, CLOSE_S, window_s))
        name = "team" if len(seen.teams) == 1 else f"team_{n + 1}"
        yield Team(name, tuple(sorted(streams)), tuple(agents))


def _streams(calls: Sequence[Call], choices: Choices, after: Floats) -> Iterable[Stream]:
    """The calls by stream; agent time is service plus after-call work, taken to be independent."""
    groups: dict[str, list[Call]] = defaultdict(list)
    for call in calls:
        groups[STREAMS[choices.streams](call)].append(call)
    everybody = [call.service_s for call in calls if call.answered]
    for name in sorted(groups):
        own = [call.service_s for call in groups[name] if call.answered]
        service = np.array(own if any(own) else everybody, float)  # none answered: as all the others
        times = quantile_points(cells_of(np.add.outer(service, after).ravel()))
        yield Stream(name, _counts(groups[name], choices.window_s), times, float(service.mean()))


def _counts(calls: Iterable[Call], window_s: int) -> tuple[int, ...]:
    counts = [0] * ((CLOSE_S - OPEN_S) // window_s)
    for call in calls:
        counts[(call.came_s - OPEN_S) // window_s] += 1
    return tuple(counts)


def _intervals(calls: Sequence[Call], seen: Seen) -> Iterable[Interval]:
    """What happened, by interval of coming."""
    both = (seen.at_work, in_hand(calls, seen))
    agents, load = (window_means(each, OPEN_S, CLOSE_S, INTERVAL_S) for each in both)
    for i, start_s in enumerate(range(OPEN_S, CLOSE_S, INTERVAL_S)):
        own = [call for call in calls if start_s <= call.came_s < start_s + INTERVAL_S]
        yield _interval(start_s, own, float(agents[i]), float(load[i]) * INTERVAL_S / 3600)


def _interval(start_s: int, calls: Sequence[Call], agents: float, busy_hours: float) -> Interval:
    answered = [call for call in calls if call.answered]
    return Interval(
        f"{start_s // 3600:02}:{start_s // 60 % 60:02}",
        len(calls),
        len(answered),
        len(calls) - len(answered),
        _mean([call.wait_s for call in answered]),
        _mean([call.wait_s for call in calls]),
        _mean([call.answered and call.wait_s <= THRESHOLD_S for call in calls]),
        _mean([call.service_s for call in answered]),
        agents,
        busy_hours,
    )


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def write_folder(folder: Path, found: Day, source: str) -> None:
    """Write the two files. Raises ``ValueError`` for a folder with anything else in it."""
    from calibration.bank_scenario import scenario_text

    texts = {"scenario.yaml": scenario_text(found, source)}
    if folder.exists() and not folder.is_dir():
        raise ValueError(f"cannot be written to {str(folder)!r}, which is a file")
    others = sorted(each.name for each in folder.iterdir()) if folder.exists() else []
    if set(others) - {"scenario.yaml", "observed.csv"}:
        raise ValueError(
            f"is not written to {str(folder)!r}, which has other files in it, such as {others[0]!r}"
        )
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    with (folder / "observed.csv").open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream, lineterminator="\n")
        rows.writerow(Interval._fields)
        rows.writerows([_cell(value) for value in each] for each in found.intervals)


def _cell(value: object) -> object:
    return round(value, 4) if isinstance(value, float) else "" if value is None else value


def _arguments(given: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m calibration.bank_day",
        description="A scenario of one day of an Anonymous Bank export, and what happened on it.",
    )
    parser.add_argument("export", type=Path, metavar="EXPORT", help="a month of calls, .tsv or .tsv.gz")
    parser.add_argument("--date", type=datetime.date.fromisoformat, help="such as 1999-01-19")
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="where to write; needed with --date")
    asked = parser.parse_args(given)
    if (asked.date is None) != (asked.out is None):
        parser.error("--date and --out need each other; without both, the days are listed")
    return asked


def main(given: Sequence[str] | None = None) -> int:
    """List the days of an export, or write one of them; returns 0, or 2 where that cannot be done."""
    asked = _arguments(given)
    try:
        calls = read_calls(asked.export)
        if asked.date is None:
            print(days_table(working_days(calls)))
            return 0
        write_folder(asked.out, day(calls, asked.date), asked.export.name)
    except ReadingError as error:
        problems = [Problem("error", f.file or str(asked.export), f.line, "", f.message) for f in error.found]
        print(*problems, sep="\n", file=sys.stderr)
        return 2
    except ValueError as error:
        print(f"{asked.export}: error: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"{asked.out}: error: cannot be written: {error.strerror}", file=sys.stderr)
        return 2
    print(f"{asked.out}: scenario.yaml and observed.csv of {asked.date}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
