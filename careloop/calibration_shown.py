"""A calibration as its page shows it: fits turned into the plain tuples of ``reports``."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from reports.calibration_shown import (
    CalibrationShown,
    FitShown,
    ParameterShown,
    Section,
    SourceShown,
    Table,
)
from reports.plots import Plot, PlotTrace
from scenarios.week import DAY_NAMES

if TYPE_CHECKING:
    from calibration.facts.facts import Facts
    from calibration.fits.fit import Fit
    from calibration.fits.fit import Plot as Fitted_Plot
    from calibration.fitted import Fitted, StreamFits
    from careloop.calibrating import Calibration

_SHARE = ("share", "from (95 %)", "to (95 %)")
_SERIOUS = ("few_events", "nobody_gave_up", "nothing_seen", "small_sample", "heavy_censoring", "far_out")


def calibration_shown(found: "Calibration", facts: "Facts", scenario_file: str) -> CalibrationShown:
    """All that the page says."""
    fitted = found.fitted
    return CalibrationShown(
        str(found.data["name"]),
        source_shown(found, facts),
        tuple(found.notes),
        facts.silent,
        tuple(_assumed(fitted)),
        tuple(_warnings(found)),
        tuple(_sections(fitted)),
        scenario_file,
        (_streams_table(fitted), *_more_tables(fitted)),
    )


def source_shown(found: "Calibration", facts: "Facts") -> SourceShown:
    others = [(reason, f"{n:,}") for reason, n in {**facts.dropped, **facts.rejected}.items()]
    return SourceShown(
        found.origin.files,
        found.origin.format,
        str(found.fitted.observed.period),
        facts.rows,
        found.rejected,
        (("time zone", facts.time_zone), *others),
    )


def _assumed(fitted: "Fitted") -> Iterator[str]:
    yield "The service level: 80% in 20 s, counted as 'offered'. Write your own target and definition."
    if fitted.observed.staff is None:
        yield "Who is at work: the export shows nobody; as many as the load asks for at 80%, and one more."
    for each in fitted.streams:
        if each.handle_time is None:
            some = fitted.observed.handle[each.stream.name].counts.sum() > 0
            yield f"Handle times of {each.stream.name}: the export has none{' above 0' if some else ''}."
        if each.patience is None:
            yield f"Patience of {each.stream.name}: the export has no waits."
        elif not each.patience.distribution:
            yield f"Nobody of {each.stream.name} gives up, since nobody was seen giving up."


def _warnings(found: "Calibration") -> Iterator[str]:
    if found.rejected:
        yield f"{found.rejected:,} of {found.origin.rows:,} rows were set aside: see rejected.csv."
    all_of = [fit for each in found.fitted.streams for fit in _fits(each)]
    for kind in _SERIOUS:
        for fit in all_of:
            for caution in fit.cautions:
                if caution.kind == kind:
                    yield f"{fit.what}: {caution.text}."


def _fits(each: "StreamFits") -> "list[Fit]":
    return [fit for fit in (each.arrivals.fit, each.handle_time, each.patience) if fit is not None]


def _sections(fitted: "Fitted") -> Iterator[Section]:
    arrivals = tuple(
        _fit_shown(each.stream.name, each.arrivals.fit, each.arrivals.days) for each in fitted.streams
    )
    yield Section("Arrivals", arrivals)
    for heading, key in (("Handle times", "handle_time"), ("Patience", "patience")):
        fits = [(each.stream.name, getattr(each, key)) for each in fitted.streams]
        shown = tuple(
            _fit_shown(name, fit, *_hazard(fitted, name, key)) for name, fit in fits if fit is not None
        )
        if shown:
            yield Section(heading, shown)
    if fitted.resolution:
        times = tuple(_fit_shown(name, fit) for name, fit in fitted.resolution.items())
        yield Section("Time to resolution by severity", times)
    if fitted.agents is not None:
        yield Section("Agents", (_fit_shown("All agents", fitted.agents),))


def _hazard(fitted: "Fitted", name: str, key: str) -> "Iterator[Fitted_Plot]":
    """Of a patience: how readily people give up, by how long they have waited."""
    from calibration.fits.patience_plot import hazard_plot

    fit = next(each.patience for each in fitted.streams if each.stream.name == name)
    if key == "patience" and fit is not None and fit.plot.traces and fit.distribution:
        yield hazard_plot(fit, fitted.observed.waits[name])


def _fit_shown(heading: str, fit: "Fit", *more: "Fitted_Plot") -> FitShown:
    return FitShown(
        heading,
        fit.family,
        fit.n,
        tuple(ParameterShown(p.name, p.value, p.low, p.high, p.unit) for p in fit.parameters),
        fit.goodness,
        tuple((caution.kind, caution.text) for caution in fit.cautions),
        tuple(_plot(each) for each in (fit.plot, *more) if each.traces),
        "",
    )


def _plot(plot: "Fitted_Plot") -> Plot:
    traces = tuple(PlotTrace(*trace) for trace in plot.traces)
    return Plot(plot.title, plot.x_label, plot.y_label, traces, plot.log_x)


def _streams_table(fitted: "Fitted") -> Table:
    rows = []
    for each in fitted.streams:
        cells, waits = (fitted.observed.handle[each.stream.name], fitted.observed.waits[each.stream.name])
        handled, gave_up = int(cells.counts.sum()), int(waits.gave_up.sum())
        days = int(each.arrivals.parts.usual.sum())
        rows.append(
            (
                each.stream.name,
                float(each.stream.contacts),
                each.stream.contacts / max(days, 1),
                float(cells.values_s @ cells.counts) / handled if handled else None,
                each.long_days.cv.value or None,
                gave_up / each.stream.contacts,
                each.handle_time.family if each.handle_time else "ASSUMED",
                each.patience.family if each.patience else "none seen",
                each.arrivals.dispersion.before,
                each.arrivals.dispersion.days_and_intervals,
            )
        )
    columns = (
        "stream", "contacts", "a usual day", "mean handle time", "days differ (cv)", "gave up",
        "law of handle time", "law of patience", "variance/mean of counts", "after days and intervals",
    )  # fmt: skip
    units = ("", "contacts", "contacts", "s", "share", "share", "", "", "", "")
    return Table("Streams", columns, tuple(rows), units)


def _weekdays_table(fitted: "Fitted") -> Iterator[Table]:
    """Handle times of weekdays around the mean, of streams whose weekdays differ."""
    factors = {each.stream.name: each.long_days.by_weekday.factors for each in fitted.streams}
    rows: list[tuple[str | float | None, ...]] = []
    rows += [(name, *its) for name, its in factors.items() if max(its) > min(its)]
    if rows:
        yield Table("Handle times by weekday, times the mean", ("", *DAY_NAMES), tuple(rows), ("",) * 8)


def _more_tables(fitted: "Fitted") -> Iterator[Table]:
    from calibration.fits.intervals import share_interval

    yield from _weekdays_table(fitted)
    cases = fitted.observed.cases
    for heading, mix in (("Severities, as tagged", cases.severities), ("Causes, as tagged", cases.causes)):
        total = sum(n for _, n in mix)
        if total:
            rows = tuple((name, float(n), *share_interval(n, total)) for name, n in mix[:12])
            yield Table(heading, ("", "contacts", *_SHARE), rows, ("", "contacts", *["share"] * 3))
    shares = (("transferred", cases.transferred), ("opened again", cases.reopened))
    known = [(name, float(share.of), *share_interval(*share)) for name, share in shares if share.of]
    if known:
        yield Table("What becomes of cases", ("", "of", *_SHARE), tuple(known), ("", "", *["share"] * 3))
    again = fitted.observed.repeats
    if again is not None:
        rows_again = (
            ("gave up, and came again within an hour", float(again.retries.contacts), _part(again.retries)),
            ("handled, and came again within 7 days", float(again.repeats.contacts), _part(again.repeats)),
        )
        yield Table("Who came again", ("", "of", "share"), rows_again, ("", "contacts", "share"))
    staff = fitted.observed.staff
    if staff is not None:
        hours = staff.heads.sum(axis=(1, 2)) * 24.0 / staff.heads.shape[2]
        teams = tuple(
            (", ".join(team.streams), float(len(team.agents)), float(own))
            for team, own in zip(staff.teams, hours, strict=True)
        )
        yield Table("Agents seen at work", ("takes", "agents", "hours"), teams, ("", "agents", "h"))


def _part(again: "object") -> float | None:
    contacts, count = getattr(again, "contacts", 0), getattr(again, "again", 0)
    return count / contacts if contacts else None
