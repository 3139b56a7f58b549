"""A plan as of a day: the options that ask for it, and the facts that they name."""

import datetime
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from scenarios import Scenario
    from sim.asof.refusals import Facts
    from sim.progress import Progress
    from sim.roadmap.plan import PlanResult

CANONICAL: Final = "canonical"
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


class NoContactsError(ValueError):
    """An export of counts, not of contacts."""


class Asked(NamedTuple):
    """The options as they were written."""

    actuals: tuple[Path, ...] = ()
    format: str | None = None
    as_of: str | None = None

    @property
    def is_given(self) -> bool:
        """Whether a plan is asked for as of a day."""
        return bool(self.actuals) and self.as_of is not None


def problems_of(asked: Asked, dash: str = "") -> list[str]:
    """All that is wrong with the options, before any work is done; `dash` is written before each."""
    found = []
    if asked.actuals and asked.as_of is None:
        found.append(
            f"{dash}actuals: from which day on is it to be simulated? Add {dash}as-of, such as 2026-02-04"
        )
    if asked.as_of is not None and not asked.actuals:
        found.append(
            f"{dash}as-of: what has happened until then? Add {dash}actuals with an export of contacts"
        )
    if asked.format is not None and not asked.actuals:
        found.append(f"{dash}format: this is how {dash}actuals is written; name that too")
    if asked.as_of is not None:
        try:
            day_of(asked.as_of)
        except ValueError as error:
            found.append(f"{dash}as-of: {error}")
    if asked.format is not None:
        from calibration.facts.formats import FORMATS
        from scenarios.problems import nearest

        if asked.format not in FORMATS:
            found.append(f"{dash}format: {asked.format!r} is not known{nearest(asked.format, FORMATS)}")
    found += [f"{path}: there is no such file" for path in dict.fromkeys(asked.actuals) if not path.exists()]
    return found


def day_of(text: str) -> datetime.date:
    """A day as it is written, such as 2026-02-04. Raises ValueError, with what to write."""
    try:
        if not _DAY.fullmatch(text):
            raise ValueError(text)
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is no day; write one such as 2026-02-04") from None


def plan_as_of(
    scenario: "Scenario",
    facts: "Facts",
    day: datetime.date,
    workers: int | None,
    progress: "Progress | None" = None,
    then: "Scenario | None" = None,
) -> "PlanResult":
    """The plan as of a day, as often as its `run` says; `then` is the plan as it was made.

    Raises ValueError, with what to do, for facts that do not go with the scenario.
    """
    from careloop.planning import planned_as, planned_replications  # which imports this
    from sim.asof.run import run_as_of
    from sim.explain.watch import Chances

    n, seed = planned_replications(scenario), scenario.run.seed
    made = None if then is None else planned_as(then, n, seed)
    changed = made if made is not None and made != scenario else None
    return run_as_of(scenario, facts, day, Chances(seed, n, workers), progress, changed)


def read_actuals(
    scenario: "Scenario", paths: Sequence[Path], form: str, tell: Callable[[str], None] = lambda _: None
) -> "Facts":
    """What has happened, as an export tells; times without an offset are on the scenario's clocks.

    Raises `ReadingError`, or `NoContactsError`.
    """
    from careloop.as_of_columns import read_columns
    from scenarios.safe_text import on_one_line
    from sim.asof.refusals import Facts
    from sim.asof.result import Source

    read = read_columns(list(dict.fromkeys(paths)), form, scenario.calendar.time_zone, tell)
    names = tuple(" ".join(on_one_line(path.name).split()) for path in dict.fromkeys(paths))
    source = Source(names, form, read.rows, read.first, read.last)
    return Facts(read.columns, source, read.notes)
