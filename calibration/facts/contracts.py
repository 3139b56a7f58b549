"""What must hold of the facts of one row, and of all of them, as data: a contract is one entry.

A row that breaks one is set aside with the contract's words; what only all rows together can tell
(milliseconds taken for seconds) refuses the file.
"""

import datetime
from typing import Any, Final, NamedTuple

import ibis
from ibis import _

from calibration.facts.columns import LIVE_CHANNELS
from calibration.facts.local_time import FIRST_YEAR, LAST_YEAR
from calibration.facts.sql import DAY_US, HOUR_US, SECOND_US, make_timestamp


class Contract(NamedTuple):
    """What a row breaks if `broken` holds; `shown` is the fact to look at, beside `against`."""

    name: str
    broken: Any
    says: str
    cause: str
    shown: str
    against: str = ""


def _year_us(year: int) -> int:
    return int(datetime.datetime(year, 1, 1, tzinfo=datetime.UTC).timestamp()) * SECOND_US


def _ordered(later: str, earlier: str, says: str) -> Contract:
    return Contract(
        f"{later} before {earlier}",
        _[later] < _[earlier],
        says,
        "columns that are swapped, or times of different zones in one row",
        later,
        earlier,
    )


_LIVE: Final[Any] = _["channel"].isnull() | _["channel"].isin(LIVE_CHANNELS)
_UNITS: Final = "another unit than the format has, or a contact that nobody closed"

CONTACT_CONTRACTS: Final = (
    Contract(
        "left out",
        _["left_out"],
        "is a time that the clocks of the zone left out when they went forward",
        "an export of another time zone, or in UTC",
        "local_us",
    ),
    Contract(
        "year",
        (_["arrived_us"] < _year_us(FIRST_YEAR)) | (_["arrived_us"] >= _year_us(LAST_YEAR + 1)),
        f"is outside the years {FIRST_YEAR} to {LAST_YEAR}",
        "another unit of time, or a default of the system",
        "arrived_us",
    ),
    _ordered("answered_us", "arrived_us", "was answered before it arrived"),
    _ordered("ended_us", "answered_us", "ended before it was answered"),
    _ordered("ended_us", "arrived_us", "ended before it arrived"),
    _ordered("wrap_ended_us", "ended_us", "the work after it ended before the conversation"),
    _ordered("transferred_us", "arrived_us", "was passed on before it arrived"),
    _ordered("resolved_us", "arrived_us", "was resolved before it arrived"),
    _ordered("reopened_us", "arrived_us", "was opened again before it arrived"),
    Contract("negative wait", _["wait_us"] < 0, "has a negative wait", "columns that are swapped", "wait_us"),
    Contract(
        "negative handle time",
        _["handle_us"] < 0,
        "has a negative handle time",
        "columns that are swapped",
        "handle_us",
    ),
    Contract("absurd wait", _LIVE & (_["wait_us"] > DAY_US), "waited for more than a day", _UNITS, "wait_us"),
    Contract(
        "absurd handle time",
        _LIVE & (_["handle_us"] > DAY_US),
        "was worked on for more than a day",
        _UNITS,
        "handle_us",
    ),
    Contract(
        "confidence",
        (_["cause_confidence"] < 0) | (_["cause_confidence"] > 1),
        "has a confidence outside 0 to 1",
        "per cent taken for a share",
        "cause_confidence",
    ),
    Contract("leg", _["leg"] < 1, "has a leg below 1", "legs counted from 0", "leg"),
    Contract(
        "counts",
        (_["transfers"] < 0) | (_["reopens"] < 0),
        "has a negative count",
        "a mark for 'unknown'",
        "transfers",
        "reopens",
    ),
    Contract("arr", _["arr"] < 0, "has a negative annual revenue", "a mark for 'unknown'", "arr"),
)
"""Row by row; the first that a row breaks is told."""

BROKEN: Final = "contract"
"""The number of the first contract that a row breaks, from 1; 0 where all hold."""


def checked(facts: Any, contracts: tuple[Contract, ...]) -> Any:
    """The facts with the number of the first contract that each row breaks."""
    cases = [(each.broken.resolve(facts).fill_null(False), i) for i, each in enumerate(contracts, 1)]
    return facts.mutate(**{BROKEN: ibis.cases(*cases, else_=0).cast("int64")})


def broken_rows(facts: Any, contracts: tuple[Contract, ...]) -> Any:
    """The rows that break a contract: file, line, column, what was seen and why."""
    numbers = range(1, len(contracts) + 1)
    rows = facts.filter(facts[BROKEN] > 0)
    at = rows[BROKEN]
    return rows.select(
        "file",
        "line",
        ibis.cases(*((at == i, external(c.shown)) for i, c in zip(numbers, contracts, strict=True))).name(
            "column"
        ),
        ibis.cases(*((at == i, _seen(rows, c)) for i, c in zip(numbers, contracts, strict=True))).name(
            "seen"
        ),
        ibis.cases(*((at == i, c.says) for i, c in zip(numbers, contracts, strict=True))).name("why"),
    )


def external(fact: str) -> str:
    """The name of a fact as files have it: `arrived_at` for `arrived_us`."""
    if fact in ("wait_us", "handle_us"):
        return fact.removesuffix("_us") + "_s"
    if fact == "local_us":
        return "arrived_at"
    return fact.removesuffix("_us") + "_at" if fact.endswith("_us") else fact


def _seen(rows: Any, contract: Contract) -> Any:
    shown = _shown(rows, contract.shown)
    if not contract.against:
        return shown
    return shown.concat(f" ({external(contract.against)}: ", _shown(rows, contract.against), ")")


def _shown(rows: Any, fact: str) -> Any:
    """A fact as text: a time in ISO 8601, a duration in seconds."""
    value = rows[fact]
    if fact in ("wait_us", "handle_us"):
        return (value / SECOND_US).cast("string").concat(" s").fill_null("")
    if fact == "local_us":
        return make_timestamp(value).cast("string")
    if fact.endswith("_us"):
        return make_timestamp(value).cast("string").concat("Z").fill_null("")
    return value.cast("string").fill_null("")


class Pattern(NamedTuple):
    """What refuses a file if more than half of its handle times are of a size."""

    name: str
    holds: Any
    cause: str


PATTERNS: Final = (
    Pattern(
        "milliseconds",
        _["handle_us"] > 3 * HOUR_US,
        "milliseconds taken for seconds: most handle times are above 3 h; divide them by 1000",
    ),
    Pattern(
        "fractions of a day",
        (_["handle_us"] > 0) & (_["handle_us"] < SECOND_US // 10),
        "fractions of a day taken for seconds: most handle times are under 0.1 s; multiply them by 86400",
    ),
)


def pattern_counts(facts: Any) -> dict[str, Any]:
    """Aggregations: how many live contacts have a handle time, and how many of them fit each pattern."""
    live = _LIVE.resolve(facts) & facts["handle_us"].notnull()
    counts = {"handle_times": live.cast("int64").sum().fill_null(0)}
    for i, each in enumerate(PATTERNS):
        counts[f"pattern{i}"] = (live & each.holds.resolve(facts)).cast("int64").sum().fill_null(0)
    return counts
