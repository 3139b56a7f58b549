"""Files that a scenario may name: those in its folder, on every system."""

from pathlib import Path, PurePath, PureWindowsPath

import pytest

from scenarios import paths
from scenarios.paths import confined


def test_files_in_the_folder_and_below_it(tmp_path: Path) -> None:
    for name in ("calls.csv", "counts/calls.csv", "counts/../calls.csv", "./calls.csv", "a b/ü=1.csv"):
        assert confined(tmp_path, name) == (tmp_path / name).resolve()


@pytest.mark.parametrize("name", ["/etc/hosts", "../calls.csv", "a/../../calls.csv"])
def test_files_elsewhere_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="outside the folder"):
        confined(tmp_path, name)


class _NotLookedUp(PureWindowsPath):
    """A path of Windows; to look it up is an error, as another computer would be asked."""

    def resolve(self) -> PurePath:
        raise AssertionError(f"{self} was looked up")


@pytest.mark.parametrize("name", [r"C:\calls.csv", "C:calls.csv", r"\calls.csv", r"\\host\share\calls.csv"])
def test_paths_of_windows_with_a_drive_or_a_host_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(paths, "Path", _NotLookedUp)
    with pytest.raises(ValueError, match="outside the folder"):
        confined(tmp_path, name)
