"""Incident tally: rows of incidents, and of the cases that they brought, into integer accumulators by day.

Counted on the day on which an incident started, and of cases on the day on which they came; neither
before the warm-up is over.
"""

from typing import Final

import numpy as np

from sim.case_layout import NUMBERS_APART
from sim.case_tally import CaseFrame, day_of_tick
from sim.jit import U64, compiled
from sim.log import INCIDENT

INCIDENT_COLUMNS: Final = (
    "started", "detected", "mended", "until_alarm", "until_mended", "until_over", "brought_cases",
    "brought_contacts",
)  # fmt: skip
(
    _STARTED, _DETECTED, _MENDED, _UNTIL_ALARM, _UNTIL_MENDED, _UNTIL_OVER, _CASES, _CONTACTS,
) = range(len(INCIDENT_COLUMNS))  # fmt: skip


@compiled
def tally_incidents(frame: CaseFrame, counts: np.ndarray, rows: np.ndarray) -> None:
    """Add contact rows about incidents (see sim/incidents.py) to counts [incident, day, column]."""
    for n in range(rows.size):
        row = rows[U64(n)]
        if row["row"] == INCIDENT and row["born"] >= frame.sizes[0]["warm_up"]:
            _count(counts[U64(row["stream"]), U64(day_of_tick(frame, row["born"]))], row)


@compiled
def _count(of_day: np.ndarray, row: np.void) -> None:
    """An alarm after the end is none; what ended before it was mended went by itself."""
    born, alarm, mended, over = row["born"], row["orbit"], row["started"], row["ended"]
    of_day[_STARTED] += 1
    of_day[_UNTIL_OVER] += over - born
    if 0 <= alarm <= over:
        of_day[_DETECTED] += 1
        of_day[_UNTIL_ALARM] += alarm - born
        if 0 <= mended <= over:
            of_day[_MENDED] += 1
            of_day[_UNTIL_MENDED] += mended - alarm


@compiled
def tally_brought(frame: CaseFrame, counts: np.ndarray, cases: np.ndarray) -> None:
    """Add rows of cases (CASE) to those of the incident that brought them."""
    for n in range(cases.size):
        case = cases[U64(n)]
        if case["incident"] >= 0 and case["born"] >= frame.sizes[0]["warm_up"]:
            day = day_of_tick(frame, case["born"])
            of_day = counts[U64(case["incident"] % NUMBERS_APART), U64(day)]
            of_day[_CASES] += 1
            of_day[_CONTACTS] += case["contacts"]
