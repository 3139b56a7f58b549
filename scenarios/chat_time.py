"""Chat handle times measured by the clock, turned into focus time: what the chat takes alone.

The clock runs on while an agent types to somebody else, so a time by the clock says little without
the number of chats at once that it was measured at.
"""

from dataclasses import replace

from scenarios.distributions import Distribution, Phase, Quantile
from scenarios.model import Concurrency
from scenarios.parts import Parts
from scenarios.problems import Finding
from scenarios.units import SHORTEST_S, plain_number


def in_focus_time(parts: Parts) -> tuple[Parts, list[Finding], list[str]]:
    """Return the parts with all handle times as focus time, what is wrong, and notes of what was divided."""
    streams, findings, notes = dict(parts.streams), list[Finding](), list[str]()
    for name, stream in parts.streams.items():
        chats = stream.handle_time.at_concurrency
        if chats is None or not parts.is_whole() or stream.queue not in parts.queues:
            continue
        slowdowns = _slowdowns(parts, stream.queue, chats)
        if len(set(slowdowns.values())) != 1:
            place = ("streams", name, "handle_time", "at_concurrency")
            findings.append(Finding(place, _no_slowdown(stream.queue, chats, slowdowns)))
            continue
        slowdown = next(iter(slowdowns.values()))
        focus = divided(stream.handle_time, slowdown)
        streams[name] = stream.model_copy(update={"handle_time": focus})
        notes.append(
            f"streams.{name}.handle_time: divided by {slowdown:g}, the slow-down with "
            f"{plain_number(chats)} chats at once; alone, a contact takes {focus.mean_s:.1f} s"
        )
    return replace(parts, streams=streams), findings, notes


def _slowdowns(parts: Parts, queue: str, chats: float) -> dict[str, float]:
    """Return the slow-down at so many chats of every group that may have that many from this queue."""
    names = [name for each in parts.reachable(queue) for name in parts.groups_of(each)]
    tables = {name: parts.groups[name].concurrency for name in names}
    return {
        name: slowdown_at(table, chats) for name, table in tables.items() if table and table.chats >= chats
    }


def _no_slowdown(queue: str, chats: float, found: dict[str, float]) -> str:
    said = plain_number(chats)
    if not found:
        return f"is {said}, and no group that serves queue {queue!r} has {said} chats at once"
    each = ", ".join(f"{name} {slowdown:g}" for name, slowdown in found.items())
    return f"is {said}, where the slow-down differs by group ({each}); give the handle time as focus time"


def slowdown_at(table: Concurrency, chats: float) -> float:
    """Return the slow-down with a (mean) number of chats at once: straight lines between whole numbers."""
    for (n, low), high in zip(enumerate(table.slowdown, 1), table.slowdown[1:], strict=False):
        if n <= chats <= n + 1:
            return low + (chats - n) * (high - low)
    return table.slowdown[-1]


def divided(given: Distribution, factor: float) -> Distribution:
    """Return the distribution of all times divided by a factor: the shape stays."""
    return given.model_copy(
        update={
            "mean_s": max(given.mean_s / factor, SHORTEST_S),
            "phases": tuple(Phase(p.share, max(p.mean_s / factor, SHORTEST_S)) for p in given.phases),
            "quantiles": tuple(Quantile(q.p, q.value_s / factor) for q in given.quantiles),
            "at_concurrency": None,
        }
    )
