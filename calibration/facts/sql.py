"""Functions of the database that ibis has no name for, and a few constants of time."""

from typing import Any, Final

import ibis

SECOND_US: Final = 1_000_000
HOUR_US: Final = 3600 * SECOND_US
DAY_US: Final = 24 * HOUR_US


def _one(a: object) -> None:
    """Stand for a function of one argument."""


def _two(a: object, b: object) -> None:
    """Stand for a function of two arguments."""


def _builtin(stands: Any, name: str, takes: tuple[str, ...], gives: str) -> Any:
    return ibis.udf.scalar.builtin(stands, name=name, signature=(takes, gives))


epoch_us: Final[Any] = _builtin(_one, "epoch_us", ("timestamp",), "int64")
"""Microseconds since 1970 of a time stamp; one with an offset is taken to UTC."""
make_timestamp: Final[Any] = _builtin(_one, "make_timestamp", ("int64",), "timestamp")
"""The time stamp of microseconds since 1970."""
try_strptime: Final[Any] = _builtin(_two, "try_strptime", ("string", "string"), "timestamp")
"""A time stamp read by a form; null where the text has another."""
sha256: Final[Any] = _builtin(_one, "sha256", ("string",), "string")
"""The SHA-256 digest of a text, in hexadecimal digits."""
hash_of: Final[Any] = _builtin(_one, "hash", ("string",), "uint64")
"""A number of 64 bits for a text; not for secrets."""


def null(dtype: str) -> Any:
    """The null of a type."""
    return ibis.null(dtype)


def total(values: Any) -> Any:
    """The sum of a Boolean or integer column as an integer, 0 for no rows."""
    return values.cast("int64").sum().coalesce(0).cast("int64")
