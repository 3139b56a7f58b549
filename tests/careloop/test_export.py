"""The contacts of a simulation as an export: what was simulated, and what `careloop calibrate` reads."""

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest

import careloop
import scenarios
from calibration.facts.columns import CONTACTS
from calibration.facts.read import read_facts
from reports.contacts_out import COLUMNS, TIMES
from scenarios import Scenario
from tests.careloop.conftest import Ended
from tests.seeds import every_other

SCENARIO: dict[str, Any] = {
    "careloop": 1,
    "name": "Everything that may become of a contact",
    "service_level": "offered",
    # The clocks go forward on the second night.
    "calendar": {
        "start": "2025-03-29",
        "days": 3,
        "time_zone": "Europe/Amsterdam",
        "hours": {"desk": {"daily": "08:00-18:00"}},
    },
    "streams": {
        "calls": {
            "queue": "phone",
            "arrivals": {"rate": "40 per hour"},
            "handle_time": {"exponential": "6 min"},
        },
        "mails": {
            "queue": "mail",
            "arrivals": {"rate": "6 per hour"},
            "handle_time": {"lognormal": {"mean": "10 min", "cv": 1}},
        },
    },
    "queues": {
        "phone": {
            "hours": "desk",
            "target": "80% in 20 s",
            "patience": {"exponential": "3 min"},
            "retry": {"share": "60%", "after": {"exponential": "10 min"}},
        },
        "mail": {"channel": "email", "target": "80% in 4 h"},
    },
    "groups": {"team": {"skills": [["phone"], ["mail"]], "agents": 4}},
    "run": {"replications": 2, "seed": 3, "end": "cut"},
}


@pytest.fixture(scope="module")
def centre() -> Scenario:
    return scenarios.from_dict(SCENARIO)


@pytest.fixture(scope="module")
def simulated(centre: Scenario) -> pd.DataFrame:
    """The legs of both replications, by another way."""
    legs = careloop.simulate(centre, contacts=True).contacts
    assert legs is not None
    return legs


def test_rows_are_the_legs_that_were_simulated(
    centre: Scenario, simulated: pd.DataFrame, tmp_path: Path
) -> None:
    origin = pd.Timestamp("2025-03-29", tz="Europe/Amsterdam")
    for replication in (0, 1):
        rows = careloop.export_contacts(centre, tmp_path / "c.parquet", replication=replication)
        legs = simulated[simulated["replication"] == replication].reset_index(drop=True)
        found = pq.read_table(tmp_path / "c.parquet").to_pandas()
        assert rows == len(found) == len(legs) > 1000
        assert found["contact_id"].equals(legs["contact"])
        seconds = {name: (found[name] - origin).dt.total_seconds() for name in TIMES[:3]}
        assert (seconds["arrived_at"] - legs["queued_s"]).abs().max() < 1e-6
        answered = legs["started_s"].notna()
        assert (seconds["answered_at"].notna() == answered).all()
        assert (seconds["answered_at"] - legs["started_s"]).abs().max() < 1e-6
        is_open = legs["outcome"] == "open"
        assert (found["ended_at"].isna() == is_open).all()
        assert (seconds["ended_at"] - legs["ended_s"]).abs().max() < 1e-6
        assert (found["agent_id"].notna() == answered).all()
        assert set(found["agent_id"].dropna()) == {f"team {n}" for n in (1, 2, 3, 4)}
        both = pd.crosstab(legs["outcome"], found["outcome"])
        named = {name: "dropped" if name in ("closed", "cleared") else name for name in both.index}
        assert set(named) >= {"handled", "abandoned", "closed", "open"}
        assert all(both.loc[old, new] == both.loc[old].sum() for old, new in named.items())


def test_a_customer_who_tries_again_keeps_a_name(
    centre: Scenario, simulated: pd.DataFrame, tmp_path: Path
) -> None:
    careloop.export_contacts(centre, tmp_path / "c.parquet")
    found = pq.read_table(tmp_path / "c.parquet").to_pandas()
    parents = dict(zip(simulated["contact"], simulated["parent"], strict=True))

    def first(contact: str) -> str:
        while parents[contact]:
            contact = parents[contact]
        return contact

    assert found["user_id"].tolist() == [first(each) for each in found["contact_id"]]
    assert found.groupby("user_id").size().max() >= 3


@pytest.mark.parametrize("name", every_other(["c.csv", "c.csv.gz", "c.parquet"]))
def test_facts_are_read_without_a_complaint(centre: Scenario, tmp_path: Path, name: str) -> None:
    rows = careloop.export_contacts(centre, tmp_path / name)
    careloop.export_contacts(centre, tmp_path / "same.parquet")
    options: dict[str, Any] = {"time_zone": "Europe/Amsterdam", "keep_names": True}
    with (
        read_facts([tmp_path / name], "canonical", **options) as facts,
        read_facts([tmp_path / "same.parquet"], "canonical", **options) as same,
    ):
        assert (facts.rows, facts.rejected, facts.notes) == (rows, {}, ())
        one, other = (
            each.contacts.drop("file", "line")
            .to_pyarrow()
            .to_pandas()
            .sort_values(["contact_id", "leg"])
            .reset_index(drop=True)
            for each in (facts, same)
        )
        pd.testing.assert_frame_equal(one, other)
        ended = one[one["outcome"] != "open"]
        assert ended["wait_us"].notna().all()
        assert ((ended["wait_us"] > 0) == ended["queued"]).all()


def test_columns_are_those_of_the_format() -> None:
    names = [column.name for column in CONTACTS]
    assert [name for name in COLUMNS if name not in names] == []


def test_times_have_the_offset_of_their_day(centre: Scenario, tmp_path: Path) -> None:
    careloop.export_contacts(centre, tmp_path / "c.csv")
    text = (tmp_path / "c.csv").read_text(encoding="utf-8")
    header, *lines = text.splitlines()
    arrived = [line.split(",")[header.split(",").index("arrived_at")] for line in lines]
    assert {at[-6:] for at in arrived if at.startswith("2025-03-29")} == {"+01:00"}
    assert {at[-6:] for at in arrived if at.startswith("2025-03-31")} == {"+02:00"}
    assert not [at for at in arrived if at.startswith("2025-03-30T02")]


def test_bytes_are_the_same_each_time(centre: Scenario, tmp_path: Path) -> None:
    for name in ("c.csv.gz", "c.parquet"):
        for copy in ("a", "b"):
            careloop.export_contacts(centre, tmp_path / f"{copy}{name}")
        assert (tmp_path / f"a{name}").read_bytes() == (tmp_path / f"b{name}").read_bytes()
    careloop.export_contacts(centre, tmp_path / "c.csv")
    assert gzip.decompress((tmp_path / "ac.csv.gz").read_bytes()) == (tmp_path / "c.csv").read_bytes()


def test_other_chances_are_others(centre: Scenario, tmp_path: Path) -> None:
    careloop.export_contacts(centre, tmp_path / "a.csv")
    careloop.export_contacts(centre, tmp_path / "b.csv", seed=4)
    assert (tmp_path / "a.csv").read_bytes() != (tmp_path / "b.csv").read_bytes()
    result = careloop.simulate(centre, seed=4)
    careloop.export_contacts(result, tmp_path / "c.csv")
    assert (tmp_path / "c.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()


def test_many_rows_are_written_in_parts(
    centre: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    careloop.export_contacts(centre, tmp_path / "whole.parquet")
    monkeypatch.setattr("reports.contacts_out.ROWS_A_GROUP", 100)
    rows = careloop.export_contacts(centre, tmp_path / "parts.parquet")
    parts = pq.ParquetFile(tmp_path / "parts.parquet")
    assert parts.num_row_groups == -(-rows // 100)
    assert parts.read().equals(pq.read_table(tmp_path / "whole.parquet"))


def test_what_fails_leaves_what_was_there(
    centre: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "c.csv").write_text("mine", encoding="utf-8")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("reports.contacts_out._Maker.columns", full)
    with pytest.raises(OSError, match="No space left"):
        careloop.export_contacts(centre, tmp_path / "c.csv")
    assert [path.name for path in tmp_path.iterdir()] == ["c.csv"]
    assert (tmp_path / "c.csv").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("contacts.xlsx", "no name of an export; it ends with .csv, .csv.gz or .parquet"),
        (".csv", "no name of an export"),
        ("none/contacts.csv", "there is no folder"),
    ],
)
def test_names_that_are_none(
    centre: Scenario, day: Path, here: Callable[..., Ended], tmp_path: Path, name: str, said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        careloop.export_contacts(centre, tmp_path / name)
    ended = here("run", day, "--export", tmp_path / name)
    assert ended.code == 2
    assert said in ended.err
    assert "--export" in ended.err
    assert not (tmp_path / name).exists()


def test_the_command_line_writes_the_first_replication(
    day: Path, here: Callable[..., Ended], tmp_path: Path
) -> None:
    ended = here("run", day, "--export", tmp_path / "day.csv", "--seed", "5")
    assert ended.code == 0
    careloop.export_contacts(day, tmp_path / "same.csv", seed=5)
    assert (tmp_path / "day.csv").read_bytes() == (tmp_path / "same.csv").read_bytes()
    rows = len((tmp_path / "same.csv").read_text(encoding="utf-8").splitlines()) - 1
    assert f"day.csv: {rows:,} rows of the first replication, format canonical" in ended.err.replace("\n", "")


def test_exports_are_of_one_simulation(day: Path, here: Callable[..., Ended], tmp_path: Path) -> None:
    out = tmp_path / "day.csv"
    assert "for one run" in here("run", day, "--set", "groups.team.agents=2..3", "--export", out).err
    assert "leave out --export" in here("run", day, "--engine", "formula", "--export", out).err
    assert not out.exists()
    by_formula = careloop.simulate(day, engine="formula")
    with pytest.raises(ValueError, match="formulas compute without contacts"):
        careloop.export_contacts(by_formula, out)
    with pytest.raises(ValueError, match="rules may have been replaced"):
        careloop.export_contacts(careloop.simulate(day, engine="reference", replications=1), out)
    with pytest.raises(ValueError, match="replication: -1"):
        careloop.export_contacts(day, out, replication=-1)
