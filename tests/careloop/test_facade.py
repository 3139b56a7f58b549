"""`import careloop`: what it offers, how little it costs, and that it does what the command line does."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import careloop
from reports.run_folder import FolderError

HEAVY = ("scipy.stats", "ibis", "duckdb")
ROOT = Path(__file__).parents[2]


def modules_after(code: str) -> set[str]:
    """The modules that are loaded after some code has run in a new interpreter."""
    report = "; import sys; print('\\n'.join(sys.modules), file=sys.stderr)"
    command = [sys.executable, "-c", code + report]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=True)
    return set(ended.stderr.splitlines())


def test_all_is_a_literal_list_of_what_is_there() -> None:
    tree = ast.parse(Path(careloop.__file__).read_text(encoding="utf-8"))
    found = [
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"
    ]
    assert found == [careloop.__all__]
    assert sorted(careloop.__all__) == [
        "Comparison", "PlanResult", "Problem", "Result", "Scenario", "ScenarioError", "Staffing", "Study",
        "__version__", "check", "compare", "erlang", "export_contacts", "finance", "load", "plan", "simulate",
        "staff", "why",
    ]  # fmt: skip
    assert all(getattr(careloop, name) is not None for name in careloop.__all__)
    with pytest.raises(AttributeError, match="no attribute 'simulat'"):
        _ = careloop.simulat  # type: ignore[attr-defined]


def test_importing_loads_nothing_heavy() -> None:
    loaded = modules_after("import careloop")
    ours = {name.partition(".")[0] for name in loaded}
    assert not ours & {
        "numpy",
        "pandas",
        "numba",
        "scipy",
        "pyarrow",
        "pydantic",
        "rich",
        "typer",
        "jinja2",
        "simpy",
    }


def test_a_whole_run_never_loads_what_costs_a_second(day: Path, tmp_path: Path) -> None:
    arguments = ["run", str(day), "--out", str(tmp_path / "run"), "--csv", "--contacts"]
    loaded = modules_after(f"from careloop.cli import run_command; assert run_command({arguments!r}) == 0")
    assert "reports.page" in loaded
    assert not loaded & {*HEAVY, "resvg_py", "ttf_opensans", "sim.reference"}


def test_simulate_takes_a_path_or_a_scenario(day: Path, tmp_path: Path) -> None:
    by_path = careloop.simulate(day, out=tmp_path / "a")
    scenario = careloop.load(day)
    by_scenario = careloop.simulate(scenario, workers=1, out=str(tmp_path / "b"))
    assert by_path.replications == 3
    assert by_path.measures.equals(by_scenario.measures)
    for name in ("report.html", "scenario.yaml", "measures.parquet", "intervals.parquet"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_pictures_need_a_folder(day: Path, tmp_path: Path, small_pictures: None) -> None:
    with pytest.raises(ValueError, match="png: the pictures are written to a folder"):
        careloop.simulate(day, png=True)
    careloop.simulate(day, out=tmp_path / "run", png=True, replications=1)
    assert (tmp_path / "run" / "charts" / "queue-phone-load-by-interval.png").is_file()


def test_simulate_replaces_replications_and_seed(day: Path) -> None:
    result = careloop.simulate(day, replications=2, seed=5, contacts=True)
    assert (result.replications, result.seed) == (2, 5)
    assert (result.scenario.run.replications, result.scenario.run.seed) == (2, 5)
    assert result.contacts is not None
    assert careloop.simulate(day, replications=2, seed=5).contacts is None


def test_hooks_replace_rules_on_the_reference_engine(day: Path) -> None:
    asked: list[int] = []

    def nobody(tables: object, state: object, contact: int, queue: int) -> int:
        asked.append(contact)
        return -1

    result = careloop.simulate(day, engine="reference", hooks={"choose_agent": nobody}, replications=1)
    assert asked
    assert result.replications == 1
    with pytest.raises(ValueError, match="reference"):
        careloop.simulate(day, hooks={"choose_agent": nobody})


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"replications": 0}, "replications: 0 is not allowed"),
        ({"replications": True}, "replications: True is not a whole number"),
        ({"replications": 1.5}, "replications: 1.5 is not a whole number"),
        ({"seed": -1}, "seed: -1 is not allowed"),
        ({"workers": 0}, "workers: 0 is not allowed"),
        ({"engine": "exact"}, "engine: 'exact' is not known"),
    ],
)
def test_wrong_arguments_say_what_is_allowed(day: Path, wrong: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        careloop.simulate(day, **wrong)  # type: ignore[arg-type]


def test_wrong_files_and_folders(day: Path, tmp_path: Path) -> None:
    with pytest.raises(careloop.ScenarioError, match="no such file") as caught:
        careloop.simulate(tmp_path / "none.yaml")
    assert [problem.severity for problem in caught.value.problems] == ["error"]
    with pytest.raises(FolderError, match="is a file"):
        careloop.simulate(day, out=day)
    assert careloop.check(day) == []
