"""Teams, and who was at work: by hand, and against a loop over every second."""

import datetime
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from calibration.fits.count_grid import Floats
from calibration.observe.overtaking import Overtaking, overtaking, ranks
from calibration.observe.presence import STEP_S, Rule, heads, own_time_s, seen, stretches
from calibration.observe.spans import Spans, at_once, covered, joined
from calibration.observe.streams import rows_of
from calibration.observe.teams import Takes, Team, takes_of, teams_of
from calibration.observed import Period, observe
from tests.calibration.observe.worlds import EPOCH, MONDAY, Contact, at_random, clock, facts_of

FIRST = (MONDAY - EPOCH).days
STREAMS = ("a", "b", "c")


def takes(*rows: tuple[int, ...]) -> Takes:
    return Takes(tuple(f"agent {i}" for i in range(len(rows))), np.array(rows, np.int64).reshape(-1, 3))


def test_teams_are_those_who_take_the_same() -> None:
    """Streams of under 3 % of an agent's work do not count."""
    found = teams_of(takes((100, 0, 0), (50, 50, 2), (97, 3, 0), (98, 2, 0), (0, 0, 60)), STREAMS)
    assert found == (Team(("a", "b"), (1, 2)), Team(("a",), (0, 3)), Team(("c",), (4,)))


def test_small_teams_join_the_one_most_like_theirs() -> None:
    found = teams_of(takes((500, 500, 0), (0, 0, 400), (5, 0, 3)), STREAMS)
    assert found == (Team(("a", "b"), (0,)), Team(("c",), (1, 2)))  # 403 of 908 in common, not 505 of 1,408


def test_a_stream_that_all_only_help_out_with_is_for_who_took_the_most() -> None:
    found = teams_of(takes((300, 0, 2), (0, 200, 3)), STREAMS)
    assert found == (Team(("a",), (0,)), Team(("b", "c"), (1,)))


def test_no_agents_are_no_teams() -> None:
    assert teams_of(takes(), STREAMS) == ()
    assert teams_of(takes((0, 0, 0)), STREAMS) in ((), (Team((), (0,)),))


def test_at_most_eight_teams() -> None:
    """Agents of 20 streams that each takes another: the smallest teams join others, nobody is lost."""
    counts = np.diag(np.arange(40, 20, -1)).astype(np.int64)
    names = tuple(f"s{i}" for i in range(20))
    found = teams_of(Takes(names, counts), names)
    assert len(found) == 8
    assert sorted(agent for team in found for agent in team.agents) == list(range(20))
    assert {name for team in found for name in team.streams} == set(names)


def test_spans_by_hand() -> None:
    spans = Spans(np.array([0, 5, 20, 40]), np.array([10, 8, 30, 40]))
    assert [each.tolist() for each in joined(spans)] == [[0, 20, 40], [10, 30, 40]]
    assert covered(joined(spans), np.array([-5, 0, 4, 10, 15, 25, 99])).tolist() == [0, 0, 4, 10, 10, 15, 20]
    empty = Spans(np.zeros(0, np.int64), np.zeros(0, np.int64))
    assert covered(empty, np.array([3])).tolist() == [0]
    assert len(joined(empty).start) == 0
    assert at_once(empty, 0, 10, 2).tolist() == [0.0, 0.0]


@pytest.mark.parametrize("seed", range(5))
def test_spans_are_those_of_a_loop(seed: int) -> None:
    draw = np.random.default_rng(seed)
    start = draw.integers(-50, 300, 25)
    spans = Spans(start, start + draw.integers(0, 60, 25))
    inside = [sum(s <= at < e for s, e in zip(*spans, strict=True)) for at in range(-60, 400)]
    union = joined(spans)
    assert [sum(s <= at < e for s, e in zip(*union, strict=True)) for at in range(-60, 400)] == [
        min(n, 1) for n in inside
    ]
    moments = np.arange(-60, 400, 7)
    assert covered(union, moments).tolist() == [
        sum(min(n, 1) for n in inside[: int(at) + 60]) for at in moments
    ]
    found = at_once(spans, -20, 30, 12)
    assert found.tolist() == pytest.approx([sum(inside[40 + 30 * i : 70 + 30 * i]) / 30 for i in range(12)])


USUAL = Rule()


def presence(
    folder: Path, world: Sequence[Contact], days: int, rule: Rule = USUAL, threads: int = 2
) -> Floats:
    """[team, day, step]."""
    with facts_of(folder, world, threads=threads) as facts:
        rows = rows_of(facts.contacts)
        found = takes_of(rows)
        teams = teams_of(found, rows.names)
        return heads(stretches(seen(rows, found), teams, rule), FIRST, days)


def looped(folder: Path, world: Sequence[Contact], days: int, rule: Rule) -> Floats:
    """The same, second by second."""
    with facts_of(folder, world) as facts:
        rows = rows_of(facts.contacts)
        found = takes_of(rows)
        teams = teams_of(found, rows.names)
    waiting = {name: set[int]() for name in rows.names}
    for c in world:
        if c.queued:
            waiting[c.queue].update(range(c.came, c.left_line))
    at_work = np.zeros((len(teams), days * 86_400))
    for t, team in enumerate(teams):
        missed = set[int]().union(*(waiting[name] for name in team.streams))
        for agent in team.agents:
            its = [c for c in world if c.agent == found.agents[agent] and c.answered is not None]
            work = sorted((c.left_line, c.left_line + c.handle_s) for c in its)
            start, end = work[0]
            for after, until in work[1:]:
                gap = after - end
                lost = sum(second in missed for second in range(end, after))
                if gap > 60 and (gap > rule.unseen_s or lost > rule.away_s):
                    at_work[t, start:end] += 1
                    start = after
                end = max(end, until)
            at_work[t, start:end] += 1
    means: Floats = at_work.reshape(len(teams), days, -1, STEP_S).mean(axis=3)
    return means


RULES = (Rule(), Rule(60, 600), Rule(10_000, 100_000))
SEEDS = (11, 12, 13)


@pytest.mark.parametrize(("rule", "seed"), list(zip(RULES, SEEDS, strict=True)))
def test_presence_is_what_a_loop_over_seconds_finds(tmp_path: Path, seed: int, rule: Rule) -> None:
    check_presence(tmp_path, seed, rule)


@pytest.mark.verify
@pytest.mark.parametrize(
    ("rule", "seed"), [(rule, seed) for n, rule in enumerate(RULES) for seed in SEEDS if seed != SEEDS[n]]
)
def test_presence_is_what_a_loop_finds_with_each_rule(tmp_path: Path, seed: int, rule: Rule) -> None:
    check_presence(tmp_path, seed, rule)


def check_presence(tmp_path: Path, seed: int, rule: Rule) -> None:
    """Two days and nights of work, over midnight too."""
    world = at_random(seed, contacts=600)
    assert presence(tmp_path, world, 3, rule) == pytest.approx(looped(tmp_path, world, 3, rule), abs=1e-9)


def test_presence_does_not_depend_on_threads(tmp_path: Path) -> None:
    world = at_random(14, contacts=600)
    one, two = (presence(tmp_path, world, 3, threads=n) for n in (1, 2))
    assert one.tobytes() == two.tobytes()


def test_one_agent_by_hand(tmp_path: Path) -> None:
    """At work from 9:00 to 9:25, though nothing came between; not from 9:25 to 10:00 (35 min)."""
    world = [
        Contact("q", clock("09:00"), clock("09:00"), clock("09:05"), "a", queued=False),
        Contact("q", clock("09:20"), clock("09:20"), clock("09:25"), "a", queued=False),
        Contact("q", clock("10:00"), clock("10:00"), clock("10:10"), "a", queued=False),
    ]
    found = presence(tmp_path, world, 1)
    assert np.flatnonzero(found[0, 0]).tolist() == [108, 109, 110, 111, 112, 120, 121]
    assert found.sum() == 7.0


def test_whoever_lets_others_wait_is_away(tmp_path: Path) -> None:
    """From 9:05 to 9:20 somebody waited for 5 min 1 s, or for 5 min: more than five is absence."""
    for waited, expected in (("09:11:01", 2.0), ("09:11", 5.0)):
        world = [
            Contact("q", clock("09:00"), clock("09:00"), clock("09:05"), "a", queued=False),
            Contact("q", clock("09:06"), None, clock(waited)),
            Contact("q", clock("09:20"), clock("09:20"), clock("09:25"), "a", queued=False),
        ]
        assert presence(tmp_path, world, 1).sum() == expected


def test_work_over_midnight_is_of_both_days(tmp_path: Path) -> None:
    world = [Contact("q", clock("23:50"), clock("23:50"), clock("00:20", 1), "a", queued=False)]
    found = presence(tmp_path, world, 2)
    assert (found[0, 0].sum(), found[0, 1].sum()) == (2.0, 4.0)


def test_own_time_is_the_pause_before_who_waited_all_along(tmp_path: Path) -> None:
    world = [
        Contact("q", 0, 0, 100, "a", queued=False),
        Contact("q", 50, 110, 200, "a"),  # waited; 10 s
        Contact("q", 60, 230, 300, "a"),  # waited; 30 s
        Contact("q", 310, 320, 400, "a"),  # came after the pause began
        Contact("q", 330, 461, 500, "a"),  # 61 s is something else
    ]
    with facts_of(tmp_path, world) as facts:
        rows = rows_of(facts.contacts)
        assert own_time_s(seen(rows, takes_of(rows))) == 20.0


def test_nobody_is_named(tmp_path: Path) -> None:
    world = [Contact("q", 0, 10, 60), Contact("q", 5, None, 60)]
    with facts_of(tmp_path, world) as facts:
        found = observe(facts)
    assert (found.staff, found.overtaking, found.takes.agents) == (None, None, ())


def overtaken(folder: Path, world: Sequence[Contact]) -> tuple[Overtaking, tuple[str, ...]]:
    with facts_of(folder, world) as facts:
        rows = rows_of(facts.contacts)
        found = takes_of(rows)
        return overtaking(rows, found, teams_of(found, rows.names)), rows.names


@pytest.mark.parametrize("seed", [21, 22, 23])
def test_overtaking_is_what_brute_force_finds(tmp_path: Path, seed: int) -> None:
    """Waits of any length, taken in no order; agent 0 takes one stream, agent 3 all of them."""
    draw = np.random.default_rng(seed)
    world = []
    for came, wait, agent in draw.integers([0, 1, 0], [20_000, 400, 5], (400, 3)).tolist():
        queue = f"q{draw.integers(0, min(agent, 2) + 1)}"
        taken = came + wait if agent < 4 else None
        world.append(Contact(queue, came, taken, came + wait + 1, f"a{agent}" if agent < 4 else ""))
    found, names = overtaken(tmp_path, world)
    with facts_of(tmp_path, world) as facts:
        rows = rows_of(facts.contacts)
        their = takes_of(rows)
        takes_what = {
            their.agents[agent]: team.streams for team in teams_of(their, names) for agent in team.agents
        }
    waited = [c for c in world if c.queued and c.left_line > c.came]
    first, last = (defaultdict[tuple[str, str], int](int) for _ in range(2))
    for c in (each for each in waited if each.is_handled):
        for other in takes_what[c.agent]:
            line = [o for o in waited if o.queue == other and o.came <= c.left_line < o.left_line]
            if other != c.queue and line:
                longer = min(o.came for o in line) < c.came - 2
                (first if longer else last)[c.queue, other] += 1
    assert sum(first.values()) > 50
    assert sum(last.values()) > 50
    for i, one in enumerate(names):
        for j, other in enumerate(names):
            moments = first[one, other] + last[other, one]
            assert found.moments[i, j] == moments
            if moments:
                assert found.share[i, j] == pytest.approx(first[one, other] / moments)
            else:
                assert np.isnan(found.share[i, j])


def lines(vip_first: bool) -> list[Contact]:
    """Rounds of two who wait for one agent: a visitor and a VIP, who comes first in every second round."""
    found = []
    for i in range(80):
        at = 1000 * i
        came = {"visitor": at + 15, "vip": at + (10 if i % 2 else 20)}
        order = ("vip", "visitor") if vip_first else sorted(came, key=came.__getitem__)
        found.append(Contact("visitor", at, at, at + 100, "a", queued=False))
        found += [Contact(q, came[q], at + 100 * k, at + 100 * k + 99, "a") for k, q in enumerate(order, 1)]
    return found


@pytest.mark.parametrize(("vip_first", "priority"), [(True, {"vip": 0, "visitor": -1}), (False, {})])
def test_a_stream_that_is_always_overtaken_stands_behind(
    tmp_path: Path, vip_first: bool, priority: dict[str, int]
) -> None:
    found, names = overtaken(tmp_path, lines(vip_first))
    assert dict(zip(names, ranks(found), strict=True)) == dict.fromkeys(names, 0) | priority


def test_a_chain_of_three_and_a_circle() -> None:
    moments = np.full((3, 3), 100)
    chain = np.array([[np.nan, 0.9, 0.9], [0.0, np.nan, 0.9], [0.0, 0.0, np.nan]])
    assert ranks(Overtaking(chain, moments)) == (0, -1, -2)
    circle = np.array([[np.nan, 0.9, 0.0], [0.0, np.nan, 0.9], [0.9, 0.0, np.nan]])
    assert ranks(Overtaking(circle, moments)) == (0, 0, 0)
    assert ranks(Overtaking(chain, np.full((3, 3), 29))) == (0, 0, 0)
    assert ranks(Overtaking(np.zeros((1, 1)), np.zeros((1, 1), np.int64))) == (0,)


def test_an_agent_who_only_let_people_go(tmp_path: Path) -> None:
    """Whom it rang before they gave up: it is named, and was never seen at work."""
    world = [*lines(vip_first=True), Contact("vip", clock("23:00"), None, clock("23:01"), "lost")]
    found, names = overtaken(tmp_path, world)
    assert ranks(found)[names.index("visitor")] == -1
    with facts_of(tmp_path, world) as facts:
        staff = observe(facts).staff
    assert staff is not None
    assert sum(len(team.agents) for team in staff.teams) == 1


def test_all_that_is_observed_is_the_same_with_one_thread(tmp_path: Path) -> None:
    world = [
        c._replace(severity="high" if i % 3 else "low", cause=f"c{i % 4}", reopens=i % 2, resolved=c.came + i)
        for i, c in enumerate(at_random(31, contacts=900, days=9))
    ]
    period = Period(datetime.date(2026, 3, 3), datetime.date(2026, 3, 9))
    shown = []
    for threads in (1, 2):
        with facts_of(tmp_path, world, "Europe/Berlin", threads) as facts:
            found = observe(facts, ("queue", "severity"), period)
            parts = (found.grid, found.handle, found.waits, found.by_day, found.takes, found.staff,
                     found.overtaking, found.repeats, found.cases, found.rows.streams)  # fmt: skip
            with np.printoptions(threshold=10**9, floatmode="unique"):
                shown.append(repr(parts))
    assert shown[0] == shown[1]
    assert "a1" in shown[0]
