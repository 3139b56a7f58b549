"""The Python side of why an interval misses its target, and what a saved run or a scenario brings to it."""

from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from careloop import options
from careloop.api import load

if TYPE_CHECKING:
    from scenarios import Scenario
    from sim.explain.watch import Chances
    from sim.explain.why import Why
    from sim.progress import Progress

USUAL: Final = 30  # replications, where a run has but one, or as many as it takes


class Known(NamedTuple):
    """A scenario, and how it was or is to be run."""

    scenario: "Scenario"
    seed: int
    replications: int | str
    version: str  # of careloop, that ran it

    def chances(self, replications: int | None, workers: int | None) -> "Chances":
        """Its own chances, or so many; a paired interval takes two at least."""
        from sim.explain.watch import Chances

        own = self.replications if isinstance(self.replications, int) else 0
        usual = own if own >= options.FEWEST_PAIRS else USUAL
        return Chances(self.seed, usual if replications is None else replications, workers)


def of_scenario(scenario: "Scenario") -> Known:
    """A scenario, to be run as it says."""
    from sim.version import __version__

    return Known(scenario, scenario.run.seed, scenario.run.replications, __version__)


def of_run(folder: Path) -> Known:
    """The folder of a run. Raises `SavedRunError`, a `ValueError`."""
    from reports.saved_run import read_run

    run = read_run(folder, folder.name)
    return Known(run.scenario, run.seed, run.replications, run.version)


def why(
    source: "Scenario | str | PathLike[str]",
    when: str,
    *,
    queue: str | None = None,
    replications: int | None = None,
    workers: int | None = None,
    progress: "Progress | None" = None,
) -> "Why":
    """Tell what makes an interval of the day miss its target, each cause by a re-run without it.

    `source` is a scenario, its path, or the folder of a run; `when` is such as "10:30", "mon 10:30" or
    "2026-03-03T10:30". Without a `queue` it is the one furthest below its target then. Raises `ValueError`
    where there is nothing to explain.
    """
    from scenarios import Scenario
    from sim.explain.spot import read_when
    from sim.explain.why import why as explained

    number = None if replications is None else options.pairs(replications)
    threads = None if workers is None else options.workers(workers)
    asked = read_when(when)
    if isinstance(source, Scenario):
        known = of_scenario(source)
    else:
        known = of_run(Path(source)) if Path(source).is_dir() else of_scenario(load(source))
    chances = known.chances(number, threads)
    return explained(known.scenario, asked, queue, chances, progress or (lambda done, total: None))
