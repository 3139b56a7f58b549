"""Facts of an export as the plain columns from which a plan goes on as of a day."""

import datetime
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from careloop.as_of import NoContactsError

if TYPE_CHECKING:
    from calibration.facts.facts import Facts
    from sim.asof.named import Columns, Words

_WORDS: Final = (
    "contact_id", "case_id", "user_id", "agent_id", "queue", "segment", "severity", "cause", "final_cause",
    "incident_id", "outcome", "sentiment",
)  # fmt: skip
_TIMES: Final = (
    "arrived", "answered", "ended", "wrap_ended", "left", "transferred", "resolved", "first_response",
)  # fmt: skip
_NUMBERS: Final = ("leg", "reopens", "csat", "nps", "effort", "avoidable", "arr")
_UNKNOWN: Final = -1
_SET_ASIDE: Final = "careloop calibrate writes which and why to the rejected.csv of its --report DIR"


class Read(NamedTuple):
    """An export as columns, and what is to be said of it."""

    columns: "Columns"
    rows: int
    first: datetime.date
    last: datetime.date
    notes: tuple[str, ...]


def read_columns(
    paths: Sequence[Path], form: str, time_zone: str, tell: Callable[[str], None] = lambda _: None
) -> Read:
    """Read an export of contacts; ids are kept, and told to nobody.

    Raises `ReadingError`, and `NoContactsError` for counts by interval.
    """
    from calibration.facts.formats import FORMATS
    from calibration.facts.notes import NEVER_ON, REJECTED
    from calibration.facts.read import read_facts

    zone = FORMATS[form].time_zone or time_zone if form in FORMATS else time_zone
    with read_facts(paths, form, time_zone=zone, keep_names=True, progress=tell) as facts:
        if facts.contacts is None:
            raise NoContactsError(
                "has counts by interval; which cases are open, and what waits, is told by contacts alone"
            )
        told = (each for each in facts.notes if not each.startswith(NEVER_ON))
        notes = tuple(each.replace(REJECTED, _SET_ASIDE) for each in told)
        return Read(_columns(facts), facts.kept, facts.first_day, facts.last_day, notes)


def _columns(facts: "Facts") -> "Columns":
    from sim.asof.named import Columns

    named = {
        **dict.fromkeys(_WORDS),
        **dict.fromkeys(f"{each}_us" for each in _TIMES),
        **dict.fromkeys(_NUMBERS),
    }
    table = facts.contacts.select(*named).to_pyarrow()
    words = {name: _words(table[name]) for name in _WORDS}
    numbers = {name: _whole(table[name]) for name in _NUMBERS}
    numbers |= {f"{name}_at": _whole(table[f"{name}_us"]) for name in _TIMES}
    return Columns(
        {name: each for name, each in words.items() if (each.codes >= 0).any()},
        {name: each for name, each in numbers.items() if (each != _UNKNOWN).any()},
    )


def _words(column: Any) -> "Words":
    from sim.asof.named import Words

    encoded = column.combine_chunks().dictionary_encode()
    codes = encoded.indices.fill_null(_UNKNOWN).to_numpy(zero_copy_only=False)
    return Words(codes.astype(np.int64), encoded.dictionary.to_pylist())


def _whole(column: Any) -> Any:
    """Whole numbers; money loses its fraction, and yes is 1."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_floating(column.type):
        column = pc.floor(column)
    return column.cast(pa.int64()).fill_null(_UNKNOWN).to_numpy()
