"""Runs of the team of cases, tallied; and their measures as the definitions say, row by row in pandas."""

from collections.abc import Callable, Iterator
from functools import lru_cache

import numpy as np
import pandas as pd
import pytest

from sim.case_layout import CASE
from sim.case_measure import CasePlan, CaseSums, channel_of, count_cases, new_case_tally, plan_cases
from sim.case_tally import CaseTally
from sim.compile import Model, compile_scenario
from sim.log import CASE_OUTCOMES
from tests.sim.case_team import team
from tests.sim.logs import Log, run


def counted(model: Model, log: Log, pieces: int = 1) -> tuple[CasePlan, CaseTally]:
    """A tally of a log that comes in so many pieces; the rows of the log's close come together."""
    plan = plan_cases(model)
    assert plan is not None
    tally = new_case_tally(plan)
    closing = int((log.contacts["ended"] < model.start.clock[0]["end"]).sum()) if pieces > 1 else 0
    cuts = np.linspace(0, closing, pieces, dtype=int)[:-1] if pieces > 1 else np.array([0])
    none = np.zeros(0, CASE)
    for start, end in zip(cuts, [*cuts[1:], None], strict=True):
        last = end is None
        count_cases(plan, tally, log.contacts[start:end], log.cases if last else none)
    return plan, tally


def ratio(plan: CasePlan, sums: CaseSums, measure: str, scope: str = "all", name: str = "all") -> float:
    """A measure over the horizon, NaN where there is none."""
    n = plan.keys().index((measure, scope, name))
    below = float(sums.below[n, -1])
    return float(sums.above[n, -1]) / below if below else float("nan")


@lru_cache
def busy() -> tuple[Model, Log]:
    """A run of the team that ends while cases are open."""
    model = compile_scenario(team(run={"end": "cut"}))
    return model, run(model)


@lru_cache
def warm() -> tuple[Model, Log]:
    """A run of the team with a warm-up, to the end of all its work."""
    model = compile_scenario(team(run={"warm_up": "30 h", "end": "drain"}))
    return model, run(model)


Made = Callable[[], tuple[Model, Log]]
BOTH = pytest.mark.parametrize("made", [busy, warm])


def naive_cases(model: Model, log: Log) -> pd.DataFrame:
    """Rows of cases as a frame with what the definitions need, one row a case that counts."""
    rows, names = log.cases, model.names
    frame = pd.DataFrame({name: rows[name] for name in rows.dtype.names or ()})
    end, warm_up = int(model.start.clock[0]["end"]), int(model.scenario.run.warm_up_s * 1e6)
    frame = frame[frame["born"] >= warm_up]
    channels = [channel_of(model.scenario, s) for s in names.streams]
    frame["channel"] = [channels[s] for s in frame["stream"]]
    frame["is"] = [CASE_OUTCOMES[code] for code in frame["outcome"]]
    frame["until"] = np.where(frame["is"] == "lost", frame["closed"], end)
    return frame


def scopes(model: Model, frame: pd.DataFrame) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """Each scope of cases with its cases."""
    names = model.names
    yield "all", "all", frame
    for channel in sorted(set(frame["channel"])):
        yield "channel", channel, frame[frame["channel"] == channel]
    parts = (
        ("stream", "stream", names.streams),
        ("severity", "severity", names.severities),
        ("root_cause", "cause", names.causes),
        ("tier", "tier", names.tiers),
    )
    for scope, field, part in parts:
        for n, name in enumerate(part):
            yield scope, name, frame[frame[field] == n]


def attainment(frame: pd.DataFrame, due: str, done: str, end: int) -> tuple[int, int]:
    """Promises kept, of those that count: done, given up, or past due at the end."""
    promised = frame[frame[due] >= 0]
    is_done = promised[done] >= 0
    counts = is_done | (promised["is"] == "lost") | (promised[due] < end)
    kept = is_done & (promised[done] <= promised[due])
    return int(kept.sum()), int(counts.sum())


def quotient(above: float, below: float) -> float:
    return above / below if below else float("nan")


def naive_measures(model: Model, frame: pd.DataFrame) -> dict[str, float]:
    """Measures of these cases, as the README defines them; times in s."""
    end = int(model.start.clock[0]["end"])
    ever = frame[frame["first_solved"] >= 0]
    solved = frame[frame["is"] == "solved"]
    rated = solved[solved["csat"] > 0]
    about, tagged = frame[frame["cause"] >= 0], frame[(frame["cause"] >= 0) & (frame["tag"] >= 0)]
    avoidable = [n for n, c in enumerate(model.names.causes) if model.scenario.causes[c].avoidable]
    answered, contacts = frame[frame["replied"] >= 0], float(frame["contacts"].sum())
    first = (ever["contacts"] == 1 + ever["reopened"] + ever["repeated"]) & (ever["soon"] == 0)
    scores = solved[["accuracy", "empathy", "policy"]].to_numpy() / 1000.0
    return {
        "cases": len(frame),
        "solved": len(solved),
        "lost_cases": int((frame["is"] == "lost").sum()),
        "open_cases": int((frame["is"] == "open").sum()),
        "confirmed": quotient(int(solved["confirmed"].sum()), len(solved)),
        "fcr": quotient(int(first.sum()), len(ever)),
        "reopen_rate": quotient(int((frame["reopened_soon"] > 0).sum()), len(ever)),
        "repeat_rate": quotient(float(frame["soon"].sum()), contacts),
        "case_contacts": contacts,
        "shifted": quotient(int((ever["repeated"] > 0).sum()), len(ever)),
        "overdue_cases": int(
            ((frame["is"] == "open") & frame["resolution_due"].between(0, end, "left")).sum()
        ),
        "contacts_per_case": quotient(contacts, len(frame)),
        "legs_per_case": quotient(float(frame["legs"].sum()), len(frame)),
        "transfers_per_case": quotient(float(frame["transfers"].sum()), len(frame)),
        "escalation_rate": quotient(int((frame["escalated"] > 0).sum()), len(frame)),
        "agent_time_per_case": quotient(float(frame["touched"].sum()) / 1e6, len(frame)),
        "waiting_per_case": quotient(float(frame["waited"].sum()) / 1e6, len(frame)),
        "mean_first_response": float((answered["replied"] - answered["born"]).mean() / 1e6),
        "mean_resolution": float((solved["solved"] - solved["born"]).mean() / 1e6),
        "first_response_attainment": quotient(*attainment(frame, "reply_due", "replied", end)),
        "resolution_attainment": quotient(*attainment(frame, "resolution_due", "solved", end)),
        "response_rate": quotient(len(rated), len(solved)),
        "csat": float((rated["csat"] >= 4).mean()),
        "nps": float(((rated["nps"] >= 9).astype(int) - (rated["nps"] <= 6)).mean() * 100.0),
        "effort": float((rated["effort"] >= 5).mean()),
        "qa": float(scores.mean()) if len(scores) else float("nan"),
        "sentiment_positive": float((rated["sentiment"] == 1).mean()),
        "sentiment_negative": float((rated["sentiment"] == -1).mean()),
        "avoidable_share": quotient(float(frame["contacts"][frame["cause"].isin(avoidable)].sum()), contacts),
        "avoidable_volume": float(frame["contacts"][frame["cause"].isin(avoidable)].sum()),
        "avoidable_share_tagged": quotient(
            float(frame["contacts"][frame["tag"].isin(avoidable)].sum()), contacts
        ),
        "mistagged": float((tagged["tag"] != tagged["cause"]).mean()),
        "untagged": float((about["tag"] < 0).mean()),
    }
