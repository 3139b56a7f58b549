"""The monthly letter to customers: what they told us, what was fixed, what is next. Markdown, plain words.

It is the letter of a plan, so it says what is expected: of a fix, that it will have been shown to work; and
only of one that at least half of the replications have shown by then.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from statistics import median
from typing import TYPE_CHECKING, Final, NamedTuple

from reports.plan_brief import Brief
from reports.plan_words import day_of, day_text, listed, spoken
from reports.wording import isolated, number_text
from scenarios.model import Scenario
from scenarios.safe_text import on_one_line

if TYPE_CHECKING:
    from sim.loop.controller import Learned
    from sim.loop.summary import Entry
    from sim.loop.tickets import Ticket

_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_ARTICLE: Final = "article"
_HALF: Final = 0.5  # of the replications: from here on something is expected
_TOLD: Final = 3  # causes that are named
_MARKDOWN: Final = re.compile(r"([\\`*_{}\[\]()<>#|!~])")


class Month(NamedTuple):
    """A month of the horizon, or what of it lies within: days [first, last) counted from 0."""

    title: str
    first: int
    last: int


class News(NamedTuple):
    """A line of a letter, and what makes it another one than those that were told."""

    line: str
    key: str


def _news_of(line: str) -> News:
    return News(line, line)


def letter(brief: Brief) -> str:
    """A letter for each month of the horizon, which tells what no letter before it has told."""
    scenario, n = brief.found.scenario, brief.found.replications
    lines = [
        f"# Letters to customers: {_safe(scenario.name)}",
        "",
        f"Drafts of a plan, one for each month. What they say is what {n:,} simulated courses of the plan "
        "lead us to expect: put in what has happened before you send one. What was told is not told again.",
    ]
    told = set[str]()
    for month in months(scenario):
        lines += ["", f"## {month.title}", "", *(_news(brief, month, told) or ["Nothing new."])]
    return "\n".join(lines) + "\n"


def _news(brief: Brief, month: Month, told: set[str]) -> list[str]:
    """A month's letter; nothing where all of it is among what was told, to which it is added."""
    parts = (
        ("What you told us", _told),
        ("What we fixed", _fixed),
        ("New on our help pages", _articles),
        ("What is next", _next),
    )
    lines = list[str]()
    for title, facts in parts:
        new = [each for each in facts(brief, month) if each.key not in told]
        told |= {each.key for each in new}
        lines += ["", f"**{title}**", "", *(each.line for each in new)] if new else []
    return ["Dear customers,", *lines] if lines else []


def months(scenario: Scenario) -> tuple[Month, ...]:
    """The months of the horizon, each with its days."""
    start, days = scenario.calendar.start, scenario.calendar.days
    dates = [start + timedelta(days=n) for n in range(days)]
    edges = [n for n, day in enumerate(dates) if n == 0 or day.day == 1]
    return tuple(
        Month(_title(dates[first]), first, last)
        for first, last in zip(edges, [*edges[1:], days], strict=True)
    )


def _title(day: date) -> str:
    return f"{_MONTHS[day.month - 1]} {day.year}"


def _safe(text: str) -> str:
    """A text of the scenario on one line, in which nothing is markup."""
    return _MARKDOWN.sub(r"\\\1", isolated(on_one_line(text)).replace("&", "&amp;"))


def _told(brief: Brief, month: Month) -> Iterator[News]:
    """The causes with most contacts, as tagged: means over the replications; news if they are others."""
    causes, shares = _shares(brief, month)
    top = [n for n in sorted(range(len(causes)), key=lambda n: -shares[n])[:_TOLD] if shares[n] > 0]
    if not top:
        yield _news_of("Nobody looks yet at what contacts are about.")
        return
    names = [f"{_safe(spoken(causes[n]))} ({number_text(shares[n] * 100.0, 0)} %)" for n in top]
    line = f"We expect most contacts to be about {listed(names)}, of those whose reason we can tell."
    yield News(line, f"about {sorted(causes[n] for n in top)}")


def _shares(brief: Brief, month: Month) -> tuple[Sequence[str], Sequence[float]]:
    """The names of causes, and their shares of all tagged contacts."""
    from sim.loop.observed import CONTACTS

    causes = sorted(brief.found.scenario.causes)
    totals = [0.0] * len(causes)
    for learned in brief.learned:
        seen = learned.seen[month.first : month.last, : len(causes), CONTACTS].sum(axis=0)
        totals = [total + float(one) for total, one in zip(totals, seen, strict=True)]
    whole = sum(totals)
    return causes, [total / whole if whole else 0.0 for total in totals]


def _fixed(brief: Brief, month: Month) -> Iterator[News]:
    """What has been shown to work by the end of the month, and had not been by its beginning."""
    found = [
        (name, share)
        for name in _names(brief)
        if (share := _share(brief, name, _shown_by(month.last))) >= _HALF
        and _share(brief, name, _shown_by(month.first)) < _HALF
    ]
    if not found:
        yield _news_of("Nothing that we expect to have shown to work by then.")
        return
    for name, share in found:
        sure = f"{number_text(share * 100.0, 0)} % of the simulated courses"
        yield _news_of(f"- {_titled(brief, name)}: we expect to have shown that it helps ({sure}).")


def _next(brief: Brief, month: Month) -> Iterator[News]:
    """What is in place and being watched, and open tickets with the day they are due."""
    lines = list(_watched(brief, month))
    for name in _names(brief):
        if _share(brief, name, _open_at(month.last)) >= _HALF:
            lines.append(f"- {_titled(brief, name)}: {_due(brief, name, month.last)}.")
    yield from map(_news_of, lines or ["Nothing is planned yet that concerns you."])


def _articles(brief: Brief, month: Month) -> Iterator[News]:
    """What can be read since this month; an article is no help against what breaks, such as an outage."""
    broken = {each.cause for each in brief.found.scenario.incidents.values()}
    new = [
        _safe(spoken(each.cause))
        for each in _entries(brief)
        if each.kind == _ARTICLE
        and each.cause not in broken
        and _share(brief, each.name, _in_force_by(month.last)) >= _HALF
        and _share(brief, each.name, _in_force_by(month.first)) < _HALF
    ]
    if new:
        yield _news_of(f"- {listed(new)}.")


def _watched(brief: Brief, month: Month) -> Iterator[str]:
    """What is in place, and is neither shown to help nor seen to have failed."""
    for each in _entries(brief):
        if each.kind == _ARTICLE or _share(brief, each.name, _shown_by(month.last)) >= _HALF:
            continue
        if _share(brief, each.name, _watched_at(month.last)) >= _HALF:
            tested = each.claim is not None and _validates(brief)
            what = "we are checking whether it helps" if tested else "whether it helps is not checked"
            yield f"- {_titled(brief, each.name)}: in place; {what}."


def _validates(brief: Brief) -> bool:
    loop = brief.found.scenario.loop
    return loop is not None and loop.validation is not None


def _entries(brief: Brief) -> "list[Entry]":
    """Changes about a root cause, in the order of the register."""
    entries = brief.summary.entries if brief.summary else ()
    return [each for each in entries if each.runs and each.cause]


def _names(brief: Brief) -> list[str]:
    return [each.name for each in _entries(brief)]


def _titled(brief: Brief, name: str) -> str:
    """A change, and what it is about where its name does not say so."""
    cause = next(each.cause for each in _entries(brief) if each.name == name)
    title = spoken(name)
    title = title[:1].upper() + title[1:]
    return _safe(title) if spoken(cause) in title else f"{_safe(title)} ({_safe(spoken(cause))})"


Holds = Callable[["Ticket"], bool]


def _share(brief: Brief, name: str, holds: Holds) -> float:
    """In which share of replications something holds of any ticket of a change."""
    found = [any(holds(ticket) for ticket in _of(each, name)) for each in brief.learned]
    return sum(found) / len(found) if found else 0.0


def _of(learned: "Learned", name: str) -> "Iterator[Ticket]":
    return (ticket for ticket in learned.tickets if ticket.change.name == name)


def _shown_by(day: int) -> Holds:
    """Validated before a day."""
    from sim.loop.verdicts import VALIDATED

    return lambda ticket: any(each.verdict == VALIDATED and each.day < day for each in ticket.judged)


def _open_at(day: int) -> Holds:
    """Begun before a day, and not in force by then."""
    return lambda ticket: ticket.opened < day <= ticket.in_force


def _in_force_by(day: int) -> Holds:
    return lambda ticket: ticket.in_force < day


def _watched_at(day: int) -> Holds:
    """In force before a day, and not seen to have failed by then."""
    from sim.loop.verdicts import NOT_VALIDATED

    def holds(ticket: "Ticket") -> bool:
        failed = any(each.verdict == NOT_VALIDATED and each.day < day for each in ticket.judged)
        return ticket.in_force < day and not failed

    return holds


def _due(brief: Brief, name: str, day: int) -> str:
    """When it is due, the median over the replications in which it is open."""
    from sim.loop.tickets import NOT_YET

    holds = _open_at(day)
    dues = [
        ticket.planned if ticket.in_force == NOT_YET else ticket.in_force
        for learned in brief.learned
        for ticket in _of(learned, name)
        if holds(ticket)
    ]
    known = [due for due in dues if due != NOT_YET]
    found = day_of(brief.found.scenario, median(known)) if known else None
    return "no date yet" if found is None else f"due {day_text(found, True)}"
