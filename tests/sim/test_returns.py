"""Who comes back, and when somebody counts as answered: by hand, and by the share that the file says."""

import math

import pytest

import careloop
from scenarios import loads
from sim.log import LEG
from tests.sim.placed import SECOND, Day
from tests.sim.placed_words import came, one, scenario, stream

_SHARE = 0.3
_Z = 4.0  # a false alarm in 16,000 runs of this test


def test_who_would_come_back_after_the_horizon_counts() -> None:
    """All do after two days, and the run is over by then: the rates are those of a long run, not zero."""
    closing = {
        "reopens": {"share": _SHARE, "after": {"deterministic": "2 days"}},
        "repeats": {"share": _SHARE, "after": {"deterministic": "8 days"}, "streams": {"calls": 1}},
    }
    busy = {"calls": stream(arrivals={"rate": "6 per hour"}, handle_time={"deterministic": "1 min"})}
    text = scenario({"phone": {}}, one(["phone"]), busy, closing=closing)
    measures = careloop.simulate(loads(text), replications=20, seed=4).measures
    of_all = measures[measures["scope"] == "all"].set_index("measure")["mean"]
    assert of_all["contacts_per_case"] == 1
    assert of_all["handled"] == of_all["cases"] > 100
    off = math.sqrt(_SHARE * (1 - _SHARE) / (20 * of_all["cases"]))
    assert abs(of_all["reopen_rate"] - _SHARE) / off < _Z
    assert of_all["fcr"] == pytest.approx(
        1 - of_all["reopen_rate"]
    )  # a repeat after eight days spoils nothing
    assert of_all["repeat_rate"] == pytest.approx(of_all["reopen_rate"])


@pytest.mark.parametrize("engine", ["fast", "reference"])
@pytest.mark.parametrize(("channel", "replied"), [("phone", "started"), ("other", "ended")])
def test_who_wrote_and_is_called_is_answered_when_that_starts(
    engine: str, channel: str, replied: str
) -> None:
    severe = {
        "severities": {"S1": {"first_response": "15 min"}},
        "routing": [{"severity": "S1", "to": "critical"}],
    }
    queues = {"mail": {"channel": "email"}, "critical": {"channel": channel}}
    mails = {"mails": stream("mail", severities={"S1": 1})}
    text = scenario(queues, one(["critical", "mail"]), mails, **severe)
    day = Day(text, came("09:00", "09:01", stream="mails"), engine)
    legs = day.log.contacts[day.log.contacts["row"] == LEG]
    assert [int(leg["started"]) for leg in legs] == [n * 60 * SECOND for n in (540, 550)]
    assert [int(case["replied"]) for case in day.log.cases] == [int(leg[replied]) for leg in legs]
