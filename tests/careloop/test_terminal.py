from pathlib import Path

import pytest

from careloop.terminal import column_sets, show, show_block
from reports.blocks import Block, Cell, Row
from reports.scorecard import Scorecard
from reports.targets import Verdict
from reports.wording import Words


def block(names: list[str]) -> Block:
    row = Row("Offered", tuple(Cell(Words("1,152", "± 15")) for _ in names))
    return Block("Queues", tuple(names), (row, Row("target", tuple(Cell(Words("–")) for _ in names), True)))


def card(names: list[str]) -> Scorecard:
    return Scorecard("A team", Verdict.MISSED, "Missed.", (block(names),), ("SL = x.",), "30 replications.")


def test_columns_that_do_not_fit_go_below() -> None:
    wide = block([f"queue number {i}" for i in range(5)])
    assert list(column_sets(wide, 200)) == [[0, 1, 2, 3, 4]]
    assert list(column_sets(wide, 60)) == [[0, 1, 2], [3, 4]]
    assert list(column_sets(wide, 1)) == [[0], [1], [2], [3], [4]]


def test_text_without_a_terminal_is_plain(capsys: pytest.CaptureFixture[str]) -> None:
    show(card(["phone", "mail"]), Path("out/report.html"))
    assert capsys.readouterr().out == (
        "A team\nMissed.\n\n"
        "Queues         phone        mail\n"
        "Offered   1,152 ± 15  1,152 ± 15\n"
        "  target           –           –\n"
        "\nSL = x.\n30 replications.\n"
        f"Report: {Path('out/report.html')}\n"
    )


def test_on_a_narrow_screen_nothing_is_lost(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "24")
    row = Row("Advice for the day", (Cell(Words("hire two people", "± 1")), Cell(Words("3"))))
    show_block(Block("Why", ("phone", "mail"), (row,)))
    assert capsys.readouterr().out == (
        "\n"
        "Why                      phone\n"
        "Advice for the day    hire two\n"
        "                    people ± 1\n"
        "\n"
        "Why                 mail\n"
        "Advice for the day     3\n"
    )


def test_wide_letters_take_two_places(capsys: pytest.CaptureFixture[str]) -> None:
    show_block(Block("Queues", ("電話", "mail"), (Row("受付", (Cell(Words("12")), Cell(Words("3")))),)))
    assert capsys.readouterr().out == "\nQueues  電話  mail\n受付      12     3\n"


def test_names_are_no_markup_and_steer_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    show(card(["[red]x[/red]", "\x1b[31m", ":smile:"]), None)
    out = capsys.readouterr().out
    assert "[red]x[/red]" in out
    assert ":smile:" in out
    assert "\x1b" not in out
    assert "\\x1b[31m" in out
    assert "Report" not in out
