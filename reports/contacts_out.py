"""The contacts of one replication as an export: the format `canonical` of docs/facts.md, a row a leg.

Rows are written some at a time, so that memory does not grow with their number, only with that of the cases
where a scenario has any. Work that no customer began (updates, articles) is no row. The bytes depend on the
scenario, the seed and the versions of what writes them alone.
"""

import csv
import gzip
import math
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from reports import case_columns
from reports.case_columns import CaseColumns
from reports.tables_out import ROWS_A_GROUP
from scenarios.related import has_cases

if TYPE_CHECKING:
    from scenarios import Scenario
    from sim.compile import Model

Ints = NDArray[np.int64]
Columns = dict[str, NDArray[Any]]
Write = Callable[[Columns], None]

ENDINGS: Final = (".csv", ".csv.gz", ".parquet")
COLUMNS: Final = (
    "contact_id", "leg", "user_id", "agent_id", "channel", "queue", "segment", "outcome", "queued",
    "arrived_at", "answered_at", "ended_at", "left_at", "transferred_at", "wait_s", "handle_s",
)  # fmt: skip
TIMES: Final = ("arrived_at", "answered_at", "ended_at", "left_at", "transferred_at")
_TIMES: Final = (*TIMES, *case_columns.TIMES)
_NEVER: Final = np.iinfo(np.int64).min
_US: Final = 1_000_000
_OFFSET_US: Final = 900 * _US  # no clocks have changed within a quarter of an hour since 1970
_OUTCOME: Final = {
    "handled": "handled",
    "abandoned": "abandoned",
    "blocked": "dropped",
    "closed": "dropped",
    "cleared": "dropped",
    "overflowed": "dropped",
    "open": "open",
    "silent": "handled",  # as an agent sees it, who answers somebody that has left
    "unreached": "handled",
}
"""What the log calls an end, as facts call it; who went on to another queue has a `transferred_at` too."""


def ending_of(path: Path) -> str:
    """Which of the three kinds of file a name asks for. Raises ``ValueError`` for any other."""
    for ending in sorted(ENDINGS, key=len, reverse=True):
        if path.name.lower().endswith(ending) and len(path.name) > len(ending):
            return ending
    raise ValueError(
        f"{path.name!r} is no name of an export; it ends with {', '.join(ENDINGS[:-1])} or .parquet"
    )


def write_contacts(scenario: "Scenario", path: Path, seed: int, replication: int = 0) -> int:
    """Simulate one replication and write its contacts to `path`, all at once; returns the number of rows.

    Raises ``ValueError`` for a name that is none of an export, and ``OSError``; either way what was there
    before is still there.
    """
    from sim.compile import compile_scenario
    from sim.contacts import SIDE
    from sim.legs import each_leg

    ending = ending_of(path)
    model = compile_scenario(scenario)
    cased = CaseColumns(model, seed, replication) if has_cases(scenario) else None
    made = _Maker(model, cased)
    zone = scenario.calendar.time_zone
    with _replacing(path) as file, _writing(ending, file, zone, made.names) as write:
        held: list[np.ndarray] = []

        def take(rows: np.ndarray) -> None:
            held.append(rows[rows["role"] < SIDE] if cased else rows)
            if sum(map(len, held)) >= ROWS_A_GROUP:
                emptied(ROWS_A_GROUP)

        def emptied(least: int) -> None:
            together = np.concatenate(held)
            whole = len(together) // least * least
            for first in range(0, whole, ROWS_A_GROUP):
                write(made.columns(together[first : min(first + ROWS_A_GROUP, whole)]))
            held[:] = [together[whole:]]

        each_leg(model, seed, replication, take)
        emptied(1)
    return made.rows


class _Maker:
    """Leg rows into columns; remembers who came again, so that a person keeps a name."""

    def __init__(self, model: "Model", cased: CaseColumns | None) -> None:
        from sim.log import OUTCOMES

        self._cased = cased
        self.names = (*COLUMNS, *case_columns.COLUMNS) if cased else COLUMNS
        self.rows = 0
        self._people = dict[int, int]()
        names = model.names
        self._origin_us = model.almanac.origin * _US
        self._streams = np.array(names.streams, object)
        self._queues = np.array(names.queues, object)
        self._channels = np.array([model.scenario.queues[name].channel for name in names.queues], object)
        self._agents = np.array([*_agent_names(model), None], object)
        self._outcomes = np.array([_OUTCOME.get(name) for name in OUTCOMES], object)
        self._passed = OUTCOMES.index("overflowed")
        self._silent = OUTCOMES.index("silent")

    def columns(self, rows: np.ndarray) -> Columns:
        """The columns of an export; times are microseconds since 1970, `_NEVER` where there is none."""
        self.rows += len(rows)
        outcome = self._outcomes[rows["outcome"]]
        is_handled, is_open = outcome == "handled", outcome == "open"
        started = rows["started"] >= 0
        wait = np.where(started, rows["started"], rows["ended"]) - rows["queued"]
        more = self._cased.columns(rows) if self._cased else {}
        more |= {name: self._at(more[name], more[name] >= 0) for name in case_columns.TIMES if more}
        return more | {
            "contact_id": _hexadecimal(rows["key"]),
            "leg": rows["leg"].astype(np.int64) + 1,
            "user_id": self._users(rows),
            "agent_id": self._agents[np.where(started, rows["agent"], -1)],
            "channel": self._channels[rows["queue"]],
            "queue": self._queues[rows["queue"]],
            "segment": self._streams[rows["stream"]],
            "outcome": outcome,
            "queued": ~(started & (wait == 0)) & ~((outcome == "dropped") & (wait == 0)),
            "arrived_at": self._at(rows["queued"], np.ones(len(rows), bool)),
            "answered_at": self._at(rows["started"], started),
            "ended_at": self._at(rows["ended"], ~is_open),
            "left_at": self._at(rows["left"], rows["outcome"] == self._silent),
            "transferred_at": self._at(rows["ended"], rows["outcome"] == self._passed),
            "wait_s": np.where(is_open & ~started, np.nan, wait / _US),
            "handle_s": np.where(is_handled, (rows["ended"] - rows["started"]) / _US, np.nan),
        }

    def _at(self, ticks: Ints, there: NDArray[np.bool_]) -> Ints:
        return np.where(there, ticks + self._origin_us, _NEVER)

    def _users(self, rows: np.ndarray) -> NDArray[Any]:
        """A contact's own key, or that of the contact which its customer began with."""
        people = rows["key"].copy()
        for i in np.flatnonzero(rows["parent"]).tolist():
            parent = int(rows["parent"][i])
            first = self._people.get(parent, parent)
            self._people[int(rows["key"][i])] = first
            people[i] = first
        return _hexadecimal(people)


def _agent_names(model: "Model") -> list[str]:
    """Every agent by its group and its number in it, in the order of the simulation."""
    counts = dict[int, int]()
    found = []
    for group in model.start.agents["group"].tolist():
        counts[group] = counts.get(group, 0) + 1
        found.append(f"{model.names.groups[group]} {counts[group]}")
    return found


def _hexadecimal(keys: NDArray[np.uint64]) -> NDArray[Any]:
    return np.array([f"{key:016x}" for key in keys.tolist()], object)


@contextmanager
def _replacing(path: Path) -> Iterator[BinaryIO]:
    """A file that takes the place of `path` once it is complete."""
    handle, name = tempfile.mkstemp(dir=path.absolute().parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(name, 0o666 & ~mask)
        os.replace(name, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(name)
        raise


@contextmanager
def _writing(ending: str, file: BinaryIO, zone: str, names: Sequence[str]) -> Iterator[Write]:
    if ending == ".parquet":
        with _parquet(file, zone, names) as write:
            yield write
    elif ending == ".csv":
        yield _text(file, zone, names)
    else:
        with gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as packed:
            yield _text(packed, zone, names)


@contextmanager
def _parquet(file: BinaryIO, zone: str, names: Sequence[str]) -> Iterator[Write]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    kinds = {"leg": pa.int64(), "queued": pa.bool_(), "wait_s": pa.float64(), "handle_s": pa.float64()}
    kinds |= dict.fromkeys(case_columns.WHOLE, pa.int64()) | dict.fromkeys(case_columns.FLAGS, pa.bool_())
    kinds |= {"arr": pa.float64()} | dict.fromkeys(_TIMES, pa.timestamp("us", tz=zone))
    schema = pa.schema([(name, kinds.get(name, pa.string())) for name in names])
    with pq.ParquetWriter(file, schema, version="2.6", compression="zstd", store_schema=True) as writer:

        def write(columns: Columns) -> None:
            table = [_array(columns[field.name], field.type, field.name in _TIMES) for field in schema]
            writer.write_table(pa.Table.from_arrays(table, schema=schema), row_group_size=ROWS_A_GROUP)

        yield write


def _array(values: NDArray[Any], kind: Any, is_time: bool) -> Any:
    import pyarrow as pa

    if is_time:
        return pa.array(values, pa.int64(), mask=values == _NEVER).cast(kind)
    return pa.array(values, kind, mask=np.isnan(values) if values.dtype.kind == "f" else None)


def _text(file: Any, zone: str, names: Sequence[str]) -> Write:
    """Write CSV: UTF-8, commas; times on the clocks of the zone with their offset from UTC."""

    def line(cells: Sequence[object]) -> None:
        writer.writerow(cells)

    class _Encoded:
        def write(self, text: str) -> int:
            return int(file.write(text.encode("utf-8")))

    writer = csv.writer(_Encoded(), lineterminator="\n")
    line(names)
    clocks = _Clocks(ZoneInfo(zone))

    def write(columns: Columns) -> None:
        cells = [_cells(columns[name], clocks if name in _TIMES else None) for name in names]
        writer.writerows(zip(*cells, strict=True))

    return write


def _cells(values: NDArray[Any], clocks: "_Clocks | None") -> list[Any]:
    if clocks is not None:
        return clocks.texts(values)
    if values.dtype.kind == "b":
        return ["true" if value else "false" for value in values.tolist()]
    if values.dtype.kind == "O":
        return [str(value).lower() if isinstance(value, bool) else value for value in values.tolist()]
    if values.dtype.kind == "f":
        return [
            "" if math.isnan(value) else f"{value:.6f}".rstrip("0").rstrip(".") for value in values.tolist()
        ]
    return list(values.tolist())


class _Clocks:
    """Moments as ISO 8601 on the clocks of a time zone; offsets are looked up once a quarter of an hour."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._offsets = dict[int, int]()

    def texts(self, moments: Ints) -> list[str]:
        """Such as 2026-03-02T08:30:00.250000+01:00; empty where there is none."""
        there = moments != _NEVER
        slots, place = np.unique(moments[there] // _OFFSET_US, return_inverse=True)
        offsets = np.array([self._offset_s(slot) for slot in slots.tolist()], np.int64)
        local = (moments[there] + offsets[place] * _US).astype("datetime64[us]")
        ends = [_offset_text(offset) for offset in offsets.tolist()]
        found = np.full(len(moments), "", object)
        texts = np.datetime_as_string(local, unit="us").tolist()
        found[there] = [text + ends[i] for text, i in zip(texts, place.tolist(), strict=True)]
        return list(found.tolist())

    def _offset_s(self, slot: int) -> int:
        if slot not in self._offsets:
            at = datetime.fromtimestamp(slot * (_OFFSET_US // _US), UTC).astimezone(self._zone)
            offset = at.utcoffset()
            self._offsets[slot] = int(offset.total_seconds()) if offset else 0
        return self._offsets[slot]


def _offset_text(seconds: int) -> str:
    sign, minutes = "-" if seconds < 0 else "+", abs(seconds) // 60
    return f"{sign}{minutes // 60:02d}:{minutes % 60:02d}"
