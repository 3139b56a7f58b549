"""Incidents against their laws: how often they start, and how many contacts they bring."""

import math
from typing import Any, Final

import numpy as np

from sim.compile import Model
from sim.log import INCIDENT
from tests.sim.logs import Log

from .case_runs import HOUR, Flow, Sums, plenty

_DAYS: Final = 20
_EVERY_H: Final = 12.0
_LASTS_H: Final = 3
_FADES_H: Final = 2
_BUSY: Final = _LASTS_H + _FADES_H  # intervals of an hour after the one in which it starts: no other starts
_FIRST_INTERVAL: Final = 1.0 - math.exp(-1.0 / _EVERY_H)
_SHARE: Final = 0.8  # of the contacts come by incidents, more or less


def _sections(contacts: float) -> dict[str, Any]:
    """Incidents that last three hours and fade for two, whoever notices them."""
    found = plenty((1.0 - _SHARE) * contacts, _DAYS, causes={"outage": 1})
    found["groups"]["team"]["agents"] = max(60, int(contacts / 40))
    found["causes"] = {"outage": {}}
    a_cycle = 1.0 / _FIRST_INTERVAL + _BUSY
    incidents = 24.0 * _DAYS / a_cycle
    per_hour = _SHARE * contacts / incidents / (_LASTS_H + _FADES_H / 2.0)
    found["incidents"] = {
        "down": {
            "cause": "outage",
            "starts": {"every": f"{_EVERY_H} h"},
            "lasts": {"deterministic": f"{_LASTS_H} h"},
            "surge": {"calls": f"{per_hour:.9f} per h"},
            "detection": {"contacts": 1, "within": "1 h"},
            "mitigation": {"deterministic": "1000 h"},  # it is over by itself
            "fades": f"{_FADES_H} h",
        }
    }
    return found


def _sums(log: Log, model: Model) -> Sums:
    """Starts, and the intervals in which there could have been one; contacts of each part of an incident.

    Looked at are the intervals so long before the end that whatever starts in them is over by then.
    """
    rows = log.contacts[log.contacts["row"] == INCIDENT]
    hours = int(model.start.clock[0]["end"]) // HOUR
    looked_at = hours - _BUSY - 1
    started = rows["born"] // HOUR
    free = np.ones(hours, bool)
    for at in started:
        free[at + 1 : at + 1 + _BUSY] = False
    (surge,) = model.scenario.incidents["down"].surge.values()
    early = rows[started < looked_at]
    offset = (early["born"] % HOUR) / HOUR
    return {
        "starts": float(len(early)),
        "free": float(free[:looked_at].sum()),
        "offsets": float(offset.sum()),
        "offsets_squared": float((offset**2).sum()),
        "brought": float(early["found"].sum()),
        "expected": float(len(early) * surge * (_LASTS_H + _FADES_H / 2.0)),
        "spread": float(((early["found"] - surge * (_LASTS_H + _FADES_H / 2.0)) ** 2).sum()),
    }


INCIDENTS: Final = Flow(
    _sections,
    _sums,
    {
        # Starts are Poisson, of which those within another one do not count.
        "starts, of the hours in which one could": (_FIRST_INTERVAL, "starts / free"),
        "when in its hour": (0.5, "offsets / starts"),
        "when in its hour, squared": (1.0 / 3.0, "offsets_squared / starts"),
        # Contacts are Poisson, of mean rate times duration; while it fades half as many.
        "contacts of an incident, of the mean": (1.0, "brought / expected"),
        "their variance, of the mean": (1.0, "spread / expected"),
    },
)
FLOWS: Final[dict[str, Flow]] = {"incidents": INCIDENTS}
