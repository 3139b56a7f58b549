"""Definitions in words and as formulas, made from the same data that the measures are computed from."""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from reports.targets import target_text
from reports.wording import duration_text
from scenarios.definitions import MEASURES, SERVICE_LEVELS, Measure
from scenarios.model import Queue, Scenario
from scenarios.targets import goals_of


class Definition(NamedTuple):
    """A term, what it means, and its formula (or nothing)."""

    term: str
    meaning: str
    formula: str = ""


# What a count column is called in a formula.
_COLUMNS: Final = {
    "answered": "answered",
    "answered_within": "answered within T",
    "abandoned": "abandoned",
    "abandoned_within": "abandoned within T",
    "abandoned_short": "abandoned within s",
    "offered": "offered",
    "backlog": "waiting at the start",
    "wait_answered": "waiting time of the answered",
    "handled": "handle time",
    "waiting": "waiting time of all",
    "idle": "time idle",
    "working": "time on one contact",
    "sharing": "time on chats",
    "horizon": "length of the horizon",
    "chats": "chats × time",
}
_SHOWN: Final = ("abandonment", "asa", "aht", "mean_queue", "on_duty", "occupancy")
_TERMS: Final = {
    "abandonment": "Abandonment",
    "asa": "ASA",
    "aht": "AHT",
    "mean_queue": "Contacts waiting",
    "on_duty": "Agents on duty",
    "occupancy": "Occupancy",
}
_PERIODS: Final = {
    "day": "days are those of the calendar",
    "week": "weeks are Monday to Sunday",
    "month": "months are those of the calendar",
}
_PIECES: Final = "Pieces that the start or the end cuts off count only if there is no whole one."
COUNTING_RULE: Final = (
    "Counts go to the interval in which the contact arrived, even where it was answered later. "
    "Time (waiting, working, idle) goes to the interval of the clock in which it passed."
)


def service_levels(scenario: Scenario) -> Iterator[Definition]:
    """The definitions of the service level in force, each with the queues that use it."""
    for name, level in SERVICE_LEVELS.items():
        queues = {
            q: each for q, each in scenario.queues.items() if each.target and each.service_level == name
        }
        if queues:
            has_s = "abandoned_short" in {**level.above, **level.below}
            limits = "; ".join(_limits(q, each, has_s) for q, each in queues.items())
            meaning = f"{level.label}. T is the queue's own: {limits}."
            yield Definition("Service level", meaning, formula(level.above, level.below))


def _limits(name: str, queue: Queue, has_s: bool) -> str:
    """T of a queue, and s where the definition knows it."""
    assert queue.target is not None  # the caller has looked
    short = f", s = {duration_text(queue.short_abandon_s)}" if has_s else ""
    return f"{name} {target_text(queue.target)}{short}"


def formula(above: Mapping[str, int], below: Mapping[str, int]) -> str:
    """(answered within T + abandoned within T) / (answered + abandoned)."""
    return f"{_sum(above)} / {_sum(below)}"


def _sum(parts: Mapping[str, int]) -> str:
    text = "".join(f" {'+' if factor > 0 else '−'} {_COLUMNS[column]}" for column, factor in parts.items())
    text = text.removeprefix(" + ")
    return f"({text})" if len(parts) > 1 else text


def definitions(scenario: Scenario) -> list[Definition]:
    """All that a reader may ask about the words of the scorecard."""
    return [
        *service_levels(scenario),
        *attainment(scenario),
        Definition(
            "Offered",
            "contacts that came to a queue, also while it was closed or full, those who try again and "
            "those passed on from another queue included; “all” counts each contact once. With those waiting "
            "at the start they are all that the rows from handled to open at the end add up to",
        ),
        Definition("Handled", "contacts answered by an agent"),
        Definition("Abandoned", "contacts that gave up waiting, or were sent away at closing"),
        *_lost_in_other_ways(scenario),
        *(_measure(_TERMS[name], MEASURES[name]) for name in _SHOWN),
        Definition("95 % answered within", "the wait that 95 % of the answered did not exceed"),
        Definition("Largest queue", "most contacts waiting at once, mean over the replications"),
        Definition("Hours at work", "agents on duty × length of the horizon, overtime included"),
        Definition("Hours paid", "(hours at work + paid breaks) / (1 − shrinkage)"),
        Definition("People cost", "hours paid × pay for an hour"),
    ]


def _lost_in_other_ways(scenario: Scenario) -> Iterator[Definition]:
    """Of queues that call back, whose customers leave unseen, or that hold work."""
    queues = scenario.queues.values()
    if any(queue.call_back for queue in queues):
        yield Definition(
            "Asked to be called back",
            "contacts whose customer hung up to be called when it is their turn; they are among the offered, "
            "and if they answer among the handled",
        )
        yield Definition(
            "Called back, not reached",
            "of these, who did not answer when called: neither handled nor abandoned, in no service level",
        )
    if any(queue.silent for queue in queues):
        yield Definition("Left unseen", "who gave up before an agent found that out; among the abandoned")
    if scenario.severities or scenario.side_work:
        yield Definition("Not needed any more", "work whose case was solved before its turn came")


def attainment(scenario: Scenario) -> Iterator[Definition]:
    """What it means that a target holds in a share of its periods, where there is a target."""
    goals = goals_of(scenario)
    periods = [each for each in _PERIODS if any(goal.period == each for goal in goals)]
    local = "; ".join(_PERIODS[each] for each in periods)
    pieces = f" {local[0].upper()}{local[1:]}, in local time. {_PIECES}" if periods else ""
    if goals:
        yield Definition(
            "Held in",
            "share of all pairs of a replication and a period in which the target holds; "
            f"a period without a value (nothing offered) does not count.{pieces}",
        )


def _measure(term: str, measure: Measure) -> Definition:
    return Definition(term, measure.label, formula(measure.above, measure.below or {}))
