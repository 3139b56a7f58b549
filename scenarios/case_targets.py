"""Targets of cases and of work: the words for their measures, and what a file must have to be asked them."""

from typing import TYPE_CHECKING, Final

from scenarios.case_definitions import CASE_MEASURES, CASE_QUANTILES, REPLY_QUANTILES, kinds_of_work

if TYPE_CHECKING:
    from scenarios.parts import Parts
    from scenarios.targets import Goal

CASE_WORDS: Final[dict[str, tuple[str, ...]]] = {
    "cases": ("cases opened",),
    "solved": ("cases solved",),
    "lost_cases": ("cases given up", "lost cases"),
    "open_cases": ("cases still open", "open cases"),
    "confirmed": ("confirmed",),
    "fcr": ("FCR", "first contact resolution", "first-contact resolution"),
    "reopen_rate": ("reopen rate", "reopened"),
    "repeat_rate": ("repeat rate", "repeat contacts"),
    "contacts_per_case": ("contacts per case",),
    "cost_per_contact": ("cost per contact", "people cost per contact"),
    "legs_per_case": ("legs per case",),
    "transfers_per_case": ("transfers per case",),
    "escalation_rate": ("escalation rate", "escalated"),
    "agent_time_per_case": ("agent time per case",),
    "waiting_per_case": ("waiting per case",),
    "mean_first_response": ("first response time", "mean first response", "first response", "FRT"),
    "first_response_attainment": ("first response attainment", "first response SLA"),
    "first_response_lateness": ("first response lateness",),
    "mean_resolution": ("time to resolution", "mean time to resolution", "resolution time", "TTR"),
    "resolution_attainment": ("resolution attainment", "resolution SLA"),
    "resolution_lateness": ("resolution lateness",),
    "updates_owed": ("updates owed",),
    "update_attainment": ("update attainment", "update SLA"),
    "response_rate": ("survey response", "response rate"),
    "csat": ("CSAT", "customer satisfaction"),
    "nps": ("NPS", "net promoter score"),
    "effort": ("customer effort", "CES"),
    "qa": ("QA", "QA score"),
    "sentiment_positive": ("positive sentiment",),
    "sentiment_negative": ("negative sentiment",),
    "avoidable_share": ("avoidable share", "avoidable contacts"),
    "avoidable_share_tagged": ("avoidable share as tagged", "avoidable contacts as tagged"),
    "avoidable_volume": ("avoidable volume",),
    "top_causes_share": ("top five causes share", "top causes share"),
    "mistagged": ("mistagged",),
    "untagged": ("untagged",),
    "case_contacts": ("contacts of cases",),
    "deflection": ("deflection", "deflection rate"),
    "prevented": ("prevented contacts", "contacts prevented"),
    "contained": ("contained",),
    "article_views": ("article views",),
    "bounced": ("bounced",),
    "shifted": ("shifted",),
    "overdue_cases": ("overdue cases", "cases overdue"),
    "backlog": ("backlog",),
    "backlog_age": ("backlog age",),
    "work_done": ("work done",),
    "work_time": ("work time",),
    "work_on_time": ("on time",),
    "work_lateness": ("work lateness",),
    "work_struck_off": ("struck off",),
    "incidents": ("incidents",),
    "incidents_detected": ("incidents detected",),
    "incidents_mended": ("incidents mended",),
    "time_to_detection": ("time to detection",),
    "time_to_mitigation": ("time to mitigation", "time to correction"),
    "incident_length": ("incident length",),
    "incident_cases": ("incident cases",),
    "incident_contacts": ("incident contacts",),
    **{
        name: (f"first response {name[-3:]}", f"FRT {name[-3:]}", f"{name[-3:]} first response")
        for name in REPLY_QUANTILES
    },
    **{
        name: (f"time to resolution {name[-3:]}", f"TTR {name[-3:]}", f"{name[-3:]} time to resolution")
        for name in CASE_QUANTILES
        if name not in REPLY_QUANTILES
    },
}
TO_BE_REACHED: Final = (
    "confirmed", "fcr", "first_response_attainment", "resolution_attainment", "update_attainment",
    "response_rate", "csat", "nps", "effort", "qa", "sentiment_positive", "top_causes_share", "work_on_time",
    "incidents_detected", "incidents_mended",
)  # fmt: skip
TO_BE_KEPT_LOW: Final = (
    "lost_cases", "open_cases", "reopen_rate", "repeat_rate", "transfers_per_case", "waiting_per_case",
    "mean_first_response", "first_response_lateness", "mean_resolution", "resolution_lateness",
    "cost_per_contact", "sentiment_negative", "avoidable_share", "avoidable_share_tagged", "avoidable_volume",
    "mistagged", "untagged", "backlog", "backlog_age", "work_lateness", "bounced", "shifted", "overdue_cases",
    "time_to_detection", "time_to_mitigation", "incident_length", *CASE_QUANTILES,
)  # fmt: skip
CASE_NAMES: Final = (
    "channel",
    "severity",
    "root_cause",
    "tier",
    "work",
    "incident",
)  # scopes, where a name is of several
SURVEYED: Final = (
    "response_rate", "csat", "nps", "effort", "qa", "sentiment_positive", "sentiment_negative",
)  # fmt: skip
GATED: Final = ("deflection", "contained", "bounced", "article_views")
BY_ARTICLES: Final = ("deflection", "contained")  # what articles answer counts too
_OF_PROMISE: Final = {
    "first_response_attainment": "first_response",
    "first_response_lateness": "first_response",
    "resolution_attainment": "resolution",
    "resolution_lateness": "resolution",
    "updates_owed": "update",
    "update_attainment": "update",
}
_EXAMPLES: Final = {
    "first_response": "first_response: 95% in 15 min",
    "resolution": "resolution: 90% in 4 h",
    "update": "update: {every: 1 h, queue: QUEUE, handle_time: 5 min}",
}


def is_of_cases(measure: str) -> bool:
    """Whether a measure is one of cases or of work."""
    return measure in CASE_MEASURES or measure in CASE_QUANTILES


def has_cases(parts: "Parts") -> bool:
    """Whether a file has anything by which contacts become cases; True where that could not be read."""
    life = parts.life
    said = (*life.named.values(), life.unknown, life.tagging, life.rules, life.closing, life.outcomes)
    return not life.whole or any(said) or any(each.self_service for each in parts.streams.values())


def case_names(parts: "Parts") -> dict[str, tuple[str, ...]]:
    """The names of the scopes that only cases and work have."""
    if not has_cases(parts):
        return dict.fromkeys(CASE_NAMES, ())
    channels = [channel for queue in parts.joins.values() for channel in parts.channels_of(queue)]
    steps = [step for path in parts.life.paths.values() for step in path.steps]
    return {
        "channel": tuple(dict.fromkeys(channels)),
        "severity": parts.life.names("severities"),
        "root_cause": parts.life.names("causes"),
        "tier": parts.life.names("tiers"),
        "incident": parts.life.names("incidents"),
        "work": kinds_of_work(parts.life.names("severities"), steps, parts.life.names("side_work")),
    }


def _changes(parts: "Parts") -> bool:
    """Whether anything changes on the way: there are levers, or somebody answers for the loop."""
    loop = parts.plan.loop
    return bool(parts.plan.levers) or (loop is not None and loop.owner is not None)


def _check_articles(parts: "Parts", goal: "Goal") -> None:
    """Without self-service contacts are answered by articles alone: of loop and changes."""
    if goal.measure not in BY_ARTICLES:
        raise ValueError(
            f"{CASE_WORDS[goal.measure][0]} is of self-service, and no stream has it; give one 'self_service'"
            ", or ask for deflection, in which articles of the loop count"
        )
    articles = parts.plan.loop.articles if parts.plan.loop and parts.plan.loop.owner else None
    moves = [move for _, change in parts.plan.changes() for move in change.moves]
    found = [move for move in moves if move.parameter.rpartition(".")[2] == "deflection"]
    found += [articles.deflection] if articles is not None else []
    if parts.plan.whole and not any(move.high > 0 for move in found):
        raise ValueError(
            "nothing is deflected: no stream has self-service, and no change or article of the loop has "
            "'deflection'; add one of them"
        )


def check_case_goal(parts: "Parts", goal: "Goal") -> None:
    """Refuse a target for which there would never be a figure."""
    words = CASE_WORDS[goal.measure][0]
    if goal.measure in SURVEYED and parts.life.whole and parts.life.outcomes is None:
        raise ValueError(f"nobody is asked, so there is no {words}; add 'outcomes: {{response: 30%}}'")
    known = CASE_MEASURES.get(goal.measure)
    if known is not None and "incident" in known.scopes and not parts.life.names("incidents"):
        raise ValueError(
            f"this file has no incident, and {words} is measured of those; add one to 'incidents'"
        )
    if goal.measure == "top_causes_share" and not parts.life.names("causes"):
        raise ValueError("this file has no causes; add them, as in 'causes: {billing: {}}'")
    if goal.measure in GATED and not any(each.self_service for each in parts.streams.values()):
        _check_articles(parts, goal)
    if goal.measure == "prevented" and parts.plan.whole and not _changes(parts):
        raise ValueError(
            "nothing changes on the way, so no contact is prevented; add a 'loop' with an owner, or a lever"
        )
    promise = _OF_PROMISE.get(goal.measure)
    read = parts.life.severities
    asked = [goal.name] if goal.scope == "severity" else list(read)
    if promise is None or not parts.life.whole or any(getattr(read[name], promise) for name in asked):
        return
    who = f"severity {goal.name!r}" if goal.scope == "severity" else "no severity"
    verb = "has no" if goal.scope == "severity" else "has"
    raise ValueError(f"{who} {verb} {promise!r}, so there is no {words}; write '{_EXAMPLES[promise]}'")
