"""From a file, names of overrides and settings to scenarios: notes and problems told, each once."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import typer

from careloop.cli import RefusedError, printable

if TYPE_CHECKING:
    from scenarios import Loaded, Scenario
    from scenarios.settings import Setting


class Opening(NamedTuple):
    """What a command names: a file, overrides of it in order, and settings as they were written."""

    file: Path
    names: tuple[str, ...] = ()
    sets: tuple[str, ...] = ()

    def problems(self) -> list[str]:
        """The errors of the file as it stands, to be told beside those of the options."""
        import scenarios

        found = scenarios.open_scenario(self.file, self.names).problems
        return [str(problem) for problem in found if problem.severity == "error"]


def versions_set(texts: Sequence[str]) -> "list[tuple[Setting, ...]]":
    """The combinations of settings that are asked for; one, and empty, where nothing is set."""
    from scenarios.settings import combinations

    try:
        return combinations(texts)
    except ValueError as error:
        raise RefusedError(f"error: --set: {error}") from None


def one_set(texts: Sequence[str]) -> "tuple[Setting, ...]":
    """The settings where each is one value; a range is refused."""
    found = versions_set(texts)
    if len(found) > 1:
        raise RefusedError("error: --set: one value is needed here, not a range")
    return found[0]


def opened_all(opening: Opening, versions: "Iterable[Sequence[Setting]]") -> "list[Scenario]":
    """The scenarios of a file with each of several settings."""
    import scenarios

    return usable([scenarios.open_scenario(opening.file, opening.names, each) for each in versions])


def usable(loaded: "Sequence[Loaded]") -> "list[Scenario]":
    """The scenarios of what was loaded; notes and warnings are told, errors end the command."""
    notes = [text for each in loaded for text in (*each.notes, *_texts(each, "warning"))]
    tell(*dict.fromkeys(notes))
    errors = dict.fromkeys(text for each in loaded for text in _texts(each, "error"))
    if errors:
        raise RefusedError(*errors)
    return [each.scenario for each in loaded if each.scenario is not None]


def _texts(loaded: "Loaded", severity: str) -> list[str]:
    return [str(problem) for problem in loaded.problems if problem.severity == severity]


def tell(*lines: str) -> None:
    """Print lines to stderr."""
    for line in lines:
        typer.echo(printable(line), err=True)
