"""Ids as pseudonyms: the same id has the same one, and nobody reads the id from it.

A pseudonym is the beginning (64 bits) of the SHA-256 digest of a key and the id. Unless one is given, the key
is the digest of the export: the same export gives the same pseudonyms, and who lacks it cannot try ids out.
This is pseudonymisation, not anonymity: whoever holds the export can.
"""

import hashlib
from collections.abc import Iterable
from typing import Any, Final

import ibis

from calibration.facts.sql import sha256

DIGITS: Final = 16


def key_of(digests: Iterable[bytes], salt: str | None = None) -> str:
    """The key of an export: of its files, in whatever order, or of a text that joins several exports."""
    if salt is not None:
        return hashlib.sha256(b"salt:" + salt.encode()).hexdigest()
    return hashlib.sha256(b"".join(sorted(digests))).hexdigest()


def pseudonym(ident: Any, key: str) -> Any:
    """The pseudonym of a column of ids, 16 hexadecimal digits; null stays null."""
    return sha256(ibis.literal(key).concat(ident)).left(DIGITS)
