"""Why an interval misses its target: each cause is taken away by itself, on the same chances."""

import math
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from scenarios.model import Scenario
from scenarios.related import has_cases
from scenarios.week import Window
from sim.almanac import almanac
from sim.explain.causes import CAUSES, Cause, contacts_here, usual_contacts
from sim.explain.parts import component
from sim.explain.spot import Spot, When, find_spot, open_share, places, when_text
from sim.explain.watch import Chances, Estimate, Observed, estimate_of, gap, interval_bins, observe
from sim.pairing import Samples
from sim.progress import Progress

BEFORE: Final = 4  # intervals shown before the one asked for
TOLD: Final = 3  # causes that are told of
_MORE_PEOPLE: Final = ("understaffing", "one_more")  # for the same work: together they would count twice
LEVEL: Final = "service_level"
MEASURES: Final = (  # of an interval, of the queue or of the groups that serve it
    ("offered", "queue"),
    ("on_duty", "group"),
    ("occupancy", "group"),
    ("mean_queue", "queue"),
    (LEVEL, "queue"),
    ("mean_wait", "queue"),
    ("abandonment", "queue"),
)

# Which contacts come to a queue is then decided by rules, paths and what went before; no cause below is about
# those, and some, such as other work, would take the queue's own contacts away.
_CASES: Final = (
    "why takes causes away from contacts that are handled once, and those of this scenario become cases, "
    "which go from queue to queue; write what you suspect as an override, and hold it against the file with "
    "careloop compare FILE --scenario NAME"
)


class Tried(NamedTuple):
    """A cause, the service level without it, and how much more that is (shares 0-1)."""

    cause: str
    level: Estimate
    effect: Estimate

    @property
    def counts(self) -> bool:
        """Whether it takes something from the service level, beyond chance."""
        return self.effect.low > 0


class Why(NamedTuple):
    """What is known of an interval, and why; estimates by measure are of `windows`, the interval last."""

    spot: Spot
    when: When
    seed: int
    replications: int
    windows: tuple[Window, ...]
    measures: dict[str, tuple[Estimate, ...]]
    expected: float  # contacts in the interval
    usual: float  # ... in an average one
    tried: tuple[Tried, ...]  # the largest effect first
    together: Tried | None  # without all those that are told of; None where that is one alone, or none

    @property
    def level(self) -> Estimate:
        """The service level of the interval."""
        return self.measures[LEVEL][-1]

    @property
    def told(self) -> tuple[Tried, ...]:
        """The causes that take most, up to three; none that may be chance, or that another one contains."""
        counting = [each for each in self.tried if each.counts]
        smaller = [each for each in counting if each.cause in _MORE_PEOPLE][1:]
        return tuple(each for each in counting if each not in smaller)[:TOLD]


class _Run(NamedTuple):
    """How scenarios are observed, and what was seen of the scenario as it is."""

    spot: Spot
    chances: Chances
    tell: Callable[[], None]
    base: Samples

    def without(self, causes: Sequence[Cause]) -> Tried | None:
        """The interval without some causes; None if there is nothing of any.

        One of which nothing is left without those before it has gone with them.
        """
        spot = self.spot
        for cause in causes:
            changed = cause.without(spot)
            spot = spot if changed is None else spot._replace(scenario=changed)
        if spot is self.spot:
            return None
        seen = _level(observe(spot.scenario, interval_bins(spot, 0), self.chances, self.tell), spot, 0)
        effect = gap(self.base, seen)
        return Tried(" + ".join(c.name for c in causes), estimate_of(seen), effect)


def why(
    scenario: Scenario,
    when: When,
    queue: str | None,
    chances: Chances,
    progress: Progress = lambda done, total: None,
) -> Why:
    """Explain an interval of a queue; by default of the one with a target that falls shortest of it there.

    Raises `ValueError` where there is nothing to explain: a closed queue, nobody expected, no target; and
    where contacts become cases.
    """
    if has_cases(scenario):
        raise ValueError(_CASES)
    spots = _spots(scenario, when, queue)
    counter = _Counter(progress, chances.replications)
    observed = [observe(s.scenario, interval_bins(s, BEFORE), chances, counter) for s in spots]
    spot, seen = min(zip(spots, observed, strict=True), key=lambda pair: _or_last(_above_target(*pair)))
    if math.isnan(_above_target(spot, seen)):
        raise ValueError(
            f"nobody came to queue {spot.queue} at {when_text(when, spot.window)} "
            f"in {chances.replications} replications; ask for more"
        )
    run = _Run(spot, chances, counter, _level(seen, spot, BEFORE))
    applying = [cause for cause in CAUSES if cause.without(spot) is not None]
    counter.more(len(spots) + len(applying))
    return _told(_described(when, run, seen), run, applying)


def _described(when: When, run: _Run, seen: Observed) -> Why:
    """The interval as it is; no cause is known yet."""
    spot, known = run.spot, _windows(run.spot)
    return Why(
        spot,
        when,
        run.chances.seed,
        run.chances.replications,
        tuple(window for window, _ in known),
        {m: tuple(_seen(seen, spot, m, scope, at) for _, at in known) for m, scope in MEASURES},
        contacts_here(spot),
        usual_contacts(spot),
        (),
        None,
    )


def _told(found: Why, run: _Run, causes: Sequence[Cause]) -> Why:
    """The same with all causes tried by themselves, and those told of together."""
    tried = [each for cause in causes if (each := run.without([cause])) is not None]
    found = found._replace(tried=tuple(sorted(tried, key=lambda each: _or_last(-each.effect.mean))))
    names = {each.cause for each in found.told}
    together = run.without([c for c in CAUSES if c.name in names]) if len(names) > 1 else None
    return found._replace(together=together)


class _Counter:
    """Tells progress: replications done, of how many once that is known."""

    def __init__(self, progress: Progress, each: int) -> None:
        self.progress, self.each, self.done = progress, each, 0
        self.total: int | None = None

    def more(self, versions: int) -> None:
        self.total = versions * self.each

    def __call__(self) -> None:
        self.done += 1
        self.progress(self.done, None if self.total is None else max(self.total, self.done))


def _spots(scenario: Scenario, when: When, queue: str | None) -> list[Spot]:
    """The spot of the queue asked for, or of every queue that has a target and is open then."""
    names = [queue] if queue is not None else [n for n, each in scenario.queues.items() if each.target]
    if not names:
        raise ValueError("no queue has a target; give one to a queue, such as target: 80% in 20 s")
    found, refused = [], []
    for name in names:
        _refuse_unknown(scenario, name)
        try:
            spot = find_spot(scenario, name, when)
            found.append(spot._replace(scenario=component(scenario, name)))
        except ValueError as error:
            refused.append(error)
    if not found:
        raise refused[0]
    return found


def _refuse_unknown(scenario: Scenario, queue: str) -> None:
    if queue not in scenario.queues:
        raise ValueError(f"there is no queue {queue!r}; there are {', '.join(scenario.queues)}")
    if scenario.queues[queue].target is None:
        raise ValueError(f"queue {queue} has no target; give it one, such as target: 80% in 20 s")


def target_of(spot: Spot) -> float:
    """The share that the queue's target asks for."""
    target = spot.scenario.queues[spot.queue].target
    return target.share if target else 0.0


def _level(seen: Observed, spot: Spot, at: int) -> Samples:
    return seen.samples(LEVEL, "queue", (spot.queue,), at)


def _or_last(value: float) -> float:
    """A value to sort by; what has none comes last."""
    return math.inf if math.isnan(value) else value


def _above_target(spot: Spot, seen: Observed) -> float:
    return estimate_of(_level(seen, spot, BEFORE)).mean - target_of(spot)


def _seen(seen: Observed, spot: Spot, measure: str, scope: str, at: int) -> Estimate:
    return seen.estimate(measure, scope, (spot.queue,) if scope == "queue" else spot.groups, at)


def _windows(spot: Spot) -> list[tuple[Window, int]]:
    """The intervals before this one in which the queue is open, and this one, with their bins."""
    days = almanac(spot.scenario.calendar)
    is_open = open_share(days, spot.scenario, spot.queue)
    found = []
    for back in range(BEFORE, -1, -1):
        window = Window(*(edge - back * spot.length_s for edge in spot.window))
        if window.start_s < 0:
            continue
        if any(is_open[at] for day in spot.days for at in places(days, day, window.start_s)):
            found.append((window, BEFORE - back))
    return found
