"""Peers side by side: interleaved rounds, CPU time, medians, and each peer held against theory."""

import gc
import importlib
import math
from collections.abc import Callable, Sequence
from statistics import fmean, median
from typing import NamedTuple, cast

from scipy.special import stdtrit  # Student's quantile, without a second of importing scipy.stats

from benchmarks.erlang_a import Exact, exact
from benchmarks.model import MODEL, MissingPeerError, Peer, PeerResult

FALSE_ALARM = 1e-5
"""Chance that a faithful figure is called wrong; three figures a peer are tested."""


class Entry(NamedTuple):
    """A line of the table: where the peer lives, and its part of `--contacts` (less for slow ones)."""

    name: str
    label: str
    module: str
    function: str = "run"
    part: float = 1.0


LIMIT = "limit"
PEERS = (
    Entry(LIMIT, "C loop by hand (`limit.c`)", "benchmarks.peer_limit"),
    Entry("tuned", "C loop, as tight as it gets (`limit_tuned.c`)", "benchmarks.peer_limit", "run_tuned"),
    Entry("cimba-events", "Cimba, bare events", "benchmarks.peer_cimba", "run_events"),
    Entry("cimba", "Cimba, agents and a store", "benchmarks.peer_cimba"),
    Entry("careloop", "careloop, fast engine", "benchmarks.ours"),
    Entry("simpy", "SimPy, a process a contact", "benchmarks.peer_simpy", part=0.05),
    Entry("ciw", "Ciw, with reneging", "benchmarks.peer_ciw", part=0.02),
)


class Row(NamedTuple):
    """A peer's figures; `missing` says why there are none."""

    entry: Entry
    results: tuple[PeerResult, ...]
    missing: str = ""

    def ns_each(self) -> list[float]:
        """CPU nanoseconds a contact, round by round."""
        return [result.cpu_s / result.contacts * 1e9 for result in self.results]


def find(entry: Entry) -> tuple[Peer | None, str]:
    """The peer, compiled and warm, or the reason why it cannot run here."""
    try:
        peer = cast(Peer, getattr(importlib.import_module(entry.module), entry.function))
        peer(1000, 0)
    except ImportError as error:
        return None, f"not installed ({error.name or error})"
    except MissingPeerError as error:
        return None, f"not installed ({error})"
    return peer, ""


def compare(entries: Sequence[Entry], contacts: int, rounds: int, say: Callable[[str], None]) -> list[Row]:
    """Run every peer once a round, each round starting with another one."""
    found = {entry.name: find(entry) for entry in entries}
    able = [entry for entry in entries if found[entry.name][0] is not None]
    taken: dict[str, list[PeerResult]] = {entry.name: [] for entry in entries}
    # What the imports left behind would be walked by every collection of a peer that makes objects.
    gc.collect()
    gc.freeze()
    for number in range(rounds):
        say(f"round {number + 1} of {rounds}")
        first = number % len(able) if able else 0
        for entry in able[first:] + able[:first]:
            peer = found[entry.name][0]
            assert peer is not None
            taken[entry.name].append(peer(max(1000, int(contacts * entry.part)), number + 1))
            gc.collect()
    gc.unfreeze()
    return [Row(entry, tuple(taken[entry.name]), found[entry.name][1]) for entry in entries]


def noise(rows: Sequence[Row], figure: int) -> tuple[float, int]:
    """Standard deviation of a figure over runs of one contact, and its degrees of freedom.

    How far a run of n contacts strays is a property of the model, not of the peer: variance times
    n is pooled over all of them, so that a handful of rounds is enough for a sharp test.
    """
    squares, freedom = 0.0, 0
    for row in rows:
        values = [result[2:][figure] for result in row.results]
        if len(values) > 1:
            centre = fmean(values)
            squares += sum((v - centre) ** 2 * r.contacts for v, r in zip(values, row.results, strict=True))
            freedom += len(values) - 1
    return (math.sqrt(squares / freedom), freedom) if freedom else (math.nan, 0)


def worst_t(row: Row, rows: Sequence[Row], theory: Exact) -> float:
    """The largest distance from theory among the three figures, in standard errors."""
    contacts = sum(result.contacts for result in row.results)
    distances = []
    for figure, value in enumerate(theory):
        spread, _ = noise(rows, figure)
        mean = sum(result[2:][figure] * result.contacts for result in row.results) / contacts
        distances.append((mean - value) / (spread / math.sqrt(contacts)))
    return max(distances, key=abs)


def allowed_t(rows: Sequence[Row]) -> float:
    """How far a faithful peer may be from theory."""
    return float(stdtrit(max(1, noise(rows, 0)[1]), 1 - FALSE_ALARM / 2))


def times_limit(row: Row, rows: Sequence[Row]) -> float | None:
    """Median over the rounds of this peer's cost over the limit's in the same round."""
    limit = next((other for other in rows if other.entry.name == LIMIT and other.results), None)
    if limit is None:
        return None
    return median(a / b for a, b in zip(row.ns_each(), limit.ns_each(), strict=True))


def _number(value: float) -> str:
    """About three figures: what a timing can bear."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"


def _line(row: Row, rows: Sequence[Row], theory: Exact) -> str:
    if row.missing:
        return f"| {row.entry.label} | {row.missing} | | | | | | |"
    ratio = times_limit(row, rows)
    sl20, abandoned, wait_s = (fmean(result[2:][i] for result in row.results) for i in range(3))
    cells = (
        row.entry.label,
        f"{row.results[0].contacts:,}",
        _number(median(row.ns_each())),
        "" if ratio is None else _number(ratio),
        f"{sl20:.4f}",
        f"{abandoned:.5f}",
        f"{wait_s:.3f}",
        f"{worst_t(row, rows, theory):+.1f}",
    )
    return "| " + " | ".join(cells) + " |"


def wrong(rows: Sequence[Row]) -> list[str]:
    """Labels of the peers that do not simulate the model."""
    theory, allowed = exact(MODEL), allowed_t(rows)
    return [row.entry.label for row in rows if row.results and abs(worst_t(row, rows, theory)) > allowed]


def table(rows: Sequence[Row]) -> str:
    """The comparison as Markdown."""
    theory = exact(MODEL)
    head = (
        "| simulator | contacts a run | ns a contact | times the limit | answered in 20 s | abandoned "
        "| mean wait, s | worst t |\n|---|---:|---:|---:|---:|---:|---:|---:|"
    )
    figures = f"{theory.sl20:.4f} | {theory.abandon_share:.5f} | {theory.mean_wait_s:.3f}"
    last = f"| *exact (Erlang A)* | | | | {figures} | |"
    return "\n".join([head, *(_line(row, rows, theory) for row in rows), last])
