"""What was asked, in a few lines: when, which contacts, which people, which targets."""

from typing import Final, NamedTuple

from reports.assumptions import contacts_a_week, hours_a_week
from reports.targets import goal_words, over_text
from reports.time_axis import MONTHS
from reports.wording import number_text
from scenarios.model import DAY_NAMES, Scenario
from scenarios.targets import goals_of

_NAMED: Final = 6  # more names than these are counted instead


class Asked(NamedTuple):
    """A question in short, and its answer."""

    term: str
    words: str


def asked(scenario: Scenario) -> tuple[Asked, ...]:
    """When, who comes, who works, and what is to be reached."""
    return (
        Asked("When", _when(scenario)),
        Asked("Contacts", _contacts(scenario)),
        Asked("Team", _team(scenario)),
        Asked("Targets", _targets(scenario)),
    )


def _when(scenario: Scenario) -> str:
    calendar = scenario.calendar
    day = calendar.start
    since = f"{DAY_NAMES[day.weekday()].title()} {day.day} {MONTHS[day.month - 1]} {day.year}"
    length = f"{calendar.days:,} days from {since}" if calendar.days > 1 else since
    return f"{length}, {calendar.time_zone}"


def _contacts(scenario: Scenario) -> str:
    weekly = {name: contacts_a_week(stream) for name, stream in scenario.streams.items()}
    return f"{number_text(sum(weekly.values()), 0)} in a standard week{_parts(weekly, '', 'streams')}"


def _team(scenario: Scenario) -> str:
    weekly = {name: hours_a_week(group) for name, group in scenario.groups.items()}
    total = number_text(sum(weekly.values()), 0)
    return f"{total} hours at work in a standard week{_parts(weekly, ' h', 'groups')}"


def _parts(values: dict[str, float], unit: str, what: str) -> str:
    """What a total is made of, where there is more than one part: each, or how many."""
    if len(values) == 1:
        return ""
    if len(values) > _NAMED:
        return f", in {len(values)} {what}"
    return ": " + ", ".join(f"{name} {number_text(value, 0)}{unit}" for name, value in values.items())


def _targets(scenario: Scenario) -> str:
    """What is to hold, each in words; of many, those of the queues in a few words."""
    goals = goals_of(scenario)
    if not goals:
        return "none"
    if len(goals) <= _NAMED:
        return "; ".join(f"{goal_words(goal, scenario)} {over_text(goal)}" for goal in goals)
    wanted = {goal_words(goal, scenario).removeprefix(f"{goal.name} ") for goal in goals}
    if len(wanted) == 1 and {goal.scope for goal in goals} == {"queue"}:
        return f"{wanted.pop()} for {len(goals)} of {len(scenario.queues)} queues"
    return f"{len(goals)} targets, see the table"
