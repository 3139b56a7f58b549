"""Days with strong peaks, staffed and judged by half hours: tables and pictures of docs/time_varying.md.

    python -m docs.varying [VANAD_EXPORT] [--write]

Staffs the reference day, and with an export of VANAD a Monday of it, by each method, follows both exactly
and simulates them; with ``--write`` the tables go into the page, each between its marks, and the pictures
beside it. The words of the page are written by hand.
"""

import argparse
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from docs.picture import STYLE
from docs.real_day import replaced
from docs.varying_days import (
    EXACT,
    GOALS,
    INTERVAL_S,
    METHODS,
    Floats,
    Peaks,
    Simulated,
    case_day,
    exact,
    simulated,
    staffed,
    vanad_day,
    with_one_fewer,
)
from reports.series import Point
from reports.svg_chart import HEIGHT, WIDTH, Axis, Chart, Trace, nice_axis, percent_axis, svg

PAGE: Final = Path(__file__).with_name("time_varying.md")
REPLICATIONS: Final = 100
TARGET: Final = float(np.asarray(GOALS.service_level))
NEAR: Final = 0.02
_HEAD: Final = 26
_COLOURS: Final = ".line.third{stroke:#3f8f5f}.line.second{stroke-width:1.9}\n"


class Staffed(NamedTuple):
    """A day staffed by a method, and the service level of each half hour in two ways."""

    agents: Floats
    level: Floats
    simulated: Simulated | None


def judged(day: Peaks, method: str, replications: int = 0) -> Staffed:
    """Staff a day and follow it; simulate it too, if asked for."""
    agents = staffed(day, method)
    runs = simulated(day, agents, replications) if replications else None
    return Staffed(agents, exact(day, agents), runs)


def picture_of(day: Peaks) -> Path:
    """Where its picture is."""
    return PAGE.with_name(f"time_varying_{day.name}.svg")


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def spread_table(day: Peaks, found: dict[str, Staffed]) -> str:
    """How far each method lets the service level of busy half hours stray."""
    head = [
        "staffed by",
        "agent hours",
        "lowest",
        "highest",
        "rms error",
        "more than 2 points below",
        "above",
    ]
    head += ["simulated: lowest", "highest", "largest z"]
    rows = []
    for method, label in METHODS.items():
        each = found[method]
        level = each.level[day.busy]
        hours = each.agents.sum() * INTERVAL_S / 3600.0
        below, above = (int((sign * (level - TARGET) > NEAR).sum()) for sign in (-1.0, 1.0))
        cells = [label, f"{hours:,.1f}", *_range(level), f"{100.0 * _rms(level):.1f}"]
        cells += [f"{below} of {len(level)}", f"{above} of {len(level)}"]
        rows.append([*cells, *_simulated(day, each)])
    return _table(head, rows)


def _range(level: Floats) -> list[str]:
    return [f"{100.0 * level.min():.1f} %", f"{100.0 * level.max():.1f} %"]


def _rms(level: Floats) -> float:
    return float(np.sqrt(np.mean((level - TARGET) ** 2)))


def _simulated(day: Peaks, each: Staffed) -> list[str]:
    """The spread by simulation, and the largest difference from the exact level in standard errors."""
    if each.simulated is None:
        return ["–", "–", "–"]
    level, se = each.simulated.level[day.busy], each.simulated.se[day.busy]
    z = (level - each.level[day.busy])[se > 0.0] / se[se > 0.0]  # nobody waited too long: nothing to judge by
    return [*_range(level), f"{np.abs(z).max():.1f}"]


def interval_table(day: Peaks, found: dict[str, Staffed], fewer: Floats) -> str:
    """Every half hour: calls, then agents and service level of three methods; and that of one agent fewer."""
    shown = ("sipp", "offered_load", EXACT)
    head = ["from", "calls"]
    for method in shown:
        head += [f"{METHODS[method].split(':')[0].split(',')[0]}: agents", "service level"]
    rows = []
    for i, per_hour in enumerate(day.per_hour):
        at_s = day.from_h * 3600.0 + i * INTERVAL_S
        row = [_clock(at_s), f"{per_hour * INTERVAL_S / 3600.0:,.0f}"]
        for method in shown:
            row += [f"{found[method].agents[i]:.0f}", _level(found[method].level[i], bool(day.busy[i]))]
        rows.append([*row, f"{100.0 * fewer[i]:.1f} %"])
    return _table([*head, "with one fewer"], rows)


def _level(level: float, busy: bool) -> str:
    text = f"{100.0 * level:.1f} %"
    return f"**{text}**" if busy and abs(level - TARGET) > NEAR else text


def _clock(at_s: float) -> str:
    return f"{int(at_s) // 3600:02d}:{int(at_s) % 3600 // 60:02d}"


_SHOWN: Final = ((EXACT, "first"), ("sipp", "second"), ("offered_load", "third"))  # the last lies on top
_CHARTS: Final = (
    ("level", "Answered within 20 s, or gone by then"),
    ("agents", "Agents more, or fewer, than the exact staffing"),
)


def picture(day: Peaks, found: dict[str, Staffed]) -> str:
    """Service level and agents by half hour: SIPP in orange, offered load in green, exact in blue."""
    title = "Orange: each half hour by itself (SIPP). Green: modified offered load. Blue: exact."
    width, height = 2 * int(WIDTH) + 24, int(HEIGHT) + _HEAD + 60
    parts = []
    for place, (name, head) in enumerate(_CHARTS):
        x = place * (int(WIDTH) + 24)
        at = f'<svg x="{x}" y="{36 + _HEAD}" width="{WIDTH:g}" height="{HEIGHT:g}"'
        parts.append(f'<text class="head" x="{x + 46}" y="52">{escape(head)}</text>')
        parts.append(_chart(day, found, name, head).replace("<svg", at, 1))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="img">\n<title>{escape(title)}</title>\n'
        f'<style>{STYLE}{_COLOURS}</style>\n<rect width="{width}" height="{height}" fill="#fff"/>\n'
        f'<text class="head" x="46" y="20">{escape(title)}</text>\n' + "\n".join(parts) + "\n</svg>\n"
    )


def _chart(day: Peaks, found: dict[str, Staffed], name: str, head: str) -> str:
    start_s, end_s = day.from_h * 3600.0, day.from_h * 3600.0 + len(day.per_hour) * INTERVAL_S
    level = name == "level"
    values = {m: each.level if level else each.agents - found[EXACT].agents for m, each in found.items()}
    traces = tuple(
        Trace(METHODS[method], style, _points(day, values[method]), INTERVAL_S * 1.5, has_band=False)
        for method, style in _SHOWN
    )
    hours = tuple(float(s) for s in range(int(start_s), int(end_s) + 1, 7200))
    x = Axis(start_s, end_s, hours, tuple((s, f"{int(s) // 3600}:00") for s in hours if s < end_s))
    y = percent_axis() if level else _both_ways(max(abs(p.mean) for trace in traces for p in trace.points))
    return svg(Chart(f"{day.name}-{name}", head, "By half hour", traces, x, y, TARGET if level else None))


def _both_ways(most: float) -> Axis:
    """An axis as far below 0 as above."""
    up = nice_axis(most)
    grid = (*(-value for value in up.grid[:0:-1]), *up.grid)
    return Axis(-up.high, up.high, grid, tuple((value, _signed(value)) for value in grid))


def _signed(value: float) -> str:
    return f"{value:+g}".replace("-", "−") if value else "0"


def _points(day: Peaks, values: Floats) -> tuple[Point, ...]:
    middle = day.from_h * 3600.0 + INTERVAL_S / 2.0
    return tuple(Point(middle + i * INTERVAL_S, float(v)) for i, v in enumerate(values) if not np.isnan(v))


def day_tables(day: Peaks, found: dict[str, Staffed]) -> dict[str, str]:
    """The tables of a day by their marks."""
    fewer = with_one_fewer(day, found[EXACT].agents)
    spread, intervals = spread_table(day, found), interval_table(day, found, fewer)
    return {f"{day.name}_spread": spread, f"{day.name}_intervals": intervals}


def make(day: Peaks, write: bool) -> None:
    """Print the tables of a day; put them and the picture in their places, if asked for."""
    found = {method: judged(day, method, REPLICATIONS) for method in METHODS}
    tables = day_tables(day, found)
    for mark, table in tables.items():
        print(f"{mark}\n\n{table}\n")
    if write:
        PAGE.write_text(replaced(PAGE.read_text(encoding="utf-8"), tables), encoding="utf-8")
        picture_of(day).write_text(picture(day, found), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description="The tables and pictures of docs/time_varying.md.")
    parser.add_argument("export", type=Path, nargs="?", help="calls of VANAD, January to April 2014")
    parser.add_argument("--write", action="store_true", help="put them into the page")
    asked = parser.parse_args()
    make(case_day(), asked.write)
    if asked.export:
        make(vanad_day(asked.export), asked.write)


if __name__ == "__main__":
    main()
