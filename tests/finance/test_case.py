"""A business case by month, against the same sum written out month by month with fractions."""

import math
from collections.abc import Mapping
from datetime import date
from fractions import Fraction

import numpy as np
import pytest

from reports.finance.case import (
    EXPECTED,
    HIRES,
    PEOPLE,
    CaseModel,
    changed_name,
    flows,
    full_effect,
    in_force,
    moment,
    saved_name,
    spent_name,
    whole,
)
from sim.headcount.surface import at, value_at, values_at
from tests.finance.cases import model
from tests.seeds import seeds


def by_hand(case: CaseModel, given: Mapping[str, float]) -> dict[str, list[float]]:
    """The case once more: each month by itself, no arrays."""
    x = EXPECTED | dict(given)
    begins = case.begins + x["delay_months"]
    found = {PEOPLE: list[float](), HIRES: list[float]()}
    before = {each.name: 0.0 for each in case.people}
    (desks,) = case.by_person
    for m in range(case.months):
        force = _mean_force(case, begins, m)
        pay = hires = gone_all = 0.0
        gone_of = dict[str, float]()
        years, risen = case.years[m], 1.025 ** case.years[m]
        for each in case.people:
            gone = _gone(case, each.name, x, m, begins) if case.holds == "service" else 0
            gone_of[each.name] = gone
            gone_all += gone if each.name in desks.groups else 0
            month = each.hourly * (1 + each.on_costs + each.overtime) * each.contract_h * 365 / 7 / 12
            pay += gone * month * x["pay"] * risen
            unreplaced = max(gone - each.flex, 0) if gone > 0 else gone
            joining = each.hire + each.taught_h * each.hourly * (1 + each.on_costs) * x["pay"]
            hires += (unreplaced - before[each.name]) * joining * risen
            before[each.name] = unreplaced
        found[PEOPLE].append(pay)
        found[HIRES].append(hires)
        employed = sum(each.employed for each in case.people if each.name in desks.groups)
        steps = math.ceil(employed / desks.each) - math.ceil((employed - gone_all) / desks.each)
        found.setdefault(saved_name("desks"), []).append(steps * desks.monthly * 1.02**years)
        for line in case.varying:
            if case.holds == "heads" or not line.is_service:
                amount = line.saved[:, m].mean() * line.price * x["effect"] * x["volume"] * force
                amount *= x["handle_time"] if line.unit == "minute" else 1.0
                amount = 0.0 if line.notice and m < begins + line.notice else amount
                amount = 0.0 if any(gone_of[name] > 0 for name in line.falls_to) else amount
                rise = 0.025 if line.escalates is None else line.escalates
                found.setdefault(saved_name(line.name), []).append(amount * (1 + rise) ** years)
        runs = min(max(m + 1 - begins, 0.0), 1.0)
        for other in case.differing:
            part = (other.heads if case.holds == "heads" else other.service)[:, m].mean()
            found.setdefault(changed_name(other.name), []).append(part * runs * risen)
        for cost in case.spent:
            once = cost.on is not None and math.floor(moment(case.start, cost.on)) == m
            amount = x["once"] * once if cost.on is not None else x["running"] * runs * risen
            found.setdefault(spent_name(cost), []).append(-cost.amount * amount)
    return found


def _mean_force(case: CaseModel, begins: float, m: int) -> float:
    """How much is in force in a month: the mean over many moments of it."""
    moments = m + (np.arange(20_000) + 0.5) / 20_000 - begins
    ramp = case.ramp
    return float(np.mean(np.clip(moments / ramp, 0, 1) if ramp else moments >= 0))


def _gone(case: CaseModel, name: str, x: Mapping[str, float], m: int, begins: float) -> float:
    """People of a group who are gone on the first of a month: whole ones, or missed in part."""
    since = m - begins
    force = min(max(since / case.ramp, 0.0), 1.0) if case.ramp else float(since >= 0)
    g = case.response.groups.index(name)
    each = case.people[g]
    none, first, mean = (
        value_at(case.response, (x["effect"] * part, x["volume"], x["handle_time"]))[g]
        for part in (0.0, force, _mean_force(case, begins, m))
    )
    freed = (none - max(first, mean)) / (each.contract_h * 365 / 7)
    left = math.floor(each.employed * each.attrition * x["attrition"] * max(since, 0.0) / 12 + 1e-9)
    entire = math.floor(freed + 1e-9) if freed > 0 else float(freed)
    return min(entire, left + (each.flex if since >= 0 else 0))


@pytest.mark.parametrize("seed", seeds(6, 60))
@pytest.mark.parametrize("holds", ["service", "heads"])
def test_the_sum_is_that_of_each_month_by_itself(seed: int, holds: str) -> None:
    case = model(seed, holds=holds)
    rng = np.random.default_rng(seed + 1000)
    given = {
        "effect": float(rng.uniform(0, 1.5)), "volume": float(rng.uniform(0.85, 1.15)),
        "handle_time": float(rng.uniform(0.85, 1.15)), "pay": float(rng.uniform(0.8, 1.2)),
        "attrition": float(rng.uniform(0.5, 1.5)), "once": 1.2, "running": 0.9,
        "delay_months": float(rng.uniform(0, 5)),
    }  # fmt: skip
    found, wanted = flows(case, given), by_hand(case, given)
    assert list(found.lines) == list(wanted)
    for name, months in wanted.items():
        np.testing.assert_allclose(found.lines[name][0], months, rtol=2e-4, atol=0.02, err_msg=name)


def test_many_draws_are_each_as_one() -> None:
    case, rng = model(5), np.random.default_rng(7)
    inputs = {"effect": rng.uniform(0, 1.5, 40), "delay_months": rng.uniform(0, 4, 40)}
    many = flows(case, inputs).net
    for n in range(40):
        one = flows(case, {name: values[n] for name, values in inputs.items()}).net[0]
        np.testing.assert_array_equal(many[n], one)


@pytest.mark.parametrize("seed", seeds(8, 80))
def test_cashable_is_at_most_who_is_freed_and_who_can_leave_and_whole(seed: int) -> None:
    case = model(seed)
    found = flows(case, EXPECTED)
    assert np.all(found.cashed == np.round(found.cashed))
    assert np.all(found.cashed <= np.floor(np.maximum(found.freed, 0) + 1e-9) + (found.freed < 0))
    assert np.all(found.cashed <= found.leavable)
    growing = np.diff(whole(found.freed), axis=2) >= 0
    assert np.all(np.diff(found.cashed, axis=2)[growing] >= 0)  # nobody comes back while people are freed


def test_a_ramp_grows_evenly_and_a_change_of_a_day_starts_on_it() -> None:
    case = model(1)._replace(ramp=3.0)
    force = in_force(case, np.zeros(1))[0]
    begins = case.begins
    assert begins == pytest.approx(2 + 10 / 31)
    assert force[:2].tolist() == [0.0, 0.0]
    assert force.sum() == pytest.approx(case.months - begins - 1.5)
    np.testing.assert_allclose(force[6:], 1.0)


def test_points_at_once_are_as_each_alone() -> None:
    grid, rng = model(3).response, np.random.default_rng(11)
    points = rng.uniform([-0.2, 0.8, 0.8], [1.7, 1.2, 1.2], (200, 3))
    points[:49, 0] = np.repeat(grid.axes.effect, 7)
    points[:49, 1] = np.tile(grid.axes.volume, 7)
    found = values_at(grid, *points.T)
    for n, point in enumerate(points.tolist()):
        np.testing.assert_allclose(found[:, n], value_at(grid, point), rtol=1e-12)
        hours, inside = at(grid, *point)
        assert list(hours.values()) == pytest.approx(found[:, n].tolist())
        assert inside == (0 <= point[0] <= 1.5 and all(0.85 <= x <= 1.15 for x in point[1:]))


def test_nobody_is_gone_before_the_first_of_a_month() -> None:
    """In force from the middle of a month: who is not needed any more is paid until its end."""
    case = model(1, holds="service")._replace(ramp=0.0, begins_on=date(2026, 4, 16), inflation=0.0)
    small = tuple(each._replace(flex=50, contract_h=each.contract_h / 4) for each in case.people)
    case = case._replace(people=small)
    freed = flows(case, {}).freed[0].sum(axis=0)
    assert freed[:4].tolist() == [0.0] * 4
    assert freed[4] == pytest.approx(full_effect(case, {}).sum())
    paid = flows(case, {}).lines[PEOPLE][0]
    assert (paid[3], paid[4] > 0.0) == (0.0, True)
    on_the_first = case._replace(begins_on=date(2026, 4, 1))
    assert flows(on_the_first, {}).lines[PEOPLE][0][3] == paid[4]


def test_people_who_are_missed_from_the_middle_of_a_month_are_paid_from_then_on() -> None:
    case = model(1)._replace(ramp=0.0, begins_on=date(2026, 4, 16), inflation=0.0)
    first, *others = case.response.mains
    case = case._replace(response=case.response._replace(mains=(-first, *others), pairs={}))
    freed, paid = flows(case, {}).freed[0].sum(axis=0), flows(case, {}).lines[PEOPLE][0]
    assert (freed[2], paid[2]) == (0.0, 0.0)
    assert freed[4] < freed[3] < 0.0
    assert paid[4] < paid[3] < 0.0


def test_what_a_vendor_bills_is_not_saved_once_his_colleagues_are_gone() -> None:
    """A saving of their own work and of his, by the same contacts, would be counted twice."""
    case = model(1)._replace(ramp=0.0)
    small = tuple(each._replace(flex=50, contract_h=each.contract_h / 4) for each in case.people)
    for groups, saves in (((), True), (tuple(each.name for each in small), False)):
        lines = tuple(each._replace(falls_to=groups, notice=0) for each in case.varying)
        found = flows(case._replace(people=small, varying=lines), {})
        assert found.cashed[0, :, -1].sum() > 0
        assert bool(found.lines[saved_name("vendor: partner")][0, -1] > 0.0) is saves


def test_halves_of_people_are_exact() -> None:
    """1/3 of a person three times is one; who is missed is not cut."""
    third = float(Fraction(1, 3))
    assert whole(np.array([third * 3, 0.1 * 3 / 0.3, -third * 3, 0.999, -0.999])).tolist() == [
        *(1, 1, -1, 0, -0.999)
    ]
