"""Which measures an export tells of the days passed, and where it tells them in another way.

A measure is either made of the same columns as the simulator's, or it is not told: then no window that
reaches into those days can be measured. What differs a little, by rows that an export has not, is told, and
said.
"""

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from scenarios.case_definitions import CASE_QUANTILES, REPLY_QUANTILES
from scenarios.case_targets import is_of_cases
from scenarios.model import Scenario
from scenarios.related import skills
from sim.asof.seen import Seen
from sim.case_measure import Key
from sim.compile import Model
from sim.log import DEFLECTED

PEOPLE: Final = "an export of contacts does not tell when people were at work"
NO_ROW: Final = "work that no customer began is no row of an export"
GATE: Final = "who found help alone is no row of this export"
APART: Final = "an export does not tell who was called back"
TRUE_CAUSE: Final = "tags are not always right, and no column tells the true cause"
AS_TAGGED: Final = f"{TRUE_CAUSE}; ask for avoidable share as tagged"
INTERRUPTED: Final = "work that is interrupted counts in an export from its answer to its end"
_NO_COLUMN: Final = "the export has no column {}"

_OF_PEOPLE: Final = (
    "occupancy", "on_duty", "time_idle", "time_working", "time_sharing", "chats_at_once", "people_cost",
    "cost_per_contact",
)  # fmt: skip
_SOLUTION: Final = (
    "solved", "lost_cases", "fcr", "reopen_rate", "repeat_rate", "shifted", "mean_resolution",
    "resolution_attainment", "resolution_lateness", "backlog", "backlog_age", "response_rate",
    *(name for name in CASE_QUANTILES if name not in REPLY_QUANTILES),
)  # fmt: skip
_PROMISES: Final = (
    "first_response_attainment", "first_response_lateness", "resolution_attainment", "resolution_lateness",
)  # fmt: skip
_OF_TAGS: Final = (
    "untagged", "mistagged", "avoidable_share", "avoidable_share_tagged", "avoidable_volume",
)  # fmt: skip
_SAID: Final = {
    "csat": "csat", "nps": "nps", "effort": "effort", "response_rate": "csat",
    "sentiment_positive": "sentiment", "sentiment_negative": "sentiment",
}  # fmt: skip
_NEVER: Final = {
    **dict.fromkeys(_OF_PEOPLE, PEOPLE),
    **dict.fromkeys(("called_back", "unreached"), APART),
    **dict.fromkeys(("contained", "bounced", "article_views"), GATE),
    **dict.fromkeys(("struck_off", "updates_owed", "update_attainment"), NO_ROW),
    **dict.fromkeys(
        ("incidents", "incidents_detected", "incidents_mended", "time_to_detection", "time_to_mitigation",
         "incident_length"),
        "an export of contacts does not tell when incidents began, were noticed and mended",
    ),
    "confirmed": "no column tells what customers have confirmed",
    "qa": "no column tells QA scores",
}  # fmt: skip


class Export(NamedTuple):
    """What is known of an export and of the scenario whose measures it is asked for."""

    model: Model
    columns: frozenset[str]
    self_service: bool  # whether who ended there is a row
    grouped: bool  # whether all who answered belong to a group
    own_work: frozenset[str]  # queues in which work waits that no customer began
    twice: bool  # whether some contacts are worked on twice, in the queues where they wait
    interrupted: frozenset[str]  # queues whose work may be interrupted, or counts otherwise than in an export


def export_of(model: Model, seen: Seen) -> Export:
    """What is known of an export."""
    legs = seen.legs
    answered = legs["started"] >= 0
    scenario = model.scenario
    return Export(
        model,
        seen.columns,
        bool((legs["outcome"] == DEFLECTED).any()),
        bool((legs["group"][answered] >= 0).all()),
        frozenset(_own_work(scenario)),
        bool(scenario.tagging and scenario.tagging.collisions),
        frozenset(_counted_otherwise(model, "wrap_ended_at" in seen.columns)),
    )


def _own_work(scenario: Scenario) -> Iterator[str]:
    yield from (each.queue for each in scenario.side_work.values())
    yield from (each.update.queue for each in scenario.severities.values() if each.update)


def _counted_otherwise(model: Model, with_wrap_up: bool) -> Iterator[str]:
    """Queues whose handle times an export does not have: interrupted, handed over, or by who is on call."""
    scenario = model.scenario
    steps = [step for path in scenario.paths.values() for step in path.steps.values()]
    wraps = any(each.wrap_up for each in scenario.streams.values()) or any(step.wrap_up for step in steps)
    wraps = wraps and not with_wrap_up
    stays = any(step.handover.warm for step in steps)
    for name in model.names.queues:
        queue = scenario.queues[name]
        groups = [g for g, group in enumerate(model.names.groups) if name in skills(scenario, group)]
        above = {
            other
            for g in groups
            for other in skills(scenario, model.names.groups[g])
            if scenario.queues[other].priority > queue.priority
        }
        on_call = any(model.start.groups[g]["answers"] >= 0 for g in groups)
        if wraps or stays or on_call or (queue.interruptible and above):
            yield name


def untold(export: Export, key: Key) -> str:
    """Why an export cannot tell a measure, as a part of a sentence; nothing where it can."""
    measure, scope, name = key
    if measure in _NEVER:
        return _NEVER[measure]
    if is_of_cases(measure):
        return _case_untold(export, measure, scope)
    if scope == "group" and not export.grouped:
        return _NO_COLUMN.format("agent_id by which they belong to a group")
    queues = _queues(export, scope, name)
    if scope in ("queue", "group") and queues & export.own_work:
        return NO_ROW
    everywhere = bool(export.own_work or export.twice)
    if measure in ("mean_queue", "max_queue") and (everywhere or queues & export.interrupted):
        return NO_ROW if everywhere else INTERRUPTED
    if measure == "aht" and queues & export.interrupted:
        return INTERRUPTED
    if measure == "retried" and not {"user_id", "case_id"} & export.columns:
        return _NO_COLUMN.format("user_id")
    return ""


def _queues(export: Export, scope: str, name: str) -> frozenset[str]:
    """The queues in which legs of a scope may wait."""
    if scope == "queue":
        return frozenset([name])
    return frozenset(skills(export.model.scenario, name) if scope == "group" else export.model.names.queues)


def _case_untold(export: Export, measure: str, scope: str) -> str:
    for wanted, column in (
        (True, "case_id"),
        (scope == "severity" or measure in _PROMISES, "severity"),
        (scope == "tier", "arr"),
        (scope == "root_cause", "cause"),
        (measure in _SOLUTION, "resolved_at"),
        (measure in _SAID, _SAID.get(measure, "")),
        (measure in _OF_TAGS, "cause"),
        (measure in ("incident_cases", "incident_contacts"), "incident_id"),
    ):
        if wanted and column not in export.columns:
            return _NO_COLUMN.format(column)
    reason = _BY_MEASURE.get(measure, _nothing)(export)
    if not reason and (scope == "root_cause" or measure in ("top_causes_share", "mistagged")):
        reason = "" if _right_tags(export.model.scenario) else TRUE_CAUSE
    if not reason and scope == "tier" and not _tiers_apart(export.model.scenario):
        reason = "accounts of several tiers pay the same"
    return reason


def _nothing(_: Export) -> str:
    return ""


def _right_tags(scenario: Scenario) -> bool:
    return scenario.tagging is None or (scenario.tagging.accuracy >= 1.0 and scenario.tagging.untagged == 0.0)


def _tiers_apart(scenario: Scenario) -> bool:
    paid = [int(tier.arr) for tier in scenario.tiers.values()]
    return len(set(paid)) == len(paid)


def _avoidable(export: Export) -> str:
    return _tagged_avoidable(export) if _right_tags(export.model.scenario) else AS_TAGGED


def _tagged_avoidable(export: Export) -> str:
    shares = {cause.avoidable for cause in export.model.scenario.causes.values()}
    known = "avoidable" in export.columns or shares <= {0.0, 1.0}
    return "" if known else _NO_COLUMN.format("avoidable")


def _deflection(export: Export) -> str:
    return "" if export.self_service else GATE


def _escalations(export: Export) -> str:
    return NO_ROW if export.model.scenario.side_work else ""


def _agent_time(export: Export) -> str:
    if export.own_work or export.twice:
        return NO_ROW
    chats = any(group.concurrency for group in export.model.scenario.groups.values())
    return (
        "an export does not tell how agents share their time among chats" if chats else _interrupted(export)
    )


def _interrupted(export: Export) -> str:
    return INTERRUPTED if export.interrupted else ""


_BY_MEASURE: Final[dict[str, Callable[[Export], str]]] = {
    "avoidable_share": _avoidable,
    "avoidable_volume": _avoidable,
    "avoidable_share_tagged": _tagged_avoidable,
    "deflection": _deflection,
    "escalation_rate": _escalations,
    "agent_time_per_case": _agent_time,
    **dict.fromkeys(
        ("work_done", "work_time", "work_on_time", "work_lateness", "work_struck_off"), lambda _: NO_ROW
    ),
}


def told_otherwise(export: Export, key: Key) -> str:
    """How an export tells a measure a little otherwise, as a sentence; nothing where it tells it exactly."""
    measure, scope, name = key
    scenario = export.model.scenario
    if not is_of_cases(measure) and scope == "queue" and export.twice:
        return f"Of queue {name}, work done twice is no row of the export: it is missing on the days passed."
    unseen = [n for n, queue in scenario.queues.items() if queue.silent]
    if unseen and "left_at" not in export.columns and not is_of_cases(measure):
        return (
            f"Customers who leave {', '.join(unseen)} unseen stand in the export as answered, since it has "
            "no column left_at."
        )
    derived = measure in REPLY_QUANTILES or measure.startswith(("mean_first_response", "first_response_"))
    if derived and "first_response_at" not in export.columns:
        return "First responses are those of the first leg that was handled: no column first_response_at."
    if measure in ("reopen_rate", "shifted") and "reopens" not in export.columns:
        return "Who came back by the same stream counts as a reopened case: no column reopens."
    if measure in ("reopen_rate", "shifted") and _same_way(scenario):
        return (
            "Of a case that was both reopened and asked about by the same stream, the export does not tell "
            "which was which."
        )
    return ""


def _same_way(scenario: Scenario) -> bool:
    """Whether customers who come back another way may do so by the stream by which they came."""
    repeats = scenario.closing.repeats if scenario.closing else None
    return repeats is not None and bool(scenario.closing and scenario.closing.reopens)
