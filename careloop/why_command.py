"""`careloop why`: one interval of a saved run or of a scenario, and what makes it miss its target."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from careloop import options
from careloop.cli import RefusedError
from careloop.opening import Opening, one_set, opened_all, tell

if TYPE_CHECKING:
    from scenarios import Scenario
    from sim.explain.watch import Chances

USUAL: Final = 30  # replications where the run has one alone, or as many as it takes


class Asked(NamedTuple):
    """The options as they were written."""

    opening: Opening  # a file, or the folder of a run
    when: str
    queue: str | None
    replications: str | None
    workers: str | None
    as_json: bool


class _Known(NamedTuple):
    """A scenario, and how it was or is to be run."""

    scenario: "Scenario"
    seed: int
    replications: int | str


def why_and_tell(asked: Asked) -> None:
    """Explain and print."""
    from careloop.watching import watching
    from sim.explain.spot import read_when
    from sim.explain.why import why
    from sim.jit import is_warm

    replications, workers = _chosen(asked)
    try:
        when = read_when(asked.when)
    except ValueError as error:
        raise RefusedError(f"error: {error}") from None
    known = _known(asked.opening)
    chances = _chances(known, replications, workers)
    try:
        with watching(cold=not is_warm()) as progress:
            found = why(known.scenario, when, asked.queue, chances, progress)
    except ValueError as error:
        raise RefusedError(f"error: {error}") from None
    from reports.why_card import reasons, why_card, why_json

    if asked.as_json:
        sys.stdout.write(why_json(found) + "\n")
        return
    from careloop.terminal import show

    show(why_card(found), None, reasons(found))


def _chosen(asked: Asked) -> tuple[int | None, int | None]:
    """Check the options before any work is done; tell all problems together."""
    read = options.Reading()
    replications = read(options.pairs, asked.replications)
    workers = read(options.workers, asked.workers)
    if read.problems:
        raise RefusedError(*read.problems)
    return replications, workers


def _chances(known: _Known, replications: int | None, workers: int | None) -> "Chances":
    from sim.explain.watch import Chances

    usual = known.replications
    several = isinstance(usual, int) and usual >= options.FEWEST_PAIRS
    number = replications or (int(usual) if several else USUAL)
    return Chances(known.seed, number, workers)


def _known(opening: Opening) -> _Known:
    """What a folder of a run or a file says."""
    if opening.file.is_dir():
        return _saved(opening.file, (*opening.names, *opening.sets))
    (scenario,) = opened_all(opening, [one_set(opening.sets)])
    return _Known(scenario, scenario.run.seed, scenario.run.replications)


def _saved(folder: Path, changes: Sequence[str]) -> _Known:
    from reports.saved_run import SavedRunError, read_run
    from sim.version import __version__

    if changes:
        raise RefusedError(
            "error: a saved run is explained as it is, without --scenario or --set; name a scenario file"
        )
    try:
        run = read_run(folder, folder.name)
    except SavedRunError as error:
        raise RefusedError(f"error: {error}") from None
    if run.version != __version__:
        tell(f"note: {folder} was made by careloop {run.version}; it is simulated again by {__version__}")
    return _Known(run.scenario, run.seed, run.replications)
