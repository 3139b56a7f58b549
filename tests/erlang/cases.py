"""The exact cases as parameters of tests."""

import json
from pathlib import Path
from typing import Any, Final

import pytest

CASES: Final[list[dict[str, Any]]] = json.loads(
    (Path(__file__).parents[1] / "theory" / "exact_cases.json").read_text(encoding="utf-8")
)
EXACT: Final = 1e-10  # relative


def cases(*models: str) -> list[Any]:
    """(params, outputs) of all cases of some models."""
    found = [pytest.param(c["params"], c["outputs"], id=c["id"]) for c in CASES if c["model"] in models]
    assert found, models
    return found


def same(seen: object, wanted: object, rel: float = EXACT) -> None:
    """Equal to the digits of the cases."""
    assert seen == pytest.approx(wanted, rel=rel, abs=0.0)
