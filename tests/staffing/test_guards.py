"""Queues without a target are not left to themselves."""

import numpy as np

from reports.staffing_card import notes
from scenarios import Scenario
from sim.experiment import run_scenario
from sim.staffing.answer import Asked, staffing_of
from sim.staffing.cells import open_with_contacts, with_plan
from sim.staffing.guards import SOURCES, allowance, guarded, guards_at, is_guard
from sim.staffing.requirement import needs_of
from sim.staffing.solve import steerable
from tests.staffing.conftest import Build

_DESK = {"mon-fri": {"09:00-12:00": 3}}


def _with_backup(phone_team: Build, helpers: str = "20 EUR/h") -> Scenario:
    patience = {"exponential": "3 min"}
    return phone_team(
        {
            "queues": {
                "phone": {
                    "hours": "desk",
                    "target": "80% in 20 s each day",
                    "patience": patience,
                    "overflow": {"to": "backup", "after": "30 s"},
                },
                "backup": {"hours": "desk"},
            },
            "groups": {
                "team": {"skills": ["phone"], "agents": _DESK, "pay": "20 EUR/h"},
                "helpers": {"skills": ["backup"], "agents": _DESK, "pay": helpers},
            },
        }
    )


def test_who_is_passed_on_finds_somebody(phone_team: Build) -> None:
    scenario = _with_backup(phone_team)
    assert open_with_contacts(scenario)["backup"].sum() == 15
    staffing = staffing_of(scenario, Asked(workers=2))
    assert staffing.solved is not None
    helpers = staffing.grid.groups.index("helpers")
    for plan in (staffing.plans["formula"].heads, staffing.solved.plan):
        assert (plan[helpers][staffing.grid.works[helpers]] >= 1).all()
    assert [c.goal.name for c in staffing.solved.guards] == ["backup"]
    assert not any(is_guard(c.goal) for c in (*staffing.solved.on_sample, *staffing.solved.on_fresh))
    assert len(staffing.remarks) == 1
    assert staffing.remarks[0].startswith("Queue backup has no target")


def test_without_a_minimum_who_is_passed_on_still_finds_somebody(phone_team: Build) -> None:
    scenario = _with_backup(phone_team)
    staffing = staffing_of(scenario, Asked(workers=2, minimum=0))
    solved = staffing.solved
    assert solved is not None
    helpers = staffing.grid.groups.index("helpers")
    assert (staffing.plans["formula"].heads[helpers] == staffing.grid.works[helpers]).all()
    assert solved.plan[helpers].sum() > 0
    assert sum(part.at_minimum for part in solved.parts) == 0  # nobody is there but for the contacts
    (guard,) = solved.guards
    assert guard.goal.value < 0.5
    assert guard.share >= 0.5 - 2.0 * guard.se
    assert "one where a queue gets contacts only from others (backup)" in notes(staffing)[0]


def test_a_queue_without_a_target_has_people_for_all_that_comes(phone_team: Build) -> None:
    calls = {"queue": "phone", "arrivals": {"rate": "60 per hour", "hours": "desk"}}
    others = {"queue": "other", "arrivals": {"rate": "90 per hour", "hours": "desk"}}
    handle = {"handle_time": {"exponential": "4 min"}}
    patience = {"exponential": "3 min"}
    phone = {"hours": "desk", "target": "80% in 20 s", "patience": patience}
    team = {"skills": ["phone", "other"], "agents": _DESK}
    scenario = phone_team(
        {
            "streams": {"calls": calls | handle, "others": others | handle},
            "queues": {"phone": phone, "other": {"hours": "desk", "patience": patience}},
            "groups": {"team": team},
        }
    )
    assert needs_of(scenario, "sipp", None)["other"].seats[0, 9:12].tolist() == [7.0] * 3  # of 6 Erlangs


def test_a_target_over_all_speaks_of_every_queue(phone_team: Build) -> None:
    scenario = _with_backup(phone_team)
    assert guarded(scenario, steerable(scenario)) == ("backup",)
    whole = phone_team({"targets": ["all abandonment <= 5%"]})
    assert guarded(whole, steerable(whole)) == ()


def test_a_target_that_counts_the_answered_alone_leaves_a_guard(phone_team: Build) -> None:
    patience = {"exponential": "3 min"}
    lenient = {
        "hours": "desk",
        "target": "80% in 20 s",
        "service_level": "answered_only",
        "patience": patience,
    }
    small = {"hours": "desk", "target": "80% in 20 s", "patience": patience, "capacity": 2}
    plain = {"hours": "desk", "patience": patience}
    for queue, targets, guard in (
        (plain, ["phone ASA <= 20 s each day"], True),
        (plain, ["phone wait p90 <= 60 s"], True),
        (plain, ["phone ASA <= 20 s", "phone abandonment <= 5%"], False),
        (plain, ["phone delayed <= 50%"], False),
        (lenient, [], True),
        (small, [], True),
        (small, ["phone blocked <= 9 each week"], False),
        ({**plain, "capacity": 2}, ["phone blocked <= 9 each week"], True),
    ):
        scenario = phone_team({"queues": {"phone": queue}, **({"targets": targets} if targets else {})})
        assert guarded(scenario, steerable(scenario)) == (("phone",) if guard else ()), (queue, targets)


def test_nobody_is_lost_for_the_sake_of_the_answered(phone_team: Build) -> None:
    # The mean wait of the answered is lowest where few are answered: with nobody in two hours of three.
    queue = {"hours": "desk", "patience": {"exponential": "3 min"}}
    scenario = phone_team({"queues": {"phone": queue}, "targets": ["phone ASA <= 20 s each day"]})
    staffing = staffing_of(scenario, Asked(workers=2, minimum=0))

    def lost(name: str) -> float:
        of = staffing.plans[name].result.measures
        return float(of[(of["measure"] == "abandonment") & (of["scope"] == "all")]["mean"].iloc[0])

    assert lost("repaired") <= lost("formula") + 0.03
    assert "has no target that counts all who are lost" in staffing.remarks[0]


def test_mail_without_a_target_is_done(phone_team: Build) -> None:
    mails = {"queue": "mail", "arrivals": {"rate": "300 per week"}, "handle_time": {"exponential": "6 min"}}
    calls = {
        "queue": "phone",
        "arrivals": {"rate": "20 per 60 min"},
        "handle_time": {"exponential": "4 min"},
    }
    phone = {"hours": "desk", "target": "80% in 20 s", "patience": {"exponential": "3 min"}}
    mail = {
        "hours": "desk",
        "channel": "email",
        "at_closing": "hold",
        "priority": "low",
        "interruptible": True,
    }
    scenario = phone_team(
        {
            "streams": {"calls": calls, "mails": mails},
            "queues": {"phone": phone, "mail": mail},
            "groups": {"team": {"skills": ["phone", "mail"], "agents": {"mon-fri": {"09:00-12:00": 6}}}},
        }
    )
    staffing = staffing_of(scenario, Asked(workers=2))
    solved = staffing.solved
    assert solved is not None
    (guard,) = solved.guards

    def left(plan: np.ndarray) -> float:
        result = run_scenario(with_plan(scenario, staffing.grid, plan), replications=20, seed=99)
        mine = result.counts[(result.counts["scope"] == "queue") & (result.counts["name"] == "mail")]
        return float(mine["open"].sum() / mine["offered"].sum())

    formula = np.round(staffing.plans["formula"].heads).astype(np.int64)
    assert left(solved.plan) <= left(formula) + 2.0 * allowance(scenario, "mail")
    assert guard.goal.value < 0.3


def test_no_more_are_lost_by_passing_on_more(phone_team: Build) -> None:
    """A plan that pays less by sending all to where nobody is loses more of those who called."""
    scenario = _with_backup(phone_team, helpers="60 EUR/h")
    staffing = staffing_of(scenario, Asked(workers=2))
    assert staffing.solved is not None
    (guard,) = staffing.solved.guards
    assert guard.goal.scope == SOURCES
    assert "of the contacts that may come to it not served" in staffing.remarks[0]

    def lost(name: str) -> float:
        counts = staffing.plans[name].result.counts
        mine = counts[(counts["scope"] == "stream") & (counts["name"] == "calls")]
        return float(mine[["abandoned", "blocked", "open"]].to_numpy().sum() / mine["offered"].sum())

    assert lost("repaired") <= lost("formula") + 1.5 * allowance(scenario, "backup")


def test_who_comes_of_himself_has_a_guard_beside_those_who_are_passed_on(phone_team: Build) -> None:
    scenario = _with_backup(phone_team)
    assert [each.scope for each in guards_at(scenario, "backup")] == [SOURCES]
    own = {"direct": scenario.streams["calls"].model_copy(update={"queue": "backup"})}
    both = scenario.model_copy(update={"streams": {**scenario.streams, **own}})
    assert [each.scope for each in guards_at(both, "backup")] == ["queue", SOURCES]
    alone = both.model_copy(update={"queues": {**both.queues, "phone": both.queues["backup"]}})
    assert [each.scope for each in guards_at(alone, "backup")] == ["queue"]
