"""All fits of what was observed: arrivals, handle times, patience, days. A scenario is made of these."""

import datetime
from collections.abc import Callable
from typing import Final, NamedTuple

from calibration.fits.agents import fit_agents
from calibration.fits.arrivals import ArrivalFit, fit_all_arrivals
from calibration.fits.durations import fit_duration
from calibration.fits.fit import Fit
from calibration.fits.holidays_ahead import HolidayAhead
from calibration.fits.length_by_day import LongDays, fit_length_by_day, with_days
from calibration.fits.mixes import fit_times
from calibration.fits.patience import fit_patience
from calibration.observe.overtaking import ranks
from calibration.observe.streams import UNTOLD, Stream
from calibration.observed import Observed
from scenarios.problems import ReadingError

MOST_SEVERITIES: Final = 8


class StreamFits(NamedTuple):
    """What is known of a stream; None where the export does not tell."""

    stream: Stream
    arrivals: ArrivalFit
    handle_time: Fit | None
    long_days: LongDays
    patience: Fit | None
    priority: int  # 0, or below 0 where others go before it


class Fitted(NamedTuple):
    """What was observed, and the fits of it, in the order of the streams."""

    observed: Observed
    streams: tuple[StreamFits, ...]
    agents: Fit | None  # how far their handle times are apart; None where fewer than two are known
    ahead: tuple[int, int]  # days after the last one that the scenario is for
    resolution: dict[str, Fit]  # time to resolution by severity, those with the most cases first

    @property
    def by_priority(self) -> bool:
        return any(each.priority for each in self.streams)

    def holidays_of(self, each: StreamFits) -> tuple[HolidayAhead, ...]:
        """A stream's public holidays in the days ahead, as far as one was asked for a country's."""
        first, last = (self.observed.period.last + datetime.timedelta(days) for days in self.ahead)
        return each.arrivals.parts.holidays(first, last)

    def unknown_holidays(self) -> dict[datetime.date, str]:
        """The names of those that the period tells nothing of, in order."""
        every = (day for each in self.streams for day in self.holidays_of(each))
        return dict(sorted((day.date, day.name) for day in every if day.factor is None))


def fit(
    observed: Observed,
    ahead: tuple[int, int] = (1, 28),
    country: str | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> Fitted:
    """Fit everything; `ahead` are the days after the last one that the scenario is meant for (1 is the next).

    Raises ``ValueError`` for a code of public holidays that is not known.
    """
    tell("arrivals")
    arrivals = fit_all_arrivals(observed.grid, country, ahead=ahead)
    long_days = fit_length_by_day(observed.by_day)
    order = ranks(observed.overtaking) if observed.overtaking else (0,) * len(arrivals)
    mixed = [len(stream.kinds) > 1 for stream in observed.rows.streams]  # they may differ in what goes first
    order = tuple(0 if is_mixed else rank for rank, is_mixed in zip(order, mixed, strict=True))
    found = []
    for stream, arrival, priority in zip(observed.rows.streams, arrivals, order, strict=True):
        tell(f"handle time and patience of {stream.name}")
        found.append(
            StreamFits(
                stream,
                arrival,
                _handle_time(observed, stream.name, long_days[stream.name]),
                long_days[stream.name],
                _patience(observed, stream.name),
                priority,
            )
        )
    return Fitted(observed, tuple(found), _agents(observed), ahead, _resolution(observed))


def _resolution(observed: Observed) -> dict[str, Fit]:
    """Time to resolution by severity; of those with the most cases, where the words for it are many."""
    cells = observed.cases.resolution
    order = sorted(cells, key=lambda name: (-int(cells[name].counts.sum()), name))[:MOST_SEVERITIES]
    return fit_times("time to resolution", {name or UNTOLD: cells[name] for name in order})


def _handle_time(observed: Observed, name: str, long_days: LongDays) -> Fit | None:
    cells = observed.handle[name]
    if not (cells.counts[cells.values_s > 0]).sum():
        return None
    return with_days(fit_duration(f"handle time of {name}", cells), observed.by_day[name], long_days.total_cv)


def _agents(observed: Observed) -> Fit | None:
    try:
        return fit_agents("handle times of agents", observed.agents)
    except ReadingError:
        return None


def _patience(observed: Observed, name: str) -> Fit | None:
    waits = observed.waits[name]
    return fit_patience(f"patience of {name}", waits) if len(waits.values_s) else None
