"""A file before the database sees it: whole, text in UTF-8, with a header. Read once, in pieces.

What is wrong with a file as such is told here, with the line and the likely cause.
"""

import codecs
import csv
import gzip
import hashlib
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import IO, Final, Literal, NamedTuple, NoReturn, cast

from scenarios.csv_table import DELIMITERS
from scenarios.problems import Finding, ReadingError

Kind = Literal["csv", "json lines", "parquet"]
MOST_COLUMNS: Final = 2_000
_PIECE: Final = 1 << 20
_GZIP: Final = b"\x1f\x8b"
_OTHERS: Final = {
    b"PK\x03\x04": "is a zip archive or an Excel workbook; save the sheet as 'CSV UTF-8', or unpack it",
    b"\xd0\xcf\x11\xe0": "is an old Excel workbook; save the sheet as 'CSV UTF-8'",
    b"%PDF": "is a PDF; export the table as CSV",
    b"\x28\xb5\x2f\xfd": "is packed with zstd; pack it with gzip, or not at all",
    b"BZh": "is packed with bzip2; pack it with gzip, or not at all",
}
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")


class Source(NamedTuple):
    """A file that can be read: its kind, its header (of text), and a digest of what is in it."""

    path: Path
    kind: Kind
    digest: bytes
    header: tuple[str, ...] = ()
    header_line: int = 1
    delimiter: str = ","
    packed: bool = False
    lines: int = 0
    quotes: int = 0  # the characters ", of which a whole CSV file has an even number


def inspect(path: Path) -> Source:
    """Look through a file. Raises ``ReadingError`` with the line at which it is wrong."""
    _refuse_no_file(path)
    with path.open("rb") as file:
        start = file.read(8)
    if not start:
        _refuse(path, "is empty; export it again")
    for magic, said in _OTHERS.items():
        if start.startswith(magic):
            _refuse(path, said)
    if start.startswith(b"PAR1"):
        return Source(path, "parquet", _digest(path))
    return _inspect_text(path, start.startswith(_GZIP))


def opened(source: Source) -> IO[bytes]:
    """The bytes of a text file, unpacked."""
    return cast(IO[bytes], gzip.open(source.path)) if source.packed else source.path.open("rb")


def _refuse_no_file(path: Path) -> None:
    if path.is_dir():
        _refuse(path, "is a folder; name the files in it")
    if path.exists() and not path.is_file():
        _refuse(path, "is a pipe or a device, not a file; save what it gives as a file")
    if not path.exists():
        _refuse(path, "is not there; check the path")


def _digest(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def _inspect_text(path: Path, packed: bool) -> Source:
    seen = _Seen()
    try:
        with closing(gzip.open(path) if packed else path.open("rb")) as file:
            while piece := file.read1(_PIECE):  # not `read`, which loses what came before a sudden end
                seen.add(path, piece)
        seen.end(path)
    except (OSError, EOFError, zlib.error) as error:
        why = (
            "ends in the middle of its gzip stream"
            if isinstance(error, EOFError)
            else f"cannot be read ({error})"
        )
        again = "was cut off on its way? Fetch it again" if packed else "check the disk and your rights"
        lines = f" after {seen.lines:,} whole lines"
        _refuse(path, f"{why}{lines}; {again}", seen.lines)
    header = _header(path, seen.start)
    return header._replace(
        digest=seen.digest.digest(), packed=packed, lines=seen.lines + seen.unfinished, quotes=seen.quotes
    )


class _Seen:
    """What has been seen of a text so far: lines, digest, its beginning."""

    def __init__(self) -> None:
        self.lines = self.quotes = 0
        self.unfinished = False  # the last line has no end
        self.start = ""
        self.digest = hashlib.sha256()
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._first = True

    def add(self, path: Path, piece: bytes) -> None:
        if self._first and piece.startswith(_UTF_16):
            _refuse(path, "is UTF-16 text, as some programs write 'Unicode'; save it as UTF-8", 1)
        self._first = False
        nul = piece.find(b"\0")
        if nul >= 0:
            told = "has a NUL byte: it is no text file, or UTF-16 text; save it as 'CSV UTF-8'"
            _refuse(path, told, self.lines + piece.count(b"\n", 0, nul) + 1)
        text = self._decoded(path, piece)
        if len(self.start) < _PIECE:
            self.start += text
        self.digest.update(piece)
        self.lines += piece.count(b"\n")
        self.quotes += piece.count(b'"')
        self.unfinished = not piece.endswith(b"\n")

    def _decoded(self, path: Path, piece: bytes, last: bool = False) -> str:
        held = len(self._decoder.getstate()[0])
        try:
            return self._decoder.decode(piece, last)
        except UnicodeDecodeError as error:
            at = max(error.start - held, 0)
            line = self.lines + piece.count(b"\n", 0, at) + 1
            byte = error.object[error.start]
            told = (
                f"is not UTF-8 text: byte 0x{byte:02X} stands there. It was probably saved as Windows-1252 "
                "or Latin-1; save it as 'CSV UTF-8'"
            )
            _refuse(path, told, line)

    def end(self, path: Path) -> None:
        self._decoded(path, b"", last=True)


def _header(path: Path, start: str) -> Source:
    """The header of a text: the first line that is not blank, after a mark of byte order or ``sep=;``."""
    if "\n" not in start and start.strip("\r").count("\r"):
        _refuse(path, "has lines that end with CR alone; save it as 'CSV UTF-8'", 1)
    for line, text in enumerate(_lines(start), 1):
        if not text.strip() or (line == 1 and text.lower().startswith("sep=")):
            continue
        if text.lstrip().startswith("{"):
            return Source(path, "json lines", b"", header_line=line)
        if text.lstrip().startswith("["):
            _refuse(path, "is one JSON list; write one object a line (JSON lines)", line)
        return _csv_header(path, text, line)
    _refuse(path, "has nothing but blank lines; export it again")


def _lines(text: str) -> Iterator[str]:
    """Lines of a text, without its mark of byte order and without their ends."""
    yield from (line.removesuffix("\r") for line in text.removeprefix("\ufeff").split("\n"))


def _csv_header(path: Path, text: str, line: int) -> Source:
    cut = {mark: _cells(text, mark) for mark in DELIMITERS}
    mark = max(cut, key=lambda each: len(cut[each]))
    names = tuple(name.strip() for name in cut[mark])
    if len(names) > MOST_COLUMNS:
        told = (
            f"has {len(names):,} columns, and at most {MOST_COLUMNS:,} are read; is it the other way round?"
        )
        _refuse(path, told, line)
    return Source(path, "csv", b"", names, line, mark)


def _cells(text: str, mark: str) -> list[str]:
    try:
        return next(csv.reader([text], delimiter=mark), [])
    except csv.Error:  # one cell longer than the csv module takes
        return [text]


def _refuse(path: Path, said: str, line: int = 0) -> NoReturn:
    raise ReadingError([Finding((), said, file=str(path), line=line)])
