"""`careloop new` and `careloop schema`: a start that works as it is, and help for editors."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from jsonschema import Draft7Validator

from careloop.starting import write_start
from scenarios import check, load, open_scenario
from scenarios.keys import MODELS, keys_of
from scenarios.schema import json_schema
from scenarios.yaml_text import read_file, read_text
from tests.careloop.conftest import Ended
from tests.scenarios.life_text import LIFE
from tests.scenarios.money_text import MONEY
from tests.scenarios.plan_text import PLAN

Here = Callable[..., Ended]
LIBRARY = sorted((Path(__file__).parents[2] / "scenarios" / "library").glob("*.yaml"))


def test_a_new_folder_runs_as_it_is(here: Here, tmp_path: Path) -> None:
    folder = tmp_path / "my team"
    ended = here("new", folder)
    assert (ended.code, ended.err) == (0, "")
    assert sorted(path.name for path in folder.iterdir()) == [
        "calls.csv",
        "careloop.schema.json",
        "scenario.yaml",
    ]
    scenario = folder / "scenario.yaml"
    assert check(scenario) == []
    assert load(scenario).name == "My care team"
    assert open_scenario(scenario).overrides == ("fewer_calls", "busy_autumn", "hire_two")
    first = scenario.read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=careloop.schema.json"
    ran = here("run", scenario, "--replications", "2", "--scenario", "hire_two", "--out", folder / "out")
    assert ran.code == 0
    assert (folder / "out" / "report.html").is_file()


def test_nothing_is_overwritten(here: Here, tmp_path: Path) -> None:
    mine = tmp_path / "scenario.yaml"
    mine.write_text("mine", encoding="utf-8")
    for target, told in ((tmp_path, "is not empty"), (mine, "is a file")):
        ended = here("new", target)
        assert ended.code == 2
        assert told in ended.err
    assert mine.read_text(encoding="utf-8") == "mine"
    assert [path.name for path in tmp_path.iterdir()] == ["scenario.yaml"]
    empty = tmp_path / "empty"
    empty.mkdir()
    assert here("new", empty).code == 0


def test_the_current_folder_is_filled_not_replaced(
    here: Here, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = tmp_path.stat().st_ino
    monkeypatch.chdir(tmp_path)
    assert here("new", ".").code == 0
    assert tmp_path.stat().st_ino == before
    assert here("check", "scenario.yaml").code == 0


@pytest.mark.parametrize("there_before", [True, False])
def test_a_failure_leaves_no_part_of_it(
    here: Here, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there_before: bool
) -> None:
    folder, write = tmp_path / "new", Path.write_bytes
    if there_before:
        folder.mkdir()

    def full(self: Path, data: bytes) -> int:
        write(self, data[:10])
        if self.suffix == ".csv":
            raise OSError(28, "No space left on device")
        return len(data)

    monkeypatch.setattr(Path, "write_bytes", full)
    ended = here("new", folder)
    assert ended.code == 2
    assert "No space left on device" in ended.err
    assert folder.exists() == there_before
    assert list(tmp_path.rglob("*")) == [folder] * there_before


def test_the_schema_is_printed(here: Here) -> None:
    ended = here("schema")
    assert ended.code == 0
    assert json.loads(ended.out) == json_schema()
    assert ended.out.isascii()  # a file made with > is the same on every system


PARTS = {
    "streams.NAME": "stream",
    "queues.NAME": "queue",
    "groups.NAME": "group",
    "severities.NAME": "severity",
    "causes.NAME": "cause",
    "tiers.NAME": "tier",
    "paths.NAME.STEP": "step",
    "side_work.NAME": "side_work",
    "incidents.NAME": "incident",
    "owners.NAME": "owner",
    "remedies.NAME": "remedy",
    "roadmap.phases.NAME": "phase",
    "roadmap.levers.NAME": "lever",
}


@pytest.mark.parametrize("section", PARTS)
def test_the_schema_knows_every_key_of_a_part(section: str) -> None:
    part = json_schema()["$defs"][PARTS[section]]
    keys = {key.path for key in keys_of(MODELS[section]) if "." not in key.path}
    assert set(part["properties"]) == keys
    assert part["additionalProperties"] is False
    assert all(each["description"] for each in part["properties"].values())


def test_references_of_the_schema_lead_somewhere() -> None:
    schema = json_schema()
    text = json.dumps(schema)
    named = {part.split('"')[0] for part in text.split("#/$defs/")[1:]}
    assert named <= set(schema["$defs"])


@pytest.mark.parametrize("path", LIBRARY, ids=lambda path: path.stem)
def test_what_can_be_read_fits_the_schema(path: Path) -> None:
    """What a file that extends another leaves out may be said there."""
    data = read_file(path).data
    errors = Draft7Validator(json_schema()).iter_errors(data)
    extends = isinstance(data, dict) and "extends" in data
    assert [each.message for each in errors if not (extends and each.validator == "required")] == []


def test_the_schema_knows_that_null_takes_away() -> None:
    """Parts of a layer below; a key that must be there may not be null."""
    taken = {"extends": "a.yaml", "causes": {"login": None}, "roadmap": {"levers": {"copy": None}}}
    check = Draft7Validator(json_schema())
    assert [error.validator for error in check.iter_errors(taken) if error.validator != "required"] == []
    number = [error.validator for error in check.iter_errors({**taken, "owners": {"care": 3}})]
    assert number.count("type") == 1


def test_the_life_of_a_case_fits_the_schema() -> None:
    errors = Draft7Validator(json_schema()).iter_errors(read_text(LIFE).data)
    assert [f"{list(error.path)}: {error.message}" for error in errors] == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("first_response: 95%", "first_respons: 95%"),
        ("pci: compliance", "pci: complience"),
        ("{severity: S1, to: critical}", "{severity: S1, too: critical}"),
        ("handover: {warm: 3 min}", "handover: worm"),
        ("on: opened", "on: open"),
        ("closes_after: 5 days", "closes_after: 5"),
        ("billing: 30%, how_to", "billing: 30 per cent, how_to"),
    ],
)
def test_an_editor_underlines_a_mistake_in_the_life_of_a_case(old: str, new: str) -> None:
    assert old in LIFE
    assert list(Draft7Validator(json_schema()).iter_errors(read_text(LIFE.replace(old, new, 1)).data))


def test_a_plan_fits_the_schema() -> None:
    errors = Draft7Validator(json_schema()).iter_errors(read_text(PLAN).data)
    assert [f"{list(error.path)}: {error.message}" for error in errors] == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("capacity: 40 h/week", "capcity: 40 h/week"),
        ("kind: ux_copy", "kind: ux_text"),
        ("tagging.accuracy: +8 points", "tagging.acuracy: +8 points"),
        ("streams.calls.handle_time: +2%", "stream.calls.handle_time: +2%"),
        ("expected: -25%", "expectd: -25%"),
        ("weekly_review: {on: tue", "weekly_review: {on: tues"),
        ("by: hours", "by: hour"),
        ("to: 2026-03-31", "to: 31.3."),
        ("lead: 14 days", "lead: 14"),
    ],
)
def test_an_editor_underlines_a_mistake_in_a_plan(old: str, new: str) -> None:
    assert old in PLAN
    assert list(Draft7Validator(json_schema()).iter_errors(read_text(PLAN.replace(old, new, 1)).data))


def test_money_fits_the_schema() -> None:
    errors = Draft7Validator(json_schema()).iter_errors(read_text(MONEY).data)
    assert [f"{list(error.path)}: {error.message}" for error in errors] == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("currency: USD\n", "currency: USX\n"),
        ("on_costs: 22%", "oncosts: 22%"),
        ("kind: telephony", "kind: telephones"),
        ("only: {queue: phone}", "only: {queu: phone}"),
        ("penalty: {queue: phone, below: 80%", "penalty: {queue: phone, below: 80 of 100"),
        ("holds: heads", "holds: head"),
        ("effect: {low: 50%", "effect: {lo: 50%"),
        ("delay_months: {low: 3", "delay_months: {low: 3 months"),
        ("contract_flex: {team: 2}", "contract_flex: {team: two}"),
        ("counts: offered", "counts: views"),
        ("contacts: 120000", "contacts: many"),
    ],
)
def test_an_editor_underlines_a_mistake_in_money(old: str, new: str) -> None:
    assert old in MONEY
    assert list(Draft7Validator(json_schema()).iter_errors(read_text(MONEY.replace(old, new, 1)).data))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("queue: phone", "queu: phone"),
        ("at_closing: hold", "at_closing: holt"),
        ("days: 28", "days: many"),
        ("{lognormal: {", "{lognorml: {"),
        ("agents: 5", "agents: five"),
        ("shrinkage: {", "shrinkag: {"),
        ("start: 2026-10-05", "start: 5.10.2026"),
    ],
)
def test_an_editor_underlines_a_mistake(tmp_path: Path, old: str, new: str) -> None:
    write_start(tmp_path / "new")
    text = (tmp_path / "new" / "scenario.yaml").read_text(encoding="utf-8")
    validator = Draft7Validator(json_schema())
    assert list(validator.iter_errors(read_text(text).data)) == []
    assert old in text
    assert list(validator.iter_errors(read_text(text.replace(old, new)).data))


def test_every_key_is_described() -> None:
    for model in MODELS.values():
        for key in keys_of(model):
            assert key.description
            assert key.form or key.model, key.path
