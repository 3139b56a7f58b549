"""Cases as a table: what each was, what became of it, and what its customer said of it."""

from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.case_layout import NUMBERS_APART
from sim.compile import Model
from sim.frames import moments_s
from sim.log import CASE_OUTCOMES

_MOMENTS: Final = ("born", "replied", "first_solved", "solved", "closed", "reply_due", "resolution_due")
_COUNTS: Final = ("contacts", "legs", "transfers", "reopened", "repeated", "updates", "late", "escalated")
_QA: Final = ("accuracy", "empathy", "policy")
_SAID: Final = {"csat": 0, "nps": -1, "effort": 0}  # and how a survey that is not answered is noted


def case_frame(model: Model, cases: list[np.ndarray]) -> pd.DataFrame:
    """Cases of all replications, a row each, as they stood when they were over or the run ended.

    Names stand for codes and seconds since the horizon's start for ticks; what does not exist is NaN, or an
    empty text. `tag` is the cause as the team knows it, `cause` the true one. A case that is over was
    *solved* or *lost*; of one that is still open, `solved_s` and `closed_s` are as far as they are known.
    """
    names, rows = model.names, np.concatenate(cases)
    frame = pd.DataFrame({"replication": np.repeat(np.arange(len(cases)), [len(each) for each in cases])})
    frame["case"] = [f"{key:016x}" for key in rows["key"]]
    frame["stream"] = np.array(names.streams, object)[rows["stream"]]
    named = (("severity", names.severities), ("cause", names.causes), ("tag", names.causes))
    for field, labels in (*named, ("tier", names.tiers)):
        frame[field] = np.array([*labels, ""], object)[rows[field]]
    frame["flags"] = [
        " ".join(flag for f, flag in enumerate(names.flags) if bits >> f & 1) for bits in rows["flags"]
    ]
    frame["account"] = _where(rows["account"], rows["account"] >= 0)
    frame["incident"] = _incidents(model, rows["incident"])
    frame["outcome"] = np.array(CASE_OUTCOMES, object)[rows["outcome"]]
    for field in _MOMENTS:
        frame[f"{field}_s"] = moments_s(rows[field])
    frame["confirmed"] = rows["confirmed"] == 1
    for field in _COUNTS:
        frame[field] = rows[field]
    frame["waited_s"] = rows["waited"] / 1e6
    frame["agent_s"] = rows["touched"] / 1e6
    surveyed = (rows["outcome"] == CASE_OUTCOMES.index("solved")) & bool(model.tables.life[0]["surveyed"])
    for field, silent in _SAID.items():
        frame[field] = _where(rows[field], surveyed & (rows[field] != silent))
    frame["sentiment"] = _where(rows["sentiment"], surveyed & (rows["csat"] > 0))
    for field in _QA:
        frame[f"qa_{field}"] = _where(rows[field] / 1000, surveyed)
    return frame


def _where(values: NDArray[Any], exist: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Values as floats; NaN where there is none."""
    found: NDArray[np.float64] = np.where(exist, values, np.nan)
    return found


def _incidents(model: Model, numbers: NDArray[np.int64]) -> list[str]:
    """The incident that brought each case, by its name and its count from 1, or an empty text."""
    names = sorted(model.scenario.incidents)
    return [
        f"{names[n % NUMBERS_APART]} {n // NUMBERS_APART + 1}" if n >= 0 else "" for n in numbers.tolist()
    ]
