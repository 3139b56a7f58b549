"""The section ``uncertainty`` of a file: by path, the relative standard error of a number.

``{streams.calls.arrivals: 3%}``: the level of these arrivals is known to 3 % of itself.
"""

from collections.abc import Mapping
from typing import Final

from scenarios.fields import SHARE, Form
from scenarios.parts import Parts
from scenarios.paths import UNCERTAINTY
from scenarios.problems import Finding, nearest, shown
from scenarios.uncertain_numbers import COMMON, OF, Sections, paths, place_of_number
from scenarios.units import share, share_text

SECTION: Final = UNCERTAINTY
EXAMPLE: Final = "{streams.calls.arrivals: 3%, streams.calls.handle_time: 1.2%}"
FORM: Final[Form] = {"title": "uncertain numbers", "type": "object", "additionalProperties": SHARE}


def read_uncertainty(raw: object, parts: Parts) -> tuple[dict[str, float], list[Finding]]:
    """Return the relative standard error of each path, and what is wrong."""
    if raw is None:
        return {}, []
    if not isinstance(raw, Mapping):
        return {}, [Finding((SECTION,), f"{shown(raw)} is not a map; write {EXAMPLE}")]
    found, wrong = dict[str, float](), list[Finding]()
    for path, each in raw.items():
        try:
            found[str(path)] = _error_of(str(path), each, parts)
        except ValueError as error:
            wrong.append(Finding((SECTION, str(path)), str(error)))
    return found, wrong


def _error_of(path: str, seen: object, parts: Parts) -> float:
    """Return the relative standard error of the number at a path; raises ValueError where one is wrong."""
    sections: Sections = {"streams": parts.streams, "queues": parts.queues}
    place = None
    if path != COMMON and not _is_unread(path, parts):
        place = place_of_number(sections, path)
        if place is None:
            raise ValueError(_nowhere(path, sections))
    error = share(seen)
    if place is not None and place.quantity.is_share:
        _refuse_too_wide(place.value, error)
    return error


def _is_unread(path: str, parts: Parts) -> bool:
    """Tell whether a path leads to a part that is there but wrong itself, so that nothing more is known."""
    section, _, rest = path.partition(".")
    name = rest.partition(".")[0]
    named = {"streams": parts.streams_named, "queues": parts.queues_named}.get(section)
    read = {"streams": parts.streams, "queues": parts.queues}.get(section, {})
    return named is not None and (not named or (name in named and name not in read))


def _nowhere(path: str, sections: Sections) -> str:
    """Say why a path leads to no number: what is not there, or which paths there are."""
    section, _, rest = path.partition(".")
    name, _, tail = rest.partition(".")
    quantity = OF.get(section, {}).get(tail)
    part = sections.get(section, {}).get(name)
    if quantity is None:
        return f"is no path of a number that may be uncertain{nearest(path, paths(sections))}"
    if part is None:
        kind = section.removesuffix("s")
        return f"there is no {kind} {name!r}{nearest(name, sections[section])}"
    beside = [each for each in paths(sections) if each.startswith(f"{section}.{name}.")]
    queue = f"queues.{getattr(part, 'queue', '')}.{tail}"
    also = [queue] if place_of_number(sections, queue) else []
    whole = OF[section].get(tail.partition(".")[0])
    lacking = whole.lacking if whole and whole.value(part) is None else quantity.lacking
    return f"{lacking}; allowed here: {', '.join([*also, *beside]) or 'none'}"


def _refuse_too_wide(value: float, error: float) -> None:
    """Refuse a standard error that no share between 0 and 1 can have: p (1 - p) is the largest variance."""
    most = ((1.0 - value) / value) ** 0.5
    if error >= most and error > 0:
        most_text = f"write less than {most:.3g}" if most else "what is 100% is certain"
        raise ValueError(
            f"{share_text(error)} of a share of {share_text(value)} is more than the standard error of what "
            f"stays between 0% and 100% can be; {most_text}"
        )


def on_without_section(raw: object) -> Finding:
    """Return what is said where uncertainty is on, and nothing is said to be uncertain."""
    what = "and uncertainty at the top of the file is empty" if raw == {} else "and nothing is uncertain"
    message = f"is on, {what}; say how sure your numbers are, such as uncertainty: {EXAMPLE}, or turn it off"
    return Finding(("run", SECTION), message)
