"""Weak taxonomy, no validation, speed over completeness: tables and pictures of docs/pitfalls.md.

    python -m docs.pitfalls [--write]

Simulates three scenarios of the library in their versions (`pitfall_runs.py`), for some minutes; with
``--write`` the tables go into the page, each between its marks, and the pictures beside it. The words of the
page are written by hand.
"""

import argparse
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from docs import pitfall_runs as runs
from docs.bars import Panel, picture
from docs.lines import Line, Lines, drawn
from docs.pitfall_runs import Fixes, Hurried, Share, Taxonomy, Verdicts
from docs.real_day import replaced
from sim.roadmap.standing import Effect

PAGE: Final = Path(__file__).with_name("pitfalls.md")
RANKINGS: Final = {
    runs.BY_COST: "ranked by cost to serve",
    runs.AUDITED: "by cost to serve, tags audited",
    runs.BY_CONTACTS: "ranked by contacts",
}
FIXED: Final = {
    runs.AS_IT_IS: "done is done",
    runs.TRIED_AGAIN: "validated, and tried once more",
    runs.STOPPED: "validated, and stopped",
}
PACES: Final = {
    runs.CALM: "nobody hurries",
    "hurry_0": "they hurry, nothing more comes back",
    "hurry_25": "... a quarter more comes back",
    "hurry_50": "... half as much again",
    "hurry_100": "... twice as much",
    "hurry_200": "... three times as much",
    "balanced_100": "twice as much, balanced incentives",
    "balanced_200": "three times as much, balanced incentives",
}


class Found(NamedTuple):
    """All that the page is made of."""

    taxonomy: Mapping[tuple[str, int], Taxonomy]
    fixes: Mapping[str, Fixes]
    verdicts: Mapping[int, tuple[Verdicts, Verdicts]]  # without an audit of tags, and with one
    hurried: Mapping[str, Hurried]


def find() -> Found:
    """Simulate everything."""
    nothing = runs.without_loop(runs.TAXONOMY)
    taxonomy = {(v, a): runs.taxonomy(v, a, nothing) for v in RANKINGS for a in runs.ACCURACIES}
    nothing = runs.without_loop(runs.FIXES)
    fixes = {name: runs.fixes(name, nothing) for name in FIXED}
    verdicts = {
        accuracy: (runs.verdicts(accuracy), runs.verdicts(accuracy, runs.TAGS_AUDITED))
        for accuracy in runs.ACCURACIES
    }
    return Found(taxonomy, fixes, verdicts, runs.hurried(PACES))


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return "\n".join(["| " + " | ".join(line) + " |" for line in (head, _rule(head), *rows)])


def _rule(head: Sequence[str]) -> list[str]:
    return ["---", *["---:"] * (len(head) - 1)]


def signed(value: float, digits: int = 0) -> str:
    """A number with its sign, as the page writes it; 0 has none."""
    text = f"{value:+.{digits}f}"
    return text[1:] if not float(text) else text.replace("-", "−")


def change(effect: Effect) -> str:
    """A relative change in per cent, with half of its 95% interval."""
    return f"{signed(100.0 * effect.mean, 1)}% ± {100.0 * effect.half:.1f}"


def share(found: Share) -> str:
    """A share with its interval."""
    low, high = found.ends
    return f"{found.some / found.of:.0%} ({100 * low:.0f} to {100 * high:.0f})"


def taxonomy_row(accuracy: int, of: Mapping[tuple[str, int], Taxonomy]) -> list[str]:
    """Avoidable contacts against no loop, by ranking, and what of the hours went to rare causes."""
    cells = [f"{accuracy}%"]
    for version in RANKINGS:
        each = of[version, accuracy]
        cells += [change(each.change), f"{each.rare:.0%}"]
    return cells


def taxonomy_table(found: Found) -> str:
    head = ["tags right"]
    for words in RANKINGS.values():
        head += [f"{words}: avoidable contacts", "hours on rare causes"]
    return _table(head, [taxonomy_row(accuracy, found.taxonomy) for accuracy in runs.ACCURACIES])


def fixes_row(name: str, each: Fixes) -> list[str]:
    """What the register says, and what is so."""
    again = f"{each.again:.1f}, of which {each.again_worked:.1f} work" if each.again else "none"
    return [
        FIXED[name],
        f"{each.done:.1f}",
        f"{each.useless:.1f} ({each.useless / each.done:.0%})",
        f"{signed(100.0 * each.said.mean)}%",
        change(each.change),
        again,
        f"{each.hours:.0f} h",
    ]


def fixes_table(found: Found) -> str:
    head = [
        "what is done about a fix",
        "count as done",
        "of these do nothing",
        "contacts, as the register says",
    ]
    head += ["contacts, in truth", "second attempts", "work"]
    return _table(head, [fixes_row(name, each) for name, each in found.fixes.items()])


def verdicts_row(accuracy: int, each: Verdicts, audited: Verdicts) -> list[str]:
    """Verdicts against the truth."""
    return [
        f"{accuracy}%",
        f"{each.power:.0%}",
        share(each.idle),
        share(each.hollow),
        share(each.missed),
        f"{each.needless:.2f}",
        f"{audited.power:.0%}",
        share(audited.missed),
        f"{audited.needless:.2f}",
    ]


def verdicts_table(found: Found) -> str:
    head = ["tags right", "power, said beforehand", "did nothing: validated all the same"]
    head += ["validated: did nothing", "worked: not validated", "second attempts at what had worked"]
    head += ["tags audited: power", "worked: not validated", "second attempts at what had worked"]
    return _table(head, [verdicts_row(accuracy, *each) for accuracy, each in found.verdicts.items()])


_COLUMNS: Final[Mapping[str, tuple[str, Callable[[float], str]]]] = {
    "aht": ("handle time", lambda x: f"{x:.0f} s"),
    "in_time": ("answered in 20 s", lambda x: f"{x:.0%}"),
    "lost": ("gave up", lambda x: f"{x:.0%}"),
    "reopened": ("reopened", lambda x: f"{x:.1%}"),
    "contacts": ("contacts a case", lambda x: f"{x:.2f}"),
    "work": ("agents' time a case", lambda x: f"{x:.0f} s"),
}


def hurry_row(name: str, each: Hurried) -> list[str]:
    """How the team does, and the points of satisfaction that hurry costs."""
    cells = [write(each.means[key]) for key, (_, write) in _COLUMNS.items()]
    gap = each.gaps["csat"]
    lost = "" if name == runs.CALM else f" ({signed(100 * gap.mean, 1)} ± {100 * gap.half:.1f})"
    return [PACES[name], *cells, f"{each.means['csat']:.1%}{lost}"]


def hurry_table(found: Found) -> str:
    head = ["", *(label for label, _ in _COLUMNS.values()), "satisfied (CSAT)"]
    return _table(head, [hurry_row(*each) for each in found.hurried.items()])


def taxonomy_picture(found: Found) -> str:
    """Three lines: ranked by cost, the same with an audit, ranked by contacts."""
    names = {
        runs.BY_COST: ("Ranked by cost to serve", "first"),
        runs.AUDITED: ("By cost to serve,\n100 tags audited a week", "third"),
        runs.BY_CONTACTS: ("Ranked by contacts", "second"),
    }
    lines = []
    for version, (name, style) in names.items():
        effects = [found.taxonomy[version, accuracy].change for accuracy in runs.ACCURACIES]
        values, low, high = (
            tuple(100.0 * getattr(each, part) for each in effects) for part in ("mean", "low", "high")
        )
        lines.append(Line(name, style, values, low, high))
    worst, best = (found.taxonomy[runs.BY_COST, accuracy].change.mean for accuracy in (60, 100))
    return drawn(
        Lines(
            "Wrong tags send effort to the wrong causes: "
            f"{-worst:.0%} fewer avoidable contacts instead of {-best:.0%}",
            "Avoidable contacts in the last four weeks of 90 days, against no improvement; 95% intervals",
            "tags that are right",
            tuple(f"{accuracy}%" for accuracy in runs.ACCURACIES),
            tuple(lines),
            (-40.0, -30.0, -20.0, -10.0, 0.0),
            lambda value: f"{signed(value)}%",
        )
    )


def fixes_picture(found: Found) -> str:
    """Said and true, without validation and with it; and the share of what is done that does nothing."""
    panels = []
    for name, head in ((runs.AS_IT_IS, "Done is done"), (runs.TRIED_AGAIN, "Validated, and tried once more")):
        each = found.fixes[name]
        values, half = (-each.said.mean, -each.change.mean), (0.0, each.change.half)
        panels.append(
            Panel(
                head,
                "fewer avoidable contacts after half a year",
                ("the register says", "in truth"),
                values,
                tuple(f"{value:.0%}" for value in values),
                (1,),
                0.5,
                low=tuple(v - h for v, h in zip(values, half, strict=True)),
                high=tuple(v + h for v, h in zip(values, half, strict=True)),
            )
        )
    useless = tuple(each.useless / each.done for each in found.fixes.values())
    figures = tuple(f"{value:.0%}" for value in useless)
    ticks = ("done is done", "tried again", "stopped")
    panels.append(Panel("Of what counts as done, does nothing", "", ticks, useless, figures, (0,), 1.0))
    first = found.fixes[runs.AS_IT_IS]
    said, true = -first.said.mean, -first.change.mean
    return picture(
        f"Without validation the register says {said:.0%} fewer contacts, and {true:.0%} is so", panels
    )


def hurry_picture(found: Found) -> str:
    """Six panels, from what hurry does itself to what comes of it."""
    names = [*[*PACES][:-2], "balanced_200"]
    ticks = ("calm", "+0", "+25", "+50", "+100", "+200", "bal.")
    below = "how much more comes back, %"
    every = [found.hurried[name] for name in names]

    def panel(head: str, key: str, write: Callable[[float], str], top: float = 0.0) -> Panel:
        values = tuple(each.means[key] for each in every)
        return Panel(head, below, ticks, values, tuple(map(write, values)), (5,), top)

    gaps = tuple(100.0 * each.gaps["csat"].mean for each in every)
    lost, written = (tuple(max(-gap, 0.0) for gap in gaps), tuple(signed(gap, 1) for gap in gaps))
    panels = (
        panel("A call takes, seconds", "aht", lambda x: f"{x:.0f}"),
        panel("Reopened within 7 days", "reopened", lambda x: f"{x:.0%}"),
        panel("Contacts a case", "contacts", lambda x: f"{x:.2f}"),
        panel("Answered within 20 s", "in_time", lambda x: f"{x:.0%}"),
        Panel("CSAT, points against a calm team", below, ticks, lost, written, (5,)),
        panel("Agents' time a case, seconds", "work", lambda x: f"{x:.0f}"),
    )
    faster = every[0].means["aht"] - every[5].means["aht"]
    more = every[5].means["work"] - every[0].means["work"]
    return picture(
        f"Three times as much comes back: calls are {faster:.0f} s shorter, cases take {more:.0f} s more",
        panels,
    )


def tables(found: Found) -> dict[str, str]:
    """The tables of the page by their marks."""
    return {
        "taxonomy": taxonomy_table(found),
        "fixes": fixes_table(found),
        "verdicts": verdicts_table(found),
        "hurry": hurry_table(found),
    }


def pictures(found: Found) -> dict[Path, str]:
    """The pictures by the files that they are in."""
    return {
        PAGE.with_name("pitfalls_taxonomy.svg"): taxonomy_picture(found),
        PAGE.with_name("pitfalls_fixes.svg"): fixes_picture(found),
        PAGE.with_name("pitfalls_hurry.svg"): hurry_picture(found),
    }


def write(found: Found) -> None:
    """Put tables into the page, and pictures beside it."""
    page = replaced(PAGE.read_text(encoding="utf-8"), tables(found))
    PAGE.write_text(page, encoding="utf-8", newline="\n")
    for path, text in pictures(found).items():
        path.write_text(text, encoding="utf-8", newline="\n")


def main() -> None:
    parser = argparse.ArgumentParser(description="The tables and pictures of docs/pitfalls.md.")
    parser.add_argument("--write", action="store_true", help="put them into the page")
    asked = parser.parse_args()
    found = find()
    for mark, table in tables(found).items():
        print(f"{mark}\n\n{table}\n")
    if asked.write:
        write(found)


if __name__ == "__main__":
    main()
