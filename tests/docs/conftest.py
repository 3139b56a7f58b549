"""What the tests of the documentation share."""

import shutil
from pathlib import Path

import pytest

from tests.docs.snippets import ROOT


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with what the pages refer to, as the current one."""
    shutil.copytree(ROOT / "scenarios" / "library", tmp_path / "scenarios" / "library")
    shutil.copytree(ROOT / "docs" / "examples", tmp_path / "docs" / "examples")
    for name in ("scenario.yaml", "calls.csv"):  # what `careloop new` writes
        shutil.copy(ROOT / "scenarios" / "start" / name, tmp_path / name)
    monkeypatch.delenv("COLUMNS", raising=False)  # what is shown was printed into a file, not a terminal
    monkeypatch.chdir(tmp_path)
    return tmp_path
