"""The scenario as a file for people: the same data, with a comment on where each number comes from.

Every comment names n, the period and the 95 % interval; what no export tells is a default marked ASSUMED.
"""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from textwrap import wrap
from typing import Any, Final, NamedTuple

from calibration.fits.fit import Fit, Parameter
from calibration.fits.intervals import share_interval
from calibration.fits.month_parts import MonthParts
from calibration.fits.wording import interval_words, number_words, seconds_words
from calibration.fitted import Fitted, StreamFits
from calibration.observe.cases import Share
from calibration.observed import Staff
from calibration.scenario import length_ahead
from scenarios.problems import Place
from scenarios.safe_text import on_one_line
from scenarios.units import duration_text
from scenarios.yaml_out import WIDTH, yaml_lines

ASSUMED: Final = "ASSUMED"
_SECTIONS: Final = ("calendar", "streams", "queues", "groups", "uncertainty", "run")


class Origin(NamedTuple):
    """Where the numbers come from: names of the files, the format, rows read and set aside."""

    files: tuple[str, ...]
    format: str
    rows: int
    set_aside: int
    silent: tuple[str, ...]


def scenario_text(data: dict[str, Any], fitted: Fitted, origin: Origin) -> str:
    """The YAML text of a scenario made of a fit."""
    comments = _comments(fitted, origin)
    lines = [*_wrapped("", _head(fitted, origin)), ""]
    for line in yaml_lines(data):
        top = len(line.place) == 1
        if top and line.place[0] in _SECTIONS and lines[-1]:
            lines.append("")
        indent = "  " * (len(line.place) - 1)
        lines += _wrapped(indent, comments.pop(line.place, ()))
        lines.append(line.text)
    return "\n".join([*lines, ""])


def _wrapped(indent: str, paragraphs: Sequence[str]) -> list[str]:
    start = f"{indent}# "
    return [
        line
        for each in paragraphs
        for line in wrap(
            " ".join(on_one_line(each).split()), WIDTH, initial_indent=start, subsequent_indent=start,
            break_long_words=False, break_on_hyphens=False,
        )
    ]  # fmt: skip


def _head(fitted: Fitted, origin: Origin) -> list[str]:
    aside = f", {origin.set_aside:,} set aside" if origin.set_aside else ""
    special = sorted({day.date for each in fitted.streams for day in each.arrivals.parts.special})
    left_out = [day.isoformat() for day in special[:20]] + (["..."] if len(special) > 20 else [])
    return [
        f"Calibrated by careloop on {fitted.observed.period}, from {', '.join(origin.files)} "
        f"({origin.format}; {origin.rows:,} rows{aside}).",
        "Each number has its source, n and 95 % interval beside it; what the export cannot tell is marked "
        f"{ASSUMED}: replace it.",
        f"The export cannot tell: {'; '.join(origin.silent)}." if origin.silent else "",
        f"Not in the profiles, since unlike their weekday: {', '.join(left_out)}." if left_out else "",
        *_about_holidays(fitted.unknown_holidays()),
    ]


def _about_holidays(unknown: Mapping[datetime.date, str]) -> Iterator[str]:
    if unknown:
        listed = ", ".join(f"{day} ({name})" for day, name in unknown.items())
        yield (
            "Holidays among the days ahead that are taken as usual days, since no open holiday in the period "
            f"tells what they will be like: {listed}. {ASSUMED}: give them factors in `special_days`."
        )


def _comments(fitted: Fitted, origin: Origin) -> dict[Place, Sequence[str]]:
    """Comments by the place before which they stand."""
    found: dict[Place, Sequence[str]] = {
        ("service_level",): [f"{ASSUMED}: which formula your shop uses (docs/scenario.md)"],
        ("streams",): [*_about_repeats(fitted), *_about_cases(fitted)],
        ("groups",): [*_about_staff(fitted.observed.staff), *_about_chats(fitted), *_about_agents(fitted)],
        ("uncertainty",): [
            "Relative standard errors of the fitted numbers, drawn anew for each replication: levels grow "
            "more uncertain with the days ahead. `run: {uncertainty: off}` leaves chance alone."
        ],
    }
    for each in fitted.streams:
        name = each.stream.name
        found[("streams", name)] = [_about_stream(each)]
        found[("streams", name, "arrivals")] = [_about_arrivals(each)]
        found[("streams", name, "arrivals", "special_days")] = [*_about_special(fitted, each)]
        found[("streams", name, "handle_time")] = [_about_handle_time(fitted, each)]
        found[("streams", name, "handle_time_by_day")] = [_about_days(each)]
        found[("streams", name, "handle_time_by_weekday")] = [
            "Weekdays further apart than days are by chance (F test at 1 %), shrunk to their mean by what "
            "chance leaves."
        ]
        found[("queues", name, "target")] = [f"{ASSUMED}: your target"]
        found[("queues", name, "patience")] = [_about_patience(each)]
        found[("queues", name, "priority")] = ["Others were seen going before it, and it before nobody."]
    return found


def _about_stream(each: StreamFits) -> str:
    kinds = ", ".join(each.stream.kinds[:6]) + (" ..." if len(each.stream.kinds) > 6 else "")
    return f"{each.stream.contacts:,} contacts; in the export: {kinds}"


def _about_arrivals(each: StreamFits) -> str:
    known = {parameter.name: parameter for parameter in each.arrivals.fit.parameters}
    words = [f"{name} {_interval(known[name])}" for name in known if not name.startswith("contacts on")]
    written = (
        " The busyness of days below is all that days ahead may be off by: their own factor, the level's "
        "wandering, the errors of weekdays and of parts of the month."
        if each.arrivals.ahead
        else ""
    )
    told = f"{each.arrivals.fit.n:,} contacts on usual days; {'; '.join(words)}."
    return told + written + _beware(each.arrivals.fit)


def _about_special(fitted: Fitted, each: StreamFits) -> Iterator[str]:
    parts = each.arrivals.parts
    if parts.month.months:
        yield _about_month(parts.month)
    for day in fitted.holidays_of(each):
        if day.factor is not None:
            past = ", ".join(f"{one.name} {one.date}: {one.factor:.2f}" for one in day.like[:4])
            more = f" and {len(day.like) - 4} more" if len(day.like) > 4 else ""
            guess = "" if day.name in (one.name for one in day.like) else f" {ASSUMED}: none has its name."
            yield (
                f"{day.date} is {day.name}: {day.factor:.2f} times usual, as past ones ({past}{more})."
                f"{guess} {ASSUMED}: as many people as on usual days."
            )


def _about_month(month: MonthParts) -> str:
    return (
        f"Parts of the month, as {month.months} months have them in common; each to {month.error:.1%} "
        "(standard error). What a stream shows is shrunk towards what all streams do together."
    )


def _interval(given: Parameter) -> str:
    return interval_words(given.value, given.low, given.high, given.unit)


def _about_handle_time(fitted: Fitted, each: StreamFits) -> str:
    fit, staff = each.handle_time, fitted.observed.staff
    if fit is None:
        return f"{ASSUMED}: the export has no handle times above 0"
    numbers = "; ".join(f"{parameter.name} {_interval(parameter)}" for parameter in fit.parameters)
    own = (
        f" {number_words(staff.own_time_s)} s of the agents' own time after a contact are added, which the "
        "export does not have."
        if staff and staff.own_time_s >= 0.05
        else ""
    )
    ahead = length_ahead(each, fitted.ahead)
    level = (
        f" In the days ahead it is expected to be {ahead.factor:.3g} times that (standard error "
        f"{ahead.cv:.1%})."
        if each.long_days.level
        else ""
    )
    return f"{fit.family}, n = {fit.n:,}: {numbers}.{own}{level}{_beware(fit)}"


def _about_days(each: StreamFits) -> str:
    return f"Over {each.long_days.days} days: {_interval(each.long_days.cv)}"


def _about_patience(each: StreamFits) -> str:
    fit = each.patience
    if fit is None:
        return f"{ASSUMED}: the export has no waits"
    numbers = "; ".join(f"{parameter.name} {_interval(parameter)}" for parameter in fit.parameters)
    return f"{fit.family}, {fit.n:,} who waited: {numbers}.{_beware(fit)}"


def _beware(fit: Fit) -> str:
    return "".join(f" Beware: {each.text}." for each in fit.cautions[:4])


def _about_staff(staff: Staff | None) -> list[str]:
    if staff is not None and not any(team.agents for team in staff.teams):
        return ["People as the export has them, mean of usual days; a team a stream."]
    if staff is None:
        return [
            f"{ASSUMED}: the export shows nobody at work. A team a stream, as large as its load asks for at "
            "80 % occupancy, and one more."
        ]
    hours = staff.heads.sum() * 24.0 / staff.heads.shape[2]
    return [
        f"People as they were seen at work, mean of usual days; {hours:,.0f} hours in the period. An export "
        "shows nobody who is without a contact: between two contacts an agent counts as absent if people "
        f"whom it might have taken waited for more than {duration_text(staff.rule.away_s)} of it, or if it "
        f"lasted more than {duration_text(staff.rule.unseen_s)}. Teams are agents who take the same streams.",
        "Pay and shrinkage are not in the export: add `pay` and `shrinkage` for costs.",
    ]


def _about_chats(fitted: Fitted) -> Iterator[str]:
    chats = fitted.observed.chats
    if chats is not None and chats.most >= 2:
        yield (
            f"Agents had {number_words(chats.mean)} chats at once on average, {chats.most} at most but for a "
            f"hundredth of the time ({number_words(chats.hours.sum())} hours with chats). {ASSUMED}: "
            "`slowdown`, that a chat takes no longer beside others."
        )


def _about_agents(fitted: Fitted) -> Iterator[str]:
    fit = fitted.agents
    if fit is not None:
        yield (
            f"Mean handle times of agents differ: cv {_interval(fit.parameter('cv'))}, over {fit.n:,} "
            "contacts, streams alike. A group has one `speed`; give the quick one of their own where that "
            "matters."
        )


def _about_repeats(fitted: Fitted) -> Iterator[str]:
    repeats = fitted.observed.repeats
    if repeats is None:
        return
    for whose, again, within in (
        ("those who gave up", repeats.retries, "an hour"),
        ("those handled", repeats.repeats, "7 days"),
    ):
        if again.contacts:
            yield f"Of {whose} {_share(Share(again.again, again.contacts))} came again within {within}."
    yield "Who came again is in the counts, so there is no `retry`: it would count them twice."


def _about_cases(fitted: Fitted) -> Iterator[str]:
    cases = fitted.observed.cases
    for label, mix in (("Severities", cases.severities), ("Causes", cases.causes)):
        total = sum(n for _, n in mix)
        if total:
            parts = ", ".join(f"{name} {n / total:.1%}" for name, n in mix[:8])
            others = f", and {len(mix) - 8} others" if len(mix) > 8 else ""
            yield f"{label}, as tagged ({total:,}): {parts}{others}."
    for label, share in (("Transferred", cases.transferred), ("Reopened", cases.reopened)):
        if share.of:
            yield f"{label}: {_share(share)}."
    for name, fit in fitted.resolution.items():
        yield f"Time to resolution, {name}: {_about_time(fit)}."


def _about_time(fit: Fit) -> str:
    """The mean with its interval, and where nine in ten are done."""
    p90 = dict(fit.goodness).get("p90_observed_s")
    late = "" if p90 is None else f", 90% within {seconds_words(p90)}"
    return f"mean {_interval(fit.parameter('mean'))}{late}, n = {fit.n:,} ({fit.family})"


def _share(share: Share) -> str:
    found, low, high = share_interval(share.hits, share.of)
    return f"{found:.2%} ({low:.2%} to {high:.2%}, n = {share.of:,})"
