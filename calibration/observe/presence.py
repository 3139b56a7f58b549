"""Who was at work, from who was seen working: agents without a contact are invisible in an export.

Between two contacts an agent was ready, or on a break, or at other work; the export does not say. While
somebody waits it can be told: who is ready then takes one within seconds. So a gap between two contacts
counts

* as absence, if people whom the agent might have taken waited for more than `away_s` of it;
* as absence, if it is longer than `unseen_s`, whoever waited;
* as presence otherwise.

What stays invisible: readiness before the first and after the last contact of a stretch of work, so that
staffing is understated at quiet times.
"""

from typing import Any, Final, NamedTuple

import numpy as np

from calibration.facts.sql import DAY_US, SECOND_US
from calibration.fits.cells import Cells
from calibration.fits.count_grid import Floats, Ints
from calibration.observe.spans import Spans, at_once, covered, joined
from calibration.observe.streams import Rows
from calibration.observe.teams import Takes, Team, worked

AWAY_S: Final = 300
UNSEEN_S: Final = 1800
STEP_S: Final = 300
BETWEEN_S: Final = 60
"""Gaps up to this long are never absence: after-call work, and the seconds that putting through takes."""


class Rule(NamedTuple):
    """Which gaps between contacts count as absence, in seconds; see above."""

    away_s: int = AWAY_S
    unseen_s: int = UNSEEN_S


class Gaps(NamedTuple):
    """Pauses of a minute and more of all agents, in the order of agents and times; microseconds.

    `before` is the end of the work before the pause, `after` the beginning of the work after it; the
    first row of an agent has a `before` of -1. `last` is the end of each agent's work.
    """

    agent: Ints
    before: Ints
    after: Ints
    last: Ints


class Seen(NamedTuple):
    """What the database says of agents and of those who wait."""

    gaps: Gaps
    waiting: dict[str, Spans]  # by stream: when somebody waited
    own_time: Cells  # see `own_time_s`


def seen(rows: Rows, takes: Takes) -> Seen:
    """Pull what presence needs: its size goes with pauses, not with contacts."""
    import ibis

    table = worked(rows)
    start = table["local_us"] + table["answered_us"] - table["arrived_us"]
    work = table.select(
        agent=table["agent_id"], came=table["local_us"], start=start, end=start + table["handle_us"]
    )
    earlier = ibis.window(group_by="agent", order_by=["start", "end"], preceding=(None, 1))
    work = work.mutate(before=work["end"].max().over(earlier))
    pause = work["start"] - work["before"]
    long = work.filter(work["before"].isnull() | (pause > BETWEEN_S * SECOND_US))
    last = work.group_by("agent").agg(end=work["end"].max()).order_by("agent").to_pyarrow()
    codes = {agent: i for i, agent in enumerate(takes.agents)}
    ends = np.zeros(len(takes.agents), np.int64)
    ends[[codes[agent] for agent in last["agent"].to_pylist()]] = last["end"].to_numpy()
    return Seen(_gaps(long, codes, ends), _waiting(rows), _own_time(work))


def _own_time(work: Any) -> Cells:
    """Pauses before contacts that had waited since before the pause began, up to `BETWEEN_S`."""
    pause = work["start"] - work["before"]
    held = work.filter((work["came"] <= work["before"]) & (pause >= 0) & (pause <= BETWEEN_S * SECOND_US))
    held = held.select(ms=((held["start"] - held["before"]) // 1000).cast("int64"))
    found = held.group_by("ms").agg(n=held.count()).order_by("ms").to_pyarrow()
    return Cells(found["ms"].to_numpy() / 1000.0, found["n"].to_numpy())


def _gaps(table: Any, codes: dict[str, int], ends: Ints) -> Gaps:
    found = table.order_by("agent", "start").select("agent", "before", "start").to_pyarrow()
    agent = np.array([codes[each] for each in found["agent"].to_pylist()], np.int64)
    before = found["before"].fill_null(-1).to_numpy()
    return Gaps(agent, before, found["start"].to_numpy(), ends)


def _waiting(rows: Rows) -> dict[str, Spans]:
    """When somebody waited, by stream: joined in the database day by day, and then over midnight."""
    import ibis

    table = rows.table.filter(rows.table["queued"] & (rows.table["wait_us"] > 0))
    waits = table.select(
        stream=table["stream"],
        day=table["local_us"] // DAY_US,
        start=table["local_us"],
        end=table["local_us"] + table["wait_us"],
    )
    earlier = ibis.window(group_by=["stream", "day"], order_by=["start", "end"], preceding=(None, 1))
    waits = waits.mutate(before=waits["end"].max().over(earlier))
    waits = waits.mutate(first=(waits["before"].isnull() | (waits["start"] > waits["before"])).cast("int64"))
    so_far = ibis.window(group_by=["stream", "day"], order_by=["start", "end"], preceding=(None, 0))
    waits = waits.mutate(island=waits["first"].sum().over(so_far))
    islands = waits.group_by("stream", "day", "island").agg(
        start=waits["start"].min(), end=waits["end"].max()
    )
    found = islands.order_by("stream", "start").to_pyarrow()
    names = np.array(found["stream"].to_pylist(), object)
    start, end = found["start"].to_numpy(), found["end"].to_numpy()
    return {each: joined(Spans(start[names == each], end[names == each])) for each in rows.names}


def waiting_for(seen: Seen, streams: tuple[str, ...]) -> Spans:
    """When somebody of any of the streams waited."""
    parts = [seen.waiting[name] for name in streams]
    return joined(Spans(*(np.concatenate(each) for each in zip(*parts, strict=True))))


def stretches(seen: Seen, teams: tuple[Team, ...], rule: Rule) -> tuple[Spans, ...]:
    """When agents were at work, by team; spans of different agents overlap."""
    gaps = seen.gaps
    found = []
    for team in teams:
        own = np.isin(gaps.agent, team.agents)
        waits = waiting_for(seen, team.streams)
        before, after = gaps.before[own], gaps.after[own]
        missed = covered(waits, after) - covered(waits, before)
        away = (after - before > rule.unseen_s * SECOND_US) | (missed > rule.away_s * SECOND_US)
        found.append(_between(gaps._replace(agent=gaps.agent[own], before=before, after=after), away))
    return tuple(found)


def _between(gaps: Gaps, away: Any) -> Spans:
    """The work between absences: from the end of one to the beginning of the next, or to the last contact."""
    away = away | (gaps.before < 0)
    agent, before, after = (each[away] for each in (gaps.agent, gaps.before, gaps.after))
    follows = np.concatenate([agent[1:] == agent[:-1], [False]]) if len(agent) else np.zeros(0, bool)
    ends = np.where(follows, np.concatenate([before[1:], [0]]) if len(agent) else before, gaps.last[agent])
    return Spans(after, ends)


def heads(spans: tuple[Spans, ...], first_day: int, days: int, step_s: int = STEP_S) -> Floats:
    """Agents at work on average, [team, day, step]; `first_day` counts days since 1970."""
    steps = 86_400 // step_s
    found = [at_once(each, first_day * DAY_US, step_s * SECOND_US, days * steps) for each in spans]
    return np.array(found).reshape(len(spans), days, steps)


def own_time_s(seen: Seen) -> float:
    """Mean pause between two contacts of which the second had been waiting all along, seconds.

    It is the agent's own: after-call work that the export does not record, and the seconds that it takes to
    put a contact through. Pauses beyond a minute are something else. 0 where nobody ever waited so.
    """
    n = int(seen.own_time.counts.sum())
    return float(seen.own_time.values_s @ seen.own_time.counts) / n if n else 0.0
