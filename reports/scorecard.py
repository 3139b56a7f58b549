"""The scorecard: what the terminal and the page both show, as rows of words.

Measures are rows and the queues (or groups) columns, so that it reads on a phone and in a letter.
"""

from typing import TYPE_CHECKING, Final, NamedTuple

from reports.blocks import ALL, Block, Cell, Columns, Line, Row
from reports.case_card import case_blocks
from reports.case_glossary import on_the_card
from reports.figures import Figure, Figures, figures_of
from reports.formula import BY_FORMULA, formula_lines
from reports.glossary import attainment, service_levels
from reports.quantile_wording import say_measure
from reports.targets import (
    Attainment,
    Verdict,
    answer,
    attainments,
    not_judged,
    of_queues,
    standing,
    target_text,
    together,
    wanted_text,
)
from reports.wording import MISSING, Words, say
from scenarios.model import Scenario
from scenarios.related import has_cases
from scenarios.uncertain_numbers import drawn_errors

if TYPE_CHECKING:
    from sim.experiment import Result

EXPECTED: Final = "By formulas: what is to be expected, without chance, and so without intervals."


class Scorecard(NamedTuple):
    """Everything that a reader of the scorecard sees, in order."""

    title: str
    standing: Verdict | None  # of all targets together
    answer: str
    blocks: tuple[Block, ...]
    definitions: tuple[str, ...]
    precision: str


_QUEUE_LINES: Final = (
    Line("Offered", "offered"),
    Line("tried again", "retried", when_not_zero=True, is_part=True),
    Line("asked to be called back", "called_back", when_not_zero=True, is_part=True),
    Line("Waiting at the start", "backlog_at_start", when_not_zero=True),
    Line("Handled", "handled"),
    Line("Abandoned", "abandoned"),
    Line("left unseen", "silent", when_not_zero=True, is_part=True),
    Line("Called back, not reached", "unreached", when_not_zero=True),
    Line("Not needed any more", "struck_off", when_not_zero=True),
    Line("Came while closed", "closed", when_not_zero=True),
    Line("Refused, line full", "blocked", when_not_zero=True),
    Line("Passed on", "overflowed", when_not_zero=True),
    Line("Open at the end", "open_at_end", when_not_zero=True),
    Line("Abandonment", "abandonment"),
)
_WAIT_LINES: Final = (
    Line("Speed of answer (ASA)", "asa", totals=False),
    Line("95 % answered within", "wait_p95", totals=False),
    Line("Handle time (AHT)", "aht"),
    Line("Largest queue", "max_queue", totals=False),
)
_GROUP_LINES: Final = (
    Line("Agents on duty, mean", "on_duty"),
    Line("Occupancy", "occupancy"),
    Line("Hours at work", "hours"),
    Line("Hours paid", "paid_hours", when_not_zero=True),
    Line("Chats at once, if any", "chats_at_once", when_not_zero=True),
    Line("People cost", "people_cost"),
)


def scorecard(result: "Result") -> Scorecard:
    """The scorecard of a result."""
    scenario = result.scenario
    figures = with_hours(scenario, figures_of(result.measures))
    found = attainments(scenario, result.attainment, figures)
    tell = any(figure.has_interval for figure in figures)
    computed = result.engine == BY_FORMULA
    blocks = (
        _targets(found, tell, "expected in" if computed else "held in"),
        *case_blocks(result, figures, found, tell),
        _queues(scenario, figures, found, tell),
        _groups(scenario, figures, tell),
    )
    return Scorecard(
        scenario.name,
        standing(found),
        _answer(scenario, found, computed),
        tuple(block for block in blocks if block.rows),
        _definitions(result, computed),
        EXPECTED if computed else precision(result.replications, figures, bool(drawn_errors(scenario))),
    )


def _answer(scenario: Scenario, found: list[Attainment], computed: bool) -> str:
    """The sentence at the top; of a team with cases, whether it meets everything together."""
    if computed:
        return " ".join(filter(None, (answer(found, computed), not_judged(scenario, found))))
    return together(found, scenario) if has_cases(scenario) else answer(found)


def _definitions(result: "Result", computed: bool) -> tuple[str, ...]:
    """What words mean, and of a result by formulas, which formulas they are."""
    scenario = result.scenario
    if computed:
        levels = tuple(f"{e.term} = {e.meaning}" for e in service_levels(scenario))
        return (*levels, *formula_lines(result))
    told = (*service_levels(scenario), *attainment(scenario), *on_the_card(scenario))
    return tuple(f"{e.term} = {e.meaning}" for e in told)


def _targets(found: list[Attainment], tell: bool, held: str) -> Block:
    """Every target: its measure over the horizon, in how many of its periods it held, and the verdict."""
    rows = (
        Row(
            each.words,
            (
                Cell(say_measure(each.goal.measure, each.figure, tell)),
                Cell(say(each.share, tell), each.verdict),
                Cell(Words(wanted_text(each.goal))),
                Cell(Words(each.verdict.value), each.verdict),
            ),
        )
        for each in found
    )
    return Block("Targets", ("horizon", held, "wanted", "verdict"), tuple(rows))


def _queues(scenario: Scenario, figures: Figures, found: list[Attainment], tell: bool) -> Block:
    names = tuple(scenario.queues)
    columns = Columns(figures, "queue", names, tell)
    rows = [
        *columns.rows(_QUEUE_LINES),
        *_service_levels(scenario, columns, found),
        *columns.rows(_WAIT_LINES),
    ]
    return Block("Queues", columns.titles, tuple(rows))


def _groups(scenario: Scenario, figures: Figures, tell: bool) -> Block:
    columns = Columns(figures, "group", tuple(scenario.groups), tell)
    return Block("Groups", columns.titles, tuple(columns.rows(_GROUP_LINES)))


def _service_levels(scenario: Scenario, columns: Columns, found: list[Attainment]) -> list[Row]:
    """Service level and target of the queues that have one; the level has the colour of the verdict."""
    by_queue = of_queues(scenario, found)
    if not by_queue:
        return []

    def level(name: str) -> Cell:
        each = by_queue.get(name)
        return Cell(say(each.figure, columns.tell), each.verdict) if each else Cell(Words(MISSING))

    def target(name: str) -> Cell:
        wanted = scenario.queues[name].target
        return Cell(Words(target_text(wanted) if wanted and name in by_queue else MISSING))

    return [
        columns.filled("Service level", level),
        columns.filled("target", target, is_part=True),
    ]


def with_hours(scenario: Scenario, figures: Figures) -> Figures:
    """Add hours at work, with the interval of the agents on duty.

    Hours are agents on duty times the length of the horizon: the same sum of agents' time, once an
    hour and once over the horizon.
    """
    scopes = [(ALL, ALL), *(("group", name) for name in scenario.groups)]
    hours = {("hours", scope, name): _hours(figures, scope, name) for scope, name in scopes}
    return Figures({**figures.by_key, **hours})


def _hours(figures: Figures, scope: str, name: str) -> Figure:
    on_duty = figures.get("on_duty", scope, name)
    parts = [figures.get(m, scope, name).mean for m in ("time_idle", "time_working", "time_sharing")]
    return on_duty.times(sum(parts) / on_duty.mean if on_duty.mean else 0.0, "h")


def precision(replications: int, figures: Figures, uncertain: bool = False) -> str:
    """What stands behind the intervals, in a sentence; of chance alone, or of uncertain numbers too."""
    those = f"{replications:,} replication{'s' if replications != 1 else ''}"
    if not any(figure.has_interval for figure in figures):
        return f"{those}, hence no interval: another seed may give other figures. Run 30, or auto."
    if uncertain:
        return (
            f"{those}, each with uncertain numbers drawn anew; ± is half of a 95 % interval for the mean "
            "(Student's t): chance and uncertain numbers together. More replications narrow it, but make "
            "no number surer: how far single replications are apart shows in the targets."
        )
    batches = " from its single days" if replications == 1 else ""
    return (
        f"{those}; ± is half of a 95 % interval for the mean{batches} (Student's t): chance alone, "
        "not how well the scenario describes your team."
    )
