"""`careloop staff`: how many people it takes, by formula and verified."""

import math
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from careloop import options
from careloop.cli import RefusedError, printable
from careloop.opening import Opening, one_set, tell, usable
from careloop.staffing import asked_of, refuse_uncertain, refuse_unsteered, roster_of
from careloop.watching import COMPILING

if TYPE_CHECKING:
    from scenarios import Scenario
    from sim.staffing.answer import Asked as Staffed
    from sim.staffing.answer import Staffing


_SILENCE_S: Final = (
    20.0  # after which a thing that goes on is told once more, where lines cannot be taken back
)


class Asked(NamedTuple):
    """The options as they were written."""

    opening: Opening
    method: str
    max_occupancy: str | None
    minimum: str | None
    against: tuple[str, ...]
    gross: bool
    no_repair: bool
    replications: str | None
    seed: str | None
    workers: str | None
    out: Path | None
    as_json: bool


def staff_and_tell(asked: Asked) -> None:
    """Find the staffing, write the folder if one is asked for, and print."""
    started = time.perf_counter()
    staffed = _chosen(asked)
    scenario = _opened(asked.opening)
    found = _found(scenario, staffed, asked)
    failed = _written(found, asked, started) if asked.out is not None else None
    if not asked.as_json:
        _show(found, asked.out if failed is None else None)
    if failed is not None:
        raise failed
    if asked.as_json:
        from reports.staffing_folder import staffing_json

        sys.stdout.write(staffing_json(found) + "\n")


def _chosen(asked: Asked) -> "Staffed":
    """Check the options before any work is done; tell all problems together."""
    read = options.Reading()
    chosen = asked_of(
        read(options.staffing_method, asked.method),
        read(options.max_occupancy, asked.max_occupancy),
        read(options.minimum, asked.minimum),
        not asked.no_repair,
        read(options.sample_size, asked.replications),
        read(options.seed, asked.seed),
        read(options.workers, asked.workers),
    )
    read(options.out, asked.out)
    if read.problems:
        raise RefusedError(*read.problems, *asked.opening.problems())
    return chosen


def _opened(opening: Opening) -> "Scenario":
    import scenarios

    return usable([scenarios.open_scenario(opening.file, opening.names, one_set(opening.sets))])[0]


def _found(scenario: "Scenario", staffed: "Staffed", asked: Asked) -> "Staffing":
    from sim.staffing.answer import staffing_of
    from sim.staffing.sampling import is_warm

    try:
        refuse_uncertain(scenario)
        refuse_unsteered(scenario)
        roster = roster_of(scenario, asked.against, asked.gross)
        tell(*(roster.notes if roster else ()), *([] if is_warm() or not staffed.repair else [COMPILING]))
        with _telling() as say:
            return staffing_of(scenario, staffed, say, roster)
    except ValueError as error:
        raise RefusedError(f"error: {error}") from None


@contextmanager
def _telling() -> Iterator[Callable[[str], None]]:
    """Say on stderr what is being done: on one line of a terminal, else each thing once, and now and then."""
    is_terminal = sys.stderr.isatty()
    said, at = set[str](), -math.inf

    def say(what: str) -> None:
        nonlocal at
        thing, now = what.partition(" (")[0], time.monotonic()
        if is_terminal:
            room = (
                shutil.get_terminal_size().columns - len(" ...") - 1
            )  # a longer line could not be taken back
            print(f"\r\033[K{printable(what)[-room:]} ...", end="", file=sys.stderr, flush=True)
        elif thing not in said or now - at > _SILENCE_S:
            said.add(thing)
            at = now
            print(f"{printable(what)} ...", file=sys.stderr, flush=True)

    try:
        yield say
    finally:
        if is_terminal:
            print("\r\033[K", end="", file=sys.stderr, flush=True)


def _written(found: "Staffing", asked: Asked, started: float) -> RefusedError | None:
    """Write the folder; a failure is told after the tables, so that the work is not lost."""
    from reports.run_folder import FolderError, source_of
    from reports.staffing_folder import write_staffing

    assert asked.out is not None  # the caller has looked
    try:
        source = source_of(asked.opening.file)
    except OSError:
        source = None
    try:
        write_staffing(asked.out, found, source=source, wall_time_s=time.perf_counter() - started)
    except FolderError as error:
        return RefusedError(f"error: --out: {error}")
    return None


def _show(found: "Staffing", out: Path | None) -> None:
    from careloop.terminal import show
    from reports.scorecard import Scorecard
    from reports.staffing_against import against_blocks, where_all_gaps_are, worst_block
    from reports.staffing_card import blocks, headline, notes, roster_notes
    from reports.staffing_folder import PAGE

    tables, said = blocks(found), notes(found)
    if found.against is not None:
        gaps, steps = against_blocks(found)
        tables = (*tables, gaps, worst_block(found), steps)
        told = roster_notes(found)  # on stderr, before the work began
        said = (
            *where_all_gaps_are(found, None if out is None else str(out)),
            *(note for note in said if note not in told),
        )
    card = Scorecard(f"Staffing of {found.scenario.name}", None, headline(found), tables, said, "")
    show(card, None if out is None else out / PAGE)
