"""The sheet of the cash flow: the sum of a business case once more, as formulas by month.

It is `reports/finance/case.py` written down for a spreadsheet, row for row; each cell of a line is rounded to
the cent as there.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np

from reports.finance.book import BOLD, PLAIN, SIMULATED, SOFT, Book, Number, Place, letters
from reports.finance.book_inputs import Inputs
from reports.finance.book_response import EFFECT, OTHERS, At, Table, located, read_off
from reports.finance.case import (
    HIRES,
    MINUTES,
    PEOPLE,
    ByPerson,
    CaseModel,
    Differing,
    Varying,
    at_the_first,
    changed_name,
    in_force,
    running,
    saved_name,
    spent_name,
    whole,
)
from reports.finance.money import places_in
from reports.finance.results import Case, Held
from reports.finance.unsure import expected_of
from sim.headcount.surface import INPUTS
from sim.measure import Floats

SHEET: Final = "Cash flow"
FIRST: Final = 3  # column of the first month
_TOTAL: Final = 2
_NEXT_TO: Final = 1e-9  # what is so near to the end of the grid is within it
PEOPLE_FORM: Final = "0.0"  # whole people go; who is missed comes in part
_PRINTED: Final = 12  # months on a page

Of = Callable[[int], str]  # the formula of a month, by its number
"""Formulas are written without their ="""


class Cash(NamedTuple):
    """Ranges by month, and cells, that other sheets read."""

    net: str
    cumulative: str
    discounted: str
    outside: str
    beyond: int  # months that are outside the grid as the inputs were written
    changes: str  # 1 where net cash changes its sign: with one in all there is one internal rate
    changed: int  # how often it does as the inputs were written
    totals: dict[str, Place]  # of each line
    lines: dict[str, str]  # its months


class Writer:
    """Rows by month, one below the other."""

    def __init__(self, book: Book, case: Case) -> None:
        self.book, self.case, self.model = book, case, case.model
        self.sheet = book.sheet(SHEET, (38, 12, 15, *[11.5] * case.model.months))
        self.row = 3

    def cell(self, row: int, n: int) -> str:
        """The address of a month's cell."""
        return f"{letters(FIRST + n)}${row + 1}"

    def span(self, row: int) -> str:
        """The range of all months of a row, from other sheets."""
        last = letters(FIRST + self.model.months - 1)
        return f"'{SHEET}'!${letters(FIRST)}${row + 1}:${last}${row + 1}"

    def series(
        self, words: str, unit: str, of: Of, values: Sequence[Number], form: str = "0.00",
        total: bool = False, look: Mapping[str, object] = PLAIN,
    ) -> int:  # fmt: skip
        """A row of formulas with the values of the engine; returns its number."""
        row = self.row
        self.book.text(self.sheet, row, 0, words, look)
        self.book.text(self.sheet, row, 1, unit, SOFT)
        for n, value in enumerate(values):
            self.book.formula(self.sheet, row, FIRST + n, f"={of(n)}", value, form, look=look)
        if total:
            first, last = self.cell(row, 0), self.cell(row, self.model.months - 1)
            whole_sum = sum(map(float, values))
            self.book.formula(self.sheet, row, _TOTAL, f"=SUM({first}:{last})", whole_sum, form, look=look)
        self.row += 1
        return row

    def simulated(self, words: str, unit: str, values: Sequence[Number]) -> int:
        """A row of numbers that only the engine knows."""
        row = self.row
        self.book.text(self.sheet, row, 0, words)
        self.book.text(self.sheet, row, 1, unit, SOFT)
        for n, value in enumerate(values):
            self.book.number(self.sheet, row, FIRST + n, value, SIMULATED, "#,##0.00")
        self.row += 1
        return row

    def heading(self, words: str) -> None:
        """A heading with room above."""
        self.row += 1
        self.book.head(self.sheet, self.row, (words,))
        self.row += 1


def write_cash(
    book: Book, case: Case, held: Held, inputs: Inputs, grid: tuple[tuple[At, ...], tuple[Table, ...]]
) -> Cash:
    """Write the sheet; `held` is the case with what the workbook holds fixed."""
    out = Writer(book, case)
    book.title(out.sheet, "Cash flow", "By month, to the cent; what is paid is below zero")
    label = _months(out)
    timing = _timing(out, label)
    groups = _people(out, held, inputs, grid, timing)
    lines = _lines(out, held, inputs, timing, groups)
    out.sheet.freeze_panes(5, FIRST)
    out.sheet.fit_to_pages(math.ceil(out.model.months / _PRINTED), 1)
    out.sheet.repeat_columns(0, 1)
    out.sheet.repeat_rows(3, 4)
    return _worth(out, held, lines, timing)


class _Timing(NamedTuple):
    number: int
    years: int
    rises: int
    force: int
    runs: int
    first: tuple[int, int]  # on the grid, the point before and the way on: in force on the first of the month
    mean: tuple[int, int]  # ... and on average over it
    outside: int
    beyond: int  # in how many months inputs as they were written are outside the grid


def _months(out: Writer) -> int:
    """The first days of the months; the first is a fact, the others follow."""
    model, row = out.model, out.row
    out.book.text(out.sheet, row, 0, "Month", {"bold": True, "bottom": 1})
    out.book.text(out.sheet, row, 1, "", {"bottom": 1})
    out.book.text(out.sheet, row, _TOTAL, "Total", {"bold": True, "bottom": 1, "align": "right"})
    form = {"num_format": "mmm yyyy", "bold": True, "bottom": 1, "align": "right"}
    for n in range(model.months):
        text = f"=EDATE(DATE({model.start.year},{model.start.month},1),{n})"
        day = _serial(model, n)
        out.sheet.write_formula(row, FIRST + n, text, out.book.look(form), day)
    out.row += 1
    return row


def _serial(model: CaseModel, n: int) -> int:
    """The first day of a month as spreadsheets count days."""
    from datetime import date

    from reports.finance.months import months_later

    return (months_later(model.start, n) - date(1899, 12, 30)).days


def _timing(out: Writer, label: int) -> _Timing:
    """When prices rise, what is in force, and where that is on the grid."""
    model, expected = out.model, expected_of(out.case.terms)
    delay = np.array([expected["delay_months"]])
    force, runs, first = (rule(model, delay)[0] for rule in (in_force, running, at_the_first))
    number = out.series("number of the month", "", str, range(model.months), "0")

    def year(n: int) -> str:
        return f"YEAR({out.cell(label, n)})-price_year"

    years = out.series("years since the price year", "", year, model.years.tolist(), "0")
    rises = out.series(
        "prices have risen", "×", lambda n: f"(1+inflation)^{out.cell(years, n)}",
        model.rises().tolist(), "0.0000",
    )  # fmt: skip

    def since(n: int, later: int) -> str:
        return f"MAX({out.cell(number, n)}+{later}-begins-delay_months,0)"

    def grown(at: str) -> str:
        return f"IF(ramp>0,IF({at}<=ramp,({at})^2/(2*ramp),{at}-ramp/2),{at})"

    def part(n: int) -> str:
        return f"{grown(since(n, 1))}-{grown(since(n, 0))}"

    def run(n: int) -> str:
        return f"{since(n, 1)}-{since(n, 0)}"

    in_it = out.series("of the change in force", "", part, force.tolist(), "0%")
    paid = out.series("costs run", "", run, runs.tolist(), "0%")

    def so_far(n: int) -> str:
        since = f"({out.cell(number, n)}-begins-delay_months)"
        return f"IF(ramp>0,MAX(MIN({since}/ramp,1),0),IF({since}>=-1E-9,1,0))"

    begun = out.series("in force on the first, for people", "", so_far, first.tolist(), "0%")
    values = first * expected["effect"]
    effect = out.series("effect", "", lambda n: f"effect*{out.cell(begun, n)}", values.tolist(), "0.0%")
    on_the_first = _on_the_grid(out, effect, values)
    means = force * expected["effect"]
    mean = out.series(
        "effect, on average", "", lambda n: f"effect*{out.cell(in_it, n)}", means.tolist(), "0.0%"
    )
    on_average = _on_the_grid(out, mean, means)
    outside, beyond = _outside(out, mean, means)
    return _Timing(number, years, rises, in_it, paid, on_the_first, on_average, outside, beyond)


def _on_the_grid(out: Writer, effect: int, effects: Floats) -> tuple[int, int]:
    """Where the effect of each month is on the axis of the grid."""
    axis = np.asarray(out.model.response.axes[EFFECT])
    clipped, point, way = located("axis_effect", "{x}")
    held = [clipped.format(x=out.cell(effect, n)) for n in range(out.model.months)]
    values = np.clip(effects, axis[0], axis[-1])
    points = np.minimum(np.searchsorted(axis, values, side="right"), len(axis) - 1)
    ways = (values - axis[points - 1]) / (axis[points] - axis[points - 1])
    at = out.series("point of the grid before", "", lambda n: point.format(x=held[n]), points.tolist(), "0")

    def onward(n: int) -> str:
        return way.format(x=held[n], i=out.cell(at, n))

    return at, out.series("way to the next", "", onward, ways.tolist(), "0.000")


def _outside(out: Writer, effect: int, effects: Floats) -> tuple[int, int]:
    """A row of the months in which inputs are outside the grid; and how many these are as written."""
    clipped = located("axis_effect", "{x}")[0]
    held = [clipped.format(x=out.cell(effect, n)) for n in range(out.model.months)]
    others = [INPUTS[n] for n in OTHERS]
    beyond = ",".join(f"{x}<INDEX(axis_{x},1),{x}>INDEX(axis_{x},COUNT(axis_{x}))" for x in others)

    def outside(n: int) -> str:
        return f"IF(OR(ABS({out.cell(effect, n)}-{held[n]})>1E-9,{beyond}),1,0)"

    flags = _flags(out, effects)
    return out.series("outside the grid", "1 = yes", outside, flags, "0"), sum(flags)


def _flags(out: Writer, effects: Floats) -> list[int]:
    """Of each month whether the inputs as they were written are outside the grid."""
    axes, expected = out.model.response.axes, expected_of(out.case.terms)
    beyond = any(not axes[n][0] <= expected[INPUTS[n]] <= axes[n][-1] for n in OTHERS)
    low, high = axes[EFFECT][0] - _NEXT_TO, axes[EFFECT][-1] + _NEXT_TO
    return [int(beyond or not low <= x <= high) for x in effects.tolist()]


class _Group(NamedTuple):
    cashed: int
    unreplaced: int


def _people(
    out: Writer, held: Held, inputs: Inputs, grid: tuple[tuple[At, ...], tuple[Table, ...]], timing: _Timing
) -> list[_Group]:
    """Of each group: who is not needed, who can be gone, who is."""
    return [
        _group(out, held, (g, names, table), grid[0], timing)
        for g, (names, table) in enumerate(zip(inputs.people, grid[1], strict=True))
    ]


def _group(
    out: Writer,
    held: Held,
    of: tuple[int, dict[str, str], Table],
    others: tuple[At, ...],
    timing: _Timing,
) -> _Group:
    g, names, table = of
    each, flows = out.model.people[g], held.flows
    out.heading(each.name)

    def hours(n: int) -> str:
        places = [At(*(out.cell(row, n) for row in each)) for each in (timing.first, timing.mean)]
        return f"MIN({','.join(f'{table.base}-({read_off(table, at, others)})' for at in places)})"

    def left(n: int) -> str:
        since = f"({out.cell(timing.number, n)}-begins-delay_months)"
        gone = f"INT({names['employed']}*{names['attrition']}*attrition*MAX({since},0)/12+1E-9)"
        return f"{gone}+IF({since}>=-1E-9,{names['flex']},0)"

    yearly = flows.freed[0, g] * each.yearly_h
    freed_h = out.series("hours not needed", "h a year", hours, yearly.tolist(), "#,##0.0")

    def people(n: int) -> str:
        return f"{out.cell(freed_h, n)}/({names['contract_h']}*365/7)"

    fte = out.series("as full-time people", "FTE", people, flows.freed[0, g].tolist())

    def entire(n: int) -> str:
        return f"IF({out.cell(fte, n)}>0,INT({out.cell(fte, n)}+1E-9),{out.cell(fte, n)})"

    heads = out.series("whole people", "people", entire, whole(flows.freed[0, g]).tolist(), PEOPLE_FORM)
    can = out.series("could be gone", "people", left, flows.leavable[0, g].tolist(), "0")

    def gone(n: int) -> str:
        return f'IF(holds="heads",0,MIN({out.cell(heads, n)},{out.cell(can, n)}))'

    values = flows.cashed[0, g]
    cashed = out.series("are gone", "people", gone, values.tolist(), PEOPLE_FORM, look=BOLD)

    def unreplaced(n: int) -> str:
        at = out.cell(cashed, n)
        return f"IF({at}>0,MAX({at}-{names['flex']},0),{at})"

    def spared(n: int) -> str:
        backfills = f"MAX({out.cell(can, n)}-{names['flex']},0)+{names['planned']}"
        return f'IF(holds="heads",0,MAX(MIN({out.cell(heads, n)},{backfills}),0))'

    out.series("need not be hired, so far", "people", spared, flows.hires[0, g].tolist(), "0")
    not_replaced = np.where(values > 0, np.maximum(values - each.flex, 0), values)
    return _Group(
        cashed, out.series("of these not replaced", "people", unreplaced, not_replaced.tolist(), PEOPLE_FORM)
    )


def _lines(out: Writer, held: Held, inputs: Inputs, timing: _Timing, groups: list[_Group]) -> dict[str, int]:
    """Cash by line, each cell rounded to the cent."""
    model = out.model
    quantities = [
        out.simulated(f"{each.name}: less at full effect", each.unit, each.saved.mean(axis=0).tolist())
        for each in model.varying
    ]
    others = [
        (each.name, _both_ways(out, each), up)
        for each, up in zip(model.differing, inputs.differing, strict=True)
    ]
    out.heading(f"Cash, {model.currency}")
    found = dict[str, int]()

    def line(name: str, of: Of) -> None:
        found[name] = _line(out, name, of, held)

    def people(n: int, row: str, price: str) -> str:
        parts = [
            f"{_newly(out, getattr(each, row), n, row)}*{names[price]}"
            for each, names in zip(groups, inputs.people, strict=True)
        ]
        return f"({'+'.join(parts) or '0'})"

    def hires(n: int) -> str:
        both = people(n, "unreplaced", "hire"), people(n, "unreplaced", "taught")
        return f"({both[0]}+{both[1]}*pay)*{out.cell(timing.rises, n)}"

    line(PEOPLE, lambda n: f"{people(n, 'cashed', 'monthly')}*pay*{out.cell(timing.rises, n)}")
    line(HIRES, hires)
    for each, names in zip(model.by_person, inputs.by_person, strict=True):
        line(saved_name(each.name), _by_person(out, timing, groups, inputs, each, names))
    for vary, row, of_line in zip(model.varying, quantities, inputs.varying, strict=True):
        line(saved_name(vary.name), _varying(out, timing, row, of_line, (vary, groups)))
    for name, rows, up in others:
        line(changed_name(name), _differing(out, timing, rows, up))
    for cost, (amount, day) in zip(model.spent, inputs.spent, strict=True):
        line(spent_name(cost), _spent(out, timing, amount, day))
    return found


def _line(out: Writer, name: str, of: Of, held: Held) -> int:
    """A row of cash; one that is not there for what is held fixed is 0."""
    places = places_in(out.model.currency)
    values = held.cash.get(name, (0,) * out.model.months)
    return out.series(
        name, out.model.currency, lambda n: f"ROUND({of(n)},{places})", values, out.book.money, True
    )


def _newly(out: Writer, row: int, n: int, what: str) -> str:
    """People of a month; of those not replaced, who are more than the month before."""
    if what == "cashed" or n == 0:
        return out.cell(row, n)
    return f"({out.cell(row, n)}-{out.cell(row, n - 1)})"


def _by_person(
    out: Writer,
    timing: _Timing,
    groups: list[_Group],
    inputs: Inputs,
    line: ByPerson,
    names: tuple[str, str],
) -> Of:
    price, escalates = names
    which = [n for n, each in enumerate(out.model.people) if each.name in line.groups]
    employed = "+".join([repr(line.others), *(inputs.people[n]["employed"] for n in which)])

    def of(n: int) -> str:
        gone = "+".join(out.cell(groups[g].cashed, n) for g in which) or "0"
        steps = f"CEILING(ROUND(({employed})/{line.each!r},9),1)"
        left = f"CEILING(ROUND(({employed}-({gone}))/{line.each!r},9),1)"
        return f"({steps}-{left})*{price}*(1+{escalates})^{out.cell(timing.years, n)}"

    return of


def _varying(
    out: Writer,
    timing: _Timing,
    row: int,
    names: tuple[str, str, str],
    what: tuple[Varying, list[_Group]],
) -> Of:
    price, escalates, notice = names
    line, groups = what
    others = [each.cashed for g, each in enumerate(groups) if out.model.people[g].name in line.falls_to]

    def of(n: int) -> str:
        risen = f"(1+{escalates})^{out.cell(timing.years, n)}"
        told = f"IF(OR({notice}=0,{out.cell(timing.number, n)}>=begins+delay_months+{notice}),1,0)"
        value = f"{out.cell(row, n)}*{price}*effect*volume*{out.cell(timing.force, n)}*{risen}*{told}"
        value += "*handle_time" if line.unit == MINUTES else ""
        if others:
            value = f"IF(MAX({','.join(out.cell(each, n) for each in others)})>0,0,{value})"
        return f'IF(holds="service",0,{value})' if line.is_service else value

    return of


def _both_ways(out: Writer, each: Differing) -> tuple[int, int]:
    """What a line costs less from the change on, with service and with heads held."""
    service, heads = (part.mean(axis=0).tolist() for part in (each.service, each.heads))
    words = f"{each.name}: costs less"
    return (
        out.simulated(f"{words}, service held", "a month", service),
        out.simulated(f"{words}, heads held", "a month", heads),
    )


def _differing(out: Writer, timing: _Timing, rows: tuple[int, int], escalates: str) -> Of:
    def of(n: int) -> str:
        less = f'IF(holds="heads",{out.cell(rows[1], n)},{out.cell(rows[0], n)})'
        return f"{less}*{out.cell(timing.runs, n)}*(1+{escalates})^{out.cell(timing.years, n)}"

    return of


def _spent(out: Writer, timing: _Timing, amount: str, day: str) -> Of:
    start = out.model.start

    def of(n: int) -> str:
        if not day:
            return f"-{out.cell(timing.runs, n)}*{amount}*running*{out.cell(timing.rises, n)}"
        month = f"DATE({start.year},{start.month}+{n},1)"
        return f"IF(AND(YEAR({day})=YEAR({month}),MONTH({day})=MONTH({month})),-{amount}*once,0)"

    return of


def _worth(out: Writer, held: Held, lines: dict[str, int], timing: _Timing) -> Cash:
    """The sums below the lines, and what they are worth."""
    model, book, months = out.model, out.book, out.model.months
    rows = list(lines.values())

    def total(n: int) -> str:
        return f"SUM({out.cell(rows[0], n)}:{out.cell(rows[-1], n)})"

    net = out.series("Net cash", model.currency, total, held.net, book.money, True, {"bold": True, "top": 1})
    running_sum = np.cumsum([float(each) for each in held.net])

    def so_far(row: int) -> Of:
        return lambda n: f"SUM({out.cell(row, 0)}:{out.cell(row, n)})"

    cumulative = out.series("so far", model.currency, so_far(net), running_sum.tolist(), book.money)
    factors = (1.0 + model.yearly_rate) ** (-np.arange(months) / 12.0)
    factor = out.series(
        "discounted by", "×", lambda n: f"(1+discount_rate)^(-{out.cell(timing.number, n)}/12)",
        factors.tolist(), "0.0000",
    )  # fmt: skip
    worth = factors * np.array([float(each) for each in held.net])
    discounted = out.series(
        "discounted", model.currency, lambda n: f"{out.cell(net, n)}*{out.cell(factor, n)}",
        worth.tolist(), book.money,
    )  # fmt: skip
    so_far_worth = np.cumsum(worth).tolist()
    out.series("discounted, so far", model.currency, so_far(discounted), so_far_worth, book.money)
    changes, changed = _changes_of_sign(out, net, held)
    totals = {name: Place(SHEET, row, _TOTAL) for name, row in lines.items()}
    months_of = {name: out.span(row) for name, row in lines.items()}
    net_row, so_far_row, worth_row = (out.span(each) for each in (net, cumulative, discounted))
    outside, changing = (out.span(each) for each in (timing.outside, changes))
    return Cash(net_row, so_far_row, worth_row, outside, timing.beyond, changing, changed, totals, months_of)


def _changes_of_sign(out: Writer, net: int, held: Held) -> tuple[int, int]:
    """A row of the months in which net cash changes its sign, those without any left out; and how often."""
    signs, changes = list[int](), list[int]()
    for amount in held.net:
        before = signs[-1] if signs else 0
        signs.append((amount > 0) - (amount < 0) or before)
        changes.append(int(before * signs[-1] < 0))

    def sign(n: int) -> str:
        here = out.cell(net, n)
        return f"IF({here}=0,{out.cell(out.row, n - 1)},SIGN({here}))" if n else f"SIGN({here})"

    last = out.series("its sign, of the last that was not 0", "", sign, signs, "0", look=SOFT)

    def change(n: int) -> str:
        return f"IF({out.cell(last, n - 1)}*{out.cell(last, n)}<0,1,0)" if n else "0"

    return out.series("changes its sign", "", change, changes, "0", look=SOFT), sum(changes)
