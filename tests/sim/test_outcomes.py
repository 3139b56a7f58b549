"""Outcomes of a case: what is drawn has the probabilities that docs/outcomes.md states.

Samples are made once, from fixed keys. A share or a mean fails beyond four standard errors.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest

from scenarios.outcomes import Csat, Nps, Outcomes, Qa, Sentiment
from sim import draws, outcomes
from tests.sim.outcomes_drawn import (
    DAY,
    FLAWLESS,
    HOUR,
    LOST,
    RUN,
    STEEP,
    TROUBLE,
    Drawn,
    Facts,
    drawn,
    key_of,
    many,
    sample,
)

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/outcomes.md").read_text(encoding="utf-8")
N: Final = 40_000
OTHER_RUN: Final = draws.name_key("seed", "2")


def within(answer: str, kind: str) -> dict[int, float]:
    """The scores of a class and their shares within it, as the page has them."""
    (row,) = re.findall(rf"^\| {answer} \| {kind} \| (.*) \|$", PAGE, re.MULTILINE)
    return {int(score): int(share) / 100.0 for score, share in re.findall(r"(\d+): (\d+)%", row)}


def spread(answer: str, classes: dict[str, float]) -> dict[int, float]:
    """The probability of every score, of those of its class."""
    return {
        score: chance * share
        for kind, chance in classes.items()
        for score, share in within(answer, kind).items()
    }


def assert_frequencies(found: Any, expected: dict[int, float]) -> None:
    """Every score is as often there as it should be, and there is no other."""
    assert sum(expected.values()) == pytest.approx(1.0)
    assert set(np.unique(found)) <= set(expected)
    for score, p in expected.items():
        error = np.sqrt(p * (1.0 - p) / len(found))
        assert abs((found == score).mean() - p) <= 4.0 * error, score


# Satisfied: 95 - 10 - 5 - 4 - 7 - 6 - 6 points = 57%, of which left: 57/95 = 60% of the goodwill.
# Promoters 60% of 65%, others than detractors 60% of 90%; easy: 90% x (1 - half of 40%) - 4 - 6 points.
SHARES: Final = {
    "flawless": (Outcomes(), FLAWLESS, 0.92, 0.65, 0.90, 0.90, 0.40),
    "a second contact": (Outcomes(csat=Csat(base=0.75)), Facts(2), 0.60, 0.52, 0.72, 0.72, 0.32),
    "all at once": (STEEP, TROUBLE, 0.57, 0.39, 0.54, 0.62, 0.24),
    "all is lost": (STEEP, LOST, 0.0, 0.0, 0.0, 0.0, 0.0),
    "nothing follows": (
        Outcomes(nps=Nps(follows=0.0), sentiment=Sentiment(follows=0.0)),
        Facts(3),
        0.62,
        0.65,
        0.90,
        0.90 * 62 / 92,
        0.40,
    ),
    "nobody between": (
        Outcomes(nps=Nps(promoters=0.8, detractors=0.2), csat=Csat(base=1.0)),
        FLAWLESS,
        1.0,
        0.80,
        0.80,
        0.90,
        0.40,
    ),
}


@pytest.fixture(scope="module", params=SHARES)
def case(request: pytest.FixtureRequest) -> tuple[dict[str, Any], tuple[float, ...]]:
    """Samples of a kind of case, and its shares: satisfied, promoters, others, easy, positive."""
    model, facts, *shares = SHARES[request.param]
    return sample(model, N, facts), tuple(shares)


def test_answers_have_the_stated_probabilities(case: tuple[dict[str, Any], tuple[float, ...]]) -> None:
    found, (satisfied, promoters, others, easy, positive) = case
    assert_frequencies(found["answers"], {1: 0.15, 0: 0.85})
    assert_frequencies(
        found["csat"], spread("CSAT", {"satisfied": satisfied, "not satisfied": 1.0 - satisfied})
    )
    classes = {"promoters": promoters, "passives": others - promoters, "detractors": 1.0 - others}
    assert_frequencies(found["nps"], spread("NPS", classes))
    assert_frequencies(found["effort"], spread("effort", {"easy": easy, "not easy": 1.0 - easy}))
    if positive == 0.0:
        assert set(found["sentiment"]) == {-1}
    else:
        negative = 1.0 - positive / 0.40 * 0.90
        assert_frequencies(found["sentiment"], {1: positive, 0: 1.0 - positive - negative, -1: negative})


SLOPES: Final = {
    "contacts": ("per_contact", 3, 2.0),
    "transfers": ("per_transfer", 2, 2.0),
    "waited": ("per_hour_waiting", HOUR * 3 // 2, 1.5),
    "reopened": ("per_reopen", 2, 2.0),
    "first_contact": ("not_first_contact", 0, 1.0),
    "resolution": ("per_day", DAY // 4, 0.25),
}


@pytest.mark.parametrize("fact", SLOPES)
def test_each_slope_acts_on_its_fact_alone(fact: str) -> None:
    key, given, times = SLOPES[fact]
    facts = FLAWLESS._replace(**{fact: given})
    row = outcomes.outcome_row(Outcomes(csat=Csat.model_validate({"per_contact": 0, key: -0.1})))[0]
    assert outcomes.satisfied(row, *facts) == pytest.approx(0.92 - 0.1 * times)
    others = {slope: -0.1 for slope, _, _ in SLOPES.values() if slope != key}
    row = outcomes.outcome_row(Outcomes(csat=Csat.model_validate({**others, key: 0})))[0]
    assert outcomes.satisfied(row, *facts) == 0.92


def test_by_default_only_contacts_count() -> None:
    row = outcomes.outcome_row(Outcomes())[0]
    assert outcomes.satisfied(row, 1, 5, 9 * HOUR, 2, 0, 30 * DAY) == 0.92
    assert outcomes.satisfied(row, 2, 0, 0, 0, 1, 0) == pytest.approx(0.77)


WORSE: Final = {
    "contacts": (1, 2, 3, 6, 30),
    "transfers": (0, 1, 2, 5, 30),
    "waited": (0, HOUR // 10, HOUR, 4 * HOUR, 100 * HOUR),
    "reopened": (0, 1, 2, 5, 30),
    "first_contact": (1, 0),
    "resolution": (0, HOUR, 3 * DAY, 10 * DAY, 100 * DAY),
}
SAID: Final = ("csat", "nps", "effort", "sentiment")


@pytest.mark.parametrize("fact", WORSE)
def test_nobody_answers_better_because_more_went_wrong(fact: str) -> None:
    """For each customer by himself, not only on average; and for some it gets worse."""
    row = outcomes.outcome_row(STEEP)[0]
    tables = [
        np.array([drawn(row, key_of(n), FLAWLESS._replace(**{fact: each})) for n in range(1500)], np.int64)
        for each in WORSE[fact]
    ]
    change = np.diff(np.array(tables), axis=0)
    columns = [Drawn._fields.index(name) for name in SAID]
    assert (change <= 0).all()
    assert (change[:, :, columns].sum(axis=(0, 1)) < 0).all()
    assert (change[:, :, Drawn._fields.index("answers")] == 0).all()


@pytest.mark.parametrize(
    "model",
    [Outcomes(), Outcomes(qa=Qa(cv=0.19)), Outcomes(qa=Qa(accuracy=0.3, empathy=0.5, policy=0.8, cv=0.19))],
    ids=["usual", "wide", "low"],
)
@pytest.mark.parametrize("quality", [1000, 800, 300])
def test_qa_scores_have_their_means_and_their_spread(model: Outcomes, quality: int) -> None:
    found = sample(model, N, quality=quality)
    for name in ("accuracy", "empathy", "policy"):
        score = found[name] / 1000.0
        base = getattr(model.qa, name)
        error = score.std() / np.sqrt(N)
        assert 0.0 <= score.min() <= score.max() <= 1.0
        assert abs(score.mean() - base * quality / 1000.0) <= 4.0 * error
        if quality == 1000:
            squares = (score - score.mean()) ** 2
            assert abs(squares.mean() - (model.qa.cv * base) ** 2) <= 4.0 * squares.std() / np.sqrt(N)


def test_qa_follows_quality_as_far_as_it_is_told() -> None:
    for follows, mean in ((0.0, 0.92), (0.5, 0.92 * 0.9), (1.0, 0.92 * 0.8)):
        score = sample(Outcomes(qa=Qa(follows=follows)), N, quality=800)["accuracy"] / 1000.0
        assert abs(score.mean() - mean) <= 4.0 * score.std() / np.sqrt(N)


def test_qa_scores_do_not_fall_with_quality() -> None:
    row = outcomes.outcome_row(Outcomes(qa=Qa(cv=0.19)))[0]
    qualities = (0, 1, 200, 500, 900, 1000, 1050, 1200, 5000)
    found = np.array(
        [[drawn(row, key_of(n), quality=each)[5:] for n in range(1500)] for each in qualities], np.int64
    )
    assert (np.diff(found, axis=0) >= 0).all()
    assert (found[0] == 0).all()
    assert (found[-1] == 1000).all()


def test_scores_without_spread_are_their_mean() -> None:
    found = sample(Outcomes(qa=Qa(cv=0.0)), 50)
    assert [set(found[name]) for name in ("accuracy", "empathy", "policy")] == [{920}, {910}, {930}]


def correlation(x: Any, y: Any) -> float:
    return float(np.corrcoef(x, y)[0, 1])


def test_answers_go_together_as_far_as_they_are_told() -> None:
    """Alike the moods, a promoter is always satisfied; each with its own, they have nothing in common."""
    facts = Facts(3)
    alike = sample(Outcomes(coherence=1.0), N, facts)
    apart = sample(Outcomes(coherence=0.0), N, facts)
    usual = sample(Outcomes(coherence=0.5), N, facts)
    assert alike["csat"][alike["nps"] >= 9].min() >= 4
    for name in ("nps", "effort", "sentiment"):
        assert abs(correlation(apart["csat"], apart[name])) <= 4.0 / np.sqrt(N)
        half = correlation(alike["csat"], alike[name]) / 2.0
        assert abs(correlation(usual["csat"], usual[name]) - half) <= 4.0 / np.sqrt(N)


def test_what_is_drawn_apart_has_nothing_in_common() -> None:
    """Whether they answer says nothing of how, nor one score of quality of another."""
    found = sample(Outcomes(), N, Facts(3))
    names = ("answers", "csat", "accuracy", "empathy", "policy")
    for i, one in enumerate(names):
        for other in names[:i]:
            assert abs(correlation(found[one], found[other])) <= 4.0 / np.sqrt(N), (one, other)


def test_another_case_changes_nobody_elses_answers() -> None:
    """Nor does the order in which cases are closed."""
    row = outcomes.outcome_row(STEEP)[0]
    few = {n: drawn(row, key_of(n), TROUBLE) for n in range(200)}
    more = {n: drawn(row, key_of(n), TROUBLE) for n in reversed(range(-50, 250))}
    assert {n: more[n] for n in few} == few


def test_runs_differ() -> None:
    row = outcomes.outcome_row(STEEP)[0]
    one, other = ([outcomes.csat(row, run, key_of(n), 0.5) for n in range(200)] for run in (RUN, OTHER_RUN))
    assert one != other


def test_another_rate_of_response_only_adds_answers() -> None:
    low = sample(Outcomes(response=0.1), 2000)
    high = sample(Outcomes(response=0.3), 2000)
    assert (low["answers"] <= high["answers"]).all()
    assert all((low[name] == high[name]).all() for name in Drawn._fields[1:])


def read_off(chances: dict[int, float], u: float) -> int:
    """The score at which the cumulative probability, from the best score down, passes u."""
    scores = sorted(chances, reverse=True)
    return scores[int(np.searchsorted(np.cumsum([chances[each] for each in scores]), u))]


@pytest.mark.parametrize(("coherence", "purpose"), [(0.0, draws.NPS), (1.0, draws.CSAT)])
def test_answers_are_read_off_cumulative_tables(coherence: float, purpose: int) -> None:
    """At the uniform of their purpose, or at that of the satisfaction."""
    row = outcomes.outcome_row(Outcomes(coherence=coherence, csat=Csat(base=0.75)))[0]
    csat = spread("CSAT", {"satisfied": 0.6, "not satisfied": 0.4})
    nps = spread("NPS", {"promoters": 0.52, "passives": 0.20, "detractors": 0.28})
    for n in range(1000):
        mood, own = (draws.uniform(RUN, key_of(n), draws.counter(0, each)) for each in (draws.CSAT, purpose))
        found = drawn(row, key_of(n), Facts(2))
        assert (found.csat, found.nps) == (read_off(csat, mood), read_off(nps, own))


def test_known_answers() -> None:
    """The same on every machine and in every version: results depend on them."""
    row = outcomes.outcome_row(STEEP)[0]
    assert [tuple(map(int, drawn(row, key_of(n), TROUBLE, 900))) for n in range(3)] == [
        (0, 4, 10, 4, 0, 862, 656, 970),
        (0, 5, 10, 4, 1, 888, 937, 695),
        (0, 5, 10, 7, 1, 969, 732, 794),
    ]


def test_purposes_are_apart() -> None:
    """Nothing else draws with the counters of outcomes."""
    codes = [int(each) for name, each in vars(draws).items() if name.isupper() and type(each) is np.int64]
    assert len(codes) == len(set(codes))
    assert {*range(40, 48)} <= set(codes)
    assert draws.counter(0, max(codes) + 1) <= draws.LEGS_APART


def test_same_answers_compiled_and_plain() -> None:
    command = [sys.executable, "-W", "error", "-m", "tests.sim.outcomes_drawn"]
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": path}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    plain = json.loads(done.stdout)
    assert plain["uncompiled"] is True
    assert plain["found"] == many()
