"""The section of uncertain numbers: its paths, what is wrong with others, how it is written."""

import re
from pathlib import Path
from typing import Any, Final

import pytest

import scenarios
from scenarios import Scenario
from scenarios.difference import difference
from scenarios.explained import explained
from scenarios.paths import place_of
from scenarios.settings import settings_of
from scenarios.uncertain_numbers import COMMON, drawn_errors, forms, numbers, paths, says_of, with_factors

PAGE: Final = Path(__file__).parents[2] / "docs" / "scenario.md"
_NOT: Final = "is nothing that this distribution has"


def everything(**uncertainty: str) -> dict[str, Any]:
    """A scenario that has every number that may be uncertain."""
    return {
        "careloop": 1,
        "name": "Unsure",
        "service_level": "offered",
        "calendar": {"start": "2026-03-02", "days": 2},
        "streams": {
            "calls": {
                "queue": "phone",
                "arrivals": {
                    "rate": "30 per h",
                    "busyness": {"day": {"cv": "12%"}, "interval": {"cv": "5%"}},
                },
                "handle_time": {"lognormal": {"mean": "4 min", "cv": 0.8}},
                "patience": {"weibull": {"mean": "3 min", "shape": 1.4}, "balk": "4%"},
            },
            "waves": {
                "queue": "phone",
                "arrivals": {"sinusoid": {"mean": "9 per h", "amplitude": "3 per h", "period": "1 day"}},
                "handle_time": {"weibull": {"mean": "4 min", "shape": 0.8}},
            },
            "mixed": {
                "queue": "phone",
                "arrivals": {"rate": "3 per h"},
                "handle_time": {"hyperexponential": {"mean": "4 min", "cv": 2}},
                "patience": {"gamma": {"mean": "3 min", "cv": 1.4}},
            },
        },
        "queues": {
            "phone": {
                "patience": {"empirical": {"0%": "5 s", "100%": "5 min"}, "balk": "90%"},
                "retry": {"share": "40%", "after": {"exponential": "15 min"}},
            }
        },
        "groups": {"team": {"skills": ["phone"], "agents": 3}},
        "uncertainty": uncertainty,
    }


def read(**uncertainty: str) -> Scenario:
    return scenarios.from_dict(everything(**uncertainty))


def sections(scenario: Scenario) -> dict[str, Any]:
    return {"streams": scenario.streams, "queues": scenario.queues}


ALL: Final = tuple(paths(sections(read())))


def test_every_form_is_among_the_paths_of_a_scenario_that_has_all() -> None:
    found = {re.sub(r"^(streams|queues)\.\w+\.", r"\1.NAME.", path) for path in ALL}
    assert found == set(forms()) - {"queues.NAME.patience.cv", "queues.NAME.patience.shape"}
    assert len(ALL) == len(set(ALL)) == 19


def test_the_page_has_a_row_for_every_form() -> None:
    section = PAGE.read_text(encoding="utf-8").split("\n## Uncertain numbers\n", 1)[1].split("\n## ", 1)[0]
    rows = dict(re.findall(r"^\| `([^`]+)` \| ([^|]+) \|$", section, re.MULTILINE))
    assert rows == forms()


def test_all_of_them_together_are_read_and_lead_to_their_numbers() -> None:
    found = numbers(read(**dict.fromkeys(ALL, "2%")))
    assert set(found) == set(ALL)
    values = {path: each.value for path, each in found.items()}
    assert values["streams.calls.arrivals.busyness.day.cv"] == 0.12
    assert values["streams.calls.handle_time"] == 240.0
    assert values["streams.waves.handle_time.shape"] == 0.8
    assert values["queues.phone.patience.balk"] == 0.9
    assert values["queues.phone.retry.share"] == 0.4
    assert says_of("streams.calls.patience.balk") == "the share that will not wait at all"
    assert says_of(COMMON) == forms()[COMMON]


@pytest.mark.parametrize("path", ALL)
def test_a_factor_changes_one_number_and_nothing_else(path: str) -> None:
    scenario = read(**{path: "2%"})
    changed = with_factors(scenario, {path: 1.05})
    before, after = (numbers(each)[path].value for each in (scenario, changed))
    if path == COMMON:
        levels = [f"streams.{name}.arrivals" for name in scenario.streams]
        assert changed == with_factors(scenario, dict.fromkeys(levels, 1.05))
        return
    assert after == pytest.approx(before * 1.05)
    back = with_factors(changed, {path: before / after})
    for other in ALL:
        one, two, three = (
            numbers(each.model_copy(update={"uncertainty": {other: 0.1}}))[other].value
            for each in (scenario, changed, back)
        )
        assert one == pytest.approx(three)
        assert other == path or one == two
    section, name, _ = path.split(".", 2)
    for kind, parts in sections(scenario).items():
        kept = {each for each in parts if (kind, each) != (section, name)}
        assert all(sections(changed)[kind][each] == parts[each] for each in kept)


def test_the_common_level_and_a_streams_own_multiply() -> None:
    scenario = read()
    both = with_factors(scenario, {COMMON: 1.1, "streams.calls.arrivals": 1.2})
    steps = zip(both.streams["calls"].arrivals.steps, scenario.streams["calls"].arrivals.steps, strict=True)
    assert all(new.value == pytest.approx(old.value * 1.32) for new, old in steps)
    sine = both.streams["waves"].arrivals.sinusoid
    assert sine is not None
    assert (sine.mean_per_hour, sine.amplitude_per_hour) == pytest.approx((9.9, 3.3))


def test_a_gamma_keeps_its_two_parameters_together() -> None:
    changed = with_factors(read(), {"streams.mixed.patience.cv": 1.5})
    patience = changed.streams["mixed"].patience
    assert patience is not None
    assert patience.cv == pytest.approx(2.1)
    assert patience.shape == pytest.approx(2.1**-2)


def test_a_mixture_is_scaled_phase_by_phase() -> None:
    old, new = read(), with_factors(read(), {"streams.mixed.handle_time": 1.5})
    one, two = (each.streams["mixed"].handle_time for each in (old, new))
    assert two.mean_s == pytest.approx(one.mean_s * 1.5)
    assert [p.mean_s for p in two.phases] == pytest.approx([p.mean_s * 1.5 for p in one.phases])
    assert [p.share for p in two.phases] == [p.share for p in one.phases]


def test_shares_never_leave_0_to_1() -> None:
    changed = with_factors(read(), {"queues.phone.retry.share": 9.0, "queues.phone.patience.balk": 9.0})
    queue = changed.queues["phone"]
    assert queue.patience is not None
    assert queue.retry is not None
    assert (queue.patience.balk, queue.retry.share) == (1.0, 1.0)


@pytest.mark.parametrize(
    ("path", "error", "words"),
    [
        ("streams.cals.arrivals", "3%", "there is no stream 'cals'; did you mean 'calls'?"),
        ("queues.fone.patience", "3%", "there is no queue 'fone'; did you mean 'phone'?"),
        ("streams.calls.arrival", "3%", "did you mean 'streams.calls.arrivals'?"),
        ("groups.team.agents", "3%", "is no path of a number that may be uncertain"),
        ("streams", "3%", "is no path of a number that may be uncertain"),
        ("streams.waves.arrivals.busyness.day.cv", "3%", "is 0: there is nothing to be uncertain about"),
        ("streams.waves.handle_time.cv", "3%", _NOT),
        ("streams.mixed.handle_time.cv", "3%", _NOT),
        ("streams.calls.handle_time.shape", "3%", _NOT),
        (
            "streams.waves.patience",
            "3%",
            "perhaps it is that of the queue; allowed here: queues.phone.patience",
        ),
        ("streams.waves.patience.cv", "3%", "is not given here"),
        ("streams.mixed.patience.balk", "3%", "is 0: there is nothing to be uncertain about"),
        ("arrivals", "3", "is outside 0% to 100%"),
        ("arrivals", "101%", "is outside 0% to 100%"),
        ("arrivals", "some", "is not a share"),
        ("queues.phone.patience.balk", "34%", "write less than 0.333"),
    ],
)
def test_what_is_wrong_is_told_at_its_path(path: str, error: str, words: str) -> None:
    with pytest.raises(scenarios.ScenarioError) as raised:
        read(**{path: error})
    (problem,) = raised.value.problems
    assert problem.path == f"uncertainty.{path}"
    assert words in problem.message


def test_what_is_certain_has_no_error() -> None:
    raw = everything(**{"queues.phone.retry.share": "1%"})
    raw["queues"]["phone"]["retry"]["share"] = "100%"
    with pytest.raises(scenarios.ScenarioError, match="what is 100% is certain"):
        scenarios.from_dict(raw)


def test_a_part_that_is_wrong_itself_is_not_told_twice() -> None:
    raw = everything(**{"streams.calls.arrivals": "3%", "queues.phone.patience": "3%"})
    raw["streams"]["calls"]["handle_time"] = "long"
    raw["queues"]["phone"]["channel"] = "fax"
    with pytest.raises(scenarios.ScenarioError) as raised:
        scenarios.from_dict(raw)
    assert {each.path for each in raised.value.problems} == {
        "streams.calls.handle_time",
        "queues.phone.channel",
    }


@pytest.mark.parametrize("section", [None, {}])
def test_on_needs_something_that_is_uncertain(section: object) -> None:
    raw = everything() | {"uncertainty": section, "run": {"uncertainty": "on"}}
    if section is None:
        del raw["uncertainty"]
    with pytest.raises(scenarios.ScenarioError) as raised:
        scenarios.from_dict(raw)
    (problem,) = raised.value.problems
    assert problem.path == "run.uncertainty"
    assert "say how sure your numbers are" in problem.message


def test_off_is_the_default_and_says_nothing() -> None:
    scenario = read(arrivals="5%")
    assert not scenario.run.uncertainty
    assert drawn_errors(scenario) == {}
    on = scenarios.from_dict({**everything(arrivals="5%"), "run": {"uncertainty": "on"}})
    assert drawn_errors(on) == {"arrivals": 0.05}


def test_what_is_written_reads_back() -> None:
    on = scenarios.from_dict({**everything(**dict.fromkeys(ALL, "1.7%")), "run": {"uncertainty": True}})
    assert scenarios.loads(scenarios.resolved(on)) == on
    assert "uncertainty" not in scenarios.resolved(read())


def test_paths_below_the_section_are_keys_of_it() -> None:
    place = ("uncertainty", "streams.calls.arrivals.busyness.day.cv")
    assert place_of("uncertainty.streams.calls.arrivals.busyness.day.cv") == place
    assert place_of("uncertainty") == ("uncertainty",)


def test_settings_and_overrides_reach_it() -> None:
    raw = everything(**{"streams.calls.arrivals": "3%"})
    raw["overrides"] = {
        "vague": {"uncertainty.streams.calls.arrivals": {"multiply": 2}, "uncertainty.arrivals": "4%"},
        "bolder": {"uncertainty": {"streams.calls.patience": "9%"}},
    }
    (setting,) = settings_of("run.uncertainty=on")
    found = scenarios.from_dict(raw, overrides=["vague", "bolder"], settings=[setting])
    assert drawn_errors(found) == {
        "streams.calls.arrivals": 0.06,
        "arrivals": 0.04,
        "streams.calls.patience": 0.09,
    }


def test_every_error_has_an_origin(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_text(scenarios.resolved(read(**{"streams.calls.arrivals": "3%"})), encoding="utf-8")
    (setting,) = settings_of("uncertainty.arrivals=4%")
    loaded = scenarios.open_scenario(path, [], [setting])
    assert loaded.scenario is not None
    told = {each.text: each.origin for each in explained(loaded.scenario, loaded.layers, ("uncertainty",))}
    assert told["arrivals: 4%"] == "--set uncertainty.arrivals=4%"
    assert told["streams.calls.arrivals: 3%"].startswith("line ")


def test_differences_are_told_path_by_path() -> None:
    one, two = read(arrivals="5%"), read(**{"arrivals": "4%", "streams.calls.handle_time": "1.2%"})
    on = scenarios.from_dict({**everything(arrivals="5%"), "run": {"uncertainty": "on"}})
    assert difference(one, two) == [
        "uncertainty.arrivals: 5% → 4%",
        "uncertainty.streams.calls.handle_time: none → 1.2%",
    ]
    assert difference(read(), one) == ["uncertainty.arrivals: none → 5%"]
    assert difference(one, on) == ["run.uncertainty: false → true"]
