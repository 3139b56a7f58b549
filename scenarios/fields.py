"""The pydantic side of reading: the base of every model, and one annotated type per kind of value.

A file is validated with a ``Door`` as context: then every quantity needs its unit. In Python, models may
also be built directly with numbers in the units of the attribute's name (``within_s=20.0``).
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Annotated, Any, ClassVar, Final, Self, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    ModelWrapValidatorHandler,
    ValidationInfo,
    model_validator,
)

from scenarios import units
from scenarios.paths import confined
from scenarios.problems import Gather, nearest, refuse, shown
from scenarios.week import WeekSteps, all_week, opening_hours

T = TypeVar("T")
ALWAYS: Final = "always"


@dataclass
class Door:
    """What values of a file need to know from outside themselves, and the notes that reading leaves."""

    base_dir: Path = Path()
    interval_s: int = 1800
    time_zone: str = ""
    hours: dict[str, WeekSteps] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def file(self, name: str) -> Path:
        """Return the path of a file that a scenario names, from its folder; none outside it."""
        confined(self.base_dir, name)
        return self.base_dir / name


class Model(BaseModel):
    """A frozen part of a scenario. Files use the aliases (``after``), Python the names (``after_s``)."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", validate_by_name=True, validate_by_alias=True, allow_inf_nan=False
    )
    also_read: ClassVar[tuple[str, ...]] = ()
    """Keys of a file that are no attributes."""
    derived: ClassVar[tuple[str, ...]] = ()
    """Attributes that are no keys of a file: they are read from another key."""

    @model_validator(mode="wrap")
    @classmethod
    def _known_keys(cls, raw: Any, handler: ModelWrapValidatorHandler[Self], info: ValidationInfo) -> Self:
        """Refuse unknown keys with the nearest known one, beside whatever else is wrong."""
        if isinstance(raw, cls):
            return raw
        allowed = cls.keys(in_python=info.context is None)
        if not isinstance(raw, Mapping):
            raise ValueError(f"{shown(raw)} is not a map; it takes the keys {', '.join(allowed)}")
        gather = Gather()
        for key in (key for key in raw if key not in allowed):
            with gather.at(key):
                raise ValueError(f"is not a known key{nearest(str(key), allowed)}")
        with gather.at():
            built = handler({key: each for key, each in raw.items() if key in allowed})
        gather.finish()
        return built

    @classmethod
    def keys(cls, in_python: bool = False) -> tuple[str, ...]:
        """Return the keys that may be given: those of a file, and in Python the attributes' names too."""
        return _keys_of(cls, in_python)


@cache
def _keys_of(model: type[Model], in_python: bool) -> tuple[str, ...]:
    read = {name: field for name, field in model.model_fields.items() if name not in model.derived}
    aliases = [str(field.validation_alias or name) for name, field in read.items()]
    return (*dict.fromkeys([*aliases, *model.also_read, *(model.model_fields if in_python else ())]),)


M = TypeVar("M", bound=Model)


def read_map(model: type[M], raw: object, door: Door, example: str) -> M:
    """Return a model from a file's map; a plain value is refused with an example of what to write."""
    if not isinstance(raw, Mapping):
        raise ValueError(f"{shown(raw)} is not a map; write {example}")
    return model.model_validate(dict(raw), context=door, by_name=False, by_alias=True)


def door_of(info: ValidationInfo) -> Door:
    """Return the door through which a value comes; Python has one without names."""
    return info.context if isinstance(info.context, Door) else Door()


def named_file(door: Door, name: str) -> Path:
    """Return the path of a file named at ``csv``; what is wrong with it is told there."""
    try:
        return door.file(name)
    except ValueError as error:
        refuse(str(error), "csv")


Form = Mapping[str, Any]
"""What may be written, as a JSON schema; ``title`` names it for people: "duration"."""


@dataclass(frozen=True)
class Reader(BeforeValidator):
    """A validator that also says what may be written."""

    form: Form = field(default_factory=dict, compare=False)


def reader(read: Callable[..., Any], form: Form) -> Reader:
    """Return a validator with its form."""
    return Reader(read, form=form)


def said(description: str, *examples: object, absent: str = "", **more: Any) -> Any:
    """Return what is said of a key in the reference and in the editor.

    ``absent`` says what holds where the key is left out, if its default does not say that; ``more`` is as
    for pydantic's ``Field``.
    """
    extra: dict[str, JsonValue] = {"absent": absent}
    return Field(description=description, examples=list(examples), json_schema_extra=extra, **more)


def quantity(read: Callable[[object], float], form: Form) -> Reader:
    """Return a validator for a quantity with a unit; only Python may give the bare number."""

    def validate(seen: object, info: ValidationInfo) -> float:
        if info.context is None and isinstance(seen, int | float) and not isinstance(seen, bool):
            return float(seen)
        return read(seen)

    return reader(validate, form)


def value(read: Callable[[object], Any], form: Form) -> Reader:
    """Return a validator for a value that is written the same way in files and in Python."""
    return reader(read, form)


def built(model: type[T], read: Callable[[object, Door], T], form: Form) -> Reader:
    """Return a validator that reads a model from a file's value, and lets a built one through."""
    return reader(lambda raw, info: raw if isinstance(raw, model) else read(raw, door_of(info)), form)


def as_they_are(seen: object) -> object:
    """Return parts that are read one by one elsewhere (``plan_load.py``)."""
    return seen


def parts_form(title: str, part: str) -> Form:
    """Return the form of a map from names to parts, each of a definition of the schema."""
    return {"title": title, "type": "object", "additionalProperties": {"$ref": f"#/$defs/{part}"}}


def one_of(*allowed: str, title: str = "") -> Reader:
    """Return a validator for one word of a list; with a title, the reference names it instead of them all."""

    def validate(seen: object) -> str:
        if not isinstance(seen, str) or seen not in allowed:
            raise ValueError(f"{shown(seen)} is not known{nearest(str(seen), allowed)}")
        return seen

    named = {"title": title} if title else {}
    return reader(validate, {**named, "enum": list(allowed)})


def whole(least: int, most: int) -> Reader:
    """Return a validator for a whole number between two bounds."""
    form = {"title": "whole number", "type": "integer", "minimum": least, "maximum": most}
    return reader(lambda seen: units.whole(seen, least, most), form)


def number(least: float, most: float) -> Reader:
    """Return a validator for a plain number between two bounds."""
    form = {"title": "number", "type": "number", "minimum": least, "maximum": most}
    return reader(lambda seen: units.number(seen, least, most), form)


def text(seen: object) -> str:
    """Return text; a bare number or date stands for its own writing."""
    if isinstance(seen, str | int | float) and not isinstance(seen, bool) and str(seen).strip():
        return str(seen)
    raise ValueError(f"{shown(seen)} is not text; write one word or line")


def yes_or_no(seen: object) -> bool:
    """Return true or false, also from the words yes and no, on and off."""
    words = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
    if str(seen).lower() not in words:
        raise ValueError(f"{shown(seen)} is neither true nor false")
    return words[str(seen).lower()]


def preference(seen: object) -> tuple[tuple[str, ...], ...]:
    """Return names in order of preference; a nested list is a tie: [a, [b, c]] -> (("a",), ("b", "c"))."""
    entries = list(seen) if isinstance(seen, list | tuple) else [seen]
    ranked = tuple(_tie(each) for each in entries)
    names = [name for tie in ranked for name in tie]
    if not names:
        raise ValueError("is an empty list; name at least one")
    twice = sorted(name for name, times in Counter(names).items() if times > 1)
    if twice:
        raise ValueError(f"names {twice[0]!r} twice; name it once")
    return ranked


def _tie(entry: object) -> tuple[str, ...]:
    if isinstance(entry, list | tuple) and entry:
        return tuple(text(each) for each in entry)
    return (text(entry),)


def hours_named(seen: object, door: Door) -> WeekSteps | None:
    """Return opening hours by name or written out; None means always."""
    if seen == ALWAYS:
        return None
    is_name = isinstance(seen, str) and ":" not in seen and seen != "24x7"
    if is_name and seen not in door.hours:
        raise ValueError(
            f"{shown(seen)} is not among calendar.hours{nearest(str(seen), (*door.hours, ALWAYS))}; "
            'or write them out: "08:00-20:00"'
        )
    steps = door.hours[str(seen)] if is_name else opening_hours(seen)
    return None if steps == all_week(1.0) else steps


def _read_hours(seen: object, info: ValidationInfo) -> WeekSteps | None:
    return seen if isinstance(seen, tuple) or seen is None else hours_named(seen, door_of(info))


def text_form(title: str, *examples: str, pattern: str = "") -> Form:
    """Return the form of a quantity that is written as text."""
    more = {"pattern": pattern} if pattern else {}
    return {"title": title, "type": "string", **more, "examples": list(examples)}


DURATION: Final = text_form(
    "duration", "20 s", "1.5 min", "2 h 30 min", "4 days", pattern=r"^[\d.]+ *[a-zA-Z]+"
)
_RATE: Final = text_form("rate", "120 per 30 min", "900 per week", pattern=r"(/|per)")
SHARE: Final = {
    "title": "share",
    "anyOf": [
        {"type": "string", "pattern": r"^[\d.]+ *%$"},
        {"type": "number", "minimum": 0, "maximum": 1},
    ],
    "examples": ["40%", 0.4],
}
_VARIATION: Final = {
    "title": "coefficient of variation",
    "anyOf": [{"type": "string", "pattern": r"^[\d.]+ *%$"}, {"type": "number", "minimum": 0}],
    "examples": [0.9, "90%"],
}
_TEXT: Final = {"title": "text", "type": ["string", "number", "integer"]}
_YES_NO: Final = {"title": "true or false", "enum": [True, False, "yes", "no", "on", "off"]}
DATE: Final = text_form("date", "2026-03-02", pattern=r"^\d{4}-\d{2}-\d{2}$")
CLOCK: Final = text_form("time of day", "08:00", pattern=r"^\d{1,2}:\d{2}")
WINDOW: Final = text_form("time window", "08:00-16:30", pattern=r"^\d{1,2}:\d{2}")
DAYS: Final = text_form("days", "mon-fri", "mon, wed-fri", "daily", "holidays")
MONEY_PER_HOUR: Final = text_form(
    "pay", "$24/h", "24 EUR/h", "$46800 per year for 38 h/week", pattern=r"(/|per|a) *(h|year)"
)
POINTS: Final = text_form("percentage points", "0.5 points", pattern="point")
TARGET: Final = text_form("target", "80% in 20 s", "80% in 20 s each day, with 95% probability")
WEEKLY_HOURS: Final = {"$ref": "#/$defs/hours"}
_NAMES: Final = {
    "title": "names",
    "anyOf": [
        {"type": "string"},
        {
            "type": "array",
            "items": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
        },
    ],
}

Seconds = Annotated[float, quantity(units.duration, DURATION)]
"""A duration, in seconds."""
PositiveSeconds = Annotated[float, quantity(units.positive_duration, DURATION)]
"""A duration above zero, in seconds."""
Share = Annotated[float, value(units.share, SHARE)]
"""A share, 0-1."""
Variation = Annotated[float, value(units.variation, _VARIATION)]
"""A coefficient of variation: standard deviation / mean."""
PerHour = Annotated[float, quantity(units.rate, _RATE)]
"""A rate, per hour."""
Text = Annotated[str, value(text, _TEXT)]
YesNo = Annotated[bool, value(yes_or_no, _YES_NO)]
Hours = Annotated[WeekSteps | None, reader(_read_hours, WEEKLY_HOURS)]
"""Opening hours; None means always."""
Preference = Annotated[tuple[tuple[str, ...], ...], value(preference, _NAMES)]
"""Names in order of preference, ties together."""
