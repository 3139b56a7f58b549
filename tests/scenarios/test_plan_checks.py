"""What is told of how a team learns and plans across its parts, and what is rightly not told.

The messages themselves are in tests/bad; here are the edges: what is nearly a mistake.
"""

from collections.abc import Callable

import pytest

from reports.plan_tables import JOINT, OVERLAP, SEPARATE
from reports.plan_words import part_words
from scenarios import Problem, loads
from scenarios.idle_check import ROWS_OF_EFFECTS
from sim.roadmap.versions import LOOP

Look = Callable[[str], list[Problem]]


def paths(told: list[Problem]) -> list[tuple[str, str]]:
    return [(each.severity, each.path) for each in told]


def changed(text: str, *changes: tuple[str, str]) -> str:
    """A text with some of it replaced, each of which must be there."""
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


RULES = "      due: 2026-03-16\n      lead: 10 days\n"


@pytest.mark.parametrize(
    ("dates", "severity"),
    [
        (
            "      due: 2026-03-12\n      lead: 10 days\n",
            "",
        ),  # ten days, and as many of lead
        ("      due: 2026-03-11\n      lead: 10 days\n", "error"),
        ("      due: 2026-03-02\n      lead: 0 s\n", ""),  # due on the day it starts
        ("      due: 2026-03-31\n      lead: 10 days\n", ""),  # the last day of its phase
        ("      due: 2026-04-01\n      lead: 10 days\n", "error"),
    ],
)
def test_dates_of_a_lever_at_their_edges(plan: str, problems: Look, dates: str, severity: str) -> None:
    told = problems(changed(plan, (RULES, dates)))
    assert [each.severity for each in told] == ([severity] if severity else [])


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        ("{from: 2026-04-01, to: 2026-04-30}", []),
        ("{from: 2026-03-31, to: 2026-04-30}", [("error", "roadmap.phases.31-60.from")]),
        ("{from: 2026-04-02, to: 2026-04-30}", []),  # a day between them is no mistake
        ("{from: 2026-04-08, to: 2026-04-08}", []),  # nor is a phase of one day
    ],
)
def test_phases_may_touch(plan: str, problems: Look, second: str, expected: list[tuple[str, str]]) -> None:
    assert (
        paths(problems(changed(plan, ("31-60: {from: 2026-04-01, to: 2026-04-30}", f"31-60: {second}"))))
        == expected
    )


def test_phases_need_not_be_in_order_and_every_overlap_is_told(plan: str, problems: Look) -> None:
    last, whole = "last: {from: 2026-04-20, to: 2026-05-10}", "whole: {from: 2026-03-01, to: 2026-05-30}"
    told = problems(changed(plan, ("  phases:\n", f"  phases:\n    {last}\n    {whole}\n")))
    assert paths(told) == [
        ("error", "roadmap.phases.last.from"),
        ("error", "roadmap.phases.0-30.from"),
        ("error", "roadmap.phases.31-60.from"),
    ]
    assert all("'whole' ends on 2026-05-30" in each.message for each in told)


TARGET = "    - cost per contact <= $6 by day 90\n"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        # Between two bounds there is room, at one value still.
        (("team occupancy >= 70% by day 30", "team occupancy <= 70% by day 30"), []),
        (("team occupancy >= 71% by day 30", "team occupancy <= 70% by day 30"), [("error", 1)]),
        # The same said of others, or of other days, is something else.
        (("team occupancy >= 71% by day 30", "team occupancy <= 70% by day 31"), []),
        (("team occupancy >= 71% by day 30", "veterans occupancy <= 70% by day 30"), []),
        (("FCR >= 70% by day 30", "FCR +3 points vs baseline by day 30"), []),
        (("FCR +3 points vs baseline by day 30", "FCR +3% vs baseline by day 30"), []),
        (("FCR +3 points vs baseline by day 30", "FCR +4 points vs baseline by day 30"), [("error", 1)]),
        (
            ("team occupancy >= +5% vs baseline by day 30", "team occupancy <= +4% vs baseline by day 30"),
            [("error", 1)],
        ),
        # Later may be stricter or the same, not easier; the order of the lines is no matter.
        (("FCR >= 70% by day 30", "FCR >= 75% by day 60"), []),
        (("FCR >= 70% by day 30", "FCR >= 70% by day 60"), []),
        (("FCR >= 75% by day 30", "FCR >= 70% by day 60"), [("warning", 1)]),
        (("FCR >= 70% by day 60", "FCR >= 75% by day 30"), [("warning", 0)]),
        (("ASA <= 60 s by day 30", "ASA <= 50 s by day 60"), []),
        (("ASA <= 50 s by day 30", "ASA <= 60 s by day 60"), [("warning", 1)]),
        (("ASA -20% vs baseline by day 30", "ASA -10% vs baseline by day 60"), [("warning", 1)]),
        (("ASA <= 50 s by day 90", "FCR >= 70% by day 91"), [("warning", 1)]),
        # Beyond the horizon too targets may contradict each other.
        (
            ("FCR >= 75% by day 99", "FCR >= 70% by day 99"),
            [("error", 1), ("warning", 0), ("warning", 1)],
        ),
    ],
)
def test_targets_that_do_not_go_together(
    plan: str, problems: Look, lines: tuple[str, str], expected: list[tuple[str, int]]
) -> None:
    start, end = plan.index("  targets:\n    - S1"), plan.index("  window:")
    listed = "".join(f"    - {line}\n" for line in lines)
    told = problems(f"{plan[:start]}  targets:\n{listed}{plan[end:]}")
    assert paths(told) == [(severity, f"roadmap.targets[{i}]") for severity, i in expected]


def test_the_strictest_earlier_target_is_named(plan: str, problems: Look) -> None:
    lines = ("FCR >= 72% by day 10", "FCR >= 75% by day 30", "FCR >= 70% by day 60")
    (told,) = problems(changed(plan, (TARGET, "".join(f"    - {line}\n" for line in lines))))
    assert told.path == "roadmap.targets[4]"
    assert ">= 75% by day 30 (roadmap.targets[3])" in told.message


@pytest.mark.parametrize(
    ("avoidable", "amount", "is_told"),
    [
        ("40%", "{low: -10%, expected: -25%, high: -40%}", False),  # all that could be avoided, and no more
        ("39%", "{low: -10%, expected: -25%, high: -40%}", True),
        ("100%", "-100%", False),
        ("no", "0%", False),
        ("no", "-0.1%", True),
    ],
)
def test_a_remedy_removes_at_most_what_is_avoidable(
    plan: str, problems: Look, avoidable: str, amount: str, is_told: bool
) -> None:
    text = changed(
        plan,
        ("avoidable: 60%", f"avoidable: {avoidable}"),
        (
            "causes.billing.contacts: {low: -10%, expected: -25%, high: -40%}",
            f"causes.billing.contacts: {amount}",
        ),
    )
    path = "remedies.clear_invoice.moves.causes.billing.contacts"
    assert paths(problems(text)) == ([("warning", path)] if is_told else [])


def test_a_remedy_has_the_owner_of_its_cause(plan: str, problems: Look) -> None:
    assert loads(plan).remedies["clear_invoice"].owner is None
    told = problems(changed(plan, ("avoidable: 60%, owner: product,", "avoidable: 60%,")))
    assert paths(told) == [("warning", "remedies.clear_invoice")]
    assert "does not run: it has no owner, and nor has cause 'billing'" in told[0].message


def test_a_lever_may_belong_to_no_phase_and_start_on_no_day(plan: str, problems: Look) -> None:
    assert problems(changed(plan, ("      phase: 0-30\n", ""), ("      start: 2026-03-02\n", ""))) == []


@pytest.mark.parametrize(
    ("hours", "is_told"), [("19.5 h/week", False), ("20.5 h/week", False), ("21 h/week", True)]
)
def test_levers_take_at_most_the_hours_of_their_owner(
    plan: str, problems: Look, hours: str, is_told: bool
) -> None:
    told = problems(changed(plan, ("      hours: 1.5 h/week\n", f"      hours: {hours}\n")))
    assert paths(told) == ([("warning", "owners.care.capacity")] if is_told else [])


@pytest.mark.parametrize(
    ("review", "expected"),
    [
        ("weekly_review: {on: tue, by: hours, top: 3, weeks: 6, opens: 1}", []),
        ("weekly_review: {by: refunds}", []),  # a cause has one
        ("weekly_review: {by: feedback}", []),  # customers are asked
        ("weekly_review: {by: cost_to_serve}", []),  # people have pay
        ("weekly_review: {by: customer_risk}", []),  # streams have tiers
        ("weekly_review: {by: escalations}", []),
    ],
)
def test_any_criterion_ranks_what_is_there(
    plan: str, problems: Look, review: str, expected: list[tuple[str, str]]
) -> None:
    old = "weekly_review: {on: tue, by: hours, top: 3, weeks: 6, opens: 1}"
    assert paths(problems(changed(plan, (old, review)))) == expected


def test_a_quarterly_commitment_chooses_too(plan: str, problems: Look) -> None:
    start, end = plan.index("  detection: {cusum"), plan.index("  validation:")
    assert problems(plan[:start] + plan[end:]) == []


def test_without_a_review_nobody_chooses(plan: str, problems: Look) -> None:
    start, end = plan.index("  detection: {cusum"), plan.index("  validation:")
    quarter = "  quarterly: {owner: product, share: 40%, top: 3, by: customer_risk}\n"
    told = problems(changed(plan[:start] + plan[end:], (quarter, "")))
    assert paths(told) == [("warning", "remedies")]


def test_what_could_not_be_read_is_not_missed(plan: str, problems: Look) -> None:
    """A lever that moves tags is not told that there are none, where tagging itself is wrong."""
    told = problems(changed(plan, ("accuracy: 85%", "accuracy: 185%")))
    assert paths(told) == [("error", "tagging.accuracy")]
    told = problems(changed(plan, ("  information_delay: 12 h\n", "  information_delay: 12\n")))
    assert paths(told) == [("error", "loop.information_delay")]


def test_a_section_of_another_shape_is_told_once(plan: str, problems: Look) -> None:
    start, end = plan.index("owners:\n"), plan.index("remedies:\n")
    told = problems(f"{plan[:start]}owners: [product, care]\n{plan[end:]}")
    assert paths(told) == [("error", "owners")]


def test_a_plan_hides_no_other_mistake(plan: str, problems: Look) -> None:
    """What is wrong with a plan does not keep the checks of all else from being made."""
    told = problems(changed(plan, ("kind: ux_copy", "kind: ux"), ("to: critical}", "to: kritical}")))
    assert paths(told) == [("error", "routing[0].to"), ("error", "remedies.clear_invoice.kind")]
    warned = problems(
        changed(plan, ("kind: ux_copy", "kind: ux"), ("  outage: {sev", "  other: {}\n  outage: {sev"))
    )
    assert paths(warned) == [("error", "remedies.clear_invoice.kind"), ("warning", "causes.other")]


LATE = "  information_delay: 12 h\n"
TESTS = "after: [7 days, 14 days]"
REVIEWS = ("loop.monthly_review", "loop.quarterly")
SECOND = "loop.validation.after[1]"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (((LATE, "  from: 2026-05-31\n"),), ["loop.from"]),  # the day after the last
        (((LATE, "  from: 2026-03-01\n"),), ["loop.from"]),  # the day before the first
        (((LATE, "  from: 2026-03-02\n"),), []),
        # Day 7 of 90, counted from 0, may have a review; after a day of work and 14 of lead it is day 22.
        (((TESTS, "after: [7 days, 68 days]"),), [SECOND]),
        (((TESTS, "after: [7 days, 67 days]"),), []),
        # Six hours are 20 days of work for who has 18 minutes a day, with three weekends between them.
        (((LATE, "  from: 2026-05-04\n"),), [*REVIEWS, SECOND]),
        (((LATE, "  from: 2026-05-05\n"),), [*REVIEWS, SECOND, "remedies.first_steps"]),
        (
            ((LATE, "  from: 2026-05-30\n"),),
            ["loop.weekly_review", *REVIEWS, "remedies.clear_invoice", "remedies.first_steps"],
        ),
        # With a lever that shortens the delay nobody can say how long it is.
        (((LATE, "  information_delay: 1000 days\n"),), []),
        (
            ((LATE, "  information_delay: 89 days\n"), ("        loop.information_delay: -50%\n", "")),
            ["loop.information_delay"],
        ),
    ],
)
def test_the_loop_has_days_for_what_it_does(
    plan: str, problems: Look, changes: tuple[tuple[str, str], ...], expected: list[str]
) -> None:
    told = problems(changed(plan, *changes))
    assert sorted(paths(told)) == sorted(("warning", each) for each in expected)


@pytest.mark.parametrize(
    ("change", "is_told"),
    [
        (("tagging.accuracy: +8 points", "tagging.accuracy: +15 points"), False),  # from 85% to 100%
        (("tagging.accuracy: +8 points", "tagging.accuracy: +16 points"), True),
        (("owners.product.prevention: -5 points", "owners.product.prevention: -60 points"), False),
        (("owners.product.prevention: -5 points", "owners.product.prevention: -61 points"), True),
    ],
)
def test_changes_reach_what_there_is_and_no_further(
    plan: str, problems: Look, change: tuple[str, str], is_told: bool
) -> None:
    assert [each.severity for each in problems(changed(plan, change))] == (["warning"] if is_told else [])


@pytest.mark.parametrize(("works", "is_told"), [("100%", True), ("60%", False)])
def test_what_may_not_work_is_expected_in_part(plan: str, problems: Look, works: str, is_told: bool) -> None:
    """-50% and -40% leave 30% of what could be avoided to 60%; if each works with 60%, 0.7 x 0.76 = 53%."""
    moves = "moves: {{causes.billing.contacts: {}}}"
    remedy = (
        f"{{{{owner: care, cause: billing, kind: policy, effort: 6 h, lead: 7 days, works: {{}}, {moves}}}}}"
    )
    more = "".join(f"  more_{i}: {remedy.format(works, by)}\n" for i, by in enumerate(("-50%", "-40%")))
    text = changed(
        plan,
        ("causes.billing.contacts: {low: -10%, expected: -25%, high: -40%}", "causes.billing.contacts: 0%"),
        ("loop:\n  owner", f"{more}loop:\n  owner"),
    )
    path = "remedies.more_1.moves.causes.billing.contacts"
    assert paths(problems(text)) == ([("warning", path)] if is_told else [])


def test_a_commitment_and_a_bonus_are_hours(plan: str, problems: Look) -> None:
    """Who gives nothing to improvements works on them in a commitment; or once a bonus makes them."""
    text = changed(
        plan, ("prevention: 60%}", "prevention: 0%}"), ("prevention: +10 points", "prevention: 0 points")
    )
    text = text.replace("        owners.product.prevention: -5 points\n", "")
    assert problems(text) == []
    other = changed(text, ("quarterly: {owner: product, share: 40%", "quarterly: {owner: care, share: 0%"))
    told = [("warning", "owners.product.prevention"), ("warning", "loop.quarterly.share")]
    assert paths(problems(other)) == told
    assert paths(problems(changed(other, ("prevention: 0 points", "prevention: 1 point")))) == told[1:]


EARLY = "loop.weekly_review.weeks"


@pytest.mark.parametrize(
    ("review", "begins", "remedy", "told"),
    [
        # The calendar begins on a Monday; a day late, the third one knows 13 days, and so on.
        ("weeks: 4", "2026-03-02", "effort: 1 h", ["'from: 2026-04-05'", "'weeks: 1'"]),
        ("weeks: 4", "2026-03-24", "effort: 1 h", ["on 2026-03-30", "'weeks: 3'"]),
        ("weeks: 4", "2026-04-05", "effort: 1 h", []),  # as is advised
        ("weeks: 1", "2026-03-02", "effort: 1 h", []),
        ("weeks: 2", "2026-03-02", "effort: 1 h", ["'from: 2026-03-22'", "'weeks: 1'"]),
        # In force seven days after the last that is known: one day late, and six of work or lead.
        ("weeks: 4", "2026-03-02", "effort: 1 h, lead: 4 days", ["may be in force 6 days after them"]),
        ("weeks: 4", "2026-03-02", "effort: 1 h, lead: 5 days", []),
        ("weeks: 4", "2026-03-02", "effort: 40 h", ["'call_back'"]),  # five working days
        ("weeks: 4", "2026-03-02", "effort: 41 h", []),  # and a weekend
        ("weeks: 4, opens: 0", "2026-03-02", "effort: 1 h", []),
    ],
)
def test_first_reviews_that_choose_by_all_days(
    problems: Look, review: str, begins: str, remedy: str, told: list[str]
) -> None:
    scenario = f"""\
careloop: 1
name: A team
service_level: offered
calendar: {{start: 2026-03-02, days: 120}}
causes: {{billing: {{avoidable: 50%, owner: product}}}}
streams:
  mails:
    queue: mail
    arrivals: {{rate: 40 per day}}
    handle_time: {{exponential: 3 min}}
    causes: {{billing: 100%}}
queues: {{mail: {{channel: email}}}}
groups: {{team: {{skills: [mail], agents: 2}}}}
owners: {{product: {{capacity: 80 h/week, prevention: 50%}}}}
remedies:
  call_back: {{cause: billing, kind: policy, {remedy}, moves: {{causes.billing.contacts: -20%}}}}
loop: {{owner: product, from: {begins}, weekly_review: {{by: volume, {review}}}, validation: {{}}}}
"""
    found = [each.message for each in problems(scenario) if each.path == EARLY]
    assert len(found) == bool(told)
    assert all(words in message for message in found for words in told)


def test_rows_of_what_levers_contribute_are_those_of_the_table() -> None:
    assert set(ROWS_OF_EFFECTS) == {part_words(LOOP), LOOP, SEPARATE, OVERLAP, JOINT}
