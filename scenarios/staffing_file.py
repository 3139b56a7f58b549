"""People at work from a CSV file, as a week of whole numbers."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final, NamedTuple

from scenarios.csv_table import Table, read_table
from scenarios.csv_week import CsvWeek, read_week, week_steps
from scenarios.fields import Door, Model, Text, named_file, number, read_map, said
from scenarios.problems import refuse
from scenarios.shifts import MOST_AGENTS
from scenarios.week import WeekSteps, day_name, merged, window_text
from scenarios.week import Window as TimeWindow

_NAMES: Final = ("agents", "staff", "staffing", "heads", "headcount", "people", "seats")


class Written(Model):
    csv: Annotated[Text, said("path of the file, in the folder of the scenario or below", "staff.csv")]
    time: Annotated[Text, said("column of dates and times", "DateTime", absent="detected")] | None = None
    value: Annotated[Text, said("column of people", "agents", absent="detected")] | None = None
    multiply: Annotated[float, number(0.0, 1000.0), said("factor of all numbers of the file", 2)] = 1.0
    add: Annotated[
        float, number(-MOST_AGENTS, MOST_AGENTS), said("added to all numbers of the file, after that", 2)
    ] = 0.0


def read_staffing(seen: Mapping[str, object], door: Door) -> WeekSteps:
    """Return the people of ``{csv: FILE, time: COLUMN, value: COLUMN}``, after ``multiply`` and ``add``."""
    given = read_map(Written, seen, door, "{csv: FILE}")
    week = read_week(named_file(door, given.csv), given.time, given.value, door.time_zone, _NAMES)
    door.notes.extend(week.notes)
    _refuse_means(week)
    steps = week_steps(week, 1.0, {"multiply": given.multiply, "add": given.add})
    for step in steps:
        if step.value != int(step.value) or not 0 <= step.value <= MOST_AGENTS:
            at = f"{day_name(step.weekday)} {window_text(TimeWindow(step.start_s, step.end_s))}"
            refuse(
                f"{given.csv!r} has {step.value:g} people on {at}; write whole numbers, not below 0", "csv"
            )
    return merged(steps)


class Planned(NamedTuple):
    """People in a file of its own, in none of a scenario: a week of them, and what was detected."""

    steps: WeekSteps
    notes: tuple[str, ...]


def read_planned(path: Path, time_zone: str, group: str) -> Planned:
    """Return the people of a group in a CSV file in any of the ways of a week; halves of people are allowed.

    Raises ValueError for a file that cannot be read, or has fewer people than none.
    """
    table = read_table(path, least=1)
    _refuse_answers(table)
    _refuse_others(table, group)
    week = read_week(path, None, None, time_zone, _NAMES, least=1)
    _refuse_means(week)
    if min(week.values.values()) < 0:
        refuse(f"{path.name!r} has {min(week.values.values()):g} people; write numbers not below 0", "csv")
    return Planned(merged(week_steps(week, 1.0, {})), tuple(week.notes))


def _refuse_answers(table: Table) -> None:
    """Refuse the tables that `careloop staff` writes: they have many columns of people, of all groups."""
    if {"group", "day", "from", "until"} <= set(table.header):
        refuse(
            f"{table.file!r} is a table that careloop staff writes; a roster is of one group, with columns "
            "time,mon,tue,... or day,time,agents",
            "csv",
        )


def _refuse_others(table: Table, group: str) -> None:
    """Refuse a column of groups that names another one: its people would be taken for those of `group`."""
    at = [i for i, name in enumerate(table.header) if name.lower() == "group"]
    others = sorted({row.cells[i].strip() for row in table.rows for i in at} - {"", group})
    if others:
        refuse(
            f"column {table.header[at[0]]!r} of {table.file!r} names {', '.join(others[:5])}, and the file "
            f"is read as the people of {group}; give each group a file of its own, GROUP=FILE",
            "csv",
        )


def _refuse_means(week: CsvWeek) -> None:
    """Refuse several dates of one weekday: a scenario has a standard week, and half a person is none."""
    if week.mean_of > 1:
        refuse(
            f"the file has {week.mean_of} dates of one weekday, and a week of staffing has one of each; "
            "keep one week of it",
            "csv",
        )
