"""Plans in columns: how probable each target is with each of them, and by how much their measures differ."""

from collections.abc import Iterator, Sequence
from typing import Any

from reports.blocks import NO_CELL, Block, Cell, Row
from reports.day_targets import VERDICTS, asked_words, effect_words, probability_text, value_text
from reports.plan_card import SHARP, standing
from reports.plan_tables import number_or_null, target_rows
from reports.plan_words import counted, listed
from reports.scorecard import Scorecard
from reports.wording import Words, number_text
from sim.roadmap.columns import Column, met_on_average, more_met
from sim.roadmap.plan import PlanResult

_TERMS = (
    "The targets are those of the first plan, and changes in brackets are relative to its baseline.",
    "All plans meet the same chances; differences are paired with the first plan, ± is half of their 95 % "
    "interval (Student's t), and * marks those that leave out 0.",
)


def columns_card(found: PlanResult, plans: Sequence[Column], names: Sequence[str]) -> Scorecard:
    """Plans side by side as the terminal shows them; the first is the plan that was found."""
    blocks = (_probabilities(plans, names), _medians(plans, names), _differences(plans, names))
    title = f"{len(plans)} plans against the targets of {found.scenario.name}"
    return Scorecard(title, standing(found.targets), _verdict(plans, names), blocks, _TERMS, "")


def _verdict(plans: Sequence[Column], names: Sequence[str]) -> str:
    """How many targets each meets on average, and which of them meets more: what is paired decides."""
    known, met = met_on_average(plans)
    if not known:
        return "No target has a value in all of them."
    each = ", ".join(f"{name} {number_text(one, 1)}" for name, one in zip(names, met, strict=True))
    told = " ".join(_compared(plans, names, met))
    return f"Of {counted(known, 'target')} a replication meets on average: {each}. {told}"


def _compared(plans: Sequence[Column], names: Sequence[str], met: Sequence[float]) -> Iterator[str]:
    """The one that meets most beside each of the others."""
    best = met.index(max(met))
    more = {name: more_met(plans[best], plans[n]) for n, name in enumerate(names) if n != best}
    alike = [name for name, each in more.items() if each.mean == each.half == 0.0]
    worse = [name for name, each in more.items() if name not in alike and each.low > 0.0]
    open_ = [name for name in more if name not in (*alike, *worse)]
    if worse:
        yield f"{names[best]} meets more than {listed(worse)}: beyond chance, replication by replication."
    if open_:
        n = plans[best].met.shape[1]
        few = f"{counted(n, 'replication')} are too few to say" if n < SHARP else "It is too close to say"
        yield f"{few} whether {names[best]} meets more than {listed(open_, 'or')}."
    if alike:
        yield f"{listed([names[best], *alike])} meet as many in every replication."


def _probabilities(plans: Sequence[Column], names: Sequence[str]) -> Block:
    rows = []
    for n, target in enumerate(plans[0].targets):
        cells = [
            Cell(Words(probability_text(plan.targets[n].standing)), VERDICTS[plan.targets[n].standing.status])
            for plan in plans
        ]
        rows.append(Row(_asked(plans, n), (Cell(Words(f"{target.goal.day:,}")), *cells)))
    return Block("Probability of each target", ("by day", *names), tuple(rows))


def _medians(plans: Sequence[Column], names: Sequence[str]) -> Block:
    rows = []
    for n, target in enumerate(plans[0].targets):
        cells = [
            Cell(Words(value_text(plan.targets[n], plan.targets[n].standing.spread.median))) for plan in plans
        ]
        rows.append(Row(_asked(plans, n), (Cell(Words(f"{target.goal.day:,}")), *cells)))
    return Block("Median", ("by day", *names), tuple(rows))


def _differences(plans: Sequence[Column], names: Sequence[str]) -> Block:
    rows = []
    for n, target in enumerate(plans[0].targets):
        cells = [
            Cell(effect_words(target.goal.measure, target.unit, plan.difference[n]))
            if plan.difference[n].n > 1
            else Cell(NO_CELL)
            for plan in plans[1:]
        ]
        rows.append(Row(_asked(plans, n), (Cell(Words(f"{target.goal.day:,}")), *cells)))
    return Block(f"Against {names[0]}", ("by day", *names[1:]), tuple(rows))


def _asked(plans: Sequence[Column], n: int) -> str:
    return asked_words(plans[0].targets[n], plans[0].scenario)


def columns_rows(found: PlanResult, plans: Sequence[Column], names: Sequence[str]) -> list[dict[str, Any]]:
    """The plans for JSON: of each its targets, and how much their measures differ from the first plan's."""
    return [
        {
            "plan": name,
            "scenario": plan.scenario.name,
            "targets": [
                {**row, "difference": number_or_null(each.mean), "half_width": number_or_null(each.half)}
                for row, each in zip(
                    target_rows(found._replace(targets=plan.targets)), plan.difference, strict=True
                )
            ],
        }
        for name, plan in zip(names, plans, strict=True)
    ]
