"""The call centre of a bank in Israel, 1999 ("Anonymous Bank", Technion): a row a call, 17 columns."""

from typing import Any, Final

import ibis
from ibis import _

from calibration.facts.formats.format import Cell, Format
from calibration.facts.readers import clock, text, whole, word, yymmdd
from calibration.facts.sql import DAY_US, SECOND_US

_BACKWARDS_US: Final = DAY_US // 2  # clocks of the machines differ by minutes; more than this is midnight

_CAME: Final[Any] = (
    _["date"]
    + _["vru_exit"]
    + ibis.ifelse(_["vru_entry"] - _["vru_exit"] > _BACKWARDS_US, DAY_US, ibis.literal(0, type="int64"))
)
_WAIT: Final[Any] = _["q_time"] * SECOND_US
_SERVICE: Final[Any] = _["ser_time"] * SECOND_US
_QUEUED: Final[Any] = (_["q_start"] != 0) | (_["q_time"] > 0)
_HANDLED: Final[Any] = _["outcome"] == "AGENT"
_SERVED: Final[Any] = _HANDLED & ((_["ser_start"] != 0) | (_["ser_time"] > 0))

FORMAT: Final = Format(
    name="anonymous-bank",
    what="calls of a bank in Israel in 1999, by the Technion: tab-separated, 17 columns, a row a call",
    table="contacts",
    clock="wall",
    time_zone="Asia/Jerusalem",
    cells=(
        Cell("customer_id", text.but("0")),
        Cell("priority", whole, filled=True),
        Cell("type", text, filled=True),
        Cell("date", yymmdd, filled=True),
        Cell("vru_entry", clock, filled=True),
        Cell("vru_exit", clock, filled=True),
        Cell("q_start", clock, filled=True),
        Cell("q_time", whole, filled=True),
        Cell("outcome", word("AGENT", "HANG", "PHANTOM"), filled=True),
        Cell("ser_start", clock, filled=True),
        Cell("ser_time", whole, filled=True),
        Cell("server", text.but("NO_SERVER")),
    ),
    facts={
        "leg": ibis.literal(1),
        "channel": ibis.literal("phone"),
        "user_id": _["customer_id"],
        "agent_id": ibis.ifelse(_HANDLED, _["server"], ibis.null("string")),
        "queue": _["type"],
        "segment": ibis.ifelse(
            _["priority"] > 0, "priority " + _["priority"].cast("string"), ibis.null("string")
        ),
        "outcome": ibis.cases(
            (_HANDLED, "handled"),
            (_["outcome"] == "PHANTOM", "dropped"),
            (_QUEUED, "abandoned"),
            else_="self_service",
        ),
        "queued": _QUEUED,
        "arrived_us": _CAME,
        "answered_us": ibis.ifelse(_HANDLED, _CAME + _WAIT, ibis.null("int64")),
        "ended_us": ibis.cases((_SERVED, _CAME + _WAIT + _SERVICE), (~_HANDLED, _CAME + _WAIT)),
    },
    units="dates yymmdd, times h:mm:ss on the clocks of Israel, waits and service in whole seconds",
    traps=(
        "a time half a day or more before the entry is after midnight, and counts on to the next day",
        "q_start 0:00:00 with a q_time of 0 means that the caller did not wait",
        "answered_at is the entry into the queue plus q_time: ser_start is on another machine's clock, most "
        "often a second earlier",
        "service times under 10 s are an agents' defect: they hung up to rest",
        "PHANTOM is a call that was dropped; HANG without a queue ended in the menu, and is no lost call",
        "customer_id 0 is a caller who did not identify himself; priority 0 is none",
    ),
    silent=(
        "work after the call: service ends with the talk",
        "transfers, cases, causes, severity and clocks of an SLA",
        "who was at work: agents are seen only while they talk",
        "a number of each call that is its own",
    ),
)
