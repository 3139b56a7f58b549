"""A valid scenario to spoil, and a way to see what a check says about a text."""

from collections.abc import Callable
from pathlib import Path

import pytest

from scenarios import Problem, check
from tests.scenarios.life_text import LIFE
from tests.scenarios.money_text import MONEY
from tests.scenarios.plan_text import PLAN

VALID = """\
careloop: 1
name: A team
service_level: offered
calendar:
  start: 2026-03-02
  days: 7
  time_zone: Europe/Amsterdam
  interval: 30 min
  hours:
    desk: {mon-fri: "08:00-20:00", sat: "09:00-17:00"}
streams:
  calls:
    queue: phone
    arrivals:
      rate: 12 per 30 min
      hours: desk
      busyness: {day: {cv: 12%, correlation: 100%}, interval: {cv: 5%}}
    handle_time: {lognormal: {mean: 6 min, cv: 0.9}}
  mails:
    queue: mail
    arrivals:
      by_interval: {from: "08:00", step: 60 min, per: hour, mon-fri: [10, 15, 12], sat: [3]}
      volume: 300 per week
    handle_time: {gamma: {mean: 7 min, cv: 1}}
    backlog: 20
queues:
  phone:
    hours: desk
    target: 80% in 20 s
    priority: high
    capacity: 50
    patience: {exponential: 4 min, balk: 2%}
    retry: {share: 40%, after: {exponential: 15 min}, attempts: 5}
    overflow: {to: backup, after: 60 s}
  backup:
    hours: desk
  mail:
    channel: email
    hours: desk
    at_closing: hold
    interruptible: true
groups:
  generalists:
    skills: [phone, [mail, backup]]
    agents: {mon-fri: {"08:00-12:00": 6, "12:00-20:00": 5}, sat: {"09:00-17:00": 4}}
    pay: $24/h
    shrinkage: 30%
  chatters:
    skills: [mail]
    agents: 2
    hours: desk
    concurrency: {chats: 3, slowdown: [1.0, 1.15, 1.4]}
    pay: 22.50 USD/h
  nights:
    skills: [mail]
    shifts:
      - {agents: 1, days: "mon, wed-fri", hours: "22:00-06:00"}
run: {replications: 30, seed: 1, warm_up: 1 day, half_width: 0.5 points}
"""


@pytest.fixture
def valid() -> str:
    """A scenario text without a problem."""
    return VALID


@pytest.fixture
def life() -> str:
    """A scenario text with every key of the life of a case."""
    return LIFE


@pytest.fixture
def plan() -> str:
    """A scenario text with every key of how a team learns and plans."""
    return PLAN


@pytest.fixture
def money() -> str:
    """A scenario text with every key of costs and of a business case."""
    return MONEY


@pytest.fixture
def problems(tmp_path: Path) -> Callable[[str], list[Problem]]:
    """Return a function that checks a text as a file named s.yaml."""

    def look(text: str) -> list[Problem]:
        path = tmp_path / "s.yaml"
        path.write_text(text, encoding="utf-8")
        return [problem._replace(file="s.yaml") for problem in check(path)]

    return look
