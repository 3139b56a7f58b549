"""`careloop erlang`: one line in, a table out."""

import json
import math
import re
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from careloop.cli import RefusedError, printable
from careloop.options import Reading
from scenarios.problems import nearest
from scenarios.units import duration, number, rate, share

if TYPE_CHECKING:
    from sim.erlang.questions import Question

T = TypeVar("T")
_OPTIONS = {  # names in Python, where they differ from those of the options
    "calls_per_hour": "calls-per-hour",
    "aht_s": "aht",
    "threshold_s": "threshold",
    "within_s": "threshold",
    "short_s": "short-abandon",
    "asa_s": "max-asa",
    "occupancy": "max-occupancy",
    "abandonment": "max-abandonment",
    "patience_s": "patience",
    "per_hour": "calls-per-hour",
    "handle_s": "aht",
    "service_level": "target",
    "target": "target",
}


class Asked(NamedTuple):
    """The options as they were written."""

    model: str
    calls_per_hour: str
    aht: str
    agents: str | None
    target: str | None
    threshold: str
    definition: str
    short_abandon: str
    max_asa: str | None
    max_occupancy: str | None
    max_abandonment: str | None
    patience: str | None
    retry: str | None
    places: str | None
    as_json: bool


def answer_and_tell(asked: Asked) -> None:
    """Compute the table and print it."""
    question = _question(asked)
    from reports.formula_table import json_of, told
    from sim.erlang.questions import answer

    try:
        found = answer(question)
    except ValueError as error:
        name, _, rest = str(error).partition(": ")
        rest = re.sub("|".join(rf"\b{ours}\b" for ours in _OPTIONS), lambda m: f"--{_OPTIONS[m[0]]}", rest)
        raise RefusedError(f"error: --{_OPTIONS.get(name, name)}: {rest}") from None
    if asked.as_json:
        sys.stdout.write(json.dumps(json_of(question, found)) + "\n")
        return
    from careloop.terminal import show_block, show_lines

    words = told(question, found)
    show_lines(*filter(None, (words.title, words.answer)))
    if words.block.rows:
        show_block(words.block, "", *words.below)


def _question(asked: Asked) -> "Question":
    """The options in numbers; all that is wrong with them is told together."""
    from sim.erlang.levels import DEFINITIONS
    from sim.erlang.questions import MODELS, Question

    read = Reading()

    def one_of(name: str, allowed: tuple[str, ...]) -> Callable[[object], str]:
        def reader(seen: object) -> str:
            if seen not in allowed:
                raise ValueError(f"{name}: {seen!r} is not known{nearest(str(seen), allowed)}")
            return str(seen)

        return reader

    question = Question(
        read(one_of("model", tuple(MODELS)), asked.model.lower()) or "c",
        _given(read(_named("calls-per-hour", _rate), asked.calls_per_hour)),
        _given(read(_named("aht", _time), asked.aht)),
        read(_named("agents", _agents), asked.agents) or (),
        read(_named("target", share), asked.target),
        _given(read(_named("threshold", _time), asked.threshold)),
        read(one_of("definition", DEFINITIONS), asked.definition) or "",
        _given(read(_named("short-abandon", _time), asked.short_abandon)),
        read(_named("max-asa", _time), asked.max_asa),
        read(_named("max-occupancy", share), asked.max_occupancy),
        read(_named("max-abandonment", share), asked.max_abandonment),
        read(_named("patience", _or_inf(_time)), asked.patience),
        read(_named("retry", share), asked.retry),
        _limited(read(_named("places", _or_inf(lambda seen: number(_number(seen), 0, 1e6))), asked.places)),
    )
    if read.problems:
        raise RefusedError(*(printable(each.replace("--model:", "MODEL:")) for each in read.problems))
    return question


def _given(value: float | None) -> float:
    """The value; where it could not be read, anything: the question is refused."""
    return math.nan if value is None else value


def _named(name: str, reader: Callable[[object], T]) -> Callable[[object], T]:
    """A reader whose complaints begin with the option's name."""

    def reads(seen: object) -> T:
        try:
            return reader(seen)
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from None

    return reads


def _or_inf(reader: Callable[[object], float]) -> Callable[[object], float]:
    """A reader that also takes inf, where the formulas do."""

    def reads(seen: object) -> float:
        return math.inf if str(seen).strip().lower() == "inf" else reader(seen)

    return reads


def _limited(places: float | None) -> float | None:
    """Places without limit are those that nobody asks for."""
    return None if places == math.inf else places


def _number(seen: object) -> object:
    """A bare number, or the text as it is."""
    try:
        return float(str(seen))
    except ValueError:
        return seen


def _time(seen: object) -> float:
    """Seconds: a bare number, or a duration with its unit."""
    bare = _number(seen)
    return number(bare, 0.0, 1e9) if isinstance(bare, float) else duration(seen)


def _rate(seen: object) -> float:
    """Contacts an hour: a bare number, or a rate such as 60 per 30 min."""
    bare = _number(seen)
    return number(bare) if isinstance(bare, float) else rate(seen)


def _agents(seen: object) -> tuple[float, ...]:
    """A number of agents, or a range LOW..HIGH."""
    low, dots, high = str(seen).partition("..")
    ends = [number(_number(each), 0.0, 1e6) for each in ((low, high) if dots else (low,))]
    if not dots:
        return (ends[0],)
    if ends[1] < ends[0] or any(end != int(end) for end in ends):
        raise ValueError(f"{seen!r} is no range; write LOW..HIGH, in whole numbers and upwards")
    return tuple(float(n) for n in range(int(ends[0]), int(ends[1]) + 1))
