"""A comparison in one sentence: what matters to whoever decides, and only what is clear."""

from collections.abc import Iterator
from typing import Final

from reports.comparison import Against, Change, Version, by_formula
from reports.comparison_cases import ATTAINMENTS
from reports.difference_wording import say_difference, say_value
from reports.figures import figures_of
from reports.targets import Verdict, attainments
from reports.wording import number_text

_MOST_QUEUES: Final = 3
_ALL: Final = ("all", "all")
_MOST_PROMISES: Final = 2
_JUDGED: Final = ("service_level", *ATTAINMENTS, "abandoned", "asa", "mean_wait", "occupancy", "people_cost")


def verdict(first: Version, other: Against) -> str:
    """Say what a version does to service, promises, abandonment, waits, occupancy and cost."""
    who = f"{other.version.label} instead of {first.label}"
    changes = [each for each in other.changes.values() if each.pairing]
    judged = [each for each in changes if each.key[0] in _JUDGED]
    if not any(each.has_interval for each in changes):
        why = "formulas tell" if by_formula(first, other.version) else "one replication tells"
        return f"{who}: {_listed(other, judged)}; {why} no interval."
    if all(each.difference == 0 and not each.se > 0 for each in changes):  # an error may be unknown
        return f"{who}: exactly the same, 0 ± 0 in all {len(changes)} figures{_left_out(other)}."
    clear = [each for each in judged if each.is_clear]
    if not clear:
        more = sum(each.is_clear for each in changes)
        rest = f" ({more} of {len(changes)} other figures differ)" if more else ""
        return (
            f"{who}: no difference in {'promises, ' if any(map(_is_promise, judged)) else ''}service level, "
            "abandonment, waits, occupancy or cost "
            f"that {_those(first, other)} can see{rest}."
        )
    unpaired = "" if not other.unpaired else " Not paired."
    cost = _cost(other)
    return f"{who}: {_listed(other, clear)}{_targets(first, other)}; {cost}{_left_out(other)}.{unpaired}"


def _left_out(other: Against) -> str:
    """What is no part of the comparison: figures that only one has, or that are two different things."""
    apart = other.two_things
    said = list(dict.fromkeys(f"{key[0].replace('_', ' ')} {why}" for key, why in apart.items()))
    alone = sum(1 for key, each in other.changes.items() if not each.pairing and key not in apart)
    said += [f"{alone} figures that only one of them has"] if alone else []
    return f"; not compared: {', '.join(said)}" if said else ""


def _those(first: Version, other: Against) -> str:
    if other.unpaired:
        return f"{first.replications:,} and {other.version.replications:,} replications"
    return f"{other.replications:,} replications"


def _listed(other: Against, among: list[Change]) -> str:
    """Service levels, promises by severity, the abandoned, waits where no service level tells, occupancy."""
    return ", ".join(_parts(other, among)) or "no change in service or occupancy"


def _parts(other: Against, among: list[Change]) -> Iterator[str]:
    by_key = {each.key: each for each in among}
    levels = [by_key[key] for q in other.version.scenario.queues if (key := _level(q)) in by_key]
    targeted = [each for each in levels if other.version.scenario.queues[each.key[2]].target]
    largest = sorted(targeted, key=lambda each: -abs(each.difference))[:_MOST_QUEUES]
    for level in (each for each in targeted if each in largest):
        yield f"{level.key[2]} service level {_moved(level)}"
    promises = sorted(filter(_is_promise, among), key=lambda each: -abs(each.difference))
    for promise in promises[:_MOST_PROMISES]:
        yield f"{promise.key[2]} {ATTAINMENTS[promise.key[0]]} {_moved(promise)}"
    if (lost := by_key.get(("abandoned", *_ALL))) is not None and lost.difference:
        yield f"{_count(abs(lost.difference))} {'fewer' if lost.difference < 0 else 'more'} abandoned"
    waits = [each for key, each in by_key.items() if key[:2] == ("asa", "queue")]
    if not largest and waits:
        most = max(waits, key=lambda each: abs(each.difference))
        yield f"{most.key[2]} speed of answer {_moved(most)}"
    if (busy := by_key.get(("occupancy", *_ALL))) is not None:
        yield f"occupancy {say_difference(busy, mark=False).value}"


def _is_promise(change: Change) -> bool:
    return change.key[0] in ATTAINMENTS and change.key[1] == "severity"


def _level(queue: str) -> tuple[str, str, str]:
    return "service_level", "queue", queue


def _moved(change: Change) -> str:
    before, after = say_value(change, against=True).value, say_value(change).value
    return f"{say_difference(change, False, mark=False)} ({before} → {after})"


def _count(contacts: float) -> str:
    return number_text(contacts, 0 if contacts >= 10 else 1)


def _targets(first: Version, other: Against) -> str:
    """Targets whose verdict is another one."""
    before, after = (
        {each.goal: each for each in attainments(v.scenario, v.attainment, figures_of(v.measures))}
        for v in (first, other.version)
    )
    words = {Verdict.MET: "now met", Verdict.MISSED: "now missed", Verdict.OPEN: "now too close to call"}
    moved = [
        each for goal, each in after.items() if goal in before and before[goal].verdict is not each.verdict
    ]
    return "".join(f"; {each.words} {words[each.verdict]}" for each in moved)


def _cost(other: Against) -> str:
    key = ("people_cost", *_ALL)
    cost = other.changes.get(key)
    if why := other.two_things.get(key):
        return f"people cost is {why}"
    if cost is None or not cost.pairing:
        return "people cost not known in both"
    if cost.difference == 0 and cost.se == 0:
        return "people cost unchanged"
    if cost.has_interval and not cost.is_clear:
        return "no difference to be seen in people cost"
    share = f", {_signed_share(cost.difference / cost.value_against)}" if cost.value_against else ""
    return f"people cost {say_difference(cost, False, mark=False)}{share}"


def _signed_share(share: float) -> str:
    return f"{'−' if share < 0 else '+'}{abs(share) * 100:.1f} %"
