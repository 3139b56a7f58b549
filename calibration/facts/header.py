"""Is a header that of the format? If not: what is missing, what comes nearest, and whose it looks like."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Final

from calibration.facts.files import Source
from calibration.facts.formats.format import Format
from calibration.facts.vendors import SIGNATURES
from scenarios.problems import Finding, ReadingError

_ALIKE: Final = 0.6  # of a signature: that much and more of it in a header says whose it is


def refuse_other_header(source: Source, names: Sequence[str], form: Format) -> None:
    """Raise ``ReadingError`` if a needed column is missing, or a column that is read is there twice."""
    wrong = [
        *(
            f"column {name!r} is missing{_near(name, names, form)}"
            for name in form.needed
            if name not in names
        ),
        *(
            f"one of the columns {', '.join(each)} is missing"
            for each in form.one_of
            if not {*each} & {*names}
        ),
    ]
    if wrong:
        if like := looks_like(names, form.name):
            told = f"is no {form.name!r} export; its header {like}"
        else:
            told = f"is no {form.name!r} export: {'; '.join(wrong)}. Its columns: {_listed(names)}"
        raise ReadingError([Finding((), told, file=str(source.path), line=source.header_line)])
    twice = sorted({cell.column for cell in form.cells if list(names).count(cell.column) > 1})
    if twice:
        told = f"has the column {', '.join(map(repr, twice))} twice; rename or remove one"
        raise ReadingError([Finding((), told, file=str(source.path), line=source.header_line)])


def _near(name: str, names: Iterable[str], form: Format) -> str:
    """The column that may be meant, if there is one that the format does not know."""
    known = {cell.column for cell in form.cells}
    folded = {each.lower(): each for each in names if each not in known}
    close = get_close_matches(name.lower(), folded, n=1, cutoff=0.6)
    return f" ({folded[close[0]]!r} may be it: rename it)" if close else ""


def looks_like(names: Sequence[str], asked: str) -> str:
    """``looks like that of ...``, if it has most of the signature of another known export."""
    there = {name.lower() for name in names}
    shares = {
        name: sum(column.lower() in there for column in columns) / len(columns)
        for name, columns in SIGNATURES.items()
        if name != asked
    }
    best = max(shares, key=lambda name: (shares[name], name))
    if shares[best] < _ALIKE:
        return ""
    from calibration.facts.formats import FORMATS

    what = (
        "use that format" if best in FORMATS else f"map its columns to those of {asked!r}, see docs/facts.md"
    )
    return f"looks like that of {best!r}; {what}"


def _listed(names: Sequence[str]) -> str:
    shown = [repr(name if len(name) <= 40 else f"{name[:37]}...") for name in names[:20]]
    return ", ".join(shown) + (", ..." if len(names) > 20 else "")
