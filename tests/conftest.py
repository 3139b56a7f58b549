"""What all tests share."""

import pytest


@pytest.fixture
def small_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures of a sixteenth of their size, where it only matters that they are there: most take 0.2 s."""
    monkeypatch.setattr("reports.png._ZOOM", 0.5)


@pytest.fixture
def short_search(monkeypatch: pytest.MonkeyPatch) -> None:
    """Searches for people on two weeks, four times, where it takes no more to see what they find."""
    monkeypatch.setattr("reports.finance.searched.WEEKS_DAYS", 14)
    monkeypatch.setattr("reports.finance.searched.REPLICATIONS", 4)
