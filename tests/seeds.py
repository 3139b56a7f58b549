"""Parameters of tests: some of them in `make test`, the others in `make verify`."""

from collections.abc import Sequence
from typing import Any

import pytest


def seeds(some: int, many: int) -> list[Any]:
    """Parameters 0 to many - 1, of which those from `some` on are for `make verify`."""
    return [pytest.param(n, marks=() if n < some else pytest.mark.verify) for n in range(many)]


def every_other(values: Sequence[Any]) -> list[Any]:
    """Values as parameters, of which every other one is for `make verify`."""
    return [pytest.param(each, marks=pytest.mark.verify if n % 2 else ()) for n, each in enumerate(values)]
