"""The contacts of a simulation as an export that `careloop calibrate` reads."""

from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from careloop import options
from careloop.api import load

if TYPE_CHECKING:
    from scenarios import Scenario
    from sim.experiment import Result

PathText = str | PathLike[str]


def export_contacts(
    source: "Result | Scenario | PathText",
    path: PathText,
    *,
    replication: int = 0,
    seed: int | None = None,
) -> int:
    """Write the contacts of one replication as the format `canonical`, and return how many rows there are.

    The source is a scenario, given as such or as a path, or the result of a simulation; `replication` counts
    from 0. The name of `path` says what it becomes: .csv, .csv.gz or .parquet. The replication is simulated
    anew, on the fast engine, and written piece by piece, so that any number of contacts fits. Raises
    `ValueError` for what is not allowed (`ScenarioError` for the scenario) and `OSError` where the file
    cannot be written; then what was there before is still there.
    """
    from reports.contacts_out import write_contacts
    from scenarios import Scenario

    target = Path(path)
    if problem := problem_of(target):
        raise ValueError(f"path: {problem}")
    if isinstance(replication, bool) or replication < 0:
        raise ValueError(f"replication: {replication!r} is not a whole number from 0")
    if isinstance(source, (str, PathLike)):
        source = load(source)
    if isinstance(source, Scenario):
        chances = source.run.seed if seed is None else options.seed(seed)
        return write_contacts(source, target, chances, replication)
    if source.engine == options.FORMULA:
        raise ValueError("source: formulas compute without contacts; simulate the scenario")
    if source.engine == "reference":
        raise ValueError(
            "source: rules may have been replaced on the reference engine; export result.scenario instead, "
            "which is simulated by the rules of careloop"
        )
    return write_contacts(
        source.scenario, target, source.seed if seed is None else options.seed(seed), replication
    )


def problem_of(path: Path) -> str:
    """What is wrong with a name that an export is to be written to; nothing if it can be."""
    from reports.contacts_out import ending_of

    try:
        ending_of(path)
    except ValueError as error:
        return str(error)
    if path.is_dir():
        return f"{path} is a folder; name a file in it"
    if not path.absolute().parent.is_dir():
        return f"there is no folder {path.parent}"
    return ""
