"""Plans on a sample: which share of periods each target holds in, and what one agent in a cell changes."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.compile import link_pool
from sim.draws import child_key, name_key
from sim.jit import UNCOMPILED, cache_folder, part_of
from sim.layout import AGENT_ROW, CONTACT, CONTACT_ROW, EVENT, State
from sim.log import ENOUGH, HEAP, LOG
from sim.staffing.branches import ADDED, CHANGE, MARK, TAKEN, Trial, Twin, as_numbers, explore
from sim.staffing.cells import Floats, Ints
from sim.staffing.stage import Stage
from sim.tally import COLUMNS

T = TypeVar("T")
_LOG: Final = 4096


class Sample(NamedTuple):
    """Replications [first, last) of a seed."""

    seed: int
    first: int
    last: int


class Standing(NamedTuple):
    """A plan on a sample: of each target [target] the pairs of replication and period in which it holds."""

    held: Ints  # [replication, target]
    pairs: Ints  # [replication, target]: with a value
    values: tuple[Floats, ...]  # of each target [replication, period]


class Effects(NamedTuple):
    """What one agent more (or fewer) in each cell does on a sample."""

    held: Ints  # [cell, target]: pairs that hold then
    pairs: Ints  # [cell, target]
    shift: Floats  # [cell, target]: how much better the target's value becomes, mean over pairs in its band


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
        self._stop = threading.Event()

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
        held, pairs, shift, within = (sum(parts[1:], parts[0]) for parts in zip(*found, strict=True))
        return Effects(held, pairs, shift / np.maximum(within, 1))

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

    def _effects(self, trial: Trial, bands: Floats) -> tuple[Ints, Ints, Floats, Ints]:
        cells, rulers = len(self.stage.cells), self.stage.rulers
        held, pairs = np.zeros((2, cells, len(rulers)), np.int64)
        shift, within = np.zeros((cells, len(rulers))), np.zeros(len(rulers), np.int64)
        for n, ruler in enumerate(rulers):
            base = trial.base[n, : ruler.periods]
            change = trial.counts[:, ADDED, n, : ruler.periods] - trial.counts[:, TAKEN, n, : ruler.periods]
            values = ruler.values(base + change)
            held[:, n] = ruler.holds(values).sum(axis=1)
            pairs[:, n] = (~np.isnan(values)).sum(axis=1)
            before = ruler.values(base)
            inside = (before >= bands[n, 0]) & (before <= bands[n, 1])
            better = np.nan_to_num(values[:, inside] - before[inside])
            shift[:, n] = better.sum(axis=1) * (1 if ruler.at_least else -1)
            within[n] = inside.sum()
        return held, pairs, shift, within


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
        self.heap = np.zeros(len(start.heap), EVENT)
        self.contact_log = np.zeros(_LOG, CONTACT_ROW)
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
            self.heap,
            self.contact_log,
            self.agent_log,
        )

    def begin(self, stage: Stage, seed: int, replication: int) -> State:
        """The state at the start of a replication, as `sim.compile.begin` makes it."""
        state = self._state(stage)
        self.contacts[:] = np.zeros(1, CONTACT)
        link_pool(state, self.queues)
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
            self.agent_log = np.zeros(2 * len(self.agent_log), AGENT_ROW)
        else:
            self.contacts = np.zeros(2 * len(self.contacts) - self.queues, CONTACT)
