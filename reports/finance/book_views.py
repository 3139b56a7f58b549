"""The sheets that people read first: summary, bridge, tornado, definitions."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reports.finance.book import BOLD, SIMULATED, SOFT, Book, Number, letters
from reports.finance.book_cash import SHEET as CASH
from reports.finance.book_cash import Cash
from reports.finance.card import notes_of
from reports.finance.definitions import definitions_of
from reports.finance.money import places_in
from reports.finance.results import Case, Held, Study
from reports.finance.words import INPUT_WORDS, STEP_WORDS, answer_of, break_words, swing_words

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

BRIDGE: Final = "Bridge"
_PARTS: Final = ("(base)", "(up)", "(down)", "(base below 0)", "(up below 0)", "(down below 0)")
_MANY: Final = "perhaps several"  # rates at which cash that changes its sign more than once is worth nothing
_WRAPPED: Final = {"text_wrap": True}
_RED, _GREEN, _BLUE = "#b3261e", "#1a7f4b", "#1f5fa8"


def write_summary(book: Book, sheet: "Worksheet", study: Study, case: Case, cash: Cash) -> None:
    """What it is worth, by formula, beside what the engine found; warnings; cash so far."""
    held, places = case.headline, places_in(case.model.currency)
    book.title(
        sheet,
        study.before.scenario.name,
        f"{study.after.label if study.after else ''}, {case.model.currency}",
    )
    sheet.merge_range(2, 0, 2, 4, "", book.look(_WRAPPED))
    told = f"As the inputs were written: {answer_of(study)}"
    book.text(sheet, 2, 0, told, {**_WRAPPED, "font_size": 11})
    sheet.set_row(2, 78)
    book.head(sheet, 4, ("", "By formula", "By the engine", "Difference"))
    value, payback = float(held.npv), held.payback.month
    rows = (
        ("Net cash over the period", f"SUM({cash.net})", float(sum(held.net)), book.money, "net_cash"),
        (
            "Net present value",
            f"ROUND(SUM({cash.discounted}),{places})",
            value,
            book.money,
            "net_present_value",
        ),
    )
    row = 5
    for words, text, engine, form, name in rows:
        book.text(sheet, row, 0, words, BOLD)
        here = book.formula(sheet, row, 1, f"={text}", engine, form, name, BOLD)
        there = book.number(sheet, row, 2, engine, SIMULATED, form)
        book.formula(sheet, row, 3, f"=ROUND({here.here}-{there.here},{places})", 0, book.money)
        row += 1
    book.text(sheet, row, 0, "Months until cash so far is 0 for good")
    below, last = f"({cash.cumulative}<0)", f"INDEX({cash.cumulative},COUNT({cash.cumulative}))"
    never, month = '"not within the period"', f"MAX({below}*(COLUMN({cash.cumulative})-3))"
    later = f"IF({last}<0,{never},{month})"
    shown = "not within the period" if payback is None else payback
    sheet.write_array_formula(row, 1, row, 1, f"{{={later}}}", book.of_kind("formula", "0"), shown)
    book.text(sheet, row, 2, str(shown), {"align": "right", **SOFT})
    row += 1
    book.text(sheet, row, 0, "Internal rate of return, a year")
    _internal_rate(book, sheet, row, held, cash)
    row += 1
    book.text(sheet, row, 0, "Months outside the response grid")
    book.formula(sheet, row, 1, f"=SUM({cash.outside})", cash.beyond, "0")
    inside, beyond = "within the grid", "outside the grid: people stay as at its ends"
    warn = f'=IF(SUM({cash.outside})>0,"{beyond}","{inside}")'
    book.formula(sheet, row, 2, warn, beyond if cash.beyond else inside)
    row += 2
    spread = case.distribution
    book.head(sheet, row, ("How sure it is, as the inputs were written", "P10", "P50", "P90"))
    row += 1
    book.text(sheet, row, 0, "Net present value")
    for n, amount in enumerate((spread.p10, spread.p50, spread.p90), 1):
        book.number(sheet, row, n, amount, SIMULATED, book.money)
    row += 1
    book.text(sheet, row, 0, "Probability that it pays back within the period")
    book.number(sheet, row, 1, spread.pays_back, SIMULATED, "0.0%")
    row += 2
    book.head(sheet, row, ("Before you use these figures",))
    for note in notes_of(study):
        row += 1
        sheet.merge_range(row, 0, row, 4, "", book.look(_WRAPPED))
        book.text(sheet, row, 0, note, _WRAPPED)
        sheet.set_row(row, 15 * (1 + len(note) // 105))
    _cash_chart(book, sheet, row + 2, cash, case)
    sheet.fit_to_pages(1, 1)


def _internal_rate(book: Book, sheet: "Worksheet", row: int, held: Held, cash: Cash) -> None:
    """The internal rate where cash changes its sign once; with more changes there may be several."""
    rates = held.rates.rates
    shown: Number | str = ("none", float(rates[0]) if rates else "none", _MANY)[min(cash.changed, 2)]
    rate = f'IFERROR((1+IRR({cash.net},0.01))^12-1,"not found")'
    count = f"SUM({cash.changes})"
    text = f'=IF({count}=0,"none",IF({count}>1,"{_MANY}",{rate}))'
    book.formula(sheet, row, 1, text, shown, "0.0%", look={"align": "right"})
    if len(rates) == 1:
        book.number(sheet, row, 2, rates[0], SIMULATED, "0.0%")
    else:
        book.text(sheet, row, 2, "several" if rates else "none", {"align": "right", **SOFT})


def _cash_chart(book: Book, sheet: "Worksheet", row: int, cash: Cash, case: Case) -> None:
    chart = book.file.add_chart({"type": "column"})
    last = letters(2 + case.model.months)
    names = f"='{CASH}'!$D$4:${last}$4"
    chart.add_series(
        {"name": "Cash so far", "categories": names, "values": f"={cash.cumulative}",
         "fill": {"color": _BLUE}, "invert_if_negative": True, "invert_if_negative_color": _RED}
    )  # fmt: skip
    chart.set_title({"name": "Cash so far", "name_font": {"size": 12}})
    chart.set_legend({"none": True})
    chart.set_size({"width": 820, "height": 280})
    chart.set_x_axis({"label_position": "low", "num_format": "mmm yy"})
    chart.set_y_axis({"num_format": "#,##0"})
    sheet.insert_chart(row, 0, chart)


def write_bridge(book: Book, case: Case, cash: Cash) -> None:
    """From the envelope to cash, with a waterfall."""
    sheet = book.sheet(BRIDGE, (34, 16, 20, 18, 18, *[14] * 6))
    book.title(
        sheet,
        "From the sum on the back of an envelope to cash",
        f"{case.model.currency}, as the inputs were written",
    )
    book.head(sheet, 3, ("Step", "Left", "of", "Amount", "Difference", *_PARTS), (0, 2))
    before = 0.0
    for n, step in enumerate(case.bridge.steps):
        row, amount = 4 + n, float(step.amount)
        book.text(sheet, row, 0, STEP_WORDS[step.name])
        book.number(sheet, row, 1, step.quantity, SIMULATED, "#,##0.00")
        book.text(sheet, row, 2, step.unit, SOFT)
        book.number(sheet, row, 3, amount, SIMULATED, book.money)
        above = f"$D${row}" if n else "0"
        if n:
            book.formula(sheet, row, 4, f"=$D${row + 1}-{above}", step.difference, book.money)
        for column, (text, value) in enumerate(_bars(above, f"$D${row + 1}", before, amount), 5):
            book.formula(sheet, row, column, f"={text}", value, book.money, look=SOFT)
        before = amount
    last = 4 + len(case.bridge.steps)
    book.text(sheet, last, 0, "Net cash, first 12 months", BOLD)
    first_year = f"SUM(INDEX({cash.net},1,1):INDEX({cash.net},1,MIN(12,COUNT({cash.net}))))"
    total = sum(case.headline.net[:12])
    book.formula(sheet, last, 3, f"={first_year}", float(total), book.money, look=BOLD)
    book.text(
        sheet, last, 4, "live: it follows the assumptions; the steps above are as they were written", SOFT
    )
    chart = book.file.add_chart({"type": "column", "subtype": "stacked"})
    names = f"={BRIDGE}!$A$5:$A${last}"
    for letter, colour in zip("FGHIJK", (None, _GREEN, _RED) * 2, strict=True):
        fill = {"none": True} if colour is None else {"color": colour}
        chart.add_series(
            {
                "categories": names,
                "values": f"={BRIDGE}!${letter}$5:${letter}${last}",
                "fill": fill,
                "gap": 40,
            }
        )
    chart.set_legend({"none": True})
    chart.set_title({"name": "From the envelope to cash", "name_font": {"size": 12}})
    chart.set_size({"width": 980, "height": 360})
    chart.set_x_axis({"label_position": "low", "num_font": {"size": 8}})
    chart.set_y_axis({"num_format": "#,##0"})
    sheet.insert_chart(last + 2, 0, chart)


def _bars(above: str, here: str, before: float, amount: float) -> Iterator[tuple[str, float]]:
    """The bar of a step, as formulas and values: what is left out, up and down; above zero, then below it."""
    for side, cut, sign in (("MAX", max, 1), ("MIN", min, -1)):
        ends = f"{side}({above},0)", f"{side}({here},0)"
        old, new = cut(before, 0.0), cut(amount, 0.0)
        yield f"{'MIN' if sign > 0 else 'MAX'}({ends[0]},{ends[1]})", (min if sign > 0 else max)(old, new)
        rise, fall = f"MAX({ends[1]}-{ends[0]},0)", f"MAX({ends[0]}-{ends[1]},0)"
        yield f"{sign}*{rise}", sign * max(new - old, 0.0)
        yield f"{sign}*{fall}", sign * max(old - new, 0.0)


def write_tornado(book: Book, case: Case) -> None:
    """One input at a time, and where each breaks even: simulated, as the inputs were written."""
    sheet = book.sheet("Tornado", (30, 34, 18, 18, 18, 16))
    stays = "As the inputs were written: these do not follow a change; write the workbook again for others"
    book.title(sheet, "What decides", stays)
    book.head(sheet, 3, ("Input", "P10 to P90", "Value at P10", "Value at P90", "Swing", "Of the spread"))
    shares = dict(case.distribution.shares)
    for n, each in enumerate(case.tornado):
        row = 4 + n
        book.text(sheet, row, 0, f"{INPUT_WORDS[each.name]}{' (decides)' if each.decides else ''}")
        book.text(sheet, row, 1, swing_words(each), {"align": "right"})
        book.number(sheet, row, 2, each.at_low, SIMULATED, book.money)
        book.number(sheet, row, 3, each.at_high, SIMULATED, book.money)
        book.formula(sheet, row, 4, f"=ABS($D${row + 1}-$C${row + 1})", each.swing, book.money)
        book.number(sheet, row, 5, shares.get(each.name, 0.0), SIMULATED, "0%")
    row = 5 + len(case.tornado)
    book.head(sheet, row, ("Where it breaks even, one input alone", ""))
    for each_break in case.breaks:
        row += 1
        book.text(sheet, row, 0, INPUT_WORDS[each_break.name])
        book.text(sheet, row, 1, break_words(each_break), {"align": "right"})
    if case.tornado:
        _tornado_chart(book, sheet, row + 2, len(case.tornado), case)
    sheet.fit_to_pages(1, 1)


def _tornado_chart(book: Book, sheet: "Worksheet", row: int, count: int, case: Case) -> None:
    """Bars from the value as expected to both ends."""
    book.text(sheet, row, 0, "for the chart: below and above the value as expected", SOFT)
    for n, each in enumerate(case.tornado):
        at = row + 1 + n
        book.text(sheet, at, 0, INPUT_WORDS[each.name], SOFT)
        for place, source in ((2, "C"), (3, "D")):
            value = (each.at_low if source == "C" else each.at_high) - float(case.headline.npv)
            text = f"=${source}${5 + n}-{float(case.headline.npv)!r}"
            book.formula(sheet, at, place, text, value, book.money, look=SOFT)
    chart = book.file.add_chart({"type": "bar"})
    names = f"=Tornado!$A${row + 2}:$A${row + 1 + count}"
    for column, words, colour in (("C", "at P10", _RED), ("D", "at P90", _GREEN)):
        chart.add_series(
            {"name": words, "categories": names, "fill": {"color": colour}, "gap": 50, "overlap": 100,
             "values": f"=Tornado!${column}${row + 2}:${column}${row + 1 + count}"}
        )  # fmt: skip
    chart.set_y_axis({"reverse": True, "label_position": "low"})
    chart.set_x_axis({"num_format": "#,##0"})
    chart.set_title({"name": "Change of the net present value", "name_font": {"size": 12}})
    chart.set_size({"width": 820, "height": 120 + 32 * count})
    sheet.insert_chart(row + count + 2, 0, chart)


def write_definitions(book: Book, study: Study) -> None:
    """What the words mean."""
    sheet = book.sheet("Definitions", (26, 110))
    book.title(sheet, "Definitions")
    for n, each in enumerate(definitions_of(study), 2):
        book.text(sheet, n, 0, each.term, BOLD)
        book.text(sheet, n, 1, each.meaning, _WRAPPED)
        sheet.set_row(n, 15 * (1 + len(each.meaning) // 115))
