"""What simpler ways would have said of the days of a back-test: Erlang C and Erlang A, interval by interval.

Both get the same contacts, the same handle times and the same people. Teams that share a stream are one line,
in which all wait for all: that flatters the formulas where skills keep people apart, and is the usual way.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from reports.ratios import Floats, Ratio
from sim.erlang.line import Line
from sim.erlang.steady import steady
from sim.erlang.waits import within

ERLANG_A: Final = "Erlang A"
ERLANG_C: Final = "Erlang C"
LAST_WEEK: Final = "last week repeated"


class Asked(NamedTuple):
    """Of each stream: contacts expected and mean handle time; of each team: people, and what it takes."""

    contacts: Floats  # [stream, day, interval]
    handle_s: Floats  # [stream]
    patience_s: Floats  # [stream] mean, inf: nobody gives up
    heads: Floats  # [team, day, interval]
    takes: NDArray[np.bool_]  # [team, stream]
    interval_s: int
    within_s: float


class Said(NamedTuple):
    """Of each stream, [stream, day, interval]: contacts, and how they fare."""

    offered: Floats
    answered: Floats
    abandoned: Floats
    answered_within: Floats
    waited_s: Floats  # by the answered, altogether
    busy: Floats  # agents, on average


def lines_of(takes: NDArray[np.bool_]) -> list[tuple[list[int], list[int]]]:
    """Teams and streams that belong together, as (teams, streams)."""
    teams, streams = takes.shape
    left, found = set(range(streams)), []
    while left:
        its_streams, its_teams = {min(left)}, set[int]()
        while True:
            more = {t for t in range(teams) if any(takes[t, s] for s in its_streams)}
            wider = its_streams | {s for s in range(streams) if any(takes[t, s] for t in more)}
            if (more, wider) == (its_teams, its_streams):
                break
            its_teams, its_streams = more, wider
        left -= its_streams
        found.append((sorted(its_teams), sorted(its_streams)))
    return found


def erlang(asked: Asked, with_patience: bool) -> Said:
    """Erlang A, or Erlang C, for each interval as if its rates had always held.

    Where contacts outgrow the people Erlang C has no finite wait: everybody is taken to wait for the whole of
    the interval, and so is whoever comes where nobody is at work.
    """
    said = [np.zeros_like(asked.contacts) for _ in Said._fields]
    for teams, streams in lines_of(asked.takes):
        for into, values in zip(said, _line(asked, teams, streams, with_patience), strict=True):
            into[streams] = values
    return Said(*said)


def _line(asked: Asked, teams: Sequence[int], streams: Sequence[int], with_patience: bool) -> list[Floats]:
    contacts = asked.contacts[streams]
    offered = contacts.sum(axis=0)
    weights = contacts / np.where(offered > 0, offered, 1.0)
    handle_s = np.where(offered > 0, np.einsum("sdi,s->di", weights, asked.handle_s[streams]), 1.0)
    agents = asked.heads[teams].sum(axis=0) if len(teams) else np.zeros_like(offered)
    patience_s = _mean_patience(contacts, asked.patience_s[streams]) if with_patience else np.inf
    line = Line(offered * 3600.0 / asked.interval_s, handle_s, agents, patience_s)
    found, close = steady(line), within(line, asked.within_s)
    asa = np.minimum(np.where(np.isfinite(found.asa_s), found.asa_s, asked.interval_s), asked.interval_s)
    answered = found.answered if with_patience else np.ones_like(offered)
    abandoned = found.abandoned if with_patience else np.zeros_like(offered)
    shares = (np.ones_like(offered), answered, abandoned, close.answered, answered * asa)
    busy = np.minimum(found.occupancy, 1.0) * agents
    return [contacts * share for share in shares] + [weights * busy]


def _mean_patience(contacts: Floats, patience_s: Floats) -> Floats:
    """The mean whose rate of giving up is that of the mix, [day, interval]."""
    total = contacts.sum(axis=0)
    rate = np.einsum("sdi,s->di", contacts, 1.0 / patience_s) / np.where(total > 0, total, 1.0)
    found: Floats = np.where(rate > 0, 1.0 / np.where(rate > 0, rate, 1.0), np.inf)
    return found


def ratios(said: Said, streams: Sequence[int], heads: Floats) -> dict[str, Ratio]:
    """The measures of some streams together."""
    offered, answered, abandoned, close, waited, busy = (each[list(streams)].sum(axis=0) for each in said)
    return {
        "offered": Ratio(offered),
        "service_level": Ratio(close, answered + abandoned),
        "asa": Ratio(waited, answered),
        "abandonment": Ratio(abandoned, offered),
        "occupancy": Ratio(busy, heads),
    }
