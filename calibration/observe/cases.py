"""Severities, causes, transfers, reopenings and times to resolution: what is known of cases."""

from typing import Any, NamedTuple

import numpy as np

from calibration.facts.sql import SECOND_US
from calibration.fits.cells import Cells
from calibration.observe.durations import cell_of


class Share(NamedTuple):
    """So many of so many."""

    hits: int
    of: int


class CasesSeen(NamedTuple):
    """What facts tell of cases; what they do not is empty, or a share of none."""

    severities: tuple[tuple[str, int], ...]
    causes: tuple[tuple[str, int], ...]
    transferred: Share  # legs after which the contact went on to somebody else
    reopened: Share  # resolved cases that were opened again
    resolution: dict[str, Cells]  # by severity ("" where there is none): from arrival to resolution


def cases_of(facts: Any) -> CasesSeen:
    """Sum up a relation of facts."""
    return CasesSeen(
        _mix(facts, "severity"),
        _mix(facts, "cause"),
        _share(facts, "transfers"),
        _share(facts, "reopens"),
        _resolution(facts),
    )


def _mix(facts: Any, column: str) -> tuple[tuple[str, int], ...]:
    known = facts.filter(facts[column].notnull())
    found = known.group_by(column).agg(n=known.count()).to_pyarrow().to_pylist()
    return tuple(sorted(((row[column], row["n"]) for row in found), key=lambda each: (-each[1], each[0])))


def _share(facts: Any, column: str) -> Share:
    known = facts.filter(facts[column].notnull())
    row = known.aggregate(
        of=known.count(), n=(known[column] > 0).cast("int64").sum().coalesce(0)
    ).to_pyarrow()
    return Share(int(row["n"][0].as_py()), int(row["of"][0].as_py()))


def _resolution(facts: Any) -> dict[str, Cells]:
    known = facts.filter(facts["resolved_us"].notnull() & (facts["resolved_us"] >= facts["arrived_us"]))
    us = known["resolved_us"] - known["arrived_us"]
    known = known.select(severity=known["severity"].coalesce(""), us=us, cell=cell_of(us))
    found = known.group_by("severity", "cell").agg(n=known.count(), us=known["us"].sum().cast("int64"))
    table = found.order_by("severity", "cell").to_pyarrow()
    names = np.array(table["severity"].to_pylist(), object)
    us, n = table["us"].to_numpy(), table["n"].to_numpy()
    return {
        str(each): Cells(us[names == each] / n[names == each] / SECOND_US, n[names == each])
        for each in sorted(set(names.tolist()))
    }
