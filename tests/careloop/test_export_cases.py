"""The columns of an export that are about cases, against the log of the same replication."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

import careloop
from calibration.facts.columns import CONTACTS
from calibration.facts.read import read_facts
from calibration.observe.cases import cases_of
from reports.case_columns import COLUMNS
from scenarios import Scenario, from_dict
from sim.compile import compile_scenario
from sim.contacts import SIDE
from sim.legs import each_leg, rows_of_cases
from tests.sim.case_team import DOWN, TEAM, team


@pytest.fixture(scope="module")
def cased() -> Scenario:
    calls = {key: value for key, value in TEAM["streams"]["calls"].items() if key != "self_service"}
    streams = {**TEAM["streams"], "calls": calls}
    return team(incidents={"down": DOWN}, streams=streams, run={"replications": 1, "seed": 5})


@pytest.fixture(scope="module")
def found(cased: Scenario, tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    path = tmp_path_factory.mktemp("export") / "c.parquet"
    careloop.export_contacts(cased, path)
    table: pd.DataFrame = pq.read_table(path).to_pandas()
    return table


@pytest.fixture(scope="module")
def log(cased: Scenario) -> tuple[np.ndarray, np.ndarray]:
    """Legs that a customer began, and cases."""
    model, legs = compile_scenario(cased), list[np.ndarray]()
    each_leg(model, 5, 0, lambda rows: legs.append(rows[rows["role"] < SIDE]))
    return np.concatenate(legs), rows_of_cases(model, 5, 0)[0]


def test_columns_are_those_of_the_format() -> None:
    assert not set(COLUMNS) - {column.name for column in CONTACTS}


def test_every_leg_has_its_case(found: pd.DataFrame, log: tuple[np.ndarray, np.ndarray]) -> None:
    legs, cases = log
    by_key = {f"{case['key']:016x}": case for case in cases}
    assert found["case_id"].tolist() == [f"{key:016x}" for key in legs["case"].tolist()]
    names = {"severity": ["S1", "S3"], "cause": ["billing", "outage"]}
    for column, field in (("severity", "severity"), ("cause", "tag")):
        codes = [int(by_key[each][field]) for each in found["case_id"]]
        wanted = [names[column][code] if code >= 0 else None for code in codes]
        assert [each if isinstance(each, str) else None for each in found[column]] == wanted
    of_incidents = set(found["incident_id"].dropna())
    assert of_incidents == {"down 1", "down 2"}
    assert set(found["arr"].dropna()) == {100.0, 60000.0}


def test_what_is_known_of_a_case_stands_once(found: pd.DataFrame, log: tuple[np.ndarray, np.ndarray]) -> None:
    cases = log[1]
    assert found["resolved_at"].notna().sum() == (cases["solved"] >= 0).sum() > 100
    assert found["reopens"].sum() == cases["reopened"][cases["first_solved"] >= 0].sum() > 0
    kept = (cases["solved"] >= 0) & (cases["solved"] <= cases["resolution_due"])
    assert found["resolution_met"].eq(True).sum() == kept.sum() > 100
    first = found[found["resolved_at"].notna()]
    assert (first["contact_id"] == first["case_id"]).all()
    assert (first["leg"] == 1).all()


def test_a_transfer_is_a_next_leg_in_another_queue(found: pd.DataFrame) -> None:
    ordered = found.sort_values(["contact_id", "leg"])
    after = ordered.groupby("contact_id")["queue"].shift(-1)
    wanted = (after.notna() & (after != ordered["queue"])).reindex(found.index)
    assert wanted.sum() > 50
    assert found["transfers"].eq(1).tolist() == wanted.tolist()


@pytest.mark.parametrize("name", ["c.csv", "c.parquet"])
def test_facts_are_read_without_a_complaint(
    cased: Scenario, found: pd.DataFrame, tmp_path: Path, name: str
) -> None:
    careloop.export_contacts(cased, tmp_path / name)
    with read_facts([tmp_path / name], "canonical", time_zone="Europe/Amsterdam", keep_names=True) as facts:
        assert (facts.rows, facts.rejected, facts.notes) == (len(found), {}, ())
        seen = cases_of(facts.contacts)
    counts: dict[Any, int] = found["severity"].value_counts().to_dict()
    assert dict(seen.severities) == counts
    assert seen.transferred.hits == found["transfers"].sum()
    assert seen.reopened.of == found["reopens"].notna().sum()


def test_without_cases_there_are_no_such_columns(tmp_path: Path) -> None:
    plain = {key: TEAM[key] for key in ("careloop", "name", "service_level", "calendar", "groups", "queues")}
    calls = {key: TEAM["streams"]["calls"][key] for key in ("queue", "arrivals", "handle_time")}
    careloop.export_contacts(from_dict({**plain, "streams": {"calls": calls}}), tmp_path / "c.csv")
    header = (tmp_path / "c.csv").read_text(encoding="utf-8").splitlines()[0].split(",")
    assert not set(header) & set(COLUMNS)


def test_legs_in_the_folder_of_a_run_know_their_case(
    cased: Scenario, log: tuple[np.ndarray, np.ndarray]
) -> None:
    legs = careloop.simulate(cased, contacts=True).contacts
    assert legs is not None
    assert set(legs["by"]) == {"customer", "customer again", "team"}
    mine = legs[legs["by"] != "team"]
    assert mine["case"].tolist() == [f"{key:016x}" for key in log[0]["case"].tolist()]
    assert {"first", "tier2", "reply"} <= set(mine["work"])
    duties = legs[legs["work"] == "duty"]
    assert len(duties) > 0
    assert ((duties["due_s"] - duties["queued_s"] - 600.0).abs() < 1e-6).all()
    assert legs.loc[legs["work"] == "article", "due_s"].isna().all()
