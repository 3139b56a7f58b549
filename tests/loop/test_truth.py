"""The loop against what it must do: figures by arithmetic, never from the simulator."""

import math

import numpy as np

from sim.compile import compile_scenario
from sim.loop.observed import COLUMNS
from sim.loop.tickets import NOT_YET
from tests.loop.small import CAUSES, CUT, RATE, learn, learn_all, scenario, written
from tests.sim.logs import run as log_of

_SURE = 4.0  # |z|: false alarms 1 in 16,000
_CAME, _PREVENTED, _CONTACTS = (COLUMNS.index(name) for name in ("came", "prevented", "contacts"))
_REPLICATIONS = 40


def test_with_right_tags_time_and_certain_fixes_the_loop_removes_exactly_what_it_should() -> None:
    """The first review is on the second Monday (day 7), the hour's work is done that day, and from day 8 on
    40 % of the contacts of all three causes no longer come."""
    days, names = 30, sorted(CAUSES)
    seen = np.array([each.seen for each in learn_all(scenario(days), range(_REPLICATIONS))])
    before, after = seen[:, :8].sum(axis=(0, 1)), seen[:, 8:].sum(axis=(0, 1))
    for c, name in enumerate(names):
        a_day = RATE * CAUSES[name] * _REPLICATIONS
        for count, expected in (
            (before[c, _CAME], 8 * a_day),
            (before[c, _PREVENTED], 0.0),
            (after[c, _CAME], (days - 8) * a_day * (1 - CUT)),
            (after[c, _PREVENTED], (days - 8) * a_day * CUT),
        ):
            assert abs(count - expected) <= _SURE * math.sqrt(expected), (name, count, expected)
    assert (seen[:, :, : len(names), _CAME] == seen[:, :, : len(names), _CONTACTS]).all()


def test_what_is_tagged_at_random_is_fixed_at_random() -> None:
    """With one ticket for the heaviest tag, and tags right as often as by chance, each cause is as likely to
    be chosen as the others: on average a third of all contacts is open to the fix, where right tags choose
    half."""
    one = {"on": "mon", "by": "volume", "top": 1, "opens": 1, "weeks": 1}
    loop = {"owner": "product", "information_delay": "0 s", "weekly_review": one}
    chance = scenario(14, loop=loop, tagging={"accuracy": 1 / 3})
    n = 240
    chosen = [t.change.name for each in learn_all(chance, range(n)) for t in each.tickets]
    assert len(chosen) == n
    for cause in CAUSES:
        assert abs(chosen.count(f"fix_{cause}") - n / 3) <= _SURE * math.sqrt(n * 2 / 9)
    right = [each.tickets[0].change.name for each in learn_all(scenario(14, loop=loop), range(20))]
    assert set(right) == {"fix_copy"}


def test_a_lever_without_effect_moves_nothing() -> None:
    """Not a byte of the log."""
    roadmap = {
        "levers": {
            "nothing": {
                "owner": "product",
                "due": "2026-01-10",
                "moves": {"causes.copy.contacts": "0%", "handle_time": "0%", "tagging.accuracy": "+0 points"},
            }
        }
    }
    plain = written(20, tagging={"accuracy": 0.8})
    with_lever = log_of(compile_scenario(scenario(20, tagging={"accuracy": 0.8}, roadmap=roadmap)))
    without = log_of(compile_scenario(scenario(20, tagging={"accuracy": 0.8})))
    assert plain["loop"]
    assert with_lever.digest() == without.digest()


def test_without_an_owner_the_loop_does_nothing() -> None:
    nobody = scenario(20, loop={"weekly_review": {"on": "mon", "by": "volume"}})
    assert compile_scenario(nobody).agreed is None
    without = {key: each for key, each in written(20).items() if key not in ("loop", "remedies", "owners")}
    without["causes"] = {cause: {"avoidable": True} for cause in CAUSES}
    from scenarios import from_dict

    assert log_of(compile_scenario(nobody)).digest() == log_of(compile_scenario(from_dict(without))).digest()


def test_an_owner_without_hours_gets_nothing_done() -> None:
    idle = learn(scenario(30, owners={"product": {"capacity": "1000 h/week", "prevention": "0%"}}))
    assert {(t.state, t.in_force, t.planned) for t in idle.tickets} == {("open", NOT_YET, NOT_YET)}
    assert idle.seen[:, :, _PREVENTED].sum() == 0


def test_an_owner_with_few_hours_does_the_heaviest_first() -> None:
    """Two hours a working day and remedies of 6 hours: three days each, from Monday (day 7) on, by volume."""
    remedies = {name: {**each, "effort": "6 h"} for name, each in written()["remedies"].items()}
    slow = learn(scenario(30, owners={"product": {"capacity": "10 h/week"}}, remedies=remedies))
    in_force = {t.change.name: t.in_force for t in slow.tickets}
    # Days 7, 8, 9; then 10, 11 and, after the weekend, 14; then 15, 16, 17.
    assert in_force == {"fix_copy": 10, "fix_form": 15, "fix_parcel": 18}


def test_the_loop_begins_on_its_day() -> None:
    loop = {**written()["loop"], "from": "2026-01-20"}
    late = learn(scenario(30, loop=loop))
    assert {t.opened for t in late.tickets} == {21}  # the first Monday after the 20th is the 26th of January


def test_information_that_is_late_shows_what_was_tagged_before() -> None:
    """With ten days of delay a whole week is known after seventeen: the first tickets come on day 21."""
    loop = {**written()["loop"], "information_delay": "10 days"}
    assert {t.opened for t in learn(scenario(30, loop=loop)).tickets} == {21}


def test_a_cause_that_begins_later_is_noticed_after_it_has_begun() -> None:
    """A fifth of all contacts come from day 14 on, 48 a day where there were none: above the five deviations
    that raise an alarm within two days, which are known a day later at the latest."""
    late = {cause: {"avoidable": True, "owner": "product"} for cause in CAUSES}
    late["parcel"]["from"] = "2026-01-19"
    loop = {
        "owner": "product",
        "information_delay": "1 day",
        "detection": {"cusum": {"slack": 0.5, "alarm": 5, "reference": "13 days"}},
    }
    for learned in learn_all(scenario(30, loop=loop, causes=late), range(5)):
        parcel = sorted(CAUSES).index("parcel")
        assert learned.seen[:14, parcel, _CAME].sum() == 0
        assert learned.seen[14:, parcel, _CAME].min() > 0
        assert 15 <= learned.noticed[parcel] <= 17
        assert learned.noticed[sorted(CAUSES).index("copy")] > 30


def test_before_a_cause_begins_its_streams_have_that_much_less() -> None:
    late = {cause: {"avoidable": True, "owner": "product"} for cause in CAUSES}
    late["parcel"]["from"] = "2026-01-19"
    plain, later = learn(scenario(30), 0), learn(scenario(30, causes=late), 0)
    copy, parcel = (sorted(CAUSES).index(name) for name in ("copy", "parcel"))
    assert (plain.seen[:8, copy, _CAME] == later.seen[:8, copy, _CAME]).all()
    assert plain.seen[:8, parcel, _CAME].sum() > 0 == later.seen[:8, parcel, _CAME].sum()


def test_a_new_cluster_gets_a_ticket_when_it_is_noticed() -> None:
    late = {cause: {"avoidable": True, "owner": "product"} for cause in CAUSES}
    late["parcel"]["from"] = "2026-01-19"
    detection = {"threshold": {"contacts": 60, "within": "2 days"}}
    loop = {"owner": "product", "information_delay": "0 s", "detection": detection}
    learned = learn(scenario(30, loop=loop, causes=late))
    opened = {t.change.name: t.opened for t in learned.tickets}
    parcel = sorted(CAUSES).index("parcel")
    assert opened["fix_parcel"] == learned.noticed[parcel] == 16  # 48 a day from day 14 on: 96 in two days
    assert opened["fix_copy"] == 1  # 120 on the first day alone
