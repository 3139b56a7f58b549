"""The lines of ``targets:`` -> goals, each checked against the names that the file has.

A line is [name] measure comparison value [period] [probability]; the name of a queue, a stream or a severity
may hold spaces, so the measure is the longest known word before the comparison that leaves a known name.
"""

import math
import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Final, NamedTuple

from scenarios.case_definitions import POINTS, WORK_SCOPES
from scenarios.case_targets import CASE_NAMES, case_names, check_case_goal, has_cases, is_of_cases
from scenarios.definitions import MONEY
from scenarios.parts import Parts
from scenarios.problems import Finding, Gather, findings_of, nearest, shown
from scenarios.targets import AT_LEAST, AT_MOST, SUBJECTS, Goal, Subject, split_when
from scenarios.units import duration, money, number, share, without_thousands

COMPARISON = re.compile(r"(>=|<=|=>|=<|==|=|<|>|≥|≤)")
IN_WORDS = re.compile(r"\b(at least|at most|no more than|no less than)\b", re.IGNORECASE)
_MEANS: Final = {
    ">=": AT_LEAST,
    "≥": AT_LEAST,
    "at least": AT_LEAST,
    "no less than": AT_LEAST,
    "<=": AT_MOST,
    "≤": AT_MOST,
    "at most": AT_MOST,
    "no more than": AT_MOST,
}
_BY_DAY = re.compile(r"\bby\s+day\s+[0-9]", re.IGNORECASE)
_EXAMPLE: Final = "'- phone service level >= 80% each week, with 90% probability'"
_OF_CONTACTS: Final = ("queue", "group", "stream")
_SCOPES: Final = (*_OF_CONTACTS, *CASE_NAMES)  # in this order where a name is of several
_PLURAL: Final = {
    **{scope: f"{scope}s" for scope in _SCOPES},
    "severity": "severities",
    "root_cause": "root causes",
    "work": "kinds of work",
}
_ROOT_CAUSE = re.compile(r"^(?:root cause|cause) ", re.IGNORECASE)
_NOT_MEASURED: Final = {  # with the measure that comes nearest, or nothing
    "cost per resolution": "cost per contact",
    "escalation": "escalation rate",
    "adherence": "",
    "shrinkage": "",
    "forecast accuracy": "",
}
_KNOWN_BEST: Final = (
    "service_level",
    "asa",
    "abandonment",
    "offered",
    "case_contacts",
    "fcr",
    "csat",
    "backlog",
)
_ALL_MEASURES: Final = "all are in README.md, 'Results'"
_FEW_NAMES: Final = 3
_ALIKE: Final = 0.7  # how alike words are of which one may be a slip of the other
Names = Mapping[str, tuple[str, ...]]  # by scope


class Split(NamedTuple):
    """A line cut up: who and what, the comparison, and the value as it was written."""

    left: str
    comparison: str
    value: str


def read_targets(raw: object, parts: Parts) -> tuple[tuple[Goal, ...], list[Finding]]:
    """Return the goals of a list of targets, and what is wrong with it."""
    if raw is None:
        return (), []
    if not isinstance(raw, list) or not raw:
        message = f"{shown(raw)} is not a list of targets; write one a line, such as {_EXAMPLE}"
        return (), [Finding(("targets",), message)]
    gather, goals = Gather(), dict[Goal, int]()
    for i, line in enumerate(raw):
        with gather.at("targets", i):
            goal = read_goal(line, parts)
            if goal in goals:
                raise ValueError(f"says the same as targets[{goals[goal]}]; remove one of them")
            goals[goal] = i
    return tuple(goals), gather.found


def read_goal(line: object, parts: Parts) -> Goal:
    """Return the goal of one line; raises ValueError with what is wrong and what is allowed."""
    if not isinstance(line, str):
        raise ValueError(f"{shown(line)} is not a target; write a line such as {_EXAMPLE}")
    if _BY_DAY.search(line):
        raise ValueError(f"{shown(line)} is to be reached by a day; such lines belong in roadmap.targets")
    text, when = split_when(line)
    return asked_goal(split(text), parts)._replace(period=when.period, probability=when.probability)


def asked_goal(cut: Split, parts: Parts) -> Goal:
    """Return the goal of a line cut up, each week; raises ValueError where it makes no sense."""
    measure, scope, name = asked_of(cut.left, parts)
    subject = SUBJECTS[measure]
    if cut.comparison not in subject.comparisons:
        sense = "reached" if AT_LEAST in subject.comparisons else "kept low"
        raise ValueError(f"{subject.words[0]} is to be {sense}; write {subject.comparisons[0]}")
    value, unit = _value(cut.value, subject)
    goal = Goal(measure, scope, name, cut.comparison, value, unit)
    _refuse_the_trivial(goal, subject)
    check_goal(parts, goal)
    return goal


def asked_of(left: str, parts: Parts) -> tuple[str, str, str]:
    """Return measure, scope and name of what stands before the comparison."""
    if not has_cases(parts):
        _refuse_cases(left)
    return _whose(left, _names(parts))


def check_goal(parts: Parts, goal: Goal) -> None:
    """Refuse a goal for which there would be no figure: without a time, pay, or cases to measure it of."""
    if goal.measure == "service_level":
        _check_threshold(parts, goal)
    if SUBJECTS[goal.measure].unit == MONEY:
        _check_pay(parts, goal)
    if is_of_cases(goal.measure):
        check_case_goal(parts, goal)


def _refuse_cases(left: str) -> None:
    """Refuse a measure of cases in a file that has none."""
    found = [measure for measure, _ in _endings(left)]
    if found and all(map(is_of_cases, found)):
        raise ValueError(
            f"{SUBJECTS[found[0]].words[0]} is measured of cases, and this file has none; "
            "say what becomes of contacts by severities, causes, paths, closing or outcomes"
        )


def split(text: str, example: str = _EXAMPLE) -> Split:
    """Cut a line at its comparison; words such as 'at least' only where there is no sign."""
    found = list(COMPARISON.finditer(text)) or list(IN_WORDS.finditer(text))
    if len(found) != 1:
        seen = "no comparison" if not found else "more than one comparison"
        raise ValueError(f"{shown(text)} has {seen}; write a line such as {example}")
    sign = found[0].group(1).lower()
    if sign not in _MEANS:
        raise ValueError(f"{sign!r} is not a comparison of a target; write >= (at least) or <= (at most)")
    return Split(text[: found[0].start()].strip(), _MEANS[sign], text[found[0].end() :].strip())


def _names(parts: Parts) -> Names:
    of_contacts = {"queue": parts.queues_named, "group": parts.groups_named, "stream": parts.streams_named}
    return of_contacts | case_names(parts)


def _whose(left: str, names: Names) -> tuple[str, str, str]:
    """Return measure, scope and name of what stands before the comparison."""
    endings = list(_endings(left))
    endings.sort(key=lambda each: not _says_scope(each[1], names))  # 'queue NAME' before what may be meant
    for measure, rest in endings:
        places = _places(rest, names)
        if places:
            return measure, *_scope(measure, rest, places, names)
    if endings:
        raise ValueError(_no_name(*endings[0], names))
    raise ValueError(_no_measure(left, names))


def _no_name(measure: str, text: str, names: Names) -> str:
    """Say that there is no such name among those of which a measure is, or among those of the kind said."""
    scopes = [each for each in _SCOPES if each in SUBJECTS[measure].scopes and is_of_cases(measure)]
    scopes = scopes or list(_OF_CONTACTS)
    said, _, name = _ROOT_CAUSE.sub("root_cause ", text).partition(" ")
    if said.lower() in scopes and name.strip():
        scopes, text = [each for each in scopes if each == said.lower()], name.strip()
    known = [name for scope in scopes for name in names[scope]]
    *some, last = ("kind of work" if each in WORK_SCOPES else each.replace("_", " ") for each in scopes)
    kinds = f"{', '.join(some)} or {last}" if some else last
    return f"there is no {kinds} {text!r}{nearest(text, known)}"


def _says_scope(text: str, names: Names) -> bool:
    scope, _, name = _ROOT_CAUSE.sub("root_cause ", text).partition(" ")
    return name.strip() in names.get(scope.lower(), ())


def _endings(text: str) -> Iterator[tuple[str, str]]:
    """Yield the measures whose words end a text, the longest first, each with what stands before."""
    found = []
    said = text.lower().split()
    for measure, subject in SUBJECTS.items():
        for words in _forms(measure, subject):
            wanted = words.lower().split()
            if said[-len(wanted) :] == wanted:
                before = "".join(text.rsplit(maxsplit=len(wanted))[: -len(wanted)])
                found.append((len(words), measure, before.strip()))
    for _, measure, rest in sorted(found, key=lambda each: -each[0]):
        yield measure, rest


def _forms(measure: str, subject: Subject) -> Iterator[str]:
    """Yield what a measure may be called: its words, its name in the tables, and words joined as in that."""
    joined = (words.replace(" ", "_") for words in subject.words)
    yield from dict.fromkeys([*subject.words, measure, *joined])


def _places(text: str, names: Names) -> list[tuple[str, str]]:
    """Return (scope, name) that a text may mean; a scope may be said before the name, nothing means all."""
    scope, _, rest = _ROOT_CAUSE.sub("root_cause ", text).partition(" ")
    if scope.lower() in _SCOPES and rest.strip() in names[scope.lower()]:
        return [(scope.lower(), rest.strip())]
    found = [(scope, text) for scope in _SCOPES if text in names[scope]]
    return found or ([("all", "all")] if text.lower() in ("", "all") else [])


def _scope(measure: str, text: str, places: list[tuple[str, str]], names: Names) -> tuple[str, str]:
    """Return the one of several places that has a measure."""
    subject = SUBJECTS[measure]
    for place in places:
        if place[0] in subject.scopes:
            return place
    have = [scope for scope in _SCOPES if scope in subject.scopes]
    who = "; ".join(f"{_PLURAL[scope]}: {', '.join(names[scope]) or 'none'}" for scope in have)
    whose = f"{places[0][0]} {places[0][1]!r}" if text else "all together"
    raise ValueError(f"{subject.words[0]} is not measured of {whose}, but of {who}")


def _no_measure(left: str, names: Names) -> str:
    """Say what is not measured, apart from the name before it, and what is allowed."""
    whole = [name for each in names.values() for name in each if left.startswith(f"{name} ")]
    what = left.removeprefix(max(whole, key=len, default="")).strip()
    known = next((each for each in _NOT_MEASURED if what.lower().endswith(each.lower())), None)
    allowed = f"allowed: {', '.join(SUBJECTS[each].words[0] for each in _KNOWN_BEST)}, ...: {_ALL_MEASURES}"
    if known is not None:
        near = f"; the nearest is {_NOT_MEASURED[known]}" if _NOT_MEASURED[known] else ""
        return f"{known} is not measured in this version{near}; {allowed}"
    every = [form for measure, subject in SUBJECTS.items() for form in _forms(measure, subject)]
    close = get_close_matches(what.lower(), [each.lower() for each in every], n=_FEW_NAMES, cutoff=_ALIKE)
    meant = dict.fromkeys(next(_endings(each))[0] for each in close)
    if meant:
        hint = " or ".join(repr(SUBJECTS[each].words[0]) for each in meant)
        return (
            f"{what!r} is not a measure; did you mean {hint}? {_ALL_MEASURES[0].upper()}{_ALL_MEASURES[1:]}"
        )
    return f"{what!r} is not a measure; {allowed}"


def _value(written: str, subject: Subject) -> tuple[float, str]:
    """Return the value of a target in the unit of its measure."""
    examples = {"share": "80%", "s": "30 s", "h": "40 h", MONEY: "$600,000", "agents": "12", POINTS: "+50"}
    example = examples.get(subject.unit, "25")
    try:
        return _READERS.get(subject.unit, _count)(without_thousands(written), subject.unit)
    except ValueError as error:
        raise ValueError(f"{subject.words[0]} takes a value such as {example}: {_first(error)}") from None


def _first(error: ValueError) -> str:
    return findings_of(error)[0].message


def _count(text: str, unit: str) -> tuple[float, str]:
    if not re.fullmatch(r"[0-9]+(\.[0-9]+)?", text):
        raise ValueError(f"{text!r} is not a plain number")
    return number(float(text)), unit


def _points(text: str, unit: str) -> tuple[float, str]:
    if not re.fullmatch(r"[+-]?[0-9]{1,3}(\.[0-9]+)?", text.removesuffix(" points")):
        raise ValueError(f"{text!r} is not a number of points from -100 to +100")
    value = float(text.removesuffix(" points"))
    if abs(value) > 100.0:
        raise ValueError(f"{text!r} is outside -100 to +100")
    return value, unit


def _money(text: str, _unit: str) -> tuple[float, str]:
    return money(text)


_READERS: Final = {
    "share": lambda text, unit: (share(text), unit),
    "s": lambda text, unit: (duration(text), unit),
    "h": lambda text, unit: (duration(text) / 3600.0, unit),
    MONEY: _money,
    POINTS: _points,
}


_BOUNDS: Final = {"share": (0.0, 1.0), POINTS: (-100.0, 100.0)}


def _refuse_the_trivial(goal: Goal, subject: Subject) -> None:
    """Refuse what always holds: nothing but points is below zero, and no share above one."""
    least, most = _BOUNDS.get(subject.unit, (0.0, math.inf))
    always = goal.value <= least if goal.comparison == AT_LEAST else goal.value >= most
    if always:
        raise ValueError(f"always holds: {subject.words[0]} {goal.comparison} {goal.value:g}")


def _check_threshold(parts: Parts, goal: Goal) -> None:
    """A service level needs the time and the formula of a queue's own target; of all, only one formula."""
    queues = {
        "queue": (goal.name,),
        "stream": (parts.joins.get(goal.name, ""),),
        "all": tuple(dict.fromkeys(parts.joins.values())),
    }[goal.scope]
    read = [(name, parts.queues[name]) for name in queues if name in parts.queues]
    for name, queue in read:
        if queue.target is None:
            raise ValueError(
                f"queue {name!r} has no time within which to answer; "
                "give it one, such as 'target: 80% in 20 s'"
            )
    if len({queue.service_level for _, queue in read}) > 1:
        raise ValueError(
            "the queues have several formulas of the service level; write a target for each queue"
        )


def _check_pay(parts: Parts, goal: Goal) -> None:
    """A cost needs the pay of the group, or of all groups, in its currency."""
    unpaid = [name for name, group in parts.groups.items() if group.pay is None]
    vendor_of = {vendor.group: name for name, vendor in parts.money.vendors.items()}
    if unpaid and unpaid[0] in vendor_of:
        raise ValueError(
            f"is the cost of people alone, and group {unpaid[0]!r} works for vendor "
            f"{vendor_of[unpaid[0]]!r}, at a price for what it does; leave this target out"
        )
    if unpaid:
        raise ValueError(
            f"group {unpaid[0]!r} has no pay, so there is no people cost; give it 'pay: 24 EUR/h'"
        )
    paid = {group.pay.currency for group in parts.groups.values() if group.pay is not None}
    if paid and goal.unit not in (*paid, MONEY):  # a change from the baseline names no currency
        raise ValueError(f"is in {goal.unit}, and the pay in {paid.pop()}; write the target in that")
