"""`careloop calibrate` on ten million contacts, simulated, and on a real export: time and peak memory."""

import sys
import tempfile
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

import careloop
import scenarios
from benchmarks.growth import Cost, measured
from scenarios import Scenario
from scenarios.week import DAY_NAMES

ROWS: Final = 10_000_000
YEAR_DAYS: Final = 364
QUEUES: Final = 6
DATA: Final = Path(__file__).parents[2] / "shared" / "data"
BUDGET_S: Final = 180.0
BUDGET_MB: Final = 2048.0
REAL_BUDGET_S: Final = 20.0
_STEPS: Final = 28  # half hours, 08:00 to 22:00
_HANDLE_S: Final = 300


def large_centre(contacts: int = ROWS) -> Scenario:
    """A year of a large centre with so many contacts: six queues, three teams, busy and quiet days."""
    a_day = contacts / YEAR_DAYS / QUEUES
    hump = np.sin(np.linspace(0.5, 2.6, _STEPS)) + 0.2
    profile = a_day * hump / hump.sum()
    days: dict[str, Any] = {day: [round(float(n), 2) for n in profile] for day in DAY_NAMES}
    load = 2 * profile * _HANDLE_S / 1800
    heads = [int(n) for n in np.ceil(load + 0.4 * np.sqrt(load))]
    when: dict[str, Any] = {"from": "08:00", "step": "30 min"}
    names = [f"queue {n + 1}" for n in range(QUEUES)]
    streams: dict[str, Any] = {
        name: {
            "queue": name,
            "arrivals": {
                "by_interval": {**when, **days},
                "busyness": {"day": {"cv": "8%", "correlation": "50%"}, "interval": {"cv": "5%"}},
            },
            "handle_time": {"lognormal": {"mean": f"{_HANDLE_S} s", "cv": 0.9}},
        }
        for name in names
    }
    return scenarios.from_dict(
        {
            "careloop": 1,
            "name": "Large centre",
            "service_level": "offered",
            "calendar": {"start": "2024-01-01", "days": YEAR_DAYS, "time_zone": "Europe/Amsterdam"},
            "streams": streams,
            "queues": {
                name: {"target": "80% in 20 s", "patience": {"exponential": "3 min"}} for name in names
            },
            "groups": {
                f"team {n // 2 + 1}": {
                    "skills": [names[n : n + 2]],
                    "takes": "longest_wait",
                    "agents": {"from": "08:00", "step": "30 min", "mon-sun": heads},
                }
                for n in range(0, QUEUES, 2)
            },
            "run": {"replications": 1, "seed": 1},
        }
    )


class Measured(NamedTuple):
    """What was calibrated, and what that took; None where there is no such export."""

    what: str
    cost: Cost | None
    budget_s: float
    budget_mb: float


def simulated(contacts: int = ROWS) -> Measured:
    """Simulate, export to Parquet, calibrate in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        export = Path(folder) / "contacts.parquet"
        rows = careloop.export_contacts(large_centre(contacts), export)
        cost = _calibrated(
            export, "canonical", Path(folder) / "scenario.yaml", "--time-zone", "Europe/Amsterdam"
        )
    return Measured(f"a simulated year, {rows:,} rows of Parquet", cost, BUDGET_S, BUDGET_MB)


def real() -> Measured:
    """VANAD's export of four months, where it is at hand."""
    found = sorted(DATA.glob("**/vanad*.csv*"))
    what = "VANAD, half a million rows of CSV"
    if not found:
        return Measured(f"{what}: skipped, the data are not there", None, REAL_BUDGET_S, BUDGET_MB)
    with tempfile.TemporaryDirectory() as folder:
        return Measured(
            what, _calibrated(found[0], "vanad", Path(folder) / "scenario.yaml"), REAL_BUDGET_S, BUDGET_MB
        )


def _calibrated(export: Path, form: str, out: Path, *more: str) -> Cost:
    command = [sys.executable, "-m", "careloop", "calibrate", str(export), "--format", form, *more]
    return measured([*command, "--out", str(out)])


def table(rows: list[Measured]) -> str:
    """The figures, as Markdown."""
    lines = [
        "| `careloop calibrate` on | wall clock | CPU | budget | peak memory | budget |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for each in rows:
        cost = each.cost
        times = ("", "") if cost is None else (f"{cost.wall_s:.1f} s", f"{cost.cpu_s:.1f} s")
        memory = "" if cost is None else f"{cost.peak_mb:,.0f} MB"
        budgets = f"{each.budget_s:.0f} s", f"{each.budget_mb:,.0f} MB"
        lines.append(f"| {each.what} | {times[0]} | {times[1]} | {budgets[0]} | {memory} | {budgets[1]} |")
    return "\n".join(lines)


def measure() -> list[Measured]:
    """Both."""
    return [simulated(), real()]


if __name__ == "__main__":
    print(table(measure()))
