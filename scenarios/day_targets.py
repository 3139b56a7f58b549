"""The lines of ``roadmap.targets``: what is to be reached by which day, also relative to the baseline.

``phone service level >= 80% by day 30``, ``avoidable share -15% vs baseline by day 90``. Names, measures and
values are those of other targets (``target_text.py``).
"""

import re
from typing import Final

from scenarios.by_day import not_by_day
from scenarios.case_definitions import POINTS
from scenarios.parts import Parts
from scenarios.problems import Finding, Gather, Place, shown
from scenarios.roadmap import DayGoal
from scenarios.target_text import COMPARISON, IN_WORDS, Split, asked_goal, asked_of, check_goal, split
from scenarios.targets import AT_LEAST, AT_MOST, SUBJECTS, Goal, Subject, value_text
from scenarios.units import plain_number, share_text

EXAMPLE: Final = "'- phone service level >= 80% by day 30' or '- reopen rate -15% vs baseline by day 90'"
_PLACE: Final[Place] = ("roadmap", "targets")
_BY_DAY = re.compile(r"(.*?)[\s,]*\bby\s+day\s+(\S+)\s*", re.IGNORECASE)
_VERSUS = re.compile(r"(.*?)\s*\b(?:vs\.?|versus|against)\s+(?:the\s+)?baseline\s*", re.IGNORECASE)
_OTHER_TAIL = re.compile(r"\b(?:with\s+\S+\s+probability|each|every|over\s+the\s+horizon)\b", re.IGNORECASE)
_NUMBER: Final = r"([+-]?)\s*([0-9]{1,9}(?:\.[0-9]{1,12})?(?:e-[0-9]{1,2})?)\s*(%|(?:percentage )?points?)"
_CHANGE = re.compile(rf"(.*?)\s*{_NUMBER}\s*")
_SIGNED = re.compile(r".*\s[+-]\s*[0-9.]+\s*(?:%|(?:percentage )?points?)\s*")
_MINUS: Final = "\N{MINUS SIGN}"  # as pages and tables write it
_MOST_DAY: Final = 36_600
_MOST_TIMES: Final = 10.0


def read_day_targets(raw: object, parts: Parts) -> tuple[dict[int, DayGoal], list[Finding]]:
    """Return the goals of a list of targets by day, each by its place in it, and what is wrong with it."""
    if raw is None:
        return {}, []
    if not isinstance(raw, list) or not raw:
        message = f"{shown(raw)} is not a list of targets; write one a line, such as {EXAMPLE}"
        return {}, [Finding(_PLACE, message)]
    gather, goals = Gather(), dict[DayGoal, int]()
    for i, line in enumerate(raw):
        with gather.at(*_PLACE, i):
            goal = read_day_goal(line, parts)
            if goal in goals:
                raise ValueError(f"says the same as roadmap.targets[{goals[goal]}]; remove one of them")
            goals[goal] = i
    return {i: goal for goal, i in goals.items()}, gather.found


def read_day_goal(line: object, parts: Parts) -> DayGoal:
    """Return the goal of one line; raises ValueError with what is wrong and what is allowed."""
    if not isinstance(line, str):
        raise ValueError(f"{shown(line)} is not a target; write a line such as {EXAMPLE}")
    text, day = _split_day(line.replace(_MINUS, "-"))
    versus = _VERSUS.fullmatch(text)
    if versus is not None:
        return _relative(versus[1], day, parts)
    if _SIGNED.fullmatch(text) and not _compares(text):
        raise ValueError(f"{shown(line)} is a change, and says not of what; write '... vs baseline by day N'")
    return _absolute(asked_goal(split(text, EXAMPLE), parts), day)


def _split_day(line: str) -> tuple[str, int]:
    """Return what stands before the day, and the day; it is the only tail that these lines have."""
    match = _BY_DAY.fullmatch(line)
    if match is None:
        raise ValueError(f"{shown(line)} says not by which day; write a line such as {EXAMPLE}")
    if _OTHER_TAIL.search(match[1]):
        raise ValueError(
            f"{shown(line)} has a period or a probability; by its day a target is measured over "
            "roadmap.window, and how probable it is to be is said in roadmap.status"
        )
    day = int(match[2]) if re.fullmatch(r"[0-9]{1,5}", match[2]) else 0
    if not 1 <= day <= _MOST_DAY:
        raise ValueError(f"{match[2]!r} is no day of the horizon; count from 1, as in 'by day 30'")
    return match[1].strip(), day


def _absolute(goal: Goal, day: int) -> DayGoal:
    _refuse_what_no_day_has(goal.measure)
    return DayGoal(goal.measure, goal.scope, goal.name, goal.comparison, goal.value, goal.unit, day, "")


def _refuse_what_no_day_has(measure: str) -> None:
    if problem := not_by_day(measure):
        raise ValueError(problem)


def _relative(text: str, day: int, parts: Parts) -> DayGoal:
    """Return the goal of ``reopen rate -15%``, or of ``reopen rate <= -15%``: a change from the baseline."""
    match = _CHANGE.fullmatch(text)
    if match is None:
        raise ValueError(
            f"{shown(text)} is no change against the baseline; write it with its sign: '-15% vs baseline', "
            "or '+3 points vs baseline'"
        )
    left, written, percent = match[1], f"{match[2]}{match[3]}", match[4] == "%"
    change = f"{written}{'%' if percent else ' points'}"
    _refuse_without_sign(written, change, _compares(left))
    down = AT_MOST if written[0] == "-" else AT_LEAST
    cut = split(f"{left} {written}", EXAMPLE) if _compares(left) else Split(left, down, "")
    measure, scope, name = asked_of(cut.left, parts)
    _refuse_what_no_day_has(measure)
    subject = SUBJECTS[measure]
    if measure == "prevented":
        raise ValueError(
            "the baseline prevents no contact, so there is nothing to be relative to; write a number, as in "
            "'prevented contacts >= 500 by day 90'"
        )
    _refuse_unit(subject, percent)
    value = round(float(written), 9) / (1.0 if subject.unit == POINTS else 100.0)
    goal = DayGoal(
        measure, scope, name, cut.comparison, value, subject.unit, day, "factor" if percent else "points"
    )
    if cut.comparison not in subject.comparisons:
        sense = "reached" if AT_LEAST in subject.comparisons else "kept low"
        raise ValueError(
            f"{subject.words[0]} is to be {sense}; write '{subject.comparisons[0]} {change} vs baseline' "
            "if it may change so far for the worse"
        )
    _refuse_the_impossible(goal)
    check_goal(parts, Goal(*goal[:6]))
    return goal


def _compares(left: str) -> bool:
    return bool(COMPARISON.search(left) or IN_WORDS.search(left))


def _refuse_without_sign(written: str, change: str, compares: bool) -> None:
    """Refuse a change of which nobody can say whether more or less is meant; no change needs a comparison."""
    if float(written) == 0 and not compares:
        raise ValueError(f"{change} is no change; write '<= {change} vs baseline' for what is not to rise")
    if float(written) and written[0] not in "+-":
        raise ValueError(
            f"{change!r} says not whether more or less is meant; write '-{change} vs baseline', "
            f"or '+{change} vs baseline'"
        )


def _refuse_unit(subject: Subject, percent: bool) -> None:
    """Refuse a percentage of what may be zero or less, and points of what is no share."""
    if percent and subject.unit == POINTS:
        raise ValueError(f"{subject.words[0]} is in points itself; write '+5 points vs baseline'")
    if not percent and subject.unit not in ("share", POINTS):
        raise ValueError(f"{subject.words[0]} has no percentage points; write '-15% vs baseline'")


def _refuse_the_impossible(goal: DayGoal) -> None:
    """Refuse a change beyond what there is: nothing becomes less than zero."""
    most = _MOST_TIMES if goal.relative == "factor" else 100.0 if goal.unit == POINTS else 1.0
    least = -1.0 if goal.relative == "factor" else -most
    if not least <= goal.value <= most:
        raise ValueError(
            f"is a change of {change_text(goal)}; allowed are {change_text(goal._replace(value=least))} to "
            f"{change_text(goal._replace(value=most))}"
        )
    if goal.comparison == AT_LEAST and goal.value == least:
        raise ValueError(
            f"always holds: {SUBJECTS[goal.measure].words[0]} {goal.comparison} {change_text(goal)}"
        )


def change_text(goal: DayGoal) -> str:
    """Write the value of a goal that is relative: ``-15%``, ``+3 points``."""
    sign = "+" if goal.value > 0 else ""
    if goal.relative == "factor":
        return f"{sign}{share_text(goal.value)}"
    points = goal.value if goal.unit == POINTS else round(goal.value * 100.0, 9)
    return f"{sign}{plain_number(points)} points"


def asked_text(goal: DayGoal) -> str:
    """Write what a goal asks for: ``>= 80%``, ``<= -15% vs baseline``."""
    if goal.relative:
        return f"{goal.comparison} {change_text(goal)} vs baseline"
    return f"{goal.comparison} {value_text(goal.measure, goal.value, goal.unit)}"


def day_goal_text(goal: DayGoal) -> str:
    """Write a goal as a line of ``roadmap.targets`` that reads back as the same goal."""
    whose = "" if goal.scope == "all" else f"{goal.scope} {goal.name} "
    of = f"{whose}{SUBJECTS[goal.measure].words[0]}"
    is_said = goal.relative and goal.value and goal.comparison == (AT_MOST if goal.value < 0 else AT_LEAST)
    asked = asked_text(goal).removeprefix(f"{goal.comparison} ") if is_said else asked_text(goal)
    return f"{of} {asked} by day {goal.day}"
