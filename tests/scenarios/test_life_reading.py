"""The life of a case is read into its models, and written back as it was."""

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest

from scenarios import Problem, ScenarioError, from_dict, load, loads, open_scenario, resolved
from scenarios.case_paths import Handover, PathStep
from scenarios.limits import Limit, limit_text, read_limit
from scenarios.model import Scenario
from scenarios.people import Hire, TenureWeek
from scenarios.resolved import plain_data
from scenarios.routing import Attributes, Rule, first_match
from scenarios.self_service import Deflection
from scenarios.settings import settings_of
from scenarios.tiers import Tier
from scenarios.waiting import Balking


@pytest.fixture
def scenario(life: str) -> Scenario:
    return loads(life)


def test_it_reads_back_to_the_same(scenario: Scenario) -> None:
    text = resolved(scenario)
    assert loads(text) == scenario
    assert resolved(loads(text)) == text


def test_nothing_of_it_is_written_where_nothing_is_said(valid: str) -> None:
    """A scenario without the new keys has the text that it always had."""
    data = plain_data(loads(valid))
    known = ["careloop", "name", "service_level", "calendar", "streams", "queues", "groups", "run"]
    assert list(data) == known
    stream = ["queue", "arrivals", "handle_time", "handle_time_by_day", "backlog"]
    assert list(data["streams"]["calls"]) == stream
    queue = ["channel", "target", "service_level", "short_abandon", "priority", "capacity", "patience"]
    others = ["retry", "hours", "at_closing", "overflow", "interruptible"]
    assert list(data["queues"]["phone"]) == [*queue, *others]
    assert list(data["queues"]["phone"]["retry"]) == ["share", "after", "of", "attempts"]
    assert list(data["queues"]["phone"]["overflow"]) == ["to", "after"]
    group = ["skills", "agents", "speed", "takes", "idle", "pay", "shrinkage"]
    assert list(data["groups"]["generalists"]) == group


def test_severities_keep_their_order_and_promises(scenario: Scenario) -> None:
    assert list(scenario.severities) == ["S1", "S2", "S3"]
    worst, second, mildest = scenario.severities.values()
    assert worst.clock is None
    assert worst.first_response == Limit(0.95, "time", 900.0)
    assert worst.resolution == Limit(0.9, "time", 4 * 3600.0)
    assert worst.update is not None
    assert (worst.update.every_s, worst.update.queue) == (3600.0, "updates")
    assert worst.update.handle_time.mean_s == 240.0
    assert second.clock == scenario.calendar.hours["desk"]
    assert second.first_response == Limit(0.9, "time", 4 * 3600.0)
    assert second.resolution == Limit(0.9, "days", 0.0, 1)
    assert mildest.first_response == Limit(0.9, "same_day")
    assert mildest.resolution == Limit(0.9, "days", 0.0, 3)


def test_causes_tiers_and_flags(scenario: Scenario) -> None:
    billing, how_to, outage = scenario.causes.values()
    assert (billing.avoidable, billing.handle_time_factor, billing.path) == (True, 1.1, "standard")
    assert billing.severities == {"S1": 0.01, "S2": 0.09, "S3": 0.9}
    assert (how_to.avoidable, how_to.handle_time_factor) == (False, 1.0)
    assert (how_to.severities, how_to.path) == ({}, "short")
    assert outage.severities == {"S1": 1.0}
    assert scenario.tiers["vip"] == Tier(accounts=200, arr=60_000.0, currency="USD", vip=True)
    assert scenario.tiers["small"] == Tier(accounts=5000, arr=600.0, currency="USD")
    assert scenario.flags == {"pci": "compliance", "pii": "compliance", "fraud": "fraud"}


def test_tagging(scenario: Scenario) -> None:
    tagging = scenario.tagging
    assert tagging is not None
    assert tagging.triage is not None
    assert tagging.misrouted is not None
    assert (tagging.accuracy, tagging.untagged, tagging.collisions) == (0.85, 0.1, 0.02)
    assert (tagging.triage.queue, tagging.triage.handle_time.mean_s) == ("triage", 60.0)
    assert tagging.misrouted.mean_s == 120.0


def test_a_time_may_stand_below_handle_time(life: str, scenario: Scenario) -> None:
    below = life.replace("misrouted: {exponential: 2 min}", "misrouted: {handle_time: {exponential: 2 min}}")
    assert below != life
    assert loads(below) == scenario


def test_paths(scenario: Scenario) -> None:
    standard = scenario.paths["standard"]
    assert standard.first == "first"
    assert list(standard.steps) == ["first", "tier2", "reply", "engineering"]
    assert standard.steps["first"] == PathStep(then={"solved": 0.75, "tier2": 0.15, "reply": 0.1})
    tier2, reply, engineering = list(standard.steps.values())[1:]
    assert tier2.handle_time is not None
    assert (tier2.queue, tier2.handle_time.mean_s) == ("tier2", 1200.0)
    assert (tier2.handover, tier2.conference_s) == (Handover(warm=True, most_s=180.0), 120.0)
    assert (tier2.due_s, tier2.patient) == (None, None)
    assert reply.after is not None
    assert (reply.queue, reply.after.mean_s, reply.then) == (None, 86400.0, {"solved": 1.0})
    assert reply.patient is False
    assert (engineering.due_s, engineering.then) == (4 * 3600.0, {"solved": 1.0})
    assert scenario.paths["short"].steps["first"].then == {"solved": 1.0}


def test_closing(scenario: Scenario, life: str) -> None:
    closing = scenario.closing
    assert closing is not None
    assert closing.confirms is not None
    assert closing.reopens is not None
    assert closing.repeats is not None
    assert (closing.confirms.share, closing.confirms.after.mean_s) == (0.6, 86400.0)
    assert closing.closes_after_s == 5 * 86400.0
    assert (closing.reopens.share, closing.reopens.after.mean_s) == (0.05, 2 * 86400.0)
    assert (closing.repeats.share, closing.repeats.streams) == (0.08, {"calls": 0.7, "chats": 0.3})
    usual = loads(life.replace("  closes_after: 5 days\n", "")).closing
    assert usual is not None
    assert usual.closes_after_s == 7 * 86400.0


def test_side_work(scenario: Scenario) -> None:
    manager, summary, quality = scenario.side_work.values()
    assert manager.when is not None
    assert (manager.when.arr, manager.when.currency, manager.when.flags) == (50_000.0, "USD", ("pci", "pii"))
    assert (manager.on, manager.due, manager.once) == ("opened", Limit(0.9, "time", 600.0), "case")
    assert (summary.on, summary.once, summary.due) == ("incident", "incident", Limit(0.9, "days", 0.0, 5))
    assert summary.clock == scenario.calendar.hours["desk"]
    assert quality.after is not None
    assert (quality.share, quality.after.mean_s) == (0.03, 86400.0)
    assert (quality.severities, quality.causes, quality.tiers) == (("S1", "S2"), ("billing",), ("vip",))


def test_incidents(scenario: Scenario) -> None:
    down, planned = scenario.incidents.values()
    assert down.status_page is not None
    assert (down.cause, down.severity, down.every_s, down.at) == ("outage", "S1", 30 * 86400.0, ())
    assert down.surge == {"calls": 60.0, "chats": 40.0}
    assert (down.detection.contacts, down.detection.within_s, down.detection.delay_s) == (10, 1800.0, 300.0)
    assert (down.lasts.mean_s, down.mitigation.mean_s, down.fades_s) == (4 * 3600.0, 3600.0, 1800.0)
    assert (down.status_page.after_s, down.status_page.cuts) == (900.0, 0.6)
    assert planned.every_s is None
    assert planned.at == (datetime.datetime(2026, 3, 3, 10, 15), datetime.datetime(2026, 3, 5, 8, 0, 30))
    assert (planned.severity, planned.status_page) == (None, None)


def test_outcomes(scenario: Scenario) -> None:
    outcomes = scenario.outcomes
    assert outcomes is not None
    assert (outcomes.response, outcomes.csat.base, outcomes.csat.per_contact) == (0.2, 0.9, -0.1)
    assert (outcomes.nps.promoters, outcomes.nps.detractors, outcomes.qa.accuracy) == (0.6, 0.12, 0.92)


def test_streams(scenario: Scenario) -> None:
    calls, chats = scenario.streams.values()
    assert (calls.causes, calls.path) == ({"billing": 0.3, "how_to": 0.7}, "standard")
    assert calls.severities == {"S1": 0.01, "S2": 0.09, "S3": 0.9}
    assert (calls.tiers, calls.flags) == ({"small": 0.9, "vip": 0.1}, {"fraud": 0.005})
    own, other = calls.self_service, chats.self_service
    assert own is not None
    assert own.bounces is not None
    assert other is not None
    assert own.deflects == (Deflection(None, 0.2),)
    assert (own.bounces.share, own.bounces.after.mean_s, own.bounces.handle_time_factor) == (0.25, 3600, 1.2)
    assert (own.ease, own.views) == (0.6, 4.0)
    march = [Deflection(datetime.date(2026, 3, day), share) for day, share in ((1, 0.2), (9, 0.25))]
    assert other.deflects == tuple(march)
    shares = [other.share_on(datetime.date(2026, *day)) for day in ((2, 28), (3, 1), (3, 8), (3, 9))]
    assert shares == [0.0, 0.2, 0.2, 0.25]


def test_queues_and_groups(scenario: Scenario) -> None:
    phone = scenario.queues["phone"]
    assert phone.announces is not None
    assert phone.announces.diverts is not None
    assert phone.call_back is not None
    assert phone.call_back.attempt is not None
    assert phone.retry is not None
    assert phone.overflow is not None
    assert (phone.lines, phone.weight, phone.gains_per_hour) == (40, 2.0, 6.0)
    assert phone.announces.balk == (Balking(60.0, 0.05), Balking(300.0, 0.4))
    diverts = phone.announces.diverts
    assert (diverts.over_s, diverts.share, diverts.to) == (300.0, 0.2, "chats")
    assert (phone.call_back.over_s, phone.call_back.accepts, phone.call_back.answers) == (120.0, 0.6, 0.9)
    assert phone.call_back.attempt.mean_s == 30.0
    assert phone.retry.switch == {"chats": 0.3}
    assert phone.overflow.leaves_message
    silent = scenario.queues["chat"].silent
    assert silent is not None
    assert (silent.share, silent.handle_time.mean_s) == (0.3, 60.0)
    team, veterans, engineers = scenario.groups.values()
    assert veterans.takes == "ageing"
    assert team.ramp is not None
    assert team.hurry is not None
    assert (team.takes, team.idle, team.handle_time_by_queue) == ("weighted_wait", "random", {"phone": 1.1})
    assert team.ramp.hires == (Hire(datetime.date(2026, 3, 4), 2),)
    assert team.ramp.weeks == (TenureWeek(1, 0.6, 1.5), TenureWeek(9, 1.0, 1.0))
    assert (team.hurry.from_waiting, team.hurry.speeds_up, team.hurry.reopens) == (10, 0.1, 0.2)
    assert engineers.on_call is not None
    assert engineers.on_call.standby_pay is not None
    assert engineers.on_call.answers.mean_s == 300.0
    assert engineers.on_call.standby_pay.amount_per_hour == 8.0


@pytest.mark.parametrize(
    ("written", "limit"),
    [
        ("15 min", Limit(0.9, "time", 900.0)),
        ("95% in 15 min", Limit(0.95, "time", 900.0)),
        ("0.8 within 2 h 30 min", Limit(0.8, "time", 9000.0)),
        ("4 business hours", Limit(0.9, "time", 14400.0)),
        ("80% in 30 working minutes", Limit(0.8, "time", 1800.0)),
        ("1 business day", Limit(0.9, "days", 0.0, 1)),
        ("90% in 3 business days", Limit(0.9, "days", 0.0, 3)),
        ("same day", Limit(0.9, "same_day")),
        ("75% same day", Limit(0.75, "same_day")),
        ("75% in same day", Limit(0.75, "same_day")),
        ("100% in 1 h", Limit(1.0, "time", 3600.0)),
    ],
)
def test_limits(written: str, limit: Limit) -> None:
    assert read_limit(written) == limit
    assert read_limit(limit_text(limit)) == limit


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("0 min", "longer than zero"),
        ("-1 h", "negative"),
        ("0% in 1 h", "asks for nothing"),
        ("120% in 1 h", "outside 0% to 100%"),
        ("0 business days", "outside 1 to 400"),
        ("two business days", "is not a time limit"),
        ("next day", "is not a duration"),
        ("same week", "is not a time limit"),
        ("1.5 business days", "is not a time limit"),
        (900, "is not a time limit"),
    ],
)
def test_what_is_no_limit_is_refused(written: object, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        read_limit(written)


CALL = Attributes("calls", "phone", "S3", "billing", "small", frozenset())


@pytest.mark.parametrize(
    ("rule", "contact", "matches"),
    [
        (Rule(to="q"), CALL, True),
        (Rule(to="q", streams=("calls", "chats")), CALL, True),
        (Rule(to="q", streams=("chats",)), CALL, False),
        (Rule(to="q", channels=("phone",), severities=("S3",)), CALL, True),
        (Rule(to="q", channels=("phone",), severities=("S1",)), CALL, False),
        (Rule(to="q", severities=("S1",)), CALL._replace(severity=None), False),
        (Rule(to="q", causes=("billing",)), CALL._replace(cause=None), False),
        (Rule(to="q", tiers=("small",)), CALL._replace(tier=None), False),
        (Rule(to="q", flags=("pci", "fraud")), CALL, False),
        (Rule(to="q", flags=("pci", "fraud")), CALL._replace(flags=frozenset({"fraud"})), True),
        (Rule(to="q", vip=True), CALL, False),
        (Rule(to="q", vip=False), CALL, True),
        (Rule(to="q", vip=True), CALL._replace(vip=True), True),
    ],
)
def test_a_rule_matches_where_all_its_conditions_hold(rule: Rule, contact: Attributes, matches: bool) -> None:
    assert rule.matches(contact) is matches


def test_the_first_rule_that_matches_decides(scenario: Scenario) -> None:
    rules = scenario.routing
    bears = CALL._replace(flags=frozenset({"fraud"}))
    worst = bears._replace(severity="S1")
    vip = CALL._replace(tier="vip", vip=True)
    found = [first_match(rules, contact) for contact in (worst, bears, vip, CALL)]
    assert [rule and rule.to for rule in found] == ["critical", "risk", "vip", "billing"]
    assert first_match(rules, CALL._replace(stream="mails")) is None


def test_flag_and_flags_say_the_same(life: str, scenario: Scenario) -> None:
    assert loads(life.replace("flags: fraud, to: risk", "flag: [fraud], to: risk")) == scenario
    with pytest.raises(ScenarioError, match="says the same as flag"):
        loads(life.replace("flags: fraud, to: risk", "flag: fraud, flags: fraud, to: risk"))


def test_several_mistakes_are_told_at_once(life: str) -> None:
    mistakes = {
        "first_response: 95% in 15 min": "first_response: soon",
        "handle_time: 110%, severities": "handle_time: much, severities",
        "accounts: 200": "accounts: 0",
        "pci: compliance": "pci: complience",
        "accuracy: 85%": "accuracy: 185%",
        "  - {severity: S1, to: critical}": "  - {severty: S1, to: critical}",
        "handover: {warm: 3 min}": "handover: worm",
        "closes_after: 5 days": "closes_after: 5",
        "on: opened": "on: open",
        "starts: {every: 30 days}": "starts: {each: 30 days}",
    }
    for old, new in mistakes.items():
        assert old in life
        life = life.replace(old, new, 1)
    with pytest.raises(ScenarioError) as raised:
        loads(life)
    assert [problem.path for problem in raised.value.problems if problem.severity == "error"] == [
        "severities.S1.first_response",
        "causes.billing.handle_time",
        "tiers.vip.accounts",
        "flags.pci",
        "tagging.accuracy",
        "routing[0].severty",
        "paths.standard.tier2.handover",
        "closing.closes_after",
        "side_work.duty_manager.on",
        "incidents.checkout_down.starts",
    ]


def test_overrides_change_parts_of_it(life: str, scenario: Scenario) -> None:
    overrides = """overrides:
  mild:
    streams.calls.severities: {S3: 100%}
    severities.S1.update.every: {multiply: 2}
    paths.standard.first.then: {solved: 90%, tier2: 10%, reply: 0%}
    incidents.checkout_down.lasts: {multiply: 0.5}
    closing: {reopens: {share: 10%}}
    tagging.accuracy: 95%
"""
    mild = loads(life + overrides, overrides=["mild"])
    assert mild.streams["calls"].severities == {"S3": 1.0}
    assert mild.severities["S1"].update is not None
    assert mild.severities["S1"].update.every_s == 7200.0
    assert mild.paths["standard"].steps["first"].then == {"solved": 0.9, "tier2": 0.1, "reply": 0.0}
    assert mild.incidents["checkout_down"].lasts.mean_s == 2 * 3600.0
    assert mild.closing is not None
    assert scenario.closing is not None
    assert mild.closing.reopens is not None
    assert mild.closing.reopens.share == 0.1
    assert mild.closing.repeats == scenario.closing.repeats
    assert mild.tagging is not None
    assert mild.tagging.accuracy == 0.95


def test_an_override_of_a_part_that_is_not_there_is_told(life: str) -> None:
    with pytest.raises(ScenarioError, match="there is no severity 'S9'"):
        loads(life + "overrides: {x: {severities.S9.resolution: 1 h}}\n", overrides=["x"])


def test_python_may_give_numbers() -> None:
    step = {"queue": "q", "arrivals": {"rate": "1 per min"}, "handle_time": {"exponential": "1 min"}}
    scenario = from_dict(
        {
            "careloop": 1,
            "name": "x",
            "calendar": {"start": "2026-03-02", "days": 1},
            "severities": {"S1": {"first_response": "1 h"}},
            "streams": {"s": {**step, "severities": {"S1": 1}}},
            "queues": {"q": {"patience": {"exponential": "1 min"}}},
            "groups": {"g": {"skills": "q", "agents": 5}},
        }
    )
    assert scenario.streams["s"].severities == {"S1": 1.0}


def test_nothing_is_wrong_with_it(life: str, problems: Callable[[str], list[Problem]]) -> None:
    assert problems(life) == []


def test_overrides_of_files_below_are_merged_by_part(tmp_path: Path, life: str) -> None:
    """Overrides have the names of sections in them too: those are maps of parts, not mixes."""
    base = "overrides: {grow: {streams: {calls: {backlog: 3}}, causes: {billing: {handle_time: 2}}}}\n"
    more = "overrides: {grow: {streams: {chats: {backlog: 4}}, causes: {how_to: {handle_time: 3}}}}\n"
    (tmp_path / "base.yaml").write_text(life + base, encoding="utf-8")
    (tmp_path / "more.yaml").write_text("extends: base.yaml\n" + more, encoding="utf-8")
    grown = load(tmp_path / "more.yaml", ["grow"])
    assert [stream.backlog for stream in grown.streams.values()] == [3, 4]
    assert [cause.handle_time_factor for cause in grown.causes.values()] == [2.0, 3.0, 1.0]


def test_a_mix_replaces_another_as_a_whole(tmp_path: Path, life: str) -> None:
    (tmp_path / "base.yaml").write_text(life, encoding="utf-8")
    changes = "streams: {calls: {causes: {how_to: 100%}}}\n"
    changes += "paths: {standard: {first: {then: {tier2: 20%, reply: 80%}}}}\n"
    (tmp_path / "more.yaml").write_text("extends: base.yaml\n" + changes, encoding="utf-8")
    problems = open_scenario(tmp_path / "more.yaml").problems
    assert [(each.severity, each.path) for each in problems] == [
        ("error", "side_work.qa.causes"),  # nobody has the cause any more
        ("warning", "causes.billing"),
    ]


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("tagging.accuracy=60%", 0.6),
        ("severities.S1.update.every=30 min", 1800.0),
        ("routing[4].to=chat", "chat"),
        ("paths.standard.engineering.due=2 h", 7200.0),
        ("closing.reopens.share={multiply: 2}", 0.1),
        ("incidents.checkout_down.surge.calls={add: 6 per h}", 66.0),
    ],
)
def test_settings_reach_it(life: str, setting: str, value: object) -> None:
    (given,) = settings_of(setting)
    changed = loads(life, settings=[given])
    found = {
        "tagging": changed.tagging and changed.tagging.accuracy,
        "severities": changed.severities["S1"].update and changed.severities["S1"].update.every_s,
        "routing": changed.routing[4].to,
        "paths": changed.paths["standard"].steps["engineering"].due_s,
        "closing": changed.closing and changed.closing.reopens and changed.closing.reopens.share,
        "incidents": changed.incidents["checkout_down"].surge["calls"],
    }
    assert found[str(given.place[0])] == value
