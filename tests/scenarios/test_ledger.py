"""Ledgers of CSV files: columns and numbers detected, currencies, and rows that are wrong."""

from collections.abc import Callable
from pathlib import Path

import pytest

from scenarios import Problem, load, loads, open_scenario, resolved
from scenarios.costs import LedgerRow
from tests.scenarios.conftest import VALID

Look = Callable[[str], list[Problem]]
COSTS = "costs: {{currency: USD, exchange: {{EUR: 1.08}}, ledger: {{csv: ledger.csv{}}}}}\n"


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., tuple[tuple[LedgerRow, ...], list[str]]]:
    """Return a function that reads a ledger of some text, with its notes."""

    def look(text: str, columns: str = "") -> tuple[tuple[LedgerRow, ...], list[str]]:
        (tmp_path / "ledger.csv").write_text(text, encoding="utf-8")
        (tmp_path / "s.yaml").write_text(VALID + COSTS.format(columns), encoding="utf-8")
        opened = open_scenario(tmp_path / "s.yaml")
        assert opened.scenario is not None, "\n".join(map(str, opened.problems))
        assert opened.scenario.costs is not None
        return opened.scenario.costs.ledger, opened.notes

    return look


Read = Callable[..., tuple[tuple[LedgerRow, ...], list[str]]]


def test_months_and_decimal_points(read: Read, tmp_path: Path) -> None:
    rows, notes = read("account,month,amount\n6000,2026-01,31250.10\n6300,2025-12,-80\n6000,2026-02,0\n")
    assert rows == (
        LedgerRow("6000", 2026, 1, 31250.1, 2),
        LedgerRow("6300", 2025, 12, -80.0, 3),
        LedgerRow("6000", 2026, 2, 0.0, 4),
    )
    name = str(tmp_path / "ledger.csv")
    assert notes == [
        f"{name}: delimiter comma, decimal point, accounts from 'account', months from 'month', "
        "amounts from 'amount' in USD",
        f"{name}: 3 rows of 2025-12 to 2026-02 on 2 accounts",
    ]


def test_decimal_commas_and_dates(read: Read) -> None:
    rows, notes = read(
        "GL account;Posting date;Amount;Text\nA-1;31.01.2026;1250,5;rent\nA-1;28.02.2026;-0,75;credit\n"
    )
    assert rows == (LedgerRow("A-1", 2026, 1, 1250.5, 2), LedgerRow("A-1", 2026, 2, -0.75, 3))
    assert "decimal comma" in notes[0]
    assert "'Posting date' (day-month-year)" in notes[0]
    assert notes[1].endswith("2 rows of 2026-01 to 2026-02 on 1 account")


def test_months_and_dates_in_one_column(read: Read) -> None:
    rows, _ = read("account,period,amount\n1,2026/1,5\n1,2026-02-28,6\n")
    assert [(row.year, row.month) for row in rows] == [(2026, 1), (2026, 2)]


def test_amounts_in_other_currencies_count_at_their_rate(read: Read) -> None:
    rows, notes = read("account,month,amount,currency\n1,2026-01,0.1,eur\n1,2026-01,5,USD\n1,2026-01,7,\n")
    assert [row.amount for row in rows] == [0.108, 5.0, 7.0]
    assert "in the currencies of 'currency'" in notes[0]


def test_columns_by_name(read: Read) -> None:
    text = "no,when,amount,net amount\n6000,2026-01,119,100\n"
    rows, _ = read(text, ", account: no, month: when, amount: net amount")
    assert rows == (LedgerRow("6000", 2026, 1, 100.0, 2),)


def test_of_two_columns_that_one_whose_cells_are_like_it(read: Read) -> None:
    text = "account,month,amount,amount note\n6000,2026-01,119,first\n6000,2026-02,119,second\n"
    assert [row.amount for row in read(text)[0]] == [119.0, 119.0]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "account,month,amount\n1,2026-00,5\n1,2026-01,5\n1,Q1,6\n",
            [(2, "'2026-00' is not a month of the calendar"), (4, "'Q1' is not a month")],
        ),
        ("account,month,amount\n1,2026-01,5\n1,2026-02,\n", [(3, "'' is not a number")]),
        ("account,month,amount\n1,2026-01,5\n1,2026-02,--5\n", [(3, "'-5' is negative")]),
        ("account,month,amount\n1,2026-01,5\n ,2026-02,5\n", [(3, "has no account")]),
        ("account,month,amount\n1,2026-01,5\n1,2026-02\n", [(3, "has 2 cells, and the header has 3")]),
        (
            "account,month,amount,currency\n1,2026-01,5,GBP\n",
            [(2, "is in GBP, and costs in USD; add GBP to costs.exchange")],
        ),
    ],
)
def test_rows_that_are_wrong_are_told_by_their_lines(
    problems: Look, tmp_path: Path, text: str, told: list[tuple[int, str]]
) -> None:
    (tmp_path / "ledger.csv").write_text(text, encoding="utf-8")
    (tmp_path / "s.yaml").write_text(VALID + COSTS.format(""), encoding="utf-8")
    found = open_scenario(tmp_path / "s.yaml").problems
    assert [(Path(each.file).name, each.line, each.path) for each in found] == [
        ("ledger.csv", line, "costs.ledger") for line, _ in told
    ]
    assert all(words in each.message for each, (_, words) in zip(found, told, strict=True))


@pytest.mark.parametrize(
    ("text", "path", "words"),
    [
        ("account,month,amount\n1,2026-01,1.5\n1,2026-01,2,5\n", "costs.ledger", "has 4 cells"),
        ("account;month;amount\n1;2026-01;1.5\n1;2026-01;2,5\n", "costs.ledger.csv", "a decimal comma"),
        ("account;month;amount\n1;2026-01;1.500\n", "costs.ledger.csv", "may mean 1500 or 1.500"),
        ("account,month,amount\n1,01/02/2026,5\n", "costs.ledger.csv", "day-first or month-first"),
        ("account,month,amount\n", "costs.ledger.csv", "has no row"),
        ("account,month,total\n1,2026-01,5\n", "costs.ledger.csv", "add 'amount: COLUMN'"),
        ("account,when,amount\n1,2026-01,5\n", "costs.ledger.csv", "add 'month: COLUMN'"),
        (
            "account,month,amount,currency,ccy\n1,2026-01,5,USD,USD\n",
            "costs.ledger.csv",
            "two columns of currencies",
        ),
    ],
)
def test_what_a_file_does_not_tell_is_refused(tmp_path: Path, text: str, path: str, words: str) -> None:
    (tmp_path / "ledger.csv").write_text(text, encoding="utf-8")
    (tmp_path / "s.yaml").write_text(VALID + COSTS.format(""), encoding="utf-8")
    (found,) = open_scenario(tmp_path / "s.yaml").problems
    assert (found.path, words in found.message) == (path, True), found


def test_a_scenario_with_its_ledger_needs_no_file_any_more(read: Read, tmp_path: Path) -> None:
    read("account,month,amount,currency\n1,2026-01,0.1,EUR\n1,2026-02,-5,USD\n")
    scenario = load(tmp_path / "s.yaml")
    assert loads(resolved(scenario)) == scenario


@pytest.mark.parametrize(
    ("rows", "path", "words"),
    [
        ("{}", "costs.ledger.csv", "is missing"),
        ("[]", "costs.ledger", "is no ledger"),
        ("5", "costs.ledger", "is no ledger"),
        ("[5]", "costs.ledger[0]", "is not a map"),
        ("[{account: 1, month: 2026-02-01, amount: 1}]", "costs.ledger[0].month", "is not a month"),
        ("[{account: 1, month: 2026-02, amount: 1, x: 1}]", "costs.ledger[0].x", "is not a known key"),
        ("[{account: 1, month: 2026-02, amount: 1e300}]", "costs.ledger[0].amount", "outside"),
    ],
)
def test_rows_written_out_are_checked(problems: Look, rows: str, path: str, words: str) -> None:
    told = problems(f"{VALID}costs: {{currency: USD, ledger: {rows}}}\n")
    assert [(each.path, words in each.message) for each in told] == [(path, True)], told


def test_wrong_rates_do_not_spoil_the_ledger_as_well(problems: Look, tmp_path: Path) -> None:
    (tmp_path / "ledger.csv").write_text("account,month,amount,currency\n1,2026-01,5,EUR\n")
    told = problems(VALID + COSTS.format("").replace("1.08", "none"))
    assert [each.path for each in told] == ["costs.exchange.EUR"]
