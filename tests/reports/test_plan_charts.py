"""Trends by week, with marks for levers and lines for targets; and the axis that they are drawn over."""

import math
import re
from xml.etree import ElementTree

import pytest

from reports.number_axis import between
from reports.plan_charts import (
    HIGH,
    WIDE,
    adds_up,
    cut_off_told,
    legend,
    marks_told,
    not_drawn,
    not_drawn_told,
    trend_pictures,
)
from reports.plan_page import plan_page
from reports.plan_sheet import plan_svg
from reports.svg_chart import BOTTOM, LEFT, RIGHT, TOP
from sim.roadmap.plan import PlanResult, Trend
from sim.roadmap.standing import Spread
from tests.reports.plans import DAYS, LEVERS, TARGETS, brief, found, planned


def across(day: float) -> float:
    """Where a day of the horizon is drawn."""
    return LEFT + day / DAYS * (WIDE - LEFT - RIGHT)


def test_levers_are_marks_at_their_days_and_targets_lines_over_theirs() -> None:
    """In force from the 13th and the 20th day after the first; judged by days 24 to 30."""
    picture = trend_pictures(found())[0]
    assert (picture.title, picture.over) == ("phone service level", "")
    marks = re.search(r'<path class="mark" d="([^"]+)"', picture.svg)
    assert marks is not None
    places = [float(x) for x in re.findall(r"M([\d.]+) ", marks[1])]
    assert places == pytest.approx([across(13), across(20)], abs=0.06)
    goal = re.search(r'<path class="level" d="M([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+)"', picture.svg)
    assert goal is not None
    start, high, end, same = map(float, goal.groups())
    assert (start, end) == pytest.approx((across(23), across(30)), abs=0.06)
    assert high == same
    ElementTree.fromstring(picture.svg)


def test_a_target_stands_at_its_value() -> None:
    """The axis of 80 to 90 % and of a target of 80 %: read off its labels."""
    svg = trend_pictures(found())[0].svg
    labels = re.findall(r'<text class="tick end" x="[\d.]+" y="([\d.]+)">([\d.]+)%</text>', svg)
    (y1, v1), *_, (y2, v2) = [(float(y) - 4, float(v)) for y, v in labels]
    goal = re.search(r'<path class="level" d="M[\d.]+ ([\d.]+)', svg)
    assert goal is not None
    assert v1 + (float(goal[1]) - y1) / (y2 - y1) * (v2 - v1) == pytest.approx(80.0, abs=0.2)
    assert float(y2) >= TOP - 4.1
    assert float(y1) <= HIGH - BOTTOM + 0.1


def test_lines_are_the_weekly_medians() -> None:
    """Five whole weeks, in their middles; the plan's last week has 84, 82, 84 and 90 %."""
    plan = found().trends[0].plan
    assert [each.median for each in plan][-1] == pytest.approx(0.84)
    svg = trend_pictures(found())[0].svg
    line = re.search(r'<path class="line first" d="M([^"]+)"', svg)
    assert line is not None
    xs = [float(x) for x in line[1].split()[::2]]
    assert xs == pytest.approx([across(3.5 + 7 * n) for n in range(5)], abs=0.06)


def test_what_no_week_has_is_not_drawn_but_told() -> None:
    assert [each.title for each in trend_pictures(found())] == ["phone service level"]
    assert not_drawn(found()) == ("avoidable share",)


def test_counts_are_drawn_a_week_and_so_are_their_targets() -> None:
    """At most 400 contacts in the 7 days up to day 30 are 400 a week; in 28 days, 100."""
    assert adds_up("case_contacts")
    assert not any(map(adds_up, ("csat", "service_level", "max_queue", "wait_p90", "cost_per_contact")))
    for window, value in (("7 days", 400), ("28 days", 100)):
        plan = planned(targets=[*TARGETS, "offered <= 400 by day 30"])
        assert plan.roadmap is not None
        days = int(window.split()[0])
        roadmap = plan.roadmap.model_copy(update={"window_days": days})
        result = found(plan.model_copy(update={"roadmap": roadmap}))
        weeks = (Spread(90.0, 100.0, 410.0),) * 5
        trend = Trend(("offered", "all", "all"), "contacts", result.trends[0].starts, weeks, weeks)
        (picture,) = trend_pictures(result._replace(trends=(trend,)))
        assert picture.title.endswith(" a week")
        labels = re.findall(r'<text class="tick end" x="[\d.]+" y="([\d.]+)">([\d,.]+)</text>', picture.svg)
        (y1, v1), *_, (y2, v2) = [(float(y) - 4, float(v.replace(",", ""))) for y, v in labels]
        goal = re.search(r'<path class="level" d="M[\d.]+ ([\d.]+)', picture.svg)
        assert goal is not None
        assert v1 + (float(goal[1]) - y1) / (y2 - y1) * (v2 - v1) == pytest.approx(value, rel=0.02)


def test_a_cost_is_drawn_a_week_too_and_said_with_its_currency() -> None:
    """$4,000 in 28 days are $1,000 a week, in the words for those who do not see the chart as well."""
    assert adds_up("people_cost")
    plan = planned(targets=[*TARGETS, "people cost <= 4000 USD by day 30"])
    assert plan.roadmap is not None
    roadmap = plan.roadmap.model_copy(update={"window_days": 28})
    result = found(plan.model_copy(update={"roadmap": roadmap}))
    weeks = (Spread(900.0, 950.0, 5000.0),) * 5
    trend = Trend(("people_cost", "all", "all"), "USD", result.trends[0].starts, weeks, weeks)
    result = result._replace(trends=(trend,))
    (picture,) = trend_pictures(result)
    assert (picture.title, picture.over) == ("people cost a week", "$")
    assert "target by day 30: 1000" in picture.svg
    assert cut_off_told(result) == "Bands go beyond the chart of people cost."
    near = trend._replace(plan=(Spread(940.0, 950.0, 960.0),) * 5, without=(Spread(950.0, 955.0, 960.0),) * 5)
    assert cut_off_told(result._replace(trends=(near,))) == ""


def test_the_dates_of_levers_are_told_once_each_day() -> None:
    same = {**LEVERS, "new_forms": {**LEVERS["new_forms"], "due": "2026-02-09"}}
    assert marks_told(planned(same)) == "In force from 9 Feb: macros and new forms."
    later = {name: each for name, each in LEVERS["macros"].items() if name != "phase"}
    plan = planned({"macros": {**later, "due": "2026-03-09"}})
    assert marks_told(plan) == "No lever comes into force within these days."


@pytest.mark.parametrize(
    ("low", "high", "kind", "ends", "labels"),
    [
        (0.52, 0.71, "share", (0.5, 0.8), "50% 60% 70% 80%"),
        (0.96, 0.99, "share", (0.96, 0.99), "96% 97% 98% 99%"),
        (0.9, 1.0, "share", (0.9, 1.0), "90% 95% 100%"),
        (3.0, 90.0, "number", (0.0, 100.0), "0 50 100"),
        (1234.0, 1850.0, "number", (1000.0, 2000.0), "1,000 1,500 2,000"),
        (-20.0, 31.0, "number", (-20.0, 40.0), "−20 0 20 40"),
        (1800.0, 5400.0, "time", (1200.0, 6000.0), "20 min 40 min 60 min 80 min 100 min"),
        (5.0, 5.0, "number", (2.0, 8.0), "2 4 6 8"),
        (0.0, 0.0, "share", (0.0, 0.5), "0% 50%"),
    ],
)
def test_an_axis_that_need_not_begin_at_nothing(
    low: float, high: float, kind: str, ends: tuple[float, float], labels: str
) -> None:
    axis = between(low, high, kind, steps_at_most=4)  # type: ignore[arg-type]
    assert (axis.low, axis.high) == pytest.approx(ends)
    assert " ".join(label for _, label in axis.labels) == labels
    assert axis.low <= low <= high <= axis.high


def test_a_week_that_stands_alone_is_a_dot() -> None:
    """Without neighbours a line has no length; where all weeks have a value, dots would only crowd it."""
    result = found()
    trend = result.trends[0]
    nothing = Spread(math.nan, math.nan, math.nan)
    alone = tuple(each if n == 2 else nothing for n, each in enumerate(trend.plan))
    svg = trend_pictures(result._replace(trends=(trend._replace(plan=alone),)))[0].svg
    dots = re.search(r'<path class="dots first" d="M([\d.]+) [\d.]+h0"/>', svg)
    assert dots is not None
    assert float(dots[1]) == pytest.approx(across(17.5), abs=0.06)
    assert 'class="dots third"' not in svg


def of_lone_weeks() -> PlanResult:
    """A plan of which the second and the fourth week have a value, as of rare incidents; without it none."""
    result = found()
    trend, nothing = result.trends[0], Spread(math.nan, math.nan, math.nan)
    plan = tuple(each if n in (1, 3) else nothing for n, each in enumerate(trend.plan))
    return result._replace(trends=(trend._replace(plan=plan, without=(nothing,) * len(plan)),))


def test_weeks_that_stand_alone_are_no_course_to_draw() -> None:
    result = of_lone_weeks()
    assert trend_pictures(result) == ()
    assert not_drawn_told(result) == (
        "Nothing to draw of phone service level: no two weeks in a row have a value in enough courses."
    )
    assert not_drawn_told(found(planned(targets=TARGETS[:1]))) == ""


def test_without_charts_there_is_no_legend_and_a_picture_of_what_there_is() -> None:
    shown = brief(found=of_lone_weeks())
    page = plan_page(shown)
    assert "Nothing to draw of phone service level" in page
    assert 'class="key ' not in page
    assert "By week; axes" not in page
    svg = ElementTree.fromstring(plan_svg(shown))
    _, _, wide, high = map(float, svg.attrib["viewBox"].split())
    assert high < wide
    assert "Nothing to draw of" in plan_svg(shown)


def test_marks_are_explained_where_there_are_some() -> None:
    assert [label for _, label in legend(found())][-1] == "a lever comes into force"
    assert "a lever comes into force" not in [label for _, label in legend(found(planned({})))]
