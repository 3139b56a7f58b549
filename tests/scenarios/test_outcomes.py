"""The section of outcomes: read, refused, written back; and its page, whose tables are those of the model."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenarios.fields import Door, Model
from scenarios.outcomes import (
    Csat,
    Effort,
    Nps,
    Outcomes,
    Qa,
    Sentiment,
    bend,
    most_cv,
    outcomes_written,
)
from scenarios.points import points_lost, points_text
from scenarios.problems import findings_of
from scenarios.yaml_out import yaml_text
from scenarios.yaml_text import read_text

PAGE = (Path(__file__).parents[2] / "docs/outcomes.md").read_text(encoding="utf-8")


def read(raw: object) -> Outcomes:
    """Outcomes as a file gives them."""
    return Outcomes.model_validate(raw, context=Door(), by_name=False, by_alias=True)


def test_quantities_come_in_one_unit() -> None:
    found = read({"response": "20%", "csat": {"base": 0.9, "per_contact": "-7.5 points"}})
    assert (found.response, found.csat.base, found.csat.per_contact) == (0.2, 0.9, -0.075)
    assert found.nps == Outcomes().nps


def test_python_may_give_shares() -> None:
    raw = {"csat": {"per_contact": -0.1, "per_day": 0}}
    assert Outcomes.model_validate(raw) == read(
        {"csat": {"per_contact": "-10 points", "per_day": "0 points"}}
    )


@pytest.mark.parametrize(("raw", "place", "told"), [
    ({"response": "115%"}, ("response",), "outside 0% to 100%"),
    ({"csat": 90}, ("csat",), "is not a map; it takes the keys base, per_contact"),
    ({"csat": {"base": "0%"}}, ("csat", "base"), "outside 1% to 100%"),
    ({"csat": {"per_contact": "15 points"}}, ("csat", "per_contact"), "what is lost has a minus"),
    ({"csat": {"per_contact": "-101 points"}}, ("csat", "per_contact"), "outside -100 to 0 points"),
    ({"csat": {"per_contact": -0.15}}, ("csat", "per_contact"), "write '-15 points'"),
    ({"csat": {"per_contact": "-15%"}}, ("csat", "per_contact"), "write '-15 points'"),
    ({"csat": {"per_call": "-15 points"}}, ("csat", "per_call"), "is not a known key"),
    ({"nps": {"promoters": "95%"}}, ("nps",), "detractors of 95% and 10%; together at most 100%"),
    ({"sentiment": {"negative": "70%"}}, ("sentiment",), "together at most 100%"),
    ({"qa": {"accuracy": "100%"}}, ("qa",), "accuracy of 100% with a cv of 0.06; such scores have at most 0"),
    ({"qa": {"cv": 0.2}}, ("qa",), "policy of 93% with a cv of 0.2; such scores have at most 0.19"),
    ({"qa": {"cv": "-6%"}}, ("qa", "cv"), "outside 0 to 100"),
])  # fmt: skip
def test_what_cannot_be_is_refused_at_its_place(
    raw: dict[str, Any], place: tuple[str, ...], told: str
) -> None:
    with pytest.raises(ValueError, match=r"\S") as caught:
        read(raw)
    (finding,) = findings_of(caught.value)
    assert finding.place == place
    assert told in finding.message


@pytest.mark.parametrize("seen", [0.01, -1.5, True])
def test_python_may_give_no_gain(seen: float) -> None:
    with pytest.raises(ValueError, match=r"is lost is negative|change in percentage points"):
        Outcomes.model_validate({"csat": {"per_day": seen}})


def test_the_spread_that_is_told_as_most_is_taken() -> None:
    assert read({"qa": {"cv": 0.19}}).qa.cv == 0.19
    assert read({"qa": {"accuracy": "100%", "empathy": "100%", "policy": "100%", "cv": 0}}).qa.accuracy == 1.0


def test_a_bend_gives_its_spread() -> None:
    """The cv of lost points is k / sqrt(2k + 1): at the most, everything may be lost and no more."""
    for mean in (0.3, 0.8, 0.93):
        for cv in (0.01, most_cv(mean)):
            k = bend(mean, cv)
            assert (1.0 - mean) * k / math.sqrt(2.0 * k + 1.0) / mean == pytest.approx(cv)
        assert (1.0 - mean) * (1.0 + bend(mean, most_cv(mean))) == pytest.approx(1.0)


SHARES = st.floats(0.0, 1.0)
LOST = st.floats(-1.0, 0.0)


@given(LOST)
def test_points_read_back_as_they_were_read(change: float) -> None:
    once = points_lost(points_text(change))
    assert once == pytest.approx(change, abs=1e-11)
    assert points_lost(points_text(once)) == once


def filled(model: type[Model], values: tuple[float, ...]) -> dict[str, float]:
    """A value for every key of a part, in the order of the model."""
    return dict(zip(model.model_fields, values, strict=True))


@given(
    st.tuples(SHARES, SHARES),
    st.tuples(st.floats(0.01, 1.0), *[LOST] * 6),
    st.tuples(SHARES, SHARES, LOST, LOST),
    st.tuples(st.floats(0.0, 0.5), st.floats(0.0, 0.5), SHARES),
    st.tuples(*[st.floats(0.2, 0.9)] * 3, st.floats(0.0, 0.16), SHARES),
)
def test_what_is_written_reads_back_equal(both: Any, csat: Any, effort: Any, thirds: Any, qa: Any) -> None:
    raw = {
        **dict(zip(("response", "coherence"), both, strict=True)),
        "csat": filled(Csat, csat),
        "nps": filled(Nps, thirds),
        "effort": filled(Effort, effort),
        "sentiment": filled(Sentiment, thirds),
        "qa": filled(Qa, qa),
    }
    outcomes = Outcomes.model_validate(raw)
    text = yaml_text(outcomes_written(outcomes))
    assert read(read_text(text).data) == outcomes


def numbers(outcomes: Outcomes) -> Iterator[tuple[str, str]]:
    """Every key with its value as it is written."""
    for key, written in outcomes_written(outcomes).items():
        if isinstance(written, dict):
            yield from ((f"{key}.{name}", str(each)) for name, each in written.items())
        else:
            yield key, str(written)


def test_the_page_has_every_default_with_a_source_and_a_grade() -> None:
    table = PAGE.split("| key | default |", 1)[1].split("\n\n", 1)[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]]
    assert [(row[0].strip("`"), row[1]) for row in rows] == list(numbers(Outcomes()))
    assert all(row[3] and row[4] in ("A", "P", "A, P", "assumed") for row in rows)


def test_the_example_of_the_page_is_read() -> None:
    data = read_text(PAGE.split("```yaml\n", 1)[1].split("```", 1)[0]).data
    assert isinstance(data, dict)
    assert read(data["outcomes"]) == Outcomes()
