"""Pay: of an hour, or of a year for so many hours a week."""

import pytest

from scenarios import loads, resolved
from scenarios.pay import WEEKS_A_YEAR, Pay
from scenarios.resolved import plain_data


@pytest.mark.parametrize(
    ("written", "per_hour"),
    [
        ("46800 USD per year for 38 h/week", 46800 / (38 * WEEKS_A_YEAR)),
        ("$46,800/year for 38 h per week", 46800 / (38 * WEEKS_A_YEAR)),
        ("$20 a year for 30 min/week", 20 / (0.5 * WEEKS_A_YEAR)),
    ],
)
def test_a_salary_is_pay_by_the_hour_too(money: str, written: str, per_hour: float) -> None:
    changed = loads(money.replace("$46,800 per year for 38 h/week", written))
    pay = changed.groups["engineers"].pay
    assert pay is not None
    assert pay.amount_per_hour == per_hour
    assert loads(resolved(changed)) == changed


def test_pay_is_written_as_it_was(money: str) -> None:
    scenario = loads(money)
    assert scenario.groups["team"].pay == Pay(amount_per_hour=20.0, currency="USD")
    assert plain_data(scenario)["groups"]["team"]["pay"] == "20 USD/h"
    assert plain_data(scenario)["groups"]["engineers"]["pay"] == "46800 USD per year for 38 h/week"
