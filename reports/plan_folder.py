"""The folder of a plan: all of it at once or nothing, as with a run's."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from reports import tables_out
from reports.plan_tables import (
    LABELS,
    Row,
    baseline_rows,
    lever_rows,
    plan_json,
    replications_frame,
    target_rows,
    trend_rows,
)
from reports.run_folder import (
    REPLICATIONS,
    SCENARIO,
    FolderError,
    Source,
    check_folder,
    replacing,
    write_manifest,
)
from scenarios import resolved
from sim.roadmap.plan import PlanResult

if TYPE_CHECKING:
    import pandas as pd

PLAN: Final = "plan.json"


def write_plan(
    out: Path, found: PlanResult, *, source: Source | None = None, wall_time_s: float | None = None
) -> Path:
    """Write all files of a plan, or none; returns the folder. Raises `FolderError`.

    Everything but the manifest is the same bytes for the same scenario, seed and version.
    """
    folder = check_folder(out)
    try:
        with replacing(folder) as fresh:
            (fresh / PLAN).write_bytes(f"{plan_json(found)}\n".encode())
            for name, frame in tables(found).items():
                tables_out.write_csv(frame, fresh / f"{name}.csv", LABELS)
            tables_out.write_parquet(replications_frame(found), fresh / REPLICATIONS)
            (fresh / SCENARIO).write_bytes(resolved(found.scenario).encode())
            write_manifest(fresh, _manifest(found, source), wall_time_s)
    except OSError as error:
        raise FolderError(f"{out} cannot be written: {error.strerror or error}") from error
    return folder


def tables(found: PlanResult) -> "dict[str, pd.DataFrame]":
    """The tables of a plan by name; that of levers only where they were asked for."""
    import pandas as pd

    rows: dict[str, list[Row]] = {
        "targets": target_rows(found),
        "baseline": baseline_rows(found),
        "trends": trend_rows(found),
        "levers": lever_rows(found),
    }
    return {name: pd.DataFrame(each, dtype=object) for name, each in rows.items() if each}


def _manifest(found: PlanResult, source: Source | None) -> dict[str, Any]:
    return {
        "version": found.version,
        "scenario": found.scenario.name,
        "source": source._asdict() if source else None,
        "seed": found.seed,
        "replications": found.replications,
        "engine": found.engine,
        **tables_out.uncertain(found.scenario),
    }
