from reports.charts import draw
from sim.experiment import Result
from tests.reports.conftest import Rows, frame


def team(measure: str, values: list[float]) -> Rows:
    return [
        (measure, "group", "callers", f"2026-03-02T{8 + n:02d}:00:00+01:00", v, 0.1, v - 0.1, v + 0.1, "")
        for n, v in enumerate(values)
    ]


def test_each_queue_and_group_has_its_panel_in_the_order_of_the_file(result: Result) -> None:
    drawn = draw(result)
    assert [(panel.scope, panel.name) for panel in drawn.panels] == [
        ("queue", "phone"),
        ("queue", "mail"),
        ("group", "callers"),
        ("group", "writers"),
    ]
    assert [picture.what for picture in drawn.panels[0].pictures] == [
        f"{what}-by-{over}" for what in ("load", "service-level", "contacts") for over in ("interval", "day")
    ]
    assert drawn.left_out == ()


def test_the_legend_says_what_is_drawn(result: Result) -> None:
    load, level, contacts = draw(result).panels[0].pictures[::2]
    assert load.legend == (("first", "offered load (Erlangs)"), ("second", "agents on duty"))
    assert contacts.legend == (("first", "offered"), ("second", "handled"))
    assert level.legend == (("first with-band", "mean and 95 % interval"), ("level", "target 80 % in 20 s"))
    sure = [(*row[:5], 0.0, row[4], row[4], "") for row in team("occupancy", [0.5, 0.6])]
    rows = frame([*team("on_duty", [5.0, 5.0]), *sure])
    occupancy = draw(result._replace(intervals=rows, days=None)).panels[-1].pictures[1]
    assert occupancy.legend == (("first", "mean"),), "known for sure: no band to explain"


def test_a_chart_tells_its_range_to_those_who_cannot_see_it(result: Result) -> None:
    level = draw(result).panels[0].pictures[2]
    assert (
        '<title id="queue0-service-level-interval-t">phone: Service level, by interval of 30 min' in level.svg
    )
    assert "mean: from 73.2 % to 87.4 %" in level.svg


def test_occupancy_of_those_who_finish_late_is_not_drawn(result: Result) -> None:
    rows = team("on_duty", [5.0, 5.0, 0.01]) + team("occupancy", [0.6, 0.7, 1.0])
    drawn = draw(result._replace(intervals=frame(rows), days=None))
    panel = next(p for p in drawn.panels if p.name == "callers")
    occupancy = next(p for p in panel.pictures if p.title == "Occupancy")
    assert "from 60 % to 70 %" in occupancy.svg


def test_a_day_alone_needs_no_chart_by_day(result: Result) -> None:
    one = result._replace(days=frame([]))
    assert {p.what.rpartition("-")[2] for panel in draw(one).panels for p in panel.pictures} == {"interval"}


def test_who_waits_for_deferred_work_is_a_backlog(result: Result) -> None:
    rows: Rows = [
        ("mean_queue", "queue", q, "2026-03-02T08:00:00", 3.0, 0.1, 2.8, 3.2, "") for q in ("phone", "mail")
    ]
    panels = draw(result._replace(intervals=frame(rows), days=None)).panels
    assert [picture.what for panel in panels for picture in panel.pictures] == [
        "waiting-by-interval",
        "backlog-by-interval",
    ]


def test_few_points_are_marked_and_two_days_are_named(result: Result) -> None:
    by_day = draw(result).panels[0].pictures[1].svg
    assert 'class="dots first"' in by_day
    assert ">Mon 2<" in by_day
    assert ">Tue 3<" in by_day
    assert 'class="dots' not in draw(result).panels[0].pictures[0].svg
