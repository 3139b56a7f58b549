"""The page and the folder of a comparison."""

import csv
import json
from pathlib import Path

import pandas as pd
import pytest

from reports.comparison import COLUMNS, Comparison, Version, compare_versions
from reports.comparison_folder import comparison_json, file_names, write_comparison
from reports.comparison_page import comparison_page
from reports.run_folder import FolderError
from scenarios import load, loads
from sim.experiment import Result
from tests.reports.comparisons import FIGURES, version
from tests.reports.conftest import TEXT
from tests.reports.test_page import NASTY, VOID, read, text_of

PHONE = ("service_level", "queue", "phone")


@pytest.fixture
def found(result: Result) -> Comparison:
    """Two versions with intervals to draw."""
    changed = loads(TEXT.replace("agents: 5", "agents: 7"))
    first = version("base")._replace(intervals=result.intervals)
    second = version("more", {PHONE: 0.063}, scenario=changed)
    return compare_versions([first, second._replace(intervals=result.intervals)])


def nasty(label: str) -> Comparison:
    """Labels and names that would do harm unescaped."""
    known = loads(TEXT)
    renamed = known.model_copy(
        update={"name": label, "queues": {label if q == "phone" else q: e for q, e in known.queues.items()}}
    )
    figures = {(m, s, label if n == "phone" else n): value for (m, s, n), value in FIGURES.items()}
    first = version(label, scenario=renamed, figures=figures)
    second = version(f"{label} too", {("asa", "queue", label): 5.0}, scenario=renamed, figures=figures)
    return compare_versions([first, second])


def test_the_page_answers_first_and_explains_later(found: Comparison) -> None:
    text = text_of(comparison_page(found))
    order = [
        "more against base",
        "more instead of base: phone service level +6.3",
        "What differs in the inputs",
        "groups.callers.agents: 5 → 7",
        "figures are paired, over 20 replications",
        "Differences",
        "narrower",
        "some 5 would be marked",
        "Over time",
        "Queue phone",
        "Contacts offered",
        "Assumptions of base",
        "Definitions",
        "seed 1, 20 replications",
    ]
    places = [text.find(part) for part in order]
    assert -1 not in places
    assert places == sorted(places)


def test_both_versions_are_in_every_chart(found: Comparison) -> None:
    html = comparison_page(found)
    reader = read(html)
    charts = reader.tags.count("svg")
    assert charts >= 2
    assert html.count('class="line first"') == html.count('class="line second"') == charts
    keys = [value for name, value in reader.attributes if name == "id"]
    assert len(keys) == len(set(keys)) > 0
    assert set(reader.tags) - VOID


def test_other_horizons_are_not_drawn_over_each_other(result: Result) -> None:
    longer = version("long", {PHONE: 0.1}, scenario=loads(TEXT.replace("days: 2", "days: 3")))
    both = [each._replace(intervals=result.intervals) for each in (version("base"), longer)]
    html = comparison_page(compare_versions(both))
    assert "<svg" not in html
    assert "the versions have not the same horizon" in html


@pytest.mark.parametrize("label", NASTY)
def test_labels_are_escaped(label: str) -> None:
    reader = read(comparison_page(nasty(label)))
    assert "script" not in reader.tags
    assert "img" not in reader.tags
    assert not any(name.startswith("on") for name, _ in reader.attributes)
    words = " ".join(" ".join(reader.words).replace("\u00a0", " ").split())
    assert label.replace("\u00a0", " ") in words


def test_the_page_needs_nothing_from_elsewhere(found: Comparison) -> None:
    html = comparison_page(found)
    assert "http://" not in html
    assert "https://" not in html
    assert html == comparison_page(found)


def test_the_folder_stands_alone(found: Comparison, tmp_path: Path) -> None:
    out = write_comparison(tmp_path / "cmp", found, wall_time_s=1.0, with_csv=True)
    names = {each.name for each in out.iterdir()}
    assert names == {
        "base.yaml", "more.yaml", "compare.html", "differences.csv", "differences.parquet", "manifest.json",
    }  # fmt: skip
    assert [load(out / f"{n}.yaml") for n in ("base", "more")] == [v.scenario for v in found.versions]
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert [each["label"] for each in manifest["compared"]] == ["base", "more"]
    assert set(manifest["files"]) == names - {"manifest.json"}
    table = pd.read_parquet(out / "differences.parquet")
    assert list(table.columns) == list(COLUMNS)
    assert table["difference"].tolist() == found.differences["difference"].tolist()
    again = write_comparison(tmp_path / "again", found, wall_time_s=2.0, with_csv=True)
    for name in names - {"manifest.json"}:
        assert (out / name).read_bytes() == (again / name).read_bytes()


def test_a_comparison_may_be_replaced_but_no_other_folder(found: Comparison, tmp_path: Path) -> None:
    write_comparison(tmp_path / "cmp", found, with_csv=True)
    write_comparison(tmp_path / "cmp", found)
    assert not (tmp_path / "cmp" / "differences.csv").exists()
    (tmp_path / "cmp" / "notes.md").write_text("mine", encoding="utf-8")
    with pytest.raises(FolderError, match="holds more than a run"):
        write_comparison(tmp_path / "cmp", found)


def test_no_spreadsheet_runs_a_label(tmp_path: Path) -> None:
    write_comparison(tmp_path / "cmp", nasty("=1+1"), with_csv=True)
    with (tmp_path / "cmp" / "differences.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["against"] for row in rows} == {"'=1+1"}
    assert {row["version"] for row in rows} == {"'=1+1 too"}
    assert "'=1+1" in {row["name"] for row in rows}
    assert all(float(row["difference"]) is not None for row in rows)


def test_json_is_one_object(found: Comparison) -> None:
    whole = json.loads(comparison_json(found))
    assert list(whole) == ["versions", "verdict", "inputs", "differences"]
    assert whole["inputs"] == {"more": ["groups.callers.agents: 5 → 7"]}
    assert list(whole["differences"][0]) == list(COLUMNS)
    assert len(whole["differences"]) == len(FIGURES)
    one: Version = found.versions[0]._replace(label="alone")
    few = one._replace(replications=1, samples=one.samples[one.samples["replication"] == 0])
    alone = json.loads(comparison_json(compare_versions([few, few])))
    assert {row["se"] for row in alone["differences"]} == {None}


def test_devices_of_windows_are_no_names_of_files() -> None:
    assert file_names(["Aux", "com1", "console"]) == ["Aux-version", "com1-version", "console"]


def test_file_names_are_harmless() -> None:
    labels = ["base", "BASE", "../../etc/passwd", "<script>", "", "a b", "=1+1", "x" * 300]
    names = file_names(labels)
    assert names[:6] == ["base", "BASE-2", "etc-passwd", "script", "version", "a-b"]
    assert len({name.lower() for name in names}) == len(labels)
    assert all(name and len(name) <= 70 for name in names)
    assert all(
        set(name) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") for name in names
    )
