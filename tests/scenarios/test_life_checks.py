"""What is told of the life of a case across its parts, and what is rightly not told.

The messages themselves are in tests/bad; here are the edges: what is nearly a mistake.
"""

from collections.abc import Callable

import pytest

from scenarios import Problem, from_dict, loads
from scenarios.attributes import possible_attributes
from scenarios.life_parts import LifeParts
from scenarios.parts import Parts

Look = Callable[[str], list[Problem]]

SMALL = """\
careloop: 1
name: Small
calendar: {start: 2026-03-02, days: 14, holidays: [2026-03-04], hours: {desk: {mon-fri: "08:00-18:00"}}}
severities:
  S1: {first_response: 15 min}
  S3: {clock: desk, first_response: same day}
causes: {billing: {}, outage: {severities: {S1: 100%}}}
tiers: {small: {accounts: 100, arr: 600 EUR}, vip: {accounts: 5, arr: 6000 EUR, vip: yes}}
flags: {pci: compliance, fraud: fraud}
routing:
  - {severity: S1, to: critical}
paths:
  standard:
    first: {then: {solved: 80%, more: 20%}}
    more: {then: {more: 99%, solved: 1%}}
streams:
  calls:
    queue: phone
    arrivals: {rate: 10 per h, hours: desk}
    handle_time: {exponential: 3 min}
    causes: {billing: 90%, outage: 10%}
    severities: {S3: 100%}
    tiers: {small: 90%, vip: 10%}
    flags: {pci: 1%, fraud: 100%}
    path: standard
queues:
  phone: {patience: {exponential: 5 min}}
  critical: {patience: {exponential: 5 min}}
groups:
  team: {skills: [phone], agents: 3, hours: desk}
  nights: {skills: [critical], agents: 1}
"""


def told(look: Look, *changes: tuple[str, str]) -> list[tuple[str, str, str]]:
    """What is told of the small scenario with changes: severity, path and message."""
    text = SMALL
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return [(each.severity, each.path, each.message) for each in look(text)]


def test_the_small_scenario_is_good(problems: Look) -> None:
    """It has a loop that is left at last, and nobody at night where nobody comes."""
    assert told(problems) == []


def rules(*more: str) -> tuple[str, str]:
    first = "  - {severity: S1, to: critical}\n"
    return first, first + "".join(f"  - {rule}\n" for rule in more)


@pytest.mark.parametrize(
    "rule",
    [
        "{severity: S3, to: critical}",
        "{cause: billing, to: critical}",
        "{flag: pci, to: critical}",
        "{flag: [pci, fraud], to: critical}",
        "{tier: vip, to: critical}",
        "{vip: yes, stream: calls, channel: phone, to: critical}",
        "{vip: no, severity: S3, cause: billing, flag: fraud, to: critical}",
    ],
)
def test_a_rule_that_may_decide_is_not_told(problems: Look, rule: str) -> None:
    assert told(problems, rules(rule)) == []


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("{severity: S1, cause: billing, to: critical}", "none meets all of its conditions at once"),
        ("{cause: outage, to: critical}", "routing[0] takes all its contacts first"),
        ("{channel: email, to: critical}", "none comes by email"),
    ],
)
def test_a_rule_that_never_decides_is_told(problems: Look, rule: str, words: str) -> None:
    ((severity, path, message),) = told(problems, rules(rule))
    assert (severity, path) == ("error", "routing[1]")
    assert words in message


def test_a_flag_that_all_bear_leaves_no_rule_after_it(problems: Look) -> None:
    ((_, path, message),) = told(problems, rules("{flag: fraud, to: critical}", "{flag: pci, to: critical}"))
    assert path == "routing[2]"
    assert "routing[0], routing[1] take all its contacts first" in message


def test_wrong_tags_let_a_rule_decide(problems: Look) -> None:
    """A billing contact that is tagged as an outage keeps its severity."""
    tagging = ("routing:\n", "tagging: {accuracy: 90%}\nrouting:\n")
    assert told(problems, tagging, rules("{cause: outage, to: critical}")) == []


def test_an_incident_brings_its_contacts(problems: Look) -> None:
    incident = """incidents:
  down:
    cause: refund
    severity: S1
    starts: {every: 9 days}
    lasts: {exponential: 4 h}
    surge: {calls: 60 per h}
    detection: {contacts: 10, within: 30 min}
    mitigation: {exponential: 1 h}
paths:
"""
    rule = "  - {severity: S1, to: critical}\n"
    changes = (("paths:\n", incident), ("{billing: {},", "{billing: {}, refund: {},"))
    before = (rule, f"  - {{cause: refund, to: critical}}\n{rule}")
    assert told(problems, *changes, before) == []
    assert [path for _, path, _ in told(problems, changes[1], before)] == ["causes.refund", "routing[0]"][
        ::-1
    ]


def test_severity_is_by_stream_where_the_cause_says_nothing() -> None:
    loaded = parts_of(SMALL)
    found = {(each.cause, each.severity) for each in possible_attributes(loaded, ("billing", "outage", "S3"))}
    assert found == {("billing", "S3"), ("outage", "S1")}


def parts_of(text: str) -> Parts:
    """The parts of a scenario text."""
    scenario = loads(text)
    life = LifeParts(
        causes=scenario.causes,
        tiers=scenario.tiers,
        severities=scenario.severities,
        rules=dict(enumerate(scenario.routing)),
    )
    return Parts(streams=scenario.streams, queues=scenario.queues, groups=scenario.groups, life=life)


AT_NIGHT = ("rate: 10 per h, hours: desk", "rate: 10 per h")
DESK = ("nights: {skills: [critical], agents: 1}", "nights: {skills: [critical], agents: 1, hours: desk}")


def gap(found: list[tuple[str, str, str]]) -> list[str]:
    """The promise and the span of each gap that is told."""
    messages = [message for _, path, message in found if path.startswith("severities")]
    return [message.split("is there ")[1].split("; put")[0] for message in messages]


def test_a_gap_is_told_where_contacts_come_in_it(problems: Look) -> None:
    assert gap(told(problems, AT_NIGHT)) == []
    assert gap(told(problems, DESK)) == []
    assert gap(told(problems, AT_NIGHT, DESK)) == ["from Monday 2026-03-02 00:00 to Monday 2026-03-02 08:00"]


def test_a_gap_may_be_a_holiday(problems: Look) -> None:
    nights = 'agents: 1, hours: {mon-sun: "00:00-24:00", holidays: closed}}'
    found = told(problems, AT_NIGHT, (DESK[0], f"nights: {{skills: [critical], {nights}"))
    assert gap(found) == ["from Wednesday 2026-03-04 00:00 to Thursday 2026-03-05 00:00"]


def test_a_gap_shorter_than_the_promise_is_none(problems: Look) -> None:
    """The shift changes within ten minutes."""
    nights = 'agents: {"00:00-07:50": 1, "08:00-24:00": 1}}'
    shift = (DESK[0], f"nights: {{skills: [critical], {nights}")
    assert gap(told(problems, AT_NIGHT, shift)) == []
    later = (DESK[0], shift[1].replace("07:50", "07:30"))
    assert gap(told(problems, AT_NIGHT, later)) == ["from Monday 2026-03-02 07:30 to Monday 2026-03-02 08:00"]


def test_somebody_who_takes_what_overflows_fills_a_gap(problems: Look) -> None:
    overflow = (
        "critical: {patience: {exponential: 5 min}}",
        "critical: {patience: {exponential: 5 min}, overflow: {to: phone, after: 1 min}}",
    )
    team = ("team: {skills: [phone], agents: 3, hours: desk}", "team: {skills: [phone], agents: 3}")
    assert gap(told(problems, AT_NIGHT, DESK, team)) != []
    assert gap(told(problems, AT_NIGHT, DESK, team, overflow)) == []


def test_a_closed_queue_is_a_gap(problems: Look) -> None:
    closed = ("critical: {patience", "critical: {hours: desk, at_closing: hold, patience")
    assert len(gap(told(problems, AT_NIGHT, closed))) == 1


def test_a_clock_with_hours_has_no_gap_at_night(problems: Look) -> None:
    clock = ("S1: {first_response: 15 min}", "S1: {clock: desk, first_response: 15 min}")
    assert gap(told(problems, AT_NIGHT, DESK, clock)) == []


def test_updates_are_owed_at_night_too(problems: Look) -> None:
    """A case that is open in the evening is open at night, whenever contacts come."""
    update = "update: {every: 2 h, queue: phone, handle_time: {exponential: 3 min}}"
    owed = ("S1: {first_response: 15 min}", f"S1: {{first_response: 15 min, {update}}}")
    found = told(problems, owed)
    assert [path for _, path, _ in found] == ["severities.S1.update"]
    rarely = (owed[0], owed[1].replace("2 h", "4 days"))
    assert told(problems, rarely) == []


def test_a_path_that_is_left_by_a_small_share_is_good(problems: Look) -> None:
    never = ("{more: 99%, solved: 1%}", "{more: 100%, solved: 0%}")
    ((_, path, message),) = told(problems, never)
    assert path == "paths.standard.more.then"
    assert "never leads to 'solved' (more)" in message


@pytest.mark.parametrize(("contacts", "is_told"), [(30, False), (60, False), (100, True)])
def test_detection_may_fire_by_chance(problems: Look, contacts: int, is_told: bool) -> None:
    """With 31 of them expected in half an hour, 60 come now and then, 100 never."""
    incident = f"""incidents:
  down:
    cause: outage
    starts: {{every: 9 days}}
    lasts: {{exponential: 4 h}}
    surge: {{calls: 60 per h}}
    detection: {{contacts: {contacts}, within: 30 min}}
    mitigation: {{exponential: 1 h}}
paths:
"""
    found = [each for each in told(problems, ("paths:\n", incident)) if "incidents" in each[1]]
    assert bool(found) is is_told


def test_names_are_told_beside_a_part_that_cannot_be_read(problems: Look) -> None:
    broken = ("S3: {clock: desk, first_response: same day}", "S3: {clock: dsk}")
    unknown = ("severities: {S3: 100%}\n", "severities: {S4: 100%}\n")
    paths = [path for _, path, _ in told(problems, broken, unknown)]
    assert paths == ["severities.S3.clock", "streams.calls.severities.S4"]


def test_a_section_of_another_shape_makes_no_name_unknown(problems: Look) -> None:
    shape = ("tiers: {small: {accounts: 100, arr: 600 EUR}, vip", "tiers: [1]\nnone: {vip")
    paths = [path for _, path, _ in told(problems, shape)]
    assert paths == ["tiers", "none"]


def test_a_queue_fed_by_rules_or_steps_is_not_unfed(problems: Look) -> None:
    unfed = told(problems, ("  - {severity: S1, to: critical}", "  - {severity: S1, to: phone}"))
    assert {path for _, path, _ in unfed} == {"queues.critical", "queues.critical.patience"}
    step = ("more: {then", "more: {queue: critical, then")
    by_step = told(problems, ("  - {severity: S1, to: critical}", "  - {severity: S1, to: phone}"), step)
    assert [path for _, path, _ in by_step] == ["queues.critical.patience"]


def test_a_scenario_of_a_mapping_is_checked_too() -> None:
    with pytest.raises(ValueError, match="there is no cause 'billing'; Allowed: none are defined"):
        from_dict(
            {
                "careloop": 1,
                "name": "x",
                "calendar": {"start": "2026-03-02", "days": 1},
                "streams": {
                    "s": {
                        "queue": "q",
                        "arrivals": {"rate": "1 per min"},
                        "handle_time": {"exponential": "1 min"},
                        "causes": {"billing": 1},
                    }
                },
                "queues": {"q": {"patience": {"exponential": "1 min"}}},
                "groups": {"g": {"skills": "q", "agents": 5}},
            }
        )
