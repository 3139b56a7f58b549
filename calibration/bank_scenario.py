"""A day of the bank as a scenario: plain data for Python, and a commented file for people."""

from collections.abc import Iterator
from textwrap import wrap
from typing import Any, Final

from calibration.bank_day import THRESHOLD_S, Day, Team
from calibration.bank_seen import CLOSE_S, OPEN_S
from calibration.fits.quantile_points import empirical
from calibration.fits.waiting_curve import Patience
from scenarios.units import duration_text, plain_number
from scenarios.yaml_out import WIDTH, yaml_text

CREDIT: Final = "Data: Anonymous Bank, Technion, free for use with acknowledgement to A. Mandelbaum"


def scenario_data(day: Day) -> dict[str, Any]:
    """The scenario as a map that ``scenarios.from_dict`` takes."""
    calendar = {"start": day.date.isoformat(), "days": 1, "time_zone": "Asia/Jerusalem", "interval": "30 min"}
    names = [stream.name for stream in day.streams] if day.choices.skills else ["phone"]
    return {
        "careloop": 1,
        "name": f"A bank's call centre, {day.date:%A} {day.date}",
        "description": f"One day as observed. {CREDIT}.",
        "service_level": "offered",
        "calendar": calendar,
        "streams": {
            stream.name: {
                "queue": stream.name if day.choices.skills else "phone",
                "arrivals": {"by_interval": _profile(day, stream.counts)},
                "handle_time": empirical(stream.handle_time),
            }
            for stream in day.streams
        },
        "queues": {name: _queue(day) for name in names},
        "groups": {team.name: _group(day, team) for team in day.teams},
        "run": {"replications": 30, "seed": 1},
    }


def _queue(day: Day) -> dict[str, object]:
    return {"target": f"80% in {THRESHOLD_S} s", "patience": patience_data(day.patience)}


def patience_data(found: Patience) -> dict[str, object]:
    """A patience as a scenario has it."""
    return {**empirical(found.quantiles), "balk": f"{plain_number(round(100 * found.balk, 2))}%"}


def _group(day: Day, team: Team) -> dict[str, object]:
    """One team for the one line, or teams that take the longest wait of what they know."""
    agents = {"agents": _profile(day, team.agents)}
    if not day.choices.skills:
        return {"skills": ["phone"], **agents}
    return {"skills": [list(team.streams)], "takes": "longest_wait", **agents}


def _profile(day: Day, numbers: tuple[int, ...]) -> dict[str, object]:
    start = f"{OPEN_S // 3600:02}:00"
    return {"from": start, "step": duration_text(day.choices.window_s), "daily": list(numbers)}


def scenario_text(day: Day, source: str) -> str:
    """The file: the same data, with a comment on where each number comes from."""
    comments = dict(_comments(day, source))
    lines = [*_remarks("", comments.pop("")), ""]
    for line in yaml_text(scenario_data(day)).splitlines():
        key = line.split(":")[0]
        indent = key[: len(key) - len(key.lstrip())]
        lines += ["", *_remarks(indent, comments.pop(key))] if key in _SECTIONS else []
        lines += _remarks(indent, comments.pop(key, []))
        lines.append(line)
    return "\n".join([*lines, ""])


def _remarks(indent: str, paragraphs: list[str]) -> list[str]:
    """Comment lines of the usual width."""
    start = f"{indent}# "
    return [
        line
        for each in paragraphs
        for line in wrap(each, WIDTH, initial_indent=start, subsequent_indent=start)
    ]


_SECTIONS: Final = ("calendar", "streams", "queues", "groups", "run")


_Comments = Iterator[tuple[str, list[str]]]


def _comments(day: Day, source: str) -> _Comments:
    """Comments by the key before which they stand, with its indentation; "" is the head of the file."""
    yield "", list(_head(day, source))
    yield "calendar", []
    yield "streams", [" ".join(_about_streams(day))]
    for each in day.streams:
        agent_s = each.service_s + day.after_call_s
        means = f"mean service {each.service_s:.0f} s, mean agent time {agent_s:.0f} s"
        yield f"  {each.name}", [f"{sum(each.counts):,} calls, {means}"]
    yield "queues", [" ".join(_about_patience(day))]
    yield "groups", [" ".join(_about_agents(day))]
    yield "run", []


def _head(day: Day, source: str) -> Iterator[str]:
    yield f"{day.date:%A} {day.date} of a bank's call centre, as its export says it."
    yield f"{CREDIT}."
    yield f"Source: {source}, by python -m calibration.bank_day; what happened is in observed.csv."
    yield f"Not counted: {', '.join(f'{n} {reason}' for reason, n in day.left_out)}."


def _about_streams(day: Day) -> Iterator[str]:
    window = duration_text(day.choices.window_s)
    yield f"Calls that asked for an agent, by the {window} in which they left the menu; retries are in them."
    yield "Handle time is service as recorded (calls of a few seconds, a known defect, are in it) plus the"
    yield f"time until the next call where somebody waited all along: {day.after_call_s:.1f} s on average,"
    yield "taken as independent of the service. The last quantile is chosen to keep the mean."


def _about_patience(day: Day) -> Iterator[str]:
    yield "Patience is the product-limit estimate (Kaplan and Meier 1958): who was answered would have waited"
    yield f"longer. Observations tell the first {day.patience.seen:.0%}; beyond, callers give up at the"
    yield f"constant rate of those who had waited a minute, one in {day.patience.tail_s:.0f} s. balk: gave up"
    yield "in the second in which they joined."


def _about_agents(day: Day) -> Iterator[str]:
    window, rule, then = duration_text(day.choices.window_s), day.choices.rule, day.while_waited
    hours = sum(each.agents_seen for each in day.intervals) * (CLOSE_S - OPEN_S) / len(day.intervals) / 3600
    yield "A guess, and the weakest part: an export shows nobody who is without a call. People seen at work"
    yield f"by {window}, {hours:.1f} hours in all. Between two calls an agent counts as absent if callers"
    yield f"waited for more than {duration_text(rule.away_s)} of it, or if it lasted more than"
    yield f"{duration_text(rule.unseen_s)}. While somebody waited, {then.at_work:.1f} people were at work by"
    yield f"this rule, and {then.busy:.1f} busy."
