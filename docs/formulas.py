"""How far formulas are from the simulator: the table of docs/formula.md.

    python -m docs.formulas [--write]

Scenarios of the library as they are; 30 replications each. With ``--write`` the table goes into the page.
"""

import argparse
from pathlib import Path
from typing import Final, NamedTuple

from reports.figures import Figure, Figures, figures_of
from reports.wording import say
from scenarios import load
from sim.experiment import run_scenario
from sim.formula import remarks_of, run_formula

ROOT: Final = Path(__file__).parents[1]
PAGE: Final = ROOT / "docs" / "formula.md"
SCENARIOS: Final = (
    "erlang_a_day",
    "day_of_shifts",
    "counts_from_history",
    "plain_year",
    "chat_beside_phone",
    "two_skills_overflow",
)
MEASURES: Final = ("service_level", "abandonment", "asa")
_BEGIN, _END = "<!-- apart:begin -->\n", "<!-- apart:end -->"


class Row(NamedTuple):
    """A queue of a scenario: its formula, and of each measure both figures."""

    scenario: str
    queue: str
    formula: str
    pairs: tuple[tuple[Figure, Figure], ...]  # by formula, simulated


def rows(replications: int = 30) -> list[Row]:
    """All queues of the scenarios of the table."""
    found = []
    for name in SCENARIOS:
        scenario = load(ROOT / "scenarios" / "library" / f"{name}.yaml")
        both = run_formula(scenario), run_scenario(scenario, replications=replications)
        figures = [figures_of(each.measures) for each in both]
        found += [
            Row(name, each.queue, each.formula, _pairs(figures, each.queue)) for each in remarks_of(scenario)
        ]
    return found


def _pairs(figures: list[Figures], queue: str) -> tuple[tuple[Figure, Figure], ...]:
    computed, simulated = figures
    return tuple(
        (computed.get(measure, "queue", queue), simulated.get(measure, "queue", queue))
        for measure in MEASURES
    )


def table(found: list[Row]) -> str:
    """The rows as Markdown."""
    heads = ("scenario", "queue", "formula", "service level", "abandonment", "ASA")
    lines = [f"| {' | simulated | '.join(heads).replace('simulated | ', '', 3)} | simulated |"]
    lines.append("|---|---|---|---:|---:|---:|---:|---:|---:|")
    for row in found:
        cells = [str(say(figure, False)) for pair in row.pairs for figure in pair]
        lines.append(f"| {' | '.join([row.scenario, row.queue, row.formula, *cells])} |")
    return "\n".join(lines)


def written(text: str) -> str:
    """The page with this table in it."""
    page = PAGE.read_text(encoding="utf-8")
    before, rest = page.split(_BEGIN)
    return f"{before}{_BEGIN}{text}\n{_END}{rest.split(_END)[1]}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m docs.formulas", description=__doc__)
    parser.add_argument("--write", action="store_true", help="put the table into the page")
    wanted = parser.parse_args()
    text = table(rows())
    print(text)
    if wanted.write:
        PAGE.write_text(written(text), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
