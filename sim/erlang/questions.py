"""What a planner asks of a formula in one line, and the table that answers it."""

import math
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import numpy as np

from sim.erlang.arguments import (
    NOT_NEGATIVE,
    NOT_NEGATIVE_OR_INF,
    POSITIVE,
    POSITIVE_OR_INF,
    SHARE,
    Floats,
    checked_number,
    known,
)
from sim.erlang.goals import Goals
from sim.erlang.levels import USUAL, USUAL_SHORT_S, service_level
from sim.erlang.line import Line
from sim.erlang.required import required_agents
from sim.erlang.retrials import Retry, with_retries
from sim.erlang.retrials import required_agents as required_with_retries
from sim.erlang.square_root import agents_by_rule
from sim.erlang.steady import steady
from sim.erlang.waits import wait_quantile

MODELS: Final = {
    "b": "Erlang B: who finds all agents busy is lost",
    "c": "Erlang C: everybody waits until answered",
    "a": "Erlang A: who waits gives up after a while",
    "x": "Erlang X: who gives up may try again",
}
AROUND: Final = 3  # numbers of agents shown on either side of the one asked for
MOST_ROWS: Final = 1000


class Question(NamedTuple):
    """A line, and either numbers of agents or what is wanted of them (limits; None is none)."""

    model: str
    calls_per_hour: float
    aht_s: float
    agents: tuple[float, ...] = ()
    target: float | None = None  # service level; of Erlang B, the share blocked
    threshold_s: float = 20.0
    definition: str = USUAL
    short_s: float = USUAL_SHORT_S
    asa_s: float | None = None
    occupancy: float | None = None
    abandonment: float | None = None
    patience_s: float | None = None
    retry: float | None = None  # share of those who gave up that tries again
    places: float | None = None


class Row(NamedTuple):
    """The figures of one number of agents; None where a model has none, inf where a line has no end."""

    agents: float
    beta: float | None  # (agents - load) / √load: what is there beyond the work
    service_level: float | None
    asa_s: float | None
    wait_p90_s: float | None  # 90 % of the answered waited no longer
    delayed: float | None
    blocked: float | None
    abandonment: float | None
    occupancy: float
    queue: float | None
    retries_per_hour: float | None
    overloaded: bool  # more work than the agents can do, and nobody gives up: the line grows without end


class Answer(NamedTuple):
    """What a question comes to; `required` and `square_root` only where something is wanted of the agents."""

    load: float  # Erlangs of fresh contacts
    required: float | None  # inf where no number of agents does
    square_root: float | None  # agents by the square-root rule, not rounded
    rows: tuple[Row, ...]


_NEEDS: Final = {"b": (), "c": (), "a": ("patience_s",), "x": ("patience_s", "retry")}
_NEVER: Final = {
    "b": ("asa_s", "abandonment", "patience_s", "retry", "places"),
    "c": ("abandonment", "patience_s", "retry"),
    "a": ("retry",),
    "x": (),
}
_DOMAINS: Final = {
    "calls_per_hour": NOT_NEGATIVE,
    "aht_s": POSITIVE,
    "target": SHARE,
    "threshold_s": NOT_NEGATIVE_OR_INF,
    "short_s": NOT_NEGATIVE_OR_INF,
    "asa_s": NOT_NEGATIVE_OR_INF,
    "occupancy": SHARE,
    "abandonment": SHARE,
    "patience_s": POSITIVE_OR_INF,
    "retry": SHARE,
    "places": NOT_NEGATIVE_OR_INF,
}
_LIMITS: Final = ("target", "asa_s", "occupancy", "abandonment")


def answer(question: Question) -> Answer:
    """The table around the agents asked for; ValueError for what a model does not take or is not given."""
    _check(question)
    given = {name: getattr(question, name) for name in _DOMAINS if getattr(question, name) is not None}
    numbers: dict[str, Any] = {
        name: checked_number(name, value, _DOMAINS[name]) for name, value in given.items()
    }
    question = question._replace(**numbers)
    load = question.calls_per_hour * question.aht_s / 3600.0
    wanted = any(getattr(question, name) is not None for name in _LIMITS)
    required = _required(question) if wanted else None
    agents = question.agents or (_around(required) if load else (0.0,))  # an empty interval needs nobody
    rows = tuple(_rows(question, load, np.array(agents, float)))
    return Answer(load, required, _by_rule(question, load), rows)


def _check(question: Question) -> None:
    model = question.model
    if not known(model, MODELS):
        raise ValueError(f"model: {model!r} is not known; give one of {', '.join(MODELS)}")
    for name in _NEEDS[model]:
        if getattr(question, name) is None:
            raise ValueError(f"{name}: Erlang {model.upper()} needs it")
    for name in _NEVER[model]:
        if getattr(question, name) is not None:
            raise ValueError(f"{name}: Erlang {model.upper()} has none ({MODELS[model].partition(': ')[2]})")
    if not question.agents and all(getattr(question, name) is None for name in _LIMITS):
        raise ValueError(f"agents: give numbers of agents, or what they are to reach: {', '.join(_LIMITS)}")
    if len(question.agents) > MOST_ROWS:
        raise ValueError(f"agents: {len(question.agents)} numbers are too many; at most {MOST_ROWS} will do")


def _required(question: Question) -> float:
    """The fewest agents that reach all that is wanted."""
    q, lost = question, question.model == "b"
    goals = Goals(
        None if lost else q.target,
        q.threshold_s,
        q.definition,
        q.short_s,
        q.asa_s,
        occupancy=q.occupancy,
        abandonment=q.abandonment,
        blocked=q.target if lost else None,
    )
    if q.model == "x":
        found = required_with_retries(q.calls_per_hour, q.aht_s, goals, _retry(q), *_waiting(q))
    else:
        found = required_agents(q.calls_per_hour, q.aht_s, goals, *_waiting(q))
    return float(found)


def _waiting(question: Question) -> tuple[float, float]:
    """Patience and waiting places."""
    if question.model == "b":
        return math.inf, 0.0
    patience_s = math.inf if question.patience_s is None else question.patience_s
    return patience_s, math.inf if question.places is None else question.places


def _retry(question: Question) -> Retry:
    return Retry(question.retry or 0.0, None, ("abandoned",))


def _around(required: float | None) -> tuple[float, ...]:
    """Numbers of agents about the one that is required; none where no number is."""
    if required is None or math.isinf(required):
        return ()
    return tuple(float(n) for n in range(max(int(required) - AROUND, 0), int(required) + AROUND + 1))


def _by_rule(question: Question, load: float) -> float | None:
    """Agents by the square-root rule for the target, where the rule has an answer."""
    if question.target is None or question.model == "x" or question.places is not None:
        return None
    late = question.target if question.model == "b" else 1.0 - question.target
    if load <= 0.0 or not 0.0 < late < 1.0:
        return None
    impatience = question.aht_s / question.patience_s if question.patience_s else 0.0
    time = question.threshold_s / question.aht_s
    return agents_by_rule(load, late, time, impatience, lost=question.model == "b")


def _rows(question: Question, load: float, agents: Floats) -> Iterator[Row]:
    fresh = Line(question.calls_per_hour, question.aht_s, agents, *_waiting(question))
    tried = with_retries(fresh, _retry(question))
    line = tried.line if question.model == "x" else fresh
    solved, waits = steady(line), question.model != "b"
    level = service_level(line, question.threshold_s, question.definition, question.short_s)
    quantile = wait_quantile(line, 0.9)
    floods = np.isinf(tried.attempts_per_hour) if question.model == "x" else np.zeros(agents.shape, bool)
    asa_s, quantile, queue = (np.where(floods, math.inf, v) for v in (solved.asa_s, quantile, solved.queue))
    for k, n in enumerate(agents):
        impatient = question.patience_s is not None
        yield Row(
            float(n),
            (float(n) - load) / math.sqrt(load) if load > 0.0 else None,
            float(level[k]) if waits else None,
            float(asa_s[k]) if waits else None,
            float(quantile[k]) if waits else None,
            float(solved.delayed[k]) if waits else None,
            float(solved.blocked[k]) if not waits or question.places is not None else None,
            float(solved.abandoned[k]) if impatient else None,
            float(solved.occupancy[k]),
            float(queue[k]) if waits else None,
            float(tried.retries_per_hour[k]) if question.model == "x" else None,
            math.isinf(float(queue[k])),
        )
