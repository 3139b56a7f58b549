"""The gallery of bad files: all that is told of each, where, and that nothing is written or lost.

Below a line "# Told:" a file of `tests/bad` has, as comments, what `careloop check` says of it; "..." stands
for the rest of a long list. Files whose names begin with "warns" only get warnings.
"""

import os
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.careloop.conftest import Ended, outside
from tests.seeds import every_other

BAD = Path(__file__).parents[1] / "bad"
GOOD = ("good.yaml", "good_life.yaml", "good_plan.yaml", "good_money.yaml")
FILES = sorted(path.name for path in BAD.glob("*.yaml") if path.name not in GOOD)
Here = Callable[..., Ended]


@pytest.fixture(autouse=True)
def in_the_gallery(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are named as a person in their folder names them."""
    monkeypatch.chdir(BAD)


def told(name: str) -> list[str]:
    """What a file says is told of it."""
    below = (BAD / name).read_text(encoding="utf-8").split("# Told:\n")[1]
    return [line.removeprefix("#").strip() for line in below.splitlines()]


def is_told(said: list[str], expected: list[str]) -> None:
    """All that is expected is said, in this order, and nothing else."""
    shortened = [
        f"{want.removesuffix('...')}..."
        if want.endswith("...") and line.startswith(want.removesuffix("..."))
        else line
        for line, want in zip(said, expected, strict=False)
    ]
    assert [*shortened, *said[len(shortened) :]] == expected


def problems_of(ended: Ended) -> list[str]:
    """The lines of stderr that are problems; the others are notes of what was detected."""
    return [line for line in ended.err.splitlines() if re.search(r"\b(error|warning): ", line)]


def test_the_gallery_is_large() -> None:
    assert len(FILES) > 250


@pytest.mark.parametrize("name", GOOD)
def test_the_scenario_that_is_spoilt_is_good(here: Here, name: str) -> None:
    assert here("check", name) == (0, f"{name}: no errors, no warnings\n", "")


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_checked(here: Here, name: str) -> None:
    expected = told(name)
    ended = here("check", name)
    is_told(problems_of(ended), expected)
    is_bad = any(": error: " in line for line in expected)
    assert is_bad != name.startswith("warns")
    assert ended.code == (2 if is_bad else 0)
    assert len(ended.out.splitlines()) == 1
    assert "Traceback" not in ended.out + ended.err
    nothing_was_run()


NOT_RUN = [name for name in FILES if not name.startswith("warns")]


@pytest.mark.parametrize("n", every_other(range(len(NOT_RUN))), ids=NOT_RUN)
def test_a_bad_file_is_not_run(here: Here, n: int, tmp_path: Path) -> None:
    """Nothing is begun in a folder that is new, and a folder that is there stays as it was."""
    check_not_run(here, NOT_RUN[n], ("new", "earlier")[n // 2 % 2], tmp_path)


@pytest.mark.verify
@pytest.mark.parametrize(
    ("name", "where"), [(name, ("earlier", "new")[n // 2 % 2]) for n, name in enumerate(NOT_RUN)]
)
def test_nor_in_the_other_folder(here: Here, name: str, where: str, tmp_path: Path) -> None:
    check_not_run(here, name, where, tmp_path)


def check_not_run(here: Here, name: str, where: str, tmp_path: Path) -> None:
    found = re.search(r"^overrides: \{(\w+):", (BAD / name).read_text(encoding="utf-8"), re.MULTILINE)
    options = ["--scenario", found[1]] if found else []
    earlier = tmp_path / "earlier"
    earlier.mkdir()
    (earlier / "manifest.json").write_text('{"program": "careloop", "files": {"report.html": ""}}')
    (earlier / "report.html").write_text("of an earlier run")
    ended = here("run", name, *options, "--out", {"new": tmp_path / "new" / "run", "earlier": earlier}[where])
    assert ended.code == 2
    assert ended.out == ""
    assert [line for line in told(name) if ": error: " in line]
    assert len(problems_of(ended)) >= 1
    assert "Traceback" not in ended.err
    assert sorted(str(each.relative_to(tmp_path)) for each in tmp_path.rglob("*")) == [
        "earlier",
        os.path.join("earlier", "manifest.json"),
        os.path.join("earlier", "report.html"),
    ]
    assert (earlier / "report.html").read_text() == "of an earlier run"


@pytest.mark.parametrize(
    "name", ["tag_that_would_run_code.yaml", "csv_bad_row.yaml", "warns_of_answered_only.yaml"]
)
def test_a_process_tells_the_same(name: str) -> None:
    ended = outside("check", BAD / name)
    said = [line.replace(f"{BAD}{os.sep}", "") for line in problems_of(ended)]
    is_told(said, told(name))
    assert ended.code == (0 if name.startswith("warns") else 2)
    assert "Traceback" not in ended.err


def test_many_files_are_checked_at_once(here: Here) -> None:
    """With that of a tag that would run code, which is on its own above."""
    some = sorted({*FILES[::12], "tag_that_would_run_code.yaml"})
    ended = here("check", *some)
    assert ended.code == 2
    assert [line.split(": ")[0] for line in ended.out.splitlines()] == some
    nothing_was_run()


@pytest.mark.verify
def test_all_files_are_checked_at_once(here: Here) -> None:
    assert here("check", *FILES).code == 2
    nothing_was_run()


def nothing_was_run() -> None:
    assert not (BAD / "owned").exists()
    assert {path.suffix for path in BAD.iterdir()} == {".yaml", ".csv"}


def test_what_is_only_warned_of_is_run(here: Here, tmp_path: Path) -> None:
    ended = here("run", "warns_of_answered_only.yaml", "--replications", "2", "--out", tmp_path / "run")
    assert ended.code == 0
    is_told(problems_of(ended), told("warns_of_answered_only.yaml"))
    assert (tmp_path / "run" / "report.html").is_file()


_BOMB = "a: &a [x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{above}'] * 9)}]\n"
    for above, name in zip("abcdefgh", "bcdefghi", strict=True)
)
MADE = {
    "empty": (b"", "is empty; a scenario starts with 'careloop: 1'"),
    "blank": (b"\n \n\n", "is empty"),
    "huge": (b"name: " + b"x" * 10_000_000, "is larger than 5 MB, too large for a scenario"),
    "alias_bomb": (_BOMB.encode(), "has more than 200000 values once its aliases are filled in"),
    "alias_of_itself": (b"name: &a [*a]\n", "is nested more than 40 levels deep"),
    "deep_list": (b"name: " + b"[" * 5_000, "is nested more than 40 levels deep"),
    "deep_map": (b"{a: " * 60 + b"1" + b"}" * 60, "is nested more than 40 levels deep"),
    "nul": (b"name: a\x00b\n", "it has the control character '\\x00'; remove it"),
    "escape": (b"name: \x1b[31mred\n", "it has the control character '\\x1b'; remove it"),
    "written_escape": (b'name: "\\e[31mred"\n', "has the character '\\x1b', which cannot be"),
    "latin_1": ("name: Café\n".encode("latin-1"), "is not UTF-8 text (byte 9); save it as UTF-8"),
    "utf_16": ("name: Cafe\n".encode("utf-16"), "is not UTF-8 text (byte 0); save it as UTF-8"),
    "no_character": (b'name: "\\UFFFFFFFF"\n', "names a character that does not exist"),
    "surrogate": (b'name: "\\uD800"\n', "has the character '\\ud800', which cannot be printed"),
    "picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "is not UTF-8 text (byte 0)"),
    "directive": (b"%YAML 9.9\n---\nname: a\n", "error: "),
    "many_anchors": (b"".join(b"k%d: &a%d 1\n" % (n, n) for n in range(2_000)), "is not a known key"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "command"),
    [*((name, "check") for name in MADE), ("huge", "run"), ("nul", "explain"), ("latin_1", "run")],
)
def test_files_that_are_too_much(here: Here, tmp_path: Path, name: str, command: str) -> None:
    content, said = MADE[name]
    path = tmp_path / f"{name}.yaml"
    path.write_bytes(content)
    ended = here(command, path)
    assert ended.code == 2
    assert said in ended.err
    assert ended.err.startswith(str(path))
    assert "Traceback" not in ended.err


CSV_MADE = {
    "latin_1": ("time,calls\n2026-03-02 08:00,1 é\n".encode("latin-1"), "save it as 'CSV UTF-8'"),
    "nul": (b"time,calls\n2026-03-02 08:00,1\x00\n2026-03-02 08:30,1\n", "is not a number"),
    "blank_cells": (b",,\n,,\n", "has nothing in its cells"),
    "long_cell": (b"time,calls\n" + b"x" * 200_000 + b",1\n2026-03-02 08:30,1\n", "error: "),
    "quote_never_closed": (b'time,calls\n"2026-03-02 08:00,1\n2026-03-02 08:30,1\n', "error: "),
    "many_bad_rows": (
        b"time,calls\n" + b"".join(b"2026-03-02 08:%02d,x\n" % minute for minute in range(60)),
        "40 more rows like these",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CSV_MADE)
def test_csv_files_that_are_too_much(here: Here, tmp_path: Path, name: str) -> None:
    content, said = CSV_MADE[name]
    (tmp_path / "counts.csv").write_bytes(content)
    (tmp_path / "good.yaml").write_bytes((BAD / "good.yaml").read_bytes())
    path = tmp_path / "s.yaml"
    path.write_text("extends: good.yaml\nstreams: {calls: {arrivals: {history: {csv: counts.csv}}}}\n")
    ended = here("check", path)
    assert ended.code == 2
    assert said in ended.err
    assert "Traceback" not in ended.err


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_links_lead_nowhere_else(here: Here, tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("time,calls\n2026-03-02 08:00,1\n2026-03-02 08:30,1\n")
    (tmp_path / "secret.yaml").write_text("careloop: 1\n")
    (tmp_path / "mine").mkdir()
    for kind in ("csv", "yaml"):
        (tmp_path / "mine" / f"link.{kind}").symlink_to(tmp_path / f"secret.{kind}")
    path = tmp_path / "mine" / "s.yaml"
    for text in (
        "extends: link.yaml\n",
        f"{(BAD / 'good.yaml').read_text(encoding='utf-8')}\nextends: link.yaml\n",
    ):
        path.write_text(text)
        ended = here("check", path)
        assert ended.code == 2
        assert "extends: 'link.yaml' is outside the folder of the scenario" in ended.err
    good = (BAD / "good.yaml").read_text(encoding="utf-8")
    path.write_text(good.replace("rate: 6 per 30 min, hours: desk", "history: {csv: link.csv}"))
    ended = here("check", path)
    assert ended.code == 2
    assert "history.csv: 'link.csv' is outside the folder of the scenario" in ended.err
