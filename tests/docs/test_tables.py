"""The tables of README.md and CONTRIBUTING.md against the code that they describe."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

import scenarios
from careloop.cli import run_command
from scenarios import arrivals, distributions, model, shifts
from scenarios.definitions import MEASURES, QUANTILES, SERVICE_LEVELS
from scenarios.load import Header
from scenarios.yaml_text import read_text
from tests.docs.snippets import FEW, ROOT, with_part

_TOP: Final = (*Header.keys(), "calendar", "streams", "queues", "groups", "targets", "run")
_PARTS: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "File": {"": _TOP},
    "calendar": {"": model.Calendar.keys()},
    "streams.NAME": {"": model.Stream.keys()},
    "streams.NAME.arrivals": {
        "": arrivals.Written.keys(),
        "sinusoid.": arrivals.Sinusoid.keys(),
        "history.": arrivals.HistoryFile.keys(),
        "busyness.": arrivals.Busyness.keys(),
        "busyness.day.": arrivals.Level.keys(),
        "busyness.interval.": arrivals.Level.keys(),
    },
    "queues.NAME": {"": model.Queue.keys(), "retry.": model.Retry.keys(), "overflow.": model.Overflow.keys()},
    "groups.NAME": {
        "": model.Group.keys(),
        "shifts.": shifts.Written.keys(),
        "concurrency.": model.Concurrency.keys(),
    },
    "run": {"": model.Run.keys()},
}


def rows(heading: str, page: str = "README.md") -> list[list[str]]:
    """The cells of the first table below a heading, without its head; ticks are kept."""
    text = (ROOT / page).read_text(encoding="utf-8")
    below = text.split(f"\n{heading}\n", 1)[1]
    lines = below[below.index("\n|") :].lstrip("\n").split("\n\n", 1)[0].splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def _heading(section: str) -> str:
    return "### File" if section == "File" else f"### `{section}`"


@pytest.mark.parametrize("section", _PARTS)
def test_every_key_is_in_its_table(section: str) -> None:
    """No key is left out, none is invented."""
    written = [row[0].strip("`") for row in rows(_heading(section))]
    known = [prefix + key for prefix, keys in _PARTS[section].items() for key in keys]
    assert sorted(written) == sorted(known)


BASE: Final[dict[str, Any]] = {
    "careloop": 1,
    "name": "Defaults",
    "service_level": "offered",
    "calendar": {"start": "2026-03-02", "days": 7, "hours": {"desk": "08:00-18:00"}},
    "streams": {
        "NAME": {
            "queue": "NAME",
            "arrivals": {
                "sinusoid": {"mean": "9 per hour", "amplitude": "5 per hour", "period": "1 day"},
                "busyness": {"day": {}, "interval": {}},
            },
            "handle_time": {"exponential": "3 min"},
        }
    },
    "queues": {
        "NAME": {
            "target": "80% in 20 s",
            "patience": {"exponential": "3 min"},
            "retry": {"share": "40%", "after": {"exponential": "15 min"}},
        }
    },
    "groups": {
        "NAME": {
            "skills": ["NAME"],
            "shifts": [{"agents": 3, "hours": "08:00-16:00"}],
            "concurrency": {"chats": 2, "slowdown": [1.0, 1.2]},
        }
    },
    "run": {},
}


def _defaults() -> Iterator[tuple[str, str]]:
    """(place, value) of every default that is written as code."""
    for section in _PARTS:
        for key, _, default in rows(_heading(section)):
            if default.startswith("`"):
                prefix = "" if section == "File" else f"{section}."
                yield prefix + key.strip("`"), default.strip("`")


@pytest.mark.parametrize(("place", "value"), list(_defaults()))
def test_defaults_are_as_written(place: str, value: str) -> None:
    """A scenario that says so is the scenario that says nothing."""
    found: Any = read_text(f"value: {value}").data
    *path, last = place.split(".")
    part: Any = {last: found["value"]}
    if "shifts" in path:
        path.remove("shifts")
        part = {"shifts": [{**BASE["groups"]["NAME"]["shifts"][0], **part}]}
    assert scenarios.from_dict(with_part(BASE, path, part)) == scenarios.from_dict(BASE)


def test_defaults_are_many() -> None:
    assert len(list(_defaults())) >= 20


def test_distributions_are_all_there_and_read() -> None:
    table = rows("### Distributions")
    assert [row[0].strip("`") for row in table] == list(distributions.KINDS)
    for _, examples in table:
        written = [each for each in re.findall(r"`([^`]*)`", examples) if each.startswith("{")]
        assert written
        for each in written:
            found: Any = read_text(f"value: {each}").data
            scenarios.from_dict(with_part(BASE, ["streams", "NAME"], {"handle_time": found["value"]}))


def test_measures_are_all_there_with_their_units() -> None:
    known = {name: measure.unit for name, measure in MEASURES.items()}
    known |= {"service_level": "share", "max_queue": "contacts", "people_cost": "currency"}
    known |= dict.fromkeys(QUANTILES, "s")
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    table = text.split("| measure | unit | meaning |", 1)[1].split("\n\n", 1)[0]
    written = {
        name: unit.strip()
        for names, unit in re.findall(r"^\| (`[^|]*) \| ([^|]*) \|", table, re.MULTILINE)
        for name in re.findall(r"`(\w+)`", names)
    }
    assert written == known


def test_service_levels_are_all_there_with_their_figures() -> None:
    day = {
        "answered": 1000,
        "abandoned": 60,
        "answered_within": 860,
        "abandoned_within": 20,
        "abandoned_short": 10,
    }
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    table = text.split("| `service_level` | formula | that day |", 1)[1].split("\n\n", 1)[0]
    written = dict(re.findall(r"^\| `(\w+)` .* ([\d.]+%) \|$", table, re.MULTILINE))
    ratios = {
        name: sum(f * day[c] for c, f in level.above.items())
        / sum(f * day[c] for c, f in level.below.items())
        for name, level in SERVICE_LEVELS.items()
    }
    assert written == {name: f"{ratio:.1%}" for name, ratio in ratios.items()}


def test_dependencies_are_all_there() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"].values()
    wanted = [*project["project"]["dependencies"], *(each for group in groups for each in group)]
    names = {re.split(r"[><=\[ ]", each)[0] for each in wanted if isinstance(each, str)}
    written = {name for row in rows("## Dependencies") for name in row[0].split(", ")}
    assert written == names
    assert all(row[1] for row in rows("## Dependencies"))


def test_options_of_run_are_all_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["run", "--help"]) == 0
    known = set(re.findall(r"--[a-z]+", capsys.readouterr().out)) - {"--help"}
    table = "\n".join(row[0] for row in rows("## Running"))
    assert set(re.findall(r"--[a-z]+", table)) == known


def test_files_of_a_run_are_all_there(folder: Path) -> None:
    assert (
        run_command(
            [
                "run",
                "scenarios/library/chat_beside_phone.yaml",
                "--out",
                "o",
                "--csv",
                "--contacts",
                "--png",
                *FEW,
            ]
        )
        == 0
    )
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    table = text.split("| file | what is in it |", 1)[1].split("\n\n", 1)[0]
    written = {
        name for line in table.splitlines()[2:] for name in re.findall(r"`([\w.]+)`", line.split("|")[1])
    }
    assert written == {each.name for each in (folder / "o").iterdir()}


def test_files_of_the_engine_are_all_there() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    table = text.split("| file | what it holds |", 1)[1].split("\n\n", 1)[0]
    written = {line.split("`")[1] for line in table.splitlines()[2:]}
    assert written == {path.name for path in (ROOT / "sim").glob("*.py")} - {"__init__.py"}
