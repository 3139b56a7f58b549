"""Simulate, export, calibrate: what was put in comes out again, for centres drawn at random.

Whether intervals hold the truth is counted over the largest stream of each centre, so that what streams of a
centre have in common is not counted over and over.
"""

from collections.abc import Iterator
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple

import pandas as pd
import pytest
from scipy import stats

import careloop
import scenarios
from calibration.facts.read import read_facts
from calibration.fits.fit import Fit
from calibration.fitted import StreamFits
from calibration.observed import Period
from careloop.calibrating import Calibration, Export, calibrate, open_facts
from scenarios.week import DAY_NAMES
from tests.calibration.centres import centre
from tests.calibration.fits.arrival_worlds import within

QUICK: Final = (2,)
ALL: Final = tuple(range(20))
FALSE_ALARM: Final = 1e-3


class Trip(NamedTuple):
    """A centre as it was, what its export was calibrated to, and both simulated."""

    truth: dict[str, Any]
    found: Calibration
    measures: tuple[pd.DataFrame, pd.DataFrame]


@lru_cache(maxsize=len(ALL))
def trip(seed: int) -> Trip:
    """There and back."""
    truth = centre(seed)
    scenario = scenarios.from_dict(truth)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "contacts.parquet"
        careloop.export_contacts(scenario, path)
        export = Export((path,), "canonical", ("queue",), scenario.calendar.time_zone, None, True)
        with open_facts(export, None, None, lambda _: None) as facts:
            assert not facts.rejected
            assert all(note.startswith("nothing on any ") for note in facts.notes)
            found = calibrate(facts, export, Period(facts.first_day, facts.last_day), lambda _: None)
    runs = [scenario, scenarios.loads(found.text, ".")]
    before, after = (careloop.simulate(each, replications=8).measures for each in runs)
    return Trip(truth, found, (before, after))


def percent(text: str) -> float:
    return float(text.rstrip("%")) / 100.0


def held(made: Trip) -> Iterator[tuple[str, bool]]:
    """Of each parameter of the largest stream with a 95 % interval, whether that holds the truth.

    Parameters of a law are compared where it is the true one: those of another law mean something else.
    """
    each = made.found.fitted.streams[0]
    stream = made.truth["streams"][each.stream.name]
    laws = (
        ("handle time", stream["handle_time"], each.handle_time),
        ("patience", made.truth["queues"][each.stream.name]["patience"], each.patience),
    )
    for what, law, fit in laws:
        yield from _law_held(what, law, fit, "handle_time_by_day" not in stream)
    long_days = percent(stream.get("handle_time_by_day", {"cv": "0%"})["cv"])
    yield "days' handle time", within(each.long_days.cv.low, long_days, each.long_days.cv.high)
    busyness, parts = stream["arrivals"]["busyness"], each.arrivals.parts
    for level, spread in (("day", parts.day), ("interval", parts.interval)):
        true = percent(busyness.get(level, {"cv": "0%"})["cv"])
        yield f"busyness of the {level}", within(spread.low, true, spread.high)
    volumes = {volume.weekday: volume for volume in parts.levels.volumes} if parts.levels else {}
    low, high = parts.profile_interval()
    for weekday in volumes:
        profile = stream["arrivals"]["by_interval"][DAY_NAMES[weekday]]
        noon = 24  # the half hour from 12:00, the ninth that is open
        yield "profile", within(low[weekday][noon], profile[noon - 16], high[weekday][noon])


def _law_held(what: str, law: dict[str, Any], fit: Fit | None, shapes: bool) -> Iterator[tuple[str, bool]]:
    ((family, true),) = law.items()
    assert fit is not None
    if fit.family != family:
        return
    known = {name: float(str(value).removesuffix(" s")) for name, value in true.items()}
    for name in ("mean", *(("cv", "shape") if shapes else ())):
        if name in known:
            parameter = fit.parameter(name)
            yield f"{what}: {name}", within(parameter.low, known[name], parameter.high)


def check_intervals(seeds: tuple[int, ...]) -> None:
    """The share that holds is not below 95 % by more than chance: a false alarm in 1,000 test runs."""
    each = [one for seed in seeds for one in held(trip(seed))]
    missed = [name for name, good in each if not good]
    fewest = int(stats.binom.ppf(FALSE_ALARM, len(each), 0.95))
    assert len(each) - len(missed) >= fewest, missed


def check_stream(made: Trip, each: StreamFits) -> None:
    """Means within a few percent of the truth, whatever law was taken for them."""
    name = each.stream.name
    stream, queue = made.truth["streams"][name], made.truth["queues"][name]
    data = scenarios.from_dict(made.found.data)
    truth = scenarios.from_dict(made.truth)
    assert data.streams[name].handle_time.mean_s == pytest.approx(
        truth.streams[name].handle_time.mean_s, rel=0.04
    )
    assert each.patience is not None
    found, true = (each.queues[name].patience for each in (data, truth))
    assert found is not None
    assert true is not None
    assert found.mean_s == pytest.approx(true.mean_s, rel=0.2)
    profile = stream["arrivals"]["by_interval"]
    volumes = {DAY_NAMES[v.weekday]: v.contacts for v in each.arrivals.parts.levels.volumes}  # type: ignore[union-attr]
    assert set(volumes) == {day for day in DAY_NAMES if day in profile}
    assert sum(volumes.values()) == pytest.approx(sum(sum(profile[day]) for day in volumes), rel=0.06)
    assert each.priority == queue.get("priority", 0)


def hours(groups: dict[str, Any]) -> dict[tuple[str, ...], float]:
    """Hours at work in a week before 18:00, by the streams that a team takes."""
    found = {}
    for group in groups.values():
        profile = group["agents"]
        step = float(profile["step"].split()[0]) / 60
        first = int(profile["from"][:2]) + int(profile["from"][3:]) / 60
        before = round((18 - first) / step)
        of_team = sum(sum(profile.get(day, ())[:before]) for day in DAY_NAMES) * step
        found[tuple(sorted(group["skills"][0]))] = of_team
    return found


def check_centre(made: Trip) -> None:
    """Streams, teams and their hours, no time of agents' own; and a simulation like the one before."""
    assert {each.stream.name for each in made.found.fitted.streams} == set(made.truth["streams"])
    for each in made.found.fitted.streams:
        check_stream(made, each)
    seen = made.found.fitted.observed.staff
    assert seen is not None
    assert seen.own_time_s == pytest.approx(0.0, abs=0.01)
    true, found = hours(made.truth["groups"]), hours(made.found.data["groups"])
    assert set(found) == set(true)
    for team, of_team in found.items():
        assert of_team == pytest.approx(true[team], rel=0.04)
    for name in made.truth["queues"]:
        before, after = (_measure(each, name) for each in made.measures)
        assert after["service_level"] == pytest.approx(before["service_level"], abs=0.06)
        assert after["abandonment"] == pytest.approx(before["abandonment"], abs=0.04)


def _measure(measures: pd.DataFrame, queue: str) -> dict[str, float]:
    rows = measures[(measures["scope"] == "queue") & (measures["name"] == queue)]
    return dict(zip(rows["measure"], rows["mean"], strict=True))


@pytest.mark.parametrize("seed", QUICK)
def test_a_simulated_centre_comes_back(seed: int) -> None:
    check_centre(trip(seed))


def test_intervals_hold_what_was_put_in() -> None:
    check_intervals(QUICK)


@pytest.mark.verify
@pytest.mark.parametrize("seed", ALL)
def test_each_of_twenty_centres_comes_back(seed: int) -> None:
    check_centre(trip(seed))


@pytest.mark.verify
def test_intervals_of_twenty_centres_hold_what_was_put_in() -> None:
    check_intervals(ALL)


@pytest.mark.verify
def test_threads_change_no_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With rows in many groups, which two threads read in whatever order they get to them."""
    monkeypatch.setattr("reports.contacts_out.ROWS_A_GROUP", 2_000)
    scenario = scenarios.from_dict(centre(2))
    path = tmp_path / "contacts.parquet"
    careloop.export_contacts(scenario, path)
    export = Export((path,), "canonical", ("queue",), scenario.calendar.time_zone, None, False)
    texts = []
    for threads in (1, 2):
        with read_facts([path], "canonical", time_zone=scenario.calendar.time_zone, threads=threads) as facts:
            period = Period(facts.first_day, facts.first_day + timedelta(27))
            texts.append(calibrate(facts, export, period, lambda _: None).text)
    assert texts[0] == texts[1]
