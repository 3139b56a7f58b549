"""A day of a bank's export: counts, waits, patience and staffing against answers worked out by hand."""

import csv
import datetime
import gzip
import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest

import scenarios
from calibration.bank_day import Day, day, main
from calibration.bank_days import Totals, ordinary, working_days
from calibration.bank_export import COLUMNS, Call, read_calls
from calibration.bank_scenario import scenario_data
from calibration.bank_seen import Choices
from calibration.fits.cells import Waits, cells_of, waits_of
from calibration.fits.kaplan_meier import survival
from calibration.fits.quantile_points import mean_of, quantile_points
from calibration.fits.waiting_curve import patience
from calibration.presence import (
    Rule,
    Span,
    after_call_times,
    gaps,
    level,
    merged,
    presence,
    window_means,
)
from calibration.staffing import whole_agents
from sim.experiment import run_scenario

DATE: Final = datetime.date(1999, 1, 19)
NEVER: Final = "0:00:00"


def clock(seconds: int) -> str:
    """A time as the export writes it; after midnight it begins again."""
    at = seconds % 86_400
    return f"{at // 3600}:{at // 60 % 60:02}:{at % 60:02}"


def row(
    came: str, wait: int = 0, service: int = 0, agent: str = "", outcome: str = "AGENT", **other: Any
) -> dict[str, str]:
    """A row of the export: leaves the menu at `came`, waits, is served by `agent`."""
    hours, minutes, seconds = map(int, came.split(":"))
    at = hours * 3600 + minutes * 60 + seconds
    start = at + wait if agent else None
    cells = {
        "vru+line": "AA0101", "call_id": "1", "customer_id": "0", "priority": "2" if wait else "0",
        "type": "PS", "date": "990119", "vru_entry": clock(at - 10), "vru_exit": clock(at), "vru_time": "10",
        "q_start": clock(at) if wait else NEVER, "q_exit": clock(at + wait) if wait else NEVER,
        "q_time": str(wait), "outcome": outcome, "ser_start": NEVER if start is None else clock(start),
        "ser_exit": NEVER if start is None else clock(start + service), "ser_time": str(service),
        "server": agent or "NO_SERVER",
    }  # fmt: skip
    return cells | {key: str(value) for key, value in other.items()}


DAY: Final = (
    row("8:00:00", service=100, agent="A"),
    row("8:00:30", wait=70, service=60, agent="A", type="NW"),  # 8:01:40 to 8:02:40
    row("8:01:00", wait=110, service=50, agent="A"),  # 8:02:50 to 8:03:40, 10 s after the last
    row("8:02:00", wait=30, outcome="HANG"),
    row("8:05:00", outcome="HANG"),  # in the menu
    row("8:06:00", wait=15, outcome="PHANTOM"),
    row("8:29:50", wait=20, service=40, agent="B", type="NE"),  # counts at 8:00, is answered at 8:30
    row("23:59:50", wait=20, service=300, agent="B"),  # taken after midnight
    row("6:30:00", wait=40, outcome="HANG"),  # before opening
)


def write(path: Path, rows: Iterable[dict[str, str]] = DAY, columns: Sequence[str] = COLUMNS) -> Path:
    with (gzip.open if path.suffix == ".gz" else open)(path, "wt", encoding="utf-8", newline="") as stream:
        lines = csv.DictWriter(stream, columns, delimiter="\t", extrasaction="ignore")
        lines.writeheader()
        lines.writerows(rows)
    return path


@pytest.fixture
def calls(tmp_path: Path) -> list[Call]:
    return read_calls(write(tmp_path / "export.tsv.gz"))


@pytest.fixture
def found(calls: list[Call]) -> Day:
    return day(calls, DATE)


def test_rows_become_calls(calls: list[Call]) -> None:
    second, last = calls[1], calls[7]
    assert second == Call(DATE, "NW", 2, 28_830, True, 70, "AGENT", 28_900, 60, "A")
    assert (second.left_s, second.ended_s) == (28_900, 28_960)
    assert last.started_s == 86_400 + 10  # after midnight, counted on
    assert [call.reached_queue for call in calls] == [True] * 4 + [False] * 2 + [True] * 3


def test_counts_and_waits_by_interval(found: Day) -> None:
    """From 08:00: five calls, four answered; waits 0, 70, 110, 20 of the answered and 30 of who hung up."""
    at_8 = next(each for each in found.intervals if each.interval == "08:00")
    assert (at_8.offered, at_8.answered, at_8.abandoned) == (5, 4, 1)
    assert at_8.mean_wait_answered_s == pytest.approx(50.0)
    assert at_8.mean_wait_s == pytest.approx(46.0)
    assert at_8.answered_within_20_s == pytest.approx(2 / 5)
    assert at_8.mean_service_s == pytest.approx(62.5)
    empty = next(each for each in found.intervals if each.interval == "12:00")
    assert (empty.offered, empty.mean_wait_s, empty.agents_seen, empty.busy_hours) == (0, None, 0.0, 0.0)
    assert sum(each.offered for each in found.intervals) == 6
    assert dict(found.left_out) == {
        "ended in the menu": 1,
        "dropped by the system (PHANTOM)": 1,
        "came before 07:00 or after midnight": 1,
    }


def test_staffing_by_interval(found: Day) -> None:
    """A from 8:00:00 to 8:03:40; B from 8:30:10 to 8:30:50 and after midnight. After-call work: 10 s."""
    agents = {each.interval: each.agents_seen for each in found.intervals if each.agents_seen}
    assert agents == {"08:00": pytest.approx(220 / 1800), "08:30": pytest.approx(40 / 1800)}
    assert found.after_call_s == 10.0  # between 8:02:40 and 8:02:50 somebody waited all along
    busy = next(each.busy_hours for each in found.intervals if each.interval == "08:00")
    assert busy == pytest.approx((110 + 70 + 60) / 3600)
    # From 8:00:30 to 8:02:50 somebody waited, 15 s to no end at 8:06:00, then for B twice.
    assert found.while_waited.share == pytest.approx((140 + 15 + 20 + 10) / (17 * 3600))
    assert found.while_waited.at_work == pytest.approx(140 / 185)


def test_streams_by_kind(found: Day) -> None:
    counts = {stream.name: (sum(stream.counts), stream.service_s) for stream in found.streams}
    assert counts == {"information": (1, 60.0), "stock_exchange": (1, 40.0), "regular": (4, 150.0)}
    regular = next(stream for stream in found.streams if stream.name == "regular")
    assert [i for i, n in enumerate(regular.counts) if n] == [4, 67]  # 08:00 and 23:45, by 15 min
    assert mean_of(regular.handle_time) == pytest.approx(160.0, abs=0.1)


def waits(*seen: tuple[float, bool]) -> Waits:
    """Waits in seconds, and whether each ended because the caller gave up."""
    return waits_of(*zip(*seen, strict=True))


def test_survival_by_hand() -> None:
    """Five wait: one gives up at 5, one of four at 10 (the answered at 10 counts), the last at 30."""
    curve = survival(waits((5, True), (10, False), (10, True), (20, False), (30, True)))
    assert list(curve.seconds) == [5, 10, 30]
    assert list(curve.left) == pytest.approx([4 / 5, 3 / 5, 0.0])


def test_patience_goes_on_beyond_the_last_wait() -> None:
    """Two of three give up; 45 s were waited in all, by two who gave up: 22.5 s each from then on."""
    found = patience(waits((5, True), (10, True), (30, False)))
    assert (found.balk, found.seen, found.tail_s) == pytest.approx((0.0, 2 / 3, 22.5))
    quantiles = dict(found.quantiles)
    assert quantiles[0.3] == 5.0
    assert quantiles[round(2 / 3, 4)] == 10.0
    assert quantiles[round(2 / 3 + 1 / 6, 4)] == pytest.approx(10 + 22.5 * math.log(2), abs=0.05)
    assert quantiles[1.0] == pytest.approx(10 + 22.5 * (math.log(100) + 2), abs=0.05)


def test_patience_with_balking_and_a_late_tail() -> None:
    """One of four leaves at once; of the rest, who waited beyond a minute gives the rate of the tail."""
    found = patience(waits((0, True), (30, True), (90, True), (160, False)))
    assert found.balk == pytest.approx(0.25)
    assert found.tail_s == pytest.approx(30 + 100)  # seconds beyond 60, one gave up
    assert dict(found.quantiles)[round(2 / 3, 4)] == 90.0
    with pytest.raises(ValueError, match="nobody gave up"):
        patience(waits((0, True), (10, False)))


def test_survival_of_complete_waits_is_the_plain_share() -> None:
    seconds = np.random.default_rng(1).exponential(100, 500).round()
    curve = survival(waits_of(seconds, np.ones(500)))
    assert list(curve.left) == pytest.approx([(seconds > each).mean() for each in curve.seconds])
    assert curve.seconds[-1] == seconds.max()


WORK: Final = {"A": [Span(0, 100), Span(110, 200), Span(600, 700), Span(2000, 2100)]}
WAITING: Final = level([Span(95, 115), Span(300, 560)], 3000)


@pytest.mark.parametrize(
    ("rule", "spans"),
    [
        (Rule(away_s=300, unseen_s=900), [Span(0, 700), Span(2000, 2100)]),  # 260 s waited in the gap of 400
        (Rule(away_s=259, unseen_s=900), [Span(0, 200), Span(600, 700), Span(2000, 2100)]),
        (Rule(away_s=300, unseen_s=399), [Span(0, 200), Span(600, 700), Span(2000, 2100)]),
        (Rule(away_s=300, unseen_s=1300), [Span(0, 2100)]),
    ],
)
def test_presence_by_hand(rule: Rule, spans: list[Span]) -> None:
    assert presence(WORK, WAITING, rule) == {"A": spans}


def test_after_call_time_is_seen_only_while_somebody_waits() -> None:
    assert [gap.length_s for gap in gaps(WORK["A"])] == [10, 400, 1300]
    assert after_call_times(WORK, WAITING) == [10]
    assert after_call_times(WORK, level([Span(105, 115)], 3000)) == []


def test_services_that_overlap_are_one() -> None:
    spans = [("A", Span(10, 30)), ("B", Span(0, 5)), ("A", Span(0, 15)), ("A", Span(40, 50))]
    assert merged(spans) == {"A": [Span(0, 30), Span(40, 50)], "B": [Span(0, 5)]}


def test_windows_and_whole_agents() -> None:
    assert list(window_means(level([Span(5, 15), Span(0, 20)], 40), 0, 40, 10)) == [1.5, 1.5, 0.0, 0.0]
    assert whole_agents(np.array([0.4, 0.4, 0.4, 2.5])) == [0, 1, 0, 3]  # sums 0.4, 0.8, 1.2, 3.7
    means = np.random.default_rng(2).uniform(0, 9, 68)
    assert abs(sum(whole_agents(means)) - means.sum()) <= 0.5


@pytest.mark.parametrize("seed", range(5))
def test_quantile_points_keep_the_mean(seed: int) -> None:
    times = np.random.default_rng(seed).lognormal(5, 1.2, 300)
    points = quantile_points(cells_of(times))
    assert mean_of(points) == pytest.approx(times.mean(), rel=1e-3)
    assert dict(points)[0.5] == pytest.approx(np.median(times), rel=0.02)
    assert [x for _, x in points] == sorted(x for _, x in points)


def test_agents_take_what_they_were_seen_taking(calls: list[Call]) -> None:
    """A took regular calls and one for information, B regular ones and one of the stock exchange."""
    found = day(calls, DATE, Choices(skills=True))
    assert [team.streams for team in found.teams] == [
        ("information", "regular"),
        ("regular", "stock_exchange"),
    ]
    groups = scenarios.from_dict(scenario_data(found)).groups
    assert sorted(groups) == ["team_1", "team_2"]


def test_ordinary_day_is_the_closest_to_the_medians() -> None:
    """Of five days with calls in every hour; the third is the median in all three figures."""
    days = [_totals(n, share) for n, share in ((100, 0.1), (110, 0.3), (120, 0.2), (130, 0.25), (140, 0.15))]
    assert ordinary(days) == days[2].date
    with pytest.raises(ValueError, match="no working day"):
        ordinary([each._replace(whole=False) for each in days])


def _totals(offered: int, abandonment: float) -> Totals:
    return Totals(datetime.date(1999, 1, offered // 10), offered, abandonment, 1.5 * offered, True)


def test_only_sunday_to_thursday_are_working_days(tmp_path: Path) -> None:
    dates = [f"9901{n}" for n in range(17, 24)]  # a Sunday to a Saturday
    rows = [row("9:00:00", service=9, agent="A", date=date) for date in dates]
    found = working_days(read_calls(write(tmp_path / "week.tsv", rows)))
    assert [each.date.day for each in found] == [17, 18, 19, 20, 21]
    assert not any(each.whole for each in found)


def test_folder_is_written_and_runs_from_where_it_lies(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export, out = write(tmp_path / "export.tsv"), tmp_path / "out"
    for _ in range(2):  # the second time over the first
        assert main([str(export), "--date", "1999-01-19", "--out", str(out)]) == 0
    assert "scenario.yaml and observed.csv of 1999-01-19" in capsys.readouterr().out
    export.unlink()
    scenario = scenarios.load(out / "scenario.yaml")
    text = (out / "scenario.yaml").read_text(encoding="utf-8")
    assert "acknowledgement to A. Mandelbaum" in text
    assert max(map(len, text.splitlines())) <= 140
    counts = run_scenario(scenario, replications=40, seed=1).counts
    offered = counts[counts["scope"] == "queue"]["offered"].to_numpy(float)
    assert abs(offered.mean() - 6) <= 4 * math.sqrt(6 / 40)  # Poisson; wrong once in 16,000 seeds
    with (out / "observed.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert [each["interval"] for each in rows][:3] == ["07:00", "07:30", "08:00"]
    assert rows[2]["mean_wait_s"] == "46.0"
    assert rows[3]["mean_wait_s"] == ""


WRONG: Final[dict[str, tuple[dict[str, Any], str]]] = {
    "outcome": ({"outcome": "LOST"}, "3: error: outcome: 'LOST' is none of AGENT, HANG, PHANTOM"),
    "clock": ({"q_exit": "8.30"}, "3: error: q_exit: '8.30' is no time h:mm:ss"),
    "hour": ({"vru_exit": "31:00:00"}, "3: error: vru_exit: '31:00:00' is no time"),
    "date": ({"date": "1999-01-19"}, "3: error: date: '1999-01-19' is not written yymmdd"),
    "no such date": ({"date": "990231"}, "3: error: "),
    "count": ({"ser_time": "-4"}, "3: error: ser_time: '-4' is no whole number"),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_rows_are_told_by_their_lines(
    case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cells, message = WRONG[case]
    export = write(tmp_path / "export.tsv", [DAY[0], DAY[1] | cells, DAY[2]])
    assert main([str(export)]) == 2
    assert f"{export}:{message}" in capsys.readouterr().err


def _missing_column(folder: Path) -> list[str]:
    return [str(write(folder / "e.tsv", columns=[name for name in COLUMNS if name != "q_start"]))]


def _no_file(folder: Path) -> list[str]:
    return [str(folder / "none.tsv")]


def _no_export(folder: Path) -> list[str]:
    (folder / "picture.tsv.gz").write_bytes(b"\x89PNG")
    return [str(folder / "picture.tsv.gz")]


def _no_records(folder: Path) -> list[str]:
    return [str(write(folder / "e.tsv")), "--date", "1999-01-11", "--out", str(folder / "out")]


def _nobody_answered(folder: Path) -> list[str]:
    rows = [row("9:00:00", wait=20, outcome="HANG")] * 3
    return [str(write(folder / "e.tsv", rows)), "--date", "1999-01-19", "--out", str(folder / "out")]


def _other_files(folder: Path) -> list[str]:
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    return [str(write(folder / "e.tsv")), "--date", "1999-01-19", "--out", str(folder)]


def _not_whole(folder: Path) -> list[str]:
    return [str(write(folder / "e.tsv"))]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (_missing_column, "has no column 'q_start'"),
        (_no_file, "there is no file"),
        (_no_export, "cannot be read"),
        (_no_records, "error: has no records of 1999-01-11"),
        (_nobody_answered, "has no call of 1999-01-19"),
        (_other_files, "which has other files in it"),
        (_not_whole, "no working day with calls in every hour"),
    ],
    ids=lambda each: getattr(each, "__name__", ""),
)
def test_what_cannot_be_used_is_told(
    given: Any, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(given(tmp_path)) == 2
    error = capsys.readouterr().err
    assert message in error
    assert "Traceback" not in error
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "given", [["--date", "1999-01-19"], ["--out", "o"], ["--date", "19 Jan", "--out", "o"]]
)
def test_wrong_options_end_with_2(given: list[str], tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as ended:
        main([str(write(tmp_path / "e.tsv")), *given])
    assert ended.value.code == 2
