"""Who can leave: the Erlang case, a change of the mix, more people where more is needed."""

import math

import pytest

from sim.checkpoints import Window
from sim.explain.watch import Chances
from sim.headcount.blocks import blocks_of
from sim.headcount.leave import freed
from sim.roadmap.follow import follow
from tests.headcount.examples import erlang, with_cases

CHANCES = Chances(7, 10, 2)


def test_ten_erlangs_to_eight_free_two_of_fourteen() -> None:
    found = freed(erlang(120.0), erlang(96.0), CHANCES)
    assert found.plan == (-2,)
    assert (found.per_week("team"), found.paid_per_week("team")) == (2 * 168.0, 2 * 168.0)
    assert (found.borne_out, found.stopped, found.not_helped) == (True, False, ())
    assert [b.heads for b in blocks_of(found.scenario)] == [12]
    (row,) = found.found
    assert row.before == pytest.approx(0.867, abs=0.02)  # Erlang C: 14 agents, 10 erlangs
    assert row.after == pytest.approx(0.893, abs=0.02)  # 12 agents, 8 erlangs


def test_nobody_leaves_where_nothing_changes() -> None:
    found = freed(erlang(), erlang(), CHANCES)
    assert (found.plan, found.hours["team"].freed) == ((0,), 0.0)
    assert found.found[0].worse == found.found[0].se == 0.0


def test_more_contacts_take_more_people() -> None:
    """Erlang C: 14 agents at 10 erlangs have 0.867; at 12 erlangs 16 have 0.843, and 17 have 0.909."""
    found = freed(erlang(120.0), erlang(144.0), CHANCES)
    assert found.plan == (3,)
    assert found.per_week("team") == -3 * 168.0
    assert not found.after[0].holds


def test_who_is_found_does_not_depend_on_the_workers() -> None:
    one, two = (freed(erlang(days=7), erlang(96.0, days=7), Chances(3, 8, n)) for n in (1, 2))
    assert one[1:] == two[1:]


def test_easy_contacts_that_stay_away_save_their_own_time() -> None:
    """A fifth of the contacts, of half the mean handle time, is a tenth of the work; |z| > 4: 1 in 16,000."""
    calls = {
        "queue": "phone",
        "arrivals": {"rate": "120 per h"},
        "handle_time": {"exponential": "300 s"},
    }
    fewer = calls | {"self_service": {"deflects": "20%", "ease": "50%"}}
    key, window, chances = ("time_working", "all", "all"), Window(1, 14), Chances(11, 40, 2)
    old, new = (
        follow(erlang(streams={"calls": each}), [key], [window], chances).values(key, window)
        for each in (calls, fewer)
    )
    error = new - 0.9 * old
    assert abs(error.mean()) < 4.0 * error.std(ddof=1) / math.sqrt(len(error))
    assert 0.05 * old.mean() > 4.0 * error.std(ddof=1) / math.sqrt(len(error))  # it could tell 5 % from 10 %


def test_people_of_cases_leave_by_block_the_dearest_first() -> None:
    before = with_cases()
    after = with_cases(self_service={"deflects": "40%"})
    found = freed(before, after, CHANCES)
    assert found.borne_out
    assert all(row.holds for row in found.found)
    assert all(people <= 0 for people in found.plan)
    assert found.paid["front"].freed == pytest.approx(found.hours["front"].freed / 0.8)
    assert found.hours["front"].freed > 0
    assert found.hours["experts"].freed > 0
    only = freed(before, after, CHANCES, groups=["experts"])
    assert only.hours["front"].freed == 0.0
    assert only.hours["experts"].freed == found.hours["experts"].freed  # they were the dearest, so the first


def test_a_limit_ends_the_search_with_what_it_has() -> None:
    found = freed(erlang(days=7), erlang(60.0, days=7), Chances(3, 4, 2), most=16)
    assert found.stopped
    assert -14 < found.plan[0] < 0


def test_where_nobody_helps_that_is_said() -> None:
    """More callers, and none of those who may be added answers the phone."""
    groups = {
        "team": {"skills": ["phone"], "agents": 14},
        "others": {"skills": ["mail"], "agents": 1},
    }
    queues = {"phone": {"target": "80% in 20 s"}, "mail": {"channel": "email"}}
    mails = {
        "queue": "mail",
        "arrivals": {"rate": "1 per h"},
        "handle_time": {"exponential": "60 s"},
    }
    calls = {
        "queue": "phone",
        "arrivals": {"rate": "120 per h"},
        "handle_time": {"exponential": "300 s"},
    }
    more = calls | {"arrivals": {"rate": "150 per h"}}
    before, after = (
        erlang(days=3, groups=groups, queues=queues, streams={"calls": each, "mails": mails})
        for each in (calls, more)
    )
    found = freed(before, after, Chances(3, 4, 2), groups=["others"])
    assert [goal[:3] for goal in found.not_helped] == [("service_level", "queue", "phone")]
    assert not found.found[0].holds


def test_service_must_be_said() -> None:
    with pytest.raises(ValueError, match="nothing says what service is wanted that people steer"):
        freed(erlang(queues={"phone": {}}), erlang(), CHANCES)


def test_a_limit_of_hardly_anything_is_refused() -> None:
    with pytest.raises(ValueError, match="a limit of 7 simulations is not enough to search with 4"):
        freed(erlang(days=7), erlang(60.0, days=7), Chances(3, 4, 2), most=7)
