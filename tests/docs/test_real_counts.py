"""The example of docs/real_counts.md: what is simulated agrees with the file that it reads.

On the synthetic file that the example comes with, and on five months of a bank's calls where they
are at hand. Sums over the files are made here, line by line, and not by the reader of scenarios.
"""

import csv
import datetime
import gzip
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import pytest

import scenarios
from careloop import Result, simulate
from scenarios import Scenario
from scenarios.model import Busyness
from tests.docs.snippets import ROOT

EXAMPLES: Final = ROOT / "docs" / "examples"
SYNTHETIC: Final = EXAMPLES / "bank_counts_synthetic.csv"
BANK: Final = ROOT.parent / "shared" / "data" / "bank_calls_5min_2003-03_to_07.csv.gz"
WEEKDAYS: Final = range(5)
DAYS: Final = 10  # simulated of each weekday
LIMIT: Final = 4.0  # standard errors; of the half hours, of which there are 145, a little more
LIMIT_OF_MANY: Final = 4.5


class Means(NamedTuple):
    """Mean calls of a file by weekday, and by weekday and half hour of the day."""

    days: dict[int, float]
    half_hours: dict[tuple[int, int], float]


def means(rows: Iterable[dict[str, str]]) -> Means:
    """The means of rows with DateTime and Calls."""
    dates: dict[int, set[datetime.date]] = defaultdict(set)
    days: dict[int, float] = defaultdict(float)
    half_hours: dict[tuple[int, int], float] = defaultdict(float)
    for row in rows:
        when = datetime.datetime.fromisoformat(row["DateTime"].removesuffix("Z"))
        dates[when.weekday()].add(when.date())
        days[when.weekday()] += int(row["Calls"])
        half_hours[when.weekday(), when.hour * 2 + when.minute // 30] += int(row["Calls"])
    return Means(
        {w: calls / len(dates[w]) for w, calls in days.items()},
        {(w, i): calls / len(dates[w]) for (w, i), calls in half_hours.items()},
    )


@lru_cache
def read(path: Path) -> Means:
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode()
    return means(csv.DictReader(text.splitlines()))


def example(path: Path) -> Scenario:
    """The example's scenario on a file of counts."""
    text = (EXAMPLES / "bank_counts.yaml").read_text(encoding="utf-8")
    assert SYNTHETIC.name in text
    return scenarios.loads(text.replace(SYNTHETIC.name, path.name), path.parent)


@pytest.fixture(params=[SYNTHETIC, BANK], ids=["synthetic", "bank"])
def path(request: pytest.FixtureRequest) -> Path:
    found: Path = request.param
    if not found.exists():
        pytest.skip(f"the bank's counts are not here: {found.name} is not part of this repository")
    return found


def on_weekday(scenario: Scenario, weekday: int) -> Scenario:
    """One day of the scenario, of which the first is a Monday."""
    start = scenario.calendar.start + datetime.timedelta(days=weekday)
    assert start.weekday() == weekday
    return scenario.model_copy(
        update={"calendar": scenario.calendar.model_copy(update={"start": start, "days": 1})}
    )


def without_busyness(scenario: Scenario) -> Scenario:
    calls = scenario.streams["calls"]
    plain = calls.arrivals.model_copy(update={"busyness": Busyness()})
    return scenario.model_copy(update={"streams": {"calls": calls.model_copy(update={"arrivals": plain})}})


@lru_cache
def simulated(path: Path, weekday: int, busy: bool) -> Result:
    """Some days of one weekday, by the example as it is or without its busyness."""
    scenario = example(path) if busy else without_busyness(example(path))
    return simulate(on_weekday(scenario, weekday), replications=DAYS)


@pytest.mark.parametrize("weekday", WEEKDAYS)
def test_weekdays_have_the_calls_of_the_file(path: Path, weekday: int) -> None:
    expected = read(path).days[weekday]
    busy, plain = (offered(simulated(path, weekday, each)) for each in (True, False))
    assert abs(busy.mean() - expected) <= LIMIT * busy.std(ddof=1) / np.sqrt(DAYS)
    # Without busyness a day's calls are Poisson: the error is known, and a fifth of a percent would show.
    assert abs(plain.mean() - expected) <= LIMIT * np.sqrt(expected / DAYS)
    assert plain.std(ddof=1) < busy.std(ddof=1)


def offered(result: Result) -> np.ndarray:
    """First calls of each replication."""
    calls = result.counts[result.counts["scope"] == "stream"]
    found: np.ndarray = (calls["offered"] - calls["retried"]).to_numpy(float)
    return found


def test_half_hours_have_the_calls_of_the_file(path: Path) -> None:
    expected = read(path).half_hours
    scores = []
    for weekday in WEEKDAYS:
        rows = simulated(path, weekday, False).intervals
        seen = rows[(rows["measure"] == "offered") & (rows["scope"] == "stream")]["mean"].to_numpy(float)
        mean = np.array([expected.get((weekday, i), 0.0) for i in range(len(seen))])
        assert np.array_equal(seen > 0, mean > 0)
        scores += list((seen - mean)[mean > 0] / np.sqrt(mean[mean > 0] / DAYS))
    assert len(scores) == len(expected)
    assert np.abs(scores).max() <= LIMIT_OF_MANY
    assert 0.8 <= np.std(scores) <= 1.2


def test_example_meets_its_target(path: Path) -> None:
    """What docs/real_counts.md says of the week as a whole."""
    table = simulate(example(path), replications=DAYS).measures
    queue = table[table["scope"] == "queue"].set_index("measure")["mean"].astype(float).to_dict()
    assert 0.85 <= queue["service_level"] <= 0.96
    assert queue["closed"] == 0.0


def test_bank_file_is_the_one_described() -> None:
    if not BANK.exists():
        pytest.skip(f"the bank's counts are not here: {BANK.name} is not part of this repository")
    found = read(BANK)
    assert found.days == pytest.approx({0: 36_700, 1: 32_500, 2: 31_000, 3: 31_000, 4: 31_000}, rel=0.025)
    assert found.half_hours[0, 20] + found.half_hours[0, 21] == pytest.approx(3_900, rel=0.02)
    loaded = scenarios.open_scenario(EXAMPLES / "bank_counts.yaml")
    assert loaded.problems == []
