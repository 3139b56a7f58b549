"""What a search for targets found: the people with whom they hold, and what these cost."""

from typing import NamedTuple

from scenarios.model import Scenario
from scenarios.targets import Goal
from scenarios.week import Window
from sim.headcount.blocks import hours_at_work, paid_hours


class Change(NamedTuple):
    """So many people more (below 0: fewer) of a group on some kinds of day, from one time to another."""

    group: str
    kinds: tuple[int, ...]
    window: Window
    people: int


class Stands(NamedTuple):
    """A target before and after: in which share of its periods it holds, and whether that is enough."""

    goal: Goal
    before: float
    after: float
    held_before: bool
    held_after: bool
    steered: bool  # whether it is of a kind that people steer


class Reached(NamedTuple):
    """The people with whom targets hold, and what they cost beside those of the scenario."""

    how: str
    scenario: Scenario  # with the plan that was found
    changes: tuple[Change, ...]
    cost: float  # over the horizon: paid hours x pay of those who come less those who go
    currency: str | None  # None: the cost is in paid hours
    paid: dict[str, float]  # paid hours by group, more or fewer, over the horizon
    targets: tuple[Stands, ...]
    not_moved: tuple[Goal, ...]  # missed, and no more people in these blocks make them hold
    out_of_reach: tuple[Goal, ...]  # those of them that are missed with plenty of people, too
    plenty: int  # how many times the people of every block that was; 0: not looked at
    simulations: int  # replications; 0 where the search counts them otherwise
    stopped: str  # why it ended before it was through; empty where it did not

    @property
    def all_hold(self) -> bool:
        """Whether every target holds that people steer."""
        return all(each.held_after for each in self.targets if each.steered)


def paid_beside(before: Scenario, after: Scenario) -> dict[str, float]:
    """Paid hours by group of a plan, beside those of another: more, or below 0 fewer."""
    old, new = (paid_hours(each, hours_at_work(each)) for each in (before, after))
    return {name: new[name] - old[name] for name in old}
