"""Lines over time: what a chart shows of single intervals, of days and of an average week."""

import math
from datetime import date, timedelta

import pytest

from reports.series import DAY_S, Point, views_of
from tests.reports.conftest import Rows, frame

PHONE = ("queue", "phone")


def rows(measure: str, values: dict[str, float], scope: tuple[str, str] = PHONE) -> Rows:
    return [(measure, *scope, label, mean, 0.1, mean - 0.2, mean + 0.2, "") for label, mean in values.items()]


def weeks(count: int) -> list[str]:
    """Labels of quarter hours of whole weeks from a Monday on."""
    start = date(2026, 3, 2)
    days = [(start + timedelta(days=n)).isoformat() for n in range(7 * count)]
    return [f"{d}T{h:02d}:{m:02d}:00+00:00" for d in days for h in range(24) for m in (0, 15, 30, 45)]


def test_a_short_horizon_is_shown_by_interval_on_the_local_clock() -> None:
    labels = {"2026-03-02T08:00:00+01:00": 3.0, "2026-03-02T08:30:00+01:00": 5.0}
    views = views_of(frame(rows("offered", labels)), 1800.0)
    assert views.first == date(2026, 3, 2)
    assert [(p.at_s, p.mean) for p in views.intervals["offered", *PHONE]] == [
        (28_800.0, 3.0),
        (30_600.0, 5.0),
    ]
    assert not views.days
    assert not views.week


def test_days_stand_beside_single_intervals_and_closed_ones_are_left_out() -> None:
    labels = {"2026-03-02T08:00:00+01:00": 3.0, "2026-03-03T08:30:00+01:00": 5.0}
    days = {"2026-03-02": 3.0, "2026-03-03": 5.0, "2026-03-04": 0.0}
    views = views_of(frame(rows("offered", labels)), 1800.0, frame(rows("offered", days)))
    assert len(views.intervals["offered", *PHONE]) == 2
    assert views.days["offered", *PHONE] == (Point(0.0, 3.0, 2.8, 3.2), Point(DAY_S, 5.0, 4.8, 5.2))
    assert not views.averaged


def test_a_share_of_an_average_week_weighs_each_week_by_its_contacts() -> None:
    labels = weeks(3)
    busy = {label: 9.0 if label < "2026-03-09" else 1.0 for label in labels}
    level = {label: 0.5 if label < "2026-03-09" else 0.9 for label in labels}
    made = rows("handled", busy) + rows("service_level", level)
    week = views_of(frame(made), 900.0).week["service_level", *PHONE]
    assert week[0].mean == pytest.approx((9 * 0.5 + 2 * 0.9) / 11)


def test_a_long_horizon_has_days_and_an_average_week() -> None:
    days = {
        (date(2026, 3, 2) + timedelta(days=n)).isoformat(): (0.0 if n % 7 == 6 else 10.0 + n)
        for n in range(14)
    }
    total_on_mondays = {"Mon 08:00": 6.0, "Mon 09:00": 18.0}  # 24 on two Mondays of 10 and 17
    views = views_of(frame(rows("offered", days) + rows("offered", total_on_mondays)), 3600.0)
    shown = views.days["offered", *PHONE]
    assert len(shown) == 12, "closed Sundays are left out"
    assert shown[1].at_s == DAY_S
    monday = views.week["offered", *PHONE]
    assert [p.at_s for p in monday] == [28_800.0, 32_400.0]
    assert sum(p.mean for p in monday) == pytest.approx(13.5)
    assert monday[1].mean == pytest.approx(3 * monday[0].mean)
    assert monday[0].high == pytest.approx(6.2 * 13.5 / 24)


def test_shares_of_an_average_week_are_not_scaled() -> None:
    made = rows("service_level", {"2026-03-02": 0.8}) + rows("service_level", {"Mon 08:00": 0.75})
    assert views_of(frame(made), 3600.0).week["service_level", *PHONE][0].mean == 0.75


def test_too_many_intervals_become_days_and_an_average_week() -> None:
    labels = weeks(3)
    offered = {label: 2.0 if "T08" in label else 1.0 for label in labels}
    handled = {label: 3.0 if "T08" in label else 1.0 for label in labels}
    level = {label: 0.5 if "T08" in label else 0.9 for label in labels}
    made = rows("offered", offered) + rows("handled", handled) + rows("service_level", level)
    by_day = {(date(2026, 3, 2) + timedelta(days=n)).isoformat(): 100.0 for n in range(21)}
    views = views_of(frame(made), 900.0, frame(rows("offered", by_day)))
    assert not views.intervals
    assert [(p.mean, p.high) for p in views.days["offered", *PHONE]] == [(100.0, 100.2)] * 21
    assert views.averaged
    assert len(views.week["offered", *PHONE]) == 7 * 96
    assert views.week["offered", *PHONE][32].mean == 2.0
    assert math.isnan(views.week["offered", *PHONE][32].low), "errors of intervals cannot be added up"


def test_an_average_week_starts_on_monday_whatever_the_first_day() -> None:
    labels = weeks(3)[2 * 96 :]  # from a Wednesday on
    made = rows("on_duty", {label: 7.0 if label.startswith("2026-03-04") else 1.0 for label in labels})
    week = views_of(frame(made), 900.0).week["on_duty", *PHONE]
    assert week[0].at_s == 0.0
    assert week[2 * 96].mean == pytest.approx(3.0)


def test_many_years_are_averaged_over_whole_weeks() -> None:
    days = {(date(2026, 3, 2) + timedelta(days=n)).isoformat(): float(n % 7) for n in range(7 * 1000)}
    views = views_of(frame(rows("mean_queue", days) + rows("mean_queue", {"Mon 08:00": 1.0})), 3600.0)
    assert views.days_a_point % 7 == 0
    assert len(views.days["mean_queue", *PHONE]) <= 420
    assert {round(p.mean, 9) for p in views.days["mean_queue", *PHONE]} == {3.0}


def test_no_rows_no_views() -> None:
    views = views_of(frame([]), 1800.0)
    assert (views.intervals, views.days, views.week) == ({}, {}, {})
