"""Chats at once from 1 to 5, and wrong tags from 0 to 40%: tables and pictures of docs/cases.md.

    python -m docs.sweeps [--write]

Simulates two scenarios of the library, each in five versions; with ``--write`` the tables go into the page,
each between its marks, and the pictures beside it. The words of the page are written by hand.
"""

import argparse
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import careloop
from docs.bars import Panel, picture
from docs.real_day import replaced

PAGE: Final = Path(__file__).with_name("cases.md")
_LIBRARY: Final = PAGE.parents[1] / "scenarios" / "library"
CHATS: Final = _LIBRARY / "chats_at_once.yaml"
TAGS: Final = _LIBRARY / "wrong_tags.yaml"
AT_ONCE: Final = ("one_at_once", "two_at_once", "three_at_once", "four_at_once", "five_at_once")
WRONG: Final = (0, 10, 20, 30, 40)  # % of tags
REPLICATIONS: Final = 8
TARGET: Final = 0.80
_TEAM: Final = "groups.chatters.agents"
_FEWEST, _MOST = 4, 24  # people among whom those needed are sought


class Figures(NamedTuple):
    """Means of measures over the horizon, by measure, scope and name."""

    by_place: Mapping[tuple[str, str, str], float]

    def of(self, measure: str, scope: str = "all", name: str | None = None) -> float:
        """A measure, of all where nothing else is said."""
        if name is not None:
            return self.by_place[measure, scope, name]
        return next(value for place, value in self.by_place.items() if place[:2] == (measure, scope))


class Chats(NamedTuple):
    """A number of chats at once: what the same people give, and how many people it takes."""

    at_once: int
    figures: Figures
    needed: int

    def of(self, measure: str) -> float:
        return self.figures.of(measure, "queue", "chat")


def _simulated(path: Path, names: Iterable[str], changes: Mapping[str, object]) -> Figures:
    scenario = careloop.load(path, tuple(names), changes)
    table = careloop.simulate(scenario, replications=REPLICATIONS).measures
    places = zip(table["measure"], table["scope"], table["name"], strict=True)
    return Figures(dict(zip(places, map(float, table["mean"]), strict=True)))


def chats(name: str, agents: int | None = None) -> Figures:
    """The chat team with so many chats at once: one of `AT_ONCE`; with another number of people if given."""
    return _simulated(CHATS, [name], {} if agents is None else {_TEAM: agents})


def is_enough(name: str, agents: int) -> bool:
    """Whether so many people answer as many chats in time as the target says."""
    return chats(name, agents).of("service_level", "queue", "chat") >= TARGET


def people_needed(name: str) -> int:
    """The fewest people who keep the target: by halving, since more people never answer fewer."""
    too_few, enough = _FEWEST, _MOST
    while enough - too_few > 1:
        middle = (too_few + enough) // 2
        too_few, enough = (too_few, middle) if is_enough(name, middle) else (middle, enough)
    return enough


def wrong_tags(per_cent: int) -> Figures:
    """Two teams with so many wrong tags."""
    return _simulated(TAGS, [], {"tagging.accuracy": f"{100 - per_cent}%"})


def all_chats(needed: Callable[[str], int] = people_needed) -> list[Chats]:
    """One to five chats at once."""
    return [Chats(n, chats(name), needed(name)) for n, name in enumerate(AT_ONCE, 1)]


def _share(value: float) -> str:
    return f"{value:.0%}"


def _finer(value: float) -> str:
    return f"{value:.1%}"


def _bare_minutes(seconds: float) -> str:
    return f"{seconds / 60.0:.1f}"


def _minutes(seconds: float) -> str:
    return f"{_bare_minutes(seconds)} min"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def chat_table(found: Sequence[Chats]) -> str:
    """What the same people give with each number of chats at once, and how many people it takes."""
    head = ["chats at once, at most", "answered within 60 s", "mean wait", "gave up", "a chat takes"]
    head += ["chats at once, on average", "people for 80% in 60 s"]
    rows = [
        [
            f"{each.at_once}",
            _share(each.of("service_level")),
            f"{each.of('mean_wait'):.0f} s",
            _share(each.of("abandonment")),
            _minutes(each.of("aht")),
            f"{each.figures.of('chats_at_once', 'group', 'chatters'):.1f}",
            f"{each.needed}",
        ]
        for each in found
    ]
    return _table(head, rows)


def chat_picture(found: Sequence[Chats]) -> str:
    """Three panels: service of the same people, people needed, how long a chat takes."""
    ticks = tuple(f"{each.at_once}" for each in found)
    levels = tuple(each.of("service_level") for each in found)
    takes = tuple(each.of("aht") for each in found)
    needed = tuple(float(each.needed) for each in found)
    fewest = tuple(n for n, people in enumerate(needed) if people == min(needed))[:1]
    below = "chats at once, at most"
    panels = (
        Panel(
            "Answered within 60 s, by 9 people",
            below,
            ticks,
            levels,
            _texts(_share, levels),
            fewest,
            1.0,
            TARGET,
        ),
        Panel("People needed for 80% in 60 s", below, ticks, needed, _texts("{:.0f}".format, needed), fewest),
        Panel("How long a chat takes, minutes", below, ticks, takes, _texts(_bare_minutes, takes), fewest),
    )
    more = fewest[0] + 1
    return picture(f"More than {more} chats at once saves nobody, and every chat takes longer", panels)


def _texts(write: Callable[[float], str], values: Iterable[float]) -> tuple[str, ...]:
    return tuple(write(value) for value in values)


def tag_table(found: Mapping[int, Figures]) -> str:
    """What each share of wrong tags does to cases and agents."""
    head = [
        "wrong tags",
        "transfers per 100 cases",
        "agents' time a case",
        "agents busy",
        "mean time to resolution",
    ]
    head += ["90% solved within", "solved on first contact", "given up"]
    rows = [
        [
            f"{wrong}%",
            f"{100.0 * each.of('transfers_per_case'):.0f}",
            _minutes(each.of("agent_time_per_case")),
            _share(each.of("occupancy")),
            f"{each.of('mean_resolution') / 60.0:.0f} min",
            f"{each.of('ttr_p90') / 60.0:.0f} min",
            _finer(each.of("fcr")),
            _finer(each.of("lost_cases") / each.of("cases")),
        ]
        for wrong, each in found.items()
    ]
    return _table(head, rows)


_PROMISES: Final = (("first_response_attainment", "first response"), ("resolution_attainment", "solved"))
_SEVERITIES: Final = ("S1", "S2", "S3")


def promise_table(found: Mapping[int, Figures]) -> str:
    """The shares of first responses and resolutions in time, by severity."""
    head = ["wrong tags", *(f"{name}: {words}" for name in _SEVERITIES for _, words in _PROMISES)]
    rows = [
        [
            f"{w}%",
            *(_share(each.of(measure, "severity", name)) for name in _SEVERITIES for measure, _ in _PROMISES),
        ]
        for w, each in found.items()
    ]
    return _table(head, rows)


def tag_picture(found: Mapping[int, Figures]) -> str:
    """Six panels, from what a wrong tag does itself to what comes of it."""
    ticks = tuple(f"{wrong}%" for wrong in found)

    def panel(head: str, write: Callable[[float], str], top: float, *place: str) -> Panel:
        values = tuple(each.of(*place) for each in found.values())
        last = (len(values) - 1,)
        return Panel(
            head,
            "wrong tags",
            ticks,
            values,
            _texts(write, values),
            last,
            top,
            0.9 if len(place) > 1 else None,
        )

    panels = (
        panel("Transfers, of 100 cases", lambda x: f"{100 * x:.0f}", 0.0, "transfers_per_case"),
        panel("Agents' time a case, minutes", _bare_minutes, 0.0, "agent_time_per_case"),
        panel("Mean time to resolution, minutes", lambda x: f"{x / 60:.0f}", 0.0, "mean_resolution"),
        panel("Solved on first contact", _share, 1.0, "fcr"),
        panel("S1: first response within 15 min", _share, 1.0, "first_response_attainment", "severity", "S1"),
        panel("S2: first response within 1 h", _share, 1.0, "first_response_attainment", "severity", "S2"),
    )
    first, last = found[min(found)], found[max(found)]
    more = last.of("agent_time_per_case") / first.of("agent_time_per_case") - 1.0
    times = last.of("mean_resolution") / first.of("mean_resolution")
    of = f"{max(found)}% wrong tags: a case takes"
    return picture(f"{of} agents {more:.0%} more time, and customers {times:.1f} times as long", panels)


def tables(of_chats: Sequence[Chats], of_tags: Mapping[int, Figures]) -> dict[str, str]:
    """The tables of the page by their marks."""
    return {"chats": chat_table(of_chats), "tags": tag_table(of_tags), "promises": promise_table(of_tags)}


def pictures(of_chats: Sequence[Chats], of_tags: Mapping[int, Figures]) -> dict[Path, str]:
    """The pictures by the files that they are in."""
    files = (PAGE.with_name("cases_chats.svg"), PAGE.with_name("cases_tags.svg"))
    return dict(zip(files, (chat_picture(of_chats), tag_picture(of_tags)), strict=True))


def main() -> None:
    parser = argparse.ArgumentParser(description="The tables and pictures of docs/cases.md.")
    parser.add_argument("--write", action="store_true", help="put them into the page")
    asked = parser.parse_args()
    found = all_chats(), {wrong: wrong_tags(wrong) for wrong in WRONG}
    made = tables(*found)
    for mark, table in made.items():
        print(f"{mark}\n\n{table}\n")
    if asked.write:
        PAGE.write_text(replaced(PAGE.read_text(encoding="utf-8"), made), encoding="utf-8")
        for path, text in pictures(*found).items():
            path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
