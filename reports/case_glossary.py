"""What the words of the tables of cases mean, as far as a scenario needs them."""

from collections.abc import Iterator
from typing import Final

from reports.case_stages import LATE_RULE
from reports.glossary import Definition
from scenarios.case_definitions import CASE_MEASURES
from scenarios.model import Scenario
from scenarios.related import has_cases

_DUE: Final = (
    "share of the cases in which it came as promised, on the clock of the severity; what the customer gave "
    "up counts as missed, and so does what is past due when the run ends; what is not yet due then does not "
    "count."
)
_WITHIN: Final = (
    "the time that half, or 90 %, of the cases answered, or solved, did not exceed, from their coming, on "
    "the wall clock; those that never were are left out, so that it may be short where many give up"
)
_LATE: Final = "of those past due alone, on the wall clock: up to the answer, the giving up, or the run's end"
_COST: Final = "People cost a contact"
_COST_RULE: Final = (
    "the people cost of the whole team, split by the agents' time that the cases which began in a channel "
    "took (side work for them included), over the contacts of these cases; time without work, and work for "
    "no case, is spread in the same proportion"
)
_ALWAYS: Final = (
    ("Contacts a case", "contacts_per_case"),
    ("FCR", "fcr"),
    ("Reopened", "reopen_rate"),
    ("Contacts again", "repeat_rate"),
)
_OF_SURVEYS: Final = (
    ("CSAT", "csat"),
    ("NPS", "nps"),
    ("CES", "effort"),
    ("QA score", "qa"),
)
_OF_CAUSES: Final = (("Avoidable", "avoidable_share"), ("... as tagged", "avoidable_share_tagged"))
_OF_SELF_SERVICE: Final = (
    ("Deflection", "deflection"),
    ("Contained", "contained"),
    ("Bounced", "bounced"),
    ("Shifted", "shifted"),
)
_OF_INCIDENTS: Final = (
    ("Noticed", "incidents_detected"),
    ("Mended", "incidents_mended"),
    ("Time to detection", "time_to_detection"),
    ("Time to mitigation", "time_to_mitigation"),
)


def on_the_card(scenario: Scenario) -> Iterator[Definition]:
    """Those without which the scorecard would be misread."""
    if not has_cases(scenario):
        return
    if any(each.first_response or each.resolution for each in scenario.severities.values()):
        yield Definition("When due", _DUE)
    if any(group.pay for group in scenario.groups.values()):
        yield Definition(_COST, f"{_COST_RULE}.")
    if any(stream.self_service for stream in scenario.streams.values()):
        yield Definition("Contained, bounced, shifted", "told beside deflection, and never added to it.")


def of_cases(scenario: Scenario) -> Iterator[Definition]:
    """All of them."""
    if not has_cases(scenario):
        return
    yield Definition(
        "Case",
        "one problem of a customer, with all its contacts and work until it stays closed; it is open from "
        "the moment it comes until it is solved for the last time",
    )
    yield from on_the_card(scenario)
    if scenario.severities:
        yield Definition("Half, 90 % of the answered, of the solved within", _WITHIN)
        yield Definition("Mean time past due", _LATE)
        yield Definition("Late, in the stages", LATE_RULE)
    yield from _labels(_ALWAYS)
    if scenario.outcomes is not None:
        yield from _labels(_OF_SURVEYS)
    if scenario.causes:
        yield from _labels(_OF_CAUSES)
    if any(stream.self_service for stream in scenario.streams.values()):
        yield from _labels(_OF_SELF_SERVICE)
    if scenario.incidents:
        yield from _labels(_OF_INCIDENTS)
    yield Definition("Backlog", "open cases, averaged over time; their age is averaged over time and cases")
    yield Definition(
        "Kinds of work",
        "handling has no name in the file; triage, misrouted, worked twice and updates come with tags and "
        "severities; the others are steps of paths and side work by their names",
    )


def _labels(terms: tuple[tuple[str, str], ...]) -> Iterator[Definition]:
    for term, measure in terms:
        yield Definition(term, CASE_MEASURES[measure].label)
