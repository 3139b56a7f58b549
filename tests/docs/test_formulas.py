"""The table of docs/formula.md: how far formulas are from the simulator, and no further than it says."""

import os
from typing import Final

import pytest

from docs import formulas

# Points of service level and of abandonment by which a queue may be off, chance included.
AT_MOST: Final = {
    ("erlang_a_day", "phone"): (1.2, 0.5),
    ("day_of_shifts", "helpline"): (1.2, 1.2),
    ("counts_from_history", "phone"): (1.5, 1.0),
    ("plain_year", "phone"): (1.0, 0.3),
    ("plain_year", "chat"): (0.5, 0.5),
    ("plain_year", "mail"): (0.5, 0.1),
    ("chat_beside_phone", "phone"): (4.0, 2.0),
    ("chat_beside_phone", "chat"): (2.0, 0.7),
    ("two_skills_overflow", "service"): (2.0, 1.5),
    ("two_skills_overflow", "sales"): (3.0, 1.0),
    ("two_skills_overflow", "backup"): (0.0, 14.0),
}


@pytest.mark.verify
def test_formulas_are_no_further_off_than_the_page_says() -> None:
    found = formulas.rows()
    assert {(row.scenario, row.queue) for row in found} == set(AT_MOST)
    for row in found:
        for (computed, simulated), most in zip(row.pairs, AT_MOST[row.scenario, row.queue], strict=False):
            if computed.exists:
                assert abs(computed.mean - simulated.mean) * 100 <= most, row
    if os.environ.get("CARELOOP_WRITE_DOCS") == "1":
        formulas.PAGE.write_text(formulas.written(formulas.table(found)), encoding="utf-8", newline="\n")


def test_the_table_is_put_where_it_belongs() -> None:
    page = formulas.PAGE.read_text(encoding="utf-8")
    assert "| plain_year | phone | Erlang X with balking |" in page
    table = page.split("<!-- apart:begin -->\n")[1].split("\n<!-- apart:end -->")[0]
    assert formulas.written(table) == page
