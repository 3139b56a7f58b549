"""Counts of a CSV column: whether their decimals take a point or a comma, and what they are."""

import re
from collections.abc import Sequence
from typing import Literal

DecimalMark = Literal[".", ","]
_NUMBER = re.compile(r"\d+([.,]\d+)?", re.ASCII)
_MINUS = ("-", "\N{MINUS SIGN}")
_SIGN = re.compile(r"\s*[-+\N{MINUS SIGN}]")
_THOUSANDS = re.compile(r"\d[., '\u00a0\u202f]\d{3}(?!\d)")
_LARGEST = 1e9


def is_number(text: str) -> bool:
    """Tell whether a text looks like a count."""
    return _NUMBER.fullmatch(text.strip()) is not None


def is_amount(text: str) -> bool:
    """Tell whether a text looks like an amount, which may be negative."""
    return is_number(unsigned(text))


def unsigned(text: str) -> str:
    """Return what stands after the sign of an amount."""
    return _SIGN.sub("", text, count=1).strip()


def decimal_mark(texts: Sequence[str]) -> DecimalMark:
    """Return the decimal mark of a column; refused where a mark may as well separate thousands."""
    marked = [text.strip() for text in texts if is_number(text) and re.search("[.,]", text)]
    marks = {"," if "," in text else "." for text in marked}
    if len(marks) > 1:
        raise ValueError("has numbers with a decimal point and numbers with a decimal comma; write all alike")
    if marked and all(re.fullmatch(r"[1-9]\d{0,2}[.,]\d{3}", text) for text in marked):
        mark = marks.pop()
        whole = marked[0].replace(mark, "")
        raise ValueError(
            f"has numbers such as {marked[0]} that may mean {whole} or {marked[0].replace(mark, '.')}; "
            "export it without a thousands separator"
        )
    return "," if marks == {","} else "."


def count_of(text: str, mark: DecimalMark) -> float:
    """Return a count; anything but a plain number that is not negative is refused."""
    stripped = text.strip()
    if stripped.startswith("-") and is_number(stripped[1:]):
        raise ValueError(f"{stripped[:40]!r} is negative; write a number that is zero or more")
    if not is_number(stripped):
        hint = ", without marks between thousands" if _THOUSANDS.search(stripped) else ""
        raise ValueError(f"{stripped[:40]!r} is not a number; write one such as 12{hint}")
    value = float(stripped.replace(mark, "."))
    if value > _LARGEST:
        raise ValueError(f"{stripped[:40]!r} is above {_LARGEST:g}")
    return value


def amount_of(text: str, mark: DecimalMark) -> float:
    """Return an amount, which may be negative; anything but a plain number is refused."""
    amount = count_of(unsigned(text), mark)
    return -amount if amount and text.strip()[:1] in _MINUS else amount
