"""`careloop erlang` and `careloop.erlang`: one line in, a table out, and what is refused."""

import json
import math
import re
from typing import Any

import numpy as np
import pytest

import careloop
from careloop.cli import run_command
from sim.erlang import Goals, Line, blocking, required_agents, service_level, steady

LINE = ("--calls-per-hour", "120", "--aht", "5 min")


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert run_command(["erlang", *arguments]) == 0
    return capsys.readouterr().out


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert run_command(["erlang", *arguments]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    return told.err


def test_a_target_gives_the_agents_and_their_neighbours(capsys: pytest.CaptureFixture[str]) -> None:
    text = printed(capsys, "c", *LINE, "--target", "80%")
    assert "120 calls an hour of 5 min are 10.00 Erlangs of work" in text
    assert "14 agents reach 80 % in 20 s." in text
    assert "14 ◂           86.7 %      13.1 s" in text
    assert "Square-root rule: 10.00 + 0.95 × √10.00 = 13.0 agents" in text
    assert "(answered_plus_abandoned_within), T = 20 s" in text


def test_json_is_one_object_with_the_same_figures(capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(printed(capsys, "c", *LINE, "--target", "0.8", "--json"))
    assert (found["required"], found["load"]) == (14, 10)
    assert [row["agents"] for row in found["rows"]] == [11, 12, 13, 14, 15, 16, 17]
    row = found["rows"][3]
    line = Line(120.0, 300.0, 14)
    assert row["service_level"] == float(service_level(line, 20.0))
    assert row["asa_s"] == float(steady(line).asa_s)
    assert row["overloaded"] is False


def test_overload_is_an_answer(capsys: pytest.CaptureFixture[str]) -> None:
    text = printed(capsys, "c", *LINE, "--agents", "9..11")
    assert "without end" in text
    assert "Without end: more work than these agents can do" in text
    rows = json.loads(printed(capsys, "c", *LINE, "--agents", "9..11", "--json"))["rows"]
    assert [row["overloaded"] for row in rows] == [True, True, False]
    assert rows[0]["asa_s"] is None
    assert rows[0]["service_level"] == 0


def test_every_model_has_its_columns(capsys: pytest.CaptureFixture[str]) -> None:
    lost = printed(capsys, "b", *LINE, "--target", "1%")
    assert "18 agents reach at most 1 % blocked." in lost
    assert "Service level" not in lost
    impatient = printed(capsys, "a", *LINE, "--agents", "10", "--patience", "2 min")
    assert "Abandons" in impatient
    assert "Retries" not in impatient
    again = printed(capsys, "x", *LINE, "--agents", "10", "--patience", "2 min", "--retry", "40%")
    assert "Retries/h" in again
    limited = printed(capsys, "c", *LINE, "--agents", "10", "--places", "5")
    assert "Blocked" in limited


def test_several_wishes_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    text = printed(capsys, "a", *LINE, "--patience", "120", "--target", "80%", "--max-occupancy", "70%")
    goals = Goals(0.8, 20.0, occupancy=0.7)
    assert f"{required_agents(120.0, 300.0, goals, 120.0):.0f} agents reach 80 % in 20 s, an occu" in text


def test_what_cannot_be_reached_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert "No number of agents up to 1,000,000 reaches" in printed(
        capsys, "c", *LINE, "--max-occupancy", "0%"
    )


def test_long_thresholds_are_no_matter_of_the_root(capsys: pytest.CaptureFixture[str]) -> None:
    text = printed(capsys, "c", *LINE, "--target", "80%", "--threshold", "2 d")
    assert "11 agents reach 80 % in 2 days." in text
    assert "Square-root rule: only that agents be more than 10.00; it is for waits of the order of" in text


def test_shares_too_small_to_matter_are_none(capsys: pytest.CaptureFixture[str]) -> None:
    assert re.search(r"^200 +100.0 % +0 s +0 s +0.0 %", printed(capsys, "c", *LINE, "--agents", "200"), re.M)
    assert "0.0002 %" in printed(capsys, "c", *LINE, "--agents", "28")


def test_no_limit_may_be_written(capsys: pytest.CaptureFixture[str]) -> None:
    endless = printed(capsys, "a", *LINE, "--patience", "inf", "--target", "80%", "--places", "INF")
    assert "14 agents reach 80 % in 20 s." in endless
    assert "Blocked" not in endless
    found = json.loads(printed(capsys, "a", *LINE, "--patience", "inf", "--agents", "12", "--json"))
    assert found["patience_s"] is None


def test_json_tells_the_impossible_from_what_is_not_asked(capsys: pytest.CaptureFixture[str]) -> None:
    never = json.loads(printed(capsys, "c", *LINE, "--target", "100%", "--json"))
    assert (never["required"], never["reachable"]) == (None, False)
    found = json.loads(printed(capsys, "c", *LINE, "--target", "80%", "--json"))
    assert (found["required"], found["reachable"]) == (14, True)
    assert not {"required", "reachable"} & set(
        json.loads(printed(capsys, "c", *LINE, "--agents", "9", "--json"))
    )


def test_nobody_comes(capsys: pytest.CaptureFixture[str]) -> None:
    text = printed(capsys, "c", "--calls-per-hour", "0", "--aht", "300", "--target", "80%")
    assert "Nobody calls: an empty interval needs 0 agents." in text
    assert re.search(r"^0 ◂ +100.0 % +0 s", text, re.M)
    assert not re.search(r"^1 ", text, re.M)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("z", *LINE, "--agents", "9"), "error: MODEL: 'z' is not known"),
        (("c", *LINE), "--agents: give numbers of agents, or what they are to reach: --target, --max-asa"),
        (("a", *LINE, "--agents", "9"), "--patience: Erlang A needs it"),
        (("x", *LINE, "--agents", "9", "--patience", "60"), "--retry: Erlang X needs it"),
        (("c", *LINE, "--agents", "9", "--patience", "60"), "--patience: Erlang C has none"),
        (("c", "--calls-per-hour", "many", "--aht", "3 min", "--agents", "9"), "'many' is not a rate"),
        (
            ("c", "--calls-per-hour", "9", "--aht", "3 weks", "--agents", "9"),
            "--aht: 'weks' is not a unit of time; did you mean 'weeks'?",
        ),
        (("c", "--calls-per-hour", "9", "--aht", "0", "--agents", "9"), "--aht: 0 is not allowed"),
        (("c", *LINE, "--agents", "9..8"), "'9..8' is no range"),
        (
            ("a", *LINE, "--agents", "9", "--patience", "0"),
            "--patience: 0 is not allowed; give numbers above 0, or inf",
        ),
        (
            ("c", *LINE, "--agents", "9", "--places", "1.5"),
            "--places: give whole numbers of 0 to 1,000,000, or inf",
        ),
        (("c", *LINE, "--agents", "nine"), "--agents: 'nine' is not a number"),
        (("c", *LINE, "--target", "80"), "--target: '80' is outside 0% to 100%"),
        (("c", *LINE, "--target", "80%", "--definition", "offerd"), "did you mean 'offered'"),
        (("c", *LINE, "--agents", "1..100000"), "--agents: 100000 numbers are too many"),
    ],
)
def test_refusals_say_what_is_allowed(
    arguments: tuple[str, ...], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert words in refused(capsys, *arguments)


def test_all_mistakes_are_told_together(capsys: pytest.CaptureFixture[str]) -> None:
    told = refused(capsys, "q", "--calls-per-hour", "x", "--aht", "y", "--agents", "z")
    assert told.count("error: ") == 4


def test_in_python_it_is_a_frame() -> None:
    frame = careloop.erlang("c", calls_per_hour=120, aht_s=300, target=0.8)
    assert frame.attrs["required"] == 14
    assert frame.attrs["square_root"] == pytest.approx(13.0, abs=0.05)
    assert frame.loc[frame.agents == 14, "service_level"].item() == pytest.approx(0.8666, abs=1e-4)
    lost = careloop.erlang("b", calls_per_hour=120, aht_s=300, agents=[10, 12])
    assert lost.blocked.tolist() == blocking(10.0, [10, 12]).tolist()
    assert lost.service_level.isna().all()
    grows = careloop.erlang("c", calls_per_hour=120, aht_s=300, agents=5)
    assert grows.asa_s.item() == math.inf
    assert grows.overloaded.item()


def test_in_python_mistakes_are_value_errors() -> None:
    with pytest.raises(ValueError, match="patience_s: Erlang A needs it"):
        careloop.erlang("a", calls_per_hour=120, aht_s=300, agents=5)
    with pytest.raises(ValueError, match="calls_per_hour: an array of shape"):
        careloop.erlang("c", calls_per_hour=[1.0, 2.0], aht_s=300, agents=5)  # type: ignore[arg-type]
    assert len(careloop.erlang("c", calls_per_hour=120, aht_s=300, agents=np.arange(11, 14))) == 3
    with pytest.raises(ValueError, match="per_hour: -1 is not allowed"):
        careloop.erlang("c", calls_per_hour=-1, aht_s=300, agents=5)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"calls_per_hour": "120"}, "calls_per_hour: '120' is not a number"),
        ({"aht_s": "5 min"}, "aht_s: '5 min' is not a number"),
        ({"agents": "12"}, "agents: '12' is not a number"),
        ({"target": "80%"}, "target: '80%' is not a number"),
        ({"target": [0.8, 0.9]}, "target: an array of shape"),
        ({"threshold_s": "20 s"}, "threshold_s: '20 s' is not a number"),
        ({"places": "5"}, "places: '5' is not a number"),
        ({"definition": ["offered"]}, "definition: .* give one of answered_plus"),
        ({"model": ["c"]}, "model: .* give one of b, c, a, x"),
    ],
)
def test_in_python_text_is_no_number(changed: dict[str, Any], words: str) -> None:
    given: dict[str, Any] = {"model": "c", "calls_per_hour": 120, "aht_s": 300, "agents": 12, "target": 0.8}
    with pytest.raises(ValueError, match=words):
        careloop.erlang(**{**given, **changed})
