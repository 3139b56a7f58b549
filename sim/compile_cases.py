"""Compile the life of cases: severities, causes, tiers, paths, routing and side work into tables."""

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Final, NamedTuple

import numpy as np

from scenarios.case_paths import Handover, Path, PathStep
from scenarios.causes import Cause
from scenarios.limits import Limit
from scenarios.model import Queue, Scenario, Stream, WeekSteps
from scenarios.related import has_cases
from scenarios.routing import Attributes, first_match
from scenarios.side_work import SideWork
from scenarios.tagging import Tagging
from sim.case_layout import CAUSE, EXIT, LIFE, MILLION, SEVERITY, SIDE, STEP, SURGE
from sim.clock import NEVER
from sim.compile_incidents import surges
from sim.draft import Draft
from sim.draws import name_key
from sim.layout import NOBODY, SPAN
from sim.outcomes import outcome_row
from sim.service_clock import DAYS, SAME_DAY, TIME
from sim.service_hours import service_hours
from sim.side_work import INCIDENT, OPENED, SOLVED

_KINDS: Final = {"time": TIME, "days": DAYS, "same_day": SAME_DAY}
_ON: Final = {"opened": OPENED, "solved": SOLVED, "incident": INCIDENT}
_ALL: Final = -1  # bits of every name
LIVE: Final = ("phone", "chat")
_FLAGS_ONLY: Final = np.inf
_KEY_SHIFT: Final = 11


class Life(NamedTuple):
    """The tables that `sim.layout.Tables` has of the life of cases."""

    life: np.ndarray
    causes: np.ndarray
    severities: np.ndarray
    steps: np.ndarray
    exits: np.ndarray
    sides: np.ndarray
    spans: np.ndarray
    surges: np.ndarray


class _Steps:
    """Which row a step has; rows are as `Names.steps` says."""

    def __init__(self, draft: Draft) -> None:
        scenario = draft.scenario
        self.triage, self.misrouted, self.twice = (1, 2, 3)
        at = 4
        self.updates = {name: at + i for i, name in enumerate(draft.names.severities)}
        at += len(self.updates)
        self.paths: dict[tuple[str, str], int] = {}
        for path in sorted(scenario.paths):
            for step in scenario.paths[path].steps:
                self.paths[path, step] = at
                at += 1
        self.sides = {name: at + i for i, name in enumerate(sorted(scenario.side_work))}


def compile_life(draft: Draft) -> Life:
    """The tables of the life of cases; but for one plain step, all are empty where there are no cases."""
    clocks = _Clocks(draft)
    life = np.zeros(1, LIFE)
    life["triage"] = life["routes"] = NOBODY
    steps, exits = _plain_steps(len(draft.names.steps)), list[tuple[float, int]]()
    if not has_cases(draft.scenario):
        none = [np.zeros(0, row) for row in (CAUSE, SEVERITY, EXIT, SIDE, SURGE)]
        return Life(life, none[0], none[1], steps, none[2], none[3], clocks.spans, none[4])
    places = _Steps(draft)
    severities = _severities(draft, clocks, places, steps)
    for path in sorted(draft.scenario.paths):
        _add_path(draft, places, path, steps, exits)
    sides = _sides(draft, clocks, places, steps)
    _set_life(draft, places, life[0], steps)
    doors = [clocks.of(_doors(draft.scenario.queues[name])) for name in draft.names.queues]
    life["doors"] = draft.curves.add(np.array(doors, float).ravel())
    _set_tiers(draft, life[0])
    causes = _causes(draft, places)
    life["emerging"] = np.any(causes["since"] > 0)
    leaves = np.array(exits, EXIT)
    return Life(life, causes, severities, steps, leaves, sides, clocks.spans, surges(draft))


def stream_life(draft: Draft, stream: Stream) -> tuple[object, ...]:
    """The fields of STREAM that are about cases."""
    scenario, names = draft.scenario, draft.names
    live = scenario.queues[stream.queue].channel in LIVE
    cased = has_cases(scenario)
    gate = stream.self_service
    bounces = gate.bounces if gate else None
    return (
        live,
        cased,
        _mix(draft, stream.causes, names.causes),
        _mix(draft, stream.severities, names.severities),
        _mix(draft, stream.tiers, names.tiers),
        _shares(draft, stream.flags, names.flags),
        _path_start(_Steps(draft), scenario, stream.path) if cased else 0,
        draft.curves.add(_deflected(draft, stream)) if gate else NOBODY,
        gate.ease if gate else 1.0,
        bounces.share if bounces else 0.0,
        draft.add_dist(bounces.after if bounces else None),
        bounces.handle_time_factor if bounces else 1.0,
    )


def _doors(queue: Queue) -> WeekSteps | None:
    """When a queue is open to customers who come again about a case; None: always."""
    return queue.hours if queue.at_closing != "hold" else None


def _deflected(draft: Draft, stream: Stream) -> np.ndarray:
    """The share that self-service keeps away, by interval."""
    days = [day.toordinal() for day in draft.almanac.dates]
    starts = np.arange(draft.almanac.intervals) * draft.almanac.interval_s
    day_of = np.searchsorted(draft.almanac.midnights, starts, side="right") - 1
    by_day = np.zeros(len(days))
    for each in stream.self_service.deflects if stream.self_service else ():
        since = each.since.toordinal() if each.since else days[0]
        by_day[[day >= since for day in days]] = each.share
    return by_day[day_of]


def _mix(draft: Draft, mix: Mapping[str, float], names: Sequence[str]) -> int:
    """Where the cumulative shares of a mix start in `curves`, or -1 without one."""
    if not mix:
        return NOBODY
    shares = np.cumsum([mix.get(name, 0.0) for name in names])
    return draft.curves.add(shares / shares[-1])


def _shares(draft: Draft, shares: Mapping[str, float], names: Sequence[str]) -> int:
    """Where the shares of all names start in `curves`, and after them as many keys, or -1 without any.

    Keys are hashes of the names of 53 bits, which floats hold exactly.
    """
    if not shares:
        return NOBODY
    keys = [float(int(name_key("flag", name)) >> _KEY_SHIFT) for name in names]
    return draft.curves.add(np.array([shares.get(name, 0.0) for name in names] + keys))


def _bits(names: Sequence[str], chosen: Sequence[str]) -> int:
    """The chosen names as bits; none chosen are all."""
    return sum(1 << names.index(name) for name in chosen) if chosen else _ALL


class _Clocks:
    """The clocks of promises: hours that are named more than once make one."""

    def __init__(self, draft: Draft) -> None:
        scenario = draft.scenario
        found = [each.clock for each in scenario.severities.values()]
        found += [each.clock for each in scenario.side_work.values()]
        found += [_doors(queue) for queue in scenario.queues.values()]
        self.hours = list(dict.fromkeys(each for each in found if each is not None))
        made = service_hours(scenario.calendar, self.hours) if self.hours else None
        self.spans = made.spans if made else np.zeros(0, SPAN)
        self.made = made

    def of(self, hours: WeekSteps | None) -> tuple[int, int]:
        """First and last of the spans of these hours; (-1, -1) for round the clock."""
        if hours is None or self.made is None:
            return NOBODY, NOBODY
        return self.made.clock(self.hours.index(hours))


def _limit(draft: Draft, limit: Limit | None) -> tuple[int, int]:
    """Kind and amount of a limit; kind -1 for none."""
    if limit is None:
        return NOBODY, 0
    return _KINDS[limit.kind], limit.days if limit.kind == "days" else draft.ticks(limit.amount_s)


def _plain_steps(count: int) -> np.ndarray:
    steps = np.zeros(count, STEP)
    for field in ("queue", "handle", "after", "stays", "clock", "clock_end", "due_kind"):
        steps[field] = NOBODY
    steps["wrap_up"][:1] = -1  # of a contact by itself, as its stream says; work of the team has none
    steps["patient"] = 1
    steps["patient"][:1] = 0
    return steps


def _severities(draft: Draft, clocks: _Clocks, places: _Steps, steps: np.ndarray) -> np.ndarray:
    rows = np.zeros(len(draft.names.severities), SEVERITY)
    for row, name in zip(rows, draft.names.severities, strict=True):
        promise = draft.scenario.severities[name]
        row["clock"], row["clock_end"] = clocks.of(promise.clock)
        row["reply_kind"], row["reply"] = _limit(draft, promise.first_response)
        row["resolution_kind"], row["resolution"] = _limit(draft, promise.resolution)
        row["update"] = NOBODY
        if promise.update:
            row["update"] = places.updates[name]
            row["every"] = draft.ticks(promise.update.every_s)
            step = steps[places.updates[name]]
            step["queue"] = draft.queue_of[promise.update.queue]
            step["handle"] = draft.add_dist(promise.update.handle_time)
    return rows


def _causes(draft: Draft, places: _Steps) -> np.ndarray:
    rows = np.zeros(len(draft.names.causes), CAUSE)
    for row, name in zip(rows, draft.names.causes, strict=True):
        cause = draft.scenario.causes[name]
        row["longer"] = cause.handle_time_factor
        row["severities"] = _mix(draft, cause.severities, draft.names.severities)
        row["path"] = _path_start(places, draft.scenario, cause.path) if cause.path else NOBODY
        row["since"] = draft.ticks(_first_second(draft, cause))
        row["avoidable"] = round(float(cause.avoidable) * MILLION)
    return rows


def _first_second(draft: Draft, cause: Cause) -> int:
    """When the first contacts of a cause may come, seconds since the horizon's start; its end is never."""
    if cause.since is None:
        return 0
    day = min(max((cause.since - draft.almanac.dates[0]).days, 0), len(draft.almanac.dates))
    return draft.almanac.midnights[day]


def _path_start(places: _Steps, scenario: Scenario, path: str | None) -> int:
    """The first step of a path, or the plain step 0."""
    return places.paths[path, scenario.paths[path].first] if path else 0


def _set_tiers(draft: Draft, life: np.void) -> None:
    tiers = [draft.scenario.tiers[name] for name in draft.names.tiers]
    accounts = np.array([tier.accounts for tier in tiers], float)
    life["accounts"] = draft.curves.add(accounts)
    life["accounts_before"] = draft.curves.add(np.cumsum(accounts) - accounts)
    life["arr"] = draft.curves.add(np.array([tier.arr for tier in tiers], float))


def _add_path(
    draft: Draft, places: _Steps, name: str, steps: np.ndarray, exits: list[tuple[float, int]]
) -> None:
    path: Path = draft.scenario.paths[name]
    for step_name, step in path.steps.items():
        row = steps[places.paths[name, step_name]]
        _set_step(draft, row, step, step_name == path.first)
        row["first"] = len(exits)
        names = sorted(step.then)  # the order in which a file lists them changes nothing
        shares = np.cumsum([step.then[to] for to in names])
        for share, to in zip(shares / shares[-1], names, strict=True):
            exits.append((float(share), places.paths.get((name, to), NOBODY)))
        row["last"] = len(exits)


def _set_step(draft: Draft, row: np.void, step: PathStep, is_first: bool) -> None:
    row["queue"] = NOBODY if step.queue is None else draft.queue_of[step.queue]
    row["handle"] = draft.add_dist(step.handle_time)
    row["wrap_up"] = -1 if step.wrap_up is None else step.wrap_up
    row["after"] = draft.add_dist(step.after)
    row["stays"] = _stays(draft, step.handover)
    row["conference"] = draft.ticks(step.conference_s)
    row["patient"] = (not is_first) if step.patient is None else step.patient
    if step.due_s is not None:
        row["due_kind"], row["due"] = TIME, draft.ticks(step.due_s)


def _stays(draft: Draft, handover: Handover) -> int:
    """How long at most whoever hands a case over stays with it, in ticks; -1: not at all."""
    if not handover.warm:
        return NOBODY
    return NEVER if handover.most_s is None else draft.ticks(handover.most_s)


def _sides(draft: Draft, clocks: _Clocks, places: _Steps, steps: np.ndarray) -> np.ndarray:
    found = sorted(draft.scenario.side_work)
    rows = np.zeros(len(found), SIDE)
    for row, name in zip(rows, found, strict=True):
        side: SideWork = draft.scenario.side_work[name]
        names = draft.names
        when = side.when
        row["key"] = name_key("side work", name)
        row["step"] = places.sides[name]
        row["on"] = _ON[side.on]
        row["once"] = side.once == "incident" or (when is not None and when.arr is not None)
        row["share"] = side.share
        row["always"] = when is None
        row["arr"] = _FLAGS_ONLY if when is None or when.arr is None else when.arr
        row["flags"] = _bits(names.flags, when.flags) if when and when.flags else 0
        row["severities"] = _bits(names.severities, side.severities)
        row["causes"] = _bits(names.causes, side.causes)
        row["tiers"] = _bits(names.tiers, side.tiers)
        step = steps[places.sides[name]]
        step["queue"] = draft.queue_of[side.queue]
        step["handle"] = draft.add_dist(side.handle_time)
        step["after"] = draft.add_dist(side.after)
        step["clock"], step["clock_end"] = clocks.of(side.clock)
        step["due_kind"], step["due"] = _limit(draft, side.due or side.answered)
        step["answered"] = side.answered is not None
        step["urgent"] = when is not None
    return rows


def _set_life(draft: Draft, places: _Steps, life: np.void, steps: np.ndarray) -> None:
    names, closing = draft.names, draft.scenario.closing
    for part in ("severities", "causes", "tiers", "flags"):
        life[part] = len(getattr(names, part))
    _set_tagging(draft, places, life, steps)
    if draft.scenario.outcomes:
        life["surveyed"] = 1
        given = outcome_row(draft.scenario.outcomes)[0]
        for field in given.dtype.names:
            life[field] = given[field]
    life["routes"] = _routes(draft) if draft.scenario.routing else NOBODY
    if closing is None:
        return
    life["closes_after"] = draft.ticks(closing.closes_after_s)
    if closing.confirms:
        life["confirms"] = closing.confirms.share
        life["confirms_after"] = draft.add_dist(closing.confirms.after)
    if closing.reopens:
        life["reopens"] = closing.reopens.share
        life["reopens_after"] = draft.add_dist(closing.reopens.after)
    if closing.repeats:
        life["repeats"] = closing.repeats.share
        life["repeats_after"] = draft.add_dist(closing.repeats.after)
        life["repeats_by"] = _mix(draft, closing.repeats.streams, names.streams)


def _set_tagging(draft: Draft, places: _Steps, life: np.void, steps: np.ndarray) -> None:
    tagging = draft.scenario.tagging or Tagging()
    life["accuracy"] = tagging.accuracy
    life["untagged"] = tagging.untagged
    life["collisions"] = tagging.collisions
    life["misrouted"], life["duplicate"] = places.misrouted, places.twice
    steps[places.misrouted]["handle"] = draft.add_dist(tagging.misrouted)
    steps[[places.triage, places.misrouted]]["patient"] = 0
    if tagging.triage:
        life["triage"] = places.triage
        steps[places.triage]["queue"] = draft.queue_of[tagging.triage.queue]
        steps[places.triage]["handle"] = draft.add_dist(tagging.triage.handle_time)


def _routes(draft: Draft) -> int:
    """Where the routes start in `links`: a queue for every stream, severity, cause, tier and set of flags."""
    scenario, names = draft.scenario, draft.names
    first, count = len(draft.links), len(names.flags)
    sets = [
        frozenset(flag for f, flag in enumerate(names.flags) if bits >> f & 1) for bits in range(1 << count)
    ]
    severities, causes, tiers = ((None, *part) for part in (names.severities, names.causes, names.tiers))
    for name, severity, cause, tier, flags in product(names.streams, severities, causes, tiers, sets):
        queue = scenario.streams[name].queue
        vip = tier is not None and scenario.tiers[tier].vip
        about = Attributes(name, scenario.queues[queue].channel, severity, cause, tier, flags, vip)
        rule = first_match(scenario.routing, about)
        draft.links.append((draft.queue_of[rule.to if rule else queue], 0))
    return first
