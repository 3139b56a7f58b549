"""The first sheet as a picture, and lines broken by the widths of its font."""

import re
import struct
import zlib
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from reports.letter_widths import lines_of, widths
from reports.plan_sheet import plan_png, plan_svg
from reports.png import png_of
from tests.reports.plans import brief, planned
from tests.reports.test_harmless import NAMES
from tests.reports.test_plan_page import named, whole
from tests.reports.test_png import size

SVG = "{http://www.w3.org/2000/svg}"


def texts(svg: str) -> list[str]:
    root = ElementTree.fromstring(svg)
    return ["".join(each.itertext()).replace("\u00a0", " ") for each in root.iter(f"{SVG}text")]


def test_the_sheet_says_what_the_page_says() -> None:
    found = " ".join(texts(plan_svg(whole())))
    for words in (
        "A team with a plan",
        "We ask for $6,500 and 25 h of owners' time",
        "Our recommendation",
        "amber 75 % (19–99)",
        "target ≥ 80 % in 20 s",
        "baseline 84.0 % (n = 4)",
        "Day 40, 28 Feb",
        "In force from 2 Feb: new forms; 9 Feb: macros.",
    ):
        assert words in found, words


def test_the_picture_is_a_sheet_of_a4_and_the_same_bytes_again() -> None:
    png = plan_png(whole())
    wide, high = size(png)
    assert high / wide == pytest.approx(297 / 210, rel=0.002)
    assert png == plan_png(whole())


def test_nothing_stands_beyond_the_edges() -> None:
    """Of each text the place, and its width by the font, lie within the sheet; none lies below it."""
    root = ElementTree.fromstring(plan_svg(whole()))
    left, _, wide, high = map(float, root.attrib["viewBox"].split())
    for each in root.findall(f"{SVG}text"):
        bold = "bold" in each.attrib["class"]
        end = float(each.attrib["x"]) + widths(bold).of(each.text or "") * float(each.attrib["font-size"])
        assert left < float(each.attrib["x"]) < end < left + wide - 20, each.text
        assert 0 < float(each.attrib["y"]) < high - 20


@pytest.mark.parametrize("name", [*NAMES, "w" * 3000, "a b " * 900])
def test_names_are_text_alone_and_of_any_length(name: str) -> None:
    svg = plan_svg(brief(named(planned(), name)))
    tags = {each.tag.removeprefix(SVG) for each in ElementTree.fromstring(svg).iter()}
    assert tags <= {"svg", "style", "rect", "text", "path", "circle", "g", "title", "desc"}
    assert len(svg) < 100_000
    assert "\u202e" not in svg


def ink(text: str, bold: bool) -> float:
    """How wide text of size 20 is drawn: from the first dark column to the last."""
    weight = 600 if bold else 400
    png = png_of(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="260" height="40"><rect width="100%" height="100%" '
        f'fill="#ffffff"/><text x="8" y="30" font-size="20" font-weight="{weight}" '
        f'font-family="Open Sans">{text}</text></svg>'
    )
    wide, high = size(png)
    data, at = b"", 8
    while at < len(png):
        length, kind = struct.unpack(">I4s", png[at : at + 8])
        data += png[at + 8 : at + 8 + length] if kind == b"IDAT" else b""
        at += length + 12
    raw, each = zlib.decompress(data), 4
    lines, before = [], bytes(wide * each)
    for y in range(high):
        start = y * (wide * each + 1)
        before = _unfiltered(raw[start], bytearray(raw[start + 1 : start + 1 + wide * each]), before, each)
        lines.append(before)
    dark = [x for x in range(wide) if any(line[x * each] < 128 for line in lines)]
    return (dark[-1] - dark[0]) / 2.0  # drawn twice as large


def _unfiltered(kind: int, line: bytearray, above: bytes, each: int) -> bytes:
    """A line of a PNG before it was filtered (PNG specification 1.2, section 6)."""
    for n in range(len(line)):
        left = line[n - each] if n >= each else 0
        up, corner = above[n], above[n - each] if n >= each else 0
        guess = left + up - corner
        nearest = min((left, up, corner), key=lambda value: abs(guess - value))
        line[n] = (line[n] + (0, left, up, (left + up) // 2, nearest)[kind]) % 256
    return bytes(line)


@pytest.mark.parametrize("bold", [False, True])
def test_widths_are_those_of_the_renderer(bold: bool) -> None:
    """Letters without kerning between them; the room beside the first and last is not drawn."""
    for text in ("HHHHHHHHHH", "nnnnnnnnnn", "8888888888"):
        assert widths(bold).of(text) * 20 == pytest.approx(ink(text, bold), rel=0.035)


def test_lines_break_between_words_and_cut_only_what_is_too_wide() -> None:
    text = "The most careful of three cases, and why"
    lines = lines_of(text, 120.0, 12.0)
    assert " ".join(lines) == text
    assert len(lines) > 1
    assert all(widths().of(line) * 12.0 <= 120.0 for line in lines)
    for first, second in pairwise(lines):
        word = second.split(" ")[0]
        assert widths().of(f"{first} {word}") * 12.0 > 120.0  # it would not have fitted
    cut = lines_of("x" * 50, 60.0, 12.0)
    assert "".join(cut) == "x" * 50
    assert all(widths().of(line) * 12.0 <= 60.0 for line in cut)
    assert lines_of("", 60.0, 12.0) == [""]
    assert lines_of("ab", 1.0, 12.0) == ["a", "b"]
    assert lines_of("20\u00a0s more", 40.0, 12.0)[0] == "20\u00a0s"


def test_many_targets_make_a_longer_sheet() -> None:
    targets = [f"phone service level >= {80 + n}% by day {10 + n}" for n in range(14)]
    svg = plan_svg(brief(planned(targets=targets)))
    assert len(re.findall(r"class=\"(?:met|open|missed|none)\" fill-opacity", svg)) == 14
