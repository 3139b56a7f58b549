"""A plan as of a day on a terminal: how far each probability has moved, and by what."""

from collections.abc import Iterator
from typing import Final

from reports.as_of_words import STEPS, change_text, learned_words, probability_or_missing, source_words
from reports.blocks import Block, Cell, Row
from reports.day_targets import VERDICTS, asked_words
from reports.wording import Words
from sim.asof.result import BACKLOG, DECISIONS, INPUTS, PASSED, VOLUMES, AsOf, Moved
from sim.roadmap.plan import DayTarget, PlanResult

_SHORT: Final = {
    INPUTS: "inputs",
    PASSED: "passed",
    BACKLOG: "open work",
    DECISIONS: "decided",
    VOLUMES: "volumes",
}  # what fits a column


def as_of_blocks(found: PlanResult) -> Iterator[Block]:
    """The tables about it; none for a plan as it was made, and of the first day only the first."""
    as_of = found.as_of
    if as_of is None:
        return
    steps = tuple(
        name for name in STEPS if any(step.name == name for each in as_of.moved for step in each.steps)
    )
    rows = tuple(
        Row(asked_words(target, found.scenario), tuple(_moves(target, each, steps)))
        for target, each in zip(found.targets, as_of.moved, strict=True)
    )
    columns = ("by day", "as made", "now", *(_SHORT[name] for name in steps))
    yield Block(f"As of {as_of.date}", columns, rows)
    if as_of.volumes:
        yield _volumes(as_of)


def _moves(target: DayTarget, each: Moved, steps: tuple[str, ...]) -> Iterator[Cell]:
    yield Cell(Words(f"{target.goal.day:,}"))
    for stands in (each.then, each.now):
        yield Cell(Words(probability_or_missing(stands.probability)), VERDICTS[stands.status])
    changes = {step.name: change_text(step.change) for step in each.steps}
    for name in steps:
        yield Cell(Words(changes[name]))


def _volumes(as_of: AsOf) -> Block:
    rows = tuple(
        Row(
            each.stream,
            (
                Cell(Words(f"{each.seen:,}")),
                Cell(Words(f"{each.expected:,.0f}")),
                Cell(Words(f"{each.low:,.0f}–{each.high:,.0f}")),
                Cell(Words(learned_words(each))),
            ),
        )
        for each in as_of.volumes
    )
    columns = ("seen", "planned", "95 % of replications", "to come")
    return Block(f"Contacts in {as_of.days} days", columns, rows)


def as_of_terms(found: PlanResult) -> tuple[str, ...]:
    """What the words of these tables mean, and what is to be borne in mind."""
    as_of = found.as_of
    if as_of is None:
        return ()
    told = [source_words(as_of)]
    steps = {step.name for each in as_of.moved for step in each.steps}
    if as_of.days:
        listed = "; ".join(f"{_SHORT[name]}: {words}" for name, words in STEPS.items() if name in steps)
        told.append(
            "As made = the plan as it was made, on the same chances; the columns after now say by how many "
            "points each step has moved the probability, one after the other, so that they add up. "
            f"{listed[0].upper()}{listed[1:]}."
        )
    if any(each.learned for each in as_of.volumes):
        told.append(
            "To come = what the volume of the file is multiplied with from now on: the mean of what is "
            "believed of it after the days passed, and where 95 % of that lies."
        )
    return (*told, *(f"Mind: {each}" for each in as_of.cautions))
