"""What an export says of cases: columns of the format `canonical` beside those of contacts.

What is known of a case as a whole stands in the row of the leg that it began with, so that sums over rows
count it once. The causes are those of the tags, as in the export of a real team: that with which the case
came, and that which it bears in the end.
"""

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from sim.compile import Model

COLUMNS: Final = (
    "case_id", "account_id", "severity", "cause", "final_cause", "avoidable", "incident_id", "arr",
    "resolved_at", "first_response_at", "transfers", "reopens", "first_response_met", "update_met",
    "resolution_met", "csat", "nps", "effort", "sentiment",
)  # fmt: skip
TIMES: Final = ("resolved_at", "first_response_at")
WHOLE: Final = ("transfers", "reopens", "csat", "nps", "effort")
FLAGS: Final = ("avoidable", "first_response_met", "update_met", "resolution_met")
_TONES: Final = ("neutral", "positive", "negative")  # by number: 0, 1, and from the end -1


class CaseColumns:
    """Leg rows into columns about their cases; runs the replication once, to know how the cases end."""

    def __init__(self, model: "Model", seed: int, replication: int) -> None:
        from sim.case_layout import NUMBERS_APART
        from sim.legs import rows_of_cases

        cases, later = rows_of_cases(model, seed, replication)
        names = model.names
        self._cases = cases[np.argsort(cases["key"])]
        self._later = np.sort(later, order=("key", "leg"))
        self._end = model.almanac.end * 1_000_000
        self._severities = np.array([*names.severities, None], object)
        self._causes = np.array([*names.causes, None], object)
        tiers = [model.scenario.tiers[name].arr for name in names.tiers]
        self._arr = np.array([*tiers, np.nan], float)
        self._incidents = [*sorted(model.scenario.incidents)]
        self._apart = NUMBERS_APART
        self._avoidable = np.append(model.tables.causes["avoidable"], 0)
        self._surveyed = bool(model.tables.life[0]["surveyed"])
        self._tones = np.array(_TONES, object)

    def columns(self, rows: np.ndarray) -> dict[str, NDArray[Any]]:
        """The columns of leg rows; times in ticks, -1 where there is none."""
        cases = self._cases[np.searchsorted(self._cases["key"], rows["case"])]
        first = (rows["key"] == rows["case"]) & (rows["leg"] == 0)
        return {
            "case_id": np.array([f"{key:016x}" for key in rows["case"].tolist()], object),
            "account_id": _named("account", cases["account"]),
            "severity": self._severities[cases["severity"]],
            "cause": self._causes[cases["tag"]],
            "final_cause": self._causes[cases["topic"]],
            "avoidable": _where(cases["tag"] >= 0, cases["chance"] < self._avoidable[cases["tag"]]),
            "incident_id": self._incident(cases["incident"]),
            "arr": self._arr[cases["tier"]],
            "resolved_at": np.where(first, cases["solved"], -1),
            "first_response_at": np.where(first, cases["replied"], -1),
            "transfers": self._transfers(rows),
            "reopens": _where(first & (cases["first_solved"] >= 0), cases["reopened"]),
            "first_response_met": self._met(first, cases["reply_due"], cases["replied"], cases),
            "update_met": _where(first & (cases["updates"] > 0), cases["late"] == 0),
            "resolution_met": self._met(first, cases["resolution_due"], cases["solved"], cases),
            **self._said(first, cases),
        }

    def _said(self, first: NDArray[np.bool_], cases: np.ndarray) -> dict[str, NDArray[Any]]:
        """What customers said when they were asked, those who answered."""
        asked = first & (cases["solved"] >= 0) & (cases["csat"] > 0) & self._surveyed
        said = {name: _where(asked, cases[name]) for name in ("csat", "nps", "effort")}
        return said | {"sentiment": _where(asked, self._tones[cases["sentiment"]])}

    def _incident(self, numbers: NDArray[np.int64]) -> NDArray[Any]:
        """The name of an incident, and which one of that name it was."""
        found = np.full(len(numbers), None, object)
        for n in np.flatnonzero(numbers >= 0).tolist():
            before, row = divmod(int(numbers[n]), self._apart)
            found[n] = f"{self._incidents[row]} {before + 1}"
        return found

    def _transfers(self, rows: np.ndarray) -> NDArray[Any]:
        """1 for a leg after which its contact went on to another queue."""
        wanted = np.empty(len(rows), self._later.dtype)
        wanted["key"], wanted["leg"], wanted["queue"] = rows["key"], rows["leg"] + 1, -1
        gone_on = np.zeros(len(rows), np.int64)
        if len(self._later):
            found = self._later[np.minimum(np.searchsorted(self._later, wanted), len(self._later) - 1)]
            there = (found["key"] == wanted["key"]) & (found["leg"] == wanted["leg"])
            gone_on[there & (found["queue"] != rows["queue"])] = 1
        return gone_on.astype(object)

    def _met(
        self, first: NDArray[np.bool_], due: NDArray[np.int64], done: NDArray[np.int64], cases: np.ndarray
    ) -> NDArray[Any]:
        """Whether a promise was kept; of nothing that is neither done, nor given up, nor past due."""
        known = (done >= 0) | (cases["lost"] > 0) | (due < self._end)
        return _where(first & (due >= 0) & known, (done >= 0) & (done <= due))


def _named(what: str, numbers: NDArray[np.int64]) -> NDArray[Any]:
    found = [f"{what} {number}" if number >= 0 else None for number in numbers.tolist()]
    return np.array(found, object)


def _where(known: NDArray[np.bool_], values: NDArray[Any]) -> NDArray[Any]:
    """The values as Python's own, None where they are not known."""
    found = values.astype(object)
    found[~known] = None
    return found
