"""Named definitions of measures, as ratios of sums over count columns.

One place for simulation, calibration and reports: a definition is *data* (which columns are
added above and below the line), never code, so that all three compute the same figure.

Count columns (integers; see ``sim/measure.py`` for how a simulation fills them):

``answered``            contacts answered by an agent
``answered_within``     ... with a wait of at most the queue's threshold T
``abandoned``           contacts that left while waiting (given up, or cleared at closing)
``abandoned_within``    ... with a wait of at most T
``abandoned_short``     ... with a wait of at most the queue's short-abandon limit s
"""

from typing import Final, NamedTuple


class ServiceLevel(NamedTuple):
    """A service-level formula: ``sum(c * columns[k]) / sum(c * columns[k])``, as a share 0-1."""

    label: str
    above: dict[str, int]
    below: dict[str, int]

    @property
    def counts_the_lost(self) -> bool:
        """Whether those who hang up count; where they do not, the worse the service, the better it looks."""
        return "abandoned" in self.below


_OFFERED: Final = {"answered": 1, "abandoned": 1}

SERVICE_LEVELS: Final[dict[str, ServiceLevel]] = {
    "answered_plus_abandoned_within": ServiceLevel(
        "answered or abandoned within T, of answered and abandoned",
        {"answered_within": 1, "abandoned_within": 1},
        _OFFERED,
    ),
    "answered_only": ServiceLevel(
        "answered within T, of the answered (ignores abandonments)",
        {"answered_within": 1},
        {"answered": 1},
    ),
    "offered": ServiceLevel(
        "answered within T, of answered and abandoned (strict)",
        {"answered_within": 1},
        _OFFERED,
    ),
    "exclude_abandoned_within": ServiceLevel(
        "answered within T, of the answered and those who abandoned after T",
        {"answered_within": 1},
        {"answered": 1, "abandoned": 1, "abandoned_within": -1},
    ),
    "short_abandon_credit": ServiceLevel(
        "answered within T or abandoned within s, of answered and abandoned",
        {"answered_within": 1, "abandoned_short": 1},
        _OFFERED,
    ),
    "exclude_short_abandons": ServiceLevel(
        "answered within T, of answered and abandoned without abandonments within s",
        {"answered_within": 1},
        {"answered": 1, "abandoned": 1, "abandoned_short": -1},
    ),
}


class Measure(NamedTuple):
    """A measure: a sum of columns, over another sum (None: over the number of replications).

    `scale` turns the quotient into `unit`; the special column `horizon` is the length of the
    horizon (or interval) in ticks. `scopes` are those that have it.
    """

    label: str
    unit: str
    above: dict[str, int]
    below: dict[str, int] | None
    scale: float
    scopes: tuple[str, ...]


MONEY: Final = "money"  # the unit of a measure whose currency the scenario says
_S: Final = 1e-6  # ticks (microseconds) to seconds
_H: Final = 1e-6 / 3600.0
_CONTACTS: Final = ("all", "queue", "stream")
_PEOPLE: Final = ("all", "group")
_ANY: Final = ("all", "queue", "stream", "group")
_BUSY: Final = {"working": 1, "sharing": 1}
_ON_DUTY: Final = {"idle": 1, "working": 1, "sharing": 1}

MEASURES: Final[dict[str, Measure]] = {
    "offered": Measure("offered", "contacts", {"offered": 1}, None, 1.0, _CONTACTS),
    "handled": Measure("handled", "contacts", {"answered": 1}, None, 1.0, _ANY),
    "abandoned": Measure("abandoned", "contacts", {"abandoned": 1}, None, 1.0, _CONTACTS),
    "blocked": Measure("blocked (no waiting place)", "contacts", {"blocked": 1}, None, 1.0, _CONTACTS),
    "closed": Measure("came while closed", "contacts", {"closed": 1}, None, 1.0, _CONTACTS),
    "cleared": Measure(
        "sent away at closing (in abandoned)", "contacts", {"cleared": 1}, None, 1.0, _CONTACTS
    ),
    "overflowed": Measure("passed on to another queue", "contacts", {"overflowed": 1}, None, 1.0, ("queue",)),
    "called_back": Measure(
        "hung up to be called back (in offered)", "contacts", {"called_back": 1}, None, 1.0, _CONTACTS
    ),
    "unreached": Measure(
        "called back, and nobody answered", "contacts", {"unreached": 1}, None, 1.0, _CONTACTS
    ),
    "silent": Measure(
        "left without being seen to (in abandoned)", "contacts", {"silent": 1}, None, 1.0, _CONTACTS
    ),
    "struck_off": Measure(
        "work that nobody needed any more when its turn came",
        "contacts",
        {"struck_off": 1},
        None,
        1.0,
        ("queue",),
    ),
    "retried": Measure("tried again (in offered)", "contacts", {"retried": 1}, None, 1.0, _CONTACTS),
    "backlog_at_start": Measure("waiting at the start", "contacts", {"backlog": 1}, None, 1.0, _CONTACTS),
    "open_at_end": Measure("still open at the end", "contacts", {"open": 1}, None, 1.0, _CONTACTS),
    "abandonment": Measure(
        "abandoned, of offered", "share", {"abandoned": 1}, {"offered": 1, "backlog": 1}, 1.0, _CONTACTS
    ),
    "delayed": Measure(
        "not answered at once, of answered and abandoned", "share", {"delayed": 1}, _OFFERED, 1.0, _CONTACTS
    ),
    "asa": Measure(
        "average speed of answer", "s", {"wait_answered": 1}, {"answered": 1}, _S, (*_CONTACTS, "group")
    ),
    "mean_wait": Measure(
        "mean wait, answered or not", "s", {"wait_answered": 1, "wait_abandoned": 1}, _OFFERED, _S, _CONTACTS
    ),
    "aht": Measure("average handle time", "s", {"handled": 1}, {"answered": 1}, _S, _ANY),
    "mean_queue": Measure(
        "mean number waiting", "contacts", {"waiting": 1}, {"horizon": 1}, 1.0, ("all", "queue")
    ),
    "occupancy": Measure("busy, of time on duty", "share", _BUSY, _ON_DUTY, 1.0, _PEOPLE),
    "on_duty": Measure("agents on duty", "agents", _ON_DUTY, {"horizon": 1}, 1.0, _PEOPLE),
    "time_idle": Measure("agents' time idle", "h", {"idle": 1}, None, _H, _PEOPLE),
    "time_working": Measure("agents' time on one contact", "h", {"working": 1}, None, _H, _PEOPLE),
    "time_sharing": Measure("agents' time on chats", "h", {"sharing": 1}, None, _H, _PEOPLE),
    "chats_at_once": Measure(
        "chats at once, while chatting", "contacts", {"chats": 1}, {"sharing": 1}, 1.0, _PEOPLE
    ),
}
# Beside these: `service_level` (SERVICE_LEVELS), `max_queue` (largest number waiting), `wait_p50`,
# `wait_p80`, `wait_p90`, `wait_p95` (quantiles of the wait of the answered) and `people_cost`.
QUANTILES: Final = {"wait_p50": 0.50, "wait_p80": 0.80, "wait_p90": 0.90, "wait_p95": 0.95}
