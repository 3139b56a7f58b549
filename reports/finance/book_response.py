"""The sheet of what only simulation knows: hours that the service takes, on a grid, read off by formula.

Hours are those of people paid in a year, by group. They are told as what each input does by itself, and what
pairs of inputs do beyond that; between the points of the grid both are straight lines. Formulas of other
sheets read them; beyond its ends they stay where they are, and say so.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from reports.finance.book import SIMULATED, Book, Place, letters, quoted
from reports.finance.case import CaseModel
from sim.headcount.surface import INPUTS, Response, on_line, place_on
from sim.measure import Floats

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

SHEET: Final = "Response grid"
EFFECT: Final = INPUTS.index("effect")
OTHERS: Final = tuple(n for n in range(len(INPUTS)) if n != EFFECT)
_HOURS: Final = "#,##0.0"


class At(NamedTuple):
    """Where an input is on its axis: cells of the number of the point before, and of the way to the next."""

    point: str
    way: str


class Table(NamedTuple):
    """Ranges of a group: what effect does by itself, and with each other input (empty where nothing)."""

    main: str
    pairs: tuple[str, ...]  # by `OTHERS`
    base: str  # the cell of all that without the change


def write_response(
    book: Book, model: CaseModel, inputs: Mapping[str, float]
) -> tuple[tuple[At, ...], tuple[Table, ...]]:
    """Write the sheet; returns where the other inputs are, and the ranges of each group."""
    grid = model.response
    sheet = book.sheet(SHEET, (30, *[12] * 9))
    book.title(sheet, "Response grid", "Paid hours a year that the same service takes, by simulation")
    book.text(sheet, 2, 0, _printed_error(model))
    book.head(sheet, 4, ("Points of the grid",))
    for n, name in enumerate(INPUTS):
        book.text(sheet, 5 + n, 0, name.replace("_", " "))
        for i, point in enumerate(grid.axes[n]):
            book.number(sheet, 5 + n, 1 + i, float(point), SIMULATED, "0%")
        book.name_range(f"axis_{name}", Place(SHEET, 5 + n, 1), Place(SHEET, 5 + n, len(grid.axes[n])))
    others = tuple(
        _at(book, sheet, 10 + 2 * k, grid.axes[n], (INPUTS[n], INPUTS[n], inputs[INPUTS[n]]))
        for k, n in enumerate(OTHERS)
    )
    zero = _at(book, sheet, 14, grid.axes[EFFECT], ("effect", "0", 0.0), "no effect")
    row, tables = 17, list[Table]()
    for g in range(len(model.people)):
        row, table = _group(book, sheet, row, model, g, (zero, others), inputs)
        tables.append(table)
    sheet.freeze_panes(4, 1)
    return others, tuple(tables)


def without_change(grid: Response, g: int, inputs: Mapping[str, float]) -> float:
    """What a group takes without the change, beyond the centre and what the other inputs do by themselves."""
    places = [
        place_on(axis, x)
        for axis, x in zip(grid.axes, (0.0, *(inputs[INPUTS[n]] for n in OTHERS)), strict=True)
    ]
    found = on_line(grid.mains[EFFECT], places[EFFECT])
    for n in OTHERS:
        if (EFFECT, n) in grid.pairs:
            found = found + on_line(on_line(grid.pairs[EFFECT, n], places[EFFECT]), places[n])
    return float(found[g])


def _printed_error(model: CaseModel) -> str:
    grid = model.response
    return (
        f"Between its points it is off by at most {grid.errors.largest:,.0f} hours a year, "
        f"{grid.errors.mean:,.0f} on average, at {len(grid.errors.points)} points "
        "that were simulated beside it; at its points by nothing. Beyond its ends values stay as at the ends."
    )


def _at(
    book: Book,
    sheet: "Worksheet",
    row: int,
    axis: Sequence[float],
    of: tuple[str, str, float],
    words: str = "",
) -> At:
    """Two cells: the point before a value on an axis, and how far it is from there to the next one.

    `of` is the name of the axis, the value as a formula, and the value.
    """
    name, text, value = of
    told = words or name.replace("_", " ")
    clipped, point, way = located(f"axis_{name}", text)
    n, part = place_on(axis, value)
    book.text(sheet, row, 0, f"{told}: point before")
    book.text(sheet, row + 1, 0, f"{told}: way to the next")
    on = way.format(x=clipped, i=Place(SHEET, row, 1).here)
    places = [
        book.formula(sheet, row, 1, f"={point.format(x=clipped)}", n + 1, "0"),
        book.formula(sheet, row + 1, 1, f"={on}", part, "0.000"),
    ]
    return At(*(place.address for place in places))


def located(axis: str, value: str) -> tuple[str, str, str]:
    """Formulas of a value held within an axis, of the point before it, and of the way to the next point."""
    clipped = f"MIN(MAX({value},INDEX({axis},1)),INDEX({axis},COUNT({axis})))"
    point = f"MIN(MATCH({{x}},{axis},1),COUNT({axis})-1)"
    way = f"({{x}}-INDEX({axis},{{i}}))/(INDEX({axis},{{i}}+1)-INDEX({axis},{{i}}))"
    return clipped, point, way


def _group(
    book: Book,
    sheet: "Worksheet",
    row: int,
    model: CaseModel,
    g: int,
    at: tuple[At, tuple[At, ...]],
    inputs: Mapping[str, float],
) -> tuple[int, Table]:
    """The tables of a group one below the other."""
    grid, name = model.response, model.people[g].name
    book.head(sheet, row, (f"{name}: effect alone, hours",))
    main = _block(book, sheet, row + 1, grid.mains[EFFECT][:, g][None, :])
    row += 3
    pairs = list[str]()
    for n in OTHERS:
        if (EFFECT, n) not in grid.pairs:
            pairs.append("")
            continue
        values = grid.pairs[EFFECT, n][:, :, g]
        other = INPUTS[n].replace("_", " ")
        book.text(
            sheet, row, 0, f"{name}: effect (down) with {other} (across), beyond both alone", {"italic": True}
        )
        pairs.append(_block(book, sheet, row + 1, values))
        row += 2 + len(values)
    zero, others = at
    table = Table(main, tuple(pairs), "")
    book.text(sheet, row, 0, f"{name}: without the change")
    text = f"={read_off(table, zero, others)}"
    base = book.formula(sheet, row, 1, text, without_change(grid, g, inputs), _HOURS)
    return row + 2, table._replace(base=base.address)


def _block(book: Book, sheet: "Worksheet", row: int, values: Floats) -> str:
    """Simulated numbers [row, column]; returns their range."""
    for i, line in enumerate(values):
        for j, value in enumerate(line):
            book.number(sheet, row + i, 1 + j, float(value), SIMULATED, _HOURS)
    last = f"${letters(values.shape[1])}${row + values.shape[0]}"
    return f"{quoted(SHEET)}!$B${row + 1}:{last}"


def read_off(table: Table, at: At, others: tuple[At, ...]) -> str:
    """The formula of what a group takes at an effect: straight lines between points, one way or both."""
    i, t = at
    parts = [f"(1-{t})*INDEX({table.main},{i})+{t}*INDEX({table.main},{i}+1)"]
    for block, (j, s) in zip(table.pairs, others, strict=True):
        if block:
            ends = [f"((1-{t})*INDEX({block},{i},{k})+{t}*INDEX({block},{i}+1,{k}))" for k in (j, f"{j}+1")]
            parts.append(f"(1-{s})*{ends[0]}+{s}*{ends[1]}")
    return "+".join(parts)
