"""`careloop finance`: what care costs, and what a change to it really saves."""

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from careloop import options
from careloop.cli import RefusedError
from careloop.financing import chances_of, opened, write
from careloop.opening import one_set, tell, usable
from careloop.versions import BASE
from careloop.watching import COMPILING, watching

if TYPE_CHECKING:
    from reports.finance.results import Study
    from reports.finance.study import Say
    from scenarios import Scenario
    from sim.progress import Progress


class Asked(NamedTuple):
    """The options as they were written."""

    file: Path
    names: tuple[str, ...]
    against: str | None
    settings: tuple[str, ...]
    replications: str | None
    seed: str | None
    workers: str | None
    search: bool
    out: Path | None
    xlsx: Path | None
    as_json: bool


def finance_and_tell(asked: Asked) -> None:
    """Make the study, write what is asked for, and print."""
    started = time.perf_counter()
    chosen = _chosen(asked)
    scenarios = _opened(asked)
    found = _found(scenarios, asked, chosen)
    failed = _written(found, asked, started)
    if asked.as_json:
        from reports.finance.folder import study_json

        sys.stdout.write(study_json(found) + "\n")
    else:
        from careloop.terminal import show
        from reports.finance.card import card_of, notes_of
        from reports.finance.folder import PAGE

        written = None if asked.out is None or failed else asked.out / PAGE
        show(card_of(found), written or (asked.xlsx if not failed else None), notes_of(found))
    if failed is not None:
        raise failed


def _chosen(asked: Asked) -> options.Chosen[int]:
    """Check the options before any work is done; tell all problems together."""
    read = options.Reading()
    chosen = options.chosen(read, options.pairs, asked)
    read(options.out, asked.out)
    read(options.workbook, asked.xlsx)
    if asked.xlsx is not None and asked.against is None:
        read.problems.append(
            "error: --xlsx: the workbook is of a business case; name the change with --against"
        )
    if asked.xlsx is not None and not asked.search:
        read.problems.append("error: --xlsx: the workbook needs the search for people; leave out --no-search")
    if read.problems:
        raise RefusedError(*read.problems)
    return chosen


def _opened(asked: Asked) -> "list[Scenario]":
    """The scenario, and the one to hold against it; told that a horizon was stretched to whole years."""
    settings = one_set(asked.settings)
    names = [tuple(each for each in asked.names if each != BASE)]
    base = opened(asked.file, names[0], settings)
    sides = [base]
    if asked.against is not None:
        allowed = [name for name in base.overrides if name not in names[0]]
        if base.scenario is not None and asked.against not in allowed:
            raise RefusedError(_no_change(asked.against, allowed))
        sides.append(opened(asked.file, (*names[0], asked.against), settings))
    return usable(sides)


def _no_change(name: str, allowed: Sequence[str]) -> str:
    """What is wrong with a change that changes nothing."""
    others = f"name one of: {', '.join(allowed)}" if allowed else "the file has no other override; write one"
    return f"error: --against {name}: is no override beside those that are there already; {others}"


def _found(scenarios: "list[Scenario]", asked: Asked, chosen: options.Chosen[int]) -> "Study":
    from reports.finance.study import Asked as Wanted
    from reports.finance.study import study_of

    labels = (" + ".join(asked.names) or BASE, *([asked.against] if asked.against is not None else []))
    chances = chances_of(scenarios[0], chosen.replications, chosen.seed, chosen.workers)
    after = scenarios[1] if len(scenarios) > 1 else None
    try:
        with _saying() as say:
            return study_of(scenarios[0], after, Wanted(labels, chances, asked.search, asked.search), say)
    except ValueError as error:
        raise RefusedError(f"error: {asked.file}: {error}") from None


@contextmanager
def _saying() -> "Iterator[Say]":
    """Tell on stderr what is done next, with a bar for its replications where there is a terminal."""
    from sim.jit import is_warm

    if not is_warm():
        tell(COMPILING)
    with watching(cold=False) as progress:

        def say(what: str) -> "Progress":
            if not sys.stderr.isatty():
                tell(f"{what[0].upper()}{what[1:]} ...")
            return progress

        yield say


def _written(found: "Study", asked: Asked, started: float) -> RefusedError | None:
    """Write folder and workbook; a failure is told after the tables, so that the work is not lost."""
    from reports.run_folder import FolderError

    try:
        write(found, asked.out, asked.xlsx, time.perf_counter() - started)
    except FolderError as error:
        return RefusedError(f"error: {error}")
    return None
