"""Daily numbers as series to compare: what is counted, what it is a share of, which days count."""

from typing import Final, NamedTuple

import numpy as np

from sim.loop.log_linear import WEEK, Bools, Days, Floats, Ints

RETURN_DAYS: Final = 7  # within which customers come back
FEWEST_BEFORE: Final = 7  # days
FEWEST_AFTER: Final = 3
FEWEST_FREEDOM: Final = 6
FEWEST: Final = 10.0  # events of the cause before the change, and expected after it
FEWEST_TIMES: Final = 100.0  # contacts, likewise: a mean time is at the mercy of its longest contacts
_PER_LEVEL: Final = 10.0  # events from which on each weekday has a level of its own

Numbers = Ints | Floats
Span = tuple[int, int]  # days [first, last)
Spans = tuple[Span, ...]


class Series(NamedTuple):
    """Daily numbers of the cause and of the control, and what each is a share of."""

    events: Floats  # [day]
    dose: Floats  # [day] share of the change that is in force
    exposed: Floats | None = None
    control: Floats | None = None
    control_exposed: Floats | None = None
    fewest: float = FEWEST  # events before the change, and expected after it, without which nothing is said


def compared(used: Bools | None, left_out: Spans, series: Series) -> Bools | None:
    """The days to compare: those used, but for spans such as the one that the cause was chosen on."""
    if not left_out:
        return used
    found = np.ones(len(series.events), dtype=np.bool_) if used is None else used.copy()
    for span in left_out:
        found[slice(*span)] = False
    return found


def dose(days: int, day: int, ramp_days: float) -> Floats:
    """Share of a change that is in force, by day; a straight line over its ramp, on average over each day."""
    since = np.arange(days, dtype=np.float64) - day
    if ramp_days <= 0.0:
        return (since >= 0.0).astype(np.float64)
    found: Floats = np.clip((since + 0.5) / ramp_days, 0.0, 1.0)
    return found


def lagged(solved: Floats, within: int) -> Floats:
    """Means over the `within` days before each day; NaN where there are fewer."""
    total = np.concatenate(([0.0], np.cumsum(solved)))
    found = np.full(len(solved), np.nan)
    found[within:] = (total[within:-1] - total[: -within - 1]) / within
    return found


def contacts_series(cause: Numbers, control: Numbers | None, doses: Floats) -> Series:
    """Contacts, against those of other causes."""
    return Series(_floats(cause), doses, control=None if control is None else _floats(control))


def per_customer_series(cause: Numbers, customers: Numbers, doses: Floats) -> Series:
    """Contacts over active customers."""
    return Series(_floats(cause), doses, _floats(customers))


def handle_time_series(
    agent_ticks: Numbers, handled: Numbers, control: tuple[Numbers, Numbers] | None, doses: Floats
) -> Series:
    """Time in units of the series' own mean, so that a contact counts as one, as it does elsewhere."""
    count, exposed = _in_means(agent_ticks, handled)
    found = Series(count, doses, exposed, fewest=FEWEST_TIMES)
    if control is None:
        return found
    times, contacts_of = _in_means(*control)
    return found._replace(control=times, control_exposed=contacts_of)


def returns_series(
    returned: Numbers,
    solved: Numbers,
    control: tuple[Numbers, Numbers] | None,
    doses: Floats,
    within: int = RETURN_DAYS,
) -> Series:
    """Returns over the cases that may return, with the share of these that were solved under the change."""
    exposed = lagged(_floats(solved), within)
    shares = lagged(_floats(solved) * doses, within) / np.where(exposed > 0.0, exposed, 1.0)
    found = Series(_floats(returned), shares, exposed)
    if control is None:
        return found
    return found._replace(control=_floats(control[0]), control_exposed=lagged(_floats(control[1]), within))


def days_of(series: Series, own_trend: bool, used: Bools | None) -> Days | None:
    """The days that count, as a model; None where they are too few, or too little happened on them."""
    doses = series.dose
    keep = np.ones(len(series.events), dtype=np.bool_) if used is None else used.copy()
    for below in (series.exposed, series.control_exposed):
        if below is not None:
            keep &= below > 0.0  # NaN: not known yet
    if series.control is not None:
        keep &= series.events + series.control > 0.0
    groups = _groups(series, keep)
    before = keep & (doses <= 0.0)
    if before.sum() < FEWEST_BEFORE or (keep & ~before).sum() < FEWEST_AFTER:
        return None
    if min(_expected_after(series, keep, before), float(series.events[before].sum())) < series.fewest:
        return None
    which = np.flatnonzero(keep)
    weekdays = groups[which]
    columns = [(weekdays == each).astype(np.float64) for each in np.unique(weekdays)]
    levels = len(columns)
    if own_trend:
        columns.append((which - which.mean()) / WEEK)
    columns.append(doses[which])
    if len(which) - len(columns) < FEWEST_FREEDOM:
        return None
    control = None if series.control is None else series.control[which]
    return Days(
        series.events[which], control, _offset(series, which), np.column_stack(columns), levels, which
    )


def _groups(series: Series, keep: Bools) -> Ints:
    """The level of each day: its weekday, where there is enough to tell one from another.

    Days of a level on which the cause (or the control) never comes say nothing, and are no longer kept.
    """
    groups = np.arange(len(series.events)) % WEEK
    if series.events[keep].sum() < WEEK * _PER_LEVEL:
        groups = np.zeros_like(groups)
    for counts in (series.events, series.control):
        if counts is not None:
            keep &= np.bincount(groups[keep], counts[keep], minlength=WEEK)[groups] > 0.0
    return groups


def _expected_after(series: Series, keep: Bools, before: Bools) -> float:
    """Events of the cause that would have come after the change, had all gone on as before."""
    after = keep & ~before
    below = series.control if series.control is not None else series.exposed
    if below is None:
        below = np.ones(len(keep))
    return float(series.events[before].sum() * below[after].sum() / max(float(below[before].sum()), 1.0))


def _offset(series: Series, which: Ints) -> Floats:
    found = np.zeros(len(which))
    if series.exposed is not None:
        found += np.log(series.exposed[which])
    if series.control_exposed is not None:
        found -= np.log(series.control_exposed[which])
    return found


def _in_means(ticks: Numbers, handled: Numbers) -> tuple[Floats, Floats]:
    contacts_of = _floats(handled)
    total = float(ticks.sum())
    return _floats(ticks) * (contacts_of.sum() / total if total else 0.0), contacts_of


def _floats(counts: Numbers) -> Floats:
    return np.asarray(counts, dtype=np.float64)
