"""What CI runs is what `make test` runs, also where there is no make."""

import re
from typing import Any

from scenarios.yaml_text import read_text
from tests.docs.snippets import ROOT


def _steps(job: str) -> list[dict[str, Any]]:
    data: Any = read_text((ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")).data
    steps: list[dict[str, Any]] = data["jobs"][job]["steps"]
    return steps


def _recipe(target: str) -> list[str]:
    """The commands of a target of the Makefile, as they are written in an environment of its own."""
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    text = text.replace("$(PIP)", "python -m pip").replace("install --quiet", "install")
    found = re.search(rf"^{re.escape(target)}:.*\n((?:\t.*\n)+)", text, re.MULTILINE)
    assert found is not None, target
    return [re.sub(r'"\$\(BIN\)/([\w-]+)"', r"\1", line.strip()) for line in found[1].splitlines()]


def test_windows_runs_the_commands_of_make_test() -> None:
    steps = [step for step in _steps("test") if step.get("if") == "runner.os == 'Windows'"]
    commands = [line for step in steps for line in step["run"].splitlines()]
    install = [line for line in _recipe(".venv/%.stamp") if line.startswith("python -m pip")]
    assert commands == [line.replace("$<", "requirements/dev.txt") for line in install] + _recipe("test")


def test_other_systems_run_make_test() -> None:
    (step,) = (step for step in _steps("test") if step.get("if") == "runner.os != 'Windows'")
    assert step["run"] == ".ci/run"
    assert "\nmake test PYTHON=" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_every_action_has_a_version() -> None:
    for job in ("test", "wheel"):
        uses = [step["uses"] for step in _steps(job) if "uses" in step]
        assert uses
        assert all(re.fullmatch(r"actions/[\w-]+@v\d+", each) for each in uses)
