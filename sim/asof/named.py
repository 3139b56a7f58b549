"""The columns of an export, with names and times as it has them, as rows of a model: `Seen`.

A contact belongs to the stream that its segment names, or else to the only stream of its queue; a further leg
to that of the leg before it. An agent belongs to the group by which careloop's own exports number agents, or
to the only one that serves the queue.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np

from scenarios.problems import nearest, shown
from scenarios.related import serving, streams_of
from sim.almanac import stretches
from sim.asof.seen import SEEN, UNKNOWN, Bools, Ints, Seen, in_order, is_later_leg
from sim.case_layout import NUMBERS_APART
from sim.clock import to_ticks
from sim.compile import Model
from sim.draws import name_key
from sim.layout import NOBODY
from sim.log import ABANDONED, BLOCKED, CLEARED, CLOSED, DEFLECTED, HANDLED, OPEN, OVERFLOWED, SILENT

_FEW: Final = 5  # names that are listed
_TICKS_PER_US: Final = 1
_OUTCOMES: Final = {"handled": HANDLED, "abandoned": ABANDONED, "self_service": DEFLECTED, "open": OPEN}
_TONES: Final = {"positive": 1, "negative": -1}


class FactsError(ValueError):
    """An export that does not go with a scenario, or with a day of it."""


class Words(NamedTuple):
    """A column of words: the number of each cell's word, or -1, and the words."""

    codes: Ints
    words: Sequence[str]

    def each(self, found: Iterable[int]) -> Ints:
        """Numbers in the place of words, -1 where there is none."""
        return np.append(np.fromiter(found, np.int64, len(self.words)), NOBODY)[self.codes]


class Columns(NamedTuple):
    """What an export says, a row a leg, by the names of docs/facts.md; what it does not say is left out."""

    words: Mapping[str, Words]
    numbers: Mapping[str, Ints]  # whole numbers, UNKNOWN where there is none; times in us since 1970

    def has(self, name: str) -> bool:
        """Whether the export says anything in a column."""
        return name in self.words or name in self.numbers


def seen_of(model: Model, columns: Columns) -> Seen:
    """The legs of an export, in order; raises FactsError where they cannot be told apart."""
    legs = np.zeros(len(columns.numbers["arrived_at"]), SEEN)
    _set_moments(model, legs, columns)
    words = columns.words
    for field, name, kind in (("contact", "contact_id", "contact"), ("case", "case_id", "case")):
        legs[field] = _keys(words.get(name), kind, len(legs))
    legs["user"] = _keys(words.get("user_id"), "person", len(legs))
    legs["contact"] = np.where(legs["contact"] == 0, _keys_of_rows(len(legs)), legs["contact"])
    legs["leg"] = columns.numbers["leg"] - 1 if "leg" in columns.numbers else 0
    legs["queue"] = words["queue"].each(_rows(words["queue"], model.names.queues))
    for field, name, names in (
        ("severity", "severity", model.names.severities),
        ("cause", "cause", model.names.causes),
        ("final", "final_cause", model.names.causes),
    ):
        legs[field] = words[name].each(_rows(words[name], names)) if name in words else NOBODY
    inside = _clip(legs, model)
    legs["stream"] = _streams(model, words, legs, inside)
    _refuse_unknown(model, columns, legs, inside)
    legs["outcome"] = _outcomes(model, columns, legs)
    legs["group"] = np.where(legs["started"] >= 0, _groups(model, words, legs), NOBODY)
    _set_details(model, legs, columns)
    return Seen(in_order(legs[inside]), frozenset([*words, *columns.numbers]))


def _set_moments(model: Model, legs: np.ndarray, columns: Columns) -> None:
    origin = model.almanac.origin * to_ticks(1)
    for field, name in (
        ("queued", "arrived_at"),
        ("started", "answered_at"),
        ("ended", "ended_at"),
        ("wrapped", "wrap_ended_at"),
        ("left", "left_at"),
        ("resolved", "resolved_at"),
        ("replied", "first_response_at"),
    ):
        us = columns.numbers.get(name)
        legs[field] = UNKNOWN if us is None else np.where(us == UNKNOWN, UNKNOWN, us - origin)


def _clip(legs: np.ndarray, model: Model) -> Bools:
    """Which legs lie within the horizon; what waited already when it began has come at that moment."""
    end = np.where(legs["ended"] == UNKNOWN, model.almanac.end * to_ticks(1), legs["ended"])
    inside: Bools = (end > 0) & (legs["queued"] < model.almanac.end * to_ticks(1))
    for field in ("queued", "started"):
        early = (legs[field] < 0) & ((field == "queued") | (legs[field] != UNKNOWN))
        legs[field] = np.where(early, 0, legs[field])
    return inside


def _keys(words: Words | None, kind: str, rows: int) -> np.ndarray:
    """A key for each cell, the same for the same word; 0 where there is none."""
    if words is None:
        return np.zeros(rows, np.uint64)
    keys = np.array([*(name_key(kind, word) for word in words.words), 0], np.uint64)
    return keys[words.codes]


def _keys_of_rows(rows: int) -> np.ndarray:
    """A key for each row of an export that does not name its contacts."""
    return np.array([name_key("row", str(n)) for n in range(rows)], np.uint64)


def _rows(words: Words, names: Sequence[str]) -> Iterable[int]:
    places = {name: n for n, name in enumerate(names)}
    return (places.get(word, NOBODY) for word in words.words)


def _streams(model: Model, words: Mapping[str, Words], legs: np.ndarray, inside: Bools) -> Ints:
    """The stream of each leg, or -1."""
    found = np.full(len(legs), NOBODY)
    if "segment" in words:
        found = words["segment"].each(_rows(words["segment"], model.names.streams))
    only = [streams_of(model.scenario, queue) for queue in model.names.queues]
    places = {name: n for n, name in enumerate(model.names.streams)}
    by_queue = np.array([*(places[of[0]] if len(of) == 1 else NOBODY for of in only), NOBODY])
    found = np.where(found >= 0, found, by_queue[legs["queue"]])
    order = np.lexsort((legs["queued"], legs["leg"], legs["contact"]))
    later = is_later_leg(legs[order])
    first = np.maximum.accumulate(np.where(later, 0, np.arange(len(legs))))
    found[order] = np.where(later, found[order][first], found[order])
    return np.where(inside, found, np.maximum(found, 0))


def _refuse_unknown(model: Model, columns: Columns, legs: np.ndarray, inside: Bools) -> None:
    """Raise FactsError with all names that the scenario does not have, and how often they come."""
    names, words, told = model.names, columns.words, list[str]()
    for what, column, field, known in (
        ("queue", "queue", "queue", names.queues),
        ("severity", "severity", "severity", names.severities),
        ("cause", "cause", "cause", names.causes),
        ("cause", "final_cause", "final", names.causes),
    ):
        if column in words:
            strange = inside & (words[column].codes >= 0) & (legs[field] < 0)
            told += _told(what, words[column], strange, known)
    lost = inside & (legs["stream"] < 0) & (legs["queue"] >= 0)
    told += _told("stream", words.get("segment") or words["queue"], lost, names.streams)
    if told:
        raise FactsError(
            f"names what the scenario does not have: {'; '.join(dict.fromkeys(told))}. A row belongs to the "
            "queue, severity and cause of these names, and to the stream that its segment names, or else to "
            "the only stream of its queue; rename them in the export, or add them to the scenario"
        )


def _told(what: str, words: Words, strange: Bools, known: Sequence[str]) -> list[str]:
    counts = np.bincount(words.codes[strange] + 1, minlength=len(words.words) + 1)
    found = [(int(n), each) for n, each in zip(counts, ["", *words.words], strict=True) if n]
    found.sort(key=lambda each: (-each[0], each[1]))
    more = f", and {len(found) - _FEW} more" if len(found) > _FEW else ""
    listed = [f"{shown(name) if name else 'none'} ({n:,} {_rows_of(n)})" for n, name in found[:_FEW]]
    hint = nearest(found[0][1], known) if found else ""
    return [f"{what} {', '.join(listed)}{more}{hint}"] if found else []


def _rows_of(n: int) -> str:
    return "row" if n == 1 else "rows"


def _groups(model: Model, words: Mapping[str, Words], legs: np.ndarray) -> Ints:
    """The group of who answered each leg, or -1."""
    places = {name: n for n, name in enumerate(model.names.groups)}
    only = [serving(model.scenario, queue) for queue in model.names.queues]
    of_queue = np.array([*(places[of[0]] if len(of) == 1 else NOBODY for of in only), NOBODY])
    by_queue: Ints = of_queue[legs["queue"]]
    if "agent_id" not in words:
        return by_queue
    named = (agent.rpartition(" ") for agent in words["agent_id"].words)
    found = words["agent_id"].each(places.get(g, NOBODY) if n.isdigit() else NOBODY for g, _, n in named)
    return np.where(found >= 0, found, by_queue)


def _outcomes(model: Model, columns: Columns, legs: np.ndarray) -> Ints:
    """How each leg ended, as the log calls it; of the dropped, whether they were passed on, or why not."""
    words = columns.words["outcome"]
    found = words.each(_OUTCOMES.get(word, CLEARED) for word in words.words)
    dropped = found == CLEARED
    moved = columns.numbers.get("transferred_at")
    passed_on = dropped & (moved != UNKNOWN) if moved is not None else np.zeros(len(legs), bool)
    at_once = dropped & ~passed_on & (legs["ended"] <= legs["queued"])
    found = np.where(passed_on, OVERFLOWED, found)
    found = np.where(at_once, np.where(_is_open(model, legs), BLOCKED, CLOSED), found)
    ended = legs["ended"] >= 0
    legs["ended"] = np.where(
        ~ended & (found == HANDLED), np.maximum(legs["started"], legs["queued"]), legs["ended"]
    )
    legs["started"] = np.where((found == HANDLED) & (legs["started"] < 0), legs["queued"], legs["started"])
    found = np.where((found == HANDLED) & (legs["left"] >= 0), SILENT, found)
    gone = np.isin(found, (ABANDONED, DEFLECTED)) & (legs["ended"] < 0)  # when is not told: at once
    legs["ended"] = np.where(gone, legs["queued"], legs["ended"])
    return np.where((legs["ended"] < 0) | (found < 0), OPEN, found)


def _is_open(model: Model, legs: np.ndarray) -> Bools:
    """Whether the queue of each leg took contacts when it came."""
    found = np.ones(len(legs), bool)
    for q, name in enumerate(model.names.queues):
        queue = model.scenario.queues[name]
        if queue.hours is not None and queue.at_closing != "hold":
            spans = list(stretches(model.almanac, queue.hours))
            edges = np.array([[to_ticks(s.start_s), to_ticks(s.end_s)] for s in spans], np.int64).ravel()
            mine = legs["queue"] == q
            found[mine] = np.searchsorted(edges, legs["queued"][mine], side="right") % 2 == 1
    return found


def _set_details(model: Model, legs: np.ndarray, columns: Columns) -> None:
    """What is known of cases, and what their customers say."""
    legs["tier"], legs["incident"], legs["nps"] = NOBODY, NOBODY, NOBODY
    legs["reopens"], legs["avoidable"] = 0, UNKNOWN
    for field, none in (("csat", 0), ("nps", NOBODY), ("effort", 0), ("reopens", 0), ("avoidable", UNKNOWN)):
        if field in columns.numbers:
            legs[field] = np.where(columns.numbers[field] == UNKNOWN, none, columns.numbers[field])
    if "arr" in columns.numbers:
        arr = columns.numbers["arr"]
        legs["arr"] = np.maximum(arr, 0)
        paid = [int(model.scenario.tiers[name].arr) for name in model.names.tiers]
        for n, each in enumerate(paid):
            if paid.count(each) == 1:
                legs["tier"] = np.where(arr == each, n, legs["tier"])
    words = columns.words
    if "sentiment" in words:
        legs["sentiment"] = np.maximum(
            words["sentiment"].each(_TONES.get(w, 0) for w in words["sentiment"].words), -1
        )
        legs["sentiment"] = np.where(words["sentiment"].codes < 0, 0, legs["sentiment"])
    if "incident_id" in words:
        rows = {name: n for n, name in enumerate(sorted(model.scenario.incidents))}
        numbers = (_number(rows, word) for word in words["incident_id"].words)
        legs["incident"] = words["incident_id"].each(numbers)


def _number(rows: Mapping[str, int], word: str) -> int:
    """The number of an incident that an export calls by its name and its count, from 1."""
    name, _, count = word.rpartition(" ")
    if name in rows and count.isdigit() and int(count) > 0:
        return (int(count) - 1) * NUMBERS_APART + rows[name]
    return rows.get(word, NOBODY)
