"""Text from outside, made safe for a cell of a spreadsheet and for one line."""

from typing import Final

_RISKY: Final = ("=", "+", "-", "@", "\t", *"＝＋－＠")  # what makes a spreadsheet run a cell, wide ones too
_ONE_LINE: Final = {ord("\r"): " ", ord("\n"): " "}


def on_one_line(text: str) -> str:
    """Text on one line, without characters that would steer a terminal, or that YAML does not take."""
    return "".join(c if c.isprintable() or c == "\t" else repr(c)[1:-1] for c in text.translate(_ONE_LINE))


def safe_cell(text: str | None) -> str | None:
    """A label on one line that no spreadsheet takes for a formula: one that might be gets an apostrophe."""
    if text is None:
        return None
    line = on_one_line(text)
    return f"'{line}" if line.lstrip(" ").startswith(_RISKY) else line
