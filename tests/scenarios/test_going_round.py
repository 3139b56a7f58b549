"""What could go round for ever: agents who wait for each other, cases that all come back, endless paths.

The messages themselves are in tests/bad; here are the edges: what is nearly a mistake.
"""

from collections.abc import Callable

import pytest

from scenarios import Problem
from tests.scenarios.test_life_checks import told

Look = Callable[[str], list[Problem]]
Change = tuple[str, str]

MORE = "more: {then: {more: 99%, solved: 1%}}"
EXPERT = "more: {queue: expert, handover: warm"
TO_EXPERT: Change = (MORE, f"{EXPERT}}}")
QUEUE: Change = ("queues:\n", "queues:\n  expert: {}\n")
TEAM: Change = ("skills: [phone]", "skills: [phone, expert]")
NIGHTS: Change = ("skills: [critical]", "skills: [critical, expert]")
EXPERTS: Change = ("groups:\n", "groups:\n  experts: {skills: [expert], agents: 1}\n")


def circles(look: Look, *changes: Change) -> list[str]:
    """The steps whose handover may last for ever."""
    return [path for kind, path, words in told(look, *changes) if "for ever" in words and kind == "warning"]


MAY_LAST: list[tuple[Change, ...]] = [
    (TO_EXPERT, TEAM),
    (TO_EXPERT, TEAM, NIGHTS),  # both groups take first steps, and so may both be handing over
    ((MORE, "more: {handover: warm}"),),  # in the queue where routing sends it, by who has just had it
    ((MORE, f"{EXPERT}, patient: yes}}"), TEAM),
    (
        (MORE, f"{EXPERT}, then: {{back: 10%, solved: 90%}}}}\n    back: {{queue: phone, handover: warm}}"),
        EXPERTS,
    ),
]


@pytest.mark.parametrize("changes", MAY_LAST)
def test_agents_who_may_wait_for_each_other(problems: Look, changes: tuple[Change, ...]) -> None:
    given = [*changes, *([QUEUE] if "expert" in str(changes) else [])]
    assert "paths.standard.more.handover" in circles(problems, *given)


ENDS: list[tuple[Change, ...]] = [
    (TO_EXPERT, EXPERTS),  # who never hands over
    (TO_EXPERT, TEAM, EXPERTS),  # one group that is never stuck is enough
    ((MORE, f"{EXPERT.replace('warm', '{warm: 3 min}')}}}"), TEAM),
    ((MORE, f"{EXPERT.replace('warm', 'cold')}}}"), TEAM),
    ((MORE, f"{EXPERT}, patient: no}}"), TEAM),  # every customer hangs up at last
    ((MORE, f"{EXPERT}, after: {{exponential: 1 h}}}}"), TEAM),
    ((MORE, f"{EXPERT}, then: {{back: 10%, solved: 90%}}}}\n    back: {{queue: phone}}"), EXPERTS),
]


@pytest.mark.parametrize("changes", ENDS)
def test_agents_who_are_set_free_at_last(problems: Look, changes: tuple[Change, ...]) -> None:
    assert circles(problems, QUEUE, *changes) == []


def test_who_takes_what_overflows_sets_free(problems: Look) -> None:
    relief = ("queues:\n", "queues:\n  relief: {}\n  expert: {overflow: {to: relief, after: 5 min}}\n")
    spare = ("groups:\n", "groups:\n  spare: {skills: [relief], agents: 1}\n")
    assert circles(problems, relief, TO_EXPERT, TEAM, spare) == []
    assert circles(
        problems, relief, TO_EXPERT, TEAM, (spare[0], spare[1].replace("relief]", "relief, phone]"))
    )


def test_two_groups_that_hand_over_to_each_other_are_both_told(problems: Look) -> None:
    assert circles(problems, QUEUE, *MAY_LAST[-1]) == [
        "paths.standard.more.handover",
        "paths.standard.back.handover",
    ]


def closing(reopens: str, repeats: str) -> Change:
    after = "after: {exponential: 1 day}"
    return (
        "streams:\n",
        f"closing: {{reopens: {{share: {reopens}, {after}}}, "
        f"repeats: {{share: {repeats}, {after}, streams: {{calls: 100%}}}}}}\nstreams:\n",
    )


@pytest.mark.parametrize(
    ("reopens", "repeats", "place"),
    [
        ("99%", "0%", ""),
        ("0%", "99%", ""),
        ("49.9%", "50%", ""),
        ("100%", "0%", "closing.reopens.share"),
        ("0%", "100%", "closing.repeats.share"),
        ("50%", "50%", "closing"),
        ("70%", "50%", "closing"),
    ],
)
def test_not_every_case_can_come_back(problems: Look, reopens: str, repeats: str, place: str) -> None:
    found = [(kind, path) for kind, path, _ in told(problems, closing(reopens, repeats))]
    assert found == ([("error", place)] if place else [])


@pytest.mark.parametrize(
    ("people", "place"),
    [
        ("hurry: {from_waiting: 1, speeds_up: 10%, reopens: 40%}", ""),
        ("hurry: {from_waiting: 1, speeds_up: 10%, reopens: 100%}", "hurry.reopens"),
        ("ramp: {hires: {2026-03-02: 1}, weeks: [{week: 1, reopens: 140%}, {week: 9}]}", ""),
        (
            "ramp: {hires: {2026-03-02: 1}, weeks: [{week: 1}, {week: 2, reopens: 200%}, {week: 9}]}",
            "ramp.weeks[1].reopens",
        ),
        (
            "hurry: {from_waiting: 1, speeds_up: 10%, reopens: 50%}, "
            "ramp: {hires: {2026-03-02: 1}, weeks: [{week: 1, reopens: 150%}, {week: 9}]}",
            "hurry.reopens",
        ),
    ],
)
def test_nor_can_it_where_people_are_new_or_hurry(problems: Look, people: str, place: str) -> None:
    """30% are reopened and 40% repeated: twice as many reopened is all that there can be."""
    changes = closing("30%", "40%"), ("agents: 3, hours: desk", f"agents: 3, hours: desk, {people}")
    assert [path for _, path, _ in told(problems, *changes)] == ([f"groups.team.{place}"] if place else [])


@pytest.mark.parametrize(("reopens", "kinds"), [("40%", []), ("60%", ["warning"]), ("150%", ["error"])])
def test_what_several_agents_do_badly_multiplies(problems: Look, reopens: str, kinds: list[str]) -> None:
    """A case of two steps: 30% times 1.4, 1.6 or 2.5 for each of them, beside 40% repeated."""
    people = f"hurry: {{from_waiting: 1, speeds_up: 10%, reopens: {reopens}}}"
    changes = closing("30%", "40%"), ("agents: 3, hours: desk", f"agents: 3, hours: desk, {people}")
    assert [kind for kind, _, _ in told(problems, *changes)] == kinds


@pytest.mark.parametrize(("again", "is_told"), [("99.7%", False), ("99.9%", True)])
def test_a_path_may_go_round_but_not_for_hundreds_of_steps(problems: Look, again: str, is_told: bool) -> None:
    """A fifth of the cases does so, 333 times on average or 1,000 times."""
    left = f"{100 - float(again[:-1]):.1f}%"
    found = told(problems, (MORE, f"more: {{then: {{more: {again}, solved: {left}}}}}"))
    assert [(kind, path) for kind, path, _ in found] == [("error", "paths.standard.more.then")] * is_told
