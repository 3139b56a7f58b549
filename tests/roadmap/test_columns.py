"""Plans in columns: the targets of the first, paired on the same chances."""

import numpy as np
import pytest

from reports.plan_columns import columns_card, columns_rows
from sim.roadmap.columns import Column, columns, met_on_average, more_met
from sim.roadmap.plan import run_plan
from tests.roadmap.planned import TEAM, roadmap, team


def test_the_same_plan_is_the_same_column() -> None:
    first = run_plan(team(), 4, 3)
    one, two = columns(first, [team()], None)
    assert one.targets == first.targets
    assert repr(two.targets) == repr(one.targets)
    assert {each.mean for each in two.difference} == {0.0}
    assert [each.half for each in two.difference] == [0.0] * len(two.difference)


def test_a_column_holds_another_plan_against_the_targets_of_the_first() -> None:
    """Without its lever on handle times; and its own targets, of which it has others, do not matter."""
    other = team(roadmap=roadmap(levers=None, targets=["phone service level >= 99% by day 14"]))
    first, done = run_plan(team(), 4, 3), list[tuple[int, int | None]]()
    _, column = columns(first, [other], None, lambda n, total: done.append((n, total)))
    assert [each.goal for each in column.targets] == [each.goal for each in first.targets]
    assert [each.target for each in column.targets] == [each.target for each in first.targets]
    for target, difference, own in zip(column.targets, column.difference, first.targets, strict=True):
        key = target.goal[:3]
        values = first.followed.values(key, target.window)
        assert target.window == own.window
        assert difference.n == np.isfinite(values).sum()
    assert done == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_plans_on_other_days_cannot_stand_beside_each_other() -> None:
    later = team(calendar={**TEAM["calendar"], "start": "2026-03-03"})
    with pytest.raises(ValueError, match=r"begins on 2026-03-03 .* let them begin on the same day"):
        columns(run_plan(team(), 4, 3), [later], None)
    elsewhere = team(calendar={**TEAM["calendar"], "time_zone": "America/New_York"})
    with pytest.raises(
        ValueError, match=r"days in America/New_York .* give them the same calendar.time_zone"
    ):
        columns(run_plan(team(), 4, 3), [elsewhere], None)


def test_columns_in_words_and_as_json() -> None:
    first = run_plan(team(), 4, 3)
    plans = columns(first, [team(loop=None, remedies=None)], None)
    card = columns_card(first, plans, ["a", "b"])
    assert [block.title for block in card.blocks] == ["Probability of each target", "Median", "Against a"]
    assert card.blocks[0].columns == ("by day", "a", "b")
    assert card.blocks[2].columns == ("by day", "b")
    rows = columns_rows(first, plans, ["a", "b"])
    assert [row["plan"] for row in rows] == ["a", "b"]
    assert [len(row["targets"]) for row in rows] == [4, 4]
    assert {each["difference"] for each in rows[0]["targets"]} <= {0.0, None}


NAN = float("nan")


def of(first: Column, *met: list[float]) -> Column:
    """A plan that meets these targets in these replications."""
    return first._replace(met=np.array(met))


def said(*plans: Column) -> str:
    first = run_plan(team(), 4, 3)
    return columns_card(first, plans, ["a", "b", "c"][: len(plans)]).answer


def test_what_is_paired_decides_which_plan_meets_more() -> None:
    """The second target is met one time more in four; or in each of twenty replications but one."""
    (one,) = columns(run_plan(team(), 4, 3), [], None)
    a, b = of(one, [1, 1, 1, 0], [1, 0, 1, 0]), of(one, [1, 1, 1, 0], [1, 0, 0, 0])
    assert met_on_average((a, b)) == (2, (1.25, 1.0))
    assert more_met(a, b).mean == 0.25
    assert said(a, b) == (
        "Of 2 targets a replication meets on average: a 1.2, b 1.0. "
        "4 replications are too few to say whether a meets more than b."
    )
    a, b = of(one, [1.0] * 20, [1.0] * 20), of(one, [1.0] * 20, [0.0] * 19 + [1.0])
    assert said(b, a) == (
        "Of 2 targets a replication meets on average: a 1.1, b 2.0. "
        "b meets more than a: beyond chance, replication by replication."
    )
    a, b = of(one, [1.0, 0.0] * 60), of(one, [0.0, 1.0] * 59 + [1.0, 0.0])
    assert said(a, b).endswith("It is too close to say whether a meets more than b.")
    assert said(a, a).endswith("a and b meet as many in every replication.")


def test_a_target_without_a_value_in_one_plan_counts_in_none() -> None:
    (one,) = columns(run_plan(team(), 4, 3), [], None)
    a, b = of(one, [1, 1, 1, 1], [1, 1, 1, NAN]), of(one, [1, 1, 1, 1], [NAN] * 4)
    assert met_on_average((a, b)) == (1, (1.0, 1.0))
    assert more_met(a, b).mean == 0.0
    nothing = of(one, [NAN] * 4)
    assert said(nothing, nothing) == "No target has a value in all of them."
