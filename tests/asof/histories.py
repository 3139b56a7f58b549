"""Histories of a simulated centre: what its export says as of any day, and what its figures turn out to be.

An export is made here of the rows of the log themselves, by no code of the exporter or of the reader, so that
these can be held against it.
"""

import threading
from typing import NamedTuple

import numpy as np

from sim.asof.seen import SEEN, Seen, in_order
from sim.case_measure import Key
from sim.checkpoints import Figures, Times, Window, figures, rulers_of
from sim.compile import Model
from sim.contacts import SIDE
from sim.draws import name_key
from sim.experiment import Tool, replicate
from sim.log import HANDLED, LEG, OPEN, SILENT
from sim.measure import Plan

ALL_COLUMNS = frozenset(
    (
        *("agent_id", "answered_at", "arr", "arrived_at", "avoidable", "case_id", "cause", "contact_id"),
        *("csat", "effort", "ended_at", "final_cause", "first_response_at", "leg", "nps", "outcome", "queue"),
        *("reopens", "resolved_at", "segment", "sentiment", "severity", "user_id", "wrap_ended_at"),
    )
)


class History(NamedTuple):
    """What has happened in one replication."""

    seen: Seen
    figures: Figures  # [measure, window]
    extra: object


def history(
    plan: Plan, keys: tuple[Key, ...], windows: tuple[Window, ...], seed: int, replication: int = 0
) -> History:
    """One replication of a plan, as what has happened."""
    rulers = rulers_of(plan, keys)
    times, legs, cases = Times(plan, rulers), list[np.ndarray](), list[np.ndarray]()

    def keep(rows: np.ndarray, agents: np.ndarray, closed: np.ndarray) -> None:
        times.take(rows, agents, closed)
        legs.append(rows[(rows["row"] == LEG) & (rows["role"] < SIDE)])
        cases.append(closed.copy())

    tool = Tool(plan, seed, "fast", None, None, ())
    found = replicate(tool, replication, threading.Event(), keep)
    told = figures(plan, rulers, windows, found.sums, times)
    rows = seen_from(plan.model, np.concatenate(legs), np.concatenate(cases))
    return History(Seen(in_order(rows), ALL_COLUMNS), told, found.extra)


def seen_from(model: Model, legs: np.ndarray, cases: np.ndarray) -> np.ndarray:
    """SEEN rows of legs, with what is known of their cases in the first leg of each."""
    rows = np.zeros(len(legs), SEEN)
    rows["contact"], rows["case"] = _keys("contact", legs["key"]), _keys("case", legs["case"])
    for field in ("leg", "stream", "queue", "queued", "started", "left"):
        rows[field] = legs[field]
    is_open = legs["outcome"] == OPEN
    rows["ended"] = np.where(is_open, -1, legs["ended"])
    rows["wrapped"] = np.where(legs["outcome"] == HANDLED, legs["ended"], -1)
    rows["left"] = np.where(legs["outcome"] == SILENT, legs["left"], -1)
    rows["group"] = np.where(legs["started"] >= 0, legs["group"], -1)
    rows["outcome"] = legs["outcome"]
    rows["user"] = _keys("person", _people(legs))
    for field in (
        "severity",
        "cause",
        "final",
        "tier",
        "incident",
        "avoidable",
        "nps",
        "resolved",
        "replied",
    ):
        rows[field] = -1
    if len(cases):
        _of_cases(model, rows, legs, cases[np.argsort(cases["key"])])
    else:
        rows["case"] = 0
    end = model.almanac.end * 1_000_000
    return rows[rows["queued"] < end]


def _keys(kind: str, keys: np.ndarray) -> np.ndarray:
    unique, place = np.unique(keys, return_inverse=True)
    return np.array([name_key(kind, f"{key:016x}") for key in unique.tolist()], np.uint64)[place]


def _people(legs: np.ndarray) -> np.ndarray:
    """The key of the contact with which the customer of each leg began."""
    parents = dict(zip(legs["key"].tolist(), legs["parent"].tolist(), strict=True))
    people = []
    for key in legs["key"].tolist():
        first = key
        while parents.get(first):
            first = parents[first]
        people.append(first)
    return np.array(people, np.uint64)


def _of_cases(model: Model, rows: np.ndarray, legs: np.ndarray, cases: np.ndarray) -> None:
    case = cases[np.searchsorted(cases["key"], legs["case"])]
    first = (legs["key"] == legs["case"]) & (legs["leg"] == 0)
    for field, other in (("severity", "severity"), ("cause", "tag"), ("final", "topic"), ("tier", "tier")):
        rows[field] = case[other]
    rows["incident"] = case["incident"]
    paid = np.array([*(int(model.scenario.tiers[name].arr) for name in model.names.tiers), 0])
    rows["arr"] = paid[case["tier"]]
    share = np.append(model.tables.causes["avoidable"], 0)[case["tag"]]
    rows["avoidable"] = np.where(case["tag"] >= 0, case["chance"] < share, -1)
    rows["resolved"] = np.where(first, case["solved"], -1)
    rows["replied"] = np.where(first, case["replied"], -1)
    rows["reopens"] = np.where(first & (case["first_solved"] >= 0), case["reopened"], 0)
    asked = first & (case["solved"] >= 0) & (case["csat"] > 0) & bool(model.tables.life[0]["surveyed"])
    for field, none in (("csat", 0), ("nps", -1), ("effort", 0), ("sentiment", 0)):
        rows[field] = np.where(asked, case[field], none)
