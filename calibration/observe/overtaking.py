"""In which order contacts of different streams are taken: who goes before somebody who has waited longer.

Whenever an agent takes a contact of one stream while one of another, which it also takes, has waited longer,
the first has overtaken the other. With one line for all nobody is overtaken; a stream that is overtaken and
overtakes nobody stands behind.
"""

from collections import deque
from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np

from calibration.facts.sql import DAY_US, SECOND_US
from calibration.fits.count_grid import Floats, Ints
from calibration.observe.streams import Rows
from calibration.observe.teams import Takes, Team

_MOST: Final = 120_000  # contacts that are followed: those of every so many days
_CLOSE_US: Final = 2 * SECOND_US  # who came together waited equally long
_FEWEST: Final = 30  # moments at which one of two could be overtaken
_BEHIND: Final = 0.5
_HARDLY: Final = 0.2


class Overtaking(NamedTuple):
    """How often, [stream, stream]: of the moments at which a contact of the second stream had waited longer
    than one of the first, and one of them was taken, in how many it was the first; and the moments."""

    share: Floats
    moments: Ints


class _Waited(NamedTuple):
    stream: Ints
    start: Ints
    end: Ints
    agent: Ints  # -1 where nobody took it


def overtaking(rows: Rows, takes: Takes, teams: tuple[Team, ...]) -> Overtaking:
    """Follow those who waited, on a sample of days."""
    waited = _waited(rows, takes)
    place = {name: i for i, name in enumerate(rows.names)}
    can = {agent: [place[name] for name in team.streams] for team in teams for agent in team.agents}
    first, older = _counted(waited, can, len(rows.streams))
    moments = first + older.T
    with np.errstate(invalid="ignore"):
        return Overtaking(np.where(moments > 0, first / moments, np.nan), moments)


def _waited(rows: Rows, takes: Takes) -> _Waited:
    table = rows.table.filter(rows.table["queued"] & (rows.table["wait_us"] > 0))
    every = max(1, -(-int(table.count().to_pyarrow().as_py()) // _MOST))
    table = table.filter((table["local_us"] // DAY_US) % every == 0)
    table = table.select(
        "stream", "agent_id", start=table["local_us"], end=table["local_us"] + table["wait_us"]
    )
    found = table.order_by("start", "end", "stream").to_pyarrow()
    place = {name: i for i, name in enumerate(rows.names)}
    code: dict[str | None, int] = {agent: i for i, agent in enumerate(takes.agents)}
    return _Waited(
        np.array([place[name] for name in found["stream"].to_pylist()], np.int64),
        found["start"].to_numpy(),
        found["end"].to_numpy(),
        np.array([code.get(agent, -1) for agent in found["agent_id"].to_pylist()], np.int64),
    )


def _counted(waited: _Waited, can: Mapping[int, list[int]], streams: int) -> tuple[Ints, Ints]:
    """[stream taken, other]: how often the other's oldest had waited longer, and how often less long."""
    first, older = np.zeros((2, streams, streams), np.int64)
    lines: list[deque[int]] = [deque() for _ in range(streams)]
    stream, start, end = (each.tolist() for each in waited[:3])
    arrived = 0
    for n in np.argsort(waited.end, kind="stable").tolist():
        while arrived < len(start) and start[arrived] <= end[n]:
            lines[stream[arrived]].append(arrived)
            arrived += 1
        for other in can.get(int(waited.agent[n]), ()):
            line = lines[other]
            while line and end[line[0]] <= end[n]:
                line.popleft()
            if other != stream[n] and line:
                longer = start[line[0]] < start[n] - _CLOSE_US
                (first if longer else older)[stream[n], other] += 1
    return first, older


def ranks(found: Overtaking) -> tuple[int, ...]:
    """The priority of each stream: 0, or less by one for each stream of higher priority that goes before it.

    A stream goes before another that it overtakes in more than half of the moments, and that overtakes it
    in fewer than a fifth; with fewer than 30 moments nothing is known.
    """
    n = len(found.share)
    known = (found.moments >= _FEWEST) & (found.moments.T >= 1)
    before = known & (found.share > _BEHIND) & ~(found.share.T > _HARDLY)
    rank = [0] * n
    for _ in range(n):  # the longest chain of streams before it; more rounds than streams change nothing
        rank = [min([rank[i] - 1 for i in range(n) if before[i, j]], default=0) for j in range(n)]
    return tuple(rank) if min(rank, default=0) > -n else (0,) * n
