"""Paths on which something is wrong as a whole: steps never reached, cases never solved, idle handovers."""

from collections.abc import Iterator, Mapping
from typing import Final

from scenarios.case_paths import SOLVED, Path
from scenarios.parts import Parts
from scenarios.problems import Finding

_FEW: Final = 1e-12  # share of the cases: who is left then no longer counts
_MOST_STEPS: Final = 100  # of a case, on average: far fewer than there are draws for (sim/steps.py)
Following = Mapping[str, set[str]]


def path_findings(parts: Parts) -> Iterator[Finding]:
    """Yield what is wrong with paths whose steps are all known."""
    for name, path in parts.life.paths.items():
        yield from _of_path(name, path)
    yield from _taken_by_none(parts)


def _of_path(name: str, path: Path) -> Iterator[Finding]:
    named = {step: set(each.then) for step, each in path.steps.items()}
    reached = _reached(path.first, named)
    for step in path.steps:
        if step not in reached:
            message = "is never reached: no step before it leads here; name it in a 'then', or remove it"
            yield Finding(("paths", name, step), message)
    following = {
        step: {to for to, share in each.then.items() if share > 0} for step, each in path.steps.items()
    }
    reached = _reached(path.first, following)
    stuck = [step for step in path.steps if step in reached and SOLVED not in _reached(step, following)]
    if stuck:
        listed = ", ".join(stuck)
        message = f"never leads to 'solved' ({listed}): a case would go on for ever; let one step lead there"
        yield Finding(("paths", name, stuck[0], "then"), message)
    else:
        yield from _too_long(name, path)
    yield from _handovers(name, path, {to for step in reached for to in following.get(step, ())})


def _reached(start: str, following: Following) -> set[str]:
    """Return all that can be reached from a step, itself included."""
    found, open_ = {start}, [start]
    while open_:
        for each in following.get(open_.pop(), ()):
            if each not in found:
                found.add(each)
                open_.append(each)
    return found


def _too_long(name: str, path: Path) -> Iterator[Finding]:
    """Find a path that is solved at last, but only after very many steps."""
    at = {path.first: 1.0}  # which share of cases is there
    times = dict.fromkeys(path.steps, 0.0)  # how often a case has been there on average
    for _ in range(10 * _MOST_STEPS):
        following = dict.fromkeys(path.steps, 0.0)
        for step, share in at.items():
            times[step] += share
            for to, part in path.steps[step].then.items():
                if to != SOLVED:
                    following[to] += share * part
        at = {step: share for step, share in following.items() if share > _FEW}
        if not at:
            break
    if sum(times.values()) > _MOST_STEPS:
        most = max(times, key=lambda step: times[step])
        message = (
            f"leads to 'solved' so rarely that a case takes more than {_MOST_STEPS} steps on average; "
            "let more cases come there"
        )
        yield Finding(("paths", name, most, "then"), message)


def _handovers(name: str, path: Path, entered: set[str]) -> Iterator[Finding]:
    """Yield what a step says that only makes sense after another one, or not so."""
    for step_name, step in path.steps.items():
        place = ("paths", name, step_name)
        if step.conference_s and not step.handover.warm:
            message = "is of a warm handover, and this one is cold; write 'handover: warm', or remove it"
            yield Finding((*place, "conference"), message)
        if step.handover.warm and step.after is not None:
            message = "is of no use: nobody stays with who answers later ('after'); remove one of the two"
            yield Finding((*place, "handover"), message, "warning")
        if step_name != path.first:
            continue
        if step.after is not None:
            message = "is no wait for an answer: a case starts with this step; put it on a later step"
            yield Finding((*place, "after"), message)
        if step.handover.warm and step_name not in entered:
            message = "is a handover from nobody: a case starts with this step; remove it"
            yield Finding((*place, "handover"), message)


def _taken_by_none(parts: Parts) -> Iterator[Finding]:
    taken = {stream.path for stream in parts.streams.values()}
    taken |= {cause.path for cause in parts.life.causes.values()}
    for name in parts.life.paths:
        if name not in taken:
            message = "no stream and no cause takes this path; name it there, as in 'path: standard'"
            yield Finding(("paths", name), message, "warning")
