"""The answer of a formula to one question, as rows of words and as plain data."""

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from reports.blocks import Block, Cell, Row
from reports.wording import Words, duration_text, number_text, share_text
from scenarios.definitions import SERVICE_LEVELS

if TYPE_CHECKING:
    from sim.erlang.questions import Answer, Question
    from sim.erlang.questions import Row as Figures


class Told(NamedTuple):
    """A table, with lines above and below it."""

    title: str
    answer: str
    block: Block
    below: tuple[str, ...]


_WITHOUT_END: Final = "without end"
_HARDLY: Final = 1e-6  # smaller shares are none
_NO_MORE: Final = 0.005  # a β that is told as 0.00


def _span(seconds: float) -> str:
    return _WITHOUT_END if math.isinf(seconds) else duration_text(seconds)


def _percent(share: float) -> str:
    return f"{share * 100:.1g} %" if _HARDLY <= share < 0.001 else f"{share * 100:.1f} %"


def _count(number: float) -> str:
    return _WITHOUT_END if math.isinf(number) else number_text(number, 0 if number >= 100 else 2)


_COLUMNS: Final[tuple[tuple[str, str, Callable[[float], str]], ...]] = (
    ("Service level", "service_level", _percent),
    ("ASA", "asa_s", _span),
    ("Answer p90", "wait_p90_s", _span),
    ("Waits", "delayed", _percent),
    ("Blocked", "blocked", _percent),
    ("Abandons", "abandonment", _percent),
    ("Occupancy", "occupancy", _percent),
    ("Queue", "queue", _count),
    ("Retries/h", "retries_per_hour", _count),
    ("β", "beta", lambda beta: f"{beta:+.2f}".replace("-", "−")),
)


def told(question: "Question", answer: "Answer") -> Told:
    """The words of an answer. Answer p90 is the wait that 90 % of the answered did not exceed."""
    from sim.erlang.questions import MODELS

    columns = [c for c in _COLUMNS if any(getattr(row, c[1]) is not None for row in answer.rows)]
    rows = tuple(
        Row(
            f"{_agents(row.agents)}{' ◂' if row.agents == answer.required else ''}",
            tuple(Cell(Words(_cell(row, name, say))) for _, name, say in columns),
        )
        for row in answer.rows
    )
    work = f"{_count(question.calls_per_hour)} calls an hour of {duration_text(question.aht_s)}"
    title = f"{MODELS[question.model]}. {work} are {number_text(answer.load, 2)} Erlangs of work."
    block = Block("Agents", tuple(title for title, _, _ in columns), rows)
    return Told(title, _sentence(question, answer), block, tuple(_below(question, answer)))


def _cell(row: "Figures", name: str, say: Callable[[float], str]) -> str:
    value = getattr(row, name)
    return "" if value is None else say(value)


def _agents(agents: float) -> str:
    return number_text(agents, 0) if agents == int(agents) else f"{agents:g}"


def _sentence(question: "Question", answer: "Answer") -> str:
    from sim.erlang.line import MOST_AGENTS

    if answer.required is None:
        return ""
    wanted = _wanted(question)
    if math.isinf(answer.required):
        return f"No number of agents up to {number_text(MOST_AGENTS, 0)} reaches {wanted}."
    if answer.load == 0.0:
        return "Nobody calls: an empty interval needs 0 agents."
    one = answer.required == 1
    return f"{_agents(answer.required)} agent{'s' * (not one)} reach{'es' * one} {wanted}."


def _wanted(question: "Question") -> str:
    """What is wanted of the agents, in words."""
    parts = []
    if question.target is not None:
        share, time = share_text(question.target), duration_text(question.threshold_s)
        parts.append(f"at most {share} blocked" if question.model == "b" else f"{share} in {time}")
    for limit, words, say in (
        (question.asa_s, "a mean wait of at most", _span),
        (question.occupancy, "an occupancy of at most", share_text),
        (question.abandonment, "an abandonment of at most", share_text),
    ):
        if limit is not None:
            parts.append(f"{words} {say(limit)}")
    return ", ".join(parts)


def _below(question: "Question", answer: "Answer") -> list[str]:
    """The definition, the rule of thumb, and what to make of a line without end."""
    lines = []
    if question.model != "b":
        level = SERVICE_LEVELS.get(question.definition)
        words = level.label if level else "who would never give up is answered within T"
        time = duration_text(question.threshold_s)
        lines.append(f"Service level: {words} ({question.definition}), T = {time}.")
        lines.append(
            "Answer p90: 90 % of the answered waited no longer. Waits: of all, those not answered at once."
        )
    if answer.square_root is not None:
        beta = (answer.square_root - answer.load) / math.sqrt(answer.load)
        sign, load = "+" if beta >= 0 else "−", number_text(answer.load, 2)
        rule = f"{load} {sign} {abs(beta):.2f} × √{load} = {number_text(answer.square_root, 1)} agents"
        if question.model == "c" and beta < _NO_MORE:  # a line that lives takes more agents than work
            rule = f"only that agents be more than {load}; it is for waits of the order of a handle time"
        lines.append(f"Square-root rule: {rule}.")
    if question.model != "b" and any((row.blocked or 0.0) >= 0.01 for row in answer.rows):
        lines.append("Who is blocked finds no place to wait, and is in no service level and no wait.")
    if any(row.overloaded for row in answer.rows):
        lines.append("Without end: more work than these agents can do, and nobody gives up for good.")
    return lines


def json_of(question: "Question", answer: "Answer") -> dict[str, Any]:
    """Plain data; what has no end (inf) is null, and `overloaded` says so.

    `required` is there if something is wanted of the agents; `reachable` then says whether any number does.
    """
    given = {name: value for name, value in question._asdict().items() if value is not None}
    asked = {name: _plain(value) for name, value in given.items() if name != "agents"}
    rows = [{name: _plain(value) for name, value in row._asdict().items()} for row in answer.rows]
    summary = {name: _plain(value) for name, value in answer._asdict().items() if name != "rows"}
    if answer.required is None:
        del summary["required"]
    else:
        summary["reachable"] = math.isfinite(answer.required)
    return {**asked, **summary, "rows": rows}


def _plain(value: object) -> object:
    return None if isinstance(value, float) and not math.isfinite(value) else value
