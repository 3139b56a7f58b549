"""A scenario with every key of costs and of a business case, without a problem."""

from typing import Final

from tests.scenarios.plan_text import PLAN

_SECTIONS: Final = """\
costs:
  currency: USD
  exchange: {EUR: 1.08, GBP: 1.25}
  price_year: 2025
  inflation: 2.5%
  fiscal_year_starts: apr
  people:
    all:
      contract: 38 h/week
      on_costs: 22%
      overtime: {share: 4%, premium: 50%}
      attrition: 30%
      hire: 4000 EUR per hire
      training: 160 h
      ramp: 120 h
      ledger: [6000, 6010]
    veterans: {attrition: 0%, ledger: []}
  lines:
    desk: {kind: tools, price: $80000 per year, escalates: 3%, ledger: 6300}
    seats: {kind: tools, price: $95 per 10 seats per month, only: {group: team}}
    licence: {price: "1,200 GBP per FTE per quarter"}
    job_ads: {kind: hiring, price: $900 per hire}
    voice: {kind: telephony, price: $0.02 per minute, only: {channel: [phone, chat]}}
    bot: {kind: platform, price: $0.10 / contact, only: {queue: phone}}
    search: {kind: self_service, price: $0.05 per deflected contact, only: {stream: calls}}
    tries: {kind: self_service, price: $10 per 1000 attempts}
    lost: {price: $3 per abandoned contact}
    cases: {price: $1 per case, only: {root_cause: billing}}
    solved: {price: $0.5 per solved case, only: {tier: vip}}
    late_answer: {kind: credits, price: $20 per late first response}
    late: {kind: credits, price: $50 per late resolution, only: {severity: [S1, S2]}}
    silence: {kind: credits, price: $5 per late update, only: {severity: S1}}
    rent: {kind: facilities, price: $6000 per month, only: {tier: small}}
  vendors:
    acme:
      group: partner
      price: $5.50 per contact
      minimum: $20000 per month
      penalty: {queue: phone, below: 80%, credit: 5%}
      notice: 3 months
      ledger: 6500
  none_of: [training]
  ledger:
    - {account: 6000, month: 2026-01, amount: 31250.1}
    - {account: 6300, month: 2026-02, amount: -250, currency: EUR, line: 7}
business_case:
  period: 2 years
  discount_rate: 8%
  from: 2026-04-06
  ramp: 3 months
  holds: heads
  once: {build: {amount: "40,000 EUR", on: 2026-03-16}, teach: {amount: $500}}
  running: {maintenance: {price: $1500 per month}}
  contract_flex: {team: 2}
  planned_hires: {team: 1, veterans: 0}
  ranges:
    effect: {low: 50%, expected: 100%, high: 1.2}
    volume: {low: 110%, expected: 100%, high: 90%}
    handle_time: {low: 90%, expected: 100%, high: 110%}
    pay: {low: 95%, expected: 100%, high: 105%}
    attrition: {low: 0%, expected: 100%, high: 150%}
    once: {low: 150%, expected: 100%, high: 90%}
    running: {low: 120%, expected: 100%, high: 100%}
    delay_months: {low: 3, expected: 0.5, high: 0}
  churn: {per_point: 0.1%, expands: 0.05%}
  claim:
    contacts: 120000
    counts: offered
    deflects: 20%
    cost_per_contact: $6.00
    reinvested: $40,000
    from: 2026-05-01
    about: {share: 30%, bounces: 25%, handle_time: 160%, marginal_cost: $5.00}
"""

MONEY: Final = (
    PLAN.replace("  phone:\n", "  phone:\n    target: 80% in 20 s\n    service_level: offered\n", 1)
    .replace(
        "  veterans:\n",
        "  partner: {skills: [phone], agents: 1}\n  veterans:\n",
        1,
    )
    .replace("    - cost per contact <= $6 by day 90\n", "", 1)  # of people alone, and there is a vendor
    .replace("    pay: $30/h\n", "    pay: $46,800 per year for 38 h/week\n", 1)
    + _SECTIONS
)
