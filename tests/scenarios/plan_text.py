"""A scenario with every key of how a team learns and plans, and every parameter moved, without a problem."""

from typing import Final

from tests.scenarios.life_text import LIFE

_SECTIONS: Final = """\
owners:
  product: {capacity: 40 h/week, prevention: 60%}
  care: {capacity: 20.5 h per week}
  enablement: {capacity: 90 min/week}
remedies:
  clear_invoice:
    cause: billing
    kind: ux_copy
    effort: 40 h
    lead: 14 days
    moves:
      causes.billing.contacts: {low: -10%, expected: -25%, high: -40%}
      streams.calls.handle_time: +2%
    works: 80%
    cost: $4000
    ramp: 7 days
    halves_in: 180 days
  first_steps: {owner: enablement, cause: how_to, kind: onboarding, effort: 6 h, moves: {contacts: -0.5%}}
loop:
  owner: care
  information_delay: 12 h
  daily: {backlog: 400, overdue: 20}
  detection: {cusum: {slack: 0.25, alarm: 4, reference: 3 weeks}}
  weekly_review: {on: tue, by: hours, top: 3, weeks: 6, opens: 1}
  validation: {after: [7 days, 14 days], confidence: 90%, on_failure: stop, attempts: 3}
  monthly_review: {by: refunds, stops_after: 1}
  quarterly: {owner: product, share: 40%, top: 3, by: customer_risk}
  articles:
    owner: enablement
    contacts: 30
    publish: 24 h
    effort: 3 h
    deflection: {low: 0 points, expected: 5 points, high: 12.5 points}
    handle_time: -5%
    ramp: 30 days
    review_every: 60 days
    review_effort: 30 min
    stale: 30%
  bonus: {weight: 20%, prevention: +10 points}
  balanced: {hurry: -50%}
roadmap:
  phases:
    0-30: {from: 2026-03-02, to: 2026-03-31}
    31-60: {from: 2026-04-01, to: 2026-04-30}
  levers:
    rules:
      phase: 0-30
      owner: care
      start: 2026-03-02
      due: 2026-03-16
      lead: 10 days
      hours: 1.5 h/week
      moves: {routing: on, tagging.handle_time: +5 s, loop.tag_audit: 100}
    tags:
      owner: care
      due: 2026-04-06
      cost: 0 USD
      moves:
        tagging.accuracy: +8 points
        tagging.untagged: -50%
        tagging.collisions: -100%
        tagging.triage: {low: 0%, expected: 0%, high: -30%}
        loop.information_delay: -50%
    incidents:
      owner: product
      due: 2026-04-07
      moves:
        incidents.detection_delay: -50%
        incidents.mitigation: -20%
        incidents.starts: -10%
        incidents.status_page: +20 points
    people:
      phase: 31-60
      owner: care
      due: 2026-04-08
      moves:
        {loop.bonus_weight: +10 points, groups.team.agents: +2, groups.team.hurry: -25%,
        groups.team.handle_time: -3%, quality: +4%}
    all_else:
      owner: care
      due: 2026-04-09
      moves:
        handle_time: -1%
        causes.how_to.handle_time: -2%
        streams.chats.contacts: -3%
        deflection: 1 point
        streams.chats.deflection: 2 points
        causes.how_to.deflection: 3 points
        returns: -4%
        streams.calls.returns: -5%
        causes.billing.returns: -6%
        side_work.qa.share: +2 points
        owners.product.capacity: +50%
        owners.product.prevention: -5 points
  targets:
    - S1 first response attainment >= 95% by day 30
    - stream calls abandonment <= 4.5% by day 60
    - cost per contact <= $6 by day 90
    - avoidable share -15% vs baseline by day 90
    - CSAT +3 points vs baseline by day 90
    - NPS +5 points vs baseline by day 90
    - cause billing reopen rate <= 0% vs baseline by day 60
    - FCR at least -1.5 points versus the baseline, by day 60
  window: 2 weeks
  status: {green: 85%, amber: 60%}
"""

PLAN: Final = (
    LIFE.replace("days: 14\n", "days: 90\n")
    .replace("billing: {avoidable: yes,", "billing: {avoidable: 60%, owner: product, refund: $1.50,")
    .replace("how_to: {path: short}", "how_to: {path: short, avoidable: yes}")
    .replace("skills: [on_call]\n", "skills: [on_call]\n    pay: $30/h\n")
    .replace("  veterans:\n    skills: [phone]\n", "  veterans:\n    skills: [phone]\n    pay: $20/h\n")
    + _SECTIONS
)
