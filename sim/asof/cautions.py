"""What is to be said of facts beside the figures, as sentences."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from scenarios.targets import SUBJECTS
from sim.asof.learned import Volume
from sim.asof.passed import Passed
from sim.asof.told import told_otherwise, untold
from sim.case_measure import Key

_SEEN_BY: Final = {"feedback": ("csat", "answers to surveys"), "customer_risk": ("arr", "what accounts pay")}


def cautions(
    days: Passed, notes: Iterable[str], keys: Sequence[Key], volumes: Iterable[Volume]
) -> tuple[str, ...]:
    """All of it, each once; `keys` are the measures whose windows reach into the days passed."""
    if not days.day:
        return ()
    found = [_sentence(each) for each in notes]
    found += [_strange(each) for each in volumes if each.is_outside]
    found += [_silent(days, key) for key in keys if untold(days.export, key)]
    found += [told_otherwise(days.export, key) for key in keys if not untold(days.export, key)]
    found += _of_the_loop(days)
    return tuple(dict.fromkeys(each for each in found if each))


def _sentence(note: str) -> str:
    return f"The export: {note}."


def _strange(volume: Volume) -> str:
    """A volume that was not expected."""
    change = volume.seen / volume.expected - 1.0 if volume.expected else 1.0
    how = f"{abs(change) * 100.0:.0f} % {'more' if change > 0 else 'fewer'} contacts than planned"
    also = (
        "what it is to be is estimated anew"
        if volume.learned
        else "the days to come are simulated as planned"
    )
    return (
        f"{volume.stream} had {how} on {volume.days} days: {volume.seen:,}, outside the 95 % of replications "
        f"that lie from {volume.low:,.0f} to {volume.high:,.0f}; {also}."
    )


def _silent(days: Passed, key: Key) -> str:
    measure, scope, name = key
    whose = "" if scope == "all" else f"{name} "
    reason = untold(days.export, key)
    return f"{whose}{SUBJECTS[measure].words[0]} is not told of the days passed: {reason}."


def _of_the_loop(days: Passed) -> Iterator[str]:
    """What a loop would have looked at that the export does not tell."""
    agreed = days.plan.model.agreed
    if agreed is None or agreed.loop is None:
        return
    columns = days.export.columns
    if "cause" not in columns and "final_cause" not in columns:
        yield "The export has no tags (no column cause): the loop has seen no topics on the days passed."
        return
    loop = agreed.loop
    policies = (loop.weekly_review, loop.monthly_review, loop.quarterly)
    by = {policy.by for policy in policies if policy is not None}
    for criterion, (column, what) in _SEEN_BY.items():
        if criterion in by and column not in columns:
            yield f"Reviews go by {criterion}, and the export has no {what} (no column {column})."
    if "escalations" in by:
        yield "Reviews go by escalations, which are no rows of an export: none were seen on the days passed."
