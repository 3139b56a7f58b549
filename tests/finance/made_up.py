"""A whole study without a simulation: counts and a grid made up, everything else as it is."""

from functools import cache

import numpy as np

from reports.finance.ledger import against_ledger
from reports.finance.model import case_model
from reports.finance.months import months_of
from reports.finance.quantities import Quantities, keys_of
from reports.finance.results import Priced, Study, priced_of
from reports.finance.study import assembled
from scenarios import Scenario, from_dict
from scenarios.resolved import plain_data
from sim.headcount.surface import USUAL, Errors, Response
from sim.roadmap.follow import plan_by_day
from tests.scenarios.life_text import LIFE

MONEY = {
    "costs": {
        "currency": "USD", "exchange": {"EUR": 1.0837}, "inflation": "2.5%", "price_year": 2026,
        "people": {
            "all": {"contract": "38 h/week", "on_costs": "21.5%", "attrition": "45%"},
            "team": {"hire": "3700.55 USD per hire", "training": "90 h", "ramp": "60 h",
                     "overtime": {"share": "4%", "premium": "50%"}, "ledger": [6000]},
        },
        "lines": {
            "desk": {"kind": "tools", "price": "$80000 per year", "ledger": [6300]},
            "telephony": {"kind": "telephony", "price": "0.117 EUR per minute", "only": {"channel": "phone"},
                          "escalates": "4%"},
            "portal": {"kind": "self_service", "price": "$0.05 per attempt"},
            "late": {"kind": "credits", "price": "$20 per late resolution",
                     "only": {"severity": ["S1", "S2"]}},
            "licences": {"kind": "platform", "price": "$95 per 2 FTE per month"},
        },
        "none_of": ["facilities"],
    },
    "business_case": {
        "period": "24 months", "discount_rate": "8%", "from": "2026-04-13", "ramp": "3 months",
        "once": {"build": {"amount": "$40000", "on": "2026-03-20"}, "content": {"amount": "5000.10 EUR"}},
        "running": {"licence": {"price": "$433.33 per month"}},
        "contract_flex": {"team": 1}, "planned_hires": {"team": 2},
        "ranges": {
            "effect": {"low": "50%", "expected": "100%", "high": "120%"},
            "volume": {"low": "90%", "expected": "100%", "high": "110%"},
            "delay_months": {"low": 4, "expected": 0, "high": 0},
        },
        "claim": {"contacts": 120000, "deflects": "20%", "cost_per_contact": "$6.00", "reinvested": "$40000",
                  "about": {"share": "30%", "bounces": "25%", "handle_time": "60%",
                            "marginal_cost": "$5.00"}},
    },
}  # fmt: skip


@cache
def life() -> Scenario:
    """The scenario in which all of the life of a case is, with money, over a year."""
    from scenarios import loads

    data = plain_data(loads(LIFE))
    return from_dict({**data, "calendar": {**data["calendar"], "days": 365}, **MONEY})


@cache
def keys() -> tuple[tuple[str, str, str], ...]:
    return tuple(keys_of(plan_by_day(life())))


def counted(seed: int, share: float) -> Quantities:
    """Counts of everything, of which a version has a share."""
    months = months_of(life().calendar)
    rng = np.random.default_rng(seed)
    shape = (3, len(keys()), len(months))
    above = rng.integers(2000, 4000, shape).astype(float) * share
    for n, key in enumerate(keys()):
        if key[0] in ("agent_time_per_case", "aht"):
            above[:, n] *= 300.0
    return Quantities(life(), months, keys(), above, above + rng.integers(0, 50, shape))


def priced(label: str, found: Quantities) -> Priced:
    costs = life().costs
    assert costs is not None
    return priced_of(label, found, costs)


def grid(seed: int) -> Response:
    """A grid of the groups of the scenario: the team is what changes."""
    rng, groups = np.random.default_rng(seed), tuple(sorted(life().groups))
    mine = np.array([1.0 if name == "team" else 0.0 for name in groups])
    fall = -np.linspace(-1.0, 0.5, 7)[:, None] * 7400.0 * mine
    rise = np.linspace(-0.15, 0.15, 7)[:, None] * 30000.0 * mine
    pairs = {pair: rng.normal(0.0, 60.0, (7, 7, 1)) * mine for pair in ((0, 1), (0, 2))}
    at = [axis.index(1.0) for axis in USUAL]
    for (i, j), table in pairs.items():
        table[at[i], :] = 0.0
        table[:, at[j]] = 0.0
    none = np.zeros((1, len(groups)))
    errors = Errors(((0.1, 1.0, 1.0),), none + 12.0 * mine, none)
    return Response(
        groups, USUAL, 40000.0 * mine, (fall, rise, rise), pairs, {}, 100.0, errors, none[:0], (), 9, 9, 2
    )


def study(seed: int = 1) -> Study:
    """A study of a change that takes a tenth of everything away."""
    before, after = priced("base", counted(seed, 1.0)), priced("change", counted(seed, 0.9))
    costs, terms = life().costs, life().business_case
    assert costs is not None
    assert terms is not None
    model = case_model(before.found, after.found, costs, terms, grid(seed))
    case = assembled(before, after, terms, model, seed)
    ledger = against_ledger(before.bill, costs.ledger) if costs.ledger else None
    return Study(before, after, case, None, ledger, seed, 3, "test")
