"""What must hold of the facts of a row, as data: a contract is one entry.

A row that breaks one is set aside with the contract's words; the first that it breaks is told.
"""

from typing import Any, Final, NamedTuple

import ibis
from ibis import _

from calibration.facts.columns import LIVE_CHANNELS
from calibration.facts.formats.format import Format
from calibration.facts.local_time import FIRST_YEAR, LAST_YEAR, year_us
from calibration.facts.sql import DAY_US, SECOND_US, make_timestamp

BROKEN: Final = "contract"
"""The number of the first contract that a row breaks, from 1; 0 where all hold."""
_DURATIONS: Final = {
    "wait_us": "wait_s", "handle_us": "handle_s", "talk_us": "talk_s", "hold_us": "hold_s", "acw_us": "acw_s",
    "wait_answered_us": "wait_answered_s", "wait_abandoned_us": "wait_abandoned_s",
    "length_us": "interval_minutes",
}  # fmt: skip
_TIMES: Final = {"local_us": "arrived_at", "start_us": "interval_start"}
LIVE: Final[Any] = _["channel"].isin(LIVE_CHANNELS)


class Contract(NamedTuple):
    """What a row breaks if `broken` holds; `shown` is the fact to look at, beside `against`."""

    broken: Any
    says: str
    cause: str
    shown: str
    against: str = ""


def _clocks_and_years(first: str) -> tuple[Contract, ...]:
    return (
        Contract(
            _["left_out"],
            "is left out by the clocks of the time zone, which went forward then",
            "an export of another time zone, or in UTC",
            "local_us",
        ),
        Contract(
            (_[first] < year_us(FIRST_YEAR)) | (_[first] >= year_us(LAST_YEAR + 1)),
            f"is outside the years {FIRST_YEAR} to {LAST_YEAR}",
            "another unit of time, or a default of the system",
            first,
        ),
    )


def _ordered(later: str, earlier: str, says: str) -> Contract:
    cause = "columns that are swapped, or times of two zones in one row"
    return Contract(_[later] < _[earlier], says, cause, later, earlier)


def _not_negative(fact: str) -> Contract:
    return Contract(_[fact] < 0, "is negative", "columns that are swapped, or a mark for 'unknown'", fact)


def _not_a_day(fact: str) -> Contract:
    cause = "another unit than seconds, a contact that nobody closed, or messages that are not live (`other`)"
    return Contract(LIVE & (_[fact] > DAY_US), "is more than a day, on phone or chat", cause, fact)


def _at_most(fact: str, whole: str) -> Contract:
    cause = "columns that are swapped, or a share over 100 %"
    return Contract(_[fact] > _[whole], f"is more than {whole}, of which it is a part", cause, fact, whole)


CONTACT_CONTRACTS: Final = (
    *_clocks_and_years("arrived_us"),
    _ordered("answered_us", "arrived_us", "is before it arrived"),
    _ordered("ended_us", "answered_us", "is before it was answered"),
    _ordered("ended_us", "arrived_us", "is before it arrived"),
    _ordered("wrap_ended_us", "ended_us", "is before the end of the conversation"),
    _ordered("transferred_us", "arrived_us", "is before it arrived"),
    _ordered("resolved_us", "arrived_us", "is before it arrived"),
    _ordered("reopened_us", "arrived_us", "is before it arrived"),
    *map(_not_negative, ("wait_us", "handle_us", "transfers", "reopens", "arr")),
    *map(_not_a_day, ("wait_us", "handle_us")),
    Contract(
        (_["cause_confidence"] < 0) | (_["cause_confidence"] > 1),
        "is outside 0 to 1",
        "per cent taken for a share",
        "cause_confidence",
    ),
    Contract(_["leg"] < 1, "is below 1", "legs counted from 0", "leg"),
)
INTERVAL_CONTRACTS: Final = (
    *_clocks_and_years("start_us"),
    Contract(
        (_["length_us"] <= 0) | (_["length_us"] > DAY_US),
        "is not above 0 and at most 1440 min",
        "another unit than minutes",
        "length_us",
    ),
    Contract(
        (_["length_us"] > 0) & (_["local_us"] % _["length_us"] != 0),
        "is not on the grid of its intervals",
        "another length of the intervals, or another time zone",
        "start_us",
    ),
    *map(
        _not_negative,
        ("offered", "handled", "abandoned", "abandoned_short", "abandoned_within_sl", "answered_within_sl",
         "talk_us", "hold_us", "acw_us", "handle_us", "wait_answered_us", "wait_abandoned_us", "staffed"),
    ),
    _at_most("abandoned_short", "abandoned"),
    _at_most("abandoned_within_sl", "abandoned"),
    _at_most("answered_within_sl", "handled"),
    _not_a_day("handle_us"),
)  # fmt: skip


def contracts_of(form: Format) -> tuple[Contract, ...]:
    """The contracts of a format's table."""
    return CONTACT_CONTRACTS if form.table == "contacts" else INTERVAL_CONTRACTS


def checked(facts: Any, contracts: tuple[Contract, ...]) -> Any:
    """The facts with the number of the first contract that each row breaks."""
    cases = [(each.broken.resolve(facts).fill_null(False), i) for i, each in enumerate(contracts, 1)]
    return facts.mutate(**{BROKEN: ibis.cases(*cases, else_=0).cast("int64")})


def broken_rows(facts: Any, contracts: tuple[Contract, ...]) -> Any:
    """The rows that break a contract: file, line, column, what was seen and why."""
    rows = facts.filter(facts[BROKEN] > 0)

    def by_contract(of: Any) -> Any:
        return ibis.cases(*((rows[BROKEN] == i, of(each)) for i, each in enumerate(contracts, 1)))

    return rows.select(
        "file",
        "line",
        by_contract(lambda each: external(each.shown)).name("column"),
        by_contract(lambda each: _seen(rows, each)).name("seen"),
        by_contract(lambda each: each.says).name("why"),
    )


def external(fact: str) -> str:
    """The name of a fact as files have it: `arrived_at` for `arrived_us`."""
    known = _DURATIONS.get(fact) or _TIMES.get(fact)
    return known or (fact.removesuffix("_us") + "_at" if fact.endswith("_us") else fact)


def _seen(rows: Any, contract: Contract) -> Any:
    seen = _shown(rows, contract.shown)
    if not contract.against:
        return seen
    return seen.concat(f" ({external(contract.against)}: ", _shown(rows, contract.against), ")")


def _shown(rows: Any, fact: str) -> Any:
    """A fact as text: a time in ISO 8601, a duration in seconds or minutes."""
    value = rows[fact]
    if fact == "length_us":
        return (value / (60 * SECOND_US)).cast("string").concat(" min").fill_null("")
    if fact in _DURATIONS:
        return (value / SECOND_US).cast("string").concat(" s").fill_null("")
    if fact == "local_us":
        return make_timestamp(value).cast("string").fill_null("")
    if fact.endswith("_us"):
        return make_timestamp(value).cast("string").concat("Z").fill_null("")
    return value.cast("string").fill_null("")
