"""`careloop plan --out`: the leaders' page, against an earlier version, as a picture and as a PDF."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

import careloop
from reports import printing
from reports.run_folder import FolderError
from reports.saved_run import SavedRunError
from tests.careloop.conftest import Ended
from tests.careloop.test_plan import written
from tests.roadmap.planned import TEAM, team

Here = Callable[..., Ended]
WORDS = ("report.html", "register.csv", "letter.md")


@pytest.fixture
def planned(tmp_path: Path) -> Path:
    return written(tmp_path / "plan.yaml", TEAM)


def test_the_page_is_the_same_bytes_on_any_threads(planned: Path, here: Here, tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    for folder, workers in ((one, 1), (two, 3)):
        ended = here("plan", planned, "--replications", 3, "--out", folder, "--workers", workers, "--png")
        assert ended.code == 0
    manifest = json.loads((one / "manifest.json").read_text(encoding="utf-8"))
    for name in (*WORDS, "report.png"):
        assert (one / name).read_bytes() == (two / name).read_bytes(), name
        assert name in manifest["files"]
    html = (one / "report.html").read_text(encoding="utf-8")
    assert "<h1>A team with a plan</h1>" in html
    assert "3 simulated courses" in html
    assert str(tmp_path) not in html
    assert len(re.findall(r"<li[^>]*><b>(?:low|expected|high)", html)) == 3


def test_against_an_earlier_version(planned: Path, here: Here, tmp_path: Path) -> None:
    then, now = tmp_path / "then", tmp_path / "now"
    assert here("plan", planned, "--out", then).code == 0
    moved = ("--set", "roadmap.levers.macros.due=2026-03-12", "--against", then)
    assert here("plan", planned, *moved, "--out", now).code == 0
    html = (now / "report.html").read_text(encoding="utf-8")
    assert "roadmap.levers.macros.due: 2026-03-09 → 2026-03-12" in html
    assert "Both versions met the same chances" in html
    assert "What changed since" not in (then / "report.html").read_text(encoding="utf-8")
    again = tmp_path / "again"
    assert here("plan", planned, "--against", then, "--out", again).code == 0
    assert "No input differs" in (again / "report.html").read_text(encoding="utf-8")


def test_the_version_it_is_held_against_is_not_overwritten(planned: Path, here: Here, tmp_path: Path) -> None:
    then, link = tmp_path / "then", tmp_path / "link"
    assert here("plan", planned, "--out", then).code == 0
    link.symlink_to(then)
    before = {each.name: each.read_bytes() for each in then.iterdir()}
    for out in (then, then / ".." / "then", link):
        ended = here("plan", planned, "--against", then, "--out", out)
        assert (ended.code, ended.out) == (2, "")
        assert "--out: this is the folder of --against, which would be overwritten" in " ".join(
            ended.err.split()
        )
    assert {each.name: each.read_bytes() for each in then.iterdir()} == before
    with pytest.raises(ValueError, match="out: this is the folder of against"):
        careloop.plan(team(), replications=3, out=then, against=then)


def test_a_pdf_is_made_by_a_browser(
    planned: Path, here: Here, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = list[str]()

    def prints(page: Path, pdf: Path) -> None:
        asked.append(page.read_text(encoding="utf-8"))
        pdf.write_bytes(b"%PDF")

    monkeypatch.setattr(printing, "browser", lambda: "a browser")
    monkeypatch.setattr("reports.plan_folder.print_pdf", prints)
    folder = tmp_path / "out"
    assert here("plan", planned, "--pdf", "--out", folder).code == 0
    assert (folder / "report.pdf").read_bytes() == b"%PDF"
    assert asked == [(folder / "report.html").read_text(encoding="utf-8")]


def test_a_page_that_cannot_be_printed_leaves_no_folder(
    planned: Path, here: Here, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(page: Path, pdf: Path) -> None:
        raise printing.PrintError("a browser printed nothing")

    monkeypatch.setattr(printing, "browser", lambda: "a browser")
    monkeypatch.setattr("reports.plan_folder.print_pdf", fails)
    ended = here("plan", planned, "--pdf", "--out", tmp_path / "out")
    assert ended.code == 2
    assert "is not written: --pdf: a browser printed nothing" in ended.err
    assert ended.out.startswith("Plan of A team with a plan")  # the work is not lost
    assert [each.name for each in tmp_path.iterdir()] == ["plan.yaml"]


def test_what_the_page_needs_is_refused_before_any_work(
    planned: Path, here: Here, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.roadmap.plan.run_plan", lambda *_: pytest.fail("no work is to be done"))
    monkeypatch.setattr(printing, "browser", lambda: None)
    out = ("--out", tmp_path / "out")
    for options, words in (
        (("--png",), "--png: this is about the page, which is written to a folder; name one with --out"),
        (("--pdf", "--png"), "--png and --pdf: this is about the page"),
        (("--pdf", *out), "--pdf needs a browser to lay out the page, and none was found"),
        (("--against", tmp_path / "nowhere", *out), "nowhere: no such folder"),
        (("--against", tmp_path, *out), "not the folder of a run"),
    ):
        ended = here("plan", planned, *options)
        assert (ended.code, ended.out) == (2, "")
        assert words in " ".join(ended.err.split()), options
        assert "Traceback" not in ended.err
    assert not (tmp_path / "out").exists()


def test_python_says_the_same(tmp_path: Path) -> None:
    then = tmp_path / "then"
    careloop.plan(team(), replications=3, out=then)
    careloop.plan(team(), replications=3, out=tmp_path / "now", against=then, png=True)
    assert "No input differs" in (tmp_path / "now" / "report.html").read_text(encoding="utf-8")
    assert (tmp_path / "now" / "report.png").read_bytes().startswith(b"\x89PNG")
    with pytest.raises(ValueError, match="png: this is about the page"):
        careloop.plan(team(), png=True)
    with pytest.raises(SavedRunError, match="no such folder"):
        careloop.plan(team(), out=tmp_path / "now", against=tmp_path / "nowhere")
    with pytest.raises(FolderError):
        careloop.plan(team(), out=Path.cwd())
