"""Each format on a few made-up rows whose facts were worked out by hand, and on the real exports."""

import datetime
from pathlib import Path
from typing import Final

import pytest

from calibration.facts.read import read_facts
from tests.calibration.facts.exports import BANK_HEADER, DATA, VANAD_HEADER, needs_data, rows_of, text, value

S: Final = 1_000_000
NEVER: Final = "0:00:00"


def utc_us(*when: int) -> int:
    return int(datetime.datetime(*when, tzinfo=datetime.UTC).timestamp()) * S  # type: ignore[misc,arg-type]


BANK: Final = text(
    BANK_HEADER,
    [
        ("AA0101", "1", "77", "2", "PS", "990103", "9:59:50", "10:00:00", "10", "10:00:00", "10:00:30", "30",
         "AGENT", "10:00:29", "10:02:00", "91", "ANN"),
        ("AA0101", "2", "0", "0", "NW", "990103", "10:00:00", "10:00:05", "5", NEVER, NEVER, "0",
         "HANG", NEVER, NEVER, "0", "NO_SERVER"),
        ("AA0101", "3", "0", "0", "NW", "990103", "23:59:58", "0:00:08", "10", "0:00:08", "0:01:08", "60",
         "HANG", NEVER, NEVER, "0", "NO_SERVER"),
        ("AA0101", "4", "0", "0", "PS", "990701", "10:00:00", "10:00:05", "5", NEVER, NEVER, "0",
         "AGENT", NEVER, NEVER, "0", "BOB"),
        ("AA0101", "5", "0", "1", "PS", "990103", "10:00:00", "10:00:05", "5", "10:00:05", "10:00:09", "4",
         "PHANTOM", "10:00:09", "10:00:19", "10", "NO_SERVER"),
    ],
    "\t",
)  # fmt: skip


def test_bank(tmp_path: Path) -> None:
    path = tmp_path / "bank.tsv"
    path.write_text(BANK, encoding="utf-8")
    with read_facts([path], "anonymous-bank", keep_names=True) as facts:
        assert rows_of(facts, "line", "user_id", "agent_id", "queue", "segment", "outcome", "queued") == [
            (2, "77", "ANN", "PS", "priority 2", "handled", True),
            (3, None, None, "NW", None, "self_service", False),
            (4, None, None, "NW", None, "abandoned", True),
            (5, None, "BOB", "PS", None, "handled", False),
            (6, None, None, "PS", "priority 1", "dropped", True),
        ]
        ten = utc_us(1999, 1, 3, 8)  # in winter Israel is two hours ahead
        assert rows_of(facts, "arrived_us", "answered_us", "ended_us", "wait_us", "handle_us") == [
            (ten, ten + 30 * S, ten + 121 * S, 30 * S, 91 * S),
            (ten + 5 * S, None, ten + 5 * S, None, None),
            (ten + 14 * 3600 * S + 8 * S, None, ten + 14 * 3600 * S + 68 * S, 60 * S, None),
            (utc_us(1999, 7, 1, 7, 0, 5), utc_us(1999, 7, 1, 7, 0, 5), None, 0, None),
            (ten + 5 * S, None, ten + 9 * S, 4 * S, None),
        ]
        assert (facts.first_day, facts.last_day) == (datetime.date(1999, 1, 3), datetime.date(1999, 7, 1))
        assert facts.time_zone == "Asia/Jerusalem"


VANAD: Final = text(
    VANAD_HEADER,
    [
        ("2014-01-02 08:00:00", "30175", "6935", "2014-01-02 08:00:05", "", "", "2014-01-02 08:02:05"),
        ("2014-01-02 08:01:00", "30175", "6935", "2014-01-02 08:01:01", "2014-01-02 08:01:30",
         "2014-01-02 08:02:00", "2014-01-02 08:09:00"),
        ("2014-01-02 08:02:00", "30176", "", "", "", "", "2014-01-02 08:02:40"),
        ("2014-01-02 08:02:00", "30176", "", "", "", "", "2014-01-02 08:02:40"),
        ("2014-01-02 08:03:00", "30176", "", "", "", "", "2014-01-02 08:03:00"),
    ],
)  # fmt: skip


def test_vanad(tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    path.write_text(VANAD, encoding="utf-8")
    with read_facts([path], "vanad", keep_names=True) as facts:
        assert rows_of(facts, "line", "agent_id", "queue", "outcome", "queued", "wait_us", "handle_us") == [
            (2, "6935", "30175", "handled", True, 5 * S, 120 * S),
            (3, "6935", "30175", "handled", True, S, 59 * S),
            (4, None, "30176", "abandoned", True, 40 * S, None),
            (6, None, "30176", "abandoned", True, 0, None),
        ]
        assert facts.dropped == {"copies of other rows": 1}
        at_seven = utc_us(2014, 1, 2, 7)  # in winter the Netherlands are an hour ahead
        assert rows_of(facts, "arrived_us", "transferred_us")[:2] == [
            (at_seven, None),
            (at_seven + 60 * S, at_seven + 120 * S),
        ]


INCIDENTS: Final = text(
    ("number", "incident_state", "reassignment_count", "reopen_count", "made_sla", "caller_id", "opened_at",
     "sys_updated_at", "contact_type", "category", "priority", "resolved_by", "resolved_at", "closed_at"),
    [
        ("INC1", "New", "0", "0", "true", "C 1", "1/3/2016 10:00", "1/3/2016 10:01", "Phone", "?",
         "3 - Moderate", "?", "?", "?"),
        ("INC2", "New", "0", "0", "true", "?", "1/3/2016 11:00", "1/3/2016 11:01", "IVR", "Cat 2", "4 - Low",
         "?", "?", "?"),
        ("INC1", "Resolved", "2", "0", "true", "C 1", "1/3/2016 10:00", "1/3/2016 12:00", "Phone", "Cat 1",
         "2 - High", "R 1", "1/3/2016 12:00", "?"),
        ("INC1", "Active", "2", "1", "false", "C 1", "1/3/2016 10:00", "2/3/2016 09:00", "Phone", "Cat 1",
         "2 - High", "R 1", "1/3/2016 12:00", "?"),
        ("INC1", "Closed", "3", "1", "false", "C 1", "1/3/2016 10:00", "4/3/2016 09:00", "Phone", "Cat 9",
         "2 - High", "R 2", "3/3/2016 12:00", "8/3/2016 12:00"),
        ("INC3", "Closed", "0", "0", "true", "C 1", "2/3/2016 10:00", "2/3/2016 10:01", "Email", "?",
         "1 - Critical", "R 1", "?", "9/3/2016 10:00"),
    ],
)  # fmt: skip


def test_incidents(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text(INCIDENTS, encoding="utf-8")
    with read_facts([path], "uci-incidents", keep_names=True, time_zone="America/New_York") as facts:
        assert rows_of(facts, "line", "case_id", "user_id", "channel", "severity", "cause", "agent_id") == [
            (2, "INC1", "C 1", "phone", "2 - High", "Cat 9", "R 2"),
            (3, "INC2", None, "other", "4 - Low", "Cat 2", None),
            (7, "INC3", "C 1", "email", "1 - Critical", None, "R 1"),
        ]
        assert rows_of(facts, "outcome", "transfers", "reopens", "resolution_met", "queue", "handle_us") == [
            ("handled", 3, 1, False, "incidents", None),
            ("open", 0, 0, True, "incidents", None),
            ("handled", 0, 0, True, "incidents", None),
        ]
        assert rows_of(facts, "arrived_us", "resolved_us", "reopened_us") == [
            (utc_us(2016, 3, 1, 15), utc_us(2016, 3, 3, 17), utc_us(2016, 3, 2, 14)),
            (utc_us(2016, 3, 1, 16), None, None),
            (utc_us(2016, 3, 2, 15), utc_us(2016, 3, 9, 15), None),
        ]


@needs_data
def test_incidents_as_they_were() -> None:
    first, last = datetime.date(2016, 3, 1), datetime.date(2016, 5, 31)
    with read_facts(sorted(DATA.glob("uci_*")), "uci-incidents", since=first, until=last) as facts:
        cases = facts.contacts
        assert (facts.rows, facts.kept) == (141_712, 24_437)
        assert facts.dropped == {"rows outside the period": 481}
        assert value((cases.severity == "3 - Moderate").mean()) == pytest.approx(0.943, abs=0.001)
        assert value((cases.reopens > 0).mean()) == pytest.approx(0.011, abs=0.001)
        assert value(cases.handle_us.count()) == 0


@needs_data
def test_bank_as_it_was() -> None:
    """The figures are those of the description that comes with the export."""
    with read_facts(sorted(DATA.glob("anonymous_bank_*")), "anonymous-bank") as facts:
        calls = facts.contacts
        assert (facts.rows, facts.kept) == (31_599 + 33_344, 31_599 + 33_344)
        by_outcome = calls.group_by("outcome").aggregate(n=calls.count()).to_pyarrow().to_pylist()
        counts = {row["outcome"]: row["n"] for row in by_outcome}
        assert counts["handled"] / facts.rows == pytest.approx(0.82, abs=0.02)
        assert (counts["abandoned"] + counts["self_service"]) / facts.rows == pytest.approx(0.17, abs=0.02)
        queued = calls.filter(calls.queued)
        gave_up = value((queued.outcome == "abandoned").mean())
        assert gave_up == pytest.approx(0.225, abs=0.03)
        log_s = (calls.filter(calls.handle_us >= 10 * S).handle_us / S).ln()
        assert value(log_s.std()) == pytest.approx(0.93, abs=0.03)
        assert value(queued.count()) / facts.rows == pytest.approx(0.52, abs=0.03)
        missing = datetime.date(1999, 1, 11)
        first = (missing - datetime.date(1970, 1, 1)).days * 86_400 * S
        assert value(calls.filter(calls.local_us.between(first, first + 2 * 86_400 * S - 1)).count()) == 0


@needs_data
def test_vanad_as_it_was() -> None:
    with read_facts(sorted(DATA.glob("vanad_*")), "vanad") as facts:
        calls = facts.contacts
        assert (facts.rows, facts.kept) == (502_536, 502_532)
        assert value(calls.handle_us.mean()) / S == pytest.approx(250.28, abs=0.01)
        assert value(calls.queue.nunique()) == 22  # of the year's 27 queues
