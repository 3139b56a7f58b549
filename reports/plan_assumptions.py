"""What a plan assumes: every range of every change, and what moves nothing unless a scenario says so."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from reports.life_assumptions import Table
from reports.plan_words import spoken
from reports.wording import MINUS, MISSING, share_text
from scenarios.changes import Change
from scenarios.learning import Loop
from scenarios.model import Scenario
from scenarios.moves import OF_LOOP, Move, Parameter, amount_text, parameter_of
from scenarios.units import duration_text

BY_DEFAULT: Final = "0 by default: no evidence"
_NOTHING: Final = "may come to nothing"
_CERTAIN: Final = "decided, not hoped for"
_DECIDED: Final = ("agents", "count", "switch")
_HEADS: Final = ("Change", "Moves", "Low", "Expected", "High", "Course", "Note")


class _Part(NamedTuple):
    """A part of the loop that moves something: under which key, by how much."""

    name: str
    key: str
    move: Move


def ranges(scenario: Scenario) -> Table:
    """Every range: of levers, then of remedies, then of what the loop moves."""
    rows = [*_of_changes(scenario), *(_of_loop(scenario.loop) if scenario.loop else ())]
    return Table("What each change moves, and how sure that is", _HEADS, tuple(rows))


def _of_changes(scenario: Scenario) -> Iterator[tuple[str, ...]]:
    levers = scenario.roadmap.levers if scenario.roadmap else {}
    remedies = scenario.remedies if scenario.loop else {}
    for name, change in (*levers.items(), *remedies.items()):
        for move in change.moves:
            parameter = parameter_of(move.parameter)
            yield (
                spoken(name),
                move.parameter,
                *_amounts(parameter, move),
                _course(change),
                _note(parameter, move),
            )


def _of_loop(loop: Loop) -> Iterator[tuple[str, ...]]:
    for part in _parts(loop):
        parameter = OF_LOOP[part.key]
        nothing = not any(part.move[1:])
        note = BY_DEFAULT if nothing else _note(parameter, part.move)
        yield (part.name, part.key, *_amounts(parameter, part.move), MISSING, note)


def _parts(loop: Loop) -> Iterator[_Part]:
    if loop.articles is not None:
        yield _Part("articles", "deflection", loop.articles.deflection)
        yield _Part("articles", "handle_time", loop.articles.handle_time)
    if loop.bonus is not None:
        yield _Part(
            f"bonus of {share_text(loop.bonus.weight)}, for each 10 points of it",
            "prevention",
            loop.bonus.prevention,
        )
    if loop.balanced is not None:
        yield _Part("balanced incentives", "hurry", loop.balanced.hurry)


def _amounts(parameter: Parameter, move: Move) -> tuple[str, str, str]:
    """Low, expected and high; where all are alike, the one."""
    words = [
        str(amount_text(parameter.kind, value)).replace("-", MINUS).replace("%", " %") for value in move[1:]
    ]
    low, expected, high = words
    return (MISSING, expected, MISSING) if move.low == move.high else (low, expected, high)


def _note(parameter: Parameter, move: Move) -> str:
    if parameter.kind in _DECIDED:
        return _CERTAIN
    if move.low == move.high:
        return "no range: taken as certain"
    return _NOTHING if move.low == 0.0 else MISSING


def _course(change: Change) -> str:
    """Whether it works at all, how it grows and fades."""
    parts = [f"works with {share_text(change.works)}"] if change.works < 1.0 else []
    parts += [f"full after {duration_text(change.ramp_s)}"] if change.ramp_s else []
    parts += [f"halves in {duration_text(change.halves_in_s)}"] if change.halves_in_s else []
    return ", ".join(parts) or MISSING


def told(scenario: Scenario) -> Iterator[str]:
    """What a reader has to know to believe none of it too much."""
    yield (
        "A size is drawn once a replication between low and high, most likely near expected (triangular), "
        "the same for all that one change moves. Factors multiply, points and seconds add."
    )
    yield (
        f"{BY_DEFAULT}: where nothing trustworthy is published (how haste affects reopens, waiting affects "
        "satisfaction, articles affect deflection, a bonus affects prevention), nothing moves unless the "
        "scenario says so; its range should then begin at 0."
    )
    loop = scenario.loop
    if loop is not None and loop.owner:
        yield (
            f"The loop decides by what is tagged, {duration_text(loop.information_delay_s)} late; the truth "
            "is known to the simulator alone."
        )
    yield "All else is in scenario.yaml beside this page, every value of it."
