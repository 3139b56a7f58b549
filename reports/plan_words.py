"""Words that all parts of a plan's page share: days, names, sums of money, and what a change moves."""

import math
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from reports.time_axis import MONTHS
from reports.wording import MINUS, MISSING, money_text, number_text, plain, signed_text
from scenarios.model import Scenario
from scenarios.moves import Move, amount_text, parameter_of
from sim.measure import currency
from sim.roadmap.versions import LOOP

_SECTIONS: Final = ("causes", "streams", "groups", "owners", "side_work")  # their members say enough
_MOST_DAYS: Final = 3_650.0  # ahead: what is planned for later has no date yet
_MEASURED: Final = {"contacts": "contacts", "handle time": "handle time", "returns": "reopens and repeats"}


def spoken(name: str) -> str:
    """A name as people say it: triage_rules is triage rules."""
    return name.replace("_", " ").strip() or name


def part_words(name: str) -> str:
    """A lever by its name, or the loop."""
    return "the learning loop" if name == LOOP else spoken(name)


def path_words(path: str) -> str:
    """What a path of the file is of, in words: billing contacts, tagging accuracy."""
    section, _, rest = path.partition(".")
    return spoken((rest if section in _SECTIONS and rest else path).replace(".", " "))


def assumption_words(scenario: Scenario, name: str) -> str:
    """An assumption that decides: a change by its name, an uncertain number by its path."""
    levers = scenario.roadmap.levers if scenario.roadmap else {}
    is_path = "." in name and name not in levers and name not in scenario.remedies
    return path_words(name) if is_path else spoken(name)


def day_text(day: date, with_year: bool = False) -> str:
    """19 Jan, or 19 Jan 2026."""
    return f"{day.day} {MONTHS[day.month - 1]}" + (f" {day.year}" if with_year else "")


def day_of(scenario: Scenario, day: float) -> date | None:
    """The date of a day of the horizon, counted from 0; None of what has no day."""
    if math.isnan(day) or day > _MOST_DAYS:
        return None
    return scenario.calendar.start + timedelta(days=math.floor(day))


def when_text(scenario: Scenario, day: float) -> str:
    """The date of a day of the horizon, counted from 0."""
    found = day_of(scenario, day)
    return MISSING if found is None else day_text(found, True)


def last_day(scenario: Scenario) -> date:
    """The last day of the horizon."""
    return scenario.calendar.start + timedelta(days=scenario.calendar.days - 1)


def horizon_text(scenario: Scenario) -> str:
    """5 Jan to 4 Apr 2026."""
    first, last = scenario.calendar.start, last_day(scenario)
    return f"{day_text(first, first.year != last.year)} to {day_text(last, True)}"


def currency_of(scenario: Scenario) -> str:
    """The currency of what changes cost; nothing where none has a price."""
    levers = scenario.roadmap.levers.values() if scenario.roadmap else ()
    own = {each.currency for each in (*levers, *scenario.remedies.values()) if each.currency}
    return currency(scenario) or (own.pop() if len(own) == 1 else "")


def cost_text(scenario: Scenario, amount: float) -> str:
    """$4,000; of nothing, a dash."""
    return sum_text(scenario, amount) if amount else MISSING


def sum_text(scenario: Scenario, amount: float) -> str:
    """$4,000, to whole units of the currency; without one the number alone."""
    unit = currency_of(scenario)
    whole = float(round(amount))
    return money_text(whole, unit).removesuffix(".00") if unit else number_text(whole, 0)


def hours_text(hours: float) -> str:
    """4 h, 92 h; halves are shown of less than ten."""
    return f"{plain(round(hours, 1 if hours < 10 else 0))} h"


def counted(number: float, what: str) -> str:
    """1 lever, 12 levers; of a mean its nearest whole number."""
    n = math.floor(number + 0.5)
    return f"{n:,} {what}{'' if n == 1 else 's'}"


def listed(names: Sequence[str], last: str = "and") -> str:
    """One, two and three."""
    return f" {last} ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def amount_words(move: Move, value: float) -> str:
    """−25 %, +8 points, +5 s, on."""
    text = str(amount_text(parameter_of(move.parameter).kind, value))
    return text.replace("-", MINUS).replace("%", " %")


def change_words(ratio: float) -> str:
    """A ratio of after to before as a change: 0.84 is −16 %."""
    return MISSING if math.isnan(ratio) else f"{signed_text((ratio - 1.0) * 100.0, 0)} %"


def expected_words(expected: float, measure: str) -> str:
    """−20 % contacts."""
    places = 0 if abs(expected) >= 0.1 else 1
    return f"{signed_text(expected * 100.0, places)} % {_MEASURED.get(measure, measure)}"


def week_words(change: float, measure: str) -> str:
    """−12 contacts a week."""
    unit = "h of agents" if measure == "handle time" else _MEASURED.get(measure, measure)
    return f"{signed_text(change, 0 if abs(change) >= 10.0 else 1)} {unit} a week"


def whole_percent(share: float) -> str:
    """62 %; of what is not known, a dash."""
    return MISSING if math.isnan(share) else f"{number_text(share * 100.0, 0)} %"


def kicker(scenario: Scenario, replications: int, digest: str, as_of: date | None = None) -> str:
    """The line below the title: when, as of which day, how often simulated, which version."""
    courses = counted(replications, "simulated course")
    days = f"{horizon_text(scenario)}{f', as of {day_text(as_of)}' if as_of else ''}"
    return f"Plan on a page · {days} · {courses} · version {digest}"
