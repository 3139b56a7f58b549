"""A scenario to which nobody comes, from the command line."""

from pathlib import Path

import pytest

from careloop.cli import run_command

_SILENT = """\
careloop: 1
name: Silent
service_level: offered
calendar: {start: 2026-03-02, days: 7, interval: 60 min, hours: {desk: {mon-fri: "09:00-11:00"}}}
streams:
  calls: {queue: phone, arrivals: {rate: 0 per hour, hours: desk}, handle_time: {exponential: 4 min}}
queues:
  phone: {hours: desk, target: 80% in 20 s, patience: {exponential: 3 min}}
groups:
  team: {skills: [phone], agents: 3, hours: desk}
run: {replications: 2}
"""


_NEVER_OPEN = _SILENT.replace("start: 2026-03-02, days: 7", "start: 2026-03-07, days: 2")


@pytest.mark.parametrize("text", [_SILENT, _NEVER_OPEN])
def test_it_takes_nobody(text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "silent.yaml"
    file.write_text(text)
    assert run_command(["staff", str(file)]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "The repaired plan costs 0 h paid" in said
    assert "nothing came that could be judged: phone service level" in said
    assert "phone service level ≥ 80 % in 20 s each week 80 % of weeks –" in said
    assert "Nobody is planned" in said
    assert "holds" not in said
