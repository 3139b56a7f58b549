"""What a comparison says of cases: which figures, under which words."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from reports.figures import Key
from scenarios.model import Scenario
from scenarios.related import has_cases

PROMISES: Final = "Promises kept"
CASES: Final = "Cases"
ATTAINMENTS: Final = {
    "first_response_attainment": "first response when due",
    "resolution_attainment": "solved when due",
    "update_attainment": "updates when due",
}


class CaseLine(NamedTuple):
    """A row to be: shown only where a value of it is not 0, if `when_not_zero`."""

    label: str
    key: Key
    when_not_zero: bool = False


def _of_all(label: str, measure: str, when_not_zero: bool = False) -> CaseLine:
    return CaseLine(label, (measure, "all", "all"), when_not_zero)


_CASES: Final = (
    _of_all("Cases opened", "cases"),
    _of_all("Solved in the end", "solved"),
    _of_all("Given up by the customer", "lost_cases", True),
    _of_all("Contacts a case", "contacts_per_case"),
    _of_all("Transfers a case", "transfers_per_case", True),
    _of_all("Escalated", "escalation_rate", True),
    _of_all("Agents' time a case", "agent_time_per_case"),
    _of_all("People cost a contact", "cost_per_contact"),
    _of_all("Time to first response, mean", "mean_first_response"),
    _of_all("Time to resolution, mean", "mean_resolution"),
    _of_all("Solved by the first contact (FCR)", "fcr"),
    _of_all("Reopened within 7 days", "reopen_rate", True),
    _of_all("Contacts again within 7 days", "repeat_rate", True),
    _of_all("Satisfied (CSAT)", "csat"),
    _of_all("Promoters less detractors (NPS)", "nps"),
    _of_all("Found it easy (CES)", "effort"),
    _of_all("QA score", "qa"),
    _of_all("Solved by self-service (deflection)", "deflection", True),
    _of_all("Avoidable contacts", "avoidable_share", True),
    _of_all("Backlog, mean open cases", "backlog"),
    _of_all("Mean age of open cases", "backlog_age", True),
    _of_all("Incidents", "incidents", True),
    _of_all("Time to detection, mean", "time_to_detection", True),
    _of_all("Time from alarm to mended, mean", "time_to_mitigation", True),
)


def case_tables(scenarios: Sequence[Scenario]) -> Iterator[tuple[str, tuple[CaseLine, ...]]]:
    """The tables of cases, of versions of which any has some: a title, and the rows."""
    if any(map(has_cases, scenarios)):
        yield PROMISES, tuple(_promises(dict.fromkeys(s for each in scenarios for s in each.severities)))
        yield CASES, _CASES


def _promises(severities: Iterable[str]) -> Iterator[CaseLine]:
    """What each severity promises; what it does not has no figure."""
    for name in severities:
        for measure, words in ATTAINMENTS.items():
            yield CaseLine(f"{name} {words}", (measure, "severity", name))
