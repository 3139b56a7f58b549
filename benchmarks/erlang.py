"""Required agents by Erlang's formulas, beside libraries that have them: 80 % in 20 s, 10,000 intervals.

Every peer is asked the same question, an interval at a time where it takes no arrays, a part of the
intervals where it is slow; its answers are compared with ours.
"""

import time
from collections.abc import Callable, Sequence
from importlib import import_module, metadata
from statistics import median
from typing import Any, Final, NamedTuple

import numpy as np

HANDLE_S: Final = 180.0
PATIENCE_S: Final = 120.0
INTERVALS: Final = 10_000
ROUNDS: Final = 7
_SHARE: Final = 0.8
_WITHIN_S: Final = 20.0

Loads = np.ndarray


class Peer(NamedTuple):
    """Who is timed: a function from loads to agents, the part of the intervals it gets, and its range."""

    label: str
    agents: Callable[[Loads], Sequence[float]]
    part: float
    loads: tuple[float, float] = (2.0, 40.0)
    same_as_ours: bool = True  # its answers are those of our Erlang C


class Timed(NamedTuple):
    """CPU seconds for all intervals, the median of the rounds; `differ` of its answers are not ours."""

    label: str
    loads: str
    seconds: float
    times: float  # in units of our Erlang C for the same loads
    differ: str


def _ours(patience_s: float) -> Callable[[Loads], Sequence[float]]:
    from sim.erlang import Goals, required_agents

    goals = Goals(_SHARE, _WITHIN_S)
    return lambda loads: required_agents(loads * 3600.0 / HANDLE_S, HANDLE_S, goals, patience_s).tolist()


def _pyworkforce(loads: Loads) -> Sequence[float]:
    """Its times are in minutes, its calls per interval of 30."""
    erlang_c: Any = import_module("pyworkforce.queuing").ErlangC
    calls = loads * 1800.0 / HANDLE_S
    lines = (erlang_c(each, HANDLE_S / 60.0, _WITHIN_S / 60.0, 30) for each in calls)
    return [line.required_positions(_SHARE)["raw_positions"] for line in lines]


def _call_center_tools(loads: Loads) -> Sequence[float]:
    staffing: Any = import_module("call_center_tools").calc_staffing
    ask = {"max_occupancy": 1.0, "target_answer_time": _WITHIN_S, "target_service_level": _SHARE}
    return [staffing(load * 3600.0 / HANDLE_S, HANDLE_S, **ask).agents for load in loads]


def _one_evaluation(patience_s: float) -> Callable[[Loads], Sequence[float]]:
    """What a bisection from 0 to twice the load does once for each of its log2(2 load) steps."""
    from sim.erlang import Line, service_level

    def evaluate(loads: Loads) -> Sequence[float]:
        line = Line(loads * 3600.0 / HANDLE_S, HANDLE_S, np.ceil(loads), patience_s)
        found: list[float] = service_level(line, _WITHIN_S).tolist()
        return found

    return evaluate


_LARGE: Final = 50.0, 1000.0


def peers() -> list[Peer]:
    """All that are timed; ours first."""
    found = [
        Peer("careloop, Erlang C", _ours(np.inf), 1.0),
        Peer("careloop, Erlang A (exact)", _ours(PATIENCE_S), 1.0, same_as_ours=False),
        Peer("careloop, Erlang C", _ours(np.inf), 1.0, _LARGE),
        Peer("careloop, Erlang A (exact)", _ours(PATIENCE_S), 1.0, _LARGE, same_as_ours=False),
        Peer(
            "careloop, Erlang A evaluated once, not searched",
            _one_evaluation(PATIENCE_S),
            1.0,
            _LARGE,
            same_as_ours=False,
        ),
    ]
    for name, function in (("pyworkforce", _pyworkforce), ("call-center-tools", _call_center_tools)):
        try:
            found.append(Peer(f"{name} {metadata.version(name)}, Erlang C", function, 0.1))
        except metadata.PackageNotFoundError:
            continue
    return found


def measure(rounds: int = ROUNDS) -> list[Timed]:
    """Everybody once a round, in CPU time; the part that a slow peer gets is scaled up."""
    able = peers()
    asked = {peer.loads: np.random.default_rng(1).uniform(*peer.loads, INTERVALS) for peer in able}
    taken: list[list[float]] = [[] for _ in able]
    answers: list[Sequence[float]] = [()] * len(able)
    for number in range(rounds + 1):
        for k, peer in enumerate(able):
            loads = asked[peer.loads][: int(INTERVALS * peer.part)]
            began = time.process_time()
            answers[k] = peer.agents(loads)
            if number:  # the first round compiles
                taken[k].append((time.process_time() - began) / peer.part)
    return [_timed(able, taken, answers, k) for k in range(len(able))]


def _timed(able: list[Peer], taken: list[list[float]], answers: list[Sequence[float]], k: int) -> Timed:
    """A peer's median; how many times ours in the same rounds; how many of its answers differ from ours."""
    peer, first = able[k], next(n for n, other in enumerate(able) if other.loads == able[k].loads)
    times = median(mine / ours for mine, ours in zip(taken[k], taken[first], strict=True))
    differ = sum(a != b for a, b in zip(answers[k], answers[first], strict=False))
    load = f"{peer.loads[0]:.0f} to {peer.loads[1]:,.0f}"
    return Timed(peer.label, load, median(taken[k]), times, str(differ) if peer.same_as_ours else "")


def table(rows: Sequence[Timed]) -> str:
    """The comparison as Markdown."""
    head = (
        "| required agents, 10,000 intervals | Erlangs | ms | times our Erlang C | answers that differ |\n"
        "|---|---:|---:|---:|---:|"
    )
    lines = [
        f"| {r.label} | {r.loads} | {r.seconds * 1e3:,.3g} | {r.times:,.3g} | {r.differ} |" for r in rows
    ]
    return "\n".join([head, *lines])


if __name__ == "__main__":
    print(table(measure()))
