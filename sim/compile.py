"""Compile a scenario into tables and into the state that a replication starts from.

Rows are in the order of names, not of the file: reordering a file changes nothing.
"""

from datetime import timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from scenarios.model import Group, Queue, Scenario, Stream, WeekSteps
from scenarios.related import has_cases, is_learning
from scenarios.week import steps_on
from sim import order
from sim.almanac import Almanac, stretches
from sim.case_layout import CASE
from sim.cases import link_cases
from sim.clock import NEVER
from sim.compile_cases import LIVE, compile_life, stream_life
from sim.compile_incidents import compile_incidents, set_laws
from sim.compile_people import hired_at, set_people
from sim.compile_staff import plan_staff
from sim.compile_waiting import add_switch, set_waiting
from sim.contacts import link_pool
from sim.dial_layout import TOPIC, neutral_course, neutral_dials
from sim.draft import SECOND, UNLIMITED, Draft, Names
from sim.draws import child_key, name_key
from sim.hires import hires
from sim.jit import U64
from sim.layout import (
    AGENT,
    AGENT_ROW,
    CLOCK,
    CONTACT,
    CONTACT_ROW,
    DIST,
    EVENT,
    GROUP,
    LINK,
    NOBODY,
    PLAN,
    QUEUE,
    STREAM,
    State,
    Tables,
)
from sim.log import OFF
from sim.rates import rates
from sim.rules import CLEAR, HOLD, SERVE
from sim.work import PER_MILLE

if TYPE_CHECKING:
    from sim.loop.agreed import Agreed

_CLOSING: Final = {"serve": SERVE, "clear": CLEAR, "hold": HOLD}
# Rows to start with (they stay in the cache); what is full grows. Of the pool each replication has a copy.
LOG_AT_FIRST: Final = 4096
POOL_AT_FIRST: Final = 1024
WITHOUT_CASES: Final = 16  # the fewest that never grow
_LOGS: Final = ("contact_log", "case_log", "agent_log")


class Model(NamedTuple):
    """A compiled scenario: what every replication shares."""

    scenario: Scenario
    names: Names
    almanac: Almanac
    tables: Tables
    start: State  # the state before the first event; copied for each replication
    grain: int
    agreed: "Agreed | None" = None  # how the team learns, where the scenario says so


def compile_scenario(scenario: Scenario, grain: int = 1) -> Model:
    """Tables and starting state of a scenario; `grain` (ticks) makes the clock coarser, for tests."""
    draft = Draft(scenario, grain)
    streams = np.array([_stream_row(draft, n) for n in draft.names.streams], STREAM)
    queues = _queues(draft)
    groups, agents = _groups(draft)
    life = compile_life(draft)
    incidents, marks = compile_incidents(draft)
    _preload_first(draft)
    cased = has_cases(scenario)
    tables = Tables(
        streams,
        np.array(draft.links or [(0, 0)], LINK),
        np.array(draft.dists, DIST),
        draft.curves.array(),
        _plan(draft),
        life.surges,
        *life[:-1],
    )
    start = State(
        np.zeros(1, CLOCK),
        queues,
        groups,
        agents,
        np.zeros(len(queues) + POOL_AT_FIRST, CONTACT),
        np.zeros(POOL_AT_FIRST if cased else WITHOUT_CASES, CASE),
        incidents,
        marks,
        neutral_dials(dial_rows(draft)),
        neutral_course(),
        np.zeros(len(draft.names.causes) + 1, TOPIC),
        np.zeros(2 * POOL_AT_FIRST + 4 * len(agents), EVENT),
        np.zeros(LOG_AT_FIRST, CONTACT_ROW),
        np.zeros(LOG_AT_FIRST if cased else WITHOUT_CASES, CASE),
        np.zeros(LOG_AT_FIRST + 4 * len(agents), AGENT_ROW),
    )
    _set_clock(draft, start)
    start.clock[0]["works"] = (2 + len(incidents)) * (len(tables.sides) + 2)
    start.clock[0]["followed"] = -1
    link_pool(start, len(queues))
    link_cases(start)
    return _with_loop(Model(scenario, draft.names, draft.almanac, tables, start, grain))


def _with_loop(model: Model) -> Model:
    """The model with what is agreed on learning; the loop is imported only where there is one."""
    if not is_learning(model.scenario):
        return model
    from sim.loop.agreed import agree

    return model._replace(agreed=agree(model))


def compile_numbers(like: Model, scenario: Scenario) -> Model:
    """The model of a scenario that differs from another's in numbers of its streams and queues alone.

    These are rates, distributions, and shares of balking and retrying: what `scenarios.uncertain_numbers`
    may change. All else is the other model's: people, hours and the calendar take the longest to compile.
    """
    draft = Draft(scenario, like.grain, like.almanac, like.names, like.tables.curves)
    streams = np.array([_stream_row(draft, n) for n in draft.names.streams], STREAM)
    queues = like.start.queues.copy()
    for row, name in zip(queues, draft.names.queues, strict=True):
        _set_retry(draft, row, scenario.queues[name])
        set_waiting(draft, row, scenario.queues[name])
    groups = like.start.groups.copy()
    for row, name in zip(groups, draft.names.groups, strict=True):
        set_people(draft, row, scenario.groups[name])
    routes = int(like.tables.life[0]["routes"])
    kept = like.tables.links[: routes if routes >= 0 else None]
    draft.links = [(int(link["to"]), int(link["tier"])) for link in kept]
    life = compile_life(draft)
    incidents = like.start.incidents.copy()
    for row, name in zip(incidents, sorted(scenario.incidents), strict=True):
        set_laws(draft, row, name)
    _preload_first(draft)
    tables = like.tables._replace(
        streams=streams,
        links=np.array(draft.links, LINK),
        dists=np.array(draft.dists, DIST),
        curves=draft.curves.array(),
        **life._asdict(),
    )
    start = like.start._replace(queues=queues, groups=groups, incidents=incidents)
    return like._replace(scenario=scenario, tables=tables, start=start)


def dial_rows(draft: Draft) -> int:
    """How many dials there are: of all contacts, then of streams, causes, side works and groups."""
    names = draft.names
    return 1 + len(names.streams) + len(names.causes) + len(draft.scenario.side_work) + len(names.groups)


def _stream_row(draft: Draft, name: str) -> tuple[object, ...]:
    stream: Stream = draft.scenario.streams[name]
    patience = stream.patience or draft.scenario.queues[stream.queue].patience
    busyness, found = stream.arrivals.busyness, rates(draft.almanac, stream.arrivals)
    return (
        name_key("stream", name),
        draft.queue_of[stream.queue],
        draft.add_dist(stream.handle_time),
        stream.wrap_up,
        draft.add_dist(patience),
        patience.balk if patience else 0.0,
        draft.curves.add(found.expected),
        found.slices,
        draft.curves.add(found.shares),
        _busyness_table(draft, busyness.day.cv),
        busyness.day.correlation,
        _busyness_table(draft, busyness.interval.cv),
        busyness.interval.correlation,
        _busyness_table(draft, stream.handle_time_by_day.cv),
        stream.handle_time_by_day.correlation,
        draft.curves.add(np.array(stream.handle_time_by_weekday)),
        stream.backlog,
        *stream_life(draft, stream),
    )


def _busyness_table(draft: Draft, cv: float) -> int:
    return draft.curves.add_gamma(cv**-2) if cv > 0 else NOBODY


def _queues(draft: Draft) -> np.ndarray:
    rows = np.zeros(len(draft.names.queues), QUEUE)
    for q, name in enumerate(draft.names.queues):
        queue = draft.scenario.queues[name]
        row = rows[q]
        row["key"] = name_key("queue", name)
        row["priority"] = queue.priority
        row["capacity"] = UNLIMITED if queue.capacity is None else queue.capacity
        row["shared"] = queue.channel == "chat"
        row["live"] = queue.channel in LIVE
        row["interruptible"] = queue.interruptible
        row["at_closing"] = _CLOSING[queue.at_closing]
        row["overflow_to"] = draft.queue_of[queue.overflow.to] if queue.overflow else NOBODY
        row["overflow_after"] = draft.ticks(queue.overflow.after_s) if queue.overflow else NEVER
        _set_retry(draft, row, queue)
        set_waiting(draft, row, queue)
        row["first"] = len(draft.links)
        draft.links.extend(_groups_for(draft, name, queue))
        row["last"] = len(draft.links)
        _plan_hours(draft, q, row, queue)
    return rows


def _set_retry(draft: Draft, row: np.void, queue: Queue) -> None:
    retry = queue.retry
    row["retry_delay"] = draft.add_dist(retry.after) if retry else NOBODY
    if retry:
        row["retry_share"] = retry.share
        row["retry_abandoned"] = "abandoned" in retry.of
        row["retry_blocked"] = "blocked" in retry.of
        row["retry_attempts"] = UNLIMITED if retry.attempts is None else retry.attempts
    row["switch"] = add_switch(draft, retry)


def _groups_for(draft: Draft, name: str, queue: Queue) -> list[tuple[int, int]]:
    """(group, tier) in the order in which a contact of this queue tries them."""
    if queue.prefers is not None:
        return [(draft.group_of[g], tier) for tier, tied in enumerate(queue.prefers) for g in sorted(tied)]
    found = []
    for g, group_name in enumerate(draft.names.groups):
        for rank, tied in enumerate(draft.scenario.groups[group_name].skills):
            if name in tied:
                found.append((g, rank))
    return sorted(found, key=lambda link: (link[1], link[0]))


def _plan_hours(draft: Draft, q: int, row: np.void, queue: Queue) -> None:
    """Openings and closings, where there is nothing in between; `open` at the start."""
    if queue.hours is None:
        row["open"] = 1
        return
    spans = list(stretches(draft.almanac, queue.hours))
    opened = {s.start_s for s in spans}
    closed = {s.end_s for s in spans}
    row["open"] = 0 in opened
    for second in sorted(opened - closed - {0}):
        draft.event(second, order.OPEN, q, row["key"], 0)
    if _opens_at_once(draft, queue.hours):
        closed.discard(draft.almanac.end)
    for second in sorted(closed - opened):
        draft.event(second, order.CLOSE, q, row["key"], 0)


def _opens_at_once(draft: Draft, hours: WeekSteps) -> bool:
    """Whether the day after the horizon begins with the queue open: then its end closes nothing."""
    kind = draft.scenario.calendar.kind_of(draft.almanac.dates[-1] + timedelta(days=1))
    return any(step.start_s == 0 and step.value for step in steps_on(hours, kind))


def _groups(draft: Draft) -> tuple[np.ndarray, np.ndarray]:
    rows = np.zeros(len(draft.names.groups), GROUP)
    members: list[np.ndarray] = []
    first, shelves = 0, 0
    for g, name in enumerate(draft.names.groups):
        group = draft.scenario.groups[name]
        row = rows[g]
        row["key"] = name_key("group", name)
        chats = group.concurrency
        row["slots"] = chats.chats if chats else 1
        row["most_loaded"] = chats is not None and chats.route == "most_loaded"
        set_people(draft, row, group)
        row["speed"] = round(group.speed * PER_MILLE)
        slow = [PER_MILLE, *(round(s * PER_MILLE) for s in (chats.slowdown if chats else (1.0,)))]
        row["slow"] = draft.curves.add(np.array(slow, float))
        row["first"] = len(draft.links)
        draft.links.extend(_queues_for(draft, group))
        row["last"] = len(draft.links)
        row["from_agent"] = first
        hired = () if group.shifts is not None else hires(draft.scenario).get(name, ())
        first += plan_staff(draft, g, row, group, (first, hired))
        row["to_agent"] = first
        members.append(_members(row, g))
        members[-1]["hired"] = hired_at(draft, group, len(members[-1]), hired)
        row["shelf"] = shelves
        shelves += int(row["slots"]) + 1
    rows["shelf"] += first
    return rows, np.concatenate([*members, _sentinels(first, shelves)])


def _members(group: np.void, g: int) -> np.ndarray:
    agents = np.zeros(int(group["to_agent"] - group["from_agent"]), AGENT)
    agents["key"] = [child_key(U64(group["key"]), n) for n in range(len(agents))]
    agents["group"] = g
    agents["state"] = OFF
    for field in ("hand", "shelf", "next", "prev", "finishing"):
        agents[field] = NOBODY
    return agents


def _sentinels(first: int, count: int) -> np.ndarray:
    heads = np.zeros(count, AGENT)
    heads["next"] = heads["prev"] = first + np.arange(count)
    return heads


def _queues_for(draft: Draft, group: Group) -> list[tuple[int, int]]:
    """(queue, tier) in the order in which an agent of this group looks for the next contact."""
    ranked = [(draft.queue_of[q], rank) for rank, tied in enumerate(group.skills) for q in tied]
    if group.takes != "priority_then_skill":
        return sorted((q, 0) for q, _ in ranked)
    priority = {q: -draft.scenario.queues[draft.names.queues[q]].priority for q, _ in ranked}
    order_of = sorted({(priority[q], rank) for q, rank in ranked})
    tiers = {place: tier for tier, place in enumerate(order_of)}
    return sorted(((q, tiers[priority[q], rank]) for q, rank in ranked), key=lambda link: (link[1], link[0]))


def _plan(draft: Draft) -> np.ndarray:
    """The calendar: staffing and hours, and an entry for each interval with its local day."""
    known = np.array(draft.plan, PLAN)
    intervals = np.zeros(draft.almanac.intervals, PLAN)
    starts = np.arange(draft.almanac.intervals) * draft.almanac.interval_s
    days = np.array([day.toordinal() for day in draft.almanac.dates])
    intervals["tick"] = starts * SECOND
    intervals["order"] = order.rank(order.INTERVAL, U64(0))
    intervals["value"] = days[np.searchsorted(draft.almanac.midnights, starts, side="right") - 1]
    plan = np.concatenate([known, intervals])
    plan.sort(order=["tick", "order", "ref", "value"])
    return plan


def _preload_first(draft: Draft) -> None:
    """Every table has a row, so that compiled code sees the same types in every scenario."""
    if not draft.dists:
        draft.dists.append((0, 0, 0.0, 0.0, 0, draft.grain))


def _set_clock(draft: Draft, state: State) -> None:
    clock = state.clock[0]
    clock["end"] = draft.almanac.end * SECOND
    clock["interval"] = draft.almanac.interval_s * SECOND
    clock["grain"] = draft.grain
    clock["origin"] = draft.almanac.origin
    clock["fresh"] = NOBODY
    clock["spawned"] = NOBODY
    clock["agents"] = len(state.agents) - int((state.groups["slots"] + 1).sum())


def run_key(seed: int, replication: int) -> np.uint64:
    """The key of all draws of a replication."""
    return U64(child_key(name_key("seed", str(seed)), replication))


def begin(model: Model, seed: int, replication: int) -> State:
    """The state at the start of a replication; logs are empty, and zeros cost less than a copy."""
    fields = model.start._asdict().items()
    empty = {name: np.zeros(each.shape, each.dtype) for name, each in fields if name in _LOGS}
    state = State(**empty, **{name: each.copy() for name, each in fields if name not in _LOGS})
    state.clock[0]["run"] = run_key(seed, replication)
    return state
