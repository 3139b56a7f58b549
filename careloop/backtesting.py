"""A back-test: calibrated on one period, simulated over the next with the people who were really there."""

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from reports.backtest_baselines import ERLANG_A, ERLANG_C, LAST_WEEK, Asked, erlang, ratios
from reports.backtest_scoring import LEAST_CONTACTS, Compared, mode
from reports.backtest_shown import MEASURES, Mode
from reports.ratios import Floats, Ratio
from scenarios import from_dict
from scenarios.definitions import MEASURES as DEFINED
from scenarios.definitions import SERVICE_LEVELS
from scenarios.week import DAY_NAMES
from sim.bins import bins_of
from sim.compile import compile_scenario
from sim.explain.watch import Chances, observe
from sim.measure import all_names

if TYPE_CHECKING:
    from calibration.facts.facts import Facts
    from calibration.fitted import Fitted
    from calibration.observe.actual import Actual
    from calibration.observed import Period, Staff
    from calibration.scenario import Meant
    from careloop.calibrating import Export

ALL: Final = "all"
FORECAST: Final = "volume as forecast"
AS_CAME: Final = "volume as it came"
_WEEK: Final = 7
_SHORT_S: Final = 5.0
_SECONDS: Final = 1e-6


class Tested(NamedTuple):
    """What a back-test needs to know of the test period."""

    period: "Period"
    staff: "Staff"
    actual: "Actual"  # from a week before it


def weeks(period: "Period") -> Iterator[tuple[int, int]]:
    """(first day, number of days) of each week of a period, from its beginning."""
    for first in range(0, period.days, _WEEK):
        yield first, min(_WEEK, period.days - first)


def simulated(
    fitted: "Fitted",
    tested: Tested,
    meant: "Meant",
    chances: Chances,
    as_came: bool,
    tell: Callable[[], None] = lambda: None,
) -> dict[tuple[str, str], Ratio]:
    """Each measure of each stream, and of all, by [replication, day, interval]."""
    from calibration.scenario import week_scenario

    days, width = tested.period.days, tested.actual.counts.shape[2]
    found: dict[tuple[str, str], Ratio] = {}
    for first, length in weeks(tested.period):
        start = tested.period.first + datetime.timedelta(first)
        span = slice(first, first + length)
        counts = tested.actual.counts[:, _WEEK:][:, span, :, 0] if as_came else None
        staff = tested.staff._replace(heads=tested.staff.heads[:, span])
        data = week_scenario(fitted, meant._replace(start=start, days=length), staff, counts)
        if not data["groups"]:  # nobody at work: nothing to simulate
            continue
        _add_week(found, data, (first, days, width), chances, tell)
    return found


def _add_week(
    found: dict[tuple[str, str], Ratio],
    data: Mapping[str, Any],
    place: tuple[int, int, int],
    chances: Chances,
    tell: Callable[[], None],
) -> None:
    """Simulate a week into its place: its first day, and how many days and intervals a day there are."""
    scenario = from_dict(data)
    bins = bins_of(compile_scenario(scenario))
    seen = observe(scenario, bins, chances, tell)
    first, days, width = place
    starts = [datetime.datetime.fromisoformat(label) for label in bins.labels[: bins.rows]]
    origin = scenario.calendar.start.toordinal() - first
    day = np.array([start.toordinal() - origin for start in starts])
    slot = np.array([(start.hour * 3600 + start.minute * 60) * width // 86_400 for start in starts])
    names = all_names()
    for pair, (m, s) in enumerate(zip(*seen.plan.pairs, strict=True)):
        scope, measure = seen.plan.scopes[s], names[m]
        if measure not in MEASURES or scope.scope not in (ALL, "stream"):
            continue
        key = (ALL if scope.scope == ALL else scope.name, measure)
        if key not in found:
            found[key] = Ratio(*(np.zeros((chances.replications, days, width)) for _ in range(2)))
        for into, values in zip(found[key], (seen.above, seen.below), strict=True):
            assert into is not None
            for at, (d, i) in enumerate(zip(day, slot, strict=True)):
                into[:, d, i] += values[:, pair, at]


def happened(actual: "Actual", streams: Sequence[int], staff: "Staff", own_s: float) -> dict[str, Ratio]:
    """The measures of some streams together, [day, interval]; occupancy where that is all of them."""
    counts = actual.counts[list(streams)].sum(axis=0).astype(float)
    column = {name: counts[..., i] for i, name in enumerate(_columns())}

    def total(part: Mapping[str, int]) -> Floats:
        return sum((factor * column[name] for name, factor in part.items()), np.zeros(1))

    service = SERVICE_LEVELS["offered"]
    found = {
        "offered": Ratio(column["offered"]),
        "service_level": Ratio(total(service.above), total(service.below)),
        "abandonment": Ratio(column["abandoned"], column["offered"]),
    }
    for name in ("asa", "aht"):
        defined = DEFINED[name]
        found[name] = Ratio(total(defined.above) * defined.scale, total(defined.below or {}))
    if len(streams) == len(actual.streams):
        busy_s = column["handled"] * _SECONDS + own_s * column["answered"]
        found["occupancy"] = Ratio(busy_s, _agent_seconds(staff, actual))
    return found


def _columns() -> Sequence[str]:
    from calibration.observe.actual import COLUMNS

    return COLUMNS


def _agent_seconds(staff: "Staff", actual: "Actual") -> Floats:
    """Seconds of people at work by [day, interval]; 0 on days before the first of the staff."""
    hours = _heads(staff, actual.counts.shape[2]).sum(axis=0) * actual.interval_s
    missing = actual.counts.shape[1] - hours.shape[0]
    return np.concatenate([np.zeros((missing, hours.shape[1])), hours])


def _heads(staff: "Staff", width: int) -> Floats:
    """People by [team, day, interval]."""
    teams, days, steps = staff.heads.shape
    found: Floats = staff.heads.reshape(teams, days, width, steps // width).mean(axis=3)
    return found


def compared(
    fitted: "Fitted", tested: Tested, runs: dict[tuple[str, str], Ratio], as_came: bool, within_s: float
) -> list[Compared]:
    """Every measure of every stream, and of all, beside the baselines."""
    staff, actual = tested.staff, tested.actual
    own_s = fitted.observed.staff.own_time_s if fitted.observed.staff else 0.0
    asked = _asked(fitted, tested, runs, within_s, own_s)
    said = {ERLANG_A: erlang(asked, True), ERLANG_C: erlang(asked, False)}
    agents = asked.heads.sum(axis=0)
    found = []
    for name, streams in _scopes(actual.streams):
        real = happened(actual, streams, staff, own_s)
        formulas = {way: ratios(each, streams, agents) for way, each in said.items()}
        counted = (real["offered"].by_day()[_WEEK:] >= LEAST_CONTACTS) & (agents.sum(axis=1) > 0)
        for measure, ratio in real.items():
            if (name, measure) not in runs or (measure == "offered" and as_came):
                continue
            baselines = {LAST_WEEK: _shifted(ratio)} if measure != "occupancy" else {}
            baselines |= {way: its[measure] for way, its in formulas.items() if measure in its}
            if measure == "offered":
                baselines = {LAST_WEEK: baselines[LAST_WEEK]}
            found.append(
                Compared(
                    name,
                    measure,  # type: ignore[arg-type]
                    _later(ratio),
                    _recorded(measure, runs[name, measure], own_s),
                    baselines,
                    counted,
                )
            )
    return found


def _scopes(streams: Sequence[str]) -> list[tuple[str, list[int]]]:
    every = list(range(len(streams)))
    own = [(name, [i]) for i, name in enumerate(streams)]
    return [(ALL, every), *(own if len(streams) > 1 else [])]


def _recorded(measure: str, ratio: Ratio, own_s: float) -> Ratio:
    """A simulated handle time as the export would record it: without the agents' own time."""
    if measure == "offered":
        return Ratio(ratio.above)
    if measure != "aht" or ratio.below is None:
        return ratio
    return Ratio(ratio.above - own_s * ratio.below, ratio.below)


def _later(ratio: Ratio) -> Ratio:
    """Without the week before."""
    return Ratio(*(None if each is None else each[_WEEK:] for each in ratio))  # type: ignore[arg-type]


def _shifted(ratio: Ratio) -> Ratio:
    """What was a week before."""
    return Ratio(*(None if each is None else each[:-_WEEK] for each in ratio))  # type: ignore[arg-type]


def _asked(
    fitted: "Fitted", tested: Tested, runs: dict[tuple[str, str], Ratio], within_s: float, own_s: float
) -> Asked:
    """What the formulas are given: the contacts that the simulation expects, on average."""
    names = tested.actual.streams
    shape = tested.actual.counts[:, _WEEK:, :, 0].shape
    contacts = np.zeros(shape)
    handle_s, patience_s = np.ones(len(names)), np.full(len(names), np.inf)
    for i, name in enumerate(names):
        if (name, "offered") in runs:
            contacts[i] = runs[name, "offered"].above.mean(axis=0)
        cells, waits = fitted.observed.handle[name], fitted.observed.waits[name]
        if cells.counts.sum():
            handle_s[i] = float(cells.values_s @ cells.counts) / float(cells.counts.sum()) + own_s
        if waits.gave_up.sum():
            total_s = float(waits.values_s @ (waits.gave_up + waits.answered))
            patience_s[i] = total_s / float(waits.gave_up.sum())
    place = {name: i for i, name in enumerate(names)}
    takes = np.zeros((len(tested.staff.teams), len(names)), bool)
    for t, team in enumerate(tested.staff.teams):
        takes[t, [place[name] for name in team.streams]] = True
    heads = _heads(tested.staff, shape[2])
    return Asked(contacts, handle_s, patience_s, heads, takes, tested.actual.interval_s, within_s)


def backtest(
    fitted: "Fitted",
    tested: Tested,
    meant: "Meant",
    chances: Chances,
    tell: Callable[[], None] = lambda: None,
) -> tuple[Mode, ...]:
    """Both ways of simulating the test period, and how close they come."""
    days = [date.isoformat() for date in tested.actual.dates[_WEEK:]]
    step = tested.actual.interval_s
    times = [f"{at // 3600:02}:{at // 60 % 60:02}" for at in range(0, 86_400, step)]
    found = []
    for name, as_came in ((FORECAST, False), (AS_CAME, True)):
        runs = simulated(fitted, tested, meant, chances, as_came, tell)
        found.append(mode(name, compared(fitted, tested, runs, as_came, meant.within_s), days, times))
    return tuple(found)


class Ready(NamedTuple):
    """All that a back-test is made of, taken from the export."""

    fitted: "Fitted"
    tested: Tested
    meant: "Meant"
    files: tuple[str, ...]
    format: str
    rows: int
    set_aside: int
    notes: tuple[str, ...]


def _refuse_unknown_weekdays(train: "Period", test: "Period") -> None:
    """Refuse a test with weekdays of which the training period has no day at all."""
    known = {train.first + datetime.timedelta(i) for i in range(train.days)}
    asked = (test.first + datetime.timedelta(i) for i in range(test.days))
    lacking = sorted({day.weekday() for day in asked} - {day.weekday() for day in known})
    if lacking:
        names = ", ".join(DAY_NAMES[day] for day in lacking)
        raise ValueError(f"--train: has no {names}, which --test has; give it whole weeks")


def prepared(
    facts: "Facts",
    export: "Export",
    train: "Period",
    test: "Period",
    within_s: float,
    tell: Callable[[str], None],
) -> Ready:
    """Fit the one period, and count the other. Raises ``ValueError`` where either has too little."""
    from calibration.fitted import fit
    from calibration.observe.actual import actual
    from calibration.observe.streams import rows_like
    from calibration.observe.teams import takes_of, teams_of
    from calibration.observed import Period, in_period, observe, staff_of
    from calibration.scenario import Meant
    from careloop.calibrating import file_names, holiday_notes, refuse_too_few

    observed = observe(facts, export.by, train, tell)
    first = (test.first - train.last).days
    refuse_too_few(int(observed.grid.counts.sum()))
    fitted = fit(observed, (first, first + test.days - 1), export.country, tell)
    tell("the days of the test")
    streams = observed.rows.streams
    rows = rows_like(in_period(facts.contacts, test), export.by, streams)
    takes = takes_of(rows)
    teams = teams_of(takes, rows.names)
    if observed.staff is not None and not teams:
        raise ValueError(f"--test: nobody was seen at work from {test.first} to {test.last}")
    if observed.staff is None:
        raise ValueError(
            "a back-test needs to know who was at work, and the export names no agent with times of work; "
            "'careloop calibrate' can still make a scenario of it"
        )
    _refuse_unknown_weekdays(train, test)
    before = Period(test.first - datetime.timedelta(_WEEK), test.last)
    wide = rows_like(in_period(facts.contacts, before), export.by, streams)
    counts = actual(wide, before.first, before.last, observed.grid.interval_s, within_s, _SHORT_S)
    return Ready(
        fitted,
        Tested(test, staff_of(rows, takes, teams, test), counts),
        Meant(test.first, test.days, facts.time_zone, within_s),
        file_names(export),
        export.format,
        facts.rows,
        sum(facts.rejected.values()),
        (*facts.notes, *holiday_notes(fitted)),
    )
