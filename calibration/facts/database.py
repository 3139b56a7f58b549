"""The database in which facts are computed: DuckDB in a temporary file, with little memory, few threads."""

import shutil
import tempfile
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import ibis

MEMORY: Final = "1GB"
_INTERRUPTED: Final = ("KeyboardInterrupt", "Query interrupted", "INTERRUPT Error")
_NO_NETWORK: Final = ("autoinstall_known_extensions", "autoload_known_extensions")


def was_interrupted(error: Exception) -> bool:
    """Whether an error is what the database makes of Ctrl-C: in a query, or in Python that it called."""
    return any(each in str(error) for each in _INTERRUPTED)


class Database:
    """A database of its own, whose files go when it is closed or forgotten."""

    def __init__(self, threads: int) -> None:
        folder = tempfile.mkdtemp(prefix="careloop-facts-")
        path = Path(folder)
        self._folder = path
        self.con: Any = ibis.duckdb.connect(
            ":memory:",
            threads=threads,
            memory_limit=MEMORY,
            temp_directory=str(path / "spilled"),
            preserve_insertion_order=True,
            **dict.fromkeys(_NO_NETWORK, False),
        )
        self.con.raw_sql("SET enable_progress_bar = false")  # it would be written to stdout
        self._close = weakref.finalize(self, _closed, self.con, folder)

    def close(self) -> None:
        """Close it, and remove its files."""
        self._close()

    def stream(self, name: str, reader: Any) -> Any:
        """A table of what an Arrow stream gives, in its order."""
        raw = self.con.con
        raw.register("incoming", reader)
        try:
            raw.execute(f'CREATE TABLE "{name}" AS SELECT * FROM incoming')
        except Exception as error:
            if was_interrupted(error):
                raise KeyboardInterrupt from None
            raise
        finally:
            raw.unregister("incoming")
        return self.con.table(name)

    def kept(self, name: str, table: Any) -> Any:
        """A table computed once, and kept."""
        self.con.raw_sql(f'CREATE TABLE "{name}" AS {self.con.compile(table)}')
        return self.con.table(name)

    def laid_down(self, name: str, table: Any) -> Any:
        """A table computed once, and kept in a packed file of its own: for what is read often."""
        path = self._folder / f"{name}.parquet"
        place = str(path).replace("'", "''")
        self.con.raw_sql(f"COPY ({self.con.compile(table)}) TO '{place}' (FORMAT parquet, COMPRESSION zstd)")
        return self.con.read_parquet(str(path), table_name=name)

    def forget(self, name: str) -> None:
        """Free the memory of a table that nobody needs any more, if there is one."""
        self.con.raw_sql(f'DROP TABLE IF EXISTS "{name}"')

    def number(self, value: Any) -> int:
        """A whole number that an expression comes to."""
        return int(value.to_pyarrow().as_py())

    def row(self, table: Any) -> dict[str, Any]:
        """The one row of an aggregation."""
        return dict(table.to_pyarrow().to_pylist()[0])

    def batches(self, table: Any, size: int = 10_000) -> Iterator[list[tuple[Any, ...]]]:
        """The rows of a table that may be large, some at a time."""
        cursor = self.con.raw_sql(self.con.compile(table))
        while rows := cursor.fetchmany(size):
            yield list(rows)

    def rows(self, table: Any) -> list[dict[str, Any]]:
        """The rows of a small table."""
        return list(table.to_pyarrow().to_pylist())


def _closed(con: Any, folder: str) -> None:
    con.disconnect()
    shutil.rmtree(folder, ignore_errors=True)
