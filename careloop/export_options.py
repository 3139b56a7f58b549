"""Options of the commands that read an export, checked before any work is done."""

from pathlib import Path
from typing import NamedTuple

from careloop.calibrating import Export
from careloop.cli import RefusedError


class Asked(NamedTuple):
    """The options as they were written."""

    exports: tuple[Path, ...]
    format: str
    by: str
    time_zone: str | None
    country: str | None
    keep_names: bool
    salt: str | None


def export_of(asked: Asked) -> Export:
    """The export that is asked for; all problems are told together."""
    from calibration.facts.formats import FORMATS
    from calibration.observe.streams import BY
    from scenarios.problems import nearest

    wrong = list[str]()
    if asked.format not in FORMATS:
        wrong.append(f"error: --format: {asked.format!r} is not known{nearest(asked.format, FORMATS)}")
    by = tuple(part.strip() for part in asked.by.split(",") if part.strip())
    for each in by:
        if each not in BY:
            wrong.append(f"error: --by: {each!r} is not known{nearest(each, BY)}")
    if not by:
        wrong.append(f"error: --by: names nothing; allowed: {', '.join(BY)}")
    if wrong:
        raise RefusedError(*wrong)
    return Export(
        tuple(dict.fromkeys(asked.exports)),
        asked.format,
        by,
        asked.time_zone,
        asked.country,
        asked.keep_names,
        asked.salt,
    )
