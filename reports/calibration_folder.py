"""The folder of a calibration's report: the page, its plots as pictures, all of it at once or nothing."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from reports.calibration_shown import CalibrationShown, SourceShown
from reports.run_folder import REPORT, FolderError, check_folder, replacing, write_manifest
from sim.version import __version__


def write_calibration(
    out: Path,
    shown: CalibrationShown,
    *,
    with_png: bool = False,
    wall_time_s: float | None = None,
    beside: Mapping[str, bytes] | None = None,
) -> Path:
    """Write all files of a report, or none; returns the folder. Raises `FolderError`.

    `beside` are files by name that go with it, such as the rows that were set aside. With `with_png` each
    plot is `charts/NAME.svg` and `charts/NAME.png`. Everything but the manifest is the same bytes for the
    same input.
    """
    from reports.calibration_page import calibration_page

    folder = check_folder(out)
    try:
        with replacing(folder) as fresh:
            (fresh / REPORT).write_bytes(calibration_page(shown).encode())
            for name, content in (beside or {}).items():
                (fresh / name).write_bytes(content)
            if with_png:
                write_pictures(fresh, _pictures(shown))
            write_manifest(fresh, _manifest(shown), wall_time_s)
    except OSError as error:
        raise FolderError(f"{out} cannot be written: {error.strerror or error}") from error
    return folder


def write_pictures(folder: Path, drawings: Iterator[tuple[str, str]]) -> None:
    """Write SVG documents, given with the stems of their files, as SVG and as PNG to the folder's charts."""
    from reports.png import FOLDER, png_of

    charts = folder / FOLDER
    charts.mkdir()
    for stem, drawing in drawings:
        (charts / f"{stem}.svg").write_bytes(drawing.encode())
        (charts / f"{stem}.png").write_bytes(png_of(drawing))


def _pictures(shown: CalibrationShown) -> Iterator[tuple[str, str]]:
    """Each plot as an SVG document, with the stem of its file: `handle-time-of-orders-handle-time`."""
    from reports.plot_drawing import picture
    from reports.png import free_name, page_styles, safe_name, standing

    styles, taken = page_styles(), set[str]()
    for fit in (fit for section in shown.sections for fit in section.fits):
        for plot in fit.plots:
            stem = free_name(f"{safe_name(fit.heading)}-{safe_name(plot.title)}", taken)
            about = f"{fit.family}. {shown.title}"
            yield stem, standing(f"{fit.heading}: {plot.title}", about, picture(plot, stem), styles)


def _manifest(shown: CalibrationShown) -> dict[str, Any]:
    return {
        "version": __version__,
        "title": shown.title,
        "scenario": shown.scenario_file,
        "source": source_data(shown.source),
        "warnings": list(shown.warnings),
    }


def source_data(source: SourceShown) -> dict[str, Any]:
    """What was read, as JSON has it."""
    return {
        "files": list(source.files),
        "format": source.format,
        "period": source.period,
        "rows_read": source.read,
        "rows_set_aside": source.set_aside,
    }
