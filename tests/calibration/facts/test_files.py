"""A file that is looked through in pieces says the same as one that is read at once."""

from pathlib import Path

import pytest

from calibration.facts.files import inspect
from scenarios.problems import ReadingError

PIECE = 1 << 20


def text_with(path: Path, at: int, what: bytes) -> Path:
    """A text of lines of 100 bytes, with something at a place."""
    line = b"x" * 99 + b"\n"
    data = bytearray(b"a,b\n" + line * 25_000)
    data[at : at + len(what)] = what
    path.write_bytes(bytes(data))
    return path


@pytest.mark.parametrize("at", [PIECE - 2, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE - 1])
def test_letters_across_pieces_are_whole(tmp_path: Path, at: int) -> None:
    source = inspect(text_with(tmp_path / "t.csv", at, "€".encode()))
    assert (source.lines, source.header, source.kind) == (25_001, ("a", "b"), "csv")


@pytest.mark.parametrize("at", [50, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE + 7])
@pytest.mark.parametrize("what", [b"\xfc", b"\xe2\x82", b"\0"])
def test_the_line_of_a_wrong_byte(tmp_path: Path, at: int, what: bytes) -> None:
    path = text_with(tmp_path / "t.csv", at, what)
    with pytest.raises(ReadingError) as caught:
        inspect(path)
    assert caught.value.found[0].line == path.read_bytes()[:at].count(b"\n") + 1


def test_a_letter_that_is_cut_off_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(b"a,b\nc,\xe2\x82")
    with pytest.raises(ReadingError) as caught:
        inspect(path)
    assert caught.value.found[0].line == 2


def test_digests_are_of_what_is_in_a_file(tmp_path: Path) -> None:
    import gzip

    plain, packed = tmp_path / "a.csv", tmp_path / "a.csv.gz"
    plain.write_bytes(b"a,b\n1,2\n")
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert inspect(plain).digest == inspect(packed).digest


def test_lines_that_end_with_cr_alone(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(b"a,b\r1,2\r")
    with pytest.raises(ReadingError, match="end with CR alone"):
        inspect(path)
