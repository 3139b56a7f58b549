"""What is said of each cause for which an interval misses its target: a table, a sentence, an advice."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Final, NamedTuple

from reports.wording import number_text, plain
from scenarios.related import passing_on, skills
from scenarios.week import clock_text, day_name, window_text
from sim.explain.changes import mean_heads
from sim.explain.people import helping_group, lacking, one_more_window, people_missing
from sim.explain.understaffing import Shortage
from sim.explain.why import Why

Say = Callable[[Why], str]


class Words(NamedTuple):
    """A cause: its name in a table, what is so, what is changed in the re-run, and what to do about it."""

    label: str
    because: Say
    without: Say
    advice: Say


def _said(text: str) -> Say:
    return lambda _: text


def _peak(why: Why) -> str:
    here, usual = (number_text(each, 1) for each in (why.expected, why.usual))
    return f"{here} contacts are expected here, {usual} in an average interval"


def _missing(why: Why) -> str:
    """Of each group, on the first kind of day on which it has fewer people than next to the interval."""
    spot = why.spot
    first: dict[str, str] = {}
    for (group, kind), level in people_missing(spot).items():
        here = plain(round(mean_heads(spot.scenario.groups[group], kind, spot.window), 1))
        first.setdefault(group, f"{here} of {group} are at work, {plain(level)} in the interval next to it")
    return " and ".join(first.values())


def _understaffed(why: Why) -> str:
    """Since when, and how many people are missing: as many as the re-run adds, for hours."""
    found = lacking(why.spot)
    since = clock_text(min(each.windows[0].start_s for each in found.values()))
    more, required, at_work = _added(why), *_people(found)
    least = "at least " if any(map(_beyond, found.values())) else ""
    return (
        f"from {since} on{_days(why, found)}, {least}{_are(more, 'agent')} missing "
        f"of the {required} that the usual work requires by formula ({_are(at_work)} at work)"
    )


def _added(why: Why) -> str:
    """How many people the re-run has more, the fewest and the most."""
    return _range(each for short in lacking(why.spot).values() for each in short.missing)


def _people(found: Mapping[int, Shortage]) -> tuple[str, str]:
    """How many are required, and how many are at work."""
    return (
        _range(each for short in found.values() for each in short.required),
        _range(each for short in found.values() for each in short.at_work),
    )


def _beyond(short: Shortage) -> bool:
    """Whether an interval lacks more than is added."""
    together = zip(short.required, short.at_work, short.missing, strict=True)
    return any(required - at_work - missing >= 0.5 for required, at_work, missing in together)


def _range(people: Iterable[float]) -> str:
    """A number of people, or from the fewest to the most."""
    found = sorted(round(each, 1) for each in people)
    return " to ".join(dict.fromkeys((plain(found[0]), plain(found[-1]))))


def _are(people: str, noun: str = "") -> str:
    """1 agent is, 2 agents are, 0.5 to 1 are."""
    one = people == "1"
    named = f" {noun}{'' if one else 's'}" if noun else ""
    return f"{people}{named} {'is' if one else 'are'}"


def _days(why: Why, kinds: Collection[int]) -> str:
    """Which days, where it is not all of them."""
    names = ", ".join(day_name(kind).capitalize() for kind in sorted(kinds))
    return "" if set(kinds) == set(why.spot.kinds) else f" ({names})"


def _one_more(why: Why) -> str:
    return f"with one in {helping_group(why.spot)}, {window_text(one_more_window(why.spot))}"


def _others(why: Why) -> str:
    queues = [q for group in why.spot.groups for q in skills(why.spot.scenario, group) if q != why.spot.queue]
    return f"the people who serve it work for {', '.join(dict.fromkeys(queues))} too"


def _passed_on(why: Why) -> str:
    return f"contacts are passed on to it from {', '.join(passing_on(why.spot.scenario, why.spot.queue))}"


def _before(why: Why) -> str:
    at = clock_text(why.spot.window.start_s)
    return f"Put people to work before {at}: the interval inherits a line that it did not make."


WORDS: Final = {
    "understaffing": Words(
        "understaffing for hours",
        _understaffed,
        lambda why: f"with {_added(why)} more all this time",
        _said("Roster more people for these hours, or move contacts out of them."),
    ),
    "peak": Words(
        "a peak of contacts",
        _peak,
        _said("with as many as in an average one"),
        _said("Plan people for the peak, or spread it: call-backs, messages at other hours."),
    ),
    "special_day": Words(
        "growth, season, special days",
        _said("growth, season or a special day bring more contacts than a plain week has"),
        _said("in a plain week"),
        _said("Plan such days by themselves."),
    ),
    "gap_in_staff": Words(
        "a gap in the staffing",
        _missing,
        _said("with as many as there"),
        _said("Move a break, or the start or end of a shift."),
    ),
    "one_more": Words(
        "one agent short",
        _said("one agent more would help"),
        _one_more,
        _said("Add one, or move one here from a quieter interval."),
    ),
    "others": Words(
        "other work of its people",
        _others,
        _said("without that work"),
        _said("Give this queue priority, let its contacts interrupt, or move the other work to quiet hours."),
    ),
    "passed_on": Words(
        "contacts passed on to it",
        _passed_on,
        _said("without those"),
        _said("Pass them on later, or elsewhere."),
    ),
    "retries": Words(
        "people who try again",
        _said("some of those lost before try again"),
        _said("if nobody did"),
        _said("Offer a call-back, so that nobody needs to."),
    ),
    "busyness": Words(
        "busy days",
        _said("some days and intervals are busier than expected"),
        _said("if all were as expected"),
        _said("Forecast them better, or keep somebody in reserve."),
    ),
    "long_days": Words(
        "days of long contacts",
        _said("on some days contacts take longer than usual"),
        _said("if they took as long on all"),
        _said("Find out what makes these days long, or keep somebody in reserve."),
    ),
    "held": Words(
        "held while closed",
        _said("contacts have waited since the queue closed"),
        _said("without those"),
        _said("Begin earlier, or with more people."),
    ),
    "backlog": Words(
        "the backlog of the start",
        _said("contacts are waiting when the horizon begins"),
        _said("without those"),
        _said("Work it off with extra hours."),
    ),
    "variation": Words(
        "contacts of different length",
        _said("contacts differ in length"),
        _said("if each took the average time"),
        _said("Long contacts hold people up: agree on a call-back, or hand them over."),
    ),
    "waiting": Words(
        "a line from before",
        _said("contacts are waiting when it begins"),
        _said("if nobody were"),
        _before,
    ),
}
