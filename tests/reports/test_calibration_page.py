"""The page and the folder of a calibration."""

import json
import re
from pathlib import Path

import pytest

from reports.calibration_folder import write_calibration
from reports.calibration_page import calibration_page
from reports.calibration_shown import SourceShown
from reports.run_folder import FolderError
from tests.reports.shown import calibration
from tests.reports.test_harmless import NAMES
from tests.reports.test_page import read, text_of


def test_the_page_warns_first_and_says_last_what_is_assumed() -> None:
    text = text_of(calibration_page(calibration()))
    order = [
        "Calibration of the helpline",
        "helpline_2026-01.csv.gz, helpline_2026-02.csv.gz",
        "Read this first Mon 12 and Tue 13 Jan have no rows",
        "What was read",
        "48,211",
        "37, each with its line and the reason",
        "Summary",
        "Orders 27,310 941 262 s 325 s 8.24 % 31 lognormal + spike",
        "Sales 610 21 188 s – – 3 as observed",
        "Arrivals of Orders",
        "n = 27,310",
        "level 941 contacts a day 903 to 980 contacts a day",
        "Goodness of fit: variance / mean before 14.2; after 1.04.",
        "Spike. 3.4 % of contacts",
        "Heavy censoring. 83 %",
        "What the export cannot tell",
        "After-call work",
        "Assumed",
        "shrinkage: 30 %",
    ]
    places = [text.find(part) for part in order]
    assert -1 not in places, order[places.index(-1)]
    assert places == sorted(places)


def test_every_plot_is_drawn_once_and_named_once() -> None:
    html = calibration_page(calibration())
    assert html.count("<svg") == 5
    ids = re.findall(r'id="([^"]+)"', html)
    assert len(ids) == len(set(ids)) == 10


@pytest.mark.parametrize("name", NAMES)
def test_text_of_an_export_stays_text(name: str) -> None:
    html = calibration_page(calibration(name))
    reader = read(html)
    assert not {"script", "img"} & set(reader.tags)
    assert not [key for key, _ in reader.attributes if key.startswith("on")]
    assert "49" not in re.findall(r"<h1>(.*?)</h1>", html)[0]
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", html)


def test_the_page_needs_no_network_and_no_clock() -> None:
    html = calibration_page(calibration())
    assert not re.search(r"https?:|src=|href=|@import|url\(", html)
    assert "default-src 'none'" in html
    assert html == calibration_page(calibration())


def test_many_warnings_do_not_bury_the_page() -> None:
    shown = calibration()._replace(warnings=tuple(f"warning {n}" for n in range(9)))
    text = text_of(calibration_page(shown))
    assert text.find("And 3 more, below the fits") < text.find("What was read")
    assert text.find("warning 5") < text.find("What was read") < text.find("warning 6")


def test_an_empty_calibration_says_so() -> None:
    empty = calibration()._replace(
        source=SourceShown((), "canonical", "", 0, 0),
        notes=(),
        cannot_tell=(),
        assumed=(),
        warnings=(),
        sections=(),
        tables=(),
    )
    text = text_of(calibration_page(empty))
    for words in (
        "Nothing serious to warn of; what to know of single fits stands beside them.",
        "Nothing that a scenario asks for.",
        "every number of the scenario comes",
    ):
        assert words in text
    assert "Summary" not in text


def test_the_folder_has_the_page_and_pictures_and_is_the_same_again(tmp_path: Path) -> None:
    beside = {"set_aside.csv": b"line,reason\n"}
    first = write_calibration(tmp_path / "a", calibration(), with_png=True, wall_time_s=1.0, beside=beside)
    again = write_calibration(tmp_path / "b", calibration(), with_png=True, wall_time_s=2.0, beside=beside)
    names = sorted(str(p.relative_to(first)) for p in first.rglob("*") if p.is_file())
    charts = [name for name in names if name.startswith("charts")]
    assert len(charts) == 10
    assert "charts/handle-time-of-orders-handle-time.svg" in charts
    assert set(names) - set(charts) == {"report.html", "manifest.json", "set_aside.csv"}
    for name in set(names) - {"manifest.json"}:
        assert (first / name).read_bytes() == (again / name).read_bytes()
    manifest = json.loads((first / "manifest.json").read_text(encoding="utf-8"))
    assert set(manifest["files"]) == set(names) - {"manifest.json"}
    assert manifest["source"]["rows_set_aside"] == 37


def test_a_report_may_be_replaced_but_nothing_of_others_is_lost(tmp_path: Path) -> None:
    out = write_calibration(tmp_path / "a", calibration(), with_png=True)
    write_calibration(out, calibration())
    assert not (out / "charts").exists()
    (out / "notes.md").write_text("mine", encoding="utf-8")
    with pytest.raises(FolderError, match="holds more than a run"):
        write_calibration(out, calibration())
    assert (out / "notes.md").read_text(encoding="utf-8") == "mine"


def test_a_report_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    out = write_calibration(tmp_path / "a", calibration())
    before = (out / "report.html").read_bytes()
    with pytest.raises(FolderError, match="cannot be written"):
        write_calibration(out, calibration("x"), beside={"no/such/folder.csv": b""})
    assert (out / "report.html").read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["a"]
