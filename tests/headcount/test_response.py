"""The response of the Erlang case: its nodes, its errors, and what is read off between them."""

import numpy as np
import pytest

from sim.explain.watch import Chances
from sim.headcount.blend import blended
from sim.headcount.leave import freed
from sim.headcount.response import AGAIN, held_out, response
from sim.headcount.surface import USUAL, Axes, Errors, Response, at, check_axes
from tests.headcount.examples import erlang

COARSE = Axes((0.0, 1.0, 1.5), (0.8, 1.0, 1.2), (0.8, 1.0, 1.2))
BEFORE, AFTER = erlang(120.0, days=4), erlang(96.0, days=4)
CHANCES = Chances(3, 5, 2)


@pytest.fixture(scope="module")
def found() -> Response:
    return response(BEFORE, AFTER, CHANCES, COARSE)


def test_the_centre_is_who_is_found_without_a_grid(found: Response) -> None:
    alone = freed(BEFORE, AFTER, CHANCES)
    hours, inside = at(found, 1.0)
    assert (hours, inside) == ({"team": alone.paid["team"].found}, True)
    assert hours["team"] == 12 * 96.0


@pytest.mark.parametrize("point", [(1.0, 0.8, 1.0), (1.0, 1.0, 1.2), (1.5, 1.0, 1.0)])
def test_what_nodes_learn_from_each_other_changes_nothing(
    found: Response, point: tuple[float, float, float]
) -> None:
    alone = freed(BEFORE, blended(BEFORE, AFTER, *point), CHANCES)
    assert at(found, *point)[0] == {"team": alone.paid["team"].found}


def test_searches_on_other_chances_free_the_same_where_chance_is_small(found: Response) -> None:
    """Two of fourteen, as often as it is looked for: 12 agents have 0.80 at 8 erlangs, and 11 far less."""
    assert found.again.tolist() == [[2 * 96.0]] * AGAIN
    assert found.by_chance.tolist() == [[0.0]] * (AGAIN + 1)


def test_each_search_is_on_chances_of_its_own() -> None:
    """Where a person more or less is within chance, searches differ; the same seed finds the same ones."""
    before, after = erlang(120.0, days=1), erlang(111.0, days=1)
    coarse = Axes((0.0, 1.0), (1.0, 1.1), (1.0, 1.1))
    once, twice = (response(before, after, Chances(3, 4, n), coarse) for n in (1, 2))
    assert once.again.tolist() == twice.again.tolist()
    assert len(set(once.again.ravel().tolist())) > 1


def test_without_the_change_it_takes_the_people_of_before(found: Response) -> None:
    """14 agents for 10 erlangs; Erlang C with 13 is 0.78, far from their 0.87."""
    assert at(found, 0.0) == ({"team": 14 * 96.0}, True)


def test_nodes_are_what_is_searched_there(found: Response) -> None:
    """At nodes of a pair the parts add up to whole people again, as `freed` finds them."""
    for i, j in found.pairs:
        for p, x in enumerate(found.axes[i]):
            for q, y in enumerate(found.axes[j]):
                point = [1.0, 1.0, 1.0]
                point[i], point[j] = x, y
                hours = at(found, *point)[0]["team"]
                parts = found.centre + found.mains[i][p] + found.mains[j][q] + found.pairs[i, j][p, q]
                assert hours == parts[0]
                assert hours % 96.0 == 0.0


def test_more_work_takes_more_people(found: Response) -> None:
    for table in found.mains[1:]:
        assert list(table[:, 0]) == sorted(table[:, 0])
        assert table[0, 0] < 0.0 < table[-1, 0]
    effect = found.mains[0][:, 0]
    assert effect[0] == 2 * 96.0
    assert effect[-1] <= 0.0


def test_it_is_held_at_the_edge_and_says_so(found: Response) -> None:
    assert at(found, 1.0, 1.3, 1.0) == (at(found, 1.0, 1.2, 1.0)[0], False)
    assert at(found, -0.5, 0.1, 9.0) == (at(found, 0.0, 0.8, 1.2)[0], False)


def test_between_nodes_are_straight_lines(found: Response) -> None:
    low, middle, high = (at(found, 1.0, x, 1.0)[0]["team"] for x in (1.0, 1.05, 1.2))
    assert middle == pytest.approx(low + 0.25 * (high - low))


def test_errors_are_those_of_points_that_are_no_nodes(found: Response) -> None:
    errors = found.errors
    assert len(errors.points) >= 8
    for point, told, searched in zip(errors.points, errors.told, errors.searched, strict=True):
        assert at(found, *point)[0] == {"team": told[0]}
        assert searched[0] % 96.0 == 0.0
    gap = np.abs(errors.told - errors.searched)
    assert (errors.largest, errors.mean) == (gap.max(), gap.mean())
    assert errors.largest_of(0) == gap.max()
    assert errors.largest <= 3 * found.margin  # whole people: at most one in each of a value's three parts


@pytest.mark.verify
def test_workers_change_nothing(found: Response) -> None:
    other = response(BEFORE, AFTER, CHANCES._replace(workers=1), COARSE)
    assert other.pairs.keys() == found.pairs.keys()
    assert other.simulations == found.simulations
    assert np.array_equal(other.centre, found.centre)
    assert np.array_equal(other.errors.searched, found.errors.searched)
    for one, two in zip(
        (*other.mains, *other.pairs.values()), (*found.mains, *found.pairs.values()), strict=True
    ):
        assert np.array_equal(one, two)


def test_a_pair_that_makes_less_than_the_margin_has_no_table(found: Response) -> None:
    assert found.margin == 96.0
    assert set(found.pairs) == {pair for pair, most in found.interactions.items() if most >= 96.0}
    few = Axes((0.0, 1.0), (1.0, 1.2), (1.0, 1.2))
    plain = response(BEFORE, AFTER, CHANCES, few, margin=1000.0)
    assert (plain.pairs, plain.margin) == ({}, 1000.0)
    assert at(plain, 0.0, 1.2, 1.0)[0]["team"] == sum(
        part[0] for part in (plain.centre, plain.mains[0][0], plain.mains[1][1])
    )


def test_points_held_out_are_no_nodes() -> None:
    points = held_out(USUAL, ((0, 1), (1, 2)))
    assert len(points) >= 16
    for point in points:
        places = [x in axis for x, axis in zip(point, USUAL, strict=True)]
        assert not all(places) or all(x != 1.0 for x in point)  # corners of all three are on no table


def test_two_groups_of_errors_are_told_apart() -> None:
    errors = Errors(((1.0, 1.0, 1.0),), np.array([[10.0, 20.0]]), np.array([[12.0, 17.0]]))
    assert (errors.largest, errors.mean, errors.largest_of(0), errors.largest_of(1)) == (1.0, 1.0, 2.0, 3.0)


@pytest.mark.parametrize("volume", [(0.9, 1.1), (1.0,), (1.0, 0.9)])
def test_axes_have_the_centre_and_rise(volume: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="the nodes of volume"):
        check_axes(USUAL._replace(volume=volume))


def test_a_change_that_cannot_happen_in_part_is_searched_for_whole() -> None:
    """Thirty lines are as good as any number here; they come with the change, or not."""
    after = erlang(96.0, days=4, queues={"phone": {"target": "80% in 20 s", "lines": 30}})
    found = response(BEFORE, after, CHANCES, Axes((0.0, 1.0), (0.9, 1.0, 1.1), (0.9, 1.0, 1.1)), again=1)
    assert [at(found, effect)[0]["team"] for effect in (0.0, 1.0)] == [14 * 96.0, 12 * 96.0]
    assert found.errors.points
    assert {point[0] for point in found.errors.points} <= {0.0, 1.0}


def test_what_cannot_be_told_half_is_named() -> None:
    after = erlang(96.0, days=4, queues={"phone": {"target": "80% in 20 s", "lines": 30}})
    with pytest.raises(ValueError, match=r"queues.phone.lines cannot be told half"):
        response(BEFORE, after, CHANCES, Axes((0.0, 0.5, 1.0), (0.9, 1.0), (0.9, 1.0)))
