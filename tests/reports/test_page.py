import re
from collections.abc import Callable
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

import careloop
from reports.blocks import Block
from reports.charts import MOST_CHARTED
from reports.page import page, split
from reports.scorecard import scorecard
from reports.template import unbroken
from sim.experiment import Result
from tests.reports.conftest import Rows, frame

NASTY = [
    "<script>alert(1)</script>",
    "=cmd()|' /C calc'!A0",
    '"><img src=x onerror=alert(1)>',
    "{{ 7 * 7 }}",
    "a & b",
]
VOID = {"meta", "br", "wbr", "img", "link", "input", "hr"}


class Reader(HTMLParser):
    """Collects tags, attributes and text, and checks that tags are closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.open: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def read(text: str) -> Reader:
    reader = Reader()
    reader.feed(text)
    reader.close()
    assert not reader.open
    return reader


def text_of(html: str) -> str:
    return " ".join(" ".join(read(html).words).replace("\u00a0", " ").split())


def test_the_page_answers_first_and_explains_later(result: Result) -> None:
    text = text_of(page(result))
    order = [
        "1 of 2 targets is missed: mail service level ≥ 90 % in 4 h each week (held in 40.0 % of weeks, "
        "80 % wanted; over the horizon 88.7 % ± 0.1). Met: phone service level ≥ 80 % in 20 s",
        "Scorecard",
        "97.0 % ± 3.0",
        "1,152 ± 15",
        "Over time",
        "Queue phone",
        "Group callers",
        "Assumptions",
        "2 days from 2026-03-02, local time of Europe/Amsterdam, in intervals of 30 min.",
        "exponential, mean 5 min",
        "Definitions",
        "answered within T, of answered and abandoned (strict)",
        "= answered within T / (answered + abandoned)",
        "Counts go to the interval in which the contact arrived",
        "Where this comes from",
        "version 0.1.0, fast engine",
        "seed 1, 30 replications",
        "SHA-256",
    ]
    place = 0
    for each in order:
        place = text.find(each, place)
        assert place >= 0, each


def test_charts_show_targets_bands_and_what_they_are(result: Result) -> None:
    html = page(result)
    # Load, service level and contacts of two queues, load and people of two groups, by interval and by day.
    assert html.count("<svg") == 2 * (3 + 3 + 1 + 1)
    assert html.count('class="level"') == 2 * 2
    assert "target 80" in html
    ids = re.findall(r'id="([^"]+)"', html)
    assert len(ids) == len(set(ids)) == 2 * html.count("<svg")


@pytest.mark.parametrize("name", NASTY)
def test_names_from_data_stay_text(renamed: Callable[[str], Result], name: str) -> None:
    html = page(renamed(name))
    reader = read(html)
    assert not {"script", "img"} & set(reader.tags)
    assert not [key for key, _ in reader.attributes if key.startswith("on")]
    assert name in "".join(reader.words)
    assert "49" not in re.findall(r"<h1>(.*?)</h1>", html)[0]


def test_the_page_needs_no_network_and_no_clock(result: Result) -> None:
    html = page(result)
    assert not re.search(r"https?:|src=|href=|@import|url\(", html)
    assert "default-src 'none'" in html
    assert page(result) == html


@pytest.mark.parametrize("name", ["abc\u202edef", "\u2067x", "שירות 24", "خدمة العملاء"])
def test_names_from_right_to_left_leave_their_neighbours_in_order(
    renamed: Callable[[str], Result], name: str
) -> None:
    """No mark of direction is left of the name's own, and isolates of ours are closed within each text."""
    html = page(renamed(name))
    assert not re.search("[\u061c\u200e\u200f\u202a-\u202e\u2066\u2067]", html)
    for words in read(html).words:
        assert words.count("\u2068") == words.count("\u2069")
    letters = re.compile("[\u0590-\u06ff]")
    assert not letters.search(re.sub("\u2068[^\u2069]*\u2069", "", html)), "all of them are isolated"
    assert re.search(r"<h1><bdi>", html)


def test_what_was_asked_comes_before_the_answer(result: Result) -> None:
    text = text_of(page(result))
    order = [
        text.find(words)
        for words in (
            "When 2 days from Mon 2 Mar 2026",
            "Targets phone service level ≥ 80 %",
            "1 of 2 targets",
        )
    ]
    assert order == sorted(order)
    assert order[0] > 0


def test_a_formula_stands_beside_the_simulation(result: Result) -> None:
    text = text_of(page(result))
    beside = text[text.find("Beside a formula") : text.find("Over time")]
    assert "phone Erlang A" in beside
    assert "82.4 % ± 0.6" in beside
    assert "mail Backlog recursion" in beside
    assert "Approximated: its work: a flow, of means alone." in beside


def test_a_table_of_many_columns_is_several(result: Result) -> None:
    block = scorecard(result).blocks[0]
    wide = Block(
        "Queues",
        tuple(f"q{n}" for n in range(20)),
        tuple(row._replace(cells=row.cells[:1] * 20) for row in block.rows),
    )
    parts = split(wide)
    assert [len(part.columns) for part in parts] == [5, 5, 5, 5]
    assert sum((part.columns for part in parts), ()) == wide.columns
    assert all(len(row.cells) == 5 for part in parts for row in part.rows)
    assert split(block) == (block,)


def test_the_page_of_the_baseline_is_small_and_stands_alone(result: Result) -> None:
    """Everything of the real scenario but its figures, which are those of a year at its longest."""
    baseline = careloop.load(Path(__file__).parents[2] / "scenarios" / "library" / "care_loop_baseline.yaml")
    names = {f"q{i}": q for i, q in enumerate(baseline.queues)} | {
        f"g{i}": g for i, g in enumerate(baseline.groups)
    }
    rows = [(m, s, names[n], *rest) for m, s, n, *rest in year() if n in names]
    html = page(result._replace(scenario=baseline, intervals=frame(rows), days=None))
    assert len(html.encode()) < 3_000_000
    queues, groups = (min(len(each), MOST_CHARTED) for each in (baseline.queues, baseline.groups))
    assert html.count("<svg") == 2 * (queues * 4 + groups * 2)
    assert not re.search(r"https?:|src=|href=|@import|url\(", html)


def test_one_replication_says_that_there_is_no_interval(without_interval: Result) -> None:
    text = text_of(page(without_interval))
    assert "1 replication, hence no interval" in text
    assert "seed 1, 1 replication " in text


def test_nothing_measured_over_time_leaves_the_charts_out(result: Result) -> None:
    assert "Over time" not in page(result._replace(intervals=frame([]), days=None))


QUEUE_MEASURES = ("offered", "handled", "aht", "service_level", "mean_queue")


def year() -> Rows:
    """A year of days and the profile of a week, for one queue and one group."""
    days = [(date(2026, 1, 1) + timedelta(days=n)).isoformat() for n in range(365)]
    week = [
        f"{d} {h:02d}:{m:02d}"
        for d in ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
        for h in range(24)
        for m in (0, 30)
    ]
    return [
        (measure, scope, name, label, 0.123 + n % 7 / 10, 0.01, 0.1 + n % 7 / 10, 0.15 + n % 7 / 10, "")
        for scope, names, measures in (
            ("queue", [f"q{i}" for i in range(30)], QUEUE_MEASURES),
            ("group", [f"g{i}" for i in range(30)], ("on_duty", "occupancy")),
        )
        for name in names
        for measure in measures
        for n, label in enumerate(days + week)
    ]


def test_a_year_of_thirty_queues_stays_small(result: Result) -> None:
    known = result.scenario
    queues = {f"q{i}": known.queues["phone"] for i in range(30)}
    groups = {
        f"g{i}": known.groups["callers"].model_copy(update={"skills": ((f"q{i}",),)}) for i in range(30)
    }
    streams = {f"s{i}": known.streams["calls"].model_copy(update={"queue": f"q{i}"}) for i in range(30)}
    scenario = known.model_copy(update={"queues": queues, "groups": groups, "streams": streams})
    html = page(result._replace(scenario=scenario, intervals=frame(year())))
    assert len(html.encode()) < 1_500_000
    text = text_of(html)
    assert "Load and staff , by day" in text
    assert "in an average week" in text
    assert "Not drawn, to keep this page short: q6, q7" in text


def test_numbers_and_units_stay_on_one_line() -> None:
    assert unbroken("82.4 % ± 0.6 in 20 s of 3") == "82.4\u00a0% ±\u00a00.6 in 20\u00a0s of 3"
    assert unbroken("19 Jan to 3 May, 4 Marches") == "19\u00a0Jan to 3\u00a0May, 4 Marches"
