"""Readers of cells: small values that turn a cell into a typed one, or null where it cannot be read.

A cell of a text file is text without blanks around it; one of a Parquet file may have its type already. One
with one of the reader's missing marks says nothing; any other that comes out null cannot be read.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

import ibis

from calibration.facts.local_time import Clocks, left_out, to_utc
from calibration.facts.sql import SECOND_US, epoch_us, null, try_strptime

LONGEST_TEXT: Final = 200
_MOST_WHOLE: Final = 10**9 - 1
_LONGEST_US: Final = 10**9 * SECOND_US  # thirty years: sums of times and durations stay in 64 bits
_FARTHEST_US: Final = 10**17  # the year 5138
_UNIT_US: Final = {"s": SECOND_US, "min": 60 * SECOND_US, "ms": 1000, "h": 3600 * SECOND_US}
_NUMBER: Final = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?$"
_WHOLE: Final = r"^[+-]?[0-9]{1,9}(\.0+)?$"
_ISO: Final = (
    r"^([0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,9})?)?)"
    r" ?(Z|z|[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?)?$"
)
_OFFSET: Final = r"[0-9] ?(Z|z|[+-][0-9]{2}(:?[0-9]{2})?)$"
_CLOCK: Final = r"^([0-9]{1,2}):([0-5][0-9]):([0-5][0-9])$"
_DAY_FIRST: Final = r"^[0-9]{1,2}/[0-9]{1,2}/[0-9]{4} [0-9]{1,2}:[0-9]{2}$"
_FLAGS: Final = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}

Read = Callable[[Any, Clocks | None], Any]


class Reader(NamedTuple):
    """How a cell is read: `read` takes an ibis value and the clocks of the zone, if they are known."""

    what: str
    dtype: str
    read: Read
    missing: tuple[str, ...] = ("",)
    shown: bool = True  # what cannot be read is shown; of free text it is not, which may be personal

    def but(self, *missing: str) -> "Reader":
        """The same reader, for which these marks mean that nothing is known, as an empty cell does."""
        return self._replace(missing=("", *missing))


def as_text(cell: Any) -> Any:
    """A cell as text; a whole number that a file keeps as a decimal one loses its `.0`."""
    kind = cell.type()
    if kind.is_string():
        return cell
    text = cell.cast("string")
    return text.re_replace(r"\.0$", "") if kind.is_floating() or kind.is_decimal() else text


def value_of(reader: Reader, cell: Any, clocks: Clocks | None) -> Any:
    """The value of a cell: null where it is missing or cannot be read."""
    kind = cell.type()
    if kind.is_nested() or kind.is_binary() or kind.is_unknown():
        return null(reader.dtype)  # nothing in it can be read, and all of it is told
    if not kind.is_string():
        return reader.read(cell, clocks)
    return reader.read(ibis.ifelse(cell.isin(reader.missing), null("string"), cell), clocks)


def is_missing(reader: Reader, cell: Any) -> Any:
    """Whether a cell says that nothing is known."""
    if not cell.type().is_string():
        return cell.isnull()
    return cell.isnull() | cell.isin(reader.missing)


def _text(cell: Any, _: Clocks | None) -> Any:
    text = as_text(cell)
    return ibis.ifelse(text.length() <= LONGEST_TEXT, text, null("string"))


text: Final = Reader(f"a text of at most {LONGEST_TEXT} characters", "string", _text, shown=False)


def word(*allowed: str) -> Reader:
    """One of some words, in small letters or not."""
    return words({each: each for each in allowed})


def words(meanings: Mapping[str, str], otherwise: str | None = None) -> Reader:
    """One of some words, each with its meaning; any other means `otherwise`, or cannot be read."""
    folded = {key.lower(): meaning for key, meaning in meanings.items()}

    def read(cell: Any, _: Clocks | None) -> Any:
        seen = as_text(cell).lower()
        found = ibis.cases(*((seen == key, meaning) for key, meaning in folded.items()))
        return found if otherwise is None else ibis.ifelse(seen.isnull(), found, found.fill_null(otherwise))

    return Reader(f"one of {', '.join(meanings)}", "string", read)


def _flag(cell: Any, _: Clocks | None) -> Any:
    if cell.type().is_boolean():
        return cell
    seen = as_text(cell).lower()
    return ibis.cases(*((seen == key, meaning) for key, meaning in _FLAGS.items()))


flag: Final = Reader("true or false", "boolean", _flag)


def _whole(cell: Any, _: Clocks | None) -> Any:
    if cell.type().is_numeric():
        fits = cell.between(-_MOST_WHOLE, _MOST_WHOLE) & (cell == cell.round())
        return ibis.ifelse(fits, cell, null(str(cell.type()))).try_cast("int64")
    if not cell.type().is_string():
        return null("int64")
    fits = cell.re_search(_WHOLE)
    return ibis.ifelse(fits, cell, null("string")).try_cast("float64").try_cast("int64")


whole: Final = Reader("a whole number of at most 9 digits", "int64", _whole)


def _number(cell: Any, _: Clocks | None) -> Any:
    if cell.type().is_floating():
        return ibis.ifelse(cell.isnan() | cell.isinf(), null("float64"), cell.cast("float64"))
    if cell.type().is_numeric():
        return cell.cast("float64")
    if not cell.type().is_string():
        return null("float64")
    value = ibis.ifelse(cell.re_search(_NUMBER), cell, null("string")).try_cast("float64")
    return ibis.ifelse(value.isinf(), null("float64"), value)


number: Final = Reader("a number with a decimal point, such as 12.5", "float64", _number)


def duration(unit: str) -> Reader:
    """A duration in one of s, ms, min and h, as microseconds."""

    def read(cell: Any, clocks: Clocks | None) -> Any:
        micros = _number(cell, clocks) * _UNIT_US[unit]
        return ibis.ifelse(micros.abs() <= _LONGEST_US, micros.round(), null("float64")).try_cast("int64")

    return Reader(f"a number of {unit} with a decimal point, such as 12.5", "int64", read)


def _seconds(cell: Any, clocks: Clocks | None) -> Any:
    micros = duration("s").read(cell, clocks)
    return ibis.ifelse(micros >= 0, micros, null("int64"))


seconds: Final = Reader("a number of s, 0 or more, with a decimal point, such as 12.5", "int64", _seconds)


def _stamp(cell: Any) -> Any:
    """Microseconds of an ISO text as it stands, whatever its offset."""
    return epoch_us(cell.re_extract(_ISO, 1).replace(",", ".").try_cast("timestamp"))


def _offset_us(cell: Any) -> Any:
    """Microseconds by which an ISO text is ahead of UTC; null where it does not say."""
    zoned = cell.re_extract(_OFFSET, 1)
    digits = zoned.re_replace("[^0-9]", "").rpad(4, "0")
    minutes = digits.substr(0, 2).try_cast("int64") * 60 + digits.substr(2, 2).try_cast("int64")
    ahead = ibis.ifelse(zoned.startswith("-"), -minutes, minutes) * (60 * SECOND_US)
    return ibis.cases((cell.right(1).isin(("Z", "z")), 0), (zoned == "", null("int64")), else_=ahead)


def _typed_stamp(cell: Any) -> Any:
    """Microseconds of a time stamp that a file keeps as one."""
    kind = cell.type()
    same = "timestamp" if kind.timezone is None else f"timestamp('{kind.timezone}')"
    at = epoch_us(cell if kind.scale in (None, 6) else cell.cast(same))
    return ibis.ifelse(at.between(-_FARTHEST_US, _FARTHEST_US), at, null("int64"))


def has_offset(cell: Any) -> Any:
    """Whether a cell of ISO time says its offset from UTC."""
    kind = cell.type()
    if kind.is_timestamp():
        return cell.isnull() | ibis.literal(kind.timezone is not None)
    if not kind.is_string():
        return cell.isnull() | True  # no time at all, and told as such
    return cell.isnull() | ~cell.re_search(_ISO) | cell.re_search(_OFFSET)


def _iso_utc(cell: Any, clocks: Clocks | None) -> Any:
    kind = cell.type()
    if kind.is_timestamp():
        at = _typed_stamp(cell)
        return at if kind.timezone is not None else _of_wall(at, clocks)
    if not kind.is_string():
        return null("int64")
    at, offset = _stamp(cell), _offset_us(cell)
    if clocks is None:
        return at - offset
    return ibis.ifelse(offset.isnull(), _of_wall(at, clocks), at - offset)


def _of_wall(at: Any, clocks: Clocks | None) -> Any:
    if clocks is None:
        return null("int64")
    return ibis.ifelse(left_out(at, clocks), null("int64"), to_utc(at, clocks))


def year_of(cell: Any) -> Any:
    """The year of an ISO time, as far as it can be told."""
    kind = cell.type()
    if kind.is_timestamp():
        return cell.year().cast("int64")
    return cell.left(4).try_cast("int64") if kind.is_string() else null("int64")


iso_time: Final = Reader("a time such as 2026-03-02T08:30:00+01:00", "int64", _iso_utc)
"""A moment: with an offset from UTC or, if the zone is known, without."""


def _iso_wall(cell: Any, _: Clocks | None) -> Any:
    if cell.type().is_timestamp():
        return _typed_stamp(cell)
    return _stamp(cell) if cell.type().is_string() else null("int64")


wall_time: Final = Reader("a local time such as 2026-03-02 08:30:00", "int64", _iso_wall)
"""What the clocks showed, as microseconds; an offset is not looked at."""


def _day_first(cell: Any, _: Clocks | None) -> Any:
    fits = ibis.ifelse(cell.re_search(_DAY_FIRST), cell, null("string"))
    return epoch_us(try_strptime(fits, "%d/%m/%Y %H:%M"))


day_first_time: Final = Reader("a local time day/month/year such as 29/2/2016 01:16", "int64", _day_first)


def _yymmdd(cell: Any, _: Clocks | None) -> Any:
    fits = ibis.ifelse(as_text(cell).re_search(r"^[0-9]{6}$"), as_text(cell), null("string"))
    return epoch_us(try_strptime(ibis.literal("19") + fits, "%Y%m%d"))


yymmdd: Final = Reader("a date yymmdd of the twentieth century, such as 990131", "int64", _yymmdd)
"""The midnight of a date, as what the clocks showed."""


def _clock(cell: Any, _: Clocks | None) -> Any:
    hours, minutes, rest = (as_text(cell).re_extract(_CLOCK, i).try_cast("int64") for i in (1, 2, 3))
    return ibis.ifelse(hours <= 24, (hours * 3600 + minutes * 60 + rest) * SECOND_US, null("int64"))


clock: Final = Reader("a time of day h:mm:ss", "int64", _clock)
"""Microseconds since midnight, as a time of day."""
