"""Incidents that never start, bring nobody, or are never noticed."""

import datetime
import math
from collections.abc import Iterator
from typing import Final
from zoneinfo import ZoneInfo

from scenarios.incidents import Incident
from scenarios.parts import Parts
from scenarios.problems import Finding
from scenarios.spans import days_text
from scenarios.units import duration_text
from scenarios.week import DAY_S

_NEVER: Final = 1e-9  # a probability below which nothing happens in any run
_HOUR_S: Final = 3600.0


def incident_findings(parts: Parts) -> Iterator[Finding]:
    """Yield what is wrong with incidents whose names are all known."""
    for name, incident in parts.life.incidents.items():
        yield from _moments(parts, name, incident)
        if not any(incident.surge.values()):
            message = "brings no contact; give a stream a rate, such as 60 per h"
            yield Finding(("incidents", name, "surge"), message)
            continue
        yield from _without_end(parts, name, incident)
        message = _unnoticed(parts, incident)
        if message:
            yield Finding(("incidents", name, "detection"), message)


def _moments(parts: Parts, name: str, incident: Incident) -> Iterator[Finding]:
    """Yield starts that are not within the horizon, or that clocks leave out."""
    calendar = parts.calendar
    assert calendar is not None  # the caller has checked that everything could be read
    first = datetime.datetime.combine(calendar.start, datetime.time())
    end, zone = first + datetime.timedelta(days=calendar.days), ZoneInfo(calendar.time_zone)
    for i, moment in enumerate(incident.at):
        place = ("incidents", name, "starts", "at", i)
        if not first <= moment < end:
            last = (end - datetime.timedelta(days=1)).date()
            message = f"{moment} is not within the days {calendar.start} to {last}; it never happens"
            yield Finding(place, message, "warning")
        there = moment.replace(tzinfo=zone).astimezone(datetime.UTC).astimezone(zone)
        if there.replace(tzinfo=None) != moment:
            message = f"{moment} is left out by the clocks of {calendar.time_zone}; write {there:%H:%M}"
            yield Finding(place, message)


def _without_end(parts: Parts, name: str, incident: Incident) -> Iterator[Finding]:
    """Warn of incidents that are hardly ever over: not within the run, or not before another would start."""
    assert parts.calendar is not None  # as above
    mended_s = incident.detection.delay_s + incident.mitigation.mean_s
    usual_s = min(incident.lasts.mean_s, mended_s) + incident.fades_s
    usual = duration_text(round(usual_s))
    place = ("incidents", name)
    if usual_s >= parts.calendar.days * DAY_S:
        message = (
            f"goes on for about {usual}, and the run for {days_text(parts.calendar.days)}: its surge "
            "never ends; shorten lasts, mitigation or fades"
        )
        yield Finding(place, message, "warning")
    elif incident.every_s is not None and incident.every_s <= usual_s:
        message = (
            f"is no longer than one goes on (about {usual}); meanwhile no other starts, so there is nearly "
            "always one; write a longer time, or shorten lasts, mitigation or fades"
        )
        yield Finding((*place, "starts", "every"), message, "warning")


def _unnoticed(parts: Parts, incident: Incident) -> str:
    """Say why an incident is never noticed; nothing where it may be."""
    detection, tagging = incident.detection, parts.life.tagging
    right = (1 - tagging.untagged) * tagging.accuracy if tagging is not None else 1.0
    if right == 0:
        return "can never fire: no contact is tagged with the right cause; see tagging"
    longest = _longest_s(incident)
    if longest is not None and detection.delay_s >= longest:
        lasts = duration_text(longest)
        return f"can never fire in time: the incident is over after {lasts}; shorten delay, or lengthen lasts"
    window = min(detection.within_s, longest or math.inf)
    usual = right * _rate(parts, incident) * window / _HOUR_S
    if _at_least(detection.contacts, usual) > _NEVER:
        return ""
    within = duration_text(detection.within_s)
    return (
        f"can never fire: {detection.contacts} contacts are asked for, and about {usual:.3g} tagged with "
        f"{incident.cause!r} come within {within}; ask for fewer, or for a longer time"
    )


def _longest_s(incident: Incident) -> float | None:
    """Return how long an incident lasts at most, in seconds; None where that has no bound."""
    if incident.lasts.kind == "deterministic":
        return incident.lasts.mean_s
    return incident.lasts.quantiles[-1].value_s if incident.lasts.quantiles else None


def _rate(parts: Parts, incident: Incident) -> float:
    """Return the contacts per hour of its cause while an incident lasts, at the busiest time."""
    return math.fsum(incident.surge.values()) + math.fsum(
        stream.causes.get(incident.cause, 0.0) * _peak(parts, name) for name, stream in parts.streams.items()
    )


def _peak(parts: Parts, stream: str) -> float:
    """Return the highest rate of a stream by its profile, per hour."""
    arrivals = parts.streams[stream].arrivals
    if arrivals.sinusoid is not None:
        return arrivals.sinusoid.mean_per_hour + arrivals.sinusoid.amplitude_per_hour
    return max((step.value for step in arrivals.steps), default=0.0)


def _at_least(count: int, mean: float) -> float:
    """Return a bound on the probability that a Poisson number of a mean is at least a count (Chernoff)."""
    if mean <= 0:
        return 0.0
    return 1.0 if count <= mean else math.exp(count - mean - count * math.log(count / mean))
