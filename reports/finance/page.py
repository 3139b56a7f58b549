"""The page of a study: one file, no network, no time stamps; the same bytes for the same study."""

import hashlib
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from reports.finance.card import blocks_of, card_of, notes_of
from reports.finance.case_blocks import CASE
from reports.finance.charts import Span, svg, waterfall
from reports.finance.definitions import definitions_of
from reports.finance.envelope import Step
from reports.finance.results import Case, Study
from reports.finance.words import HOLDS_WORDS, INPUT_WORDS, STEP_WORDS, swing_words, whole_money
from reports.page import split
from reports.template import rendered
from scenarios import resolved


class Picture(NamedTuple):
    """A picture with its title and what it shows."""

    title: str
    over: str
    svg: str


def page_of(study: Study) -> str:
    """The page as HTML. Every label and text from a scenario is escaped."""
    blocks = [block for block in blocks_of(study) if block.rows]
    return rendered(
        "finance.html.j2",
        {
            "study": study,
            "card": card_of(study),
            "first": [part for block in blocks if block.title == CASE for part in split(block)],
            "blocks": [part for block in blocks if block.title != CASE for part in split(block)],
            "notes": notes_of(study),
            "pictures": [] if study.case is None else list(pictures_of(study.case)),
            "definitions": definitions_of(study),
            "digests": [
                (each.label, hashlib.sha256(resolved(each.scenario).encode()).hexdigest())
                for each in study.sides
            ],
        },
    )


def pictures_of(case: Case) -> Iterator[Picture]:
    """The bridge as a waterfall, the tornado, and cash so far by month."""
    currency, holds = case.model.currency, HOLDS_WORDS[case.terms.holds].lower()
    over = f"{currency}, {holds}"
    steps = [
        (STEP_WORDS[each.name], float(each.amount), whole_money(_changed(each, n), currency))
        for n, each in enumerate(case.bridge.steps)
    ]
    end = ("Net cash, first 12 months", whole_money(case.bridge.honest, currency))
    yield Picture("From the envelope to cash", over, svg("bridge", "Bridge", waterfall(steps, end)))
    if case.tornado:
        bars = svg("tornado", "Tornado", _tornado(case), float(case.headline.npv))
        yield Picture("What decides", f"net present value at P10 and P90, {currency}", bars)
    yield Picture("Cash so far, by month", over, svg("cash", "Cash so far", _so_far(case)))


def _changed(step: Step, n: int) -> Decimal:
    """What is written at a step: the first sum, then differences."""
    return step.difference if n else step.amount


def _tornado(case: Case) -> list[Span]:
    """Two rows an input: to its value at P10, and to that at P90."""
    base, currency, rows = float(case.headline.npv), case.model.currency, list[Span]()
    for each in case.tornado:
        for label, amount in ((INPUT_WORDS[each.name], each.at_low), (swing_words(each), each.at_high)):
            style = "less" if amount < base else "more"
            rows.append(Span(label, base, amount, whole_money(amount, currency), style))
    return rows


def _so_far(case: Case) -> list[Span]:
    """Cash so far at the end of each month."""
    rows, total, currency = list[Span](), 0.0, case.model.currency
    for label, amount in zip(case.model.labels, case.headline.net, strict=True):
        total += float(amount)
        style = "more" if total >= 0 else "less"
        rows.append(Span(label, 0.0, total, whole_money(total, currency), style))
    return rows
