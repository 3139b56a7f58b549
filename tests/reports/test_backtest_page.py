"""The page, the tables, the JSON and the folder of a back-test."""

import csv
import json
import math
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from reports.backtest_charts import ACTUAL, OUTSIDE, charted, day_panels
from reports.backtest_folder import write_backtest
from reports.backtest_page import backtest_page
from reports.backtest_scores import best_of, coverage_cell, error_text, scores_of, wins
from reports.backtest_shown import MEASURES, BacktestShown, Mode, Series
from reports.backtest_tables import backtest_json, scores_table
from reports.run_folder import FolderError
from tests.reports.shown import STREAMS, backtest, days, mode
from tests.reports.test_harmless import NAMES
from tests.reports.test_page import read, text_of

NAN = math.nan


def test_the_page_judges_first_and_shows_later() -> None:
    text = text_of(backtest_page(backtest()))
    order = [
        "Back-test of the helpline",
        "Trained on 1 Jan to 28 Feb 2026",
        "Tested on 2 to 27 Mar 2026",
        "answered within 20 s, of answered and abandoned; threshold 20 s",
        "Trust it for daily volume",
        "Fri 13 Mar: half of the agents",
        "Scores by day Volume as forecast",
        "The error of the simulation is the smallest in 10 of 12 rows.",
        "simulation last week repeated Erlang A Erlang C",
        "Contacts offered Orders 20 944",
        "Average speed of answer",
        "Volume as it came",
        "Day by day",
        "By interval of the day",
        "How it was done",
        "Staffing is that of the agents seen",
    ]
    places = [text.find(part) for part in order]
    assert -1 not in places, order[places.index(-1)]
    assert places == sorted(places)


def test_the_smallest_error_of_a_row_is_bold() -> None:
    html = backtest_page(backtest())
    row = re.search(r"<tr><th[^>]*><bdi>Orders</bdi></th><td>20</td><td>73.*?</tr>", html)
    assert row
    assert re.findall(r"<b>(.*?)</b>", row[0].replace("\u00a0", " ")) == ["6.90 pp"]
    assert best_of([3.0, 2.0, NAN, 2.0]) == {1, 3}
    assert best_of([3.0, NAN]) == set(), "with nothing beside it, it is not the best"
    assert best_of([NAN, NAN]) == set()


@pytest.mark.parametrize(
    ("share", "text", "style", "mark"),
    [
        (0.699, "69.9 %", "missed", "too low"),
        (0.7, "70 %", "open", "low"),
        (0.7999, "79.9 %", "open", "low"),
        (0.8, "80 %", "", ""),
        (0.97, "97 %", "", ""),
        (0.98, "98 %", "open", "wide"),
        (NAN, "–", "", ""),
    ],
)
def test_coverage_out_of_bounds_is_marked(share: float, text: str, style: str, mark: str) -> None:
    cell = coverage_cell(share)
    assert (cell.text, cell.style, cell.mark) == (text, style, mark)


def test_errors_are_in_the_unit_of_their_measure() -> None:
    found = [
        error_text(*each) for each in ((0.0242, "share"), (0.46, "share"), (16.3, "s"), (53.31, "contacts"))
    ]
    assert found == ["2.42 pp", "46.0 pp", "16.3 s", "53.3"]
    assert error_text(NAN, "s") == "–"


def test_a_baseline_that_says_nothing_of_a_measure_has_a_dash() -> None:
    table = scores_of(backtest().modes[0].scores)
    assert table.errors == ("simulation", "last week repeated", "Erlang A", "Erlang C")
    offered = table.groups[0]
    assert offered.title == "Contacts offered"
    assert [cell.text for cell in offered.rows[0].errors][2:] == ["–", "–"]
    assert wins(backtest().modes[0].scores) == (10, 12)


def dots(panel_svg: str) -> dict[str, int]:
    return {
        style: data.count("h0") for style, data in re.findall(r'class="dots (\w+)" d="([^"]*)"', panel_svg)
    }


def test_days_outside_of_their_interval_are_seen() -> None:
    n = len(days())
    actual = np.where(np.arange(n) < 3, 9.0, 5.0)
    actual[-1] = NAN
    flat = [np.full(n, value) for value in (5.0, 4.0, 6.0)]
    one = Series("Orders", "asa", "s", days(), actual, *flat)
    panels = day_panels(Mode("as forecast", 0.9, (), (one,)), "m")
    picture = panels[0].pictures[0]
    assert dots(picture.svg) == {"actual": n - 4, "outside": 3}
    assert [label for _, label in picture.legend][1:] == [ACTUAL, OUTSIDE]
    assert picture.svg.count('class="line first"') == picture.svg.count('class="band first"') == 1
    line = re.search(r'class="line first" d="([^"]*)"', picture.svg)
    assert line
    assert line[1].count("M") == 4, "a line does not cross a weekend"


def test_without_an_interval_nothing_is_outside() -> None:
    n = len(days())
    bare = [np.full(n, NAN), np.full(n, NAN)]
    one = Series("Orders", "aht", "s", days(), np.full(n, 9.0), np.full(n, 5.0), *bare)
    picture = day_panels(Mode("", 0.9, (), (one,)), "m")[0].pictures[0]
    assert "band" not in picture.svg
    assert dots(picture.svg) == {"actual": n}


def test_the_largest_streams_are_drawn_and_the_others_named() -> None:
    template = mode("volume as forecast")
    names = [f"q{n}" for n in range(9)]
    scores = tuple(template.scores[0]._replace(stream=q, actual=float(n)) for n, q in enumerate(names))
    series = tuple(template.series[0]._replace(stream=q) for q in names)
    many = Mode("volume as forecast", 0.9, scores, series)
    assert charted(many) == ("q3", "q4", "q5", "q6", "q7", "q8")
    text = text_of(backtest_page(backtest()._replace(modes=(many,))))
    assert "Not drawn, to keep this page short: q0, q1, q2." in text
    assert "By interval of the day" not in text


@pytest.mark.parametrize("name", NAMES)
def test_text_of_an_export_stays_text(name: str, tmp_path: Path) -> None:
    html = backtest_page(backtest(name))
    reader = read(html)
    assert not {"script", "img"} & set(reader.tags)
    assert not [key for key, _ in reader.attributes if key.startswith("on")]
    assert "49" not in re.findall(r"<h1>(.*?)</h1>", html)[0]
    backtest_json(backtest(name)).encode("ascii")


@pytest.mark.parametrize("name", NAMES)
def test_no_spreadsheet_runs_a_name(name: str, tmp_path: Path) -> None:
    whole = mode(name)
    hostile = whole._replace(
        name=name,
        scores=tuple(s._replace(stream=name, errors_of={name: 1.0}) for s in whole.scores),
        series=tuple(s._replace(stream=name) for s in whole.series),
    )
    out = write_backtest(tmp_path / "b", backtest()._replace(modes=(hostile,)))
    for file in out.glob("*.csv"):
        text = file.read_text(encoding="utf-8")
        assert all(c.isprintable() or c in "\n\u00a0" for c in text)
        for row in csv.reader(text.splitlines()):
            assert not [c for c in row if re.match(r"[\s\u00a0]*[=+@＝]", c)]


def test_the_page_is_well_formed_stands_alone_and_is_the_same_again() -> None:
    html = backtest_page(backtest())
    reader = read(html)
    ids = [value for name, value in reader.attributes if name == "id"]
    assert len(ids) == len(set(ids)) == 2 * html.count("<svg")
    assert html.count("<svg") == 2 * 2 * len(STREAMS) * len(MEASURES)
    assert not re.search(r"https?:|src=|href=|@import|url\(", html)
    assert "default-src 'none'" in html
    assert html == backtest_page(backtest())


def nothing() -> BacktestShown:
    """A back-test of which nothing could be told."""
    n = len(days())
    void = [np.full(n, NAN)] * 4
    scored = mode("volume as forecast").scores[0]
    empty = scored._replace(actual=NAN, simulated=NAN, coverage=NAN, error=NAN, bias=NAN, errors_of={})
    return backtest()._replace(
        modes=(Mode("volume as forecast", NAN, (empty,), (Series("Orders", "asa", "s", days(), *void),)),)
    )


def test_what_is_not_known_is_a_dash_and_null() -> None:
    html = backtest_page(nothing())
    assert "nan" not in html.replace("finance", "")
    assert "<svg" not in html
    found = json.loads(backtest_json(nothing()))["modes"][0]
    assert found["coverage"] is None
    assert found["scores"][0]["error"] is None
    assert found["series"][0]["mean"] == [None] * len(days())


def test_json_has_what_its_description_says() -> None:
    whole = json.loads(backtest_json(backtest()))
    said = set(re.findall(r"`(\w+)`", backtest_json.__doc__ or ""))
    one = whole["modes"][0]
    keys = {*whole, *whole["source"], *one, *one["scores"][0], *one["series"][0], *one["profiles"][0]}
    assert keys - {"stream"} <= said
    assert said <= keys
    assert len(one["series"][0]["days"]) == len(one["series"][0]["low"]) == len(days())
    assert one["scores"][1]["errors_of"]["Erlang C"] > one["scores"][1]["error"]


def test_the_folder_has_page_and_tables_and_is_the_same_again(tmp_path: Path) -> None:
    first = write_backtest(tmp_path / "a", backtest(), wall_time_s=1.0, beside={"scenario.yaml": b"x"})
    again = write_backtest(tmp_path / "b", backtest(), wall_time_s=2.0, beside={"scenario.yaml": b"x"})
    names = {each.name for each in first.iterdir()}
    assert names == {
        "report.html", "scores.csv", "series.csv", "profiles.csv", "scenario.yaml", "manifest.json",
    }  # fmt: skip
    for name in names - {"manifest.json"}:
        assert (first / name).read_bytes() == (again / name).read_bytes()
    scores = pd.read_csv(first / "scores.csv")
    assert len(scores) == len(scores_table(backtest())) == 2 * 2 * len(STREAMS) * len(MEASURES)
    assert set(scores["by"]) == {"day", "interval"}
    assert scores["error of Erlang A"].isna().sum() == len(scores) / 2
    series = pd.read_csv(first / "series.csv")
    assert len(series) == 2 * len(STREAMS) * len(MEASURES) * len(days())
    assert series["actual"].tolist()[: len(days())] == backtest().modes[0].series[0].actual.tolist()


def test_pictures_come_with_their_names(tmp_path: Path) -> None:
    short = backtest()._replace(
        modes=tuple(m._replace(series=m.series[:1], profiles=m.profiles[1:2]) for m in backtest().modes)
    )
    out = write_backtest(tmp_path / "a", short, with_png=True)
    assert sorted(each.name for each in (out / "charts").glob("*.png")) == [
        "orders-offered-by-day.png",
        "orders-service-level-by-time.png",
        "volume-as-it-came-orders-offered-by-day.png",
        "volume-as-it-came-orders-service-level-by-time.png",
    ]


def test_a_back_test_may_be_replaced_but_nothing_of_others_is_lost(tmp_path: Path) -> None:
    out = write_backtest(tmp_path / "a", backtest())
    write_backtest(out, backtest())
    (out / "notes.md").write_text("mine", encoding="utf-8")
    with pytest.raises(FolderError, match="holds more than a run"):
        write_backtest(out, backtest())
    assert (out / "notes.md").exists()
