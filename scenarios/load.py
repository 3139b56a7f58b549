"""A scenario file -> ``Scenario``, with every problem of the file told at once.

Each stream, queue and group is read by itself, so that one mistake hides no other, and the checks
across them (``checks.py``) run on whatever could be read.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Final, NamedTuple, TypeVar

from scenarios.chain import EXTENDS
from scenarios.chat_time import in_focus_time
from scenarios.checks import check_parts
from scenarios.day_targets import read_day_targets
from scenarios.definitions import SERVICE_LEVELS
from scenarios.fields import Door, Model, Text, one_of, reader, said
from scenarios.layers import OVERRIDES, Layered, layered
from scenarios.life_load import LifeReading
from scenarios.model import Calendar, Group, Queue, Run, Scenario, Stream
from scenarios.money_load import MoneyReading
from scenarios.names import name_findings
from scenarios.parts import Parts
from scenarios.paths import path_text
from scenarios.plain_data import from_mapping
from scenarios.plan_load import PlanReading
from scenarios.problems import Finding, Place, Problem, ScenarioError, findings_of, nearest, shown
from scenarios.reach_check import reach_findings
from scenarios.roadmap_check import goal_findings
from scenarios.sections import LIFE, MONEY, PLAN, SECTIONS
from scenarios.settings import Setting
from scenarios.target_text import read_targets
from scenarios.targets import Goal, goal_of_queue
from scenarios.uncertainty import SECTION as UNCERTAINTY
from scenarios.uncertainty import on_without_section, read_uncertainty
from scenarios.week import DAY_S, Step, WeekSteps
from scenarios.yaml_text import Document, read_file, read_text

M = TypeVar("M", bound=Model)
VERSION: Final = 1
_MISSING: Final = "is missing"
_SECTIONS: Final[dict[str, type[Model]]] = dict(zip(SECTIONS, (Stream, Queue, Group), strict=True))


class Loaded(NamedTuple):
    """What opening a scenario gives: the scenario (None if it has errors), problems and notes.

    ``notes`` say what was detected rather than written, such as the delimiter of a CSV file; ``overrides``
    are the names of all that the file has, ``layers`` is what it says and where each value comes from.
    """

    scenario: Scenario | None
    problems: list[Problem]
    notes: list[str]
    overrides: tuple[str, ...] = ()
    layers: Layered = Layered()


def open_scenario(
    path: str | Path, overrides: Sequence[str] = (), settings: Sequence[Setting] = ()
) -> Loaded:
    """Read a scenario file with its problems and notes; raises nothing for what is wrong with it.

    The named ``overrides`` are laid over it in order, then the ``settings``.
    """
    path = Path(path)
    return _open(read_file(path), path.parent, str(path), overrides, settings)


def load(path: str | Path, overrides: Sequence[str] = (), settings: Sequence[Setting] = ()) -> Scenario:
    """Return the scenario of a file, or raise ``ScenarioError`` with all its problems."""
    return _usable(open_scenario(path, overrides, settings))


def loads(
    text: str, base_dir: str | Path = ".", overrides: Sequence[str] = (), settings: Sequence[Setting] = ()
) -> Scenario:
    """Return the scenario of a YAML text; files that it names are looked for in ``base_dir``."""
    return _usable(_open(read_text(text), Path(base_dir), "", overrides, settings))


def from_dict(
    mapping: Mapping[str, object],
    base_dir: str | Path = ".",
    overrides: Sequence[str] = (),
    settings: Sequence[Setting] = (),
) -> Scenario:
    """Return the scenario of a mapping that has the shape of a file."""
    return _usable(_open(from_mapping(mapping), Path(base_dir), "", overrides, settings))


def check(path: str | Path) -> list[Problem]:
    """Return all errors and warnings of a scenario file in the order of its lines, its overrides' too."""
    return check_with_notes(path).problems


def check_with_notes(path: str | Path) -> Loaded:
    """Read a file as it is and with each of its overrides: all problems, each once, and all notes."""
    loaded = open_scenario(path)
    problems, notes = list(loaded.problems), dict.fromkeys(loaded.notes)
    for name in loaded.overrides:
        changed = open_scenario(path, [name])
        told = {(each.file, each.line, each.path) for each in problems}
        new = [each for each in changed.problems if (each.file, each.line, each.path) not in told]
        problems += [each._replace(message=f"{each.message} (with override {name!r})") for each in new]
        notes |= dict.fromkeys(changed.notes)
    return loaded._replace(problems=sorted(problems, key=_reading_order), notes=list(notes))


def notes(path: str | Path) -> list[str]:
    """Return what reading a scenario file detected, such as the delimiter of a CSV file."""
    return open_scenario(path).notes


def _usable(loaded: Loaded) -> Scenario:
    if loaded.scenario is None:
        raise ScenarioError(loaded.problems)
    return loaded.scenario


def _version(seen: object) -> object:
    if seen != VERSION or isinstance(seen, bool):
        raise ValueError(f"{shown(seen)} is not a version that is read here; write 1")
    return seen


class Header(Model):
    """The keys at the top of a file that hold one value each."""

    careloop: Annotated[int, reader(_version, {"const": 1}), said("version of this language", 1)]
    name: Annotated[Text, said("title of the report", "My team")]
    description: Annotated[
        Text, said("a sentence below the title", "Phone and e-mail in autumn.", absent="none")
    ] = ""
    service_level: (
        Annotated[
            str,
            one_of(*SERVICE_LEVELS, title="formula"),
            said("what service level means, in all targets", "offered", absent="none; needed with a target"),
        ]
        | None
    ) = None


_TOP_KEYS: Final = (
    EXTENDS,
    *Header.model_fields,
    "calendar",
    *_SECTIONS,
    *LIFE,
    *PLAN,
    *MONEY,
    "targets",
    UNCERTAINTY,
    OVERRIDES,
    "run",
)


def _open(
    document: Document,
    base_dir: Path,
    file: str,
    overrides: Sequence[str] = (),
    settings: Sequence[Setting] = (),
) -> Loaded:
    """Read a document with its layers, and turn what was found into problems with lines."""
    layers = layered(document, base_dir, file, overrides, settings)
    told, found = {finding.place for finding in layers.found}, list[Finding]()
    door = Door(base_dir=base_dir)
    scenario = None
    if isinstance(layers.data, Mapping):
        scenario = _Reading(_filled(layers.data), door, found).scenario()
    elif not layers.found:
        message = f"{shown(layers.data)} is not a map; a scenario starts with 'careloop: 1'"
        found.append(Finding((), message))
    if layers.incomplete:
        found = [finding for finding in found if not finding.message.startswith(_MISSING)]
    found = [*layers.found, *(finding for finding in found if finding.place not in told)]
    problems = [_problem(finding, layers) for finding in _without_echoes(found)]
    usable = not any(problem.severity == "error" for problem in problems)
    in_order = sorted(problems, key=_reading_order)
    return Loaded(scenario if usable else None, in_order, door.notes, layers.overrides, layers)


def _reading_order(problem: Problem) -> tuple[bool, str, int]:
    return (problem.severity == "warning", problem.file, problem.line)


def _filled(value: Any) -> Any:
    """Return data without empty values, each of which has been found; in lists they keep their places."""
    if isinstance(value, Mapping):
        return {key: _filled(each) for key, each in value.items() if each is not None}
    if isinstance(value, list):
        return [_filled(each) for each in value]
    return value


def _without_echoes(found: list[Finding]) -> list[Finding]:
    """Drop repetitions, and the missing keys that are there but empty."""
    spoken = {finding.place for finding in found if not finding.message.startswith(_MISSING)}
    kept = [f for f in found if not (f.message.startswith(_MISSING) and f.place in spoken)]
    return list(dict.fromkeys(kept))


def _problem(finding: Finding, layers: Layered) -> Problem:
    """Return a finding as a problem: where its value was written, unless it says itself where to look."""
    source = layers.source(finding.place)
    file, line = (finding.file, finding.line) if finding.file else (source.file, finding.line or source.line)
    return Problem(finding.severity, file, line, path_text(finding.place), finding.message)


class _Reading:
    """One pass over a file's data that collects findings instead of stopping."""

    def __init__(self, data: Mapping[str, Any], door: Door, found: list[Finding]) -> None:
        self.data, self.door, self.found = data, door, found

    def scenario(self) -> Scenario | None:
        """Return the scenario, or None where a part of it could not be read."""
        self._top_keys()
        header = self._part(Header, {k: v for k, v in self.data.items() if k in Header.model_fields})
        calendar = self._calendar()
        run = self._part(Run, self.data.get("run", {}), "run")
        level = header.service_level if header else None
        life = LifeReading(self.data, self.door, self.found).parts()
        planned = PlanReading(self.data, self.door, self.found)
        plan = planned.parts()
        money = MoneyReading(self.data, self.door, self.found).parts()
        parts = Parts(
            header is not None,
            level,
            calendar,
            run,
            **self._sections(),
            life=life,
            plan=plan,
            money=money,
        )
        parts = parts.with_service_levels()
        parts, wrong, notes = in_focus_time(parts)
        goals, unreadable = read_targets(self.data.get("targets"), parts)
        by_day, late = read_day_targets(planned.targets(), parts)
        uncertainty, unsure = self._uncertainty(parts)
        told = {finding.place for finding in self.found}
        across = [finding for finding in check_parts(parts) if finding.place not in told]
        self.found += [*wrong, *across, *unreadable, *late, *goal_findings(parts, by_day), *unsure]
        if parts.is_whole() and parts.all_work_is_of_streams() and not self._has_errors():
            self.found += reach_findings(parts, _placed(parts, goals))
        self.door.notes += notes
        if header is None or calendar is None or run is None or self._has_errors():
            return None
        return Scenario(
            name=header.name,
            description=header.description,
            service_level=header.service_level,
            calendar=calendar,
            streams=dict(parts.streams),
            queues=dict(parts.queues),
            groups=dict(parts.groups),
            targets=goals,
            uncertainty=uncertainty,
            run=run,
            **life.of_scenario(),
            **plan.of_scenario(tuple(by_day.values())),
            **money.of_scenario(),
        )

    def _uncertainty(self, parts: Parts) -> tuple[dict[str, float], list[Finding]]:
        """Return how uncertain numbers are, and what is wrong with that."""
        raw = self.data.get(UNCERTAINTY)
        errors, wrong = read_uncertainty(raw, parts)
        if parts.run is not None and parts.run.uncertainty and not raw:
            wrong.append(on_without_section(raw))
        return errors, wrong

    def _has_errors(self) -> bool:
        return any(finding.severity == "error" for finding in self.found)

    def _top_keys(self) -> None:
        """Find unknown keys at the top, and the sections that are missing."""
        for key in self.data:
            if key not in _TOP_KEYS:
                self.found.append(Finding((key,), f"is not a known key{nearest(key, _TOP_KEYS)}"))
        for key in ("calendar", *_SECTIONS):
            if key not in self.data:
                self.found.append(Finding((key,), "is missing; add it"))

    def _part(self, model: type[M], raw: object, *place: str) -> M | None:
        """Return a part of the scenario, or None with what is wrong added to the findings."""
        try:
            return model.model_validate(raw, context=self.door, by_name=False, by_alias=True)
        except ValueError as error:
            self.found += [finding.below(*place) for finding in findings_of(error)]
            return None

    def _calendar(self) -> Calendar | None:
        """Read the calendar first: what follows needs its interval and its named hours."""
        raw = self.data.get("calendar")
        calendar = self._part(Calendar, raw, "calendar") if raw is not None else None
        self.door.hours = dict(calendar.hours) if calendar else _names_only(raw)
        self.door.interval_s = int(calendar.interval) if calendar else self.door.interval_s
        self.door.time_zone = calendar.time_zone if calendar else ""
        return calendar

    def _sections(self) -> dict[str, Any]:
        """Return what could be read of streams, queues and groups, and all names that the file gives."""
        read: dict[str, Any] = {name: self._section(name, model) for name, model in _SECTIONS.items()}
        for section in _SECTIONS:
            raw = self.data.get(section)
            read[f"{section}_named"] = tuple(raw) if isinstance(raw, Mapping) else ()
        read["joins"] = _joins(self.data.get("streams"))
        return read

    def _section(self, section: str, model: type[M]) -> dict[str, M]:
        raw = self.data.get(section)
        if raw is None:
            return {}
        if not isinstance(raw, Mapping) or not raw:
            what = "is empty" if raw == {} else f"{shown(raw)} is not a map of {section}"
            message = f"{what}; write each one's name, and its keys below"
            self.found.append(Finding((section,), message))
            return {}
        self.found += [f for name in raw for f in name_findings(section, name)]
        read = {name: self._part(model, each, section, name) for name, each in raw.items()}
        return {name: part for name, part in read.items() if part is not None}


def _placed(parts: Parts, goals: Iterable[Goal]) -> list[tuple[Place, Goal]]:
    """Return all goals, each with its place in the file."""
    own: list[tuple[Place, Goal]] = [
        (("queues", name, "target"), goal_of_queue(name, queue.target))
        for name, queue in parts.queues.items()
        if queue.target is not None
    ]
    return [*own, *((("targets", i), goal) for i, goal in enumerate(goals))]


def _joins(streams: object) -> dict[str, str]:
    """Return the queue that each stream names, whatever else is wrong with it."""
    if not isinstance(streams, Mapping):
        return {}
    named = {name: each.get("queue") for name, each in streams.items() if isinstance(each, Mapping)}
    return {name: str(queue) for name, queue in named.items() if isinstance(queue, str | int | float)}


def _names_only(raw: object) -> dict[str, WeekSteps]:
    """Return the names of hours in a calendar that could not be read, so that they are not unknown too.

    Hours that are closed at times may lack people then, and whole days are as good as no hours: neither is to
    be told of these. So they are all of the week, in halves.
    """
    hours = raw.get("hours") if isinstance(raw, Mapping) else None
    halves = [(day, half) for day in range(7) for half in (0, DAY_S // 2)]
    always = tuple(Step(day, half, half + DAY_S // 2, 1.0) for day, half in halves)
    return {str(name): always for name in hours} if isinstance(hours, Mapping) else {}
