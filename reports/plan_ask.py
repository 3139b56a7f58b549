"""The ask: what is to be done, by when, for how much money and whose hours."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from reports.plan_brief import Brief
from reports.plan_decisions import Decision, still_needed
from reports.plan_movers import without_effect_told
from reports.plan_words import counted, day_text, hours_text, last_day, listed, spoken, sum_text
from reports.wording import plain
from scenarios.changes import Lever
from scenarios.model import Scenario
from scenarios.moves import whose

if TYPE_CHECKING:
    from sim.loop.tickets import Ticket

_LEVER: Final = "lever"
_NEXT: Final = 3  # decisions that are named
_HIRED: Final = "groups.NAME.agents"


class Fact(NamedTuple):
    """A line of the ask."""

    term: str
    words: str


class Ask(NamedTuple):
    """The ask in one sentence, and what is behind it."""

    sentence: str
    facts: tuple[Fact, ...]


def ask(brief: Brief) -> Ask:
    """What is asked of whom decides: all that is spent by the last day of the plan."""
    scenario = brief.found.scenario
    levers, tickets = within(scenario), _mean(brief, _is_begun, _one)
    money = sum(each.cost for each in levers.values()) + _mean(brief, _is_begun, _cost_of)
    hours = sum(hours_of(brief).values())
    price = [sum_text(scenario, money)] if money else []
    price += [f"{hours_text(hours)} of owners' time"] if hours else []
    what = [counted(len(levers), "lever")] if levers else []
    if scenario.loop is not None and scenario.loop.owner is not None:
        about = f"about {counted(tickets, 'ticket')} of the learning loop"
        what.append(about if tickets >= 0.5 else "a learning loop")
    if not what:
        return Ask(_nothing(scenario), tuple(_later(brief)))
    facts = (
        *_what(brief),
        *_decide(brief),
        *_when(brief),
        *_cost(brief),
        *_hours(brief),
        *_people(scenario),
        *_later(brief),
        *_remarks(brief),
    )
    sentence = f"We ask for {listed(price) or 'a go-ahead without money'}, for {listed(what)}."
    return Ask(sentence, facts)


def _nothing(scenario: Scenario) -> str:
    if running(scenario):
        return f"Nothing is asked by {day_text(last_day(scenario), True)}: all levers come into force later."
    return "Nothing is asked: no lever has an owner and a date, and nobody runs a loop."


def running(scenario: Scenario) -> dict[str, Lever]:
    """The levers that somebody owns and that have a date, in the order of their dates."""
    levers = scenario.roadmap.levers if scenario.roadmap else {}
    dated = [(each.due, name, each) for name, each in levers.items() if each.owner and each.due]
    return {name: each for _, name, each in sorted(dated, key=lambda one: one[:2])}


def within(scenario: Scenario) -> dict[str, Lever]:
    """Those of them that come into force by the last day."""
    last = last_day(scenario)
    return {name: each for name, each in running(scenario).items() if each.due and each.due <= last}


def _mean(brief: Brief, holds: "Callable[[Ticket], bool]", value: "Callable[[Ticket], float]") -> float:
    """Of some of the tickets that the loop opens: the sum of a value, its mean over replications."""
    days = brief.found.scenario.calendar.days
    found = [
        sum(value(t) for t in each.tickets if t.change.kind != _LEVER and t.opened < days and holds(t))
        for each in brief.learned
    ]
    return sum(found) / len(found) if found else 0.0


def _is_begun(ticket: "Ticket") -> bool:
    """Whether anybody has worked on it: only then is its money spent."""
    from sim.loop.tickets import NOT_YET

    return ticket.begun < NOT_YET


def _waits(ticket: "Ticket") -> bool:
    return not _is_begun(ticket)


def _one(_: "Ticket") -> float:
    return 1.0


def _cost_of(ticket: "Ticket") -> float:
    return ticket.change.cost


def hours_of(brief: Brief) -> dict[str, float]:
    """Hours of work on levers and tickets, by owner: those who have any, the most first."""
    if brief.summary is None:
        return {}
    found = {name: hours for name, hours in brief.summary.hours.items() if hours >= 0.05}
    return dict(sorted(found.items(), key=lambda each: (-each[1], each[0])))


def _what(brief: Brief) -> Iterator[Fact]:
    scenario = brief.found.scenario
    levers, loop = within(scenario), scenario.loop
    parts = list(_by_phase(levers))
    if loop is not None and loop.owner:
        since = f" from {day_text(loop.start, True)} on" if loop.start else ""
        parts.append(f"a learning loop run by {spoken(loop.owner)}{since}")
    yield Fact("What", f"{'; '.join(parts)}.")


def _by_phase(levers: dict[str, Lever]) -> Iterator[str]:
    """How many levers there are in each phase: 5 levers in days 0-30, 2 in none."""
    phases = dict.fromkeys(each.phase for each in levers.values() if each.phase)
    numbers = [(f" in {phase}", sum(e.phase == phase for e in levers.values())) for phase in phases]
    rest = sum(not each.phase for each in levers.values())
    numbers += [(" in no phase" if phases else "", rest)] if rest else []
    for n, (where, number) in enumerate(numbers):
        yield f"{number if n else counted(number, 'lever')}{where}"


def _decide(brief: Brief) -> Iterator[Fact]:
    """The next decisions with their latest days; how many are late, or wait for an owner or a date."""
    found = still_needed(brief.found)
    ahead = [each for each in found if each.latest is not None and not each.is_past]
    parts = [f"{each.brief} by {day_text(each.latest, True)}" for each in ahead[:_NEXT] if each.latest]
    parts += [f"{len(ahead) - _NEXT} more by {day_text(_last(ahead), True)}"] if len(ahead) > _NEXT else []
    late = sum(each.is_past for each in found)
    parts += [f"{late} already late"] if late else []
    waiting = sum(each.latest is None for each in found)
    parts += [f"{waiting} without an owner or a date"] if waiting else []
    if parts:
        yield Fact("Decide", f"{'; '.join(parts)}.")


def _last(found: Sequence[Decision]) -> date:
    return max(each.latest for each in found if each.latest is not None)


def _when(brief: Brief) -> Iterator[Fact]:
    scenario = brief.found.scenario
    dues = [each.due for each in within(scenario).values() if each.due]
    first = scenario.calendar.start
    days = sorted({each.goal.day for each in brief.found.targets})
    dates = [f"day {day} ({day_text(_end_of(first, day), True)})" for day in days]
    force = [f"in force by {day_text(max(dues), True)}"] if dues else []
    words = "; ".join([*force, f"judged by {listed(dates)}"])
    yield Fact("By when", f"{words[0].upper()}{words[1:]}.")


def _end_of(first: date, day: int) -> date:
    """The date of a target's day."""
    return first + timedelta(days=min(day, 3_650_000) - 1)


def _cost(brief: Brief) -> Iterator[Fact]:
    """The money of levers, which is decided, and that of tickets that are begun, which is expected."""
    scenario = brief.found.scenario
    levers, tickets = sum(each.cost for each in within(scenario).values()), _mean(brief, _is_begun, _cost_of)
    if not levers and not tickets:
        yield Fact("Cost", "No money, as far as the scenario says.")
        return
    parts = [f"{sum_text(scenario, levers)} for levers"] if levers else []
    parts += [f"{sum_text(scenario, tickets)} expected for tickets"] if tickets else []
    total = f"{sum_text(scenario, levers + tickets)}: " if len(parts) > 1 else ""
    yield Fact("Cost", f"{total}{listed(parts)}; once, beside hours.")


def _hours(brief: Brief) -> Iterator[Fact]:
    """Hours by owner, of those that they have for improvements with what the plan adds to them."""
    found = hours_of(brief)
    if brief.summary is not None and found:
        given = brief.summary.given
        told = [
            f"{spoken(name)} {plain(round(hours))} of {hours_text(given[name])}"
            for name, hours in found.items()
        ]
        yield Fact("Owners", f"{listed(told)} that they have for it.")


def _people(scenario: Scenario) -> Iterator[Fact]:
    """Levers that hire: their pay is not among what levers cost."""
    told = [
        f"{move.expected:+g} in {spoken(whose(move.parameter).name)} from {day_text(each.due, True)} on"
        for each in within(scenario).values()
        for move in each.moves
        if whose(move.parameter).pattern == _HIRED and each.due
    ]
    if told:
        yield Fact("People", f"{listed(told)}; their pay comes on top.")


def _later(brief: Brief) -> Iterator[Fact]:
    """What is opened or decided, and spent after the last day: it is not among what is asked."""
    scenario = brief.found.scenario
    last, now = day_text(last_day(scenario), True), within(scenario)
    levers = [each for name, each in running(scenario).items() if name not in now]
    waiting, cost = _mean(brief, _waits, _one), sum(each.cost for each in levers)
    parts = []
    if waiting >= 0.5:
        price = _price(scenario, _mean(brief, _waits, _cost_of))
        parts.append(f"{price}about {counted(waiting, 'ticket')} opened and not begun by {last}")
    if levers:
        parts.append(f"{_price(scenario, cost)}{counted(len(levers), 'lever')} in force after {last}")
    if parts:
        yield Fact("Later", f"{'; '.join(parts)}: not in the sum.")


def _remarks(brief: Brief) -> Iterator[Fact]:
    told = without_effect_told(brief.found)
    if told:
        yield Fact("Remark", told)


def _price(scenario: Scenario, amount: float) -> str:
    return f"{sum_text(scenario, amount)} for " if amount else ""
