"""Nobody reads an id from what comes out, unless names are asked for."""

import hashlib
from pathlib import Path
from typing import Final

import pytest

from calibration.facts.columns import IDS
from calibration.facts.privacy import key_of
from calibration.facts.read import read_facts
from tests.calibration.facts.exports import rows_of, text

HEADER: Final = (*IDS, "queue", "arrived_at", "incident_id")
ROWS: Final = [
    (*(f"{name} {i}" for name in IDS), "sales", f"2026-03-02T08:00:{i:02}Z", "INC 7") for i in range(3)
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "e.csv"
    path.write_text(text(HEADER, ROWS), encoding="utf-8")
    return path


def test_ids_are_pseudonyms(path: Path) -> None:
    with read_facts([path], "canonical") as facts:
        found = rows_of(facts, *IDS, "incident_id")
    shown = {cell for row in found for cell in row[:-1]}
    assert all(len(cell) == 16 and set(cell) <= set("0123456789abcdef") for cell in shown)
    assert len(shown) == 3 * len(IDS)
    assert {row[-1] for row in found} == {"INC 7"}


def test_the_same_export_has_the_same_pseudonyms_and_another_has_others(path: Path, tmp_path: Path) -> None:
    def agents(*paths: Path, salt: str | None = None) -> list[str]:
        with read_facts(paths, "canonical", salt=salt) as facts:
            return [agent for (agent,) in rows_of(facts, "agent_id")]

    more = tmp_path / "more.csv"
    more.write_text(
        text(HEADER, [("contact_id 9", *ROWS[0][1:5], "care", "2026-03-03T08:00:00Z", "")]), encoding="utf-8"
    )
    first, both = agents(path), agents(path, more)
    assert first == agents(path)
    assert not {*first} & {*both}
    assert {*both} == {*agents(more, path)}
    assert agents(path, salt="x") == agents(path, more, salt="x")[:3]
    assert agents(path, salt="x") != agents(path, salt="y")


def test_a_pseudonym_is_the_digest_that_is_documented(path: Path) -> None:
    key = key_of([hashlib.sha256(path.read_bytes()).digest()])
    with read_facts([path], "canonical") as facts:
        ((contact,), *_) = rows_of(facts, "contact_id")
    assert contact == hashlib.sha256((key + "contact_id 0").encode()).hexdigest()[:16]


def test_names_are_kept_where_they_are_asked_for(path: Path) -> None:
    with read_facts([path], "canonical", keep_names=True) as facts:
        assert rows_of(facts, *IDS) == [row[: len(IDS)] for row in ROWS]


def test_no_id_and_no_free_text_is_among_the_rejects(tmp_path: Path) -> None:
    lines = text(HEADER, ROWS * 100).splitlines()  # copies are dropped
    lines[5] = lines[5].replace(",sales,", f",{'Jane Doe of Acme ' * 20},")
    lines[6] += ",more"
    lines[7] = lines[7].replace(",sales,", ",care,")  # the same contact says something else
    path = tmp_path / "e.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    with read_facts([path], "canonical") as facts:
        assert facts.write_rejected(tmp_path / "rejected.csv") == 3
    said = (tmp_path / "rejected.csv").read_text(encoding="utf-8")
    assert not any(word in said for word in ("Jane", "contact_id 0", "agent_id 1", "contact_id 2"))
