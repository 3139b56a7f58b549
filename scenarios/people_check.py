"""Checks of how the people of groups work beside shifts: on call, by queue, new."""

import datetime
from collections.abc import Iterator, Sequence

from scenarios.model import Group
from scenarios.parts import Parts, skills_of
from scenarios.people import Ramp
from scenarios.problems import Finding, Place
from scenarios.shifts import duty_steps
from scenarios.week import Step


def people_findings(parts: Parts) -> Iterator[Finding]:
    """Yield what is wrong with groups that could be read."""
    for name, group in parts.groups.items():
        place: Place = ("groups", name)
        if group.on_call is not None and group.concurrency is not None:
            message = "goes not with on_call: who is called has one thing in hand; remove one of the two"
            yield Finding((*place, "concurrency"), message)
        for queue in group.handle_time_by_queue:
            if queue in parts.queues and queue not in skills_of(group):
                message = (
                    f"is of no use: the group has not the skill {queue!r}; add it to skills, or remove this"
                )
                yield Finding((*place, "handle_times", queue), message)
        if group.ramp is not None:
            new, most = sum(each.agents for each in group.ramp.hires), _most(group)
            if new > most:
                message = f"names {new} new agents, and at most {most:g} of the group are at work; add agents"
                yield Finding((*place, "ramp", "hires"), message)
            yield from _hires_elsewhere(parts, name, group)
            yield from _new_for_good(name, group.ramp)


def _new_for_good(name: str, ramp: Ramp) -> Iterator[Finding]:
    """Warn of a ramp that leads nowhere: its last row holds for ever."""
    last = ramp.weeks[-1]
    if last.speed < 1.0 or last.reopens > 1.0:
        message = (
            f"ends at week {last.week}: what holds then holds for good; if they come to be like the others, "
            f"add the week from which on they are, as in {{week: {last.week + 8}}}"
        )
        yield Finding(("groups", name, "ramp", "weeks"), message, "warning")


def _hires_elsewhere(parts: Parts, name: str, group: Group) -> Iterator[Finding]:
    """Warn of people who start after the last day: until then all are experienced."""
    if parts.calendar is None or group.ramp is None:
        return
    end = parts.calendar.start + datetime.timedelta(days=parts.calendar.days)
    for hire in group.ramp.hires:
        if hire.day >= end:
            message = "is after the last day that is simulated; it changes nothing"
            yield Finding(("groups", name, "ramp", "hires", hire.day.isoformat()), message, "warning")


def _most(group: Group) -> float:
    """Return how many of a group are at work at most."""
    if group.agents is not None:
        return max((step.value for step in group.agents), default=0.0)
    steps = duty_steps(group.shifts or ())
    starts = {(step.weekday, step.start_s) for step in steps}
    return max((_at_work(steps, *start) for start in starts), default=0.0)


def _at_work(steps: Sequence[Step], weekday: int, at_s: int) -> float:
    return sum(step.value for step in steps if step.weekday == weekday and step.start_s <= at_s < step.end_s)
