from reports.scorecard import Scorecard, scorecard
from reports.targets import Verdict
from scenarios import loads
from sim.experiment import Result
from tests.reports.conftest import TEXT


def cells(card: Scorecard, title: str) -> dict[str, list[str]]:
    """The rows of a block as text."""
    block = next(each for each in card.blocks if each.title == title)
    return {row.label: [str(cell.words) for cell in row.cells] for row in block.rows}


def test_queues_show_every_figure_with_its_interval(result: Result) -> None:
    card = scorecard(result)
    assert [block.title for block in card.blocks] == ["Targets", "Queues", "Groups"]
    assert card.blocks[1].columns == ("phone", "mail", "all")
    rows = cells(card, "Queues")
    assert rows["Offered"] == ["1,152 ± 15", "576.0 ± 9.8", "1,728 ± 20"]
    assert rows["Abandonment"][0] == "4.5 % ± 0.2"
    assert rows["Service level"] == ["82.4 % ± 0.6", "88.7 % ± 0.1", ""]
    assert rows["target"][:2] == ["80 % in 20 s", "90 % in 4 h"]
    assert rows["Speed of answer (ASA)"] == ["9.7 s ± 0.4 s", "1 min 20 s ± 3.1 s", ""]
    assert rows["95 % answered within"][1] == "3 h 8 min ± 10 min"  # to 2 min, as wide as its bucket
    assert rows["Handle time (AHT)"][0] == "5 min ± 1.4 s"
    assert rows["Largest queue"] == ["9.10 ± 0.79", "14 ± 0", ""]


def test_targets_show_in_how_many_periods_they_hold(result: Result) -> None:
    card = scorecard(result)
    assert card.blocks[0].columns == ("horizon", "held in", "wanted", "verdict")
    assert cells(card, "Targets") == {
        "phone service level ≥ 80 % in 20 s": ["82.4 % ± 0.6", "97.0 % ± 3.0", "80 % of weeks", "met"],
        "mail service level ≥ 90 % in 4 h": ["88.7 % ± 0.1", "40.0 % ± 15.0", "80 % of weeks", "missed"],
    }
    level = next(row for row in card.blocks[1].rows if row.label == "Service level")
    assert [cell.verdict for cell in level.cells] == [Verdict.MET, Verdict.MISSED, None]


def test_groups_show_hours_and_cost(result: Result) -> None:
    rows = cells(scorecard(result), "Groups")
    assert rows["Agents on duty, mean"] == ["5 ± 0", "3 ± 0", "8 ± 0"]
    assert rows["Occupancy"][0] == "71.3 % ± 0.6"
    assert rows["Hours at work"][0] == "240 h ± 0"
    assert rows["Hours paid"][0] == "300 h ± 0"
    assert rows["People cost"][:2] == ["$7,200 ± 0", "–"]


def test_rows_of_nothing_but_zeros_are_left_out(result: Result) -> None:
    rows = cells(scorecard(result), "Queues")
    assert "tried again" not in rows
    assert "Refused, line full" not in rows


def test_verdict_and_sentence(result: Result) -> None:
    card = scorecard(result)
    assert card.standing is Verdict.MISSED
    assert card.answer.startswith(
        "1 of 2 targets is missed: mail service level ≥ 90 % in 4 h each week "
        "(held in 40.0 % of weeks, 80 % wanted; over the horizon 88.7 % ± 0.1)."
    )


def test_the_definition_and_the_intervals_are_explained(result: Result) -> None:
    card = scorecard(result)
    assert card.definitions[:-1] == (
        "Service level = answered within T, of answered and abandoned (strict). "
        "T is the queue's own: phone 80 % in 20 s; mail 90 % in 4 h.",
    )
    assert card.definitions[-1].startswith("Held in = share of all pairs of a replication and a period")
    assert "Weeks are Monday to Sunday, in local time." in card.definitions[-1]
    assert "30 replications" in card.precision
    assert "95 % interval" in card.precision


def test_one_replication_has_no_interval(without_interval: Result) -> None:
    card = scorecard(without_interval)
    assert "no interval" in card.precision
    assert cells(card, "Queues")["Service level"][:2] == ["82.4 %", "88.7 %"]
    assert card.answer.endswith(" From one replication: another seed may differ.")


def test_where_only_some_figures_lack_an_interval_they_say_so(result: Result) -> None:
    measures = result.measures.copy()
    measures.loc[measures["measure"] == "max_queue", ["se", "low", "high"]] = float("nan")
    rows = cells(scorecard(result._replace(measures=measures)), "Queues")
    assert rows["Largest queue"][0] == "9.10 no interval"
    assert rows["Offered"][0] == "1,152 ± 15"


def test_two_definitions_are_both_printed(result: Result) -> None:
    text = TEXT.replace("target: 90% in 4 h", "target: 90% in 4 h, service_level: short_abandon_credit")
    lines = scorecard(result._replace(scenario=loads(text))).definitions
    assert len(lines) == 3
    assert lines[1].endswith("mail 90 % in 4 h, s = 5 s.")


def test_one_queue_needs_no_column_of_totals(result: Result) -> None:
    queues = {"phone": result.scenario.queues["phone"]}
    alone = result._replace(scenario=result.scenario.model_copy(update={"queues": queues}))
    assert scorecard(alone).blocks[1].columns == ("phone",)
