"""The scenario made of fits: as data that can be used, and as a file that says where numbers come from."""

import datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest

from calibration.fitted import Fitted, fit
from calibration.observe.teams import Team
from calibration.observed import Staff, observe
from calibration.scenario import ASSUMED_HANDLE_TIME, Meant, usual_scenario, week_scenario
from calibration.scenario_text import Origin, scenario_text
from scenarios import Scenario, from_dict, open_scenario
from scenarios.resolved import resolved
from scenarios.units import duration
from tests.calibration.observe.worlds import Contact, at_random, clock, facts_of

MEANT: Final = Meant(datetime.date(2026, 3, 30), 28, "UTC")
ORIGIN: Final = Origin(("export.csv",), "canonical", 1000, 3, ("the weather",))


def fitted_to(folder: Path, world: list[Contact]) -> Fitted:
    with facts_of(folder, world) as facts:
        return fit(observe(facts), (1, 28))


def read(folder: Path, text: str) -> str:
    """A scenario file as it is understood, every value written out."""
    path = folder / "scenario.yaml"
    path.write_text(text, encoding="utf-8")
    scenario = open_scenario(path).scenario
    assert isinstance(scenario, Scenario)
    return resolved(scenario)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Fitted:
    """Four weeks of three streams, which five agents take in three ways."""
    return fitted_to(tmp_path_factory.mktemp("world"), at_random(1, contacts=6000, days=28))


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Fitted:
    """Arrivals of e-mails alone: nobody at work, no ends."""
    world = [
        Contact("mail", clock("09:00", day) + 60 * i, outcome="open", channel="email")
        for day in range(14)
        for i in range(60)
    ]
    return fitted_to(tmp_path_factory.mktemp("bare"), world)


def test_a_usual_scenario_can_be_used(found: Fitted) -> None:
    data = usual_scenario(found, MEANT, "n", "d")
    scenario = from_dict(data)
    assert scenario.calendar.start == MEANT.start
    assert set(data["streams"]) == set(data["queues"]) == {each.stream.name for each in found.streams}
    assert {name for team in data["groups"].values() for name in team["skills"][0]} == set(data["streams"])
    assert data["run"] == {"replications": 30, "seed": 1, "uncertainty": True}
    for path, error in data["uncertainty"].items():
        assert path.partition(".")[0] in ("arrivals", "streams", "queues")
        assert 0 < float(error.rstrip("%")) <= 100


def test_own_time_is_in_the_handle_time(found: Fitted) -> None:
    staff = found.observed.staff
    assert staff is not None
    assert staff.own_time_s > 10  # up to 40 s in this world
    with_it = usual_scenario(found, MEANT, "n", "d")
    without = found._replace(observed=found.observed._replace(staff=staff._replace(own_time_s=0.0)))
    streams = usual_scenario(without, MEANT, "n", "d")["streams"]
    for name in with_it["streams"]:
        longer, as_recorded = (
            from_dict({**with_it, "streams": each}).streams[name].handle_time.mean_s
            for each in (with_it["streams"], streams)
        )
        assert longer - as_recorded == pytest.approx(staff.own_time_s, rel=0.01)


def week(found: Fitted, teams: tuple[Team, ...], heads: float = 2.0) -> Staff:
    """A week with so many people of each team from 8:00 to 20:00."""
    day = np.zeros((len(teams), 7, 288))
    day[:, :, 96:240] = heads
    return Staff(teams, day, 0.0, found.observed.staff.rule)  # type: ignore[union-attr]


def test_contacts_as_they_came(found: Fitted) -> None:
    names = found.observed.rows.names
    counts = np.random.default_rng(1).integers(0, 9, (3, 7, 48))
    counts[:, 2] = 0
    start = datetime.date(2026, 4, 1)  # a Wednesday
    data = week_scenario(
        found, MEANT._replace(start=start, days=7), week(found, (Team(names, (0,)),)), counts
    )
    from_dict(data)
    assert data["calendar"]["days"] == 7
    for name, own in zip(names, counts, strict=True):
        written = data["streams"][name]["arrivals"]["by_interval"]
        assert written["wed"] == own[0].tolist()
        assert written["tue"] == own[6].tolist()
        assert "fri" not in written
    assert not any(path.endswith("arrivals") or ".busyness." in path for path in data.get("uncertainty", {}))


def test_streams_that_nobody_takes_are_left_out(found: Fitted) -> None:
    names = found.observed.rows.names
    counts = np.ones((3, 7, 48), np.int64)
    for each in (None, counts):
        data = week_scenario(found, MEANT._replace(days=7), week(found, (Team(names[:1], (0,)),)), each)
        from_dict(data)
        assert list(data["streams"]) == list(data["queues"]) == [names[0]]
        assert not any(name in path for path in data.get("uncertainty", {}) for name in names[1:])
    assert (
        week_scenario(found, MEANT._replace(days=7), week(found, (Team(names, (0,)),), 0.0))["groups"] == {}
    )


def test_a_stream_may_be_called_as_a_section(found: Fitted) -> None:
    """One that nobody takes is left out of the errors; a name like that of a key takes no others along."""
    first, gone, other = found.streams
    called = found._replace(
        streams=(first, gone._replace(stream=gone.stream._replace(name="arrivals")), other)
    )
    teams = (Team((first.stream.name, other.stream.name), (0,)),)
    named = week_scenario(called, MEANT._replace(days=7), week(found, teams))
    plain = week_scenario(found, MEANT._replace(days=7), week(found, teams))
    assert named.get("uncertainty") == plain.get("uncertainty")
    assert any(path.endswith(".arrivals") for path in named["uncertainty"])
    from_dict(named)


def test_by_priority_nobody_is_taken_by_the_longest_wait(found: Fitted) -> None:
    names = found.observed.rows.names
    team = (Team(names, (0,)),)
    plain = week_scenario(found, MEANT._replace(days=7), week(found, team))
    assert plain["groups"]["team"]["takes"] == "longest_wait"
    behind = found._replace(streams=(*found.streams[:2], found.streams[2]._replace(priority=-1)))
    data = week_scenario(behind, MEANT._replace(days=7), week(found, team))
    assert "takes" not in data["groups"]["team"]
    assert data["queues"][names[2]]["priority"] == -1
    from_dict(data)


def test_what_is_not_told_is_assumed(bare: Fitted) -> None:
    data = usual_scenario(bare, MEANT, "n", "d")
    from_dict(data)
    assert data["streams"]["mail"]["handle_time"] == ASSUMED_HANDLE_TIME["email"]
    assert "patience" not in data["queues"]["mail"]
    agents = data["groups"]["team mail"]["agents"]
    assert agents["from"] == "09:00"
    load = 30 * duration("8 min") / 1800
    assert agents["mon"] == [int(np.ceil(load / 0.8)) + 1] * 2
    text = scenario_text(data, bare, ORIGIN)
    for words in ("ASSUMED: the export has no handle times", "ASSUMED: the export shows nobody at work"):
        assert words in text


def test_the_file_is_the_data_with_comments(found: Fitted, bare: Fitted, tmp_path: Path) -> None:
    for each in (found, bare):
        data = usual_scenario(each, MEANT, "n", "d")
        text = scenario_text(data, each, ORIGIN)
        assert read(tmp_path, text) == resolved(from_dict(data))
        assert text == scenario_text(data, each, ORIGIN)
        assert text.startswith(f"# Calibrated by careloop on {each.observed.period}, from export.csv")
        assert "The export cannot tell: the weather." in text
        assert max(map(len, text.splitlines())) <= 110
        assert not any(line != line.rstrip() for line in text.splitlines())


def test_each_number_has_its_source(found: Fitted) -> None:
    text = scenario_text(usual_scenario(found, MEANT, "n", "d"), found, ORIGIN)
    told = " ".join(line.strip(" #") for line in text.splitlines() if line.lstrip().startswith("#"))
    for each in found.streams:
        assert each.handle_time is not None
        assert each.patience is not None
        assert f"{each.stream.contacts:,} contacts; in the export: {each.stream.name}" in told
        assert f"{each.handle_time.family}, n = {each.handle_time.n:,}:" in told
        assert f"{each.patience.family}, {each.patience.n:,} who waited:" in told
    for words in (
        "95 %",
        "People as they were seen at work",
        "s of the agents' own time",
        "came again within",
    ):
        assert words in told


@pytest.mark.parametrize(
    "text",
    ["a\nrun: {seed: 666}", "a\r\nevil: 1", "a\u2028evil: 1", "a\x85evil: 1", "# a: b", "\x00\x1b\x07\ufffe"],
)
def test_no_text_breaks_out_of_a_comment(found: Fitted, tmp_path: Path, text: str) -> None:
    data: dict[str, Any] = usual_scenario(found, MEANT, "n", "d")
    cases = found.observed.cases._replace(severities=((text, 5),), causes=((text, 7),))
    streams = tuple(each._replace(stream=each.stream._replace(kinds=(text, text))) for each in found.streams)
    hostile = found._replace(observed=found.observed._replace(cases=cases), streams=streams)
    written = scenario_text(data, hostile, ORIGIN._replace(files=(text,), silent=(text,)))
    assert read(tmp_path, written) == resolved(from_dict(data))
    assert all(c.isprintable() or c == "\n" for c in written)
    assert len(written.split("\n")) == len(written.splitlines()) + 1
