"""`careloop new`: a folder with a commented scenario to start from, and what an editor needs to help."""

import json
from importlib import resources
from pathlib import Path

_START = ("scenario.yaml", "calls.csv")


def write_start(folder: Path) -> list[Path]:
    """Write the files of a new folder, or none of them; returns their paths. Raises `FolderError`."""
    from reports.run_folder import FolderError, replacing
    from scenarios.schema import FILE_NAME, json_schema

    if folder.is_dir() and any(folder.iterdir()):
        raise FolderError(f"{folder} is not empty; name a new folder")
    if folder.exists() and not folder.is_dir():
        raise FolderError(f"{folder} is a file; name a new folder")
    texts = {name: _text(name) for name in _START}
    texts[FILE_NAME] = json.dumps(json_schema(), indent=1, ensure_ascii=False) + "\n"
    try:
        if folder.is_dir():  # it stays where it is: somebody may be in it
            _fill(folder, texts)
        else:
            with replacing(folder.absolute()) as fresh:
                _fill(fresh, texts)
    except OSError as error:
        raise FolderError(f"{folder} cannot be written: {error.strerror or error}") from None
    return [folder / name for name in texts]


def _fill(folder: Path, texts: dict[str, str]) -> None:
    """Write files into an empty folder; it is empty again if one of them fails."""
    try:
        for name, text in texts.items():
            (folder / name).write_bytes(text.encode())
    except BaseException:
        for name in texts:
            (folder / name).unlink(missing_ok=True)
        raise


def _text(name: str) -> str:
    return resources.files("scenarios").joinpath("start", name).read_text(encoding="utf-8")
