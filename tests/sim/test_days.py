"""By day: the rows beside single intervals, with errors from the days of each replication."""

import numpy as np
import pandas as pd
import pytest

import scenarios
from sim.experiment import Result, run_scenario, student

TEXT = """\
careloop: 1
name: Some days
service_level: offered
calendar: {{start: 2026-03-28, days: {days}, time_zone: Europe/Amsterdam, interval: 60 min}}
streams:
  calls:
    queue: phone
    arrivals: {{rate: 20 per hour, busyness: {{day: {{cv: 30%}}}}}}
    handle_time: {{exponential: 5 min}}
queues:
  phone: {{target: 80% in 20 s, patience: {{exponential: 4 min}}}}
groups:
  team: {{skills: [phone], agents: 2, pay: $10/h}}
run: {{replications: 8, seed: 3, warm_up: 6 h}}
"""
REPLICATIONS = 8


def found(days: int, **options: bool) -> Result:
    return run_scenario(
        scenarios.loads(TEXT.format(days=days)), workers=1, keep_contacts=options.get("contacts", False)
    )


@pytest.fixture(scope="module")
def three() -> Result:
    return found(3, contacts=True)


def row(result: Result, measure: str, day: str, scope: str = "queue") -> "pd.Series[float]":
    table = result.days
    assert table is not None
    is_it = (table["measure"] == measure) & (table["interval"] == day) & (table["scope"] == scope)
    return table[is_it].iloc[0]


def legs(result: Result) -> pd.DataFrame:
    """Contacts with the day on which they came; the second has 23 hours."""
    assert result.contacts is not None
    contacts = result.contacts[result.contacts["queued_s"] >= 6 * 3600]
    edges = [0.0, 24 * 3600.0, 47 * 3600.0, 71 * 3600.0]
    return contacts.assign(day=np.searchsorted(edges, contacts["queued_s"], side="right") - 1)


@pytest.mark.parametrize(("n", "day"), list(enumerate(["2026-03-28", "2026-03-29", "2026-03-30"])))
def test_errors_of_counts_come_from_whole_days(three: Result, n: int, day: str) -> None:
    """Intervals of a day go up and down together; errors added up as if they did not are too small."""
    contacts = legs(three)
    counts = (
        contacts[contacts["day"] == n]
        .groupby("replication")
        .size()
        .reindex(range(REPLICATIONS), fill_value=0)
    )
    shown = row(three, "offered", day)
    assert shown["mean"] == pytest.approx(counts.mean())
    assert shown["se"] == pytest.approx(counts.std(ddof=1) / np.sqrt(REPLICATIONS))
    assert shown["high"] - shown["mean"] == pytest.approx(student(REPLICATIONS) * shown["se"])
    hours = three.intervals
    of_day = (
        (hours["measure"] == "offered") & (hours["scope"] == "queue") & hours["interval"].str.startswith(day)
    )
    assert hours[of_day]["mean"].sum() == pytest.approx(shown["mean"])
    assert shown["se"] > 1.3 * np.sqrt((hours[of_day]["se"] ** 2).sum())


def test_errors_of_shares_are_those_of_the_ratio(three: Result) -> None:
    contacts = legs(three)
    of_day = contacts[(contacts["day"] == 1) & contacts["outcome"].isin(["handled", "abandoned"])]
    wait = np.where(of_day["started_s"].isna(), of_day["ended_s"], of_day["started_s"]) - of_day["queued_s"]
    good = ((of_day["outcome"] == "handled") & (wait <= 20.0)).groupby(of_day["replication"]).sum().to_numpy()
    below = of_day.groupby("replication").size().to_numpy()
    ratio = good.mean() / below.mean()
    se = np.sqrt(((good - ratio * below) ** 2).sum() / (REPLICATIONS - 1) / REPLICATIONS) / below.mean()
    shown = row(three, "service_level", "2026-03-29")
    assert shown["mean"] == pytest.approx(ratio)
    assert shown["se"] == pytest.approx(se)


def test_days_are_as_long_as_they_are(three: Result) -> None:
    """18 hours after the warm-up, 23 where the clocks go forward, 24."""
    for day, hours in (("2026-03-28", 18), ("2026-03-29", 23), ("2026-03-30", 24)):
        assert row(three, "on_duty", day, "group")["mean"] == pytest.approx(2.0)
        assert row(three, "people_cost", day, "group")["mean"] == pytest.approx(20.0 * hours)


def test_intervals_keep_their_rows(three: Result) -> None:
    labels = three.intervals["interval"].astype(str)
    assert labels.str.len().unique().tolist() == [len("2026-03-28T06:00:00+01:00")]
    assert labels.nunique() == 18 + 23 + 24


def test_one_day_and_long_horizons_have_no_days_beside() -> None:
    for days in (1, 92):
        result = found(days)
        assert result.days is not None
        assert len(result.days) == 0
    assert "2026-03-28" in set(result.intervals["interval"])
