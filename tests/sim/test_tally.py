"""The tally against a naive one: Python dictionaries, one row of the log after the other.

Hand-worked days show that the definitions are right; this shows that they are kept in crowded days,
by interval and scope. Only the largest number waiting needs care: at one tick, the log does not say
whether one left before another came, so there are two answers, and the tally's lies between them.
"""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
import pytest

from scenarios.definitions import QUANTILES
from sim.clock import to_ticks
from sim.compile import Model, compile_scenario
from sim.contacts import SIDE
from sim.log import (
    ABANDONED,
    AGAIN,
    ARRIVED,
    BLOCKED,
    CLEARED,
    CLOSED,
    HANDLED,
    HELD,
    IDLE,
    LEG,
    OPEN,
    OVERFLOWED,
    SHARING,
    SILENT,
    STRUCK_OFF,
    UNREACHED,
    WORKING,
)
from sim.measure import new_tally, plan_measures, sums, wait_quantiles
from sim.tally import COLUMNS, FINE, MAX_QUEUE, bucket, bucket_middle, tally_agents, tally_contacts
from tests.seeds import seeds
from tests.sim import random_scenarios
from tests.sim.logs import COARSE, MICROSECONDS, Log, run

Cell = tuple[str, str, int, str]  # scope, name, interval, column

COUNTED: Final = {
    BLOCKED: "blocked", CLOSED: "closed", OVERFLOWED: "overflowed", OPEN: "open", STRUCK_OFF: "struck_off",
    UNREACHED: "unreached",
}  # fmt: skip
STATES: Final = {IDLE: "idle", WORKING: "working", SHARING: "sharing"}


class Naive:
    """Counts by scope, interval and column, as the definitions say."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.interval = int(model.scenario.calendar.interval) * 1_000_000
        self.last = model.almanac.intervals  # stands for all that comes after the horizon
        self.warm_up = to_ticks(model.scenario.run.warm_up_s)
        self.cells = Counter[Cell]()

    def add(self, scope: str, name: str, at: int, column: str, amount: int = 1) -> None:
        if at >= self.warm_up:
            self.cells[scope, name, min(at // self.interval, self.last), column] += amount

    def add_time(self, scope: str, name: str, span: tuple[int, int], column: str, weight: int = 1) -> None:
        edges = [n * self.interval for n in range(span[0] // self.interval + 1, self.last + 1)]
        cuts = sorted(
            {max(span[0], self.warm_up), *(e for e in edges if self.warm_up < e < span[1]), span[1]}
        )
        for start, end in pairwise(cut for cut in cuts if cut <= span[1]):
            if start >= span[0]:
                self.add(scope, name, start, column, weight * (end - start))

    def contacts(self, rows: np.ndarray) -> None:
        for row in rows:
            queue = self.model.names.queues[row["queue"]]
            stream = self.model.names.streams[row["stream"]]
            if row["row"] == ARRIVED:
                self.came(("stream", stream), row, int(row["born"]))
            if row["row"] in (LEG, AGAIN):
                self.add_time("queue", queue, _wait(row), "waiting")
            if row["row"] == HELD:
                group = self.model.names.groups[row["group"]]
                self.add("queue", queue, int(row["queued"]), "handled", int(row["touched"]))
                self.add("group", group, int(row["queued"]), "handled", int(row["touched"]))
                self.add("stream", stream, int(row["born"]), "handled", int(row["touched"]))
            if row["row"] == LEG:
                self.came(("queue", queue), row, int(row["queued"]))
                self.went(("queue", queue), row, int(row["queued"]), queue)
                if row["outcome"] == HANDLED:
                    group = self.model.names.groups[row["group"]]
                    self.went(("group", group), row, int(row["queued"]), queue)
                if row["outcome"] != OVERFLOWED and row["role"] != SIDE:
                    self.left(("stream", stream), row)

    def left(self, scope: tuple[str, str], row: np.void) -> None:
        """A contact at its stream: how its first leg ended, and of the others what they took of agents."""
        if row["legs"] == 0:
            self.went(scope, row, int(row["born"]), self.model.scenario.streams[scope[1]].queue)
        elif row["outcome"] == HANDLED:
            self.add(*scope, int(row["born"]), "handled", int(row["touched"]))

    def came(self, scope: tuple[str, str], row: np.void, at: int) -> None:
        first = row["leg"] == 0
        self.add(*scope, at, "backlog" if first and row["backlog"] else "offered")
        if first and row["attempt"] > 0:
            self.add(*scope, at, "retried")
            self.add(*scope, at, "orbit", int(row["orbit"]))

    def went(self, scope: tuple[str, str], row: np.void, since: int, queue: str) -> None:
        outcome, target = int(row["outcome"]), self.model.scenario.queues[queue].target
        answered = row["started"] >= 0
        until = "left" if outcome == SILENT else "started" if answered else "ended"
        wait = int(row[until]) - since
        within = target is None or wait <= to_ticks(target.within_s)
        self.add(*scope, since, "called_back", int(row["called"]))
        if outcome == HANDLED:
            self.add(*scope, since, "answered")
            self.add(*scope, since, "answered_within", int(within))
            self.add(*scope, since, "delayed", int(wait > 0))
            self.add(*scope, since, "wait_answered", wait)
            self.add(*scope, since, "handled", int(row["touched"]))
        elif outcome in (ABANDONED, CLEARED, SILENT):
            short = wait <= to_ticks(self.model.scenario.queues[queue].short_abandon_s)
            self.add(*scope, since, "abandoned")
            self.add(*scope, since, "cleared", int(outcome == CLEARED))
            self.add(*scope, since, "silent", int(outcome == SILENT))
            self.add(*scope, since, "abandoned_within", int(within))
            self.add(*scope, since, "abandoned_short", int(short))
            self.add(*scope, since, "delayed")
            self.add(*scope, since, "wait_abandoned", wait)
        else:
            self.add(*scope, since, COUNTED[outcome])

    def agents(self, rows: np.ndarray) -> None:
        for row in rows:
            group, span = self.model.names.groups[row["group"]], (int(row["start"]), int(row["end"]))
            self.add_time("group", group, span, STATES[int(row["state"])])
            if row["state"] == SHARING:
                self.add_time("group", group, span, "chats", int(row["load"]))


def _wait(row: np.void) -> tuple[int, int]:
    """The span in which a row's contact stood in line."""
    return int(row["queued"]), int(row["started"] if row["started"] >= 0 else row["ended"])


class Counted(NamedTuple):
    """What the tally says of one replication."""

    cells: Counter[Cell]
    waits: np.ndarray
    longest: dict[tuple[str, int], int]


def tallied(model: Model, log: Log) -> Counted:
    plan = plan_measures(model)
    tally = new_tally(plan)
    tally_contacts(plan.frame, tally, log.contacts)
    tally_agents(plan.frame, tally, log.agents)
    sums(plan, tally)
    first = model.almanac.intervals - plan.rows  # intervals of the warm-up have no bins
    cells, longest = Counter[Cell](), dict[tuple[str, int], int]()
    counts = np.delete(tally.counts, slice(plan.rows, -1), axis=1)  # without the days beside them
    for s, i, c in np.argwhere(counts).tolist():
        scope, name = plan.scopes[s]
        if COLUMNS[c] == "max_queue":
            longest[name, i + first] = int(counts[s, i, c])
        elif scope != "all":
            cells[scope, name, i + first, COLUMNS[c]] = int(counts[s, i, c])
    return Counted(cells, tally.waits, longest)


def cases(seed: int) -> Iterator[tuple[Model, Log]]:
    for grain in (MICROSECONDS, COARSE):
        model = compile_scenario(random_scenarios.scenario(seed), grain)
        yield model, run(model)


@pytest.mark.parametrize("seed", seeds(12, 30))
def test_counts_and_times(seed: int) -> None:
    for model, log in cases(seed):
        naive = Naive(model)
        naive.contacts(log.contacts)
        naive.agents(log.agents)
        assert tallied(model, log).cells == +naive.cells  # plus: without zeros


@pytest.mark.parametrize("seed", seeds(12, 30))
def test_days_are_the_sums_of_their_intervals(seed: int) -> None:
    for model, log in cases(seed):
        plan = plan_measures(model)
        tally = new_tally(plan)
        tally_contacts(plan.frame, tally, log.contacts)
        tally_agents(plan.frame, tally, log.agents)
        sums(plan, tally)
        days = np.unique(plan.days)
        assert len(plan.bins) - plan.days_from == (len(days) if len(days) > 1 else 0)
        for n, day in enumerate(days[: len(plan.bins) - plan.days_from]):
            of_day = tally.counts[:, : plan.rows][:, plan.days == day]
            expected = of_day.sum(axis=1)
            expected[:, MAX_QUEUE] = of_day[:, :, MAX_QUEUE].max(axis=1)
            assert np.array_equal(tally.counts[:, plan.days_from + n], expected)
            waits = tally.bin_waits[:, : plan.rows][:, plan.days == day].sum(axis=1)
            assert np.array_equal(tally.bin_waits[:, plan.days_from + n], waits)


def lengths(model: Model, log: Log, queue: str) -> tuple[Counter[int], Counter[int]]:
    """The least and the greatest that the largest number waiting may be, by interval.

    Those who leave at a tick do so before those who come, or after them.
    """
    rows = log.contacts[np.isin(log.contacts["row"], (LEG, AGAIN)) & (log.contacts["found"] > 0)]
    waits = [_wait(row) for row in rows[rows["queue"] == model.names.queues.index(queue)]]
    come, leave = Counter(start for start, _ in waits), Counter(end for _, end in waits)
    interval = int(model.scenario.calendar.interval) * 1_000_000
    least, most = Counter[int](), Counter[int]()
    waiting, before = 0, 0
    for tick in sorted({*come, *leave}):
        for i in range(before // interval, (tick - 1) // interval + 1):
            least[i], most[i] = max(least[i], waiting), max(most[i], waiting)
        i = tick // interval
        most[i] = max(most[i], waiting + come[tick])
        waiting, before = waiting + come[tick] - leave[tick], tick
        least[i] = max(least[i], waiting)
    return least, most


@pytest.mark.parametrize("seed", seeds(12, 30))
def test_longest_lines(seed: int) -> None:
    """... where nobody is on call: who waits for somebody called is not found in the line."""
    for model, log in cases(seed):
        if any(group.on_call for group in model.scenario.groups.values()):
            continue
        counted = tallied(model, log).longest
        first = int(model.scenario.run.warm_up_s / model.scenario.calendar.interval)
        for queue in model.names.queues:
            least, most = lengths(model, log, queue)
            for i in range(first, model.almanac.intervals):
                assert least[i] <= counted.get((queue, i), 0) <= most[i], (queue, i)


@pytest.mark.parametrize("seed", range(10))
def test_quantiles_of_waits(seed: int) -> None:
    """Each within a bucket of the exact one: the least wait that the share does not exceed."""
    for model, log in cases(seed):
        legs = log.legs()
        since = np.maximum(to_ticks(model.scenario.run.warm_up_s), 0)
        legs = legs[(legs["outcome"] == HANDLED) & (legs["born"] >= since)]
        legs = legs[(legs["legs"] == 0) & (legs["role"] != SIDE)]
        waits = np.sort(legs["started"] - legs["born"])
        if not len(waits):
            continue
        found = wait_quantiles(tallied(model, log).waits, FINE)[:, 0]
        for share, seconds in zip(QUANTILES.values(), found, strict=True):
            exact = waits[int(np.ceil(share * len(waits) - 1e-9)) - 1] / 1e6
            assert seconds == pytest.approx(exact, rel=1 / FINE, abs=0.001)


@pytest.mark.parametrize("per_octave", [16, 128])
def test_buckets_are_narrow_and_in_order(per_octave: int) -> None:
    ticks = np.unique(np.geomspace(1, 2**44, 3000).astype(np.int64))
    found = np.array([bucket(int(t), per_octave) for t in ticks])
    assert (np.diff(found) >= 0).all()
    middle = bucket_middle(found, per_octave)
    wide = ticks >= 512 * per_octave
    assert (np.abs(middle / ticks - 1.0)[wide] <= 0.5 / per_octave + 1e-12).all()
    assert (np.abs(middle - ticks)[~wide] <= 512).all()
    assert bucket(0, per_octave) == 0
    assert bucket_middle(np.array([0]), per_octave)[0] == 0.0
