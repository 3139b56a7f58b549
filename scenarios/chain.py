"""The files that a scenario extends, one after the other, and what is wrong with that."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from scenarios.paths import confined
from scenarios.problems import Finding, shown
from scenarios.yaml_text import Document, read_file

MOST_FILES: Final = 10
EXTENDS: Final = "extends"


class File(NamedTuple):
    """One file of a chain: its name as told, its folder from the first one's, and what is in it."""

    name: str
    folder: Path
    document: Document


class Chain(NamedTuple):
    """A file and those that it extends, the first first; ``incomplete`` where one could not be read."""

    files: list[File]
    found: list[Finding]
    incomplete: bool


def chain_of(first: File, base_dir: Path) -> Chain:
    """Return a file and those that it extends."""
    files, seen, found = [first], list[Path](), list[Finding]()
    incomplete = False
    while True:
        last = files[-1]
        found += [_told(finding, last) for finding in last.document.found]
        data = last.document.data
        if not isinstance(data, dict) or EXTENDS not in data:
            return Chain(files, found, incomplete)
        named = data.pop(EXTENDS)
        line = last.document.line((EXTENDS,))
        try:
            seen = seen or [(base_dir / Path(first.name).name).resolve()]
            path = _extended(base_dir, last.folder, named)
            if path in seen or len(files) >= MOST_FILES:
                raise ValueError(_round_trip(path, seen))
        except ValueError as error:
            if named is not None:  # an empty value has been found already
                found.append(Finding((EXTENDS,), str(error), file=last.name, line=line))
            incomplete = True
            return Chain(files, found, incomplete)
        seen.append(path)
        folder = path.parent.relative_to(base_dir.resolve())
        document = read_file(path)
        if not isinstance(document.data, dict) and not document.found:
            document.note(
                (), f"{shown(document.data)} is not a map; a file that is extended has the same keys"
            )
        incomplete = bool(document.found)
        _rebase(document.data, folder)
        files.append(File(str(Path(first.name).parent / folder / path.name), folder, document))


def _told(finding: Finding, file: File) -> Finding:
    """Return a finding of a file's text with the file and the line where it is."""
    return finding._replace(
        file=finding.file or file.name, line=finding.line or file.document.lines.get(finding.place, 0)
    )


def _extended(base_dir: Path, folder: Path, named: object) -> Path:
    if not isinstance(named, str) or not named.strip():
        raise ValueError(f"{shown(named)} is not the name of a file; write {EXTENDS}: base.yaml")
    path = confined(base_dir, folder / named)
    try:
        there = path.is_file()
    except OSError as error:
        raise ValueError(f"{shown(named)} cannot be used as a path: {error.strerror}") from None
    if not there:
        raise ValueError(f"there is no file {shown(named)}; give its path from this file's folder")
    return path


def _round_trip(path: Path, seen: Sequence[Path]) -> str:
    if path not in seen:
        return f"goes through more than {MOST_FILES} files; put some of them together"
    return "goes round: " + " -> ".join(each.name for each in (*seen, path)) + "; let one file be the last"


def _rebase(data: object, folder: Path) -> None:
    """Make the paths of CSV files that a file in another folder names count from the first file's."""
    if isinstance(data, dict):
        if isinstance(data.get("csv"), str) and folder != Path():
            data["csv"] = (folder / data["csv"]).as_posix()
        for each in data.values():
            _rebase(each, folder)
    elif isinstance(data, list):
        for each in data:
            _rebase(each, folder)
