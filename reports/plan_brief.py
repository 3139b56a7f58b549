"""All that a plan's page, register and letter are made of."""

from typing import TYPE_CHECKING, Final, NamedTuple

from sim.case_measure import Key
from sim.checkpoints import Window
from sim.measure import Floats
from sim.roadmap.hopes import Hoped
from sim.roadmap.plan import PlanResult

if TYPE_CHECKING:
    from reports.plan_against import Earlier
    from sim.loop.controller import Learned
    from sim.loop.summary import Summary


PEOPLE_COST: Final[Key] = ("people_cost", "all", "all")


class Brief(NamedTuple):
    """A plan, its ends (none where they were not tried), what its team learns, and its earlier version."""

    found: PlanResult
    hopes: tuple[Hoped, ...] = ()
    learned: "tuple[Learned, ...]" = ()  # of each replication; none where nobody learns
    summary: "Summary | None" = None
    earlier: "Earlier | None" = None


def over_horizon(brief: Brief, key: Key) -> tuple[Floats, Floats] | None:
    """A measure over all days by replication: without the plan, and with it; None if it was not followed."""
    as_of, whole = brief.found.as_of, Window(1, brief.found.scenario.calendar.days)
    found = as_of.then if as_of else brief.found  # what has happened is no effect of the plan
    if key not in found.followed.keys or whole not in found.followed.windows:
        return None
    return found.baseline.values(key, whole), found.followed.values(key, whole)


def brief_of(found: PlanResult, hopes: tuple[Hoped, ...] = (), earlier: "Earlier | None" = None) -> Brief:
    """A plan with what its team learns put together."""
    from sim.compile import compile_scenario
    from sim.loop.controller import Learned
    from sim.loop.summary import summarise

    learned = tuple(each for each in found.extra if isinstance(each, Learned))
    agreed = compile_scenario(found.scenario).agreed if learned else None
    summary = summarise(found.scenario, agreed, learned) if agreed else None
    return Brief(found, hopes, learned, summary, earlier)
