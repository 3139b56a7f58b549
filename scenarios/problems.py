"""What is wrong with a scenario file, and where: findings while reading, problems when told.

A *finding* knows only the place in the data (``("mon-fri", 3)``); each caller on the way up puts its
own key before it. A *problem* is a finding with its file and line, ready for a person to read.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from typing import Final, Literal, NamedTuple, NoReturn

from pydantic import ValidationError

Place = tuple[str | int, ...]
Severity = Literal["error", "warning"]

UP: Final = "\n"
"""In the place of a finding: not the field that was being read but one beside it. No key is a new line."""


class Problem(NamedTuple):
    """One problem of a scenario, with the file and line (counted from 1; 0 = unknown) to look at."""

    severity: Severity
    file: str
    line: int
    path: str
    message: str

    def __str__(self) -> str:
        """Write it the way compilers do, so that editors can jump there: ``FILE:LINE: error: ...``.

        It is one line, and steers no terminal, whatever a file or its name may hold.
        """
        where = ":".join(part for part in (self.file, str(self.line) if self.line else "") if part)
        told = ": ".join(part for part in (where, self.severity, self.path, self.message) if part)
        return "".join(c if c.isprintable() else repr(c)[1:-1] for c in told)


class ScenarioError(ValueError):
    """A scenario that cannot be used; ``problems`` says everything that is wrong with it at once."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(map(str, self.problems)))


class Finding(NamedTuple):
    """Something wrong at a place in the data; ``file`` and ``line`` where it is not the scenario's own."""

    place: Place
    message: str
    severity: Severity = "error"
    file: str = ""
    line: int = 0

    def below(self, *place: str | int) -> "Finding":
        """Return the same finding seen from further up the tree."""
        path = list(place)
        for part in self.place:
            if part == UP:
                path.pop()
            else:
                path.append(part)
        return self._replace(place=tuple(path))


class ReadingError(ValueError):
    """Raised while reading a value, with everything that is wrong inside it."""

    def __init__(self, found: Iterable[Finding]) -> None:
        self.found = list(found)
        super().__init__("; ".join(finding.message for finding in self.found))


class Gather:
    """Collects what goes wrong in several parts of a value, so that all of it is told at once."""

    def __init__(self) -> None:
        self.found: list[Finding] = []

    @contextmanager
    def at(self, *place: str | int) -> Iterator[None]:
        """Keep what is raised inside the block, as found at ``place``, and go on after it."""
        try:
            yield
        except ValueError as error:
            self.found += [finding.below(*place) for finding in findings_of(error)]

    def finish(self) -> None:
        """Raise what was collected, if anything was."""
        if self.found:
            raise ReadingError(self.found)


def refuse(message: str, *place: str | int) -> NoReturn:
    """Raise one finding at a place below the value that is being read."""
    raise ReadingError([Finding(place, message)])


def findings_of(error: ValueError) -> list[Finding]:
    """Return what an error raised while reading has found, however deep it was wrapped."""
    if isinstance(error, ReadingError):
        return error.found
    if not isinstance(error, ValidationError):
        return [Finding((), str(error))]
    return [finding for detail in error.errors(include_url=False) for finding in _details(dict(detail))]


def _details(detail: dict[str, object]) -> list[Finding]:
    """Return the findings of one entry of a pydantic error, its own place before theirs."""
    loc = detail["loc"]
    place = loc if isinstance(loc, tuple) else ()
    context = detail.get("ctx")
    cause = context.get("error") if isinstance(context, dict) else None
    if isinstance(cause, ValueError):
        return [finding.below(*place) for finding in findings_of(cause)]
    if detail["type"] == "missing":
        return [Finding(place, "is missing; add it")]
    seen = f"{shown(detail['input'])}: " if detail["type"] != "extra_forbidden" else ""
    return [Finding(place, f"{seen}{detail['msg']}")]


def shown(value: object) -> str:
    """Return what was seen, short enough for one line."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def nearest(name: str, allowed: Iterable[str]) -> str:
    """Return ``; did you mean 'x'? Allowed: ...`` for a name that is not among the allowed ones."""
    names = list(dict.fromkeys(allowed))
    close = get_close_matches(name.lower(), [each.lower() for each in names], n=1, cutoff=0.6)
    original = {each.lower(): each for each in names}
    hint = f"; did you mean {original[close[0]]!r}?" if close else ";"
    listed = ", ".join(names[:20]) + (", ..." if len(names) > 20 else "")
    return f"{hint} Allowed: {listed or 'none are defined'}"
