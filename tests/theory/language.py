"""Queueing models in the scenario language.

A `Kind` turns the parameters of a case into `Parts`: streams, queues and groups with times in the
case's unit, the formulas of its outputs, and how slowly the system forgets how it started. `setup`
then stretches the unit so that the contacts asked for fill a few days around the clock.
"""

from collections.abc import Callable, Mapping
from math import ceil, sqrt
from typing import Any, Final, NamedTuple
from zlib import crc32

import scenarios

from .figures import Figure, Setup

Values = Mapping[str, Any]  # parameters or outputs of a case
Spec = dict[str, Any]  # a part of a scenario as a file would have it

REPLICATIONS: Final = 20
MEASURED: Final = 25  # relaxation times that a replication covers at least
WARM_UP: Final = 12  # relaxation times: what is left of the start is e**-12
SPARE: Final = 1.06  # contacts beyond those asked for: the warm-up is rounded up, and numbers are random
CONTACTS_A_DAY: Final = 30_000
START: Final = "2026-01-05"  # a Monday

IN_LINE: Final = "answered + abandoned"
BEYOND: Final = "answered - answered_within / answered"
SERVICE: Final = {
    "prob_wait": f"delayed / {IN_LINE}",
    "mean_wait": f"wait_answered + wait_abandoned / {IN_LINE}",
    "mean_queue": "waiting / horizon",
    "occupancy": "working / idle + working",
}
IMPATIENT: Final = {
    **SERVICE,
    "prob_abandon": "abandoned / offered",
    "mean_wait_served": "wait_answered / answered",
    "mean_wait_abandoned": "wait_abandoned / abandoned",
    "prob_served_within_T": "answered_within / offered",
    "prob_abandon_within_T": "abandoned_within / offered",
    "sl_served_excl_short_abandons": "answered_within / offered - abandoned_within",
}


class Ratio(NamedTuple):
    """A formula of `figures.py`, and the queue, group or stream that it is for."""

    text: str
    of: str


Formulas = dict[str, Ratio]  # by output


def ratios(texts: Mapping[str, str], of: str = "all") -> Formulas:
    """Formulas that are all for the same queue, group or stream."""
    return {output: Ratio(text, of) for output, text in texts.items()}


class Unit(NamedTuple):
    """The case's unit of time in seconds; writes times and rates of the case with real units."""

    seconds: float = 1.0

    def time(self, units: float) -> str:
        return f"{units * self.seconds:.9f} s"

    def rate(self, per_unit: float) -> str:
        return f"{per_unit * 3600.0 / self.seconds:.9f} per hour"

    def exponential(self, rate: float) -> Spec:
        return {"exponential": self.time(1.0 / rate)}


class Parts(NamedTuple):
    """A model in the scenario language, and what is read off it."""

    streams: Spec
    queues: Spec
    groups: Spec
    rate: float  # contacts per unit
    relaxation: float  # units
    formulas: Formulas
    expected: Values | None = None  # outputs, where they are not those of the case
    legs: bool = False
    more: Values | None = None  # further sections of the file


Kind = Callable[[Values, Unit], Parts]


def stream(unit: Unit, queue: str, rate: float, handle_time: Spec) -> Spec:
    """A stream of constant rate."""
    return {"queue": queue, "arrivals": {"rate": unit.rate(rate)}, "handle_time": handle_time}


def queue(unit: Unit, threshold: float | None = None, **more: Any) -> Spec:
    """A queue; those of its settings that are None are left out."""
    given = {name: value for name, value in more.items() if value is not None}
    if threshold is None:
        return given
    return given | {"target": f"80% in {unit.time(threshold)}", "service_level": "offered"}


def patience(unit: Unit, rate: float | None) -> Spec | None:
    """Exponential patience; at rate 0 nobody gives up."""
    return unit.exponential(rate) if rate else None


def single(unit: Unit, rate: float, handle_time: Spec, agents: int, line: Spec) -> tuple[Spec, Spec, Spec]:
    """One stream, one queue, one group."""
    calls = {"calls": stream(unit, "line", rate, handle_time)}
    return calls, {"line": line}, {"team": {"skills": ["line"], "agents": agents}}


def relaxation(rate: float, service_rate: float, servers: int, scv: float = 1.0) -> float:
    """Relaxation time of M/G/c: 1 / (c mu (1 - sqrt(rho))**2) as of M/M/1, stretched by variation."""
    load = rate / (service_rate * servers)
    heavy = 1.0 / (servers * service_rate * (1.0 - sqrt(load)) ** 2)
    return max(1.0 / service_rate, 0.5 * (1.0 + scv) * heavy)


def setup(name: str, kind: Kind, params: Values, outputs: Values, contacts: float) -> Setup:
    """Say a case in the scenario language, long enough for so many contacts."""
    values = {**params, **outputs}
    parts = kind(values, Unit())
    measured = max(SPARE * contacts / REPLICATIONS / parts.rate, MEASURED * parts.relaxation)
    horizon = measured + WARM_UP * parts.relaxation
    days = ceil(horizon * parts.rate / CONTACTS_A_DAY)
    unit = Unit(days * 86_400 / horizon)
    warm_up = ceil(WARM_UP * parts.relaxation * unit.seconds / 3600.0)
    return Setup(
        scenarios.from_dict(as_file(name, kind(values, unit), days, f"{warm_up} h")),
        REPLICATIONS,
        seed_of(name, contacts),
        unit.seconds,
        tuple(expected_figures(parts, outputs)),
        legs=parts.legs,
    )


def seed_of(name: str, contacts: float) -> int:
    """A seed of its own for each simulation: cases must not share their luck."""
    return crc32(f"2026 {name} {contacts:g}".encode())


def as_file(name: str, parts: Parts, days: int, warm_up: str) -> Spec:
    """A scenario as its file would have it."""
    return {
        "careloop": 1,
        "name": name,
        "calendar": {"start": START, "days": days, "interval": "60 min"},
        "streams": parts.streams,
        "queues": parts.queues,
        "groups": parts.groups,
        "run": {"warm_up": warm_up},
        **(parts.more or {}),
    }


def expected_figures(parts: Parts, outputs: Values) -> list[Figure]:
    """The outputs of the case that have a formula; members of a list are `name[i]`."""
    known = dict(outputs)
    for name, values in outputs.items():
        if isinstance(values, list):
            known |= {f"{name}[{i}]": value for i, value in enumerate(values)}
    known |= parts.expected or {}
    return [
        Figure(name, float(known[name]), formula.text, formula.of)
        for name, formula in parts.formulas.items()
        if name in known
    ]
