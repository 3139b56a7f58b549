"""docs/finance.md says what the playbook's case gives."""

import os

import pytest

from docs import finance


@pytest.mark.verify
def test_the_table_is_what_the_case_gives() -> None:
    text = finance.table(finance.study())
    if os.environ.get("CARELOOP_WRITE_DOCS") == "1":
        finance.write(text)
    assert text in finance.PAGE.read_text(encoding="utf-8")
