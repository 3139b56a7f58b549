"""Plans in columns: how probable each target is with each of them, and by how much their measures differ."""

from collections.abc import Sequence
from typing import Any

from reports.blocks import NO_CELL, Block, Cell, Row
from reports.day_targets import VERDICTS, asked_words, effect_words, probability_text, value_text
from reports.plan_card import standing
from reports.plan_tables import number_or_null, target_rows
from reports.scorecard import Scorecard
from reports.wording import Words
from sim.roadmap.columns import Column
from sim.roadmap.plan import PlanResult
from sim.roadmap.standing import GREEN

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
    """Which plan is likely to meet most targets."""
    green = [sum(each.standing.status == GREEN for each in plan.targets) for plan in plans]
    most = max(green)
    if most == 0:
        return "None of them is likely to meet any target."
    best = [name for name, count in zip(names, green, strict=True) if count == most]
    whose = best[0] if len(best) == 1 else f"{', '.join(best[:-1])} and {best[-1]}"
    verb = "is" if len(best) == 1 else "are each"
    return f"{whose} {verb} likely to meet most targets: {most} of {len(plans[0].targets)}."


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
