"""What went in, in words: the life of a case, one table for each part that a scenario has."""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from reports.promises import limit_text
from reports.wording import duration_text, money_text, plain, share_text
from scenarios.case_paths import SOLVED, PathStep
from scenarios.causes import avoidable_text
from scenarios.closing import Closing
from scenarios.incidents import Incident
from scenarios.model import Distribution, Scenario, Stream
from scenarios.routing import CONDITIONS, Rule
from scenarios.self_service import SelfService
from scenarios.severities import Severity
from scenarios.side_work import SideWork
from scenarios.tagging import Tagging
from scenarios.week import WeekSteps, week_total

_DASH: Final = "–"
_ON: Final = {"opened": "a case is opened", "solved": "a case is solved", "incident": "an incident is over"}


class Table(NamedTuple):
    """A table of words."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def life_tables(scenario: Scenario) -> Iterator[Table]:
    """Yield a table for each part of the life of a case that the scenario has."""
    tables = (
        Table(
            "What contacts bear",
            ("Stream", "Causes", "Severities", "Tiers", "Flags", "Path", "Self-service"),
            tuple(_bears(name, each) for name, each in scenario.streams.items() if _bears_any(each)),
        ),
        Table(
            "Severities",
            ("Severity", "Clock", "First response", "Resolution", "Updates"),
            tuple(_severity(name, each) for name, each in scenario.severities.items()),
        ),
        Table(
            "Causes",
            ("Cause", "Avoidable", "Handle time", "Severities", "Path"),
            tuple(
                (
                    name,
                    avoidable_text(each.avoidable),
                    f"× {plain(each.handle_time_factor)}",
                    mix_text(each.severities),
                    each.path or _DASH,
                )
                for name, each in scenario.causes.items()
            ),
        ),
        Table(
            "Tiers of accounts",
            ("Tier", "Accounts", "Each pays a year", "VIP"),
            tuple(
                (
                    name,
                    f"{each.accounts:,}",
                    money_text(each.arr, each.currency),
                    "yes" if each.vip else "no",
                )
                for name, each in scenario.tiers.items()
            ),
        ),
        Table("Flags", ("Flag", "Kind"), tuple(scenario.flags.items())),
        Table("Tagging", ("What", "How much"), tuple(_tagging(scenario.tagging))),
        Table(
            "Routing: the first rule that matches decides",
            ("Rule", "Contacts", "Queue"),
            tuple((f"routing[{n}]", _conditions(rule), rule.to) for n, rule in enumerate(scenario.routing)),
        ),
        Table(
            "Paths",
            ("Path", "Step", "Queue", "Handle time", "How it begins", "What comes next"),
            tuple(
                (name, step, *_step(each))
                for name, path in scenario.paths.items()
                for step, each in path.steps.items()
            ),
        ),
        Table("After a case is solved", ("What", "How often and when"), tuple(_closing(scenario.closing))),
        Table(
            "Side work",
            ("Work", "Queue", "Handle time", "When", "For which cases", "Due"),
            tuple(_side_work(name, each) for name, each in scenario.side_work.items()),
        ),
        Table(
            "Incidents",
            ("Incident", "Cause", "Starts", "Lasts", "More contacts", "Noticed", "Mended", "Status page"),
            tuple(_incident(name, each) for name, each in scenario.incidents.items()),
        ),
        Table("Outcomes of closed cases", ("What", "With a flawless case"), tuple(_outcomes(scenario))),
    )
    yield from (table for table in tables if table.rows)


def times(distribution: Distribution | None, absent: str = _DASH) -> str:
    """A distribution by its mean and its name."""
    if distribution is None:
        return absent
    return f"{duration_text(distribution.mean_s)} ({distribution.kind})"


def _bears_any(stream: Stream) -> bool:
    mixes = (stream.causes, stream.severities, stream.tiers, stream.flags)
    return any(mixes) or stream.path is not None or stream.self_service is not None


def _bears(name: str, stream: Stream) -> tuple[str, ...]:
    mixes = map(mix_text, (stream.causes, stream.severities, stream.tiers, stream.flags))
    return (name, *mixes, stream.path or _DASH, _self_service(stream.self_service))


def mix_text(shares: Mapping[str, float]) -> str:
    """Shares by name."""
    return ", ".join(f"{name} {share_text(each)}" for name, each in shares.items()) or _DASH


def _self_service(given: SelfService | None) -> str:
    if given is None:
        return _DASH
    steps = ", ".join(
        share_text(each.share) + (f" from {each.since.isoformat()}" if each.since else "")
        for each in given.deflects
    )
    parts = [f"deflects {steps}"]
    if given.bounces is not None:
        after, factor = duration_text(given.bounces.after.mean_s), plain(given.bounces.handle_time_factor)
        parts.append(f"{share_text(given.bounces.share)} of them come after {after}, taking × {factor}")
    if given.ease != 1:
        parts.append(f"those who stay away would have taken × {plain(given.ease)}")
    parts += [f"{plain(given.views)} articles viewed by each who tries"] if given.views else []
    return "; ".join(parts)


def _clock(steps: WeekSteps | None) -> str:
    return "round the clock" if steps is None else f"{plain(week_total(steps))} h a week"


def _severity(name: str, severity: Severity) -> tuple[str, ...]:
    update = severity.update
    updates = _DASH
    if update is not None:
        every, takes = duration_text(update.every_s), times(update.handle_time)
        updates = f"every {every} in {update.queue}, {takes} each"
    limits = limit_text(severity.first_response), limit_text(severity.resolution)
    return (name, _clock(severity.clock), *limits, updates)


def _tagging(tagging: Tagging | None) -> Iterator[tuple[str, str]]:
    if tagging is None:
        return
    yield "Tags that are right", share_text(tagging.accuracy)
    yield "Contacts without a tag", share_text(tagging.untagged)
    yield "Contacts worked on twice", share_text(tagging.collisions)
    if tagging.triage is not None:
        yield "Triage of what has no tag", f"in {tagging.triage.queue}, {times(tagging.triage.handle_time)}"
    if tagging.misrouted is not None:
        yield "Lost by who gets a wrong one", times(tagging.misrouted)


def _conditions(rule: Rule) -> str:
    """What a rule asks for; nothing is every contact."""
    asked = [(key, getattr(rule, attribute)) for attribute, key in CONDITIONS.items()]
    said = [f"{key} {' or '.join(names)}" for key, names in asked if names]
    said += [] if rule.vip is None else ["VIP" if rule.vip else "no VIP"]
    return ", ".join(said) or "all"


def _step(step: PathStep) -> tuple[str, ...]:
    begins = [f"the customer answers after {duration_text(step.after.mean_s)}"] if step.after else []
    most_s = step.handover.most_s
    waits = "" if most_s is None else f", whoever does so waits {duration_text(most_s)} at most"
    begins += [f"handed over warm{waits}"] if step.handover.warm else []
    begins += [f"{share_text(step.wrap_up)} of it is wrap-up"] if step.wrap_up is not None else []
    begins += [f"both talk {duration_text(step.conference_s)}"] if step.conference_s else []
    begins += [f"due in {duration_text(step.due_s)}"] if step.due_s else []
    begins += [] if step.patient is None else ["nobody gives up" if step.patient else "customers may give up"]
    following = SOLVED if step.then == {SOLVED: 1.0} else mix_text(step.then)
    queue = step.queue or "where routing sent it"
    return queue, times(step.handle_time, "the stream's"), "; ".join(begins) or _DASH, following


def _closing(closing: Closing | None) -> Iterator[tuple[str, str]]:
    if closing is None:
        return
    if closing.confirms is not None:
        yield "Confirmed", _share_after(closing.confirms.share, closing.confirms.after)
    yield "Closed without a word", f"after {duration_text(closing.closes_after_s)}"
    if closing.reopens is not None:
        yield "Reopened", _share_after(closing.reopens.share, closing.reopens.after)
    if closing.repeats is not None:
        streams = mix_text(closing.repeats.streams)
        again = _share_after(closing.repeats.share, closing.repeats.after)
        yield "Comes back another way", f"{again}, by {streams}"


def _share_after(share: float, after: Distribution) -> str:
    return f"{share_text(share)}, after {times(after)}"


def _side_work(name: str, work: SideWork) -> tuple[str, ...]:
    when = f"when {_ON[work.on]}" + (f", after {times(work.after)}" if work.after else "")
    limit = work.due or work.answered
    due = ("answered in " if work.answered else "") + limit_text(limit)
    due += f", {_clock(work.clock)}" if limit is not None and work.clock is not None else ""
    return (name, work.queue, times(work.handle_time), when, "; ".join(_which(work)), due)


def _which(work: SideWork) -> Iterator[str]:
    """For which cases side work comes up."""
    yield f"{share_text(work.share)} of them" if work.share != 1 else "all"
    for names in (work.severities, work.causes, work.tiers):
        if names:
            yield " or ".join(names)
    if work.when is not None:
        flags = [f"flag {flag}" for flag in work.when.flags]
        revenue = [] if work.when.arr is None else [f"{money_text(work.when.arr, work.when.currency)} a year"]
        yield "only with " + " or ".join((*revenue, *flags))
    if work.once == "incident":
        yield "once in an incident"


def _outcomes(scenario: Scenario) -> Iterator[tuple[str, str]]:
    """What customers answer to a flawless case, and what a further contact takes from it."""
    given = scenario.outcomes
    if given is None:
        return
    yield "Surveys that are answered", share_text(given.response)
    lost = f"{given.csat.per_contact * 100:+.3g} points for each further contact"
    yield "Satisfied", f"{share_text(given.csat.base)}, {lost}"
    yield "Promoters, detractors", f"{share_text(given.nps.promoters)}, {share_text(given.nps.detractors)}"
    yield "Agree that it was easy", share_text(given.effort.base)
    scores = ", ".join(share_text(each) for each in (given.qa.accuracy, given.qa.empathy, given.qa.policy))
    yield "Scores: accuracy, empathy, policy", scores


def _incident(name: str, incident: Incident) -> tuple[str, ...]:
    found, page = incident.detection, incident.status_page
    starts = ", ".join(f"{each:%Y-%m-%d %H:%M}" for each in incident.at)
    if incident.every_s is not None:
        starts = f"every {duration_text(incident.every_s)} on average"
    surge = ", ".join(f"{stream} {plain(each)} an hour" for stream, each in incident.surge.items())
    fades = f", fading within {duration_text(incident.fades_s)}" if incident.fades_s else ""
    noticed = f"{found.contacts} contacts within {duration_text(found.within_s)}"
    noticed += f", {duration_text(found.delay_s)} later" if found.delay_s else ""
    cause = f"{incident.cause}, {incident.severity}" if incident.severity else incident.cause
    shown = f"{duration_text(page.after_s)} later, {share_text(page.cuts)} stay away" if page else _DASH
    lasts, mended = times(incident.lasts), times(incident.mitigation)
    return (name, cause, starts, lasts, surge + fades, noticed, mended, shown)
