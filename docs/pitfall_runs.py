"""Three pitfalls as experiments: what docs/pitfalls.md is made of.

All versions of a scenario meet the same chances, replication by replication, so that differences are paired.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

import careloop
from scenarios.model import Scenario
from sim.checkpoints import Window
from sim.explain.watch import Chances
from sim.loop.controller import Learned
from sim.loop.tickets import IN_FORCE, LEVER, VALIDATED, Ticket
from sim.measure import Floats
from sim.pairing import paired, samples_of
from sim.roadmap.follow import Followed, follow
from sim.roadmap.standing import Effect, interval, mean_effect
from sim.roadmap.versions import baseline_of

_LIBRARY: Final = Path(__file__).parents[1] / "scenarios" / "library"
TAXONOMY: Final = _LIBRARY / "weak_taxonomy.yaml"
FIXES: Final = _LIBRARY / "unproven_fixes.yaml"
HURRY: Final = _LIBRARY / "in_a_hurry.yaml"

ACCURACIES: Final = (60, 70, 80, 90, 100)  # % of tags that are right
BY_COST, AUDITED, BY_CONTACTS = "", "with_audit", "by_contacts"  # versions of the first scenario
RARE: Final = ("double_charge", "lost_parcel", "wrong_item")
AS_IT_IS, TRIED_AGAIN, STOPPED = "", "validated", "validated_stop"  # versions of the second
TAGS_AUDITED = "validated_audit"
CALM: Final = ""
IN_HASTE: Final = ("hurry_0", "hurry_25", "hurry_50", "hurry_100", "hurry_200")
BALANCED: Final = ("balanced_100", "balanced_200")
REPLICATIONS: Final = 100
HURRIED: Final = 20  # replications of the third
MONTH: Final = 28  # the last days of a horizon that count
_AVOIDABLE: Final = ("avoidable_share", "all", "all")


def version(path: Path, name: str, changes: Mapping[str, object] | None = None) -> Scenario:
    """A scenario with one of its overrides, or as it is."""
    return careloop.load(path, (name,) if name else (), changes or {})


def followed(scenario: Scenario, replications: int) -> Followed:
    """Contacts of avoidable causes in the last four weeks, and what was learned, by replication."""
    days = scenario.calendar.days
    return follow(scenario, [_AVOIDABLE], [Window(days - MONTH + 1, days)], Chances(1, replications))


def avoidable(found: Followed) -> Floats:
    """Avoidable contacts of the last four weeks, by replication."""
    counts: Floats = found.figures.above[:, 0, 0]
    return counts


def without_loop(path: Path, replications: int = REPLICATIONS) -> Floats:
    """The same if nobody did anything."""
    return avoidable(followed(baseline_of(version(path, "")), replications))


def _learned(found: Followed) -> list[Learned]:
    return [each for each in found.extra if isinstance(each, Learned)]


class Taxonomy(NamedTuple):
    """What comes of effort that follows the tags."""

    change: Effect  # of avoidable contacts, as a share of those without the loop
    rare: float  # share of the product team's hours that went to the rare causes


def taxonomy(name: str, accuracy: int, nothing: Floats, replications: int = REPLICATIONS) -> Taxonomy:
    """A version with so many right tags, against what came `without_loop`."""
    found = followed(version(TAXONOMY, name, {"tagging.accuracy": f"{accuracy}%"}), replications)
    rare = total = 0.0
    for ticket in _tickets(_learned(found)):
        worked = ticket.change.effort - ticket.left
        total += worked
        rare += worked * ticket.change.name.removeprefix("mend_").startswith(RARE)
    return Taxonomy(mean_effect((avoidable(found) - nothing) / nothing.mean()), rare / total)


def _tickets(learned: Iterable[Learned]) -> list[Ticket]:
    """All attempts at remedies."""
    return [ticket for each in learned for ticket in each.tickets if ticket.change.kind != LEVER]


def works(ticket: Ticket) -> bool:
    """Whether an attempt has truly done something: the simulator knows."""
    return ticket.size.works


class Fixes(NamedTuple):
    """What the register says was achieved, and what was; means over replications."""

    done: float  # improvements that count as done at the end
    useless: float  # ... of which do nothing
    said: Effect  # the change of avoidable contacts that these were expected to bring
    change: Effect  # ... and what came of it
    hours: float  # of the product team
    again: float  # second attempts
    again_worked: float


def fixes(name: str, nothing: Floats, replications: int = REPLICATIONS) -> Fixes:
    """A version of the second scenario, against what came `without_loop`."""
    ours = version(FIXES, name)
    found = followed(ours, replications)
    learned = _learned(found)
    n, tickets = len(learned), _tickets(learned)
    done = [t for t in tickets if counts_as_done(t, ours)]
    again = [t for t in tickets if t.attempt > 0]
    said = np.array(
        [_said(ours, [t for t in _tickets([each]) if counts_as_done(t, ours)]) for each in learned]
    )
    return Fixes(
        len(done) / n,
        sum(not works(t) for t in done) / n,
        mean_effect(said),
        mean_effect((avoidable(found) - nothing) / nothing.mean()),
        sum(t.change.effort - t.left for t in tickets) / n,
        len(again) / n,
        sum(map(works, again)) / n,
    )


def counts_as_done(ticket: Ticket, scenario: Scenario) -> bool:
    """Without validation all that is in force counts as done; with it, what was validated."""
    validates = scenario.loop is not None and scenario.loop.validation is not None
    return ticket.state == (VALIDATED if validates else IN_FORCE)


def _said(scenario: Scenario, done: list[Ticket]) -> float:
    """The change of avoidable contacts if all that is done did what was expected of it."""
    mix = scenario.streams["messages"].causes
    share = {cause: mix[cause] for cause, each in scenario.causes.items() if each.avoidable}
    left = dict(share)
    for ticket in done:
        assert ticket.change.claim is not None
        left[ticket.change.name.removeprefix("mend_")] *= 1.0 + ticket.change.claim.expected
    return sum(left.values()) / sum(share.values()) - 1.0


class Share(NamedTuple):
    """So many of so many, with the 95 % interval of the share."""

    some: int
    of: int

    @property
    def ends(self) -> tuple[float, float]:
        return interval(self.some, self.of)


class Verdicts(NamedTuple):
    """The last looks of a version, against the truth."""

    judged: float  # a replication
    power: float  # as said beforehand, on average
    idle: Share  # validated, of those that did nothing
    hollow: Share  # did nothing, of those validated
    missed: Share  # not validated, of those that worked
    needless: float  # second attempts at what had worked already, a replication


def verdicts(accuracy: int, name: str = TRIED_AGAIN, replications: int = REPLICATIONS) -> Verdicts:
    """A version with validation and second attempts, with so many right tags."""
    found = followed(version(FIXES, name, {"tagging.accuracy": f"{accuracy}%"}), replications)
    learned = _learned(found)
    judged = [t for t in _tickets(learned) if len(t.judged) == 2]
    seen = [t for t in judged if t.state == VALIDATED]
    idle, worked = ([t for t in judged if works(t) == truth] for truth in (False, True))
    return Verdicts(
        len(judged) / len(learned),
        float(np.mean([t.foreseen[0] for t in judged])),
        Share(sum(t.state == VALIDATED for t in idle), len(idle)),
        Share(sum(not works(t) for t in seen), len(seen)),
        Share(sum(t.state != VALIDATED for t in worked), len(worked)),
        sum(_had_worked(t, each) for each in learned for t in _tickets([each])) / len(learned),
    )


def _had_worked(ticket: Ticket, learned: Learned) -> bool:
    """Whether an attempt was made at what an earlier one had already done."""
    before = (t for t in learned.tickets if t.change is ticket.change and t.attempt < ticket.attempt)
    return any(map(works, before))


HURRY_KEYS: Final = {
    "aht": ("aht", "queue", "phone"),
    "in_time": ("service_level", "queue", "phone"),
    "lost": ("abandonment", "queue", "phone"),
    "calls": ("offered", "queue", "phone"),
    "reopened": ("reopen_rate", "all", "all"),
    "contacts": ("contacts_per_case", "all", "all"),
    "csat": ("csat", "all", "all"),
    "work": ("agent_time_per_case", "all", "all"),
}


class Hurried(NamedTuple):
    """Means by the names of `HURRY_KEYS`, and how far they are from those of a team that does not hurry."""

    means: Mapping[str, float]
    gaps: Mapping[str, Effect]


def hurried(names: Iterable[str], replications: int = HURRIED) -> dict[str, Hurried]:
    """Versions of the third scenario against the one that does not hurry."""
    samples = {}
    for name in dict.fromkeys((CALM, *names)):
        ran = careloop.simulate(version(HURRY, name), replications=replications)
        samples[name] = samples_of(ran.samples).of(list(HURRY_KEYS.values()), replications)
    found = {}
    for name in names:
        gap = paired(samples[CALM], samples[name])
        means = dict(zip(HURRY_KEYS, map(float, gap.second), strict=True))
        apart = gap.second - gap.first
        effects = (Effect(float(a), float(h), replications) for a, h in zip(apart, gap.half, strict=True))
        found[name] = Hurried(means, dict(zip(HURRY_KEYS, effects, strict=True)))
    return found
