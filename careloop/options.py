"""What may be asked of a run: the same checks and words for the command line and for Python."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final, Generic, Literal, NamedTuple, Protocol, TypeVar

if TYPE_CHECKING:
    from scenarios import Scenario

T = TypeVar("T")

FORMULA: Final = "formula"
ENGINES: Final = ("fast", "reference", FORMULA)
MOST_REPLICATIONS: Final = 1_000_000
LARGEST_SEED: Final = 2**63 - 1
MOST_WORKERS: Final = 1024
TURN_OFF: Final = "run.uncertainty is on: turn it off with --set run.uncertainty=off"
FEWEST_PAIRS: Final = 2  # replications of which a paired interval can be made
Replications = int | Literal["auto"]


def replications(seen: object) -> Replications:
    """A number of replications, or auto."""
    if seen == "auto":
        return "auto"
    return _whole(seen, "replications", 1, MOST_REPLICATIONS, " or auto")


def pairs(seen: object) -> int:
    """A number of replications whose differences are to have an interval."""
    return _whole(seen, "replications", FEWEST_PAIRS, MOST_REPLICATIONS)


def seed(seen: object) -> int:
    """A seed of the random numbers."""
    return _whole(seen, "seed", 0, LARGEST_SEED)


def workers(seen: object) -> int:
    """A number of threads that simulate at a time."""
    return _whole(seen, "workers", 1, MOST_WORKERS)


def engine(seen: object) -> str:
    """The name of an engine."""
    if isinstance(seen, str) and seen in ENGINES:
        return seen
    from scenarios.problems import nearest

    raise ValueError(f"engine: {seen!r} is not known{nearest(str(seen), ENGINES)}")


def without_chance(chosen: str, **given: object) -> str:
    """What is wrong with options of chance beside the engine of formulas; nothing if there are none."""
    named = [name for name, value in given.items() if value is not None and value is not False]
    if chosen != FORMULA or not named:
        return ""
    return f"engine: formulas compute without chance and contacts; leave out {', '.join(named)}"


def without_cases(chosen: str, scenario: "Scenario") -> str:
    """What is wrong with cases beside the engine of formulas; nothing if there are none."""
    from scenarios.related import has_cases

    if chosen != FORMULA or not has_cases(scenario):
        return ""
    return (
        "engine: no formula follows cases from queue to queue, or what is owed beside them; "
        "simulate this scenario (--engine fast)"
    )


def explained(scenario: "Scenario") -> str:
    """What is wrong with cases where it is to be told why formulas differ; nothing if there are none."""
    from scenarios.related import has_cases

    return "explain-formula: no formula stands beside queues of cases" if has_cases(scenario) else ""


def without_ignorance(chosen: str, scenario: "Scenario") -> str:
    """What is wrong with uncertain numbers beside the engine of formulas; nothing if none are drawn."""
    if chosen != FORMULA or not scenario.run.uncertainty:
        return ""
    return f"engine: formulas take all numbers as they are written; {TURN_OFF}"


def out(folder: object) -> Path:
    """A folder that a run may be written to."""
    from reports.run_folder import FolderError, check_folder

    try:
        return check_folder(Path(str(folder)))
    except FolderError as error:
        raise ValueError(f"out: {error}") from None


def workbook(file: object) -> Path:
    """A file that a workbook may be written to."""
    path = Path(str(file))
    if path.suffix.lower() != ".xlsx":
        raise ValueError(f"xlsx: {str(file)!r} is no name of a workbook; write one that ends with .xlsx")
    if path.is_dir():
        raise ValueError(f"xlsx: {str(file)!r} is a folder; name a file in it")
    return path


STAFFING_METHODS: Final = ("sipp", "sipp-mix", "lagged", "mol", "iterative")
FEWEST_TO_REPAIR: Final = 4


def staffing_method(seen: object) -> str:
    """How a requirement by formula sees rates that change over the day."""
    if isinstance(seen, str) and seen in STAFFING_METHODS:
        return seen
    from scenarios.problems import nearest

    raise ValueError(f"method: {seen!r} is not known{nearest(str(seen), STAFFING_METHODS)}")


def max_occupancy(seen: object) -> float:
    """The largest share of people's time that is planned to be busy."""
    from scenarios.units import share

    try:
        found = share(f"{seen:.10g}" if isinstance(seen, float) else seen)
    except ValueError as error:
        raise ValueError(f"max-occupancy: {error}") from None
    if not 0.0 < found <= 1.0:
        raise ValueError(f"max-occupancy: {seen!r} is not allowed; write a share above 0% and at most 100%")
    return found


def minimum(seen: object) -> int:
    """How many people are at work where a queue that must answer at once expects contacts."""
    return _whole(seen, "minimum", 0, 10_000)


def sample_size(seen: object) -> int:
    """A number of replications to repair a plan on."""
    return _whole(seen, "replications", FEWEST_TO_REPAIR, MOST_REPLICATIONS)


class Reading:
    """Reads options, and keeps what is wrong with them to be told together."""

    def __init__(self) -> None:
        self.problems: list[str] = []

    def __call__(self, reader: Callable[[object], T], value: object) -> T | None:
        """Return what an option means; None where it is not given, or wrong."""
        try:
            return None if value is None else reader(value)
        except ValueError as error:
            self.problems.append(f"error: --{error}")
            return None


class Written(Protocol):
    """Options of a command that simulates, as they were written."""

    @property
    def replications(self) -> str | None: ...
    @property
    def seed(self) -> str | None: ...
    @property
    def workers(self) -> str | None: ...


class Chosen(NamedTuple, Generic[T]):
    """The same once they are known to be good; None is as the scenario says."""

    replications: T | None
    seed: int | None
    workers: int | None


def chosen(read: Reading, count: Callable[[object], T], asked: Written) -> Chosen[T]:
    """How a command is to simulate; `count` reads its replications."""
    return Chosen(read(count, asked.replications), read(seed, asked.seed), read(workers, asked.workers))


def _whole(seen: object, name: str, least: int, most: int, also: str = "") -> int:
    """A whole number, given as such or as text."""
    allowed = f"write a whole number from {least} to {most}{also}"
    if isinstance(seen, str) and re.fullmatch(r"\s*[+-]?[0-9]{1,60}\s*", seen):
        seen = int(seen)
    if isinstance(seen, bool) or not isinstance(seen, int):
        raise ValueError(f"{name}: {seen!r} is not a whole number; {allowed}")
    if not least <= seen <= most:
        raise ValueError(f"{name}: {seen} is not allowed; {allowed}")
    return seen
