"""What a user waits for, and how it grows: the first run ever, the baseline, a big centre, ten years."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import numpy as np

import scenarios
from scenarios.model import Scenario
from sim import drive
from sim.compile import begin, compile_scenario
from sim.experiment import run_scenario
from sim.log import ARRIVED, GATE

LIBRARY = Path(scenarios.__file__).with_name("library")
BASELINE = LIBRARY / "care_loop_baseline.yaml"
YEAR = LIBRARY / "plain_year.yaml"

_CARELOOP = (sys.executable, "-m", "careloop")

QUEUES = 40
SKILLS = 20  # groups that differ in what they can do
AGENTS = 2_000
CONTACTS_A_DAY = 60_000


def big_centre() -> Scenario:
    """2,000 agents in 20 skill groups, 40 queues, 60,000 contacts a day."""
    per_hour = CONTACTS_A_DAY / QUEUES / 24
    queues: dict[str, Any] = {
        f"q{n:02d}": {"target": "80% in 20 s", "patience": {"exponential": "3 min"}} for n in range(QUEUES)
    }
    streams = {
        f"s{n:02d}": {
            "queue": f"q{n:02d}",
            "arrivals": {"rate": f"{per_hour} per hour", "busyness": {"day": {"cv": "10%"}}},
            "handle_time": {"lognormal": {"mean": "40 min", "cv": 0.8}},
        }
        for n in range(QUEUES)
    }
    groups = {
        f"g{n:02d}": {
            "skills": [f"q{(2 * n + k) % QUEUES:02d}" for k in range(6)],
            "agents": AGENTS // SKILLS,
        }
        for n in range(SKILLS)
    }
    return scenarios.from_dict(
        {
            "careloop": 1,
            "name": "Big centre",
            "service_level": "offered",
            "calendar": {"start": "2026-03-02", "days": 1},
            "streams": streams,
            "queues": queues,
            "groups": groups,
        }
    )


def big_centre_s() -> float:
    """Seconds for one simulated day of the big centre, everything compiled and in memory."""
    scenario = big_centre()
    run_scenario(scenario, replications=1, workers=1)
    started = time.perf_counter()
    run_scenario(scenario, replications=1, workers=1)
    return time.perf_counter() - started


_SMALL = """
import resource, subprocess, sys, time
started = time.perf_counter()
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
took = time.perf_counter() - started
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_utime + used.ru_stime, used.ru_maxrss, took)
"""


class Cost(NamedTuple):
    """What a command took."""

    cpu_s: float
    peak_mb: float
    wall_s: float


def years(n: int) -> Cost:
    """`careloop run` of n years without cases, one replication, in a process of its own."""
    text = YEAR.read_text(encoding="utf-8").replace("days: 365", f"days: {365 * n}")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "years.yaml"
        file.write_text(text, encoding="utf-8")
        out = ["--replications", "1", "--out", str(Path(folder) / "out")]
        return measured([*_CARELOOP, "run", str(file), *out])


def first_run_s() -> float:
    """Seconds on the clock for the first run ever: nothing compiled yet."""
    with tempfile.TemporaryDirectory() as folder:
        return _clock([*_CARELOOP, "run", str(BASELINE)], {"CARELOOP_CACHE_DIR": folder})


def baseline_s() -> float:
    """Seconds on the clock for the baseline with its 30 replications and its report, compiled."""
    with tempfile.TemporaryDirectory() as folder:
        return _clock([*_CARELOOP, "run", str(BASELINE), "--out", str(Path(folder) / "out")], {})


def start_s() -> float:
    """Seconds on the clock for one day of the baseline and its report, compiled: nearly all is start."""
    with tempfile.TemporaryDirectory() as folder:
        day = ["--set", "calendar.days=1", "--replications", "1", "--out", str(Path(folder) / "out")]
        return _clock([*_CARELOOP, "run", str(BASELINE), *day], {})


def contacts_a_second(rounds: int = 7) -> float:
    """Contacts of the baseline that one thread simulates in a second of CPU time: median of some rounds."""
    model = compile_scenario(scenarios.load(BASELINE))
    came = 0

    def count(contacts: np.ndarray, _agents: np.ndarray, _cases: np.ndarray) -> None:
        nonlocal came
        came += int(np.isin(contacts["row"], (ARRIVED, GATE)).sum())

    def discard(_contacts: np.ndarray, _agents: np.ndarray, _cases: np.ndarray) -> None:
        pass

    drive.run(model, begin(model, 1, 0), count)
    took = []
    for _ in range(rounds):
        state, started = begin(model, 1, 0), time.process_time()
        drive.run(model, state, discard)
        took.append(time.process_time() - started)
    return came / median(took)


def staffing_s() -> float:
    """Seconds on the clock for the staffing of a year without cases: verified and repaired, compiled."""
    small = LIBRARY / "counts_from_history.yaml"
    _clock([*_CARELOOP, "staff", str(small), "--replications", "4", "--json"], {})
    return _clock([*_CARELOOP, "staff", str(YEAR), "--json"], {})


def imports_s() -> float:
    """Seconds on the clock for importing what such a run imports, and nothing else."""
    names = "numba, numpy, pandas, pyarrow.parquet, pydantic, rich.table, ruamel.yaml, scipy.special, typer"
    return _clock([sys.executable, "-c", f"import {names}"], {})


def _clock(command: list[str], more: dict[str, str]) -> float:
    """Seconds that a command takes; as for its users, Python keeps the byte code of what it imports."""
    environment = {**os.environ, **more}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    started = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, env=environment)
    return time.perf_counter() - started


def measured(command: list[str]) -> Cost:
    """CPU seconds, peak memory and time on the clock of a command, run by a process that is small itself.

    A process counts as its own peak what its parent held when it was started.
    """
    told = subprocess.run(
        [sys.executable, "-c", _SMALL, *command], check=True, capture_output=True, text=True
    )
    cpu_s, peak_kb, wall_s = map(float, told.stdout.split())
    return Cost(cpu_s, peak_kb / 1024.0, wall_s)


def table() -> str:
    """The figures, as Markdown."""
    one, ten = years(1), years(10)
    one, ten = min(one, years(1)), min(ten, years(10))
    day_s = big_centre_s()
    first_s = first_run_s()
    # In turn, and medians: a machine is slower at one moment than at another, for both alike.
    pairs = [(baseline_s(), imports_s()) for _ in range(7)]
    warm_s, bare_s = (median(times) for times in zip(*pairs, strict=True))
    staff_s = staffing_s()
    a_second, begun_s = contacts_a_second(), median(start_s() for _ in range(7))
    rows = [
        "| what | took | limit |",
        "|---|---:|---:|",
        f"| the first run ever of the baseline, compilation included | {first_s:.1f} s | 30 s |",
        f"| a warm run of the baseline: 30 replications of 90 days, report included | {warm_s:.2f} s | "
        f"{max(3.0, 3.0 * bare_s):.1f} s |",
        f"| of that, bare imports | {bare_s:.2f} s | |",
        f"| a plain year's staffing, verified and repaired on 30 replications | {staff_s:.0f} s | 120 s |",
        f"| contacts of the baseline with cases, a second and thread | {a_second:,.0f} | 400,000 or more |",
        f"| a start: one day of the baseline, compiled, report included | {begun_s:.2f} s | 1.5 s |",
        f"| so many times a warm run | {staff_s / warm_s:.0f} | |",
        f"| a day of {AGENTS:,} agents, {SKILLS} skills, {QUEUES} queues, {CONTACTS_A_DAY:,} contacts | "
        f"{day_s:.2f} s | 1 s |",
        f"| a plain year | {one.cpu_s:.2f} s, {one.peak_mb:.0f} MB | |",
        f"| ten years, times the time of one | {ten.cpu_s / one.cpu_s:.1f} | 11 |",
        f"| ten years, times the memory of one | {ten.peak_mb / one.peak_mb:.2f} | 1.5 |",
    ]
    return "\n".join(rows)


if __name__ == "__main__":
    print(table())
