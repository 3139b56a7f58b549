"""What the words of a study mean, with what is exact and what is estimated."""

from collections.abc import Iterator

from reports.finance.results import Study
from reports.glossary import Definition


def definitions_of(study: Study) -> tuple[Definition, ...]:
    """The definitions that a reader of the study needs."""
    return (*_of_costs(), *(_of_case() if study.case is not None else ()))


def _of_costs() -> Iterator[Definition]:
    yield Definition(
        "Cost of a contact", "all costs over contacts of customers; without cases, over contacts handled"
    )
    yield Definition(
        "Cost of a minute", "all costs over minutes of agents' work, their idle time in the costs"
    )
    yield Definition("Cost of a solved case", "all costs over cases that were solved in the end")
    yield Definition(
        "Allocation",
        "activity-based: what is priced by the contact, minute, case or broken promise goes where it "
        "happened; people go by their own group's time where contacts are handled once, else, as tools and "
        "what is fixed, by agents' time; to the cent, by the largest remainder",
    )
    yield Definition(
        "Fixed, step, variable",
        "paid for a time alone; paid for people, in steps; paid for each of something that happens",
    )


def _of_case() -> Iterator[Definition]:
    yield Definition(
        "Same service",
        "every measure of the targets that people steer is no worse than before, on the same chances: by at "
        "most 0.5 percentage points of a share, 2 % of a time, or what chance makes",
    )
    yield Definition("Capacity", "hours paid that the same service does not need; time, not money")
    hires = "whole people not hired in place of those who leave, or as was planned"
    yield Definition("Avoided hires", hires)
    yield Definition(
        "Cashable",
        "pay of whole people who are gone: at most those whom the change frees, and at most those who leave "
        "by themselves from the change on and those whose contracts end; they go with the first of a month. "
        "Who is missed is paid by the hour, parts of a person too",
    )
    yield Definition(
        "Net present value",
        "cash by month, month m discounted by m months: divided by (1 + yearly rate)^(m/12)",
    )
    yield Definition("Payback", "the month in which cash so far reaches 0, even within the month")
    yield Definition("P10, P90", "one in ten is less hopeful than P10, one in ten more hopeful than P90")
    yield Definition("Ranges", "triangular between their ends, most likely as expected")
    yield Definition(
        "Exact and estimated",
        "prices, dates, rates and sums are exact to the cent; contacts, minutes and cases are means of "
        "simulations; people who can leave are searched for on a grid whose error is told",
    )
