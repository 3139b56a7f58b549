"""Which streams a scenario gets: the kinds of contacts that matter, by number; the rest is one."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

REST: Final = "other"
LEAST_SHARE: Final = 0.05
"""Of all contacts: a kind with fewer is a part of the rest."""
MOST: Final = 8
BY: Final = ("queue", "channel", "segment", "severity", "cause")
"""Facts by which contacts may be told apart."""
UNTOLD: Final = "untold"
WANTED: Final = ("handled", "abandoned", "open")
"""Outcomes of contacts that wanted an agent; what was dropped, or ended in self-service, did not."""


class Stream(NamedTuple):
    """A stream of the scenario: its kinds in the export, and the channel that most of it comes by."""

    name: str
    kinds: tuple[str, ...]
    channel: str
    contacts: int


class Rows(NamedTuple):
    """The contacts that wanted an agent, a row a leg, each with its `stream`; an ibis relation."""

    table: Any
    streams: tuple[Stream, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(stream.name for stream in self.streams)


def rows_of(facts: Any, by: Sequence[str] = ("queue",), share: float = LEAST_SHARE, most: int = MOST) -> Rows:
    """Put each kind of contact into a stream, the largest first, and the rest last.

    A kind is what the facts named in `by` say together. Raises ``ValueError`` where nobody wanted an agent.
    """
    wanted = _wanted(facts, by)
    counts = wanted.group_by("kind", "channel").agg(n=wanted.count()).order_by("kind", "channel")
    streams = streams_of(counts.to_pyarrow().to_pylist(), share, most)
    if not streams:
        raise ValueError("no contact wanted an agent in this period; check the dates")
    return Rows(wanted.mutate(stream=wanted["kind"].substitute(_stream_of(streams))), streams)


def rows_like(facts: Any, by: Sequence[str], streams: tuple[Stream, ...]) -> Rows:
    """The same with streams that are known already; kinds that are new are of the rest, or left out."""
    wanted = _wanted(facts, by)
    rest = next((stream.name for stream in streams if len(stream.kinds) > 1), None)
    known = wanted["kind"].substitute(_stream_of(streams), else_=rest)
    wanted = wanted.mutate(stream=known)
    return Rows(wanted.filter(wanted["stream"].notnull()), streams)


def _wanted(facts: Any, by: Sequence[str]) -> Any:
    import ibis

    wanted = facts.filter(facts["outcome"].isin(WANTED))
    parts = [wanted[name].coalesce(UNTOLD) for name in by]
    return wanted.mutate(kind=ibis.literal(" ").join(parts) if len(parts) > 1 else parts[0])


def _stream_of(streams: tuple[Stream, ...]) -> dict[str, str]:
    return {kind: stream.name for stream in streams for kind in stream.kinds}


def streams_of(
    counts: list[dict[str, Any]], share: float = LEAST_SHARE, most: int = MOST
) -> tuple[Stream, ...]:
    """Streams of counts `n` by `kind` and `channel`: the largest kinds, and the rest."""
    by_kind = dict[str, dict[str, int]]()
    for row in counts:
        by_kind.setdefault(row["kind"], {})[row["channel"]] = row["n"]
    sizes = {kind: sum(by_channel.values()) for kind, by_channel in by_kind.items()}
    order = sorted(sizes, key=lambda kind: (-sizes[kind], kind))
    total = sum(sizes.values())
    large = [kind for kind in order if sizes[kind] >= share * total][:most]
    rest = order[len(large) :]
    if len(rest) == 1:  # a rest of one kind keeps its name
        large, rest = order, []
    names = _names(large)
    found = [Stream(names[kind], (kind,), _most_common([by_kind[kind]]), sizes[kind]) for kind in large]
    if rest:
        name = REST if REST not in names.values() else f"{REST} kinds"
        channel = _most_common([by_kind[kind] for kind in rest])
        found.append(Stream(name, tuple(rest), channel, sum(sizes[kind] for kind in rest)))
    return tuple(found)


def _most_common(parts: list[dict[str, int]]) -> str:
    total = dict[str, int]()
    for part in parts:
        for channel, n in part.items():
            total[channel] = total.get(channel, 0) + n
    return max(sorted(total), key=lambda channel: total[channel])


def _names(kinds: list[str]) -> Mapping[str, str]:
    """Names that a scenario may have: letters, digits, spaces, _ and -, each once."""
    taken = dict[str, str]()
    for kind in kinds:
        plain = re.sub(r"[^A-Za-z0-9 _-]+", "_", kind).strip(" _-")[:40] or "stream"
        name, n = plain, 1
        while name in taken.values():
            n += 1
            name = f"{plain} {n}"
        taken[kind] = name
    return taken
