"""The workbook, computed anew by LibreOffice: the same as the engine, before and after inputs are changed."""

import datetime
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import openpyxl
import pytest

from reports.finance.book import name_of
from reports.finance.case import CaseModel
from reports.finance.results import Study
from reports.finance.study import held_fixed
from reports.finance.unsure import expected_of
from reports.finance.workbook import write_workbook
from reports.run_folder import FolderError
from tests.finance.made_up import study
from tests.finance.spreadsheet import MISSING, PROGRAM, converted
from tests.seeds import seeds

needs_program = pytest.mark.skipif(PROGRAM is None, reason=MISSING)
RATES: Final = "a year"


@pytest.fixture(scope="module")
def made() -> Study:
    return study()


def model_of(made: Study) -> CaseModel:
    assert made.case is not None
    return made.case.model


def changed(source: Path, target: Path, values: Mapping[str, object]) -> None:
    """The workbook with other values of named cells, as somebody would type them."""
    book = openpyxl.load_workbook(source)
    for name, value in values.items():
        ((sheet, place),) = book.defined_names[name].destinations
        book[sheet][place.replace("$", "")].value = value
    book.save(target)


def figures(path: Path) -> dict[str, Any]:
    """What a computed workbook says."""
    book = openpyxl.load_workbook(path, data_only=True)
    cash = book["Cash flow"]
    rows = {cash.cell(n, 1).value: n for n in range(1, cash.max_row + 1)}
    months = [cash.cell(rows["Net cash"], n).value for n in range(4, cash.max_column + 1)]
    lines = {
        name: [cash.cell(n, c).value for c in range(4, cash.max_column + 1)]
        for name, n in rows.items()
        if isinstance(name, str) and n > rows["Cash, USD"] and n < rows["Net cash"]
    }
    ((sheet, place),) = book.defined_names["net_present_value"].destinations
    value = book[sheet][place.replace("$", "")].value
    outside = sum(cash.cell(rows["outside the grid"], n).value for n in range(4, cash.max_column + 1))
    return {"net": months, "lines": lines, "value": value, "outside": outside}


def assert_as_the_engine(found: Mapping[str, Any], model: CaseModel, inputs: Mapping[str, float]) -> None:
    """Each line and month to the cent."""
    held = held_fixed(model, inputs)
    for name, months in held.cash.items():
        assert found["lines"][name] == pytest.approx([float(each) for each in months], abs=0.0051), name
    assert found["net"] == pytest.approx([float(each) for each in held.net], abs=0.0051)
    assert found["value"] == pytest.approx(float(held.npv), abs=0.0151)


@needs_program
def test_everything_computed_anew_is_what_was_written(made: Study, tmp_path: Path) -> None:
    """Every cell of every sheet; the values of formulas are written for readers that do not compute."""
    source = write_workbook(tmp_path / "case.xlsx", made)
    written = openpyxl.load_workbook(source, data_only=True)
    again = openpyxl.load_workbook(converted(source, "xlsx", tmp_path), data_only=True)
    formulas = openpyxl.load_workbook(source)
    counted = 0
    for sheet in formulas:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    counted += 1
                    before = written[sheet.title][cell.coordinate].value
                    after = again[sheet.title][cell.coordinate].value
                    where = f"{sheet.title} {cell.coordinate}: {cell.value}"
                    if "way to the next" in str(sheet.cell(cell.row, 1).value):
                        assert 0.0 <= after <= 1.0  # the end of one step is the start of the next
                    elif "point of the grid" in str(sheet.cell(cell.row, 1).value):
                        assert abs(after - before) <= 1
                    elif isinstance(before, (int, float)) and not isinstance(before, bool):
                        assert after == pytest.approx(before, rel=1e-9, abs=1e-6), where
                    else:
                        assert after == before, where
    assert counted > 800
    assert_as_the_engine(figures(converted(source, "xlsx", tmp_path)), model_of(made), {})


@needs_program
@pytest.mark.parametrize("seed", seeds(1, 4))
def test_three_inputs_changed_are_as_the_engine(seed: int, tmp_path: Path) -> None:
    made = study(seed)
    model = model_of(made)
    source = write_workbook(tmp_path / "case.xlsx", made)
    team = name_of("hourly", "team", ())
    changed(source, tmp_path / "other.xlsx", {"effect": 0.63, "discount_rate": 0.11, team: 23.45})
    found = figures(converted(tmp_path / "other.xlsx", "xlsx", tmp_path))
    people = tuple(each._replace(hourly=23.45) if each.name == "team" else each for each in model.people)
    assert_as_the_engine(found, model._replace(people=people, yearly_rate=0.11), {"effect": 0.63})
    assert found["outside"] == 0


@needs_program
def test_the_internal_rate_is_live_and_not_guessed(made: Study, tmp_path: Path) -> None:
    """None, one as the engine has it, and where cash changes its sign twice perhaps several."""
    model = model_of(made)
    source = write_workbook(tmp_path / "case.xlsx", made)
    build, content, licence = (name_of("cost", each, ()) for each in ("build", "content", "licence"))
    later = {name_of("cost_on", "build", ()): datetime.datetime(2027, 3, 1)}
    tried: dict[str, dict[str, object]] = {
        "none": {build: 0, content: 0, licence: 0},
        "one": {build: 250000},
        "two": {build: 250000, **later},
    }
    told = {}
    for name, values in tried.items():
        changed(source, tmp_path / f"{name}.xlsx", values)
        book = openpyxl.load_workbook(converted(tmp_path / f"{name}.xlsx", "xlsx", tmp_path), data_only=True)
        rows = {row[0].value: row[1].value for row in book["Summary"].iter_rows()}
        told[name] = rows["Internal rate of return, a year"]
    dear = tuple(e._replace(amount=250000.0) if e.name == "build" else e for e in model.spent)
    (rate,) = held_fixed(model._replace(spent=dear), {}).rates.rates
    assert told == {"none": "none", "one": pytest.approx(float(rate), rel=1e-6), "two": "perhaps several"}


@needs_program
def test_inputs_of_the_grid_dates_and_what_is_held_follow_too(made: Study, tmp_path: Path) -> None:
    model = model_of(made)
    source = write_workbook(tmp_path / "case.xlsx", made)
    may, june = datetime.datetime(2026, 5, 2), datetime.datetime(2026, 6, 9)
    values = {
        "volume": 1.08, "handle_time": 0.93, "delay_months": 2.5, "ramp": 0, "attrition": 0.7,
        "in_force_from": june, name_of("cost_on", "build", ()): may,
        "inflation": 0.04, name_of("price", "telephony", ()): 0.2, name_of("flex", "team", ()): 2,
    }  # fmt: skip
    changed(source, tmp_path / "other.xlsx", values)
    found = figures(converted(tmp_path / "other.xlsx", "xlsx", tmp_path))
    other = model._replace(
        ramp=0.0,
        begins_on=datetime.date(2026, 6, 9),
        inflation=0.04,
        people=tuple(each._replace(flex=2) if each.name == "team" else each for each in model.people),
        varying=tuple(e._replace(price=0.2) if e.name == "telephony" else e for e in model.varying),
        spent=tuple(
            e._replace(on=datetime.date(2026, 5, 2)) if e.name == "build" else e for e in model.spent
        ),
    )
    inputs = {"volume": 1.08, "handle_time": 0.93, "delay_months": 2.5, "attrition": 0.7}
    assert_as_the_engine(found, other, inputs)
    changed(source, tmp_path / "heads.xlsx", {"holds": "heads", "effect": 1.7})
    heads = figures(converted(tmp_path / "heads.xlsx", "xlsx", tmp_path))
    assert heads["outside"] > 0  # it says so
    assert_as_the_engine(heads, model._replace(holds="heads"), {"effect": 1.7})


def test_each_number_is_an_input_a_formula_or_simulated(made: Study, tmp_path: Path) -> None:
    """Looks tell the three apart, and inputs have names; there is no macro."""
    source = write_workbook(tmp_path / "case.xlsx", made)
    book = openpyxl.load_workbook(source)
    yellow, green = "FFFFF6D6", "FFEAF5EE"
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, (int, float)) and cell.data_type == "n":
                    assert cell.fill.fgColor.rgb in (yellow, green), f"{sheet.title} {cell.coordinate}"
                if cell.data_type == "f":
                    assert cell.fill.fgColor.rgb not in (yellow, green)
    for name in ("effect", "volume", "discount_rate", "inflation", "holds", "ramp", "price_year"):
        ((sheet_name, place),) = book.defined_names[name].destinations
        assert book[sheet_name][place.replace("$", "")].fill.fgColor.rgb == yellow
    assert not [name for name in zipfile.ZipFile(source).namelist() if "vba" in name.lower()]
    assert book.sheetnames == [
        "Summary", "Assumptions", "Response grid", "Cash flow", "Bridge", "Tornado", "Costs",
        "Reconciliation", "Definitions",
    ]  # fmt: skip


def test_inputs_refuse_what_is_no_number(made: Study, tmp_path: Path) -> None:
    """Every yellow cell has a rule, which what stands there keeps."""
    book = openpyxl.load_workbook(write_workbook(tmp_path / "case.xlsx", made))
    for sheet in book:
        rules = {
            cell.coordinate: rule
            for rule in sheet.data_validations.dataValidation
            for each in rule.cells.ranges
            for row in sheet[each.coord if ":" in each.coord else f"{each.coord}:{each.coord}"]
            for cell in row
        }
        cells = (cell for row in sheet.iter_rows() for cell in row if cell.value != "input")
        for cell in (cell for cell in cells if cell.fill.fgColor.rgb == "FFFFF6D6"):
            rule = rules[cell.coordinate]
            assert rule.type in ("decimal", "date", "list"), cell.coordinate
            if rule.type == "decimal":
                assert (rule.operator, cell.value >= float(rule.formula1)) == ("greaterThanOrEqual", True)
                assert rule.error.startswith("Write a ")


def test_names_that_look_like_formulas_stay_text(made: Study, tmp_path: Path) -> None:
    """Strings of data are written as text, wherever they come."""
    case = made.case
    assert case is not None
    evil = '=HYPERLINK("http://x","y")'
    people = tuple(each._replace(name=evil) if each.name == "team" else each for each in case.model.people)
    spent = tuple(each._replace(name="+cmd|' /C calc'!A0") for each in case.model.spent)
    model = case.model._replace(people=people, spent=spent)
    held = {name: held_fixed(model._replace(holds=name), expected_of(case.terms)) for name in case.held}
    other = made._replace(case=case._replace(model=model, held=held))
    source = write_workbook(tmp_path / "case.xlsx", other)
    texts = [c for sheet in openpyxl.load_workbook(source) for row in sheet.iter_rows() for c in row]
    told = [cell for cell in texts if isinstance(cell.value, str) and evil in cell.value]
    assert told
    assert all(cell.data_type != "f" for cell in told)


def test_the_same_study_gives_the_same_bytes(made: Study, tmp_path: Path) -> None:
    one, other = (write_workbook(tmp_path / name, made).read_bytes() for name in ("a.xlsx", "b.xlsx"))
    assert one == other


def test_what_was_there_stays_if_it_cannot_be_written(made: Study, tmp_path: Path) -> None:
    (tmp_path / "folder.xlsx").mkdir()
    with pytest.raises(FolderError, match="cannot be written"):
        write_workbook(tmp_path / "folder.xlsx", made)
    assert [each.name for each in tmp_path.iterdir()] == ["folder.xlsx"]
    with pytest.raises(FolderError, match="business case"):
        write_workbook(tmp_path / "case.xlsx", made._replace(case=None))
