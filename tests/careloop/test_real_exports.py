"""Real centres through the commands: what is known of them comes out, and back-tests keep their word."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from careloop.cli import run_command
from tests.careloop.conftest import Ended
from tests.careloop.test_calibrate import plain
from tests.careloop.test_harmless import harmless

pytestmark = pytest.mark.verify  # minutes, on data that a clone has not

Here = Callable[..., Ended]
DATA: Final = Path(__file__).parents[2].parent / "shared" / "data"
BANK: Final = tuple(DATA / f"anonymous_bank_1999-{month}.tsv.gz" for month in ("01", "02"))
VANAD: Final = DATA / "vanad_2014-01_to_04_calls.csv.gz"
UCI: Final = DATA / "uci_incident_event_log.csv.gz"


def needed(*paths: Path) -> tuple[Path, ...]:
    """The files, if they are here."""
    for path in paths:
        if not path.exists():
            pytest.skip(f"{path.name} is not here: it is not part of this repository")
    return paths


def told(capfd: pytest.CaptureFixture[str], *arguments: object) -> dict[str, Any]:
    """What a back-test says as JSON."""
    capfd.readouterr()
    assert run_command(["backtest", *map(str, arguments), "--json"]) == 0
    return dict(json.loads(capfd.readouterr().out))


def keeps_its_promises(found: dict[str, Any]) -> None:
    """Closer than all three baselines in abandonment and waits, with intervals that hold what they should."""
    forecast = found["modes"][0]
    assert forecast["name"] == "volume as forecast"
    assert 0.80 <= forecast["coverage"] <= 0.97
    assert min(each["coverage"] for each in forecast["scores"] if each["days"]) >= 0.70
    whole = {each["measure"]: each for each in forecast["scores"] if each["stream"] == "all"}
    for measure in ("abandonment", "asa"):
        assert set(whole[measure]["errors_of"]) == {"last week repeated", "Erlang A", "Erlang C"}
        assert whole[measure]["error"] < min(whole[measure]["errors_of"].values()), measure
    assert found["verdict"][0].startswith("Trust it for what-ifs")


def test_the_bank_from_january_to_february(capfd: pytest.CaptureFixture[str]) -> None:
    periods = ("--train", "1999-01", "--test", "1999-02")
    found = told(capfd, *needed(*BANK), "--format", "anonymous-bank", *periods)
    keeps_its_promises(found)
    whole = {each["measure"]: each for each in found["modes"][1]["scores"] if each["stream"] == "all"}
    assert whole["abandonment"]["error"] < 0.03  # with the volume that came


def test_vanad_from_the_first_quarter_to_april(capfd: pytest.CaptureFixture[str]) -> None:
    periods = ("--train", "2014-01..2014-03", "--test", "2014-04")
    keeps_its_promises(told(capfd, *needed(VANAD), "--format", "vanad", *periods))


def test_incidents_become_a_scenario_that_runs(here: Here, tmp_path: Path) -> None:
    """Priorities, reopens and times to resolution are those that a count of the file gives."""
    out, report = tmp_path / "incidents.yaml", tmp_path / "report"
    options = ("--by", "severity", "--time-zone", "UTC", "--period", "2016-03..2016-05")
    ended = here(
        "calibrate", *needed(UCI), "--format", "uci-incidents", *options, "--out", out, "--report", report
    )
    assert ended.code == 0, ended.err
    text = out.read_text(encoding="utf-8")
    comments = " ".join(line.strip(" #") for line in text.splitlines() if line.lstrip().startswith("#"))
    for words in (
        "Severities, as tagged (24,437): 3 - Moderate 94.3%, 4 - Low 3.0%, 2 - High 1.6%, 1 - Critical 1.0%.",
        "Reopened: 1.10% (0.97% to 1.24%, n = 24,437).",
        "Time to resolution, 1 - Critical: mean ",
        "Time to resolution, 2 - High: mean 6.34 days (95 %: 5.23 days to 7.69 days), 90% within 15.9 days",
        "Time to resolution, 3 - Moderate: mean 7.22 days (95 %: 6.95 days to 7.49 days), 90% within",
        "Time to resolution, 4 - Low: mean 9.35 days",
        "ASSUMED: the export has no handle times",
    ):
        assert words in comments, words
    assert set(plain(text)["streams"]) == {"3 - Moderate", "other"}
    page = (report / "report.html").read_text(encoding="utf-8")
    harmless(page)
    for words in (
        "Time to resolution by severity",
        "Severities, as tagged",
        "What becomes of cases",
        "opened again",
    ):
        assert words in page
    run = here("run", out, "--replications", "2", "--json")
    assert run.code == 0, run.err
    assert here("check", out).code == 0


@pytest.mark.parametrize(
    ("paths", "form", "period"),
    [(BANK, "anonymous-bank", "1999-01..1999-02"), ((VANAD,), "vanad", "2014-01..2014-04")],
    ids=["bank", "vanad"],
)
def test_what_is_known_of_calls_comes_out(paths: tuple[Path, ...], form: str, period: str) -> None:
    """The bank's log-sd is near 0.93 from 10 s on; counts are no Poisson counts, and are once explained."""
    from calibration.facts.read import read_facts
    from calibration.fitted import fit
    from calibration.observe.streams import rows_of
    from calibration.observed import Period, observe
    from careloop.periods import read_period

    first, last = read_period(period)
    with read_facts(needed(*paths), form, since=first, until=last) as facts:
        found = fit(observe(facts, period=Period(first, last)), country="NL" if form == "vanad" else None)
        assert sum(each.stream.contacts for each in found.streams) == int(
            rows_of(facts.contacts).table.count().to_pyarrow().as_py()
        )
    largest = found.streams[0]
    assert largest.handle_time is not None
    assert largest.patience is not None
    if form == "anonymous-bank":
        assert largest.handle_time.parameter("log_sd").value == pytest.approx(0.93, abs=0.08)
        assert 1.0 < largest.arrivals.dispersion.days_and_intervals < 1.3 < largest.arrivals.dispersion.before
    else:
        assert largest.handle_time.family != "lognormal"
        assert largest.arrivals.dispersion.before > 8
        assert largest.arrivals.dispersion.days_and_intervals == pytest.approx(1.0, abs=0.25)
