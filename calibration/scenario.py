"""What was fitted as a scenario: plain data that ``scenarios.from_dict`` takes."""

import datetime
import math
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import numpy as np

from calibration.fits.arrival_fragment import arrival_fragment
from calibration.fits.count_grid import Bools, Ints
from calibration.fits.fit import Fit
from calibration.fits.level_ahead import Ahead, widened
from calibration.fitted import Fitted, StreamFits
from calibration.laws import longer, mean_s, times
from calibration.observe.concurrency import CHAT
from calibration.observe.teams import Team
from calibration.observed import Staff
from calibration.staffing import agents_profile, assumed_agents, by_date, usual_week
from scenarios.units import duration_text
from scenarios.weekday_factors import written

SERVICE_LEVEL: Final = "offered"
WITHIN_S: Final = 20
ASSUMED_HANDLE_TIME: Final = {
    "phone": {"lognormal": {"mean": "5 min", "cv": 1}},
    "chat": {"lognormal": {"mean": "8 min", "cv": 0.8}},
    "email": {"lognormal": {"mean": "8 min", "cv": 1}},
    "other": {"lognormal": {"mean": "20 min", "cv": 1}},
}
"""By channel, where the export has no handle times."""
ASSUMED_PATIENCE: Final = {"phone": {"exponential": "5 min"}, "chat": {"exponential": "5 min"}}
"""By channel, where the export has no waits; others do not hang up."""
ASSUMED_TARGET: Final = "80% in 24 h"
"""Of what is no call and no chat."""
_MOST_ERROR: Final = 1.0


class Meant(NamedTuple):
    """What the scenario is for: days, and what a service level counts."""

    start: datetime.date
    days: int
    time_zone: str
    within_s: float = WITHIN_S
    service_level: str = SERVICE_LEVEL
    replications: int = 30
    seed: int = 1


def usual_scenario(fitted: Fitted, meant: Meant, name: str, description: str) -> dict[str, Any]:
    """The scenario of usual weeks: arrivals as expected in the days ahead, staffing as on usual days."""
    ahead, last = fitted.ahead, meant.start + datetime.timedelta(meant.days - 1)
    arrivals = {
        each.stream.name: _ahead(each, each.arrivals.arrivals, meant.start, last) for each in fitted.streams
    }
    return {
        "careloop": 1,
        "name": name,
        "description": description,
        **_body(fitted, meant, ahead, arrivals, _usual_groups(fitted, meant), uncertain(fitted, ahead)),
    }


def week_scenario(fitted: Fitted, meant: Meant, staff: Staff, counts: Ints | None = None) -> dict[str, Any]:
    """The scenario of at most seven days that really were, with the people who were seen at work on them.

    Contacts are as expected so many days after the fit's period, or those that came: `counts` [stream, day,
    interval]. Streams that nobody at work takes are left out.
    """
    last = fitted.observed.period.last
    ahead = ((meant.start - last).days, (meant.start - last).days + meant.days - 1)
    dates = [meant.start + datetime.timedelta(i) for i in range(meant.days)]
    groups = {}
    for name, team, heads in zip(team_names(staff.teams), staff.teams, staff.heads, strict=True):
        profile = agents_profile(by_date(heads, dates))
        if profile:
            groups[name] = _group(fitted, team, profile)
    served = {name for team in groups.values() for name in team["skills"][0]}
    arrivals = {}
    for i, each in enumerate(fitted.streams):
        if each.stream.name in served:
            arrivals[each.stream.name] = (
                _expected(fitted, each, ahead) if counts is None else _as_came(counts[i], dates)
            )
    drawn = uncertain(fitted, ahead, with_arrivals=counts is None)
    gone = {each.stream.name for each in fitted.streams} - served
    drawn = {path: error for path, error in drawn.items() if _name_in(path) not in gone}
    return {"careloop": 1, "name": str(meant.start), **_body(fitted, meant, ahead, arrivals, groups, drawn)}


def _name_in(path: str) -> str:
    """The name of a stream or queue in a path such as ``streams.NAME.handle_time``; names have no dots."""
    return path.split(".")[1] if "." in path else ""


def _body(
    fitted: Fitted,
    meant: Meant,
    ahead: tuple[int, int],
    arrivals: Mapping[str, dict[str, Any]],
    groups: Mapping[str, dict[str, Any]],
    drawn: Mapping[str, str],
) -> dict[str, Any]:
    run: dict[str, Any] = {"replications": meant.replications, "seed": meant.seed}
    return {
        "service_level": meant.service_level,
        "calendar": {
            "start": meant.start.isoformat(),
            "days": meant.days,
            "time_zone": meant.time_zone,
            "interval": duration_text(fitted.observed.grid.interval_s),
        },
        "streams": {
            each.stream.name: _stream(fitted, each, arrivals[each.stream.name], ahead)
            for each in fitted.streams
            if each.stream.name in arrivals
        },
        "queues": {
            each.stream.name: _queue(fitted, each, meant)
            for each in fitted.streams
            if each.stream.name in arrivals
        },
        "groups": dict(groups),
        **({"uncertainty": dict(drawn)} if drawn else {}),
        "run": {**run, "uncertainty": True} if drawn else run,
    }


def _stream(
    fitted: Fitted, each: StreamFits, arrivals: dict[str, Any], ahead: tuple[int, int]
) -> dict[str, Any]:
    return {
        "queue": each.stream.name,
        "arrivals": arrivals,
        "handle_time": handle_time(fitted, each, ahead),
        **_long_days(each, ahead),
        **_weekdays(fitted, each, ahead),
    }


def handle_time(fitted: Fitted, each: StreamFits, ahead: tuple[int, int]) -> dict[str, Any]:
    """How long a contact keeps an agent in days ahead: as recorded, with the agent's own time after it."""
    if each.handle_time is None:
        return ASSUMED_HANDLE_TIME[each.stream.channel]
    own_s = fitted.observed.staff.own_time_s if fitted.observed.staff else 0.0
    chats = fitted.observed.chats
    by_clock = (
        {"measured_as": "wall clock", "at_concurrency": round(min(chats.mean, chats.most), 2)}
        if each.stream.channel == CHAT and chats is not None and chats.most >= 2
        else {}
    )
    recorded = times(each.handle_time.distribution, length_ahead(each, ahead).factor)
    return {**longer(recorded, own_s), **by_clock}


def length_ahead(each: StreamFits, ahead: tuple[int, int]) -> Ahead:
    """How long contacts take in days ahead, relative to the period's mean."""
    level = each.long_days.level
    return level.over(*ahead) if level else Ahead(1.0, 0.0, 0.0)


def _weekdays(fitted: Fitted, each: StreamFits, ahead: tuple[int, int]) -> dict[str, Any]:
    """Factors by weekday of what is recorded, for all the time that a contact takes."""
    if each.handle_time is None:
        return {}
    whole = mean_s(handle_time(fitted, each, ahead))
    recorded = mean_s(each.handle_time.distribution) * length_ahead(each, ahead).factor
    factors = each.long_days.by_weekday.factors
    told = written(tuple(round(1.0 + (factor - 1.0) * recorded / whole, 3) for factor in factors))
    return {"handle_time_by_weekday": told} if told else {}


def _long_days(each: StreamFits, ahead: tuple[int, int]) -> dict[str, Any]:
    cv = math.hypot(each.long_days.cv.value, length_ahead(each, ahead).within)
    correlation = each.long_days.correlation
    if cv < 0.0005:
        return {}
    shared = {"correlation": f"{correlation:.1%}"} if correlation >= 0.0005 else {}
    return {"handle_time_by_day": {"cv": f"{cv:.1%}", **shared}}


def is_live(each: StreamFits) -> bool:
    """Whether its contacts wait for somebody, as calls and chats do."""
    return each.stream.channel in ASSUMED_PATIENCE


def patience_of(each: StreamFits) -> dict[str, Any]:
    """How long its contacts wait; an assumption where the export knows no waits of calls and chats."""
    if each.patience is None:
        return dict(ASSUMED_PATIENCE.get(each.stream.channel, {}))
    return each.patience.distribution


def _queue(fitted: Fitted, each: StreamFits, meant: Meant) -> dict[str, Any]:
    patience = patience_of(each)
    return {
        "channel": each.stream.channel,
        "target": f"80% in {duration_text(meant.within_s)}" if is_live(each) else ASSUMED_TARGET,
        **({"patience": patience} if patience else {}),
        **({"priority": each.priority} if each.priority else {}),
    }


def _ahead(
    each: StreamFits, arrivals: Mapping[str, Any], first: datetime.date, last: datetime.date
) -> dict[str, Any]:
    """The arrivals of days ahead: what was special about days of the past is not for them.

    Months are, and holidays as far as past ones tell of them.
    """
    found = {key: value for key, value in arrivals.items() if key != "special_days"}
    parts = each.arrivals.parts
    known = {day.date: day.factor for day in parts.holidays(first, last) if day.factor is not None}
    spans = parts.month.spans(first, last, known)
    return {**found, "special_days": spans} if spans and "by_interval" in found else found


def _expected(fitted: Fitted, each: StreamFits, ahead: tuple[int, int]) -> dict[str, Any]:
    parts, loadings = each.arrivals.parts, each.arrivals.loadings
    later = parts.levels.level.over(*ahead) if parts.levels else None
    day, interval = loadings or (None, None)
    found = arrival_fragment(fitted.observed.grid, parts, day, interval, later)
    first, last = (fitted.observed.period.last + datetime.timedelta(days) for days in ahead)
    return _ahead(each, found, first, last)


def _as_came(counts: Ints, dates: list[datetime.date]) -> dict[str, Any]:
    """The contacts of days that were, whose counts are known: spread within each interval by chance."""
    from scenarios.week import DAY_NAMES

    step_s = 86_400 // counts.shape[1]
    days = {DAY_NAMES[date.weekday()]: [int(n) for n in day] for date, day in zip(dates, counts, strict=True)}
    days = {name: day for name, day in days.items() if any(day)}
    if not days:
        return {"rate": "0 per hour"}
    return {"by_interval": {"from": "00:00", "step": duration_text(step_s), **days}}


def team_names(teams: tuple[Team, ...]) -> list[str]:
    return ["team"] if len(teams) == 1 else [f"team {i + 1}" for i in range(len(teams))]


def _group(fitted: Fitted, team: Team, profile: dict[str, Any]) -> dict[str, Any]:
    takes = {} if fitted.by_priority or len(team.streams) == 1 else {"takes": "longest_wait"}
    return {"skills": [list(team.streams)], **takes, **_chats(fitted, team), "agents": profile}


def _chats(fitted: Fitted, team: Team) -> dict[str, Any]:
    """How many chats at once, for a team that takes any; that they take no longer then is assumed."""
    chats = fitted.observed.chats
    takes = any(each.stream.channel == CHAT for each in fitted.streams if each.stream.name in team.streams)
    if chats is None or not takes or chats.most < 2:
        return {}
    return {"concurrency": {"chats": chats.most, "slowdown": [1.0] * chats.most}}


def _usual_groups(fitted: Fitted, meant: Meant) -> dict[str, dict[str, Any]]:
    observed, staff = fitted.observed, fitted.observed.staff
    if staff is None:
        return {f"team {name}": group for name, group in _assumed(fitted).items()}
    usual = usual_days(fitted)
    found = {}
    for name, team, heads in zip(team_names(staff.teams), staff.teams, staff.heads, strict=True):
        week = usual_week(heads, observed.grid.days, usual)
        profile = agents_profile(week, observed.grid.interval_s)
        if profile:
            found[name] = _group(fitted, team, profile)
    served = {stream for group in found.values() for stream in group["skills"][0]}
    return found | {f"team {name}": group for name, group in _assumed(fitted).items() if name not in served}


def usual_days(fitted: Fitted) -> Bools:
    """[day]: those that are usual for the largest stream."""
    found: Bools = fitted.streams[0].arrivals.parts.usual
    return found


def _assumed(fitted: Fitted) -> dict[str, dict[str, Any]]:
    """A group for each stream, as large as its load asks for: where the export shows nobody at work on it."""
    found = {}
    for each in fitted.streams:
        parts = each.arrivals.parts
        if not parts.width:
            continue
        mean = mean_s(handle_time(fitted, each, fitted.ahead))
        profile = assumed_agents(parts.profile(), mean, fitted.observed.grid.interval_s)
        if profile:
            found[each.stream.name] = {"skills": [each.stream.name], "agents": profile}
    return found


def uncertain(fitted: Fitted, ahead: tuple[int, int], with_arrivals: bool = True) -> dict[str, str]:
    """Relative standard errors by path: how far each number of the scenario may be off."""
    errors = dict[str, float]()
    if with_arrivals:
        errors |= _level_errors(fitted, ahead)
    for each in fitted.streams:
        name = each.stream.name
        if with_arrivals:
            errors |= _busyness_errors(each)
        errors[f"streams.{name}.handle_time"] = math.hypot(
            _relative(each.handle_time, "mean"), length_ahead(each, ahead).cv
        )
        errors[f"queues.{name}.patience"] = _relative(each.patience, "mean", "tail_mean")
    return {path: f"{min(error, _MOST_ERROR):.2%}" for path, error in errors.items() if error >= 0.0005}


def _level_errors(fitted: Fitted, ahead: tuple[int, int]) -> dict[str, float]:
    """How far the levels of the days ahead may be off: in common, and each stream's own.

    What days have in common, levels are taken to have in common as well.
    """
    levels = {
        each.stream.name: each.arrivals.parts.levels.level.over(*ahead).cv
        for each in fitted.streams
        if each.arrivals.parts.levels
    }
    levels = {name: widened(cv, fitted.observed.period.days) for name, cv in levels.items()}
    common = _common_level(fitted, levels)
    own = {name: math.sqrt(max(cv**2 - common**2, 0.0)) for name, cv in levels.items()}
    return {"arrivals": common} | {f"streams.{name}.arrivals": cv for name, cv in own.items()}


def _common_level(fitted: Fitted, levels: Mapping[str, float]) -> float:
    """The part of the levels' errors that all streams share; not more than the least of the large ones."""
    shares = [
        (each.stream.contacts, each.arrivals.loadings.day.correlation, levels[each.stream.name])
        for each in fitted.streams
        if each.arrivals.loadings and each.stream.name in levels
    ]
    if len(shares) < 2:
        return 0.0
    contacts, correlation, errors = (np.array(column, float) for column in zip(*shares, strict=True))
    together = float(contacts @ np.nan_to_num(correlation)) / float(contacts.sum())
    return math.sqrt(together) * float(errors[contacts >= 0.1 * contacts.sum()].min())


def _busyness_errors(each: StreamFits) -> dict[str, float]:
    parts = each.arrivals.parts
    path = f"streams.{each.stream.name}.arrivals"
    written = each.arrivals.arrivals.get("busyness", {})
    return {
        f"{path}.busyness.{level}.cv": spread.se / spread.cv
        for level, spread in (("day", parts.day), ("interval", parts.interval))
        if level in written and spread.cv > 0 and math.isfinite(spread.se)
    }


def _relative(fit: Fit | None, *names: str) -> float:
    """The relative standard error of the first of these parameters that the fit has; 0 for none."""
    for parameter in fit.parameters if fit and fit.distribution else ():
        if parameter.name in names and parameter.value > 0 and np.isfinite(parameter.se):
            return min(parameter.se / parameter.value, _MOST_ERROR)
    return 0.0
