"""What differs between two scenarios, as lines."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

import scenarios
from scenarios import Scenario
from scenarios.difference import difference
from tests.scenarios.life_text import LIFE
from tests.scenarios.plan_text import PLAN

LIBRARY: Final = Path(scenarios.__file__).parent / "library"
Change = Callable[[dict[str, Any]], object]


def team() -> dict[str, Any]:
    return {
        "careloop": 1,
        "name": "A team",
        "service_level": "offered",
        "calendar": {"start": "2026-03-02", "days": 7, "hours": {"desk": {"mon-fri": "08:00-20:00"}}},
        "streams": {
            "calls": {
                "queue": "phone",
                "arrivals": {
                    "by_interval": {"from": "08:00", "step": "60 min", "mon-fri": [10, 20, 30, 20, 10, 5]}
                },
                "handle_time": {"lognormal": {"mean": "6 min", "cv": 0.9}},
            },
            "mails": {
                "queue": "mail",
                "arrivals": {"rate": "6 per hour"},
                "handle_time": {"exponential": "7 min"},
            },
        },
        "queues": {"phone": {"hours": "desk"}, "mail": {"channel": "email", "interruptible": True}},
        "groups": {
            "team": {
                "skills": ["phone", "mail"],
                "agents": {"mon-fri": {"08:00-12:00": 5, "12:00-20:00": 3}},
            }
        },
    }


def lines(change: Change, **options: Any) -> list[str]:
    changed = team()
    change(changed)
    return difference(scenarios.from_dict(team()), scenarios.from_dict(changed), **options)


def put(path: str, value: object) -> Change:
    """Set a value at a place."""

    def change(data: dict[str, Any]) -> None:
        *above, last = path.split("/")
        for key in above:
            data = data[key]
        data[last] = value

    return change


AGENTS = "groups/team/agents"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (put("name", "A team"), []),
        (put("streams/calls/arrivals/multiply", 0.8), ["streams.calls.arrivals: all 30 rates × 0.8"]),
        (
            put("streams/mails/arrivals", {"rate": "3 per hour"}),
            ["streams.mails.arrivals: 6 → 3 per hour"],
        ),
        (
            put(AGENTS, {"mon-fri": {"08:00-12:00": 7, "12:00-20:00": 3}}),
            ["groups.team.agents mon-fri 08:00-12:00: 5 → 7"],
        ),
        (
            put(AGENTS, {"mon-fri": {"08:00-12:00": 5, "12:00-20:00": 3}, "sat": {"09:00-12:00": 2}}),
            ["groups.team.agents sat 09:00-12:00: 0 → 2"],
        ),
        (
            put(AGENTS, {"mon, wed-fri": {"08:00-12:00": 5, "12:00-20:00": 3}, "tue": {"08:00-20:00": 3}}),
            ["groups.team.agents tue 08:00-12:00: 5 → 3"],
        ),
        (put("queues/mail/interruptible", False), ["queues.mail.interruptible: true → false"]),
        (
            put("streams/calls/handle_time", {"lognormal": {"mean": "5 min", "cv": 0.9}}),
            ["streams.calls.handle_time.lognormal.mean: 6 min → 5 min"],
        ),
        (
            put("streams/calls/handle_time", {"exponential": "5 min"}),
            ["streams.calls.handle_time: {lognormal: {mean: 6 min, cv: 0.9}} → {exponential: {mean: 5 min}}"],
        ),
        (
            put("queues/phone/patience", {"exponential": "4 min"}),
            ["queues.phone.patience: none → {exponential: {mean: 4 min}}"],
        ),
        (put("run", {"seed": 2}), ["run.seed: 1 → 2"]),
        (put("name", "<b>=1+1"), ["name: A team → <b>=1+1"]),
    ],
)
def test_one_change_is_one_line(change: Change, expected: list[str]) -> None:
    assert lines(change) == expected


def test_names_come_and_go() -> None:
    def change(data: dict[str, Any]) -> None:
        data["queues"]["letters"] = data["queues"].pop("mail")
        data["streams"]["mails"]["queue"] = "letters"
        data["groups"]["team"]["skills"] = ["phone", "letters"]

    assert lines(change) == [
        "streams.mails.queue: mail → letters",
        "queues.mail: removed",
        "queues.letters: added",
        "groups.team.skills: [phone, mail] → [phone, letters]",
    ]


def test_one_summand_and_some_of_many() -> None:
    def change(values: list[int]) -> Change:
        return put(
            "streams/calls/arrivals/by_interval", {"from": "08:00", "step": "60 min", "mon-fri": values}
        )

    assert lines(change([12, 22, 32, 22, 12, 7])) == ["streams.calls.arrivals: all 30 rates + 2"]
    assert lines(change([9, 19, 29, 19, 9, 4])) == ["streams.calls.arrivals: all 30 rates − 1"]
    assert lines(change([10, 40, 60, 40, 20, 5])) == ["streams.calls.arrivals: 20 of 30 rates × 2"]
    assert lines(change([10, 20, 31, 20, 11, 5])) == [
        "streams.calls.arrivals mon-fri 10:00-11:00: 30 → 31 per hour",
        "streams.calls.arrivals mon-fri 12:00-13:00: 10 → 11 per hour",
    ]


def test_grids_need_not_be_the_same() -> None:
    half_hours = [n for n in (10, 20, 30, 20, 10, 5) for _ in range(2)]
    finer = {"from": "08:00", "step": "30 min", "per": "hour", "mon-fri": half_hours}
    coarser = {"from": "08:00", "step": "60 min", "per": "hour", "mon-fri": [10, 20, 30, 20, 10, 5]}
    same, other = (put("streams/calls/arrivals/by_interval", each) for each in (coarser, finer))
    assert lines(same) == []
    assert lines(other) == []


def test_shown_are_only_so_many() -> None:
    def change(data: dict[str, Any]) -> None:
        data["groups"] |= {f"more {n}": {"skills": ["mail"], "agents": n} for n in range(9)}

    assert lines(change, most=5) == [*(f"groups.more {n}: added" for n in range(5)), "and 4 more"]
    assert len(lines(change)) == 9


def test_long_values_are_cut() -> None:
    (line,) = lines(put("description", "so " * 100))
    assert len(line) < 120
    assert line.endswith("...")


def test_any_two_scenarios_can_be_told_apart() -> None:
    library: list[Scenario] = [scenarios.load(path) for path in sorted(LIBRARY.glob("*.yaml"))]
    assert len(library) > 4
    for one in library:
        assert difference(one, one) == []
        for other in library:
            assert one is other or difference(one, other, most=1000)


def test_a_list_of_shifts_is_told_shift_by_shift() -> None:
    one, two = team(), team()
    for data, heads in ((one, 5), (two, 7)):
        early = {"agents": heads, "days": "mon-fri", "hours": "08:00-16:00"}
        late = {"agents": 2, "days": "mon-fri", "hours": "12:00-20:00"}
        data["groups"]["team"] = {"skills": ["phone", "mail"], "shifts": [early, late]}
    found = difference(scenarios.from_dict(one), scenarios.from_dict(two))
    assert found == ["groups.team.shifts[0].agents: 5 → 7"]


def of_life(old: str, new: str) -> list[str]:
    """What differs where a text of the life of a case is changed."""
    assert old in LIFE
    return difference(scenarios.loads(LIFE), scenarios.loads(LIFE.replace(old, new, 1)))


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        (
            "first_response: 95% in 15 min",
            "first_response: 90% in 5 min",
            "severities.S1.first_response: 95% in 15 min → 90% in 5 min",
        ),
        ("every: 1 h", "every: 2 h", "severities.S1.update.every: 1 h → 2 h"),
        ("accuracy: 85%", "accuracy: 95%", "tagging.accuracy: 85% → 95%"),
        (
            "{severity: S1, to: critical}",
            "{severity: S1, to: vip}",
            "routing[0].to: critical → vip",
        ),
        (
            "then: {solved: 90%, engineering: 10%}",
            "then: {solved: 80%, engineering: 20%}",
            "paths.standard.tier2.then.solved: 90% → 80%",
        ),
        ("closes_after: 5 days", "closes_after: 3 days", "closing.closes_after: 5 days → 3 days"),
        (
            "{flags: fraud, to: risk}",
            "{flags: [fraud, pci], to: risk}",
            "routing[1].flag: fraud → [fraud, pci]",
        ),
        ("deflects: 20%\n", "deflects: 30%\n", "streams.calls.self_service.deflects: 20% → 30%"),
        ("  how_to: {path: short}\n", "  how_to: {path: short}\n  lost: {}\n", "causes.lost: added"),
    ],
)
def test_the_life_of_a_case_is_told_apart(old: str, new: str, line: str) -> None:
    assert line in of_life(old, new)


@pytest.mark.parametrize(
    ("old", "new", "lines"),
    [
        ("capacity: 40 h/week", "capacity: 30 h/week", ["owners.product.capacity: 40 h/week → 30 h/week"]),
        ("avoidable: 60%", "avoidable: yes", ["causes.billing.avoidable: 60% → true"]),
        (
            "expected: -25%",
            "expected: -20%",
            ["remedies.clear_invoice.moves.causes.billing.contacts.expected: -25% → -20%"],
        ),
        (
            "      streams.calls.handle_time: +2%\n",
            "",
            ["remedies.clear_invoice.moves.streams.calls.handle_time: +2% → none"],
        ),
        ("top: 3, weeks", "top: 4, weeks", ["loop.weekly_review.top: 3 → 4"]),
        ("  daily: {backlog: 400, overdue: 20}\n", "", ["loop.daily: removed"]),
        ("      due: 2026-03-16\n", "      due: 2026-03-18\n",
         ["roadmap.levers.rules.due: 2026-03-16 → 2026-03-18"]),
        ("    all_else:\n", "    the_rest:\n",
         ["roadmap.levers.all_else: removed", "roadmap.levers.the_rest: added"]),
        (
            "cost per contact <= $6 by day 90",
            "cost per contact <= $5 by day 90",
            [
                "roadmap.targets: removed: cost per contact <= 6 USD by day 90",
                "roadmap.targets: added: cost per contact <= 5 USD by day 90",
            ],
        ),
    ],
)  # fmt: skip
def test_plans_are_told_apart(old: str, new: str, lines: list[str]) -> None:
    assert PLAN.count(old) == 1
    assert difference(scenarios.loads(PLAN), scenarios.loads(PLAN.replace(old, new))) == lines


def test_closing_that_is_new_is_one_line() -> None:
    start, end = LIFE.index("closing:\n"), LIFE.index("side_work:\n")
    without = scenarios.loads(LIFE[:start] + LIFE[end:])
    (line,) = difference(without, scenarios.loads(LIFE))
    assert line.startswith("closing: none → {confirms: ")
