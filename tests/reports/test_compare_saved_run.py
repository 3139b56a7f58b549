"""Runs read back from their folders: the same figures, and one message for whatever is wrong."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import pytest

from reports.comparison import compare_versions, version_of
from reports.run_folder import write_run
from reports.saved_run import SavedRunError, read_run
from reports.tables_out import write_parquet
from scenarios import loads
from scenarios.case_definitions import CASE_MEASURES, CASE_QUANTILES
from sim.experiment import Result, run_scenario
from tests.sim.case_team import DOWN, TEAM, team

DAY = """\
careloop: 1
name: A quick day
service_level: offered
calendar: {start: 2026-03-02, days: 1}
streams:
  calls: {queue: phone, arrivals: {rate: 6 per 30 min}, handle_time: {exponential: 3 min}}
queues:
  phone: {target: 80% in 20 s, patience: {exponential: 4 min}}
groups:
  team: {skills: [phone], agents: AGENTS, pay: $24/h}
run: {replications: 4, seed: 7}
"""


@pytest.fixture(scope="module")
def results() -> list[Result]:
    return [run_scenario(loads(DAY.replace("AGENTS", each))) for each in ("2", "3")]


@pytest.fixture
def folder(results: list[Result], tmp_path: Path) -> Path:
    return write_run(tmp_path / "run", results[0])


def test_saved_runs_compare_like_fresh_ones(results: list[Result], tmp_path: Path) -> None:
    labels = ("two", "three")
    fresh = compare_versions([version_of(n, r) for n, r in zip(labels, results, strict=True)])
    for label, result in zip(labels, results, strict=True):
        write_run(tmp_path / label, result)
    saved = compare_versions([read_run(tmp_path / label, label) for label in labels])
    assert saved.differences.equals(fresh.differences)
    assert saved.verdict == fresh.verdict
    assert saved.inputs == fresh.inputs == {"three": ("groups.team.agents: 2 → 3",)}


def test_a_backlog_of_years_is_a_number(folder: Path, results: list[Result]) -> None:
    """Ages of cases add up to ticks squared: a thousand of them for a year make 10^30."""
    path = folder / "replications.parquet"
    samples = pd.read_parquet(path)
    samples.loc[samples["measure"] == "asa", ["above", "below"]] *= 1e22
    assert samples["above"].max() > 1e25
    write_parquet(samples, path)
    assert read_run(folder, "run").samples.equals(samples)


def test_saved_runs_with_cases_compare_like_fresh_ones(tmp_path: Path) -> None:
    """Points may be below zero, quantiles of times are no means: both are read back and paired."""
    groups = [{**TEAM["groups"], "b": {**TEAM["groups"]["b"], "agents": n}} for n in (1, 3)]
    cases = [run_scenario(team(incidents={"down": DOWN}, groups=each), 3) for each in groups]
    fresh = compare_versions([version_of(n, r) for n, r in zip(("one", "three"), cases, strict=True)])
    for label, result in zip(("one", "three"), cases, strict=True):
        write_run(tmp_path / label, result)
    saved = compare_versions([read_run(tmp_path / label, label) for label in ("one", "three")])
    assert saved.differences.equals(fresh.differences)
    found = saved.differences.set_index(["measure", "scope", "name"])
    of_cases = {name for name, measure in CASE_MEASURES.items() if "incident" not in measure.scopes}
    of_cases -= {"cost_per_contact", "prevented"}  # nobody is paid, and nothing changes on the way
    assert {*of_cases, *CASE_QUANTILES} <= set(saved.differences["measure"])
    row = found.loc[[("resolution_attainment", "severity", "S1")]].iloc[0]
    assert (row["pairing"], row["unit"]) == ("paired", "share")
    assert row["difference"] > 0
    assert row["narrower"] > 0


def test_replications_are_the_same_bytes_on_any_number_of_workers(tmp_path: Path) -> None:
    scenario = loads(DAY.replace("AGENTS", "2"))
    for workers in (1, 3):
        write_run(tmp_path / str(workers), run_scenario(scenario, workers=workers))
    one, three = ((tmp_path / name / "replications.parquet").read_bytes() for name in ("1", "3"))
    assert one == three


def edited(change: Callable[[pd.DataFrame], pd.DataFrame], file: str) -> Callable[[Path], None]:
    """Rewrite a table of a run."""

    def edit(folder: Path) -> None:
        write_parquet(change(pd.read_parquet(folder / file)), folder / file)

    return edit


def manifest(**values: object) -> Callable[[Path], None]:
    """Change the manifest of a run."""

    def edit(folder: Path) -> None:
        path = folder / "manifest.json"
        path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | values), encoding="utf-8")

    return edit


def written(file: str, content: bytes) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        (folder / file).write_bytes(content)

    return write


def removed(file: str) -> Callable[[Path], None]:
    return lambda folder: (folder / file).unlink()


R: Final = "replications.parquet"
M: Final = "measures.parquet"
INTERVALS: Final = "intervals.parquet"


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (removed("manifest.json"), "not the folder of a run"),
        (written("manifest.json", b"\xff\xfe"), "not the folder of a run"),
        (written("manifest.json", b"[" * 100_000), "not the folder of a run"),
        (written("manifest.json", b"[1]"), "name what careloop run --out wrote"),
        (manifest(program="other"), "name what careloop run --out wrote"),
        (manifest(seed="1"), "no usable 'seed'"),
        (manifest(replications=-1), "no usable 'replications'"),
        (manifest(replications=True), "no usable 'replications'"),
        (manifest(engine=None), "no usable 'engine'"),
        (manifest(replications=5), "not the 5 replications"),
        (manifest(replications=0), "not the 0 replications"),
        (removed("scenario.yaml"), "scenario.yaml cannot be used"),
        (written("scenario.yaml", b"careloop: 7"), "scenario.yaml cannot be used"),
        (removed(R), "run it again with this version of careloop"),
        (removed(M), "measures.parquet cannot be used"),
        (written(R, b"PAR1 and nothing more"), "replications.parquet cannot be used"),
        (written(M, b""), "measures.parquet cannot be used"),
        (edited(lambda t: t.drop(columns="below"), R), "no column 'below'"),
        (edited(lambda t: t.iloc[:-1], R), "not the 4 replications"),
        (edited(lambda t: t.iloc[:0], R), "not the 4 replications"),
        (edited(lambda t: t.assign(above=np.nan), R), "a value that is no number"),
        (edited(lambda t: t.assign(above=np.inf), R), "a value that is no number"),
        (edited(lambda t: t.assign(above="1"), R), "'above' is not a number"),
        (edited(lambda t: t.assign(measure=1), R), "'measure' is not text"),
        (
            edited(lambda t: t.assign(measure="offered", scope="all", name="all"), R),
            "a measure twice",
        ),
        (
            edited(lambda t: t.assign(name=[f"{n}" for n in range(len(t))]), R),
            "different measures",
        ),
        (
            edited(lambda t: t.assign(above=t["above"] * 2), R),
            "does not belong to measures.parquet",
        ),
        (edited(lambda t: t.assign(mean=np.nan), M), "a figure without a usable value"),
        (edited(lambda t: t.assign(high=np.inf), M), "a figure without a usable value"),
        (edited(lambda t: t.assign(unit=None), M), "'unit' is not text"),
        (edited(lambda t: t.assign(interval="noon"), INTERVALS), "intervals.parquet cannot be used"),
        (edited(lambda t: t.assign(interval=3.5), INTERVALS), "'interval' is not text"),
    ],
)
def test_what_is_wrong_is_told_in_one_message(folder: Path, harm: Callable[[Path], None], said: str) -> None:
    harm(folder)
    with pytest.raises(SavedRunError) as caught:
        read_run(folder, "run")
    message = str(caught.value)
    assert said in message
    assert message.startswith(str(folder))
    assert "\n" not in message
    assert len(message) < 400


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SavedRunError, match="no such folder"):
        read_run(tmp_path / "none", "none")


def test_figures_that_a_run_made_up_are_compared_without_a_pair(folder: Path) -> None:
    """A row in measures.parquet that no replication backs has no interval, and breaks nothing."""
    edited(lambda t: t.replace({"name": {"phone": "=1+1<script>"}}), M)(folder)
    first = read_run(folder, "run")
    found = compare_versions([first, first._replace(label="again")])
    strange = found.others[0].changes["offered", "queue", "=1+1<script>"]
    assert strange.pairing == ""
    assert not strange.has_interval
