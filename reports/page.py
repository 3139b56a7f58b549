"""The report page: one file, no network, no time stamps; the same bytes for the same result."""

import hashlib
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from reports import assumptions, case_glossary, formula, glossary, shares
from reports.asked import asked
from reports.blocks import Block
from reports.case_charts import case_pictures
from reports.charts import draw
from reports.loop_told import loop_told
from reports.scorecard import scorecard
from reports.template import rendered
from scenarios import resolved

if TYPE_CHECKING:
    from reports.finance.of_run import Costs
    from sim.experiment import Result
    from sim.explain.shares import Shares

COLUMNS_AT_MOST: Final = 6  # of a table of figures: as many as fit on a sheet of paper
_TEXT_AT_MOST: Final = 150_000  # characters of the scenario that are repeated in the page


def page(result: "Result", explained: "Sequence[Shares]" = ()) -> str:
    """The page of a result as HTML, with the shares of a formula's assumptions if they were computed.

    Every name and text from a scenario is escaped.
    """
    return rendered("page.html.j2", _content(result, explained))


def split(block: Block) -> tuple[Block, ...]:
    """A table of many columns as several, of nearly the same number of columns each."""
    parts = -(-len(block.columns) // COLUMNS_AT_MOST)
    edges = [len(block.columns) * n // parts for n in range(parts + 1)]
    return tuple(
        Block(
            block.title,
            block.columns[first:last],
            tuple(row._replace(cells=row.cells[first:last]) for row in block.rows),
        )
        for first, last in pairwise(edges)
    )


def _content(result: "Result", explained: "Sequence[Shares]") -> dict[str, Any]:
    scenario = result.scenario
    text = resolved(scenario)
    card = scorecard(result)
    return {
        "scenario": scenario,
        "card": card,
        "blocks": [split(block) for block in card.blocks],
        "asked": asked(scenario),
        "beside": formula.beside(result),
        "shares": [shares.shares_block(each) for each in explained],
        "how_shares": shares.HOW,
        "measures_beside": tuple(formula.MEASURED.values()),
        "by_formula": result.engine == formula.BY_FORMULA,
        "drawn": draw(result),
        "case_pictures": case_pictures(result),
        "loop_told": loop_told(result),
        "costs": _costs(result),
        "horizon": assumptions.horizon(scenario),
        "tables": assumptions.tables(scenario),
        "definitions": [*glossary.definitions(scenario), *case_glossary.of_cases(scenario)],
        "counting_rule": glossary.COUNTING_RULE,
        "result": result,
        "digest": hashlib.sha256(text.encode()).hexdigest(),
        "scenario_text": text if len(text) <= _TEXT_AT_MOST else "",
    }


def _costs(result: "Result") -> "Costs | None":
    """The section of costs, where a scenario says anything of them."""
    if result.scenario.costs is None:
        return None
    from reports.finance.of_run import costs_of_run

    return costs_of_run(result)
