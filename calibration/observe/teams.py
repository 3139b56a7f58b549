"""Teams: agents who take contacts of the same streams, as far as they were seen taking them."""

from typing import Any, Final, NamedTuple

import numpy as np

from calibration.fits.agents import Agents
from calibration.fits.count_grid import Bools, Ints
from calibration.observe.streams import Rows

LEAST_SHARE: Final = 0.03
"""Of an agent's contacts: a stream with fewer is one that it helped out with."""
MOST_TEAMS: Final = 8
_LOG_UNIT: Final = 1e6  # logarithms are summed as millionths: integers, whose order does not matter
LEAST_WORK: Final = 0.01
"""Of all contacts: a team with less joins the one that is most like it."""


class Team(NamedTuple):
    """The streams that its agents take, in the order of the rows, and the codes of its agents."""

    streams: tuple[str, ...]
    agents: tuple[int, ...]


class Takes(NamedTuple):
    """Who took how much: agents in the order of their ids."""

    agents: tuple[str, ...]
    contacts: Ints  # [agent, stream]


def worked(rows: Rows) -> Any:
    """The rows on which an agent that is named worked for a time that is known."""
    table = rows.table
    return table.filter(
        (table["outcome"] == "handled") & table["agent_id"].notnull() & table["handle_us"].notnull()
    )


def takes_of(rows: Rows) -> Takes:
    """How many contacts of each stream each agent handled."""
    table = worked(rows)
    found = table.group_by("agent_id", "stream").agg(n=table.count()).order_by("agent_id", "stream")
    cells: list[dict[str, Any]] = found.to_pyarrow().to_pylist()
    agents = tuple(sorted({cell["agent_id"] for cell in cells}))
    row, column = ({name: i for i, name in enumerate(names)} for names in (agents, rows.names))
    contacts = np.zeros((len(agents), len(rows.names)), np.int64)
    for cell in cells:
        contacts[row[cell["agent_id"]], column[cell["stream"]]] = cell["n"]
    return Takes(agents, contacts)


def teams_of(takes: Takes, streams: tuple[str, ...]) -> tuple[Team, ...]:
    """Agents by what they take, the team with the most work first; none where no agent is named.

    Small teams join the team whose streams share the most of the work with theirs, and take what it takes.
    """
    totals = takes.contacts.sum(axis=1)
    does = takes.contacts >= LEAST_SHARE * np.maximum(totals[:, None], 1)
    does &= takes.contacts > 0
    members = dict[tuple[bool, ...], list[int]]()
    for agent, row in enumerate(does):
        members.setdefault(tuple(map(bool, row)), []).append(agent)
    work = {key: int(totals[agents].sum()) for key, agents in members.items()}
    order = sorted(work, key=lambda key: (-work[key], key))
    least = LEAST_WORK * totals.sum()
    large = [key for key in order if work[key] >= least][:MOST_TEAMS]
    weights = takes.contacts.sum(axis=0)
    for key in order:
        if key not in large:
            members[max(large, key=lambda other: _alike(key, other, weights))] += members[key]
    found = _with_all(np.array(large, bool), [members[key] for key in large], takes)
    taken = [tuple(streams[i] for i in np.flatnonzero(row)) for row in found]
    return tuple(Team(names, tuple(members[key])) for names, key in zip(taken, large, strict=True))


def _with_all(does: Bools, members: list[list[int]], takes: Takes) -> Bools:
    """What teams take, [team, stream]; a stream that all only help out with is for who took most of it."""
    found = does.copy()
    for stream in np.flatnonzero(takes.contacts.any(axis=0) & ~does.any(axis=0)) if len(does) else ():
        helped = [int(takes.contacts[agents, stream].sum()) for agents in members]
        found[int(np.argmax(helped)), stream] = True
    return found


def _alike(one: tuple[bool, ...], other: tuple[bool, ...], weights: Ints) -> float:
    """The work in streams that both take, of the work in streams that either takes."""
    a, b = np.array(one), np.array(other)
    return float(weights[a & b].sum() / max(weights[a | b].sum(), 1))


def agent_times(rows: Rows) -> Agents:
    """Logarithms of handle times by agent, less the mean of their stream; times of nothing are left out."""
    table = worked(rows)
    table = table.filter(table["handle_us"] > 0)
    log = (table["handle_us"].cast("float64").ln() * _LOG_UNIT).round().cast("int64")
    table = table.select(agent="agent_id", stream="stream", log=log)
    sums = {
        "n": table.count(),
        "total": table["log"].sum().cast("int64"),
        "squares": (table["log"] * table["log"]).sum().cast("decimal(38,0)").cast("float64"),
    }
    found = table.group_by("agent", "stream").agg(**sums).order_by("agent", "stream").to_pyarrow()
    agent, stream = (np.array(found[name].to_pylist(), object) for name in ("agent", "stream"))
    n, total = found["n"].to_numpy(), found["total"].to_numpy() / _LOG_UNIT
    squares = found["squares"].to_numpy() / _LOG_UNIT**2
    usual = np.zeros(len(n))
    for each in rows.names:
        own = stream == each
        usual[own] = total[own].sum() / max(int(n[own].sum()), 1)
    _, code = np.unique(agent.astype(str), return_inverse=True)
    apart = (n, total - n * usual, squares - 2.0 * usual * total + n * usual**2)
    count, log, square = (np.bincount(code, weights=each).astype(float) for each in apart)
    return Agents(count.astype(np.int64), log, square)
