"""`python -m benchmarks`: peers, draws, growth and the rest; tables on stdout, with --write in the README."""

import argparse
import os
import platform
import sys
from pathlib import Path

from benchmarks import calibration, draws, erlang, finance, formula, growth, harness, plan

README = Path(__file__).with_name("README.md")


def _write(name: str, text: str) -> None:
    """Put `text` between the markers `name` of the README."""
    begin, end = f"<!-- {name}:begin -->\n", f"<!-- {name}:end -->"
    before, rest = README.read_text(encoding="utf-8").split(begin)
    after = rest.split(end)[1]
    README.write_text(f"{before}{begin}{text}\n{end}{after}", encoding="utf-8", newline="\n")


def _machine() -> str:
    """Processor and versions: what a stranger needs to read the absolute times."""
    cpu = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = (line.split(":")[1].strip() for line in info.read_text().splitlines() if "model name" in line)
        cpu = next(names, cpu)
    return f"{cpu}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    names = [entry.name for entry in harness.PEERS]
    parser.add_argument(
        "--contacts", type=int, default=1_000_000, help="contacts a run; slow peers do a part"
    )
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument(
        "--only", nargs="+", choices=names, default=names, metavar="PEER", help=", ".join(names)
    )
    parser.add_argument("--write", action="store_true", help="put the tables into benchmarks/README.md")
    return parser.parse_args()


def main() -> int:
    """Run everything; 1 if a peer strays from theory or a generator from its published answers."""
    wanted = _arguments()
    entries = [entry for entry in harness.PEERS if entry.name in wanted.only]
    rows = harness.compare(
        entries, wanted.contacts, wanted.rounds, lambda text: print(text, file=sys.stderr, flush=True)
    )
    costs = draws.measure()
    grown = growth.table()
    required = erlang.table(erlang.measure(wanted.rounds))
    computed = formula.table(formula.measure())
    calibrated = calibration.table(calibration.measure())
    planned = plan.table(plan.measure())
    costed = finance.table(finance.measure())
    note = f"{_machine()}; medians of {wanted.rounds} interleaved rounds, CPU time."
    peers = f"{harness.table(rows)}\n\n{note}"
    print(peers, draws.table(costs), grown, required, computed, planned, costed, calibrated, sep="\n\n")
    if wanted.write:
        _write("peers", peers)
        _write("draws", draws.table(costs))
        _write("growth", grown)
        _write("erlang", required)
        _write("formula", computed)
        _write("plan", planned)
        _write("finance", costed)
        _write("calibration", calibrated)
    faults = harness.wrong(rows) + [cost.name for cost in costs if not cost.answers]
    for fault in faults:
        print(f"WRONG: {fault} does not give the figures that it should", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
