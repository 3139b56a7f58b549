"""Every key of a scenario file with what is said of it, as data: for the reference and for editors."""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple, get_args

from pydantic.fields import FieldInfo

from scenarios import arrivals, ledger, shifts, staffing_file
from scenarios.arrivals import Busyness, Level, Sinusoid
from scenarios.business_case import About, BusinessCase, Churn, Claim, Once, Running
from scenarios.case_paths import PathStep
from scenarios.causes import FLAG_KINDS, Cause, avoidable_text
from scenarios.changes import Lever, Remedy
from scenarios.closing import Closing, Confirms, Reopens, Repeats
from scenarios.costs import Costs, Employment, Line, Overtime, Penalty, Vendor
from scenarios.fields import Form, Model, Reader
from scenarios.incidents import Detection, Incident, StatusPage
from scenarios.learning import (
    Articles,
    Balanced,
    Bonus,
    Cusum,
    Daily,
    Loop,
    MonthlyReview,
    Quarterly,
    Threshold,
    Validation,
    WeeklyReview,
)
from scenarios.learning import Detection as OfClusters
from scenarios.load import Header
from scenarios.model import Calendar, Concurrency, Group, Overflow, Queue, Retry, Run, Stream
from scenarios.outcomes import Csat, Effort, Nps, Outcomes, Qa, Sentiment
from scenarios.owners import Owner
from scenarios.people import Hurry, OnCall, Ramp
from scenarios.roadmap import Phase, Roadmap, Status
from scenarios.routing import Rule
from scenarios.self_service import Bounces, SelfService
from scenarios.severities import Severity, Update
from scenarios.side_work import SideWork, When
from scenarios.spans import days_text, hours_text, months_text
from scenarios.tagging import Tagging, Work
from scenarios.tiers import Tier
from scenarios.uncertainty import FORM as UNCERTAIN
from scenarios.units import duration_text, plain_number, share_text
from scenarios.waiting import Announces, CallBack, Diverts, Silent

NEEDED: Final = "**needed**"


class Key(NamedTuple):
    """A key: its path below its section, what it says, how it is written, its default in words."""

    path: str
    description: str
    form: Form
    examples: tuple[Any, ...]
    default: str
    model: type[Model] | None  # of a key that holds keys of its own


MODELS: Final[dict[str, type[Model]]] = {
    "File": Header,
    "calendar": Calendar,
    "streams.NAME": Stream,
    "streams.NAME.arrivals": arrivals.Written,
    "queues.NAME": Queue,
    "groups.NAME": Group,
    "groups.NAME.shifts": shifts.Written,
    "groups.NAME.shifts.breaks": shifts.BreakWritten,
    "severities.NAME": Severity,
    "causes.NAME": Cause,
    "tiers.NAME": Tier,
    "tagging": Tagging,
    "routing": Rule,
    "paths.NAME.STEP": PathStep,
    "closing": Closing,
    "side_work.NAME": SideWork,
    "incidents.NAME": Incident,
    "outcomes": Outcomes,
    "owners.NAME": Owner,
    "remedies.NAME": Remedy,
    "loop": Loop,
    "roadmap": Roadmap,
    "roadmap.phases.NAME": Phase,
    "roadmap.levers.NAME": Lever,
    "costs": Costs,
    "costs.people.NAME": Employment,
    "costs.lines.NAME": Line,
    "costs.vendors.NAME": Vendor,
    "business_case": BusinessCase,
    "business_case.once.NAME": Once,
    "business_case.running.NAME": Running,
    "run": Run,
}
"""The sections of the reference, and the model of each."""

FILES: Final[dict[str, type[Model]]] = {
    "by_interval": arrivals.WeekFile,
    "history": arrivals.HistoryFile,
    "agents": staffing_file.Written,
    "ledger": ledger.Written,
}
"""The keys of ``{csv: FILE}``, by the key that takes it."""

NESTED: Final = (
    *(Sinusoid, Busyness, Level, Retry, Overflow, Concurrency),
    *(SelfService, Bounces, Announces, Diverts, CallBack, Silent, OnCall, Ramp, Hurry),
    *(Csat, Nps, Effort, Sentiment, Qa),
    *(Update, Work, Confirms, Reopens, Repeats, When, Detection, StatusPage),
    *(Daily, OfClusters, Cusum, Threshold, WeeklyReview, Validation, MonthlyReview, Quarterly),
    *(Articles, Bonus, Balanced, Status),
    *(Overtime, Penalty, Churn, Claim, About),
)
_WITHOUT_MODEL: Final = {("Group", "hours"): ("with a number of `agents`: when they work", "always")}

TOP: Final = (
    Key(
        "extends",
        "a file, in this folder or below, that this one is laid over",
        {"title": "text", "type": "string"},
        ("base.yaml",),
        "none",
        None,
    ),
    Key("calendar", "which days, in which time zone", {"title": "calendar"}, (), NEEDED, None),
    Key("streams", "where contacts come from, by name", {"title": "streams"}, (), NEEDED, None),
    Key("queues", "where they wait, by name", {"title": "queues"}, (), NEEDED, None),
    Key("groups", "who handles them, by name", {"title": "groups"}, (), NEEDED, None),
    Key(
        "severities",
        "what is promised to cases, by name of severity, the worst first",
        {"title": "severities"},
        (),
        "none",
        None,
    ),
    Key("causes", "why customers ask for help, by name", {"title": "causes"}, (), "none", None),
    Key("tiers", "accounts and what they pay a year, by name", {"title": "tiers"}, (), "none", None),
    Key(
        "flags",
        "what contacts may bear, by name: `compliance`, `fraud` or `other`",
        {
            "title": "kinds by name",
            "type": "object",
            "additionalProperties": {"enum": list(FLAG_KINDS)},
        },
        ("{pci: compliance, fraud: fraud}",),
        "none",
        None,
    ),
    Key("tagging", "how often tags are right", {"title": "tagging"}, (), "all are right", None),
    Key(
        "routing",
        "which queue contacts join: a list of rules, the first that matches decides",
        {"title": "list of rules", "type": "array"},
        (),
        "the queue of their stream",
        None,
    ),
    Key("paths", "the steps that cases take, by name of path", {"title": "paths"}, (), "one contact", None),
    Key("closing", "what happens after a case is solved", {"title": "closing"}, (), "nothing", None),
    Key("side_work", "work beside the path of a case, by name", {"title": "side work"}, (), "none", None),
    Key("incidents", "what breaks, and who asks then, by name", {"title": "incidents"}, (), "none", None),
    Key(
        "outcomes",
        "what customers answer after a case, and how work is scored",
        {"title": "outcomes"},
        (),
        "nothing is asked",
        None,
    ),
    Key("owners", "who answers for causes and changes, by name", {"title": "owners"}, (), "none", None),
    Key(
        "remedies",
        "what could be done about root causes, by name",
        {"title": "remedies"},
        (),
        "none",
        None,
    ),
    Key("loop", "how the team learns, and what it then does", {"title": "loop"}, (), "it does not", None),
    Key("roadmap", "what is planned, and what it is to reach", {"title": "roadmap"}, (), "none", None),
    Key("costs", "what all of it costs, in one currency", {"title": "costs"}, (), "pay alone", None),
    Key(
        "business_case",
        "what a change is assumed to cost and to bring; needs `costs`",
        {"title": "business case"},
        (),
        "none",
        None,
    ),
    Key(
        "targets",
        "what must hold, a line each",
        {"title": "list of targets", "type": "array", "items": {"type": "string"}},
        ("[phone abandonment <= 5% each week]",),
        "none",
        None,
    ),
    Key(
        "uncertainty",
        "how sure numbers are: of each path, the standard error as a share of the number",
        UNCERTAIN,
        ("{arrivals: 5%, streams.NAME.handle_time: 1.2%}",),
        "none",
        None,
    ),
    Key(
        "overrides",
        "changes with names, to be chosen when it is run",
        {"title": "overrides", "type": "object", "additionalProperties": {"type": "object"}},
        ("{hire_two: {groups.team.agents: {add: 2}}}",),
        "none",
        None,
    ),
    Key("run", "how often it is simulated, and from which seed", {"title": "run"}, (), "all defaults", None),
)
"""The keys at the top of a file beside those of ``Header``."""


def keys_of(model: type[Model], above: str = "") -> Iterator[Key]:
    """Yield the keys of a model, each followed by those below it."""
    for name, info in model.model_fields.items():
        if name in model.derived:
            continue
        key = _key(above, name, info)
        yield key
        if key.model is not None:
            yield from keys_of(key.model, f"{key.path}.")
    for (owner, name), (description, default) in _WITHOUT_MODEL.items():
        if owner == model.__name__:
            yield Key(f"{above}{name}", description, {"$ref": "#/$defs/hours"}, ("desk",), default, None)


def _key(above: str, name: str, info: FieldInfo) -> Key:
    facts = [info, *info.metadata, *_facts(info.annotation)]
    said = next(each for each in facts if isinstance(each, FieldInfo) and each.description)
    form = next((each.form for each in facts if isinstance(each, Reader)), {})
    nested = next((each for each in facts if each in NESTED), None)
    extra = said.json_schema_extra
    absent = str(extra.get("absent", "")) if isinstance(extra, dict) else ""
    default = absent or (NEEDED if info.is_required() else _default_text(info.default, form))
    path = f"{above}{info.validation_alias or name}"
    return Key(path, str(said.description), form, tuple(said.examples or ()), default, nested)


def _facts(annotation: Any) -> Iterator[Any]:
    """Yield everything that an annotation is made of: what is annotated to a type before what is in it."""
    yield annotation
    for each in reversed(get_args(annotation)):
        yield from _facts(each)


def _default_text(value: Any, form: Form) -> str:
    """Write a default as it would be written in a file; of a map its keys say theirs."""
    if isinstance(value, Model):
        return "as its keys say"
    title = form.get("title")
    if title == "duration":
        text = duration_text(value)
    elif title == "percentage points":
        text = f"{plain_number(value * 100)} points"
    elif title == "hours of work":
        text = hours_text(value)
    elif title == "hours a week":
        text = f"{hours_text(value)}/week"
    elif title == "whole months":
        text = months_text(value)
    elif title == "whole days":
        text = days_text(value)
    elif title == "list of whole days":
        text = f"[{', '.join(map(days_text, value))}]"
    elif title == "yes, no or a share":
        text = avoidable_text(value)
    elif title in ("share", "coefficient of variation", "factor"):
        text = share_text(value)
    elif isinstance(value, bool):
        text = str(value).lower()
    elif isinstance(value, tuple):
        text = f"[{', '.join(map(str, value))}]"
    else:
        text = plain_number(value) if isinstance(value, int | float) else str(value)
    return f"`{text}`"


def written_as(form: Form) -> str:
    """Say in words how a value is written: by the title of its form, or the words that it may be."""
    if "const" in form:
        return f"`{form['const']}`"
    if "enum" in form and "title" not in form:
        return ", ".join(f"`{each}`" for each in form["enum"])
    if "$ref" in form:
        return str(form["$ref"]).rsplit("/", 1)[-1]
    return str(form.get("title", ""))
