"""The Python side of staffing."""

import time
from collections.abc import Iterator, Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from careloop import options
from careloop.api import load

if TYPE_CHECKING:
    from scenarios import Scenario
    from scenarios.week import WeekSteps
    from sim.staffing.answer import Asked, Roster, Staffing
    from sim.staffing.cells import Grid

PathText = str | PathLike[str]


def staff(
    scenario: "Scenario | PathText",
    *,
    method: str = "mol",
    max_occupancy: float | str | None = None,
    minimum: int = 1,
    repair: bool = True,
    replications: int | None = None,
    seed: int | None = None,
    workers: int | None = None,
    against: "PathText | Mapping[str, PathText] | None" = None,
    planned_is_gross: bool = False,
    out: PathText | None = None,
) -> "Staffing":
    """Find how many people a scenario takes, by group, kind of day and interval.

    `method` is how the formula sees changing rates: sipp, sipp-mix, lagged, mol or iterative.
    `max_occupancy` is a share (0.88, or "88%"), `minimum` the people at work where a queue that must answer
    at once is open and expects contacts. With `repair` the plan is repaired by simulation until every target
    holds with its probability on a sample of so many `replications` (default: the scenario's, 30 for
    "auto"). `against` is a CSV file of planned people (of the only group, or files by group), held against
    what is required; they are people at work, or with `planned_is_gross` people paid. `out` is a folder to
    write tables and page to. Raises `ValueError` for what is not allowed, a target that no number of people
    reaches included.
    """
    from scenarios import Scenario
    from sim.staffing.answer import staffing_of

    started = time.perf_counter()
    asked = asked_of(
        options.staffing_method(method),
        None if max_occupancy is None else options.max_occupancy(max_occupancy),
        options.minimum(minimum),
        repair,
        None if replications is None else options.sample_size(replications),
        None if seed is None else options.seed(seed),
        None if workers is None else options.workers(workers),
    )
    if out is not None:
        options.out(out)
    read = scenario if isinstance(scenario, Scenario) else load(scenario)
    refuse_uncertain(read)
    refuse_unsteered(read)
    roster = roster_of(read, _texts(against), planned_is_gross)
    found = staffing_of(read, asked, roster=roster)
    if out is not None:
        from reports.run_folder import source_of
        from reports.staffing_folder import write_staffing

        source = None if isinstance(scenario, Scenario) else source_of(Path(scenario))
        write_staffing(Path(out), found, source=source, wall_time_s=time.perf_counter() - started)
    return found


def asked_of(
    method: str | None,
    most_busy: float | None,
    minimum: int | None,
    repair: bool,
    replications: int | None,
    seed: int | None,
    workers: int | None,
) -> "Asked":
    """What is asked of a staffing; None is the usual."""
    from sim.staffing.answer import Asked

    usual = Asked()
    least = usual.minimum if minimum is None else minimum
    return Asked(method or usual.method, most_busy, least, repair, replications, seed, workers)


def _texts(against: "PathText | Mapping[str, PathText] | None") -> list[str]:
    """Files of planned people as the command line has them."""
    if against is None:
        return []
    if isinstance(against, Mapping):
        return [f"{name}={file}" for name, file in against.items()]
    return [str(against)]


def roster_of(scenario: "Scenario", texts: Sequence[str], gross: bool) -> "Roster | None":
    """The roster of GROUP=FILE, or of FILE alone where there is one group, with notes on how it was read."""
    import numpy as np

    from scenarios.staffing_file import read_planned
    from sim.staffing.answer import Roster
    from sim.staffing.cells import grid_of, present

    if not texts:
        if gross:
            raise ValueError("--planned-is-gross speaks of the people of --against; name their file too")
        return None
    grid, notes = grid_of(scenario), list[str]()
    heads, known = np.zeros(grid.works.shape), dict[int, str]()
    for text in texts:
        name, file = _group_and_file(scenario, text)
        g = grid.groups.index(name)
        if g in known:
            raise ValueError(f"--against: group {name} has two files, {known[g]} and {file}; give one")
        known[g] = file
        try:
            planned = read_planned(Path(file), scenario.calendar.time_zone, name)
        except (ValueError, OSError) as error:
            raise ValueError(f"--against: {file}: {error}") from None
        heads[g] = present(planned.steps, grid.step_s)
        notes += [*planned.notes, *_unsaid(file, name, planned.steps, grid)]
        notes += _outside(file, name, planned.steps, grid)
    return Roster(heads, tuple(sorted(known)), gross, tuple(notes))


def _unsaid(file: str, group: str, steps: "WeekSteps", grid: "Grid") -> Iterator[str]:
    """A note on the intervals of the group's hours for which the roster has no number."""
    import numpy as np

    from sim.staffing.cells import present

    said = present(tuple(step._replace(value=1.0) for step in steps), grid.step_s) > 0
    places = np.argwhere(grid.works[grid.groups.index(group)] & ~said).tolist()
    if places:
        told = _times(places, grid.step_s)
        yield f"{file}: no number of people of {group} for {told}; nobody is taken to be there"


def _outside(file: str, group: str, steps: "WeekSteps", grid: "Grid") -> Iterator[str]:
    """A note on people at times that the horizon has not, and on those outside the group's hours."""
    import numpy as np

    from sim.staffing.cells import present

    spoken = np.isin(np.arange(len(grid.hours)), [step.weekday for step in steps])[:, None]
    there = (present(steps, grid.step_s) > 0) & spoken
    never = np.argwhere(there & (grid.hours == 0)).tolist()
    if never:
        yield f"{file}: people of {group} on {_times(never, grid.step_s)}: not in the horizon, left out"
    unplanned = there & (grid.hours > 0) & ~grid.works[grid.groups.index(group)]
    if unplanned.any():
        told = _times(np.argwhere(unplanned).tolist(), grid.step_s)
        yield f"{file}: people of {group} on {told}: outside its hours; they are extra there"


def _times(places: list[list[int]], step_s: int) -> str:
    """[kind of day, interval] in words: of each day the first, and how many more."""
    from scenarios.week import clock_text, day_name

    days: dict[int, list[str]] = {}
    for kind, i in places:
        days.setdefault(kind, []).append(clock_text(i * step_s))
    return "; ".join(
        f"{day_name(kind)} {times[0]}" + (f" and {len(times) - 1} more" if times[1:] else "")
        for kind, times in days.items()
    )


def refuse_uncertain(scenario: "Scenario") -> None:
    """Raise ValueError where numbers are to be drawn, or contacts become cases: a plan is for neither."""
    from scenarios.related import has_cases, makes_cases

    if has_cases(scenario):
        sections, keys = (", ".join(each) for each in makes_cases(scenario))
        of_streams = " and, in the streams that have them, ".join(filter(None, (sections, keys)))
        raise ValueError(
            "staffing is found for contacts that are handled once, and these become cases; try numbers of "
            "people with careloop run --set, such as --set groups.NAME.agents=3..6. For the contacts that "
            "streams bring before anything is learned, each handled once, write a file that extends this one "
            f"and has null for {of_streams}"
        )
    if scenario.run.uncertainty:
        raise ValueError(
            f"staffing is found for the numbers as they are written; {options.TURN_OFF}, and try the people "
            "that it finds with careloop run, with it on"
        )


def refuse_unsteered(scenario: "Scenario") -> None:
    """Raise ValueError where targets are given, but none of those that more people surely help."""
    from scenarios.targets import goal_text, goals_of
    from sim.staffing.solve import steerable

    goals = goals_of(scenario)
    if goals and not steerable(scenario):
        raise ValueError(
            f"more people do not surely help {'; '.join(map(goal_text, goals))}, so that staffing cannot "
            "steer by it; add a target for the service, such as target: 80% in 20 s"
        )


def _group_and_file(scenario: "Scenario", text: str) -> tuple[str, str]:
    name, equals, file = text.partition("=")
    if equals and name in scenario.groups:
        return name, file
    if len(scenario.groups) == 1:
        return next(iter(scenario.groups)), text
    names = ", ".join(scenario.groups)
    raise ValueError(f"--against: {text!r} does not say whose people; write GROUP=FILE. Groups: {names}")
