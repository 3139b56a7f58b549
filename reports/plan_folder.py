"""The folder of a plan: all of it at once or nothing, as with a run's."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

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
from reports.printing import PrintError, print_pdf
from reports.run_folder import (
    REPLICATIONS,
    REPORT,
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

    from reports.plan_against import Earlier
    from sim.roadmap.hopes import Hoped

PLAN: Final = "plan.json"
LETTER: Final = "letter.md"
REGISTER: Final = "register"
PNG: Final = "report.png"
PDF: Final = "report.pdf"


class Beside(NamedTuple):
    """What else goes into the folder: the plan at the ends of its hopes, what it was before, pictures."""

    hopes: "tuple[Hoped, ...]" = ()
    earlier: "Earlier | None" = None
    with_png: bool = False
    with_pdf: bool = False


NOTHING_BESIDE: Final = Beside()


def write_plan(
    out: Path,
    found: PlanResult,
    beside: Beside = NOTHING_BESIDE,
    *,
    source: Source | None = None,
    wall_time_s: float | None = None,
) -> Path:
    """Write all files of a plan, or none; returns the folder. Raises `FolderError`.

    Everything but the manifest is the same bytes for the same scenario, seed and version, and for the same
    earlier version if one is named; a PDF with the same browser too.
    """
    folder = check_folder(out)
    try:
        with replacing(folder) as fresh:
            _write_words(fresh, found, beside)
            (fresh / PLAN).write_bytes(f"{plan_json(found)}\n".encode())
            for name, frame in tables(found).items():
                tables_out.write_csv(frame, fresh / f"{name}.csv", LABELS)
            tables_out.write_parquet(replications_frame(found), fresh / REPLICATIONS)
            (fresh / SCENARIO).write_bytes(resolved(found.scenario).encode())
            write_manifest(fresh, _manifest(found, source), wall_time_s)
    except OSError as error:
        raise FolderError(f"{out} cannot be written: {error.strerror or error}") from error
    except PrintError as error:
        raise FolderError(f"{out} is not written: --pdf: {error}") from None
    return folder


def _write_words(folder: Path, found: PlanResult, beside: Beside) -> None:
    """What people read: the page, the register, the letter; pictures of the page where they are wanted."""
    from reports.plan_brief import brief_of
    from reports.plan_letter import letter
    from reports.plan_page import plan_page
    from reports.plan_register import LABELS as REGISTER_LABELS
    from reports.plan_register import register_frame

    brief = brief_of(found, beside.hopes, beside.earlier)
    (folder / REPORT).write_bytes(plan_page(brief).encode())
    (folder / LETTER).write_bytes(letter(brief).encode())
    tables_out.write_csv(register_frame(brief), folder / f"{REGISTER}.csv", REGISTER_LABELS)
    if beside.with_png:
        from reports.plan_sheet import plan_png

        (folder / PNG).write_bytes(plan_png(brief))
    if beside.with_pdf:
        print_pdf(folder / REPORT, folder / PDF)


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
