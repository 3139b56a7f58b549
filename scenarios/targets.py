"""Targets: what must hold of which measure, over which period, and how surely.

A queue's own ``target: 80% in 20 s`` and the lines of ``targets:`` both become a ``Goal``. The words
that a measure may be called by are in one table here; ``target_text.py`` reads and checks the lines.
"""

import re
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from scenarios.case_definitions import CASE_MEASURES, CASE_QUANTILES, CASE_SCOPES, POINTS
from scenarios.case_targets import CASE_WORDS, TO_BE_KEPT_LOW, TO_BE_REACHED
from scenarios.definitions import MEASURES, MONEY, QUANTILES
from scenarios.problems import nearest, shown
from scenarios.units import duration_text, plain_number, share, share_text

if TYPE_CHECKING:
    from scenarios.limits import Limit
    from scenarios.model import Scenario, Target

Period = Literal["day", "week", "month", "horizon"]
PERIODS: Final[tuple[Period, ...]] = ("day", "week", "month", "horizon")
USUAL_PERIOD: Final[Period] = "week"
USUAL_PROBABILITY: Final = 0.8
AT_LEAST: Final = ">="
AT_MOST: Final = "<="


class Goal(NamedTuple):
    """A measure of a scope is to be at least or at most a value, in this share (0-1) of the periods.

    ``value`` is in ``unit``, that of the measure: a share 0-1, s, h, contacts, agents or a currency.
    """

    measure: str
    scope: str  # all, queue, group or stream; of cases see case_definitions.py
    name: str
    comparison: str
    value: float
    unit: str
    period: Period = USUAL_PERIOD
    probability: float = USUAL_PROBABILITY


class When(NamedTuple):
    """The tail of a target: over which period it must hold, and how probably (a share 0-1)."""

    period: Period = USUAL_PERIOD
    probability: float = USUAL_PROBABILITY


class Subject(NamedTuple):
    """A measure as targets speak of it: its words (the first is how it is written), unit and scopes.

    ``comparisons`` are those that make sense: a service level is to be reached, a wait not exceeded.
    """

    words: tuple[str, ...]
    unit: str
    scopes: tuple[str, ...]
    comparisons: tuple[str, ...]


_WORDS: Final[dict[str, tuple[str, ...]]] = {
    "service_level": ("service level", "SL"),
    "asa": ("ASA", "average speed of answer", "speed of answer"),
    "abandonment": ("abandonment", "abandonment rate", "abandon rate"),
    "occupancy": ("occupancy", "utilisation", "utilization"),
    "aht": ("AHT", "average handle time", "handle time", "handling time"),
    **{name: (f"wait p{q * 100:.0f}", f"p{q * 100:.0f} wait") for name, q in QUANTILES.items()},
    "mean_wait": ("mean wait", "average wait"),
    "delayed": ("delayed", "delayed share"),
    "max_queue": ("largest queue", "longest queue", "max queue"),
    "mean_queue": ("mean queue", "average queue"),
    "offered": ("offered", "contacts offered"),
    "handled": ("handled", "contacts handled"),
    "abandoned": ("abandoned", "contacts abandoned"),
    "blocked": ("blocked", "refused"),
    "closed": ("closed", "came while closed"),
    "cleared": ("sent away", "cleared"),
    "overflowed": ("passed on", "overflowed"),
    "called_back": ("asked to be called", "called back"),
    "unreached": ("called in vain", "unreached"),
    "silent": ("left unseen", "left in silence"),
    "struck_off": ("not needed any more",),
    "retried": ("tried again", "retried"),
    "backlog_at_start": ("waiting at the start", "backlog at start"),
    "open_at_end": ("open at the end", "open at end"),
    "on_duty": ("on duty", "agents on duty"),
    "time_idle": ("time idle", "idle time"),
    "time_working": ("time working", "working time"),
    "time_sharing": ("time chatting", "time sharing"),
    "chats_at_once": ("chats at once", "concurrency"),
    "people_cost": ("people cost", "cost of people", "staff cost"),
    **CASE_WORDS,
}
_AT_LEAST_ONLY: Final = ("service_level", *TO_BE_REACHED)
_AT_MOST_ONLY: Final = (
    *("asa", "abandonment", *QUANTILES, "mean_wait", "delayed", "max_queue", "mean_queue"),
    *TO_BE_KEPT_LOW,
)
_BEYOND_MEASURES: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "service_level": ("share", ("all", "queue", "stream")),
    "max_queue": ("contacts", ("queue",)),
    "people_cost": (MONEY, ("all", "group")),
    **dict.fromkeys(QUANTILES, ("s", ("all", "queue", "group", "stream"))),
    **dict.fromkeys(CASE_QUANTILES, ("s", CASE_SCOPES)),
}


def _subject(measure: str) -> Subject:
    known = MEASURES.get(measure) or CASE_MEASURES.get(measure)
    unit, scopes = (known.unit, known.scopes) if known else _BEYOND_MEASURES[measure]
    senses = (
        (AT_LEAST,)
        if measure in _AT_LEAST_ONLY
        else (AT_MOST,)
        if measure in _AT_MOST_ONLY
        else (AT_LEAST, AT_MOST)
    )
    return Subject(_WORDS[measure], unit, scopes, senses)


SUBJECTS: Final[dict[str, Subject]] = {measure: _subject(measure) for measure in _WORDS}

_PROBABILITY = re.compile(r"(.*?)[\s,]*\bwith\s+([^\s,]+)\s+probability\s*", re.IGNORECASE)
_EACH = re.compile(r"(.*?)[\s,]*\b(?:each|every|per)\s+([A-Za-z]+)\s*", re.IGNORECASE)
_OVER = re.compile(r"(.*?)[\s,]*\bover\s+(?:the\s+)?([A-Za-z]+)\s*", re.IGNORECASE)


def split_when(text: str) -> tuple[str, When]:
    """Return what stands before a target's tail, and the tail: "each day, with 95% probability"."""
    probability, period = USUAL_PROBABILITY, USUAL_PERIOD
    if found := _PROBABILITY.fullmatch(text):
        text, probability = found.group(1), _probability(found.group(2))
    elif re.search(r"\bprobability\b", text):
        raise ValueError(f"{shown(text)}: write the probability last, as in ', with 90% probability'")
    if found := _EACH.fullmatch(text):
        text, period = found.group(1), _period(found.group(2), ("day", "week", "month"))
    elif found := _OVER.fullmatch(text):
        text, period = found.group(1), _period(found.group(2), ("horizon",))
    return text.strip(), When(period, probability)


def _probability(written: str) -> float:
    value = share(written)
    if not 0.0 < value < 1.0:
        raise ValueError(
            f"{written!r} is no probability that chance could reach; write one above 0% and below 100%"
        )
    return value


def _period(written: str, allowed: tuple[Period, ...]) -> Period:
    for period in allowed:
        if written.lower() == period:
            return period
    raise ValueError(
        f"{written!r} is not a period of a target{nearest(written, allowed)}; "
        "write each day, each week, each month, or over the horizon"
    )


def when_text(period: Period, probability: float) -> str:
    """Write a tail so that ``split_when`` reads it back."""
    over = "over the horizon" if period == "horizon" else f"each {period}"
    return f"{over}, with {share_text(probability)} probability"


def goal_text(goal: Goal) -> str:
    """Write a goal as a line of ``targets`` that reads back as the same goal."""
    whose = "" if goal.scope == "all" else f"{goal.scope} {goal.name} "
    asked = f"{goal.comparison} {value_text(goal.measure, goal.value, goal.unit)}"
    return f"{whose}{SUBJECTS[goal.measure].words[0]} {asked} {when_text(goal.period, goal.probability)}"


def value_text(measure: str, value: float, unit: str) -> str:
    """Write a value of a measure so that it reads back as the same number."""
    own = SUBJECTS[measure].unit
    if own == "share":
        return share_text(value)
    if own == "s":
        return duration_text(value)
    if own == "h":
        return f"{plain_number(value)} h"
    sign = "-" if value < 0 else "+" if own == POINTS else ""
    written = f"{sign}{plain_number(abs(value))}"
    return f"{written} {unit}" if own == MONEY else written


def goal_of_queue(name: str, target: "Target") -> Goal:
    """Return a queue's own target as a goal."""
    asked = target.share, "share", target.period, target.probability
    return Goal("service_level", "queue", name, AT_LEAST, *asked)


def own_goals(scenario: "Scenario") -> dict[str, Goal]:
    """Return the goal of each queue that has a target of its own."""
    return {
        name: goal_of_queue(name, queue.target)
        for name, queue in scenario.queues.items()
        if queue.target is not None
    }


def promised_goals(scenario: "Scenario") -> dict[Goal, "Limit"]:
    """Return what severities promise as goals over the whole horizon, each with its limit.

    A promise is made for a share of the cases, so all of a run's cases count together: of the worst
    severity a single week may have none.
    """
    found = {}
    for name, severity in scenario.severities.items():
        for measure, limit in (
            ("first_response_attainment", severity.first_response),
            ("resolution_attainment", severity.resolution),
        ):
            if limit is not None:
                goal = Goal(measure, "severity", name, AT_LEAST, limit.share, "share", "horizon")
                found[goal] = limit
    return found


def goals_of(scenario: "Scenario") -> tuple[Goal, ...]:
    """Return all targets: of the queues, of the severities, listed ones; what is said twice counts once."""
    own = own_goals(scenario).values()
    return tuple(dict.fromkeys([*own, *promised_goals(scenario), *scenario.targets]))
