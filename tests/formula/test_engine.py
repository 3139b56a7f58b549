"""The engine of formulas: what it says of whole scenarios, against exact solutions and hand-made sums."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import careloop
from scenarios import from_dict, loads
from scenarios.related import has_cases
from sim.erlang import Line, service_level, steady
from sim.experiment import run_scenario
from sim.formula import remarks_of, run_formula
from sim.formula.run import ENGINE
from tests.formula.scenarios import LINE, by_formula, changed, figure

CASES = {
    case["id"]: case
    for case in json.loads(
        (Path(__file__).parents[1] / "theory" / "exact_cases.json").read_text(encoding="utf-8")
    )
}
PATIENCE = ", patience: {exponential: 4 min}"


def exact(per_hour: float, agents: float) -> Line:
    return Line(per_hour, 180.0, agents, 240.0)


@pytest.mark.parametrize(
    "definition",
    [
        "answered_plus_abandoned_within", "answered_only", "offered", "exclude_abandoned_within",
        "short_abandon_credit", "exclude_short_abandons",
    ],
)  # fmt: skip
def test_a_plain_line_is_erlang_a_by_every_definition(definition: str) -> None:
    """The warm-up is what the load takes to build up."""
    result = by_formula(
        ("answered_plus_abandoned_within", definition), ("groups:", "run: {warm_up: 1 day}\ngroups:")
    )
    line = exact(120.0, 8.0)
    assert figure(result, "service_level") == pytest.approx(
        float(service_level(line, 20.0, definition)), rel=1e-9
    )
    assert figure(result, "asa") == pytest.approx(float(steady(line).asa_s), rel=1e-9)
    assert figure(result, "abandonment") == pytest.approx(float(steady(line).abandoned), rel=1e-9)
    assert figure(result, "occupancy", "team", "group") == pytest.approx(
        float(steady(line).occupancy), rel=1e-9
    )
    assert figure(result, "mean_queue") == pytest.approx(float(steady(line).queue), rel=1e-9)
    assert math.isnan(figure(result, "max_queue"))


def test_the_tables_are_those_of_a_simulation() -> None:
    result = by_formula()
    assert (result.engine, result.replications) == (ENGINE, 1)
    assert list(result.measures.columns) == list(result.intervals.columns)
    assert result.measures[["se", "low", "high"]].isna().all(axis=None)
    assert len(result.intervals[result.intervals.measure == "asa"].interval.unique()) == 96
    offered = result.intervals[(result.intervals.measure == "offered") & (result.intervals.scope == "queue")]
    assert offered["mean"].sum() == pytest.approx(2 * 48 * 60)
    assert figure(result, "people_cost", "all", "all") != 0


def test_waits_that_a_share_does_not_exceed() -> None:
    from sim.erlang import wait_quantile

    result = by_formula(("groups:", "run: {warm_up: 1 day}\ngroups:"))
    for measure, share in (("wait_p80", 0.8), ("wait_p95", 0.95)):
        wanted = float(wait_quantile(exact(120.0, 8.0), share))
        for name, scope in (("phone", "queue"), ("calls", "stream"), ("team", "group"), ("all", "all")):
            assert figure(result, measure, name, scope) == pytest.approx(wanted, rel=0.005)
    assert figure(result, "wait_p50") == 0.0


def test_intervals_count_by_their_contacts() -> None:
    """480 an hour and then 160 would go on for ever; the load needs a while to follow."""
    rate = 'by_interval: {daily: {"08:00-12:00": 480, "12:00-16:00": 160}}'
    result = by_formula(("rate: 60 per 30 min", rate))
    lost = (
        480 * float(steady(exact(120.0, 8.0)).abandoned) + 160 * float(steady(exact(40.0, 8.0)).abandoned)
    ) / 640
    assert figure(result, "abandonment") == pytest.approx(lost, rel=0.05)


@pytest.mark.parametrize(
    "agents",
    [
        'agents: {"08:00-10:15": 8, "10:15-12:00": 9}',
        'shifts: [{agents: 8, hours: "08:00-12:00"}, {agents: 1, hours: "10:15-12:00"}]',
    ],
)
def test_people_who_come_within_an_interval_count_from_then_on(agents: str) -> None:
    few, many = (float(steady(exact(120.0, n)).abandoned) for n in (8.0, 9.0))
    result = by_formula(
        ("agents: 8", agents), ("phone: {", "phone: {hours: desk, "), ("rate: 60", "rate: 60")
    )
    inside = result.intervals[
        (result.intervals.measure == "abandonment") & (result.intervals.scope == "queue")
    ].set_index("interval")["mean"]
    assert inside["2026-03-02T09:30:00+00:00"] == pytest.approx(few, rel=1e-3)
    assert inside["2026-03-02T10:00:00+00:00"] == pytest.approx((few + many) / 2, rel=1e-3)
    assert inside["2026-03-02T11:00:00+00:00"] == pytest.approx(many, rel=1e-3)
    assert figure(result, "closed") == pytest.approx(2 * 40 * 60)


def test_a_night_shift_works_on_the_next_morning_and_on_the_first() -> None:
    night = 'shifts: [{agents: 8, hours: "20:00-08:00"}, {agents: 8, hours: "08:00-20:00"}]'
    full, plain = by_formula(("agents: 8", night)), by_formula()
    assert figure(full, "abandonment") == pytest.approx(figure(plain, "abandonment"), rel=1e-12)


def test_fast_people_need_less_time_each() -> None:
    result = by_formula(("agents: 8", "agents: 8, speed: 2"), ("groups:", "run: {warm_up: 1 day}\ngroups:"))
    wanted = float(steady(Line(120.0, 90.0, 8.0, 240.0)).abandoned)
    assert figure(result, "abandonment") == pytest.approx(wanted, rel=1e-9)


def test_overload_without_patience_has_no_speed_of_answer() -> None:
    result = by_formula(("agents: 8", "agents: 5"), (PATIENCE, ""))
    assert math.isnan(figure(result, "asa"))
    assert figure(result, "service_level") < 0.05
    assert not np.isinf(result.measures["mean"]).any()
    assert not np.isinf(result.samples["above"]).any()


def test_deflection_multiplies_what_comes() -> None:
    fewer = by_formula(("rate: 60 per 30 min}", "rate: 60 per 30 min, multiply: 0.8}"))
    same = by_formula(("rate: 60 per 30 min", "rate: 48 per 30 min"))
    assert figure(fewer, "service_level") == pytest.approx(figure(same, "service_level"), rel=1e-12)


def test_a_day_that_differs_differs() -> None:
    result = by_formula(("rate: 60 per 30 min}", "rate: 60 per 30 min, special_days: {2026-03-03: 150%}}"))
    days = result.days
    assert days is not None
    level = days[(days.measure == "service_level") & (days.scope == "queue")].set_index("interval")["mean"]
    assert level["2026-03-02"] > 0.8 > level["2026-03-03"] + 0.2


CALL_CENTRE = {
    "careloop": 1,
    "name": "A day with balking",
    "service_level": "answered_plus_abandoned_within",
    "calendar": {
        "start": "2026-03-02",
        "days": 1,
        "interval": "60 min",
        "hours": {"desk": {"daily": "08:00-21:00"}},
    },
    "groups": {"team": {"skills": ["phone"]}},
}


def call_centre(case: dict[str, Any], busyness: float, cv: float) -> careloop.Scenario:
    """Thirteen hours of calls; the mean busyness and how it varies (a gamma factor for the day)."""
    params = case["params"]
    hours = [f"{8 + n:02d}:00-{9 + n:02d}:00" for n in range(13)]
    arrivals: dict[str, Any] = {
        "by_interval": {
            "daily": dict(zip(hours, (r * busyness for r in params["arrival_rate_per_hour"]), strict=True))
        }
    }
    if cv:
        arrivals["busyness"] = {"day": {"cv": cv}}
    queue = {
        "hours": "desk",
        "target": f"80% in {params['threshold_s']} s",
        "patience": {"exponential": f"{params['patience_mean_s']} s", "balk": params["balk_prob_if_delayed"]},
    }
    team = {"skills": ["phone"], "agents": {"daily": dict(zip(hours, params["staff"], strict=True))}}
    return from_dict(
        {
            **CALL_CENTRE,
            "streams": {
                "calls": {
                    "queue": "phone",
                    "arrivals": arrivals,
                    "handle_time": {"exponential": f"{params['service_mean_s']} s"},
                }
            },
            "queues": {"phone": queue},
            "groups": {"team": team},
        }
    )


@pytest.mark.parametrize(("name", "busyness"), [("cc-CallCC-B0.7", 0.7), ("cc-CallCC-B1", 1.0)])
def test_a_day_with_changing_rates_and_balking_is_near_the_exact_one(name: str, busyness: float) -> None:
    """Within half a point of the transient solution, although people come and go each hour."""
    case = CASES[name]
    result = run_formula(call_centre(case, busyness, 0.0))
    wanted = case["outputs"]
    per_usual = figure(result, "offered") / 1660.0
    level = figure(result, "service_level") * per_usual
    assert level == pytest.approx(wanted["fraction_within_T_over_1660"], abs=0.005)
    lost = figure(result, "abandonment") * per_usual
    assert lost == pytest.approx(wanted["fraction_lost_over_1660"], abs=0.002)


def test_a_busyness_of_days_is_averaged_over_its_gamma_law() -> None:
    """Gamma(10, 10) on all rates: without it the service level would be 7 points higher."""
    case = CASES["cc-CallCC"]
    result = run_formula(call_centre(case, 1.0, math.sqrt(0.1)))
    assert figure(result, "service_level") == pytest.approx(case["outputs"]["fraction_within_T"], abs=0.008)
    assert figure(result, "abandonment") == pytest.approx(case["outputs"]["fraction_lost"], abs=0.003)


@pytest.mark.parametrize("name", ["redial-ab-0", "redial-ab-2"])
def test_who_tries_again_is_near_the_exact_chain(name: str) -> None:
    """Erlang X: retries as fresh contacts. The exact chain has them come back sooner than by chance."""
    case = CASES[name]
    p, wanted = case["params"], case["outputs"]
    unit_s = 300.0
    result = by_formula(
        ("days: 2", "days: 4"),
        ("rate: 60 per 30 min", f"rate: {p['arrival_rate'] * 86_400 / unit_s} per day"),
        ("exponential: 3 min", f"exponential: {unit_s} s"),
        (
            PATIENCE,
            f", patience: {{exponential: {unit_s / p['patience_rate']} s}}, "
            f"retry: {{share: {p['redial_prob']}, after: {{exponential: {unit_s / p['redial_rate']} s}}}}",
        ),
        ("agents: 8", f"agents: {p['agents']}"),
        ("groups:", "run: {warm_up: 2 days}\ngroups:"),
    )
    attempts = figure(result, "offered") / (2 * 86_400 / unit_s)
    assert attempts == pytest.approx(wanted["total_attempt_rate"], rel=0.01)
    assert figure(result, "abandonment") == pytest.approx(wanted["prob_abandon_per_attempt"], abs=0.012)


def test_no_more_retries_than_are_allowed() -> None:
    retry = "retry: {share: 100%, after: {exponential: 5 min}"
    pairs = (("agents: 8", "agents: 6"), (PATIENCE, f"{PATIENCE}, {retry}}}"))
    for_ever = by_formula(*pairs)
    twice = by_formula(*pairs[:1], (PATIENCE, f"{PATIENCE}, {retry}, attempts: 2}}"))
    never = by_formula(pairs[0])
    assert figure(never, "retried") == 0.0
    assert figure(for_ever, "retried") > figure(twice, "retried") > 0.0
    first = figure(twice, "offered") - figure(twice, "retried")
    share = figure(twice, "abandonment")
    assert figure(twice, "retried") / first == pytest.approx(share + share**2, rel=0.02)


TWO = LINE.replace(
    "queues:\n",
    "  mails: {queue: mail, arrivals: {rate: 6 per 30 min}, handle_time: {exponential: 7 min}}\nqueues:\n",
)


def with_mail(mail: str, skills: str = "[phone, mail]") -> careloop.Scenario:
    return changed(
        ("groups:", f"  mail: {{{mail}}}\ngroups:"), ("skills: [phone]", f"skills: {skills}"), text=TWO
    )


def test_work_that_is_interrupted_leaves_the_first_queue_alone() -> None:
    alone = by_formula()
    both = run_formula(with_mail("channel: email, priority: low, interruptible: yes"))
    for measure in ("service_level", "asa", "abandonment"):
        assert figure(both, measure) == figure(alone, measure)
    busy = (120 * 180 * (1 - figure(alone, "abandonment")) + 12 * 420) / 3600 / 8
    assert figure(both, "occupancy", "team", "group") == pytest.approx(busy, rel=0.01)


def test_two_queues_taken_by_the_longest_wait_are_one_line() -> None:
    both = run_formula(with_mail("patience: {exponential: 4 min}", "[[phone, mail]]"))
    pooled = float(steady(Line(132.0, (120 * 180 + 12 * 420) / 132, 8.0, 240.0)).abandoned)
    for queue in ("phone", "mail"):
        assert figure(both, "abandonment", queue) == pytest.approx(pooled, rel=0.02)


def test_held_work_waits_until_opening_and_is_done_then() -> None:
    """Ten an hour all day; from 8 to 12 one person can do 60 an hour: 80 have come by 8 o'clock."""
    text = LINE.replace("rate: 60 per 30 min", "rate: 5 per 30 min").replace(
        "exponential: 3 min", "exponential: 1 min"
    )
    text = text.replace(
        "phone: {target: 80% in 20 s, patience: {exponential: 4 min}}",
        "phone: {channel: email, hours: desk, at_closing: hold, target: 80% in 4 h}",
    )
    result = by_formula(("agents: 8", "agents: 1, hours: desk"), text=text)
    assert figure(result, "handled") == pytest.approx(360.0)
    assert figure(result, "open_at_end") == pytest.approx(120.0)  # who come after 12 o'clock on the last day
    assert figure(result, "service_level") < 0.8
    first_day = result.intervals[
        (result.intervals.measure == "mean_queue") & (result.intervals.scope == "queue")
    ]
    waiting = first_day.set_index("interval")["mean"]
    assert waiting["2026-03-02T07:30:00+00:00"] == pytest.approx(77.5)
    assert waiting["2026-03-02T08:00:00+00:00"] == pytest.approx(80 - 12.5)
    # Who comes at 07:00 is the 70th of those to be done from 8 o'clock on, one a minute: 2 h 10 min later.
    asa = result.intervals[(result.intervals.measure == "asa") & (result.intervals.scope == "queue")]
    assert asa.set_index("interval")["mean"]["2026-03-02T07:00:00+00:00"] == pytest.approx(
        3600 - 900 + 72.5 * 60, rel=1e-6
    )


def test_a_backlog_at_the_start_is_worked_off() -> None:
    held = changed(
        (
            "phone: {target: 80% in 20 s, patience: {exponential: 4 min}}",
            "phone: {channel: email, target: 80% in 1 h}",
        ),
        ("handle_time: {", "backlog: 600, handle_time: {"),
    )
    result = run_formula(held)
    assert figure(result, "backlog_at_start") == 600.0
    assert figure(result, "handled") == pytest.approx(600 + 2 * 48 * 60)


def test_what_is_passed_on_comes_to_the_other_queue() -> None:
    scenario = careloop.load("scenarios/library/two_skills_overflow.yaml")
    result = run_formula(scenario)
    passed = sum(figure(result, "overflowed", queue) for queue in ("service", "sales"))
    assert passed > 100
    assert figure(result, "offered", "backup") == pytest.approx(passed)
    streams = figure(result, "offered", "service") + figure(result, "offered", "sales")
    assert figure(result, "offered", "all", "all") == pytest.approx(streams)
    assert math.isnan(figure(result, "asa", "service_calls", "stream"))
    assert math.isnan(figure(result, "asa", "all", "all"))


def test_what_comes_is_answered_lost_or_passed_on() -> None:
    for path in sorted(Path("scenarios/library").glob("*.yaml")):
        if has_cases(careloop.load(path)):
            continue
        result = run_formula(careloop.load(path))
        for queue in result.scenario.queues:
            parts = ("handled", "abandoned", "blocked", "closed", "overflowed", "open_at_end")
            offered = figure(result, "offered", queue)
            assert sum(figure(result, part, queue) for part in parts) == pytest.approx(offered, rel=1e-6), (
                path
            )


def test_targets_are_judged_by_what_is_to_be_expected() -> None:
    goals = "targets:\n  - phone wait p90 <= 40 s each day\n  - phone max queue <= 9 each day\ngroups:"
    result = by_formula(("groups:", goals))
    table = result.attainment.set_index("measure")
    assert dict(table["attained"].dropna()) == {"service_level": 1.0, "wait_p90": 1.0}
    assert table["pairs"].to_dict() == {"service_level": 1, "wait_p90": 2, "max_queue": 0}


def test_the_clocks_change_and_nothing_is_lost() -> None:
    scenario = changed(("start: 2026-03-02", "start: 2026-03-28, time_zone: Europe/Amsterdam"))
    assert figure(run_formula(scenario), "offered") == pytest.approx(47 * 120)


@pytest.mark.parametrize("agents", [8, 9, 11])
def test_who_goes_first_is_near_the_exact_chain(agents: int) -> None:
    """One handle time: the first within half a point, the second within a point, its service level two."""
    from sim.erlang.impatient_priority import Class, impatient_priority

    other = "{queue: other, arrivals: {rate: 30 per 30 min}, handle_time: {exponential: 3 min}}"
    result = by_formula(
        ("queues:\n", f"  others: {other}\nqueues:\n  other: {{target: 80% in 20 s{PATIENCE}}}\n"),
        ("[phone]", "[phone, other]"),
        ("agents: 8", f"agents: {agents}"),
        ("groups:", "run: {warm_up: 1 day}\ngroups:"),
    )
    wanted = impatient_priority(Class(120.0, 240.0), Class(60.0, 240.0), 180.0, agents)
    within = np.sum(wanted.within(20.0), axis=0)
    for queue, n, apart in (("phone", 0, 0.005), ("other", 1, 0.012)):
        assert figure(result, "delayed", queue) == pytest.approx(wanted.delayed, abs=0.003)
        assert figure(result, "abandonment", queue) == pytest.approx(wanted.abandoned[n], abs=apart)
        assert figure(result, "service_level", queue) == pytest.approx(within[n], abs=2 * apart)


MAIL_AT_DESK = """
careloop: 1
name: Mail
service_level: offered
calendar: {start: 2026-03-02, days: 28, hours: {desk: {mon-fri: "08:00-18:00"}}}
streams: {mails: {queue: mail, arrivals: {rate: 20 per hour}, handle_time: {exponential: 8 min}}}
queues: {mail: {channel: email, hours: desk, at_closing: hold, target: 80% in 8 h}}
groups: {team: {skills: [mail], agents: 4, hours: desk}}
run: {replications: 8, seed: 3}
"""


@pytest.mark.parametrize("hours", ["hours: desk", "hours: always"])
def test_what_nobody_does_before_the_end_is_open(hours: str) -> None:
    """After the horizon those go on who are at work when it ends: by day nobody, round the clock all."""
    text = MAIL_AT_DESK.replace("agents: 4, hours: desk", f"agents: 4, {hours}").replace(
        "20 per hour", "28 per hour"
    )
    text = text.replace("mail: {channel: email, hours: desk", f"mail: {{channel: email, {hours}")
    formula, simulated = run_formula(loads(text)), run_scenario(loads(text))
    for measure in ("handled", "open_at_end", "service_level"):
        wanted = figure(simulated, measure, "mail")
        assert figure(formula, measure, "mail") == pytest.approx(wanted, rel=0.05, abs=0.03), measure
    assert (figure(formula, "open_at_end", "mail") > 1000.0) == (hours == "hours: desk")


def test_where_nobody_is_ever_there_and_nobody_gives_up_all_wait() -> None:
    result = by_formula(("agents: 8", "agents: 0"), (", patience: {exponential: 4 min}", ""))
    offered = figure(result, "offered")
    assert figure(result, "open_at_end") == pytest.approx(offered)
    assert figure(result, "handled") == 0.0
    assert offered > 0.0


def test_a_stream_counts_its_own_contacts_where_others_are_passed_on_to_them() -> None:
    text = LINE.replace("phone: {", "phone: {overflow: {to: backup, after: 10 s}, ").replace(
        "queues:\n",
        "  own: {queue: backup, arrivals: {rate: 5 per 30 min}, handle_time: {exponential: 5 min}}\n"
        "queues:\n  backup: {patience: {exponential: 4 min}}\n",
    )
    text = text.replace("groups:\n", "groups:\n  helpers: {skills: [backup], agents: 2}\n")
    result = run_formula(loads(text))
    own, passed = figure(result, "offered", "own", "stream"), figure(result, "overflowed")
    assert own == pytest.approx(5 * 48 * 2)
    assert figure(result, "offered", "backup") == pytest.approx(own + passed)
    assert passed > 10.0
    assert math.isnan(figure(result, "abandonment", "own", "stream"))
    told = next(each for each in remarks_of(loads(text)) if each.queue == "backup")
    assert any(each.startswith("its streams") for each in told.missing)
