"""A staffing as tables: a row a queue and cell (what is required), a row a group and cell (who is planned).

Net is people at work, gross those to be paid for that: net / (1 − shrinkage).
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from scenarios.week import DAY_NAMES, HOLIDAY, clock_seconds, clock_text, day_name
from sim.staffing.answer import Plan, Staffing

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
LABELS: Final = ("queue", "group", "day", "from", "until")
_WEEKDAYS: Final = {name: n for n, name in enumerate(("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"))}
_WEIGHTS: Final = {"service_level": "offered", "occupancy": "on_duty"}  # by which intervals are averaged


def requirement_table(staffing: Staffing) -> "pd.DataFrame":
    """Each queue, kind of day and interval in which contacts come: the formula's answer."""
    import pandas as pd

    rows = []
    for queue, need in staffing.needs.items():
        shown = (need.contacts > 0) & (staffing.grid.days > 0)[:, None]
        for kind, i in np.argwhere(shown):
            work = need.work_h[kind] if need.deferred else np.nan
            values = need.contacts[kind, i], need.handle_s, need.load[kind, i], need.seats[kind, i], work
            rows.append((queue, *_cell(staffing, int(kind), int(i)), *values))
    names = ("queue", "day", "from", "until", "contacts", "handle_s", "load", "required", "deferred_h_of_day")
    return pd.DataFrame(rows, columns=list(names))


def staffing_table(staffing: Staffing) -> "pd.DataFrame":
    """Each group, kind of day of the horizon and interval in which it may be at work: who is planned, and how
    well that does.
    """
    import pandas as pd

    grid, plans = staffing.grid, staffing.plans
    served = {name: served_by_cell(staffing, plan) for name, plan in plans.items()}
    columns: dict[str, list[object]] = {}
    planned = grid.works | (plans["current"].heads > 0)
    for g, kind, i in np.argwhere(planned & (grid.days > 0)[None, :, None]):
        group = grid.groups[g]
        where = (group, *_cell(staffing, int(kind), int(i)))
        row: dict[str, object] = dict(zip(("group", "day", "from", "until"), where, strict=True))
        gross_up = staffing.scenario.groups[group].shrinkage.gross_up
        for name, plan in plans.items():
            heads = float(plan.heads[g, kind, i])
            row |= {f"{name}_net": heads, f"{name}_gross": heads * gross_up}
        row["days_in_horizon"] = int(grid.days[kind])
        row["cost_of_one"] = float(staffing.cost[g, kind, i])
        for name in plans:
            for measure in ("service_level", "occupancy"):
                row[f"{name}_{measure}"] = served[name][measure][g, kind, i]
        for key, value in row.items():
            columns.setdefault(key, []).append(value)
    return pd.DataFrame(columns)


def _cell(staffing: Staffing, kind: int, i: int) -> tuple[str, str, str]:
    step_s = staffing.grid.step_s
    return day_name(kind), clock_text(i * step_s), clock_text((i + 1) * step_s)


def served_by_cell(staffing: Staffing, plan: Plan) -> Mapping[str, Floats]:
    """Simulated occupancy of each group, and service level of its first queue that has one, by cell.

    Over horizons of more than 13 weeks holidays are among their weekdays, as in the tables of a run.
    """
    occupancy = by_cell(staffing, plan, "occupancy", "group")
    levels = by_cell(staffing, plan, "service_level", "queue")
    shape = staffing.grid.works.shape
    found = {"occupancy": np.full(shape, np.nan), "service_level": np.full(shape, np.nan)}
    for g, name in enumerate(staffing.grid.groups):
        if name in occupancy:
            found["occupancy"][g] = occupancy[name]
        queues = [q for tie in staffing.scenario.groups[name].skills for q in tie if q in levels]
        if queues:
            found["service_level"][g] = levels[queues[0]]
    return found


def by_cell(staffing: Staffing, plan: Plan, measure: str, scope: str) -> dict[str, Floats]:
    """A measure by [kind of day, interval] for each name of a scope; NaN where there is none."""
    table = plan.result.intervals
    rows = table[(table["scope"] == scope) & table["measure"].isin((measure, _WEIGHTS[measure]))]
    if not len(rows):
        return {}
    kinds, places, by_date = _places(staffing, rows["interval"].tolist())
    rows = rows.assign(kind=kinds, place=places)[places >= 0]
    wide = rows.pivot_table(
        index=["name", "kind", "place", "interval"], columns="measure", values="mean", observed=True
    ).reset_index()
    if measure not in wide:
        return {}
    wide = wide[wide[measure].notna()]
    weight = wide[_WEIGHTS[measure]] if by_date and _WEIGHTS[measure] in wide else wide[measure] * 0 + 1.0
    wide = wide.assign(above=wide[measure] * weight, below=weight)
    sums = wide.groupby(["name", "kind", "place"], observed=True)[["above", "below"]].sum().reset_index()
    found: dict[str, Floats] = {}
    for name, kind, place, above, below in sums.itertuples(index=False):
        values = found.setdefault(str(name), np.full(staffing.grid.works.shape[1:], np.nan))
        if below > 0:
            values[int(kind), int(place)] = above / below
            if not by_date and kind == DAY_NAMES.index("sun"):
                values[HOLIDAY, int(place)] = np.nan
    return found


def _places(staffing: Staffing, labels: list[str]) -> tuple[NDArray[np.int64], NDArray[np.int64], bool]:
    """Kind of day and interval of each label of a run's table (-1: a whole day); whether labels are dates."""
    from datetime import datetime

    kinds, places = np.zeros((2, len(labels)), np.int64)
    known: dict[str, tuple[int, int]] = {}
    calendar, step_s = staffing.scenario.calendar, staffing.grid.step_s
    by_date = True
    for n, label in enumerate(labels):
        if label not in known:
            day, _, time = label.partition(" ")
            if day in _WEEKDAYS:
                hours, minutes = time.split(":")
                known[label] = _WEEKDAYS[day], (int(hours) * 3600 + int(minutes) * 60) // step_s
                by_date = False
            elif "T" in label:
                at = datetime.fromisoformat(label)
                known[label] = calendar.kind_of(at.date()), clock_seconds(at) // step_s
            else:
                known[label] = 0, -1
        kinds[n], places[n] = known[label]
    return kinds, places, by_date
