"""What changed since an earlier version of a plan, which nobody may have edited since."""

import hashlib
import json
import math
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reports.plan_against import Earlier, Stood, digest_of, read_plan, since
from reports.plan_folder import write_plan
from reports.plan_page import plan_page
from reports.run_folder import MANIFEST
from reports.saved_run import SavedRunError
from scenarios import resolved
from tests.reports.plans import LEVERS, TARGETS, brief, found, planned
from tests.reports.test_page import text_of


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_plan(tmp_path / "then", found())


def test_what_was_written_is_read_back(folder: Path) -> None:
    earlier = read_plan(folder)
    assert resolved(earlier.scenario) == resolved(planned())
    assert (earlier.seed, earlier.replications) == (3, 4)
    assert earlier.digest == digest_of(planned())
    assert [each.key for each in earlier.targets] == [
        ("service_level", "queue", "phone", 30, ">="),
        ("avoidable_share", "all", "all", 40, "<="),
    ]
    assert [each.probability for each in earlier.targets] == [0.75, 0.25]
    assert [each.status for each in earlier.targets] == ["amber", "red"]
    assert earlier.targets[1].target == pytest.approx(0.34)


def test_nothing_has_changed(folder: Path) -> None:
    told = since(found(), read_plan(folder))
    assert told.inputs == ()
    assert told.digests[0] == told.digests[1]
    assert [each.change for each in told.targets] == ["as before", "as before"]
    assert told.note == "Both versions met the same chances: what differs comes from the inputs."


def test_inputs_and_probabilities_that_moved(folder: Path) -> None:
    """Half of the replications reach the first target now, the value of which is another one too."""
    levers = {**LEVERS, "macros": {**LEVERS["macros"], "due": "2026-02-12"}}
    targets = ["phone service level >= 83% by day 30", TARGETS[1]]
    told = since(found(planned(levers, targets)), read_plan(folder))
    assert told.inputs == (
        "roadmap.levers.macros.due: 2026-02-09 → 2026-02-12",
        "roadmap.targets: removed: queue phone service level >= 80% by day 30",
        "roadmap.targets: added: queue phone service level >= 83% by day 30",
    )
    first, second = told.targets
    assert first.target == "phone service level ≥ 83 % in 20 s by day 30"
    assert (first.then, first.now) == ("75 %, amber", "50 %, amber")
    assert first.change == "−25 points; another value is asked for"
    assert (second.then, second.now, second.change) == ("25 %, red", "25 %, red", "as before")
    text = text_of(plan_page(brief(planned(levers, targets), earlier=read_plan(folder))))
    assert "What changed since the last version" in text
    assert f"Version {digest_of(planned())[:12]} → " in text
    assert "3 inputs differ: roadmap.levers.macros.due: 2026-02-09 → 2026-02-12" in text
    assert "phone service level ≥ 83 % in 20 s by day 30 75 %, amber 50 %, amber −25 points" in text


def test_targets_come_and_go(folder: Path) -> None:
    told = since(found(planned(targets=[TARGETS[0], "CSAT >= 90% by day 40"])), read_plan(folder))
    assert [each[1:] for each in told.targets[1:]] == [
        ("–", "not measurable yet", "new"),
        ("25 %, red", "–", "dropped"),
    ]
    assert told.targets[2].target == "avoidable share by day 40"


def test_other_chances_and_programs_are_told(folder: Path) -> None:
    earlier = read_plan(folder)._replace(seed=8, version="0.0.9")
    note = since(found(), earlier).note
    assert "The earlier version had 4 replications with seed 8, this one 4 with seed 3" in note
    assert "made with careloop 0.0.9" in note


def test_two_targets_alike_are_taken_in_their_order() -> None:
    """An absolute target and one against the baseline are the same measure by the same day."""
    result = found(planned(targets=[TARGETS[0], "phone service level +1 points vs baseline by day 30"]))
    key = ("service_level", "queue", "phone", 30, ">=")
    then = (Stood(key, 0.8, 0.5, "amber"), Stood(key, 0.85, math.nan, "not measurable yet"))
    told = since(result, Earlier(planned(), "0" * 64, 3, 4, "0", then))
    assert [each.then for each in told.targets] == ["50 %, amber", "not measurable yet"]
    assert told.targets[1].change == "–"


def edited(name: str, change: Callable[[str], str]) -> Callable[[Path], None]:
    def edit(folder: Path) -> None:
        path = folder / name
        path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")

    return edit


def of_manifest(change: Callable[[dict[str, Any]], object]) -> Callable[[Path], None]:
    def edit(text: str) -> str:
        content = json.loads(text)
        change(content)
        return json.dumps(content)

    return edited(MANIFEST, edit)


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (
            edited("scenario.yaml", lambda text: text.replace("80%", "81%")),
            "scenario.yaml is no longer as it was",
        ),
        (edited("plan.json", lambda text: text.replace("0.75", "0.95")), "plan.json is no longer as"),
        (edited("register.csv", lambda text: text + "\n"), "register.csv is no longer as it was"),
        (edited("targets.csv", lambda text: text.replace("0.75", "0.95")), "targets.csv is no longer as"),
        (edited("report.html", lambda text: text.replace("red", "green")), "report.html is no longer as"),
        (edited("letter.md", str.upper), "letter.md is no longer as it was"),
        (lambda folder: (folder / "replications.parquet").write_bytes(b""), "replications.parquet is no lo"),
        (lambda folder: (folder / "trends.csv").unlink(), "'trends.csv' cannot be read"),
        (lambda folder: (folder / "plan.json").unlink(), "'plan.json' cannot be read"),
        (of_manifest(lambda m: m["files"].update({"../a": "0"})), r"'\.\./a' of manifest.json is no file"),
        (of_manifest(lambda m: m["files"].update({"plan.json": 3})), "plan.json is no longer as"),
        (lambda folder: (folder / MANIFEST).unlink(), "no readable manifest.json"),
        (of_manifest(lambda m: m.update(program="other")), "name what careloop plan --out wrote"),
        (of_manifest(lambda m: m["files"].pop("plan.json")), "name what careloop plan --out wrote"),
        (of_manifest(lambda m: m.update(files=[])), "name what careloop plan --out wrote"),
        (of_manifest(lambda m: m.update(seed="one")), "no usable 'seed'"),
        (shutil.rmtree, "no such folder"),
    ],
)
def test_what_is_no_plan_or_was_edited_is_refused(
    folder: Path, damage: Callable[[Path], None], words: str
) -> None:
    damage(folder)
    with pytest.raises(SavedRunError, match=words):
        read_plan(folder)


def frozen(folder: Path, text: str) -> None:
    """Write a plan.json with a digest that fits, as somebody might."""
    (folder / "plan.json").write_text(text, encoding="utf-8")
    digest = f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"
    of_manifest(lambda m: m["files"].update({"plan.json": digest}))(folder)


def target(**keys: object) -> str:
    """A plan.json with one target, some of its keys others."""
    usual = {"metric": "csat", "scope": "all", "name": "all", "day": 1, "direction": ">="}
    return json.dumps({"targets": [{**usual, "status": "red", "target": 1, "probability": 0.5, **keys}]})


NONE = ("[]]", '{"targets": 3}', '{"targets": [{}]}', "[" * 100_000)
SPOILT: tuple[dict[str, object], ...] = (
    {"status": "blue"},
    {"probability": 1.5},
    {"day": True},
    {"metric": 3},
    {"target": "much"},
)


@pytest.mark.parametrize("targets", [*NONE, *(target(**each) for each in SPOILT)])
def test_a_plan_whose_targets_are_none_is_refused(folder: Path, targets: str) -> None:
    frozen(folder, targets)
    with pytest.raises(SavedRunError, match=r"plan\.json cannot be used: it has no usable targets"):
        read_plan(folder)
    frozen(folder, target())
    assert [each.status for each in read_plan(folder).targets] == ["red"]


def test_the_folder_of_a_run_is_no_plan(tmp_path: Path, folder: Path) -> None:
    of_manifest(lambda m: m["files"].pop("plan.json"))(folder)
    with pytest.raises(SavedRunError, match="careloop plan --out"):
        read_plan(folder)


def test_all_files_that_were_edited_are_named_and_what_was_put_beside_them_is_not(folder: Path) -> None:
    (folder / "notes.txt").write_text("ours", encoding="utf-8")
    assert read_plan(folder).replications == 4
    for name in ("targets.csv", "register.csv"):
        edited(name, str.upper)(folder)
    with pytest.raises(SavedRunError, match=r"register\.csv is .*; targets\.csv is .*; use a copy"):
        read_plan(folder)
