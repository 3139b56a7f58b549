"""The scorecard by day: a row a measure, a column a day; each target with baseline, range and probability."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Final, NamedTuple

from reports.as_of_words import change_text, probability_or_missing
from reports.day_targets import VERDICTS, asked_words, probability_text, range_text, value_text
from reports.plan_movers import moved_by
from reports.plan_words import day_text, listed
from reports.targets import Verdict, subject
from reports.wording import MISSING, share_text
from scenarios.model import Scenario
from scenarios.targets import Goal
from sim.roadmap.plan import DayTarget, PlanResult, key_of
from sim.roadmap.standing import AMBER, GREEN, NOT_YET, RED, Spread, Status

SIGNS: Final[dict[Status, str]] = {GREEN: "●", AMBER: "▲", RED: "■", NOT_YET: "○"}
_DAYS_A_TABLE: Final = 3
_MINUTE_S: Final = 60.0
_LONG_S: Final = 600.0


class Target(NamedTuple):
    """A cell: a target by a day, in words; its status is told by a sign, a word and a colour."""

    sign: str
    status: str
    verdict: Verdict | None
    probability: str
    made: str  # how probable it was as the plan was made; nothing for a plan that is as it was made
    asked: str
    plan: str
    baseline: str


class Measure(NamedTuple):
    """A row: whose measure it is, who answers for it or moves it, and its target by each day, or none."""

    label: str
    moved_by: str
    cells: tuple[Target | None, ...]


class ByDay(NamedTuple):
    """A table of a few days: their titles, and the measures with a target on any of them."""

    days: tuple[str, ...]
    rows: tuple[Measure, ...]


def by_day(found: PlanResult) -> tuple[ByDay, ...]:
    """All targets, a few days a table."""
    days = sorted({each.goal.day for each in found.targets})
    some = (days[n : n + _DAYS_A_TABLE] for n in range(0, len(days), _DAYS_A_TABLE))
    return tuple(_table(found, each) for each in some)


def _table(found: PlanResult, days: Sequence[int]) -> ByDay:
    titles = tuple(_title(found.scenario, day) for day in days)
    rows: list[tuple[DayTarget, dict[int, DayTarget]]] = []
    for each in found.targets:
        day = each.goal.day
        if day not in days:
            continue
        mine = (of for first, of in rows if key_of(first.goal) == key_of(each.goal) and day not in of)
        row = next(mine, None)
        if row is None:
            row = dict[int, DayTarget]()
            rows.append((each, row))
        row[day] = each
    return ByDay(
        titles,
        tuple(
            Measure(
                label_of(first, found.scenario),
                moved_by(found, key_of(first.goal)),
                tuple(_cell(of[day], found) if day in of else None for day in days),
            )
            for first, of in rows
        ),
    )


def _title(scenario: Scenario, day: int) -> str:
    """Day 30, 3 Feb 2026; beyond the horizon without a date, since nothing is simulated there."""
    if day > scenario.calendar.days:
        return f"Day {day:,}"
    return f"Day {day}, {day_text(scenario.calendar.start + timedelta(days=day - 1), True)}"


def label_of(each: DayTarget, scenario: Scenario) -> str:
    """Whose measure it is."""
    goal = each.goal
    return subject(
        Goal(goal.measure, goal.scope, goal.name, goal.comparison, each.target, each.unit), scenario
    )


def listed_targets(found: PlanResult, places: Iterable[int]) -> str:
    """Targets, those of one measure together: phone service level (day 30 and 60), reopen rate (day 90)."""
    days: dict[str, list[str]] = {}
    for n in sorted(places):
        each = found.targets[n]
        days.setdefault(label_of(each, found.scenario), []).append(f"{each.goal.day:,}")
    return ", ".join(f"{label} (day {listed(list(dict.fromkeys(of)))})" for label, of in days.items())


def _cell(each: DayTarget, found: PlanResult) -> Target:
    stands, spread, scenario = each.standing, _rounded_spread(each), found.scenario
    probability = probability_text(stands)
    return Target(
        SIGNS[stands.status],
        stands.status,
        VERDICTS[stands.status],
        "" if probability == MISSING else probability,
        made_words(found, each),
        asked_words(each, scenario).removeprefix(label_of(each, scenario)).strip(),
        f"{value_text(each, spread.median)} ({range_text(each, spread)})",
        f"{value_text(each, rounded(each, each.baseline.mean))} (n = {each.baseline.n:,})",
    )


def made_words(found: PlanResult, each: DayTarget) -> str:
    """As made 72 %, now 10 points less."""
    if found.as_of is None or not found.as_of.days:
        return ""
    moved = found.as_of.moved[found.targets.index(each)]
    points = change_text(moved.change)
    change = "" if points == MISSING else ", as before" if points == "0" else f", {points} points"
    return f"as made {probability_or_missing(moved.then.probability)}{change}"


def rounded(each: DayTarget, value: float) -> float:
    """A time of ten minutes or more to whole minutes, as people say it; any other value as it is."""
    is_long = each.unit == "s" and value >= _LONG_S
    return round(value / _MINUTE_S) * _MINUTE_S if is_long else value


def _rounded_spread(each: DayTarget) -> Spread:
    return Spread(*(rounded(each, value) for value in each.standing.spread))


def movers_told(found: PlanResult) -> str:
    """What the second line of a row means, where any row has one."""
    if not any(moved_by(found, key_of(each.goal)) for each in found.targets):
        return ""
    how = "presence or size" if found.contributions else "size (and with --levers whose presence)"
    return f"Moved by = changes, with their owners, whose {how} moves the measure by three standard errors."


def signs_told(found: PlanResult) -> str:
    """What the signs mean: ● green from 80 % on, ..."""
    assert found.scenario.roadmap is not None
    status = found.scenario.roadmap.status
    told = (
        f"{SIGNS[GREEN]} green = probability of {share_text(status.green)} or more, "
        f"{SIGNS[AMBER]} amber = of {share_text(status.amber)} or more, {SIGNS[RED]} red = less"
    )
    open_ = any(each.standing.status == NOT_YET for each in found.targets)
    return f"{told}, {SIGNS[NOT_YET]} not measurable yet" if open_ else told
