"""Comparisons: which figures are paired, over what, and how they are put into words."""

import math

import numpy as np
import pytest
from scipy import stats

from reports.comparison import COLUMNS, INDEPENDENT, PAIRED, Change, Version, compare_versions
from reports.comparison_card import comparison_card, how_sure, input_lines
from reports.difference_wording import narrower_text, say_difference
from scenarios import loads
from tests.reports.comparisons import FIGURES, N, version
from tests.reports.conftest import TEXT

PHONE = ("service_level", "queue", "phone")
SHIFT = {PHONE: 0.063, ("abandoned", "all", "all"): -12.0}


def test_paired_figures_are_subtracted_replication_by_replication() -> None:
    first, second = version("base"), version("more", SHIFT)
    (other,) = compare_versions([first, second]).others
    change = other.changes[PHONE]
    values = [
        each.samples.query("measure == 'service_level' and name == 'phone'")["above"].to_numpy()
        for each in (first, second)
    ]
    expected = stats.ttest_rel(values[1], values[0]).confidence_interval(0.95)
    assert (change.low, change.high) == pytest.approx((expected.low, expected.high))
    assert change.difference == pytest.approx(values[1].mean() - values[0].mean())
    assert change.pairing == PAIRED
    assert change.narrower > 10
    assert change.is_clear


def elsewhere(second: Version) -> list[Version]:
    """The same figures with another seed, of another version of careloop, by the other engine."""
    return [
        second._replace(seed=2),
        second._replace(version="0.0.9"),
        second._replace(engine="reference"),
    ]


@pytest.mark.parametrize(
    ("n", "said"), [(0, "(1 and 2)"), (1, "(0.1.0 and 0.0.9)"), (2, "(fast and reference)")]
)
def test_other_chances_are_not_paired(n: int, said: str) -> None:
    first, second = version("base"), version("more", SHIFT)
    found = compare_versions([first, elsewhere(second)[n]])
    (other,) = found.others
    assert said in other.unpaired
    assert {each.pairing for each in other.changes.values()} == {INDEPENDENT}
    assert all(math.isnan(each.narrower) for each in other.changes.values())
    paired = compare_versions([first, second]).others[0].changes[PHONE]
    assert other.changes[PHONE].se > 5 * paired.se
    assert "Welch" in how_sure(found)
    assert any(line.startswith("Not paired: base and more have not the same") for line in input_lines(found))


def test_pairs_are_the_replications_that_both_have() -> None:
    first, second = version("base"), version("more", SHIFT, n=12)
    (other,) = compare_versions([first, second]).others
    (whole,) = compare_versions([version("base", n=12), second]).others
    assert other.replications == 12
    assert other.changes[PHONE].difference == pytest.approx(whole.changes[PHONE].difference)
    assert other.changes[PHONE].se == pytest.approx(whole.changes[PHONE].se)
    unpaired = compare_versions([first, second._replace(seed=2)]).others[0].changes[PHONE]
    assert (
        unpaired.value_against
        == first.measures.set_index(["measure", "name"])["mean"]["service_level", "phone"]
    )


def test_figures_of_one_version_only_are_told_without_a_difference() -> None:
    few = {key: value for key, value in FIGURES.items() if key != PHONE}
    found = compare_versions([version("base"), version("less", figures=few)])
    change = found.others[0].changes[PHONE]
    assert change.pairing == ""
    assert math.isnan(change.value)
    assert math.isnan(change.difference)
    assert say_difference(change).value == "–"
    back = compare_versions([version("less", figures=few), version("base")]).others[0].changes[PHONE]
    assert math.isnan(back.value_against)
    assert back.unit == "share"
    assert list(found.differences.columns) == list(COLUMNS)
    assert len(found.differences) == len(FIGURES)


def test_a_version_against_itself_is_nothing_at_all() -> None:
    found = compare_versions([version("base"), version("base")._replace(label="again")])
    for change in found.others[0].changes.values():
        assert (change.difference, change.se, change.low, change.high) == (0, 0, 0, 0)
        assert not change.is_clear
        assert str(say_difference(change)).startswith("0 ± 0")
        assert narrower_text(change) == ""
    assert found.verdict == f"again instead of base: exactly the same, 0 ± 0 in all {len(FIGURES)} figures."
    assert found.inputs == {"again": ()}


def change(difference: float, half: float, unit: str) -> Change:
    low, high = difference - half, difference + half
    return Change(PHONE, 1.0, 1.0 - difference, difference, half / 2, low, high, 6.449, PAIRED, unit)


@pytest.mark.parametrize(
    ("difference", "half", "unit", "said"),
    [
        (0.063, 0.004, "share", "+6.3 points ± 0.4 *"),
        (-0.0011, 0.0006, "share", "−0.11 points ± 0.06 *"),
        (0.001, 0.002, "share", "+0.1 points ± 0.2"),
        (-412.3, 20.2, "contacts", "−412 ± 20 *"),
        (-12_345.6, 0.3, "contacts", "−12,345.6 ± 0.3 *"),
        (-0.01108, 0.00021, "contacts", "−0.0111 ± 0.0002 *"),
        (2.0, 0.0, "agents", "+2 ± 0 *"),
        (-3.79, 0.12, "s", "−3.8 s ± 0.1 s *"),
        (-80.0, 3.0, "s", "−1 min 20 s ± 3 s *"),
        (-753.53, 27.88, "USD", "−$754 ± 28 *"),
        (12.5, 0.6, "CHF", "+CHF 12.5 ± 0.6 *"),
        (0.0, 0.0, "contacts", "0 ± 0"),
        (0.0, 0.3, "h", "0 ± 0.3"),
        (1.5, math.nan, "contacts", "+1.50 no interval"),
    ],
)
def test_wording(difference: float, half: float, unit: str, said: str) -> None:
    assert str(say_difference(change(difference, half, unit))) == said


def test_how_many_times_narrower() -> None:
    assert narrower_text(change(1.0, 0.1, "s")) == "6.4×"


def test_the_card_has_versions_as_columns() -> None:
    card = comparison_card(compare_versions([version("base"), version("more", SHIFT)]))
    phone = next(block for block in card.blocks if block.title == "phone")
    assert phone.columns == ("base", "more", "difference", "narrower")
    level = next(row for row in phone.rows if row.label == "Service level")
    before, after, gap, narrower = (str(cell.words) for cell in level.cells)
    assert before.endswith(" %")
    assert after.endswith(" %")
    assert gap.startswith("+6.")
    assert gap.endswith(" *")
    assert narrower.endswith("×")
    assert f"{N} replications of each version, paired" in card.precision
    assert "of 100 figures that do not differ, some 5 would be marked" in card.precision


def test_the_card_of_several_says_whose_each_difference_is() -> None:
    found = compare_versions([version("base"), version("more", SHIFT), version("less", {PHONE: -0.1})])
    card = comparison_card(found)
    assert card.title == "more, less against base"
    assert card.blocks[0].columns == (
        "base", "more", "more − base", "narrower", "less", "less − base", "narrower",
    )  # fmt: skip
    assert len(found.differences) == 2 * len(FIGURES)
    assert set(found.differences["version"]) == {"more", "less"}
    assert set(found.differences["against"]) == {"base"}


def test_inputs_are_told_by_version() -> None:
    changed = loads(TEXT.replace("agents: 5", "agents: 7"))
    found = compare_versions([version("base"), version("more", SHIFT, scenario=changed)])
    assert found.inputs == {"more": ("groups.callers.agents: 5 → 7",)}
    assert input_lines(found) == ["What differs in more:", "  groups.callers.agents: 5 → 7"]


def test_a_queue_that_only_one_version_has() -> None:
    more = TEXT.replace("queues:\n", "queues:\n  letters: {channel: email}\n").replace(
        "[mail]", "[mail, letters]"
    )
    found = compare_versions([version("base"), version("more", SHIFT, scenario=loads(more))])
    assert [block.title for block in comparison_card(found).blocks][:2] == ["phone", "mail"]
    assert np.all(found.differences["name"] != "letters")
