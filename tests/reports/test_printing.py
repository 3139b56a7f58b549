"""Printing by a browser: which one, what is told where there is none, and the same bytes again."""

import os
import re
import sys
from pathlib import Path

import pytest

from reports import printing
from reports.printing import PrintError, browser, print_pdf, without_dates

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="the stand-in for a browser is a shell script")
PAGE = "<!DOCTYPE html><html><head><title>t</title></head><body><h1>A plan</h1></body></html>"


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.html"
    path.write_text(PAGE, encoding="utf-8")
    return path


def pretend(monkeypatch: pytest.MonkeyPatch, folder: Path, script: str, name: str = "chromium") -> Path:
    """A browser that is the only one on the machine."""
    program = folder / "bin" / name
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)
    alone(monkeypatch, program.parent)
    return program


def alone(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    monkeypatch.setenv("PATH", str(path))
    monkeypatch.setattr(printing, "_ELSEWHERE", {})


WRITES = """\
for each; do case "$each" in --print-to-pdf=*) out="${each#--print-to-pdf=}";; esac; done
printf '%%PDF-1.4 /CreationDate (D:20260105101112+00) /ModDate (D:20260105101112+00)' > "$out"
"""


@POSIX
@pytest.mark.parametrize("name", ["chromium", "google-chrome-stable", "msedge"])
def test_a_browser_of_the_machine_prints(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, page: Path, name: str
) -> None:
    program = pretend(monkeypatch, tmp_path, WRITES, name)
    assert browser() == str(program)
    print_pdf(page, tmp_path / "page.pdf")
    day = b"D:20000101000000"
    assert (tmp_path / "page.pdf").read_bytes().count(day) == 2


@POSIX
@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("exit 0", "printed nothing$"),
        ("echo first >&2; echo 'no display' >&2; exit 1", "printed nothing: no display"),
    ],
)
def test_a_browser_that_prints_nothing_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, page: Path, script: str, words: str
) -> None:
    pretend(monkeypatch, tmp_path, script)
    with pytest.raises(PrintError, match=words):
        print_pdf(page, tmp_path / "page.pdf")


@POSIX
def test_a_browser_that_does_not_end_is_stopped(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, page: Path
) -> None:
    pretend(monkeypatch, tmp_path, "exec /bin/sleep 60")
    monkeypatch.setattr(printing, "_PATIENCE_S", 0.2)
    with pytest.raises(PrintError, match=r"did not print within 0\.2 s"):
        print_pdf(page, tmp_path / "page.pdf")


def test_without_a_browser_it_is_said_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, page: Path
) -> None:
    alone(monkeypatch, tmp_path)
    assert browser() is None
    with pytest.raises(PrintError, match="install Chromium, Chrome or Edge"):
        print_pdf(page, tmp_path / "page.pdf")


def test_dates_are_one_day_and_the_length_stays() -> None:
    dates = b"<</CreationDate (D:20260105101112+00'00')\n/ModDate (D:20260105101113+00'00')>>"
    pdf = b"%PDF " + dates + b" (D:19990101000000)"
    found = without_dates(pdf)
    assert len(found) == len(pdf)
    assert re.findall(rb"D:(\d{14})", found) == [b"20000101000000"] * 2 + [b"19990101000000"]


@pytest.mark.skipif(browser() is None, reason="no browser on this machine")
def test_a_page_is_printed_and_the_same_bytes_again(tmp_path: Path, page: Path) -> None:
    for name in ("one.pdf", "two.pdf"):
        print_pdf(page, tmp_path / name)
    first = (tmp_path / "one.pdf").read_bytes()
    assert first == (tmp_path / "two.pdf").read_bytes()
    assert first.startswith(b"%PDF")
    assert sorted(os.listdir(tmp_path)) == ["one.pdf", "page.html", "two.pdf"]
