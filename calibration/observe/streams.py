"""Which streams a scenario gets: the kinds of contacts that matter, by number; the rest is one."""

import itertools
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

REST: Final = "other"
LEAST_SHARE: Final = 0.05
"""Of all contacts: a kind with fewer is a part of the rest."""
MOST: Final = 8
BY: Final = ("queue", "channel", "segment", "severity", "cause")
"""Facts by which contacts may be told apart."""
UNTOLD: Final = "untold"
_ALL: Final = "all"  # what measures call all streams together
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
    _refuse_untold(facts, by)
    wanted = _wanted(facts, by)
    counts = wanted.group_by("kind", "channel").agg(n=wanted.count()).order_by("kind", "channel")
    streams = streams_of(counts.to_pyarrow().to_pylist(), share, most)
    if not streams:
        raise ValueError("no contact wanted an agent in this period; check the dates")
    return Rows(wanted.mutate(stream=wanted["kind"].substitute(stream_of(streams))), streams)


def _refuse_untold(facts: Any, by: Sequence[str]) -> None:
    """Raise ``ValueError`` for a fact that no row has: all would be one stream of what is not told."""
    known = facts.aggregate(**{name: facts[name].notnull().any() for name in by}).to_pyarrow().to_pylist()[0]
    absent = [name for name in by if known[name] is False]
    if absent:
        raise ValueError(f"--by: no contact has a {absent[0]}; tell streams apart by what the export has")


def rows_like(facts: Any, by: Sequence[str], streams: tuple[Stream, ...]) -> Rows:
    """The same with streams that are known already; kinds that are new are of the rest, or left out."""
    wanted = _wanted(facts, by)
    rest = next((stream.name for stream in streams if len(stream.kinds) > 1), None)
    of = stream_of(streams)
    if rest is None:
        wanted = wanted.filter(wanted["kind"].isin(list(of)))
    return Rows(wanted.mutate(stream=wanted["kind"].substitute(of, else_=rest)), streams)


def _wanted(facts: Any, by: Sequence[str]) -> Any:
    import ibis

    wanted = facts.filter(facts["outcome"].isin(WANTED))
    parts = [wanted[name].coalesce(UNTOLD) for name in by]
    return wanted.mutate(kind=ibis.literal(" ").join(parts) if len(parts) > 1 else parts[0])


def stream_of(streams: tuple[Stream, ...]) -> dict[str, str]:
    """The name of the stream of each kind."""
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
        name = _free(REST, names.values())
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
        bare = "".join(c for c in unicodedata.normalize("NFKD", kind) if not unicodedata.combining(c))
        plain = re.sub(r"[^A-Za-z0-9 _-]+", "_", bare).strip(" _-")[:40].strip(" _-") or "stream"
        taken[kind] = _free(plain, taken.values())
    return taken


def _free(plain: str, taken: Iterable[str]) -> str:
    """A name that is not taken, in whatever case, and does not stand for something else."""
    known = {_ALL, *(name.casefold() for name in taken)}
    names = itertools.chain([plain], (f"{plain} {n}" for n in itertools.count(2)))
    return next(name for name in names if name.casefold() not in known)
