from reports.asked import asked
from scenarios import Scenario, loads
from tests.reports.conftest import TEXT


def words(scenario: Scenario) -> dict[str, str]:
    return {each.term: each.words for each in asked(scenario)}


def test_the_question_is_told_in_four_lines(scenario: Scenario) -> None:
    assert words(scenario) == {
        "When": "2 days from Mon 2 Mar 2026, Europe/Amsterdam",
        "Contacts": "6,048 in a standard week: calls 4,032, mails 2,016",
        "Team": "1,344 hours at work in a standard week: callers 840 h, writers 504 h",
        "Targets": "phone service level ≥ 80 % in 20 s each week; mail service level ≥ 90 % in 4 h each week",
    }


def test_one_of_each_needs_no_parts_and_no_target_is_none() -> None:
    text = TEXT.replace("days: 2", "days: 1").replace("target: 90% in 4 h", "priority: low")
    text = text.replace("target: 80% in 20 s, ", "").replace("service_level: offered\n", "")
    assert words(loads(text))["When"] == "Mon 2 Mar 2026, Europe/Amsterdam"
    assert words(loads(text))["Targets"] == "none"


def test_many_are_counted() -> None:
    known = loads(TEXT)
    queues = {f"q{n}": known.queues["phone"] for n in range(20)}
    streams = {f"s{n}": known.streams["calls"] for n in range(20)}
    many = words(known.model_copy(update={"queues": queues, "streams": streams}))
    assert many["Targets"] == "service level ≥ 80 % in 20 s for 20 of 20 queues"
    assert many["Contacts"] == "80,640 in a standard week, in 20 streams"
