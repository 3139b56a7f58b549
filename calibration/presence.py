"""Who was at work, from who was seen working: agents without a call are invisible in an export of calls.

Between two calls an agent was ready, or on a break, or at other work; the export does not say. While
callers wait it can be told: who is ready then takes one within seconds. So a gap between two calls counts

* as absence, if people waited for more than `away_s` of it and the agent took none of them;
* as absence, if it is longer than `unseen_s`, whoever waited: where calls come every minute, hardly anybody
  who is ready stays without one for that long;
* as presence otherwise.

Both are guesses (docs/real_day.md tries others, and says on which days these were chosen). What stays
invisible: readiness before the first and after the last call of a stretch of work, so that staffing is
understated at quiet times; and that an agent may not take the kind of call that waits.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

AWAY_S: Final = 300
UNSEEN_S: Final = 900
AFTER_CALL_S: Final = 60  # nine in ten are below it; what is longer is something else


class Span(NamedTuple):
    """From one second of the day to another, the last excluded."""

    start_s: int
    end_s: int

    @property
    def length_s(self) -> int:
        return self.end_s - self.start_s


class Rule(NamedTuple):
    """Which gaps between calls count as absence, in seconds; see above."""

    away_s: int = AWAY_S
    unseen_s: int = UNSEEN_S


Work = Mapping[str, Sequence[Span]]  # of each agent: services in their order, not overlapping


def merged(services: Iterable[tuple[str, Span]]) -> dict[str, list[Span]]:
    """The services of each agent in their order; those that overlap or touch are one."""
    by_agent: dict[str, list[Span]] = defaultdict(list)
    for agent, span in sorted(services):
        own = by_agent[agent]
        if own and span.start_s <= own[-1].end_s:
            own[-1] = Span(own[-1].start_s, max(own[-1].end_s, span.end_s))
        else:
            own.append(span)
    return dict(by_agent)


def level(spans: Iterable[Span], horizon_s: int) -> Ints:
    """How many spans go on in each second of the day, [second]."""
    change = np.zeros(horizon_s + 1, np.int64)
    for span in spans:
        change[min(max(span.start_s, 0), horizon_s)] += 1
        change[min(max(span.end_s, 0), horizon_s)] -= 1
    return np.cumsum(change)[:-1]


def gaps(services: Sequence[Span]) -> list[Span]:
    """The time between calls of one agent."""
    return [Span(a.end_s, b.start_s) for a, b in pairwise(services)]


def after_call_times(work: Work, waiting: Ints) -> list[int]:
    """Seconds from the end of a call to the next one, wherever somebody waited all along.

    That time is the agent's: after-call work, and the seconds that it takes to put a call through. Those
    above `AFTER_CALL_S` are left out.
    """
    found = [gap for services in work.values() for gap in gaps(services) if gap.length_s <= AFTER_CALL_S]
    return [gap.length_s for gap in found if waiting[gap.start_s : gap.end_s].all()]


def presence(work: Work, waiting: Ints, rule: Rule) -> dict[str, list[Span]]:
    """When each agent was at work, by the rule; `waiting` is the number of waiting callers, [second]."""
    waited = np.concatenate([[0], np.cumsum(waiting > 0)])
    return {agent: list(_stretches(services, waited, rule)) for agent, services in work.items()}


def _stretches(services: Sequence[Span], waited: Ints, rule: Rule) -> Iterable[Span]:
    start = services[0].start_s
    for gap in gaps(services):
        if gap.length_s > rule.unseen_s or waited[gap.end_s] - waited[gap.start_s] > rule.away_s:
            yield Span(start, gap.start_s)
            start = gap.end_s
    yield Span(start, services[-1].end_s)


def window_means(seconds: Ints, start_s: int, end_s: int, window_s: int) -> Floats:
    """The mean of each window from `start_s` to `end_s`, [window]."""
    means: Floats = seconds[start_s:end_s].reshape(-1, window_s).mean(axis=1)
    return means
