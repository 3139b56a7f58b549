"""The documentation holds: its snippets run, and its links lead somewhere."""

import json
import os
import re
import shlex
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree

import pytest

import scenarios
from careloop.cli import run_command
from scenarios.yaml_text import read_text
from tests.docs.snippets import (
    FEW,
    PAGES,
    ROOT,
    Snippet,
    all_snippets,
    commands,
    edited,
    snippets,
)

NOT_RUN: Final = (
    "git ",
    "source ",
    "pipx ",
    "python docs/picture.py ",
    "python -m docs.reference ",
    "NUMBA_DISABLE_JIT=1 ",
)
LONG: Final = ("docs/learning.md", "docs/plan.md")  # pages whose commands take so long: only verified
# In `make test` by formula alone: the search takes half a minute, and docs/staffing.md has one as it is.
SEARCHES: Final = "careloop staff my_team.yaml --replications 8 --out out/staff"
SHOWN: Final = ("my_team.yaml", "scenario.yaml")  # their figures are on a page


def _as_it_is(words: list[str]) -> bool:
    """Tell whether a command is run with as many replications as it says: its figures are shown, or saved."""
    return words[2] in SHOWN or all(Path(word).is_dir() for word in words[2:4])


@pytest.mark.usefixtures("short_search")
@pytest.mark.parametrize(
    "page", [pytest.param(page, marks=pytest.mark.verify if page in LONG else ()) for page in PAGES]
)
def test_commands_do_what_the_page_says(page: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """All commands of a page one after the other; what it says that they print, they print."""
    printed = ""
    for snippet in snippets(page):
        _write(snippet)
        if snippet.language == "bash":
            code = int(snippet.said("exit") or 0)
            printed = "".join(_printed(command, code, capsys) for command in commands(snippet))
        if snippet.remark.startswith("prints"):
            clean = _words if snippet.remark == "prints: words" else _lines
            missing = [line for line in clean(snippet.text) if line not in clean(printed)]
            assert not missing, f"{snippet.name}: not printed: {missing}"


@pytest.mark.verify
def test_the_search_of_the_readme_finds_a_plan(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written = [snippet for snippet in snippets("README.md") if snippet.file == "my_team.yaml"]
    assert any(SEARCHES in commands(each) for each in snippets("README.md") if each.language == "bash")
    for snippet in written:
        _write(snippet)
    assert run_command(shlex.split(SEARCHES)[1:]) == 0
    assert "Every target holds on fresh chances" in " ".join(capsys.readouterr().out.split())
    assert (folder / "out" / "staff" / "staffing.csv").is_file()


def _write(snippet: Snippet) -> None:
    """Write the file that a snippet is, or change the one that it edits."""
    if snippet.file is not None:
        Path(snippet.file).write_text(snippet.text, encoding="utf-8")
    if name := snippet.said("edit"):
        text = Path(name).read_text(encoding="utf-8")
        Path(name).write_text(edited(text, snippet.text), encoding="utf-8")


def _printed(command: str, code: int, capsys: pytest.CaptureFixture[str]) -> str:
    """Run a command; returns what it wrote, to either stream."""
    if command.startswith("make "):
        assert re.search(rf"^{command.split()[1]}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
        return ""
    if command.startswith(NOT_RUN):
        return ""
    command, _, file = command.partition(" > ")
    ended = _run(shlex.split(command))
    said = capsys.readouterr()
    assert ended == code, f"{command}: {said.err}"
    if file:
        Path(file).write_text(said.out, encoding="utf-8")
    if command.startswith("careloop run ") and "--json" in command:
        assert set(json.loads(said.out)) == {
            "scenario", "seed", "replications", "engine", "version", "measures", "targets",
        }  # fmt: skip
    return (said.err + said.out).replace(os.sep, "/")


def _run(words: list[str]) -> int:
    if words == shlex.split(SEARCHES):
        return run_command([*words[1:], "--no-repair"])
    if words[0] == "careloop":
        simulates = words[1] in ("run", "compare", "finance") and "formula" not in words
        few = simulates and "--replications" not in words and not _as_it_is(words)
        return run_command([*words[1:], *(FEW if few else ())])
    if words[0] == "cd":
        os.chdir(words[1])
        return 0
    if words[:3] == ["python", "-m", "calibration.counts"]:
        from calibration.counts import main

        return main(words[3:])
    raise AssertionError(f"nobody knows how to test {shlex.join(words)}")


def _lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def _words(text: str) -> list[str]:
    """Lines without their figures and verdicts."""
    lines = [re.sub(r"[-–±%\d.,€$]+|\b(min|h|s)\b", " ", line) for line in text.splitlines()]
    verdicts = r"is (met|missed|too close to call):|over the horizon.*|; more replications would tell"
    return [" ".join(re.sub(verdicts, "", line).split()) for line in lines if line.strip()]


@pytest.mark.parametrize("snippet", all_snippets("python"), ids=lambda each: each.name)
def test_python_runs(snippet: Snippet, folder: Path) -> None:
    exec(compile(snippet.text, snippet.name, "exec"), {"__name__": "snippet"})


@pytest.mark.parametrize("page", PAGES)
def test_yaml_is_what_careloop_reads(page: str, folder: Path) -> None:
    """Complete scenarios have no problem, parts have none in their place; wrong ones are told apart."""
    whole = (folder / "scenario.yaml").read_text(encoding="utf-8")
    (folder / "my_calls.csv").write_text("when,calls\n2026-03-02 08:00,5\n2026-03-02 08:30,6\n")
    for snippet in snippets(page):
        if snippet.file:  # which others may extend, or read
            _write(snippet)
        if snippet.language != "yaml":
            continue
        document = read_text(snippet.text)
        assert not document.found, snippet.name
        kind, _, place = snippet.remark.partition(": ")
        if kind == "part of":
            (folder / "whole.yaml").write_text(whole, encoding="utf-8")
            (folder / "part.yaml").write_text(_laid_over("whole.yaml", place, snippet.text), encoding="utf-8")
            scenarios.load(folder / "part.yaml")
        elif (snippet.file or "").startswith("wrong"):
            with pytest.raises(scenarios.ScenarioError):
                scenarios.loads(snippet.text, folder)
        else:
            whole = whole if "extends:" in snippet.text else snippet.text
            path = folder / "snippet.yaml"
            path.write_text(snippet.text, encoding="utf-8")
            assert [str(problem) for problem in scenarios.check(path)] == [], snippet.name


def _laid_over(whole: str, place: str, part: str) -> str:
    """The text of a file that lays a part over another file, below a place of it."""
    above = [] if place == "file" else place.split(".")
    heads = [f"{'  ' * depth}{name}:" for depth, name in enumerate(above)]
    return "\n".join([f"extends: {whole}", *heads, textwrap.indent(part, "  " * len(above))])


def test_json_has_the_shape_shown() -> None:
    (snippet,) = all_snippets("json")
    shown = json.loads(snippet.text)
    from careloop import simulate
    from reports.tables_out import json_text

    day = ROOT / "scenarios" / "library" / "erlang_a_day.yaml"
    real = json.loads(json_text(simulate(day, replications=2)))
    assert list(shown) == list(real)
    assert list(shown["measures"][0]) == list(real["measures"][0])
    assert list(shown["targets"][0]) == list(real["targets"][0])


# Links and what must not be there


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    text = re.sub(r"```.*?```", "", (ROOT / page).read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)]+)\)", text):
        if target.startswith("https://"):
            continue
        path, _, anchor = target.partition("#")
        file = (ROOT / page).parent / path if path else ROOT / page
        assert file.exists(), target
        if anchor:
            assert anchor in _anchors(file.read_text(encoding="utf-8")), target


def _anchors(text: str) -> set[str]:
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in headings}


@pytest.mark.parametrize("page", PAGES)
def test_files_named_in_text_exist(page: str) -> None:
    """Names such as `sim/rules.py`; a page that `make verify` makes need not be there yet."""
    text = (ROOT / page).read_text(encoding="utf-8")
    for name in set(re.findall(r"`((?:[\w.]+/)+[\w.]+\.(?:py|md|txt|yaml|csv|toml))`", text)):
        made = name == "docs/theory.md" or name.startswith("out/")
        assert made or (ROOT / name).exists(), name


def test_picture_stands_alone() -> None:
    path = ROOT / "docs" / "baseline.svg"
    assert path.stat().st_size < 200_000
    text = path.read_text(encoding="utf-8")
    assert ElementTree.fromstring(text).tag.endswith("svg")
    assert not re.search(r"<script|href=|url\(|@import", text)


def test_picture_is_made_from_a_report(folder: Path) -> None:
    baseline = "scenarios/library/care_loop_baseline.yaml"
    assert run_command(["run", baseline, "--out", "o", *FEW]) == 0
    made = [sys.executable, str(ROOT / "docs" / "picture.py"), "o/report.html", "picture.svg"]
    subprocess.run(made, check=True, cwd=folder)
    assert (folder / "picture.svg").read_text(encoding="utf-8").count('<svg x="') == 4


def _tracked() -> list[Path]:
    """The files that are, or would be, in the repository."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip("not a clone: there is no list of files")
    return [ROOT / name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]


_FORBIDDEN: Final[dict[str, str]] = {
    "a path of one machine": r"(?<![\w.])/(?:root|home|Users|work|mnt|opt|var/folders)/\w|[A-Z]:\\Users",
    "a place to install from": (
        r"(?<!no-emit-)(?:index-url|find-links)[ =]\S|trusted-host[ =]\S|/simple/"
        r"|https?://[^\s/]*(?:pypi|pythonhosted|artifact|nexus|mirror|registry)"
    ),
}


@pytest.mark.parametrize("what", _FORBIDDEN)
def test_nothing_of_one_machine(what: str) -> None:
    found: Callable[[str], Any] = re.compile(_FORBIDDEN[what]).search
    wrong = []
    for path in _tracked():
        if path == Path(__file__).resolve():
            continue
        text = path.read_bytes().decode("utf-8", errors="replace")
        wrong += [
            f"{path.relative_to(ROOT)}:{n}" for n, line in enumerate(text.splitlines(), 1) if found(line)
        ]
    assert wrong == []


def test_no_real_data_in_the_repository() -> None:
    """The example's counts are made up; files of others are read where they are, if at all."""
    names = [path.name for path in _tracked()]
    packed = [name for name in names if name.endswith((".csv.gz", ".tsv.gz", ".parquet"))]
    assert packed == ["contacts_synthetic.csv.gz"]


def test_the_example_of_an_export_is_simulated(tmp_path: Path) -> None:
    """It is what its scenario makes; another machine's arithmetic may differ in a time's last digits."""
    import pandas as pd

    import careloop

    example = ROOT / "docs" / "examples" / "contacts_synthetic.csv.gz"
    assert example.stat().st_size < 400 * 1024
    careloop.export_contacts(example.with_name("contacts_synthetic.yaml"), tmp_path / "contacts.csv")
    shown, made = (pd.read_csv(path) for path in (example, tmp_path / "contacts.csv"))
    same = ["contact_id", "leg", "user_id", "agent_id", "queue", "segment", "outcome", "queued"]
    pd.testing.assert_frame_equal(shown[same], made[same])
    for column in ("wait_s", "handle_s"):
        pd.testing.assert_series_equal(shown[column], made[column], atol=1e-3)
