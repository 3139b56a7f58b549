"""What a format is: where a vendor's export keeps what the canonical tables have, as data."""

from collections.abc import Callable, Mapping
from typing import Any, Literal, NamedTuple

from calibration.facts.readers import Reader


class Cell(NamedTuple):
    """A column of the export that is read, and how."""

    column: str
    reader: Reader
    there: bool = True  # the header must have it
    filled: bool = False  # no row may leave it empty


class Format(NamedTuple):
    """An export by name. `facts` maps canonical facts to expressions over cells (``_["column"]`` of ibis).

    With the clock ``wall`` all its times are what the clocks of the time zone showed, and are taken to UTC
    after the mapping. `cases` turns the rows of a log of events into one a case, before the mapping.
    """

    name: str
    what: str
    table: Literal["contacts", "intervals"]
    cells: tuple[Cell, ...]
    facts: Mapping[str, Any]
    clock: Literal["utc", "wall"]
    units: str
    traps: tuple[str, ...]
    silent: tuple[str, ...]
    time_zone: str | None = None
    drops_copies: bool = False  # rows that repeat another in every cell are dropped
    one_of: tuple[tuple[str, ...], ...] = ()  # of each of these, one column must be there
    cases: Callable[[Any], Any] | None = None

    @property
    def needed(self) -> tuple[str, ...]:
        """The columns without which a file is not of this format."""
        return tuple(cell.column for cell in self.cells if cell.there)
