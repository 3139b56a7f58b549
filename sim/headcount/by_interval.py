"""What targets cost interval by interval: the search of `sim/staffing`, told as that of blocks is."""

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from scenarios.model import Scenario, Step, WeekSteps
from scenarios.related import heads_of
from scenarios.targets import goals_of
from scenarios.week import KINDS_OF_DAY, steps_on
from sim.headcount.blocks import paid_hours, rates_of, runs
from sim.headcount.reached import Change, Reached, Stands, paid_beside

if TYPE_CHECKING:
    from sim.experiment import Result
    from sim.staffing.answer import Asked as AskedStaffing

EXACT: Final = "by simulation, interval by interval"


def exact(scenario: Scenario, asked: "AskedStaffing") -> Reached:
    """The same by the search per interval of `sim/staffing`, where nothing makes cases of contacts.

    Plans are whole people in each interval instead of blocks; its targets are those that this search steers.
    What holds is seen on fresh chances, with the tolerance of that search for chance.
    Raises ValueError, or `UnreachableError`, as `staffing_of` does.
    """
    from sim.staffing.answer import CURRENT, planned_scenario, staffing_of
    from sim.staffing.solve import Checked, is_short, steerable

    answer = staffing_of(scenario, asked)
    found = planned_scenario(answer)
    current, best = answer.plans[CURRENT].result, answer.best.result
    steers, goals = steerable(scenario), goals_of(scenario)
    old, new = (
        [Checked(goal, *pair) for goal, pair in zip(goals, _attained(each), strict=True)]
        for each in (current, best)
    )
    targets = tuple(
        Stands(goal, was.share, now.share, not is_short(was), not is_short(now), goal in steers)
        for goal, was, now in zip(goals, old, new, strict=True)
    )
    paid = paid_beside(scenario, found)
    rates = rates_of(scenario)
    gross = paid_hours(scenario, dict.fromkeys(scenario.groups, 1.0))
    return Reached(
        EXACT,
        found,
        _between(scenario, found),
        sum(hours / gross[name] * rates[name] for name, hours in paid.items()),
        answer.currency,
        paid,
        targets,
        tuple(each.goal for each in targets if not each.held_after),
        (),
        0,
        0,
        "",
    )


def _attained(result: "Result") -> list[tuple[float, float]]:
    """Of each target the share of its periods in which it holds, and the standard error of that."""
    frame = result.attainment
    return list(zip(frame["attained"].tolist(), frame["se"].tolist(), strict=True))


def _between(before: Scenario, after: Scenario) -> tuple[Change, ...]:
    """Who comes and who goes, as runs of equal numbers."""
    found = []
    for name, group in before.groups.items():
        steps = _differences(heads_of(group), heads_of(after.groups[name]))
        found += [Change(name, *piece) for piece in runs(tuple(steps))]
    return tuple(found)


def _differences(old: WeekSteps, new: WeekSteps) -> Iterator[Step]:
    """How many people more are at work in each piece of each kind of day; steps may overlap."""
    for kind in range(KINDS_OF_DAY):
        sides = steps_on(old, kind), steps_on(new, kind)
        edges = sorted({edge for steps in sides for step in steps for edge in (step.start_s, step.end_s)})
        for start, end in pairwise(edges):
            one, other = (sum(s.value for s in side if s.start_s <= start < s.end_s) for side in sides)
            yield Step(kind, start, end, other - one)
