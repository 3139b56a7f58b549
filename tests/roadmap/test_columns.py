"""Plans in columns: the targets of the first, paired on the same chances."""

import numpy as np
import pytest

from reports.plan_columns import columns_card, columns_rows
from sim.roadmap.columns import columns
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
