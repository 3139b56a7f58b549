"""What a canonical row becomes, whichever of times and durations it has."""

from pathlib import Path
from typing import Any, Final

import pytest

from calibration.facts.read import read_facts
from tests.calibration.facts.exports import rows_of, text

S: Final = 1_000_000
AT: Final = "2026-03-02T08:00:00Z"
START: Final = 1_772_438_400
FACTS: Final = ("outcome", "answered_us", "ended_us", "wrap_ended_us", "queued", "wait_us", "handle_us")

Expected = tuple[str, int | None, int | None, int | None, bool | None, int | None, int | None]
ROWS: Final[list[tuple[dict[str, str], Expected]]] = [
    # times and durations in seconds after the arrival
    ({}, ("open", None, None, None, None, None, None)),
    (
        {"answered_at": "2026-03-02T08:00:10Z", "ended_at": "2026-03-02T08:03:10Z"},
        ("handled", 10, 190, None, True, 10, 180),
    ),
    (
        {
            "answered_at": "2026-03-02T08:00:10Z",
            "ended_at": "2026-03-02T08:03:10Z",
            "wrap_ended_at": "2026-03-02T08:04:00Z",
        },
        ("handled", 10, 190, 240, True, 10, 230),
    ),
    (
        {"answered_at": "2026-03-02T08:00:10Z", "ended_at": "2026-03-02T08:03:10Z", "wrap_s": "20"},
        ("handled", 10, 190, 210, True, 10, 200),
    ),
    *(  # a duration that was rounded down is no contradiction
        (
            {"answered_at": "2026-03-02T08:00:10Z", "ended_at": "2026-03-02T08:03:10Z", "handle_s": handle_s},
            ("handled", 10, 190, 10 + handled, True, 10, handled),
        )
        for handle_s, handled in (("179", 180), ("180", 180), ("200", 200))
    ),
    ({"wait_s": "10", "handle_s": "200"}, ("handled", 10, 210, 210, True, 10, 200)),
    ({"wait_s": "0", "handle_s": "200", "wrap_s": "50"}, ("handled", 0, 150, 200, False, 0, 200)),
    ({"handle_s": "200"}, ("handled", None, None, None, None, None, 200)),
    ({"wait_s": "45"}, ("abandoned", None, 45, None, True, 45, None)),
    ({"ended_at": "2026-03-02T08:00:45Z"}, ("abandoned", None, 45, None, True, 45, None)),
    ({"ended_at": AT, "queued": "true"}, ("abandoned", None, 0, None, True, 0, None)),
    ({"resolved_at": "2026-03-02T08:00:45Z"}, ("handled", None, None, None, None, None, None)),
    (
        {"outcome": "self_service", "ended_at": "2026-03-02T08:00:09Z"},
        ("self_service", None, 9, None, False, None, None),
    ),
    ({"outcome": "dropped", "wait_s": "5"}, ("dropped", None, 5, None, True, 5, None)),
    ({"outcome": "open", "wait_s": "5"}, ("open", None, None, None, True, 5, None)),
]  # fmt: skip


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Any, ...]]:
    header = ("queue", "arrived_at", *dict.fromkeys(name for cells, _ in ROWS for name in cells))
    path = tmp_path_factory.mktemp("canonical") / "e.csv"
    rows = [{"queue": "a", "arrived_at": AT} | cells for cells, _ in ROWS]
    path.write_text(text(header, rows), encoding="utf-8")
    with read_facts([path], "canonical") as facts:
        return rows_of(facts, *FACTS)


@pytest.mark.parametrize("i", range(len(ROWS)))
def test_rows(found: list[tuple[Any, ...]], i: int) -> None:
    outcome, *times, queued, wait, handle = ROWS[i][1]
    moments = [None if at is None else (START + at) * S for at in times]
    lasts = [None if each is None else each * S for each in (wait, handle)]
    assert found[i] == (outcome, *moments, queued, *lasts)


def test_progress_is_told(tmp_path: Path) -> None:
    path = tmp_path / "e.csv"
    path.write_text(text(("queue", "arrived_at"), [["a", AT]] * 3), encoding="utf-8")
    said: list[str] = []
    read_facts([path], "canonical", progress=said.append).close()
    assert said == ["e.csv: 3 rows", "checking"]
