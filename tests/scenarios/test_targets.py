"""The lines of `targets`: what is read, what is refused with which words, and what reads back."""

import random
from collections.abc import Callable
from itertools import combinations

import pytest

from scenarios import Problem, loads, resolved
from scenarios.case_definitions import CASE_MEASURES, CASE_QUANTILES
from scenarios.definitions import MEASURES, MONEY, QUANTILES
from scenarios.targets import SUBJECTS, Goal, goals_of
from tests.scenarios.fuzz_mutations import mutated_text
from tests.scenarios.test_fuzz import read_or_refused

Look = Callable[[str], list[Problem]]

READ = [
    ("phone service level >= 80%", Goal("service_level", "queue", "phone", ">=", 0.8, "share")),
    (
        "phone SL at least 82.5% each day, with 90% probability",
        Goal("service_level", "queue", "phone", ">=", 0.825, "share", "day", 0.9),
    ),
    ("calls service level ≥ 80%", Goal("service_level", "stream", "calls", ">=", 0.8, "share")),
    ("mail wait p90 <= 1 min every day", Goal("wait_p90", "queue", "mail", "<=", 60.0, "s", "day")),
    ("mail p90 wait <= 60 s per month", Goal("wait_p90", "queue", "mail", "<=", 60.0, "s", "month")),
    (
        "phone abandonment <= 5% over the horizon",
        Goal("abandonment", "queue", "phone", "<=", 0.05, "share", "horizon"),
    ),
    (
        "generalists occupancy <= 88% each month with 95% probability",
        Goal("occupancy", "group", "generalists", "<=", 0.88, "share", "month", 0.95),
    ),
    ("ASA <= 30 s", Goal("asa", "all", "all", "<=", 30.0, "s")),
    ("average  speed of answer <= 30 s", Goal("asa", "all", "all", "<=", 30.0, "s")),
    ("stream calls handled >= 1,000", Goal("handled", "stream", "calls", ">=", 1000.0, "contacts")),
    ("phone largest queue no more than 8", Goal("max_queue", "queue", "phone", "<=", 8.0, "contacts")),
    ("chatters time idle <= 90 min", Goal("time_idle", "group", "chatters", "<=", 1.5, "h")),
    ("AHT >= 5 min", Goal("aht", "all", "all", ">=", 300.0, "s")),
]

REFUSED = [
    ("5", "5 is not a target; write a line such as"),
    ("phone ASA 20 s", "has no comparison"),
    ("1 s <= phone ASA <= 20 s", "more than one comparison"),
    ("phone ASA < 20 s", "'<' is not a comparison of a target; write >= (at least) or <= (at most)"),
    ("phone ASA = 20 s", "'=' is not a comparison"),
    ("phon SL >= 80%", "no queue, group or stream 'phon'; did you mean 'phone'?"),
    ("occupnacy <= 80%", "'occupnacy' is not a measure; did you mean 'occupancy'? All are in README.md"),
    ("phone joy >= 80%", "'joy' is not a measure; allowed: service level, ASA"),
    (
        "phone cost per resolution <= $4",
        "cost per resolution is not measured in this version; the nearest is cost per contact",
    ),
    ("phone escalation <= 5%", "escalation is not measured in this version; the nearest is escalation rate"),
    ("cost per contact <= $4", "cost per contact is measured of cases, and this file has none"),
    ("mail resolution time <= 2 days", "time to resolution is measured of cases, and this file has none"),
    ("calls first response p90 <= 4 h", "first response p90 is measured of cases, and this file has none"),
    ("phone CSAT >= 80%", "CSAT is measured of cases, and this file has none; say what becomes of contacts"),
    ("phone occupancy <= 80%", "not measured of queue 'phone', but of groups: generalists, chatters, nights"),
    (
        "nights abandonment <= 5%",
        "not measured of group 'nights', but of queues: phone, backup, mail; streams",
    ),
    ("largest queue <= 5", "not measured of all together, but of queues: phone, backup, mail"),
    ("phone SL >= 20 s", "service level takes a value such as 80%: '20 s' is not a share"),
    ("phone SL >= 80", "for 80 percent write '80%'"),
    ("phone ASA <= 20", "ASA takes a value such as 30 s: '20' is not a duration"),
    ("phone ASA <= 20%", "ASA takes a value such as 30 s"),
    ("phone offered >= 20 s", "offered takes a value such as 25: '20 s' is not a plain number"),
    ("phone SL <= 80%", "service level is to be reached; write >="),
    ("phone ASA >= 20 s", "ASA is to be kept low; write <="),
    ("abandonment <= 100%", "always holds: abandonment <= 1"),
    ("phone offered >= 0", "always holds: offered >= 0"),
    ("mail SL >= 80%", "queue 'mail' has no time within which to answer; give it one"),
    ("SL >= 80%", "queue 'mail' has no time within which to answer"),
    ("people cost <= $600,000", "group 'nights' has no pay, so there is no people cost"),
    ("phone people cost <= $600,000", "people cost is not measured of queue 'phone', but of groups"),
    ("phone SL >= 80% each hour", "'hour' is not a period of a target"),
    ("phone SL >= 80% each weak", "did you mean 'week'?"),
    ("phone SL >= 80% over the year", "'year' is not a period of a target"),
    ("phone SL >= 80% with 100% probability", "'100%' is no probability that chance could reach"),
    ("phone SL >= 80% with 90 probability", "for 90 percent write '90%'"),
    ("phone ASA <= 20 s with probability 90%", "write the probability last"),
]


CASES = """\
severities:
  S1: {resolution: 90% in 4 h}
  S3: {first_response: 4 h}
causes: {billing: {avoidable: yes}}
tiers: {small: {accounts: 9, arr: $9}}
paths: {std: {first: {then: {solved: 50%, second look: 50%}}, second look: {}}}
outcomes: {response: 30%}
incidents:
  outage:
    cause: billing
    starts: {every: 30 days}
    lasts: {exponential: 4 h}
    surge: {calls: 60 per h}
    detection: {contacts: 10, within: 30 min}
    mitigation: {exponential: 1 h}
"""
LIFE = (
    ("\ngroups:\n", f"\n{CASES}groups:\n"),
    ("  calls:\n", "  calls:\n    self_service: {deflects: 10%}\n"),
)

READ_OF_CASES = [
    ("CSAT >= 90%", Goal("csat", "all", "all", ">=", 0.9, "share")),
    ("small customer satisfaction >= 90%", Goal("csat", "tier", "small", ">=", 0.9, "share")),
    ("NPS >= +50 each month", Goal("nps", "all", "all", ">=", 50.0, "points", "month")),
    ("NPS >= -10.5 points", Goal("nps", "all", "all", ">=", -10.5, "points")),
    (
        "severity S1 resolution attainment >= 90%",
        Goal("resolution_attainment", "severity", "S1", ">=", 0.9, "share"),
    ),
    ("S1 time to resolution p90 <= 4 h", Goal("ttr_p90", "severity", "S1", "<=", 14400.0, "s")),
    ("first response p90 <= 60 s each day", Goal("frt_p90", "all", "all", "<=", 60.0, "s", "day")),
    (
        "root cause billing reopen rate <= 5%",
        Goal("reopen_rate", "root_cause", "billing", "<=", 0.05, "share"),
    ),
    ("cause billing reopened <= 5%", Goal("reopen_rate", "root_cause", "billing", "<=", 0.05, "share")),
    ("billing backlog <= 9", Goal("backlog", "root_cause", "billing", "<=", 9.0, "cases")),
    ("calls backlog age <= 2 days", Goal("backlog_age", "stream", "calls", "<=", 172800.0, "s")),
    ("phone FCR >= 70%", Goal("fcr", "channel", "phone", ">=", 0.7, "share")),
    ("second look work time <= 90 min", Goal("work_time", "work", "second look", "<=", 1.5, "h")),
    ("updates on time >= 90%", Goal("work_on_time", "work", "updates", ">=", 0.9, "share")),
    ("case_contacts <= 5000", Goal("case_contacts", "all", "all", "<=", 5000.0, "contacts")),
    ("phone service_level >= 80%", Goal("service_level", "queue", "phone", ">=", 0.8, "share")),
    ("response rate >= 20%", Goal("response_rate", "all", "all", ">=", 0.2, "share")),
    ("deflection >= 20%", Goal("deflection", "all", "all", ">=", 0.2, "share")),
    ("outage time to mitigation <= 2 h", Goal("time_to_mitigation", "incident", "outage", "<=", 7200.0, "s")),
    ("incidents detected >= 90%", Goal("incidents_detected", "all", "all", ">=", 0.9, "share")),
]

REFUSED_OF_CASES = [
    ("S2 CSAT >= 80%", "there is no stream, channel, severity, root cause or tier 'S2'"),
    ("second lok on time >= 80%", "there is no kind of work 'second lok'; did you mean 'second look'?"),
    ("mail CSAT >= 80%", "CSAT is not measured of queue 'mail', but of streams: calls, mails; channels: "),
    ("S1 abandonment <= 5%", "abandonment is not measured of severity 'S1', but of queues: phone"),
    ("S1 deflection >= 5%", "deflection is not measured of severity 'S1', but of streams: calls, mails"),
    ("NPS >= 50%", "NPS takes a value such as +50: '50%' is not a number of points from -100 to +100"),
    ("NPS >= 150", "'150' is outside -100 to +100"),
    ("NPS >= -100", "always holds: NPS >= -100"),
    ("CSAT <= 80%", "CSAT is to be reached; write >="),
    ("backlog >= 80", "backlog is to be kept low; write <="),
    ("S3 resolution attainment >= 80%", "severity 'S3' has no 'resolution', so there is no resolution att"),
    ("updates owed <= 8", "no severity has 'update', so there is no updates owed; write 'update: {every"),
]


def with_targets(valid: str, *lines: str) -> str:
    return valid + "targets:\n" + "".join(f"  - {line}\n" for line in lines)


@pytest.mark.parametrize(("line", "goal"), READ)
def test_lines_are_read_and_read_back(valid: str, line: str, goal: Goal) -> None:
    scenario = loads(with_targets(valid, line))
    assert scenario.targets == (goal,)
    assert loads(resolved(scenario)) == scenario


@pytest.mark.parametrize(("line", "words"), REFUSED)
def test_what_cannot_be_meant_is_refused_at_its_line(
    valid: str, problems: Look, line: str, words: str
) -> None:
    (told,) = problems(with_targets(valid, "ASA <= 30 s", line))
    assert (told.severity, told.path) == ("error", "targets[1]")
    assert told.line == valid.count("\n") + 3
    assert words in told.message


def with_cases(valid: str) -> str:
    for old, new in LIFE:
        assert old in valid
        valid = valid.replace(old, new)
    return valid


@pytest.mark.parametrize(("line", "goal"), READ_OF_CASES)
def test_lines_about_cases_are_read_and_read_back(valid: str, line: str, goal: Goal) -> None:
    scenario = loads(with_targets(with_cases(valid), line))
    assert scenario.targets == (goal,)
    assert loads(resolved(scenario)) == scenario


@pytest.mark.parametrize(("line", "words"), REFUSED_OF_CASES)
def test_lines_about_cases_that_are_refused(valid: str, problems: Look, line: str, words: str) -> None:
    told = [each for each in problems(with_targets(with_cases(valid), line)) if each.severity == "error"]
    assert [each.path for each in told] == ["targets[0]"]
    assert words in told[0].message


@pytest.mark.parametrize(
    ("without", "line", "words"),
    [
        ("outcomes: {response: 30%}\n", "CSAT >= 80%", "nobody is asked, so there is no CSAT; add 'outcomes"),
        ("    self_service: {deflects: 10%}\n", "deflection >= 9%", "no stream has self-service"),
        ("    self_service: {deflects: 10%}\n", "bounced <= 9%", "bounced is of self-service, and no stream"),
    ],
)
def test_what_would_never_have_a_figure(
    valid: str, problems: Look, without: str, line: str, words: str
) -> None:
    text = with_targets(with_cases(valid), line)
    assert without in text
    (told,) = [each for each in problems(text.replace(without, "")) if each.severity == "error"]
    assert words in told.message


@pytest.mark.parametrize("written", ["targets: phone SL >= 80%", "targets: {a: b}", "targets: []"])
def test_targets_are_a_list(valid: str, problems: Look, written: str) -> None:
    (told,) = problems(f"{valid}{written}\n")
    assert told.path == "targets"
    assert "is not a list of targets" in told.message


def test_all_mistakes_are_told_at_once(valid: str, problems: Look) -> None:
    told = problems(with_targets(valid, "phon SL >= 80%", "phone SL >= 20 s", "phone SL >= 80%"))
    assert [each.path for each in told] == ["targets[0]", "targets[1]"]


def test_the_same_target_twice_is_an_error(valid: str, problems: Look) -> None:
    (told,) = problems(with_targets(valid, "ASA <= 30 s", "ASA <= 0.5 min each week with 80% probability"))
    assert told.path == "targets[1]"
    assert "says the same as targets[0]" in told.message


def test_pay_in_another_currency(valid: str, problems: Look) -> None:
    paid = valid.replace("    skills: [mail]\n    shifts", "    skills: [mail]\n    pay: $20/h\n    shifts")
    assert problems(with_targets(paid, "people cost <= $600,000 over the horizon")) == []
    (told,) = problems(with_targets(paid, "generalists people cost <= 5000 EUR"))
    assert "is in EUR, and the pay in USD" in told.message
    (told,) = problems(with_targets(paid, "people cost <= 600000"))
    assert "people cost takes a value such as $600,000: '600000' is not money" in told.message


def test_a_queues_own_target_takes_a_tail_and_counts_as_a_target(valid: str) -> None:
    tail = valid.replace("80% in 20 s", "80% in 20 s each day, with 95% probability")
    scenario = loads(tail)
    assert scenario.queues["phone"].target == (0.8, 20.0, "day", 0.95)
    own = Goal("service_level", "queue", "phone", ">=", 0.8, "share", "day", 0.95)
    assert goals_of(scenario) == (own,)
    assert loads(resolved(scenario)) == scenario


def test_a_queues_own_target_said_once_more_counts_once(valid: str) -> None:
    scenario = loads(with_targets(valid, "phone service level >= 80%", "phone service level >= 85%"))
    assert [goal.value for goal in goals_of(scenario)] == [0.8, 0.85]


def test_names_that_look_like_words_of_a_target(valid: str) -> None:
    """Names may hold spaces and words of measures; whose it is can be said before the name."""
    text = valid.replace("phone:", "average:").replace("queue: phone", "queue: average")
    text = text.replace("[phone,", "[average,").replace("backup", "queue average")
    lines = ("queue average speed of answer <= 9 s", "average ASA <= 9 s", "queue queue average ASA <= 9 s")
    scenario = loads(with_targets(text, *lines[1:]))
    assert [goal.name for goal in scenario.targets] == ["average", "queue average"]
    assert loads(resolved(scenario)) == scenario
    assert loads(with_targets(text, lines[0])).targets[0][:3] == ("asa", "queue", "average")


CHANGING = """
owners: {product: {capacity: 40 h/week}}
roadmap: {levers: {macros: {owner: product, due: 2026-01-06, moves: {handle_time: -5%}}}}
"""


def test_every_measure_can_be_a_target(valid: str) -> None:
    """Each by its first word, at each scope that has it, written and read back."""
    text = valid.replace("    skills: [mail]\n    shifts", "    skills: [mail]\n    pay: $20/h\n    shifts")
    text = with_cases(text).replace(
        "{first_response: 4 h}",
        "{first_response: 4 h, update: {every: 3 days, queue: mail, handle_time: {exponential: 5 min}}}",
    )
    text += CHANGING
    names = {"all": "", "queue": "queue phone ", "group": "group nights ", "stream": "stream calls "}
    names |= {
        "channel": "channel phone ",
        "severity": "S1 ",
        "root_cause": "root_cause billing ",
        "tier": "small ",
    }
    names |= {"work": "work triage ", "incident": "incident outage "}
    values = {"share": "50%", "s": "9 s", "h": "2 h", MONEY: "$9"}
    of_contacts = {*MEASURES, *QUANTILES, "service_level", "max_queue", "people_cost"}
    assert set(SUBJECTS) == {*of_contacts, *CASE_MEASURES, *CASE_QUANTILES}
    lines = {}
    for measure, subject in SUBJECTS.items():
        for scope in subject.scopes:
            if (measure, scope) == ("service_level", "all"):
                continue  # the queues of this file have not all a time to answer within
            if scope == "severity" and measure.startswith(("first_response", "update")):
                continue  # S1 promises neither
            value = values.get(subject.unit, "9")
            words = f"{names[scope]}{subject.words[0]} {subject.comparisons[0]} {value}"
            lines[measure, scope] = words
    scenario = loads(with_targets(text, *lines.values()))
    assert [goal[:2] for goal in scenario.targets] == list(lines)
    assert loads(resolved(scenario)) == scenario


def test_no_word_means_two_measures() -> None:
    words = [{word.lower() for word in subject.words} for subject in SUBJECTS.values()]
    assert all(not one & other for one, other in combinations(words, 2))


def test_how_a_measure_is_written_ends_in_no_other_word() -> None:
    """Else a name before it might be cut at another place."""
    every = {word.lower() for subject in SUBJECTS.values() for word in subject.words}
    for subject in SUBJECTS.values():
        parts = subject.words[0].lower().split()
        assert not {" ".join(parts[n:]) for n in range(1, len(parts))} & every


REACH = """\
careloop: 1
name: x
service_level: offered
calendar: {start: 2026-03-02, days: 14, hours: {desk: {mon-fri: "08:00-18:00"}}}
streams:
  calls: {queue: q, arrivals: {rate: 60 per h, hours: desk}, handle_time: {exponential: 6 min}}
queues:
  q: {hours: desk, target: 80% in 20 s, patience: {exponential: 3 min}}
groups:
  g: {skills: [q], agents: 3, hours: desk}
"""


def reach(problems: Look, old: str, new: str) -> list[str]:
    """Where a changed scenario is told to be out of reach."""
    assert old in REACH
    return [p.path for p in problems(REACH.replace(old, new)) if "out of reach" in p.message]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("agents: 3", "agents: 6"),  # just enough
        ("agents: 3", "agents: 4"),  # not enough, but chance might do it
        ("service_level: offered", "service_level: answered_plus_abandoned_within"),  # who leaves is served
        ("80% in 20 s", "80% in 2 h"),
        ("80% in 20 s", "40% in 20 s"),
        ("80% in 20 s", "80% in 20 s, with 30% probability"),
        ("hours: desk}, handle", "hours: desk, busyness: {day: {cv: 0.5}}}, handle"),
        ("target: 80%", "capacity: 3, target: 80%"),
        ("rate: 60", "rate: 4"),
        ("patience:", "interruptible: true, patience:"),
    ],
)
def test_what_chance_might_reach_is_not_warned_of(problems: Look, old: str, new: str) -> None:
    assert reach(problems, old, new) == []


def test_a_service_level_out_of_reach(problems: Look) -> None:
    """Half of the work can be done: 80 % might hold in 66 % of weeks if it held nowhere else at all."""
    told = [p for p in problems(REACH.replace("agents: 3", "agents: 2")) if "out of reach" in p.message]
    assert [(p.severity, p.path) for p in told] == [("warning", "queues.q.target")]
    assert "80% is asked" in told[0].message


def test_an_occupancy_out_of_reach(problems: Look) -> None:
    idle = REACH.replace("agents: 3", "agents: 20")
    (told,) = problems(idle + "targets:\n  - g occupancy >= 60%\n")
    assert told.path == "targets[0]"
    assert "the occupancy of g is 30% on average at best" in told.message
    assert problems(idle + "targets:\n  - g occupancy >= 60% each day\n") == []
    assert problems(idle + "targets:\n  - g occupancy >= 30%\n") == []


@pytest.mark.parametrize("seed", range(150))
def test_no_line_ends_in_another_exception(valid: str, seed: int) -> None:
    """Targets with random slips are read, and then read back, or refused in words."""
    rng = random.Random(seed)
    lines = "\n".join(f"  - {line}" for line, _ in rng.sample(READ, 2))
    read_or_refused(lambda: loads(f"{valid}targets:\n{mutated_text(lines, rng)}\n"), by_text=True)
