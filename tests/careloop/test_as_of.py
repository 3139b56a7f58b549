"""`careloop plan --actuals FACTS --as-of DATE`: what it prints and writes of an export, what it refuses."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import careloop
from careloop.as_of import Asked, day_of, problems_of
from reports.plan_tables import plan_json
from tests.asof.centre import CENTRE
from tests.careloop.conftest import Ended

Here = Callable[..., Ended]
DAY = "2026-01-26"  # three weeks passed
OTHER_SEED = 41
STEPS = ["days passed", "open work", "decisions", "volumes learned"]


def short(**sections: Any) -> dict[str, Any]:
    """The centre over six weeks, with targets that lie before the day, around it and after it."""
    targets = [
        "stream calls service level >= 80% by day 14",
        "contacts of cases <= 700 by day 35",
        "avoidable share <= 60% by day 28",
        "backlog <= 20 by day 42",
    ]
    levers = {"macros": CENTRE["roadmap"]["levers"]["macros"]}
    roadmap = {"window": "14 days", "levers": levers, "targets": targets}
    calendar = {**CENTRE["calendar"], "days": 42}
    run = {"replications": 6, "seed": 1, "uncertainty": "on"}
    return {**CENTRE, "calendar": calendar, "roadmap": roadmap, "run": run, **sections}


def written(path: Path, raw: dict[str, Any]) -> Path:
    path.write_text(json.dumps(raw), encoding="utf-8")  # which is YAML too
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("as_of")


@pytest.fixture(scope="module")
def planned(folder: Path) -> Path:
    return written(folder / "plan.yaml", short())


@pytest.fixture(scope="module")
def facts(folder: Path, planned: Path) -> Path:
    """What careloop itself writes of a run on other chances."""
    path = folder / "contacts.csv"
    careloop.export_contacts(planned, path, seed=OTHER_SEED)
    return path


def test_what_has_happened_moves_the_probabilities(
    planned: Path, facts: Path, here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "100")  # as wide as a file; pytest-xdist says 80
    ended = here("plan", planned, "--actuals", facts, "--as-of", DAY)
    assert ended.code == 0
    title, *_ = ended.out.splitlines()
    assert title == f"Plan of A small centre as of {DAY}"
    told = " ".join(ended.out.split())
    for words in (
        f"As of {DAY} by day as made now passed open work decided volumes",
        "Contacts in 21 days seen planned 95 % of replications to come",
        f"The 21 days before {DAY} are what happened, as ",
        "rows of contacts.csv tell; the rest is simulated from what was open then.",
        "Mind: avoidable share is not told of the days passed: tags are not always right, and no column "
        "tells the true cause; ask for avoidable share as tagged.",
        "or facts do not tell it.",
    ):
        assert words in told


def test_rows_set_aside_are_told_with_the_command_that_lists_them(
    planned: Path, facts: Path, here: Here, tmp_path: Path
) -> None:
    spoilt = tmp_path / "spoilt.csv"
    first, *others = facts.read_text(encoding="utf-8").splitlines()
    column = first.split(",").index("arrived_at")
    cells = others[3].split(",")
    cells[column] = "yesterday"
    spoilt.write_text("\n".join([first, *others[:3], ",".join(cells), *others[4:]]) + "\n", encoding="utf-8")
    ended = here("plan", planned, "--actuals", spoilt, "--as-of", DAY)
    told = " ".join((ended.out + ended.err).split())
    assert "CANNOT BE USED and are set aside; careloop calibrate writes which and why to the" in told
    assert "the file of rejected rows" not in told


def test_json_says_what_moved_it(planned: Path, facts: Path, here: Here) -> None:
    found = json.loads(here("plan", planned, "--actuals", facts, "--as-of", DAY, "--json").out)
    plain = json.loads(here("plan", planned, "--json").out)
    as_of = found["as_of"]
    assert (as_of["date"], as_of["days"]) == (DAY, 21)
    assert as_of["facts"]["files"] == ["contacts.csv"]
    assert as_of["facts"]["format"] == "canonical"
    assert as_of["facts"]["rows"] == len(pd.read_csv(facts))
    assert as_of["open_cases"] >= as_of["waiting"] > 0
    for target, row, before in zip(found["targets"], as_of["targets"], plain["targets"], strict=True):
        assert [row[key] for key in ("metric", "scope", "name", "day", "direction")] == [
            target[key] for key in ("metric", "scope", "name", "day", "direction")
        ]
        assert row["then"] == {key: before[key] for key in row["then"]}
        assert row["now"] == {key: target[key] for key in row["now"]}
        assert [step["step"] for step in row["steps"]] == STEPS
        assert {key: row["steps"][-1][key] for key in row["now"]} == row["now"]
        changes = [step["change"] for step in row["steps"]]
        if row["now"]["probability"] is not None:
            assert row["now"]["probability"] - row["then"]["probability"] == pytest.approx(sum(changes))
            assert row["change"] == pytest.approx(sum(changes))
    passed, _, untold, _ = as_of["targets"]
    assert passed["now"]["probability"] in (0.0, 1.0)
    assert (untold["now"]["status"], untold["change"]) == ("not measurable yet", None)
    assert untold["untold"].startswith("tags are not always right")
    assert [each["untold"] for each in as_of["targets"]].count(None) == 3
    assert [each["stream"] for each in as_of["volumes"]] == ["calls", "mails"]
    assert all(each["factor_low"] < each["factor"] < each["factor_high"] for each in as_of["volumes"])
    assert "as_of" not in plain


def test_as_of_the_first_day_it_is_the_plan(planned: Path, facts: Path, here: Here) -> None:
    found = json.loads(here("plan", planned, "--actuals", facts, "--as-of", "2026-01-05", "--json").out)
    as_of = found.pop("as_of")
    assert json.dumps(found) + "\n" == here("plan", planned, "--json").out
    assert [[step["change"] for step in each["steps"]] for each in as_of["targets"]] == [[0.0]] * 4


def test_a_window_of_days_passed_is_what_the_run_itself_came_to(
    planned: Path, facts: Path, here: Here
) -> None:
    """By its own table of days: answered in time of all that wanted an answer, over the first fortnight."""
    found = json.loads(here("plan", planned, "--actuals", facts, "--as-of", DAY, "--json").out)
    scenario = careloop.load(planned)
    one = scenario.run.model_copy(update={"replications": 1, "uncertainty": True})
    own = careloop.simulate(
        scenario.model_copy(update={"run": one}), replications=1, seed=OTHER_SEED, contacts=True
    ).contacts
    assert own is not None
    first = own[(own["stream"] == "calls") & (own["born_s"] < 14 * 86_400) & (own["by"] != "team")]
    ends = first.sort_values("leg").groupby("contact").first()
    ends = ends[ends["outcome"].isin(["handled", "abandoned"])]
    in_time = (ends["outcome"] == "handled") & (ends["started_s"] - ends["born_s"] <= 30.0)
    assert found["targets"][0]["median"] == pytest.approx(in_time.mean(), abs=1e-12)


def test_in_python_it_is_the_same(planned: Path, facts: Path, here: Here) -> None:
    found = careloop.plan(planned, actuals=facts, as_of=DAY)
    assert plan_json(found) + "\n" == here("plan", planned, "--actuals", facts, "--as-of", DAY, "--json").out
    with pytest.raises(ValueError, match="as-of: what has happened until then"):
        careloop.plan(planned, as_of=DAY)


def test_the_folder_is_the_plan_as_of_the_day(planned: Path, facts: Path, here: Here, tmp_path: Path) -> None:
    """Beside a saved plan, the first step is what has changed in the file."""
    made, now = tmp_path / "made", tmp_path / "now"
    assert here("plan", planned, "--out", made).code == 0
    changed = written(
        tmp_path / "changed.yaml",
        short(
            groups={
                **CENTRE["groups"],
                "writers": {"skills": ["phone", "mail"], "agents": {"mon-fri": {"09:00-17:00": 2}}},
            }
        ),
    )
    asked = ("plan", changed, "--actuals", facts, "--as-of", DAY)
    ended = here(*asked, "--against", made, "--out", now)
    assert ended.code == 0
    as_of = json.loads((now / "plan.json").read_text(encoding="utf-8"))["as_of"]
    assert [step["step"] for step in as_of["targets"][0]["steps"]] == ["inputs changed", *STEPS]
    saved = json.loads((made / "plan.json").read_text(encoding="utf-8"))["targets"]
    assert [each["then"]["median"] for each in as_of["targets"]] == [each["median"] for each in saved]
    assert (now / "report.html").stat().st_size > 10_000


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (
            ("--as-of", DAY),
            "error: --as-of: what has happened until then? Add --actuals with an export of contacts",
        ),
        (
            ("--actuals", "FACTS"),
            "error: --actuals: from which day on is it to be simulated? Add --as-of, such as",
        ),
        (("--format", "vanad"), "error: --format: this is how --actuals is written; name that too"),
        (
            ("--actuals", "FACTS", "--as-of", "4.2.2026"),
            "error: --as-of: '4.2.2026' is no day; write one such as",
        ),
        (("--actuals", "FACTS", "--as-of", "2026-02-30"), "error: --as-of: '2026-02-30' is no day"),
        (("--actuals", "none.csv", "--as-of", DAY), "error: none.csv: there is no such file"),
        (
            ("--actuals", "FACTS", "--as-of", "2026-03-01"),
            "error: --as-of: 2026-03-01 is no day of the plan, which goes from 2026-01-05 to 2026-02-15",
        ),
        (
            ("--actuals", "FACTS", "--as-of", DAY, "--format", "canonic"),
            "error: --format: 'canonic' is not known; did you mean 'canonical'?",
        ),
    ],
)
def test_options_that_cannot_be(
    planned: Path, facts: Path, here: Here, given: tuple[str, ...], told: str
) -> None:
    asked = [facts if each == "FACTS" else each for each in given]
    ended = here("plan", planned, *asked)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith(told)
    assert "Traceback" not in ended.err


def cut(facts: Path, path: Path, **changes: Any) -> Path:
    """The export with other columns, or other rows."""
    table = pd.read_csv(facts, dtype=str)
    for column, change in changes.items():
        if change is None:
            del table[column]
        elif column == "rows":
            table = table[change(table["arrived_at"])]
        else:
            table[column] = table[column].replace(change)
    table.to_csv(path, index=False)
    return path


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (
            {"rows": lambda day: day < "2026-01-15"},
            "ends on 2026-01-14, and what has happened from 2026-01-05",
        ),
        ({"rows": lambda day: day > "2026-01-15"}, "begins on 2026-01-15, and what has happened from"),
        ({"arrived_at": None}, "arrived_at"),
        ({"case_id": None}, "has no cases: the column case_id says which contacts are about one problem"),
        (
            {"segment": {"calls": "telephone"}, "queue": {"phone": "lines"}},
            "names what the scenario does not have",
        ),
        ({"cause": {"copy": "copies"}}, "cause 'copies' ("),
    ],
)
def test_facts_that_do_not_go_with_the_plan(
    planned: Path, facts: Path, here: Here, tmp_path: Path, changes: dict[str, Any], told: str
) -> None:
    ended = here("plan", planned, "--actuals", cut(facts, tmp_path / "cut.csv", **changes), "--as-of", DAY)
    assert (ended.code, ended.out) == (2, "")
    assert told in ended.err
    assert "Traceback" not in ended.err
    assert len(ended.err.strip().splitlines()) == 1


def test_facts_of_another_year(planned: Path, facts: Path, here: Here, tmp_path: Path) -> None:
    text = facts.read_text(encoding="utf-8").replace("2026-", "2024-")
    (tmp_path / "old.csv").write_text(text, encoding="utf-8")
    ended = here("plan", planned, "--actuals", tmp_path / "old.csv", "--as-of", DAY)
    assert ended.code == 2
    assert ended.err.startswith("error: old.csv: goes from 2024-01-05 to 2024-02-1")
    assert "what has happened from 2026-01-05 to 2026-01-25 is asked for" in ended.err


def test_counts_by_interval_and_several_plans(planned: Path, facts: Path, here: Here, tmp_path: Path) -> None:
    rows = (
        "interval_start,queue,offered,aht_s",
        "2026-01-05 09:00,phone,4,200",
        "2026-01-05 09:30,phone,4,200",
    )
    (tmp_path / "counts.csv").write_text("\n".join(rows), encoding="utf-8")
    given = "--actuals", tmp_path / "counts.csv", "--format", "intervals", "--as-of", DAY
    ended = here("plan", planned, *given)
    assert ended.code == 2
    assert ended.err.endswith("what waits, is told by contacts alone\n")
    ended = here("plan", planned, planned, "--actuals", facts, "--as-of", DAY)
    assert (ended.code, ended.err.startswith("error: --actuals is for one plan")) == (2, True)


def test_a_day_is_written_in_one_way() -> None:
    assert str(day_of("2026-02-04")) == "2026-02-04"
    for text in ("2026-2-4", "04.02.2026", "2026-W06-1", "tomorrow", ""):
        with pytest.raises(ValueError, match="is no day; write one such as 2026-02-04"):
            day_of(text)
    assert problems_of(Asked()) == []
