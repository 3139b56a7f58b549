"""Holidays of a calendar: of a country by its code (``NL``, ``US-CA``), or dates of one's own."""

import datetime
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from pydantic import Field

from scenarios.fields import Door, Model, read_map
from scenarios.problems import Gather, nearest, shown
from scenarios.units import date

_CODE = re.compile(r"([A-Za-z]{2,3})(?:-([A-Za-z0-9]{1,5}))?")
_EXAMPLE: Final = "NL, US-CA, a list of dates, or {of: NL, also: [2026-12-24], not: [2026-05-05]}"


class _Written(Model):
    of: Any = None
    also: Any = None
    without: Any = Field(default=None, validation_alias="not")


def read_holidays(seen: object, first: datetime.date, days: int, door: Door) -> tuple[datetime.date, ...]:
    """Return the holidays among some days, and the days beside them, in order; their names are noted."""
    if isinstance(seen, Mapping):
        given = _checked(seen, door)
        return _combined(given, first, days, door)
    if isinstance(seen, str) and _CODE.fullmatch(seen):
        return _combined({"of": seen}, first, days, door)
    return _combined({"also": seen}, first, days, door)


def _checked(seen: Mapping[str, Any], door: Door) -> dict[str, Any]:
    read_map(_Written, dict.fromkeys(seen), door, _EXAMPLE)  # for what it says of unknown keys
    return dict(seen)


def _combined(
    given: Mapping[str, Any], first: datetime.date, days: int, door: Door
) -> tuple[datetime.date, ...]:
    gather, found, dropped = Gather(), set[datetime.date](), set[datetime.date]()
    with gather.at(*(["of"] if "also" in given or "not" in given else [])):
        found |= set(_of_country(given["of"], first, days, door)) if "of" in given else set()
    for key, dates in (("also", found), ("not", dropped)):
        if key in given:
            with gather.at(*([key] if "of" in given or len(given) > 1 else [])):
                dates |= set(_dates(given[key]))
    gather.finish()
    day = datetime.timedelta(days=1)  # the days before and after matter to nights
    return tuple(each for each in sorted(found - dropped) if first - day <= each <= first + days * day)


def _dates(seen: object) -> Iterable[datetime.date]:
    if not isinstance(seen, list | tuple):
        raise ValueError(f"{shown(seen)} is neither a country's code nor dates; write {_EXAMPLE}")
    gather, found = Gather(), list[datetime.date]()
    for i, each in enumerate(seen):
        with gather.at(i):
            day = date(each)
            if day in found:
                raise ValueError(f"names {day} twice; name it once")
            found.append(day)
    gather.finish()
    return found


def _of_country(code: object, first: datetime.date, days: int, door: Door) -> Iterable[datetime.date]:
    """Return the public holidays of a country, and say which; the list is that of the package holidays."""
    import holidays

    match = _CODE.fullmatch(code) if isinstance(code, str) else None
    known = holidays.list_supported_countries()
    country = match[1].upper() if match else ""
    if country not in known:
        raise ValueError(
            f"{shown(code)} is not a country's code such as NL or US-CA{nearest(country, known)}"
        )
    part = match[2].upper() if match and match[2] else None
    if part is not None and part not in known[country]:
        raise ValueError(f"{part!r} is not a part of {country}{nearest(part, known[country])}")
    last = first + datetime.timedelta(days=days)
    named = holidays.country_holidays(country, subdiv=part, years=range(first.year, last.year + 1))
    inside = {day: name for day, name in sorted(named.items()) if first <= day < last}
    listed = ", ".join(f"{day} {name}" for day, name in inside.items()) or "none"
    door.notes.append(f"calendar.holidays: {code} has {listed} among these days")
    return named
