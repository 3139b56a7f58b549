"""Ctrl-C while an export is read: it is one wherever it falls, and no file of the database stays."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from calibration.facts.database import Database
from calibration.facts.read import read_facts
from calibration.facts.text_rows import TextRows
from tests.calibration.facts.exports import export


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the database has its files."""
    folder = tmp_path / "kept"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_while_rows_are_made(tmp_path: Path, kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(self: TextRows) -> Iterator[Any]:
        raise KeyboardInterrupt
        yield self

    monkeypatch.setattr(TextRows, "batches", interrupted)
    with pytest.raises(KeyboardInterrupt):
        read_facts([export(tmp_path, {})], "canonical")
    assert not list(kept.iterdir())


@pytest.mark.parametrize("word", ["export.csv", "checking"])
def test_while_progress_is_told(tmp_path: Path, kept: Path, word: str) -> None:
    def told(what: str) -> None:
        if word in what:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read_facts([export(tmp_path, {})], "canonical", progress=told)
    assert not list(kept.iterdir())


def test_the_database_shows_no_progress_of_its_own() -> None:
    """It would stand in the middle of what a command prints, such as JSON."""
    database = Database(1)
    (row,) = database.con.raw_sql("SELECT current_setting('enable_progress_bar')").fetchall()
    database.close()
    assert row == (False,)
