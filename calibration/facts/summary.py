"""One pass over all facts: counts, the span of days, and what only all rows together can tell."""

from typing import Any, Final, NamedTuple

import ibis
from ibis import _

from calibration.facts.contracts import BROKEN, LIVE
from calibration.facts.formats.format import Format
from calibration.facts.shape import LEFT_OUT, TWICE, begins
from calibration.facts.sql import DAY_US, HOUR_US, SECOND_US, total

_EXACT: Final = "decimal(38, 6)"  # sums of it do not depend on the order
_MORNING_US: Final = 5 * HOUR_US


class Pattern(NamedTuple):
    """What refuses a file if it holds for more than half of the rows that `of` counts."""

    name: str
    of: Any
    holds: Any
    column: str
    cause: str
    tables: tuple[str, ...] = ("contacts", "intervals")


_MILLISECONDS: Final = "milliseconds taken for seconds: most are above 3 h; divide them by 1000"
_FRACTIONS: Final = "fractions of a day taken for seconds: most are under 0.1 s; multiply them by 86400"
PATTERNS: Final = (
    Pattern(
        "long_handle",
        LIVE & _["handle_us"].notnull(),
        _["handle_us"] > 3 * HOUR_US,
        "handle_us",
        _MILLISECONDS,
    ),
    Pattern(
        "tiny_handle",
        LIVE & (_["handle_us"] > 0),
        (_["handle_us"] > 0) & (_["handle_us"] < SECOND_US // 10),
        "handle_us",
        _FRACTIONS,
    ),
    Pattern(
        "long_wait",
        (_["channel"] == "phone") & (_["wait_us"] > 0),
        _["wait_us"] > 3 * HOUR_US,
        "wait_us",
        _MILLISECONDS,
        ("contacts",),
    ),
)


def patterns_of(form: Format) -> tuple[Pattern, ...]:
    """The patterns that a format's table may have."""
    return tuple(each for each in PATTERNS if form.table in each.tables)


def summary_of(facts: Any, form: Format) -> Any:
    """Aggregations of checked facts to one row of integers."""
    good = facts[BROKEN] == 0
    start = facts[begins(form)]
    counts = {
        "rows": facts.count(),
        "kept": total(good),
        "low": ibis.ifelse(good, facts["local_us"], None).min(),
        "high": ibis.ifelse(good, facts["local_us"], None).max(),
        "last": ibis.ifelse(good, start, None).max(),
        LEFT_OUT: total(facts[LEFT_OUT]),
        TWICE: total(facts[TWICE]),
        "at_night": total(good & (facts["local_us"] % DAY_US < _MORNING_US)),
        "handle_times": total(LIVE.resolve(facts) & facts["handle_us"].notnull()),
        "under_10_s": total(LIVE.resolve(facts) & (facts["handle_us"] < 10 * SECOND_US)),
    }
    if form.table == "contacts":
        waited = facts["wait_us"] > 0
        counts["waits"] = total(waited)
        counts["tiny_waits"] = total(waited & (facts["wait_us"] < SECOND_US // 10))
    else:
        ended = facts["handled"].fill_null(0) + facts["abandoned"].fill_null(0)
        counts["offered"] = facts["offered"].try_cast(_EXACT).sum()
        counts["ended"] = ended.try_cast(_EXACT).sum()
    for each in patterns_of(form):
        of = each.of.resolve(facts)
        counts[f"of_{each.name}"] = total(of)
        counts[each.name] = total(of & each.holds.resolve(facts))
    return facts.aggregate(**counts)


def days_of(facts: Any) -> Any:
    """The local days since 1970 on which something is recorded, in order, with the number of rows."""
    days = facts.group_by(day=facts["local_us"] // DAY_US).aggregate(n=facts.count())
    return days.order_by("day")
