"""Texts that are no YAML, or more than YAML should be: one clear message each, and nothing ever runs."""

from collections.abc import Callable
from pathlib import Path

import pytest

from scenarios import Problem, ScenarioError, check, load, loads
from scenarios.yaml_text import read_text

Look = Callable[[str], list[Problem]]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 0, "is empty"),
        ("# only a remark\n", 0, "is empty"),
        ("just text", 1, "is not a map"),
        ("- a\n- b\n", 1, "is not a map"),
        ("careloop: 1\nname: x\n\tdays: 3\n", 3, "a tab"),
        ("careloop: 1\nname:\tx\n", 2, "a tab"),
        ("careloop: 1\nname: a: b\n", 2, "put the text in quotes"),
        ("careloop: 1\nname: 'a\n", 2, "never closed"),
        ("careloop: 1\nname: [a, b\n", 3, "never closed"),
        ("careloop: 1\nname: {a: b\n", 3, "never closed"),
        ("careloop: 1\n---\nname: x\n", 2, "a scenario file holds one"),
        ("careloop: 1\nname: *nobody\n", 2, "does not exist above it"),
        ("careloop: 1\nname: @x\n", 2, "that YAML reserves"),
        ("careloop: 1\nname: {a: b}}\n", 2, "stray bracket"),
        ("careloop: 1\nname: x\x07y\n", 2, "control character '\\x07'"),
        ('careloop: 1\nname: "\\ud800"\n', 2, "cannot be printed"),
        ("careloop: 1\nname: x\nname: y\n", 3, "is written twice; line 2 has it already"),
        ("careloop: 1\n? [a, b]\n: 3\n", 2, "one line of plain text"),
        ("careloop: 1\nname: null\n", 2, "is empty"),
        ("careloop: 1\nname: .inf\n", 2, "not a number"),
        ("careloop: 1\nname: !money 3\n", 2, "the tag !money is not allowed"),
        ("careloop: 1\nname: !!binary aGk=\n", 2, "the tag !!binary is not allowed"),
        ("[" * 100 + "]" * 100, 1, "nested more than 40 levels"),
        ("[" * 700, 1, "nested more than 40 levels"),
        ("careloop: 1\nname: &a [*a]\n", 2, "nested more than 40 levels"),
    ],
)
def test_one_clear_message(problems: Look, text: str, line: int, words: str) -> None:
    told = [p for p in problems(text) if words in p.message]
    assert len(told) == 1, problems(text)
    assert told[0].line == line


@pytest.mark.parametrize(
    "value",
    [
        "!!python/object/apply:os.mkdir [{here}]",
        "!!python/object/new:os.mkdir [{here}]",
        "!!python/name:os.mkdir",
        "!!python/module:os",
        "!!python/object/apply:subprocess.check_call [[touch, {here}]]",
        "!<tag:yaml.org,2002:python/object/apply:os.mkdir> [{here}]",
    ],
)
def test_a_tag_never_runs_code(problems: Look, tmp_path: Path, value: str) -> None:
    here = tmp_path / "made_by_the_file"
    told = problems(f"careloop: 1\nname: {value.format(here=here)}\n")
    assert [p.line for p in told if "tag" in p.message] == [2]
    assert not here.exists()


def test_aliases_cannot_multiply_without_end(problems: Look) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 12)]
    told = problems("\n".join(lines))
    assert [p.message.split(";")[0] for p in told] == [
        "has more than 200000 values once its aliases are filled in"
    ]


def test_merges_cannot_multiply_without_end(problems: Look) -> None:
    lines = ["a0: &a0 {x: 1, y: 2}"]
    lines += [f"a{i}: &a{i} {{<<: [{', '.join([f'*a{i - 1}'] * 10)}], z{i}: 1}}" for i in range(1, 12)]
    told = problems("\n".join(lines))
    assert [p.message.split(";")[0] for p in told] == [
        "has more than 200000 values once its aliases are filled in"
    ]


def test_anchors_and_merges_are_read_as_written() -> None:
    document = read_text("a: &a {x: 1, y: 2}\nb:\n  <<: *a\n  y: 3\nc: *a\n")
    assert document.data == {"a": {"x": 1, "y": 2}, "b": {"x": 1, "y": 3}, "c": {"x": 1, "y": 2}}
    assert (document.line(("b", "y")), document.line(("b", "x"))) == (4, 1)


def test_of_two_anchors_alike_the_last_one_counts() -> None:
    assert read_text("a: &x 1\nb: &x 2\nc: *x\n").data == {"a": 1, "b": 2, "c": 2}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("08:00", "08:00"),
        ("007", "007"),
        ("no", "no"),
        ("12", 12),
        ("-1", -1),
        ("1.5", 1.5),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("1e-05", 1e-05),
        ("true", True),
        ("'12'", "12"),
        ("2026-03-02", "2026-03-02"),
        ("12 s", "12 s"),
        ("-", "-"),
        ("1e9999", "1e9999"),
        ("9" * 5000, "9" * 5000),
    ],
)
def test_plain_values_mean_what_they_look_like(text: str, value: object) -> None:
    assert read_text(f"[{text}]" if text != "-" else "['-']").data == [value]


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "team.yaml").write_text("careloop: 1")
    (tmp_path / "latin.yaml").write_bytes("name: Café".encode("latin-1"))
    assert "is a folder" in check(tmp_path)[0].message
    assert (
        "there is no such file; the folder has latin.yaml, team.yaml"
        in check(tmp_path / "tem.yaml")[0].message
    )
    assert "nor a folder" in check(tmp_path / "no" / "tem.yaml")[0].message
    assert "is not UTF-8" in check(tmp_path / "latin.yaml")[0].message
    assert check("a\0b.yaml")[0].severity == "error"
    assert check("x" * 5000)[0].severity == "error"


def test_a_byte_order_mark_is_no_mistake(valid: str, tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + valid.replace("\n", "\r\n").encode())
    assert load(path) == loads(valid)


def test_the_error_says_every_problem_on_its_own_line(valid: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        loads(valid.replace("days: 7", "days: x").replace("seed: 1", "seed: x"))
    assert [p.path for p in caught.value.problems] == ["calendar.days", "run.seed"]
    assert str(caught.value).splitlines() == [str(p) for p in caught.value.problems]
