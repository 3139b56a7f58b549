"""The folder of a comparison: all of it at once or nothing, as with a run's."""

import json
import re
from pathlib import Path
from typing import Any, Final

from reports import tables_out
from reports.comparison import LABELS, Comparison
from reports.run_folder import FolderError, check_folder, replacing, write_manifest
from scenarios import resolved

COMPARE_PAGE: Final = "compare.html"
DIFFERENCES: Final = "differences"
_UNSAFE = re.compile(r"[^A-Za-z0-9_-]+")
_DEVICE = re.compile(r"con|prn|aux|nul|(com|lpt)[0-9]", re.IGNORECASE)  # no name of a file on Windows
_LONGEST: Final = 60  # characters of a file's name


def write_comparison(
    out: Path, found: Comparison, *, wall_time_s: float | None = None, with_csv: bool = False
) -> Path:
    """Write all files of a comparison, or none; returns the folder. Raises `FolderError`."""
    from reports.comparison_page import comparison_page

    folder = check_folder(out)
    try:
        with replacing(folder) as fresh:
            (fresh / COMPARE_PAGE).write_bytes(comparison_page(found).encode())
            tables_out.write_parquet(found.differences, fresh / f"{DIFFERENCES}.parquet")
            if with_csv:
                tables_out.write_csv(found.differences, fresh / f"{DIFFERENCES}.csv", LABELS)
            names = file_names([each.label for each in found.versions])
            for name, each in zip(names, found.versions, strict=True):
                (fresh / f"{name}.yaml").write_bytes(resolved(each.scenario).encode())
            write_manifest(fresh, {"compared": _versions(found)}, wall_time_s)
    except OSError as error:
        raise FolderError(f"{out} cannot be written: {error.strerror or error}") from error
    return folder


def file_names(labels: list[str]) -> list[str]:
    """Names of files for labels: letters, digits, - and _ alone, no two that differ by case only."""
    found: list[str] = []
    for label in labels:
        plain = _UNSAFE.sub("-", label).strip("-")[:_LONGEST] or "version"
        plain = f"{plain}-version" if _DEVICE.fullmatch(plain) else plain
        name, n = plain, 2
        while name.lower() in {each.lower() for each in found}:
            name, n = f"{plain}-{n}", n + 1
        found.append(name)
    return found


def _versions(found: Comparison) -> list[dict[str, Any]]:
    return [
        {
            "label": each.label,
            "scenario": each.scenario.name,
            "seed": each.seed,
            "replications": each.replications,
            "engine": each.engine,
            "version": each.version,
            **tables_out.uncertain(each.scenario),
        }
        for each in found.versions
    ]


def comparison_json(found: Comparison) -> str:
    """The comparison as one JSON object; NaN is null."""
    whole = {
        "versions": _versions(found),
        "verdict": found.verdict,
        "inputs": {label: list(lines) for label, lines in found.inputs.items()},
        "differences": tables_out.rows_of(found.differences),
    }
    return json.dumps(whole, allow_nan=False)
