"""Compile incidents: when they start, what they bring, how they are noticed and mended."""

from datetime import UTC, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from sim.case_layout import INCIDENT, MARK, SURGE
from sim.clock import NEVER
from sim.draft import SECOND, Draft
from sim.draws import child_key, name_key
from sim.jit import U64
from sim.layout import NOBODY


class Incidents(NamedTuple):
    """The arrays that `sim.layout.State` has of incidents."""

    incidents: np.ndarray
    marks: np.ndarray


def surges(draft: Draft) -> np.ndarray:
    """What incidents bring to each stream, as SURGE."""
    found = []
    hours = draft.almanac.interval_s / 3600.0
    for i, name in enumerate(sorted(draft.scenario.incidents)):
        key = name_key("incident", name)
        for stream, per_hour in sorted(draft.scenario.incidents[name].surge.items()):
            own = child_key(U64(key ^ name_key("stream", stream)), 0)
            found.append((own, i, draft.stream_of[stream], per_hour * hours))
    return np.array(found, SURGE)


def compile_incidents(draft: Draft) -> Incidents:
    """All incidents before any has started, in the order of their names."""
    names, scenario = sorted(draft.scenario.incidents), draft.scenario
    accounts = sum(tier.accounts for tier in scenario.tiers.values())
    rows, marks = np.zeros(len(names), INCIDENT), 0
    for row, name in zip(rows, names, strict=True):
        _set_incident(draft, row, name)
        row["ring"] = marks
        marks += int(row["detect_count"])
        row["accounts_from"], row["accounts_to"] = marks, marks + accounts
        marks += accounts
    return Incidents(rows, np.zeros(marks, MARK))


def _set_incident(draft: Draft, row: np.void, name: str) -> None:
    incident = draft.scenario.incidents[name]
    row["key"] = name_key("incident", name)
    row["cause"] = draft.names.causes.index(incident.cause)
    row["severity"] = NOBODY
    if incident.severity is not None:
        row["severity"] = draft.names.severities.index(incident.severity)
    row["every"] = draft.ticks(incident.every_s) if incident.every_s else 0.0
    starts = [_tick(draft, moment) for moment in incident.at]
    row["next_start"] = draft.curves.add(np.array(starts, float))
    row["last_start"] = row["next_start"] + len(starts)
    set_laws(draft, row, name)
    row["fades"] = draft.ticks(incident.fades_s)
    row["detect_count"] = incident.detection.contacts
    row["detect_within"] = draft.ticks(incident.detection.within_s)
    row["detect_delay"] = draft.ticks(incident.detection.delay_s)
    page = incident.status_page
    row["page_after"] = draft.ticks(page.after_s) if page else NEVER
    row["page_cuts"] = page.cuts if page else 0.0
    row["started"] = row["alarm"] = -1
    row["mended"] = row["posted"] = NEVER


def set_laws(draft: Draft, row: np.void, name: str) -> None:
    """Fill in the distributions of an INCIDENT row."""
    row["lasts"] = draft.add_dist(draft.scenario.incidents[name].lasts)
    row["mitigation"] = draft.add_dist(draft.scenario.incidents[name].mitigation)


def _tick(draft: Draft, moment: datetime) -> int:
    """The tick of a local time; on the grain of the clock, up."""
    zone = ZoneInfo(draft.scenario.calendar.time_zone)
    seconds = round(moment.replace(tzinfo=zone).astimezone(UTC).timestamp()) - draft.almanac.origin
    return -(-seconds * SECOND // draft.grain) * draft.grain
