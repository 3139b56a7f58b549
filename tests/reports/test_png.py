import re
import struct
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from reports.charts import draw
from reports.page import page
from reports.png import alone, chart_styles, png_files, safe_name
from sim.experiment import Result

CSS = (Path(__file__).parents[2] / "reports" / "page.css").read_text(encoding="utf-8")


def size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    wide, high = struct.unpack(">II", png[16:24])
    return int(wide), int(high)


@pytest.mark.verify
def test_every_chart_of_the_page_is_a_picture_and_the_same_bytes_again(result: Result) -> None:
    files = list(png_files(result))
    assert len(files) == page(result).count("<svg")
    assert len({file.name.lower() for file in files}) == len(files)
    assert "queue-phone-service-level-by-day.png" in {file.name for file in files}
    assert all(size(file.content)[0] == 1600 and size(file.content)[1] > 700 for file in files)
    assert files == list(png_files(result))


def test_a_picture_shows_what_it_is_of(result: Result) -> None:
    """Title, legend and axes are in the picture: it is pasted without the page around it."""
    panel = draw(result).panels[0]
    level = next(p for p in panel.pictures if p.what == "service-level-by-interval")
    root = ElementTree.fromstring(alone(panel, level, "A team", chart_styles(CSS)))
    text = ["".join(each.itertext()) for each in root.iter() if each.tag.endswith("text")]
    assert text[:4] == [
        "phone: Service level",
        "By interval of 30 min. A team",
        "mean and 95 % interval",
        "target 80 % in 20 s",
    ]
    assert {"0%", "75%", "12:00"} <= set(text)


def test_the_styles_of_the_page_hold_without_variables() -> None:
    styles = chart_styles(CSS)
    assert ".chart .line.first { stroke: #1f5fa8; }" in styles
    assert "var(" not in styles
    assert "@media" not in styles
    assert "{" not in re.sub(r"\{[^{}]*\}", "", styles), "whole rules only"


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "../../etc/passwd", "a & b", "\u202eevil", "客服", "x" * 300]
)
def test_names_from_data_make_safe_files_and_stay_text(renamed: Callable[[str], Result], name: str) -> None:
    assert re.fullmatch(r"[a-z0-9]([a-z0-9-]{0,46}[a-z0-9])?", safe_name(name))
    made = renamed(name)
    panel = draw(made).panels[0]
    root = ElementTree.fromstring(alone(panel, panel.pictures[0], made.scenario.name, chart_styles(CSS)))
    assert {each.tag.rpartition("}")[2] for each in root.iter()} <= {
        "svg", "style", "rect", "text", "g", "path", "title", "desc",
    }  # fmt: skip


def test_names_that_look_alike_in_a_file_get_numbers(
    renamed: Callable[[str], Result], small_pictures: None
) -> None:
    stems = {file.name.partition("-load")[0] for file in png_files(renamed("Mail")) if "load" in file.name}
    assert stems == {"queue-mail", "queue-mail-2", "group-mail", "group-writers"}


def test_a_name_without_a_letter_of_ascii_has_a_file_too() -> None:
    assert safe_name("客服") == "unnamed"
    assert safe_name("--Über 24/7--") == "ber-24-7"
