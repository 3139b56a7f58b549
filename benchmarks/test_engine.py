"""`pytest benchmarks`: the parts of a run, one by one, by pytest-benchmark."""

from pytest_benchmark.fixture import BenchmarkFixture

import scenarios
from benchmarks import ours
from benchmarks.growth import BASELINE
from sim import drive
from sim.compile import begin, compile_scenario


def test_engine_and_measures(benchmark: BenchmarkFixture) -> None:
    """Events, logs and tallies of about 100,000 contacts of M/M/100+M."""
    found = benchmark(ours.run, 100_000, 1)
    assert found.contacts > 50_000


def test_engine_alone(benchmark: BenchmarkFixture) -> None:
    """The same without tallies."""
    model = compile_scenario(ours.scenario(4))

    def simulate() -> int:
        return int(
            drive.run(model, begin(model, 1, 0), lambda _contacts, _agents, _cases: None).clock[0]["now"]
        )

    assert benchmark(simulate) > 0


def test_load(benchmark: BenchmarkFixture) -> None:
    """Reading and checking the baseline file."""
    assert benchmark(scenarios.load, BASELINE).streams


def test_compile(benchmark: BenchmarkFixture) -> None:
    """Compiling the baseline into tables."""
    assert benchmark(compile_scenario, scenarios.load(BASELINE)).tables.plan.size > 0
