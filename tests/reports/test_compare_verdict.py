"""A comparison in one sentence."""

import pytest

from reports.comparison import Version, compare_versions, version_of
from scenarios import Scenario, loads
from sim.experiment import run_scenario
from sim.pairing import Key
from tests.reports.comparisons import FIGURES, version
from tests.reports.conftest import TEXT

PHONE: Key = ("service_level", "queue", "phone")
LOST: Key = ("abandoned", "all", "all")
BUSY: Key = ("occupancy", "all", "all")
COST: Key = ("people_cost", "all", "all")


def said(shift: dict[Key, float], noise: float = 0.05) -> str:
    return compare_versions([version("base"), version("deflect", shift, noise=noise)]).verdict


def test_what_matters_comes_first() -> None:
    text = said({PHONE: 0.063, LOST: -12.0, BUSY: -0.051}, noise=0.01)
    assert text.startswith("deflect instead of base: phone service level +6.3")
    assert "(77.9 % → 84.2 %)" in text
    assert ", 12 fewer abandoned, occupancy −5.1" in text
    assert text.endswith("; phone service level ≥ 80 % in 20 s now met; people cost unchanged.")


def test_worse_is_told_as_well() -> None:
    text = said({("service_level", "queue", "mail"): -0.2, LOST: 30.0, COST: 720.0})
    assert "mail service level −20" in text
    assert "30 more abandoned" in text
    assert "mail service level ≥ 90 % in 4 h now missed" in text
    assert text.endswith("people cost +$720 ± 0, +10.0 %.")


def test_nothing_that_can_be_seen() -> None:
    text = said({PHONE: 1e-6}, noise=0.3)
    assert text == (
        "deflect instead of base: no difference in service level, abandonment, waits, occupancy or cost "
        "that 20 replications can see."
    )


def test_other_figures_may_still_differ() -> None:
    text = said({("offered", "queue", "phone"): 200.0}, noise=0.3)
    assert text.endswith(f"can see (1 of {len(FIGURES)} other figures differ).")


def test_waits_speak_where_no_service_level_does() -> None:
    text = said({("asa", "queue", "phone"): -8.0})
    assert "phone speed of answer −8" in text


def test_one_replication_is_no_evidence() -> None:
    text = compare_versions([version("base", n=1), version("deflect", {PHONE: 0.05}, n=1)]).verdict
    assert text.endswith("one replication tells no interval.")
    assert "±" not in text


@pytest.mark.parametrize("seed", [1, 2])
def test_it_says_whether_it_was_paired(seed: int) -> None:
    found = compare_versions([version("base"), version("deflect", {PHONE: 0.1}, seed=seed)])
    assert found.verdict.endswith(" Not paired.") == (seed == 2)


def changed(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new)


def test_two_currencies_are_not_compared() -> None:
    paid = changed(TEXT, "agents: 3", "agents: 3, pay: $24/h")
    euros = loads(changed(paid, "$24/h", "24 EUR/h"))
    dollars = simulated("in dollars", loads(paid))
    found = compare_versions([dollars, simulated("in euros", euros)])
    costs = found.differences[found.differences["measure"] == "people_cost"]
    assert costs["difference"].isna().all()
    assert set(costs["unit"]) == {"USD and EUR"}
    assert "people cost in USD and in EUR" in found.verdict


def test_service_levels_by_other_definitions_are_not_compared() -> None:
    strict = loads(changed(TEXT, "service_level: offered", "service_level: answered_only"))
    found = compare_versions([simulated("offered", loads(TEXT)), simulated("answered_only", strict)])
    levels = found.differences[found.differences["measure"] == "service_level"]
    assert levels["difference"].isna().all()
    assert "not compared: service level by other definitions" in found.verdict
    assert "exactly the same" in found.verdict


def simulated(label: str, scenario: Scenario) -> Version:
    run = scenario.run.model_copy(update={"replications": 3})
    return version_of(label, run_scenario(scenario.model_copy(update={"run": run})))
