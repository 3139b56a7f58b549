"""A comparison as a scorecard: versions are columns; cases, every queue and group have their blocks."""

import math
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from reports.blocks import Block, Cell, Row
from reports.case_glossary import on_the_card
from reports.comparison import Against, Change, Comparison, Key, by_formula
from reports.comparison_cases import case_tables
from reports.difference_wording import MARK, narrower_text, say_difference, say_value
from reports.glossary import service_levels
from reports.scorecard import Scorecard
from reports.wording import MISSING, Words
from scenarios.uncertain_numbers import drawn_errors

MOST_BLOCKS: Final = 40  # beyond that the table of differences is the better place to look
_NARROWER: Final = "narrower"


class _Line(NamedTuple):
    """A row to be: shown only where a value of it is not 0, if `when_not_zero`."""

    label: str
    measure: str
    when_not_zero: bool = True


_QUEUE: Final = (
    _Line("Offered", "offered", False),
    _Line("Handled", "handled", False),
    _Line("Asked to be called back", "called_back"),
    _Line("Abandoned", "abandoned"),
    _Line("Left unseen", "silent"),
    _Line("Called back, not reached", "unreached"),
    _Line("Not needed any more", "struck_off"),
    _Line("Abandonment", "abandonment"),
    _Line("Came while closed", "closed"),
    _Line("Refused, line full", "blocked"),
    _Line("Passed on", "overflowed"),
    _Line("Open at the end", "open_at_end"),
    _Line("Service level", "service_level", False),
    _Line("Speed of answer (ASA)", "asa"),
    _Line("95 % answered within", "wait_p95"),
    _Line("Handle time (AHT)", "aht", False),
    _Line("Contacts waiting, mean", "mean_queue"),
    _Line("Largest queue", "max_queue"),
)
_GROUP: Final = (
    _Line("Handled", "handled", False),
    _Line("Agents on duty, mean", "on_duty", False),
    _Line("Occupancy", "occupancy", False),
    _Line("Chats at once, if any", "chats_at_once"),
    _Line("People cost", "people_cost", False),
)
_WHOLE: Final = (
    *(line for line in _QUEUE if line.measure in ("offered", "handled", "abandoned", "abandonment")),
    _Line("Agents on duty, mean", "on_duty", False),
    _Line("Occupancy", "occupancy", False),
    _Line("People cost", "people_cost", False),
)


def comparison_card(found: Comparison) -> Scorecard:
    """The comparison as terminal and page show it."""
    first = found.versions[0]
    labels = ", ".join(each.version.label for each in found.others)
    scenarios = [each.scenario for each in found.versions]
    told = dict.fromkeys(
        [*service_levels(first.scenario), *(d for each in scenarios for d in on_the_card(each))]
    )
    definitions = [f"{each.term} = {each.meaning}" for each in told]
    return Scorecard(
        f"{labels} against {first.label}",
        None,
        found.verdict,
        tuple(block for block in _blocks(found) if block.rows)[:MOST_BLOCKS],
        tuple(definitions),
        how_sure(found),
    )


def input_lines(found: Comparison) -> list[str]:
    """What differs in the inputs, and what could not be paired, as lines."""
    lines = []
    for each in found.others:
        lines.append(f"What differs in {each.version.label}:{'' if each.inputs else ' nothing'}")
        lines += [f"  {line}" for line in each.inputs]
        if each.unpaired:
            lines.append(f"Not paired: {each.unpaired}.")
    return lines


def how_sure(found: Comparison) -> str:
    """What stands behind the margins, in a few sentences."""
    parts = []
    if any(not each.unpaired for each in found.others):
        n = max(each.replications for each in found.others if not each.unpaired)
        those = f"{n:,} replication{'s' if n != 1 else ''}"
        if n == 1:
            parts.append(f"{those}, hence no interval: run 30, or auto.")
        else:
            parts.append(
                f"{those} of each version, paired: replication by replication both meet the same chances"
                f"{_and_ignorance(found)}. "
                f"“{_NARROWER}” is how many times narrower that makes the interval than chances of "
                "their own would leave it."
            )
    computed = [bool(by_formula(found.versions[0], each.version)) for each in found.others]
    if any(computed):
        parts.append("Formulas compute without chance: what is held against them has no interval.")
    if any(each.unpaired and not known for each, known in zip(found.others, computed, strict=True)):
        parts.append("What is not paired has the wider interval of independent versions (Welch).")
    if all(computed):
        return " ".join(parts)
    parts.append(
        f"± is half of a 95 % interval of the difference, and {MARK} marks those that leave out 0. 95 % is "
        "for each figure by itself: of 100 figures that do not differ, some 5 would be marked."
    )
    return " ".join(parts)


def _and_ignorance(found: Comparison) -> str:
    """What both meet beside chances, where numbers are uncertain."""
    return (
        ", and the same of what is uncertain" if any(drawn_errors(e.scenario) for e in found.versions) else ""
    )


def _blocks(found: Comparison) -> Iterator[Block]:
    scenarios = [each.scenario for each in found.versions]
    queues = dict.fromkeys(name for each in scenarios for name in each.queues)
    groups = dict.fromkeys(name for each in scenarios for name in each.groups)
    for title, rows in case_tables(scenarios):
        yield _table(
            found, title, ((_Line(row.label, row.key[0], row.when_not_zero), row.key) for row in rows)
        )
    for queue in queues:
        yield _block(found, queue, "queue", queue, _QUEUE)
    for group in groups:
        yield _block(found, group, "group", group, _GROUP)
    if len(queues) > 1 or len(groups) > 1:
        yield _block(found, "All together", "all", "all", _WHOLE)


def _block(found: Comparison, title: str, scope: str, name: str, lines: tuple[_Line, ...]) -> Block:
    return _table(found, title, ((line, (line.measure, scope, name)) for line in lines))


def _table(found: Comparison, title: str, lines: Iterable[tuple[_Line, Key]]) -> Block:
    rows = (_row(found, line, key) for line, key in lines)
    return Block(title, _titles(found), tuple(row for row in rows if row is not None))


def _titles(found: Comparison) -> tuple[str, ...]:
    """base, deflect, difference, narrower; of several versions each difference says whose it is."""
    several = len(found.others) > 1
    told = [
        (label, f"{label} − {found.versions[0].label}" if several else "difference", _NARROWER)
        for label in (each.version.label for each in found.others)
    ]
    return (found.versions[0].label, *(title for each in told for title in each))


def _row(found: Comparison, line: _Line, key: Key) -> Row | None:
    changes = [each.changes.get(key) for each in found.others]
    values = [v for c in changes if c for v in (c.value, c.value_against) if not math.isnan(v)]
    if not values or (line.when_not_zero and not any(values)):
        return None
    known = next(c for c in changes if c)
    tell = len(found.others) > 1 or any(each.has_interval for each in _all(found))
    cells = [Cell(say_value(known, against=True))]
    for change in changes:
        cells += _cells(change, tell)
    return Row(line.label, tuple(cells))


def _cells(change: Change | None, tell: bool) -> list[Cell]:
    if change is None:
        return [Cell(Words(MISSING)), Cell(Words(MISSING)), Cell(Words(""))]
    return [
        Cell(say_value(change)),
        Cell(say_difference(change, tell)),
        Cell(Words(narrower_text(change))),
    ]


def _all(found: Comparison) -> Iterator[Change]:
    return (change for each in found.others for change in each.changes.values())


def paired_counts(each: Against) -> tuple[int, int]:
    """How many figures are paired, and how many only one version has."""
    changes = list(each.changes.values())
    return sum(c.pairing == "paired" for c in changes), sum(not c.pairing for c in changes)
