"""What a run says of its loop, where the scenario learns: who runs it, its levers, its tickets on average."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from reports.plan_words import day_text, listed, spoken
from reports.wording import number_text
from scenarios.model import Scenario

if TYPE_CHECKING:
    from sim.experiment import Result
    from sim.loop.controller import Learned


def loop_told(result: "Result") -> tuple[str, ...]:
    """Some sentences; none where nobody learns and nothing comes into force."""
    if not result.extra:
        return ()
    from sim.loop.controller import Learned

    learned = [each for each in result.extra if isinstance(each, Learned)]
    return tuple(
        filter(
            None,
            (_run_by(result.scenario), _levers(result.scenario), _tickets(learned), _plan(result.scenario)),
        )
    )


def _run_by(scenario: Scenario) -> str:
    loop = scenario.loop
    if loop is None:
        return "There is no loop: only levers by date change anything."
    if not loop.owner:
        return "Nobody owns the loop, so it does not run: nothing is learned."
    since = f" from {day_text(loop.start, True)} on" if loop.start else ""
    return f"The loop is run by {spoken(loop.owner)}{since}."


def _levers(scenario: Scenario) -> str:
    """Levers by the day from which on they are in force, and how many never are."""
    levers = scenario.roadmap.levers if scenario.roadmap else {}
    by_day: dict[str, list[str]] = {}
    for due, name in sorted((each.due, name) for name, each in levers.items() if each.due and each.owner):
        by_day.setdefault(day_text(due, True), []).append(spoken(name))
    idle = [spoken(name) for name, each in levers.items() if not (each.due and each.owner)]
    parts = [f"{day}: {listed(names)}" for day, names in by_day.items()]
    told = [f"Levers in force from {'; '.join(parts)}."] if parts else []
    told += [f"Without an owner or a date, so not run: {listed(idle)}."] if idle else []
    return " ".join(told)


def _tickets(learned: Sequence["Learned"]) -> str:
    """How many tickets there are on average, and what became of them."""
    from sim.loop.tickets import LEVER, NOT_YET

    of_loop = [[t for t in each.tickets if t.change.kind != LEVER] for each in learned]
    opened = sum(map(len, of_loop))
    if not opened:
        return "No ticket is opened in any replication."
    done = sum(ticket.done != NOT_YET for of in of_loop for ticket in of)
    n = len(learned)
    verdicts = ", ".join(_verdicts([t.judged[-1].verdict for of in of_loop for t in of if t.judged], n))
    judged = f"by their last look {verdicts}" if verdicts else "none is judged"
    return (
        f"On average a replication opens {_mean(opened, n)} tickets and has {_mean(done, n)} of them done; "
        f"{judged}."
    )


def _verdicts(found: Sequence[str], replications: int) -> Iterator[str]:
    for verdict in dict.fromkeys(sorted(found)):
        yield f"{_mean(found.count(verdict), replications)} are {verdict}"


def _mean(total: int, replications: int) -> str:
    return number_text(total / replications, 1)


def _plan(scenario: Scenario) -> str:
    """Where more is said."""
    if scenario.roadmap is not None and scenario.roadmap.targets:
        return "How probable each target by day is, the register and what doing nothing costs: careloop plan."
    return (
        "With targets by day in its roadmap, careloop plan says how probable they are, and has the register."
    )
