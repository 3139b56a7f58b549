"""`careloop finance` and `careloop.finance`: what they print and write, and what they refuse."""

import json
from pathlib import Path

import pandas as pd
import pytest

import careloop
from careloop.cli import run_command
from reports.finance.results import Case, Study
from tests.finance.desk_text import DESK


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    path = tmp_path / "desk.yaml"
    path.write_text(DESK, encoding="utf-8")
    return path


@pytest.mark.verify
def test_a_fifth_fewer_calls_free_two_of_fourteen(desk: Path) -> None:
    """Erlang: 10 erlangs take 14 people for 80/20, 8 take 12; the simulation frees as many."""
    study = careloop.finance(desk, against="fewer", replications=2, workers=2)
    _assert_two_of_fourteen(study)
    assert study.case is not None
    assert study.case.searches == pytest.approx([2.0] * 5, abs=0.01)
    assert study.targets is not None
    assert study.targets.together.all_hold
    assert float(study.case.headline.cash["pay of people who leave"][0]) == 0.0  # it begins before the change


@pytest.mark.usefixtures("short_search")
def test_a_short_search_frees_as_many(desk: Path) -> None:
    """Everything, searches included, in one test: it is made once, whatever the workers."""
    _assert_two_of_fourteen(careloop.finance(desk, against="fewer", replications=2, workers=2))


def _assert_two_of_fourteen(study: Study) -> None:
    assert study.case is not None
    saved = study.case.headline.savings
    assert saved.freed == pytest.approx(2.0, abs=0.01)
    assert saved.people == 2
    one = study.case.model.people[0]
    pay = study.case.headline.cash["pay of people who leave"]
    assert float(pay[1]) == round(2 * one.monthly, 2)
    _assert_both_ways_of_holding(study.case)
    assert study.targets is not None
    assert study.targets.alone == ()  # the people there are hold them


def _assert_both_ways_of_holding(case: Case) -> None:
    service, heads = case.held["service"], case.held["heads"]
    assert heads.savings.people == 0
    assert service.npv > heads.npv
    (level,) = case.service
    assert level.after > level.before + 0.05  # if nobody leaves, service is better


def test_a_year_is_simulated_with_all_its_days(desk: Path) -> None:
    study = careloop.finance(desk, replications=2, search=False)
    assert study.before.scenario.calendar.days == 365
    desks = next(line for line in study.before.bill.lines if line.name == "desks")
    assert str(desks.total) == "12000.00"
    assert len(study.before.bill.months) == 13  # from the fifth of January to the fourth


def test_the_command_prints_costs_without_a_search(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["finance", str(desk), "--no-search", "--replications", "2"]) == 0
    printed = capsys.readouterr().out
    assert "Care costs $" in printed
    assert "By channel" in printed
    assert "The business case" not in printed


def test_json_is_one_object_whose_parts_add_up(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["finance", str(desk), "--against", "fewer", "--no-search", "--replications", "2", "--json"]
    assert run_command(arguments) == 0
    found = json.loads(capsys.readouterr().out)
    base, fewer = found["costs"]
    assert (base["label"], fewer["label"]) == ("base", "fewer")
    assert round(sum(line["amount"] for line in base["lines"]), 2) == base["total"]
    for rows in base["parts"].values():
        assert round(sum(row["cost"] for row in rows), 2) == base["total"]
    assert found["case"] is None


def test_the_folder_has_page_and_tables(tmp_path: Path) -> None:
    from reports.finance.folder import write_study
    from tests.finance import made_up

    study = made_up.study()
    folder = write_study(tmp_path / "out", study)
    assert {each.name for each in folder.iterdir()} == {
        "finance.html", "scenario.yaml", "against.yaml", "manifest.json", "costs.csv", "costs.parquet",
        "cost_to_serve.csv", "cost_to_serve.parquet", "cash_flow.csv", "cash_flow.parquet",
    }  # fmt: skip
    lines = pd.read_csv(folder / "costs.csv")
    assert round(lines[lines.scenario == "base"].amount.sum(), 2) == float(study.before.bill.total)
    assert careloop.load(folder / "scenario.yaml") == study.before.scenario
    page = (folder / "finance.html").read_text(encoding="utf-8")
    assert "From the envelope to cash" in page
    assert write_study(tmp_path / "again", study).joinpath("finance.html").read_text(encoding="utf-8") == page


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--against", "nothing"], "--against nothing: is no override"),
        (["--against", "base"], "--against base: is no override"),
        (["--scenario", "fewer", "--against", "fewer"], "the file has no other override"),
        (["--set", "groups.team.pay=null", "--against", "fewer"], "no group of the house has pay"),
        (["--xlsx", "case.xlsx"], "--against"),
        (["--against", "fewer", "--xlsx", "case.csv"], ".xlsx"),
        (["--against", "fewer", "--no-search", "--xlsx", "case.xlsx"], "--no-search"),
        (["--replications", "1"], "replications"),
        (["--set", "costs.currency=XXX"], "XXX"),
        (["--set", "groups.team.pay=-$5/h"], "negative"),
        (["--set", "costs.lines.desks.price=12000 EUR per year"], "EUR"),
        (["--set", "costs.people.team.on_costs=120%"], "120%"),
        (["--set", "business_case.once.build.on=2031-01-01"], "2031-01-01"),
        (["--set", "costs=null", "--set", "business_case=null"], "nothing says what anything costs"),
    ],
)
def test_what_cannot_be_is_told_in_one_message(
    desk: Path, arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command(["finance", str(desk), *arguments]) == 2
    told = capsys.readouterr()
    assert words in told.err
    assert "Traceback" not in told.err
    assert told.out == ""


def test_costs_that_are_missing_are_told_and_not_nothing(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--set", "costs.none_of=[vendor]", "--set", "costs.people.team.on_costs=null"]
    assert run_command(["finance", str(desk), "--no-search", "--replications", "2", *arguments]) == 0
    told = capsys.readouterr().out
    for missing in ("on-costs of team", "tools and licences", "self-service"):
        assert missing in told


def test_python_takes_two_scenarios(desk: Path) -> None:
    before, after = careloop.load(desk), careloop.load(desk, ["fewer"])
    found = careloop.finance(before, against=after, replications=2, search=False)
    assert found.after is not None
    assert found.after.whole.cost < found.before.whole.cost
    with pytest.raises(ValueError, match="two scenarios"):
        careloop.finance(before, against="fewer")
