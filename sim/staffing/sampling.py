"""Plans on a sample: which share of periods each target holds in, and what one agent in a cell changes."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.case_layout import CASE
from sim.cases import link_cases
from sim.contacts import link_pool
from sim.draws import child_key, name_key
from sim.jit import UNCOMPILED, cache_folder, part_of
from sim.layout import AGENT_ROW, CONTACT, CONTACT_ROW, EVENT, State
from sim.log import CASES, ENOUGH, HEAP, LOG
from sim.staffing.branches import ADDED, CHANGE, MARK, TAKEN, Trial, Twin, as_numbers, explore
from sim.staffing.cells import Floats, Ints
from sim.staffing.stage import Stage
from sim.tally import COLUMNS

T = TypeVar("T")
_LOG: Final = 4096
_PILOT: Final = 1460  # days that are enough to see what an agent changes
_PILOTS: Final = 2, 30  # replications, whatever the horizon


class Sample(NamedTuple):
    """Replications [first, last) of a seed."""

    seed: int
    first: int
    last: int

    @property
    def size(self) -> int:
        return self.last - self.first

    def beginning(self, size: int) -> "Sample":
        """Its first replications, so many if it has them."""
        return self._replace(last=min(self.last, self.first + size))


class Standing(NamedTuple):
    """A plan on a sample: of each target [target] the pairs of replication and period in which it holds."""

    held: Ints  # [replication, target]
    pairs: Ints  # [replication, target]: with a value
    values: tuple[Floats, ...]  # of each target [replication, period]

    @property
    def failed(self) -> Ints:
        """Pairs that fail [replication, target]."""
        return self.pairs - self.held


class Effects(NamedTuple):
    """What one agent more (or fewer) in each cell does on a sample: sums over its replications."""

    held: Ints  # [cell, target]: pairs that hold then
    pairs: Ints  # [cell, target]
    lost: Ints  # [cell, target]: pairs that fail then and did not before
    better: Floats  # [cell, target]: how much better the target's values become, over pairs in its band
    inside: Ints  # [target]: pairs in its band

    @property
    def failed(self) -> Ints:
        """Pairs that fail then [cell, target]."""
        return self.pairs - self.held

    @property
    def shift(self) -> Floats:
        """How much better a target's value becomes, mean over pairs in its band [cell, target]."""
        found: Floats = self.better / np.maximum(self.inside, 1)
        return found


def together(parts: Sequence[Effects]) -> Effects:
    """Effects on several samples as those on all of them, added up in their order."""
    held, pairs, lost, better, inside = (sum(each[1:], each[0]) for each in zip(*parts, strict=True))
    return Effects(held, pairs, lost, better, inside)


class Ask(NamedTuple):
    """Which effects are wanted."""

    cells: NDArray[np.bool_]  # [cell]
    bands: Floats  # [target, 2]: values from and to over which their shift is averaged


class Bench:
    """Simulates plans of one part on all cores; what it finds does not depend on how many there are."""

    def __init__(self, stage: Stage, workers: int) -> None:
        self.stage = stage
        self.workers = workers
        self._local = threading.local()

    def pilot(self, sample: Sample) -> Sample:
        """The first replications of a sample, as many as show what an agent changes."""
        size = np.clip(-(-_PILOT // self.stage.model.scenario.calendar.days), *_PILOTS)
        return sample.beginning(int(size))

    def standing(self, plan: Ints, sample: Sample) -> Standing:
        """Simulate a plan [cell]."""
        found = self._each(sample, lambda n: self._one(plan, sample.seed, n, _NO_CHANGES)[0])
        return _together(found)

    def effects(self, plan: Ints, sample: Sample, delta: int, ask: "Ask") -> Effects:
        """Simulate a plan [cell], and beside it all that differ by `delta` agents in one cell asked for."""
        changes = self.stage.changes
        chosen = ask.cells & (plan + delta >= 0)
        changes = linked(changes[chosen[changes["candidate"]]])
        changes["delta"] = delta
        found = self._each(sample, lambda n: self._one(plan, sample.seed, n, changes, ask.bands)[1])
        return together(found)

    def _each(self, sample: Sample, work: Callable[[int], T]) -> list[T]:
        """Do the work for each replication; an interruption stops all of it."""
        with ThreadPoolExecutor(self.workers) as pool:
            futures = [pool.submit(work, n) for n in range(sample.first, sample.last)]
            try:
                return [future.result() for future in futures]
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise

    def _one(
        self, plan: Ints, seed: int, replication: int, changes: np.ndarray, bands: Floats | None = None
    ) -> tuple[Any, Any]:
        """One replication: its standing, and the effects of changes."""
        stage, room = self.stage, self._room()
        wanted = np.where(stage.cell_of >= 0, plan[stage.cell_of], 0)
        tables = stage.model.tables._replace(plan=room.calendar)
        trial = self._trial(changes)
        lack = None
        while lack != ENOUGH:
            if lack is not None:
                room.grow(int(lack))
            room.calendar["value"][stage.rows] = (
                wanted  # a branch that was given up has left its change there
            )
            trial.changes["done"] = 0
            trial.base[:] = 0
            trial.counts[:] = 0
            state = room.begin(stage, seed, replication)
            own = as_numbers(state)
            lack = explore(tables, state, own, room.saved, trial)
        return self._standing(trial.base), None if bands is None else self._effects(trial, bands)

    def _room(self) -> "_Room":
        if not hasattr(self._local, "room"):
            self._local.room = _Room(self.stage)
        room: _Room = self._local.room
        return room

    def _trial(self, changes: np.ndarray) -> Trial:
        stage = self.stage
        periods = max((ruler.periods for ruler in stage.rulers), default=1)
        shape = len(stage.rulers), periods, len(COLUMNS)
        cells = 0 if changes is _NO_CHANGES else len(stage.cells)
        return Trial(
            np.zeros(stage.model.almanac.intervals + 2, MARK),
            changes.copy(),
            stage.counting,
            np.zeros(shape, np.int64),
            np.zeros((cells, 2, *shape), np.int64),
            np.array([stage.model.scenario.run.end == "drain", stage.mode], np.int64),
        )

    def _standing(self, base: Ints) -> Standing:
        values = tuple(r.values(base[n, : r.periods]) for n, r in enumerate(self.stage.rulers))
        held = [r.holds(v).sum() for r, v in zip(self.stage.rulers, values, strict=True)]
        return Standing(np.array(held), np.array([(~np.isnan(v)).sum() for v in values]), values)

    def _effects(self, trial: Trial, bands: Floats) -> Effects:
        cells, rulers = len(self.stage.cells), self.stage.rulers
        held, pairs, lost = np.zeros((3, cells, len(rulers)), np.int64)
        better, inside = np.zeros((cells, len(rulers))), np.zeros(len(rulers), np.int64)
        for n, ruler in enumerate(rulers):
            base = trial.base[n, : ruler.periods]
            added, taken = (trial.counts[:, which, n, : ruler.periods] for which in (ADDED, TAKEN))
            values = ruler.values(base + added - taken)
            before = ruler.values(base)
            held[:, n] = ruler.holds(values).sum(axis=1)
            pairs[:, n] = (~np.isnan(values)).sum(axis=1)
            lost[:, n] = (ruler.fails(values) & ~ruler.fails(before)).sum(axis=1)
            within = (before >= bands[n, 0]) & (before <= bands[n, 1])
            change = np.nan_to_num(values[:, within] - before[within]).sum(axis=1)
            better[:, n] = change * (1 if ruler.at_least else -1)
            inside[n] = within.sum()
        return Effects(held, pairs, lost, better, inside)


def is_warm() -> bool:
    """Whether an earlier search has left its compiled code behind."""
    folder = cache_folder(part_of(__name__))
    return UNCOMPILED or (folder is not None and any(folder.rglob("branches.explore*.nbc")))


def linked(changes: np.ndarray) -> np.ndarray:
    """Changes in their order, each with the next one of its candidate."""
    found = changes.copy()
    found["next"] = -1
    order = np.lexsort((np.arange(len(found)), found["candidate"]))
    same = found["candidate"][order][:-1] == found["candidate"][order][1:]
    found["next"][order[:-1][same]] = order[1:][same]
    return found


_NO_CHANGES: Final = np.zeros(0, CHANGE)


def _together(found: Sequence[Standing]) -> Standing:
    values = zip(*(each.values for each in found), strict=True)
    return Standing(
        np.array([each.held for each in found]),
        np.array([each.pairs for each in found]),
        tuple(np.array(of_target) for of_target in values),
    )


class _Room:
    """The arrays that one thread works in; they grow and are used again."""

    def __init__(self, stage: Stage) -> None:
        start = stage.model.start
        self.queues = len(start.queues)
        self.calendar = stage.model.tables.plan.copy()
        self.contacts = np.zeros(len(start.contacts), CONTACT)
        self.cases = np.zeros(len(start.cases), CASE)
        self.heap = np.zeros(len(start.heap), EVENT)
        self.contact_log = np.zeros(_LOG, CONTACT_ROW)
        self.case_log = np.zeros(_LOG, CASE)
        self.agent_log = np.zeros(_LOG + 4 * len(start.agents), AGENT_ROW)
        self.saved = self._other(self._state(stage))

    def _state(self, stage: Stage) -> State:
        start = stage.model.start
        return State(
            start.clock.copy(),
            start.queues.copy(),
            start.groups.copy(),
            start.agents.copy(),
            self.contacts,
            self.cases,
            start.incidents.copy(),
            start.marks.copy(),
            start.dials,
            start.course,
            start.topics.copy(),
            self.heap,
            self.contact_log,
            self.case_log,
            self.agent_log,
        )

    def begin(self, stage: Stage, seed: int, replication: int) -> State:
        """The state at the start of a replication, as `sim.compile.begin` makes it."""
        state = self._state(stage)
        self.contacts[:] = np.zeros(1, CONTACT)
        self.cases[:] = np.zeros(1, CASE)
        link_pool(state, self.queues)
        link_cases(state)
        state.clock[0]["run"] = child_key(name_key("seed", str(seed)), replication)
        if [part.size for part in self.saved] != [part.size for part in as_numbers(state)]:
            self.saved = self._other(state)
        return state

    @staticmethod
    def _other(state: State) -> Twin:
        return Twin(*(part.copy() for part in as_numbers(state)))

    def grow(self, lack: int) -> None:
        """Double what was too small."""
        if lack == HEAP:
            self.heap = np.zeros(2 * len(self.heap), EVENT)
        elif lack == LOG:
            self.contact_log = np.zeros(2 * len(self.contact_log), CONTACT_ROW)
            self.case_log = np.zeros(2 * len(self.case_log), CASE)
            self.agent_log = np.zeros(2 * len(self.agent_log), AGENT_ROW)
        elif lack == CASES:
            self.cases = np.zeros(2 * len(self.cases), CASE)
        else:
            self.contacts = np.zeros(2 * len(self.contacts) - self.queues, CONTACT)
