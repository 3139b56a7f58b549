import hashlib
import json
import shutil
from pathlib import Path

import pytest

from reports import run_folder
from reports.run_folder import FolderError, check_folder, replacing, source_of, write_run
from scenarios import load
from sim.experiment import Result
from tests.reports.conftest import TEXT

FILES = {
    "days.parquet",
    "intervals.parquet",
    "manifest.json",
    "measures.parquet",
    "replications.parquet",
    "report.html",
    "scenario.yaml",
    "targets.parquet",
}


def names(folder: Path) -> set[str]:
    return {each.name for each in folder.iterdir()}


def contents(folder: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in folder.iterdir() if each.name != "manifest.json"}


def test_a_run_leaves_a_folder_that_stands_alone(result: Result, tmp_path: Path) -> None:
    out = tmp_path / "new" / "run"
    write_run(out, result)
    assert names(out) == FILES
    assert names(out.parent) == {"run"}
    assert load(out / "scenario.yaml") == result.scenario


def test_the_manifest_says_what_was_run(result: Result, tmp_path: Path) -> None:
    file = tmp_path / "team.yaml"
    file.write_bytes(TEXT.encode())
    write_run(tmp_path / "run", result, source=source_of(file), wall_time_s=1.23456)
    manifest = json.loads((tmp_path / "run" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["version"] == "0.1.0"
    assert manifest["seed"] == 1
    assert manifest["wall_time_s"] == 1.235
    assert manifest["source"] == {
        "file": "team.yaml",
        "digest": f"sha256:{hashlib.sha256(TEXT.encode()).hexdigest()}",
    }
    assert {"python", "numpy", "pandas", "pyarrow"} <= set(manifest["versions"])
    assert set(manifest["files"]) == FILES - {"manifest.json"}
    report = (tmp_path / "run" / "report.html").read_bytes()
    assert manifest["files"]["report.html"] == f"sha256:{hashlib.sha256(report).hexdigest()}"


def test_the_digest_in_the_report_is_that_of_the_scenario_beside_it(result: Result, tmp_path: Path) -> None:
    write_run(tmp_path / "run", result)
    digest = hashlib.sha256((tmp_path / "run" / "scenario.yaml").read_bytes()).hexdigest()
    assert digest in (tmp_path / "run" / "report.html").read_text(encoding="utf-8")


def test_csv_and_contacts_on_demand(result: Result, tmp_path: Path) -> None:
    write_run(tmp_path / "run", result._replace(contacts=result.counts.assign(x=[])), with_csv=True)
    more = {"measures.csv", "intervals.csv", "days.csv", "targets.csv", "contacts.parquet"}
    assert names(tmp_path / "run") == FILES | more


def test_without_a_target_there_is_no_table_of_targets(result: Result, tmp_path: Path) -> None:
    write_run(tmp_path / "run", result._replace(attainment=result.attainment[:0]), with_csv=True)
    assert not [name for name in names(tmp_path / "run") if name.startswith("targets")]


def test_everything_but_the_manifest_is_the_same_bytes_again(result: Result, tmp_path: Path) -> None:
    write_run(tmp_path / "a", result, with_csv=True)
    write_run(tmp_path / "b", result, with_csv=True)
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


def test_a_run_replaces_an_earlier_one_whole(result: Result, tmp_path: Path) -> None:
    out = tmp_path / "run"
    write_run(out, result, with_csv=True)
    write_run(out, result)
    assert names(out) == FILES
    assert names(tmp_path) == {"run"}


def test_an_empty_folder_may_be_used(result: Result, tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    write_run(tmp_path / "run", result)
    assert names(tmp_path / "run") == FILES


@pytest.mark.parametrize("manifest", [None, "{}", "no json", '{"program": "other", "files": {}}', '"text"'])
def test_a_folder_of_something_else_is_refused(result: Result, tmp_path: Path, manifest: str | None) -> None:
    """A manifest.json may be that of a web site: only one of our own makes a folder replaceable."""
    (tmp_path / "thesis.tex").write_text("years of work", encoding="utf-8")
    if manifest is not None:
        (tmp_path / "manifest.json").write_text(manifest, encoding="utf-8")
    with pytest.raises(FolderError, match="not the folder of a run"):
        write_run(tmp_path, result)
    assert (tmp_path / "thesis.tex").read_text(encoding="utf-8") == "years of work"


def test_notes_kept_in_a_run_are_not_deleted(result: Result, tmp_path: Path) -> None:
    write_run(tmp_path / "run", result)
    (tmp_path / "run" / "notes.md").write_text("mine", encoding="utf-8")
    with pytest.raises(FolderError, match=r"more than a run \(notes.md\)"):
        write_run(tmp_path / "run", result)
    assert names(tmp_path / "run") == FILES | {"notes.md"}


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FolderError, match="is a file"):
        check_folder(tmp_path / "file")
    with pytest.raises(FolderError, match="is a file"):
        check_folder(tmp_path / "file" / "run")


def test_the_current_folder_is_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FolderError, match="current folder"):
        check_folder(Path())
    with pytest.raises(FolderError, match="current folder"):
        check_folder(tmp_path.parent)


def test_a_day_alone_has_no_table_of_days(result: Result, tmp_path: Path) -> None:
    write_run(tmp_path / "run", result._replace(days=result.counts))
    assert names(tmp_path / "run") == FILES - {"days.parquet"}


def test_pictures_are_files_of_the_run(result: Result, tmp_path: Path) -> None:
    out = tmp_path / "run"
    write_run(out, result, with_png=True)
    assert names(out) == FILES | {"charts"}
    files = json.loads((out / "manifest.json").read_text(encoding="utf-8"))["files"]
    load = (out / "charts" / "queue-phone-load-by-day.png").read_bytes()
    assert files["charts/queue-phone-load-by-day.png"] == f"sha256:{hashlib.sha256(load).hexdigest()}"
    assert {name for name in files if "/" in name} == {f"charts/{name}" for name in names(out / "charts")}
    write_run(out, result)
    assert names(out) == FILES


def test_notes_kept_among_the_pictures_are_not_deleted(result: Result, tmp_path: Path) -> None:
    write_run(tmp_path / "run", result, with_png=True)
    (tmp_path / "run" / "charts" / "slides.pptx").write_bytes(b"mine")
    (tmp_path / "run" / "charts" / "empty").mkdir()
    with pytest.raises(FolderError, match=r"more than a run \(charts/empty, charts/slides.pptx\)"):
        write_run(tmp_path / "run", result)
    assert (tmp_path / "run" / "charts" / "slides.pptx").read_bytes() == b"mine"


def test_a_link_stays_a_link(result: Result, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    link = tmp_path / "link"
    try:
        link.symlink_to(tmp_path / "real", target_is_directory=True)
    except OSError:
        pytest.skip("no links on this system")
    write_run(link, result)
    assert link.is_symlink()
    assert names(tmp_path / "real") == FILES


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
@pytest.mark.parametrize("there_before", [True, False])
def test_a_failure_leaves_everything_as_it_was(
    result: Result,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    error: BaseException,
    there_before: bool,
) -> None:
    out = tmp_path / "deep" / "run"
    if there_before:
        write_run(out, result)
    before = contents(out) if there_before else {}

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(run_folder, "_write_manifest", fail)
    with pytest.raises((FolderError, KeyboardInterrupt)):
        write_run(out, result._replace(seed=2))
    if there_before:
        assert contents(out) == before
        assert names(out.parent) == {"run"}
    else:
        assert names(tmp_path) == set()


def test_a_failure_while_moving_puts_the_former_run_back(
    result: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "run"
    write_run(out, result)
    before, rename = contents(out), Path.rename

    def fail_for_the_new(self: Path, target: Path) -> Path:
        if self.name.endswith(".partial"):
            raise PermissionError(13, "Permission denied")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fail_for_the_new)
    with pytest.raises(FolderError, match="Permission denied"):
        write_run(out, result._replace(seed=2))
    assert contents(out) == before
    assert names(tmp_path) == {"run"}


def test_a_folder_that_somebody_reads_is_moved_a_moment_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "run").mkdir()
    rename, refusals = Path.rename, iter(range(2))

    def refuse_twice(self: Path, target: Path) -> Path:
        if next(refusals, None) is not None:
            raise PermissionError(13, "Permission denied")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refuse_twice)
    with replacing(tmp_path / "run") as fresh:
        (fresh / "file").touch()
    assert names(tmp_path / "run") == {"file"}
    assert names(tmp_path) == {"run"}


def test_a_folder_appears_only_when_it_is_complete(tmp_path: Path) -> None:
    with replacing(tmp_path / "run") as fresh:
        (fresh / "file").touch()
        assert not (tmp_path / "run").exists()
    assert names(tmp_path / "run") == {"file"}
    shutil.rmtree(tmp_path / "run")
