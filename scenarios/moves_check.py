"""Changes that move what is not there, or more of it than there is."""

from collections.abc import Iterator
from typing import Final

from scenarios.changes import Change, Lever, Remedy
from scenarios.moves import ALL_AT_ONCE, Move, parameter_of, whose
from scenarios.parts import Parts
from scenarios.problems import Finding, Place
from scenarios.units import share_text

_OF_AGENTS: Final = "groups.NAME.agents"


def moves_findings(parts: Parts) -> Iterator[Finding]:
    """Yield what is wrong with the moves of changes whose names are all known."""
    for place, change in parts.plan.changes():
        yield from _nothing(place, change)
        yield from _of_another_cause(parts, place, change)
        yield from _all_at_once(place, change)
        for move in change.moves:
            there: Place = (*place, "moves", move.parameter)
            missing = _missing(parts, move)
            if missing:
                yield Finding(there, missing)
                continue
            yield from _of_group(parts, there, move, change)
            yield from _of_nothing(parts, there, move)
            yield from _beyond_avoidable(parts, there, move)


def _nothing(place: Place, change: Change) -> Iterator[Finding]:
    """Warn of changes that change nothing; a lever may only cost, and take hours, unless it has an effect."""
    if change.moves:
        return
    described = {
        "ramp": change.ramp_s > 0,
        "halves_in": change.halves_in_s is not None,
        "works": change.works < 1,
    }
    keys = [key for key, is_said in described.items() if is_said]
    add = "add moves, as in {causes.billing.contacts: -25%}"
    if isinstance(change, Lever) and (change.cost or change.hours_per_week):
        if keys:
            message = (
                f"moves nothing, so it only costs, and {keys[0]} is of no effect; {add}, or remove {keys[0]}"
            )
            yield Finding(place, message, "warning")
        return
    yield Finding(place, f"moves nothing, so nothing changes; {add}", "warning")


def _of_another_cause(parts: Parts, place: Place, change: Change) -> Iterator[Finding]:
    """Warn of a remedy that is chosen for one cause, and moves others alone."""
    if not isinstance(change, Remedy) or change.cause not in parts.life.causes:
        return
    moved = [whose(move.parameter) for move in change.moves]
    others = dict.fromkeys(each.name for each in moved)
    if moved and all(each.section == "causes" and each.name != change.cause for each in moved):
        message = (
            f"is {change.cause!r}, and what it moves is of {', '.join(map(repr, others))} alone: the loop "
            "would choose it for the one, and change the other; write the same cause in both"
        )
        yield Finding((*place, "cause"), message, "warning")


def _all_at_once(place: Place, change: Change) -> Iterator[Finding]:
    """Warn of a ramp or a decay of what comes whole."""
    kinds = {parameter_of(move.parameter).kind for move in change.moves}
    if not kinds or not kinds <= set(ALL_AT_ONCE):
        return
    for key, said in (("ramp", change.ramp_s), ("halves_in", change.halves_in_s)):
        if said:
            message = f"is never used: {change.moves[0].parameter} comes whole, and stays; remove it"
            yield Finding((*place, key), message, "warning")


def _missing(parts: Parts, move: Move) -> str:
    """Say which section a move needs and the file does not have; nothing where all is there."""
    section = move.parameter.partition(".")[0]
    life = parts.life
    if section == "loop" and not parts.plan.loop_said:
        return "is of the loop, and this file has none; add 'loop: {owner: ...}'"
    bonus = parts.plan.loop.bonus if parts.plan.loop else None
    if move.parameter == "loop.bonus_weight" and parts.plan.loop and bonus is None:
        return "is of a bonus, and the loop has none; add 'bonus: {weight: 20%, prevention: +5 points}' to it"
    if not life.whole:
        return ""  # what seems to be missing may just be wrong
    if (section == "tagging" or move.parameter == "loop.tag_audit") and life.tagging is None:
        return "is of tags, and this file has no tagging; add 'tagging: {accuracy: 85%}'"
    if move.parameter == "tagging.triage" and life.tagging is not None and life.tagging.triage is None:
        return "is of triage, and nobody does any; add 'triage' to tagging"
    if section == "routing" and not life.rules:
        return "turns routing rules on, and there are none; add 'routing: [{severity: S1, to: critical}]'"
    if section == "incidents" and not life.incidents:
        return "is of incidents, and this file has none; add one to 'incidents'"
    closing = life.closing
    comes_back = closing is not None and (closing.reopens is not None or closing.repeats is not None)
    if whose(move.parameter).pattern.rpartition(".")[2] == "returns" and not comes_back:
        return "is of customers who come back, and none does; add reopens or repeats to 'closing'"
    if section == "quality" and life.outcomes is None and (closing is None or closing.reopens is None):
        return "shows in QA scores and in reopened cases, and there are neither; add 'outcomes: {}'"
    return ""


def _of_group(parts: Parts, place: Place, move: Move, change: Change) -> Iterator[Finding]:
    """Find hurry where nobody hurries, and people in a way in which they cannot come."""
    pattern, section, name = whose(move.parameter)
    group = parts.groups.get(name) if section == "groups" else None
    if group is None:
        return
    if pattern.endswith(".hurry") and group.hurry is None:
        message = (
            f"is of hurry, and group {name!r} never does; add 'hurry: {{from_waiting: 10, speeds_up: 10%}}'"
        )
        yield Finding(place, message)
    if pattern != _OF_AGENTS:
        return
    if group.shifts is not None:
        message = (
            f"adds people to a number, and group {name!r} has shifts; write the group with agents, or add a "
            "shift in an override"
        )
        yield Finding(place, message)
    if isinstance(change, Remedy):
        yield Finding(place, "needs a day from which on they are there; write it in a lever of the roadmap")
    elif change.works < 1:
        message = f"says that {move.parameter} may fail, and people are there or not; write 100%"
        yield Finding((*place[:-2], "works"), message)


def _of_nothing(parts: Parts, place: Place, move: Move) -> Iterator[Finding]:
    """Warn of factors of what is zero."""
    tagging, loop = parts.life.tagging, parts.plan.loop
    incidents = parts.life.incidents.values()
    is_zero = {
        "tagging.untagged": tagging is not None and tagging.untagged == 0,
        "tagging.collisions": tagging is not None and tagging.collisions == 0,
        "incidents.detection_delay": all(each.detection.delay_s == 0 for each in incidents),
        "loop.information_delay": loop is not None and loop.information_delay_s == 0,
    }
    if is_zero.get(move.parameter):
        yield Finding(place, "changes nothing: what it is a factor of is 0 in this file", "warning")


def _beyond_avoidable(parts: Parts, place: Place, move: Move) -> Iterator[Finding]:
    """Warn where more contacts of a cause are to go than could be avoided."""
    pattern, _, name = whose(move.parameter)
    cause = parts.life.causes.get(name)
    if pattern != "causes.NAME.contacts" or cause is None or -move.high <= cause.avoidable + 1e-12:
        return
    most = "none" if cause.avoidable == 0 else share_text(cause.avoidable)
    message = (
        f"removes {share_text(-move.high)} of the contacts about {name!r}, of which {most} could be avoided; "
        f"lower it, or say in causes.{name}.avoidable how many could"
    )
    yield Finding(place, message, "warning")
