"""The tables of costs: by kind, by part, by fiscal year, of waiting, against what was booked."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final, NamedTuple

from reports.blocks import Block, Row
from reports.finance.cost_to_serve import Served, bands_of
from reports.finance.ledger import Ledger
from reports.finance.months import fiscal_year, months_later
from reports.finance.results import Case, Priced, Study
from reports.finance.words import DIMENSION_WORDS, exact_money, row_of, whole_money
from reports.wording import MISSING, number_text, share_text, signed_text

NOT_ASSIGNED: Final = "not assigned"
_KINDS: Final = {
    "people": "People",
    "hiring": "Hiring",
    "training": "Training",
    "tools": "Tools",
    "telephony": "Telephony",
    "platform": "Platform",
    "self_service": "Self-service",
    "facilities": "Facilities",
    "vendor": "Vendors",
    "credits": "Credits and refunds",
    "other": "Other",
}


def _titles(study: Study) -> tuple[str, ...]:
    labels = tuple(each.label for each in study.sides)
    return (*labels, "difference") if len(labels) > 1 else labels


def _amounts(label: str, amounts: Sequence[Decimal | None], currency: str) -> Row:
    """A row of amounts, and the difference of two."""
    cells = [exact_money(each, currency) for each in amounts]
    if len(amounts) == 2:
        first, second = amounts
        both = first is not None and second is not None
        cells.append(signed(second - first, currency) if both and second and first is not None else MISSING)
    return row_of(label, *cells)


def signed(amount: Decimal, currency: str) -> str:
    text = exact_money(amount, currency)
    return f"+{text}" if amount > 0 else text


def kinds_block(study: Study) -> Block:
    """What it costs, by kind of cost."""
    sides, currency = study.sides, study.before.bill.currency
    rows = []
    for kind, words in _KINDS.items():
        amounts = [side.bill.of_kind(kind) for side in sides]
        if any(amounts):
            rows.append(_amounts(words, amounts, currency))
    rows.append(_amounts("Total", [side.bill.total for side in sides], currency))
    return Block("What it costs", _titles(study), tuple(rows))


def whole_blocks(side: Priced) -> tuple[Block, Block]:
    """What a scenario costs in all, and what a contact, a minute and a case of it cost."""
    alone = Study(side, None, None, None, None, 0, 0, "")
    return kinds_block(alone), each_block(alone)


def each_block(study: Study) -> Block:
    """What a contact, a minute and a solved case cost."""
    sides, currency = [each.whole for each in study.sides], study.before.bill.currency
    rows = (
        _counts(_contacts(study.before), [each.volume.contacts for each in sides]),
        _amounts("cost of one", [each.per_contact for each in sides], currency),
        _counts("Minutes of work", [each.volume.minutes for each in sides]),
        _amounts("cost of one", [each.per_minute for each in sides], currency),
        _counts("Solved cases", [each.volume.solved for each in sides]),
        _amounts("cost of one", [each.per_solved for each in sides], currency),
    )
    return Block("Cost to serve", _titles(study), rows)


def _contacts(side: Priced) -> str:
    """What is counted as a contact."""
    is_of_cases = side.found.has(("case_contacts", "all", "all"))
    return "Contacts of customers, lost ones too" if is_of_cases else "Contacts handled"


def _counts(label: str, counts: Sequence[float]) -> Row:
    cells = [number_text(each, 0) for each in counts]
    return row_of(label, *cells, *([signed_text(counts[1] - counts[0], 0)] if len(counts) == 2 else []))


def part_block(side: Priced, dimension: str) -> Block:
    """Costs by the parts of a dimension, which add up to the total; of the scenario before the change."""
    currency = side.bill.currency
    rows = [_part(side, each, dimension) for each in side.parts[dimension]]
    whole = side.whole
    none = ("",) if dimension == "channel" and _bands(side) else ()
    rows.append(row_of("Total", exact_money(whole.cost, currency), "100 %", *_units(whole, currency), *none))
    band = ("target",) if dimension == "channel" and _bands(side) else ()
    heads = ("cost", "of all", "a contact", "a solved case", *band)
    return Block(DIMENSION_WORDS[dimension], heads, tuple(rows))


def _part(side: Priced, each: Served, dimension: str) -> Row:
    currency, whole = side.bill.currency, side.bill.total
    share = share_text(round(float(each.cost / whole), 3)) if whole else MISSING
    bands = _bands(side) if dimension == "channel" else {}
    band = (bands.get(each.name, ""),) if bands else ()
    name = each.name or NOT_ASSIGNED
    return row_of(name, exact_money(each.cost, currency), share, *_units(each, currency), *band)


def _units(each: Served, currency: str) -> tuple[str, str]:
    return exact_money(each.per_contact, currency), exact_money(each.per_solved, currency)


def _bands(side: Priced) -> dict[str, str]:
    """Targets for the people cost of a contact, by channel."""
    goals = [goal for goal in bands_of(side.found) if goal.scope == "channel"]
    currency = side.bill.currency
    return {goal.name: f"people ≤ {whole_money(goal.value, currency)}" for goal in goals}


def waiting_block(study: Study) -> Block:
    """What waiting costs beside the work."""
    sides, currency = [each.waiting for each in study.sides], study.before.bill.currency
    names = dict.fromkeys(name for side in sides for name, _ in side.lines)
    rows = [_counts("Contacts lost", [side.abandoned for side in sides])]
    by_side = [dict(side.lines) for side in sides]
    rows += [_amounts(name, [lines.get(name, Decimal(0)) for lines in by_side], currency) for name in names]
    if names:
        rows.append(_amounts("Total", [side.total for side in sides], currency))
    return Block("What waiting costs", _titles(study), tuple(rows))


def ledger_block(found: Ledger, side: Priced) -> Block:
    """The model against what was booked, over the months that both have."""
    currency = side.bill.currency
    rows = [
        row_of(
            f"{', '.join(each.accounts)}: {', '.join(each.lines)}",
            exact_money(each.model, currency),
            exact_money(each.booked, currency),
            signed(each.difference, currency),
        )
        for each in found.rows
    ]
    rows += [
        row_of(f"{account}: no line", MISSING, exact_money(amount, currency), "")
        for account, amount in found.unmapped
    ]
    rows += [
        row_of(f"{name}: no account", exact_money(amount, currency), MISSING, "")
        for name, amount in found.unbooked
    ]
    model = sum((each.model for each in found.rows), Decimal(0))
    booked = sum((each.booked for each in found.rows), Decimal(0))
    totals = (exact_money(model, currency), exact_money(booked, currency), signed(model - booked, currency))
    rows.append(row_of("Total of lines with accounts", *totals))
    count = len(found.months)
    months = (
        f"{count} month{'s' if count != 1 else ''}: {', '.join(found.months)}"
        if count
        else "no whole month of both"
    )
    return Block(f"Against what was booked, {months}", ("model", "booked", "difference"), tuple(rows))


def years_block(study: Study) -> Block:
    """Costs and cash by fiscal year, where they are in more than one; parts of a year say how many months."""
    sides, currency = study.sides, study.before.bill.currency
    columns = [_costs_by_year(side) for side in sides]
    heads = [f"costs, {side.label}" for side in sides]
    if study.case is not None:
        columns.append(_cash_by_year(study, study.case))
        heads.append("net cash")
    years = sorted({year for each in columns for year in each})
    if len(years) < 2:
        return Block("", (), ())
    rows = [row_of(year, *(_of_year(each.get(year), currency) for each in columns)) for year in years]
    return Block("By fiscal year", tuple(heads), tuple(rows))


class Year(NamedTuple):
    """What a fiscal year comes to, and how many months of it there are."""

    amount: Decimal
    months: Fraction


def _of_year(found: Year | None, currency: str) -> str:
    if found is None:
        return MISSING
    whole = found.months == 12
    part = "" if whole else f" ({number_text(float(found.months), 1)} months)"
    return f"{exact_money(found.amount, currency)}{part}"


def fiscal_start(side: Priced) -> str:
    """The month in which a fiscal year starts."""
    costs = side.scenario.costs
    return costs.fiscal_year_starts if costs else "jan"


def _cash_by_year(study: Study, case: Case) -> dict[str, Year]:
    days = [months_later(case.model.start, n) for n in range(case.model.months)]
    years = [fiscal_year(day.year, day.month, fiscal_start(study.before)) for day in days]
    return _by_year(years, [Fraction(1)] * len(years), case.headline.net)


def _costs_by_year(side: Priced) -> dict[str, Year]:
    months, starts = side.bill.months, fiscal_start(side)
    years = [fiscal_year(each.year, each.month, starts) for each in months]
    return _by_year(years, [each.part for each in months], side.bill.by_month)


def _by_year(years: Sequence[str], parts: Sequence[Fraction], amounts: Sequence[Decimal]) -> dict[str, Year]:
    """Amounts of months, of which these parts are there, by the fiscal years that they are in."""
    found = dict[str, Year]()
    for name, part, amount in zip(years, parts, amounts, strict=True):
        before = found.get(name, Year(Decimal(0), Fraction(0)))
        found[name] = Year(before.amount + amount, before.months + part)
    return found
