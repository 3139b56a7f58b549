"""The ask: what is to be done, by when, for how much money and whose hours."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from reports.plan_brief import PEOPLE_COST, Brief, over_horizon
from reports.plan_decisions import Decision, still_needed
from reports.plan_movers import without_effect_told
from reports.plan_nothing import gain_told
from reports.plan_words import counted, day_text, hours_text, last_day, listed, spoken, sum_text
from reports.wording import plain
from scenarios.changes import Lever
from scenarios.model import Scenario
from scenarios.moves import Move, whose

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
    levers, tickets, price = within(scenario), _mean(brief, _is_begun, _one), price_of(brief)
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
        *_brings(brief),
        *_spent(brief),
        *_hours(brief),
        *_people(brief),
        *_later(brief),
        *_remarks(brief),
    )
    if levers and levers == _in_force(brief) and len(what) == 1:  # there is no loop
        return Ask("Nothing is asked any more: all levers are in force.", facts)
    sentence = f"We ask for {listed(price) or 'a go-ahead without money'}, for {listed(what)}."
    return Ask(sentence, facts)


def price_of(brief: Brief) -> list[str]:
    """The money and the hours that are asked for; nothing of what is not."""
    scenario = brief.found.scenario
    money = sum(_money(brief))
    hours = sum(hours_of(brief).values())
    price = [sum_text(scenario, money)] if money else []
    return price + ([f"{hours_text(hours)} of owners' time"] if hours else [])


class _Money(NamedTuple):
    """Of levers, which is decided; of tickets that are begun, which is expected; of people who are hired."""

    levers: float
    tickets: float
    pay: float


def _money(brief: Brief) -> _Money:
    levers = sum(each.cost for each in within(brief.found.scenario).values())
    return _Money(levers, _mean(brief, _is_begun, _cost_of), max(_more_pay(brief), 0.0))


def _more_pay(brief: Brief) -> float:
    """By how much levers that hire, or let go, change people cost until the last day; 0 if none does."""
    both = over_horizon(brief, PEOPLE_COST) if any(_hires(brief.found.scenario)) else None
    return 0.0 if both is None else float((both[1] - both[0]).mean())


def _hires(scenario: Scenario) -> Iterator[tuple[Move, date]]:
    """The moves of levers that change how many agents there are, and from when on."""
    for each in within(scenario).values():
        hired = (move for move in each.moves if whose(move.parameter).pattern == _HIRED)
        yield from ((move, each.due) for move in hired if each.due)


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
    """The money of levers, which is decided, that of tickets, which is expected, and pay."""
    scenario, money = brief.found.scenario, _money(brief)
    if not any(money):
        yield Fact("Cost", "No money, as far as the scenario says.")
        return
    parts = [f"{sum_text(scenario, money.levers)} for levers"] if money.levers else []
    parts += [f"{sum_text(scenario, money.tickets)} expected for tickets"] if money.tickets else []
    once = "; once, beside hours" if parts else ""
    if money.pay:
        until = day_text(last_day(scenario), True)
        parts.append(f"{sum_text(scenario, money.pay)} of pay until {until}, which goes on")
    total = f"{sum_text(scenario, sum(money))}: " if len(parts) > 1 else ""
    yield Fact("Cost", f"{total}{listed(parts)}{'' if money.pay else once}.")


def _brings(brief: Brief) -> Iterator[Fact]:
    """What the plan changes in its days, beside what it costs; of a plan as of a day, as it was made."""
    gain = gain_told(brief)
    if gain:
        made = "As it was made, in" if brief.found.as_of else "In"
        yield Fact("Brings", f"{made} {counted(brief.found.scenario.calendar.days, 'day')}: {gain}.")


def _spent(brief: Brief) -> Iterator[Fact]:
    """As of a day: what is in force and spent by then, and what is still to be decided or to come."""
    as_of, scenario = brief.found.as_of, brief.found.scenario
    if as_of is None:
        return
    levers, done = within(scenario), _in_force(brief)
    spent = sum(each.cost for each in done.values())
    spent += _mean(brief, lambda ticket: ticket.begun < as_of.days, _cost_of)
    money = _money(brief)
    ahead = money.levers + money.tickets - spent
    parts = [f"{len(done)} of {counted(len(levers), 'lever')} in force"] if levers else []
    if spent or ahead:
        parts.append(f"{sum_text(scenario, spent)} spent on levers in force and tickets begun")
        parts.append(f"{sum_text(scenario, ahead)} still to decide, or to come")
    if parts:
        yield Fact("So far", f"Before {day_text(as_of.date)}: {'; '.join(parts)}.")


def _in_force(brief: Brief) -> dict[str, Lever]:
    """The levers that are in force before the day as of which a plan is; none of a plan as it is made."""
    as_of = brief.found.as_of
    found = within(brief.found.scenario).items() if as_of else ()
    return {name: each for name, each in found if as_of and each.due and each.due < as_of.date}


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


def _people(brief: Brief) -> Iterator[Fact]:
    """Levers that hire or let go; what that pays is told, as far as the scenario has the pay of all."""
    scenario, pay = brief.found.scenario, _more_pay(brief)
    told = [
        f"{move.expected:+g} in {spoken(whose(move.parameter).name)} from {day_text(due, True)} on"
        for move, due in _hires(scenario)
    ]
    if not told:
        return
    known = "their pay is in the sum" if pay > 0 else "their pay comes on top"
    if pay < 0:
        until = day_text(last_day(scenario), True)
        known = f"people cost falls by {sum_text(scenario, -pay)} until {until}, which is not in the sum"
    yield Fact("People", f"{listed(told)}; {known}.")


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
