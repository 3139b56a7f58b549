"""Single cases in the folder of a run, against the measures of the same run and against its legs."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import careloop
from sim.clock import NEVER
from sim.experiment import Result
from sim.frames import moments_s
from tests.sim.case_team import DOWN, team

OUTCOMES = {"response": "40%", "csat": {"base": 0.8}, "qa": {"cv": 0.1}}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("out") / "run"


@pytest.fixture(scope="module")
def result(folder: Path) -> Result:
    surveyed = team(
        incidents={"down": DOWN}, outcomes=OUTCOMES, run={"replications": 2, "seed": 5, "end": "cut"}
    )
    return careloop.simulate(surveyed, contacts=True, out=folder)


@pytest.fixture(scope="module")
def cases(folder: Path, result: Result) -> pd.DataFrame:
    table = pd.read_parquet(folder / "cases.parquet")
    assert result.cases is not None
    assert len(table) == len(result.cases)
    return table


def measure(result: Result, name: str) -> float:
    of_all = result.measures.query("measure == @name and scope == 'all'")
    return float(of_all["mean"].iloc[0])


def test_rows_make_up_the_measures(result: Result, cases: pd.DataFrame) -> None:
    solved, rated = cases[cases["outcome"] == "solved"], cases[cases["csat"].notna()]
    known, tagged = (
        cases[cases["first_solved_s"].notna()],
        cases[(cases["tag"] != "") & (cases["cause"] != "")],
    )
    promised = cases[cases["resolution_due_s"].notna()]
    done = promised["solved_s"].notna()
    missed = (promised["outcome"] == "lost") | (promised["resolution_due_s"] < 5 * 86_400)
    kept = done & (promised["solved_s"] <= promised["resolution_due_s"])
    found = {
        "cases": len(cases) / 2,
        "solved": len(solved) / 2,
        "contacts_per_case": cases["contacts"].mean(),
        "transfers_per_case": cases["transfers"].mean(),
        "agent_time_per_case": cases["agent_s"].mean(),
        "csat": (rated["csat"] >= 4).mean(),
        "nps": 100 * ((rated["nps"] >= 9).mean() - (rated["nps"] <= 6).mean()),
        "effort": (rated["effort"] >= 5).mean(),
        "response_rate": len(rated) / len(solved),
        "qa": solved[["qa_accuracy", "qa_empathy", "qa_policy"]].mean(axis=1).mean(),
        "confirmed": solved["confirmed"].mean(),
        "mistagged": (tagged["tag"] != tagged["cause"]).mean(),
        "resolution_attainment": kept.sum() / (done | missed).sum(),
    }
    assert len(known) >= len(solved)
    for name, value in found.items():
        assert measure(result, name) == pytest.approx(value), name


def test_every_leg_belongs_to_a_case_of_its_replication(result: Result, cases: pd.DataFrame) -> None:
    legs = result.contacts
    assert legs is not None
    mine = set(zip(cases["replication"], cases["case"], strict=True))
    assert set(zip(legs["replication"], legs["case"], strict=True)) - {(0, ""), (1, "")} == mine
    brought = cases[cases["incident"] != ""]
    assert set(brought["incident"].str.split().str[0]) == {"down"}
    assert (brought["cause"] == "outage").all()
    assert set(cases["outcome"]) == {"solved", "lost", "open"}
    assert cases.loc[cases["outcome"] != "solved", ["csat", "qa_policy", "sentiment"]].isna().all().all()
    assert (cases["replied_s"].dropna() >= cases["born_s"][cases["replied_s"].notna()]).all()


def test_moments_that_are_not_known_are_none() -> None:
    """Business hours are known for some weeks after the horizon: what is due later has no moment."""
    found = moments_s(np.array([-1, 0, 1_500_000, NEVER]))
    assert np.array_equal(found, [np.nan, 0.0, 1.5, np.nan], equal_nan=True)


def test_without_cases_there_is_no_such_file(tmp_path: Path) -> None:
    plain = Path(__file__).parents[2] / "scenarios" / "library" / "erlang_a_day.yaml"
    found = careloop.simulate(plain, replications=1, contacts=True, out=tmp_path / "run")
    assert found.cases is None
    assert not (tmp_path / "run" / "cases.parquet").exists()
