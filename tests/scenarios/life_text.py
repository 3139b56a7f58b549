"""A scenario in which every key of the life of a case is used at least once, without a problem."""

from typing import Final

LIFE: Final = """\
careloop: 1
name: The life of a case
calendar:
  start: 2026-03-02
  days: 14
  time_zone: Europe/Amsterdam
  hours: {desk: {mon-fri: "08:00-18:00"}}
severities:
  S1:
    clock: always
    first_response: 95% in 15 min
    resolution: 4 h
    update: {every: 1 h, queue: updates, handle_time: {exponential: 4 min}}
  S2: {clock: desk, first_response: 4 business hours, resolution: 1 business day}
  S3: {clock: desk, first_response: same day, resolution: 90% in 3 business days}
causes:
  billing: {avoidable: yes, handle_time: 110%, severities: {S1: 1%, S2: 9%, S3: 90%}, path: standard}
  how_to: {path: short}
  outage: {severities: {S1: 100%}}
tiers:
  small: {accounts: 5000, arr: 600 USD}
  vip:
    accounts: 200
    arr: $60,000
    vip: yes
flags: {pci: compliance, pii: compliance, fraud: fraud}
tagging:
  accuracy: 85%
  untagged: 10%
  collisions: 2%
  triage: {queue: triage, handle_time: {exponential: 1 min}}
  misrouted: {exponential: 2 min}
routing:
  - {severity: S1, to: critical}
  - {flags: fraud, to: risk}
  - {tier: vip, channel: [phone, chat], to: vip}
  - {cause: billing, stream: calls, to: billing}
  - {vip: no, cause: [how_to], to: phone}
paths:
  standard:
    first: {then: {solved: 75%, tier2: 15%, reply: 10%}}
    tier2:
      queue: tier2
      handle_time: {exponential: 20 min}
      handover: {warm: 3 min}
      conference: 2 min
      then: {solved: 90%, engineering: 10%}
    reply: {after: {exponential: 1 day}, handle_time: {exponential: 5 min}, then: {solved: 100%}, patient: no}
    engineering: {queue: on_call, due: 4 h, then: solved}
  short: {first: {}}
closing:
  confirms: {share: 60%, after: {exponential: 1 day}}
  closes_after: 5 days
  reopens: {share: 5%, after: {exponential: 2 days}}
  repeats: {share: 8%, after: {exponential: 3 days}, streams: {calls: 70%, chats: 30%}}
side_work:
  duty_manager:
    queue: duty
    handle_time: {exponential: 5 min}
    on: opened
    when: {arr: $50000, flags: [pci, pii]}
    due: 10 min
  summary:
    queue: updates
    handle_time: {exponential: 1 h}
    on: incident
    once: incident
    due: 90% in 5 business days
    clock: desk
  qa:
    queue: updates
    handle_time: {exponential: 8 min}
    on: solved
    share: 3%
    after: {exponential: 1 day}
    severities: [S1, S2]
    causes: billing
    tiers: vip
incidents:
  checkout_down:
    cause: outage
    severity: S1
    starts: {every: 30 days}
    lasts: {lognormal: {mean: 4 h, cv: 0.8}}
    surge: {calls: 60 per h, chats: 40 per h}
    detection: {contacts: 10, within: 30 min, delay: 5 min}
    mitigation: {lognormal: {mean: 1 h, cv: 0.5}}
    fades: 30 min
    status_page: {after: 15 min, cuts: 60%}
  planned:
    cause: outage
    starts: {at: [2026-03-03 10:15, "2026-03-05 08:00:30"]}
    lasts: {deterministic: 1 h}
    surge: {calls: 6 per h}
    detection: {contacts: 10, within: 30 min}
    mitigation: {deterministic: 1 h}
outcomes:
  response: 20%
  csat: {base: 90%, per_contact: -10 points}
  nps: {promoters: 60%, detractors: 12%}
streams:
  calls:
    queue: phone
    arrivals: {rate: 12 per 30 min, hours: desk}
    handle_time: {exponential: 5 min}
    causes: {billing: 30%, how_to: 70%}
    severities: {S1: 1%, S2: 9%, S3: 90%}
    tiers: {small: 90%, vip: 10%}
    flags: {fraud: 0.5%}
    path: standard
    self_service:
      deflects: 20%
      bounces: {share: 25%, after: {exponential: 1 h}, handle_time: 120%}
      ease: 60%
      views: 4
  chats:
    queue: chat
    arrivals: {rate: 6 per 30 min, hours: desk}
    handle_time: {exponential: 5 min}
    severities: {S3: 100%}
    flags: {pci: 0.1%, pii: 0.2%}
    tiers: {small: 100%}
    self_service: {deflects: [{from: 2026-03-01, share: 20%}, {from: 2026-03-09, share: 25%}]}
queues:
  phone:
    patience: {exponential: 5 min}
    lines: 40
    announces: {balk: {1 min: 5%, 5 min: 40%}, diverts: {over: 5 min, share: 20%, to: chats}}
    call_back: {over: 2 min, accepts: 60%, answers: 90%, attempt: {deterministic: 30 s}}
    retry: {share: 40%, after: {exponential: 15 min}, switch: {chats: 30%}}
    overflow: {to: tier2, after: 2 min, leaves_message: yes}
    weight: 2
    gains: 1 per 10 min
  chat:
    channel: chat
    patience: {exponential: 5 min}
    silent: {share: 30%, handle_time: {deterministic: 1 min}}
  critical: {}
  risk: {}
  vip: {}
  billing: {}
  updates: {channel: other}
  triage: {channel: other}
  tier2: {channel: other}
  duty: {channel: other}
  on_call: {channel: other}
groups:
  team:
    skills: [phone, chat, critical, risk, vip, billing, updates, triage, tier2, duty]
    agents: 20
    takes: weighted_wait
    idle: random
    handle_times: {phone: 110%}
    ramp: {hires: {2026-03-04: 2}, weeks: [{week: 1, speed: 60%, reopens: 150%}, {week: 9}]}
    hurry: {from_waiting: 10, speeds_up: 10%, reopens: 20%}
    pay: $20/h
  veterans:
    skills: [phone]
    agents: 1
    takes: ageing
  engineers:
    skills: [on_call]
    agents: 2
    on_call: {answers: {lognormal: {mean: 5 min, cv: 0.5}}, standby_pay: $8/h}
"""
