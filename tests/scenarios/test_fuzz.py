"""Whatever a file holds, reading it ends in a scenario or in problems: never in another exception."""

import random
import string
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scenarios import Scenario, ScenarioError, from_dict, loads, resolved
from scenarios.yaml_text import read_text

LIBRARY = Path(__file__).parents[2] / "scenarios" / "library"
WORDS = ["null", "-1", "1e308", ".nan", "[1]", "{a: b}", "true", "&a ", "*a", "!!x ", "24:00", "0%", '""']
ODD = [*WORDS, *"'\":-&*!\t\n\u2028%{}[],#", "", ": ", "- ", "9" * 30, "<<: "]


def mutated(text: str, rng: random.Random) -> str:
    """Return a text with one to four random changes: of a line, a word or a character."""
    for _ in range(rng.randint(1, 4)):
        lines = text.split("\n")
        i = rng.randrange(len(lines))
        words = lines[i].split(" ")
        match rng.randrange(6):
            case 0:
                del lines[i]
            case 1:
                lines.insert(i, lines[rng.randrange(len(lines))])
            case 2:
                words[rng.randrange(len(words))] = rng.choice(ODD)
                lines[i] = " ".join(words)
            case 3:
                lines[i] = lines[i][: rng.randrange(len(lines[i]) + 1)]
            case 4:
                at = rng.randrange(len(lines[i]) + 1)
                lines[i] = lines[i][:at] + rng.choice([*ODD, *string.printable]) + lines[i][at:]
            case _:
                lines[i] = rng.choice(["  ", " ", ""]) + lines[i].lstrip(" ")
        text = "\n".join(lines) or "x"
    return text


def read_or_refused(read: Callable[[], Scenario]) -> None:
    """Read a scenario; it must read back from its resolved text, or say what is wrong with it."""
    try:
        scenario = read()
    except ScenarioError as error:
        problems = error.problems
    else:
        assert loads(resolved(scenario)) == scenario
        return
    assert problems
    assert all(problem.message and problem.line >= 0 for problem in problems)
    assert "\n".join(map(str, problems)).encode()


@settings(derandomize=True, deadline=None, max_examples=80, suppress_health_check=list(HealthCheck))
@given(st.integers(min_value=0, max_value=2**32))
def test_a_spoilt_file_is_read_or_refused(valid: str, seed: int) -> None:
    text = mutated(valid, random.Random(seed))
    read_or_refused(lambda: loads(text, base_dir=LIBRARY))


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["5 s", "40%", "3 per h", "mon-fri", "08:00-20:00", "calls", "$3/h", "auto", "always"]),
    lambda children: (
        st.lists(children, max_size=3)
        | st.dictionaries(
            st.text(max_size=5) | st.sampled_from(["mean", "mon", "from", "hours"]), children, max_size=3
        )
    ),
    max_leaves=6,
)


@settings(derandomize=True, deadline=None, max_examples=80, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_any_value_at_any_place_is_read_or_refused(valid: str, data: st.DataObject) -> None:
    root = read_text(valid).data
    node: object = root
    while True:
        keys = (
            list(node) if isinstance(node, dict) else list(range(len(node))) if isinstance(node, list) else []
        )
        key = data.draw(st.sampled_from(keys))
        child = node[key]  # type: ignore[index]
        if not isinstance(child, dict | list) or not child or data.draw(st.booleans()):
            node[key] = data.draw(VALUES)  # type: ignore[index]
            break
        node = child
    assert isinstance(root, dict)
    read_or_refused(partial(from_dict, root))


@settings(derandomize=True, deadline=None, max_examples=120)
@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    with pytest.raises(ScenarioError):
        loads(text)
