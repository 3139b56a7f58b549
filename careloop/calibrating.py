"""From an export to a scenario: opens facts, observes, fits, and writes the text of the file."""

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from calibration.facts.facts import Facts
    from calibration.fitted import Fitted
    from calibration.observed import Period
    from calibration.scenario import Meant
    from calibration.scenario_text import Origin

DAYS: Final = 28
FEWEST: Final = 30  # contacts
Tell = Callable[[str], None]


class Export(NamedTuple):
    """What is read, and how: options of both commands that are checked already."""

    paths: tuple[Path, ...]
    format: str
    by: tuple[str, ...]
    time_zone: str | None
    country: str | None
    keep_names: bool
    salt: str | None = None


class Calibration(NamedTuple):
    """A scenario made of an export: its data, its text, and the fits behind it."""

    fitted: "Fitted"
    data: dict[str, Any]
    text: str
    origin: "Origin"
    notes: tuple[str, ...]
    rejected: int


def open_facts(
    export: Export, since: datetime.date | None, until: datetime.date | None, tell: Tell
) -> "Facts":
    """Read the export; raises ``ReadingError``."""
    from calibration.facts.read import read_facts

    return read_facts(
        export.paths,
        export.format,
        time_zone=export.time_zone,
        keep_names=export.keep_names,
        salt=export.salt,
        since=since,
        until=until,
        progress=tell,
    )


def file_names(export: Export) -> tuple[str, ...]:
    """The names of an export's files, without folders, each on one line."""
    from scenarios.safe_text import on_one_line

    return tuple(" ".join(on_one_line(path.name).split()) for path in export.paths)


def origin_of(facts: "Facts", export: Export) -> "Origin":
    """What a scenario says of its source: names of files, without folders."""
    from calibration.scenario_text import Origin

    return Origin(file_names(export), export.format, facts.rows, sum(facts.rejected.values()), facts.silent)


def calibrate(facts: "Facts", export: Export, period: "Period", tell: Tell) -> Calibration:
    """Make a scenario of the contacts of a period, for the four weeks after it.

    Raises ``ValueError`` where the period has no contacts that wanted an agent, and ``ScenarioError`` if the
    scenario cannot be used.
    """
    from calibration.fitted import fit
    from calibration.from_intervals import fit_intervals
    from calibration.observed import observe
    from calibration.scenario import usual_scenario
    from calibration.scenario_text import scenario_text
    from scenarios import from_dict

    meant = meant_for(period, facts.time_zone)
    first = (meant.start - period.last).days
    ahead = (first, first + DAYS - 1)
    if facts.contacts is None:
        fitted = fit_intervals(facts, export.by, period, ahead, export.country, tell)
    else:
        fitted = fit(observe(facts, export.by, period, tell), ahead, export.country, tell)
    refuse_too_few(sum(each.stream.contacts for each in fitted.streams))
    origin = origin_of(facts, export)
    name = f"Calibrated on {period}"
    data = usual_scenario(fitted, meant, name, f"Usual weeks as {', '.join(origin.files)} has them.")
    from_dict(data)
    return Calibration(
        fitted,
        data,
        scenario_text(data, fitted, origin),
        origin,
        (*facts.notes, *holiday_notes(fitted)),
        sum(facts.rejected.values()),
    )


def holiday_notes(fitted: "Fitted") -> tuple[str, ...]:
    """What is said of holidays ahead of which the period tells nothing."""
    unknown = fitted.unknown_holidays()
    if not unknown:
        return ()
    listed = ", ".join(f"{day} ({name})" for day, name in unknown.items())
    return (f"no open holiday in the period tells what these will be like, so they are usual days: {listed}",)


def refuse_too_few(contacts: int) -> None:
    """Refuse an export from which nothing can be learned. Raises ``ValueError``."""
    if contacts < FEWEST:
        raise ValueError(
            f"the period has {contacts:,} contacts that wanted an agent, and a calibration takes {FEWEST} at "
            "least; some weeks of them tell how weekdays differ"
        )


def meant_for(period: "Period", time_zone: str) -> "Meant":
    """Four weeks from the Monday after the period."""
    from calibration.scenario import Meant

    after = period.last + datetime.timedelta(1)
    start = after + datetime.timedelta(-after.weekday() % 7)
    return Meant(start, DAYS, time_zone)
