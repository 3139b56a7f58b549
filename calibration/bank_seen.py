"""Who is seen in a day of the bank's export: which calls are of which stream, who is at work, who waits."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np

from calibration.bank_export import DAY_S, Call
from calibration.presence import Ints, Rule, Span, after_call_times, level, merged, presence

OPEN_S: Final = 7 * 3600
CLOSE_S: Final = DAY_S
SECONDS: Final = DAY_S + 3 * 3600  # the last calls of a day end after midnight


class Choices(NamedTuple):
    """How a day becomes a scenario; the defaults are the scenario that is written."""

    rule: Rule = Rule()
    window_s: int = 900  # of arrivals and staffing
    streams: str = "kind"  # a key of STREAMS
    after_call: bool = True  # whether it is part of the handle time
    skills: bool = False  # whether agents take only what they were seen taking


USUAL: Final = Choices()


Takes = frozenset[str]  # names of streams


def _kind(call: Call) -> str:
    return {"NE": "stock_exchange", "NW": "information"}.get(call.kind, "regular")


def _part_of_day(call: Call) -> str:
    return next(name for name, end in _PARTS.items() if call.came_s < end * 3600)


_PARTS: Final = {"from_7": 10, "from_10": 13, "from_13": 16, "from_16": 19, "from_19": 24}


STREAMS: Final[dict[str, Callable[[Call], str]]] = {
    "kind": _kind,
    "part of the day": _part_of_day,
    "one": lambda _: "calls",
}


class WhileWaited(NamedTuple):
    """Over the time during which somebody waited: its share of the day, people at work, and those busy.

    A simulated agent who is at work takes a call as long as somebody waits: there the two are equal.
    """

    share: float
    at_work: float
    busy: float  # with a call or after-call work


class Seen(NamedTuple):
    """Agents of a day, and who waited, [second]."""

    waiting: Ints
    teams: dict[Takes, Ints]  # at work
    after_call: list[int]

    @property
    def at_work(self) -> Ints:
        """All teams together."""
        total: Ints = np.sum(list(self.teams.values()), axis=0)
        return total


def takes_of(calls: Iterable[Call], choices: Choices) -> dict[str, Takes]:
    """The streams that each agent takes: all, or those that are at least 1 % of its calls in the export."""
    stream = STREAMS[choices.streams]
    taken = Counter((call.agent, stream(call)) for call in calls if call.agent)
    names = frozenset(name for _, name in taken)
    totals: Counter[str] = Counter()
    for (agent, _), n in taken.items():
        totals[agent] += n
    return {
        agent: frozenset(name for name in names if not choices.skills or taken[agent, name] >= 0.01 * total)
        for agent, total in totals.items()
    }


def seen_on(calls: Sequence[Call], choices: Choices, takes: Mapping[str, Takes]) -> Seen:
    """Who is seen working. An agent is missed by those callers only whom it could have taken."""
    named = [call for call in calls if call.agent and call.started_s >= 0]
    work = merged((call.agent, Span(call.started_s, call.ended_s)) for call in named)
    teams = dict[Takes, Ints]()
    after = list[int]()
    for streams in sorted({takes[agent] for agent in work}, key=sorted):
        own = {agent: services for agent, services in work.items() if takes[agent] == streams}
        waiting = _waiting(calls, choices, streams)
        spans = (span for each in presence(own, waiting, choices.rule).values() for span in each)
        teams[streams] = level(spans, SECONDS)
        after += after_call_times(own, waiting)
    return Seen(_waiting(calls, choices), teams, after)


def _waiting(calls: Iterable[Call], choices: Choices, streams: Takes | None = None) -> Ints:
    """How many wait in each second, of some streams or of all, [second]."""
    stream = STREAMS[choices.streams]
    waits = (call for call in calls if call.queued and (streams is None or stream(call) in streams))
    return level((Span(call.came_s, call.left_s) for call in waits), SECONDS)


def in_hand(calls: Sequence[Call], seen: Seen) -> Ints:
    """Calls in hand, each with the mean after-call time, [second]."""
    after_s = round(float(np.mean(seen.after_call))) if seen.after_call else 0
    taken = [call for call in calls if call.answered and call.started_s >= 0]
    return level((Span(call.started_s, call.ended_s + after_s) for call in taken), SECONDS)


def while_waited(calls: Sequence[Call], seen: Seen) -> WhileWaited:
    waited = seen.waiting[OPEN_S:CLOSE_S] > 0
    at_work, busy = (each[OPEN_S:CLOSE_S][waited] for each in (seen.at_work, in_hand(calls, seen)))
    if not waited.any():
        return WhileWaited(0.0, 0.0, 0.0)
    return WhileWaited(float(waited.mean()), float(at_work.mean()), float(busy.mean()))


def is_open(call: Call) -> bool:
    return OPEN_S <= call.came_s < CLOSE_S
