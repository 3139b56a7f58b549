"""What a change moves: parameters by path, and amounts from the least to the most hopeful."""

from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios.moves import (
    OF_LOOP,
    PARAMETERS,
    Move,
    Parameter,
    Whose,
    amount_text,
    amounts_written,
    moves_written,
    parameter_of,
    read_amounts,
    whose,
)
from scenarios.problems import findings_of

BOUNDS: Final[dict[str, tuple[str, float, float]]] = {
    # Below zero is less: at most everything, and for contacts and starts never more than there are.
    **dict.fromkeys(("contacts", "streams.NAME.contacts", "causes.NAME.contacts"), ("factor", -1.0, 0.0)),
    **dict.fromkeys(
        (
            "handle_time",
            "streams.NAME.handle_time",
            "causes.NAME.handle_time",
            "groups.NAME.handle_time",
        ),
        ("factor", -0.9, 2.0),
    ),
    **dict.fromkeys(
        ("deflection", "streams.NAME.deflection", "causes.NAME.deflection"), ("points", 0.0, 1.0)
    ),
    **dict.fromkeys(
        ("returns", "streams.NAME.returns", "causes.NAME.returns"),
        ("factor", -1.0, 2.0),
    ),
    "tagging.accuracy": ("points", -1.0, 1.0),
    **dict.fromkeys(
        ("tagging.untagged", "tagging.collisions", "tagging.triage"),
        ("factor", -1.0, 2.0),
    ),
    "tagging.handle_time": ("seconds", 0.0, 600.0),
    "routing": ("switch", 1.0, 1.0),
    "side_work.NAME.share": ("points", -1.0, 1.0),
    **dict.fromkeys(("incidents.detection_delay", "incidents.mitigation"), ("factor", -1.0, 2.0)),
    "incidents.starts": ("factor", -1.0, 0.0),
    "incidents.status_page": ("points", -1.0, 1.0),
    "quality": ("factor", -0.5, 1.0),
    "groups.NAME.hurry": ("factor", -1.0, 0.0),
    "groups.NAME.agents": ("agents", 1.0, 1000.0),
    "owners.NAME.capacity": ("factor", -1.0, 4.0),
    "owners.NAME.prevention": ("points", -1.0, 1.0),
    "loop.information_delay": ("factor", -1.0, 0.0),
    "loop.bonus_weight": ("points", -1.0, 1.0),
    "loop.tag_audit": ("count", 1.0, 100_000.0),
}


def read(path: str, seen: object) -> Move:
    """The move of a path, as from a file."""
    return read_amounts(path, parameter_of(path), seen, in_python=False)


def refused(path: str, seen: object) -> str:
    """What is said of an amount that is none."""
    with pytest.raises(ValueError) as raised:  # noqa: PT011 - the message is looked at by the caller
        read(path, seen)
    return "; ".join(f"{'.'.join(map(str, f.place))} {f.message}" for f in findings_of(raised.value))


def test_parameters_have_their_kinds_and_bounds() -> None:
    assert {path: each[:3] for path, each in PARAMETERS.items()} == BOUNDS


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("contacts", Whose("contacts", "", "")),
        ("streams.calls.contacts", Whose("streams.NAME.contacts", "streams", "calls")),
        ("causes.how to.returns", Whose("causes.NAME.returns", "causes", "how to")),
        ("groups.NAME.agents", Whose("groups.NAME.agents", "groups", "NAME")),
        ("tagging.accuracy", Whose("tagging.accuracy", "", "")),
        ("owners.care.prevention", Whose("owners.NAME.prevention", "owners", "care")),
        ("groups.team.contacts", Whose("groups.team.contacts", "", "")),
    ],
)
def test_paths_are_taken_apart(path: str, expected: Whose) -> None:
    assert whose(path) == expected


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("stream.calls.contacts", "did you mean 'streams.calls.contacts'"),
        ("streams.calls.contact", "did you mean 'streams.calls.contacts'"),
        ("groups.team.contacts", "is no parameter"),
        ("tagging.accurcy", "did you mean 'tagging.accuracy'"),
        ("streams.a.b.contacts", "is no parameter"),
        ("streams..contacts", "is no parameter"),
        ("", "is no parameter"),
    ],
)
def test_what_is_no_parameter_is_refused(path: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        parameter_of(path)


@pytest.mark.parametrize(
    ("path", "seen", "value"),
    [
        ("contacts", "-25%", -0.25),
        ("contacts", -0.25, -0.25),
        ("contacts", "-.5%", -0.005),
        ("contacts", "0%", 0.0),
        ("handle_time", "+200%", 2.0),
        ("handle_time", "12.5%", 0.125),
        ("deflection", "+8 points", 0.08),
        ("deflection", "1 point", 0.01),
        ("deflection", "12.5 percentage points", 0.125),
        ("tagging.accuracy", "-3 points", -0.03),
        ("tagging.handle_time", "+5 s", 5.0),
        ("tagging.handle_time", "1.5 min", 90.0),
        ("groups.team.agents", "+2", 2.0),
        ("groups.team.agents", 7, 7.0),
        ("loop.tag_audit", 100, 100.0),
        ("routing", "on", 1.0),
        ("routing", True, 1.0),
    ],
)
def test_one_amount_is_certain(path: str, seen: object, value: float) -> None:
    move = read(path, seen)
    assert move == Move(path, value, value, value)
    written = amounts_written(parameter_of(path), move)
    assert read(path, written) == move


@pytest.mark.parametrize(
    ("path", "seen", "amounts"),
    [
        ("contacts", ("0%", "-20%", "-40%"), (0.0, -0.2, -0.4)),
        ("contacts", ("0%", "0%", "-40%"), (0.0, 0.0, -0.4)),
        ("handle_time", ("+10%", "0%", "-10%"), (0.1, 0.0, -0.1)),
        ("deflection", ("0 points", "5 points", "12.5 points"), (0.0, 0.05, 0.125)),
        ("quality", ("-5%", "0%", "10%"), (-0.05, 0.0, 0.1)),
        ("tagging.handle_time", ("30 s", "5 s", "0 s"), (30.0, 5.0, 0.0)),
        ("side_work.qa.share", ("0 points", "1 point", "4 points"), (0.0, 0.01, 0.04)),
        ("side_work.qa.share", ("4 points", "1 point", "0 points"), (0.04, 0.01, 0.0)),
    ],
)
def test_a_range_goes_from_the_least_hopeful_to_the_most(
    path: str, seen: tuple[str, ...], amounts: tuple[float, ...]
) -> None:
    move = read(path, dict(zip(("low", "expected", "high"), seen, strict=True)))
    assert move == Move(path, *amounts)
    written = amounts_written(parameter_of(path), move)
    assert set(written) == {"low", "expected", "high"}
    assert read(path, written) == move


@pytest.mark.parametrize(
    ("path", "low", "expected", "high", "words"),
    [
        ("contacts", "-40%", "-20%", "0%", "write {low: 0%, expected: -20%, high: -40%}"),
        ("contacts", "-10%", "-40%", "-20%", "write {low: -10%, expected: -20%, high: -40%}"),
        ("handle_time", "-10%", "0%", "+10%", "less is better here"),
        ("deflection", "9 points", "5 points", "1 point", "more is better here"),
        ("quality", "10%", "5%", "1%", "write {low: +1%, expected: +5%, high: +10%}"),
        ("side_work.qa.share", "1 point", "9 points", "4 points", "expected is between them"),
        ("contacts", "-10%", "5%", "-20%", "expected '5%' is outside -100% to 0%"),
    ],
)
def test_amounts_out_of_order_are_refused(path: str, low: str, expected: str, high: str, words: str) -> None:
    assert words in refused(path, {"low": low, "expected": expected, "high": high})


@pytest.mark.parametrize(
    ("path", "seen", "words"),
    [
        ("contacts", "-100.1%", "is outside -100% to 0%"),
        ("contacts", "20%", "what becomes less has a minus"),
        ("contacts", "-20", "is outside -100% to 0%"),
        ("contacts", "20 per cent", "is not a relative change; write '-25%'"),
        ("contacts", None, "is not a relative change"),
        ("contacts", True, "is not a relative change"),
        ("contacts", [1], "is not a relative change"),
        ("handle_time", "-95%", "is outside -90% to +200%"),
        ("handle_time", "300%", "is outside -90% to +200%"),
        ("deflection", "8%", "write '+8 points'"),
        ("deflection", 0.08, "write '+8 points'"),
        ("deflection", "-1 point", "is outside 0 points to +100 points"),
        ("tagging.handle_time", 5, "has no unit"),
        ("tagging.handle_time", "11 min", "is outside 0 s to +10 min"),
        ("tagging.handle_time", "-5 s", "is negative"),
        ("groups.team.agents", 0, "is outside 1 to 1000"),
        ("groups.team.agents", 1001, "is outside 1 to 1000"),
        ("groups.team.agents", "two", "is not a whole number"),
        ("groups.team.agents", True, "is not a whole number"),
        ("groups.team.agents", {"low": 1, "expected": 2, "high": 3}, "decided, not hoped for"),
        ("routing", "off", "is not a switch that is turned"),
        ("routing", {"low": "on"}, "is a range"),
        ("loop.tag_audit", 100_001, "is outside 1 to 100000"),
        ("contacts", {"low": "0%", "most": "-9%"}, "did you mean"),
        ("contacts", {"low": "0%", "high": "-9%"}, "expected is missing; add it"),
        ("contacts", {}, "low is missing; add it"),
    ],
)
def test_what_is_no_amount_is_refused(path: str, seen: object, words: str) -> None:
    said = refused(path, seen)
    assert words in said or (words == "did you mean" and "most is not a known key" in said)


def test_python_may_give_numbers() -> None:
    for path, value in (("deflection", 0.08), ("tagging.handle_time", 5.0), ("groups.team.agents", 2)):
        assert read_amounts(path, parameter_of(path), value, in_python=True) == Move(
            path, value, value, value
        )
    with pytest.raises(ValueError, match="is outside 0 points"):
        read_amounts("deflection", parameter_of("deflection"), 1.5, in_python=True)


RANGED: Final = {
    path: each for path, each in PARAMETERS.items() if each.kind in ("factor", "points", "seconds")
}


@settings(derandomize=True, deadline=None, max_examples=400)
@given(st.sampled_from(sorted(RANGED)), st.floats(0.0, 1.0))
def test_whatever_is_read_is_written_to_the_same_number(path: str, at: float) -> None:
    """Amounts anywhere between their bounds, in the words of a file."""
    parameter = RANGED[path]
    value = parameter.least + at * (parameter.most - parameter.least)
    words = {
        "factor": f"{value * 100.0:.12f}%",
        "points": f"{value * 100.0:.12f} points",
        "seconds": f"{value:.9f} s",
    }
    move = read(path, words[parameter.kind])
    assert move.low == pytest.approx(value, abs=1e-8)
    assert read(path, amount_text(parameter.kind, move.low)) == move


def test_moves_are_written_by_their_paths() -> None:
    moves = (Move("contacts", 0.0, -0.1, -0.3), Move("groups.team.agents", 2.0, 2.0, 2.0))
    assert moves_written(moves) == {
        "contacts": {"low": "0%", "expected": "-10%", "high": "-30%"},
        "groups.team.agents": 2,
    }


def test_what_the_loop_moves_has_the_bounds_of_its_parameter() -> None:
    found: dict[str, Parameter] = dict(OF_LOOP)
    assert set(found) == {"deflection", "handle_time", "prevention", "hurry"}
    assert found["prevention"][:3] == BOUNDS["owners.NAME.prevention"]
    assert found["hurry"][:3] == BOUNDS["groups.NAME.hurry"]
