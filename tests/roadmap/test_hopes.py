"""A plan at the ends of its hopes, and which of them is advised."""

import pytest

from sim.explain.watch import Chances
from sim.roadmap.follow import follow
from sim.roadmap.hopes import ENDS, Hoped, advice, try_hopes
from sim.roadmap.plan import key_of, run_plan
from sim.roadmap.standing import AMBER, GREEN, NOT_YET, RED, Status
from sim.roadmap.versions import at
from tests.reports.plans import hoped
from tests.roadmap.planned import TEAM, roadmap, team

CERTAIN = roadmap(levers={"macros": {**TEAM["roadmap"]["levers"]["macros"], "moves": {"handle_time": "-5%"}}})


def three(low: str, expected: str, high: str) -> tuple[Hoped, ...]:
    """The three ends, each with a status a letter: green, amber, red, not measurable yet."""
    known: dict[str, Status] = {"g": GREEN, "a": AMBER, "r": RED, "n": NOT_YET}
    ends = zip(ENDS, (low, expected, high), strict=True)
    return tuple(hoped(end, *(known[letter] for letter in letters)) for end, letters in ends)


@pytest.mark.parametrize(
    ("ends", "chosen", "later", "beyond"),
    [
        (("gg", "gg", "gg"), "low", (), ()),
        (("ga", "gg", "gg"), "expected", (), ()),
        (("gr", "ga", "gg"), "high", (), ()),  # all of them: but only with luck
        (("gr", "ga", "ga"), "low", (), (1,)),
        (("rra", "gra", "gga"), "expected", (1,), (2,)),  # nobody plans with the most
        (("rr", "rr", "gr"), "high", (), (1,)),  # unless nothing else reaches anything
        (("ra", "ra", "aa"), None, (), (0, 1)),
        (("gn", "gn", "gn"), "low", (), ()),  # what cannot be measured is neither reached nor out of reach
        (("nn", "nn", "nn"), None, (), ()),
        (("gr", "rr", "rr"), "low", (), (1,)),  # a side effect: less is better
    ],
)
def test_the_most_careful_that_reaches_the_targets(
    ends: tuple[str, str, str], chosen: str | None, later: tuple[int, ...], beyond: tuple[int, ...]
) -> None:
    found = advice(three(*ends))
    assert (found.hoped.end if found.hoped else None) == chosen
    assert (found.only_later, found.out_of_reach) == (later, beyond)


def test_ends_are_the_versions_of_the_plan_on_its_chances() -> None:
    plan = team()
    found = run_plan(plan, 3, 3, 1)
    told: list[tuple[int, int | None]] = []
    hopes = try_hopes(found, 2, 1, lambda done, total: told.append((done, total)))
    assert [each.end for each in hopes] == ["low", "expected", "high"]
    assert told == [(n, 6) for n in range(1, 7)]
    assert [each.replications for each in hopes] == [2, 2, 2]
    for each in hopes:
        version = at(plan, each.end)
        alone = follow(version, found.followed.keys, found.followed.windows, Chances(3, 2, 1))
        for target, stands in zip(found.targets, each.standings, strict=True):
            values = alone.values(key_of(target.goal), target.window)
            assert stands.spread.median == pytest.approx(float(values.mean()))  # of two: their middle
            assert stands.replications == 2


def test_without_ranges_nothing_is_simulated_again() -> None:
    certain = team(roadmap=CERTAIN, loop=None, remedies=None)
    found = run_plan(certain, 3, 3, 1)
    hopes = try_hopes(found, 60, 1, lambda done, total: pytest.fail("nothing is left to be simulated"))
    own = tuple(each.standing for each in found.targets)
    assert [each.standings for each in hopes] == [own] * 3
    assert [each.replications for each in hopes] == [3] * 3  # no more than the plan has
