"""What a closed case leaves behind: survey answers, tone, scores of quality assurance.

`satisfied` turns the facts of a case into the share of customers that such a case satisfies. Answers are
read off that share at a keyed uniform u, the *mood* of this customer: the smaller, the better. For the same
customer an answer therefore never gets better by a fact that takes satisfaction away. docs/outcomes.md has
the model in words; what a scenario may say of it is in scenarios/outcomes.py.
"""

import math
from typing import Final

import numpy as np

from scenarios.outcomes import QA_SCORES, Outcomes, bend
from sim.clock import TICKS_PER_SECOND
from sim.draws import ACCURACY, CSAT, EFFORT, EMPATHY, NPS, POLICY, SENTIMENT, SURVEY, counter, uniform
from sim.jit import compiled

OUTCOME: Final = np.dtype(
    [
        ("response", "f8"),  # probability that a survey is answered
        ("coherence", "f8"),  # probability that an answer comes from the mood of the satisfaction
        ("csat_base", "f8"),  # share satisfied with a flawless case
        ("csat_per_contact", "f8"),  # slopes are changes of that share, at most 0
        ("csat_per_transfer", "f8"),
        ("csat_per_hour_waiting", "f8"),
        ("csat_not_first_contact", "f8"),
        ("csat_per_reopen", "f8"),
        ("csat_per_day", "f8"),
        ("nps_promoters", "f8"),
        ("nps_detractors", "f8"),
        ("nps_follows", "f8"),  # how far it follows satisfaction, 0-1
        ("effort_base", "f8"),
        ("effort_follows", "f8"),
        ("effort_per_contact", "f8"),
        ("effort_per_transfer", "f8"),
        ("sentiment_positive", "f8"),
        ("sentiment_negative", "f8"),
        ("sentiment_follows", "f8"),
        ("qa_accuracy", "f8"),  # mean scores, 0-1
        ("qa_empathy", "f8"),
        ("qa_policy", "f8"),
        ("qa_follows", "f8"),  # how far scores follow the quality of work, 0-1
        ("accuracy_bend", "f8"),  # k of `_score`: how uneven the points lost are
        ("empathy_bend", "f8"),
        ("policy_bend", "f8"),
    ],
    align=True,
)

_TICKS_PER_HOUR: Final = 3600.0 * TICKS_PER_SECOND
_TICKS_PER_DAY: Final = 24.0 * _TICKS_PER_HOUR
_PER_MILLE: Final = 1000.0

# Which score within its class, as the cumulative shares of the better ones; assumed, and of no consequence
# for the shares that CSAT, NPS and effort are defined by.
_SATISFIED: Final = (0.6,)  # 60% a 5, else a 4
_UNSATISFIED: Final = (0.5, 0.75)  # half a 3, a quarter each a 2 and a 1
_PROMOTERS: Final = (0.6,)  # 60% a 10, else a 9
_PASSIVES: Final = (0.6,)  # 60% an 8, else a 7
_DETRACTORS: Final = (0.3, 0.55, 0.7, 0.8, 0.87, 0.93)  # from 6 down to 0
_EASY: Final = (0.4, 0.75)  # 40% a 7, 35% a 6, 25% a 5
_HARD: Final = (0.4, 0.7, 0.85)  # from 4 down to 1


def outcome_row(outcomes: Outcomes) -> np.ndarray:
    """One row OUTCOME, as an array of shape (1,)."""
    row = np.zeros(1, OUTCOME)
    row["response"], row["coherence"] = outcomes.response, outcomes.coherence
    for part in ("csat", "nps", "effort", "sentiment", "qa"):
        for name, given in getattr(outcomes, part):
            if f"{part}_{name}" != "qa_cv":
                row[f"{part}_{name}"] = given
    for name in QA_SCORES:
        row[f"{name}_bend"] = bend(getattr(outcomes.qa, name), outcomes.qa.cv)
    return row


@compiled
def satisfied(
    row: np.void,
    contacts: int,
    transfers: int,
    waited: int,
    reopened: int,
    first_contact: int,
    resolution: int,
) -> float:
    """The share of customers, 0-1, that a case like this one satisfies.

    Counts of contacts (at least 1), transfers and reopenings; ticks of waiting on the line, and from the
    first contact until it was solved for good; whether the first contact solved it (1 or 0).
    """
    found = row["csat_base"]
    found += row["csat_per_contact"] * max(contacts - 1, 0)
    found += row["csat_per_transfer"] * transfers
    found += row["csat_per_hour_waiting"] * (waited / _TICKS_PER_HOUR)
    found += row["csat_per_reopen"] * reopened
    found += row["csat_per_day"] * (resolution / _TICKS_PER_DAY)
    if first_contact == 0:
        found += row["csat_not_first_contact"]
    return float(min(max(found, 0.0), 1.0))


@compiled
def answers(row: np.void, run: np.uint64, key: np.uint64) -> bool:
    """Whether the customer of this case answers a survey."""
    return bool(uniform(run, key, counter(0, SURVEY)) < row["response"])


@compiled
def _mood(row: np.void, run: np.uint64, key: np.uint64, purpose: int) -> float:
    """The uniform that an answer is read off: that of the satisfaction, or one of its own."""
    if uniform(run, key, counter(0, purpose) + 1) < row["coherence"]:
        return uniform(run, key, counter(0, CSAT))
    return uniform(run, key, counter(0, purpose))


@compiled
def _left(row: np.void, share: float, follows: float) -> float:
    """What is left of the goodwill for a flawless case, 0-1, at this share of satisfied customers."""
    return float(1.0 - follows * (1.0 - share / row["csat_base"]))


@compiled
def _below(better: tuple[float, ...], place: float) -> int:
    """How many scores below the best of a class its place (0-1, 0 the best) stands."""
    steps = 0
    for each in better:
        if place >= each:
            steps += 1
    return steps


@compiled
def csat(row: np.void, run: np.uint64, key: np.uint64, share: float) -> int:
    """Satisfaction, 1 to 5, where `satisfied` says this share: with that probability a 4 or 5."""
    u = uniform(run, key, counter(0, CSAT))
    if u < share:
        return 5 - _below(_SATISFIED, u / share)
    return 3 - _below(_UNSATISFIED, (u - share) / (1.0 - share))


@compiled
def nps(row: np.void, run: np.uint64, key: np.uint64, share: float) -> int:
    """How likely they are to recommend, 0 to 10: promoters 9 and 10, detractors 0 to 6."""
    u = _mood(row, run, key, NPS)
    left = _left(row, share, row["nps_follows"])
    promoters = left * row["nps_promoters"]
    others = left * (1.0 - row["nps_detractors"])
    if u < promoters:
        return 10 - _below(_PROMOTERS, u / promoters)
    if u < others:
        return 8 - _below(_PASSIVES, (u - promoters) / (others - promoters))
    return 6 - _below(_DETRACTORS, (u - others) / (1.0 - others))


@compiled
def effort(row: np.void, run: np.uint64, key: np.uint64, share: float, contacts: int, transfers: int) -> int:
    """Agreement that it was made easy, 1 to 7: agreeing is 5 to 7."""
    u = _mood(row, run, key, EFFORT)
    easy = row["effort_base"] * _left(row, share, row["effort_follows"])
    easy += row["effort_per_contact"] * max(contacts - 1, 0)
    easy += row["effort_per_transfer"] * transfers
    if u < easy:
        return 7 - _below(_EASY, u / easy)
    easy = max(easy, 0.0)
    return 4 - _below(_HARD, (u - easy) / (1.0 - easy))


@compiled
def sentiment(row: np.void, run: np.uint64, key: np.uint64, share: float) -> int:
    """The tone of what they write or say: 1 positive, 0 neutral, -1 negative."""
    u = _mood(row, run, key, SENTIMENT)
    left = _left(row, share, row["sentiment_follows"])
    if u < left * row["sentiment_positive"]:
        return 1
    return 0 if u < left * (1.0 - row["sentiment_negative"]) else -1


@compiled
def _score(mean: float, k: float, u: float) -> int:
    """A score per mille of this mean (0-1): 1 - lost x (1 + k) x u^k, where lost = 1 - mean.

    Since u^k has the mean 1 / (1 + k), the mean is exact; k is held down where more than all would be lost.
    """
    lost = 1.0 - mean
    if lost <= 0.0:
        return 1000
    k = min(k, 1.0 / lost - 1.0)
    return int(_PER_MILLE * (1.0 - lost * (1.0 + k) * math.exp(k * math.log(u))) + 0.5)


@compiled
def qa(row: np.void, run: np.uint64, key: np.uint64, quality: int) -> tuple[int, int, int]:
    """Scores of accuracy, empathy and policy adherence, per mille each.

    `quality` is that of the work, per mille of the usual: tenure and hurry.
    """
    times = max(1.0 + row["qa_follows"] * (quality / _PER_MILLE - 1.0), 0.0)
    return (
        _score(
            min(row["qa_accuracy"] * times, 1.0),
            row["accuracy_bend"],
            uniform(run, key, counter(0, ACCURACY)),
        ),
        _score(
            min(row["qa_empathy"] * times, 1.0), row["empathy_bend"], uniform(run, key, counter(0, EMPATHY))
        ),
        _score(min(row["qa_policy"] * times, 1.0), row["policy_bend"], uniform(run, key, counter(0, POLICY))),
    )
