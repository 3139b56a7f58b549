"""The folder of a staffing: tables, a block to paste, the scenario with it, the page; all or nothing."""

import json
import math
from pathlib import Path
from typing import Any, Final

from reports import tables_out
from reports.run_folder import SCENARIO, FolderError, Source, check_folder, replacing, write_manifest
from reports.staffing_against import LABELS as STEP_LABELS
from reports.staffing_against import gap_table, steps_table
from reports.staffing_card import headline, notes
from reports.staffing_tables import LABELS, requirement_table, staffing_table
from scenarios import resolved
from scenarios.resolved import plain_data
from scenarios.targets import goal_text
from scenarios.yaml_out import yaml_text
from sim.staffing.answer import Staffing, planned_scenario, total_cost
from sim.staffing.solve import Checked, Part
from sim.version import __version__

PAGE: Final = "report.html"
BLOCK: Final = "staffing.yaml"


def write_staffing(
    out: Path, staffing: Staffing, *, source: Source | None = None, wall_time_s: float | None = None
) -> Path:
    """Write all files of a staffing, or none; returns the folder. Raises `FolderError`."""
    from reports.staffing_page import staffing_page

    folder = check_folder(out)
    try:
        with replacing(folder) as fresh:
            (fresh / PAGE).write_bytes(staffing_page(staffing).encode())
            tables_out.write_csv(staffing_table(staffing), fresh / "staffing.csv", LABELS)
            tables_out.write_csv(requirement_table(staffing), fresh / "requirement.csv", LABELS)
            if staffing.against is not None:
                tables_out.write_csv(gap_table(staffing), fresh / "against.csv", LABELS)
                tables_out.write_csv(steps_table(staffing), fresh / "steps.csv", STEP_LABELS)
            (fresh / BLOCK).write_bytes(block_text(staffing).encode())
            (fresh / SCENARIO).write_bytes(resolved(planned_scenario(staffing)).encode())
            write_manifest(fresh, _manifest(staffing, source), wall_time_s)
    except OSError as error:
        raise FolderError(f"{out} cannot be written: {error.strerror or error}") from error
    return folder


def block_text(staffing: Staffing) -> str:
    """The groups with the plan, whole: to paste in place of a file's `groups:`, or to lay over the file."""
    return yaml_text({"groups": plain_data(planned_scenario(staffing))["groups"]})


def staffing_json(staffing: Staffing) -> str:
    """The staffing as one JSON object; NaN is null."""
    against = staffing.against is not None
    whole = {
        **_manifest(staffing, None),
        "answer": headline(staffing),
        "staffing": tables_out.rows_of(staffing_table(staffing)),
        "requirement": tables_out.rows_of(requirement_table(staffing)),
        "against": tables_out.rows_of(gap_table(staffing)) if against else None,
        "steps": tables_out.rows_of(steps_table(staffing)) if against else None,
    }
    return json.dumps(whole, allow_nan=False)


def _manifest(staffing: Staffing, source: Source | None) -> dict[str, Any]:
    asked, solved = staffing.asked, staffing.solved
    found: dict[str, Any] = {
        "version": __version__,
        "scenario": staffing.scenario.name,
        "source": source._asdict() if source else None,
        "method": asked.method,
        "max_occupancy": asked.most_busy,
        "minimum": asked.minimum,
        "costs": {name: round(total_cost(staffing, plan.heads), 2) for name, plan in staffing.plans.items()},
        "currency": staffing.currency or "h",
        "notes": list(notes(staffing)),
        "samples": [],
    }
    if solved is not None:
        found["samples"] = [_sample(part) for part in solved.parts]
        found["fresh"] = {
            "seed": solved.fresh.seed,
            "replications": solved.fresh.size,
            "targets": _targets(solved.on_fresh),
        }
    return found


def _sample(part: Part) -> dict[str, Any]:
    return {
        "groups": list(part.groups),
        "seed": part.sample.seed,
        "replications": part.sample.size,
        "targets": _targets(part.on_sample),
        "cells_tested": part.tested,
        "cells_held_by_minimum": part.at_minimum,
        "attempts": part.attempts,
    }


def _targets(checked: tuple[Checked, ...]) -> list[dict[str, Any]]:
    return [
        {
            "target": goal_text(c.goal),
            "wanted": c.goal.probability,
            "attained": _number(c.share),
            "se": _number(c.se),
        }
        for c in checked
    ]


def _number(value: float) -> float | None:
    """NaN, of a target that nothing can be said of, is null."""
    return None if math.isnan(value) else value
