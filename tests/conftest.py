"""What all tests share."""

import pytest


@pytest.fixture
def small_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures of a sixteenth of their size, where it only matters that they are there: most take 0.2 s."""
    monkeypatch.setattr("reports.png._ZOOM", 0.5)
