"""A table of deliberate mistakes: each is told at its line, at its place, in words that help."""

from collections.abc import Callable

import pytest

from scenarios import Problem

Look = Callable[[str], list[Problem]]


def changed_line(valid: str, old: str, new: str) -> int:
    """Return the line (from 1) of the first character that a replacement changes."""
    same = next(
        (i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new))
    )
    return valid[: valid.index(old) + same].count("\n") + 1


ERRORS = [
    # what is written, what is written instead, where it is told, words of the message
    ("careloop: 1", "careloop: 2", "careloop", "2 is not a version"),
    ("careloop: 1", "careloop: true", "careloop", "not a version"),
    ("name: A team", "nam: A team", "nam", "did you mean 'name'"),
    ("service_level: offered", "service_level: offerd", "service_level", "did you mean 'offered'"),
    ("service_level: offered", "service_level: 80%", "service_level", "is not known"),
    ("start: 2026-03-02", "start: 2026-02-30", "calendar.start", "not a day of the calendar"),
    ("start: 2026-03-02", "start: 02.03.2026", "calendar.start", "such as 2026-03-02"),
    ("start: 2026-03-02", "start: 9999-03-02", "calendar.start", "outside the years"),
    ("days: 7", "days: 0", "calendar.days", "0 is outside 1"),
    ("days: 7", "days: 7 days", "calendar.days", "not a whole number"),
    ("days: 7", "days: 1.5", "calendar.days", "not a whole number"),
    ("Europe/Amsterdam", "Europe/Amsterdm", "calendar.time_zone", "did you mean 'Europe/Amsterdam'"),
    ("Europe/Amsterdam", "../../etc/passwd", "calendar.time_zone", "is not a time zone"),
    ("Europe/Amsterdam", "Europe", "calendar.time_zone", "is not a time zone"),
    ("interval: 30 min", "interval: 25 min", "calendar.interval", "does not divide an hour"),
    ("interval: 30 min", "interval: 30", "calendar.interval", "30 has no unit"),
    ("interval: 30 min", "interval: 2 h", "calendar.interval", "outside 1 min to 1 h"),
    ('sat: "09:00-17:00"}', 'wed: "09:00-17:00"}', "calendar.hours.desk.wed", "already"),
    ('sat: "09:00-17:00"}', "sat: 9-17}", "calendar.hours.desk.sat", "24-hour clock"),
    ('sat: "09:00-17:00"}', 'satt: "09:00-17:00"}', "calendar.hours.desk.satt", "did you mean 'sat'"),
    ("    desk: {", '    always: "08:00-12:00"\n    desk: {', "calendar.hours.always", "another name"),
    ("queue: phone", "queue: fone", "streams.calls.queue", "did you mean 'phone'"),
    ("queue: phone", "queue: [phone]", "streams.calls.queue", "is not text"),
    ("queue: phone", "queue:", "streams.calls.queue", "is empty"),
    ("rate: 12 per 30 min", "rate: 12", "streams.calls.arrivals.rate", "is not a rate"),
    ("rate: 12 per 30 min", "rate: .nan", "streams.calls.arrivals.rate", "not a number"),
    ("rate: 12 per 30 min", "rate: -12 per h", "streams.calls.arrivals.rate", "is not a rate"),
    ("rate: 12 per 30 min", "rte: 12 per 30 min", "streams.calls.arrivals.rte", "did you mean 'rate'"),
    (
        "hours: desk\n      busy",
        "hours: dsk\n      busy",
        "streams.calls.arrivals.hours",
        "did you mean 'desk'",
    ),
    ("cv: 12%, corr", "cv: -12%, corr", "streams.calls.arrivals.busyness.day.cv", "outside"),
    ("correlation: 100%", "correlation: 110%", "streams.calls.arrivals.busyness.day.correlation", "outside"),
    ("correlation: 100%", "corelation: 1", "streams.calls.arrivals.busyness.day.corelation", "correlation"),
    ("{lognormal: {mean: 6 min, cv: 0.9}}", "6 min", "streams.calls.handle_time", "{exponential: 6 min}"),
    ("{lognormal: {", "{lognorml: {", "streams.calls.handle_time.lognorml", "'lognormal'"),
    ("mean: 6 min, cv: 0.9", "mean: 6, cv: 0.9", "streams.calls.handle_time.lognormal.mean", "no unit"),
    ("mean: 6 min, cv: 0.9", "mean: 6 min", "streams.calls.handle_time.lognormal.cv", "is missing"),
    ('from: "08:00", ', "", "streams.mails.arrivals.by_interval.mon-fri", "add from"),
    ("per: hour", "per: week", "streams.mails.arrivals.by_interval.per", "Allowed: step, hour, day"),
    ("[10, 15, 12]", "[10, -15, 12]", "streams.mails.arrivals.by_interval.mon-fri[1]", "-15 is outside"),
    ("[10, 15, 12]", "[10, .nan, x]", "streams.mails.arrivals.by_interval.mon-fri[2]", "'x' is not a"),
    ("[10, 15, 12]", "[10, x, 12]", "streams.mails.arrivals.by_interval.mon-fri[1]", "not a number"),
    ("step: 60 min", "step: 7 min", "streams.mails.arrivals.by_interval.step", "does not divide"),
    (
        "by_interval: {from",
        "hours: desk\n      by_interval: {from",
        "streams.mails.arrivals.hours",
        "constant rate",
    ),
    ("volume: 300 per week", "volume: 300", "streams.mails.arrivals.volume", "is not a rate"),
    ("volume: 300 per week", "multiply: -1", "streams.mails.arrivals.multiply", "outside"),
    ("backlog: 20", "backlog: 2.5", "streams.mails.backlog", "not a whole number"),
    ("backlog: 20", "backlog: -1", "streams.mails.backlog", "outside"),
    ("target: 80% in 20 s", "target: 80/20", "queues.phone.target", "write '80% in 20 s'"),
    ("target: 80% in 20 s", "target: 80 in 20 s", "queues.phone.target", "for 80 percent write '80%'"),
    ("target: 80% in 20 s", "target: 180% in 20 s", "queues.phone.target", "outside 0% to 100%"),
    ("target: 80% in 20 s", "tagret: 80% in 20 s", "queues.phone.tagret", "did you mean 'target'"),
    ("priority: high", "priority: hi", "queues.phone.priority", "did you mean 'high'"),
    ("priority: high", "priority: 101", "queues.phone.priority", "outside -100 to 100"),
    ("priority: high", "priority: 1.5", "queues.phone.priority", "not a whole number"),
    ("capacity: 50", "capacity: -1", "queues.phone.capacity", "outside 0"),
    ("{exponential: 4 min, balk: 2%}", "4 min", "queues.phone.patience", "{exponential: 4 min}"),
    ("balk: 2%", "balk: 120%", "queues.phone.patience.balk", "outside"),
    ("balk: 2%", "balk: 2%, x: 1", "queues.phone.patience.x", "is not a distribution"),
    ("share: 40%, after", "share: 40, after", "queues.phone.retry.share", "write '40%'"),
    ("after: {exponential: 15 min}", "after: {exponential: 0.1 s}", "queues.phone.retry.after", "within 1 s"),
    ("after: {exponential: 15 min}", "after: 15 min", "queues.phone.retry.after", "{exponential: 15 min}"),
    ("attempts: 5", "of: [abandon]", "queues.phone.retry.of", "did you mean 'abandoned'"),
    ("attempts: 5", "of: []", "queues.phone.retry.of", "empty list"),
    ("attempts: 5", "attempts: 0", "queues.phone.retry.attempts", "outside 1"),
    ("{to: backup,", "{to: bakup,", "queues.phone.overflow.to", "did you mean 'backup'"),
    ("{to: backup,", "{to: phone,", "queues.phone.overflow", "goes to itself"),
    ("after: 60 s}", "after: 1 m}", "queues.phone.overflow.after", "minutes or months"),
    ("channel: email", "channel: mail", "queues.mail.channel", "did you mean 'email'"),
    ("at_closing: hold", "at_closing: held", "queues.mail.at_closing", "did you mean 'hold'"),
    ("interruptible: true", "interruptible: maybe", "queues.mail.interruptible", "neither true nor false"),
    ("interruptible: true", "short_abandon: -5 s", "queues.mail.short_abandon", "negative"),
    ("interruptible: true", "prefers: [nights, nobody]", "queues.mail.prefers", "no group 'nobody'"),
    ("hours: desk\n  mail", "hours: {}\n  mail", "queues.backup.hours", "open at no time"),
    (
        "skills: [phone, [mail, backup]]",
        "skills: [fone, [mail, backup, phone]]",
        "groups.generalists.skills[0]",
        "'phone'",
    ),
    (
        "skills: [phone, [mail, backup]]",
        "skills: [phone, [mail, phone]]",
        "groups.generalists.skills",
        "twice",
    ),
    ("skills: [phone, [mail, backup]]", "skills: []", "groups.generalists.skills", "empty list"),
    ('"08:00-12:00": 6', '"08:00-13:00": 6', "groups.generalists.agents", "overlap"),
    (
        '"08:00-12:00": 6',
        '"08:00-12:00": 6.5',
        "groups.generalists.agents.mon-fri.08:00-12:00",
        "whole number",
    ),
    ("pay: $24/h", "pay: 24", "groups.generalists.pay", "no currency"),
    ("pay: $24/h", "pay: 24 EUX/h", "groups.generalists.pay", "did you mean 'EUR'"),
    ("shrinkage: 30%", "shrinkage: 99.9%", "groups.generalists.shrinkage", "above 95%"),
    ("shrinkage: 30%", "speed: 0", "groups.generalists.speed", "outside 0.01"),
    ("shrinkage: 30%", "takes: longest", "groups.generalists.takes", "did you mean 'longest_wait'"),
    ("shrinkage: 30%", "idle: any", "groups.generalists.idle", "Allowed: longest_idle, fixed_order"),
    ("agents: 2", "agents: -2", "groups.chatters.agents", "outside 0"),
    ("agents: 2", "agents: true", "groups.chatters.agents", "not a whole number"),
    (
        "agents: 2\n    hours: desk",
        "agents: 2\n    hours: dek",
        "groups.chatters.hours",
        "did you mean 'desk'",
    ),
    ("chats: 3", "chats: 2", "groups.chatters.concurrency.slowdown", "3 factors for 2 chats"),
    ("[1.0, 1.15, 1.4]", "[1.0, 1.4, 1.15]", "groups.chatters.concurrency.slowdown", "never fall"),
    ("[1.0, 1.15, 1.4]", "[1.0, 0.5, 1.4]", "groups.chatters.concurrency.slowdown[1]", "factor of 1 to 100"),
    ("22.50 USD/h", "22.50 EUR/h", "groups.chatters.pay", "one currency"),
    ('days: "mon, wed-fri"', "days: mon-fry", "groups.nights.shifts[0].days", "did you mean 'fri'"),
    ("22:00-06:00", "22:00", "groups.nights.shifts[0].hours", "not a time window"),
    ("{agents: 1, days", "{agens: 1, days", "groups.nights.shifts[0].agens", "did you mean 'agents'"),
    ("replications: 30", "replications: many", "run.replications", "nor auto"),
    ("replications: 30", "replications: 0", "run.replications", "outside 1"),
    ("seed: 1", "seed: -1", "run.seed", "outside 0"),
    ("warm_up: 1 day", "warm_up: 50 min", "run.warm_up", "counts whole or not at all; write 1 h"),
    ("warm_up: 1 day", "warm_up: 7 days", "run.warm_up", "not shorter than the horizon"),
    ("half_width: 0.5 points", "half_width: 0.5", "run.half_width", "percentage points"),
    ("half_width: 0.5 points", "end: stop", "run.end", "Allowed: drain, cut"),
    ("run: {", "rum: {", "rum", "did you mean 'run'"),
    ("  calls:", '  "calls/x":', "streams.calls/x", "no usable name"),
]


@pytest.mark.parametrize(("old", "new", "path", "words"), ERRORS)
def test_a_mistake_is_told_at_its_line(
    valid: str, problems: Look, old: str, new: str, path: str, words: str
) -> None:
    told = problems(valid.replace(old, new, 1))
    found = [p for p in told if p.severity == "error" and p.path == path and words in p.message]
    assert [p.line for p in found] == [changed_line(valid, old, new)], "\n".join(map(str, told))


def test_a_slip_of_the_unit_is_refused_before_it_fills_the_memory(valid: str, problems: Look) -> None:
    told = problems(valid.replace("rate: 12 per 30 min", "rate: 1000000000 per hour", 1))
    errors = [p for p in told if p.severity == "error"]
    assert [p.path for p in errors] == ["streams.calls.arrivals"]
    assert "check the unit of the rate" in errors[0].message


def test_a_wrong_value_does_not_hide_a_wrong_name(valid: str, problems: Look) -> None:
    wrong = valid.replace("queue: phone", "queue: phon", 1).replace("rate: 12 per 30 min", "rate: 12", 1)
    paths = [p.path for p in problems(wrong) if p.severity == "error"]
    assert paths == ["streams.calls.queue", "streams.calls.arrivals.rate"]


def test_two_sources_of_rates_are_told_at_the_arrivals(valid: str, problems: Look) -> None:
    told = problems(valid.replace("by_interval: {from", "rate: 3/h\n      by_interval: {from"))
    assert [(p.line, p.path) for p in told] == [(21, "streams.mails.arrivals")]
    assert "it has rate and by_interval" in told[0].message


def test_hours_without_agents_are_told_at_the_hours(valid: str, problems: Look) -> None:
    told = problems(valid.replace("    agents: 2\n", ""))
    assert [(p.line, p.path) for p in told] == [(50, "groups.chatters.hours")]
    assert "goes only with a number of agents" in told[0].message


@pytest.mark.parametrize(
    ("old", "new", "has"),
    [
        ("    agents: 2\n    hours: desk\n", "", "neither"),
        ("    shifts:\n", "    agents: 2\n    shifts:\n", "both"),
    ],
)
def test_a_group_has_either_agents_or_shifts(
    valid: str, problems: Look, old: str, new: str, has: str
) -> None:
    told = problems(valid.replace(old, new))
    assert [p.message for p in told] == [f"needs either agents or shifts; it has {has}"]


MISSING = [
    ("name: A team\n", "name", "is missing"),
    ("  start: 2026-03-02\n", "calendar.start", "is missing"),
    ("    queue: mail\n", "streams.mails.queue", "is missing"),
    ("    skills: [mail]\n    agents", "groups.chatters.skills", "is missing"),
    ("service_level: offered\n", "queues.phone.target", "no definition of service level"),
]


@pytest.mark.parametrize(("gone", "path", "words"), MISSING)
def test_what_is_missing_is_named(valid: str, problems: Look, gone: str, path: str, words: str) -> None:
    kept = gone.split("\n", 1)[1]
    found = [p for p in problems(valid.replace(gone, kept, 1)) if p.severity == "error"]
    assert [(p.path, words in p.message) for p in found] == [(path, True)]


@pytest.mark.parametrize("section", ["calendar", "streams", "queues", "groups"])
def test_a_missing_section_is_named(valid: str, problems: Look, section: str) -> None:
    kept: list[str] = []
    inside = False
    for line in valid.splitlines():
        inside = line == f"{section}:" or (inside and line.startswith(" "))
        kept += [] if inside else [line]
    assert (section, "is missing; add it") in [(p.path, p.message) for p in problems("\n".join(kept))]


@pytest.mark.parametrize("section", ["calendar", "streams", "queues", "groups", "run"])
@pytest.mark.parametrize("value", ["5", "[]", "[1, 2]", "text", "true", "{a: 5}"])
def test_a_section_of_another_shape_is_an_error(valid: str, problems: Look, section: str, value: str) -> None:
    head = valid.split(f"{section}:", 1)[0]
    told = problems(f"{head}{section}: {value}\n")
    here = [p for p in told if p.path.startswith(section) and p.message != "is missing; add it"]
    assert [p for p in here if p.severity == "error"]


def test_everything_is_told_at_once_in_the_order_of_the_lines(valid: str, problems: Look) -> None:
    mistakes = {
        "start: 2026-03-02": "start: yesterday",
        "cv: 0.9": "cv: -1",
        "queue: mail": "queue: mial",
        "capacity: 50": "capacity: lots",
        "priority: high": "priority: hi",
        "channel: email": "channel: mail",
        "pay: $24/h": "pay: 24",
        "skills: [mail]": "skills: [mial]",
        "seed: 1": "seed: x",
    }
    for old, new in mistakes.items():
        valid = valid.replace(old, new, 1)
    told = problems(valid)
    assert [p.path for p in told] == [
        "calendar.start",
        "streams.calls.handle_time.lognormal.cv",
        "streams.mails.queue",
        "queues.phone.priority",
        "queues.phone.capacity",
        "queues.mail.channel",
        "groups.generalists.pay",
        "groups.chatters.skills[0]",
        "run.seed",
    ]
    assert [p.line for p in told] == sorted(p.line for p in told)


def test_a_broken_queue_is_not_unknown_too(valid: str, problems: Look) -> None:
    paths = [p.path for p in problems(valid.replace("capacity: 50", "capacity: x"))]
    assert paths == ["queues.phone.capacity"]


def test_broken_hours_are_not_unknown_too(valid: str, problems: Look) -> None:
    paths = [p.path for p in problems(valid.replace('"09:00-17:00"}\nstreams', "nine}\nstreams"))]
    assert paths == ["calendar.hours.desk.sat"]


@pytest.mark.parametrize(
    ("old", "new", "path", "words"),
    [
        ("    overflow: {to: backup, after: 60 s}\n", "", "queues.backup", "no stream and no overflow"),
        ("service_level: offered", "service_level: answered_only", "queues.phone.service_level", "hangs up"),
        ("    patience: {exponential: 4 min, balk: 2%}\n", "", "streams.calls", "nobody ever hangs up"),
        (
            "  backup:\n",
            "  backup:\n    patience: {exponential: 9 min}\n",
            "queues.backup.patience",
            "never used",
        ),
        ("interruptible: true", "capacity: 3", "queues.mail.capacity", "find it full are lost"),
        ("12 per 30 min\n      hours: desk", "5/h", "streams.calls.arrivals", "59.5% of the contacts"),
        ("rate: 12 per", "rate: 1200 per", "queues.phone", "16,320.0 hours of work are offered"),
        ("rate: 12 per", "rate: 0 per", "streams.calls.arrivals", "no contact on any day"),
        (
            "interruptible: true",
            "prefers: [nights]",
            "queues.mail.prefers",
            "leaves out generalists, chatters",
        ),
        ("retry: {share: 40%,", "retry: {share: 40%, of: blocked,", "", ""),
    ],
)
def test_warnings(valid: str, problems: Look, old: str, new: str, path: str, words: str) -> None:
    told = problems(valid.replace(old, new, 1))
    assert [p.severity for p in told] == (["warning"] if path else [])
    assert all(p.path == path and words in p.message for p in told)


def test_a_queue_without_a_group_is_an_error_that_names_its_contacts(valid: str, problems: Look) -> None:
    told = problems(valid.replace("[phone, [mail, backup]]", "[phone, mail]"))
    assert [(p.severity, p.path) for p in told] == [("error", "queues.backup")]
    assert "overflow of phone" in told[0].message


def test_intervals_fit_the_change_of_the_clocks(valid: str, problems: Look) -> None:
    """On Lord Howe Island by half an hour, on the 5th of April."""
    island = valid.replace("Europe/Amsterdam", "Australia/Lord_Howe").replace("2026-03-02", "2026-04-02")
    assert problems(island) == []
    told = problems(island.replace("interval: 30 min", "interval: 60 min"))
    assert [(p.severity, p.path) for p in told] == [("error", "calendar.interval")]
    assert "change by less" in told[0].message


def test_a_comma_in_a_number_is_told(valid: str, problems: Look) -> None:
    told = problems(valid.replace("mean: 7 min", "mean: 1,200 s"))
    assert any("write 1000, not 1,000" in p.message for p in told)


def test_a_backlog_that_a_closed_queue_loses_is_told(valid: str, problems: Look) -> None:
    told = problems(valid.replace("at_closing: hold", "at_closing: clear"))
    (lost,) = (p for p in told if p.path == "streams.mails.backlog")
    assert lost.severity == "warning"
    assert "closed when the horizon starts" in lost.message


def test_a_step_without_lists_is_told(valid: str, problems: Look) -> None:
    told = problems(valid.replace("mon-fri: [10, 15, 12], sat: [3]", 'daily: {"08:00-12:00": 20}'))
    assert ("error", "streams.mails.arrivals.by_interval.step") in [(p.severity, p.path) for p in told]


def test_windows_beside_days_are_told(valid: str, problems: Look) -> None:
    told = problems(valid.replace('sat: {"09:00-17:00": 4}}', '"09:00-17:00": 4}'))
    assert [p.path for p in told if p.severity == "error"] == ["groups.generalists.agents"]
    assert "has the window '09:00-17:00' beside 'mon-fri'" in told[0].message


def test_overflow_that_comes_back_is_told_once(valid: str, problems: Look) -> None:
    spoilt = valid.replace("  backup:\n", "  backup:\n    overflow: {to: phone, after: 1 min}\n")
    told = [p for p in problems(spoilt) if p.severity == "error"]
    assert [p.path for p in told] == ["queues.phone.overflow"]
    assert "phone -> backup -> phone" in told[0].message


def test_work_that_only_shared_people_could_do_is_added_up(valid: str, problems: Look) -> None:
    heavy = valid.replace("rate: 12 per", "rate: 20 per").replace("volume: 300 per", "volume: 3600 per")
    told = problems(heavy)
    assert [p.severity for p in told] == ["warning"]
    assert "phone, backup, mail together" in told[0].message


def test_a_valid_file_has_no_problem(valid: str, problems: Look) -> None:
    assert problems(valid) == []


def test_a_problem_is_written_as_compilers_do() -> None:
    problem = Problem("error", "s.yaml", 12, "streams.calls.queue", "there is no queue 'fone'")
    assert str(problem) == "s.yaml:12: error: streams.calls.queue: there is no queue 'fone'"
    assert str(Problem("warning", "", 0, "", "odd")) == "warning: odd"
