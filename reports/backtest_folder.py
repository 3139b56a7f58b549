"""The folder of a back-test: the page, its tables, its charts as pictures, all of it at once or nothing."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from reports import tables_out
from reports.backtest_shown import BacktestShown
from reports.backtest_tables import LABELS, profiles_table, scores_table, series_table
from reports.calibration_folder import source_data, write_pictures
from reports.run_folder import REPORT, FolderError, check_folder, replacing, write_manifest
from sim.version import __version__


def write_backtest(
    out: Path,
    shown: BacktestShown,
    *,
    with_png: bool = False,
    wall_time_s: float | None = None,
    beside: Mapping[str, bytes] | None = None,
) -> Path:
    """Write all files of a back-test, or none; returns the folder. Raises `FolderError`.

    `report.html`, `scores.csv`, `series.csv` and, if there are any, `profiles.csv`; `beside` are files by
    name that go with them, such as the scenario. With `with_png` each chart is `charts/NAME.svg` and
    `charts/NAME.png`. Everything but the manifest is the same bytes for the same input.
    """
    from reports.backtest_page import backtest_page

    folder = check_folder(out)
    try:
        with replacing(folder) as fresh:
            (fresh / REPORT).write_bytes(backtest_page(shown).encode())
            tables = {"scores": scores_table(shown), "series": series_table(shown)}
            if any(mode.profiles for mode in shown.modes):
                tables["profiles"] = profiles_table(shown)
            for name, table in tables.items():
                tables_out.write_csv(table, fresh / f"{name}.csv", LABELS)
            for name, content in (beside or {}).items():
                (fresh / name).write_bytes(content)
            if with_png:
                write_pictures(fresh, _pictures(shown))
            write_manifest(fresh, _manifest(shown), wall_time_s)
    except OSError as error:
        raise FolderError(f"{out} cannot be written: {error.strerror or error}") from error
    return folder


def _pictures(shown: BacktestShown) -> Iterator[tuple[str, str]]:
    """Each chart of the page as an SVG document, with the stem of its file: `orders-asa-by-day`."""
    from reports.backtest_charts import day_panels, time_panels
    from reports.png import free_name, page_styles, safe_name, standing

    styles, taken = page_styles(), set[str]()
    for n, mode in enumerate(shown.modes):
        way = f"{safe_name(mode.name)}-" if n else ""
        for by, panels in (("day", day_panels(mode, f"m{n}d")), ("time", time_panels(mode, f"m{n}t"))):
            for panel in panels:
                for picture in panel.pictures:
                    stem = free_name(f"{way}{safe_name(panel.stream)}-{picture.what}-by-{by}", taken)
                    about = f"{picture.over}, {mode.name}. {shown.title}"
                    yield stem, standing(f"{panel.stream}: {picture.title}", about, picture, styles)


def _manifest(shown: BacktestShown) -> dict[str, Any]:
    return {
        "version": __version__,
        "title": shown.title,
        "source": source_data(shown.source),
        "train": shown.train,
        "test": shown.test,
        "verdict": list(shown.verdict),
        "coverage": {
            mode.name: round(mode.coverage, 4) for mode in shown.modes if mode.coverage == mode.coverage
        },
    }
