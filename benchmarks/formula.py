"""Formulas: thousands of days that all differ, evaluated at once."""

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from typing import Final, NamedTuple

import careloop
from sim.formula import evaluated, run_formula

LIBRARY: Final = Path(__file__).parents[1] / "scenarios" / "library"
DAYS: Final = 10_000
ROUNDS: Final = 7


class Case(NamedTuple):
    """A scenario of `DAYS` days; growth makes every rate of every day another one."""

    label: str
    scenario: careloop.Scenario


class Timing(NamedTuple):
    label: str
    figures_s: float  # CPU seconds to all expected counts, interval by interval
    tables_s: float  # ... and to the tables of a result


def cases(days: int = DAYS) -> tuple[Case, ...]:
    """One line of calls with busyness and retries, and the whole baseline."""
    return (
        Case("calls of `counts_from_history.yaml`", grown("counts_from_history", ("calls",), days)),
        Case(
            "the baseline: calls, chats and mails",
            grown("plain_year", ("calls", "chats", "mails"), days),
        ),
    )


def grown(name: str, streams: tuple[str, ...], days: int) -> careloop.Scenario:
    """A scenario of the library over so many days, growing by a percent a year."""
    trends = {f"streams.{stream}.arrivals.trend": "1% per year" for stream in streams}
    return careloop.load(LIBRARY / f"{name}.yaml", changes={"calendar.days": days, **trends})


def cpu_s(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Median CPU time of some rounds, after one to warm up."""
    work()
    taken = []
    for _ in range(rounds):
        started = time.process_time()
        work()
        taken.append(time.process_time() - started)
    return median(taken)


def measure(rounds: int = ROUNDS) -> list[Timing]:
    return [
        Timing(
            each.label,
            cpu_s(partial(evaluated, each.scenario), rounds),
            cpu_s(partial(run_formula, each.scenario), rounds),
        )
        for each in cases()
    ]


def table(timings: list[Timing]) -> str:
    """The timings as Markdown."""
    lines = [
        f"| {DAYS:,} days, all different | expected counts | with result tables |",
        "|---|---:|---:|",
    ]
    lines += [f"| {t.label} | {t.figures_s:.2f} s | {t.tables_s:.2f} s |" for t in timings]
    return "\n".join(lines)
