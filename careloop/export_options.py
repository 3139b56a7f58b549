"""Options of the commands that read an export, checked before any work is done."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from careloop.calibrating import Export


class Asked(NamedTuple):
    """The options as they were written."""

    exports: tuple[Path, ...]
    format: str
    by: str
    time_zone: str | None
    country: str | None
    keep_names: bool
    salt: str | None


def wrong_with(asked: Asked) -> list[str]:
    """All that is wrong with the options, a line each."""
    parts = (_formats(asked.format), _facts(_by(asked)), _places(asked), _names(asked), _files(asked.exports))
    return [f"error: {each}" for part in parts for each in part]


def export_of(asked: Asked) -> Export:
    """The export that is asked for by options with which nothing is wrong."""
    return Export(
        tuple(dict.fromkeys(asked.exports)),
        asked.format,
        _by(asked),
        asked.time_zone,
        asked.country,
        asked.keep_names,
        asked.salt,
    )


def _by(asked: Asked) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in asked.by.split(",") if part.strip()))


def _formats(name: str) -> Iterator[str]:
    from calibration.facts.formats import FORMATS
    from scenarios.problems import nearest

    if name not in FORMATS:
        yield f"--format: {name!r} is not known{nearest(name, FORMATS)}"


def _facts(by: tuple[str, ...]) -> Iterator[str]:
    from calibration.observe.streams import BY
    from scenarios.problems import nearest

    yield from (f"--by: {each!r} is not known{nearest(each, BY)}" for each in by if each not in BY)
    if not by:
        yield f"--by: names nothing; allowed: {', '.join(BY)}"


def _places(asked: Asked) -> Iterator[str]:
    if asked.time_zone is not None:
        try:
            ZoneInfo(asked.time_zone)
        except (KeyError, ValueError, OSError):
            yield (
                f"--time-zone: there is no time zone {asked.time_zone!r}; write a name such as "
                "Europe/Amsterdam"
            )
    if asked.country is not None:
        from calibration.fits.special_days import named_holidays

        try:
            named_holidays(asked.country, ())
        except ValueError as error:
            yield f"--holidays: {error}"


def _names(asked: Asked) -> Iterator[str]:
    if asked.salt is not None and asked.keep_names:
        yield "--salt: makes pseudonyms, and with --keep-names there are none; leave out one of the two"


def _files(paths: tuple[Path, ...]) -> Iterator[str]:
    yield from (f"{path}: there is no such file" for path in dict.fromkeys(paths) if not path.exists())
