"""The Python side of money: what care costs, and what a change to it really saves."""

import time
from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Final

from careloop import options

if TYPE_CHECKING:
    from reports.finance.results import Study
    from scenarios import Loaded, Scenario
    from scenarios.settings import Setting
    from sim.explain.watch import Chances
    from sim.progress import Progress

PathText = str | PathLike[str]
USUAL: Final = 30  # replications, where the scenario says auto


def finance(
    scenario: "Scenario | PathText",
    *,
    against: "Scenario | str | None" = None,
    overrides: Sequence[str] = (),
    replications: int | None = None,
    seed: int | None = None,
    workers: int | None = None,
    search: bool = True,
    out: PathText | None = None,
    xlsx: PathText | None = None,
) -> "Study":
    """Tell what care costs, to the cent, and what a change of it really saves.

    `scenario` is a scenario with a section `costs`, or the path of its file, then with these `overrides`;
    `against` is the changed one: another scenario, or the name of an override that is laid over it.
    Horizons of less than whole years are simulated to the end of the year: costs have seasons. With `search`
    the people who can leave at the same service are searched for, and what the targets cost; without it
    there is no business case. `out` is a folder to write page and tables to, `xlsx` a workbook. Raises
    `ValueError` for what is not allowed: `ScenarioError` for a scenario, `FolderError` for `out`.
    """
    from careloop.versions import BASE
    from reports.finance.study import study_of
    from scenarios import Scenario, ScenarioError

    started = time.perf_counter()
    if out is not None:
        options.out(out)
    if isinstance(scenario, Scenario) != isinstance(against, Scenario) and against is not None:
        raise ValueError("against: name an override of a file, or give two scenarios")
    if isinstance(scenario, Scenario):
        both = [in_years(scenario), *([in_years(against)] if isinstance(against, Scenario) else [])]
        labels = ["before", "after"]
    else:
        names = [tuple(overrides), *([(*overrides, str(against))] if against is not None else [])]
        loaded = [opened(Path(scenario), each) for each in names]
        problems = [problem for each in loaded if each.scenario is None for problem in each.problems]
        if problems:
            raise ScenarioError(problems)
        both = [each.scenario for each in loaded if each.scenario is not None]
        labels = [" + ".join(overrides) or BASE, str(against)]
    chances = chances_of(both[0], replications, seed, workers)
    from reports.finance.study import Asked

    after = both[1] if len(both) > 1 else None
    found = study_of(both[0], after, Asked(tuple(labels[: len(both)]), chances, search, search), silent)
    write(found, out, xlsx, time.perf_counter() - started)
    return found


def silent(_: str) -> "Progress":
    """Hear what is done, and tell nobody."""
    return lambda done, total: None


def chances_of(
    scenario: "Scenario", replications: int | None, seed: int | None, workers: int | None
) -> "Chances":
    """The chances of a study: those of the scenario's run where nothing else is said."""
    from sim.explain.watch import Chances

    own = scenario.run.replications
    usual = own if isinstance(own, int) else USUAL
    n = options.pairs(max(usual, options.FEWEST_PAIRS) if replications is None else replications)
    chosen = scenario.run.seed if seed is None else options.seed(seed)
    return Chances(chosen, n, None if workers is None else options.workers(workers))


def opened(path: Path, names: Sequence[str], settings: "Sequence[Setting]" = ()) -> "Loaded":
    """Read a file with overrides and settings, its horizon stretched to whole years."""
    import scenarios
    from scenarios.settings import Setting

    loaded = scenarios.open_scenario(path, names, settings)
    if loaded.scenario is None:
        return loaded
    days = days_of_years(loaded.scenario)
    if days == loaded.scenario.calendar.days:
        return loaded
    longer = Setting(("calendar", "days"), days, f"calendar.days={days}, to the end of a year")
    return scenarios.open_scenario(path, names, (*settings, longer))


def days_of_years(scenario: "Scenario") -> int:
    """How many days a horizon has when it is stretched to whole years."""
    from reports.finance.months import years_in, years_later

    calendar = scenario.calendar
    if years_in(calendar) is not None:
        return calendar.days
    years = 1
    while (years_later(calendar.start, years) - calendar.start).days < calendar.days:
        years += 1
    return (years_later(calendar.start, years) - calendar.start).days


def in_years(scenario: "Scenario") -> "Scenario":
    """The scenario over whole years."""
    calendar = scenario.calendar.model_copy(update={"days": days_of_years(scenario)})
    return scenario.model_copy(update={"calendar": calendar})


def write(found: "Study", out: PathText | None, xlsx: PathText | None, wall_time_s: float) -> None:
    """Write what was asked for."""
    if out is not None:
        from reports.finance.folder import write_study

        write_study(Path(out), found, wall_time_s=wall_time_s)
    if xlsx is not None:
        from reports.finance.workbook import write_workbook

        write_workbook(Path(xlsx), found)
