"""What targets cost: the Erlang case, cases, targets that nobody moves, and beside the exact search."""

import pytest

from scenarios import from_dict
from scenarios.resolved import plain_data
from scenarios.week import Window
from sim.explain.watch import Chances
from sim.headcount.by_interval import EXACT, exact
from sim.headcount.leave import freed
from sim.headcount.reach import BY_BLOCK, each_alone, least_cost
from sim.headcount.service import guards_of, steered
from sim.staffing.answer import Asked
from tests.headcount.examples import erlang, with_cases

CHANCES = Chances(7, 10, 2)
OVER = "80% in 20 s over the horizon"


def test_ten_erlangs_take_fourteen_agents_for_80_in_20() -> None:
    """Erlang C: 14 agents have 0.867, and 13 have 0.783."""
    for agents in (11, 16):
        found = least_cost(erlang(agents=agents, queues={"phone": {"target": OVER}}), CHANCES)
        assert [(c.group, c.window, c.people) for c in found.changes] == [
            ("team", Window(0, 86_400), 14 - agents)
        ]
        assert (found.how, found.all_hold, found.stopped, found.currency) == (BY_BLOCK, True, "", None)
        assert found.cost == found.paid["team"] == (14 - agents) * 336.0
        (target,) = found.targets
        assert (target.held_before, target.held_after, target.after) == (agents > 14, True, 1.0)


def test_people_of_cases_come_where_they_are_missed() -> None:
    """The promise of the severity is kept by experts; nobody at the phone can make up for them."""
    scenario = with_cases()
    few = scenario.groups["experts"].model_copy(
        update={"agents": tuple(s._replace(value=1.0) for s in scenario.groups["experts"].agents or ())}
    )
    scenario = scenario.model_copy(update={"groups": {**scenario.groups, "experts": few}})
    found = least_cost(scenario, CHANCES)
    assert found.all_hold
    assert found.paid["experts"] > 0
    assert found.cost == pytest.approx(20.0 * found.paid["front"] + 40.0 * found.paid["experts"])
    (alone,) = each_alone(scenario, CHANCES).values()
    assert {change.group for change in alone.changes} == {"experts"}
    assert alone.cost > 0
    assert alone.targets[1].held_after


def test_a_target_that_no_more_people_move_is_named() -> None:
    """A promise of 30 seconds: handling alone takes longer."""
    scenario = with_cases()
    severity = scenario.severities["S1"]
    assert severity.resolution is not None
    limit = severity.resolution._replace(amount_s=30.0)
    severities = {"S1": severity.model_copy(update={"resolution": limit})}
    found = least_cost(scenario.model_copy(update={"severities": severities}), CHANCES)
    assert [goal[:3] for goal in found.not_moved] == [("resolution_attainment", "severity", "S1")]
    assert found.out_of_reach == found.not_moved
    assert not found.all_hold
    assert any(target.held_after for target in found.targets)


def test_nobody_is_added_for_what_is_out_of_reach() -> None:
    """At night nobody is there: more people by day come nearer to the target, and never reach it."""
    groups = {"team": {"skills": ["phone"], "agents": {"mon-sun": {"08:00-18:00": 12}}}}
    found = least_cost(erlang(groups=groups, queues={"phone": {"target": OVER}}, days=7), CHANCES)
    assert [goal.measure for goal in found.out_of_reach] == ["service_level"]
    assert (found.changes, found.all_hold) == ((), False)
    assert found.simulations == 4 * CHANCES.replications  # today, twice plenty, and whether somebody may go


def test_what_holds_only_while_others_are_too_few_is_left_aside() -> None:
    """More people in front bring more to the experts behind, whom this search gives nobody."""
    data = plain_data(with_cases())
    data["groups"]["front"]["agents"] = {"mon-fri": {"08:00-18:00": 3}}
    data["queues"]["phone"]["patience"] = {"exponential": "60 s"}
    data["queues"]["second"]["target"] = "92% in 20 s over the horizon"
    scenario = from_dict(data)
    found = least_cost(scenario, CHANCES, ["front"])
    assert [(each.goal.name, each.held_before, each.held_after) for each in found.targets][:2] == [
        ("phone", False, True),
        ("second", True, False),
    ]
    assert [goal.name for goal in found.not_moved if goal.scope == "queue"] == ["second"]


def test_where_nobody_helps_by_himself_many_together_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.headcount.reach._LEAST_GAIN", 2.0)
    found = least_cost(erlang(agents=11, queues={"phone": {"target": OVER}}), CHANCES)
    assert [change.people for change in found.changes] == [3]
    assert found.all_hold


def test_nobody_is_taken_from_what_no_target_speaks_of() -> None:
    """Mail has no target: its team stays, and of a team that nobody needs everybody would go."""
    groups = {"team": {"skills": ["phone"], "agents": 14}, "clerks": {"skills": ["mail"], "agents": 2}}
    mails = {"queue": "mail", "arrivals": {"rate": "10 per h"}, "handle_time": {"exponential": "300 s"}}
    calls = {"queue": "phone", "arrivals": {"rate": "120 per h"}, "handle_time": {"exponential": "300 s"}}
    scenario = erlang(
        groups=groups,
        streams={"calls": calls, "mails": mails},
        queues={"phone": {"target": OVER}, "mail": {"channel": "email"}},
        days=7,
    )
    guards = guards_of(scenario, steered(scenario), ["team", "clerks"])
    assert [goal[:3] for goal in guards] == [
        ("mean_wait", "queue", "mail"),
        ("handled", "queue", "mail"),
        ("handled", "queue", "phone"),
    ]
    fewer = scenario.model_copy(update={"name": "the same"})
    assert freed(scenario, fewer, CHANCES).hours["clerks"].freed == 0.0
    found = least_cost(scenario, CHANCES)
    assert found.paid == {"team": 0.0, "clerks": 0.0}


def test_a_target_is_not_reached_by_answering_nobody() -> None:
    """With nobody there is no service level to miss; that is no way to reach it."""
    groups = {"team": {"skills": ["phone"], "agents": 1}}
    calls = {"queue": "phone", "arrivals": {"rate": "1 per day"}, "handle_time": {"exponential": "60 s"}}
    scenario = erlang(groups=groups, streams={"calls": calls}, days=28)
    found = least_cost(scenario, Chances(7, 4, 2))
    assert found.changes == ()


def test_where_nothing_is_to_be_reached_that_is_said() -> None:
    with pytest.raises(ValueError, match="none of its targets is of a kind that people steer"):
        least_cost(erlang(queues={"phone": {}}), CHANCES)


def test_a_limit_ends_the_search_and_says_so() -> None:
    found = least_cost(erlang(agents=9, days=7), Chances(3, 4, 2), most=20)
    assert found.stopped == "the limit of 20 simulations was reached"
    assert not found.all_hold


def test_the_exact_search_answers_in_the_same_way() -> None:
    """Mondays from 9 to 12: three hours, of which the first and the last are calm."""
    by_interval = {"from": "09:00", "step": "60 min", "mon": [12, 25, 18]}
    calls = {
        "queue": "phone",
        "arrivals": {"by_interval": by_interval},
        "handle_time": {"exponential": "4 min"},
    }
    hours = {"desk": {"mon": "09:00-12:00"}}
    team = {"skills": ["phone"], "agents": {"mon": {"09:00-12:00": 5}}, "shrinkage": "20%", "pay": "$20/h"}
    scenario = erlang(
        calendar={"start": "2026-03-02", "days": 28, "interval": "60 min", "hours": hours},
        streams={"calls": calls},
        queues={"phone": {"hours": "desk", "target": "80% in 20 s", "patience": {"exponential": "4 min"}}},
        groups={"team": team},
    )
    found = exact(scenario, Asked(replications=8, seed=3, workers=2))
    assert (found.how, found.stopped, found.simulations) == (EXACT, "", 0)
    assert found.all_hold
    assert found.changes
    assert all(change.people < 0 and change.kinds == (0,) for change in found.changes)
    work = sum(c.people * (c.window.end_s - c.window.start_s) / 3600.0 * 4 for c in found.changes)
    assert found.paid["team"] == pytest.approx(work / 0.8)
    assert found.cost == pytest.approx(work / 0.8 * 20.0)
    assert found.currency == "USD"
    by_block = least_cost(scenario, Chances(3, 20, 2))
    assert found.cost <= by_block.cost <= 0.0  # a block of three hours is no finer than single ones
