"""Changes that are too much together: beyond what there is, or with owners who have no hours for them."""

import math
from collections.abc import Iterator
from typing import Final, NamedTuple

from scenarios.changes import Change, Lever, Remedy
from scenarios.learning import Loop
from scenarios.moves import NAME, Move, parameter_of, whose
from scenarios.parts import Parts
from scenarios.problems import Finding, Place
from scenarios.spans import hours_text
from scenarios.units import share_text

_CONTACTS_OF_CAUSE: Final = f"causes.{NAME}.contacts"
_DEFLECTION: Final = "deflection"


class _Moved(NamedTuple):
    """A move, where it is written, and how probable it is that it comes at all."""

    place: Place
    move: Move
    works: float

    @property
    def expected(self) -> float:
        """Return what it moves as far as is expected: by how much, and how probably."""
        return self.move.expected * self.works


def together_findings(parts: Parts) -> Iterator[Finding]:
    """Warn of what changes that run come to together, and of owners who give improvements no hour."""
    for parameter, moved in _by_parameter(parts).items():
        pattern, _, name = whose(parameter)
        kind = parameter_of(parameter).kind
        if kind == "points" and not pattern.endswith(_DEFLECTION):
            yield from _beyond_a_share(parts, parameter, moved)
        elif pattern == _CONTACTS_OF_CAUSE:
            yield from _beyond_avoidable(parts, name, moved)
        elif kind in ("factor", "points"):
            yield from _taken_for_a_sum(parameter, moved)
    yield from _no_hours(parts)


def _by_parameter(parts: Parts) -> dict[str, list[_Moved]]:
    found: dict[str, list[_Moved]] = {}
    for place, change in parts.plan.changes():
        for move in change.moves if _runs(parts, change) else ():
            there: Place = (*place, "moves", move.parameter)
            found.setdefault(move.parameter, []).append(_Moved(there, move, change.works))
    return found


def _runs(parts: Parts, change: Change) -> bool:
    if isinstance(change, Lever):
        return change.owner is not None and change.due is not None
    return parts.plan.loop is not None and _owner(parts, change) is not None


def _owner(parts: Parts, change: Change) -> str | None:
    """Return who does a change: its own owner, or that of its cause."""
    if change.owner is None and isinstance(change, Remedy):
        return parts.life.causes[change.cause].owner
    return change.owner


def _beyond_a_share(parts: Parts, parameter: str, moved: list[_Moved]) -> Iterator[Finding]:
    """Warn of points that add up to more than 100%, or to less than 0%: what is beyond does nothing."""
    before = _share_before(parts, parameter)
    if before is None:
        return
    ends = moved[0].move[1:] if len(moved) == 1 else (math.fsum(each.move.expected for each in moved),)
    least, most = (round(before + each, 9) for each in (min(ends), max(ends)))
    if least >= 0 and most <= 1:
        return
    reached, bound = (most, 1.0) if most > 1 else (least, 0.0)
    several = f" with what {len(moved)} changes move" if len(moved) > 1 else ""
    message = (
        f"goes from {share_text(before)} to {share_text(reached)}{several}; "
        f"beyond {share_text(bound)} nothing changes, so write less"
    )
    yield Finding(moved[-1].place, message, "warning")


def _share_before(parts: Parts, parameter: str) -> float | None:
    """Return a share as it is without changes; None where it is not one number of the file."""
    section, name = whose(parameter)[1:]
    if parameter == "tagging.accuracy":
        return parts.life.tagging.accuracy if parts.life.tagging is not None else None
    if section == "side_work":
        return parts.life.side_work[name].share
    return parts.plan.owners[name].prevention if section == "owners" else None


def _beyond_avoidable(parts: Parts, name: str, moved: list[_Moved]) -> Iterator[Finding]:
    """Warn where several changes together take away more of a cause than could be avoided."""
    avoidable = parts.life.causes[name].avoidable
    gone = round(1.0 - math.prod(1.0 + each.expected for each in moved), 6)
    is_told = any(-each.move.high > avoidable + 1e-12 for each in moved)  # of one alone
    if len(moved) > 1 and gone > avoidable and not is_told:
        message = (
            f"removes, with what {len(moved)} changes are expected to, {share_text(gone)} of the contacts "
            f"about {name!r}, of which {share_text(avoidable)} could be avoided; lower them, or say in "
            f"causes.{name}.avoidable how many could"
        )
        yield Finding(moved[-1].place, message, "warning")


def _taken_for_a_sum(parameter: str, moved: list[_Moved]) -> Iterator[Finding]:
    """Warn where changes would take away more than all if they added up, which they do not."""
    sign = 1.0 if parameter.endswith(_DEFLECTION) else -1.0
    taken = [sign * each.expected for each in moved]
    whole, left = round(math.fsum(taken), 6), round(math.prod(1.0 - each for each in taken), 6)
    if whole > 1:
        message = (
            f"would take away {share_text(whole)} of all, with what {len(moved)} changes are expected to; "
            f"each finds what the others leave, so {share_text(left)} is left: write more if none is to be"
        )
        yield Finding(moved[-1].place, message, "warning")


def _no_hours(parts: Parts) -> Iterator[Finding]:
    """Warn of owners who have something to do for the loop, and no hour for improvements left."""
    loop = parts.plan.loop
    if loop is None or loop.owner is None:
        return
    raised = {m.parameter for _, c in parts.plan.changes() for m in c.moves if max(m[1:]) > 0}
    for name, owner in parts.plan.owners.items():
        work = _work_of(parts, loop, name)
        if (
            not work
            or f"owners.{name}.prevention" in raised
            or (loop.bonus and loop.bonus.prevention.high > 0)
        ):
            continue
        works_not = f"{name!r} works on nothing else: not on {work[0]}" + (
            f" and {len(work) - 1} more" if len(work) > 1 else ""
        )
        given, taken = owner.capacity_h_per_week * owner.prevention, lever_hours(parts, name)
        if given == 0:
            message = f"is 0%, so {works_not.replace(' else', '')}; raise it, or give that to another owner"
            yield Finding(("owners", name, "prevention"), message, "warning")
        elif f"owners.{name}.capacity" not in raised and given <= taken <= owner.capacity_h_per_week * (
            1 + 1e-9
        ):
            message = (
                f"leaves {hours_text(round(given, 9))} a week for improvements, and levers take "
                f"{hours_text(round(taken, 9))}, so {works_not}; raise it, or take less"
            )
            yield Finding(("owners", name, "prevention"), message, "warning")


def _work_of(parts: Parts, loop: Loop, name: str) -> list[str]:
    """Return what an owner is to work on in hours for improvements; a commitment has hours of its own."""
    commits = loop.quarterly is not None and loop.quarterly.owner == name and loop.quarterly.share > 0
    remedies = () if commits else parts.plan.remedies.items()
    work = [f"remedy {key!r}" for key, remedy in remedies if _owner(parts, remedy) == name]
    return work + (["articles"] if loop.articles is not None and loop.articles.owner == name else [])


def lever_hours(parts: Parts, owner: str) -> float:
    """Return the hours a week that levers that run take of an owner."""
    levers = (each for each in parts.plan.levers.values() if each.owner == owner and each.due is not None)
    return math.fsum(lever.hours_per_week for lever in levers)
