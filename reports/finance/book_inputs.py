"""The sheet of assumptions: every input of a business case once, with a name, in a colour of its own."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple

from reports.finance.book import FORMULA, INPUT, SIMULATED, SOFT, Book, Number, Place, name_of
from reports.finance.case import WEEKS_A_MONTH, CaseModel
from reports.finance.months import months_later
from reports.finance.results import Case
from reports.finance.unsure import expected_of

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

SHEET: Final = "Assumptions"
PERCENT: Final = "0.0%"
HUNDREDTHS: Final = "#,##0.00"
WHOLE: Final = "#,##0"
_OUTSIDE: Final = "outside the period: not counted"
PRICE: Final = "#,##0.00####"
UNIT: Final = {**SOFT, "indent": 1}
_HOLDS: Final = ("service", "heads")
_LEAST_CONTRACT_H: Final = 0.5  # hours a week: full-time people are counted by it
_RATES_LEAST: Final = -0.99  # a year: prices fall, and money is worth more later, by less than all
_UNSURE: Final = {
    "effect": "how much of the change happens",
    "volume": "contacts that come, of those expected",
    "handle_time": "handle time, of that expected",
    "pay": "pay, of that expected",
    "attrition": "people who leave by themselves, of those expected",
    "once": "costs paid once, of those expected",
    "running": "costs that run, of those expected",
    "delay_months": "months by which it comes later",
}


class Row(NamedTuple):
    """A row of the sheet: its words, value, form, unit, name."""

    words: str
    value: Number
    form: str
    unit: str
    name: str


class Inputs(NamedTuple):
    """Names of cells that formulas of other sheets read."""

    people: tuple[dict[str, str], ...]  # of each group: by the attribute of `People`
    varying: tuple[tuple[str, str, str], ...]  # of each line: its price, its escalation, months of notice
    by_person: tuple[tuple[str, str], ...]
    differing: tuple[str, ...]  # of lines that cost otherwise: their escalation
    spent: tuple[tuple[str, str], ...]  # amount, and day where it is paid once


_PEOPLE: Final = (
    ("paid_h", "Paid hours a year", SIMULATED, HUNDREDTHS),
    ("contract_h", "Hours a week", INPUT, HUNDREDTHS),
    ("hourly", "Pay an hour", INPUT, "money"),
    ("on_costs", "On-costs", INPUT, PERCENT),
    ("overtime", "Overtime, share × premium", INPUT, PERCENT),
    ("attrition", "Leave in a year", INPUT, PERCENT),
    ("flex", "Contracts that end", INPUT, WHOLE),
    ("planned", "Hires planned", INPUT, WHOLE),
    ("hire", "Cost of a hire", INPUT, "money"),
    ("taught_h", "Training and ramp, h", INPUT, HUNDREDTHS),
)


def write_inputs(book: Book, case: Case) -> Inputs:
    """Write the sheet; returns the names of its cells."""
    model = case.model
    sheet = book.sheet(SHEET, (34, 16, 16, *[14] * 10))
    book.title(sheet, "Assumptions", f"Money is in {model.currency}, in prices of the price year")
    row = _legend(book, sheet, 3)
    row = _general(book, sheet, row + 1, model, expected_of(case.terms))
    row, people = _people(book, sheet, row + 1, model)
    row, varying, by_person = _lines(book, sheet, row + 1, model)
    row, differing = _changed(book, sheet, row + 1, model)
    spent = _spent(book, sheet, row + 1, model)
    sheet.freeze_panes(3, 1)
    return Inputs(people, varying, by_person, differing, spent)


def _legend(book: Book, sheet: "Worksheet", row: int) -> int:
    told = {
        INPUT: "change it: all formulas follow",
        FORMULA: "live",
        SIMULATED: "known from simulation only; it does not follow a change",
    }
    for n, (kind, words) in enumerate(told.items()):
        sheet.write_string(row + n, 0, kind, book.of_kind(kind))
        book.text(sheet, row + n, 1, words)
    return row + len(told)


def _general(
    book: Book, sheet: "Worksheet", row: int, model: CaseModel, expected: Mapping[str, float]
) -> int:
    book.head(sheet, row, ("The case", "Value", "Unit"), (0, 2))
    row += 1
    book.text(sheet, row, 0, "In force from")
    book.day(sheet, row, 1, model.begins_on, "in_force_from")
    _within(book, sheet, row, 2, model, "in_force_from", model.begins_on)
    row += 1
    book.text(sheet, row, 0, "as months from the start")
    day, start = "in_force_from", f"DATE({model.start.year},{model.start.month},1)"
    months = f"(YEAR({day})-YEAR({start}))*12+MONTH({day})-MONTH({start})"
    text = f"={months}+(DAY({day})-1)/DAY(EOMONTH({day},0))"
    book.formula(sheet, row, 1, text, model.begins, HUNDREDTHS, "begins")
    row += 1
    rows = (
        Row("Discount rate", model.yearly_rate, PERCENT, "a year", "discount_rate"),
        Row("Inflation", model.inflation, PERCENT, "a year", "inflation"),
        Row("Price year", model.start.year - model.years[0], "0", "", "price_year"),
        Row("Ramp", model.ramp, HUNDREDTHS, "months until the full effect", "ramp"),
        *(Row(name.replace("_", " ").capitalize(), expected[name], *_form(name)) for name in expected),
    )
    for each in rows:
        book.text(sheet, row, 0, each.words)
        least = _RATES_LEAST if each.name in ("discount_rate", "inflation") else 0.0
        book.number(sheet, row, 1, each.value, INPUT, each.form, each.name, least)
        book.text(sheet, row, 2, each.unit, UNIT)
        row += 1
    book.text(sheet, row, 0, "What is held fixed")
    sheet.write_string(row, 1, model.holds, book.of_kind(INPUT))
    sheet.data_validation(row, 1, row, 1, {"validate": "list", "source": list(_HOLDS)})
    place = Place(SHEET, row, 1)
    book.names["holds"] = place
    book.file.define_name("holds", f"={place.address}")
    book.text(sheet, row, 2, "service (people may leave) or heads (nobody does)", UNIT)
    return row + 1


def _form(name: str) -> tuple[str, str, str]:
    """The form, the unit and the name of what may be unsure."""
    return (HUNDREDTHS if name == "delay_months" else PERCENT), _UNSURE[name], name


def _people(
    book: Book, sheet: "Worksheet", row: int, model: CaseModel
) -> tuple[int, tuple[dict[str, str], ...]]:
    heads = (*(words for _, words, _, _ in _PEOPLE), "Full-time people", "A month of one", "Teaching one")
    book.head(sheet, row, ("People", *heads))
    found = list[dict[str, str]]()
    for n, each in enumerate(model.people, 1):
        book.text(sheet, row + n, 0, each.name)
        names = dict[str, str]()
        for column, (attribute, _, kind, form) in enumerate(_PEOPLE, 1):
            names[attribute] = name_of(attribute, each.name, list(book.names))
            shown = book.money if form == "money" else form
            least = _LEAST_CONTRACT_H if attribute == "contract_h" else 0.0
            value = getattr(each, attribute)
            book.number(sheet, row + n, column, value, kind, shown, names[attribute], least)
        for column, attribute, text in _derived(names):
            names[attribute] = name_of(attribute, each.name, list(book.names))
            value = getattr(each, attribute)
            form = HUNDREDTHS if attribute == "employed" else book.money
            book.formula(sheet, row + n, column, text, value, form, names[attribute])
        found.append(names)
    return row + len(model.people) + 1, tuple(found)


def _derived(names: dict[str, str]) -> Iterator[tuple[int, str, str]]:
    """Full-time people, what a month of one costs, and to teach one: column, attribute and formula."""
    column = len(_PEOPLE) + 1
    loaded = f"(1+{names['on_costs']}+{names['overtime']})"
    yield column, "employed", f"={names['paid_h']}/({names['contract_h']}*365/7)"
    yield column + 1, "monthly", f"={names['hourly']}*{loaded}*{names['contract_h']}*{WEEKS_A_MONTH!r}"
    yield column + 2, "taught", f"={names['taught_h']}*{names['hourly']}*(1+{names['on_costs']})"


def _lines(
    book: Book, sheet: "Worksheet", row: int, model: CaseModel
) -> tuple[int, tuple[tuple[str, str, str], ...], tuple[tuple[str, str], ...]]:
    """Prices of lines that vary, and of those for each so many people."""
    book.head(sheet, row, ("Lines that follow", "Price", "of one", "Rises a year", "Notice, months"), (0, 2))
    varying, by_person = list[tuple[str, str, str]](), list[tuple[str, str]]()
    for line in model.varying:
        row += 1
        notice = name_of("notice", line.name, list(book.names))
        book.number(sheet, row, 4, line.notice, INPUT, WHOLE, notice)
        priced = Row(line.name, line.price, book.money, line.unit, "price")
        varying.append((*_line(book, sheet, row, priced, line.escalates), notice))
    for each in model.by_person:
        row += 1
        unit = f"month of {each.each:g} FTE"
        by_person.append(
            _line(book, sheet, row, Row(each.name, each.monthly, book.money, unit, "price"), each.escalates)
        )
    return row + 1, tuple(varying), tuple(by_person)


def _line(book: Book, sheet: "Worksheet", row: int, each: Row, escalates: float | None) -> tuple[str, str]:
    """A price, and by how much it rises; a bill that is no price × quantity is no input."""
    book.text(sheet, row, 0, each.words)
    name = name_of("price", each.words, list(book.names))
    kind = SIMULATED if each.unit == book.currency else INPUT
    book.number(sheet, row, 1, each.value, kind, PRICE, name)
    book.text(sheet, row, 2, each.unit, UNIT)
    return name, _rises(book, sheet, row, 3, each.words, escalates)


def _rises(book: Book, sheet: "Worksheet", row: int, column: int, words: str, escalates: float | None) -> str:
    """By how much a price rises a year: a number of its own, or as inflation says."""
    name = name_of("escalates", words, list(book.names))
    if escalates is None:
        book.formula(sheet, row, column, "=inflation", book.inflation, PERCENT, name)
    else:
        book.number(sheet, row, column, escalates, INPUT, PERCENT, name, _RATES_LEAST)
    return name


def _changed(book: Book, sheet: "Worksheet", row: int, model: CaseModel) -> tuple[int, tuple[str, ...]]:
    """Lines that cost otherwise from the change on; what they cost less is simulated, on the cash sheet."""
    if not model.differing:
        return row - 1, ()
    book.head(sheet, row, ("Lines that cost otherwise from the change on", "", "", "Rises a year"), (0, 2))
    found = []
    for each in model.differing:
        row += 1
        book.text(sheet, row, 0, each.name)
        found.append(_rises(book, sheet, row, 3, f"changed {each.name}", each.escalates))
    return row + 1, tuple(found)


def _within(
    book: Book, sheet: "Worksheet", row: int, column: int, model: CaseModel, name: str, day: date
) -> None:
    """Say of a day that may be changed whether the months of the case have it: nothing else counts."""
    end = months_later(model.start, model.months)
    first, last = (f"DATE({each.year},{each.month},{each.day})" for each in (model.start, end))
    within = "" if model.start <= day < end else _OUTSIDE
    text = f'=IF(AND({name}>={first},{name}<{last}),"","{_OUTSIDE}")'
    book.formula(sheet, row, column, text, within)


def _spent(book: Book, sheet: "Worksheet", row: int, model: CaseModel) -> tuple[tuple[str, str], ...]:
    """What the change costs, and on which day; no day where it runs."""
    book.head(sheet, row, ("What it costs", "Amount", "On"))
    found = list[tuple[str, str]]()
    for each in model.spent:
        row += 1
        book.text(sheet, row, 0, each.name)
        name, day = (name_of(prefix, each.name, list(book.names)) for prefix in ("cost", "cost_on"))
        book.number(sheet, row, 1, each.amount, INPUT, book.money, name)
        if each.on is None:
            book.text(sheet, row, 2, "a month, in force", UNIT)
        else:
            book.day(sheet, row, 2, each.on, day)
            _within(book, sheet, row, 3, model, day, each.on)
        found.append((name, "" if each.on is None else day))
    return tuple(found)
