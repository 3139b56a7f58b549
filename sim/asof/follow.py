"""Replications of a plan as it was made, and as of a day: what measures come to, what each has counted."""

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from scenarios.uncertain_numbers import with_factors
from sim import drive
from sim.asof.counters import Midnights
from sim.asof.course import GoingOn, Past
from sim.asof.passed import (
    Passed,
    Tallies,
    copied,
    count_over,
    first_contacts,
    joined,
    joined_times,
    sums_of,
    tallies,
    without_untold,
)
from sim.asof.seen import Ints
from sim.case_measure import Key, count_cases
from sim.checkpoints import Figures, Times, Window, figures, rulers_of
from sim.compile import Model, begin, compile_numbers, run_key
from sim.contacts import SIDE
from sim.experiment import CHUNK, StoppedError, Tool, replicate
from sim.explain.watch import Chances
from sim.fast import advance
from sim.log import HANDLED, LEG, SILENT
from sim.measure import Sums
from sim.progress import Tell
from sim.roadmap.follow import NO_WATCHES, Followed
from sim.side_by_side import in_order
from sim.tally import tally_agents, tally_contacts
from sim.uncertain import drawn, factors


class Asked(NamedTuple):
    """What is asked of a plan: measures over windows, on which chances."""

    keys: tuple[Key, ...]
    windows: tuple[Window, ...]
    chances: Chances


class Planned(NamedTuple):
    """A plan as it was made, and what its replications have counted on the days passed."""

    followed: Followed
    with_days: Followed  # the same, the days passed being what happened
    contacts: Ints  # [replication, stream]: new contacts on the days passed
    work: Ints  # [replication, 2]: ticks of work by the engine's count, and as an export would tell them


def follow_plan(days: Passed, asked: Asked, tell: Tell) -> Planned:
    """Replicate a plan from its start, and put the days passed in the place of those simulated."""
    plan, rulers = days.plan, rulers_of(days.plan, asked.keys)
    tool = Tool(plan, asked.chances.seed, "fast", None, None, NO_WATCHES)
    start = tallies(days, rulers, days.found.cases)
    known, known_times = sums_of(plan, copied(start, rulers)), start.times

    def work(replication: int, stop: threading.Event) -> tuple[Figures, Figures, Ints, int, object]:
        times, contacts = Times(plan, rulers), np.zeros(len(plan.model.names.streams), np.int64)
        told = 0

        def beside(rows: np.ndarray, agents: np.ndarray, cases: np.ndarray) -> None:
            nonlocal told
            times.take(rows, agents, cases)
            contacts[:] += first_contacts(plan, rows, days.tick)
            told += _as_told(rows, days.tick)

        found = replicate(tool, replication, stop, beside)
        own = figures(plan, rulers, asked.windows, found.sums, times)
        both = joined_times(known_times, times, rulers, days.bins)
        swapped = figures(plan, rulers, asked.windows, joined(known, found.sums, days.bins), both)
        return own, without_untold(days, asked.keys, asked.windows, swapped), contacts, told, found.extra

    found = in_order(work, range(asked.chances.replications), asked.chances.workers, tell)
    extra = [each[4] for each in found]
    own = _followed(days, asked, [each[0] for each in found], extra)
    swapped = _followed(days, asked, [each[1] for each in found], extra)
    return Planned(own, swapped, np.array([each[2] for each in found]), _work(days, found, extra))


def _as_told(rows: np.ndarray, tick: int) -> int:
    """The work that an export would tell of: from the answer to the end, of legs that are over by a tick."""
    legs = (rows["row"] == LEG) & (rows["role"] < SIDE) & (rows["ended"] < tick)
    legs &= (rows["outcome"] == HANDLED) | (rows["outcome"] == SILENT)
    return int((rows["ended"] - rows["started"])[legs].sum())


def _work(days: Passed, found: Sequence[tuple[object, ...]], extra: Sequence[object]) -> Ints:
    from sim.loop.controller import Learned
    from sim.loop.observed import AGENT_TICKS

    return np.array(
        [
            (learned.seen[: days.day, :, AGENT_TICKS].sum() if isinstance(learned, Learned) else 0, each[3])
            for each, learned in zip(found, extra, strict=True)
        ],
        np.int64,
    )


def _followed(days: Passed, asked: Asked, each: Sequence[Figures], extra: Sequence[object]) -> Followed:
    above, below = (np.array([getattr(one, part) for one in each]) for part in Figures._fields)
    return Followed(days.plan.model.scenario, asked.keys, asked.windows, Figures(above, below), tuple(extra))


def follow_on(
    days: Passed,
    asked: Asked,
    seen: Callable[[int], Midnights],
    also: Callable[[int], Mapping[str, float]],
    tell: Tell,
) -> Followed:
    """Replicate what comes after the days passed, from what stands then.

    `seen` says what the team of a replication has seen on them, `also` what its uncertain numbers are
    multiplied with beside their draws.
    """
    plan, rulers = days.plan, rulers_of(days.plan, asked.keys)
    start = tallies(days, rulers, days.standing.settled)

    def work(replication: int, stop: threading.Event) -> tuple[Figures, object]:
        model = _model_of(plan.model, asked.chances.seed, replication, also(replication))
        past = Past(days.day, seen(replication), days.standing)
        one, times, extra = _go_on(days, model, replication, asked, (copied(start, rulers), past, stop))
        found = figures(plan, rulers, asked.windows, one, times)
        return without_untold(days, asked.keys, asked.windows, found), extra

    found = in_order(work, range(asked.chances.replications), asked.chances.workers, tell)
    return _followed(days, asked, [each for each, _ in found], [extra for _, extra in found])


def _model_of(model: Model, seed: int, replication: int, also: Mapping[str, float]) -> Model:
    """The model of a replication; the draws of its uncertain numbers multiplied by what was learned."""
    if not also:
        return drawn(model, seed, replication)
    scenario = model.scenario
    by = factors(scenario, run_key(seed, replication))
    return compile_numbers(
        model, with_factors(scenario, {path: f * also.get(path, 1.0) for path, f in by.items()})
    )


def _go_on(
    days: Passed,
    model: Model,
    replication: int,
    asked: Asked,
    means: tuple[Tallies, Past, threading.Event],
) -> tuple[Sums, Times, object]:
    """One replication from the day on, counted with the days passed."""
    counted, past, stop = means
    plan = days.plan

    def sink(contacts: np.ndarray, agents: np.ndarray, cases: np.ndarray) -> None:
        if stop.is_set():
            raise StoppedError
        tally_contacts(plan.frame, counted.contacts, contacts)
        tally_agents(plan.frame, counted.contacts, _since(agents, days.tick))
        if plan.cases and counted.cases:
            count_cases(plan.cases, counted.cases, contacts, cases)
        counted.times.take(contacts, agents, cases)

    state = begin(model, asked.chances.seed, replication)
    state.clock[0]["begins"] = days.tick
    state = drive.with_room(state, past.standing.rows)
    course = GoingOn(model, state, past)
    drive.run(model, state, sink, CHUNK, advance, course)
    if plan.cases and counted.cases and course.stay is not None:
        count_over(plan.cases, counted.cases, course.stay)
        counted.times.take(state.contact_log[:0], state.agent_log[:0], course.stay)
    return sums_of(plan, counted), counted.times, course.learned()


def _since(agents: np.ndarray, tick: int) -> np.ndarray:
    """What people did from a tick on: before, they stood there without a contact."""
    found = agents[agents["end"] > tick]
    found["start"] = np.maximum(found["start"], tick)
    return found
