"""The study as terminal and page show it: tables of words, the same on both."""

from collections.abc import Iterator

from reports.blocks import Block
from reports.finance import case_blocks, cost_blocks, target_blocks
from reports.finance.assumed import assumed_block, lines_block
from reports.finance.results import Study
from reports.finance.words import STEP_WORDS, answer_of
from reports.scorecard import Scorecard
from reports.wording import number_text


def card_of(study: Study) -> Scorecard:
    """The scorecard of a study."""
    against = f": {study.after.label}" if study.after else ""
    return Scorecard(
        f"{study.before.scenario.name}{against}",
        None,
        answer_of(study),
        tuple(block for block in blocks_of(study) if block.rows),
        tuple(_told(study)),
        _precision(study),
    )


def notes_of(study: Study) -> list[str]:
    """What is missing, and warnings, as lines."""
    missing = study.before.bill.missing
    lines = [f"Not in these costs: {'; '.join(missing)}."] if missing else []
    left = study.ledger.left_out if study.ledger else ()
    which = "which is" if len(left) == 1 else "which are"
    lines += [f"Booked in {', '.join(left)}, {which} not simulated whole: not compared."] if left else []
    lints, notes = (study.case.lints, study.case.notes) if study.case else ((), ())
    return [*lines, *study.notes, *notes, *(f"Warning: {each.name}: {each.message}" for each in lints)]


def blocks_of(study: Study) -> Iterator[Block]:
    """All tables in their order; those without rows are not for showing."""
    case, before = study.case, study.before
    if case is not None:
        yield case_blocks.savings_block(case)
        yield case_blocks.bridge_block("From the sum on the back of an envelope to cash", case.bridge)
        if case.envelope is not None:
            yield case_blocks.envelope_block(case.envelope)
        yield case_blocks.tornado_block(case)
        yield case_blocks.breaks_block(case)
        yield case_blocks.service_block(case)
        yield assumed_block(case)
    if study.targets is not None:
        yield target_blocks.targets_block(study.targets, before)
        yield target_blocks.plan_block(study.targets)
    yield cost_blocks.years_block(study)
    yield cost_blocks.kinds_block(study)
    yield lines_block(before)
    yield cost_blocks.each_block(study)
    for dimension in before.parts:
        if dimension != "stream":
            yield cost_blocks.part_block(before, dimension)
    yield cost_blocks.waiting_block(study)
    if study.ledger is not None:
        yield cost_blocks.ledger_block(study.ledger, before)


def _told(study: Study) -> Iterator[str]:
    """What the words of the tables mean."""
    yield (
        "Costs are shared out by activity: what is priced by the contact, minute or case goes where it "
        "happened; people go by their own group's time where contacts are handled once, else, as tools and "
        "all that is fixed, by agents' time; idle time goes along. Each table adds up to the total, to the "
        "cent."
    )
    if study.case is not None:
        steps = study.case.bridge.steps
        yield "Steps: " + "; ".join(f"{STEP_WORDS[s.name].lower()} = {s.why}" for s in steps) + "."
        yield (
            "Capacity, avoided and cashable are views of the same people, and are never added up. People are "
            "counted whole; cashable is at most who leaves by himself, and whose contract ends."
        )


def _precision(study: Study) -> str:
    n, days = study.replications, study.before.scenario.calendar.days
    chances = "; both versions meet the same chances" if study.after is not None else ""
    told = f"Means of {n} replications of {days} days{chances}."
    if study.case is None:
        return told
    errors, draws = study.case.model.response.errors, study.case.distribution.draws
    return (
        f"{told} People who can leave: found by simulation on a grid, off by at most "
        f"{number_text(errors.largest, 0)} paid hours a year between its points. Probabilities are of "
        f"{draws:,} draws of all that is unsure, each by one replication and one of "
        f"{len(study.case.searches)} searches."
    )
