"""What went in, in words: the horizon, the streams, the queues and the groups of a scenario."""

import datetime
from collections.abc import Iterator
from typing import Final

from reports.life_assumptions import Table, life_tables
from reports.rules_assumed import group_rules, queue_rules
from reports.wording import duration_text, money_text, number_text, plain, share_text
from scenarios.day_factors import MONTHS, DayFactors, SpecialDay
from scenarios.model import Distribution, Group, Queue, Scenario, Shrinkage, Stream
from scenarios.shifts import duty_steps, paid_break_steps
from scenarios.uncertain_numbers import drawn_errors, says_of
from scenarios.week import week_total
from scenarios.weekday_factors import written

_END: Final = {
    "drain": "Contacts in hand and in line at the end are finished after it.",
    "cut": "The run is cut at its end; what is in hand or in line then stays open.",
}
_AT_CLOSING: Final = {
    "serve": "who waits is served",
    "clear": "who waits is sent away",
    "hold": "who waits is kept until opening",
}
_TAKES: Final = {
    "longest_wait": "Takes who has waited longest",
    "weighted_wait": "Takes who has waited longest, by weight",
    "ageing": "Takes the highest priority, with what it has gained by waiting",
}
_LISTED: Final = 12  # more days than these are counted instead
_HOURS_A_WEEK: Final = 168.0


def horizon(scenario: Scenario) -> str:
    """When, where and how finely."""
    calendar, run = scenario.calendar, scenario.run
    days = f"{calendar.days:,} day{'s' if calendar.days != 1 else ''}"
    warm_up = (
        f" The first {duration_text(run.warm_up_s)} warm up and are not counted." if run.warm_up_s else ""
    )
    return (
        f"{days} from {calendar.start.isoformat()}, local time of {calendar.time_zone}, in intervals of "
        f"{duration_text(calendar.interval)}.{_holidays(scenario)}{warm_up} {_END[run.end]}"
    )


def _holidays(scenario: Scenario) -> str:
    """The holidays within the horizon; of many, how many."""
    first = scenario.calendar.start
    last = first + datetime.timedelta(days=scenario.calendar.days - 1)
    inside = [day.isoformat() for day in scenario.calendar.holidays if first <= day <= last]
    if not inside:
        return ""
    listed = ", ".join(inside) if len(inside) <= _LISTED else f"{len(inside)} days"
    return f" Holidays: {listed}; as Sundays where nothing is said of them."


def tables(scenario: Scenario) -> list[Table]:
    """Streams, queues and groups, and what is uncertain where it is drawn."""
    return [
        Table(
            "Streams",
            ("Stream", "Queue", "Contacts in a standard week", "Handle time", "Busyness", "Days that differ"),
            tuple(_stream(name, each) for name, each in scenario.streams.items()),
        ),
        Table(
            "Queues",
            ("Queue", "Channel", "Open in a week", "Patience", "Rules"),
            tuple(_queue(name, scenario) for name in scenario.queues),
        ),
        Table(
            "Groups",
            ("Group", "Skills, in order", "Seats wanted, a week", "Paid hours, a week", "Pay", "Rules"),
            tuple(_group(name, each) for name, each in scenario.groups.items()),
        ),
        *life_tables(scenario),
        *_uncertain(scenario),
    ]


def _uncertain(scenario: Scenario) -> Iterator[Table]:
    """The numbers that each replication draws anew, with their standard errors."""
    errors = drawn_errors(scenario)
    if errors:
        rows = tuple((path, says_of(path), share_text(error)) for path, error in errors.items())
        heads = ("Number", "What it is", "Standard error, of itself")
        yield Table("Uncertain numbers, drawn anew in each replication", heads, rows)


def distribution_text(times: Distribution | None) -> str:
    """A distribution by its name, mean and spread."""
    if times is None:
        return "none: nobody gives up"
    parts = [f"{times.kind}, mean {duration_text(times.mean_s)}"]
    parts += [f"cv {plain(times.cv)}"] if times.cv is not None else []
    parts += [f"shape {plain(times.shape)}"] if times.shape is not None else []
    parts += [f"{times.k} phases"] if times.k is not None else []
    parts += [f"{len(times.phases)} phases"] if times.phases else []
    parts += [f"{share_text(times.balk)} leave at once"] if times.balk else []
    return ", ".join(parts)


def contacts_a_week(stream: Stream) -> float:
    """Contacts expected in a standard week."""
    waves = stream.arrivals.sinusoid
    return waves.mean_per_hour * _HOURS_A_WEEK if waves else week_total(stream.arrivals.steps)


def hours_a_week(group: Group) -> float:
    """Seats wanted in a standard week: hours at work."""
    return week_total(group.agents if group.agents is not None else tuple(duty_steps(group.shifts or ())))


def paid_hours_a_week(group: Group) -> float:
    """Hours paid in a standard week: those at work and paid breaks, grossed up by shrinkage."""
    breaks = week_total(tuple(paid_break_steps(group.shifts or ())))
    return (hours_a_week(group) + breaks) * group.shrinkage.gross_up


def _stream(name: str, stream: Stream) -> tuple[str, ...]:
    arrivals, volume = stream.arrivals, contacts_a_week(stream)
    backlog = f", {stream.backlog:,} waiting at the start" if stream.backlog else ""
    levels = (("days", arrivals.busyness.day), ("intervals", arrivals.busyness.interval))
    busyness = ", ".join(f"{what} cv {share_text(level.cv)}" for what, level in levels if level.cv)
    wrap_up = f", {share_text(stream.wrap_up)} of it wrap-up" if stream.wrap_up else ""
    length = stream.handle_time_by_day.cv
    by_day = f"; days cv {share_text(length)}" if length else ""
    by_day += "".join(
        f"; {day} × {plain(each)}" for day, each in written(stream.handle_time_by_weekday).items()
    )
    return (
        name,
        stream.queue,
        f"{number_text(volume, 0)}{backlog}",
        distribution_text(stream.handle_time) + wrap_up + by_day,
        busyness or "chance alone",
        "; ".join(_days_that_differ(arrivals.day_factors)) or "–",
    )


def _days_that_differ(factors: DayFactors) -> Iterator[str]:
    """Trend, months and special days."""
    if factors.trend is not None:
        since = f" since {factors.trend.since.isoformat()}" if factors.trend.since else ""
        yield f"{(factors.trend.yearly - 1) * 100:+.3g} % a year{since}"
    if factors.months:
        named = zip(MONTHS, factors.months, strict=True)
        yield ", ".join(f"{name} × {plain(factor)}" for name, factor in named if factor != 1)
    days = [f"{_span(each)} × {plain(each.factor)}" for each in factors.special_days]
    if days:
        yield ", ".join(days) if len(days) <= _LISTED else f"{len(days)} special days"


def _span(special: SpecialDay) -> str:
    return " to ".join(dict.fromkeys(day.isoformat() for day in special[:2]))


def _queue(name: str, scenario: Scenario) -> tuple[str, ...]:
    queue = scenario.queues[name]
    hours = "always" if queue.hours is None else f"{plain(week_total(queue.hours))} h"
    return (
        name,
        queue.channel,
        hours,
        distribution_text(queue.patience),
        ". ".join(_queue_rules(queue)) or "–",
    )


def _queue_rules(queue: Queue) -> Iterator[str]:
    if queue.hours is not None:
        yield f"At closing {_AT_CLOSING[queue.at_closing]}"
    if queue.priority:
        yield f"Priority {queue.priority:+d}"
    if queue.capacity is not None:
        yield f"{queue.capacity:,} waiting places"
    if queue.retry is not None:
        lost = " or ".join(queue.retry.of)
        after = duration_text(queue.retry.after.mean_s)
        yield f"{share_text(queue.retry.share)} of the {lost} try again after {after} on average"
    if queue.overflow is not None:
        yield f"After {duration_text(queue.overflow.after_s)} to {queue.overflow.to}"
    if queue.interruptible:
        yield "Work may be interrupted"
    yield from queue_rules(queue)


def _group(name: str, group: Group) -> tuple[str, ...]:
    skills = ", ".join(" = ".join(tie) for tie in group.skills)
    hours, paid = hours_a_week(group), paid_hours_a_week(group)
    pay = f"{money_text(group.pay.amount_per_hour, group.pay.currency)}/h" if group.pay else "–"
    wanted, gross = f"{number_text(hours, 0)} h", f"{number_text(paid, 0)} h"
    return (name, skills, wanted, gross, pay, ". ".join(_group_rules(group)) or "–")


def _group_rules(group: Group) -> Iterator[str]:
    if group.concurrency is not None:
        slower = ", ".join(plain(each) for each in group.concurrency.slowdown)
        yield f"Up to {group.concurrency.chats} chats at once, each taking {slower} times as long"
    if group.speed != 1:
        yield f"Works {plain(group.speed)} times as fast"
    if group.takes in _TAKES:
        yield _TAKES[group.takes]
    if group.idle == "random":
        yield "Anyone who is idle takes the next contact"
    if group.shrinkage.total:
        yield _shrinkage_text(group.shrinkage)
    breaks = sum(len(shift.breaks) for shift in group.shifts or ())
    if breaks:
        yield f"{breaks} break{'s' if breaks > 1 else ''} in the shifts"
    yield from group_rules(group)


def _shrinkage_text(shrinkage: Shrinkage) -> str:
    """The total, and what it is made of by which rule."""
    total = f"{plain(round(shrinkage.total * 100, 1))} % of paid time not at work"
    if not shrinkage.components:
        return total
    parts = ", ".join(f"{name} {share_text(share)}" for name, share in shrinkage.components)
    rule = {"multiply": "each of what the others leave", "add": "added up"}[shrinkage.combine]
    return f"{total} ({parts}; {rule})"
