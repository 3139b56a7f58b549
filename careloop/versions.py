"""From what a command names to labelled scenarios: the one place that knows how versions are written."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from careloop.cli import RefusedError, printable

BASE: Final = "base"  # the file without overrides


class AskedVersion(NamedTuple):
    """A version as the command line names it; `label` heads its column."""

    label: str
    path: Path
    overrides: tuple[str, ...] = ()


def versions_of(paths: Sequence[Path], names: Sequence[str]) -> list[AskedVersion]:
    """One file with named overrides, or several files; the first is the one to compare with."""
    if names and len(paths) > 1:
        raise RefusedError("error: --scenario picks versions of one file; name one file, or no --scenario")
    if names:
        chosen = (BASE, *names) if len(names) == 1 else tuple(names)
        labels = labels_of(chosen)
        return [
            AskedVersion(label, paths[0], () if name == BASE else (name,))
            for label, name in zip(labels, chosen, strict=True)
        ]
    if len(paths) == 1:
        raise RefusedError(
            f"error: {paths[0]}: nothing to compare it with; add --scenario NAME or name a second file"
        )
    return [AskedVersion(label, path) for label, path in zip(path_labels(paths), paths, strict=True)]


def path_labels(paths: Sequence[Path]) -> list[str]:
    """Names of files (without ending) or folders; whole paths where two would be called the same."""
    stems = [path.stem if path.is_file() else path.resolve().name for path in paths]
    alike = len(set(stems)) < len(set(paths))
    return labels_of([str(path) for path in paths] if alike else stems)


def labels_of(names: Sequence[str]) -> list[str]:
    """The names as they can be shown, each with a number behind it where it has been there before."""
    found: list[str] = []
    for name in map(printable, names):
        label, n = name, 2
        while label in found:
            label, n = f"{name} ({n})", n + 1
        found.append(label)
    return found
