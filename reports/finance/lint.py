"""A warning about a business case."""

from typing import NamedTuple


class Lint(NamedTuple):
    """Its name, and what was seen, with the figures and what to do."""

    name: str
    message: str
