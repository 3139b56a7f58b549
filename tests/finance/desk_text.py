"""A desk that is open for three hours on weekdays: 10 erlangs, 14 people at 80/20; a tenth of a real one."""

from typing import Final

DESK: Final = """\
careloop: 1
name: A desk of fourteen
service_level: answered_plus_abandoned_within
calendar:
  start: 2026-01-05
  days: 28
  time_zone: UTC
  interval: 30 min
  hours: {desk: {mon-fri: "09:00-12:00"}}
streams:
  calls:
    queue: phone
    arrivals: {rate: 120 per h, hours: desk}
    handle_time: {exponential: 300 s}
queues:
  phone: {hours: desk, target: 80% in 20 s}
groups:
  team: {skills: [phone], agents: 14, hours: desk, pay: $20/h}
costs:
  currency: USD
  people:
    team: {contract: 15 h/week, on_costs: 20%, attrition: 0%}
  lines:
    telephony: {kind: telephony, price: $0.01 per minute}
    desks: {kind: facilities, price: $12000 per year}
  none_of: [tools, platform, self_service, training, hiring, vendor, credits]
business_case:
  period: 12 months
  discount_rate: 6%
  contract_flex: {team: 14}
  once: {build: {amount: $10000}}
  running: {licence: {price: $100 per month}}
  ranges:
    effect: {low: 50%, expected: 100%, high: 120%}
    volume: {low: 90%, expected: 100%, high: 110%}
overrides:
  fewer: {streams.calls.arrivals.rate: 96 per h}
run: {replications: 4, seed: 1}
"""
