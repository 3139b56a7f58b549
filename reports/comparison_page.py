"""The page of a comparison: one file, no network, no time stamps; the same bytes for the same versions."""

import hashlib
from typing import Any

from reports import assumptions, case_glossary, glossary
from reports.comparison import Comparison, by_formula
from reports.comparison_card import comparison_card, how_sure, paired_counts
from reports.comparison_charts import draw_both
from reports.template import rendered
from scenarios import resolved


def comparison_page(found: Comparison) -> str:
    """The page as HTML. Every label and text from a scenario is escaped."""
    return rendered("compare.html.j2", _content(found))


def _content(found: Comparison) -> dict[str, Any]:
    first = found.versions[0].scenario
    return {
        "found": found,
        "first": found.versions[0],
        "card": comparison_card(found),
        "drawn": draw_both(found),
        "computed": [e.version.label for e in found.others if by_formula(found.versions[0], e.version)],
        "paired": {each.version.label: paired_counts(each) for each in found.others},
        "horizon": assumptions.horizon(first),
        "tables": assumptions.tables(first),
        "definitions": [*glossary.definitions(first), *case_glossary.of_cases(first)],
        "counting_rule": glossary.COUNTING_RULE,
        "how_sure": how_sure(found),
        "digests": [_digest(resolved(each.scenario)) for each in found.versions],
    }


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
