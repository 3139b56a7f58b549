"""Whatever a file holds, reading it ends in a scenario or in problems: never in another exception.

A scenario that loads is written by ``resolved`` and reads back equal. Every kind of input has its share of
the examples; each example is one seed, and what it was made of is in the message of a failure.
"""

import random
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from scenarios import Scenario, ScenarioError, from_dict, loads, resolved
from scenarios.csv_door import read_counts
from scenarios.csv_week import read_week
from scenarios.day_targets import day_goal_text, read_day_goal
from scenarios.parts import Parts
from scenarios.problems import findings_of
from scenarios.resolved import plain_data
from scenarios.settings import Setting, settings_of
from scenarios.target_text import read_goal
from scenarios.targets import goal_text
from scenarios.yaml_out import yaml_text
from tests.scenarios.conftest import VALID
from tests.scenarios.fuzz_material import FILES, ODD_TEXT, SCENARIOS, split
from tests.scenarios.fuzz_mutations import copied, mutated_data, mutated_text, odd_text, odd_value

EXAMPLES: Final = 4_000  # in `make test`
MANY_EXAMPLES: Final = 200_000  # in `make verify`
A_TEST: Final = 500  # examples that run as one test, so that several cores can share them


def _speaks(messages: Iterable[str]) -> None:
    """What is refused says why, in words that can be shown."""
    told = list(messages)
    assert told
    assert all(each.strip() and each.encode() for each in told)


def read_or_refused(read: Callable[[], Scenario], by_text: bool) -> None:
    """Read a scenario; it must read back from what is written of it, or say what is wrong."""
    try:
        scenario = read()
    except ScenarioError as error:
        _speaks(map(str, error.problems))
        return
    assert (loads(resolved(scenario)) if by_text else from_dict(plain_data(scenario))) == scenario


def _data(rng: random.Random, folder: Path) -> None:
    data = mutated_data(rng.choice(SCENARIOS), rng)
    note(repr(data))
    read_or_refused(lambda: from_dict(data, folder), by_text=rng.random() < 0.02)


def _text(rng: random.Random, folder: Path) -> None:
    text = mutated_text(rng.choice(_texts() if rng.random() < 0.2 else _small_texts()), rng)
    note(text)
    read_or_refused(lambda: loads(text, folder), by_text=True)


@cache
def _small_texts() -> list[str]:
    return [yaml_text(data) for data in SCENARIOS]


@cache
def _texts() -> list[str]:
    """The texts of the library, and the one that other tests spoil."""
    library = Path(__file__).parents[2] / "scenarios" / "library"
    return [VALID, *(path.read_text(encoding="utf-8") for path in sorted(library.glob("*.yaml")))]


def _layers(rng: random.Random, folder: Path) -> None:
    """Spoil overrides and settings rather than what they change."""
    data = copied(SCENARIOS[-1])
    data["overrides"] = mutated_data(data["overrides"], rng)
    if isinstance(data["overrides"], dict) and rng.random() < 0.5:
        data["overrides"]["odd"] = {_path(rng): odd_value(rng)}
    names = [
        rng.choice(("hire", "grow", "shifts", "later", "odd", "base", "none"))
        for _ in range(rng.randrange(4))
    ]
    chosen = list(_settings(rng))
    note(repr((data, names, chosen)))
    read_or_refused(lambda: from_dict(data, folder, names, chosen), by_text=False)


_PATHS: Final = (
    *split(
        "groups.team.agents | run.seed | queues.phone.capacity | streams.calls.arrivals.rate | calendar.days"
    ),
    *split("groups.team.shifts[0].hours | calendar.hours.desk | groups.team.skills[0] | targets[0] | name"),
    *split("queues | queues.phone.patience.exponential | streams.calls.arrivals | overrides.hire | extends"),
    *split("groups | run"),
)


def _path(rng: random.Random) -> str:
    path = rng.choice(_PATHS)
    change = rng.randrange(4)
    if change == 0:
        return odd_text(path, rng)
    return (
        f"{path}{rng.choice(('[0]', '[7]', '.x', '[0].a', '.team', '[-1]', '[²]'))}" if change == 1 else path
    )


def _settings(rng: random.Random) -> Iterator[Setting]:
    """Yield settings, or nothing where a text is none."""
    for _ in range(rng.randrange(3)):
        value = rng.choice(
            (rng.choice(ODD_TEXT), "1..3", "$1..$3 by 2", "1 s..9 s", "{add: 1}", "{multiply: 1e300}")
        )
        text = f"{_path(rng)}={odd_text(value, rng) if rng.random() < 0.5 else value}"
        note(text)
        try:
            yield rng.choice(settings_of(text))
        except ValueError as error:
            _speaks(each.message for each in findings_of(error))


_STAMPS: Final = (
    *split(
        "2026-03-29 02:30 | 2026-10-25 02:30 | 2026-03-02T08:00:00Z | 02/03/2026 08:00 | 13/3/2026 8:30 PM"
    ),
    *split("2026-03-02 | 0001-01-01 00:00 | 9999-12-31 23:30 | 2026-02-30 08:00 | 2026-03-02 08:00+01:00"),
)
_CELLS: Final = (
    *_STAMPS,
    *split(
        "08:00 | 8.30 | 24:00 | mon | tue-fri | holidays | daily | 3 | 1,5 | 1.5 | 1.234 | 1,234 | -2 | 1e5"
    ),
    *split("nan | =1+1 | x | 999999999999999999999999999999 | ٣ | calls | time | #N/A"),
    "",
    '"',
    " 4 ",
    "\u202e",
)


def _table(rng: random.Random) -> str:
    """Return the text of a CSV file: one that is as it should be with cells changed, or cells at random."""
    mark, quote = rng.choice(",,;;\t|"), rng.choice(("", "", "", '"'))
    style = rng.choice(("dated", "grid", "list", "odd"))
    start, step = rng.choice((0, 480, 90)), rng.choice((15, 30, 60))
    clocks = [f"{at // 60:02d}:{at % 60:02d}" for at in range(start, start + 6 * step, step)]
    if style == "dated":
        day = rng.choice(("2026-03-29", "2026-10-25", "29.03.2026", "3/2/2026"))
        rows = [["Start", "Calls"], *([f"{day} {at}", str(rng.randrange(9))] for at in clocks)]
    elif style == "grid":
        rows = [["time", "mon-thu", "fri", "holidays"], *([at, "1", rng.choice("123"), "0"] for at in clocks)]
    elif style == "list":
        rows = [["day", "from", "heads"], *([rng.choice(("mon", "tue")), at, "3"] for at in clocks)]
    else:
        rows = [[rng.choice(_CELLS) for _ in range(rng.randint(0, 4))] for _ in range(rng.randint(0, 5))]
    for _ in range(rng.randrange(3)):
        row = rng.choice(rows) if rows else []
        if row:
            row[rng.randrange(len(row))] = rng.choice(_CELLS)
    text = "".join(mark.join(f"{quote}{cell}{quote}" for cell in row) + "\n" for row in rows)
    return mutated_text(text, rng) if rng.random() < 0.3 else text


def _csv(rng: random.Random, folder: Path) -> None:
    text = _table(rng)
    note(text)
    path = folder / "odd.csv"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    zone = rng.choice(("", "Europe/Amsterdam"))
    try:
        week = read_week(path, zone=zone) if rng.random() < 0.7 else None
        if week is None:
            read_counts(path, zone=zone)
    except ValueError as error:
        _speaks(each.message for each in findings_of(error))
        return
    data = copied(SCENARIOS[5])
    data["streams"]["more"]["arrivals"]["by_interval"] = {"csv": "odd.csv"}
    data["groups"]["team"]["agents"] = {"csv": "odd.csv"} if rng.random() < 0.5 else 3
    read_or_refused(lambda: from_dict(data, folder), by_text=False)


_WORDS: Final = (
    *split("phone | team | calls | queue phone | group team | all | service level | SL | ASA | occupancy"),
    *split(
        "abandonment | wait p90 | handled | people cost | NPS | >= | <= | ≥ | at least | < | = | 80% | 30 s"
    ),
    *split("1,000 EUR | $5 | 25 | each week | each day | over the horizon | per year | with 90% probability"),
    *split("probability | AHT | largest queue | on duty | each fortnight | 1e308 | 0 | 100% | 0% | 1e-322%"),
)
_NAMED: Final = (
    "phone",
    "queue",
    "all",
    "contacts",
    "service level",
    "with",
    "each day",
    "a b",
    "agents",
    "SL x",
)


def _target(rng: random.Random, folder: Path) -> None:
    """A line of targets, among names that are words of the language too; what is read is written the same."""
    parts = _PARTS._replace(names=tuple(rng.sample(_NAMED, 3)))
    words = [rng.choice(_WORDS) for _ in range(rng.randint(1, 6))]
    usual = [
        rng.choice((*parts.names, "team", "calls", "")),
        rng.choice(_WORDS[6:14]),
        ">=",
        rng.choice(("80%", "9 s")),
    ]
    line = " ".join(words if rng.random() < 0.3 else [*usual, rng.choice(("", *_WORDS[-11:]))])
    line = odd_text(line, rng) if rng.random() < 0.3 else line
    note(repr((line, parts.names)))
    try:
        goal = read_goal(line, parts.parts())
    except ValueError as error:
        _speaks(each.message for each in findings_of(error))
        return
    assert read_goal(goal_text(goal), parts.parts()) == goal


def _day_target(rng: random.Random, folder: Path) -> None:
    """A line of targets by day, a change against the baseline or not; what is read is written the same."""
    parts = _PARTS._replace(names=tuple(rng.sample(_NAMED, 3)))
    tail = rng.choice(
        ("by day 30", "vs baseline by day 9", "vs the baseline, by day 90", "by day", "vs baseline")
    )
    words = [
        rng.choice((*parts.names, "team", "calls", "")),
        rng.choice(_WORDS[6:14]),
        rng.choice((">=", "<=", "", "")),
        rng.choice(("80%", "-15%", "+3 points", "9 s", "0%", "-2.5 points", "+1e-9%", "- 4 %")),
    ]
    line = f"{' '.join(words)} {tail}"
    line = odd_text(line, rng) if rng.random() < 0.3 else line
    note(repr((line, parts.names)))
    try:
        goal = read_day_goal(line, parts.parts())
    except ValueError as error:
        _speaks(each.message for each in findings_of(error))
        return
    assert read_day_goal(day_goal_text(goal), parts.parts()) == goal


class _Named(NamedTuple):
    """Parts in which queues have odd names."""

    read: Scenario
    names: tuple[str, ...] = ()

    def parts(self) -> Parts:
        """Return them, all queues alike."""
        queue = self.read.queues["phone"].model_copy(update={"service_level": "offered"})
        return Parts(
            streams=self.read.streams,
            queues=dict.fromkeys(("phone", *self.names), queue),
            groups=self.read.groups,
            streams_named=("calls", *self.names[:1]),
            queues_named=("phone", *self.names),
            groups_named=("team", *self.names[:2]),
            joins={"calls": "phone"},
        )


_PARTS: Final = _Named(from_dict(SCENARIOS[0]))

Kind = Callable[[random.Random, Path], None]
_SHARES: Final[dict[Kind, float]] = {
    **{_data: 0.5, _text: 0.1, _layers: 0.15, _csv: 0.1},
    **{_target: 0.1, _day_target: 0.05},
}


def _tests(examples: int) -> list[Any]:
    """Return (kind, part) of all tests that together have so many examples."""
    return [
        pytest.param(kind, part, id=f"{kind.__name__.strip('_')}-{part}")
        for kind, share in _SHARES.items()
        for part in range(round(examples * share / A_TEST))
    ]


def _hunt(kind: Kind, part: int, folder: Path) -> None:
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")

    @settings(
        derandomize=True,
        deadline=None,
        database=None,
        max_examples=A_TEST,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    @given(st.integers(min_value=0, max_value=2**64))
    def look(seed: int) -> None:
        kind(random.Random(f"{part}/{seed}"), folder)

    look()


@pytest.mark.parametrize(("kind", "part"), _tests(EXAMPLES))
def test_anything_is_read_or_refused(kind: Kind, part: int, tmp_path: Path) -> None:
    _hunt(kind, part, tmp_path)


@pytest.mark.verify
@pytest.mark.parametrize(("kind", "part"), _tests(MANY_EXAMPLES))
def test_anything_at_length_is_read_or_refused(kind: Kind, part: int, tmp_path: Path) -> None:
    _hunt(kind, part, tmp_path)


@settings(derandomize=True, deadline=None, max_examples=120)
@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    with pytest.raises(ScenarioError):
        loads(text)
