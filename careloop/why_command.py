"""`careloop why`: one interval of a saved run or of a scenario, and what makes it miss its target."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from careloop import options
from careloop.cli import RefusedError
from careloop.explaining import Known, of_run, of_scenario
from careloop.opening import Opening, one_set, opened_all, tell


class Asked(NamedTuple):
    """The options as they were written."""

    opening: Opening  # a file, or the folder of a run
    when: str
    queue: str | None
    replications: str | None
    workers: str | None
    as_json: bool


def why_and_tell(asked: Asked) -> None:
    """Explain and print."""
    from careloop.watching import watching
    from sim.explain.spot import read_when
    from sim.explain.why import why
    from sim.jit import is_warm

    replications, workers = _chosen(asked)
    try:
        when = read_when(asked.when)
        known = _known(asked.opening)
        with watching(cold=not is_warm()) as progress:
            found = why(known.scenario, when, asked.queue, known.chances(replications, workers), progress)
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


def _known(opening: Opening) -> Known:
    """What a folder of a run or a file says."""
    if opening.file.is_dir():
        return _saved(opening.file, (*opening.names, *opening.sets))
    (scenario,) = opened_all(opening, [one_set(opening.sets)])
    return of_scenario(scenario)


def _saved(folder: Path, changes: Sequence[str]) -> Known:
    from sim.version import __version__

    if changes:
        raise RefusedError(
            "error: a saved run is explained as it is, without --scenario or --set; name a scenario file"
        )
    run = of_run(folder)
    if run.version != __version__:
        tell(f"note: {folder} was made by careloop {run.version}; it is simulated again by {__version__}")
    return run
