"""Files that are no export of the format: refused as a whole, with the line and the likely cause."""

import gzip
import os
import re
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.calibration.facts.exports import BANK_HEADER, VANAD_HEADER, export, stamp, text, told, written
from tests.calibration.facts.test_formats import VANAD

FILES: Final[dict[str, tuple[bytes, str, str]]] = {
    "empty": (b"", "0: is empty", "export it again"),
    "blank": (b"\n\n \n", "0: has nothing but blank lines", "export it again"),
    "header only": (b"contact_id,queue,arrived_at\n", "0: has a header and no rows below it", "export"),
    "windows-1252": (
        b"queue,arrived_at\nZ\xfcrich,2026-03-02T08:00:00Z\n",
        "2: is not UTF-8 text: byte 0xFC",
        "saved as Windows-1252 or Latin-1; save it as 'CSV UTF-8'",
    ),
    "utf-16": ("queue,arrived_at\n".encode("utf-16"), "1: is UTF-16 text", "save it as UTF-8"),
    "utf-16 without mark": (
        "queue,arrived_at\n".encode("utf-16-le"),
        "1: has a NUL byte",
        "save it as 'CSV UTF-8'",
    ),
    "a NUL byte": (b"queue,arrived_at\na,2026-03-02T08:00:00Z\nb\0,x\n", "3: has a NUL byte", "no text file"),
    "truncated": (
        gzip.compress(os.urandom(3000).hex().encode() + b"\n" * 40)[:2000],
        "0: ends in the middle of its gzip stream after 0 whole lines",
        "Fetch it again",
    ),
    "zip": (b"PK\x03\x04....", "0: is a zip archive or an Excel workbook", "save the sheet as 'CSV UTF-8'"),
    "json list": (b'[{"queue": "a"}]', "1: is one JSON list", "one object a line"),
    "broken parquet": (b"PAR1" + b"x" * 100, "0: cannot be read as Parquet", "write it again"),
    "one column": (
        b"queue\na\nb\n",
        "1: is no 'canonical' export: column 'arrived_at' is missing",
        "'queue'",
    ),
    "no header": (
        b"a,2026-03-02T08:00:00Z\nb,2026-03-02T08:00:00Z\n",
        "1: is no 'canonical' export",
        "missing",
    ),
    "a quote that stays open": (
        b'queue,arrived_at\na,2026-03-02T08:00:00Z\n"b' + b",2026-03-02T08:00:00Z\n" * 500_000,
        "3: has a quote that is never closed",
        "499,999 lines are inside quotes",
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_files(tmp_path: Path, name: str) -> None:
    data, start, cause = FILES[name]
    said = told(written(tmp_path, data), "canonical")
    assert said[0].startswith(start), said
    assert cause in said[0]


def test_a_truncated_file_says_how_much_came_through(tmp_path: Path) -> None:
    whole = "".join(f"c{i},sales,{stamp(i % 80_000)}\n" for i in range(200_000))
    data = gzip.compress(f"contact_id,queue,arrived_at\n{whole}".encode(), mtime=0)
    for kept in (400, 4_000, len(data) // 2):
        (said,) = told(written(tmp_path, data[:kept], "e.csv.gz"), "canonical")
        line = zlib.decompressobj(wbits=31).decompress(data[:kept]).count(b"\n")
        assert said.startswith(f"{line}: ends in the middle of its gzip stream after {line:,} whole lines")
        assert "was cut off on its way?" in said
    assert 50_000 < line < 150_000


def test_paths(tmp_path: Path) -> None:
    assert told(tmp_path / "nothing.csv", "canonical") == ["0: is not there; check the path"]
    assert told(tmp_path, "canonical") == ["0: is a folder; name the files in it"]
    assert told([], "canonical") == ["0: no file is named; give the files of the export"]
    path = tmp_path / "a*.parquet"
    pq.write_table(pa.table({"queue": ["a"]}), path)
    assert "which stand for many files" in told(path, "canonical")[0]


def test_parquet_that_is_broken_within(tmp_path: Path) -> None:
    path = tmp_path / "e.parquet"
    times = pa.array(range(10**15, 10**15 + 5000), pa.int64()).cast(pa.timestamp("us", "UTC"))
    queues = [f"queue {i}" for i in range(5000)]
    pq.write_table(pa.table({"queue": queues, "arrived_at": times}), path, compression="zstd")
    data = bytearray(path.read_bytes())
    data[2000:6000] = bytes(4000)
    path.write_bytes(bytes(data))
    (said,) = told(path, "canonical")
    assert said.startswith("0: the database cannot read it: ")


def test_formats_and_zones_that_nobody_knows(tmp_path: Path) -> None:
    path = export(tmp_path, {})
    assert told(path, "vanat")[0].startswith("0: there is no format 'vanat'; did you mean 'vanad'?")
    assert told(path, "canonical", time_zone="Europe/Atlantis") == [
        "0: there is no time zone 'Europe/Atlantis'; write a name such as Europe/Amsterdam"
    ]


def test_a_column_renamed(tmp_path: Path) -> None:
    path = written(tmp_path, VANAD.replace("date_received", "date_recieved").replace("hangup", "hang_up"))
    assert told(path, "vanad") == [
        "1: is no 'vanad' export: column 'date_received' is missing ('date_recieved' may be it: rename it); "
        "column 'hangup' is missing ('hang_up' may be it: rename it). Its columns: 'date_recieved', "
        "'queue_name', "
        "'agent_number', 'answered', 'consult', 'transfer', 'hang_up'"
    ]


@pytest.mark.parametrize(
    ("header", "whose"),
    [
        (VANAD_HEADER, "that of 'vanad'; use that format"),
        (BANK_HEADER, "that of 'anonymous-bank'; use that format"),
        (
            ("number", "incident_state", "reopen_count", "opened_at", "made_sla", "x"),
            "that of 'uci-incidents'",
        ),
        (
            ("Id", "Created at", "Solved at", "Assignee", "Reopens", "Subject"),
            "that of 'Zendesk tickets'; map its",
        ),
        (
            ("responder_id", "fr_due_by", "due_by", "fr_escalated", "is_escalated", "id"),
            "that of 'Freshdesk'",
        ),
        (("interaction_id", "start_time", "end_time", "waiting_time", "holding_time"), "Talkdesk Explore"),
        (
            ("ContactId", "InitiationTimestamp", "DisconnectTimestamp", "Channel"),
            "Amazon Connect contact records",
        ),
        (
            ("Interval Start UTC Date", "Queue", "Media Type", "Offered", "Total Handle Time"),
            "Genesys Cloud intervals",
        ),
        (("hs_object_id", "createdate", "hs_ticket_priority", "closed_date"), "HubSpot tickets"),
        (("time_to_assignment", "time_to_admin_reply", "count_reopens", "admin_assignee_id"), "Intercom"),
        (("CaseNumber", "CreatedDate", "ClosedDate", "Priority", "Status"), "Salesforce cases"),
    ],
)
def test_another_vendors_export(tmp_path: Path, header: Sequence[str], whose: str) -> None:
    said = told(written(tmp_path, text(header, [["x"] * len(header)])), "canonical")
    assert said[0].startswith("1: is no 'canonical' export; its header looks like that of")
    assert whose in said[0]


def test_the_same_column_twice(tmp_path: Path) -> None:
    path = written(tmp_path, "queue,arrived_at,queue\na,2026-03-02T08:00:00Z,b\n")
    assert told(path, "canonical") == ["1: has the column 'queue' twice; rename or remove one"]


def test_far_too_many_columns(tmp_path: Path) -> None:
    path = written(tmp_path, ",".join(f"x{i}" for i in range(1_000_000)) + "\n1\n")
    (said,) = told(path, "canonical")
    assert re.match(r"1: has [0-9,]+ columns, and at most 2,000 are read", said)
