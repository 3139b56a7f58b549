"""`careloop backtest`: calibrated on one period, held against another, with a verdict."""

import datetime
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from careloop import export_options, options
from careloop.calibrate_command import refusing, rejected_rows, saying
from careloop.calibrating import Export, open_facts
from careloop.cli import RefusedError
from careloop.opening import tell
from careloop.periods import read_period
from careloop.watching import watching

if TYPE_CHECKING:
    from calibration.facts.facts import Facts
    from calibration.observed import Period
    from reports.backtest_shown import BacktestShown

REPLICATIONS = 100
_FEWEST = 20  # replications of which a 90 % interval can be made


class Asked(NamedTuple):
    """The options as they were written."""

    export: export_options.Asked
    train: str
    test: str
    within: str
    replications: str | None
    seed: str | None
    workers: str | None
    out: Path | None
    png: bool
    as_json: bool


class _Chosen(NamedTuple):
    train: tuple[datetime.date, datetime.date]
    test: tuple[datetime.date, datetime.date]
    within_s: float
    replications: int
    seed: int
    workers: int | None


def backtest_and_tell(asked: Asked) -> None:
    """Calibrate, simulate, compare; write the folder if one is asked for, and print."""
    started = time.perf_counter()
    chosen = _chosen(asked)
    export = export_options.export_of(asked.export)
    with refusing():
        shown, rejected = _shown(export, chosen)
    if asked.out is not None:
        from reports.backtest_folder import write_backtest
        from reports.run_folder import FolderError

        try:
            write_backtest(
                asked.out,
                shown,
                with_png=asked.png,
                wall_time_s=time.perf_counter() - started,
                beside=rejected,
            )
        except FolderError as error:
            raise RefusedError(f"error: --out: {error}") from None
    if asked.as_json:
        from reports.backtest_tables import backtest_json

        sys.stdout.write(backtest_json(shown) + "\n")
        return
    from careloop.backtest_card import show_backtest

    show_backtest(shown, asked.out)


def _chosen(asked: Asked) -> _Chosen:
    """Check the options before any work is done; tell all problems together."""
    read = options.Reading()
    replications = REPLICATIONS if asked.replications is None else read(options.pairs, asked.replications)
    seed = 1 if asked.seed is None else read(options.seed, asked.seed)
    workers = read(options.workers, asked.workers)
    if asked.out is not None:
        read(options.out, asked.out)
    problems = [*export_options.wrong_with(asked.export), *read.problems]
    if replications is not None and replications < _FEWEST:
        problems.append(
            f"error: --replications: {replications} are too few for a 90% interval; at least {_FEWEST}"
        )
    periods = []
    for name, text in (("--train", asked.train), ("--test", asked.test)):
        try:
            periods.append(read_period(text))
        except ValueError as error:
            problems.append(f"error: {name}: {error}")
    within_s = 0.0
    try:
        from scenarios.units import duration

        within_s = duration(asked.within)
    except ValueError as error:
        problems.append(f"error: --within: {error}")
    if len(periods) == 2 and periods[1][0] <= periods[0][1]:
        problems.append(
            "error: --test: must begin after the end of --train; a test on known days proves nothing"
        )
    if problems or replications is None or seed is None:
        raise RefusedError(*problems)
    return _Chosen(periods[0], periods[1], within_s, replications, seed, workers)


def _shown(export: Export, chosen: _Chosen) -> "tuple[BacktestShown, dict[str, bytes]]":
    """The back-test, and the rows that were set aside as a file to go beside it."""
    from sim.jit import is_warm

    with saying() as say, open_facts(export, chosen.train[0], chosen.test[1], say) as facts:
        _refuse_without_contacts(facts)
        _refuse_without_days(facts, chosen)
        from careloop.backtesting import prepared

        say("fitting")
        ready = prepared(
            facts, export, _period(chosen.train), _known(chosen.test, facts), chosen.within_s, say
        )
        tell(*ready.notes)
        rejected = rejected_rows(facts)
    from careloop.backtest_shown import backtest_shown
    from careloop.backtesting import backtest, weeks
    from sim.explain.watch import Chances
    from sim.progress import counting

    total = 2 * chosen.replications * len(list(weeks(ready.tested.period)))
    with watching(cold=not is_warm()) as progress:
        chances = Chances(chosen.seed, chosen.replications, chosen.workers)
        modes = backtest(ready.fitted, ready.tested, ready.meant, chances, counting(progress, total))
    return backtest_shown(ready, modes, chances), rejected


def _period(days: tuple[datetime.date, datetime.date]) -> "Period":
    from calibration.observed import Period

    return Period(*days)


def _known(test: tuple[datetime.date, datetime.date], facts: "Facts") -> "Period":
    """The test as far as the export goes, if that ends a week or more before; what it lacks is told."""
    if (test[1] - facts.last_day).days >= 7:
        tell(f"--test: the export ends on {facts.last_day}; the days after it are left out")
        test = (test[0], facts.last_day)
    return _period(test)


def _refuse_without_contacts(facts: "Facts") -> None:
    """Counts by interval do not say how single contacts fared."""
    if facts.contacts is None:
        raise ValueError("a back-test needs an export of contacts; this one has counts by interval")


def _refuse_without_days(facts: "Facts", chosen: _Chosen) -> None:
    """Refuse periods of which the export has nothing."""
    for name, (first, last) in (("--train", chosen.train), ("--test", chosen.test)):
        if facts.last_day < first or facts.first_day > last:
            raise ValueError(f"{name}: the export has nothing from {first} to {last}")
