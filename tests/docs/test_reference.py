"""docs/scenario.md: its tables are those of the model, and every example and default in them is true."""

import copy
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

import scenarios
from docs import reference
from scenarios.distributions import KINDS
from scenarios.keys import NEEDED
from scenarios.load import _TOP_KEYS
from scenarios.yaml_text import read_text
from tests.docs.snippets import ROOT

BASE: Final[dict[str, Any]] = {
    "careloop": 1,
    "name": "One of each",
    "service_level": "offered",
    "calendar": {"start": "2026-03-02", "days": 365, "hours": {"desk": "08:00-18:00"}},
    "streams": {
        "NAME": {
            "queue": "NAME",
            "arrivals": {"rate": "9 per hour"},
            "handle_time": {"exponential": "3 min"},
        },
        "calls": {
            "queue": "phone",
            "arrivals": {"rate": "9 per hour"},
            "handle_time": {"exponential": "3 min"},
            "causes": {"billing": "50%", "outage": "50%"},
            "severities": {"S1": "10%", "S2": "20%", "S3": "70%"},
            "tiers": {"small": "90%", "vip": "10%"},
            "flags": {"fraud": "1%", "pci": "1%"},
        },
        "chats": {
            "queue": "chat",
            "arrivals": {"rate": "9 per hour"},
            "handle_time": {"exponential": "3 min"},
        },
    },
    "queues": {
        "NAME": {"target": "80% in 20 s", "patience": {"exponential": "3 min"}},
        **{name: {"patience": {"exponential": "3 min"}} for name in ("mail", "backup")},
        "phone": {"target": "80% in 20 s", "patience": {"exponential": "3 min"}},
        "chat": {"channel": "chat"},
    },
    "groups": {
        "NAME": {
            "skills": ["NAME", "phone", "mail", "chat", "backup"],
            "shifts": [{"agents": 3, "hours": "08:00-16:00"}],
        },
        **{name: {"skills": ["NAME", "phone", "mail", "chat", "backup"], "agents": 1} for name in "ab"},
        **{name: {"skills": ["phone"], "agents": 1} for name in ("generalists", "partner")},
        "c": {
            "skills": ["NAME", "phone", "mail", "chat", "backup"],
            "agents": 1,
            "hurry": {"from_waiting": 10, "speeds_up": "10%"},
        },
    },
    "uncertainty": {"arrivals": "5%"},
    "severities": {
        "NAME": {"clock": "desk"},
        **{name: {"clock": "desk", "first_response": "1 h"} for name in ("S1", "S2", "S3")},
    },
    "causes": {"NAME": {}, "billing": {}, "outage": {}},
    "tiers": {
        "NAME": {"accounts": 1, "arr": "1 USD"},
        "small": {"accounts": 900, "arr": "600 USD"},
        "vip": {"accounts": 9, "arr": "60000 USD", "vip": True},
    },
    "flags": {"pci": "compliance", "fraud": "fraud"},
    "tagging": {"accuracy": "90%"},
    "routing": [{"to": "NAME"}],
    "paths": {
        "NAME": {"first": {"then": {"STEP": "50%", "solved": "50%"}}, "STEP": {}},
        "standard": {"first": {}},
    },
    "closing": {},
    "outcomes": {},
    "owners": {
        "NAME": {"capacity": "40 h/week"},
        **{name: {"capacity": "40 h/week"} for name in ("product", "care", "enablement")},
    },
    "remedies": {"NAME": {"cause": "billing", "kind": "policy", "effort": "40 h"}},
    "loop": {"owner": "care"},
    "roadmap": {
        "phases": {
            "NAME": {"from": "2026-03-01", "to": "2026-04-30"},
            "first": {"from": "2026-05-01", "to": "2026-06-30"},
        },
        "levers": {"NAME": {"owner": "care", "due": "2026-05-16", "moves": {"contacts": "-1%"}}},
    },
    "costs": {
        "currency": "USD",
        "people": {"NAME": {}},
        "lines": {"NAME": {"price": "9 USD per month"}},
        "vendors": {"NAME": {"group": "partner", "price": "5 USD per contact"}},
    },
    "business_case": {
        "once": {"NAME": {"amount": "9 USD"}},
        "running": {"NAME": {"price": "9 USD per month"}},
    },
    "side_work": {"NAME": {"queue": "backup", "handle_time": {"exponential": "3 min"}, "on": "solved"}},
    "incidents": {
        "NAME": {
            "cause": "outage",
            "starts": {"every": "30 days"},
            "lasts": {"exponential": "4 h"},
            "surge": {"calls": "60 per h"},
            "detection": {"contacts": 10, "within": "30 min"},
            "mitigation": {"exponential": "1 h"},
        }
    },
}
"""A scenario with the names that examples use."""

BESIDE: Final[dict[str, Any]] = {  # what a key needs beside it, or instead of what the scenario has
    "streams.NAME.arrivals.by_interval": {"rate": None},
    "streams.NAME.arrivals.sinusoid": {"rate": None},
    "streams.NAME.arrivals.history": {"rate": None},
    "groups.NAME.agents": {"shifts": None},
    "groups.NAME.hours": {"shifts": None, "agents": 3},
    "groups.NAME.shifts.breaks.at": {"for": "30 min"},
    "groups.NAME.shifts.breaks.between": {"for": "30 min"},
    "groups.NAME.shifts.breaks.for": {"at": "12:00"},
    "groups.NAME.shifts.breaks.paid": {"at": "12:00", "for": "30 min"},
    "paths.NAME.STEP.conference": {"handover": "warm"},
    "severities.NAME.resolution": {"clock": "desk"},
    "side_work.NAME.due": {"clock": "desk"},
    "loop.detection": {"detection": {}},
    "by_interval of CSV": {"csv": "calls.csv"},
    "history of CSV": {"csv": "calls.csv"},
    "agents of CSV": {"csv": "staff.csv"},
    "ledger of CSV": {"csv": "ledger.csv"},
}
PLACES: Final[dict[str, tuple[str | int, ...]]] = {
    "File": (),
    "calendar": ("calendar",),
    "streams.NAME": ("streams", "NAME"),
    "streams.NAME.arrivals": ("streams", "NAME", "arrivals"),
    "queues.NAME": ("queues", "NAME"),
    "groups.NAME": ("groups", "NAME"),
    "groups.NAME.shifts": ("groups", "NAME", "shifts", 0),
    "groups.NAME.shifts.breaks": ("groups", "NAME", "shifts", 0, "breaks", 0),
    "severities.NAME": ("severities", "NAME"),
    "causes.NAME": ("causes", "NAME"),
    "tiers.NAME": ("tiers", "NAME"),
    "tagging": ("tagging",),
    "routing": ("routing", 0),
    "paths.NAME.STEP": ("paths", "NAME", "STEP"),
    "closing": ("closing",),
    "outcomes": ("outcomes",),
    "owners.NAME": ("owners", "NAME"),
    "remedies.NAME": ("remedies", "NAME"),
    "loop": ("loop",),
    "roadmap": ("roadmap",),
    "roadmap.phases.NAME": ("roadmap", "phases", "NAME"),
    "roadmap.levers.NAME": ("roadmap", "levers", "NAME"),
    "side_work.NAME": ("side_work", "NAME"),
    "incidents.NAME": ("incidents", "NAME"),
    "costs": ("costs",),
    "costs.people.NAME": ("costs", "people", "NAME"),
    "costs.lines.NAME": ("costs", "lines", "NAME"),
    "costs.vendors.NAME": ("costs", "vendors", "NAME"),
    "business_case": ("business_case",),
    "business_case.once.NAME": ("business_case", "once", "NAME"),
    "business_case.running.NAME": ("business_case", "running", "NAME"),
    "run": ("run",),
    "by_interval of CSV": ("streams", "NAME", "arrivals", "by_interval"),
    "history of CSV": ("streams", "NAME", "arrivals", "history"),
    "agents of CSV": ("groups", "NAME", "agents"),
    "ledger of CSV": ("costs", "ledger"),
}
KEYS: Final = {(section, key.path): key for section, keys in reference.sections() for key in keys}


@pytest.fixture(autouse=True)
def in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The files that examples name."""
    (tmp_path / "calls.csv").write_text(
        "DateTime,calls\n2026-03-02 08:00,5\n2026-03-02 08:30,6\n", encoding="utf-8"
    )
    (tmp_path / "staff.csv").write_text(
        "DateTime,agents\n2026-03-02 08:00,5\n2026-03-02 08:30,6\n", encoding="utf-8"
    )
    (tmp_path / "ledger.csv").write_text(
        "Account,Period,Amount\n6000,2026-01,5\n6000,2026-02,6\n", encoding="utf-8"
    )
    (tmp_path / "base.yaml").write_text("run: {seed: 2}\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)


def value_of(example: Any) -> Any:
    """What an example means; text is as in a file."""
    data: Any = read_text(f"value: {reference.example_text(example)}").data
    return data["value"]


def without(section: str, path: str) -> dict[str, Any]:
    """The scenario with what the key needs beside it, but not yet itself."""
    whole = copy.deepcopy(BASE)
    if section.startswith("agents"):
        del whole["groups"]["NAME"]["shifts"]
    if section.startswith(("by_interval", "history")):
        del whole["streams"]["NAME"]["arrivals"]["rate"]
    part: Any = _at(whole, PLACES[section])
    for name in (section, f"{section}.{path.split('.', maxsplit=1)[0]}"):
        part.update(copy.deepcopy(BESIDE.get(name, {})))
    for name in [name for name, value in part.items() if value is None]:
        del part[name]
    *above, last = path.split(".")
    for depth in range(len(above)):
        parent = KEYS[section, ".".join(above[: depth + 1])]
        part = part.setdefault(above[depth], value_of(parent.examples[0]))
    if KEYS[section, path].default != NEEDED:
        part.pop(last, None)
    return whole


def with_key(section: str, path: str, value: Any) -> dict[str, Any]:
    """The scenario with a key set to a value."""
    whole = without(section, path)
    *above, last = path.split(".")
    _at(whole, (*PLACES[section], *above))[last] = value
    return whole


def _at(part: Any, place: tuple[str | int, ...]) -> Any:
    """The map or list at a place; those that are not there are added."""
    for n, key in enumerate(place):
        empty: Any = [{}] if isinstance(place[n + 1] if n + 1 < len(place) else "", int) else {}
        part = part[key] if isinstance(key, int) else part.setdefault(key, empty)
    return part


def _examples() -> Iterator[tuple[str, str, Any]]:
    for (section, path), key in KEYS.items():
        for example in key.examples:
            yield section, path, example


@pytest.mark.parametrize(("section", "path", "example"), list(_examples()))
def test_every_example_is_accepted_in_its_place(section: str, path: str, example: Any) -> None:
    scenarios.from_dict(with_key(section, path, value_of(example)))


def test_every_key_has_an_example_but_those_that_hold_parts() -> None:
    plain = [path for (_, path), key in KEYS.items() if not key.examples]
    first = ["calendar", "streams", "queues", "groups", "severities", "causes", "tiers", "tagging"]
    others = ["routing", "paths", "closing", "side_work", "incidents", "outcomes"]
    assert plain == [
        *first,
        *others,
        "owners",
        "remedies",
        "loop",
        "roadmap",
        "costs",
        "business_case",
        "run",
    ]


def _defaults() -> list[tuple[str, str]]:
    return [(section, path) for (section, path), key in KEYS.items() if key.default.startswith("`")]


@pytest.mark.parametrize(("section", "path"), _defaults())
def test_defaults_are_as_written(section: str, path: str) -> None:
    """A scenario that says so is the scenario that says nothing."""
    default = KEYS[section, path].default.strip("`")
    found = scenarios.from_dict(with_key(section, path, value_of(default)))
    assert found == scenarios.from_dict(without(section, path))


def test_defaults_are_many() -> None:
    assert len(_defaults()) >= 25


def test_tables_are_those_of_the_model() -> None:
    text = reference.PAGE.read_text(encoding="utf-8")
    assert text == reference.replaced(text), "python -m docs.reference --write"


@pytest.mark.verify
def test_tables_are_made_again() -> None:
    """`make verify` writes the page where it differs."""
    text = reference.PAGE.read_text(encoding="utf-8")
    made = reference.replaced(text)
    if os.environ.get("CARELOOP_WRITE_DOCS") == "1":
        reference.PAGE.write_text(made, encoding="utf-8")
    assert reference.PAGE.read_text(encoding="utf-8") == made


def test_every_table_has_its_place() -> None:
    marked = [found[2] for found in reference.MARK.finditer(reference.PAGE.read_text(encoding="utf-8"))]
    assert sorted(marked) == sorted(reference.tables())


def test_every_key_of_a_file_is_in_the_reference() -> None:
    assert sorted(path for section, path in KEYS if section == "File") == sorted(_TOP_KEYS)


def test_a_stale_table_is_noticed(tmp_path: Path) -> None:
    copied = shutil.copy(ROOT / "docs" / "scenario.md", tmp_path / "stale.md")
    stale = Path(copied).read_text(encoding="utf-8").replace("| first day |", "| last day |")
    assert reference.replaced(stale) != stale
    assert reference.replaced(stale) == reference.PAGE.read_text(encoding="utf-8")


def test_a_wrong_example_is_noticed() -> None:
    with pytest.raises(scenarios.ScenarioError, match=r"queues\.NAME\.retry\.share"):
        scenarios.from_dict(with_key("queues.NAME", "retry.share", "40 min"))


def test_forms_lead_to_where_they_are_explained() -> None:
    """Every form is words of its own, or a link."""
    explained = {form for forms in reference.EXPLAINED.values() for form in forms}
    used = {reference.form(key) for key in KEYS.values()}
    linked = {words[1 : words.index("]")] for words in used if words.startswith("[")}
    assert linked == explained
    plain = {words for words in used if not words.startswith(("[", "`"))}
    assert plain == {"map", "priority", "list of words", "list of numbers", "whole number or `auto`"}


def test_distributions_are_all_there_and_read() -> None:
    text = reference.PAGE.read_text(encoding="utf-8").split("\n## Distributions\n", 1)[1]
    lines = text.split("| name | parameters |", 1)[1].split("\n\n", 1)[0].splitlines()[2:]
    assert [line.split("`")[1] for line in lines] == list(KINDS)
    for line in lines:
        written = [each for each in line.split("`") if each.startswith("{")]
        assert written
        for each in written:
            scenarios.from_dict(with_key("streams.NAME", "handle_time", value_of(each)))
