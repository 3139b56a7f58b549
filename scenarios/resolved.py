"""A scenario -> canonical YAML text that reads back to an equal scenario and needs no other file.

Every value is written out, with its unit, in the order of the model; profiles that came from a volume
or from a CSV file are written as numbers.
"""

from itertools import pairwise
from typing import Any

from scenarios.arrivals import Arrivals, Busyness, Level, Sinusoid
from scenarios.day_factors import MONTHS, DayFactors, SpecialDay, Trend
from scenarios.model import (
    Break,
    Calendar,
    Group,
    Overflow,
    Queue,
    Retry,
    Run,
    Scenario,
    Shift,
    Shrinkage,
    Stream,
    Target,
)
from scenarios.resolved_life import life_of_group, life_of_queue, life_of_stream, life_written
from scenarios.resolved_money import money_sections
from scenarios.resolved_plan import plan_written
from scenarios.resolved_values import (
    bare,
    by_day,
    distribution_written,
    hours_written,
    pay_written,
    window_of,
    without_absent,
)
from scenarios.targets import goal_text, when_text
from scenarios.units import duration_text, rate_text, share_text
from scenarios.week import (
    WeekSteps,
    Window,
    clock_text,
    day_name,
    window_text,
)
from scenarios.weekday_factors import written
from scenarios.yaml_out import yaml_text

Written = dict[str, Any]


def resolved(scenario: Scenario) -> str:
    """Return the canonical text of a scenario; ``scenarios.loads`` of it gives an equal scenario."""
    return yaml_text(plain_data(scenario))


def plain_data(scenario: Scenario) -> Written:
    """Return a scenario as the plain data of its canonical text: maps, lists, text, numbers."""
    return without_absent(
        {
            "careloop": 1,
            "name": scenario.name,
            "description": scenario.description or None,
            "service_level": scenario.service_level,
            "calendar": _calendar(scenario.calendar),
            "streams": {name: _stream(each) for name, each in scenario.streams.items()},
            "queues": {name: _queue(each) for name, each in scenario.queues.items()},
            "groups": {name: _group(each) for name, each in scenario.groups.items()},
            "targets": [goal_text(goal) for goal in scenario.targets] or None,
            "uncertainty": {path: share_text(each) for path, each in scenario.uncertainty.items()} or None,
            **life_written(scenario),
            **plan_written(scenario),
            **money_sections(scenario),
            "run": {**_run(scenario.run), **_uncertain(scenario)},
        }
    )


def _calendar(calendar: Calendar) -> Written:
    return without_absent(
        {
            "start": calendar.start.isoformat(),
            "days": calendar.days,
            "holidays": [day.isoformat() for day in calendar.holidays] or None,
            "time_zone": calendar.time_zone,
            "interval": duration_text(calendar.interval),
            "hours": {name: hours_written(steps) for name, steps in calendar.hours.items()} or None,
        }
    )


def _stream(stream: Stream) -> Written:
    return without_absent(
        {
            "queue": stream.queue,
            "arrivals": _arrivals(stream.arrivals),
            "handle_time": distribution_written(stream.handle_time),
            "wrap_up": share_text(stream.wrap_up) if stream.wrap_up else None,
            "handle_time_by_day": _level(stream.handle_time_by_day),
            "handle_time_by_weekday": written(stream.handle_time_by_weekday) or None,
            "patience": distribution_written(stream.patience),
            "backlog": stream.backlog,
            **life_of_stream(stream),
        }
    )


def _arrivals(arrivals: Arrivals) -> Written:
    source = (
        {"sinusoid": _sinusoid(arrivals.sinusoid)}
        if arrivals.sinusoid is not None
        else {"by_interval": {"per": "hour", **profile_written(arrivals.steps)}}
    )
    return {**source, **_day_factors(arrivals.day_factors), "busyness": _busyness(arrivals.busyness)}


def _day_factors(factors: DayFactors) -> Written:
    return without_absent(
        {
            "trend": factors.trend and _trend(factors.trend),
            "months": dict(zip(MONTHS, map(bare, factors.months), strict=True)) if factors.months else None,
            "special_days": {_span(each): bare(each.factor) for each in factors.special_days} or None,
        }
    )


def _trend(trend: Trend) -> Written:
    since = trend.since and trend.since.isoformat()
    return without_absent({"factor": bare(trend.yearly), "since": since})


def _span(special: SpecialDay) -> str:
    return " to ".join(dict.fromkeys(day.isoformat() for day in special[:2]))


def _sinusoid(sine: Sinusoid) -> Written:
    return {
        "mean": rate_text(sine.mean_per_hour),
        "amplitude": rate_text(sine.amplitude_per_hour),
        "period": duration_text(sine.period_s),
        "phase": duration_text(sine.phase_s),
    }


def _busyness(busyness: Busyness) -> Written:
    return {"day": _level(busyness.day), "interval": _level(busyness.interval)}


def _level(level: Level) -> Written:
    return {"cv": share_text(level.cv), "correlation": share_text(level.correlation)}


def profile_written(steps: WeekSteps) -> Written:
    """Write weekly steps as lists where all days share one grid without gaps, else as windows."""
    if not steps:
        return {"daily": 0}
    grid = _grid(steps)
    if grid is None:
        return {
            day: {window_text(window_of(step)): bare(step.value) for step in each}
            for day, each in by_day(steps)
        }
    lists = {day: [bare(step.value) for step in each] for day, each in by_day(steps)}
    return {"from": clock_text(grid.start_s), "step": duration_text(grid.end_s - grid.start_s), **lists}


def _grid(steps: WeekSteps) -> Window | None:
    """Return the first interval of a grid that all days share, or None; a grid of one long step is none."""
    days = [each for _, each in by_day(steps)]
    lengths = {step.end_s - step.start_s for step in steps}
    starts = {each[0].start_s for each in days}
    joined = all(a.end_s == b.start_s for each in days for a, b in pairwise(each))
    length = lengths.pop() if len(lengths) == 1 else 0
    if not joined or len(starts) != 1 or not 60 <= length <= 3600 or 3600 % length:
        return None
    start = starts.pop()
    return Window(start, start + length)


def _queue(queue: Queue) -> Written:
    return without_absent(
        {
            "channel": queue.channel,
            "target": _target(queue.target),
            "service_level": queue.service_level,
            "short_abandon": duration_text(queue.short_abandon_s),
            "priority": queue.priority,
            "capacity": queue.capacity,
            "patience": distribution_written(queue.patience),
            "retry": _retry(queue.retry),
            "hours": hours_written(queue.hours),
            "at_closing": queue.at_closing,
            "overflow": _overflow(queue.overflow),
            "prefers": queue.prefers and _ranked(queue.prefers),
            "interruptible": queue.interruptible,
            **life_of_queue(queue),
        }
    )


def _target(target: Target | None) -> str | None:
    if target is None:
        return None
    asked = f"{share_text(target.share)} in {duration_text(target.within_s)}"
    return f"{asked} {when_text(target.period, target.probability)}"


def _retry(retry: Retry | None) -> Written | None:
    if retry is None:
        return None
    return without_absent(
        {
            "share": share_text(retry.share),
            "after": distribution_written(retry.after),
            "of": list(retry.of),
            "attempts": retry.attempts,
            "switch": {stream: share_text(each) for stream, each in retry.switch.items()} or None,
        }
    )


def _overflow(overflow: Overflow | None) -> Written | None:
    if overflow is None:
        return None
    moved = {"to": overflow.to, "after": duration_text(overflow.after_s)}
    return {**moved, "leaves_message": True} if overflow.leaves_message else moved


def _ranked(names: tuple[tuple[str, ...], ...]) -> list[str | list[str]]:
    return [tie[0] if len(tie) == 1 else list(tie) for tie in names]


def _group(group: Group) -> Written:
    at_once = group.concurrency
    return without_absent(
        {
            "skills": _ranked(group.skills),
            "agents": None if group.agents is None else profile_written(group.agents),
            "shifts": None if group.shifts is None else [_shift(shift) for shift in group.shifts],
            "speed": bare(group.speed),
            "concurrency": at_once
            and {
                "chats": at_once.chats,
                "slowdown": [bare(factor) for factor in at_once.slowdown],
                "route": at_once.route,
            },
            "takes": group.takes,
            "idle": group.idle,
            "pay": pay_written(group.pay),
            "shrinkage": _shrinkage(group.shrinkage),
            **life_of_group(group),
        }
    )


def _shrinkage(shrinkage: Shrinkage) -> str | Written:
    if not shrinkage.components:
        return share_text(shrinkage.total)
    parts = {name: share_text(each) for name, each in shrinkage.components}
    return {**parts, "combine": shrinkage.combine}


def _shift(shift: Shift) -> Written:
    return without_absent(
        {
            "agents": shift.agents,
            "days": ", ".join(map(day_name, shift.days)),
            "hours": window_text(Window(shift.start_s, shift.end_s)),
            "breaks": [_break(each) for each in shift.breaks] or None,
        }
    )


def _break(each: Break) -> Written:
    when: Written = {"at": clock_text(each.first_s)}
    if each.last_s != each.first_s:
        when = {"between": window_text(Window(each.first_s, each.last_s + each.length_s))}
    return {**when, "for": duration_text(each.length_s), "paid": each.paid}


def _run(run: Run) -> Written:
    return {
        "replications": run.replications,
        "seed": run.seed,
        "warm_up": duration_text(run.warm_up_s),
        "end": run.end,
        "half_width": _points(run.half_width),
        "max_replications": run.max_replications,
    }


def _uncertain(scenario: Scenario) -> Written:
    """Say whether uncertainty is on, where anything is uncertain."""
    return {"uncertainty": scenario.run.uncertainty} if scenario.uncertainty else {}


def _points(share: float) -> str:
    """Write a share in percentage points that read back as exactly the same number."""
    return (
        f"{share_text(share).removesuffix('%')} points" if share_text(share).endswith("%") else _exact(share)
    )


def _exact(share: float) -> str:
    return f"{share * 100.0!r} points"
