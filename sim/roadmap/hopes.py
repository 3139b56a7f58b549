"""A plan at the ends of its hopes: changes bring the least that is hoped for, what is expected, or the most.

Every change is as large as at one end of its range; whether it works at all is left to chance, as all else
is. Fewer replications than the plan's own are enough, on the same chances: what is asked is which targets
still hold.
"""

from typing import Final, NamedTuple, get_args

from sim.explain.watch import Chances
from sim.progress import Progress
from sim.roadmap.follow import Followed, follow_each
from sim.roadmap.plan import PlanResult, key_of
from sim.roadmap.standing import GREEN, NOT_YET, Standing, standing
from sim.roadmap.versions import End, at

ENDS: Final[tuple[End, ...]] = get_args(End)  # the most careful first
HOPED: Final = 60  # replications of each end


class Hoped(NamedTuple):
    """A plan at one end of its hopes: where it stands against the plan's targets, in their order."""

    end: End
    replications: int
    standings: tuple[Standing, ...]

    @property
    def reached(self) -> tuple[int, ...]:
        """The targets that are green, by their place."""
        return tuple(n for n, each in enumerate(self.standings) if each.status == GREEN)


class Advice(NamedTuple):
    """At which end to plan: the most careful at which all targets that can be measured are green.

    Where there is none, the most careful of those before the last at which most are: nobody should plan with
    the most that is hoped for, unless nothing else is green at all. None: no target is green at any end. The
    targets that are green at later ends alone are `only_later`; `out_of_reach` are green at none.
    """

    hoped: Hoped | None
    only_later: tuple[int, ...]
    out_of_reach: tuple[int, ...]


def try_hopes(
    found: PlanResult,
    replications: int = HOPED,
    workers: int | None = None,
    progress: Progress | None = None,
) -> tuple[Hoped, ...]:
    """Simulate a plan at each end of its hopes; ends that are alike, as without ranges, are simulated once.

    `progress(done, total)` counts replications.
    """
    n = min(replications, found.replications)
    versions = {end: at(found.scenario, end) for end in ENDS}
    chances = Chances(found.seed, n, workers)
    followed = follow_each(list(versions.values()), found.followed, chances, progress)
    return tuple(hoped_of(found, end, each, n) for end, each in zip(versions, followed, strict=True))


def hoped_of(found: PlanResult, end: End, followed: Followed, replications: int) -> Hoped:
    """Where a version stands against the targets of a plan, over its first replications."""
    assert found.scenario.roadmap is not None
    status = found.scenario.roadmap.status
    standings = tuple(
        standing(
            followed.values(key_of(each.goal), each.window)[:replications],
            each.goal.comparison,
            each.target,
            status.green,
            status.amber,
        )
        for each in found.targets
    )
    return Hoped(end, replications, standings)


def advice(hopes: tuple[Hoped, ...]) -> Advice:
    """At which of the ends, the most careful first, to plan."""
    measured = {n for each in hopes for n, stands in enumerate(each.standings) if stands.status != NOT_YET}
    reached = {n for each in hopes for n in each.reached}
    chosen = _chosen(hopes, len(measured))
    only_later = reached - set(chosen.reached) if chosen else set()
    return Advice(chosen, tuple(sorted(only_later)), tuple(sorted(measured - reached)))


def _chosen(hopes: tuple[Hoped, ...], measured: int) -> Hoped | None:
    whole = (each for each in hopes if measured and len(each.reached) == measured)
    if (found := next(whole, None)) is not None:
        return found
    for some in (hopes[:-1] or hopes, hopes):
        most = max((len(each.reached) for each in some), default=0)
        if most:
            return next(each for each in some if len(each.reached) == most)
    return None
