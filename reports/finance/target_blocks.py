"""The tables of what targets cost: all together, each alone, and who comes for it."""

from typing import TYPE_CHECKING, Final

from reports.blocks import Block, Row
from reports.finance.cost_blocks import signed
from reports.finance.results import Priced, Targets
from reports.finance.target_costs import pay_of
from reports.finance.words import count_words, goal_words, got_words, row_of
from reports.wording import signed_text
from scenarios.week import day_name, window_text

if TYPE_CHECKING:
    from scenarios.targets import Goal
    from sim.headcount.reached import Change, Reached

_SHOWN: Final = 30  # rows of a plan; the JSON has all of them


def targets_block(targets: Targets, side: Priced) -> Block:
    """The least cost at which the targets hold, and what each of those that are missed costs on its own."""
    together = targets.together
    whole = f"{count_words(*targets.counted)}{got_words(together)}"
    rows = [_reached(whole, together, side, targets.years)]
    rows += [_alone(goal, each, side, targets.years) for goal, each in targets.alone]
    steered = {stands.goal for stands in together.targets if stands.steered}
    for goal in together.not_moved:
        if goal not in dict(targets.alone):
            why = (
                "holds today, and not with all of these" if goal in steered else "more people do not move it"
            )
            rows.append(row_of(goal_words(goal), why, ""))
    return Block("What the targets cost a year", ("people's pay", "paid hours"), tuple(rows))


def _alone(goal: "Goal", each: "Reached", side: Priced, years: float) -> Row:
    """What one target costs on its own."""
    (stands,) = [stands for stands in each.targets if stands.goal == goal]
    if stands.held_after:
        return _reached(f"{goal_words(goal)}{got_words(each)}", each, side, years)
    beyond = f"missed with {each.plenty} times the people, too"
    return row_of(
        goal_words(goal), beyond if goal in each.out_of_reach else "not found within the search", ""
    )


def _reached(label: str, each: "Reached", side: Priced, years: float) -> Row:
    money = signed(pay_of(each, side.scenario, years), side.bill.currency)
    return row_of(label, money, f"{signed_text(sum(each.paid.values()) / years, 0)} h")


def plan_block(targets: Targets) -> Block:
    """Who comes, and who goes, so that the targets hold that people can reach."""
    changes = targets.together.changes
    rows = [row_of(each.group, _when(each), signed_text(each.people, 0)) for each in changes[:_SHOWN]]
    if len(changes) > _SHOWN:
        rows.append(row_of(f"and {len(changes) - _SHOWN} more changes, all of them in the JSON", "", ""))
    return Block("Who comes and goes for them", ("when", "people"), tuple(rows))


def _when(change: "Change") -> str:
    days = [day_name(kind) for kind in change.kinds]
    told = ", ".join(days) if len(days) < 3 else f"{days[0]}-{days[-1]}"
    return f"{told} {window_text(change.window)}"
