"""Cases that come at moments of the test's choosing, and a day of them told in words.

A contact of a case opens it as it arrives, so it cannot wait in a lobby, as in `hand.py`, until its time has
come. It is put into the starting state instead, to come at its moment as those come who try again.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

import scenarios
from sim import drive
from sim.compile import Model, begin, compile_scenario
from sim.contacts import SIDE, new_contact
from sim.draws import name_key
from sim.fast import advance
from sim.layout import State, Tables
from sim.life import arrive
from sim.log import ABANDONED, AGAIN, ARRIVED, HANDLED, LEG, STRUCK_OFF
from sim.order import RETURN, push, rank
from sim.reference import Life, Reference
from tests.sim.logs import Keeper, Log

Line = tuple[str, str]  # time, what happens

SECOND = 1_000_000  # ticks
DAY_S = 86_400
ORDER = ("is done", "is struck off", "given up", "is solved", "comes", "is back", "laid aside", "")
DAYS = ("", "Tue ", "Wed ", "Thu ", "Fri ", "Sat ", "Sun ")  # after a Monday, which goes without saying


class Comes(NamedTuple):
    """A customer: when (ticks), and by which stream."""

    at: int
    stream: str


def ticks(clock: str) -> int:
    """HH:MM:SS of the first day in ticks."""
    hours, minutes, seconds = map(int, clock.split(":"))
    return (hours * 3600 + minutes * 60 + seconds) * SECOND


def told(tick: int) -> str:
    """A tick as HH:MM:SS, with the name of a later day; a dash for a moment that has not come."""
    if tick < 0:
        return "–"
    days, s = divmod(round(tick / SECOND), DAY_S)
    return f"{DAYS[days]}{s // 3600:02d}:{s // 60 % 60:02d}:{s % 60:02d}"


class _Placed(Reference):
    """The reference engine, which some contacts come to at given moments."""

    def __init__(self, coming: list[tuple[int, int]]) -> None:
        super().__init__()
        self.coming = coming

    def __call__(self, tables: Tables, state: State, until: int) -> int:
        if not self.started:
            self.tables, self.state = tables, state
            for c, tick in self.coming:
                self.env.process(self.comes(c, tick))
        return super().__call__(tables, state, until)

    def comes(self, c: int, tick: int) -> Life:
        yield self.at(tick, rank(RETURN, self.state.contacts[c]["key"]))
        self.tick()
        arrive(self.tables, self.state, c)
        self.begin_lives()
        yield from self.contact(c)


class Day:
    """What happened to the cases of a day, which are numbered from 1 in the order of their coming."""

    def __init__(self, text: str, coming: list[Comes], engine: str) -> None:
        self.model: Model = compile_scenario(scenarios.loads(text))
        self.number = {int(name_key("case", str(n))): n for n in range(1, len(coming) + 1)}
        state = begin(self.model, 1, 0)
        placed = [self._place(state, n, each) for n, each in enumerate(coming, 1)]
        if engine == "fast":
            for c, tick in placed:
                contact = state.contacts[c]
                push(state, tick, RETURN, contact["key"], c, contact["version"])
        keeper = Keeper(self.model)
        drive.run(self.model, state, keeper, None, advance if engine == "fast" else _Placed(placed))
        self.log: Log = keeper.log()

    def _place(self, state: State, n: int, coming: Comes) -> tuple[int, int]:
        stream = self.model.names.streams.index(coming.stream)
        queue = int(self.model.tables.streams[stream]["queue"])
        return new_contact(state, name_key("case", str(n)), np.uint64(0), stream, queue), coming.at

    def cases(self) -> list[tuple[str, ...]]:
        """The table of the cases, in the order of their coming."""
        rows = sorted(self.log.cases, key=lambda case: self.number[int(case["key"])])
        moments = ("born", "replied", "reply_due", "solved", "resolution_due", "closed")
        counts = ("contacts", "legs", "transfers", "updates", "late", "escalated")
        return [
            (str(n), *(told(int(case[f])) for f in moments), *(str(case[f]) for f in counts))
            for n, case in enumerate(rows, 1)
        ]

    def happens(self) -> list[Line]:
        """What happens when, in words; at one moment, what ends comes before what begins."""
        lines = [line for row in self.log.contacts for line in self._lines(row)]
        lines += [(tick, f"case {n} is solved") for tick, n in self._solutions()]
        return [(told(tick), words) for tick, words in sorted(lines, key=_in_order)]

    def _solutions(self) -> list[tuple[int, int]]:
        """When which case was solved: as the last leg of a customer's contact was done."""
        legs = self.log.legs()
        legs = legs[legs["role"] != SIDE]
        last = {int(leg["key"]): leg for leg in np.sort(legs, order="legs")}
        done = [leg for leg in last.values() if leg["outcome"] == HANDLED]
        return [(int(leg["ended"]), self.number[int(leg["case"])]) for leg in done]

    def _lines(self, row: np.void) -> Iterator[tuple[int, str]]:
        case = f"case {self.number[int(row['case'])]}"
        if row["row"] == ARRIVED:
            by = self.model.names.streams[row["stream"]]
            yield (
                int(row["born"]),
                f"{case} comes by {by}" if row["parent"] == 0 else f"{case} is back by {by}",
            )
        elif row["row"] == AGAIN:
            yield int(row["queued"]), f"{case} is laid aside"
            yield int(row["ended"]), f"{case} is taken up again"
        elif row["row"] == LEG:
            yield from self._leg(row, case)

    def _leg(self, row: np.void, case: str) -> Iterator[tuple[int, str]]:
        what = self.model.names.steps[row["step"]]
        of = f"{case} ({what})"
        if row["outcome"] == HANDLED:
            who = self.model.names.groups[row["group"]]
            yield int(row["started"]), f"{who} begins with {of}"
            yield int(row["ended"]), f"{who} is done with {of}"
        elif row["outcome"] == ABANDONED:
            yield int(row["ended"]), f"{case} is given up by the customer"
        elif row["outcome"] == STRUCK_OFF:
            assert row["role"] == SIDE
            yield int(row["ended"]), f"{of} is struck off"
        else:
            yield int(row["ended"]), f"{of} ends otherwise: {row['outcome']}"


def _in_order(line: tuple[int, str]) -> tuple[int, int, str]:
    tick, words = line
    return tick, next(n for n, part in enumerate(ORDER) if part in words), words
