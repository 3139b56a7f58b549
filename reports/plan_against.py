"""What changed since the last version of a plan: a folder of `careloop plan --out`, frozen by its digests."""

import hashlib
import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from reports.day_targets import asked_words, percent_text
from reports.plan_words import counted
from reports.run_folder import MANIFEST, SCENARIO
from reports.saved_run import SavedRunError, manifest_of, number_of, scenario_of, text_of
from reports.wording import MISSING, shortened, signed_text
from scenarios import resolved
from scenarios.difference import difference
from scenarios.model import Scenario
from scenarios.targets import SUBJECTS
from sim.roadmap.plan import DayTarget, PlanResult
from sim.roadmap.standing import AMBER, GREEN, NOT_YET, RED

PLAN: Final = "plan.json"
_LARGEST: Final = 50_000_000  # bytes of a plan.json
_STATUSES: Final = (GREEN, AMBER, RED, NOT_YET)
_NAME: Final = 60  # characters of a file's name that are told
_SHORT: Final = 12  # characters of a digest that are shown

Key = tuple[str, str, str, int, str]  # measure, scope, name, day, direction


class Stood(NamedTuple):
    """Where a target stood: its value, its probability (NaN where nothing could be said), its status."""

    key: Key
    target: float
    probability: float
    status: str


class Earlier(NamedTuple):
    """An earlier version of a plan."""

    scenario: Scenario
    digest: str
    seed: int
    replications: int
    version: str
    targets: tuple[Stood, ...]


class Moved(NamedTuple):
    """A target then and now, in words."""

    target: str
    then: str
    now: str
    change: str


class Since(NamedTuple):
    """All that changed: inputs a line each, targets a row each, and what to bear in mind."""

    digests: tuple[str, str]
    inputs: tuple[str, ...]
    targets: tuple[Moved, ...]
    note: str


def read_plan(folder: Path) -> Earlier:
    """Read what `plan --out` wrote. Raises `SavedRunError` for anything else, and for files changed since."""
    if not folder.is_dir():
        raise SavedRunError(f"{folder}: no such folder")
    manifest = manifest_of(folder, "plan")
    _check_frozen(folder, manifest)
    return Earlier(
        scenario := scenario_of(folder),
        digest_of(scenario),
        number_of(manifest, "seed", folder),
        number_of(manifest, "replications", folder),
        text_of(manifest, "version", folder),
        _stood(folder),
    )


def _check_frozen(folder: Path, manifest: dict[str, Any]) -> None:
    """Refuse a folder of which any file is not as the manifest was written with: nothing moves silently."""
    files = manifest.get("files")
    if not isinstance(files, dict) or not {SCENARIO, PLAN} <= files.keys():
        raise SavedRunError(f"{folder}: not the folder of a plan; name what careloop plan --out wrote")
    changed = [problem for name, written in files.items() if (problem := _changed(folder, name, written))]
    if changed:
        raise SavedRunError(
            f"{folder}: {'; '.join(changed)}; use a copy that nobody has edited, or plan it again"
        )


def _changed(folder: Path, name: str, written: Any) -> str:
    """How a file differs from what its digest was made of; nothing where it does not."""
    if Path(name).name != name:  # no other folder is looked into
        return f"{shortened(name, _NAME)!r} of {MANIFEST} is no file of a plan"
    try:
        with (folder / name).open("rb") as file:
            found = f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"
    except (OSError, ValueError) as error:
        return f"{shortened(name, _NAME)!r} cannot be read: {getattr(error, 'strerror', None) or error}"
    if found == written:
        return ""
    return f"{name} is no longer as it was written (its digest differs from the one in {MANIFEST})"


def _stood(folder: Path) -> tuple[Stood, ...]:
    try:
        text = (folder / PLAN).read_bytes()
        rows = json.loads(text)["targets"] if len(text) <= _LARGEST else []
        return tuple(_row(each) for each in rows)
    except (ValueError, TypeError, KeyError, RecursionError):
        raise SavedRunError(f"{folder}: {PLAN} cannot be used: it has no usable targets") from None


def _row(each: Any) -> Stood:
    """A target of a plan.json; raises ValueError, KeyError or TypeError for what is none."""
    texts = [each[key] for key in ("metric", "scope", "name", "direction", "status")]
    if not all(isinstance(text, str) for text in texts) or type(each["day"]) is not int:
        raise ValueError("not a target")
    metric, scope, name, direction, status = texts
    target, probability = (
        math.nan if each[key] is None else float(each[key]) for key in ("target", "probability")
    )
    if status not in _STATUSES or probability < 0.0 or probability > 1.0 or math.isinf(target):
        raise ValueError("not a target")
    return Stood((metric, scope, name, each["day"], direction), target, probability, status)


def digest_of(scenario: Scenario) -> str:
    """The digest of all inputs of a plan: of its scenario, every value of it."""
    return hashlib.sha256(resolved(scenario).encode()).hexdigest()


def short(digest: str) -> str:
    """As much of a digest as tells versions apart."""
    return digest[:_SHORT]


def since(found: PlanResult, earlier: Earlier) -> Since:
    """What changed from an earlier version to a plan."""
    before = list(earlier.targets)
    rows = [_moved(each, _taken(before, each), found.scenario) for each in found.targets]
    rows += [_dropped(each) for each in before]
    return Since(
        (short(earlier.digest), short(digest_of(found.scenario))),
        tuple(difference(earlier.scenario, found.scenario)),
        tuple(rows),
        _note(found, earlier),
    )


def _taken(before: list[Stood], each: DayTarget) -> Stood | None:
    """The same target in the earlier version, taken out of what is left of it."""
    goal = each.goal
    key = (goal.measure, goal.scope, goal.name, goal.day, goal.comparison)
    found = next((one for one in before if one.key == key), None)
    if found is not None:
        before.remove(found)
    return found


def _moved(each: DayTarget, then: Stood | None, scenario: Scenario) -> Moved:
    stands = each.standing
    words = f"{asked_words(each, scenario)} by day {each.goal.day:,}"
    now = _said(stands.probability, stands.status)
    if then is None:
        return Moved(words, MISSING, now, "new")
    return Moved(words, _said(then.probability, then.status), now, _change(then, each))


def _change(then: Stood, each: DayTarget) -> str:
    """By how many points the probability moved; and that another value is asked for, where it is."""
    now = each.standing.probability
    points = (now - then.probability) * 100.0
    other = not math.isclose(then.target, each.target, rel_tol=1e-9) and not each.goal.relative
    parts = (
        [] if math.isnan(points) else [f"{signed_text(points, 0)} points" if round(points) else "as before"]
    )
    return "; ".join([*parts, *(["another value is asked for"] if other else [])]) or MISSING


def _dropped(each: Stood) -> Moved:
    metric, scope, name, day, _ = each.key
    whose = "" if scope == "all" else f"{name} "
    known = SUBJECTS.get(metric)
    words = f"{whose}{known.words[0] if known else metric.replace('_', ' ')} by day {day:,}"
    return Moved(words, _said(each.probability, each.status), MISSING, "dropped")


def _said(probability: float, status: str) -> str:
    return status if math.isnan(probability) else f"{percent_text(probability)} %, {status}"


def _note(found: PlanResult, earlier: Earlier) -> str:
    """Whether both met the same chances, and were made by the same program."""
    same = (earlier.seed, earlier.replications) == (found.seed, found.replications)
    chances = (
        "Both versions met the same chances: what differs comes from the inputs."
        if same
        else f"The earlier version had {counted(earlier.replications, 'replication')} with seed "
        f"{earlier.seed}, this one {found.replications:,} with seed {found.seed}: some of it is chance."
    )
    other = earlier.version != found.version
    program = f" It was made with careloop {earlier.version}, this one with {found.version}." if other else ""
    return f"{chances}{program}"


def inputs_told(inputs: Sequence[str]) -> str:
    """How many inputs differ."""
    return (
        f"{counted(len(inputs), 'input')} differ{'s' if len(inputs) == 1 else ''}"
        if inputs
        else "No input differs"
    )
