"""All that is observed of an export, as small tables: what fits and scenarios are made from."""

import datetime
from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

from calibration.facts.facts import Facts
from calibration.facts.local_time import day_number
from calibration.fits.agents import Agents
from calibration.fits.cells import Cells, Waits
from calibration.fits.count_grid import CountGrid, Floats
from calibration.fits.length_by_day import Days
from calibration.observe.cases import CasesSeen, cases_of
from calibration.observe.concurrency import Concurrency, concurrency_of
from calibration.observe.counts import count_grid
from calibration.observe.durations import daily_handle_times, handle_cells, waits_of
from calibration.observe.overtaking import Overtaking, overtaking
from calibration.observe.presence import Rule, heads, own_time_s, seen, stretches
from calibration.observe.repeats import Repeats, repeats_of
from calibration.observe.streams import Rows, rows_of
from calibration.observe.teams import Takes, Team, agent_times, takes_of, teams_of

INTERVAL_S: Final = 1800
_ASKED: Final = (
    "stream", "outcome", "queued", "agent_id", "user_id", "leg", "arrived_us", "answered_us", "local_us",
    "wait_us", "handle_us",
)  # fmt: skip
"""What is asked of contacts, often: of a file that lies in Parquet each question reads and hashes anew."""

Tell = Callable[[str], None]


class Period(NamedTuple):
    """Local days, both included."""

    first: datetime.date
    last: datetime.date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def __str__(self) -> str:
        return f"{self.first} to {self.last}"


class Staff(NamedTuple):
    """Teams and who of them was seen at work, [team, day, quarter of an hour] on average."""

    teams: tuple[Team, ...]
    heads: Floats
    own_time_s: float  # mean of agents' own time between two contacts, which the export does not have
    rule: Rule


class Observed(NamedTuple):
    """What the contacts of a period tell; staffing, which a back-test needs beyond it, of all days read."""

    period: Period
    rows: Rows
    grid: CountGrid
    handle: dict[str, Cells]
    waits: dict[str, Waits]
    by_day: dict[str, Days]
    takes: Takes
    agents: Agents
    chats: Concurrency | None  # of agents; None where no chats are worked on
    overtaking: Overtaking | None
    staff: Staff | None
    repeats: Repeats | None
    cases: CasesSeen


def observe(
    facts: Facts,
    by: Sequence[str] = ("queue",),
    period: Period | None = None,
    tell: Tell = lambda _: None,
) -> Observed:
    """Sum up the contacts of a period, or of all days. Raises ``ValueError`` where there is nothing in it."""
    period = period or Period(facts.first_day, facts.last_day)
    within = in_period(facts.contacts, period)
    tell("contacts by stream, day and interval")
    rows = rows_of(within, by)
    rows = rows._replace(table=facts.laid_down(rows.table.select(*_ASKED)))
    grid = count_grid(rows, period.first, period.last, INTERVAL_S)
    tell("handle times and waits")
    handle, waits, by_day = handle_cells(rows), waits_of(rows), daily_handle_times(rows)
    tell("who was at work")
    takes = takes_of(rows)
    teams = teams_of(takes, rows.names)
    tell("who came again")
    return Observed(
        period,
        rows,
        grid,
        handle,
        waits,
        by_day,
        takes,
        agent_times(rows),
        concurrency_of(rows),
        overtaking(rows, takes, teams) if teams else None,
        staff_of(rows, takes, teams, period) if teams else None,
        repeats_of(rows),
        cases_of(within),
    )


def in_period(contacts: Any, period: Period) -> Any:
    """The contacts that came on the days of a period."""
    from calibration.facts.sql import DAY_US

    first = day_number(period.first)
    local = contacts["local_us"]
    return contacts.filter((local >= first * DAY_US) & (local < (first + period.days) * DAY_US))


def staff_of(rows: Rows, takes: Takes, teams: tuple[Team, ...], period: Period) -> Staff:
    """Who was seen at work on the days of a period, by a rule of absence."""
    rule, found = Rule(), seen(rows, takes)
    spans = stretches(found, teams, rule)
    first = day_number(period.first)
    return Staff(teams, heads(spans, first, period.days), own_time_s(found), rule)
