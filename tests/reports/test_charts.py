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
    ]
    assert [picture.title for picture in drawn.panels[0].pictures] == ["Contacts in 30 min", "Service level"]
    assert drawn.left_out == ()


def test_the_legend_says_what_is_drawn(result: Result) -> None:
    contacts, level = draw(result).panels[0].pictures
    assert contacts.legend == (("first", "offered"), ("second", "handled"))
    assert level.legend == (("first with-band", "mean and 95 % interval"), ("level", "target 80 % in 20 s"))
    alone = draw(result).panels[2].pictures[0]
    assert alone.legend == (("first", "mean"),), "five agents, for sure: no band to explain"


def test_a_chart_tells_its_range_to_those_who_cannot_see_it(result: Result) -> None:
    level = draw(result).panels[0].pictures[1]
    assert (
        '<title id="queue0-service_level-interval-t">phone: Service level, by interval of 30 min' in level.svg
    )
    assert "mean: from 73.2 % to 87.4 %" in level.svg


def test_occupancy_of_those_who_finish_late_is_not_drawn(result: Result) -> None:
    rows = team("on_duty", [5.0, 5.0, 0.01]) + team("occupancy", [0.6, 0.7, 1.0])
    panel = next(p for p in draw(result._replace(intervals=frame(rows))).panels if p.name == "callers")
    occupancy = next(p for p in panel.pictures if p.title == "Occupancy")
    assert "from 60 % to 70 %" in occupancy.svg
