"""The JSON schema of a scenario file, for editors: completion, what a key says, and mistakes underlined."""

from typing import Any, Final

from scenarios.distributions import KINDS
from scenarios.fields import CLOCK, SHARE, Form, Model
from scenarios.keys import FILES, MODELS, NEEDED, TOP, Key, keys_of
from scenarios.sections import KIND_OF
from scenarios.week import DAY_NAMES, HOLIDAYS

Schema = dict[str, Any]
FILE_NAME: Final = "careloop.schema.json"
_DIALECT: Final = "http://json-schema.org/draft-07/schema#"
_REF: Final = "#/$defs/"
_PARTS: Final = {section: kind.replace(" ", "_") for section, kind in KIND_OF.items()}
"""Sections whose keys are names, and the definition of what each holds."""
_BELOW: Final = {  # the same of maps of parts below a section, by the path of the map
    "phase": "roadmap.phases",
    "lever": "roadmap.levers",
    "employment": "costs.people",
    "cost_line": "costs.lines",
    "vendor": "costs.vendors",
    "once": "business_case.once",
    "running": "business_case.running",
}
_SINGLE: Final = (
    *("calendar", "tagging", "closing", "outcomes", "loop", "roadmap", "costs", "business_case"),
    "run",
)


def json_schema() -> Schema:
    """Return the schema. It is a help while typing; ``careloop check`` has the last word."""
    top = _object(MODELS["File"])
    sections: Schema = {
        name: {"type": "object", "additionalProperties": _ref(part)} for name, part in _PARTS.items()
    }
    single = {name: _object(MODELS[name]) for name in _SINGLE}
    forms = {**single, **sections, "routing": {"type": "array", "items": _ref("rule")}}
    top["properties"] |= {key.path: _of_key(key._replace(form=forms.get(key.path, key.form))) for key in TOP}
    definitions = _definitions()
    for part in (*_PARTS.values(), *_BELOW):  # a file that extends another takes one away by null
        definitions[part]["type"] = ["object", "null"]
    return {"$schema": _DIALECT, "title": "careloop scenario", **top, "$defs": definitions}


def _ref(name: str) -> Schema:
    return {"$ref": f"{_REF}{name}"}


def _object(model: type[Model]) -> Schema:
    """Return the schema of a map with the keys of a model."""
    own = [key for key in keys_of(model) if "." not in key.path]
    found: Schema = {
        "type": "object",
        "additionalProperties": False,
        "properties": {key.path: _of_key(key) for key in own},
    }
    needed = [key.path for key in own if key.default == NEEDED]
    # A file that extends another need not have what that one has; careloop check knows.
    return {**found, "required": needed} if needed and model is not MODELS["File"] else found


def _of_key(key: Key) -> Schema:
    """Return the schema of one key: its form, or the keys below it, and what is said of it."""
    form: Form = _object(key.model) if key.model is not None else key.form
    default = "" if key.default == NEEDED else f" Default: {key.default}."
    about = {"description": f"{key.description}.{default}".replace("`", "")}
    if "$ref" in form:
        return {**about, "allOf": [dict(form)]}
    return {**form, **about}


def _definitions() -> Schema:
    days = "|".join((*DAY_NAMES, "daily", HOLIDAYS))
    windows = {"type": "string", "pattern": CLOCK["pattern"]}
    hours: Schema = {"anyOf": [windows, {"enum": ["closed"]}, {"type": "array", "items": windows}]}
    numbers: Schema = {"type": "number", "minimum": 0}
    lists: Schema = {"type": "array", "items": numbers}
    week = {f"({days})": {"anyOf": [numbers, lists, {"type": "object"}]}, "^[0-9]": numbers}
    files = {name: _object(model) for name, model in FILES.items()}
    return {
        "stream": _object(MODELS["streams.NAME"]),
        "queue": _object(MODELS["queues.NAME"]),
        "group": _object(MODELS["groups.NAME"]),
        "severity": _object(MODELS["severities.NAME"]),
        "cause": _object(MODELS["causes.NAME"]),
        "tier": _object(MODELS["tiers.NAME"]),
        "rule": _rule(),
        "path": {"type": "object", "additionalProperties": _ref("step")},
        "step": _object(MODELS["paths.NAME.STEP"]),
        "side_work": _object(MODELS["side_work.NAME"]),
        "incident": _object(MODELS["incidents.NAME"]),
        "owner": _object(MODELS["owners.NAME"]),
        "remedy": _object(MODELS["remedies.NAME"]),
        **{part: _object(MODELS[f"{path}.NAME"]) for part, path in _BELOW.items()},
        "arrivals": _object(MODELS["streams.NAME.arrivals"]),
        "shift": _object(MODELS["groups.NAME.shifts"]),
        "break": {"anyOf": [windows, _object(MODELS["groups.NAME.shifts.breaks"])]},
        "hours": {
            "anyOf": [{"type": "string"}, {"type": "object", "patternProperties": {f"({days})": hours}}]
        },
        "profile": {"anyOf": [files["by_interval"], _week(week)]},
        "staffing": {"anyOf": [{"type": "integer", "minimum": 0}, files["agents"], _week(week)]},
        "history": files["history"],
        "ledger": files["ledger"],
        "distribution": _distribution(),
    }


def _rule() -> Schema:
    """Return the schema of a rule of routing, which may say flags for flag."""
    rule = _object(MODELS["routing"])
    return {**rule, "properties": {**rule["properties"], "flags": rule["properties"]["flag"]}}


def _week(days: Schema) -> Schema:
    keys = {
        "from": dict(CLOCK),
        "step": {"type": "string", "examples": ["30 min"]},
        "per": {"enum": ["step", "hour", "day"]},
    }
    return {"type": "object", "properties": keys, "patternProperties": days, "additionalProperties": False}


def _distribution() -> Schema:
    """Return the schema of a distribution: one kind by name, and what may stand beside it."""
    parameters = {"type": ["object", "string", "array"]}
    beside: Schema = {
        "balk": {**SHARE, "description": "of a patience: the share that will not wait at all"},
        "measured_as": {"enum": ["focus time", "wall clock"]},
        "at_concurrency": {"type": "number", "minimum": 1},
    }
    return {
        "type": "object",
        "properties": {**dict.fromkeys(KINDS, parameters), **beside},
        "additionalProperties": False,
    }
