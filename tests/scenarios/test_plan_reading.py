"""How a team learns and plans is read into its models, and written back as it was."""

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest

from scenarios import Problem, ScenarioError, from_dict, load, loads, open_scenario, resolved
from scenarios.causes import avoidable_text
from scenarios.changes import Lever, Remedy
from scenarios.explained import explained
from scenarios.learning import (
    Articles,
    Balanced,
    Bonus,
    Cusum,
    Daily,
    Detection,
    Loop,
    MonthlyReview,
    Quarterly,
    Threshold,
    Validation,
    WeeklyReview,
)
from scenarios.model import Scenario
from scenarios.moves import PARAMETERS, Move, whose
from scenarios.owners import Owner
from scenarios.paths import place_of
from scenarios.resolved import plain_data
from scenarios.roadmap import Phase, Roadmap, Status
from scenarios.settings import settings_of

DAY = 86400.0
Day = datetime.date


@pytest.fixture
def scenario(plan: str) -> Scenario:
    return loads(plan)


def test_nothing_is_wrong_with_it(plan: str, problems: Callable[[str], list[Problem]]) -> None:
    assert problems(plan) == []


def test_it_reads_back_to_the_same(scenario: Scenario) -> None:
    text = resolved(scenario)
    assert loads(text) == scenario
    assert resolved(loads(text)) == text
    assert from_dict(plain_data(scenario)) == scenario


def test_nothing_of_it_is_written_where_nothing_is_said(life: str) -> None:
    """A scenario without the new keys has the text that it always had."""
    data = plain_data(loads(life))
    assert not {"owners", "remedies", "loop", "roadmap"} & set(data)
    assert list(data["causes"]["billing"]) == ["avoidable", "handle_time", "severities", "path"]
    assert (data["causes"]["billing"]["avoidable"], data["causes"]["how_to"]["avoidable"]) == (True, False)


def test_every_parameter_is_moved_in_it(scenario: Scenario) -> None:
    assert scenario.roadmap is not None
    changes = (*scenario.remedies.values(), *scenario.roadmap.levers.values())
    assert {whose(move.parameter).pattern for each in changes for move in each.moves} == set(PARAMETERS)


def test_causes(scenario: Scenario) -> None:
    billing, how_to, outage = scenario.causes.values()
    assert (billing.avoidable, billing.owner, billing.refund, billing.currency) == (
        0.6,
        "product",
        1.5,
        "USD",
    )
    assert (how_to.avoidable, how_to.owner, how_to.refund, how_to.currency) == (1.0, None, 0.0, "")
    assert outage.avoidable == 0.0


@pytest.mark.parametrize(
    ("written", "value"),
    [("yes", 1.0), ("on", 1.0), ("true", 1.0), ("no", 0.0), ("off", 0.0), ("0%", 0.0), ("100%", 1.0),
     ("33%", 0.33), ("0.25", 0.25), ("1", 1.0)],
)  # fmt: skip
def test_avoidable_is_yes_no_or_a_share(plan: str, written: str, value: float) -> None:
    changed = loads(plan.replace("avoidable: 60%", f"avoidable: {written}"))
    assert changed.causes["billing"].avoidable == value
    assert loads(resolved(changed)) == changed


def test_owners(scenario: Scenario) -> None:
    assert scenario.owners == {
        "product": Owner(capacity_h_per_week=40.0, prevention=0.6),
        "care": Owner(capacity_h_per_week=20.5, prevention=1.0),
        "enablement": Owner(capacity_h_per_week=1.5, prevention=1.0),
    }


def test_remedies(scenario: Scenario) -> None:
    assert scenario.remedies == {
        "clear_invoice": Remedy(
            cause="billing",
            kind="ux_copy",
            moves=(
                Move("causes.billing.contacts", -0.1, -0.25, -0.4),
                Move("streams.calls.handle_time", 0.02, 0.02, 0.02),
            ),
            works=0.8,
            cost=4000.0,
            currency="USD",
            effort_h=40.0,
            lead_s=14 * DAY,
            ramp_s=7 * DAY,
            halves_in_s=180 * DAY,
        ),
        "first_steps": Remedy(
            owner="enablement",
            cause="how_to",
            kind="onboarding",
            effort_h=6.0,
            moves=(Move("contacts", -0.005, -0.005, -0.005),),
        ),
    }
    usual = scenario.remedies["first_steps"]
    assert (usual.works, usual.cost, usual.currency, usual.lead_s, usual.ramp_s) == (1.0, 0.0, "", 0.0, 0.0)
    assert usual.halves_in_s is None


def test_the_loop(scenario: Scenario) -> None:
    deflects = Move("deflection", 0.0, 0.05, 0.125)
    shortens = Move("handle_time", -0.05, -0.05, -0.05)
    assert scenario.loop == Loop(
        owner="care",
        information_delay_s=DAY / 2,
        daily=Daily(backlog=400, overdue=20),
        detection=Detection(cusum=Cusum(slack=0.25, alarm=4.0, reference_days=21)),
        weekly_review=WeeklyReview(on=1, by="hours", top=3, weeks=6, opens=1),
        validation=Validation(after_days=(7, 14), confidence=0.9, on_failure="stop", attempts=3),
        monthly_review=MonthlyReview(by="refunds", stops_after=1),
        quarterly=Quarterly(owner="product", share=0.4, top=3, by="customer_risk"),
        articles=Articles(
            owner="enablement",
            contacts=30,
            publish_s=DAY,
            effort_h=3.0,
            deflection=deflects,
            handle_time=shortens,
            ramp_s=30 * DAY,
            review_every_days=60,
            review_effort_h=0.5,
            stale=0.3,
        ),
        bonus=Bonus(weight=0.2, prevention=Move("prevention", 0.1, 0.1, 0.1)),
        balanced=Balanced(hurry=Move("hurry", -0.5, -0.5, -0.5)),
    )


def test_the_loop_has_the_defaults_of_the_playbook(plan: str) -> None:
    text = plan[: plan.index("\nloop:")] + "\nloop: {owner: care, weekly_review: {by: volume}, validation: {}"
    text += ", monthly_review: {}, articles: {owner: care, contacts: 9, effort: 1 h}, bonus: {weight: 20%}"
    loop = loads(
        text + ", quarterly: {owner: care, share: 10%}, detection: {threshold: {contacts: 40}}}\n"
    ).loop
    assert loop is not None
    assert loop.weekly_review == WeeklyReview(on=0, by="volume", top=5, weeks=4, opens=2)
    assert loop.validation == Validation(
        after_days=(14, 30), confidence=0.95, on_failure="iterate", attempts=2
    )
    assert loop.monthly_review == MonthlyReview(by="cost_to_serve", stops_after=2)
    assert loop.quarterly == Quarterly(owner="care", share=0.1, top=2, by="cost_to_serve")
    assert loop.detection is not None
    assert loop.detection.threshold == Threshold(contacts=40, within_days=7)
    assert (loop.information_delay_s, loop.daily, loop.balanced) == (DAY, None, None)
    articles = loop.articles
    assert articles is not None
    assert (articles.publish_s, articles.ramp_s, articles.review_every_days) == (48 * 3600.0, 0.0, 90)
    assert (articles.review_effort_h, articles.stale) == (1.0, 0.5)
    assert (articles.deflection[1:], articles.handle_time[1:]) == ((0, 0, 0), (0, 0, 0))
    assert loop.bonus == Bonus(weight=0.2, prevention=Move("prevention", 0.0, 0.0, 0.0))


def test_a_detection_says_its_numbers_by_either_method() -> None:
    cusum = Detection(cusum=Cusum())
    assert (cusum.method, cusum.slack, cusum.alarm, cusum.reference_days) == ("cusum", 0.5, 5.0, 28)
    assert (cusum.contacts, cusum.within_days) == (0, 0)
    threshold = Detection(threshold=Threshold(contacts=40))
    assert (threshold.method, threshold.contacts, threshold.within_days) == ("threshold", 40, 7)


def test_the_roadmap(scenario: Scenario) -> None:
    roadmap = scenario.roadmap
    assert roadmap is not None
    assert roadmap.phases == {
        "0-30": Phase(start=Day(2026, 3, 2), end=Day(2026, 3, 31)),
        "31-60": Phase(start=Day(2026, 4, 1), end=Day(2026, 4, 30)),
    }
    assert (roadmap.window_days, roadmap.status) == (14, Status(green=0.85, amber=0.6))
    rules, tags = (roadmap.levers[name] for name in ("rules", "tags"))
    assert rules == Lever(
        phase="0-30",
        owner="care",
        start=Day(2026, 3, 2),
        due=Day(2026, 3, 16),
        lead_s=10 * DAY,
        hours_per_week=1.5,
        moves=(
            Move("routing", 1.0, 1.0, 1.0),
            Move("tagging.handle_time", 5.0, 5.0, 5.0),
            Move("loop.tag_audit", 100.0, 100.0, 100.0),
        ),
    )
    assert (tags.phase, tags.start, tags.cost, tags.currency, tags.hours_per_week) == (
        *(None, None),
        *(0.0, "USD", 0.0),
    )
    assert tags.moves[0] == Move("tagging.accuracy", 0.08, 0.08, 0.08)
    assert len(roadmap.targets) == 8


def test_a_roadmap_has_the_usual_window_and_status(plan: str) -> None:
    text = plan.replace("  window: 2 weeks\n  status: {green: 85%, amber: 60%}\n", "")
    roadmap = loads(text).roadmap
    assert roadmap is not None
    assert (roadmap.window_days, roadmap.status) == (28, Status(green=0.8, amber=0.5))


def test_python_may_give_numbers() -> None:
    lever = Lever.model_validate({"moves": {"deflection": 0.08}, "hours_per_week": 4.0})
    assert (lever.moves, lever.hours_per_week) == ((Move("deflection", 0.08, 0.08, 0.08),), 4.0)
    assert Owner(capacity_h_per_week=40.0).prevention == 1.0
    assert Roadmap(window_days=7).window_days == 7


def test_several_mistakes_are_told_at_once(plan: str) -> None:
    mistakes = {
        "refund: $1.50": "refund: 1.50",
        "capacity: 40 h/week": "capacity: 40 h",
        "kind: ux_copy": "kind: ux",
        "backlog: 400": "backlog: many",
        "on: tue": "on: someday",
        "by: refunds": "by: money",
        "stale: 30%": "stale: 130%",
        "to: 2026-03-31": "to: 2026-02-31",
        "tagging.accuracy: +8 points": "tagging.accuracy: 8%",
        "groups.team.agents: +2": "groups.team.people: +2",
        "by day 30": "by day 0",
        "window: 2 weeks": "window: 2",
        "green: 85%": "green: 55%",
    }
    for old, new in mistakes.items():
        assert old in plan
        plan = plan.replace(old, new, 1)
    with pytest.raises(ScenarioError) as raised:
        loads(plan)
    assert [problem.path for problem in raised.value.problems if problem.severity == "error"] == [
        "causes.billing.refund",
        "owners.product.capacity",
        "remedies.clear_invoice.kind",
        "loop.daily.backlog",
        "loop.weekly_review.on",
        "loop.monthly_review.by",
        "loop.articles.stale",
        "roadmap.phases.0-30.to",
        "roadmap.levers.tags.moves.tagging.accuracy",
        "roadmap.levers.people.moves.groups.team.people",
        "roadmap.targets[0]",
        "roadmap.window",
        "roadmap.status.amber",
    ]


def test_names_of_nothing_are_told_beside_mistakes(plan: str) -> None:
    """What could be read of a loop is checked, whatever else is wrong with it."""
    plan = plan.replace("backlog: 400", "backlog: many").replace(
        "articles:\n    owner: enablement", "articles:\n    owner: enabler"
    )
    with pytest.raises(ScenarioError) as raised:
        loads(plan)
    assert [problem.path for problem in raised.value.problems] == [
        "loop.daily.backlog",
        "loop.articles.owner",
    ]


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("remedies.a.moves.contacts", ("remedies", "a", "moves", "contacts")),
        ("remedies.a.moves.causes.b.contacts", ("remedies", "a", "moves", "causes.b.contacts")),
        ("remedies.a.moves.causes.b.contacts.high", ("remedies", "a", "moves", "causes.b.contacts", "high")),
        ("remedies.a.moves.contacts.low", ("remedies", "a", "moves", "contacts", "low")),
        ("remedies.a.moves", ("remedies", "a", "moves")),
        ("remedies.a.cost", ("remedies", "a", "cost")),
        ("remedies.moves.cost", ("remedies", "moves", "cost")),
        (
            "roadmap.levers.a.moves.tagging.accuracy",
            ("roadmap", "levers", "a", "moves", "tagging.accuracy"),
        ),
        ("roadmap.levers.moves.due", ("roadmap", "levers", "moves", "due")),
        ("queues.a.moves.b", ("queues", "a", "moves", "b")),
    ],
)
def test_what_follows_moves_is_one_key(path: str, place: tuple[str, ...]) -> None:
    assert place_of(path) == place


def test_settings_reach_it(plan: str) -> None:
    texts = [
        "remedies.clear_invoice.moves.causes.billing.contacts.high=-50%",
        "remedies.clear_invoice.moves.streams.calls.handle_time=+1%",
        "roadmap.levers.tags.moves.tagging.accuracy={multiply: 0.5}",
        "roadmap.levers.rules.due=2026-03-20",
        "roadmap.levers.people.works=100%",
        "loop.detection.threshold={contacts: 50}",
        "owners.care.capacity={multiply: 2}",
        "roadmap.window=7 days",
        "loop.articles.deflection={low: 0 points, expected: 0 points, high: 1 point}",
    ]
    changed = loads(plan, settings=[each for text in texts for each in settings_of(text)])
    assert changed.roadmap is not None
    assert changed.loop is not None
    assert changed.loop.articles is not None
    assert changed.remedies["clear_invoice"].moves == (
        Move("causes.billing.contacts", -0.1, -0.25, -0.5),
        Move("streams.calls.handle_time", 0.01, 0.01, 0.01),
    )
    assert changed.roadmap.levers["tags"].moves[0] == Move("tagging.accuracy", 0.04, 0.04, 0.04)
    assert changed.roadmap.levers["rules"].due == Day(2026, 3, 20)
    assert changed.loop.detection == Detection(threshold=Threshold(contacts=50))
    assert changed.owners["care"].capacity_h_per_week == 41.0
    assert changed.roadmap.window_days == 7
    assert changed.loop.articles.deflection == Move("deflection", 0.0, 0.0, 0.01)


def test_a_range_is_multiplied_as_a_whole(plan: str) -> None:
    setting = settings_of("remedies.clear_invoice.moves.causes.billing.contacts={multiply: 0.5}")
    halved = loads(plan, settings=setting).remedies["clear_invoice"].moves[0]
    assert halved == Move("causes.billing.contacts", -0.05, -0.125, -0.2)


@pytest.mark.parametrize(
    ("override", "words"),
    [
        ("remedies.invoice.cost: $1", "there is no remedy 'invoice'"),
        ("owners.prodct.capacity: 1 h/week", "there is no owner 'prodct'; did you mean 'product'"),
        ("roadmap.levers.rule.due: 2026-03-20", "there is no lever 'rule'; did you mean 'rules'"),
        ("roadmap.phases.0-31.to: 2026-03-20", "there is no phase '0-31'; did you mean '0-30'"),
    ],
)
def test_an_override_of_a_part_that_is_not_there_is_told(plan: str, override: str, words: str) -> None:
    with pytest.raises(ScenarioError, match=words):
        loads(plan + f"overrides: {{x: {{{override}}}}}\n", overrides=["x"])


def test_a_lever_may_be_added_by_an_override(plan: str) -> None:
    added = "overrides: {x: {roadmap.levers.more: {owner: care, due: 2026-03-20, moves: {contacts: -1%}}}}\n"
    roadmap = loads(plan + added, overrides=["x"]).roadmap
    assert roadmap is not None
    assert roadmap.levers["more"].moves == (Move("contacts", -0.01, -0.01, -0.01),)


def test_files_above_merge_levers_and_replace_amounts(tmp_path: Path, plan: str) -> None:
    (tmp_path / "base.yaml").write_text(plan, encoding="utf-8")
    (tmp_path / "more.yaml").write_text(
        "extends: base.yaml\n"
        "remedies: {clear_invoice: {moves: {causes.billing.contacts: {low: 0%, expected: 0%, high: -5%}}}}\n"
        "roadmap: {levers: {rules: {lead: 1 day}}, targets: [phone abandonment <= 5% by day 9]}\n",
        encoding="utf-8",
    )
    changed = load(tmp_path / "more.yaml")
    assert changed.remedies["clear_invoice"].moves == (
        Move("causes.billing.contacts", 0.0, 0.0, -0.05),
        Move("streams.calls.handle_time", 0.02, 0.02, 0.02),
    )
    assert changed.roadmap is not None
    assert (len(changed.roadmap.levers), len(changed.roadmap.targets)) == (5, 1)
    assert changed.roadmap.levers["rules"].lead_s == DAY


def test_an_amount_laid_over_needs_all_of_it(tmp_path: Path, plan: str) -> None:
    (tmp_path / "base.yaml").write_text(plan, encoding="utf-8")
    more = "remedies: {clear_invoice: {moves: {causes.billing.contacts: {high: -5%}}}}\n"
    (tmp_path / "more.yaml").write_text("extends: base.yaml\n" + more, encoding="utf-8")
    told = {problem.path: problem.message for problem in open_scenario(tmp_path / "more.yaml").problems}
    path = "remedies.clear_invoice.moves.causes.billing.contacts"
    assert told == {f"{path}.low": "is missing; add it", f"{path}.expected": "is missing; add it"}


def test_each_value_is_explained(tmp_path: Path, plan: str) -> None:
    (tmp_path / "plan.yaml").write_text(plan, encoding="utf-8")
    opened = open_scenario(tmp_path / "plan.yaml")
    assert opened.scenario is not None
    told = {
        line.text.strip().split(":")[0]: line.origin
        for line in explained(opened.scenario, opened.layers, ("remedies", "clear_invoice"))
    }
    first = plan.splitlines().index("  clear_invoice:") + 2
    assert told["cause"] == f"line {first}"
    assert told["causes.billing.contacts"] == f"line {first + 5}"
    assert told["halves_in"] == f"line {first + 10}"


@pytest.mark.parametrize(("share", "text"), [(1.0, "yes"), (0.0, "no"), (0.6, "60%"), (0.005, "0.5%")])
def test_what_is_avoidable_is_said_in_words(share: float, text: str) -> None:
    assert avoidable_text(share) == text
