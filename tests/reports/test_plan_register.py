"""The register as words and as a file for spreadsheets, the clocks, and what does not run."""

import csv
from pathlib import Path
from typing import Any

import pytest

from reports.plan_brief import Brief
from reports.plan_register import LABELS, clocks, idle, improvements, never_opened, register_frame
from reports.tables_out import write_csv
from sim.loop.tickets import NOT_YET, Ticket
from sim.loop.validation import NOT_MEASURABLE, NOT_VALIDATED, VALIDATED
from tests.reports.plans import LEVERS, REMEDIES, agreed_of, brief, learned, planned, ticket, verdict


def worked(**sections: Any) -> Brief:
    """Of four replications three begin the form on day 10; it is judged on day 31: twice it is validated."""
    plan = planned(**sections)
    made = agreed_of(plan).remedies[0][0]
    seen = [
        [ticket(made, 10, 15, 16, verdict(31, VALIDATED, 0.7))],
        [ticket(made, 10, 15, 16, verdict(31, VALIDATED, 0.8))],
        [ticket(made, 12, 17, 18, verdict(33, NOT_MEASURABLE, 1.1))],
        [],
    ]
    return brief(plan, [learned(plan, *each) for each in seen])


def rows(found: Brief, path: Path) -> dict[str, dict[str, str]]:
    write_csv(register_frame(found), path, LABELS)
    with path.open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def test_an_improvement_in_words() -> None:
    """Expected is the mean of 10, 20 and 40 %; the median estimate of 0.7, 0.8 and 1.1 is 0.8."""
    form = next(each for each in improvements(worked()) if each.name == "form")
    assert (form.about, form.owner) == ("ux copy, billing", "product")
    assert (form.opened, form.begun) == ("30 Jan 2026, in 75 %", "")
    assert (form.due, form.force) == ("4 Feb 2026", "in force 5 Feb 2026")
    assert (form.cost, form.effort) == ("$1,000", "20 h")
    assert (form.expected, form.target) == ("−23 % contacts", "−12 contacts a week, works with 75 %")
    assert (form.power, form.least) == ("60 %", "sees −25 % or more")
    assert form.observed == "−20 % (−28 % to +4 %)"
    assert form.verdict == "validated 67 %, not measurable yet 33 %"


def test_a_lever_about_no_one_cause_says_what_it_moves() -> None:
    macros = next(each for each in improvements(worked()) if each.name == "macros")
    assert (macros.opened, macros.due, macros.force) == ("26 Jan 2026", "9 Feb 2026", "")
    assert (macros.expected, macros.verdict, macros.observed) == ("handle time −5 %", "no test", "–")


def test_what_could_not_be_measured_is_not_missed() -> None:
    """The form works in all four; two of them could not be measured, and one of the others is missed."""
    plan = planned()
    made = agreed_of(plan).remedies[0][0]._replace(works=1.0)
    verdicts = (VALIDATED, NOT_VALIDATED, NOT_MEASURABLE, NOT_MEASURABLE)
    seen = [learned(plan, ticket(made, 10, 15, 16, verdict(31, each))) for each in verdicts]
    form = improvements(brief(plan, seen))[-1]
    assert form.verdict == "not measurable yet 50 %, validated 25 %, not validated 25 %"
    assert form.truth == "falsely validated 0 %, missed 50 %"
    form = improvements(brief(plan, seen[2:]))[-1]
    assert (form.verdict, form.truth) == ("not measurable yet 100 %", "")


def test_the_name_in_the_file_is_told_where_it_is_another() -> None:
    about = {each.name: each.about for each in improvements(worked())}
    assert about["new forms"] == "new_forms: lever, billing"
    assert about["macros"] == "lever"


def test_a_second_attempt_has_the_row_and_its_own_dates() -> None:
    """The first attempt is begun on day 10, the second is opened on day 32 and begun on day 35, or never."""
    plan = planned()
    made = agreed_of(plan).remedies[0][0]

    def tried(begun: int) -> list[Ticket]:
        again = ticket(made, 32, 38)
        again.attempt, again.begun = 1, begun
        return [ticket(made, 10, 15, 16, verdict(31, NOT_VALIDATED, 0.9)), again]

    form = improvements(brief(plan, [learned(plan, *tried(35))] * 2))[-1]
    assert (form.opened, form.begun) == ("21 Feb 2026", "begun 24 Feb 2026, 2 attempts")
    assert (form.due, form.force) == ("27 Feb 2026", "")
    assert form.verdict.startswith("not validated 100 %")
    form = improvements(brief(plan, [learned(plan, *tried(NOT_YET))] * 2))[-1]
    assert form.begun == "not begun, 2 attempts"
    once = learned(plan, ticket(made, 10, 15, 16))
    form = improvements(brief(plan, [learned(plan, *tried(35)), *[once] * 39]))[-1]
    assert "attempts" not in form.begun  # 1.025 of them are one


def test_the_file_has_dates_and_plain_numbers(tmp_path: Path) -> None:
    found = rows(worked(), tmp_path / "register.csv")
    assert list(found) == ["new_forms", "macros", "form"]  # by their dates, then remedies
    form = found["form"]
    dates = [form[key] for key in ("opened", "begun", "due", "in_force")]
    assert dates == ["2026-01-30", "2026-01-30", "2026-02-04", "2026-02-05"]
    assert [form[key] for key in ("runs", "owner", "cause")] == ["yes", "product", "billing"]
    assert (form["cost"], form["currency"]) == ("1000.0", "USD")
    assert (float(form["share"]), float(form["attempts"])) == (0.75, 1.0)
    assert float(form["expected"]) == pytest.approx(-0.7 / 3)
    assert float(form["observed"]) == pytest.approx(-0.2)
    assert float(form["validated"]) == pytest.approx(2 / 3)
    assert (form["verdict"], float(form["not_validated"])) == (VALIDATED, 0.0)
    assert found["macros"]["observed"] == found["macros"]["verdict"] == ""


def test_no_cell_of_the_file_is_run_by_a_spreadsheet(tmp_path: Path) -> None:
    name = '=HYPERLINK("http://x")'
    plan = planned({})
    lever = planned().roadmap
    assert lever is not None
    nobody = lever.levers["macros"].model_copy(update={"owner": None})
    changed = plan.roadmap.model_copy(update={"levers": {name: nobody}}) if plan.roadmap else None
    plan = plan.model_copy(update={"roadmap": changed})
    path = tmp_path / "register.csv"
    write_csv(register_frame(brief(plan)), path, LABELS)
    with path.open(encoding="utf-8", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert f"'{name}" in cells
    assert not any(cell.startswith(("=", "+", "@")) for cell in cells)


def test_what_does_not_run_says_why(tmp_path: Path) -> None:
    macros = {key: value for key, value in LEVERS["macros"].items() if key not in ("owner", "due", "start")}
    plan = planned({"macros": macros}, loop=None, remedies=REMEDIES)
    assert [each[:] for each in idle(plan)] == [
        ("macros", "lever", "no owner and no date"),
        ("form", "ux_copy", "nobody runs the loop"),
    ]
    found = rows(brief(plan), tmp_path / "register.csv")
    assert [(name, row["runs"], row["why_not"]) for name, row in found.items()] == [
        ("macros", "no", "no owner and no date"),
        ("form", "no", "nobody runs the loop"),
    ]
    form = found["form"]  # what it would take is as the file says
    assert [form[key] for key in ("owner", "cause", "currency")] == ["product", "billing", "USD"]
    assert [float(form[key]) for key in ("cost", "effort_h")] == [1000.0, 20.0]
    assert float(found["macros"]["cost"]) == 4000.0
    assert improvements(brief(plan)) == ()


def test_clocks_and_remedies_that_were_never_opened() -> None:
    """Billing is noticed on day 7 of each replication; 9 or 11 days later the form is in force."""
    first, *others = clocks(worked())
    assert first == ("billing", "7 days, in 100 %", *first[2:])
    assert first.correction == "6 days, in 100 %"  # the lever of day 13 comes first
    assert first.prevention == "24 days, in 50 %"
    assert others == []  # nobody has noticed the other cause
    plan = planned()
    assert never_opened(brief(plan, [learned(plan)] * 2)) == "Opened in no replication: form."
    assert never_opened(worked()) == never_opened(brief(plan)) == ""
    assert NOT_VALIDATED not in improvements(worked())[-1].verdict
