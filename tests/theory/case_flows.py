"""The flows of cases whose figures have closed forms: delays, returns, tags, self-service."""

from typing import Any, Final

import numpy as np

from sim.compile import Model
from sim.contacts import BACK, CUSTOMER
from sim.log import ARRIVED, BOUNCED, DEFLECTED, GATE, HANDLED
from tests.sim.logs import Log

from .case_runs import HOUR, SECOND, Flow, Sums, contacts_per_hour, plenty, settled

_DAYS: Final = 5

# Customers who are waited for: M/G/infinity.

_REPLY: Final = {"share": 0.4, "mean_h": 2.0}
_LOOKS: Final = np.arange(24, 24 * _DAYS, 12) * HOUR  # far apart, and far from the empty start


def _delays(law: dict[str, Any]) -> Flow:
    """Work in which nobody waits for an agent hands on a Poisson stream, of which a share goes to customers.

    How many customers are being waited for is Poisson too, of mean rate times mean delay, whatever the law of
    the delay (Mirasol 1963, "The output of an M/G/infinity queuing system is Poisson", Oper. Res. 11).
    """

    def sections(contacts: float) -> dict[str, Any]:
        share = _REPLY["share"]
        path = {
            "first": {"then": {"reply": share, "solved": 1.0 - share}},
            "reply": {"after": law, "then": "solved"},
        }
        return {**plenty(contacts, _DAYS, path="p"), "paths": {"p": path}}

    def sums(log: Log, model: Model) -> Sums:
        legs = log.legs()
        waited_for = legs[legs["legs"] == 1]
        start = waited_for["queued"] - waited_for["orbit"]
        there = np.array([((start <= t) & (waited_for["queued"] > t)).sum() for t in _LOOKS], float)
        mean = contacts_per_hour(model) * _REPLY["share"] * _REPLY["mean_h"]
        return {
            "there": there.sum() / mean,
            "pairs": (there * (there - 1.0)).sum() / mean**2,
            "looks": float(len(_LOOKS)),
            "delayed_legs": float(len(waited_for)),
            "first_legs": float((legs["legs"] == 0).sum()),
        }

    return Flow(
        sections,
        sums,
        {
            "waited for, of the mean": (1.0, "there / looks"),
            "pairs waited for, of the mean squared": (1.0, "pairs / looks"),
            "share that waits for the customer": (_REPLY["share"], "delayed_legs / first_legs"),
        },
    )


# Customers who come back: geometric.

_REOPENS: Final = 0.2
_REPEATS: Final = 0.15
_BACK: Final = _REOPENS + _REPEATS


def _return_sections(contacts: float) -> dict[str, Any]:
    found = plenty(contacts, _DAYS)
    found["streams"]["mails"] = {**found["streams"]["calls"], "arrivals": {"rate": "0 per hour"}}
    after = {"exponential": "20 min"}
    found["closing"] = {
        "reopens": {"share": _REOPENS, "after": after},
        "repeats": {"share": _REPEATS, "after": after, "streams": {"calls": "30%", "mails": "70%"}},
        "confirms": {"share": "60%", "after": {"exponential": "1 day"}},
        "closes_after": "2 days",
    }
    return found


def _return_sums(log: Log, model: Model) -> Sums:
    cases = settled(log, model, 24.0)
    back = log.contacts[(log.contacts["row"] == ARRIVED) & (log.contacts["role"] == BACK)]
    return {
        "cases": float(len(cases)),
        "contacts": float(cases["contacts"].sum()),
        **{f"with_{n}": float((cases["contacts"] == n).sum()) for n in (1, 2, 3)},
        "reopened": float(cases["reopened"].sum()),
        "returns": float((cases["reopened"] + cases["repeated"]).sum()),
        "back": float(len(back)),
        "back_by_mail": float((back["stream"] == model.names.streams.index("mails")).sum()),
        "confirmed": float(cases["confirmed"].sum()),
    }


RETURNS: Final = Flow(
    _return_sections,
    _return_sums,
    {
        "contacts per case": (1.0 / (1.0 - _BACK), "contacts / cases"),
        "solved by one contact": (1.0 - _BACK, "with_1 / cases"),
        "two contacts": ((1.0 - _BACK) * _BACK, "with_2 / cases"),
        "three contacts": ((1.0 - _BACK) * _BACK**2, "with_3 / cases"),
        "reopened, of the returns": (_REOPENS / _BACK, "reopened / returns"),
        # Of v contacts, v_m by mail: v_m = v_m reopens + 0.7 v repeats, as one who reopens comes as before.
        "returns by mail": (0.7 * _REPEATS / (1.0 - _REOPENS) / _BACK, "back_by_mail / back"),
        # Who has not confirmed within two days does not: the mean delay is one.
        "confirmed": (0.6 * (1.0 - np.exp(-2.0)), "confirmed / cases"),
    },
)


# Tags that are wrong.

_CAUSES: Final = {"billing": 0.5, "refund": 0.3, "outage": 0.2}
_ACCURACY: Final = 0.8
_UNTAGGED: Final = 0.1
_COLLISIONS: Final = 0.05
# Billing and refund have one queue. Of wrong tags half name each of the others.
_WRONG: Final = (1.0 - _UNTAGGED) * (1.0 - _ACCURACY)
_MISROUTED: Final = _WRONG * (0.8 * 0.5 + 0.2 * 1.0)


def _tag_sections(contacts: float) -> dict[str, Any]:
    found = plenty(contacts, _DAYS, causes=_CAUSES)
    found["causes"] = {name: {} for name in _CAUSES}
    found["queues"] |= {"money": {}, "tech": {}, "sorting": {}}
    found["groups"]["team"]["skills"] = [["desk", "money", "tech", "sorting"]]
    found["routing"] = [{"cause": ["billing", "refund"], "to": "money"}, {"cause": "outage", "to": "tech"}]
    found["tagging"] = {
        "accuracy": _ACCURACY,
        "untagged": _UNTAGGED,
        "collisions": _COLLISIONS,
        "triage": {"queue": "sorting", "handle_time": {"deterministic": "1 min"}},
        "misrouted": {"deterministic": "2 min"},
    }
    return found


def _tag_sums(log: Log, model: Model) -> Sums:
    cases, legs = settled(log, model, 5.0), log.legs()
    steps = {step: float((legs["step"] == i).sum()) for i, step in enumerate(model.names.steps)}
    tech = legs[(legs["step"] == 0) & (legs["queue"] == model.names.queues.index("tech"))]
    return {
        "cases": float(len(cases)),
        "transfers": float(cases["transfers"].sum()),
        "wrong": float(((cases["tag"] >= 0) & (cases["tag"] != cases["cause"])).sum()),
        "first": float(((legs["legs"] == 0) & (legs["role"] == CUSTOMER)).sum()),
        "misrouted": steps["misrouted"],
        "sorted": steps["triage"],
        "twice": steps["worked twice"],
        "tech": float(len(tech)),
        "in_the_end": steps["handling"],
    }


TAGS: Final = Flow(
    _tag_sections,
    _tag_sums,
    {
        "wrong tags": (_WRONG, "wrong / cases"),
        "transfers per case": (_UNTAGGED + _MISROUTED, "transfers / cases"),
        "misrouted": (_MISROUTED, "misrouted / first"),
        "sorted by hand": (_UNTAGGED, "sorted / first"),
        "worked twice": (_COLLISIONS, "twice / first"),
        "handled by tech in the end": (_CAUSES["outage"], "tech / in_the_end"),
    },
)


# Self-service.

_AWAY: Final = 0.3
_EASE: Final = 0.6
_BOUNCES: Final = 0.25
_LONGER: Final = 1.2
_MEAN_S: Final = 300.0


def _gate_sections(contacts: float) -> dict[str, Any]:
    gate = {
        "deflects": _AWAY,
        "ease": _EASE,
        "bounces": {"share": _BOUNCES, "after": {"exponential": "1 h"}, "handle_time": _LONGER},
    }
    return plenty(contacts, _DAYS, self_service=gate)


def _gate_sums(log: Log, model: Model) -> Sums:
    rows, legs = log.contacts, log.legs()
    gate, came = rows[rows["row"] == GATE], rows[rows["row"] == ARRIVED]
    bounced = np.isin(legs["key"], gate["key"][gate["outcome"] == BOUNCED])
    handled = legs["outcome"] == HANDLED
    late = float((gate["born"] > model.start.clock[0]["end"] - 24 * HOUR).sum())
    assert late > 0  # those who would bounce after the end stay away: the last day is left out below
    early = gate[gate["born"] <= model.start.clock[0]["end"] - 24 * HOUR]
    return {
        "tried": float(len(gate) + (came["orbit"] == 0).sum()),
        "away": float(len(gate)),
        "early": float(len(early)),
        "early_bounced": float((early["outcome"] == BOUNCED).sum()),
        "early_kept": float((early["outcome"] == DEFLECTED).sum()),
        "straight": float((handled & ~bounced).sum()),
        "straight_s": float(legs["touched"][handled & ~bounced].sum()) / SECOND / _MEAN_S,
        "bounced": float((handled & bounced).sum()),
        "bounced_s": float(legs["touched"][handled & bounced].sum()) / SECOND / _MEAN_S,
    }


SELF_SERVICE: Final = Flow(
    _gate_sections,
    _gate_sums,
    {
        "kept away at first": (_AWAY, "away / tried"),
        "come after all": (_BOUNCES, "early_bounced / early"),
        "stay away": (1.0 - _BOUNCES, "early_kept / early"),
        "handle time of those who come, of the mean": (
            (1.0 - _AWAY * _EASE) / (1.0 - _AWAY),
            "straight_s / straight",
        ),
        "handle time of those who come after all": (_LONGER, "bounced_s / bounced"),
    },
)

FLOWS: Final[dict[str, Flow]] = {
    "customers waited for, exponential": _delays({"exponential": f"{_REPLY['mean_h']} h"}),
    "customers waited for, constant": _delays({"deterministic": f"{_REPLY['mean_h']} h"}),
    "customers waited for, lognormal": _delays({"lognormal": {"mean": f"{_REPLY['mean_h']} h", "cv": 1}}),
    "customers who come back": RETURNS,
    "tags": TAGS,
    "self-service": SELF_SERVICE,
}
