"""Side work that no case ever brings."""

from collections.abc import Iterator

from scenarios.attributes import severities_of, true_causes
from scenarios.parts import Parts
from scenarios.problems import Finding, Place
from scenarios.side_work import When
from scenarios.units import plain_number


def side_work_findings(parts: Parts) -> Iterator[Finding]:
    """Yield what is wrong with side work whose names are all known."""
    borne = _borne(parts)
    for name, work in parts.life.side_work.items():
        place: Place = ("side_work", name)
        if not parts.life.incidents and "incident" in (work.on, work.once):
            key = "on" if work.on == "incident" else "once"
            message = "is of an incident, and there are none; add 'incidents', or write another word"
            yield Finding((*place, key), message)
        for section, has in borne.items():
            names: tuple[str, ...] = getattr(work, section)
            if names and not has & set(names):
                message = f"no case has any of these ({', '.join(names)}), so it never comes up"
                yield Finding((*place, section), message)
        if work.share == 0:
            message = "is 0%, so it never comes up; raise it, or remove the side work"
            yield Finding((*place, "share"), message, "warning")
        if work.when is not None:
            yield from _when(parts, (*place, "when"), work.when)
    yield from _currencies(parts)


def _borne(parts: Parts) -> dict[str, set[str | None]]:
    """Return what cases may be, by section."""
    pairs = [(name, *each) for name in parts.streams for each in true_causes(parts, name)]
    tiers = {name for stream in parts.streams.values() for name, share in stream.tiers.items() if share}
    return {
        "severities": {each for pair in pairs for each in severities_of(parts, *pair)},
        "causes": {cause for _, cause, _ in pairs},
        "tiers": {*tiers},
    }


def _when(parts: Parts, place: Place, when: When) -> Iterator[Finding]:
    """Yield conditions that never hold."""
    flags = {name for stream in parts.streams.values() for name, share in stream.flags.items() if share}
    if when.flags and not flags & set(when.flags):
        listed = ", ".join(when.flags)
        example = f"flags: {{{when.flags[0]}: 1%}}"
        message = f"no contact bears any of these ({listed}); give a stream some, as in {example}"
        yield Finding((*place, "flags"), message, "error" if when.arr is None else "warning")
    if when.arr is None:
        return
    tiers = [parts.life.tiers[name] for stream in parts.streams.values() for name in stream.tiers]
    if not tiers:
        message = "asks for the revenue of accounts, and no stream has tiers; add them"
        yield Finding((*place, "arr"), message)
    elif not parts.life.incidents and max(tier.arr for tier in tiers) < when.arr:
        most = plain_number(max(tier.arr for tier in tiers))
        message = f"is never reached: the largest account pays {most}, and no incident adds up several"
        yield Finding((*place, "arr"), message)


def _currencies(parts: Parts) -> Iterator[Finding]:
    """Find a second currency of yearly revenues: they are added up and compared."""
    said = [(("tiers", name, "arr"), tier.currency) for name, tier in parts.life.tiers.items()]
    said += [
        (("side_work", name, "when"), work.when.currency)
        for name, work in parts.life.side_work.items()
        if work.when is not None and work.when.currency
    ]
    for place, currency in said:
        if currency != said[0][1]:
            message = f"is in {currency}, and another in {said[0][1]}; write all revenues in one currency"
            yield Finding(place, message)
