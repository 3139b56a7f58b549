"""Named definitions of the measures of cases and of work, as ratios of sums over count columns.

Like the measures of `definitions.py`, these are data. The columns are those of `sim/case_tally.py`:
cases by what they are (`CASE_COLUMNS`), pieces of work by their kind (`WORK_COLUMNS`), incidents
(`INCIDENT_COLUMNS` of `sim/incident_tally.py`), two that are integrals over time: `open_time` (ticks
for which cases are open) and `age_time` (ticks times the age in s of the cases that are open), and two that
need the whole run: `cost`, the people cost of the horizon split by the agents' time that cases took, and
`top`, contacts of the five causes with most of them. A case is open from its birth until its last solution.
"""

from collections.abc import Iterable
from typing import Final

from scenarios.definitions import MONEY, Measure

CASE_SCOPES: Final = ("all", "stream", "channel", "severity", "root_cause", "tier")
GATE_SCOPES: Final = ("all", "stream", "channel")
COST_SCOPES: Final = ("all", "stream", "channel")
WORK_SCOPES: Final = ("work",)
INCIDENT_SCOPES: Final = ("all", "incident")
TOP_CAUSES: Final = 5  # so many causes are the top ones
POINTS: Final = "points"  # -100 to 100

HANDLING: Final = "handling"  # kinds of work that have no name in the file
TRIAGE: Final = "triage"
MISROUTED: Final = "misrouted"
TWICE: Final = "worked twice"
UPDATES: Final = "updates"

_S: Final = 1e-6  # ticks (microseconds) to seconds
_H: Final = 1e-6 / 3600.0
_EACH: Final = {"cases": 1}
_ONCE: Final = {"ever_solved": 1}
_RATED: Final = {"rated": 1}
_STARTED: Final = {"started": 1}


def _count(label: str, column: str) -> Measure:
    return Measure(label, "cases", {column: 1}, None, 1.0, CASE_SCOPES)


def _share(label: str, above: dict[str, int], below: dict[str, int]) -> Measure:
    return Measure(label, "share", above, below, 1.0, CASE_SCOPES)


def _mean(label: str, unit: str, above: str, below: dict[str, int]) -> Measure:
    return Measure(label, unit, {above: 1}, below, _S if unit == "s" else 1.0, CASE_SCOPES)


def _late(label: str, promise: str) -> Measure:
    return Measure(label, "s", {f"{promise}_late": 1}, {f"{promise}_past": 1}, _S, CASE_SCOPES)


def _incidents(label: str, unit: str, column: str) -> Measure:
    return Measure(label, unit, {column: 1}, None, 1.0, INCIDENT_SCOPES)


def _lasting(label: str, column: str, of: str) -> Measure:
    return Measure(label, "s", {column: 1}, {of: 1}, _S, INCIDENT_SCOPES)


CASE_MEASURES: Final[dict[str, Measure]] = {
    "cases": _count("cases opened", "cases"),
    "solved": _count("cases solved in the end", "solved"),
    "lost_cases": _count("cases that the customer gave up", "lost"),
    "open_cases": _count("cases still open when the run ended", "open"),
    "confirmed": _share("confirmed by the customer, of solved", {"confirmed": 1}, {"solved": 1}),
    "fcr": _share("first-contact resolution, of cases ever solved", {"solved_first": 1}, _ONCE),
    "reopen_rate": _share(
        "reopened within 7 days of being solved, of cases ever solved", {"reopened_soon": 1}, _ONCE
    ),
    "repeat_rate": _share(
        "contacts within 7 days after the case was solved, of contacts", {"returned_soon": 1}, {"contacts": 1}
    ),
    "case_contacts": Measure(
        "contacts by the customer, of cases opened", "contacts", {"contacts": 1}, None, 1.0, CASE_SCOPES
    ),
    "contacts_per_case": _mean("contacts by the customer, a case", "contacts", "contacts", _EACH),
    "cost_per_contact": Measure(
        "people cost, by agents' time, a contact", MONEY, {"cost": 1}, {"contacts": 1}, 1.0, COST_SCOPES
    ),
    "legs_per_case": _mean("contacts answered and handed on, a case", "legs", "legs", _EACH),
    "transfers_per_case": _mean("transfers to another queue, a case", "transfers", "transfers", _EACH),
    "escalation_rate": _share("escalated, of cases", {"escalated": 1}, _EACH),
    "agent_time_per_case": _mean("agents' time, a case", "s", "touched", _EACH),
    "waiting_per_case": _mean("waiting on the line, a case", "s", "waited", _EACH),
    "mean_first_response": _mean(
        "mean time to first response, of cases answered", "s", "reply_time", {"replied": 1}
    ),
    "first_response_attainment": _share(
        "first response when due, of cases answered, given up or past due", {"reply_met": 1}, {"reply_due": 1}
    ),
    "first_response_lateness": _late("mean time past due, of first responses that were", "reply"),
    "mean_resolution": _mean(
        "mean time to resolution, of cases solved", "s", "resolution_time", {"solved": 1}
    ),
    "resolution_attainment": _share(
        "solved when due, of cases solved, given up or past due", {"resolution_met": 1}, {"resolution_due": 1}
    ),
    "resolution_lateness": _late("mean time past due, of resolutions that were", "resolution"),
    "updates_owed": Measure(
        "updates owed, so far as due or written", "updates", {"updates": 1}, None, 1.0, CASE_SCOPES
    ),
    "update_attainment": _share(
        "updates when due, of updates owed", {"updates": 1, "updates_late": -1}, {"updates": 1}
    ),
    "response_rate": _share("answered the survey, of cases solved", {"rated": 1}, {"asked": 1}),
    "csat": _share("satisfied (4 or 5 of 5), of answered surveys", {"satisfied": 1}, _RATED),
    "nps": Measure(
        "promoters (9, 10) less detractors (0 to 6), of answered surveys",
        POINTS,
        {"promoters": 1, "detractors": -1},
        _RATED,
        100.0,
        CASE_SCOPES,
    ),
    "effort": _share("found it easy (5 to 7 of 7), of answered surveys", {"easy": 1}, _RATED),
    "qa": Measure(
        "QA score: mean of accuracy, empathy and policy, of cases solved",
        "share",
        {"qa_points": 1},
        {"asked": 1},
        1.0 / 3000.0,
        CASE_SCOPES,
    ),
    "sentiment_positive": _share("positive in tone, of answered surveys", {"positive": 1}, _RATED),
    "sentiment_negative": _share("negative in tone, of answered surveys", {"negative": 1}, _RATED),
    "avoidable_share": _share(
        "contacts about an avoidable cause, of contacts", {"avoidable": 1}, {"contacts": 1}
    ),
    "avoidable_share_tagged": _share(
        "contacts tagged with an avoidable cause, of contacts", {"avoidable_tagged": 1}, {"contacts": 1}
    ),
    "avoidable_volume": Measure(
        "contacts that could have been avoided", "contacts", {"avoidable": 1}, None, 1.0, CASE_SCOPES
    ),
    "top_causes_share": Measure(
        "contacts of the five causes with most, of contacts",
        "share",
        {"top": 1},
        {"contacts": 1},
        1.0,
        ("all",),
    ),
    "mistagged": _share("tagged with another cause, of cases tagged", {"mistagged": 1}, {"tagged": 1}),
    "untagged": _share(
        "not tagged when they came, of cases with a cause", {"untagged": 1}, {"tagged": 1, "untagged": 1}
    ),
    "deflection": Measure(
        "solved by self-service, of those and contacts",
        "share",
        {"deflected": 1},
        {"deflected": 1, "contacts": 1},
        1.0,
        GATE_SCOPES,
    ),
    "prevented": Measure(
        "contacts that never came, since a change has taken them away",
        "contacts",
        {"prevented": 1},
        None,
        1.0,
        GATE_SCOPES,
    ),
    "article_views": Measure(
        "articles looked at by those who tried self-service (activity: no contact, and no cost)",
        "views",
        {"milliviews": 1},
        None,
        0.001,
        GATE_SCOPES,
    ),
    "contained": Measure(
        "ended in self-service, solved or not, of those solved there and contacts",
        "share",
        {"deflected": 1, "bounced": 1},
        {"deflected": 1, "contacts": 1},
        1.0,
        GATE_SCOPES,
    ),
    "bounced": Measure(
        "tried self-service and came after all, of those solved there and contacts",
        "share",
        {"bounced": 1},
        {"deflected": 1, "contacts": 1},
        1.0,
        GATE_SCOPES,
    ),
    "shifted": _share("came again by another channel, of cases ever solved", {"repeated": 1}, _ONCE),
    "overdue_cases": _count("cases still open past their due time when the run ended", "overdue"),
    "backlog": Measure(
        "mean number of open cases", "cases", {"open_time": 1}, {"horizon": 1}, 1.0, CASE_SCOPES
    ),
    "backlog_age": _mean("mean age of open cases", "s", "age_time", {"open_time": 1})._replace(scale=1.0),
    "work_done": Measure("pieces of work done", "pieces", {"done": 1}, None, 1.0, WORK_SCOPES),
    "work_time": Measure("agents' time", "h", {"time": 1}, None, _H, WORK_SCOPES),
    "work_on_time": Measure(
        "done (or begun, where that was promised) when due, of work done or past due",
        "share",
        {"on_time": 1},
        {"due": 1},
        1.0,
        WORK_SCOPES,
    ),
    "work_lateness": Measure(
        "mean time past due, of work too late", "s", {"late": 1}, {"due": 1, "on_time": -1}, _S, WORK_SCOPES
    ),
    "work_struck_off": Measure(
        "pieces of work that nobody needed any more", "pieces", {"struck_off": 1}, None, 1.0, WORK_SCOPES
    ),
    "incidents": _incidents("incidents that started", "incidents", "started"),
    "incidents_detected": Measure(
        "noticed before they were over, of incidents",
        "share",
        {"detected": 1},
        _STARTED,
        1.0,
        INCIDENT_SCOPES,
    ),
    "incidents_mended": Measure(
        "mended before they were over by themselves, of incidents",
        "share",
        {"mended": 1},
        _STARTED,
        1.0,
        INCIDENT_SCOPES,
    ),
    "time_to_detection": _lasting(
        "mean time from start to alarm, of incidents noticed", "until_alarm", "detected"
    ),
    "time_to_mitigation": _lasting(
        "mean time from alarm to mended, of incidents mended", "until_mended", "mended"
    ),
    "incident_length": _lasting("mean time from start to end", "until_over", "started"),
    "incident_cases": _incidents("cases that incidents brought", "cases", "brought_cases"),
    "incident_contacts": _incidents(
        "contacts of cases that incidents brought", "contacts", "brought_contacts"
    ),
}
# Beside these: quantiles of the time to first response (of cases answered) and to resolution (of cases
# solved), from birth, on the wall clock.
_SHARES: Final = {"p50": 0.50, "p80": 0.80, "p90": 0.90, "p95": 0.95}
REPLY_QUANTILES: Final = {f"frt_{name}": share for name, share in _SHARES.items()}
RESOLUTION_QUANTILES: Final = {f"ttr_{name}": share for name, share in _SHARES.items()}
CASE_QUANTILES: Final = {**REPLY_QUANTILES, **RESOLUTION_QUANTILES}


def kinds_of_work(
    severities: Iterable[str], steps: Iterable[str], side_work: Iterable[str]
) -> tuple[str, ...]:
    """The kinds of work of a scenario with cases, each once: without a name of its own, steps, side work."""
    updates = [UPDATES for _ in severities]
    return tuple(dict.fromkeys([HANDLING, TRIAGE, MISROUTED, TWICE, *updates, *steps, *side_work]))
