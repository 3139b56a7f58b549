"""What must hold of the facts of a row, as data: a contract is one entry.

A row that breaks one is set aside with the contract's words; the first that it breaks is told.
"""

from collections.abc import Collection
from typing import Any, Final, NamedTuple

import ibis
from ibis import _

from calibration.facts.columns import LIVE_CHANNELS
from calibration.facts.formats.format import Format
from calibration.facts.local_time import FIRST_YEAR, LAST_YEAR, Clocks, to_local, year_us
from calibration.facts.names import is_duration, told_as
from calibration.facts.sql import DAY_US, SECOND_US, make_timestamp

BROKEN: Final = "contract"
"""The number of the first contract that a row breaks, from 1; 0 where all hold."""
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


def _on_scale(fact: str, least: int, most: int) -> Contract:
    outside = (_[fact] < least) | (_[fact] > most)
    return Contract(outside, f"is outside {least} to {most}", "answers on another scale", fact)


def _at_most(fact: str, whole: str) -> Contract:
    cause = "columns that are swapped, or a share over 100 %"
    return Contract(_[fact] > _[whole], f"is more than {whole}, of which it is a part", cause, fact, whole)


CONTACT_CONTRACTS: Final = (
    *_clocks_and_years("arrived_us"),
    Contract(
        _["outcome"].isin(("abandoned", "self_service")) & _["answered_us"].notnull(),
        "means that nobody took it, and an answer is given",
        "outcomes of another system, or columns that are swapped",
        "outcome",
        "answered_us",
    ),
    _ordered("answered_us", "arrived_us", "is before it arrived"),
    _ordered("ended_us", "answered_us", "is before it was answered"),
    _ordered("ended_us", "arrived_us", "is before it arrived"),
    _ordered("wrap_ended_us", "ended_us", "is before the end of the conversation"),
    _ordered("transferred_us", "arrived_us", "is before it arrived"),
    _ordered("resolved_us", "arrived_us", "is before it arrived"),
    _ordered("reopened_us", "arrived_us", "is before it arrived"),
    _ordered("first_response_us", "arrived_us", "is before it arrived"),
    _ordered("left_us", "arrived_us", "is before it arrived"),
    *map(_not_negative, ("wait_us", "handle_us", "transfers", "reopens", "arr")),
    *map(_not_a_day, ("wait_us", "handle_us")),
    Contract(
        (_["cause_confidence"] < 0) | (_["cause_confidence"] > 1),
        "is outside 0 to 1",
        "per cent taken for a share",
        "cause_confidence",
    ),
    Contract(_["leg"] < 1, "is below 1", "legs counted from 0", "leg"),
    *(_on_scale(fact, *ends) for fact, ends in {"csat": (1, 5), "nps": (0, 10), "effort": (1, 7)}.items()),
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


def broken_rows(
    facts: Any, contracts: tuple[Contract, ...], form: Format, there: Collection[str], clocks: Clocks | None
) -> Any:
    """The rows that break a contract: file, line, column, what was seen and why.

    Facts are told by the columns that are there, and times on the clocks, or in UTC where there are none.
    """
    rows = facts.filter(facts[BROKEN] > 0)

    def by_contract(of: Any) -> Any:
        return ibis.cases(*((rows[BROKEN] == i, of(each)) for i, each in enumerate(contracts, 1)))

    def seen(contract: Contract) -> Any:
        first = _shown(rows, contract.shown, clocks)
        if not contract.against:
            return first
        name = told_as(contract.against, form, there)
        return first.concat(f" ({name}: ", _shown(rows, contract.against, clocks), ")")

    return rows.select(
        "file",
        "line",
        by_contract(lambda each: told_as(each.shown, form, there)).name("column"),
        by_contract(seen).name("seen"),
        by_contract(lambda each: each.says).name("why"),
    )


def _shown(rows: Any, fact: str, clocks: Clocks | None) -> Any:
    """A fact as text: a time in ISO 8601, a duration in seconds or minutes."""
    value = rows[fact]
    if fact == "length_us":
        return (value / (60 * SECOND_US)).cast("string").concat(" min").fill_null("")
    if is_duration(fact):
        return (value / SECOND_US).cast("string").concat(" s").fill_null("")
    if fact == "local_us":
        return make_timestamp(value).cast("string").fill_null("")
    if fact.endswith("_us"):
        at = value if clocks is None else to_local(value, clocks)
        return make_timestamp(at).cast("string").concat("Z" if clocks is None else "").fill_null("")
    return value.cast("string").fill_null("")
