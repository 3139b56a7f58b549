"""On which days people are searched for: a year where it has seasons, else weeks that stand for it.

A search simulates a scenario hundreds of times. Where all weeks of a year are alike but for chance, seven of
them, eight times, are as good as the year; where arrivals change over it, or a team learns, it is simulated
whole. How often a study is replicated does not matter to the search: with few replications nearly any service
looks as good as another.
"""

from collections.abc import Iterator
from datetime import date
from typing import Final, NamedTuple

from scenarios.business_case import Once
from scenarios.changes import Lever
from scenarios.day_factors import DayFactors
from scenarios.model import Scenario
from sim.explain.watch import Chances
from sim.headcount.blend import blended
from sim.headcount.surface import USUAL, Axes

WEEKS_DAYS: Final = 49
REPLICATIONS: Final = 8
_HALF: Final = 0.5
_MONTH_S: Final = 365.0 / 12.0 * 86_400.0


class Searched(NamedTuple):
    """Both scenarios over the days of the search, its chances, the nodes of its grid, and notes on these."""

    before: Scenario
    after: Scenario
    chances: Chances
    axes: Axes
    notes: tuple[str, ...]

    @property
    def years(self) -> float:
        """How many years of 365 days the search simulates at a time."""
        return self.before.calendar.days / 365.0


def searched(before: Scenario, after: Scenario, chances: Chances) -> Searched:
    """What a search for people simulates."""
    axes, notes = USUAL, list[str]()
    if problem := _not_half(before, after):
        axes = USUAL._replace(effect=(0.0, 1.0))
        notes.append(
            f"The effect is known at 0 % and 100 % alone, and is a straight line between: {problem}."
        )
    if has_seasons(before) or has_seasons(after):
        return Searched(before, after, chances._replace(replications=1), axes, tuple(notes))
    days = min(before.calendar.days, WEEKS_DAYS)
    chosen = chances._replace(replications=REPLICATIONS)
    return Searched(_first(before, days), _first(after, days), chosen, axes, tuple(notes))


def has_seasons(scenario: Scenario) -> bool:
    """Whether weeks of a year differ by more than chance."""
    arrivals = [stream.arrivals for stream in scenario.streams.values()]
    differ = any(each.day_factors != DayFactors() or each.sinusoid is not None for each in arrivals)
    learns = scenario.loop is not None and scenario.loop.owner is not None
    return differ or learns


def settled(before: Scenario, after: Scenario) -> Scenario:
    """The scenario after with the levers that it alone has in force from the first day on, in full, for good.

    When they come and how they grow is for the business case to say; else dates would count twice.
    """
    roadmap, first = after.roadmap, after.calendar.start
    known = before.roadmap.levers if before.roadmap else {}
    if roadmap is None or all(name in known for name in roadmap.levers):
        return after
    now = {"start": None, "due": first, "lead_s": 0.0, "ramp_s": 0.0, "halves_in_s": None}
    levers = {
        name: each if name in known or each.due is None else each.model_copy(update=now)
        for name, each in roadmap.levers.items()
    }
    return after.model_copy(update={"roadmap": roadmap.model_copy(update={"levers": levers})})


def own_levers(before: Scenario, after: Scenario) -> Iterator[tuple[str, Lever, date]]:
    """The levers that run, and that only the scenario after has, each with its day."""
    known = before.roadmap.levers if before.roadmap else {}
    for name, each in (after.roadmap.levers if after.roadmap else {}).items():
        if name not in known and each.due is not None and each.owner is not None:
            yield name, each, each.due


def last_due(before: Scenario, after: Scenario) -> date | None:
    """The day from which on all levers are in force that only the scenario after has."""
    return max((due for _, _, due in own_levers(before, after)), default=None)


def longest_ramp(before: Scenario, after: Scenario) -> float:
    """The months in which the slowest of these levers grows to its full size."""
    return max((lever.ramp_s for _, lever, _ in own_levers(before, after)), default=0.0) / _MONTH_S


def fading(before: Scenario, after: Scenario) -> tuple[str, ...]:
    """Those of these levers whose effect halves."""
    return tuple(name for name, lever, _ in own_levers(before, after) if lever.halves_in_s is not None)


def lever_costs(before: Scenario, after: Scenario) -> dict[str, Once]:
    """What these levers cost, once, on their days."""
    found = own_levers(before, after)
    return {
        f"lever {name}": Once(amount=each.cost, currency=each.currency, on=due)
        for name, each, due in found
        if each.cost
    }


def _not_half(before: Scenario, after: Scenario) -> str:
    """Why a change cannot happen in part; nothing if it can."""
    try:
        blended(before, after, _HALF)
    except ValueError as error:
        return str(error)
    return ""


def _first(scenario: Scenario, days: int) -> Scenario:
    """The first days of a scenario."""
    return scenario.model_copy(update={"calendar": scenario.calendar.model_copy(update={"days": days})})
