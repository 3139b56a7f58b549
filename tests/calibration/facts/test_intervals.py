"""The table of intervals: what it is taken to, and what must hold in it."""

from pathlib import Path
from typing import Any, Final

import pytest

from calibration.facts.read import read_facts
from tests.calibration.facts.exports import rows_of, text, told

HEADER: Final = ("interval_start", "interval_minutes", "queue", "offered", "handled", "aht_s")
S: Final = 1_000_000


def rows(count: int = 200) -> list[dict[str, str]]:
    """Half hours of a queue: 10 offered, 9 handled, 4 min each."""
    return [
        {
            "interval_start": f"2026-03-{2 + i // 48:02}T{i // 2 % 24:02}:{30 * (i % 2):02}:00Z",
            "interval_minutes": "30",
            "queue": "sales",
            "offered": "10",
            "handled": "9",
            "aht_s": "240",
        }
        for i in range(count)
    ]


def written(folder: Path, made: list[dict[str, str]], header: tuple[str, ...] = HEADER) -> Path:
    path = folder / "intervals.csv"
    path.write_text(text(header, made), encoding="utf-8")
    return path


def test_what_they_become(tmp_path: Path) -> None:
    header = (
        "interval_start",
        "queue",
        "channel",
        "offered",
        "handled",
        "abandoned",
        "talk_s",
        "hold_s",
        "acw_s",
        "wait_answered_s",
        "staffed",
    )
    made = [
        ("2026-03-02T08:00:00+01:00", "sales", "chat", "10", "8", "2", "800", "", "160.5", "64", "4.5"),
        ("2026-03-02T08:15:00+01:00", "sales", "chat", "0", "0", "0", "0", "", "", "", "4"),
        ("2026-03-02T09:00:00+01:00", "care", "", "5", "5", "0", "100", "10", "", "", ""),
    ]
    path = tmp_path / "i.csv"
    path.write_text(text(header, made), encoding="utf-8")
    with read_facts([path], "intervals", time_zone="Europe/Amsterdam") as facts:
        assert facts.contacts is None
        start = 1_772_434_800 * S
        assert rows_of(facts, "start_us", "local_us", "length_us", "queue", "channel") == [
            (start, start + 3600 * S, 900 * S, "sales", "chat"),
            (start + 900 * S, start + 4500 * S, 900 * S, "sales", "chat"),
            (start + 3600 * S, start + 7200 * S, 900 * S, "care", "phone"),
        ]
        assert rows_of(
            facts, "offered", "abandoned", "talk_us", "handle_us", "wait_answered_us", "staffed"
        ) == [
            (10.0, 2.0, 800 * S, 120_062_500, 64 * S, 4.5),
            (0.0, 0.0, 0, None, None, 4.0),
            (5.0, 0.0, 100 * S, 22 * S, None, None),
        ]
        assert "intervals are 15 min long: the shortest distance of two of them" in facts.notes
        assert any(each.startswith("single contacts") for each in facts.silent)


BROKEN: Final[dict[str, tuple[dict[str, str], str, str]]] = {
    "offered": ({"offered": "-1"}, "offered: '-1.0' is negative", "columns that are swapped"),
    "length": ({"interval_minutes": "0"}, "interval_minutes: '0.0 min' is not above 0", "than minutes"),
    "seconds": ({"interval_minutes": "1800"}, "interval_minutes: '1800.0 min' is not above", "than minutes"),
    "grid": ({"interval_start": "2026-03-02T00:10:00Z"}, "is not on the grid of its intervals", "time zone"),
    "year": (
        {"interval_start": "1970-01-01T00:00:00Z"},
        "is outside the years 1990 to 2100",
        "default of the",
    ),
    "short": (
        {"abandoned": "1", "abandoned_short": "2"},
        "abandoned_short: '2.0 (abandoned: 1.0)' is more than abandoned, of",
        "a share over 100 %",
    ),
    "lost in time": (
        {"abandoned": "1", "abandoned_within_sl": "2"},
        "abandoned_within_sl: '2.0",
        "over 100 %",
    ),
    "in time": ({"answered_within_sl": "99"}, "answered_within_sl: '99.0 (handled: 9.0)'", "over 100 %"),
    "long": ({"aht_s": "100000"}, "aht_s: '100000.0 s' is more than a day", "another unit"),
    "staffed": ({"staffed": "-3"}, "staffed: '-3.0' is negative", "a mark for 'unknown'"),
    "number": ({"offered": "1.000,5"}, "offered: '1.000,5' is not a number", ""),
    "no queue": ({"queue": ""}, "queue: is empty", "such as totals"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_contracts(tmp_path: Path, name: str) -> None:
    changed, says, cause = BROKEN[name]
    made = rows(20)
    cells = {column: f'"{cell}"' if "," in cell else cell for column, cell in changed.items()}
    made[3] = made[3] | cells
    header = tuple(dict.fromkeys((*HEADER, *changed)))
    said = told(written(tmp_path, made, header), "intervals")
    assert said[0].startswith("0: 1 of 20 rows cannot be used (5.0%, more than 1%)")
    assert cause in said[0]
    assert said[1].startswith("5: ")
    assert says in said[1]


@pytest.mark.parametrize(
    ("cell", "cause"), [("240000", "milliseconds taken for seconds"), ("0.0028", "fractions of a day")]
)
def test_handle_times_in_another_unit(tmp_path: Path, cell: str, cause: str) -> None:
    made = [row | {"aht_s": cell} for row in rows(20)]
    (said,) = told(written(tmp_path, made), "intervals")
    assert said.startswith("2: aht_s: 20 of 20 durations")
    assert cause in said


def test_an_interval_that_is_there_twice(tmp_path: Path) -> None:
    made = rows(20)
    made[4] = made[3] | {"offered": "99"}
    said = told(written(tmp_path, made), "intervals")
    assert "Likely cause: parts of two exports that overlap, or several rows an interval" in said[0]
    assert said[1].startswith("6: interval_start: 'first on line 5' has another row with the same queue")


def test_more_than_offered_over_all(tmp_path: Path) -> None:
    made = [row | {"offered": "7"} for row in rows(200)]
    (said,) = told(written(tmp_path, made), "intervals")
    assert said == (
        "0: 1,800 contacts are handled or abandoned and only 1,400 offered: a share over 100 %. "
        "Likely cause: `offered` leaves out the abandoned, or columns that are swapped"
    )


def test_one_interval_may_be_handled_in_the_next(tmp_path: Path) -> None:
    made = rows(200)
    made[3]["handled"], made[4]["handled"] = "0", "18"
    with read_facts([written(tmp_path, made)], "intervals") as facts:
        assert facts.kept == 200


def test_twice_the_same_interval(tmp_path: Path) -> None:
    made = rows(200)
    made[4], made[9] = made[3], made[8] | {"offered": "11"}
    with read_facts([written(tmp_path, made)], "intervals") as facts:
        assert (facts.kept, facts.dropped) == (198, {"copies of other rows": 1})
        assert facts.rejected == {
            "interval_start: has another row with the same queue, channel, which says something else": 1
        }


def test_a_length_that_cannot_be_told(tmp_path: Path) -> None:
    header = ("interval_start", "queue", "offered", "aht_s")
    made: list[Any] = [("2026-03-02T08:00:00Z", "a", "1", "240"), ("2026-03-02T08:00:00Z", "b", "1", "240")]
    path = tmp_path / "i.csv"
    path.write_text(text(header, made), encoding="utf-8")
    assert "no two intervals that tell it; add the column" in told(path, "intervals")[0]


def test_one_form_of_handle_time_is_needed(tmp_path: Path) -> None:
    path = tmp_path / "i.csv"
    path.write_text("interval_start,queue,offered\n2026-03-02T08:00:00Z,a,1\n", encoding="utf-8")
    assert "one of the columns talk_s, aht_s is missing" in told(path, "intervals")[0]
