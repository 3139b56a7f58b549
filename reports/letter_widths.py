"""How wide text is in the font of pictures, so that it can be broken into lines without a browser.

Advance widths are read from the font's own tables (`cmap` of format 4, `hmtx`; OpenType specification 1.9);
kerning is left out, which makes lines a little shorter than they might be.
"""

import struct
from functools import cache
from typing import Final, NamedTuple

_UNICODE: Final = (3, 1)  # platform and encoding of the table of characters
_WIDEST: Final = 0xFFFF


class Widths(NamedTuple):
    """The widths of characters, in parts of the size of letters; all others are as wide as `other`."""

    known: dict[str, float]
    other: float

    def of(self, text: str) -> float:
        """How wide a line of text is, of letters of size 1."""
        return sum(self.known.get(letter, self.other) for letter in text)


@cache
def widths(bold: bool = False) -> Widths:
    """The widths of the font of pictures."""
    from ttf_opensans import OPENSANS_REGULAR, OPENSANS_SEMIBOLD

    font = OPENSANS_SEMIBOLD if bold else OPENSANS_REGULAR
    with open(font.path, "rb") as file:
        return widths_of(file.read())


def widths_of(font: bytes) -> Widths:
    """The widths of a TrueType font."""
    tables = _tables(font)
    size = struct.unpack_from(">H", font, tables[b"head"] + 18)[0]
    count = struct.unpack_from(">H", font, tables[b"hhea"] + 34)[0]
    advances = struct.unpack_from(">" + "Hh" * count, font, tables[b"hmtx"])[::2]
    glyphs = _glyphs(font, tables[b"cmap"])
    known = {chr(code): advances[min(glyph, count - 1)] / size for code, glyph in glyphs.items()}
    return Widths(known, advances[0] / size)


def _tables(font: bytes) -> dict[bytes, int]:
    """Where each table begins."""
    count = struct.unpack_from(">H", font, 4)[0]
    rows = (struct.unpack_from(">4s4xI", font, 12 + 16 * n) for n in range(count))
    return dict(rows)


def _glyphs(font: bytes, cmap: int) -> dict[int, int]:
    """The glyph of each character."""
    count = struct.unpack_from(">H", font, cmap + 2)[0]
    rows = (struct.unpack_from(">HHI", font, cmap + 4 + 8 * n) for n in range(count))
    at = cmap + next(where for platform, encoding, where in rows if (platform, encoding) == _UNICODE)
    segments = struct.unpack_from(">H", font, at + 6)[0] // 2
    ends, starts, deltas, offsets = (
        struct.unpack_from(f">{segments}H", font, at + 14 + part * 2 * segments + (2 if part else 0))
        for part in range(4)
    )
    found: dict[int, int] = {}
    for n in range(segments):
        place = at + 16 + 6 * segments + 2 * n  # of the offset itself
        for code in range(starts[n], min(ends[n], _WIDEST - 1) + 1):
            glyph = code
            if offsets[n]:
                glyph = struct.unpack_from(">H", font, place + offsets[n] + 2 * (code - starts[n]))[0]
            if glyph or not offsets[n]:
                found[code] = (glyph + deltas[n]) % (_WIDEST + 1)
    return found


def lines_of(text: str, wide: float, size: float, bold: bool = False) -> list[str]:
    """Text in lines of at most such a width; a word that is wider is cut."""
    font, found = widths(bold), list[str]()
    for word in text.split(" "):
        first, *rest = _pieces(word, wide / size, font)
        if found and font.of(f"{found[-1]} {first}") * size <= wide:
            found[-1] += f" {first}"
        else:
            found.append(first)
        found += rest
    return found or [""]


def _pieces(word: str, wide: float, font: Widths) -> list[str]:
    """A word in pieces that are no wider; each has a letter at least."""
    found, so_far = [""], 0.0
    for letter in word:
        more = font.of(letter)
        if found[-1] and so_far + more > wide:
            found.append("")
            so_far = 0.0
        found[-1] += letter
        so_far += more
    return found
